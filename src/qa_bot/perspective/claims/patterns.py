"""The patterns of claims.toml, compiled once with the word classes of claim_words.toml."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from qa_bot.perspective.claims.expression import Expression
from qa_bot.perspective.inflection import noun_forms, spellings, verb_forms

_FRAGMENT = re.compile(r"\{([a-z_]+)\}")
_ENDINGS = (("ing", "", "ed", "s"), ("ing", "e", "ed", "es"), ("s", ""))  # of regular verbs and nouns, longest first
_ENOUGH = 5  # words that make a branch of their own worth its while


@dataclass(frozen=True, slots=True)
class ClaimPatterns:
    """Compiled patterns, each for one sentence; claims.toml says what they look for.

    All but `names` are for the sentence in lower case: a set of alternatives is tried faster where case counts.

    `phrases` holds the patterns that are a cue by themselves, by kind; `neutral` those whose match
    makes an overlapping cue none; the rest serve to pair figures with losses.
    """

    quantity: Expression
    year: Expression
    people: Expression
    somebody: Expression
    things: Expression
    casualty: Expression
    harm: Expression
    counted: Expression
    loss: Expression
    named_source: Expression
    phrases: Mapping[str, Expression]
    neutral: Mapping[str, Expression]
    names: Mapping[str, Expression]


@cache
def claim_patterns() -> ClaimPatterns:
    """The patterns, compiled on first use."""
    figures = _toml("claims.toml")["figures"]
    return ClaimPatterns(
        quantity=_expression(figures["quantity"], words=False),
        year=_expression(figures["year"], words=False),
        people=_expression(figures["people"]),
        somebody=_expression(figures["somebody"]),
        things=_expression(figures["things"]),
        casualty=_expression(figures["casualty"]),
        harm=_expression(figures["harm"]),
        counted=_expression(figures["counted"]),
        loss=_expression(figures["loss"]),
        named_source=_expression(figures["named_source"]),
        phrases=_by_kind("phrases"),
        names=_by_kind("names"),
        neutral=_by_kind("neutral"),
    )


@cache
def word_class(name: str) -> frozenset[str]:
    """The words of a class; of `<name>_ed` the past forms of its verbs, of `<name>_one` its singular nouns."""
    return frozenset(_forms(name))


def any_of(forms: Iterable[str]) -> str:
    """A pattern for any of the forms in either spelling; "_" is a space or hyphen.

    Shared beginnings and, of the words that take them all, regular endings are tried once.
    """
    words = {spelt for form in forms for spelt in spellings(form)}
    parts = []
    for endings in _ENDINGS:
        stems = {word.removesuffix(endings[0]) for word in words if word.endswith(endings[0])}
        stems = {stem for stem in stems if stem and all(stem + ending in words for ending in endings)}
        if len(stems) >= _ENOUGH:
            parts.append(_branches(stems) + _branches(set(endings)))
            words -= {stem + ending for stem in stems for ending in endings}
    return f"(?:{'|'.join([*parts, _branches(words)] if words else parts)})"


@cache
def _fragment(name: str) -> str:
    """The pattern that stands for {name}."""
    fragments = _toml("claims.toml")["fragment"]
    return _joined(fragments[name]) if name in fragments else any_of(word_class(name))


def _forms(name: str) -> Iterator[str]:
    data = _toml("claim_words.toml")
    past, one = name.removesuffix("_ed"), name.removesuffix("_one")
    if past in data["verb"]:
        for verb in data["verb"][past].split():
            forms = _verb_forms(verb, data["irregular"])
            yield from forms if past == name else _past(verb, forms)
    elif name in data["noun"]:
        for noun in data["noun"][name].split():
            yield from _noun_forms(noun, data["plural"])
    else:
        yield from (data["noun"][one] if one in data["noun"] else data["word"][name]).split()


def _verb_forms(verb: str, irregular: Mapping[str, str]) -> tuple[str, ...]:
    if verb in irregular:
        return verb, *irregular[verb].split()
    first, *rest = verb.split("_")
    return tuple("_".join([form, *rest]) for form in verb_forms(first))


def _past(verb: str, forms: Sequence[str]) -> list[str]:
    """The past form and the participle; the base where it serves as both ("hit")."""
    heads = {form: form.split("_")[0] for form in forms[1:]}
    past = [form for form, head in heads.items() if not head.endswith(("ing", "s"))]
    return past or [verb]


def _noun_forms(noun: str, plural: Mapping[str, str]) -> tuple[str, ...]:
    return (noun, *plural[noun].split()) if noun in plural else noun_forms(noun)


def _branches(endings: Set[str]) -> str:
    """A pattern for any of some endings.

    Letters without a choice between them stand in one row, since compiling costs most for groups.
    """
    by_first: dict[str, set[str]] = defaultdict(set)
    for ending in endings - {""}:
        by_first[ending[0]].add(ending[1:])
    branches = [_row(first, by_first[first]) for first in sorted(by_first)]
    if len(branches) == 1 and "" not in endings:
        return branches[0]
    if all(len(branch) == 1 for branch in branches):
        joined = f"[{''.join(branches)}]" if len(branches) > 1 else "".join(branches)
    else:
        joined = f"(?:{'|'.join(branches)})"
    return f"{joined}?" if branches and "" in endings else joined


def _row(first: str, endings: Set[str]) -> str:
    return ("[ -]" if first == "_" else re.escape(first)) + _branches(endings)


@cache
def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _by_kind(table: str) -> dict[str, Expression]:
    return {kind: _expression(alternatives) for kind, alternatives in _toml("claims.toml")[table].items()}


def _joined(alternatives: Sequence[str]) -> str:
    return f"(?:{'|'.join(map(_whole, alternatives))})"


def _whole(alternative: str) -> str:
    """An alternative with all that its names stand for."""
    return _FRAGMENT.sub(lambda match: _fragment(match[1]), alternative)


def _expression(alternatives: Sequence[str], *, words: bool = True) -> Expression:
    return Expression([_whole(alternative) for alternative in alternatives], words=words)
