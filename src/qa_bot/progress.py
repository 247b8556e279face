"""The bar that shows how far the encoding of passages is."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, TypeAlias

Progress: TypeAlias = Callable[[int, int], object]  # passages encoded so far, passages to encode

FIRST_DRAWN = 0.3  # seconds; what takes less needs no bar


def redraw_every(stream: IO[str]) -> float:
    """Seconds between two drawings of a bar: a terminal's line is written over, every line of a log stays."""
    return 0.1 if stream.isatty() else 10.0


@contextmanager
def progress_bar(*, quiet: bool = False) -> Iterator[Progress]:
    """A bar on standard error while this lasts; call what it gives with the passages done and to do."""
    from tqdm import tqdm

    # `delay` keeps it from being drawn before there is anything to encode: an error stays a single line.
    with tqdm(
        unit=" passages",
        disable=quiet,
        desc="encoding",
        leave=False,
        delay=FIRST_DRAWN,
        mininterval=redraw_every(sys.stderr),
    ) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield progress
