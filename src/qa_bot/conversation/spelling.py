"""Misspelt words of a question replaced by the words of the corpus that they are meant for.

A false repair turns a question that the corpus does not answer into one that it answers wrongly. So a word is repaired
only if it is in no list of words (the corpus, the model's words, 321,000 words and names of English), or rare and
typed as slips of the fingers are; and only if one word of the corpus is clearly the nearest.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from rapidfuzz.distance import OSA

from qa_bot.conversation.transliteration import folded, sound
from qa_bot.conversation.vocabulary import MIN_SOUND, Kind, Vocabulary
from qa_bot.conversation.words import WORD, countries, is_inflected, zipf

MIN_LETTERS = 4  # shorter words have too many neighbours to be repaired
MAX_LETTERS = 40  # no word of a corpus that is worth repairing is longer
MIN_TWICE = 8  # letters from which a word may have two slips
MAX_REPAIRS = 16  # unknown words that are looked at; a question with more is not in the corpus's language
MIN_LEAD = 0.2  # by which the best candidate has to be cheaper than the next
EXCHANGED, DOUBLED, CHEAP = 0.5, 0.6, 0.8  # what slips cost beside 1 for a wrong letter; short words have cheap ones
RARE = 2.0  # zipf below which a listed word may be a misspelling, or a name in another spelling
RARER = 3.0  # a listed word is a misspelling only of a word that is a thousand times as frequent ...
LONG, LONG_RARE, LONG_RARER = 7, 3.0, 2.7  # ... and a long one in lower case more readily: "goverment"
STEM = 4  # letters in which a country and what is of it agree: Turkey, Turkish
PLAIN = 0.12  # by which a word is the likelier, for each power of ten of its frequency

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEXT = {frozenset(pair) for row in _ROWS for pair in pairwise(row)} | {
    frozenset(pair) for upper, lower in pairwise(_ROWS) for pair in zip(upper, lower, strict=False)
}
_VOWELS = frozenset("aeiouy")
_LABIALS = frozenset("fv")  # one letter in the endings of Russian names


def repaired(question: str, vocabulary: Vocabulary) -> str:
    """The question with words that no list knows replaced by the one word of the corpus that they misspell."""
    pieces: list[str] = []
    end, tried = 0, 0
    shouted = question.isupper()  # else a word in capitals is an abbreviation, known or not
    matches = list(WORD.finditer(question))
    for i, match in enumerate(matches):
        word = match.group()
        if (
            match.start() < end
            or tried >= MAX_REPAIRS
            or len(word) > MAX_LETTERS
            or vocabulary.knows(word)
            or (word.isupper() and not shouted)
        ):
            continue
        tried += 1
        start, stop, put = _joined(question, matches, i, vocabulary)
        put = put or _parted(word, vocabulary) or _repair(word, vocabulary) or _torn(word, vocabulary)
        if put is None or start < end:
            continue
        pieces += [question[end:start], put]
        end = stop
    return "".join((*pieces, question[end:]))


def _repair(word: str, vocabulary: Vocabulary) -> str | None:
    """What one word is meant for, as the corpus writes it, or None."""
    stem, ending = (word[:-2], word[-2:]) if word[-2:] in ("'s", "’s") else (word, "")
    if len(stem) < MIN_LETTERS:
        return None
    lower = stem.lower()
    meant = _same_sound(lower, vocabulary) or _nearest(stem, vocabulary)
    return None if meant is None else vocabulary.spelt(meant) + ending


def _parted(word: str, vocabulary: Vocabulary) -> str | None:
    """A word with a hyphen, its unknown parts repaired one by one: "Nagorno-Karabagh"."""
    parts = word.split("-")
    if len(parts) == 1:
        return None
    put = [part if len(part) < MIN_LETTERS or vocabulary.knows(part) else _repair(part, vocabulary) for part in parts]
    return None if None in put or put == parts else "-".join(part or "" for part in put)


# ---------------------------------------------------------------- names in another alphabet's spelling


def _same_sound(word: str, vocabulary: Vocabulary) -> str | None:
    if len(word) < MIN_SOUND:
        return None
    listed = zipf(word)
    if listed >= RARE:
        return None
    found = [name for name in vocabulary.by_sound.get(sound(word), []) if _is_romanised(word, name, vocabulary)]
    if listed:  # a name of its own may be; letters are not doubled by romanisation
        found = [name for name in found if _doubles(name) == _doubles(word) and name[0] == word[0]]
    close = [name for name in found if OSA.normalized_similarity(folded(name), folded(word)) >= 0.3]
    return min(close, key=lambda n: (n not in vocabulary.counts, OSA.distance(folded(n), folded(word))), default=None)


def _is_romanised(word: str, name: str, vocabulary: Vocabulary) -> bool:
    """Whether a name comes in several spellings: no word of English, nor, from another letter on, of a nation.

    English formed "Kazakh" and "German"; Qazax and Kermān are places.
    """
    if vocabulary.kinds.get(name, Kind.PARTY) is Kind.PARTY and _is_nation(name):
        return name[0] == word[0]
    return name in vocabulary.kinds or not is_inflected(name)


def _is_nation(name: str) -> bool:
    """Whether a word is of a country that it does not name."""
    return name not in countries() and any(country.startswith(name[:STEM]) for country in countries())


def _doubles(word: str) -> int:
    return sum(a == b for a, b in pairwise(word))


# ---------------------------------------------------------------- slips of the fingers


def _nearest(word: str, vocabulary: Vocabulary) -> str | None:
    """The word of the corpus that is clearly the cheapest to mistype as this one."""
    lower = word.lower()
    capital = word[0].isupper() and not word.isupper()
    listed = zipf(lower)
    if listed >= (LONG_RARE if len(lower) >= LONG else RARE) or (listed and capital):
        return None
    costs: list[tuple[float, str]] = []
    for candidate, slips in _neighbours(lower, 2 if len(lower) >= LONG else 1, vocabulary):
        name = vocabulary.is_name(candidate)
        cost = _cost(lower, candidate, slips)
        if listed and not _is_misspelling(lower, candidate, cost, name=name):
            continue
        if name and _is_namesake(lower, candidate, capital=capital, kind=vocabulary.kinds.get(candidate)):
            continue
        if _allowed(lower, candidate, cost, capital=capital, name=name):
            costs.append((cost - PLAIN * len(str(vocabulary.counts.get(candidate, 1))), candidate))
    costs.sort()
    rival = next((c for c in costs[1:2] if c[0] < costs[0][0] + MIN_LEAD and not _same_word(c[1], costs[0][1])), None)
    return costs[0][1] if costs and rival is None else None


def _neighbours(word: str, most: int, vocabulary: Vocabulary) -> Iterator[tuple[str, int]]:
    """Words within `most` slips, each with its number of slips; the first letter is seldom mistaken."""
    for first in dict.fromkeys((word[0], word[1])):
        for length in range(len(word) - most, len(word) + most + 1):
            for candidate in vocabulary.by_shape.get((first, length), ()):
                slips = OSA.distance(word, candidate, score_cutoff=most)
                if slips <= most and (first == word[0] or candidate[:2] == word[1::-1]):
                    yield candidate, slips


def _is_namesake(word: str, candidate: str, *, capital: bool, kind: Kind | None) -> bool:
    """Whether a name differs from one of the corpus by another consonant: Abiyev is not Aliyev, but Aliyef is.

    Of names that may be a person's, or are one's; places and countries of such names are few.
    """
    if len(word) != len(candidate) or not (kind is Kind.PERSON or (kind is None and capital)):
        return False
    slips = [frozenset(pair) for pair in zip(word, candidate, strict=True) if len(set(pair)) > 1]
    return len(slips) == 1 and not slips[0] <= _VOWELS and slips[0] != _LABIALS


def _allowed(word: str, candidate: str, cost: float, *, capital: bool, name: bool) -> bool:
    if min(len(word), len(candidate)) < MIN_LETTERS or "-" in candidate:
        return False
    if name and word.startswith(candidate) and cost > DOUBLED:  # a name of its own: Ankaran is not Ankara
        return False
    if capital:  # a name that the corpus does not hold, more often than not
        return name and cost <= 1 and len(word) >= 6
    if len(word) <= MIN_LETTERS + 1:
        return cost <= CHEAP
    return cost <= 1 or (len(word) >= MIN_TWICE and OSA.normalized_similarity(sound(word), sound(candidate)) >= 0.8)


def _is_misspelling(word: str, candidate: str, cost: float, *, name: bool) -> bool:
    """Whether a listed word is listed as a misspelling of a far more frequent one."""
    more = zipf(candidate) - zipf(word)
    left_out = _missing(word, candidate) if len(candidate) > len(word) else ""
    if name:  # "turky", "rusia"; but Styria is not Syria
        return zipf(word) < RARE and more >= RARER and (cost <= DOUBLED or left_out in _VOWELS)
    typical = cost <= DOUBLED or sorted(word) == sorted(candidate) or (len(word) >= MIN_TWICE and left_out != "")
    return typical and cost <= 1 and more >= (RARER if zipf(word) < RARE else LONG_RARER)


def _missing(word: str, candidate: str) -> str:
    return next((c for c, typed in zip(candidate, f"{word} ", strict=False) if c != typed), "")


def _cost(word: str, meant: str, slips: int) -> float:
    """How unlikely the slips are: letters exchanged or doubled, a neighbour key, another vowel, anything else."""
    if sorted(word) == sorted(meant):
        return EXCHANGED if slips == 1 else 2 * EXCHANGED - 0.1
    if slips > 1:
        return float(slips)
    if len(word) == len(meant):
        slip = {(a, b) for a, b in zip(word, meant, strict=True) if a != b}
        letters = frozenset(next(iter(slip)))
        return CHEAP if letters <= _VOWELS or letters in _NEXT else 1.0
    longer, shorter = sorted((word, meant), key=len, reverse=True)
    at = next((i for i, (a, b) in enumerate(zip(longer, shorter, strict=False)) if a != b), len(shorter))
    return DOUBLED if at and longer[at] == longer[at - 1] else CHEAP


def _same_word(a: str, b: str) -> bool:
    """Whether two words are forms of one: Armenia, Armenian."""
    shorter, longer = sorted((a, b), key=len)
    return len(shorter) >= 5 and longer.startswith(shorter[:-1]) and len(longer) - len(shorter) <= 2


# ---------------------------------------------------------------- words run together or torn apart


def _joined(question: str, matches: list[re.Match[str]], i: int, vocabulary: Vocabulary) -> tuple[int, int, str | None]:
    """A word of the corpus that was torn apart, "azer baijan", and where; else nothing, and where the word is."""
    word = matches[i]
    for left, right in ((i, i + 1), (i - 1, i)):
        if left < 0 or right >= len(matches):
            continue
        start, end = matches[left].start(), matches[right].end()
        if question[matches[left].end() : matches[right].start()].strip(" -"):
            continue
        whole = (matches[left].group() + matches[right].group()).lower()
        if len(whole) >= 6 and (whole in vocabulary.counts or whole in vocabulary.other_names):
            return start, end, vocabulary.spelt(whole)
    return word.start(), word.end(), None


def _torn(word: str, vocabulary: Vocabulary) -> str | None:
    lower = word.lower()
    if zipf(lower) >= RARE or len(lower) < 2 * MIN_LETTERS - 1:
        return None
    found: list[tuple[bool, int, str]] = []
    for at in range(3, len(lower) - 2):
        left, right = _member(lower[:at], vocabulary), _member(lower[at:], vocabulary)
        if left and right:
            follows = (left, right) in vocabulary.pairs
            shorter = min(len(left), len(right))
            if follows or (shorter >= MIN_LETTERS and not zipf(lower)):
                found.append((follows, shorter, f"{vocabulary.spelt(left)} {vocabulary.spelt(right)}"))
    return max(found)[2] if found else None


def _member(word: str, vocabulary: Vocabulary) -> str | None:
    """A part of a merged word as the corpus has it: itself, or a name that sounds like it."""
    if word in vocabulary.counts:
        return word
    same = vocabulary.by_sound.get(sound(word), ()) if len(word) > MIN_SOUND else ()
    return next((name for name in same if name in vocabulary.counts), None)
