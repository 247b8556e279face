import json
from dataclasses import asdict

from qa_bot.perspective.claims.cues import KINDS
from qa_bot.perspective.loaded.lexicon import loaded_terms
from qa_bot.perspective.profile import PartyShare, profile
from qa_bot.perspective.reading import Reading
from qa_bot.segmentation import outline
from qa_bot.types import ClaimCue, Document, Resolution, Source, Span, Voice, VoicedSpan

TEXT = 'The enemy fled at dawn. "We have liberated the town," Ada Roe said. Nobody was hurt.'
QUOTED = Span(24, 54)


def stretches():
    source = Source(Resolution.NAMED, "Ada Roe", party="Alba")
    return (
        VoicedSpan(Span(0, 23), Voice.NARRATOR, "rule"),
        VoicedSpan(QUOTED, Voice.DIRECT_QUOTE, "rule", source),
        VoicedSpan(Span(54, len(TEXT)), Voice.NARRATOR, "rule"),
    )


def profiled(voices):
    divided = outline(TEXT, "d")
    claims = (ClaimCue(Span(68, 84), TEXT[68:84], "casualty_figure", sourced=False),)
    reading = Reading(voices, loaded_terms(TEXT, divided, voices), claims)
    return profile(Document("d", "D", TEXT, "0" * 64), divided, reading)


def test_words_sentences_and_loaded_terms_are_counted_by_voice():
    shares = {share.voice: share for share in profiled(stretches()).voices}
    narrator, quoted = shares[Voice.NARRATOR], shares[Voice.DIRECT_QUOTE]
    assert (narrator.words, narrator.sentences, narrator.loaded) == (11, 2, 1)
    assert (quoted.words, quoted.sentences, quoted.loaded) == (5, 1, 1)
    assert quoted.loaded_per_1000 == 200.0
    assert shares[Voice.ATTRIBUTED].words == shares[Voice.ATTRIBUTED].loaded_per_1000 == 0


def test_second_hand_words_are_counted_by_party():
    assert profiled(stretches()).parties == (PartyShare("Alba", 5, 1),)


def test_claims_are_counted_by_kind_and_source():
    counts = {count.kind: (count.sourced, count.unsourced) for count in profiled(stretches()).claims}
    assert tuple(counts) == KINDS
    assert counts["casualty_figure"] == (0, 1)


def test_the_totals_are_the_sums():
    found = profiled(stretches())
    assert found.words == sum(share.words for share in found.voices) == 16
    assert found.sentences == 3
    assert sum(found.categories.values()) == sum(share.loaded for share in found.voices)


def test_a_profile_is_plain_values():
    assert json.loads(json.dumps(asdict(profiled(stretches()))))["words"] == 16


def test_an_empty_reading_has_an_empty_profile():
    found = profiled(())
    assert (found.words, found.parties) == (0, ())
