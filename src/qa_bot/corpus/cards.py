"""Cards: who made a document and from where it speaks, declared in TOML beside the source.

    title = "The Second Karabakh War"
    language = "en"

    [origin]                    # author, publisher, date, url, genre
    author = "unknown"
    genre = {value = "encyclopaedia article", basis = "inferred"}

    [purpose]                   # statement, audience
    [perspective]               # holder, party, note
    holder = {value = "the government", basis = "stated", evidence = [[120, 164]]}

    [stance]                    # party -> "for", "against", "neutral" or "mixed"
    Azerbaijan = "for"

A value without a basis is "inferred", and "unknown" when that is the value itself; a `basis` or `evidence`
written directly in a table holds for the plain values of that table. `stance`, `values`, `limitations` and
`naming` may stand at the top or in `[perspective]`.
"""

import datetime
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from qa_bot.corpus.declaration import Declaration, read_declaration
from qa_bot.errors import CardError
from qa_bot.types import Basis, CardField, NamingPair, Parties, PerspectiveCard, Span

_Basis = Literal["stated", "inferred", "unknown"]
_Evidence = list[Annotated[list[int], Field(min_length=2, max_length=2)]]
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*", re.IGNORECASE)  # by BCP 47
UNDETERMINED = "und"  # the tag of BCP 47 for a language nobody declared
_ALSO_IN_PERSPECTIVE = ("stance", "values", "limitations", "naming")


def read_card(path: Path, text: str, known_parties: Parties | None = None) -> PerspectiveCard:
    """The card of the document whose canonical text is `text`.

    With `known_parties`, every stance must be towards one of them.

    Raises: CardError: naming file, key, value and what was expected.
    """
    declared = read_declaration(path, _Card)
    _check_evidence(path, declared, len(text))
    card = PerspectiveCard(
        title=declared.title,
        language=declared.language,
        fields=_fields(declared),
        stance=dict(declared.stance),
        values=tuple(declared.values),
        limitations=tuple(declared.limitations),
        naming=tuple(NamingPair(pair.here, pair.elsewhere, pair.party) for pair in declared.naming),
    )
    _check_stance(path, card, known_parties)
    return card


def remarks(card: PerspectiveCard, parties: Parties) -> tuple[str, ...]:
    """What is allowed in a card and probably not meant: a party that parties.toml lacks, a language without a tag."""
    found, party, names = [], card.value("perspective.party"), [known.name for known in parties.parties]
    if party and party not in names:
        found.append(f"perspective.party '{party}' is not in parties.toml, which has: {', '.join(names) or 'none'}")
    if not LANGUAGE_TAG.fullmatch(card.language):
        found.append(f"language '{card.language}' is not a language tag, such as en or pt-BR")
    return tuple(found)


class _Value(Declaration):
    value: str
    basis: _Basis | None = None
    evidence: _Evidence = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, given: Any) -> Any:
        given = given if isinstance(given, dict) else {"value": given}
        if isinstance(given.get("value"), datetime.date | datetime.time):
            given = given | {"value": given["value"].isoformat()}
        return given

    def resolved_basis(self) -> Basis:
        """The declared basis; without one, what the value itself implies."""
        if self.basis:
            return Basis(self.basis)
        return Basis.UNKNOWN if self.value.casefold() == "unknown" else Basis.INFERRED


class _Table(Declaration):
    """A table of values; its own basis and evidence hold for the values that are written plainly."""

    basis: _Basis | None = None
    evidence: _Evidence = Field(default_factory=list)

    def values_by_key(self) -> dict[str, _Value]:
        found = {}
        for key in type(self).model_fields:
            value = getattr(self, key)
            if isinstance(value, _Value):
                found[key] = self._completed(value)
        return found

    def _completed(self, value: _Value) -> _Value:
        if value.basis or value.value.casefold() == "unknown":
            return value
        return _Value(value=value.value, basis=self.basis, evidence=value.evidence or self.evidence)


class _Origin(_Table):
    author: _Value | None = None
    publisher: _Value | None = None
    date: _Value | None = None
    url: _Value | None = None
    genre: _Value | None = None


class _Purpose(_Table):
    statement: _Value | None = None
    audience: _Value | None = None


class _Standpoint(_Table):
    holder: _Value | None = None
    party: _Value | None = None
    note: _Value | None = None


class _Naming(Declaration):
    here: str
    elsewhere: str
    party: str


class _Card(Declaration):
    title: str
    language: str = UNDETERMINED
    origin: _Origin = _Origin()
    purpose: _Purpose = _Purpose()
    perspective: _Standpoint = _Standpoint()
    stance: dict[str, Literal["for", "against", "neutral", "mixed"]] = Field(default_factory=dict)
    values: list[str] = Field(default_factory=list)
    limitations: list[str] = Field(default_factory=list)
    naming: list[_Naming] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _lift(cls, given: Any) -> Any:
        # TOML puts what follows `[perspective]` inside it, also where the author thought of the card as a whole.
        perspective = given.get("perspective")
        if not isinstance(perspective, dict):
            return given
        inside = {key: perspective[key] for key in _ALSO_IN_PERSPECTIVE if key in perspective and key not in given}
        kept = {key: value for key, value in perspective.items() if key not in inside}
        return given | inside | {"perspective": kept}

    def tables(self) -> tuple[tuple[str, _Table], ...]:
        return ("origin", self.origin), ("purpose", self.purpose), ("perspective", self.perspective)


def _fields(declared: _Card) -> dict[str, CardField]:
    return {
        f"{table}.{key}": CardField(value.value, value.resolved_basis(), tuple(Span(*pair) for pair in value.evidence))
        for table, values in declared.tables()
        for key, value in values.values_by_key().items()
    }


def _check_evidence(path: Path, declared: _Card, length: int) -> None:
    for name, table in declared.tables():
        _check_spans(path, f"{name}.evidence", table.evidence, length)
        for key, value in table.values_by_key().items():
            if value.resolved_basis() is Basis.STATED and not value.evidence:
                raise CardError(path, f"{name}.{key}.evidence", [], "[[start, end], ...] where the text states it")
            _check_spans(path, f"{name}.{key}.evidence", value.evidence, length)


def _check_spans(path: Path, key: str, evidence: _Evidence, length: int) -> None:
    for start, end in evidence:
        if not 0 <= start < end <= length:
            raise CardError(path, key, [start, end], f"0 <= start < end <= {length}, the length of the text")


def _check_stance(path: Path, card: PerspectiveCard, known: Parties | None) -> None:
    # `perspective.party` stays free: a document may speak for a party that is no side of the dispute.
    names = [party.name for party in known.parties] if known else []
    for party, stance in card.stance.items():
        if names and party not in names:
            raise CardError(path, f"stance.{party}", stance, f"a party of parties.toml: {', '.join(names)}")
