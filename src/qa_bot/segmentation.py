"""Document → sections → paragraphs → sentences → passages, with offsets made while splitting.

Boundaries come from nupunkt, a maintained Punkt (Kiss & Strunk, Computational Linguistics 2006) that returns
offsets; `_mend` corrects what a period-disambiguation model cannot know: a boundary inside `…!", said X`, words
taken for abbreviations, and scripts without full stops. Nothing is ever searched for again in the text.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import pairwise

import nupunkt

from qa_bot.types import Layout, Outline, Passage, Section, Sentence, Span

PASSAGE_WORDS = range(60, 181)  # below: joined with the next paragraph; above: sliced at sentence ends
MAX_SENTENCE = 2_000  # code points; a longer run is cut at white space so that no citation is a whole file
MAX_HEADING_WORDS = 18
WRAP_WIDTH = 100  # a block whose lines are no longer than this is hard-wrapped prose

_MARKS = "\"'“”„«»‘’‹›"
_BLOCK = re.compile(r"\S.*(?:\n(?![^\S\n]*\n).*)*")
_LINE = re.compile(r"\S.*")
_LIST_OR_TURN = re.compile(r"[-*•–—] |\d{1,3}[.)] |#{1,6} |\w[\w .'-]{0,30}:\s")
_TITLE = re.compile(r"[^\W\d_][^:\n]*:\s")  # "Silence in the hills: a report" opens a document; inside one it is a turn
_MARKDOWN_OPENING = re.compile(r"#{1,6}\s+")
_ENDS = tuple(".!?…:;,。！？؟")  # of a sentence or a part of one; a heading has none
# A lower-case word of four letters and more before a full stop is a word and no abbreviation, as are some of three.
_OF_THREE = (
    "met|saw|sat|day|ago|car|all|can|how|low|win|ten|bed|bus|ill|leg|row|raw|pet|sum|fed|tax|sun|pen|mum|art|lab"
)
_MISSED = re.compile(
    rf"(?:(?<=[^\W\d_A-Z]{{4}})|(?<=\s(?:{_OF_THREE})))[.!?]+[{_MARKS})\]]*(\s+)(?=[{_MARKS}]?[A-Z])"
    rf"|(?<=[。！？])(?=[^\s{_MARKS}])"
)
# What cannot begin a sentence: a comma, a closing mark and more of the same sentence, "- he said".
_CONTINUES = re.compile(rf"[{_MARKS}]?\s*[,;)\]]|[{_MARKS}]\s+[-–—]?\s*[a-z]|[-–—]\s+[a-z]|[{_MARKS})\].!?]+(?:\s|$)")
_LATIN_ABBREVIATION = re.compile(r"\b(?:i\.?e|e\.?g|cf|viz|ca|approx)\.$", re.IGNORECASE)
_BREAK = re.compile(r"\s+")


def outline(text: str, doc_id: str, layout: Layout | None = None) -> Outline:
    """Divide a canonical text; its paragraphs and headings are those of the layout, if there is one, else guessed.

    Returns: sections, paragraphs, sentences and passages in order of position; every character that is not
    white space lies in exactly one sentence, and in exactly one passage unless it is in a heading.
    """
    paragraphs = layout.paragraphs if layout else tuple(_paragraphs(text))
    if layout:
        marked = {heading.span for heading in layout.headings}
        headings = [span in marked for span in paragraphs]
        sections = tuple(_sections(text, paragraphs, headings, written=Span.of))
    else:
        headings = [
            _is_heading(text, span, first=span is paragraphs[0], last=span is paragraphs[-1]) for span in paragraphs
        ]
        sections = tuple(_sections(text, paragraphs, headings, written=_heading_text))
    sentences: list[Sentence] = []
    section = -1 if headings and headings[0] else 0
    for number, (span, heading) in enumerate(zip(paragraphs, headings, strict=True)):
        section += heading
        pieces = [span] if heading else _sentences(text, span)
        sentences.extend(Sentence(piece, number, section, heading) for piece in pieces)
    passages = _passages(text, doc_id, tuple(sentences))
    return Outline(sections, paragraphs, tuple(sentences), tuple(passages))


def words(text: str) -> int:
    """How many words a text has; where words are not parted by spaces, one for every ten characters (CJK: two)."""
    return max(len(text.split()), len(text) // 10, sum(1 for c in text if ord(c) > 0x2E7F) // 2)


# ---------------------------------------------------------------- paragraphs and headings


def _paragraphs(text: str) -> Iterator[Span]:
    for block in _BLOCK.finditer(text):
        lines = [
            Span(block.start() + m.start(), block.start() + m.start() + len(m.group().rstrip()))
            for m in _LINE.finditer(block.group())
        ]
        wrapped = _wrapped(text, lines)
        start = 0
        for i in range(1, len(lines) + 1):
            if i == len(lines) or not wrapped or _LIST_OR_TURN.match(text, lines[i].start):
                yield Span(lines[start].start, lines[i - 1].end)
                start = i


def _wrapped(text: str, lines: list[Span]) -> bool:
    """Whether the lines of a block are those of hard-wrapped prose; in ten, one may be longer (an address, a name)."""
    broken = lines[:-1]
    long = sum(len(line) > WRAP_WIDTH for line in broken)
    if long * 10 > len(broken):
        return False
    goes_on = sum(line.of(text)[0].islower() for line in lines[1:])  # headlines and paragraphs begin with a capital
    return long == 0 or goes_on * 2 > len(broken)


def _is_heading(text: str, span: Span, *, first: bool, last: bool) -> bool:
    line = span.of(text)
    if _markdown_heading(line):
        return True
    if last or "\n" in line or _ends_a_sentence(line):
        return False
    if _LIST_OR_TURN.match(line) and not (first and _TITLE.match(line)):
        return False
    initial = line.lstrip(_MARKS + "([")[:1]
    return (
        len(line.split()) <= MAX_HEADING_WORDS
        and len(line) <= WRAP_WIDTH * 2
        and (initial.isupper() or initial.isdigit())
    )


def _sections(
    text: str, paragraphs: tuple[Span, ...], headings: list[bool], *, written: Callable[[Span, str], str]
) -> Iterator[Section]:
    starts = [i for i, heading in enumerate(headings) if heading or i == 0]
    for first, after in pairwise([*starts, len(paragraphs)]):
        span = Span(paragraphs[first].start, paragraphs[after - 1].end)
        yield Section(written(paragraphs[first], text) if headings[first] else None, span)


def _heading_text(span: Span, text: str) -> str:
    return _markdown_heading(span.of(text)) or span.of(text)


# One look at each end of a line: an expression that ends in `$` takes quadratic time on a long run of its marks.


def _markdown_heading(line: str) -> str | None:
    """What stands between the marks of a Markdown heading, None if the line, stripped of white space, is none."""
    opening = _MARKDOWN_OPENING.match(line)
    if not opening:
        return None
    written = line[opening.end() :]
    heading = written.rstrip("#").rstrip() or written[:1]
    return None if "\n" in heading else heading


def _ends_a_sentence(line: str) -> bool:
    return line.rstrip(f"{_MARKS})]").endswith(_ENDS)


# ---------------------------------------------------------------- sentences


@cache
def _tokenizer() -> "nupunkt.PunktSentenceTokenizer":
    return nupunkt.load_default_model()


def _sentences(text: str, paragraph: Span) -> list[Span]:
    body = paragraph.of(text)
    cuts = [end for _, end in _tokenizer().span_tokenize(body)]
    cuts = sorted({*cuts, *(m.start(1) if m.group(1) else m.start() for m in _MISSED.finditer(body))})
    pieces = _mend(body, cuts)
    return [Span(paragraph.start + a, paragraph.start + b) for piece in pieces for a, b in _short_enough(body, *piece)]


def _mend(body: str, cuts: list[int]) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    start = 0
    for cut in [*cuts, len(body)]:
        a, b = _strip(body, start, cut)
        start = cut
        if a == b:
            continue
        if pieces and _belongs_to_previous(body, pieces[-1], a):
            pieces[-1] = (pieces[-1][0], b)
        else:
            pieces.append((a, b))
    return pieces


def _belongs_to_previous(body: str, previous: tuple[int, int], start: int) -> bool:
    if body[previous[1] - 1] in "。！？":
        return False
    if _LATIN_ABBREVIATION.search(body, max(previous[0], previous[1] - 10), previous[1]):
        return True
    return bool(_CONTINUES.match(body, start))


def _strip(body: str, start: int, end: int) -> tuple[int, int]:
    while start < end and body[start].isspace():
        start += 1
    while end > start and body[end - 1].isspace():
        end -= 1
    return start, end


def _short_enough(body: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > MAX_SENTENCE:
        breaks = [m.start() for m in _BREAK.finditer(body, start + MAX_SENTENCE // 2, start + MAX_SENTENCE)]
        cut = breaks[-1] if breaks else _between_characters(body, start + MAX_SENTENCE)
        yield start, cut
        start, end = _strip(body, cut, end)
    if start < end:
        yield start, end


def _between_characters(body: str, cut: int) -> int:
    """A place at or shortly before `cut` that does not part a letter from its combining marks."""
    for place in range(cut, cut - 32, -1):
        if not unicodedata.combining(body[place]):
            return place
    return cut


# ---------------------------------------------------------------- passages


def _passages(text: str, doc_id: str, sentences: tuple[Sentence, ...]) -> Iterator[Passage]:
    seen: Counter[str] = Counter()
    for first, last in _runs(text, sentences):
        span = Span(sentences[first].span.start, sentences[last - 1].span.end)
        digest = hashlib.sha256(span.of(text).encode()).hexdigest()[:16]
        repeat = f"-{seen[digest]}" if seen[digest] else ""
        seen[digest] += 1
        yield Passage(f"{doc_id}/{digest}{repeat}", doc_id, span, sentences[first].section, first, last)


def _runs(text: str, sentences: tuple[Sentence, ...]) -> Iterator[tuple[int, int]]:
    """Sentence ranges: whole paragraphs joined while short, long paragraphs sliced evenly."""
    start = size = 0
    for first, last in _paragraph_ranges(sentences):
        if sentences[first].heading:
            if start < first:
                yield start, first
            start, size = last, 0
            continue
        length = sum(words(s.span.of(text)) for s in sentences[first:last])
        if size and (size >= PASSAGE_WORDS.start or size + length >= PASSAGE_WORDS.stop):
            yield start, first
            start, size = first, 0
        if length >= PASSAGE_WORDS.stop:
            *whole, (start, _) = _slices(text, sentences, first, last, length)
            yield from whole
            size = PASSAGE_WORDS.stop
        else:
            size += length
    if start < len(sentences):
        yield start, len(sentences)


def _paragraph_ranges(sentences: tuple[Sentence, ...]) -> Iterable[tuple[int, int]]:
    starts = [i for i, s in enumerate(sentences) if i == 0 or s.paragraph != sentences[i - 1].paragraph]
    return pairwise([*starts, len(sentences)])


def _slices(
    text: str, sentences: tuple[Sentence, ...], first: int, last: int, length: int
) -> Iterator[tuple[int, int]]:
    parts = -(-length // ((PASSAGE_WORDS.start + PASSAGE_WORDS.stop) // 2))
    target, size, start = length / parts, 0, first
    for i in range(first, last):
        here = words(sentences[i].span.of(text))
        if i > start and size + here / 2 > target:
            yield start, i
            start, size = i, 0
        size += here
    yield start, last
