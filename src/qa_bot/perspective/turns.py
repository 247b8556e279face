"""Speech without quotation marks: interview turns, "as follows:" runs, blocks after a colon, dash dialogue."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa_bot.perspective.inventory import inventory
from qa_bot.types import Outline, Span, Voice

_LABEL = re.compile(
    r"\s*(?:[*_]{1,2})?(?P<label>[^\W\d_][\w.’'\-]*(?: [\w.’'\-]+){0,4}?)(?:[*_]{1,2})?:(?:[*_]{1,2})?(?=\s+\S)"
)
_LINE_HEAD = re.compile(r"(?P<head>[^\W\d_][\w.’'&]*(?: [\w.’'&]+){0,5}) (?:-|–|—) (?=\S)")
_DASH = re.compile(r"\s*[—–-]\s+\S")
_FOLLOWS = re.compile(
    r"\b(?:as follows|the following(?: \w+){0,3}|as such|in these words|like this)\s*[:.]", re.IGNORECASE
)
# a narrator who speaks of what was just said has taken the floor again
_ABOUT_SPEECH = re.compile(
    r"\s*(?:This|That|These|Those|Such|His|Her|Their|The)\s+(?:\w+\s+){0,2}?"
    r"(?:response|answer|reply|statement|words|remarks?|speech|interview|question|comments?|quotation|exchange|message|address)\b"
)
_TIME_LED = re.compile(
    r"\s*(?:On|In|At|By|From)\s+(?:the\s+)?(?:\d|January|February|March|April|May|June|July|August|September|October|November|December)"
)
_FIRST_PERSON = re.compile(r"\b(?:I|we|We|my|My|our|Our|us|me)\b")


@dataclass(frozen=True, slots=True)
class Turn:
    """Sentences `[first, last)` that are somebody's words; the speech itself starts at `start` in the first one.

    `label` is where the speaker is named before a colon, if there is one.
    """

    first: int
    last: int
    start: int
    voice: Voice
    rule: str
    label: Span | None = None


def turns(text: str, outline: Outline, free: Sequence[bool]) -> tuple[Turn, ...]:
    """The turns of a document, in order, without overlap; `free` tells which sentences start outside quotations."""
    labels = _accepted_labels(text, outline, free)
    found: list[Turn] = []
    after = 0
    for number in range(len(outline.sentences)):
        if number < after or outline.sentences[number].heading or not free[number]:
            continue
        turn = _turn_at(text, outline, number, labels) if number in labels else _run_at(text, outline, number, labels)
        if turn:
            found.append(turn)
            after = turn.last
    return tuple(found)


def line_head(text: str, paragraph: Span) -> Span | None:
    """The "Turkey" of a paragraph that begins `Turkey - ...`."""
    found = _LINE_HEAD.match(text, paragraph.start, min(paragraph.end, paragraph.start + 80))
    return Span(*found.span("head")) if found and text[paragraph.start].isupper() else None


def about_speech(text: str, span: Span) -> bool:
    """Whether a sentence speaks of what was just said ("These words ...", "This response ...")."""
    return _ABOUT_SPEECH.match(text, span.start, span.end) is not None


def _accepted_labels(text: str, outline: Outline, free: Sequence[bool]) -> dict[int, Span]:
    """Sentences that begin with a speaker's label: known words anywhere, names where they come in turns."""
    known, others = inventory().classes["labels"], inventory().classes["not_labels"]
    found: dict[int, tuple[Span, bool]] = {}
    for number, sentence in enumerate(outline.sentences):
        match = _LABEL.match(text, sentence.span.start, min(sentence.span.end, sentence.span.start + 80))
        if match is None or sentence.heading or not free[number] or not match["label"][0].isupper():
            continue
        first = number == 0 or outline.sentences[number - 1].paragraph != sentence.paragraph
        if match["label"].lower().split()[-1] not in others:
            found[number] = (Span(*match.span("label")), first)
    names = Counter(span.of(text) for span, first in found.values() if first)
    dialogue = {name for name, times in names.items() if times > 1 or name.isupper()}
    if len(names) < 2 or sum(names.values()) < 3:
        dialogue = set()
    return {
        number: span
        for number, (span, first) in found.items()
        if span.of(text).lower() in known or (first and (dialogue and (span.of(text) in dialogue)))
    }


def _turn_at(text: str, outline: Outline, number: int, labels: dict[int, Span]) -> Turn:
    label, sentences = labels[number], outline.sentences
    start = _after_colon(text, label.end)
    last = number + 1
    paragraph = sentences[number].paragraph
    later = any(other > number for other in labels)
    while last < len(sentences) and last not in labels and not sentences[last].heading:
        moved = sentences[last].paragraph != paragraph
        if about_speech(text, sentences[last].span) or (moved and not later):
            break
        if moved and not _block_continues(text, outline, last, labels):
            break
        paragraph = sentences[last].paragraph
        last += 1
    return Turn(number, last, start, Voice.DIRECT_QUOTE, "interview turn", label)


def _block_continues(text: str, outline: Outline, number: int, labels: dict[int, Span]) -> bool:
    """Whether an unlabelled paragraph between two labelled ones still belongs to the turn before it."""
    nearby = range(number, min(number + 12, len(outline.sentences)))
    return any(other in labels for other in nearby) or bool(
        _FIRST_PERSON.search(
            text,
            outline.paragraphs[outline.sentences[number].paragraph].start,
            outline.paragraphs[outline.sentences[number].paragraph].end,
        )
    )


def _run_at(text: str, outline: Outline, number: int, labels: dict[int, Span]) -> Turn | None:
    """ "described the situation as follows: ..." over the sentences after it."""
    sentence = outline.sentences[number]
    found = _FOLLOWS.search(text, sentence.span.start, sentence.span.end)
    if found is None or not _speaks(
        text, Span(sentence.span.start, found.start()) if found.start() > sentence.span.start else sentence.span
    ):
        return None
    start = _after_colon(text, found.end() - 1)
    last = number + 1
    while last < len(outline.sentences) and last not in labels and _run_continues(text, outline, number, last):
        last += 1
    if start >= sentence.span.end and last == number + 1:
        return None
    return Turn(number, last, min(start, sentence.span.end), Voice.ATTRIBUTED, "as follows")


def _run_continues(text: str, outline: Outline, number: int, last: int) -> bool:
    first, sentence = outline.sentences[number], outline.sentences[last]
    span = sentence.span
    same = sentence.paragraph == first.paragraph
    block = text[first.span.end - 1] == ":" and sentence.paragraph == first.paragraph + 1
    if sentence.heading or not (same or block):
        return False
    return not (
        _TIME_LED.match(text, span.start, span.end)
        or about_speech(text, span)
        or _speaks(text, span)
        or '"' in span.of(text)
    )


def _speaks(text: str, span: Span) -> bool:
    verbs = inventory().verbs
    words = re.findall(r"[a-z]+", text[span.start : min(span.end, span.start + 600)])
    return any(
        word in verbs
        and verbs[word].frames & {"that", "as", "quote"}
        and "past"
        in verbs[word].form
        | ({"past"} if "s" in verbs[word].form and word in {"says", "describes", "writes"} else set())
        for word in words
    )


def _after_colon(text: str, position: int) -> int:
    while position < len(text) and (text[position] in ":*_" or text[position].isspace()):
        position += 1
    return position


def dash_dialogue(text: str, paragraphs: Sequence[Span]) -> Iterator[int]:
    """Paragraphs of a dialogue set with dashes: at least two in a row that begin with one."""
    dashed = [
        bool(_DASH.match(text, paragraph.start, paragraph.end)) and text[paragraph.start] in "—–"
        for paragraph in paragraphs
    ]
    for number, is_dashed in enumerate(dashed):
        if is_dashed and ((number and dashed[number - 1]) or (number + 1 < len(dashed) and dashed[number + 1])):
            yield number
