"""Speech: which quotations are somebody's words, and whose.

A quotation in marks is speech when a cue introduces or follows it, or when it is long and reads like speech.
Titles, names and scare quotes are nobody's. A speech without a cue of its own takes its speaker from the
speech it continues, the sentence before it, the sentence after it ("These words of X"), or the head of its line.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from qa_bot.perspective.clause import Clause
from qa_bot.perspective.collection import Collection
from qa_bot.perspective.discourse import Discourse, Referred
from qa_bot.perspective.inventory import inventory
from qa_bot.perspective.items import Item, items_of
from qa_bot.perspective.mentions import PERSON
from qa_bot.perspective.oration import PIECES, Oration, speaks
from qa_bot.perspective.quotations import Quotation
from qa_bot.perspective.reading import FRAGMENT, NOUN_QUOTE
from qa_bot.perspective.reports import Line, Report, owner_of_words, signature
from qa_bot.perspective.turns import about_speech, line_head
from qa_bot.types import Outline, Resolution, Source, Span

SHORT = 4  # words; a quotation up to this long is speech only after a cue
FEW = 3  # words; so many are no sentence without a verb that is known
IN_PIECES = "quotation marks, speech in pieces"  # a rule
ASIDE = 1  # sentences that the narrator may put in between two quotations of one speaker
SENTENCE_BEFORE = "quotation marks, sentence before"  # a rule
LONG = 12  # words; a quotation from this length on is no mere fragment
_RELATIVE = frozenset({"that", "who", "which", "whose", "where"})
_SUBORDINATE = frozenset("because although while since unless whatever whoever wherever which whose".split())
_COMPLEMENTIZERS = frozenset({"that", "whether", "why", "how", "because"})
_BEARS = frozenset("bore bears carried carries".split())
_SUBJECTS = frozenset({"i", "we", "you"})
_PERSONAL = frozenset({"i", "we", "you", "my", "our", "your", "us", "me"})


@dataclass(frozen=True, slots=True)
class Speech:
    """A quotation that is somebody's words."""

    span: Span
    rule: str
    source: Source
    cue: Span | None
    closure: tuple[Span, ...]
    nested: tuple[Span, ...] = ()
    inside_report: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A document as the voice rules see it: its text, outline, quotations, and the line of each sentence."""

    text: str
    outline: Outline
    quotations: tuple[Quotation, ...]
    lines: tuple[Line, ...]
    starts: tuple[int, ...]  # of the sentences

    def sentence_at(self, position: int) -> int:
        """The number of the sentence at or before a position."""
        return max(bisect_right(self.starts, position) - 1, 0)


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
    source = _as_carried(referred.source)
    return replace(speech, rule=IN_PIECES, source=source, cue=None, closure=(named,))


def _collected(document: Text, speech: Speech, collection: Collection) -> Speech:
    """A speech of nobody's is the author's in a collection of somebody's words."""
    number = document.sentence_at(speech.span.start)
    author = collection.author(number)
    alone = speech.cue is not None or speech.span.start <= document.starts[number] + 1  # no words within a sentence
    if author is None or not alone or speech.source.resolution is not Resolution.UNRESOLVED:
        return speech
    referred, heading = author
    return replace(speech, source=_as_carried(referred.source), closure=(*speech.closure, heading))


def _speech(
    document: Text, number: int, reports: Sequence[Report], before: Speech | None, discourse: Discourse
) -> Speech | None:
    quotation = document.quotations[number]
    words = list(items_of(document.text, quotation.span))
    size = sum(word.is_word for word in words)
    if size == 0:
        return None
    first = document.sentence_at(quotation.span.start)
    items = document.lines[first].clause.items
    named = _is_named(items, quotation)
    best = _best(reports)
    if best is None or (named and best.rule not in {"quotation", "called", "colon"} and not best.tail):
        if named or not _reads_like_speech(document, quotation, words, size):
            return None
        return _carried(document, number, before, discourse) if best is None else None
    embedded = best.content is not None and best.content.covers(Span(quotation.span.start, quotation.span.start + 1))
    if embedded and size <= SHORT and not _ends_sentence(words):
        return None
    if _is_written(items, quotation, words, best.rule):
        return None
    clause = _has_verb(words) and not _headless(words) and best.rule != "called"  # "called it "a lost cause""
    whole = clause or (_ends_sentence(words) and _capitalised(words))
    own = sum(item.is_word for item in items)
    # a part of a sentence that is most of it
    most = size > own and (size >= LONG or _is_clause(words) or best.rule == "called")
    fragment = not (whole or most or best.tail or best.rule in {"colon", NOUN_QUOTE})
    start = quotation.span.start
    before_mark = document.text[max(start - 2, 0) : start]
    announced = best.rule == NOUN_QUOTE and ":" in before_mark
    # noted that their statement, "...", had ended the talks; but not: said that, "..."
    set_apart = embedded and "," in before_mark and not _after_complementizer(items, quotation)
    rule = FRAGMENT if fragment else "colon" if announced else best.rule
    return Speech(
        quotation.span,
        rule if rule in {FRAGMENT, NOUN_QUOTE} else f"quotation marks, {rule}",
        best.source,
        best.cue,
        best.closure,
        quotation.nested,
        inside_report=best.nested or set_apart,
    )


def _after_complementizer(items: Sequence[Item], quotation: Quotation) -> bool:
    at = bisect_right(items, quotation.span.start, key=_start) - 1
    return at > 1 and items[at - 2].lower in _COMPLEMENTIZERS


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


# ---------------------------------------------------------------- is it speech


def _is_named(items: Sequence[Item], quotation: Quotation) -> bool:
    """Whether the words before the marks make it a name: `known as "scorched earth"`, `the film "X"`."""
    position = bisect_right(items, quotation.span.start, key=_start) - 1
    if position <= 0 or quotation.carried:
        return False
    before = items[position - 1].lower
    names = inventory().classes["names"]
    if before in {"as", "the", "a", "an"} and position > 1:
        before = items[position - 2].lower if before == "as" else before
    return (before in names and before not in {"known"}) or before == "known"


def _start(item: Item) -> int:
    return item.start


def _reads_like_speech(document: Text, quotation: Quotation, words: Sequence[Item], size: int) -> bool:
    number = document.sentence_at(quotation.span.start)
    if quotation.carried or _signed(document, quotation, number):
        return True
    sentence = document.outline.sentences[number].span
    alone = quotation.span.start - sentence.start <= 3
    if size <= SHORT:  # "I have tried." as a sentence of its own
        whole = alone and sentence.end - quotation.span.end <= 1 and _ends_sentence(words)
        return whole and size > 1 and (_is_clause(words) or (size > FEW and not _is_title(words)))
    if _is_title(words):
        return False
    return (
        (alone and (_ends_sentence(words) or _is_clause(words)))
        or (size >= LONG and _is_clause(words))
        or (_is_clause(words) and any(word.lower in _PERSONAL for word in words))
    )


def _signed(document: Text, quotation: Quotation, number: int) -> bool:
    """Whether `- Ada Fitch, Velgrad` stands right after a quotation that ends its sentence."""
    ends = document.outline.sentences[number].span.end == quotation.span.end
    following = document.lines[number + 1] if number + 1 < len(document.lines) else None
    return ends and following is not None and signature(following.clause) is not None


def _is_title(words: Sequence[Item]) -> bool:
    long = [word for word in words if word.is_word and len(word.text) > 3]
    return len(long) > 0 and sum(word.text[0].isupper() for word in long) >= 0.7 * len(long)


def _is_clause(words: Sequence[Item]) -> bool:
    """Whether quoted words hold a finite verb or speak in the first or second person."""
    return any(word.lower in _PERSONAL for word in words) or _has_verb(words)


def _has_verb(words: Sequence[Item]) -> bool:
    finite = inventory().classes["finite"]
    relative = next((k for k, word in enumerate(words) if word.lower in _RELATIVE and k), len(words))
    return (
        any(
            (word.lower in finite or (word.lower.endswith("ed") and len(word.lower) > 4)) and other.lower != "by"
            for word, other in pairwise([*words[:relative], words[-1]])
        )
        or any(one.lower in _SUBJECTS and other.is_word for one, other in pairwise(words))
        or _ends_with(words, "!?")
    )


def _headless(words: Sequence[Item]) -> bool:
    """Whether a quotation begins within a clause: "will fail", "shocked by the news", "to the last man"."""
    first = next((word for word in words if word.is_word), None)
    if first is None or not first.text[0].islower():
        return False
    known = inventory()
    classes = ("auxiliaries", "prepositions", "finite")
    verb = first.lower in known.verbs and bool(known.verbs[first.lower].form & {"past", "s", "participle", "ing"})
    within = first.lower in _SUBORDINATE or first.lower.endswith(("ed", "ing"))
    return verb or within or any(known.is_a(first.lower, name) for name in classes)


def _is_written(items: Sequence[Item], quotation: Quotation, words: Sequence[Item], rule: str) -> bool:
    """Whether it is an inscription or a work: `a banner reading "..."`, `the case bore the words "..."`, a song."""
    if rule == NOUN_QUOTE:
        at = bisect_right(items, quotation.span.start, key=_start) - 1
        return any(item.lower in _BEARS for item in items[max(at - 4, 0) : at])
    return rule in {"quotation", "called"} and (_is_inscription(items, quotation) or _is_work(words))


def _is_inscription(items: Sequence[Item], quotation: Quotation) -> bool:
    """As in `a banner reading "..."`: what stands written there is nobody's speech."""
    at = bisect_right(items, quotation.span.start, key=_start) - 1
    return any(inventory().is_a(item.lower, "inscriptions") for item in items[max(at - 12, 0) : at])


def _is_work(words: Sequence[Item]) -> bool:
    """As in `sang "The Green Hills of Home"`."""
    return _is_title(words) and not _ends_sentence(words) and sum(word.is_word for word in words) > 1


def _capitalised(words: Sequence[Item]) -> bool:
    return any(word.is_word and word.text[0].isupper() for word in words[:2])


def _ends_sentence(words: Sequence[Item]) -> bool:
    return _ends_with(words, ".!?…")


def _ends_with(words: Sequence[Item], marks: str) -> bool:
    return any(word.text in marks for word in words[-3:] if word.text)


# ---------------------------------------------------------------- whose is it


def _carried(document: Text, number: int, before: Speech | None, discourse: Discourse) -> Speech:
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
            _as_carried(continued.source),
            continued.cue,
            continued.closure,
            IN_PIECES if continued.rule == IN_PIECES else "quotation marks, goes on",
        )
    elif report := _report_before(document, first, paragraph):
        source, cue, closure, rule = (
            _as_carried(report.source),
            report.cue,
            report.closure,
            SENTENCE_BEFORE,
        )
    elif after := _owner_after(document, last, discourse):
        source, closure, rule = _as_carried(after[0].source), (after[1],), "quotation marks, sentence after"
    elif head := _head(document, first, quotation):
        referred, span = _resolve_head(document, first, head, discourse)
        source, closure, rule = referred.source, (span,), "quotation marks, head of line"
    elif introduced := _introduction(document, first, paragraph, quotation):
        source, closure, rule = _as_carried(introduced[0].source), (introduced[1],), SENTENCE_BEFORE
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


def _as_carried(source: Source) -> Source:
    if source.resolution in {Resolution.UNRESOLVED, Resolution.VAGUE}:
        return source
    return replace(source, resolution=Resolution.CARRIED)
