"""An encoder as it is kept with an index: the model in ONNX, its tokenizer and a card, run without torch.

A folder holds `model.onnx`, `model.onnx.data` (the weights, memory-mapped), `tokenizer.json` and `encoder.json`.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock

import numpy as np
import numpy.typing as npt

from qa_bot.encoder.windowed import Ids, ModelCard, WindowedEncoder
from qa_bot.errors import ModelError
from qa_bot.inference import ALL_CORES, Session, load_tokenizer, require_sha256, sha256_of_file
from qa_bot.links import linked
from qa_bot.types import Embeddings

MODEL = "model.onnx"
WEIGHTS = "model.onnx.data"
TOKENIZER = "tokenizer.json"
CARD = "encoder.json"
INPUTS = ("input_ids", "attention_mask")
OUTPUTS = ("vectors", "tokens")
KEPT_OPEN = 2  # models that stay loaded for the next index of the same model


@dataclass(frozen=True, slots=True)
class Export:
    """The card of a folder and the SHA-256 of its files; two folders that hold the same are equal."""

    model: ModelCard
    files: tuple[tuple[str, str], ...]
    folder: Path = field(compare=False)

    @classmethod
    def read(cls, folder: Path) -> "Export":
        """Read the card of a folder.

        Raises: ModelError: it has none.
        """
        try:
            fields = json.loads((folder / CARD).read_text(encoding="utf-8"))
            files = tuple((name, str(fields["files"][name])) for name in (MODEL, WEIGHTS, TOKENIZER))
            return cls(ModelCard(**fields["model"]), files, folder)
        except (OSError, ValueError, KeyError, TypeError) as error:
            way_out = "run: qa-bot index CORPUS --index FOLDER --rebuild"
            raise ModelError(f"model folder '{folder}' has no usable {CARD}; {way_out}") from error

    @classmethod
    def seal(cls, folder: Path, model: ModelCard) -> "Export":
        """Write the card of a folder that holds all other files."""
        files = tuple((name, sha256_of_file(folder / name)) for name in (MODEL, WEIGHTS, TOKENIZER))
        text = json.dumps({"model": asdict(model), "files": dict(files)}, indent=1, sort_keys=True)
        (folder / CARD).write_text(text + "\n", encoding="utf-8")
        return cls(model, files, folder)

    def verify(self) -> None:
        """Compare every file with its checksum.

        Raises: ModelError: names the first file that differs.
        """
        for name, expected in self.files:
            require_sha256(self.folder / name, expected, name=self.model.name)


class OnnxModel:
    """A model file. A pass has all cores while it is the only one; those that come meanwhile have a thread each.

    The second session is opened when it is first needed: most processes ask one question at a time.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._all = Session(path, threads=ALL_CORES)
        self._free = Lock()

    @cached_property
    def _one(self) -> Session:
        if os.cpu_count() == 1 or not self.path.is_file():  # its index version may have been replaced and removed
            return self._all
        return Session(self.path, threads=1)

    def forward(self, ids: Ids, mask: Ids) -> tuple[Embeddings, npt.NDArray[np.float32]]:
        """Vectors of texts (n_texts, dim) and of their tokens (n_texts, length, dim), of any length."""
        feeds = dict(zip(INPUTS, (ids, mask), strict=True))
        if not self._free.acquire(blocking=False):
            out = self._one.run(feeds)
        else:
            try:
                out = self._all.run(feeds)
            finally:
                self._free.release()
        return out["vectors"], out["tokens"]


class ExportedEncoder(WindowedEncoder):
    """The encoder of an exported model."""

    def __init__(self, export: Export) -> None:
        super().__init__(export.model, load_tokenizer(export.folder / TOKENIZER), OnnxModel(export.folder / MODEL))
        self._export = export

    def save(self, folder: Path, *, near: Iterable[Path] = ()) -> None:
        """Put the files into a folder, which is made: linked where the file system can, else copied.

        `near` are folders that may hold the same files closer by; its own may have been removed since.

        Raises: ModelError: none of the folders holds the files.
        """
        source = next((f for f in (*near, self._export.folder) if _holds(f, self._export)), None)
        if source is None:
            raise ModelError(f"model folder '{self._export.folder}' was removed; start again")
        folder.mkdir(parents=True)
        for name in (*dict(self._export.files), CARD):
            linked(source / name, folder)


def open_encoder(folder: Path, *, verified: bool = False) -> ExportedEncoder:
    """The encoder in a folder, loaded once however many folders hold the same files.

    Raises: ModelError: a file is missing or, unless they were `verified` before, another than was exported.
    """
    export = Export.read(folder)
    if not verified:
        export.verify()
    return _opened(export)


@lru_cache(maxsize=KEPT_OPEN)
def _opened(export: Export) -> ExportedEncoder:
    return ExportedEncoder(export)


def _holds(folder: Path, export: Export) -> bool:
    try:
        return Export.read(folder) == export
    except ModelError:
        return False
