"""The words of a question: how they are found, which of them say nothing, and which are English."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain

import numpy as np
import numpy.typing as npt

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
TOKEN = re.compile(r"[^\W_]+(?:[.,:'’-][^\W_]+)*")  # words and numbers
INSIDE = re.compile(
    r"(?<=[\w,’'-] )(?=[^\W\d_])[^\Wa-z\d_][^\W\d_]+(?:['’-][^\W\d_]+)*"
)  # capitals that no sentence starts with

BACK = frozenset(
    "he him his she her hers himself herself they them their theirs themselves it its this that these those one ones "
    "latter both such same there then else other others".split()
)  # words that refer to what was said before
FUNCTION = (
    frozenset(
        "a an the of in on at to for from by with as is are was were be been being do does did done has have had will "
        "would can could should may might must shall what who whom whose which when where why how and or but not no so "
        "if than about into over after before during between any some all many much more most also just please tell me "
        "us you your i we my our know happen happens happened happening say says said saying ok okay yes really "
        "exactly too again another explain describe mean means meant think thought guess want need like see get".split()
    )
    | BACK
)  # words by which nothing is found
_ENDED = (("s", ("",)), ("es", ("",)), ("ies", ("y",)), ("ed", ("", "e")), ("ing", ("", "e")), ("ly", ("", "le")))
_NOT_ONLY = frozenset({"chad", "guinea", "jersey", "jordan"})  # also given names, animals and clothes
LISTED = 2.0  # zipf of a word that English has, rather than a name, a misspelling or an abbreviation of few
STEM = 3.5  # zipf from which a word without its ending is a word: "hama" and "bric" are not
MAX_SPREAD = 1.6  # powers of ten by which a word may be more frequent than another form of it
MOST_PLURAL = 0.5  # ... and less frequent than its plural: "gas" is none of "GA"
PLAINLY = 4.0  # zipf of a long word that needs no other form to be English; a short one has to be more frequent
_CONTRACTED = re.compile(r"['’](?:s|re|ve|ll|d|m|t)$")


def words_of(text: str) -> list[str]:
    """The words and numbers of a text in lower case, in their order."""
    return [token.lower() for token in TOKEN.findall(text)]


def bare(word: str) -> str:
    """A word in lower case without its possessive or contracted ending."""
    return _CONTRACTED.sub("", word.lower()).rstrip("'’")


def says_nothing(word: str) -> bool:
    """Whether nothing is found by a word: "the", "who's", "them"."""
    return bare(word) in FUNCTION


def without_possessive(word: str) -> str:
    """A word without its possessive ending, in the capitals that it has."""
    return word[:-2] if word[-2:] in ("'s", "’s") else word


def content_of(text: str) -> list[str]:
    """The words of a text by which something can be found."""
    return [word for word in words_of(text) if not says_nothing(word)]


def zipf(word: str) -> float:
    """How common a lower-case word is in English, as log10 per billion; 0 for a word that is not listed.

    The list (wordfreq, 321,000 words from eight kinds of text) holds names of people and places of the whole world,
    but also common misspellings, which are rare beside the word that they misspell.
    """
    keys, zipfs = _english()
    key = hash(word.encode())
    place = int(np.searchsorted(keys, key, side="right")) - 1
    return float(zipfs[place]) if keys[place] == key else 0.0


def is_ordinary(word: str) -> bool:
    """Whether a lower-case word is one of English, other than a name: "exactly", "tanks" and "ceo" are, "nato" is not.

    The list of words has no capitals. But English inflects its own words and no names, and of those that are not
    inflected the long ones are plain when they are frequent.
    """
    return says_nothing(word) or is_inflected(word) or zipf(word) >= max(PLAINLY, 6.5 - len(word) / 2)


def is_inflected(word: str) -> bool:
    """Whether English has other forms of a lower-case word that are about as frequent: "rights", "ceos"."""
    frequent = zipf(word)
    if frequent < LISTED or len(word) < 3:
        return False
    plural = zipf(f"{word}s")
    if plural >= LISTED and -MOST_PLURAL <= frequent - plural <= MAX_SPREAD:
        return True
    if len(word) == 3:  # of so few letters other endings make words of everything
        return False
    longer = any(zipf(form) >= max(LISTED, frequent - MAX_SPREAD) for form in _longer(word))
    return longer or any(zipf(form) >= max(STEM, frequent - MAX_SPREAD) for form in _shorter(word))


def _longer(word: str) -> Iterator[str]:
    stem = word[:-1]
    if word.endswith("e"):
        yield from (f"{word}d", f"{stem}ing", f"{stem}y")
    elif word.endswith("y"):
        yield from (f"{stem}ies", f"{stem}ied", f"{stem}ily")
    yield from (f"{word}{ending}" for ending in ("ed", "ing", "ly"))
    if word.endswith(("s", "x", "z", "ch", "sh", "o")):
        yield f"{word}es"


def _shorter(word: str) -> Iterator[str]:
    if word.startswith("un") and len(word) > 6:
        yield word[2:]
    for ending, puts in _ENDED:
        if word.endswith(ending):
            yield from (word.removesuffix(ending) + put for put in puts)


@cache
def _english() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """The hashes of all listed words in this process, ascending, and their frequencies: a dict takes 40 MB more.

    Hashes of bytes: those of strings are alike where their storage is, as of "kp" and "火".
    """
    from wordfreq import get_frequency_list

    bins = get_frequency_list("en", wordlist="large")  # bin i: words of frequency 10 ** (-i / 100)
    get_frequency_list.cache_clear()
    keys = np.fromiter((hash(word.encode()) for word in chain.from_iterable(bins)), np.int64)
    zipfs = 9 - np.repeat(np.arange(len(bins)), [len(words) for words in bins]) / 100
    order = np.argsort(keys, kind="stable")  # of a word that is listed twice the rarer counts
    return keys[order], zipfs[order]


@cache
def countries() -> frozenset[str]:
    """The names of countries that are one word, in lower case: names however they are typed."""
    import pycountry

    names = {str(getattr(country, "common_name", country.name)).lower() for country in pycountry.countries}
    return frozenset(name for name in names if name.isalpha()) - _NOT_ONLY
