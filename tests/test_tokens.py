from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_bot import tokens
from qa_bot.errors import IndexDamagedError
from qa_bot.pieces import Pieces
from qa_bot.tokens import DIMENSIONS, Projection, TokenStore, dequantise, quantise, sentence_frequencies


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def store_of(rng, counts, dim=8):
    bounds = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    vectors = unit(rng.standard_normal((bounds[-1], dim)))
    ids = rng.integers(0, 20, bounds[-1]).astype(np.int32)
    frequencies = sentence_frequencies(ids, bounds, 20)
    return vectors, TokenStore(Pieces.of(quantise(vectors)), ids, bounds, Projection.identity(dim), frequencies)


@settings(deadline=None)  # the first call loads ONNX Runtime
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 6), min_size=1, max_size=8))
def test_similarities_are_the_largest_cosine_of_each_question_token(seed, counts):
    rng = np.random.default_rng(seed)
    if sum(counts) == 0:
        counts = [1, *counts]
    vectors, store = store_of(rng, counts)
    question = unit(rng.standard_normal((3, 8)))
    found = store.similarities(question, [(0, 1), (1, len(counts))] if len(counts) > 1 else [(0, 1)])
    for i, (a, b) in enumerate(zip(store.bounds[:-1], store.bounds[1:], strict=True)):
        expected = (vectors[a:b] @ question.T).max(0) if b > a else np.zeros(3)
        assert np.allclose(found[i], expected, atol=0.03)


def test_the_largest_products_do_not_overflow():
    question = np.zeros((2, 64), np.float32)
    question[0, :2] = question[1, 2:4] = np.sqrt(0.5)
    vectors = np.concatenate([question, -question, np.eye(64, dtype=np.float32)])
    vectors = np.concatenate([vectors, np.full((1, 64), 127 / 127, np.float32)])  # no unit vector, but storable
    ids = np.zeros(len(vectors), np.int32)
    bounds = np.arange(len(vectors) + 1)
    store = TokenStore(Pieces.of(quantise(vectors)), ids, bounds, Projection.identity(64), np.zeros(1, np.int32))
    found = store.similarities(question, [(0, len(vectors))])
    assert np.allclose(found, vectors @ question.T, atol=0.006)


def test_the_product_file_is_the_one_operator_it_should_be():
    from onnx import TensorProto, helper, load

    kinds = (("rows", TensorProto.UINT8), ("columns", TensorProto.INT8), ("products", TensorProto.INT32))
    rows, columns, products = (helper.make_tensor_value_info(name, kind, None) for name, kind in kinds)
    graph = load(tokens.PRODUCT).graph
    assert [(node.op_type, *node.input, *node.output) for node in graph.node] == [
        ("MatMulInteger", "rows", "columns", "products")
    ]
    for found, expected in zip((*graph.input, *graph.output), (rows, columns, products), strict=True):
        assert (found.name, found.type.tensor_type.elem_type) == (expected.name, expected.type.tensor_type.elem_type)


def test_only_the_identity_leaves_vectors_as_they_are():
    vectors = unit(np.random.default_rng(4).standard_normal((300, DIMENSIONS)))
    fitted = Projection.fit(vectors)  # square, but turned
    assert Projection.identity(DIMENSIONS).is_identity
    assert not fitted.is_identity
    assert not np.allclose(fitted.apply(vectors), vectors, atol=0.1)


def test_a_rare_token_weighs_more_than_a_common_one():
    ids = np.array([1, 1, 1, 2], np.int32)
    bounds = np.array([0, 1, 2, 3, 4], np.int64)
    frequencies = sentence_frequencies(ids, bounds, 5)
    assert frequencies.tolist() == [0, 3, 1, 0, 0]
    store = TokenStore(Pieces.of(np.zeros((4, 8), np.int8)), ids, bounds, Projection.identity(8), frequencies)
    never, rare, common = store.idf(np.array([0, 2, 1], np.int32))
    assert never > rare > common >= 0


def test_sentences_are_counted_in_blocks_as_at_once(monkeypatch):
    rng = np.random.default_rng(3)
    bounds = np.concatenate([[0], np.cumsum(rng.integers(0, 6, 50))]).astype(np.int64)
    ids = rng.integers(0, 20, bounds[-1]).astype(np.int32)
    expected = [sum(i in ids[a:b] for a, b in pairwise(bounds)) for i in range(20)]
    monkeypatch.setattr(tokens, "BLOCK", 7)
    assert sentence_frequencies(ids, bounds, 20).tolist() == expected


def test_a_projection_keeps_the_order_of_similar_vectors():
    rng = np.random.default_rng(0)
    basis = rng.standard_normal((20, 256))
    vectors = unit(rng.standard_normal((500, 20)) @ basis)
    projection = Projection.fit(vectors)
    assert projection.components.shape == (256, DIMENSIONS)
    projected = projection.apply(vectors)
    centred = unit(vectors - vectors.mean(0))
    assert np.corrcoef((projected @ projected[0]), (centred @ centred[0]))[0, 1] > 0.999


def test_quantised_vectors_come_back_nearly_as_they_were():
    vectors = unit(np.random.default_rng(1).standard_normal((50, 384)))
    assert ((dequantise(quantise(vectors)) * vectors).sum(1) > 0.998).all()


def test_a_store_survives_saving(tmp_path):
    _, store = store_of(np.random.default_rng(2), [3, 2])
    store.save(tmp_path)
    loaded = TokenStore.load(tmp_path)
    assert np.array_equal(loaded.vectors.arrays[0], store.vectors.arrays[0])
    assert loaded.projection.is_identity


def test_a_file_that_is_no_array_is_named(tmp_path):
    _, store = store_of(np.random.default_rng(2), [3, 2])
    store.save(tmp_path)
    (tmp_path / "bounds.npy").write_bytes(b"")
    with pytest.raises(IndexDamagedError, match=r"bounds\.npy.*run: qa-bot index"):
        TokenStore.load(tmp_path)
