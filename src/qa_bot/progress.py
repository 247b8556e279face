"""The bar that shows how far the encoding of passages is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

Progress: TypeAlias = Callable[[int, int], object]  # passages encoded so far, passages to encode

FIRST_DRAWN = 0.3  # seconds; what takes less needs no bar


@contextmanager
def progress_bar(*, quiet: bool = False) -> Iterator[Progress]:
    """A bar on standard error while this lasts; call what it gives with the passages done and to do."""
    from tqdm import tqdm

    # `delay` keeps it from being drawn before there is anything to encode: an error stays a single line.
    with tqdm(unit=" passages", disable=quiet, desc="encoding", leave=False, delay=FIRST_DRAWN) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield progress
