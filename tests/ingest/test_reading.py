"""Which files are read, in which encoding, and what is kept of them."""

import shutil
import subprocess

import pytest

from qa_bot.corpus import read_corpus, read_document
from qa_bot.errors import CorpusError
from qa_bot.ingest import SUFFIXES, ParseCache, read_source
from qa_bot.ingest import reading as reading_module
from tests.ingest.conftest import FIXTURES

RUSSIAN = "Мост был построен в 1931 году. Никто не знает, почему он протекает; так сказала Ада Хольм.\n" * 3
FRENCH = "Le barrage fut achevé en 1931. « Nous l’avons bâti seuls », a déclaré Adèle Hólm à l’été.\n" * 3


def test_plain_text_is_its_utf8_content_with_newlines_changed_only(tmp_path):
    file = tmp_path / "a.txt"
    file.write_bytes("\ufeff# No *mark* is\r\ntouched\r  here \u00a0\n\n\n".encode())

    source = read_source(file)

    assert source.text == "# No *mark* is\ntouched\n  here \u00a0\n\n\n"
    assert source.layout is None
    assert source.warnings == ()


@pytest.mark.parametrize(("text", "encoding"), [(RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (FRENCH, "cp1252")])
def test_another_encoding_is_detected_and_said(tmp_path, text, encoding):
    for name in ("a.txt", "a.md"):
        (tmp_path / name).write_bytes(text.encode(encoding))

    assert read_source(tmp_path / "a.txt").text == text
    for name in ("a.txt", "a.md"):
        assert "is not UTF-8 and was read as" in read_source(tmp_path / name).warnings[0]


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b + b" fianc\xe9", lambda b: b"\xff" + b])
def test_damaged_utf_8_is_no_other_encoding(tmp_path, damage):
    (tmp_path / "a.txt").write_bytes(damage(("The army’s account of the war — “the truth” — " * 9 + "é").encode()))
    with pytest.raises(CorpusError, match=r"is not UTF-8 .*; save it as UTF-8"):
        read_source(tmp_path / "a.txt")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_tells_the_encoding(tmp_path, encoding):
    mark = "" if encoding in ("utf-16", "utf-32") else "\ufeff"
    (tmp_path / "a.txt").write_bytes((mark + RUSSIAN).encode(encoding))

    source = read_source(tmp_path / "a.txt")

    assert source.text == RUSSIAN
    assert encoding[:6] in source.warnings[0]


@pytest.mark.parametrize("content", [b"caf\xe9", b"\xff\xfe\x00", bytes(range(128, 256)) * 8])
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_an_encoding_that_cannot_be_told_is_an_error(tmp_path, content, name):
    (tmp_path / name).write_bytes(content)

    with pytest.raises(CorpusError, match=r"a\.\w+: is not UTF-8 \(byte 0x.. at offset \d+\); save it as UTF-8"):
        read_source(tmp_path / name)


def test_a_file_of_unknown_format_is_named_with_the_known_ones(tmp_path):
    with pytest.raises(CorpusError, match=r"a\.odt: is of no format that can be read; .*\.pdf"):
        read_source(tmp_path / "a.odt")


@pytest.mark.parametrize("suffix", [s for s in SUFFIXES if s not in (".docx", ".epub", ".pdf", ".mhtml", ".mht")])
def test_a_file_without_text_is_an_error(tmp_path, suffix):
    (tmp_path / f"a{suffix}").write_text(" \n ", encoding="utf-8")

    with pytest.raises(CorpusError, match=r"is empty|no text"):
        read_source(tmp_path / f"a{suffix}")


# ---------------------------------------------------------------- corpus


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text("A plain text.", encoding="utf-8")
    (folder / "b.md").write_text("# Of the weir\n\nIt *leaks*.", encoding="utf-8")
    (folder / "c.html").write_text("<title>The weir</title><p>It leaks.", encoding="utf-8")
    return folder


def test_a_corpus_is_read_whatever_its_formats(corpus):
    documents = {d.doc_id: d for d in read_corpus(corpus).documents}

    assert {doc_id: (d.title, d.text) for doc_id, d in documents.items()} == {
        "a": ("A plain text.", "A plain text."),
        "b": ("Of the weir", "Of the weir\n\nIt leaks."),
        "c": ("The weir", "It leaks."),
    }


def test_two_files_with_one_stem_are_an_error(corpus):
    (corpus / "a.html").write_text("<p>x", encoding="utf-8")

    with pytest.raises(CorpusError, match=r"a\.txt: has the same stem as 'a\.html'"):
        read_corpus(corpus)


def test_the_warnings_of_all_files_name_them(corpus):
    (corpus / "d.txt").write_bytes(FRENCH.encode("cp1252"))

    assert [w.split(": ")[0] for w in read_corpus(corpus).warnings] == [str(corpus / "d.txt")]


def test_a_card_counts_in_the_canonical_text(corpus):
    (corpus / "b.toml").write_text(
        'title = "Weir"\n[perspective]\nholder = {value = "Ada", basis = "stated", evidence = [[13, 22]]}',
        encoding="utf-8",
    )

    document = read_document(corpus / "b.md")

    assert document.title == "Weir"
    assert document.card.fields["perspective.holder"].evidence[0].of(document.text) == "It leaks."


# ---------------------------------------------------------------- cache


def test_an_unchanged_file_is_not_parsed_anew(corpus, tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    first = read_corpus(corpus, cache=cache)
    monkeypatch.setattr(reading_module, "parse_apart", lambda *_: pytest.fail("parsed anew"))

    assert read_corpus(corpus, cache=cache) == first


def test_a_changed_file_is_parsed_anew_and_what_was_kept_of_it_dropped(corpus, tmp_path):
    cache = tmp_path / "cache"
    read_corpus(corpus, cache=cache)
    before = {p.name for p in cache.iterdir()}
    (corpus / "b.md").write_text("It does not leak.", encoding="utf-8")
    (corpus / "c.html").unlink()

    documents = read_corpus(corpus, cache=cache).documents

    assert [d.text for d in documents] == ["A plain text.", "It does not leak."]
    after = {p.name for p in cache.iterdir()}
    assert len(before) == 2
    assert len(after) == 1
    assert not after & before


def test_a_damaged_entry_is_no_entry(corpus, tmp_path):
    cache = tmp_path / "cache"
    first = read_corpus(corpus, cache=cache)
    for place in cache.iterdir():
        content = bytearray(place.read_bytes())
        content[-20] ^= 1
        place.write_bytes(bytes(content))

    assert read_corpus(corpus, cache=cache) == first


def test_a_cache_that_cannot_be_written_only_costs_time(corpus, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")

    assert len(read_corpus(corpus, cache=tmp_path / "file" / "cache").documents) == 3


def test_what_is_kept_is_not_parsed_again(tmp_path, monkeypatch):
    shutil.copy(FIXTURES / "libreoffice.pdf", tmp_path / "a.pdf")
    cache = ParseCache(tmp_path / "cache")
    first = read_source(tmp_path / "a.pdf", cache=cache)

    monkeypatch.setattr(subprocess, "Popen", None)  # a parser would need a process of its own
    assert read_source(tmp_path / "a.pdf", cache=cache) == first
