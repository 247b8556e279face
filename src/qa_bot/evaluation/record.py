"""What is kept of one question: what was shown, what was wanted, and the value of every measure."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from qa_bot.types import Span

if TYPE_CHECKING:
    from pydantic import TypeAdapter


class Outcome(StrEnum):
    """How one question went; the first failing stage names a failure."""

    RIGHT = "right"
    REFUSED_RIGHTLY = "refused rightly"
    NOT_RETRIEVED = "not retrieved"  # no ranked place overlaps gold
    NOT_CHOSEN = "retrieved but not chosen"  # gold was ranked, another place was cited
    REFUSED_WRONGLY = "refused wrongly"  # gold was ranked, no answer was given
    ANSWERED_WRONGLY = "answered wrongly"  # the sources hold no answer and one was given
    RANKED = "ranked"  # a set that judges documents, not answers
    INVALID = "not a question"  # the bot does not take it


FAILURES = (
    *(Outcome.NOT_RETRIEVED, Outcome.NOT_CHOSEN, Outcome.REFUSED_WRONGLY),
    *(Outcome.ANSWERED_WRONGLY, Outcome.INVALID),
)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A place with its text and, for a citation, its section and note."""

    doc_id: str
    span: Span
    text: str
    section: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One question's result.

    `values` by measure; a measure that does not apply is missing. `against` holds the same of single stages.
    `ranked` and `relevant` hold the names of places or documents; where documents are judged, their qrels say
    what is relevant.
    `shown` are the citations, or the closest passages where the answer was refused.
    """

    set: str
    question_id: str
    question: str
    answerable: bool
    outcome: Outcome
    tags: tuple[str, ...] = ()
    answered: bool = False
    short: str | None = None
    shown: tuple[Quoted, ...] = ()
    gold: tuple[Quoted, ...] = ()
    ranked: tuple[tuple[str, float], ...] = ()
    relevant: tuple[str, ...] = ()
    values: dict[str, float] = field(default_factory=dict)
    against: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """Set and id, unique in a run."""
        return self.set, self.question_id

    def to_json(self) -> str:
        """One line of JSON."""
        return _adapter().dump_json(self).decode()

    @staticmethod
    def from_json(line: str | bytes) -> "Record":
        """The record of such a line; raises ValueError for anything else."""
        return _adapter().validate_json(line)


@cache
def _adapter() -> "TypeAdapter[Record]":
    from pydantic import TypeAdapter

    return TypeAdapter(Record)
