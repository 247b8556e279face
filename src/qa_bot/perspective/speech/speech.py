"""Speech: which quotations are somebody's words, and whose.

A quotation in marks is speech when a cue introduces or follows it, or when it is long and reads like speech.
Titles, names and scare quotes are nobody's.
"""

from collections.abc import Sequence
from dataclasses import replace

from qa_bot.perspective.items import Item, items_of
from qa_bot.perspective.reading import FRAGMENT, NOUN_QUOTE
from qa_bot.perspective.sources.discourse import Discourse
from qa_bot.perspective.sources.referred import Referred
from qa_bot.perspective.speech.collection import Collection
from qa_bot.perspective.speech.oration import PIECES, Oration, speaks
from qa_bot.perspective.speech.quotations import Quotation
from qa_bot.perspective.speech.quoted_words import (
    PERSONAL,
    after_complementizer,
    capitalised,
    ends_sentence,
    has_verb,
    headless,
    is_clause,
    is_named,
    is_title,
    is_written,
)
from qa_bot.perspective.speech.reports import Report, signature
from qa_bot.perspective.speech.speakers import IN_PIECES, SENTENCE_BEFORE, as_carried, carried
from qa_bot.perspective.speech.spoken import Speech, Text
from qa_bot.types import Resolution, Span

SHORT = 4  # words; a quotation up to this long is speech only after a cue
FEW = 3  # words; so many are no sentence without a verb that is known
LONG = 12  # words; a quotation from this length on is no mere fragment


def speeches(document: Text, discourse: Discourse, collection: Collection, oration: Oration) -> tuple[Speech, ...]:
    """The speeches of a document, in order and disjoint."""
    pieces = _pieces(document)
    orator = oration.orator(document.sentence_at(pieces[0])) if len(pieces) >= PIECES else None
    reports: dict[int, list[Report]] = {}
    for line in document.lines:
        for report in line.reports:
            for number in report.quotes:
                reports.setdefault(number, []).append(report)
    found: list[Speech] = []
    for number in range(len(document.quotations)):
        speech = _speech(document, number, reports.get(number, []), found[-1] if found else None, discourse)
        if speech:
            speech = _collected(document, speech, collection)
            found.append(_orated(document, speech, found[-1] if found else None, orator) if orator else speech)
    return tuple(found)


def _pieces(document: Text) -> list[int]:
    """Where the paragraphs start that begin with a quotation."""
    starts = {paragraph.start for paragraph in document.outline.paragraphs}
    return [quotation.span.start for quotation in document.quotations if quotation.span.start in starts]


def _orated(document: Text, speech: Speech, last: Speech | None, orator: tuple[Referred, Span]) -> Speech:
    """A speech with which a paragraph begins is the orator's, unless somebody else was introduced right before it.

    So are those of nobody's that follow in the paragraph, after what the hearers did.
    """
    number = document.sentence_at(speech.span.start)
    sentence = document.outline.sentences[number]
    paragraph = document.outline.paragraphs[sentence.paragraph]
    opens = speech.span.start == paragraph.start
    nobody = speech.source.resolution is Resolution.UNRESOLVED and speech.cue is None
    goes_on = last is not None and last.rule == IN_PIECES and last.span.start >= paragraph.start
    alone = speech.span.start - sentence.span.start <= 1
    if not (opens and (nobody or speech.rule == SENTENCE_BEFORE)) and not (nobody and alone and goes_on):
        return speech
    before = document.outline.sentences[number - 1].span.of(document.text) if number else ""
    introduced = before.endswith(":") or (number and speaks(document.lines[number - 1].clause))
    if introduced and not nobody:
        return speech  # "Then the minister spoke."
    referred, named = orator
    source = as_carried(referred.source)
    return replace(speech, rule=IN_PIECES, source=source, cue=None, closure=(named,))


def _collected(document: Text, speech: Speech, collection: Collection) -> Speech:
    """A speech of nobody's is the author's in a collection of somebody's words."""
    number = document.sentence_at(speech.span.start)
    author = collection.author(number)
    alone = speech.cue is not None or speech.span.start <= document.starts[number] + 1  # no words within a sentence
    if author is None or not alone or speech.source.resolution is not Resolution.UNRESOLVED:
        return speech
    referred, heading = author
    return replace(speech, source=as_carried(referred.source), closure=(*speech.closure, heading))


def _speech(
    document: Text, number: int, reports: Sequence[Report], before: Speech | None, discourse: Discourse
) -> Speech | None:
    quotation = document.quotations[number]
    words = list(items_of(document.text, quotation.span))
    size = sum(word.is_word for word in words)
    if size == 0:
        return None
    items = document.lines[document.sentence_at(quotation.span.start)].clause.items
    named = is_named(items, quotation)
    best = _best(reports)
    if best is None:
        unheralded = not named and _reads_like_speech(document, quotation, words, size)
        return carried(document, number, before, discourse) if unheralded else None
    if named and best.rule not in {"quotation", "called", "colon"} and not best.tail:
        return None
    start = quotation.span.start
    embedded = best.content is not None and best.content.covers(Span(start, start + 1))
    if embedded and size <= SHORT and not ends_sentence(words):
        return None
    if is_written(items, quotation, words, best.rule):
        return None
    before_mark = document.text[max(start - 2, 0) : start]
    # noted that their statement, "...", had ended the talks; but not: said that, "..."
    set_apart = embedded and "," in before_mark and not after_complementizer(items, quotation)
    return Speech(
        quotation.span,
        _rule(best, words, outside=sum(item.is_word for item in items), announced=":" in before_mark),
        best.source,
        best.cue,
        best.closure,
        quotation.nested,
        inside_report=best.nested or set_apart,
    )


def _rule(report: Report, words: Sequence[Item], *, outside: int, announced: bool) -> str:
    """The rule of a quotation by its report and its own words; so many words of its sentence stand outside of it."""
    if _is_fragment(report, words, outside):
        return FRAGMENT
    if report.rule == NOUN_QUOTE:
        return "quotation marks, colon" if announced else NOUN_QUOTE
    return f"quotation marks, {report.rule}"


def _is_fragment(report: Report, words: Sequence[Item], outside: int) -> bool:
    """Whether a quotation is only a few words of the sentence of somebody else."""
    if report.tail or report.rule in {"colon", NOUN_QUOTE}:
        return False
    called = report.rule in {"called", "as"}  # "called it "a lost cause""
    whole = has_verb(words) and not headless(words) and not called
    if whole or (ends_sentence(words) and capitalised(words)):
        return False
    size = sum(word.is_word for word in words)
    return not (size > outside and (size >= LONG or is_clause(words) or called))  # most of its sentence, else


def _best(reports: Sequence[Report]) -> Report | None:
    """The report that names the speaker best: a name before a pronoun, an owner of words before one who shows them."""
    order = {
        Resolution.NAMED: 0,
        Resolution.PRONOUN: 1,
        Resolution.CARRIED: 1,
        Resolution.VAGUE: 2,
        Resolution.UNRESOLVED: 3,
    }
    ranked = sorted(reports, key=lambda report: (order[report.source.resolution], report.rule != NOUN_QUOTE))
    if not ranked or ranked[0].rule != NOUN_QUOTE:
        return ranked[0] if ranked else None
    who = (ranked[0].source.actor, ranked[0].source.party)  # "said in a speech": said, not merely shown
    verbs = (r for r in ranked[1:] if r.rule != NOUN_QUOTE and (r.source.actor, r.source.party) == who)
    return next(verbs, ranked[0])


def _reads_like_speech(document: Text, quotation: Quotation, words: Sequence[Item], size: int) -> bool:
    number = document.sentence_at(quotation.span.start)
    if quotation.carried or _signed(document, quotation, number):
        return True
    sentence = document.outline.sentences[number].span
    alone = quotation.span.start - sentence.start <= 3
    if size <= SHORT:  # "I have tried." as a sentence of its own
        whole = alone and sentence.end - quotation.span.end <= 1 and ends_sentence(words)
        return whole and size > 1 and (is_clause(words) or (size > FEW and not is_title(words)))
    if is_title(words):
        return False
    return (
        (alone and (ends_sentence(words) or is_clause(words)))
        or (size >= LONG and is_clause(words))
        or (is_clause(words) and any(word.lower in PERSONAL for word in words))
    )


def _signed(document: Text, quotation: Quotation, number: int) -> bool:
    """Whether `- Ada Fitch, Velgrad` stands right after a quotation that ends its sentence."""
    ends = document.outline.sentences[number].span.end == quotation.span.end
    following = document.lines[number + 1] if number + 1 < len(document.lines) else None
    return ends and following is not None and signature(following.clause) is not None
