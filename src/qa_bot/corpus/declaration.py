"""A TOML file that a person wrote, checked against a model, with errors a person can act on."""

import reprlib
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from qa_bot.errors import CardError, CorpusError


class Declaration(BaseModel):
    """The base of every model of a declared file: no unknown keys, no converted types."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True, str_min_length=1)


Declared = TypeVar("Declared", bound=Declaration)

_EXPECTED = {
    "missing": "this key to be given",
    "string_type": "a text in quotation marks",
    "string_too_short": "a text that is not empty",
    "int_type": "a whole number",
    "list_type": "a list in square brackets",
    "model_type": "a table",
    "dict_type": "a table",
    "too_short": "two whole numbers: [start, end]",
    "too_long": "two whole numbers: [start, end]",
}


def read_declaration(path: Path, model: type[Declared]) -> Declared:
    """The content of a TOML file as the model describes it.

    Raises: CardError: naming file, key, value and what was expected, for one thing that is wrong with the file.
    CorpusError: a file that cannot be opened.
    """
    try:
        return model.model_validate(_parsed(path))
    except ValidationError as error:
        raise _card_error(path, _telling(error.errors(include_url=False)), model) from None


def is_titled(path: Path) -> bool:
    """Whether a TOML file that can be read has a title."""
    try:
        return "title" in _parsed(path)
    except CorpusError:
        return False


def _parsed(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"byte 0x{error.object[error.start]:02x} at {error.start}"
        raise CardError(path, "file", found, "UTF-8 text") from None
    except OSError as error:
        raise CorpusError(path, error.strerror or "cannot be read") from None
    try:
        return tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(path, content, str(error)) from None
    except RecursionError:
        raise CardError(path, "file", "brackets nested too deeply", "valid TOML") from None


def _syntax_error(path: Path, content: str, message: str) -> CardError:
    # Python 3.11 gives the place only in words: "… (at line 3, column 9)" or "… (at end of document)".
    problem, _, place = message.rpartition(" (at ")
    number = place.removeprefix("line ").partition(",")[0]
    lines = content.splitlines() or [""]
    line = int(number) if number.isdigit() else len(lines)
    written = lines[min(line, len(lines)) - 1].strip()
    return CardError(path, f"line {line}", reprlib.repr(written)[1:-1], f"valid TOML ({problem or message})")


def _telling(errors: list[ErrorDetails]) -> ErrorDetails:
    # A misspelt key first: it is also why another key is missing.
    return next((error for error in errors if error["type"] == "extra_forbidden"), errors[0])


def _card_error(path: Path, error: ErrorDetails, model: type[Declaration]) -> CardError:
    key = ".".join(str(part) for part in error["loc"]) or "file"
    value = None if error["type"] == "missing" else error["input"]
    if isinstance(value, dict | list) or (isinstance(value, str) and len(value) > 80):
        value = reprlib.repr(value)
    return CardError(path, key, value, _expected(error, model))


def _expected(error: ErrorDetails, model: type[Declaration]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return "one of the keys " + ", ".join(_keys(model, error["loc"][:-1]))
    if kind in {"literal_error", "value_error"}:
        return str(context.get("expected", context.get("error")))
    return _EXPECTED.get(kind, error["msg"][:1].lower() + error["msg"][1:])


def _keys(model: type[BaseModel], place: tuple[int | str, ...]) -> list[str]:
    """The keys that the table at a place of the file may have."""
    for part in place:
        if isinstance(part, str) and part in model.model_fields:
            model = _table(model.model_fields[part].annotation) or model
    return list(model.model_fields)


def _table(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        if found := _table(inner):
            return found
    return None
