"""Minutes: records that report what was said, and records that hand the words over."""

import pytest

from qa_bot.perspective.reading import Reading, deciding_stretch, sentence_voice
from qa_bot.perspective.speech.voices import voices_of
from qa_bot.segmentation import outline
from qa_bot.types import Document, Parties, Party, Voice

PARTIES = Parties((Party("Oltania", ("Oltanian",)), Party("Sarvia", ("Sarvian",)), Party("River Assembly")))
BY_SENTENCE = """Council of the River Assembly, 14th meeting

The meeting was called to order at 10.10 a.m.

{0}Mr. Adeyemi (Special Envoy) said that the truce had held. Both sides had let convoys pass. He thanked the donors.

{1}Mr. Stroud (Oltania) said that his Government welcomed the report. The mines had been laid by others.

{2}Ms. Idrin (Sarvia), speaking in exercise of the right of reply, said that no mine was Sarvian. It was a pretext.

{3}Mr. Quist (Lanmark) asked who would pay. Lanmark was ready to.

The meeting rose at 1 p.m.
"""
BY_LABEL = """Council of the River Assembly, 14th meeting

The PRESIDENT: He opened the meeting. He asked for brief statements.

Mr. Stroud (Oltania): His Government welcomed the report. The mines had been laid by others.

Ms. Idrin (Sarvia): {0} Her delegation rejected the accusation.

Mr. Quist (Lanmark): His country would send observers.
"""


def _read(text: str) -> list[tuple[str, Voice, str | None, str | None]]:
    """The words, voice, source and party of every sentence that is no heading."""
    document, parts = Document("d", "t", text, "0"), outline(text, "d")
    reading = Reading(voices_of(document, parts, PARTIES))
    told = []
    for sentence in parts.sentences:
        if not sentence.heading:
            stretch = deciding_stretch(reading, sentence.span)
            source = stretch.source if stretch else None
            told.append(
                (
                    sentence.span.of(text),
                    sentence_voice(reading, sentence.span),
                    source.named if source else None,
                    source.party if source else None,
                )
            )
    return told


@pytest.mark.parametrize("numbers", [("", "", "", ""), ("12. ", "13. ", "14. ", "15. ")])
def test_the_rest_of_a_paragraph_is_the_speakers_who_opens_it(numbers):
    told = _read(BY_SENTENCE.format(*numbers))
    assert [voice for _, voice, _, _ in told] == [Voice.NARRATOR, *[Voice.ATTRIBUTED] * 9, Voice.NARRATOR]
    assert [party for *_, party in told[4:8]] == ["Oltania", "Oltania", "Sarvia", "Sarvia"]
    assert {source for words, _, source, _ in told if words.startswith(("Both", "He thanked"))} == {
        "Mr. Adeyemi (Special Envoy)"
    }


def test_two_such_paragraphs_are_no_record():
    text = (
        "Mr. Roe (Oltania) said that the mill was old. The mill burned.\n\n"
        "Ms. Lee (Sarvia) said that it rained. It snowed."
    )
    assert [voice for _, voice, _, _ in _read(text)] == [Voice.ATTRIBUTED, Voice.NARRATOR] * 2


def test_turns_in_the_third_person_are_reported():
    told = _read(BY_LABEL.format("The mines were others'."))
    assert {voice for _, voice, _, _ in told} == {Voice.ATTRIBUTED}
    assert [party for *_, party in told] == ["River Assembly"] * 2 + ["Oltania"] * 2 + ["Sarvia"] * 2 + [None]


def test_what_such_a_turn_quotes_is_quoted():
    told = _read(BY_LABEL.format('"We have laid no mines and we never will," she said.'))
    quoted = next(entry for entry in told if entry[0].startswith("Ms. Idrin"))
    assert quoted[1:] == (Voice.DIRECT_QUOTE, "Ms. Idrin (Sarvia)", "Sarvia")


def test_turns_in_which_somebody_says_i_are_quoted():
    assert {voice for _, voice, _, _ in _read(BY_LABEL.format("I reject that."))} == {Voice.DIRECT_QUOTE}
