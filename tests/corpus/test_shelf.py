import json
import re
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.corpus import read_corpus, shelf
from qa_bot.corpus.shelf import Offer, check, holdings, plain_name, put, settle, take
from qa_bot.errors import CardError, CorpusError, DocumentExistsError, LimitError, UnknownDocumentError

from ..fakes import CutOff, Killed

CARD = 'title = "The weir"\nlanguage = "en"\n[perspective]\nparty = "Town"\n'


@pytest.fixture
def aside(tmp_path):
    folder = tmp_path / "aside"
    folder.mkdir()

    def file(name, content):
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder / name

    return file


@pytest.fixture
def corpus(tmp_path, aside):
    folder = tmp_path / "corpus"
    put(folder, Offer(aside("weir.txt", "The weir leaks."), "weir.txt"))
    return folder


def content(folder):
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file() and p.name != ".lock"}


def test_a_file_and_its_card_are_taken_in(corpus, aside):
    offer = Offer(aside("a.md", "# Bridge\n\nIt stands."), "bridge.md", aside("c.toml", CARD))
    document, new = put(corpus, offer)
    assert (document.doc_id, document.card.value("perspective.party"), new) == ("bridge", "Town", True)
    assert read_corpus(corpus).documents[0] == document
    assert holdings(corpus)["bridge"].card == corpus / "bridge.toml"


def test_the_same_file_again_is_no_change_and_another_one_must_be_meant(corpus, aside):
    same = Offer(aside("weir.txt", "The weir leaks."), "weir.txt")
    other = Offer(aside("new.txt", "The weir holds."), "weir.txt")
    assert put(corpus, same)[1] is False
    with pytest.raises(DocumentExistsError, match=r"new\.txt: there is a document 'weir' already; replace it"):
        put(corpus, other)
    assert put(corpus, other, replace=True)[1] is True
    assert content(corpus) == {"weir.txt": b"The weir holds."}


def test_replacing_by_another_format_leaves_one_file_and_keeps_the_card(corpus, aside):
    put(corpus, Offer(aside("weir.txt", "The weir leaks."), "weir.txt", aside("c.toml", CARD)), replace=True)
    put(corpus, Offer(aside("b.md", "The weir holds."), "weir.md"), replace=True)
    assert content(corpus) == {"weir.md": b"The weir holds.", "weir.toml": CARD.encode()}


def test_names_that_differ_in_capitals_only_are_one_name(corpus, aside):
    with pytest.raises(DocumentExistsError, match="'weir' already"):
        put(corpus, Offer(aside("x.txt", "Other."), "Weir.txt"), replace=True)


@pytest.mark.parametrize("name", ["parties.txt", "Parties.md", "PARTIES.txt", "partie\u017f.txt"])
@pytest.mark.parametrize("card", [None, CARD])
def test_a_document_is_never_called_like_the_parties_file(corpus, aside, name, card):
    (corpus / "parties.toml").write_text('[[party]]\nname = "Town"\n')
    before = content(corpus)
    offer = Offer(aside("b.txt", "Text."), name, aside("c.toml", card) if card else None, shown=name)
    for attempt in (put, check):
        with pytest.raises(CorpusError, match=f"^{name}: '.*' is the name of the parties file; rename it$"):
            attempt(corpus, offer, replace=True)
    assert content(corpus) == before


@pytest.mark.parametrize("name", ["parties.txt", "Parties.txt"])
def test_the_parties_file_is_nobodys_card_and_goes_with_no_document(corpus, name):
    (corpus / Path(name).with_suffix(".toml")).write_text('[[party]]\nname = "Town"\n')
    before = content(corpus)
    (corpus / name).write_text("Laid here by hand.")
    assert {d.doc_id: d.card for d in read_corpus(corpus).documents} == {Path(name).stem: None, "weir": None}
    assert take(corpus, Path(name).stem)[0].card is None
    assert content(corpus) == before


@pytest.mark.parametrize(
    ("name", "text", "card", "error"),
    [
        ("b.txt", b"caf\xe9 \xe2\x28\xa1", None, (CorpusError, "b.txt")),
        ("b.txt", "  \n", None, (CorpusError, "b.txt")),
        ("b.xyz", "Text.", None, (CorpusError, "no ending that can be read")),
        ("b" * 201 + ".txt", "Text.", None, (CorpusError, "its name has 201 bytes; shorten it to 200")),
        ("ა" * 100 + ".txt", "Text.", None, (CorpusError, "its name has 300 bytes; shorten it to 200")),
        ("b.txt", "Text.", "colour = 1", (CardError, "c.toml: key 'colour'")),
        ("b.txt", "Text.", "x = 1 # " + "x" * 200_001, (LimitError, "c.toml")),
    ],
)
def test_what_is_not_usable_changes_nothing_and_is_named(corpus, aside, name, text, card, error):
    kind, words = error
    before = content(corpus)
    offer = Offer(aside("b.txt", text), name, aside("c.toml", card) if card else None)
    for attempt in (put, check):
        with pytest.raises(kind) as raised:
            attempt(corpus, offer)
        assert words in str(raised.value)
        assert ".changes" not in str(raised.value)
    assert content(corpus) == before
    assert not (corpus / ".changes").exists()


@pytest.mark.parametrize("name", ["~$weir.docx", "._weir.pdf", ".weir.txt"])
def test_side_files_of_office_and_macos_are_no_documents(corpus, aside, name):
    before = read_corpus(corpus), holdings(corpus), shelf.state(corpus)
    (corpus / name).write_bytes(b"\x05Ada")
    (corpus / name).with_suffix(".toml").write_text("owner = true")
    assert (read_corpus(corpus), holdings(corpus), shelf.state(corpus)) == before
    with pytest.raises(CorpusError, match=f"{re.escape(name)}: is a side file of Office or macOS, or hidden"):
        put(corpus, Offer(aside(name, "Text."), name))
    with pytest.raises(CorpusError, match="is the only document"):
        take(corpus, "weir")


def test_a_removed_document_takes_its_card_along(corpus, aside):
    put(corpus, Offer(aside("b.txt", "Text."), "b.txt", aside("c.toml", CARD)))
    assert take(corpus, "b")[0].card.name == "b.toml"
    assert set(content(corpus)) == {"weir.txt"}


def test_several_documents_are_removed_together_or_none(corpus, aside):
    put(corpus, Offer(aside("b.txt", "Text."), "b.txt"))
    put(corpus, Offer(aside("c.txt", "Text."), "c.txt"))
    before = content(corpus)
    for wrong, error in ((("b", "d"), UnknownDocumentError), (("b", "c", "weir"), CorpusError)):
        with pytest.raises(error):
            take(corpus, *wrong)
        assert content(corpus) == before
    assert [gone.doc_id for gone in take(corpus, "c", "b", "c")] == ["c", "b"]
    assert set(content(corpus)) == {"weir.txt"}


def test_what_cannot_be_removed_is_told(corpus, tmp_path):
    with pytest.raises(UnknownDocumentError, match=r"no document '\.\./weir' in the corpus; it holds: weir"):
        take(corpus, "../weir")
    with pytest.raises(CorpusError, match="the only document"):
        take(corpus, "weir")
    with pytest.raises(CorpusError, match="is not a folder"):
        take(tmp_path / "nowhere", "weir")


@pytest.mark.parametrize("moment", range(12))
def test_a_change_that_was_cut_off_is_whole_or_not_at_all(corpus, aside, monkeypatch, moment):
    put(corpus, Offer(aside("weir.txt", "The weir leaks."), "weir.txt", aside("c.toml", CARD)), replace=True)
    old = content(corpus)
    until = CutOff(moment)

    with monkeypatch.context() as patch:
        for name in ("replace", "unlink", "rename"):
            patch.setattr(Path, name, until(getattr(Path, name)))
        patch.setattr(shelf, "_copy", until(shelf._copy))
        patch.setattr(shelf, "_sync_folder", until(shelf._sync_folder))
        patch.setattr(shelf.shutil, "rmtree", lambda *_, **__: None)  # a killed process tidies nothing up
        with suppress(Killed):
            put(corpus, Offer(aside("new.md", "The weir holds."), "weir.md", aside("d.toml", CARD + "#")), replace=True)
    settle(corpus)
    assert content(corpus) in (old, {"weir.md": b"The weir holds.", "weir.toml": (CARD + "#").encode()})
    assert not (corpus / ".changes").exists()
    if not until.reached:
        assert content(corpus) != old


def test_a_decided_change_is_finished_by_the_next_reader(corpus, tmp_path):
    change = corpus / ".changes" / "x.decided"
    change.mkdir(parents=True)
    (change / "bridge.txt").write_text("It stands.")
    (change / "plan.json").write_text(json.dumps({"put": ["bridge.txt"], "remove": ["weir.txt"]}))
    with shelf.undisturbed(corpus):
        assert [d.doc_id for d in read_corpus(corpus).documents] == ["bridge"]


def test_a_kill_while_a_finished_change_is_tidied_up_leaves_no_half_of_a_plan(corpus, aside, monkeypatch):
    def killed_after_the_plan(folder, **_):
        with suppress(OSError):
            (folder / "plan.json").unlink()
            raise Killed

    with monkeypatch.context() as patch, suppress(Killed):
        patch.setattr(shelf.shutil, "rmtree", killed_after_the_plan)
        put(corpus, Offer(aside("bridge.txt", "It stands."), "bridge.txt"))
    settle(corpus)
    assert set(holdings(corpus)) == {"weir", "bridge"}
    assert not (corpus / ".changes").exists()


def test_many_at_once_lose_nothing(corpus, aside):
    offers = [Offer(aside(f"{i}.txt", f"Text {i}."), f"d{i}.txt") for i in range(12)]
    threads = [threading.Thread(target=put, args=(corpus, offer)) for offer in offers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(holdings(corpus)) == {"weir", *(f"d{i}" for i in range(12))}


@given(st.text(max_size=300), st.sampled_from(["", "../", "C:\\x\\", "/etc/", ".", "..", "con", "a/../"]))
def test_a_plain_name_is_one_part_of_a_path_and_stays_what_it_is(text, before):
    name = "none.txt"
    with suppress(CorpusError):
        name = plain_name(f"{before}{text}.txt")
    assert Path(name).name == name
    assert "\\" not in name
    assert not name.startswith((".", "-"))
    assert name.isprintable()
    assert plain_name(name) == name
    assert len(name.encode()) <= shelf.MAX_NAME + 4


@pytest.mark.parametrize("letter", ["b", "ş", "ა", "𐐀", "e\u0323\u0302"])
def test_the_longest_name_of_any_script_is_one_that_a_file_can_have(corpus, aside, letter):
    name = plain_name(letter * 300 + ".txt")
    put(corpus, Offer(aside("b.txt", "Text."), name, aside("c.toml", CARD)))
    assert holdings(corpus)[Path(name).stem].card.is_file()


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Report 2020 (final).TXT", "Report-2020-final.txt"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\x\\Şuşa bəyannaməsi.md", "Şuşa-bəyannaməsi.md"),
    ],
)
def test_names_of_strangers_become_plain(given_name, kept):
    assert plain_name(given_name) == kept


@pytest.mark.parametrize("name", ["con.txt", "...txt", "/.txt", "nul.tar.txt"])
def test_unusable_names_are_refused(name):
    with pytest.raises(CorpusError, match="is not a usable name"):
        plain_name(name)
