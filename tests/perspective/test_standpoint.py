"""The perspective of spans, its notes, and that no quotation is shown without its speaker."""

import random
import time
from dataclasses import replace
from pathlib import Path

import pytest

from qa_bot.corpus import read_corpus
from qa_bot.corpus.cards import read_card
from qa_bot.errors import SpanError
from qa_bot.perspective import TEMPLATES, Reading, analyse, attribution_line, perspective_of
from qa_bot.perspective.draft import draft_card
from qa_bot.perspective.loaded.lexicon import loaded_in
from qa_bot.perspective.notes import note_of, perspective_note, question_echo
from qa_bot.segmentation import outline
from qa_bot.types import (
    CardField,
    Document,
    Excerpt,
    Parties,
    Party,
    Perspective,
    PerspectiveCard,
    Resolution,
    Span,
    Voice,
)

from ..orphans import is_orphan

ROOT = Path(__file__).parents[2]
HOLDER = "an account written from Ostmark's official point of view"
CARD = PerspectiveCard("T", "en", {"perspective.holder": CardField(HOLDER), "perspective.party": CardField("Ostmark")})
PARTIES = Parties(parties=(Party("Ostmark"), Party("Westland", ("Westlander",))))


def _perspectives(text: str, card: PerspectiveCard | None = CARD, **options) -> list[Perspective]:
    document, parts = Document("d", "Winter War", text, "0", card), outline(text, "d")
    reading = analyse(document, parts, PARTIES)
    return [perspective_of(document, reading, sentence.span, **options) for sentence in parts.sentences]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("The bridge was built of oak.", f"Narrator's own words, in {HOLDER}; no source is given."),
        ("Anna Loring said: “We will rebuild.”", f"Anna Loring, quoted directly, in {HOLDER}."),
        (
            "The Westlander side admits ten dead, in reality the figure is much higher.",
            f"The Westlander side, as reported in {HOLDER}; the narrator disputes it in the same sentence.",
        ),
        (
            "He said that the bridge was down.",
            f'Reported from a source that is not resolved (the text says "He"), in {HOLDER}.',
        ),
        ("It is said that the bridge was down.", f"Reported from a source that the text does not name, in {HOLDER}."),
    ],
)
def test_the_note_names_both_layers(text, note):
    assert _perspectives(text)[-1].note == note


def _view(**fields) -> Perspective:
    return Perspective(holder=HOLDER, party="Ostmark", voice=Voice.ATTRIBUTED, note="", **fields)


@pytest.mark.parametrize(
    ("speaker", "role", "party", "shown"),
    [
        ("Ministry of Trade of Ostmark", "ministry", "Ostmark", "The Ministry of Trade of Ostmark, as reported"),
        ("Anna Loring", "mayor of Ostburg", None, "Anna Loring, mayor of Ostburg, as reported"),
        ("its envoy", None, "Westland", "Its envoy (of Westland), as reported"),
        ("General Ivo Kern", None, "Westland", "General Ivo Kern, as reported"),
    ],
)
def test_a_speaker_is_shown_as_he_reads_in_a_sentence(speaker, role, party, shown):
    view = _view(speaker=speaker, speaker_role=role, speaker_party=party, resolution=Resolution.NAMED)
    assert note_of(view, None) == f"{shown} in {HOLDER}."


def test_an_account_of_no_declared_side_is_by_its_author():
    card = PerspectiveCard("T", "en", {"perspective.holder": CardField("the agency Northwire")})
    assert "in an account by the agency Northwire;" in _perspectives("The bridge was built of oak.", card)[0].note


def test_a_quotation_inside_a_quotation_is_said_to_be_one():
    text = "Anna Loring said: “My father told us: ‘The bridge will stand longer than the town.’ He was right.”"
    document, parts = Document("d", "T", text, "0", CARD), outline(text, "d")
    start = text.index("The bridge")
    inner = perspective_of(document, analyse(document, parts, PARTIES), Span(start, start + 20))
    assert inner.note.endswith("It is a quotation inside another quotation; who first said it is not resolved.")


def test_a_document_without_a_card_says_so_on_every_sentence():
    text = "The troops crossed the river. Anna Loring said that the bridge was down. “We will rebuild,” said Tom Hale."
    for perspective in _perspectives(text, None):
        assert perspective.holder == "perspective not declared"
        assert "not declared" in perspective.note


def test_a_card_that_does_not_know_the_standpoint_declares_none(tmp_path):
    text = "The troops crossed the river. Anna Loring said that the bridge was down."
    drafted = tmp_path / "d.toml"
    drafted.write_text(draft_card(Document("d", "Winter War", text, "0", None)))
    card = read_card(drafted, text)
    document = Document("d", "Winter War", text, "0", card)
    assert (document.party, document.holder) == (None, None)
    assert _perspectives(text, card) == _perspectives(text, None)


def test_a_claim_without_a_source_is_called_one_sides_claim():
    perspective = _perspectives("The enemy lost 366 tanks and 2,000 men.", alone=True)[0]
    assert "One side's claim" in perspective.note
    assert "no document from another side in this corpus" in perspective.note


def test_the_attribution_is_verbatim_and_the_speaker_resolved():
    text = "Mayor Ruth Ferris rose. She said: “We will rebuild. We always have.”"
    last = _perspectives(text)[-1]
    assert (last.voice, last.speaker, last.resolution) == (Voice.DIRECT_QUOTE, "Mayor Ruth Ferris", Resolution.PRONOUN)
    assert [excerpt.text for excerpt in last.attribution] == ["Mayor Ruth Ferris", "She said"]
    assert all(excerpt.span.of(text) == excerpt.text for excerpt in last.attribution)


def test_a_span_beyond_the_document_is_an_error_that_names_it():
    document = Document("d", "T", "Short text.", "0")
    reading = analyse(document, outline(document.text, "d"), Parties())
    with pytest.raises(SpanError, match="span 5:99 reaches beyond document 'd' \\(11 characters\\)"):
        perspective_of(document, reading, Span(5, 99))


def test_any_span_has_a_note():
    text = "Anna Loring said: “We will rebuild. We always have.” The troops crossed the river."
    document, parts = Document("d", "T", text, "0", CARD), outline(text, "d")
    reading = analyse(document, parts, Parties())
    for start in range(0, len(text) - 1, 3):
        assert perspective_of(document, reading, Span(start, start + 1)).note
        assert perspective_of(document, reading, Span(start, len(text))).note


def test_a_passage_of_many_voices_is_nobodys_alone():
    text = (
        "The river had been rising for three days and three nights. Anna Loring said that the bridge would hold. "
        "“We will rebuild every house,” said Tom Hale. The mayor of Westland denied that the sluice had been opened. "
        "The troops crossed the river at dawn, and the town slept on."
    )
    document = Document("d", "T", text, "0", CARD)
    whole = perspective_of(document, analyse(document, outline(text, "d"), PARTIES), Span(0, len(text)))
    assert (whole.voice, whole.speaker) == (Voice.NARRATOR, None)
    assert whole.note == (
        f"Several voices speak in this passage, in {HOLDER}; the narrator's own words are the largest part."
    )
    assert {"Anna Loring said that", "said Tom Hale"} <= {excerpt.text for excerpt in whole.attribution}


def test_templates_hold_no_loaded_word():
    assert {name: hits for name, text in TEMPLATES.items() if (hits := loaded_in(text))} == {}


def test_a_question_is_echoed_in_quotation_marks():
    question = "When were the terrorists driven out?"
    assert question_echo(question) == 'The question\'s own wording, not adopted here: "terrorists".'
    assert question_echo("When was the bridge built?") == ""


def test_orphans_are_told_from_attributed_quotations():
    quote = "We will rebuild every house."
    perspective = _perspectives(f"Anna Loring said: “We will wait. {quote}”")[-1]
    assert is_orphan(quote, perspective)
    assert not is_orphan(f"“Anna Loring said” … “{quote}”", perspective)
    assert not is_orphan(f"{perspective.note} {quote}", perspective)
    unclean = replace(perspective, speaker="Anna\x1b Loring", attribution=(Excerpt(Span(0, 5), "A\x1b said"),))
    assert not is_orphan(f"“A\ufffd said” … “{quote}”", unclean)
    assert not is_orphan(f"{quote}, Anna\ufffd Loring", unclean)
    assert is_orphan(quote, unclean)


CORPORA = [ROOT / "corpus", ROOT / "examples" / "corpus"]


@pytest.mark.parametrize("folder", CORPORA, ids=lambda folder: folder.parent.name)
def test_no_second_hand_sentence_of_the_corpora_is_an_orphan_and_all_name_both_layers(folder):
    corpus = read_corpus(folder)
    for document in corpus.documents:
        parts = outline(document.text, document.doc_id)
        reading = analyse(document, parts, corpus.parties)
        for sentence in parts.sentences:
            perspective = perspective_of(document, reading, sentence.span)
            if perspective.voice is Voice.NARRATOR:
                continue
            line = attribution_line(perspective, document.title)
            quote = sentence.span.of(document.text)
            assert not is_orphan(f"{line}\n{quote}", perspective)
            assert not is_orphan(f"{quote}\n{perspective.note}", perspective)
            assert perspective.holder in perspective.note
            assert perspective.holder in line
            named = perspective.speaker is not None or perspective.attribution
            assert named or "not resolved" in perspective.note


def test_a_reading_survives_json():
    corpus = read_corpus(ROOT / "corpus")
    document = corpus.documents[0]
    reading = analyse(document, outline(document.text, document.doc_id), corpus.parties)
    assert Reading.from_json(reading.to_json()) == reading


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"voices": 3}', '{"voices": [{}], "loaded": [], "claims": []}'])
def test_what_is_no_reading_is_a_value_error(text):
    with pytest.raises(ValueError, match="Reading"):
        Reading.from_json(text)


def test_the_whole_document_is_read_in_a_second_and_a_span_in_a_millisecond():
    corpus = read_corpus(ROOT / "corpus")
    document = corpus.documents[0]
    parts = outline(document.text, document.doc_id)
    analyse(document, parts, corpus.parties)  # the inventory and the lexicon are read once
    start = time.process_time()
    reading = analyse(document, parts, corpus.parties)
    assert time.process_time() - start < 10  # a guard against a change of order, not a benchmark
    chance = random.Random(1)
    begins = [chance.randrange(len(document.text) - 500) for _ in range(300)]
    start = time.process_time()
    for begin in begins:
        perspective_of(document, reading, Span(begin, begin + 300))
    assert (time.process_time() - start) / len(begins) < 0.01


def test_the_note_of_an_answer_says_whose_accounts_it_rests_on():
    narrated, quoted = _perspectives("The troops crossed the river. Anna Loring said: “We will rebuild.”")
    assert perspective_note([narrated, quoted], ["Winter War", "Winter War"]) == (
        f'From one account, "Winter War", {HOLDER}: 1 in its narrator\'s own words, 1 quoted directly from Anna Loring.'
    )
    assert perspective_note([], []) == ""
