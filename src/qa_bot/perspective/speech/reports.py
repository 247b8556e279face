"""Reports: the cues of every sentence with their sources resolved, in one pass over the document."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from qa_bot.perspective.items import Item, with_quotations
from qa_bot.perspective.reporting.clause import DASHES, Clause, Range
from qa_bot.perspective.reporting.cue import Cue
from qa_bot.perspective.reporting.cues import cues_of
from qa_bot.perspective.reporting.inventory import inventory
from qa_bot.perspective.reporting.nouns import owner
from qa_bot.perspective.reporting.subjects import sentence_subject
from qa_bot.perspective.sources.discourse import Discourse
from qa_bot.perspective.sources.referred import Referred
from qa_bot.perspective.speech.quotations import Quotation
from qa_bot.types import Outline, Resolution, Source, Span

SIGNATURE = 14  # items of a line that only names who is quoted above it


@dataclass(frozen=True, slots=True)
class Report:
    """One resolved attribution: `frame` is the text that says who and how, `content` the reported words.

    `quotes` are the numbers of the quotations it introduces (`head`) or follows (`tail`).
    """

    rule: str
    source: Source
    cue: Span
    frame: Span
    closure: tuple[Span, ...]
    content: Span | None
    quotes: tuple[int, ...]
    tail: bool
    rebuttal: Span | None
    nested: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as attribution sees it: its items, the reports in it, and who acts in a sentence without any."""

    clause: Clause
    reports: tuple[Report, ...] = ()
    subject: Referred | None = None


def clauses_of(
    outline: Outline, sentences: Sequence[Sequence[Item]], quotations: Sequence[Quotation]
) -> Iterator[Clause]:
    """The sentences of a document, given as items, with their quotations folded."""
    near = 0
    for sentence, items in zip(outline.sentences, sentences, strict=True):
        while near < len(quotations) and quotations[near].span.end <= sentence.span.start:
            near += 1
        yield Clause(with_quotations(items, _overlapping(quotations, near, sentence.span)))


def lines_of(
    text: str, outline: Outline, clauses: Iterable[Clause], spoken: Sequence[bool], discourse: Discourse
) -> Iterator[Line]:
    """The lines of a document in order; `spoken` sentences are turns, in which nobody else is looked for."""
    for number, (sentence, clause) in enumerate(zip(outline.sentences, clauses, strict=True)):
        if sentence.heading:
            discourse.head(clause)
        if sentence.heading or spoken[number]:
            yield Line(clause)
            continue
        discourse.enter(clause, sentence.paragraph)
        reports = tuple(_reports(clause, sentence.paragraph, discourse))
        subject = None if reports else _subject(clause, sentence.paragraph, discourse)
        discourse.acted(subject, sentence.paragraph)
        discourse.read(clause, sentence.paragraph)
        yield Line(clause, _with_rebuttals(reports, text, sentence.span, clause), subject)


def _subject(clause: Clause, paragraph: int, discourse: Discourse) -> Referred | None:
    if clause.quotes:
        return None
    stretch = sentence_subject(clause, clause.size)
    return discourse.subject_of(clause, stretch, paragraph) if stretch else None


def owner_of_words(line: Line, paragraph: int, discourse: Discourse) -> tuple[Referred, Span] | None:
    """Who said it, from a sentence such as "These words of our president are now proverbial"."""
    clause = line.clause
    for i in range(min(clause.size, 8)):
        if clause.is_a(i, "speech") or clause.word(i) in {"response", "interview"}:
            source, relation = owner(clause, i)
            if source is None or relation != "subject":
                return None
            last = source[1]
            for k in range(*source):
                if clause.is_a(k, "auxiliaries") or clause.is_a(k, "finite"):
                    last = k
                    break
            if last <= source[0]:
                return None
            frame = Span(clause.items[0].start, clause.items[max(last - 1, i)].end)
            return discourse.resolve(clause, (source[0], last), paragraph), frame
    return None


def signature(clause: Clause) -> Range | None:
    """Where somebody is named in a line that holds a dash and a name only: `- Ada Fitch, Velgrad`."""
    last = clause.last_word()
    if clause.word(0) not in DASHES or not 1 < last <= SIGNATURE or clause.is_statement(1, last):
        return None
    return (1, last) if clause.capitalised(1) or clause.somebody((1, last)) else None


def _overlapping(quotations: Sequence[Quotation], near: int, span: Span) -> list[tuple[int, Span]]:
    found: list[tuple[int, Span]] = []
    while near < len(quotations) and quotations[near].span.start < span.end:
        found.append((near, quotations[near].span))
        near += 1
    return found


def _reports(clause: Clause, paragraph: int, discourse: Discourse) -> Iterator[Report]:
    last: Referred | None = None
    for cue in cues_of(clause):
        referred = _referred(clause, paragraph, cue, last, discourse)
        if not cue.nested:
            last = referred
            discourse.spoke(referred, paragraph)
        yield _report(clause, cue, referred)


def _referred(clause: Clause, paragraph: int, cue: Cue, last: Referred | None, discourse: Discourse) -> Referred:
    if cue.relation == "same" and last is not None:
        return last
    if cue.source is None:
        return Referred(Source(Resolution.VAGUE))
    if cue.relation == "sentence":
        return discourse.subject_of(clause, cue.source, paragraph)
    return discourse.resolve(clause, cue.source, paragraph)


def _report(clause: Clause, cue: Cue, referred: Referred) -> Report:
    frame = _frame(clause, cue)
    place = referred.place if cue.relation in {"sentence", "same"} else None
    shown = {frame, referred.antecedent or frame, place or frame}
    closure = tuple(sorted(span for span in shown if span == frame or not frame.covers(span)))
    return Report(
        rule=cue.rule,
        source=referred.source,
        cue=_characters(clause, cue.words),
        frame=frame,
        closure=closure,
        content=_content(clause, cue),
        quotes=tuple(clause.items[position].quotation for position in cue.quotes),
        tail=cue.tail,
        rebuttal=_distancing(clause, cue),
        nested=cue.nested,
    )


def _frame(clause: Clause, cue: Cue) -> Span:
    first, last = cue.words
    if cue.source is not None and cue.relation not in {"same", "sentence"}:
        first, last = min(first, cue.source[0]), max(last, cue.source[1])
    while first < last - 1 and not clause.items[first].is_word:
        first += 1
    quoted = [i for i in range(first, last) if clause.items[i].quotation >= 0 and i not in cue.words]
    if quoted and cue.words[0] > quoted[-1]:
        first = quoted[-1] + 1
    elif quoted:
        last = quoted[0]
    return _characters(clause, (first, max(last, first + 1)))


def _content(clause: Clause, cue: Cue) -> Span | None:
    if cue.content is None:
        return None
    first, last = cue.content
    while first < last and not clause.items[first].is_word and clause.items[first].quotation < 0:
        first += 1
    return _characters(clause, (first, last)) if first < last else None


def _characters(clause: Clause, span: Range) -> Span:
    return Span(clause.items[span[0]].start, clause.items[min(span[1], clause.size) - 1].end)


# ---------------------------------------------------------------- rebuttals


def _distancing(clause: Clause, cue: Cue) -> Span | None:
    """As in "falsely claimed", "unfounded accusations that": the narrator's word against the source."""
    for i in (cue.words[0] - 2, cue.words[0] - 1, cue.words[0] + 1):
        name = (
            "distancing" if not cue.rule.startswith(("a claim", "reports of", "words of")) else "distancing_adjectives"
        )
        if clause.is_a(i, name):
            return Span(clause.items[i].start, clause.items[i].end)
    return None


def _with_rebuttals(reports: tuple[Report, ...], text: str, span: Span, clause: Clause) -> tuple[Report, ...]:
    if not reports or reports[-1].tail:
        return reports
    last = reports[-1]
    start = last.content.start if last.content else last.frame.end
    found = _rebuttal(text, clause, Span(start, span.end)) if start < span.end else None
    if found is None:
        return reports
    content = Span(last.content.start, found.start) if last.content and last.content.start < found.start else None
    return (*reports[:-1], replace(last, content=content, rebuttal=Span(found.start, span.end)))


def _rebuttal(text: str, clause: Clause, span: Span) -> Span | None:
    """Where the narrator turns against the source after a comma or dash ("..., in reality the figure is higher")."""
    for i, item in enumerate(clause.items):
        if item.start <= span.start or not item.is_word or clause.items[i - 1].is_word:
            continue
        following = text[item.start : min(item.start + 60, span.end)].lower()
        if following.startswith(("but ", "although ", "though ", "yet ", "while ")):
            following = following.split(" ", 1)[1]
        if any(following.startswith(phrase) for phrase in inventory().openings["rebuttals"]):
            return Span(item.start, span.end)
    return None


def rebuts(text: str, span: Span) -> bool:
    """Whether a sentence opens by turning against the one before ("In reality, ...")."""
    opening = text[span.start : min(span.start + 60, span.end)].lower()
    opening = opening.removeprefix("but ").removeprefix("yet ")
    return any(opening.startswith(phrase) for phrase in inventory().openings["rebuttals"])
