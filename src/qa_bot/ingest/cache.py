"""Parsed source texts kept by the content of their files: an unchanged file is not parsed anew."""

import contextlib
import os
from pathlib import Path

from qa_bot.ingest.source import SourceText
from qa_bot.ingest.wire import packed, unpacked

EDITION = 3  # raised whenever a parser gives another text for the same file


class ParseCache:
    """A folder of packed source texts; what was not asked for since it was opened can be dropped."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: set[str] = set()

    def get(self, digest: str, suffix: str) -> SourceText | None:
        """The text of a file with this SHA-256, None if it is not kept or not whole."""
        try:
            return unpacked(self._place(digest, suffix).read_bytes())
        except (OSError, ValueError):
            return None

    def put(self, digest: str, suffix: str, source: SourceText) -> None:
        """Keep a text. A folder that cannot be written to only means that the file is parsed again."""
        place = self._place(digest, suffix)
        fresh = place.with_name(f"{place.name}.{os.getpid()}.new")
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(packed(source))
            fresh.replace(place)

    def prune(self) -> None:
        """Drop every text that was not asked for: its file was changed or removed."""
        if self._folder.is_dir():
            for place in self._folder.iterdir():
                if place.name not in self._used:
                    place.unlink(missing_ok=True)

    def _place(self, digest: str, suffix: str) -> Path:
        name = f"{digest[:32]}{suffix}.{EDITION}"
        self._used.add(name)
        return self._folder / name
