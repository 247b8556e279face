"""The regular forms of English words, generated rather than stemmed.

A stemmer would let "occupation" fire for "occupational" and "heroin" for "heroine"; a generated form is exact.
"""

import re

_TAKES_ES = re.compile(r"(s|x|z|ch|sh|[^aeiou]o)$")
_CONSONANT_Y = re.compile(r"(?<=[^aeiou])y$")
_MAY_DIFFER = re.compile("is|our|fence")
_AMERICAN = (
    (re.compile(r"(?<=\w{3})is(e|ed|es|er|ers|ing|ation)\b"), r"iz\1"),
    (re.compile(r"(?<=\w{2})our(s?)\b"), r"or\1"),
    (re.compile(r"(?<=\w{2})fence(?=(less)?\b)"), "fense"),
)


def noun_forms(noun: str) -> tuple[str, ...]:
    """Singular and plural; of several words the last one is inflected."""
    return noun, _with_s(noun)


def verb_forms(verb: str) -> tuple[str, ...]:
    """Base, -s, -ed and -ing of a regular verb that doubles no consonant."""
    if verb.endswith("e"):
        return verb, _with_s(verb), f"{verb}d", f"{verb[:-1]}ing"
    return verb, _with_s(verb), _CONSONANT_Y.sub("i", verb) + "ed", f"{verb}ing"


def spellings(form: str) -> tuple[str, ...]:
    """A form in British spelling and, where it differs, in American spelling."""
    american = form
    if not _MAY_DIFFER.search(form):  # most words: the substitutions cost more
        return (form,)
    for british, replacement in _AMERICAN:
        american = british.sub(replacement, american)
    return (form,) if american == form else (form, american)


def _with_s(word: str) -> str:
    if _CONSONANT_Y.search(word):
        return f"{word[:-1]}ies"
    return f"{word}es" if _TAKES_ES.search(word) else f"{word}s"
