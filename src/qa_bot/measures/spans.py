"""Places judged by overlap, so that judgements survive any re-segmentation of a document."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from qa_bot.types import Gold, Span


class Placed(Protocol):
    """Anything that stands at a span of a document: a citation, a ranked sentence, a gold answer."""

    @property
    def doc_id(self) -> str:
        """The document."""
        ...

    @property
    def span(self) -> Span:
        """The place in its canonical text."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """A span of a document and nothing else."""

    doc_id: str
    span: Span


def overlaps(one: Placed, other: Placed) -> bool:
    """Whether two places share at least one character of the same document."""
    return one.doc_id == other.doc_id and one.span.overlaps(other.span)


def hits(place: Placed, gold: Iterable[Gold]) -> bool:
    """Whether a place overlaps any of the alternatives."""
    return any(overlaps(place, alternative) for alternative in gold)


def first_hit(places: Sequence[Placed], gold: Sequence[Gold]) -> int | None:
    """Rank (from 1) of the first place that overlaps gold, or None."""
    return next((rank for rank, place in enumerate(places, 1) if hits(place, gold)), None)


def hit_at(rank: int | None, cutoff: int) -> float:
    """hit@k of one question from the rank of its first hit: 1.0 within the cutoff, else 0.0."""
    return float(rank is not None and rank <= cutoff)


def intersection_over_union(place: Placed, gold: Iterable[Gold]) -> float:
    """Shared characters over characters covered by either, for the alternative that fits best; 0.0 to 1.0."""
    return max((_iou(place, alternative) for alternative in gold), default=0.0)


def _iou(one: Placed, other: Placed) -> float:
    if not overlaps(one, other):
        return 0.0
    shared = min(one.span.end, other.span.end) - max(one.span.start, other.span.start)
    return shared / (len(one.span) + len(other.span) - shared)
