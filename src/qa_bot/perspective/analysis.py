"""Reading a document: all perspective rules, once, at indexing."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qa_bot.perspective.claims.model import CARD, SHIPPED, claim_model
from qa_bot.perspective.reading import Reading
from qa_bot.perspective.speech.voices import voices_of
from qa_bot.types import Document, Outline, Parties

_RULES = (".py", ".toml")
TELLING = ("contrast", "draft", "notes", "profile", "standpoint")  # of what was read


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
    from qa_bot.perspective.claims.cues import claim_cues, found_claims, known_claims
    from qa_bot.perspective.loaded.lexicon import loaded_terms

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
    """Changes with every change of the rules: a digest of the model's card and the modules and word lists that read."""
    digest, folder = hashlib.sha256((SHIPPED / CARD).read_bytes()), Path(__file__).parent
    for file in sorted(path for path in folder.rglob("*") if path.suffix in _RULES and path.name != "__init__.py"):
        rule = file.relative_to(folder)
        if rule.parts[0].removesuffix(".py") not in TELLING:
            digest.update(rule.as_posix().encode() + file.read_bytes())
    return digest.hexdigest()
