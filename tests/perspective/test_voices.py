"""Voices on invented prose: other conflicts, companies, courts, sports; and laws over the whole corpus."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.corpus import read_corpus
from qa_bot.perspective.reading import Reading, deciding_stretch, sentence_voice
from qa_bot.perspective.reporting.inventory import inventory
from qa_bot.perspective.speech.voices import voices_of
from qa_bot.segmentation import outline
from qa_bot.types import (
    Actor,
    ActorKind,
    CardField,
    Document,
    Parties,
    Party,
    PerspectiveCard,
    Resolution,
    Span,
    Voice,
)

from .voice_cases import CASES

ROOT = Path(__file__).parents[2]
PARTIES = Parties(
    parties=(Party("Ostmark", ("Ostmarkian", "Ostburg")), Party("Westland", ("Westlander",))),
    actors=(
        Actor("Jana Brandt", ActorKind.PERSON, ("Brandt",), "Chancellor of Ostmark", "Ostmark"),
        Actor("Ministry of War of Westland", ActorKind.ORGANISATION, ("Westland War Ministry",), None, "Westland"),
    ),
)


def _document(text: str, card: PerspectiveCard | None = None) -> Document:
    return Document("d", "Title", text, "0", card)


def _read(text: str, parties: Parties = PARTIES, card: PerspectiveCard | None = None) -> Reading:
    return Reading(voices_of(_document(text, card), outline(text, "d"), parties))


def _last(text: str, card: PerspectiveCard | None = None):
    """The stretch that decides the last sentence."""
    parts = outline(text, "d")
    return deciding_stretch(_read(text, card=card), parts.sentences[-1].span)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (
            "Thousands of Danish farmers awaiting a reply sent him letters, saying they would stay.",
            "Danish farmers",
        ),
        ("Dozens of Georgian volunteers sent the mayor letters, saying they were ready.", "Georgian volunteers"),
        ("Scores of Ostmarkian fishermen wearing black wrote home, saying the nets were cut.", "Ostmarkian fishermen"),
        ("Hundreds of Westlander women marched to the square, shouting that the war must end.", "Westlander women"),
        ("A crowd of Swiss miners blocked the road, demanding that the pit be reopened.", "Swiss miners"),
        ("Many Lund residents left their houses, saying that the dam would not hold.", "Lund residents"),
    ],
)
def test_the_noun_after_the_name_of_a_people_belongs_to_the_source(text, source):
    (attributed,) = [voiced for voiced in _read(text).voices if voiced.voice is Voice.ATTRIBUTED]
    assert attributed.source.named.endswith(source)


def test_a_verb_after_a_name_is_no_part_of_the_source():
    (attributed,) = [v for v in _read("Jana Brandt guards the secret, saying it is hers.").voices if v.source]
    assert attributed.source.named == "Jana Brandt"


@pytest.mark.parametrize("name", CASES)
def test_each_sentence_has_its_voice_and_speaker(name):
    text, expected = CASES[name]
    reading, sentences = _read(text, Parties()), outline(text, "d").sentences
    found = [(sentence_voice(reading, sentence.span).value, sentence.span) for sentence in sentences]
    assert [voice for voice, _ in found] == [voice for voice, _ in expected]
    for (_, speaker), (_, span) in zip(expected, found, strict=True):
        source = deciding_stretch(reading, span).source
        if speaker:
            assert speaker in f"{source.actor} {source.named}"


def test_the_inventory_holds_at_least_150_reporting_verbs():
    assert len({form.lemma for form in inventory().verbs.values()}) >= 150


def test_a_declared_person_is_resolved_with_role_and_party():
    source = _last("Chancellor Jana Brandt said that the border was quiet.").source
    assert (source.actor, source.role, source.party) == ("Jana Brandt", "Chancellor of Ostmark", "Ostmark")
    assert source.resolution is Resolution.NAMED


def test_a_party_is_read_from_an_adjective_and_not_from_where_an_envoy_is_sent():
    source = _last("The Ostmarkian ambassador to Westland, Ivo Kern, said that the border was quiet.").source
    assert source.party == "Ostmark"


def test_several_parties_together_have_no_single_party():
    assert _last("Ostmark and Westland said that the border was quiet.").source.party is None


def test_our_chancellor_is_that_of_the_documents_own_side():
    card = PerspectiveCard("T", "en", {"perspective.party": CardField("Ostmark")})
    source = _last("As our Chancellor said, winter makes no allies.", card).source
    assert (source.actor, source.resolution) == ("Jana Brandt", Resolution.PRONOUN)


def test_a_pronoun_brings_the_mention_it_goes_back_to():
    text = "Chancellor Jana Brandt arrived at noon. She said that the border was quiet."
    stretch = _last(text)
    assert stretch.source.actor == "Jana Brandt"
    assert [span.of(text) for span in stretch.closure] == ["Chancellor Jana Brandt", "She said that"]


def test_a_pronoun_without_anybody_before_it_is_unresolved():
    source = _last("He said that the border was quiet.").source
    assert (source.resolution, source.actor, source.party) == (Resolution.UNRESOLVED, None, None)


def test_hearsay_is_vague():
    assert _last("It is said that the border was quiet.").source.resolution is Resolution.VAGUE


def test_a_rebuttal_in_the_same_sentence_is_the_narrators():
    text = "Westland admits losses of forty men, but in reality the figure is much higher."
    reading, stretch = _read(text), _last(text)
    assert stretch.source.party == "Westland"
    assert stretch.rebuttal.of(text) == "but in reality the figure is much higher."
    assert reading.stretches(Span(len(text) - 10, len(text)))[-1].voice is Voice.NARRATOR


def test_a_rebuttal_in_the_next_sentence_is_found():
    text = "Westland said that forty men had died. In reality, the figure is much higher."
    first = outline(text, "d").sentences[0].span
    assert deciding_stretch(_read(text), first).rebuttal.of(text).startswith("In reality")


def test_a_distancing_adverb_is_a_rebuttal():
    text = "Westland falsely claimed that the bridge was its own."
    assert _last(text).rebuttal.of(text) == "falsely"


def test_a_quotation_inside_a_report_is_nested():
    text = 'Brandt noted that the Westlander statement, "The river is ours for ever", had ended the talks.'
    inside = [voiced for voiced in _read(text).voices if voiced.voice is Voice.DIRECT_QUOTE]
    assert [voiced.nested for voiced in inside] == [True]
    assert _last(text).source.actor == "Jana Brandt"


def test_a_quotation_after_that_and_a_comma_is_the_speakers_own():
    text = 'A spokesman said in a statement that, "the river is ours and will be ours for ever".'
    assert [v.nested for v in _read(text).voices if v.voice is Voice.DIRECT_QUOTE] == [False]


def test_a_month_is_no_helping_verb():
    text = "Ruth Ferris, in a debate of 4 May, noted the deaths of two keepers."
    assert _last(text).source.named == "Ruth Ferris, in a debate of 4 May"


def test_every_quoted_sentence_of_a_long_speech_keeps_its_attribution():
    speech = " ".join(f"This is sentence number {n} and we stand by it." for n in range(40))
    text = f'Addressing the crowd, the chancellor Jana Brandt said: "{speech}"'
    for sentence in outline(text, "d").sentences:
        stretch = deciding_stretch(_read(text), sentence.span)
        assert stretch.voice is Voice.DIRECT_QUOTE
        assert "Jana Brandt" in " ".join(span.of(text) for span in stretch.closure)


CORPORA = [ROOT / "corpus", ROOT / "examples" / "corpus"]


@pytest.mark.parametrize("folder", CORPORA, ids=lambda folder: folder.parent.name)
def test_voices_are_ordered_disjoint_and_cover_every_sentence(folder):
    corpus = read_corpus(folder)
    for document in corpus.documents:
        parts = outline(document.text, document.doc_id)
        voices = voices_of(document, parts, corpus.parties)
        assert all(one.span.end <= other.span.start for one, other in pairwise(voices))
        reading = Reading(voices)
        for sentence in parts.sentences:
            assert sum(len(voiced.span) for voiced in reading.stretches(sentence.span)) == len(sentence.span)
        second_hand = [voiced for voiced in voices if voiced.voice is not Voice.NARRATOR]
        assert all(voiced.source is not None for voiced in second_hand)


@given(st.text(alphabet='ab .,:"“”‘’«»-Heidsaid\n', max_size=300))
def test_any_text_is_covered_once(text):
    parts = outline(text, "d")
    reading = Reading(voices_of(_document(text), parts, Parties()))
    covered = sum(len(sentence.span) for sentence in parts.sentences)
    assert sum(len(voiced.span) for voiced in reading.voices) == covered
