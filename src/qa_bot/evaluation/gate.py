"""A gate for continuous integration: floors under measures, and what fell below one."""

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qa_bot.errors import QuestionSetError
from qa_bot.evaluation.figures import LOWER_IS_BETTER, WHOLE, Figure


@dataclass(frozen=True, slots=True)
class Floor:
    """The least value a measure of a set may have; for errors and latencies the greatest."""

    measure: str
    set: str
    value: float
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Fall:
    """A floor and what was measured; `figure` is None where the run has no such measure or set."""

    floor: Floor
    figure: Figure | None


def read_floors(path: Path) -> tuple[Floor, ...]:
    """Floors from TOML, one `[[floor]]` table each with measure, set, value and, if wanted, a tag.

    Raises: QuestionSetError: naming the file, the entry and what was expected.
    """
    try:
        parsed = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise QuestionSetError(path, None, f"is not TOML: {error}") from error
    except OSError as error:
        raise QuestionSetError(path, None, f"cannot be read: {error.strerror}") from error
    entries = parsed.get("floor")
    if not isinstance(entries, list) or not entries or set(parsed) != {"floor"}:
        raise QuestionSetError(path, None, "expected one or more [[floor]] tables and nothing else")
    return tuple(_floor(path, number, entry) for number, entry in enumerate(entries, 1))


def below(floors: Sequence[Floor], figures: Sequence[Figure]) -> tuple[Fall, ...]:
    """The floors that are not held, in file order; a measure that is missing does not hold its floor."""
    found = {(figure.measure, figure.set, figure.tag): figure for figure in figures if figure.system == WHOLE}
    falls = (Fall(floor, found.get((floor.measure, floor.set, floor.tag))) for floor in floors)
    return tuple(fall for fall in falls if fall.figure is None or not _holds(fall.floor, fall.figure))


def _holds(floor: Floor, figure: Figure) -> bool:
    if math.isnan(figure.value):
        return False
    return figure.value <= floor.value if floor.measure in LOWER_IS_BETTER else figure.value >= floor.value


def _floor(path: Path, number: int, entry: object) -> Floor:
    if not isinstance(entry, dict) or not {"measure", "set", "value"} <= set(entry) <= {
        "measure",
        "set",
        "value",
        "tag",
    }:
        raise QuestionSetError(path, None, f"floor {number} is {entry!r}; expected measure, set, value and perhaps tag")
    measure, name, value, tag = entry["measure"], entry["set"], entry["value"], entry.get("tag")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise QuestionSetError(path, None, f"floor {number}: key 'value' has value {value!r}; expected a number")
    if not isinstance(measure, str) or not isinstance(name, str) or not isinstance(tag, str | None):
        raise QuestionSetError(path, None, f"floor {number}: measure, set and tag are strings, got {entry!r}")
    return Floor(measure, name, float(value), tag)
