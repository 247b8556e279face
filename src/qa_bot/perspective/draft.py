"""A draft of a card, for a person to finish: what the text shows, and "unknown" for what only a person can say."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from qa_bot.perspective.analysis import analyse
from qa_bot.perspective.profile import Profile, profile
from qa_bot.perspective.reading import Reading
from qa_bot.perspective.words import Words
from qa_bot.segmentation import outline
from qa_bot.types import Document, Outline, Parties, Source

MOST_NAMES = 15
MOST_DATES = 10

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(rf"\b(?:\d{{1,2}} )?(?:{_MONTHS}) (?:\d{{1,2}}, )?(?:1[5-9]|20)\d\d\b")
_YEAR = re.compile(r"(?<![\w.,])(?:1[5-9]|20)\d\d(?![\w%]|[.,]\d)")
_CALENDAR = frozenset(f"{_MONTHS}|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday".casefold().split("|"))
# Function words that make up a good third of English prose and are rare in other languages that use the same letters.
_ENGLISH = frozenset("the of and to in that was is for with on as by from were which had it his he they are".split())
_ENGLISH_SHARE = 0.2
_ARTICLE = re.compile(r"^(?:the|an?|our|their|his|her|its)\s+|['’]s?$", re.IGNORECASE)
_NOT_PRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")

_CARD = """\
# Draft of the card of "{doc_id}". Everything here was computed or is unknown: replace what you know.
# A value is a text, or {{value = "...", basis = "stated", evidence = [[start, end]]}} with offsets into the document;
# basis is "stated" (the text says it, at the evidence), "inferred" or "unknown".
# Check the card with: qa-bot card check

title = {title}
language = {language}
values = []        # what this source is good for
limitations = []   # what it cannot tell
naming = []        # {{here = "name in this document", elsewhere = "name used by others", party = "whose usage"}}

[origin]
author = "unknown"
publisher = "unknown"
date = "unknown"
url = "unknown"
genre = "unknown"

[purpose]
statement = "unknown"
audience = "unknown"

[perspective]
holder = "unknown"   # from whose point of view the document is written
party = "unknown"    # a party of parties.toml
note = "unknown"

[stance]   # party = "for", "against", "neutral" or "mixed"

{findings}
"""


def draft_card(document: Document, parties: Parties | None = None) -> str:
    """The TOML of a card with title, language and, as comments, names, dates, sources and profile of the document.

    `read_card` accepts it as it is.
    """
    divided = outline(document.text, document.doc_id, document.layout)
    reading = analyse(document, divided, parties or Parties())
    findings = [
        *_names(document, divided),
        *_dates(document.text),
        *_sources(reading),
        *_profile(profile(document, divided, reading)),
    ]
    return _CARD.format(
        doc_id=_printed(document.doc_id),
        title=_quoted(document.title),
        language=_quoted(_language(document.text)),
        findings="\n".join(f"# {_printed(line)}".rstrip() for line in findings),
    )


def _language(text: str) -> str:
    words = Words.of(text).folded
    english = sum(word in _ENGLISH for word in words)
    return "en" if words and english >= _ENGLISH_SHARE * len(words) else "und"


def _names(document: Document, divided: Outline) -> Iterator[str]:
    opening = {sentence.span.start for sentence in divided.sentences}
    names = Counter(_capitalised_runs(Words.of(document.text), opening))
    yield "Names mentioned most often:"
    yield from _listed(names, MOST_NAMES)


def _capitalised_runs(words: Words, opening: set[int]) -> Iterator[str]:
    """Rows of capitalised words; a single one counts only where it does not open a sentence."""
    position = 0
    while position < len(words):
        after = position
        while after < len(words) and words.capitalised(after) and (after == position or words.gap(after) in {" ", "-"}):
            after += 1
        single = after - position == 1
        plain = single and (words.starts[position] in opening or words.folded[position] in _CALENDAR)
        if after > position and not plain and len(words.folded[position]) > 1:
            yield words.text[words.starts[position] : words.ends[after - 1]]
        position = max(after, position + 1)


def _dates(text: str) -> Iterator[str]:
    years = [int(match.group()) for match in _YEAR.finditer(text)]
    if not years:
        return
    yield ""
    yield f"Dates mentioned most often (the latest year is {max(years)}):"
    yield from _listed(Counter(match.group() for match in _DATE.finditer(text)), MOST_DATES)


def _sources(reading: Reading) -> Iterator[str]:
    named = Counter(_source_name(voiced.source) for voiced in reading.voices if voiced.source)
    del named[""]
    if named:
        yield ""
        yield "Quoted or reported most often:"
        yield from _listed(named, MOST_NAMES)


def _source_name(source: Source) -> str:
    """The resolved or the written name; nothing for a pronoun or a bare title such as "the president"."""
    name = source.actor or _ARTICLE.sub("", source.named or "")
    return name if any(letter.isupper() for letter in name[1:]) or source.actor else ""


def _profile(found: Profile) -> Iterator[str]:
    yield ""
    yield f"Profile: {found.words} words in {found.sentences} sentences"
    for share in found.voices:
        percent = 100 * share.words / max(found.words, 1)
        rate = f"{share.loaded_per_1000} loaded terms in 1,000 words"
        yield f"  {share.voice}: {share.words} words ({percent:.0f} %), {share.sentences} sentences, {rate}"
    for count in found.claims:
        if count.sourced or count.unsourced:
            yield f"  {count.kind} claims: {count.sourced} with a source, {count.unsourced} without"


def _listed(counts: Counter[str], most: int) -> Iterator[str]:
    ordered: Sequence[tuple[str, int]] = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    yield from (f"  {name} ({count})" for name, count in islice(ordered, most))


def _quoted(text: str) -> str:
    return json.dumps(_printed(text) or "untitled", ensure_ascii=False)


def _printed(text: str) -> str:
    """A text on one line, without characters that a TOML comment or string must not hold."""
    return _NOT_PRINTED.sub(" ", text).rstrip()
