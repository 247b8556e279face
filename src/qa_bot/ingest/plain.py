"""Plain text: its characters as they are, newlines made `\\n`, a byte order mark left out, nothing else changed."""

import codecs
from pathlib import Path

from qa_bot.errors import CorpusError
from qa_bot.ingest.source import SourceText

ENOUGH = 64  # bytes; of a shorter text that is not UTF-8 nobody can tell the encoding
DAMAGED = 0.1  # of the bytes beyond ASCII, up to which a text is UTF-8 with faults rather than something else
MAX_CHAOS = 0.1  # charset-normalizer's measure of disorder above which a decoded text is taken for damaged

_MARKED = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_plain(path: Path, content: bytes) -> SourceText:
    """The text of a file; one that is not UTF-8 is read in the encoding that was detected, with a warning.

    Raises: CorpusError: empty, not text, or in an encoding that cannot be told with certainty.
    """
    try:
        text, warnings = decoded(content)
    except UnicodeDecodeError as error:
        raise CorpusError(path, not_utf8(error)) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise CorpusError(path, "is empty; add text or remove the file")
    if "\0" in text:
        raise CorpusError(path, f"holds a NUL character at offset {text.index(chr(0))}; is it a text file?")
    return SourceText(text, warnings=warnings)


def decoded(content: bytes) -> tuple[str, tuple[str, ...]]:
    """Text, and a warning if its encoding had to be detected.

    Raises: UnicodeDecodeError: it is not UTF-8, and no other encoding is certain.
    """
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        encoding = _marked(content) or _detected(content)
        if encoding is None:
            raise
    text = content.decode(encoding)
    return text, (f"is not UTF-8 and was read as {encoding}; check its letters, or save it as UTF-8",)


def not_utf8(error: UnicodeDecodeError) -> str:
    """What to tell a person about a text that could not be decoded."""
    return f"is not UTF-8 (byte {error.object[error.start]:#04x} at offset {error.start}); save it as UTF-8"


def _marked(content: bytes) -> str | None:
    encoding = next((name for mark, name in _MARKED if content.startswith(mark)), None)
    return encoding if encoding and _decodes(content, encoding) else None


def _detected(content: bytes) -> str | None:
    from charset_normalizer import from_bytes

    if len(content) < ENOUGH or b"\0" in content or _is_damaged_utf8(content):
        return None
    best = from_bytes(content).best()
    if best is None or best.chaos > MAX_CHAOS or not _decodes(content, best.encoding):
        return None
    return best.encoding.replace("_", "-")


def _is_damaged_utf8(content: bytes) -> bool:
    """Whether nearly all that is not ASCII is UTF-8: another encoding would turn all of it into other letters."""
    kept = content.decode("utf-8", "ignore")
    other = sum(byte >= 0x80 for byte in content)
    lost = len(content) - len(kept.encode())
    return lost <= DAMAGED * other


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True
