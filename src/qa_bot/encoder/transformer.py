"""A sentence-transformers model run by torch: what is exported, and the way round where a model cannot be."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from qa_bot.encoder.windowed import Ids, ModelCard, WindowedEncoder
from qa_bot.errors import ModelError
from qa_bot.types import Embeddings

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

MAX_WINDOW = 512  # tokens; MiniLM was tuned on 128-256 but its positions reach 512, and no passage should be cut


class TorchModel:
    """All modules of a sentence-transformers model, its own pooling among them."""

    def __init__(self, model: "SentenceTransformer") -> None:
        self._model = model

    def forward(self, ids: Ids, mask: Ids) -> tuple[Embeddings, npt.NDArray[np.float32]]:
        """Vectors of texts (n_texts, dim) and of their tokens (n_texts, length, dim), of any length.

        One text has one thread: torch's others would go on waiting busily, and take the cores from what follows.
        """
        import torch

        features = {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}
        with torch.inference_mode(), _threads(1 if len(ids) == 1 else os.cpu_count() or 1):
            out = self._model(features)
        return _numpy(out["sentence_embedding"]), _numpy(out["token_embeddings"])


class TransformerEncoder(WindowedEncoder):
    """A sentence-transformers model whose first module is a transformer with a fast tokenizer."""

    def __init__(self, name: str, source: str, fingerprint: str) -> None:
        """Load a model from a folder.

        Raises: ModelError: it cannot be loaded, or its tokenizer gives no offsets.
        """
        model = _loaded(name, source)
        tokenizer: Any = model.tokenizer
        if not getattr(tokenizer, "is_fast", False):
            raise ModelError(f"model '{name}' has no fast tokenizer, so its tokens have no offsets; choose another")
        card = ModelCard(
            name=name,
            fingerprint=fingerprint,
            dim=int(model.get_embedding_dimension() or 0),
            vocabulary=len(tokenizer),
            window=min(MAX_WINDOW, _positions(getattr(model[0], "auto_model", model))),
            padding=int(tokenizer.pad_token_id or 0),
        )
        self.tokenizer_json: str = tokenizer.backend_tokenizer.to_str()
        self.sentence_transformer = model
        super().__init__(card, _bare(self.tokenizer_json), TorchModel(model))


def _loaded(name: str, source: str) -> "SentenceTransformer":
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(source, device="cpu", local_files_only=True).eval()
    except Exception as error:
        raise ModelError(
            f"model '{name}' cannot be loaded ({type(error).__name__}: {str(error).splitlines()[0][:120]}); "
            "name a local folder or a model that is already in the local cache"
        ) from error


def _positions(transformer: Any) -> int:
    """How many tokens a transformer can take; some, such as RoBERTa and MPNet, count from after their padding id."""
    positions = int(getattr(transformer.config, "max_position_embeddings", MAX_WINDOW))
    table = getattr(getattr(transformer, "embeddings", None), "position_embeddings", None)
    padding = getattr(table, "padding_idx", None)
    return positions if padding is None else positions - padding - 1


def _bare(tokenizer_json: str) -> "Tokenizer":
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(tokenizer_json)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


@contextmanager
def _threads(number: int) -> Iterator[None]:
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(number)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _numpy(tensor: "torch.Tensor") -> npt.NDArray[np.float32]:
    return np.asarray(tensor.float().numpy(), np.float32)
