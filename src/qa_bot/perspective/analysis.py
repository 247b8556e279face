"""Reading a document: all perspective rules, once, at indexing."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from qa_bot.perspective.claim_model import CARD, SHIPPED, claim_model
from qa_bot.perspective.reading import Reading
from qa_bot.perspective.voices import voices_of
from qa_bot.types import Document, Outline, Parties


@dataclass(frozen=True, slots=True)
class Before:
    """A document as it was read before, by the same rules."""

    text: str
    outline: Outline
    reading: Reading


def analyse(document: Document, outline: Outline, parties: Parties, before: Before | None = None) -> Reading:
    """The voices, loaded terms and claim cues of a document; linear in its length, no error on any text.

    Claims are what takes longest: in sentences that stood in an earlier text they are not looked for again.
    """
    from qa_bot.perspective.claims import claim_cues, found_claims, known_claims
    from qa_bot.perspective.lexicon import loaded_terms

    text = document.text
    with ThreadPoolExecutor(1, thread_name_prefix="claims") as aside:
        aside.submit(claim_model)  # is loaded while the rules are compiled
        voices = voices_of(document, outline, parties)
        loaded = loaded_terms(text, outline, voices)
    known = known_claims(before.text, before.outline, before.reading.claims) if before else {}
    found = found_claims(text, outline, known)
    return Reading(voices, loaded, claim_cues(text, outline, voices, found))


@cache
def edition() -> str:
    """Changes with every change of the rules: a digest of the model's card, all modules and word lists here."""
    digest = hashlib.sha256((SHIPPED / CARD).read_bytes())
    for file in sorted(files(__package__).iterdir(), key=lambda file: file.name):
        if file.is_file():
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()
