"""Reading a document: all perspective rules, once, at indexing."""

from qa_bot.perspective.reading import Reading
from qa_bot.perspective.voices import voices_of
from qa_bot.types import Document, Outline, Parties


def analyse(document: Document, outline: Outline, parties: Parties) -> Reading:
    """The voices, loaded terms and claim cues of a document; linear in its length, no error on any text."""
    from qa_bot.perspective.claims import claim_cues
    from qa_bot.perspective.lexicon import loaded_terms

    voices = voices_of(document, outline, parties)
    text = document.text
    return Reading(voices, loaded_terms(text, outline, voices), claim_cues(text, outline, voices))
