"""The bar that shows how far an index is: its documents are read first, then their passages are encoded."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, TypeAlias

READING, ENCODING = "reading", "encoding"
Progress: TypeAlias = Callable[[str, int, int], object]  # READING or ENCODING, passages done so far, passages to do

FIRST_DRAWN = 0.3  # seconds; what takes less needs no bar


def redraw_every(stream: IO[str]) -> float:
    """Seconds between two drawings of a bar: a terminal's line is written over, every line of a log stays."""
    return 0.1 if stream.isatty() else 10.0


@contextmanager
def progress_bar(*, quiet: bool = False) -> Iterator[Progress]:
    """A bar on standard error while this lasts; call what it gives with what is done and how far it is."""
    from tqdm import tqdm

    # `delay` keeps it from being drawn before there is anything to do: an error stays a single line.
    with tqdm(
        unit=" passages",
        disable=quiet,
        leave=False,
        delay=FIRST_DRAWN,
        mininterval=redraw_every(sys.stderr),
    ) as bar:
        doing = ""

        def progress(what: str, done: int, total: int) -> None:
            nonlocal doing
            if what != doing:
                doing = what
                bar.reset()
                bar.set_description_str(what, refresh=False)
            bar.total = total
            bar.update(done - bar.n)

        yield progress
