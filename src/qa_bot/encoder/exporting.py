"""Exporting a model to ONNX, in a process of its own, so that torch never enters the one that answers.

    python -m qa_bot.encoder NAME SOURCE FINGERPRINT FOLDER

Exit status 0: FOLDER holds the export. 1: the model cannot be loaded. 3: it works, but cannot be exported. The last
line on standard error says why.
"""

import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qa_bot.encoder.exported import INPUTS, MODEL, OUTPUTS, TOKENIZER, WEIGHTS, Export, OnnxModel
from qa_bot.encoder.windowed import Ids, Model, ModelCard, unit
from qa_bot.errors import ModelError
from qa_bot.processes import command_of, environment

if TYPE_CHECKING:
    from qa_bot.encoder.transformer import TransformerEncoder

MIN_PARITY = 0.999  # least cosine of any vector of the export to that of the original
UNUSABLE, NOT_EXPORTABLE = 1, 3


class ExportError(Exception):
    """A model that works but cannot be exported, and why; `lasting` unless the process was stopped."""

    def __init__(self, reason: str, *, lasting: bool = True) -> None:
        super().__init__(reason)
        self.lasting = lasting


def export_model(name: str, source: Path, fingerprint: str, folder: Path) -> None:
    """Export a model folder into an empty folder, checked against the original.

    Raises: ModelError: it cannot be loaded; ExportError: it can, but not be exported.
    """
    command = command_of("qa_bot.encoder", name, str(source), fingerprint, str(folder))
    done = subprocess.run(  # noqa: S603 - our own module, nothing from outside but two paths
        command, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    reason = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
    if done.returncode == UNUSABLE:
        raise ModelError(reason)
    if done.returncode:
        raise ExportError(reason, lasting=done.returncode == NOT_EXPORTABLE)


def main(name: str, source: str, fingerprint: str, folder: str) -> None:
    """The process itself."""
    from qa_bot.encoder.transformer import TransformerEncoder

    warnings.simplefilter("ignore")
    try:
        encoder = TransformerEncoder(name, source, fingerprint)
    except ModelError as error:
        _leave(error, UNUSABLE)
    try:
        export_here(encoder, Path(folder))
    except Exception as error:  # whatever torch or ONNX cannot do, the original model can
        _leave(error, NOT_EXPORTABLE)


def _leave(error: Exception, status: int) -> None:
    sys.stderr.write("\n" + " ".join(str(error).split())[:300] + "\n")
    raise SystemExit(status)


def export_here(encoder: "TransformerEncoder", folder: Path) -> None:
    """Export a loaded model into an empty folder.

    Raises: ExportError: its vectors differ from the original's; and whatever torch and ONNX raise.
    """
    _write_graph(encoder.sentence_transformer, folder)
    (folder / TOKENIZER).write_text(encoder.tokenizer_json, encoding="utf-8")
    least = _parity(encoder.card, encoder.model, OnnxModel(folder / MODEL))
    if least < MIN_PARITY:
        raise ExportError(f"the exported vectors differ from the model's own: cosine {least:.4f}")
    Export.seal(folder, encoder.card)


def _write_graph(model: Any, folder: Path) -> None:
    """The whole model with its pooling as one graph of any batch size and length, its weights in a file of their own.

    Weights in their own file are mapped into memory, not read: half the memory, and a third of the time to start.
    """
    import onnx
    import torch

    class Both(torch.nn.Module):
        """Vectors and token vectors in one pass."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            out = self.model({"input_ids": input_ids, "attention_mask": attention_mask})
            return out["sentence_embedding"].float(), out["token_embeddings"].float()

    example = torch.ones((2, 4), dtype=torch.int64)
    axes = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    program = torch.onnx.export(
        Both().eval(),
        (example, example.clone()),
        input_names=INPUTS,
        output_names=OUTPUTS,
        dynamic_shapes=dict.fromkeys(INPUTS, axes),
        dynamo=True,
        verbose=False,
    )
    if program is None:
        raise ExportError("torch.onnx.export gave no program")
    graph = program.model_proto
    _without_notes(graph)
    onnx.save(graph, folder / MODEL, save_as_external_data=True, location=WEIGHTS, size_threshold=1024)
    (folder / WEIGHTS).touch()
    shutil.copymode(folder / MODEL, folder / WEIGHTS)  # onnx lets nobody else read it


def _without_notes(proto: Any) -> None:
    """Take out where in which source files each part came from: an export is the same on every machine."""
    fields = proto.DESCRIPTOR.fields_by_name
    for name in ("doc_string", "metadata_props"):
        if name in fields:
            proto.ClearField(name)
    for name in ("graph", "node", "functions", "input", "output", "value_info", "initializer"):
        if name in fields and fields[name].message_type:
            found = getattr(proto, name)
            for part in [found] if name == "graph" else found:
                _without_notes(part)


def _parity(card: ModelCard, original: Model, exported: Model) -> float:
    """The least cosine of the vectors of random texts, one and several, of many lengths, padded and not."""
    random = np.random.default_rng(0)
    least = 1.0
    for texts, length in ((1, 3), (1, 17), (3, 9), (2, min(card.window, 160))):
        ids: Ids = random.integers(0, card.vocabulary, (texts, length), dtype=np.int64)
        mask = np.ones_like(ids)
        mask[1:, length // 2 :] = 0
        ids[mask == 0] = card.padding
        pairs = zip(*(model.forward(ids, mask) for model in (original, exported)), strict=True)
        for ours, theirs in pairs:
            cosines = (unit(ours) * unit(theirs)).sum(-1)
            least = min(least, float((cosines if cosines.ndim == 1 else cosines[mask == 1]).min()))
    return least
