"""Running an ONNX model: a session on a fixed number of threads, its tokenizer, and checksums.

Both models of an answer, the encoder and the reader, run through this:

    session = Session(folder / "model.onnx", threads=1)
    session.inputs                                   # names, in the model's order
    outputs = session.run({"input_ids": ids, "attention_mask": mask})      # dict: output name -> array
    tokenizer = load_tokenizer(folder / "tokenizer.json")                  # tokenizers.Tokenizer, nothing cut or padded
    require_sha256(folder / "model.onnx", expected, name="reader")         # ModelError if it is another file

Nothing here needs torch, transformers or sentence-transformers.
"""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from qa_bot.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Array: TypeAlias = npt.NDArray[Any]
ALL_CORES = 0  # as number of threads


class Session:
    """A loaded ONNX model; `run` may be called from several threads at once.

    `threads` is how many threads one run is shared out to, the caller's among them. They wait busily for each other
    while it lasts and sleep in between: idle threads of one library that wait busily slow down all the others.
    """

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        """Load a model file.

        Raises: ModelError: no such file, or ONNX Runtime cannot load it.
        """
        import onnxruntime

        if not path.is_file():
            raise ModelError(f"model file '{path}' is missing; install qa-bot or build the index again")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors only
        options.add_session_config_entry("session.force_spinning_stop", "1")
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # ONNX Runtime raises classes of its own for every kind of damage
            raise ModelError(f"model file '{path}' cannot be loaded ({_first_line(error)})") from error
        self.inputs: tuple[str, ...] = tuple(value.name for value in self._session.get_inputs())
        self.outputs: tuple[str, ...] = tuple(value.name for value in self._session.get_outputs())

    def run(self, feeds: Mapping[str, Array]) -> dict[str, Array]:
        """Every output by name for one batch; feeds that the model has no input for are left out."""
        known = {name: feeds[name] for name in self.inputs if name in feeds}
        return dict(zip(self.outputs, map(np.asarray, self._session.run(None, known)), strict=True))


def load_tokenizer(path: Path) -> "Tokenizer":
    """A fast tokenizer from its tokenizer.json, with truncation and padding switched off.

    Raises: ModelError: no such file, or not a tokenizer.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises bare Exception
        raise ModelError(f"tokenizer file '{path}' cannot be loaded ({_first_line(error)})") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def sha256_of_file(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def require_sha256(path: Path, expected: str, *, name: str) -> None:
    """Check that a file of a model is the one expected.

    Raises: ModelError: it is missing or another one.
    """
    if not path.is_file():
        raise ModelError(f"model '{name}': file '{path}' is missing")
    if (found := sha256_of_file(path)) != expected:
        raise ModelError(f"model '{name}': file '{path}' has SHA-256 {found}, expected {expected}")


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:120]}"
