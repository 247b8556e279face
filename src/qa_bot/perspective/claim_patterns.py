"""The patterns of claims.toml, compiled once with the word classes of claim_words.toml."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from qa_bot.perspective.inflection import noun_forms, spellings, verb_forms

_FRAGMENT = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class ClaimPatterns:
    """Compiled patterns, each for one sentence; claims.toml says what they look for.

    All but `names` are for the sentence in lower case: Python tries a set of alternatives about twice as fast where
    case counts.

    `phrases` holds the patterns that are a cue by themselves, by kind; `neutral` those whose match
    makes an overlapping cue none; the rest serve to pair figures with losses.
    """

    quantity: re.Pattern[str]
    year: re.Pattern[str]
    people: re.Pattern[str]
    somebody: re.Pattern[str]
    things: re.Pattern[str]
    casualty: re.Pattern[str]
    harm: re.Pattern[str]
    counted: re.Pattern[str]
    loss: re.Pattern[str]
    named_source: re.Pattern[str]
    phrases: Mapping[str, re.Pattern[str]]
    neutral: Mapping[str, re.Pattern[str]]
    names: Mapping[str, re.Pattern[str]]


@cache
def claim_patterns() -> ClaimPatterns:
    """The patterns, compiled on first use."""
    data = _toml("claims.toml")
    fragments = word_classes(_toml("claim_words.toml"))
    for name, alternatives in data["fragment"].items():
        fragments[name] = _joined(alternatives, fragments)
    figures = data["figures"]
    return ClaimPatterns(
        quantity=re.compile(_joined(figures["quantity"], fragments)),
        year=re.compile(_joined(figures["year"], fragments)),
        people=_whole_words(figures["people"], fragments),
        somebody=_whole_words(figures["somebody"], fragments),
        things=_whole_words(figures["things"], fragments),
        casualty=_whole_words(figures["casualty"], fragments),
        harm=_whole_words(figures["harm"], fragments),
        counted=_whole_words(figures["counted"], fragments),
        loss=_whole_words(figures["loss"], fragments),
        named_source=_whole_words(figures["named_source"], fragments),
        phrases=_by_kind(data["phrases"], fragments),
        names=_by_kind(data["names"], fragments),
        neutral=_by_kind(data["neutral"], fragments),
    )


def word_classes(data: Mapping[str, Any]) -> dict[str, str]:
    """A pattern for each class of words; `<name>_ed`: the past forms of its verbs, `<name>_one`: its singular nouns."""
    found = {}
    for name, words in data["verb"].items():
        inflected = [(verb, _verb_forms(verb, data["irregular"])) for verb in words.split()]
        found[name] = _any_of(form for _, forms in inflected for form in forms)
        found[f"{name}_ed"] = _any_of(form for verb, forms in inflected for form in _past(verb, forms))
    for name, words in data["noun"].items():
        found[name] = _any_of(form for noun in words.split() for form in _noun_forms(noun, data["plural"]))
        found[f"{name}_one"] = _any_of(words.split())
    for name, words in data["word"].items():
        found[name] = _any_of(words.split())
    return found


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


def _any_of(forms: Iterable[str]) -> str:
    """A pattern for any of the forms in either spelling that tries shared beginnings once; "_" is a space or hyphen."""
    return _branches({spelt for form in forms for spelt in spellings(form)})


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


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(files("qa_bot.perspective").joinpath(name).read_text(encoding="utf-8"))


def _by_kind(table: Mapping[str, Sequence[str]], fragments: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    return {kind: _whole_words(alternatives, fragments) for kind, alternatives in table.items()}


def _joined(alternatives: Sequence[str], fragments: Mapping[str, str]) -> str:
    joined = "|".join(alternatives)
    return f"(?:{_FRAGMENT.sub(lambda match: fragments[match[1]], joined)})"


def _whole_words(alternatives: Sequence[str], fragments: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile(rf"\b{_joined(alternatives, fragments)}\b")
