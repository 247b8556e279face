"""The reader: what it says of sentences, what it makes of a ranking, and models of other kinds in its place."""

import json
import math
import shutil
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_bot.errors import ModelError
from qa_bot.reader import NO_READER, SHIPPED, Mark, Reader, Window, load_reader, read_ranking
from qa_bot.reader.model import tidied
from qa_bot.segmentation import outline
from qa_bot.types import Span
from tests import tiny_models

WEIR = Window("weir a. river b.", (Span(0, 7), Span(8, 16)))

# Question, what stands around, the sentence that answers and what its short answer must hold.
GOLDEN = [
    ("When did the ferry start?", "The ferry is white. It started in May 1931. It carries sheep.", 1, "1931"),
    (
        "Who built the mill?",
        "The mill stands by the river. Anna Orsel built it for her sons. It burnt down.",
        1,
        "Anna Orsel",
    ),
    (
        "how many people live in Maravel",
        "Maravel lies in a valley. It has 4,200 inhabitants. They grow rye.",
        1,
        "4,200",
    ),
    (
        "Where is the market held?",
        "The market opens at six. It is held in Weir Street. Fish is sold there.",
        1,
        "Weir Street",
    ),
    (
        "What is the bridge made of?",
        "The bridge was paid for by both towns. It is made of oak. It is narrow.",
        1,
        "oak",
    ),
    (
        "which river feeds the lake",
        "The lake freezes in winter. It is fed by the river Tarn. Swans nest there.",
        1,
        "Tarn",
    ),
    (
        "Who won the election?",
        "Votes were counted at night. The election was won by Ilse Brandt. Few had voted.",
        1,
        "Ilse Brandt",
    ),
    (
        "what colour is the flag?",
        "The flag hangs over the gate. The flag is green and black. Children salute.",
        1,
        "green",
    ),
    (
        "How long is the tunnel?",
        "The tunnel is 12 kilometres long. It was dug by hand. It has two tracks.",
        0,
        "12 kilometres",
    ),
    ("Why was the school closed?", "The school was closed because the roof leaked. It had ninety pupils.", 0, "roof"),
    (
        "When was the treaty signed?",
        "The treaty was signed on 3 June 1902 in Gant. It has nine articles.",
        0,
        "3 June 1902",
    ),
    ("Who owns the quarry?", "Stone is cut all year. The quarry is owned by the Pell family. It is deep.", 1, "Pell"),
]


@pytest.fixture(scope="module")
def reader():
    return Reader()


def window_of(text):
    return Window(text, tuple(s.span for s in outline(text, "x").sentences))


@pytest.mark.parametrize(("question", "text", "right", "short"), GOLDEN, ids=[g[0] for g in GOLDEN])
def test_golden_answers(reader, question, text, right, short):
    (marks,) = reader.read(question, [window_of(text)])
    best = max(range(len(marks)), key=lambda i: marks[i].relevance)
    assert best == right
    assert short in marks[best].short.of(text)


def test_a_question_about_something_else_is_less_relevant(reader):
    window = window_of("The ferry is white. It started in May 1931. It carries sheep.")
    near, far = (reader.read(q, [window])[0] for q in ("When did the ferry start?", "Who invented the telephone?"))
    assert max(m.relevance for m in near) > 0 > max(m.relevance for m in far)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=80).filter(str.strip), max_size=4), st.text(max_size=60))
def test_marks_are_one_a_sentence_finite_and_inside(reader, texts, question):
    windows = [window_of(text) for text in texts]
    windows = [w for w in windows if w.sentences]
    for marks, window in zip(reader.read(question, windows), windows, strict=True):
        assert len(marks) == len(window.sentences)
        for mark, sentence in zip(marks, window.sentences, strict=True):
            assert math.isfinite(mark.relevance)
            assert 0 <= mark.certainty <= 1
            assert mark.short is None or sentence.covers(mark.short)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=200))
def test_who_speaks_is_read_before_the_text_and_never_marked(reader, lead):
    window = window_of("The ferry is white. It started in May 1931. It carries sheep.")
    (marks,) = reader.read("When did the ferry start?", [replace(window, lead=lead)])
    for mark, sentence in zip(marks, window.sentences, strict=True):
        assert mark.short is None or sentence.covers(mark.short)


def test_what_somebody_wants_is_read_where_only_the_lead_names_him(reader):
    window = window_of("The bridge is old. Open the gates at once, all of them! It rained.")
    question = "What did Ada Holm demand?"
    (plain,), (led,) = (reader.read(question, [w]) for w in (window, replace(window, lead="Ada Holm, mayor, said:")))
    assert led[1].relevance > plain[1].relevance


def test_windows_are_judged_alone_whatever_stands_beside_them(reader):
    first = window_of("The ferry is white. It started in May 1931.")
    second = window_of("Rye is sown in autumn. " * 6)
    together = reader.read("When did the ferry start?", [first, second])[0]
    alone = reader.read("When did the ferry start?", [first])[0]
    assert together == alone


def test_no_windows_no_marks(reader):
    assert reader.read("When?", []) == []


def test_a_changed_model_file_is_refused(tmp_path):
    folder = tmp_path / "reader"
    shutil.copytree(SHIPPED, folder)
    card = json.loads((folder / "reader.json").read_text())
    (folder / "reader.json").write_text(json.dumps({**card, "reader.onnx": "0" * 64}))
    with pytest.raises(ModelError, match=r"reader\.onnx"):
        Reader(folder)
    (folder / "reader.json").write_text("{")
    with pytest.raises(ModelError, match=r"reader\.json"):
        Reader(folder)


# ---------------------------------------------------------------- in a ranking


class ByLength:
    """Finds the longest sentence the most relevant one."""

    fingerprint = "by length"

    def read(self, question, windows):
        return [[Mark(float(len(s)), Span(s.start, s.start + 1), 0.9) for s in w.sentences] for w in windows]


def test_reading_orders_anew_and_loses_nothing(bot):
    ranking = bot.rank("When was Shusha taken?")
    read = read_ranking(ByLength(), bot.index, ranking)
    assert sorted(map(run_of, read.sentences)) == sorted(map(run_of, ranking.sentences))
    scores = [s.score for s in read.sentences]
    assert scores == sorted(scores, reverse=True)
    seen = [s for s in read.sentences if s.evidence]
    assert seen
    sentences, text = bot.outline(bot.documents[0].doc_id).sentences, bot.documents[0].text
    for s in seen:
        longest = max((x.span for x in sentences[s.sentence : s.until]), key=len)
        assert s.evidence.relevance == len(longest)
        assert s.evidence.short.of(text) == text[longest.start]
        assert s.score >= s.evidence.late


def run_of(scored):
    return scored.doc_id, scored.sentence, scored.until, scored.evidence.late if scored.evidence else scored.score


def test_reading_is_the_same_twice(bot, reader):
    ranking = bot.rank("How many tanks were lost?")
    assert read_ranking(reader, bot.index, ranking) == read_ranking(reader, bot.index, ranking)


@pytest.mark.parametrize(
    ("words", "tidy"),
    [
        ("in 1931,", "in 1931"),
        ('"both towns must wait', "both towns must wait"),
        ("“Holm” said", "“Holm” said"),
        ("the weir)", "the weir"),
        ("the weir (1931)", "the weir (1931)"),
        ("Port St. L.", "Port St. L."),
        ("...", "."),
    ],
)
def test_a_short_answer_has_no_loose_punctuation(words, tidy):
    assert tidied(Span(0, len(words)), words).of(words) == tidy


@given(st.text(min_size=1))
def test_tidying_leaves_something(words):
    span = tidied(Span(0, len(words)), words)
    assert Span(0, len(words)).covers(span)


def test_a_short_answer_stands_in_its_quotation(bot):
    answer = bot.ask("When was Shusha taken?")
    assert answer.short is not None
    assert answer.citations[0].span.covers(answer.short.span)
    assert (
        bot.document(answer.citations[0].doc_id).text[answer.short.span.start : answer.short.span.end]
        == answer.short.text
    )


# ---------------------------------------------------------------- other models


def test_no_reader():
    assert load_reader(NO_READER) is None


def test_a_model_that_is_not_there():
    with pytest.raises(ModelError, match="no-such/model"):
        load_reader("no-such/model")


def test_a_cross_encoder_judges_sentences(tmp_path):
    marks = load_reader(str(tiny_models.cross_encoder(tmp_path / "cross"))).read("river?", [WEIR])
    assert [len(row) for row in marks] == [2]
    assert len({m.relevance for m in marks[0]}) == 2
    assert all(m.short is None for m in marks[0])


def test_a_question_answering_model_marks_words(tmp_path):
    (marks,) = load_reader(str(tiny_models.question_answering(tmp_path / "qa"))).read("river?", [WEIR])
    for mark, sentence in zip(marks, WEIR.sentences, strict=True):
        assert sentence.covers(mark.short)
        assert 0 <= mark.certainty <= 1


def test_a_model_of_another_kind_is_refused(tmp_path):
    with pytest.raises(ModelError, match="ForSequenceClassification"):
        load_reader(str(tiny_models.masked(tmp_path / "masked")))
