"""Uncertainty by resampling questions: bootstrap intervals, paired randomisation tests, Holm's correction.

A statistic is a function of question weights, shape (resamples, n): one matrix product evaluates a block of
resamples at once, and weights of ones give the figure itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Values: TypeAlias = npt.NDArray[np.float64]  # (n,), one a question; NaN where a measure does not apply
Weights: TypeAlias = npt.NDArray[np.float64]  # (resamples, n), how often each question was drawn

RESAMPLES = 2_000  # percentile limits move by less than .005 on 100 questions beyond this
PERMUTATIONS = 10_000  # smallest p-value 1/10,001
LEVEL = 0.95
_BLOCK = 200_000  # cells of a weight matrix held at once: 1.6 MB
_TOLERANCE = 1e-9  # sums of the same numbers in another order


@dataclass(frozen=True, slots=True)
class Statistic:
    """A figure as a function of weights (resamples, n) -> (resamples,), and how many questions it rests on.

    `share` says that it is a mean of values between 0 and 1.
    """

    n: int
    of: Callable[[Weights], Values]
    share: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure over n questions with its 95 % interval; NaN where nothing applies."""

    value: float
    low: float
    high: float
    n: int


def estimates(
    statistics: Mapping[str, Statistic], n: int, *, seed: int, resamples: int = RESAMPLES
) -> dict[str, Estimate]:
    """Each statistic over n questions with its 95 % percentile interval (Efron 1979).

    Questions are drawn with replacement, the same resamples for every statistic. Resamples in which a
    statistic has nothing to rest on (no question of its kind drawn) are left out of its interval. Of a share that
    is 0 or 1 no resample says how far off it may be: its interval is the exact one (Clopper and Pearson 1934,
    one-sided), about 3 / n wide.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        ones = np.ones((1, n))
        values = {
            name: float(statistic.of(ones)[0]) if statistic.n else np.nan for name, statistic in statistics.items()
        }
        drawn: dict[str, list[Values]] = {name: [] for name, statistic in statistics.items() if statistic.n}
        for weights in _draws(n, seed, resamples) if drawn else ():
            for name, blocks in drawn.items():
                blocks.append(statistics[name].of(weights))
    return {
        name: Estimate(value, *_limits(statistics[name], value, drawn.get(name, [])), statistics[name].n)
        for name, value in values.items()
    }


def mean_of(values: Values, *, share: bool = True) -> Statistic:
    """The mean over the questions to which a measure applies (those that are not NaN); a `share` is never beyond 1."""
    applies = ~np.isnan(values)
    return ratio_of(np.where(applies, values, 0.0), applies.astype(float), share=share)


def ratio_of(numerators: Values, denominators: Values, *, share: bool = True) -> Statistic:
    """Sum of numerators over sum of denominators, both one a question."""
    n = int(np.count_nonzero(denominators))
    return Statistic(n, lambda weights: (weights @ numerators) / (weights @ denominators), share)


def quantile_of(values: Values, share: float) -> Statistic:
    """The smallest value with at least this share of the questions at or below it; NaNs are left out."""
    order = np.argsort(values, kind="stable")[: np.count_nonzero(~np.isnan(values))]
    ordered = values[order]

    def statistic(weights: Weights) -> Values:
        reached = np.cumsum(weights[:, order], axis=1)
        position = (reached < share * reached[:, -1:]).sum(axis=1)
        return np.asarray(ordered[np.minimum(position, len(ordered) - 1)])

    return Statistic(len(order), statistic)


def randomisation_test(differences: Values, *, seed: int, permutations: int = PERMUTATIONS) -> float:
    """Two-sided p-value of a mean paired difference by random sign flips (Fisher; Smucker et al., CIKM 2007).

    One is added to both counts (Phipson and Smyth 2010), so that no p-value is 0. Pairs without a
    difference cannot change the sum and are left out.
    """
    moved = differences[differences != 0.0]
    if not moved.size:
        return 1.0
    observed = abs(float(moved.sum()))
    rng = np.random.default_rng(seed)
    extreme = 0
    for size in _blocks(len(moved), permutations):
        signs = rng.integers(0, 2, size=(size, len(moved)), dtype=np.int8) * 2.0 - 1.0
        extreme += int((np.abs(signs @ moved) >= observed - _TOLERANCE).sum())
    return (1 + extreme) / (1 + permutations)


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values corrected for having looked at several measures (Holm 1979), in the order given."""
    adjusted = [1.0] * len(p_values)
    highest = 0.0
    for rank, position in enumerate(np.argsort(p_values, kind="stable")):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[position]))
        adjusted[int(position)] = highest
    return adjusted


def _draws(n: int, seed: int, resamples: int) -> Iterator[Weights]:
    rng = np.random.default_rng(seed)
    for size in _blocks(n, resamples):
        drawn = rng.integers(0, n, size=(size, n)) + np.arange(size)[:, None] * n
        yield np.bincount(drawn.ravel(), minlength=size * n).reshape(size, n).astype(float)


def _blocks(width: int, rows: int) -> list[int]:
    step = max(1, _BLOCK // width)
    return [min(step, rows - start) for start in range(0, rows, step)]


def _limits(statistic: Statistic, value: float, blocks: Sequence[Values]) -> tuple[float, float]:
    if statistic.share and value in {0.0, 1.0}:
        most = 1 - (1 - LEVEL) ** (1 / statistic.n)
        return (0.0, most) if value == 0.0 else (1 - most, 1.0)
    return _interval(blocks)


def _interval(blocks: Sequence[Values]) -> tuple[float, float]:
    drawn = np.concatenate(blocks) if blocks else np.empty(0)
    drawn = drawn[~np.isnan(drawn)]
    if not drawn.size:
        return np.nan, np.nan
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return float(low), float(high)
