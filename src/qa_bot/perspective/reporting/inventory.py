"""The inventory of reporting words: `reporting.toml`, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from qa_bot.perspective.inflection import noun_forms, verb_forms

_COUNTABLE = frozenset({"documents", "observers", "roles", "bodies"})


@dataclass(frozen=True, slots=True)
class VerbForm:
    """One inflected form of a reporting verb and the complements after which its lemma reports.

    `form` holds "base", "s", "past", "participle" or "ing"; a regular "-ed" form is both past and participle.
    """

    lemma: str
    form: frozenset[str]
    frames: frozenset[str]
    acts: frozenset[str]  # objects after which the verb names an act
    phrasal: Mapping[tuple[str, ...], frozenset[str]] = field(default_factory=dict)  # frames by particle: "point out"


@dataclass(frozen=True, slots=True)
class Inventory:
    """Verb forms by spelling, and the closed and open word classes by name."""

    verbs: dict[str, VerbForm]
    classes: dict[str, frozenset[str]]
    openings: dict[str, tuple[str, ...]]  # fixed phrases by name: "rebuttals", "own"

    def is_a(self, word: str, name: str) -> bool:
        """Whether a lower-case word belongs to a class."""
        return word in self.classes[name]


@cache
def inventory() -> Inventory:
    """The inventory shipped with the package."""
    data = tomllib.loads(files(__package__).joinpath("reporting.toml").read_text("utf-8"))
    classes: dict[str, frozenset[str]] = {}
    openings: dict[str, tuple[str, ...]] = {}
    for section in ("nouns", "phrases", "words"):
        for name, value in data[section].items():
            if isinstance(value, str):
                words = value.split()
                plurals = [form for word in words for form in noun_forms(word)] if name in _COUNTABLE else []
                classes[name] = frozenset([*words, *plurals])
            else:
                openings[name] = tuple(value)
    return Inventory(_verb_forms(data), classes, openings)


def _verb_forms(data: dict[str, Any]) -> dict[str, VerbForm]:
    forms: dict[str, VerbForm] = {}
    for entry, frames in data["verbs"].items():
        lemma, *particle = entry.split()
        acts = frozenset(data["objects"].get(lemma, "").split())
        for spelling, names in _inflections(lemma, data["irregular"].get(lemma)):
            known = forms.get(spelling)
            same = known if known and known.lemma == lemma else None
            told, phrasal = frozenset(frames.split()), dict(same.phrasal if same else {})
            if particle:
                phrasal[tuple(particle)] = told
            forms[spelling] = VerbForm(
                lemma,
                frozenset(names) | (known.form if known else frozenset()),
                (frozenset() if particle else told) | (same.frames if same else frozenset()),
                acts,
                phrasal,
            )
    return forms


def _inflections(lemma: str, irregular: str | None) -> list[tuple[str, tuple[str, ...]]]:
    if irregular:
        third, past, participle, progressive = irregular.split()
    else:
        _, third, past, progressive = verb_forms(lemma)
        participle = past
    doubled = [(lemma[:-1] + "led", ("past", "participle")), (lemma[:-1] + "ling", ("ing",))]
    american = doubled if irregular and lemma.endswith("l") else []  # labelled, labeled
    return [
        (lemma, ("base",)),
        (third, ("s",)),
        (past, ("past",)),
        (participle, ("participle",)),
        (progressive, ("ing",)),
        *american,
    ]
