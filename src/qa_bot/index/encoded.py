"""Passages that were encoded for an index not published yet, kept on disk so that an interrupted build goes on.

A file holds the passages of one call of the encoder; its name holds the SHA-256 of its content, so a file that a
killed process left half written, or that was damaged since, is not believed.
"""

import hashlib
import io
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qa_bot.mapping import one_header
from qa_bot.types import Embeddings

FOLDER = ".encoded"


@dataclass(frozen=True, slots=True)
class Stored:
    """The vectors of one passage as they are stored: its own, its sentences', its tokens', and where sentences end."""

    vector: npt.NDArray[np.float32]
    sentences: Embeddings
    tokens: npt.NDArray[np.int8]
    token_ids: npt.NDArray[np.int32]
    bounds: npt.NDArray[np.int64]


class EncodedPassages:
    """What is kept in an index folder for one model and projection, by the digest of a passage."""

    def __init__(self, folder: Path, edition: str) -> None:
        self._all = folder / FOLDER
        self._folder = self._all / edition

    def load(self) -> dict[str, Stored]:
        """Everything that is kept; of other editions nothing is kept any longer."""
        if self._all.is_dir():
            for other in self._all.iterdir():
                if other != self._folder:
                    shutil.rmtree(other, ignore_errors=True)
        return dict(item for path in sorted(self._folder.glob("*.npz")) for item in _read(path))

    def keep(self, passages: Mapping[str, Stored]) -> None:
        """Add some passages."""
        self._folder.mkdir(parents=True, exist_ok=True)
        content = _packed(passages)
        path = self._folder / f"{hashlib.sha256(content).hexdigest()}.npz"
        fresh = path.with_suffix(".new")
        fresh.write_bytes(content)
        fresh.replace(path)

    def drop(self) -> None:
        """Keep nothing: the index that holds the passages is published."""
        shutil.rmtree(self._all, ignore_errors=True)


def _packed(passages: Mapping[str, Stored]) -> bytes:
    stored = list(passages.values())
    out = io.BytesIO()
    np.savez(
        out,
        digests=np.array(list(passages)),
        vectors=np.array([s.vector for s in stored]),
        sentences=np.concatenate([s.sentences for s in stored]),
        tokens=np.concatenate([s.tokens for s in stored]),
        token_ids=np.concatenate([s.token_ids for s in stored]),
        bounds=np.concatenate([s.bounds for s in stored]),
        sizes=np.array([(len(s.sentences), len(s.tokens), len(s.bounds)) for s in stored]),
    )
    return out.getvalue()


def _read(path: Path) -> Iterator[tuple[str, Stored]]:
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != path.stem:
        path.unlink()
        return
    with one_header, np.load(io.BytesIO(content)) as held:
        arrays = {name: held[name] for name in held.files}
    ends = np.cumsum(arrays["sizes"], axis=0)
    for i, (last, size) in enumerate(zip(ends, arrays["sizes"], strict=True)):
        (s0, t0, b0), (s1, t1, b1) = last - size, last
        yield (
            str(arrays["digests"][i]),
            Stored(
                arrays["vectors"][i],
                arrays["sentences"][s0:s1],
                arrays["tokens"][t0:t1],
                arrays["token_ids"][t0:t1],
                arrays["bounds"][b0:b1],
            ),
        )
