"""Reading a document: all perspective rules, once, at indexing."""

import hashlib
from functools import cache
from importlib.resources import files

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


@cache
def edition() -> str:
    """Changes with every change of the rules: a digest of all modules and word lists of this package."""
    digest = hashlib.sha256()
    for file in sorted(files(__package__).iterdir(), key=lambda file: file.name):
        if file.is_file():
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()
