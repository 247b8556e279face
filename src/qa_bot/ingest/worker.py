"""The process that parses one file: it limits itself, reads the file from its input and writes what it found.

Run as `python -m qa_bot.ingest.worker SUFFIX SECONDS BYTES`, with the file as standard input. It writes one word
(`text`, or what is wrong), a newline, and the packed source text or the clauses of an error message, a line each.
"""

import os
import sys

from qa_bot.ingest.problems import ExcessiveError, LockedError, UnreadableError
from qa_bot.ingest.wire import packed

MAX_TEXT = 50_000_000  # code points; the longest novels have five million


def main() -> None:
    """Parse standard input and exit."""
    suffix, seconds, memory = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    _limit(seconds, memory)
    # What a library prints must not mix with the result.
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    answer.write(_answer(suffix))
    answer.close()


def _answer(suffix: str) -> bytes:
    from qa_bot.ingest.formats import parser_of

    try:
        source = parser_of(suffix)(sys.stdin.buffer.read())
        if len(source.text) > MAX_TEXT:
            raise ExcessiveError(f"holds {len(source.text):,} characters", f"{MAX_TEXT:,}")
        return b"text\n" + packed(source)
    except Exception as error:
        return "\n".join(" ".join(line.split()) for line in _problem(error)).encode(errors="replace")


def _problem(error: Exception) -> tuple[str, ...]:
    """The word for an error, and the clauses of its message."""
    from qa_bot.ingest.plain import not_utf8

    match error:
        case UnreadableError():
            return "unreadable", str(error)
        case LockedError() | MemoryError():
            return ("locked" if isinstance(error, LockedError) else "memory",)
        case ExcessiveError():
            return "excessive", error.what, error.limit
        case UnicodeDecodeError():
            return "encoding", not_utf8(error)
        case RecursionError():
            return "excessive", "nests its parts too deeply", f"about {sys.getrecursionlimit() // 5} levels"
        case _:
            return "unreadable", f"its parser failed ({type(error).__name__}: {str(error)[:200]})"


def _limit(seconds: int, memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: only the parent's clock limits it
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform == "linux":  # elsewhere the address space cannot be limited
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


if __name__ == "__main__":
    main()
