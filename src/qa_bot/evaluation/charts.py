"""What the plots of the report show, in data units from 0 to 1; the template draws them as SVG."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa_bot.evaluation.figures import WHOLE, Curves, Figure

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """A dot, its radius, and the interval of its y where there is one."""

    at: Point
    radius: float = 2.6
    interval: Point | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One series, x and y from 0 to 1, with the dots on it."""

    name: str
    points: tuple[Point, ...]
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A square plot; ticks are (place from 0 to 1, label)."""

    title: str
    says: str
    x_label: str
    y_label: str
    lines: tuple[Line, ...]
    x_ticks: tuple[tuple[float, str], ...]
    diagonal: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One horizontal bar with its interval."""

    name: str
    value: float
    low: float
    high: float
    n: int


_ENOUGH = 5  # questions
_DOT = 5.0  # what the radius of the largest bin's dot has more than that of an empty one
_SHARES = tuple((share / 4, f"{share / 4:g}") for share in range(5))


def charts(curves: Curves, figures: Iterable[Figure] = ()) -> tuple[Chart, ...]:
    """The plots of one set for which there is anything to draw; intervals are those of its figures."""
    hits = {
        int(figure.measure.removeprefix("hit@")): (figure.low, figure.high)
        for figure in figures
        if figure.measure.startswith("hit@") and (figure.set, figure.system, figure.tag) == (curves.set, WHOLE, None)
    }
    return tuple(_charts(curves, hits))


def tag_bars(figures: Iterable[Figure], set_name: str, measure: str) -> tuple[Bar, ...]:
    """One measure of a set by tag, best first, for tags with enough questions to say something."""
    of_tags = [f for f in figures if f.set == set_name and f.measure == measure and f.tag and f.system == WHOLE]
    found = [f for f in of_tags if f.n >= _ENOUGH] or of_tags
    bars = [Bar(f.tag or "", f.value, f.low, f.high, f.n) for f in found]
    return tuple(sorted(bars, key=lambda bar: (-bar.value, bar.name)))


def _charts(curves: Curves, hit_intervals: Mapping[int, Point]) -> Iterator[Chart]:
    if curves.hits:
        yield _hits(curves, hit_intervals)
    if curves.risk_coverage:
        yield _risk_coverage(curves)
    if curves.reliability:
        yield _reliability(curves)


def _hits(curves: Curves, intervals: Mapping[int, Point]) -> Chart:
    deepest = max(map(len, curves.hits.values()))
    lines = tuple(
        _by_rank(system, values, intervals if system == WHOLE else {}) for system, values in curves.hits.items()
    )
    says = "; ".join(
        f"{system} {values[0]:.2f} at 1, {values[-1]:.2f} at {deepest}" for system, values in curves.hits.items()
    )
    ticks = tuple(((rank - 1) / (deepest - 1), str(rank)) for rank in (1, 3, 5, deepest))
    return Chart("hit@k", says, "k, places looked at (bars: 95 %)", "share found", lines, ticks)


def _risk_coverage(curves: Curves) -> Chart:
    points = tuple((point.coverage, point.risk) for point in curves.risk_coverage)
    says = f"risk {points[-1][1]:.2f} when every question is answered, {points[0][1]:.2f} for the most confident"
    return Chart(
        "risk and coverage", says, "coverage, share answered", "risk, share wrong", (Line(WHOLE, points),), _SHARES
    )


def _reliability(curves: Curves) -> Chart:
    points = tuple((bin_.confidence, bin_.accuracy) for bin_ in curves.reliability)
    most = max(bin_.n for bin_ in curves.reliability)
    marks = tuple(
        Mark(point, radius=1.5 + _DOT * math.sqrt(bin_.n / most))
        for point, bin_ in zip(points, curves.reliability, strict=True)
    )
    says = "; ".join(f"said {x:.2f}, right {y:.2f}" for x, y in points)
    return Chart(
        title="reliability",
        says=says,
        x_label="confidence (larger dots: more questions)",
        y_label="share right",
        lines=(Line(WHOLE, points, marks),),
        x_ticks=_SHARES,
        diagonal=True,
    )


def _by_rank(system: str, values: Sequence[float], intervals: Mapping[int, Point]) -> Line:
    points = tuple((position / max(1, len(values) - 1), value) for position, value in enumerate(values))
    marks = tuple(Mark(point, interval=intervals.get(rank)) for rank, point in enumerate(points, 1))
    return Line(system, points, marks)
