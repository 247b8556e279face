import json

import pytest

from qa_bot.errors import LabelError
from qa_bot.evaluation.labels import read_labels
from qa_bot.evaluation.standpoints import evaluate_perspective, write_perspective
from qa_bot.evaluation.tables import render_perspective
from qa_bot.evaluation.voice_baselines import quotation_marks, textacy_is_installed, textacy_quotations
from qa_bot.types import LoadedTerm, Span, Voice

from .fakes import TEXT, WordBot, document, excerpt

DOCUMENTS = {"river": document()}


def label(quote: str, voice: str = "narrator", **more: object) -> dict:
    span = excerpt(TEXT, quote).span
    place = {"doc_id": "river", "start": span.start, "end": span.end, "quote": quote, "voice": voice}
    return place | {"source": None, "party": None, "loaded": [], "claims": [], "split": "test"} | more


SAID = 'The mayor of Almere said: "The river belongs to nobody."'
LABELS = (
    label("It burned down in 1944.", claims=[{"kind": "casualty_figure", "sourced": False}]),
    label(SAID, "direct_quote", source="The mayor", party="Almere"),
    label("The town of Berghem disputes this.", "attributed", party="Berghem", split="dev"),
)


@pytest.fixture
def labels(write_lines):
    return read_labels(write_lines(*LABELS), DOCUMENTS)


def figures(results, system: str = "qa-bot") -> dict[str, float]:
    return {f.measure: round(f.value, 3) for f in results.figures if f.system == system}


def test_labels_are_read_with_their_split(write_lines, labels):
    assert [one.voice for one in labels] == [Voice.NARRATOR, Voice.DIRECT_QUOTE, Voice.ATTRIBUTED]
    assert labels[0].claims[0].kind == "casualty_figure"
    assert len(read_labels(write_lines(*LABELS), DOCUMENTS, split="dev")) == 1


def test_what_nobody_labelled_is_not_measured(write_lines):
    bare = [{key: value for key, value in one.items() if key not in {"loaded", "claims"}} for one in LABELS]
    unmarked = read_labels(write_lines(*bare), DOCUMENTS)
    assert {(one.loaded, one.claims) for one in unmarked} == {(None, None)}
    measured = {figure.measure for figure in evaluate_perspective(WordBot(), unmarked, seed=1).figures}
    assert "voice macro-F1" in measured
    assert not any(measure.startswith(("loaded", "claim")) for measure in measured)


def test_one_label_without_a_key_has_none_where_others_have_it(write_lines):
    bare = {key: value for key, value in LABELS[2].items() if key not in {"loaded", "claims"}}
    labels = read_labels(write_lines(*LABELS[:2], bare), DOCUMENTS)
    assert (labels[2].loaded, labels[2].claims) == ((), ())


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("{", "is not JSON"),
        (LABELS[0] | {"doc_id": "sea"}, "unknown doc_id 'sea'"),
        (LABELS[0] | {"end": 9999}, "is outside 0:"),
        (LABELS[0] | {"quote": "It rained."}, "quote differs from the text"),
        (LABELS[0] | {"voice": "loud"}, "expected narrator, direct_quote, attributed"),
        (LABELS[0] | {"loaded": [[0, 3]]}, "span 0:3 is outside"),
        (LABELS[0] | {"loaded": ["burned"]}, "expected pairs of start and end"),
        (LABELS[0] | {"claims": ["atrocity"]}, "expected objects with kind and sourced"),
        (LABELS[0] | {"party": 3}, "key 'party' has value 3; expected a string"),
        (LABELS[1], "is labelled already on line 1"),
    ],
)
def test_a_label_that_cannot_be_used_is_named_with_file_and_line(write_lines, bad, says):
    path = write_lines(LABELS[1], bad)
    with pytest.raises(LabelError) as raised:
        read_labels(path, DOCUMENTS)
    assert str(raised.value).startswith(f"{path}:2: ")
    assert says in str(raised.value)
    assert str(raised.value).count(str(path)) == 1


def test_a_file_or_split_without_labels_is_an_error(write_lines):
    with pytest.raises(LabelError, match=r"holds no label$"):
        read_labels(write_lines(), DOCUMENTS)
    with pytest.raises(LabelError, match="holds no label of split 'train'"):
        read_labels(write_lines(*LABELS), DOCUMENTS, split="train")


def test_voice_party_and_claims_are_scored_against_the_labels(labels):
    results = evaluate_perspective(WordBot(), labels, seed=1)
    scores = figures(results)
    assert scores["voice accuracy"] == 0.667
    assert scores["voice macro-F1"] == round((2 / 3 + 1 + 0) / 3, 3)
    assert scores["party accuracy"] == 0.5  # of the two second-hand sentences
    assert scores["claim cue recall"] == 0.0
    assert "claim cue precision" not in scores  # nothing was predicted
    assert scores["orphan rate"] == 0.0
    assert results.confusion["attributed", "narrator"] == 1
    assert [(m.quote, m.expected, m.predicted) for m in results.mistakes] == [
        ("The town of Berghem disputes this.", "attributed (Berghem)", "narrator (None)")
    ]


def test_results_are_written_as_json(labels, tmp_path):
    write_perspective(evaluate_perspective(WordBot(), labels, seed=1), tmp_path / "out" / "perspective.json")
    written = json.loads((tmp_path / "out" / "perspective.json").read_text())
    assert ["attributed", "narrator", 1] in written["confusion"]
    assert written["mistakes"][0]["expected"] == "attributed (Berghem)"
    assert {"measure", "value", "low", "high", "n", "system"} <= set(written["figures"][0])


def test_simpler_ways_are_measured_beside_it(labels):
    results = evaluate_perspective(WordBot(), labels, seed=1)
    assert figures(results, "always narrator")["voice accuracy"] == 0.333
    assert figures(results, "quotation marks")["voice accuracy"] == 0.667
    text = render_perspective(results)
    assert "always narrator" in text
    assert ("textacy is left out" in text) == (not textacy_is_installed())


def test_loaded_words_are_scored_word_by_word(write_lines):
    start = excerpt(TEXT, "burned down").span.start
    words = label("It burned down in 1944.", loaded=[[start, start + 11]])

    class Marking(WordBot):
        def perspective(self, doc_id, span):
            from dataclasses import replace

            term = LoadedTerm(Span(start, start + 6), "burned", "burn", "demonising", "a reason", Voice.NARRATOR)
            return replace(super().perspective(doc_id, span), loaded=(term,))

    scores = figures(evaluate_perspective(Marking(), read_labels(write_lines(words), DOCUMENTS), seed=1))
    assert (scores["loaded token precision"], scores["loaded token recall"]) == (1.0, 0.5)
    assert scores["loaded token F1"] == 0.667


def test_an_unclosed_quotation_mark_ends_with_its_paragraph(write_lines):
    text = 'He said: "It is ours. It was always ours.\n\nIt rained. “Never,” she said.'
    documents = {"d": document("d", text)}

    def at(quote):
        span = excerpt(text, quote).span
        return {"doc_id": "d", "start": span.start, "end": span.end, "voice": "narrator"}

    labels = read_labels(write_lines(at("It was always ours."), at("It rained."), at("“Never,” she said.")), documents)
    assert quotation_marks(labels, documents) == [Voice.DIRECT_QUOTE, Voice.NARRATOR, Voice.NARRATOR]


@pytest.mark.skipif(not textacy_is_installed(), reason="textacy and its model are not installed")
def test_textacy_finds_a_quotation_with_speaker_and_cue(labels):
    assert textacy_quotations(labels, DOCUMENTS)[1] in set(Voice)
