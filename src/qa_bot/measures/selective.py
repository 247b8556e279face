"""Knowing when not to answer: risk and coverage, calibration, and telling answerable from unanswerable.

Geifman and El-Yaniv, NeurIPS 2017 (risk and coverage); Geifman, Uziel and El-Yaniv, ICLR 2019 (AURC);
Naeini et al., AAAI 2015 and Guo et al., ICML 2017 (expected calibration error); Hanley and McNeil 1982 (AUC).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qa_bot.measures.resampling import Statistic, Values, Weights

BINS = 10  # as in Guo et al.; equal width, so that bins of two runs can be laid over each other


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """At this coverage (share answered, most confident first) and threshold, the share of wrong answers."""

    coverage: float
    risk: float
    threshold: float


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The questions whose confidence lies in `[low, high)`: how many, mean confidence, share right."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


def risk_coverage_curve(confidences: Values, correct: Values) -> tuple[CoveragePoint, ...]:
    """The curve from the most confident question to all of them, one point a distinct confidence."""
    if not len(confidences):
        return ()
    order = np.argsort(-confidences, kind="stable")
    ranked = confidences[order]
    covered = np.arange(1, len(order) + 1)
    risk = np.cumsum(1.0 - correct[order]) / covered
    # Questions of one confidence are answered or refused together.
    last = np.append(ranked[1:] != ranked[:-1], True)
    return tuple(
        CoveragePoint(float(count / len(order)), float(at), float(threshold))
        for count, at, threshold in zip(covered[last], risk[last], ranked[last], strict=True)
    )


def area_under_risk_coverage(confidences: Values, correct: Values) -> Statistic:
    """AURC: the mean over questions of the risk at the coverage that just includes them, lower is better."""
    order = np.argsort(-confidences, kind="stable")
    wrong = 1.0 - correct[order]
    groups = _groups(confidences[order])

    def statistic(weights: Weights) -> Values:
        drawn = _by_group(weights[:, order], groups)
        failed = np.cumsum(_by_group(weights[:, order] * wrong, groups), axis=1)
        covered = np.cumsum(drawn, axis=1)
        risk = np.divide(failed, covered, out=np.zeros_like(covered), where=covered > 0)
        return np.asarray((risk * drawn).sum(axis=1) / covered[:, -1])

    return Statistic(len(order), statistic)


def reliability(confidences: Values, correct: Values) -> tuple[ReliabilityBin, ...]:
    """The reliability diagram: ten bins of equal width, empty ones left out."""
    bins = _bin_of(confidences)
    return tuple(
        ReliabilityBin(
            low=number / BINS,
            high=(number + 1) / BINS,
            n=int((bins == number).sum()),
            confidence=float(confidences[bins == number].mean()),
            accuracy=float(correct[bins == number].mean()),
        )
        for number in range(BINS)
        if (bins == number).any()
    )


def calibration_error(confidences: Values, correct: Values) -> Statistic:
    """ECE: the mean over questions of |mean confidence - share right| of their bin, lower is better."""
    membership = np.eye(BINS)[_bin_of(confidences)]
    gap = (confidences - correct)[:, None] * membership
    return Statistic(len(confidences), lambda weights: np.abs(weights @ gap).sum(axis=1) / weights.sum(axis=1))


def separation(confidences: Values, positive: Values) -> Statistic:
    """AUC: the chance that a positive question (1.0) has more confidence than a negative one (0.0); ties count half."""
    order = np.argsort(confidences, kind="stable")
    groups = _groups(confidences[order])
    is_positive = positive[order]
    both = 0 < is_positive.sum() < len(order)

    def statistic(weights: Weights) -> Values:
        above = _by_group(weights[:, order] * is_positive, groups)
        below = _by_group(weights[:, order] * (1.0 - is_positive), groups)
        pairs = above * (np.cumsum(below, axis=1) - below / 2)
        return np.asarray(pairs.sum(axis=1) / (above.sum(axis=1) * below.sum(axis=1)))

    return Statistic(len(order) if both else 0, statistic)


def on(mask: npt.NDArray[np.bool_], statistic: Statistic) -> Statistic:
    """A statistic of some of the questions as a statistic of all of them."""
    return Statistic(statistic.n, lambda weights: statistic.of(weights[:, mask]))


def _bin_of(confidences: Values) -> npt.NDArray[np.int64]:
    return np.clip((confidences * BINS).astype(np.int64), 0, BINS - 1)


def _groups(ordered: Values) -> npt.NDArray[np.int64]:
    """Starts of runs of equal values, which one threshold cannot part."""
    return np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])) if len(ordered) else np.zeros(0, np.int64)


def _by_group(weights: Weights, starts: npt.NDArray[np.int64]) -> Weights:
    return np.asarray(np.add.reduceat(weights, starts, axis=1))
