"""Versions of an index: any damage is found and named, snapshots stay, readers and killed writers do no harm."""

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from qa_bot.bot import QaBot, update_index
from qa_bot.corpus import Corpus, make_document
from qa_bot.corpus.shelf import holdings
from qa_bot.errors import IndexDamagedError, SnapshotError
from qa_bot.index import (
    current_folder,
    damages,
    drop_snapshot,
    load_index,
    restore,
    snapshots,
    take_snapshot,
)
from qa_bot.index.manifest import MANIFEST, STAMPS
from qa_bot.inference import sha256_of_file
from qa_bot.library import Library
from qa_bot.types import Parties

from .fakes import HashingEncoder, token_file
from .test_index import MANY, ONE, TWO, build

ROOT = Path(__file__).parents[1]


@pytest.fixture
def index(tmp_path):
    build(tmp_path / "index", one=ONE, two=TWO)
    return tmp_path / "index"


def files(folder):
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.name not in (".lock", STAMPS))


def test_a_changed_byte_in_any_file_at_any_place_is_found_and_named(index):
    chance = random.Random(7)
    for path in files(index):
        content = path.read_bytes()
        places = {0, len(content) - 1, *(chance.randrange(len(content)) for _ in range(6))}
        for place in places:
            changed = bytearray(content)
            changed[place] ^= 1 << chance.randrange(8)
            path.write_bytes(changed)
            assert path.name in _told(index), f"{path} at {place}: {content[place]} -> {changed[place]}"
        path.write_bytes(content)
    assert list(damages(index)) == []


def test_files_cut_off_emptied_and_missing_are_all_named_at_once(index):
    version = current_folder(index)
    path = token_file(version)
    path.write_bytes(path.read_bytes()[:-1])
    (version / "documents.jsonl").write_bytes(b"")
    (version / "mean.npy").unlink()
    told = _told(index)
    for name in (path.name, "documents.jsonl", "mean.npy"):
        assert name in told


def _told(index):
    try:
        return "\n".join(str(error) for error in damages(index))
    except IndexDamagedError as error:
        return str(error)


def test_a_snapshot_can_be_gone_back_to_however_often_the_index_has_changed(index):
    first = take_snapshot(index, "first")
    for number in range(4):
        build(index, one=ONE, two=TWO + f" Number {number}.")
    assert snapshots(index) == {"first": first}
    assert restore(index, "first") == first
    assert load_index(index).manifest.version == first
    drop_snapshot(index, "first")
    for number in range(3):
        build(index, one=ONE + f" Number {number}.")
    assert not (index / "versions" / first).exists()


def test_a_snapshot_that_is_damaged_is_told_and_not_served(index):
    first = take_snapshot(index, "first")
    build(index, one=ONE)
    path = token_file(index / "versions" / first)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    before = current_folder(index)
    assert path.name in _told(index)
    with pytest.raises(IndexDamagedError, match=path.name):
        restore(index, "first")
    assert current_folder(index) == before
    (index / "snapshots" / "first").write_text("nonsense")
    assert "snapshots/first" in _told(index)


SPOILERS = {
    "bytes": lambda index, version: token_file(version).write_bytes(b"x"),
    "files": lambda index, version: (version / "mean.npy").unlink(),
    "folder": lambda index, version: shutil.rmtree(version),
    "pointer": lambda index, version: (index / "snapshots" / "first").write_text("nonsense"),
    "format": lambda index, version: (version / MANIFEST).write_text('{"version": "0", "format": 1}'),
}


@pytest.mark.parametrize("spoil", SPOILERS.values(), ids=SPOILERS)
def test_the_way_out_that_a_damaged_snapshot_tells_leads_out(index, spoil):
    version = index / "versions" / take_snapshot(index, "first")
    build(index, one=ONE)
    spoil(index, version)
    (told,) = damages(index)
    with pytest.raises(IndexDamagedError) as raised:
        restore(index, "first")
    assert str(raised.value) == str(told)
    assert str(told).startswith("snapshot 'first': file ")
    assert str(told).endswith("; run: qa-bot snapshot remove first")
    drop_snapshot(index, "first")
    assert list(damages(index)) == []


@pytest.mark.parametrize("content", [b"", b"nonsense\n", b"0123456789ab", None])
def test_no_version_goes_while_a_snapshot_does_not_tell_which_it_keeps(index, content):
    first = take_snapshot(index, "first")
    pointer = index / "snapshots" / "first"
    kept = pointer.read_bytes()
    pointer.write_bytes(content) if content is not None else _made_a_folder(pointer)
    for number in range(3):
        build(index, one=ONE + f" Number {number}.")
    pointer.unlink() if content is not None else pointer.rmdir()
    pointer.write_bytes(kept)
    assert restore(index, "first") == first
    build(index, one=ONE)
    assert sorted(p.name for p in (index / "versions").iterdir()) == sorted({first, current_folder(index).name})


def _made_a_folder(path):
    """What cannot be read, by root either."""
    path.unlink()
    path.mkdir()


def test_no_version_goes_when_current_does_not_tell_which_is_served(index):
    served = current_folder(index)
    (index / "CURRENT").write_text("nonsense")
    build(index, one=ONE)
    assert served.is_dir()
    for number in range(2):
        build(index, one=ONE + f" Number {number}.")
    assert not served.exists()


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_too(index, monkeypatch):
    def failing(path):
        if path.name == "mean.npy":
            raise OSError(errno.EIO, "Input/output error", str(path))
        return sha256_of_file(path)

    monkeypatch.setattr("qa_bot.index.manifest.sha256_of_file", failing)
    path = token_file(current_folder(index))
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    told = _told(index)
    assert "mean.npy' is damaged: Input/output error; run: qa-bot index CORPUS --index FOLDER --rebuild" in told
    assert f"{path.name}' is damaged: its checksum differs" in told
    with pytest.raises(IndexDamagedError):
        load_index(index)


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".x", "x" * 65, "a b"])
def test_names_of_snapshots_are_plain(index, name):
    with pytest.raises(SnapshotError, match="is no name for a snapshot"):
        take_snapshot(index, name)


def test_snapshots_that_are_there_or_not_there_are_told(index):
    take_snapshot(index, "first")
    with pytest.raises(SnapshotError, match="there is a snapshot 'first' already"):
        take_snapshot(index, "first")
    for act in (restore, drop_snapshot):
        with pytest.raises(SnapshotError, match=r"no snapshot 'second' in .*; there are: first"):
            act(index, "second")


def test_rebuilding_the_same_never_leaves_the_folder_without_an_index(index):
    before = current_folder(index)
    build(index, one=ONE, two=TWO)
    assert current_folder(index) == before
    token_file(before).unlink()
    build(index, one=ONE, two=TWO)
    assert current_folder(index) == before
    assert list(damages(index)) == []


def test_a_hundred_readers_see_one_version_each_while_versions_are_exchanged(tmp_path):
    folder = tmp_path / "index"
    texts = [f"The weir\n\nThe weir holds {number} boats." for number in range(6)]
    encoder = HashingEncoder()

    def publish(text):
        corpus = Corpus((make_document("weir", text),), Parties())
        return update_index(corpus, folder, encoder).version

    publish(texts[0])
    faults, seen = [], set()

    def read():
        try:
            bot = QaBot.load(folder, encoder=encoder)
            text = bot.document("weir").text
            time.sleep(0.5)  # new versions come meanwhile
            found = bot.search("How many boats does the weir hold?", limit=1)[0]
            assert text in texts
            assert text[found.span.start : found.span.end] == found.quote
            assert found.document_sha256 == bot.index.manifest.documents["weir"]
            seen.add(bot.index_version)
        except Exception as error:
            faults.append(error)

    readers = [threading.Thread(target=read) for _ in range(100)]
    versions = set()
    for number, text in enumerate(texts[1:]):
        for reader in readers[20 * number : 20 * number + 20]:
            reader.start()
        versions.add(publish(text))
    for reader in readers:
        reader.join()
    assert faults == []
    assert seen & versions
    assert len([p for p in (folder / "versions").iterdir() if not p.name.startswith(".")]) == 2


KILLED = """
import sys, time
from pathlib import Path
from qa_bot.corpus.shelf import Offer
from qa_bot.index import vectors
from qa_bot.library import Library
from qa_bot.types import Parties
from tests.fakes import HashingEncoder

class Slow(HashingEncoder):
    def encode_passages(self, passages, tick=None):
        time.sleep(0.002 * len(passages))
        return super().encode_passages(passages, tick)

vectors.CHUNK = 4
base, number = Path(sys.argv[1]), int(sys.argv[2])
library = Library(base / "corpus", base / "index", Slow())
print("begun", flush=True)
for n in range(3):
    text = "\\n\\n".join(f"Paragraph {p} of document {number}-{n} tells of boats." for p in range(12))
    (base / f"new-{n}.txt").write_text(text)
    library.add(Offer(base / f"new-{n}.txt", f"d-{number}-{n}.txt"))
    print(f"d-{number}-{n}", flush=True)
    library.update()
"""


def test_killed_at_random_moments_the_old_index_serves_and_the_next_run_completes(tmp_path):
    chance = random.Random(3)
    for name, text in MANY.items():
        (tmp_path / "corpus").mkdir(exist_ok=True)
        (tmp_path / "corpus" / f"{name}.txt").write_text(text)
    library = Library(tmp_path / "corpus", tmp_path / "index", HashingEncoder())
    library.update()
    acknowledged = set(MANY)
    for number in range(4):
        acknowledged |= _added_until_killed(tmp_path, number, chance.uniform(0.0, 0.6))
        assert list(damages(tmp_path / "index")) == []
        bot = QaBot.load(tmp_path / "index", encoder=HashingEncoder())
        assert set(MANY) <= {document.doc_id for document in bot.documents}
        assert bot.search("boats", limit=1)
        library.update()
        held = set(holdings(tmp_path / "corpus"))
        assert acknowledged <= held == {e.document.doc_id for e in load_index(tmp_path / "index").entries}
        assert list(damages(tmp_path / "index")) == []
    assert not [p for p in (tmp_path / "index" / "versions").iterdir() if p.name.startswith(".")]


def _added_until_killed(base, number, seconds):
    command = [sys.executable, "-c", KILLED, str(base), str(number)]
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT)
    assert process.stdout.readline() == "begun\n"
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    return set(process.communicate()[0].split())
