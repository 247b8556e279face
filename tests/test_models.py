"""The models that ship with the package."""

import numpy as np
import pytest

from qa_bot.perspective.claim_model import SHIPPED as CLAIMS
from qa_bot.reader import SHIPPED as READER

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
