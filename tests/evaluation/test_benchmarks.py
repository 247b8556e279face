"""The parts of benchmarks/ that shape their figures; the commands themselves need the data sets."""

import json
from pathlib import Path

import pytest

from qa_bot.evaluation.collection import Collection
from qa_bot.measures.spans import Place
from qa_bot.types import Question, Span

from .fakes import document

FOLDER = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(autouse=True)
def _benchmarks_are_importable(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))


def test_plain_bm25_ranks_whole_documents():
    import beir

    documents = (
        document("a", "The old bridge burned."),
        document("b", "A mill grinds rye."),
        document("c", "Rye bread."),
    )
    questions = (Question("1", "who burned the bridges", answerable=True), Question("2", "rye mills", answerable=True))
    collection = Collection("towns", Path("towns"), questions, documents, {"1": {"a": 1}, "2": {"b": 2, "c": 1}})
    assert "nDCG@10 1.0000 [0.224, 1.000], R@100 1.0000" in beir.plain_bm25(collection)


def test_wikiqa_candidates_keep_their_places_in_the_page():
    import wikiqa

    shared = {"QuestionID": "Q1", "Question": "where?", "DocumentID": "D1", "DocumentTitle": "Mill"}
    rows = [shared | {"Sentence": "It grinds.", "Label": "0"}, shared | {"Sentence": "It stands here.", "Label": "1"}]
    candidates = wikiqa.candidates_of(rows)
    assert [place.span.of(candidates.document.text) for place in candidates.places] == ["It grinds.", "It stands here."]
    assert candidates.correct == (False, True)
    assert wikiqa.score(candidates, [1, 0]) == {"AP": 1.0, "RR": 1.0, "P@1": 1.0}
    assert wikiqa.score(candidates, [0, 1])["P@1"] == 0.0


def test_mtrag_puts_the_last_question_in_three_ways():
    import mtrag

    said = [{"speaker": "user", "text": "Who milled?"}, {"speaker": "agent", "text": "Anna."}]
    said.append({"speaker": "user", "text": "And when?"})
    contexts = [{"document_id": "p1", "text": " In 1702. "}, {"document_id": "p2", "text": " "}]
    turn = mtrag.turn_of({"task_id": "t", "input": said, "contexts": contexts, "answerability": ["PARTIAL"]})
    assert (turn.question.text, turn.question.history, turn.question.answerable) == (
        "And when?",
        ("Who milled?",),
        True,
    )
    assert [passage.text for passage in turn.passages] == ["In 1702."]
    ways = {way: mtrag.put(turn.question, way) for way in ("last question", "with conversation", "run together")}
    assert [(q.text, q.history) for q in ways.values()] == [
        ("And when?", ()),
        ("And when?", ("Who milled?",)),
        ("Who milled? And when?", ()),
    ]


def test_a_chunk_is_placed_where_it_stands_even_when_a_splitter_changed_white_space():
    import peer_systems

    text = "Rye is milled.\n\nRye  is sold. Rye is milled."
    assert peer_systems.located("d", text, "Rye is milled.", 0).span.start == 0
    assert peer_systems.located("d", text, "Rye is milled.", 14).span.of(text) == "Rye is milled."
    assert peer_systems.located("d", text, "Rye is milled.", 14).span.start == 30
    assert peer_systems.located("d", text, "Rye is sold.", 5).span.of(text) == "Rye  is sold."
    with pytest.raises(ValueError, match="does not stand in 'd'"):
        peer_systems.located("d", text, "Oats.", 0)


def test_only_the_first_characters_shown_are_counted_as_read():
    import peers

    places = [Place("d", Span(0, 300)), Place("e", Span(100, 400)), Place("f", Span(0, 10))]
    assert peers.beginning(places, 500) == [Place("d", Span(0, 300)), Place("e", Span(100, 300))]
    assert peers.beginning(places, 100) == [Place("d", Span(0, 100))]


def test_a_peer_that_is_not_installed_is_named_with_its_pip_command():
    import peer_systems

    packages = ("some-package", "other-package")
    missing = pytest.raises(peer_systems.PeerMissingError, match="pip install some-package other-package")
    with missing, peer_systems.needed("Some", packages):
        raise ModuleNotFoundError("No module named 'some'")


@pytest.mark.parametrize(
    ("readers", "labels"),
    [
        ("corpus/labels/readers.jsonl", "corpus/labels/second-karabakh-war.dev.jsonl"),
        ("corpus/labels/readers.jsonl", "corpus/labels/second-karabakh-war.test.jsonl"),
        ("examples/readers.jsonl", "examples/labels.jsonl"),
    ],
)
def test_labels_are_what_most_readers_say(readers, labels):
    from agreement import majority, read

    readings = read(FOLDER.parent / readers)
    for line in (FOLDER.parent / labels).read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        said = majority(readings[label["doc_id"], label["start"]])
        assert label | said == label


def test_a_majority_is_more_than_half_of_the_readers():
    from agreement import agreement, majority

    one = {"voice": "narrator", "source": None, "party": None, "loaded": [[4, 9]], "claims": []}
    two = {"voice": "attributed", "source": "Wenn", "party": "Orsel", "loaded": [[6, 12]], "claims": [
        {"kind": "motive", "sourced": True}]}  # fmt: skip
    three = two | {"source": "clerk Wenn", "loaded": [], "claims": [{"kind": "motive", "sourced": False}]}
    told = majority([one, two, three])
    assert told == two | {"loaded": [[6, 9]]}
    assert majority([one, two]) == one | {"loaded": [[6, 9]]}
    assert agreement([[one, one, one], [two, two, two]])["claim recall"] == [1.0, 1.0, 1.0]
    assert agreement([[one, one, two], [two, two, two]])["claim precision"] == [1.0, 1.0, 0.5]
