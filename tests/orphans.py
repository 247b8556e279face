"""Whether what is shown leaves somebody's words without their speaker."""

import re

from qa_bot.types import Perspective, Voice

_INVISIBLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ufffd]+")


def is_orphan(block: str, perspective: Perspective) -> bool:
    """Whether a shown block of text leaves second-hand words without their speaker.

    It does not when it holds every span of the attribution closure, or the resolved speaker, or says that the
    speaker is not named or not resolved. White space does not matter, nor do control characters, which a terminal
    is shown signs for.
    """
    if perspective.voice is Voice.NARRATOR:
        return False
    shown = _visible(block)
    closure = [_visible(excerpt.text) for excerpt in perspective.attribution]
    if closure and all(text in shown for text in closure):
        return False
    if perspective.speaker and _visible(perspective.speaker) in shown:
        return False
    return not any(_visible(phrase) in shown for phrase in ("not resolved", "does not name", "not named"))


def _visible(text: str) -> str:
    return _INVISIBLE.sub("", text)
