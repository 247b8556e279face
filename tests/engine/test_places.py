import sys
from pathlib import Path

import pytest

from qa_bot import QaBot
from qa_bot.engine import search_index
from qa_bot.errors import EngineError

CORPUS_QUESTIONS = Path(__file__).parents[2] / "corpus/questions/second-karabakh-war.jsonl"


@pytest.mark.parametrize(
    "place",
    [
        "milvus://host/x",
        "lance://host/x",
        "faiss://host/x",
        "lance+s3:///prefix",
        "lance+s3://ab/x",
        "http://x.example/i",
    ],
)
def test_a_place_that_no_engine_keeps_is_named_with_the_forms_that_are_kept(place):
    with pytest.raises(EngineError, match=r"is no place for an index; name a folder, faiss:///FOLDER, lance:///"):
        search_index(place)


def test_an_unknown_option_of_a_store_is_named():
    with pytest.raises(EngineError, match="unknown option 'key'; it may have endpoint and region"):
        search_index("lance+s3://bucket/prefix?endpoint=http://127.0.0.1:1&key=1")


def test_without_lancedb_the_command_that_installs_it_is_told(monkeypatch):
    monkeypatch.delitem(sys.modules, "qa_bot.engine.tables", raising=False)
    monkeypatch.setitem(sys.modules, "lancedb", None)
    monkeypatch.setitem(sys.modules, "qa_bot.engine.tables", None)
    with pytest.raises(EngineError, match=r"needs LanceDB, which is missing; run: pip install 'qa-bot\[scale\]'"):
        search_index("lance:///somewhere")


def test_a_bot_answers_the_same_from_published_tables(bot, index_folder, tmp_path):
    """Every development question of the first corpus: same status, same quotations in the same order."""
    from qa_bot.evaluation import read_collection

    place = f"lance://{tmp_path}/tables"
    search_index(place).publish(bot.index)
    remote = QaBot.load(place)
    assert remote.index_version == bot.index_version
    questions = read_collection(CORPUS_QUESTIONS, {d.doc_id: d for d in bot.documents}).tagged(["dev"]).questions
    same = 0
    for question in questions:
        ours, theirs = bot.ask(question.text), remote.ask(question.text)
        assert ours.status == theirs.status
        same += [(c.doc_id, c.span) for c in ours.citations] == [(c.doc_id, c.span) for c in theirs.citations]
    assert len(questions) > 100
    assert same >= 0.99 * len(questions)
