"""What the plots of the report show, in data units from 0 to 1; the template draws them as SVG."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from qa_bot.evaluation.figures import WHOLE, Curves, Figure

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """One series, x and y from 0 to 1; `marks` puts a dot on every point."""

    name: str
    points: tuple[Point, ...]
    marks: bool = False


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
_SHARES = tuple((share / 4, f"{share / 4:g}") for share in range(5))


def charts(curves: Curves) -> tuple[Chart, ...]:
    """The plots of one set for which there is anything to draw."""
    return tuple(_charts(curves))


def tag_bars(figures: Iterable[Figure], set_name: str, measure: str) -> tuple[Bar, ...]:
    """One measure of a set by tag, best first, for tags with enough questions to say something."""
    of_tags = [f for f in figures if f.set == set_name and f.measure == measure and f.tag and f.system == WHOLE]
    found = [f for f in of_tags if f.n >= _ENOUGH] or of_tags
    bars = [Bar(f.tag or "", f.value, f.low, f.high, f.n) for f in found]
    return tuple(sorted(bars, key=lambda bar: (-bar.value, bar.name)))


def _charts(curves: Curves) -> Iterator[Chart]:
    if curves.hits:
        yield _hits(curves)
    if curves.risk_coverage:
        yield _risk_coverage(curves)
    if curves.reliability:
        yield _reliability(curves)


def _hits(curves: Curves) -> Chart:
    deepest = max(map(len, curves.hits.values()))
    lines = tuple(Line(system, tuple(_by_rank(values)), marks=True) for system, values in curves.hits.items())
    says = "; ".join(
        f"{system} {values[0]:.2f} at 1, {values[-1]:.2f} at {deepest}" for system, values in curves.hits.items()
    )
    ticks = tuple(((rank - 1) / (deepest - 1), str(rank)) for rank in (1, 3, 5, deepest))
    return Chart("hit@k", says, "k, places looked at", "share found", lines, ticks)


def _risk_coverage(curves: Curves) -> Chart:
    points = tuple((point.coverage, point.risk) for point in curves.risk_coverage)
    says = f"risk {points[-1][1]:.2f} when every question is answered, {points[0][1]:.2f} for the most confident"
    return Chart(
        "risk and coverage", says, "coverage, share answered", "risk, share wrong", (Line(WHOLE, points),), _SHARES
    )


def _reliability(curves: Curves) -> Chart:
    points = tuple((bin_.confidence, bin_.accuracy) for bin_ in curves.reliability)
    says = "; ".join(f"said {x:.2f}, right {y:.2f}" for x, y in points)
    return Chart(
        title="reliability",
        says=says,
        x_label="confidence",
        y_label="share right",
        lines=(Line(WHOLE, points, marks=True),),
        x_ticks=_SHARES,
        diagonal=True,
    )


def _by_rank(values: Sequence[float]) -> Iterator[Point]:
    for position, value in enumerate(values):
        yield position / max(1, len(values) - 1), value
