"""Parsing in a process of its own, with limits: whatever a file does to its parser, this process goes on."""

import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from qa_bot.errors import CorpusError, EncryptedError, FormatError, LimitError
from qa_bot.ingest.formats import kind_of
from qa_bot.ingest.source import SourceText
from qa_bot.ingest.wire import unpacked
from qa_bot.processes import command_of, environment

MIB = 1024 * 1024
WAITING = 5  # times as long as the processor time is waited for a process, on a machine that is busy


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take: bytes on disk, seconds of processor time, bytes of memory."""

    file: int = 256 * MIB
    seconds: int = 120
    memory: int = 2_048 * MIB


LIMITS = Limits()


def parse_apart(path: Path, file: BinaryIO, limits: Limits = LIMITS) -> SourceText:
    """Parse an open file in a process of its own.

    Raises: FormatError, EncryptedError, LimitError, CorpusError.
    """
    suffix = path.suffix.lower()
    command = command_of("qa_bot.ingest.worker", suffix, str(limits.seconds), str(limits.memory))
    waited = limits.seconds * WAITING
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            command, env=environment(), stdin=file, capture_output=True, timeout=waited, check=False
        )
    except subprocess.TimeoutExpired:
        raise _too_long(path, limits) from None
    if done.returncode:
        raise _failure(path, done.returncode, done.stderr, limits)
    said, _, rest = done.stdout.partition(b"\n")
    if said == b"text":
        return unpacked(rest)
    raise _refusal(path, said.decode(), rest.decode().split("\n"), limits)


def _refusal(path: Path, said: str, clauses: list[str], limits: Limits) -> CorpusError:
    kind = kind_of(path.suffix.lower())
    if said == "memory":
        return _too_much(path, limits)
    if said == "locked":
        return EncryptedError(path)
    if said == "excessive":
        return LimitError(path, clauses[0], clauses[1])
    if said == "encoding":
        return CorpusError(path, clauses[0])
    return FormatError(path, kind, clauses[0])


def _failure(path: Path, code: int, errors: bytes, limits: Limits) -> CorpusError:
    """The error for a process that did not come to say what was wrong."""
    if code == -getattr(signal, "SIGXCPU", 0):
        return _too_long(path, limits)
    said = errors.decode(errors="replace").strip()
    starved = ("SIGABRT", "SIGTRAP", "SIGKILL")  # by allocators that give up; by a system that has no memory left
    if "MemoryError" in said or "bad_alloc" in said or code in [-getattr(signal, name, 0) for name in starved]:
        return _too_much(path, limits)
    return FormatError(path, kind_of(path.suffix.lower()), f"its parser failed ({said[-200:] or f'status {code}'})")


def _too_long(path: Path, limits: Limits) -> LimitError:
    return LimitError(path, "takes too long to read", f"{limits.seconds} s")


def _too_much(path: Path, limits: Limits) -> LimitError:
    return LimitError(path, "takes too much memory to read", f"{limits.memory // MIB:,} MiB")
