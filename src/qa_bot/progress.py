"""The bar that shows how far an index is: its documents are read first, then their passages are encoded."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any, TypeAlias

READING, ENCODING = "reading", "encoding"
Progress: TypeAlias = Callable[[str, int, int], object]  # READING or ENCODING, passages done so far, passages to do

FIRST_DRAWN = 0.3  # seconds; what takes less needs no bar


def redraw_every(stream: IO[str]) -> float:
    """Seconds between two drawings of a bar: a terminal's line is written over, every line of a log stays."""
    return 0.1 if stream.isatty() else 10.0


@contextmanager
def progress_bar(*, quiet: bool = False) -> Iterator[Progress]:
    """Bars on standard error while this lasts, one after another; call what it gives with what is done and how far."""
    from tqdm import tqdm

    # `delay` keeps a bar from being drawn before there is anything to do: an error stays a single line.
    options = {"unit": " passages", "leave": False, "delay": FIRST_DRAWN, "mininterval": redraw_every(sys.stderr)}
    bars: dict[str, Any] = {}

    def progress(what: str, done: int, total: int) -> None:
        if what not in bars:
            _close(bars)
            bars[what] = tqdm(desc=what, total=total, disable=quiet, **options)
        bars[what].update(done - bars[what].n)

    try:
        yield progress
    finally:
        _close(bars)


def _close(bars: dict[str, Any]) -> None:
    for bar in bars.values():
        bar.close()
