"""From records to figures: every measure of a set with its interval, by stage and by tag, and the curves."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qa_bot.evaluation.record import Outcome, Record
from qa_bot.measures.resampling import Statistic, Values, estimates, mean_of, quantile_of, ratio_of
from qa_bot.measures.selective import (
    CoveragePoint,
    ReliabilityBin,
    area_under_risk_coverage,
    calibration_error,
    on,
    reliability,
    risk_coverage_curve,
    separation,
)

WHOLE = "qa-bot"  # the system that answers; single stages go by their own names
NEAR_MISS = "near_miss"  # the tag of unanswerable questions that look answerable

RANKING = (
    *("hit@1", "hit@3", "hit@5", "hit@10", "MRR@10", "nDCG@10", "R@10", "R@100"),
    *("MAP@10", "MAP@100", "passage hit@10", "document hit@1"),
)
ANSWERS = ("correct", "shown@1", "shown@3", "IoU", "EM", "F1")
MEANS = (*RANKING, *ANSWERS)
LOWER_IS_BETTER = {"AURC", "ECE", "orphan rate", "latency p50", "latency p95", "latency p99"}
BY_TAG = ("correct", "hit@1", "hit@3", "nDCG@10", "F1")
_CURVE_POINTS = 200  # more cannot be seen


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure of one set: of the whole bot or of one stage, over all questions or those of a tag."""

    measure: str
    set: str
    value: float
    low: float
    high: float
    n: int
    system: str = WHOLE
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Curves:
    """What the plots of one set show: hit@k for k from 1 by system, risk over coverage, reliability bins."""

    set: str
    hits: dict[str, tuple[float, ...]]
    risk_coverage: tuple[CoveragePoint, ...] = ()
    reliability: tuple[ReliabilityBin, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """The records of one set as columns; NaN where a measure does not apply. 8 bytes a question and measure."""

    set: str
    answerable: npt.NDArray[np.bool_]
    columns: dict[str, dict[str, Values]]  # system -> measure -> (n,)
    tags: dict[str, npt.NDArray[np.bool_]]
    outcomes: dict[Outcome, int]

    def __len__(self) -> int:
        return len(self.answerable)

    def column(self, measure: str, system: str = WHOLE) -> Values:
        """A measure of every question, all NaN where the set does not have it."""
        found = self.columns.get(system, {}).get(measure)
        return np.full(len(self), np.nan) if found is None else found


def tables(records: Iterable[Record]) -> tuple[Table, ...]:
    """One table a set, read in one pass; sets in the order they first appear."""
    gathered: dict[str, _Gathered] = {}
    for record in records:
        gathered.setdefault(record.set, _Gathered(record.set)).add(record)
    return tuple(set_.table() for set_ in gathered.values())


def figures(table: Table, *, seed: int) -> tuple[Figure, ...]:
    """Every measure that applies to the set, each with its 95 % interval: the bot's, its stages', by tag."""
    named: dict[tuple[str, str, str | None], Statistic] = {
        (measure, WHOLE, None): statistic for measure, statistic in _statistics(table).items()
    }
    for system in [name for name in table.columns if name != WHOLE]:
        named |= {(measure, system, None): mean_of(table.column(measure, system)) for measure in RANKING}
    for tag, carries in table.tags.items():
        named |= {
            (measure, WHOLE, tag): mean_of(np.where(carries, table.column(measure), np.nan)) for measure in BY_TAG
        }
    keys = {str(number): key for number, key in enumerate(named) if named[key].n}
    found = estimates({name: named[key] for name, key in keys.items()}, len(table), seed=seed)
    return tuple(
        Figure(measure, table.set, of.value, of.low, of.high, of.n, system, tag)
        for (measure, system, tag), of in ((keys[name], found[name]) for name in keys)
    )


def curves(table: Table) -> Curves:
    """What the plots of the set show."""
    judged = table.answerable
    hits = {
        system: _hits_by_cutoff(table.column("first_rank", system)[judged])
        for system, columns in table.columns.items()
        if "hit@1" in columns and judged.any()
    }
    confidence, right = _confidences(table)
    points = risk_coverage_curve(confidence, right)
    thinned = points[:: max(1, len(points) // _CURVE_POINTS)]
    return Curves(table.set, hits, tuple(dict.fromkeys((*thinned, *points[-1:]))), reliability(confidence, right))


def _statistics(table: Table) -> dict[str, Statistic]:
    means = {measure: mean_of(table.column(measure)) for measure in MEANS}
    only_answerable = {
        f"{measure} (answerable)": mean_of(np.where(table.answerable, table.column(measure), np.nan))
        for measure in ("EM", "F1")
    }
    return {**means, **only_answerable, **_refusal(table), **_confidence(table), **_citations(table), **_latency(table)}


def _refusal(table: Table) -> dict[str, Statistic]:
    asked = ~np.isnan(table.column("answered"))
    answered = table.column("answered") == 1.0
    refused = asked & ~answered
    answerable, unanswerable = table.answerable & asked, ~table.answerable & asked
    return {
        "answered precision": _share(answered & answerable, answered),
        "answered recall": _share(answered & answerable, answerable),
        "refused precision": _share(refused & unanswerable, refused),
        "refused recall": _share(refused & unanswerable, unanswerable),
    }


def _confidence(table: Table) -> dict[str, Statistic]:
    has = ~np.isnan(table.column("confidence"))
    confidence, right = _confidences(table)
    near = has & (table.answerable | table.tags.get(NEAR_MISS, np.zeros(len(table), dtype=bool)))
    return {
        "AURC": on(has, area_under_risk_coverage(confidence, right)),
        "ECE": on(has, calibration_error(confidence, right)),
        "AUC": on(has, separation(confidence, table.answerable[has].astype(float))),
        "AUC near-miss": on(near, separation(table.column("confidence")[near], table.answerable[near].astype(float))),
    }


def _confidences(table: Table) -> tuple[Values, Values]:
    has = ~np.isnan(table.column("confidence"))
    return table.column("confidence")[has], table.column("first_hits")[has]


def _citations(table: Table) -> dict[str, Statistic]:
    cited, second_hand = (np.nan_to_num(table.column(name)) for name in ("cited", "second_hand"))
    return {
        "citation exactness": ratio_of(np.nan_to_num(table.column("cited_exactly")), cited),
        "note coverage": ratio_of(np.nan_to_num(table.column("noted")), cited),
        "orphan rate": ratio_of(np.nan_to_num(table.column("orphaned")), second_hand),
    }


def _latency(table: Table) -> dict[str, Statistic]:
    latency = table.column("latency_ms")
    return {f"latency p{share}": quantile_of(latency, share / 100) for share in (50, 95, 99)}


def _share(numerators: npt.NDArray[np.bool_], denominators: npt.NDArray[np.bool_]) -> Statistic:
    return ratio_of(numerators.astype(float), denominators.astype(float))


def _hits_by_cutoff(first_ranks: Values, deepest: int = 10) -> tuple[float, ...]:
    return tuple(float(np.mean(np.nan_to_num(first_ranks, nan=np.inf) <= cutoff)) for cutoff in range(1, deepest + 1))


class _Gathered:
    """Records of one set on their way to columns."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.answerable: list[bool] = []
        self.cells: dict[str, dict[str, array[float]]] = {WHOLE: {}}
        self.tags: dict[str, list[int]] = {}
        self.outcomes: dict[Outcome, int] = {}

    def add(self, record: Record) -> None:
        row = len(self.answerable)
        self.answerable.append(record.answerable)
        self.outcomes[record.outcome] = self.outcomes.get(record.outcome, 0) + 1
        for system, values in {WHOLE: record.values, **record.against}.items():
            columns = self.cells.setdefault(system, {})
            for measure, value in values.items():
                cells = columns.setdefault(measure, array("d"))
                cells.extend([np.nan] * (row - len(cells)))
                cells.append(value)
        for tag in set(record.tags):
            self.tags.setdefault(tag, []).append(row)

    def table(self) -> Table:
        return Table(
            self.name,
            np.array(self.answerable),
            {
                system: {measure: self._filled(cells) for measure, cells in columns.items()}
                for system, columns in self.cells.items()
            },
            {tag: self._mask(rows) for tag, rows in sorted(self.tags.items())},
            self.outcomes,
        )

    def _filled(self, cells: "array[float]") -> Values:
        return np.append(cells, np.full(len(self.answerable) - len(cells), np.nan))

    def _mask(self, rows: list[int]) -> npt.NDArray[np.bool_]:
        mask = np.zeros(len(self.answerable), dtype=bool)
        mask[rows] = True
        return mask
