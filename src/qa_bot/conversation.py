"""What a question asks for once the conversation and the corpus's names are taken in.

No text is generated: the resolved question is the question as typed, names in the corpus's own spelling, and the
words that an elliptic follow-up leaves out, taken from the question before it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from rapidfuzz import fuzz, process

from qa_bot.types import Parties

MIN_SIMILARITY = 80  # rapidfuzz ratio, 0-100, from which an unknown word is taken for a misspelling
ABBREVIATION = 4  # letters up to which a name in capitals is matched as written
MIN_LETTERS = 5  # shorter words have too many neighbours to be repaired

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_OPENING = re.compile(r"\s*(?:and|but|so|also|what about|how about|what of|or)\b", re.IGNORECASE)
_BACK = frozenset(
    "he she it they him her them his hers its their theirs this that these those there then former latter one ones "
    "same such".split()
)
_EMPTY = (
    frozenset(
        "a an the of in on at to for from by with as is are was were be been being do does did done has have had will "
        "would can could should may might must shall what who whom whose which when where why how and or but not no so "
        "if than about into over after before during between any some all many much more most there also just please "
        "tell me us you your i we my our know want happened happen said say says".split()
    )
    | _BACK
)


@dataclass(frozen=True)
class Vocabulary:
    """What questions are understood with: the words of the corpus, ordinary words, and its names' other forms.

    `words` are the words of the corpus in lower case, sorted; `names` those that it writes with a capital;
    `ordinary` are lower-case words of the language, which need no repair; `aliases` maps another name to the
    corpus's own, in lower case but for abbreviations, since "us" is not "US".
    """

    words: tuple[str, ...]
    names: frozenset[str]
    ordinary: frozenset[str]
    aliases: dict[str, str]

    @cached_property
    def known(self) -> frozenset[str]:
        """Words that are spelt as they should be."""
        return frozenset(self.words) | self.ordinary

    @classmethod
    def of(cls, texts: Iterable[str], ordinary: Iterable[str], parties: Parties) -> "Vocabulary":
        """Collect the vocabulary of some documents; an alias counts only where the corpus itself does not use it."""
        found = list(chain.from_iterable(_WORD.findall(text) for text in texts))
        lower = {word for word in found if word[:1].islower()}
        names = {word.lower() for word in found if word[:1].isupper()} - lower
        words = lower | names
        named = [(a, p.name) for p in parties.places for a in p.aliases]
        named += [(a, p.name) for p in parties.actors for a in p.aliases]
        aliases = {_key(alias): name for alias, name in named if not set(_words(alias)) <= words}
        return cls(tuple(sorted(words)), frozenset(names), frozenset(ordinary), aliases)


def resolve(question: str, history: Sequence[str], vocabulary: Vocabulary) -> str:
    """The question to search for: spelling and names repaired, and completed from the question before it."""
    asked = with_names(repaired(question, vocabulary), vocabulary)
    if not history:
        return asked
    return _completed(asked, resolve(history[-1], history[:-1][-3:], vocabulary))


def repaired(question: str, vocabulary: Vocabulary) -> str:
    """The question with words that are neither in the corpus nor ordinary replaced by the one they misspell."""

    def repair(match: re.Match[str]) -> str:
        word = match.group()
        if len(word) < MIN_LETTERS or _known(word.lower(), vocabulary):
            return word
        best = process.extractOne(
            word.lower(), vocabulary.words, scorer=fuzz.ratio, score_cutoff=MIN_SIMILARITY, processor=None
        )
        if best is None:
            return word
        return best[0].capitalize() if best[0] in vocabulary.names else best[0]

    return _WORD.sub(repair, question)


def with_names(question: str, vocabulary: Vocabulary) -> str:
    """The question followed by the corpus's own form of each name that it writes otherwise."""
    lower = question.lower()
    found = [
        name
        for alias, name in vocabulary.aliases.items()
        if alias in (text := question if alias.isupper() else lower)  # seldom, and cheaper than the rest
        and name.lower() not in lower
        and re.search(rf"(?<!\w){re.escape(alias)}(?!\w)", text)
    ]
    return f"{question} ({', '.join(dict.fromkeys(found))})" if found else question


def _known(word: str, vocabulary: Vocabulary) -> bool:
    bare = re.sub(r"['’]s?$", "", word)
    forms = {word, bare, bare.removesuffix("s"), bare.removesuffix("ed"), bare.removesuffix("ing")}
    return not forms.isdisjoint(vocabulary.known) or word in vocabulary.aliases


def _key(alias: str) -> str:
    return alias if alias.isupper() and len(alias) <= ABBREVIATION else alias.lower()


def _completed(question: str, previous: str) -> str:
    words = _words(question)
    content = [w for w in words if w not in _EMPTY]
    if not (_OPENING.match(question) or _BACK & set(words) or len(content) < 2):
        return question
    carried = [w for w in _WORD.findall(previous) if w.lower() not in _EMPTY and w.lower() not in words]
    if _OPENING.match(question) and any(w[:1].isupper() for w in _WORD.findall(question)[1:]):
        carried = [w for w in carried if not w[:1].isupper()]  # "and in X?" puts X in the place of the earlier name
    return f"{question} ({' '.join(carried)})" if carried else question


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]
