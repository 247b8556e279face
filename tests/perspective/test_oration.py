"""Speeches told in pieces: whose the paragraphs in quotation marks are, and whose they are not."""

import pytest

from qa_bot.perspective.reading import Reading, deciding_stretch
from qa_bot.perspective.speech.voices import voices_of
from qa_bot.segmentation import outline
from qa_bot.types import Actor, ActorKind, Document, Parties, Party

PARTIES = Parties(
    parties=(Party("Ostmark", ()), Party("Westland", ())),
    actors=(
        Actor("Jana Brandt", ActorKind.PERSON, ("Brandt", "President Jana Brandt"), "President of Ostmark", "Ostmark"),
        Actor("Ivo Kern", ActorKind.PERSON, ("Kern", "Minister Ivo Kern"), "minister of Westland", "Westland"),
    ),
)
NEWS = '"Citizens, the bridge is ours again." "Nobody shall take it from us."'
MORE = '"We asked for it politely, in four letters." The crowd was silent.'
TOLD = "In the square nobody moved, and rain began to fall."


def _speakers(text: str) -> list[str | None]:
    """The speaker of each sentence that is a quotation."""
    parts = outline(text, "d")
    reading = Reading(voices_of(Document("d", "Title", text, "0"), parts, PARTIES))
    quoted = [sentence for sentence in parts.sentences if sentence.span.of(text).startswith('"')]
    stretches = [deciding_stretch(reading, sentence.span) for sentence in quoted]
    return [stretch.source.actor for stretch in stretches]


@pytest.mark.parametrize(
    ("paragraphs", "speakers"),
    [
        # ------------------------------------------------ named by the title or by the narration
        (("The address of President Jana Brandt", TOLD, NEWS, TOLD, MORE), ["Jana Brandt"] * 3),
        (("The address of President Jana Brandt, broadcast live", TOLD, NEWS, TOLD, MORE), ["Jana Brandt"] * 3),
        (("Jana Brandt's last speech", TOLD, NEWS, TOLD, MORE), ["Jana Brandt"] * 3),
        (("A night in May", "Jana Brandt was to speak to the nation at eight.", NEWS, TOLD, MORE), ["Jana Brandt"] * 3),
        (("A night in May", "Jana Brandt mounted the rostrum at eight.", NEWS, TOLD, MORE), ["Jana Brandt"] * 3),
        # ------------------------------------------------ who interrupts does not take the speech over
        (
            (
                "The address of President Jana Brandt",
                NEWS + " A woman in the square said loudly that it was a lie.",
                MORE,
            ),
            ["Jana Brandt"] * 3,
        ),
        (
            ("The address of President Jana Brandt", NEWS + " Here there was applause. " + MORE, TOLD, MORE),
            ["Jana Brandt"] * 4,
        ),
        # ------------------------------------------------ who is introduced has the next quotation
        (
            ("The address of President Jana Brandt", NEWS, "Then Ivo Kern spoke:", MORE, TOLD, NEWS),
            ["Jana Brandt", "Jana Brandt", "Ivo Kern", "Jana Brandt", "Jana Brandt"],
        ),
        # ------------------------------------------------ two who speak, or nobody: none
        (
            ("A night in May", "Jana Brandt spoke first. Ivo Kern spoke after her. The rest slept.", NEWS, TOLD, MORE),
            [None] * 3,
        ),
        (("A night in May", "Jana Brandt stood in the square. It rained.", NEWS, TOLD, MORE), [None] * 3),
        (("A night in May", "Jana Brandt never spoke to them. It rained.", NEWS, TOLD, MORE), [None] * 3),
        (("The speech of a summer", TOLD, NEWS, TOLD, MORE), [None] * 3),
    ],
)
def test_pieces_of_a_speech_are_the_orators(paragraphs, speakers):
    assert _speakers("\n\n".join(paragraphs)) == speakers


@pytest.mark.parametrize(
    ("between", "speaker"),
    [
        ("There were no charges.", "Jana Brandt"),
        ("It was not so.", "Jana Brandt"),
        ("The clerk shook his head.", None),
        ("There was Ivo Kern.", "Ivo Kern"),
        ("There were no charges. It was June. It rained.", None),
    ],
)
def test_a_speech_goes_on_after_a_word_of_the_narrators(between, speaker):
    text = f'It comes from Jana Brandt. "We went up there," she writes, "to see it." {between} "I know what was done."'
    assert _speakers(text)[-1] == speaker
