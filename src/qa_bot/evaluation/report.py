"""The report: one HTML file that holds everything, needs nothing and can be sent by mail."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from qa_bot.evaluation.charts import Bar, Chart, charts, tag_bars
from qa_bot.evaluation.comparison import Comparison
from qa_bot.evaluation.figures import LOWER_IS_BETTER, WHOLE, Figure
from qa_bot.evaluation.gate import Fall
from qa_bot.evaluation.meanings import MEANINGS
from qa_bot.evaluation.record import FAILURES, Outcome, Quoted, Record
from qa_bot.evaluation.results import Results, SetInfo
from qa_bot.evaluation.tables import interval, number
from qa_bot.types import Span

_HEADLINE = (
    "correct",
    "hit@1",
    "hit@3",
    "nDCG@10",
    "R@100",
    "F1",
    "refused recall",
    "citation exactness",
    "latency p50",
)
_LISTED = 5  # ranked documents shown of a question that is judged by documents


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a quotation; `shared` where gold and citation overlap."""

    text: str
    shared: bool


@dataclass(frozen=True, slots=True)
class QuotedView:
    """A quotation cut where it overlaps the other side, with where it stands."""

    quoted: Quoted
    segments: tuple[Segment, ...]

    @property
    def place(self) -> str:
        """Document and offsets."""
        return f"{self.quoted.doc_id} {self.quoted.span.start}-{self.quoted.span.end}"


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question of the report."""

    record: Record
    shown: tuple[QuotedView, ...]
    gold: tuple[QuotedView, ...]

    @property
    def failed(self) -> bool:
        """Whether it went wrong."""
        return self.record.outcome in FAILURES

    @property
    def later_hit(self) -> bool:
        """Whether a quotation after the first lies in gold."""
        return any(segment.shared for view in self.shown[1:] for segment in view.segments)

    @property
    def listed(self) -> tuple[tuple[str, float], ...]:
        """The best ranked documents, of a set that judges documents."""
        return self.record.ranked[:_LISTED] if self.record.outcome is Outcome.RANKED else ()


@dataclass(frozen=True, slots=True)
class Row:
    """A measure: the bot's figure and those of single stages, in the order of the systems."""

    figure: Figure
    others: tuple[Figure | None, ...]


@dataclass(frozen=True, slots=True)
class SetView:
    """One question set of the report."""

    info: SetInfo
    headline: tuple[Figure, ...]
    rows: tuple[Row, ...]
    systems: tuple[str, ...]
    charts: tuple[Chart, ...]
    bars: tuple[Bar, ...]
    outcomes: dict[str, int]


def write_report(
    results: Results, path: Path, *, comparison: Comparison | None = None, falls: Sequence[Fall] | None = None
) -> None:
    """Write the report; questions are read and written one at a time.

    `falls` are the floors that are not held, None where none were asked for.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("qa_bot.evaluation"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        number=number, interval=interval, lower_is_better=LOWER_IS_BETTER, meanings=MEANINGS, system_name=WHOLE
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    environment.get_template("report.html.j2").stream(
        configuration=results.configuration,
        sets=[_set_view(results, info) for info in results.configuration.sets],
        outcomes=[str(outcome) for outcome in Outcome],
        tags=sorted({figure.tag for figure in results.figures if figure.tag}),
        comparison=comparison,
        stages=results.stages,
        falls=falls,
        questions=_questions(results.records),
    ).dump(str(path), encoding="utf-8")


def segments(quoted: Quoted, others: Iterable[Quoted]) -> tuple[Segment, ...]:
    """A quotation cut into pieces that overlap one of the others and pieces that do not; together the whole text."""
    shared = [other.span for other in others if other.doc_id == quoted.doc_id and other.span.overlaps(quoted.span)]
    cuts = {quoted.span.start, quoted.span.end}
    cuts |= {edge for span in shared for edge in (span.start, span.end) if quoted.span.start < edge < quoted.span.end}
    edges = sorted(cuts)
    pieces = [Span(start, end) for start, end in pairwise(edges)]
    return tuple(
        Segment(
            quoted.text[piece.start - quoted.span.start : piece.end - quoted.span.start],
            any(span.covers(piece) for span in shared),
        )
        for piece in pieces
    )


def _questions(records: Iterable[Record]) -> Iterator[QuestionView]:
    for record in records:
        yield QuestionView(record, _views(record.shown, record.gold), _views(record.gold, record.shown))


def _views(quotations: Sequence[Quoted], others: Sequence[Quoted]) -> tuple[QuotedView, ...]:
    return tuple(QuotedView(quoted, segments(quoted, others)) for quoted in quotations)


def _set_view(results: Results, info: SetInfo) -> SetView:
    of_set = [figure for figure in results.figures if figure.set == info.name and figure.tag is None]
    systems = tuple(dict.fromkeys(figure.system for figure in of_set if figure.system != WHOLE))
    found = {(figure.measure, figure.system): figure for figure in of_set}
    whole = [figure for figure in of_set if figure.system == WHOLE]
    return SetView(
        info=info,
        headline=tuple(found[measure, WHOLE] for measure in _HEADLINE if (measure, WHOLE) in found),
        rows=tuple(Row(f, tuple(found.get((f.measure, system)) for system in systems)) for f in whole),
        systems=systems,
        charts=tuple(chart for curves in results.curves if curves.set == info.name for chart in charts(curves, of_set)),
        bars=tag_bars(results.figures, info.name, "correct"),
        outcomes=results.outcomes.get(info.name, {}),
    )
