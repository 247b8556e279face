"""A source file → its canonical text: plain text here, every other format in a process of its own."""

import hashlib
import os
from io import BufferedReader
from pathlib import Path

from qa_bot.errors import CorpusError, LimitError
from qa_bot.ingest.cache import ParseCache
from qa_bot.ingest.formats import PLAIN, SUFFIXES
from qa_bot.ingest.isolation import LIMITS, MIB, Limits, parse_apart
from qa_bot.ingest.plain import read_plain
from qa_bot.ingest.source import SourceText


def read_source(path: Path, *, cache: ParseCache | None = None, limits: Limits = LIMITS) -> SourceText:
    """Read one source file of any format in SUFFIXES, told by the end of its name.

    Raises: CorpusError: unknown format, unreadable, empty, or in an unknown encoding; FormatError: damaged;
    EncryptedError: asks for a password; LimitError: larger than `limits` allow.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise CorpusError(path, f"is of no format that can be read; the formats are {', '.join(SUFFIXES)}")
    try:
        with path.open("rb") as file:
            _check_size(path, file, limits)
            return read_plain(path, file.read()) if suffix in PLAIN else _parsed(path, file, cache, limits)
    except OSError as error:
        raise CorpusError(path, f"cannot be read ({error.strerror}); check the path and its permissions") from error


def _parsed(path: Path, file: BufferedReader, cache: ParseCache | None, limits: Limits) -> SourceText:
    digest, suffix = hashlib.file_digest(file, "sha256").hexdigest(), path.suffix.lower()
    if cache and (kept := cache.get(digest, suffix)):
        return kept
    file.seek(0)
    source = parse_apart(path, file, limits)
    if not source.text:
        raise CorpusError(path, "holds no text; if its pages are images, run text recognition (OCR) on it first")
    if cache:
        cache.put(digest, suffix, source)
    return source


def _check_size(path: Path, file: BufferedReader, limits: Limits) -> None:
    size = os.fstat(file.fileno()).st_size
    if size > limits.file:
        raise LimitError(path, f"is a file of {size / MIB:,.0f} MiB", f"{limits.file // MIB:,} MiB")
