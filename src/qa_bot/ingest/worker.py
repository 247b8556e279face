"""The process that parses one file: it limits itself, reads the file from its input and writes what it found.

Run as `python -m qa_bot.ingest.worker SUFFIX SECONDS BYTES`, with the file as standard input. It writes one word
(`text`, `unreadable`, `locked`, `excessive` or `encoding`), a newline, and the packed source text or the clauses of
an error message, a line each.
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
    from qa_bot.ingest.plain import not_utf8

    try:
        source = parser_of(suffix)(sys.stdin.buffer.read())
        if len(source.text) > MAX_TEXT:
            raise ExcessiveError(f"holds {len(source.text):,} characters", f"{MAX_TEXT:,}")
        return b"text\n" + packed(source)
    except UnreadableError as error:
        return _said("unreadable", str(error))
    except LockedError:
        return _said("locked")
    except ExcessiveError as error:
        return _said("excessive", error.what, error.limit)
    except UnicodeDecodeError as error:
        return _said("encoding", not_utf8(error))


def _said(*lines: str) -> bytes:
    return "\n".join(" ".join(line.split()) for line in lines).encode(errors="replace")


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
