"""The patterns of claims.toml, compiled once: figures and the phrases of each kind of claim."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_FRAGMENT = re.compile(r"\{([a-z]+)\}")


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
    loss: re.Pattern[str]
    named_source: re.Pattern[str]
    phrases: Mapping[str, re.Pattern[str]]
    neutral: Mapping[str, re.Pattern[str]]
    names: Mapping[str, re.Pattern[str]]


@cache
def claim_patterns() -> ClaimPatterns:
    """The patterns, compiled on first use."""
    data = tomllib.loads(files("qa_bot.perspective").joinpath("claims.toml").read_text(encoding="utf-8"))
    fragments: dict[str, str] = {}
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
        loss=_whole_words(figures["loss"], fragments),
        named_source=_whole_words(figures["named_source"], fragments),
        phrases=_by_kind(data["phrases"], fragments),
        names=_by_kind(data["names"], fragments),
        neutral=_by_kind(data["neutral"], fragments),
    )


def _by_kind(table: Mapping[str, Sequence[str]], fragments: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    return {kind: _whole_words(alternatives, fragments) for kind, alternatives in table.items()}


def _joined(alternatives: Sequence[str], fragments: Mapping[str, str]) -> str:
    joined = "|".join(alternatives)
    return f"(?:{_FRAGMENT.sub(lambda match: fragments[match[1]], joined)})"


def _whole_words(alternatives: Sequence[str], fragments: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile(rf"\b{_joined(alternatives, fragments)}\b")
