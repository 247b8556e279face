import hashlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from qa_bot.errors import ModelError
from qa_bot.inference import ALL_CORES, Session, load_tokenizer, require_sha256, sha256_of_file


@pytest.fixture
def doubling(tmp_path):
    """A model file with one input and two outputs: the input twice, and its negative."""
    from onnx import TensorProto, helper, save

    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 2])
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 2]) for name in ("twice", "negative")]
    nodes = [helper.make_node("Add", ["x", "x"], ["twice"]), helper.make_node("Neg", ["x"], ["negative"])]
    graph = helper.make_graph(nodes, "doubling", [x], outputs)
    path = tmp_path / "model.onnx"
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10), path)
    return path


@pytest.mark.parametrize("threads", [1, ALL_CORES])
def test_every_output_comes_by_name_and_unknown_feeds_are_left_out(doubling, threads):
    session = Session(doubling, threads=threads)
    x = np.arange(6, dtype=np.float32).reshape(3, 2)
    out = session.run({"x": x, "token_type_ids": x})
    assert session.inputs == ("x",)
    assert np.array_equal(out["twice"], 2 * x)
    assert np.array_equal(out["negative"], -x)


def test_a_session_serves_several_threads(doubling):
    session = Session(doubling)
    arrays = [np.full((1, 2), i, np.float32) for i in range(64)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda x: session.run({"x": x})["twice"], arrays))
    assert all(np.array_equal(two, 2 * one) for one, two in zip(arrays, found, strict=True))


def test_a_damaged_or_missing_model_file_is_named_in_one_line(doubling):
    doubling.write_bytes(doubling.read_bytes()[:-20])
    with pytest.raises(ModelError, match=r"model\.onnx' cannot be loaded") as error:
        Session(doubling)
    assert "\n" not in str(error.value)
    doubling.unlink()
    with pytest.raises(ModelError, match=r"model\.onnx' is missing"):
        Session(doubling)


def test_a_tokenizer_neither_cuts_nor_pads(tmp_path):
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    made = Tokenizer(WordLevel({"[UNK]": 0, "weir": 1}, unk_token="[UNK]"))
    made.pre_tokenizer = Whitespace()
    made.enable_truncation(2)
    made.enable_padding(length=8)
    made.save(str(tmp_path / "tokenizer.json"))
    assert load_tokenizer(tmp_path / "tokenizer.json").encode("weir weir dam").ids == [1, 1, 0]


def test_a_damaged_or_missing_tokenizer_file_is_named(tmp_path):
    path = tmp_path / "tokenizer.json"
    for content in (None, "{", '{"model": 1}'):
        if content:
            path.write_text(content)
        with pytest.raises(ModelError, match=r"tokenizer\.json' cannot be loaded"):
            load_tokenizer(path)


def test_a_file_of_another_checksum_is_refused(tmp_path):
    path = tmp_path / "weights"
    path.write_bytes(b"right")
    digest = hashlib.sha256(b"right").hexdigest()
    assert sha256_of_file(path) == digest
    require_sha256(path, digest, name="reader")
    path.write_bytes(b"wrong")
    with pytest.raises(ModelError, match=rf"'reader'.*expected {digest}"):
        require_sha256(path, digest, name="reader")
    path.unlink()
    with pytest.raises(ModelError, match="missing"):
        require_sha256(path, digest, name="reader")
