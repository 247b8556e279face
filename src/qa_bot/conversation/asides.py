"""What is said to the program or asked of the documents themselves: no document tells it."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from qa_bot.types import Aside

MOST = 120  # characters; whoever writes more asks for something
_RULES = Path(__file__).with_name("asides.toml")
_NAME = re.compile(r"\{(\w+)\}")
_MARKS = re.compile(r"[^\w\s'-]+")


def aside_of(question: str) -> Aside | None:
    """What an utterance is about if it is not about what the documents tell; None for a question to the documents.

    Only whole utterances are recognised ("is this text biased?"), never parts of one.
    """
    if len(question) > MOST:
        return None
    said = " ".join(_MARKS.sub(" ", question.casefold().replace("’", "'")).split())
    return next((aside for aside, pattern in _asides().items() if pattern.fullmatch(said)), None)


@cache
def _asides() -> dict[Aside, re.Pattern[str]]:
    rules = tomllib.loads(_RULES.read_text(encoding="utf-8"))
    patterns = ((Aside(name), "|".join(several)) for name, several in rules["patterns"].items())
    return {aside: re.compile(_spelt_out(pattern, rules["words"])) for aside, pattern in patterns}


def _spelt_out(pattern: str, words: Mapping[str, list[str]]) -> str:
    """A pattern with every {name} replaced by its words, in which names may stand, too."""
    while _NAME.search(pattern):
        pattern = _NAME.sub(lambda name: f"(?:{'|'.join(words[name[1]])})", pattern)
    return pattern
