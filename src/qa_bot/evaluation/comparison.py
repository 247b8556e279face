"""Two runs over the same questions: which measures moved, how surely, and which questions changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from qa_bot.evaluation.figures import MEANS, WHOLE, Table
from qa_bot.evaluation.record import Record
from qa_bot.measures.resampling import PERMUTATIONS, Values, estimates, holm, mean_of, randomisation_test

COMPARED = ("correct", "hit@1", "hit@3", "nDCG@10", "MRR@10", "R@10", "R@100", "MAP@100", "IoU", "F1")
SIGNIFICANT = 0.05
_WEIGHT = ("correct", "hit@1", "nDCG@10", "F1")  # what makes a changed question worse, first to last


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure of two systems over the questions that both have: means, interval of the difference, p by Holm."""

    measure: str
    set: str
    base: float
    value: float
    low: float
    high: float
    wins: int
    ties: int
    losses: int
    p: float
    p_holm: float

    @property
    def significant(self) -> bool:
        """Whether the corrected p-value is below .05."""
        return self.p_holm < SIGNIFICANT


@dataclass(frozen=True, slots=True)
class Change:
    """A question that went differently; `delta` by measure, value minus base."""

    set: str
    question_id: str
    question: str
    before: str
    after: str
    delta: dict[str, float]

    @property
    def order(self) -> tuple[float, ...]:
        """Worst first."""
        return tuple(self.delta.get(measure, 0.0) for measure in _WEIGHT)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run against a base.

    `unmatched` counts questions that only one of the two has, or whose text differs.
    """

    base: str
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...] = ()
    unmatched: int = 0


def compare(base: Iterable[Record], records: Iterable[Record], *, name: str, seed: int) -> Comparison:
    """A run against an earlier one, paired by set and id; every measure tested, p-values corrected over all of them."""
    before = {record.key: record for record in base}
    pairs, unmatched = [], 0
    for record in records:
        earlier = before.pop(record.key, None)
        if earlier is None or earlier.question != record.question:
            unmatched += 1
        else:
            pairs.append((earlier, record))
    changes = [change for change in (_change(*pair) for pair in pairs) if change is not None]
    ordered = tuple(sorted(changes, key=lambda change: (change.order, change.set, change.question_id)))
    return Comparison(name, _differences(_paired_columns(pairs), seed=seed), ordered, unmatched + len(before))


def compare_stage(table: Table, stage: str, *, seed: int) -> Comparison:
    """The whole ranking of a run against one stage of it alone."""
    columns = {
        (table.set, measure): (table.column(measure, stage), table.column(measure, WHOLE)) for measure in COMPARED
    }
    return Comparison(stage, _differences(columns, seed=seed))


_Columns = dict[tuple[str, str], tuple[Values, Values]]  # (set, measure) -> base and value, one a question


def _differences(columns: _Columns, *, seed: int, permutations: int = PERMUTATIONS) -> tuple[Difference, ...]:
    moved = {key: _both(*pair) for key, pair in columns.items()}
    moved = {key: pair for key, pair in moved.items() if len(pair[0])}
    p_values = [
        randomisation_test(value - base, seed=seed, permutations=permutations) for base, value in moved.values()
    ]
    return tuple(
        _difference(key, pair, p, p_holm, seed=seed)
        for (key, pair), p, p_holm in zip(moved.items(), p_values, holm(p_values), strict=True)
    )


def _both(base: Values, value: Values) -> tuple[Values, Values]:
    has = ~(np.isnan(base) | np.isnan(value))
    return base[has], value[has]


def _difference(key: tuple[str, str], pair: tuple[Values, Values], p: float, p_holm: float, *, seed: int) -> Difference:
    base, value = pair
    delta = value - base
    interval = estimates({"delta": mean_of(delta, share=False)}, len(delta), seed=seed)["delta"]
    wins, losses = int((delta > 0).sum()), int((delta < 0).sum())
    return Difference(
        measure=key[1],
        set=key[0],
        base=float(base.mean()),
        value=float(value.mean()),
        low=interval.low,
        high=interval.high,
        wins=wins,
        ties=len(delta) - wins - losses,
        losses=losses,
        p=p,
        p_holm=p_holm,
    )


def _paired_columns(pairs: Sequence[tuple[Record, Record]]) -> _Columns:
    sets = list(dict.fromkeys(record.set for _, record in pairs))
    return {
        (name, measure): (
            _column((base for base, record in pairs if record.set == name), measure),
            _column((record for _, record in pairs if record.set == name), measure),
        )
        for name in sets
        for measure in COMPARED
    }


def _column(records: Iterable[Record], measure: str) -> Values:
    return np.array([record.values.get(measure, np.nan) for record in records], dtype=float)


def _change(base: Record, record: Record) -> Change | None:
    delta = {
        measure: record.values[measure] - base.values[measure]
        for measure in MEANS
        if measure in record.values and measure in base.values and record.values[measure] != base.values[measure]
    }
    if not delta and base.outcome == record.outcome:
        return None
    return Change(record.set, record.question_id, record.question, base.outcome, record.outcome, delta)
