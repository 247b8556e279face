"""Results as plain text for a terminal: figures with intervals, comparisons, and what fell below its floor."""

import math
from collections.abc import Sequence

from qa_bot.evaluation.comparison import Comparison, Difference
from qa_bot.evaluation.curation import Inspection
from qa_bot.evaluation.figures import LOWER_IS_BETTER, WHOLE, Figure
from qa_bot.evaluation.gate import Fall
from qa_bot.evaluation.meanings import MEANINGS
from qa_bot.evaluation.record import FAILURES
from qa_bot.evaluation.results import Results, SetInfo
from qa_bot.evaluation.standpoints import PerspectiveResults

_SHOWN_CHANGES = 20
_LEGEND = "n: questions a figure rests on; ↓: lower is better; docs/measures.md has every formula and its source"


def render_results(results: Results, *, width: int | None = None) -> str:
    """Every figure of every set with its 95 % interval, the stages beside it, and how many questions failed where.

    What each measure says stands at the end of its row, unless that does not fit into `width` characters.
    """
    blocks = [_set_block(results, info, width) for info in results.configuration.sets]
    return "\n\n".join([*blocks, _LEGEND])


def render_comparison(comparison: Comparison) -> str:
    """What moved against a base, and the questions that went differently, worst first."""
    rows: list[tuple[str, ...]] = [
        ("measure", "set", comparison.base, "now", "difference, 95 %", "won/tied/lost", "p (Holm)", "")
    ]
    rows += [_difference_row(difference) for difference in comparison.differences]
    lines = [_aligned(rows)] if comparison.differences else [f"nothing to compare with {comparison.base}"]
    if comparison.unmatched:
        lines.append(f"{comparison.unmatched} questions stand in only one of the two runs and are left out.")
        lines.append("A question is the same if its set, its id and its text are.")
    if comparison.changes:
        lines.append(f"{len(comparison.changes)} questions went differently, worst first:")
    for change in comparison.changes[:_SHOWN_CHANGES]:
        lines.append(f"  {change.set}/{change.question_id}: {change.before} → {change.after}: {change.question}")
    if len(comparison.changes) > _SHOWN_CHANGES:
        lines.append(f"  … and {len(comparison.changes) - _SHOWN_CHANGES} more (see --report)")
    return "\n".join(lines)


def render_perspective(results: PerspectiveResults) -> str:
    """Figures of the bot and of simpler ways beside it, the confusion of voices, and what was not measured."""
    systems = list(dict.fromkeys(figure.system for figure in results.figures if figure.system != WHOLE))
    found = {(figure.measure, figure.system): figure for figure in results.figures}
    rows: list[tuple[str, ...]] = [("measure", WHOLE, "95 % interval", "n", *systems)]
    for figure in (figure for figure in results.figures if figure.system == WHOLE):
        others = (found.get((figure.measure, system)) for system in systems)
        cells = (number(other.value, other.measure) if other else "" for other in others)
        rows.append((figure.measure, number(figure.value, figure.measure), interval(figure), str(figure.n), *cells))
    voices = list(dict.fromkeys(expected for expected, _ in results.confusion))
    confused: list[tuple[str, ...]] = [("expected \\ told", *voices)]
    confused += [(one, *(str(results.confusion[one, other]) for other in voices)) for one in voices]
    return "\n\n".join([_aligned(rows), _aligned(confused), *results.remarks])


def render_inspection(inspection: Inspection) -> str:
    """How a question set is spread, and what a person should look at."""
    refused = inspection.questions - inspection.answerable
    tags = ", ".join(f"{tag} {count}" for tag, count in inspection.tags.items()) or "none"
    sources = ", ".join(f"{doc_id} {count}" for doc_id, count in inspection.documents.items()) or "none"
    lines = [
        f"{inspection.questions} questions, {refused} of them unanswerable",
        f"tags: {tags}",
        f"gold in: {sources}",
    ]
    lines += [f"{finding.question_id or 'the set'}: {finding.problem}" for finding in inspection.findings]
    count = len(inspection.findings)
    return "\n".join([*lines, f"{count} finding{'' if count == 1 else 's'}"])


def render_falls(falls: Sequence[Fall]) -> str:
    """The floors that are not held."""
    rows = [("measure", "set", "tag", "limit", "measured", "short by")]
    for fall in falls:
        measured = "not measured" if fall.figure is None else number(fall.figure.value, fall.floor.measure)
        gap = "" if fall.figure is None else number(abs(fall.floor.value - fall.figure.value), fall.floor.measure)
        sign = "≤" if fall.floor.measure in LOWER_IS_BETTER else "≥"
        limit = f"{sign} {number(fall.floor.value, fall.floor.measure)}"
        rows.append((fall.floor.measure, fall.floor.set, fall.floor.tag or "", limit, measured, gap))
    return f"{len(falls)} of the floors not held:\n{_aligned(rows)}"


def named(measure: str) -> str:
    """A measure with an arrow where lower is better."""
    return f"{measure} ↓" if measure in LOWER_IS_BETTER else measure


def number(value: float, measure: str) -> str:
    """A figure as it is shown: milliseconds for latencies, three decimals for everything else, – for none."""
    if math.isnan(value):
        return "–"
    return f"{value:.1f} ms" if measure.startswith("latency") else f"{value:.3f}"


def interval(figure: Figure) -> str:
    """The 95 % interval as `[low, high]`."""
    return f"[{number(figure.low, figure.measure)}, {number(figure.high, figure.measure)}]"


def _set_block(results: Results, info: SetInfo, width: int | None) -> str:
    name = info.name
    index = results.configuration.index_version
    source = f"its own {info.documents:,} documents" if info.documents else f"index {index}"
    head = f"{name}: {info.questions:,} questions, {info.answerable:,} answerable ({source})"
    whole = [f for f in results.figures if f.set == name and f.tag is None and f.system == WHOLE]
    systems = list(dict.fromkeys(f.system for f in results.figures if f.set == name and f.system != WHOLE))
    by_system = {(f.measure, f.system): f for f in results.figures if f.set == name and f.tag is None}
    rows: list[tuple[str, ...]] = [("measure", WHOLE, "95 % interval", "n", *systems)]
    for figure in whole:
        others = (by_system.get((figure.measure, system)) for system in systems)
        cells = (number(other.value, other.measure) if other else "" for other in others)
        told = (named(figure.measure), number(figure.value, figure.measure), interval(figure), str(figure.n))
        rows.append((*told, *cells))
    meanings = [MEANINGS[figure.measure] for figure in whole]
    outcomes = results.outcomes.get(name, {})
    failed = ", ".join(f"{outcomes[kind]} {kind}" for kind in FAILURES if outcomes.get(kind))
    stages = [_stage_line(stage) for stage in results.stages if any(d.set == name for d in stage.differences)]
    return "\n".join([head, _explained(rows, meanings, width), f"failed: {failed or 'none'}", *stages])


def _explained(rows: Sequence[tuple[str, ...]], meanings: Sequence[str], width: int | None) -> str:
    wide = _aligned([(*row, meaning) for row, meaning in zip(rows, ("what it says", *meanings), strict=True)])
    fits = width is None or max(map(len, wide.splitlines())) <= width
    return wide if fits else _aligned(rows)


def _stage_line(stage: Comparison) -> str:
    clear = [difference for difference in stage.differences if difference.significant]
    told = ", ".join(f"{d.measure} {d.value - d.base:+.3f} (p = {d.p_holm:.4f})" for d in clear)
    return f"against {stage.base} alone (p by Holm): {told or 'no significant difference'}"


def _difference_row(difference: Difference) -> tuple[str, ...]:
    delta = difference.value - difference.base
    return (
        difference.measure,
        difference.set,
        f"{difference.base:.3f}",
        f"{difference.value:.3f}",
        f"{delta:+.3f} [{difference.low:+.3f}, {difference.high:+.3f}]",
        f"{difference.wins}/{difference.ties}/{difference.losses}",
        f"{difference.p_holm:.4f}",
        "significant" if difference.significant else "",
    )


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths).rstrip(), *lines[1:]])
