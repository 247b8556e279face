"""The lexicon of loaded words: lemmas with category, reason by rule book, forms and guards, read from loaded.toml."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any

from qa_bot.perspective.inflection import noun_forms, spellings, verb_forms
from qa_bot.perspective.words import words_of

Sequences = tuple[tuple[str, ...], ...]  # each of them one or more words in a row, casefolded


@dataclass(frozen=True, slots=True)
class Guard:
    """What must or must not stand around a lemma for it to count; loaded.toml explains each.

    Rows are grouped by their first word, those of `not_after` by their last.
    """

    lowercase: bool = False
    narrator: bool = False
    not_after: Mapping[str, Sequences] = field(default_factory=dict)
    not_before: Mapping[str, Sequences] = field(default_factory=dict)
    near: Mapping[str, Sequences] = field(default_factory=dict)
    not_near: Mapping[str, Sequences] = field(default_factory=dict)
    followed_by: Mapping[str, Sequences] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lemma:
    """One entry of the lexicon; `forms` are its inflected forms as rows of casefolded words."""

    lemma: str
    category: str
    reason: str
    forms: Sequences
    guard: Guard = Guard()


@dataclass(frozen=True, slots=True)
class Node:
    """A place in the tree of all forms, word by word; `lemma` is set where a form ends."""

    children: dict[str, "Node"] = field(default_factory=dict)
    lemma: Lemma | None = None


_UNGUARDED = Guard()


@cache
def lexicon() -> tuple[Lemma, ...]:
    """Every lemma, in the order of the file; a lemma stands in one family only."""
    data = tomllib.loads(files(__package__).joinpath("loaded.toml").read_text(encoding="utf-8"))
    guards, irregular = data["guard"], data["irregular"]
    lemmas: dict[str, Lemma] = {}
    for family in data["family"]:
        for lemma, forms in _forms_by_lemma(family, irregular).items():
            guard = guards.get(lemma, {})
            kept = guard.get("forms") or chain(lemmas[lemma].forms if lemma in lemmas else (), forms)
            lemmas[lemma] = Lemma(lemma, family["category"], family["reason"], _rows(kept), _guard(guard))
    return tuple(lemmas.values())


@cache
def tree() -> Node:
    """The tree of all forms, for finding them in one pass over the words of a text."""
    root: dict[str, Any] = {}
    for lemma in lexicon():
        for form in lemma.forms:
            place = root
            for word in form:
                place = place.setdefault(word, {})
            place.setdefault("", lemma)
    return _frozen(root)


def _forms_by_lemma(family: Mapping[str, Any], irregular: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for key, inflect in (("nouns", noun_forms), ("verbs", verb_forms), ("words", _as_is), ("phrases", _as_is)):
        for lemma in family.get(key, ()):
            forms = (lemma, *irregular[lemma]) if lemma in irregular else inflect(lemma)
            found[lemma] = (*found.get(lemma, ()), *forms)
    return found


def _as_is(lemma: str) -> tuple[str, ...]:
    return (lemma,)


def _rows(forms: Iterable[str | tuple[str, ...]]) -> Sequences:
    written = (" ".join(form) if isinstance(form, tuple) else form for form in forms)
    return tuple(dict.fromkeys(words_of(spelt) for form in written for spelt in spellings(form)))


def _guard(declared: Mapping[str, Any]) -> Guard:
    if not declared:
        return _UNGUARDED

    def grouped(key: str, *, by: int = 0) -> Mapping[str, Sequences]:
        rows = _rows(declared.get(key, ()))
        return {word: tuple(row for row in rows if row[by] == word) for word in {row[by] for row in rows}}

    return Guard(
        lowercase=declared.get("lowercase", False),
        narrator=declared.get("narrator", False),
        not_after=grouped("not_after", by=-1),
        not_before=grouped("not_before"),
        near=grouped("near"),
        not_near=grouped("not_near"),
        followed_by=grouped("followed_by"),
    )


def _frozen(place: Mapping[str, Any]) -> Node:
    return Node({word: _frozen(child) for word, child in place.items() if word}, place.get(""))
