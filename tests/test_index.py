import errno
import json
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_bot.corpus import make_document
from qa_bot.errors import CorpusError, IndexBusyError, IndexDamagedError, IndexMissingError, IndexStaleError
from qa_bot.index import Source, build_index, checked_spans, current_folder, damages, load_index
from qa_bot.index import build as build_module
from qa_bot.index import cuts as cuts_module
from qa_bot.index import manifest as manifest_module
from qa_bot.index import vectors as vectors_module
from qa_bot.progress import ENCODING, READING, progress_bar
from qa_bot.types import Parties

from .fakes import HashingEncoder, token_file

ONE = "The weir\n\nThe weir was built in 1931. It was closed on 4 May.\n\nNobody knows why it leaks."
TWO = "The bridge\n\nThe bridge was opened in 1950. Two towns paid for it."


def source(**texts):
    documents = tuple(make_document(doc_id, text) for doc_id, text in texts.items())
    return Source(documents, Parties(), lambda document, *_: (f"note of {document.doc_id}", ""))


def build(folder, encoder=None, **texts):
    return build_index(folder, source(**texts), encoder or HashingEncoder())


def snapshot(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_everything_comes_back_as_it_was_built(tmp_path):
    report = build(tmp_path, one=ONE, two=TWO)
    index = load_index(tmp_path)
    assert index.manifest.version == report.version
    assert [e.document.text for e in index.entries] == [ONE, TWO]
    assert index.entry("two").annotation == "note of two"
    assert index.rows.tolist() == [0, 3, 5]
    assert index.passage_of(np.array([0, 2, 3, 4])).tolist() == [0, 0, 1, 1]
    assert index.rows_of(np.array([1])).tolist() == [3, 4]
    assert checked_spans(index) > 0


def test_two_builds_of_the_same_corpus_are_the_same_version(tmp_path):
    assert build(tmp_path / "a", one=ONE).version == build(tmp_path / "b", one=ONE).version


def test_unchanged_passages_are_not_encoded_again(tmp_path):
    build(tmp_path, one=ONE, two=TWO)
    encoder = HashingEncoder()
    report = build(tmp_path, encoder, one=ONE, two=TWO.replace("Two towns", "Three towns"), three="Rain fell all day.")
    assert (report.new, report.changed, report.removed, report.kept) == (("three",), ("two",), (), ("one",))
    assert len(encoder.encoded) == report.encoded == 2
    assert report.reused == 1


def test_an_update_gives_what_a_fresh_build_gives(tmp_path):
    build(tmp_path / "updated", two=TWO)
    updated = build(tmp_path / "updated", one=ONE, two=TWO)
    assert updated.version == build(tmp_path / "fresh", one=ONE, two=TWO).version


def test_a_removed_document_vanishes(tmp_path):
    build(tmp_path, one=ONE, two=TWO)
    assert build(tmp_path, two=TWO).removed == ("one",)
    index = load_index(tmp_path)
    assert [p.doc_id for p in index.passages] == ["two"]
    assert len(index.dense) == 1


def test_an_interrupted_build_leaves_the_old_index_serving(tmp_path):
    build(tmp_path, one=ONE)
    before = current_folder(tmp_path)

    class Interrupted(HashingEncoder):
        def encode_passages(self, passages, tick=None):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(tmp_path, Interrupted(), one=ONE, two=TWO)
    assert current_folder(tmp_path) == before
    assert [e.document.doc_id for e in load_index(tmp_path).entries] == ["one"]
    assert not list((tmp_path / "versions").glob(".new-*"))


def test_what_a_killed_run_left_behind_is_removed_by_the_next(tmp_path):
    build(tmp_path, one=ONE)
    (tmp_path / "versions" / ".new-dead").mkdir()
    build(tmp_path, one=ONE, two=TWO)
    assert not list((tmp_path / "versions").glob(".new-*"))


def test_only_the_version_before_is_kept(tmp_path):
    for text in ("First text here.", "Second text here.", "Third text here."):
        build(tmp_path, one=text)
    assert len(list((tmp_path / "versions").iterdir())) == 2


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ({"bare": "# Only a heading"}, "^bare: holds headings only; add text$"),
        ({"a": "# One\n\n## Two", "b": "# Three"}, "^a, b: holds headings only; add text$"),
        ({}, "^the corpus: holds no document; add one$"),
    ],
)
def test_a_corpus_without_a_sentence_is_told_in_one_line_and_leaves_the_old_index(tmp_path, texts, told):
    build(tmp_path, one=ONE)
    before = snapshot(tmp_path)
    with pytest.raises(CorpusError, match=told):
        build(tmp_path, **texts)
    assert snapshot(tmp_path) == before
    build(tmp_path, one=ONE, **texts)
    assert {e.document.doc_id for e in load_index(tmp_path).entries} == {"one", *texts}


def test_two_processes_cannot_write_at_once(tmp_path):
    with FileLock(tmp_path / ".lock"), pytest.raises(IndexBusyError, match="another process is writing"):
        build(tmp_path, one=ONE)


def test_an_empty_folder_says_what_to_run(tmp_path):
    with pytest.raises(IndexMissingError, match="run: qa-bot index CORPUS --index"):
        load_index(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "tokens/order.json",
        "dense.faiss",
        "sentences.faiss",
        "documents.jsonl",
        "bm25/data.csc.index.npy",
        "manifest.json",
    ],
)
def test_a_truncated_file_is_refused_by_name(tmp_path, name):
    build(tmp_path, one=ONE)
    path = current_folder(tmp_path) / name
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(IndexDamagedError, match=rf"{path.name}.*run: qa-bot index CORPUS --index FOLDER --rebuild"):
        load_index(tmp_path)


def test_a_changed_byte_is_refused_and_a_rebuild_repairs_it(tmp_path):
    build(tmp_path, one=ONE)
    path = current_folder(tmp_path) / "documents.jsonl"
    path.write_bytes(path.read_bytes().replace(b"1931", b"1932"))
    with pytest.raises(IndexDamagedError, match="checksum differs"):
        load_index(tmp_path)
    build(tmp_path, one=ONE)
    assert load_index(tmp_path).entries[0].document.text == ONE


def test_a_missing_file_and_a_lost_version_are_told(tmp_path):
    build(tmp_path, one=ONE)
    (current_folder(tmp_path) / "mean.npy").unlink()
    with pytest.raises(IndexDamagedError, match="it is missing"):
        load_index(tmp_path)
    shutil.rmtree(current_folder(tmp_path))
    with pytest.raises(IndexDamagedError, match="names a version that is not there"):
        load_index(tmp_path)


def test_an_index_of_another_format_is_stale(tmp_path, monkeypatch):
    monkeypatch.setattr(build_module, "FORMAT", 0)
    build(tmp_path, one=ONE)
    with pytest.raises(IndexStaleError, match="built with format '0', settings ask for"):
        load_index(tmp_path)


def test_an_index_of_another_model_is_built_anew_and_reuses_nothing(tmp_path):
    build(tmp_path, one=ONE)
    report = build(tmp_path, HashingEncoder(fingerprint="hashing-2"), one=ONE)
    assert (report.encoded, report.reused) == (1, 0)


def test_a_text_that_is_not_the_indexed_one_is_found_by_checking(tmp_path):
    build(tmp_path, one=ONE)
    index = load_index(tmp_path)
    entry = index.entries[0]
    forged = replace(index, entries=(replace(entry, document=replace(entry.document, text=ONE[:-1] + "!")),))
    with pytest.raises(IndexDamagedError, match="is not the one that was indexed"):
        checked_spans(forged)


def test_a_large_index_keeps_fewer_dimensions(tmp_path, monkeypatch):
    monkeypatch.setattr(vectors_module, "FULL_LIMIT", 10)
    build(tmp_path, HashingEncoder(dim=256), one=ONE, two=TWO)
    assert load_index(tmp_path).tokens.vectors.width == 128
    report = build(tmp_path, HashingEncoder(dim=256), one=ONE, two=TWO, three="More rain fell.")
    assert report.encoded == 1
    assert load_index(tmp_path).tokens.vectors.width == 128


def test_a_large_file_is_read_through_at_every_load_only_when_asked_or_touched(tmp_path, monkeypatch):
    monkeypatch.setattr(manifest_module, "LARGE", 100)
    build(tmp_path, one=ONE)
    path = token_file(current_folder(tmp_path))
    written = path.stat()
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(IndexDamagedError, match=f"{path.name}.*checksum differs"):
        load_index(tmp_path)
    os.utime(path, ns=(written.st_atime_ns, written.st_mtime_ns))
    load_index(tmp_path)
    with pytest.raises(IndexDamagedError, match=f"{path.name}.*checksum differs"):
        load_index(tmp_path, thorough=True)


def test_a_copied_index_is_read_through_once(tmp_path, monkeypatch):
    monkeypatch.setattr(manifest_module, "LARGE", 100)
    build(tmp_path / "a", one=ONE)
    shutil.copytree(tmp_path / "a", tmp_path / "b", copy_function=shutil.copyfile)
    (current_folder(tmp_path / "b") / "stamps.json").unlink()
    load_index(tmp_path / "b")
    stamps = json.loads((current_folder(tmp_path / "b") / "stamps.json").read_text())
    path = token_file(current_folder(tmp_path / "b"))
    assert stamps[f"tokens/{path.name}"] == path.stat().st_mtime_ns


def test_passages_of_documents_are_told_in_their_order_whatever_the_order_of_the_ids(tmp_path):
    build(tmp_path, one=ONE, three="More rain fell.", two=TWO)
    index = load_index(tmp_path)
    assert index.passages_of(["two", "one"]).tolist() == [0, 2]
    assert index.passages_of([]).tolist() == []
    assert index.rows_of(np.array([2, 0])).tolist() == [4, 5, 0, 1, 2]
    assert index.rows_of(np.zeros(0, np.int64)).tolist() == []


def test_the_files_of_token_vectors_that_an_edit_leaves_alone_are_shared_with_the_version_before(tmp_path, monkeypatch):
    monkeypatch.setattr(cuts_module, "PIECE", 4)
    many = {f"d{i:02}": f"Heading {i}\n\nParagraph {i} tells of {i} boats." for i in range(60)}
    before = _token_files(tmp_path / "a", **many)
    after = _token_files(tmp_path / "a", **many | {"d30": "Heading 30\n\nSomething else is told here."})
    assert len(before) >= 8
    assert 1 <= len(after - before) <= 3
    last = current_folder(tmp_path / "a")
    assert {path.name for path in (last / "tokens").glob("*.npy") if path.stat().st_nlink > 1} == before & after
    documents = many | {"d30": "Heading 30\n\nSomething else is told here."}
    assert build(tmp_path / "b", **documents).version == last.name
    index = load_index(tmp_path / "a", thorough=True)
    alone = load_index(tmp_path / "b").tokens.vectors
    assert np.array_equal(np.concatenate(index.tokens.vectors.arrays), np.concatenate(alone.arrays))


def _token_files(folder, **documents):
    build(folder, **documents)
    return {path.name for path in (current_folder(folder) / "tokens").glob("*.npy")}


@pytest.mark.parametrize("edited", ["d30", "d00"])
def test_a_damaged_file_is_never_made_part_of_a_new_one(tmp_path, monkeypatch, edited):
    monkeypatch.setattr(cuts_module, "PIECE", 4)
    monkeypatch.setattr(manifest_module, "LARGE", 100)
    many = {f"d{i:02}": f"Heading {i}\n\nParagraph {i} tells of {i} boats." for i in range(60)}
    build(tmp_path, **many)
    tokens = load_index(tmp_path).tokens
    path = tokens.vectors.files[int(np.searchsorted(tokens.vectors.starts, tokens.bounds[30], "right")) - 1]
    written = path.stat()
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    os.utime(path, ns=(written.st_atime_ns, written.st_mtime_ns))
    load_index(tmp_path)  # it is believed
    documents = many | {edited: "Heading\n\nSomething else is told here."}
    if edited == "d30":  # its file would be written anew
        with pytest.raises(IndexDamagedError, match=f"{path.name}.*run: qa-bot index CORPUS --index FOLDER --rebuild"):
            build(tmp_path, **documents)
    else:
        build(tmp_path, **documents)
        assert any(path.name in str(damage) for damage in damages(tmp_path))
    build_index(tmp_path, source(**documents), HashingEncoder(), rebuild=True)
    assert list(damages(tmp_path)) == []


def test_a_shared_file_that_changes_while_the_next_version_is_made_is_read_through_when_that_is_loaded(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(cuts_module, "PIECE", 4)
    monkeypatch.setattr(manifest_module, "LARGE", 100)
    many = {f"d{i:02}": f"Heading {i}\n\nParagraph {i} tells of {i} boats." for i in range(60)}
    build(tmp_path, **many)
    path = load_index(tmp_path).tokens.vectors.files[0]

    class Damaging(HashingEncoder):
        def encode_passages(self, passages, tick=None):
            path.write_bytes(path.read_bytes()[:-1] + b"x")
            return super().encode_passages(passages, tick)

    build(tmp_path, Damaging(), **many | {"d59": "Heading\n\nSomething else is told here."})
    with pytest.raises(IndexDamagedError, match=path.name):
        load_index(tmp_path)


def test_versions_on_a_file_system_without_links_hold_copies(tmp_path, monkeypatch):
    def refused(*_):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    build(tmp_path, one=ONE)
    build(tmp_path, one=ONE, headings="# Only a heading")
    assert token_file(current_folder(tmp_path)).stat().st_nlink == 1
    assert list(damages(tmp_path)) == []


class Stopping(HashingEncoder):
    """Gives up, as if killed, after some calls."""

    def __init__(self, calls):
        super().__init__()
        self.calls = calls

    def encode_passages(self, passages, tick=None):
        if not self.calls:
            raise KeyboardInterrupt
        self.calls -= 1
        return super().encode_passages(passages, tick)


MANY = {f"d{i}": f"Heading {i}\n\nParagraph {i} tells of {i} boats." for i in range(7)}


def test_an_interrupted_first_build_goes_on_where_it_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(vectors_module, "CHUNK", 2)
    with pytest.raises(KeyboardInterrupt):
        build(tmp_path / "a", Stopping(2), **MANY)
    encoder = HashingEncoder()
    report = build(tmp_path / "a", encoder, **MANY)
    assert len(encoder.encoded) == 3
    assert report.encoded == 7
    assert not (tmp_path / "a" / ".encoded").exists()
    assert report.version == build(tmp_path / "b", **MANY).version


def test_what_was_kept_of_a_build_is_not_believed_when_it_is_damaged_or_of_another_model(tmp_path, monkeypatch):
    monkeypatch.setattr(vectors_module, "CHUNK", 2)
    with pytest.raises(KeyboardInterrupt):
        build(tmp_path, Stopping(2), **MANY)
    kept = sorted((tmp_path / ".encoded").rglob("*.npz"))
    content = bytearray(kept[0].read_bytes())
    content[len(content) // 2] ^= 1
    kept[0].write_bytes(content)
    encoder = HashingEncoder()
    build(tmp_path, encoder, **MANY)
    assert len(encoder.encoded) == 5
    with pytest.raises(KeyboardInterrupt):
        build(tmp_path, Stopping(2), **{k: v + " More." for k, v in MANY.items()})
    other = HashingEncoder(fingerprint="hashing-2")
    build(tmp_path, other, **{k: v + " More." for k, v in MANY.items()})
    assert len(other.encoded) == 7


def test_two_open_versions_share_the_documents_that_both_hold(tmp_path):
    build(tmp_path, one=ONE, two=TWO)
    first = load_index(tmp_path)
    build(tmp_path, one=ONE, two=TWO + " More.")
    second = load_index(tmp_path)
    assert second.entry("one") is first.entry("one")
    assert second.entry("two").document.text == TWO + " More."
    assert first.entry("two").document.text == TWO


def test_only_what_changed_is_annotated_again_and_told_what_it_was_before(tmp_path):
    noted = []

    def noting(edition="", **texts):
        def annotate(document, _, before):
            noted.append((document.doc_id, before and before.annotation))
            return f"note {edition}", ""

        noted.clear()
        documents = tuple(make_document(doc_id, text) for doc_id, text in texts.items())
        build_index(tmp_path, Source(documents, Parties(), annotate, edition), HashingEncoder())
        return list(noted)

    assert noting(one=ONE, two=TWO) == [("one", None), ("two", None)]
    assert noting(one=ONE, two=TWO + " More.") == [("two", "note ")]
    assert noting(two=TWO + " More.", one=ONE) == []
    assert noting("other rules", one=ONE, two=TWO + " More.") == [("one", None), ("two", None)]
    assert load_index(tmp_path).entry("one").annotation == "note other rules"


def test_progress_is_told_of_reading_and_then_of_encoding(tmp_path):
    told = []
    build_index(tmp_path, source(one=ONE, two=TWO), HashingEncoder(), progress=lambda *step: told.append(step))
    stages = [what for what, _, _ in told]
    assert stages == sorted(stages, reverse=True)
    assert set(stages) == {READING, ENCODING}
    for stage in (READING, ENCODING):
        steps = [(done, total) for what, done, total in told if what == stage]
        assert steps == sorted(steps)
        assert steps[-1][0] == steps[-1][1] > 0
    for quiet in (True, False):
        with progress_bar(quiet=quiet) as progress:
            for step in told:
                progress(*step)


words = st.lists(st.sampled_from(["boats", "herons", "weir", "Two", "1931"]), min_size=1, max_size=6).map(" ".join)
texts = st.dictionaries(st.sampled_from("abcde"), st.lists(words, min_size=1, max_size=4).map(". ".join), min_size=1)


@settings(max_examples=40, deadline=None)
@given(versions=st.lists(texts, min_size=2, max_size=4), piece=st.sampled_from([1, 2, 512]))
def test_any_chain_of_updates_gives_what_a_fresh_build_gives(versions, piece):
    with pytest.MonkeyPatch.context() as patched, tempfile.TemporaryDirectory() as folder:
        patched.setattr(cuts_module, "PIECE", piece)
        for number, documents in enumerate(versions):
            updated = build(Path(folder) / "chain", **dict(sorted(documents.items())))
            fresh = build(Path(folder) / str(number), **dict(sorted(documents.items())))
            assert updated.version == fresh.version


@given(sizes=st.lists(st.integers(0, 5), min_size=1, max_size=60), seed=st.integers(0, 99))
def test_passages_are_cut_into_ranges_that_tile_them(sizes, seed):
    ids = np.random.default_rng(seed).integers(0, 3, sum(sizes)).astype(np.int32)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(cuts_module, "PIECE", 8)
        ranges = cuts_module.divided(ids, np.array(sizes, np.int64))
    assert [first for first, _ in ranges] == [0, *(last for _, last in ranges[:-1])]
    assert ranges[-1][1] == len(sizes)
    assert all(1 <= last - first <= 32 for first, last in ranges)
    assert all(last - first >= 2 for first, last in ranges[:-1])


@pytest.mark.parametrize("passages", [70_000, 300_000, 1_000_000])
def test_a_large_index_has_few_files(passages):
    ids = np.random.default_rng(6).integers(0, 30_000, 2 * passages).astype(np.int32)
    ranges = cuts_module.divided(ids, np.full(passages, 2, np.int64))
    assert cuts_module.MANY / 4 < len(ranges) < 2 * cuts_module.MANY


def test_a_changed_passage_moves_few_cuts_and_the_same_passage_over_and_over_makes_no_swarm_of_files():
    ids = np.random.default_rng(5).integers(0, 30_000, 100 * 8_000).astype(np.int32)
    sizes = np.full(8_000, 100, np.int64)
    before = set(cuts_module.divided(ids, sizes))
    shortest = cuts_module.PIECE // 4
    assert 8_000 / cuts_module.PIECE / 2 < len(before) < 8_000 / shortest
    ids[100 * 4_000 : 100 * 4_001] = 7
    assert len(set(cuts_module.divided(ids, sizes)) - before) <= 3
    for token in range(40):
        same = cuts_module.divided(np.full(100 * 8_000, token, np.int32), sizes)
        assert len(same) <= 8_000 / shortest + 1
