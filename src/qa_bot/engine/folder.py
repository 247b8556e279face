"""The default engine: a folder of files that FAISS, bm25s and NumPy map into memory."""

import tempfile
from dataclasses import replace
from pathlib import Path

from qa_bot.engine.places import Published
from qa_bot.errors import IndexDamagedError, IndexMissingError, IndexStaleError
from qa_bot.index import PassageIndex, current_folder, load_index, writing
from qa_bot.index.manifest import files_of
from qa_bot.index.store import write_version
from qa_bot.index.versions import VERSIONS, publish


class FolderIndex:
    """An index in a folder, as `qa-bot index` builds it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def version(self) -> str | None:
        """The version to serve, or None where nothing has been published."""
        try:
            return current_folder(self._folder).name
        except IndexMissingError:
            return None

    def publish(self, index: PassageIndex) -> Published:
        """Write another folder's index here, as a whole: mapped files cannot be changed in part."""
        with writing(self._folder):
            before = self._passages()
            (self._folder / VERSIONS).mkdir(exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".new-", dir=self._folder / VERSIONS) as made:
                work = Path(made) / "index"
                work.mkdir()
                write_version(work, index)
                manifest = replace(index.manifest, files=files_of(work))
                manifest.save(work)
                if self.version() != manifest.version:
                    publish(self._folder, manifest.version, work)
        now = {passage.passage_id for passage in index.passages}
        return Published(manifest.version, len(now - before), len(now & before), len(before - now))

    def open(self) -> PassageIndex:
        """Map the files of the version to serve into memory."""
        return load_index(self._folder)

    def _passages(self) -> set[str]:
        try:
            return {passage.passage_id for passage in load_index(self._folder).passages}
        except (IndexMissingError, IndexStaleError, IndexDamagedError):
            return set()
