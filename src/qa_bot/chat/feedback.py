"""Feedback: what readers say about answers, one JSON line each, only ever appended."""

import errno
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import RawIOBase
from pathlib import Path
from threading import Lock
from typing import Any

from qa_bot.chat.answer_card import FEEDBACK_REASONS
from qa_bot.chat.turns import Turn
from qa_bot.errors import QaBotError

HELPFUL = "helpful"
_BEGINNING = b'{"time": '
VERDICTS = (HELPFUL, *FEEDBACK_REASONS)


@dataclass(frozen=True, slots=True)
class Feedback:
    """One reader's word on one answer: `helpful` or what is wrong with it, and the spans that were shown.

    `history` holds the questions asked before it in the conversation, oldest first.
    """

    time: str
    verdict: str
    question: str
    resolved_question: str
    history: tuple[str, ...]
    status: str
    index_version: str
    spans: tuple[tuple[str, int, int], ...]


class FeedbackLog:
    """An append-only file of feedback; safe to write from several threads and processes, on disk when `append` returns.

    A line goes out in one write at the end of the file, so lines do not mix; one that was cut off when a process was
    killed is closed by the next.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()

    def append(self, turn: Turn, verdict: str, *, history: Sequence[str] = ()) -> Feedback:
        """Write one line; `history` holds the questions before the turn, oldest first.

        Raises: ValueError: an unknown verdict; OSError: the file cannot be written.
        """
        if verdict not in VERDICTS:
            raise ValueError(f"feedback is one of {', '.join(VERDICTS)}, got {verdict!r}")
        entry = _feedback(turn, verdict, tuple(history))
        line = json.dumps(asdict(entry), ensure_ascii=False).encode() + b"\n"
        with self._lock:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab+", buffering=0) as file:
                whole = b"\n" + line if _is_cut_off(file) else line
                if (file.write(whole) or 0) < len(whole):  # a disk that fills up takes a part without an error
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))
                os.fsync(file.fileno())
        return entry


def read_feedback(path: Path) -> Iterator[dict[str, Any]]:
    """Every entry of a feedback file, oldest first; none if there is no file yet. For `qa-bot feedback export`.

    The beginning of a line whose writer was killed, which was never acknowledged, is passed over.

    Raises: QaBotError: a line that is not feedback, with its number.
    """
    if not path.exists():
        return
    with path.open("rb") as file:  # a line may be cut off within a character
        for number, line in enumerate(file, 1):
            if not _was_cut_off(line):
                yield _read_line(path, number, line)


def _is_cut_off(file: RawIOBase) -> bool:
    """Whether the last line of a file has no end."""
    if not file.seek(0, os.SEEK_END):
        return False
    file.seek(-1, os.SEEK_END)
    return file.read(1) != b"\n"


def _was_cut_off(line: bytes) -> bool:
    line = line.rstrip()
    return _BEGINNING.startswith(line[: len(_BEGINNING)]) and not line.endswith(b"}")


def _feedback(turn: Turn, verdict: str, history: tuple[str, ...]) -> Feedback:
    return Feedback(
        time=datetime.now(UTC).isoformat(timespec="seconds"),
        verdict=verdict,
        question=turn.question,
        resolved_question=turn.resolved,
        history=history,
        status="answered" if turn.answered else "not_in_sources",
        index_version=turn.index_version,
        spans=tuple((place.doc_id, place.start, place.end) for place in turn.places),
    )


def _read_line(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError as error:
        raise QaBotError(f"{path}:{number}: is not a line of feedback; remove the line or the file") from error
    if not isinstance(entry, dict) or entry.get("verdict") not in VERDICTS:
        raise QaBotError(f"{path}:{number}: is not a line of feedback; remove the line or the file")
    return entry
