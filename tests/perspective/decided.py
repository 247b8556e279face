"""The voice and the source of the last sentence of an invented text, as the rules decide them."""

from qa_bot.perspective.reading import Reading, deciding_stretch, sentence_voice
from qa_bot.perspective.speech.voices import voices_of
from qa_bot.segmentation import outline
from qa_bot.types import Document, Parties, Resolution, Source, Voice


def decided(text: str) -> tuple[Voice, Source]:
    document, parts = Document("d", "t", text, "0"), outline(text, "d")
    reading = Reading(voices_of(document, parts, Parties()))
    span = parts.sentences[-1].span
    return sentence_voice(reading, span), deciding_stretch(reading, span).source


def assert_attributed(text: str, named: str | None) -> None:
    """The last sentence is somebody's report: of the source as the text names it, or of nobody in particular."""
    voice, source = decided(text)
    assert voice is Voice.ATTRIBUTED
    assert source.named == named
    assert named is not None or source.resolution is Resolution.VAGUE
