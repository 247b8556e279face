"""Who made a document and who speaks in it."""

from dataclasses import dataclass, field
from enum import StrEnum

from qa_bot.types.spans import Excerpt, Span


class Basis(StrEnum):
    """What a statement of the card rests on."""

    STATED = "stated"
    INFERRED = "inferred"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CardField:
    """One value of a card with its basis and the spans of the document that show it."""

    value: str
    basis: Basis = Basis.UNKNOWN
    evidence: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class NamingPair:
    """A name as this document writes it, as others write it, and whose usage the document's is."""

    here: str
    elsewhere: str
    party: str


@dataclass(frozen=True, slots=True)
class PerspectiveCard:
    """Who made a document and from where it speaks, in the OPCVL form of source criticism.

    `fields` holds the declared origin, purpose and perspective values under dotted names such as
    "origin.author", "purpose.statement", "perspective.holder". `stance` maps a party to
    "for", "against", "neutral" or "mixed".
    """

    title: str
    language: str
    fields: dict[str, CardField] = field(default_factory=dict)
    stance: dict[str, str] = field(default_factory=dict)
    values: tuple[str, ...] = ()
    limitations: tuple[str, ...] = ()
    naming: tuple[NamingPair, ...] = ()

    def value(self, name: str) -> str | None:
        """The declared value of a field such as "perspective.holder"; None without one, also where it is "unknown"."""
        declared = self.fields.get(name)
        return declared.value if declared and declared.value.casefold() != Basis.UNKNOWN else None


@dataclass(frozen=True, slots=True)
class Party:
    """A side of a dispute, with the other words that name it (adjectives, capitals, institutions)."""

    name: str
    aliases: tuple[str, ...] = ()


class ActorKind(StrEnum):
    """What kind of speaker an actor is."""

    PERSON = "person"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or organisation that may speak in a document, with role and party as far as known."""

    name: str
    kind: ActorKind
    aliases: tuple[str, ...] = ()
    role: str | None = None
    party: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place with the other names it goes by; used to understand questions, never to rename quotations."""

    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parties:
    """The parties, actors and places of a corpus (parties.toml)."""

    parties: tuple[Party, ...] = ()
    actors: tuple[Actor, ...] = ()
    places: tuple[Place, ...] = ()


class Voice(StrEnum):
    """Whose words a stretch of text is in."""

    NARRATOR = "narrator"
    DIRECT_QUOTE = "direct_quote"
    ATTRIBUTED = "attributed"


class Resolution(StrEnum):
    """How the source of a second-hand stretch was found."""

    NAMED = "named"  # named in the same sentence
    PRONOUN = "pronoun"  # a pronoun or title that refers back
    CARRIED = "carried"  # named in an earlier sentence and still speaking
    VAGUE = "vague"  # the document names nobody in particular ("it is said", "reports")
    UNRESOLVED = "unresolved"  # somebody speaks and the rules cannot tell who


@dataclass(frozen=True, slots=True)
class Source:
    """Who is quoted or reported: `named` as the document writes it, the rest as parties.toml resolves it."""

    resolution: Resolution
    named: str | None = None
    actor: str | None = None
    role: str | None = None
    party: str | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whose words a sentence holds: by which names a text shows who it is, his role, and the names of his side."""

    names: tuple[str, ...]
    role: str | None = None
    side: tuple[str, ...] = ()

    @property
    def introduction(self) -> str:
        """What may stand before his words: "Ada Holm, mayor of Orsel, said:"."""
        return f"{', '.join(filter(None, (self.names[0], self.role)))}, said:"

    def is_shown_in(self, text: str) -> bool:
        """Whether one of his names stands in a text."""
        return any(name in text for name in self.names)


@dataclass(frozen=True, slots=True)
class Speakers:
    """Who is quoted or reported in a document; `of` has, for each sentence of its outline, a place in `known` or -1."""

    known: tuple[Speaker, ...] = ()
    of: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class VoicedSpan:
    """A stretch of text in one voice, as the rules over the whole document decided it.

    `closure` holds the spans that must be shown with any part of this stretch so that its speaker is seen.
    `nested` says that the stretch stands as a quotation inside another one. `rebuttal` is where the
    narrator disputes the source. `rule` names the deciding rule.
    """

    span: Span
    voice: Voice
    rule: str
    source: Source | None = None
    cue: Span | None = None
    closure: tuple[Span, ...] = ()
    nested: bool = False
    rebuttal: Span | None = None


@dataclass(frozen=True, slots=True)
class LoadedTerm:
    """A word that takes a side, whose word it is, and the reason by rule book."""

    span: Span
    text: str
    lemma: str
    category: str
    reason: str
    owner: Voice


@dataclass(frozen=True, slots=True)
class ClaimCue:
    """A kind of claim that editorial rule books say must be attributed, and whether a source is given here."""

    span: Span
    text: str
    kind: str
    sourced: bool


@dataclass(frozen=True, slots=True)
class Perspective:
    """From where one span speaks: the standpoint of its document, the voice, the loaded words, and a note.

    `holder` and `party` are the document's (its card); `speaker` and `speaker_party` are those of the
    quoted or reported source. `note` is one or two plain sentences made from templates, never empty.
    """

    holder: str
    party: str | None
    voice: Voice
    note: str
    speaker: str | None = None
    speaker_role: str | None = None
    speaker_party: str | None = None
    resolution: Resolution | None = None
    cue: Excerpt | None = None
    attribution: tuple[Excerpt, ...] = ()
    rebuttal: Excerpt | None = None
    loaded: tuple[LoadedTerm, ...] = ()
    claims: tuple[ClaimCue, ...] = ()
    rule: str = ""
