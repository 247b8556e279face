"""Speakers: whose a quotation is that has no cue of its own.

Of the speech that it continues, of the sentence before it, of the sentence after it ("These words of X"), or of the
head of its line.
"""

from dataclasses import replace

from qa_bot.perspective.reading import FRAGMENT, NOUN_QUOTE
from qa_bot.perspective.reporting.clause import Clause
from qa_bot.perspective.sources.discourse import Discourse
from qa_bot.perspective.sources.mentions import PERSON
from qa_bot.perspective.sources.referred import Referred
from qa_bot.perspective.speech.quotations import Quotation
from qa_bot.perspective.speech.reports import Report, owner_of_words, signature
from qa_bot.perspective.speech.spoken import Speech, Text
from qa_bot.perspective.speech.turns import about_speech, line_head
from qa_bot.types import Resolution, Source, Span

IN_PIECES = "quotation marks, speech in pieces"  # a rule
SENTENCE_BEFORE = "quotation marks, sentence before"  # a rule
ASIDE = 1  # sentences that the narrator may put in between two quotations of one speaker


def carried(document: Text, number: int, before: Speech | None, discourse: Discourse) -> Speech:
    """A speech without a cue, with the speaker that its surroundings give it."""
    quotation = document.quotations[number]
    first = document.sentence_at(quotation.span.start)
    last = document.sentence_at(quotation.span.end - 1)
    paragraph = document.outline.sentences[first].paragraph
    source, cue, closure, rule = (
        Source(Resolution.UNRESOLVED),
        None,
        tuple[Span, ...](),
        "quotation marks, speaker not found",
    )
    if continued := _continued(document, quotation, before, first, paragraph):
        source, cue, closure, rule = (
            as_carried(continued.source),
            continued.cue,
            continued.closure,
            IN_PIECES if continued.rule == IN_PIECES else "quotation marks, goes on",
        )
    elif report := _report_before(document, first, paragraph):
        source, cue, closure, rule = (
            as_carried(report.source),
            report.cue,
            report.closure,
            SENTENCE_BEFORE,
        )
    elif after := _owner_after(document, last, discourse):
        source, closure, rule = as_carried(after[0].source), (after[1],), "quotation marks, sentence after"
    elif head := _head(document, first, quotation):
        referred, span = _resolve_head(document, first, head, discourse)
        source, closure, rule = referred.source, (span,), "quotation marks, head of line"
    elif introduced := _introduction(document, first, paragraph, quotation):
        source, closure, rule = as_carried(introduced[0].source), (introduced[1],), SENTENCE_BEFORE
    return Speech(quotation.span, rule, source, cue, closure, quotation.nested)


def _continued(
    document: Text, quotation: Quotation, before: Speech | None, first: int, paragraph: int
) -> Speech | None:
    """The speech that this one goes on with: over a paragraph's end, or after "he said." between the two."""
    if before is None:
        return None
    if quotation.carried:
        return before
    at = document.outline.sentences[document.sentence_at(before.span.end - 1)]
    last = document.sentence_at(before.span.end - 1)
    near = at.paragraph == paragraph and (last >= first - 1 or _aside(document, quotation, last, first))
    return before if near and before.rule not in {FRAGMENT, NOUN_QUOTE} else None


def _aside(document: Text, quotation: Quotation, last: int, first: int) -> bool:
    """Whether between two quotations the narrator only puts in a word: "There were no charges.".

    The second one is a sentence of its own, and nobody acts or speaks in between.
    """
    alone = quotation.span.start - document.outline.sentences[first].span.start <= 1
    if not alone or first - last > ASIDE + 1:
        return False
    between = document.lines[last + 1 : first]
    acting = any(line.reports or line.clause.quotes or _acts(line.clause) for line in between)
    return not acting


def _acts(clause: Clause) -> bool:
    """Whether somebody may act in a sentence: it does not begin with "there", "it" or "that" and names nobody."""
    return clause.word(0) not in {"there", "it", "that", "this"} or clause.has_name((1, clause.size))


def _report_before(document: Text, first: int, paragraph: int) -> Report | None:
    """The last report of the sentence before, where that stands in the same paragraph or ends with a colon."""
    if first == 0:
        return None
    sentence = document.outline.sentences[first - 1]
    report = next((report for report in reversed(document.lines[first - 1].reports) if not report.nested), None)
    near = sentence.paragraph >= paragraph - 1
    return report if report and near and report.source.resolution is not Resolution.VAGUE else None


def _owner_after(document: Text, last: int, discourse: Discourse) -> tuple[Referred, Span] | None:
    following = last + 1
    if following >= len(document.lines):
        return None
    sentence, line = document.outline.sentences[following], document.lines[following]
    if sentence.heading:
        return None
    if sentence.paragraph - document.outline.sentences[last].paragraph < 2 and (name := signature(line.clause)):
        return discourse.resolve(line.clause, name, sentence.paragraph), sentence.span
    return owner_of_words(line, sentence.paragraph, discourse) if about_speech(document.text, sentence.span) else None


def _introduction(document: Text, first: int, paragraph: int, quotation: Quotation) -> tuple[Referred, Span] | None:
    """Who acts in the sentence before: one that speaks of a statement or a speech, or a person right before the words.

    `Ada Fitch shook her head. "I never met him."` is hers where both stand in one paragraph.
    """
    if first == 0:
        return None
    sentence, line = document.outline.sentences[first - 1], document.lines[first - 1]
    clause, referred = line.clause, line.subject
    if sentence.heading or sentence.paragraph < paragraph - 1 or clause.size > 80:
        return None
    if referred is None or referred.mention is None:
        return None
    name = referred.mention.name or ""
    if sentence.paragraph < paragraph and referred.source.party is None and " " not in name:
        return None  # "Editorial notes follow each letter." is no word of a Mr Editorial's
    told = any(clause.is_a(i, "speech") or clause.word(i) in {"spoke", "addressed"} for i in range(clause.size))
    person = referred.mention.kind == PERSON
    own = document.outline.sentences[first].span
    at_once = person and sentence.paragraph == paragraph and quotation.span.start - own.start <= 1
    known = referred.source.resolution in {Resolution.NAMED, Resolution.PRONOUN}
    return (referred, sentence.span) if known and (told or at_once) else None


def _head(document: Text, first: int, quotation: Quotation) -> Span | None:
    paragraph = document.outline.paragraphs[document.outline.sentences[first].paragraph]
    head = line_head(document.text, paragraph)
    return head if head and quotation.span.start - head.end <= 4 else None


def _resolve_head(document: Text, first: int, head: Span, discourse: Discourse) -> tuple[Referred, Span]:
    clause = document.lines[first].clause
    last = next((i for i, item in enumerate(clause.items) if item.start >= head.end), clause.size)
    return discourse.resolve(clause, (0, last), document.outline.sentences[first].paragraph), head


def as_carried(source: Source) -> Source:
    """A source that was told elsewhere."""
    if source.resolution in {Resolution.UNRESOLVED, Resolution.VAGUE}:
        return source
    return replace(source, resolution=Resolution.CARRIED)
