"""What a note calls those of whom it speaks: the document as somebody's account, and its speakers."""

import re

from qa_bot.perspective.notes.templates import TEMPLATES, filled
from qa_bot.types import Document, Perspective

UNDECLARED = "perspective not declared"
_THEIRS = ("its ", "his ", "her ", "their ")
# what names of bodies that take an article begin with, or what is the noun of theirs; and short names that take one
_COMMON = frozenset("ministry committee armed union council government army office department state".split())
_BODIES = _COMMON | frozenset(
    "administration agency alliance archive assembly association authority battalion board brigade bureau chamber "
    "chancery command commission community company congress consulate corps court delegation diaspora division embassy "
    "federation force forces foundation front fund garrison group hospital institute league mission movement nations "
    "navy observatory organisation organization party police presidency regiment republic secretariat senate service "
    "services society staff team tribunal".split()
)
_INITIALS = frozenset("EU ICC ICRC OSCE UN".split())
_END_OF_NOUN = re.compile(r" (?:of|for|with|and|in|on|to)\b")
_DETERMINERS = frozenset(
    "the a an its his her their our many several some both all most other two three four five".split()
)
_UNDECLARED = frozenset({"", UNDECLARED})
_ARTICLES = ("a ", "an ", "the ", "this ")
_TEXTS = frozenset(
    "account report narrative history article text document summary overview book record encyclopaedia encyclopedia "
    "dictionary handbook chronicle briefing".split()
)


def holder_of(document: Document) -> str:
    """Whose perspective a document declares."""
    return document.holder or document.party or UNDECLARED


def is_declared(perspective: Perspective) -> bool:
    """Whether a card says from where the document speaks."""
    return perspective.holder.strip() not in _UNDECLARED


def account_of(perspective: Perspective) -> str:
    """The document as a noun phrase: "an account written from X's official point of view"."""
    return account_by(perspective.holder, perspective.party)


def account_by(holder: str, party: str | None) -> str:
    """The same for whoever holds the perspective of a document."""
    holder = holder.strip()
    if holder in _UNDECLARED:
        return TEMPLATES["account undeclared"]
    if holder.lower().startswith(_ARTICLES) and _is_text(holder):
        return filled("account", holder=holder)
    return filled("account by" if party is None else "account of", holder=holder)


def speaker_of(perspective: Perspective) -> str:
    """The speaker with role, and with party where the name needs it: "its defence minister (of Orsel)"."""
    speaker, role, party = named(perspective.speaker), perspective.speaker_role, perspective.speaker_party
    if party and speaker.lower().startswith(_THEIRS):
        speaker = filled("speaker of party", speaker=speaker, party=party)
    if not role or _tells_nothing(role, speaker):
        return filled("speaker", speaker=speaker)
    return filled("speaker with role", speaker=speaker, role=role)


def named(speaker: str | None) -> str:
    """A declared name as it reads in a sentence: "the Ministry of Trade", but "Ada Quill"."""
    if not speaker:
        return TEMPLATES["a speaker"]
    first, _, rest = speaker.partition(" ")
    if rest and first.lower() in _DETERMINERS:  # as at the beginning of its sentence: "The EU", "Many countries"
        return first.lower() + speaker[len(first) :]
    name = speaker.partition(",")[0]  # without an office: "Shefik Jaferovich, member of the presidency"
    nouns = {part.rpartition(" ")[2].lower() for part in (_END_OF_NOUN.split(name)[0], name)}
    is_body = rest and (first.lower() in _COMMON or not nouns.isdisjoint(_BODIES))
    return filled("body", speaker=speaker) if is_body or speaker in _INITIALS else speaker


def at_start(text: str) -> str:
    """A name as a sentence begins with it."""
    return text[:1].upper() + text[1:]


def _tells_nothing(role: str, speaker: str) -> bool:
    """Whether a name says what its bearer is: "Ministry of Trade, ministry"."""
    return role.lower().split()[-1] in speaker.lower().replace(",", " ").split()


def _is_text(holder: str) -> bool:
    return any(word.strip(",.;") in _TEXTS for word in holder.lower().split()[:5])
