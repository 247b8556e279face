"""Files that are damaged, locked, or made to do harm: a line about each, and nothing happens to who reads them."""

import resource
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

import qa_bot
from qa_bot.errors import CorpusError, EncryptedError, FormatError, LimitError
from qa_bot.ingest import read_source
from qa_bot.ingest.isolation import MIB, Limits
from tests.ingest.conftest import FIXTURES
from tests.ingest.pdf_files import pdf_file

TYPES = b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"
CONTAINER = b"<container><rootfiles><rootfile full-path='book.opf'/></rootfiles></container>"
BOOK = b"<package><manifest><item id='a' href='a.xhtml'/></manifest><spine><itemref idref='a'/></spine></package>"
ENTITIES = "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefghi", "bcdefghij", strict=True))
LAUGHS = f"<!DOCTYPE x [<!ENTITY a 'ha'>{ENTITIES}]><x>&j;</x>"


def error_of(path, kind, limits=None):
    with pytest.raises(kind) as caught:
        read_source(path, limits=limits or Limits())
    assert type(caught.value) is kind
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message.removeprefix(f"{path}: ")


def written(folder, name, content):
    (folder / name).write_bytes(content)
    return folder / name


def archive(**members):
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return made.getvalue()


def docx(document):
    return archive(**{"[Content_Types].xml": TYPES, "word/document.xml": document})


def epub(**members):
    return archive(**{"META-INF/container.xml": CONTAINER, "book.opf": BOOK, **members})


# ---------------------------------------------------------------- damaged


@pytest.mark.parametrize("name", ["libreoffice.pdf", "pandoc.docx", "pandoc.epub", "chromium.mhtml"])
@pytest.mark.parametrize("share", [0, 0.02, 0.5, 0.97])
def test_a_file_cut_short_is_said_to_be(tmp_path, name, share):
    content = (FIXTURES / name).read_bytes()
    path = written(tmp_path, name, content[: int(len(content) * share)])

    assert "cannot be read as" in error_of(path, FormatError)


def test_a_page_that_ends_early_is_read_with_a_warning(tmp_path):
    content = (FIXTURES / "pandoc.html").read_bytes()

    source = read_source(written(tmp_path, "a.html", content[: len(content) // 2]))

    assert source.warnings == ("begins with <html> but does not end with </html>; it may be cut short",)


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".epub", ".mhtml"])
def test_noise_is_no_document(tmp_path, suffix):
    noise = bytes(i * 7919 % 251 for i in range(5_000))

    error_of(written(tmp_path, f"a{suffix}", noise), FormatError)


def test_a_damaged_part_of_an_archive_is_named(tmp_path):
    content = bytearray(epub(**{"a.xhtml": b"<p>" + bytes(i * 7 % 90 + 32 for i in range(9_000)) + b"</p>"}))
    place = content.index(b"a.xhtml") + 60
    content[place : place + 40] = bytes(40)

    assert "its part 'a.xhtml' is damaged" in error_of(written(tmp_path, "a.epub", bytes(content)), FormatError)


def test_a_missing_chapter_is_named(tmp_path):
    assert "its part 'a.xhtml' is missing" in error_of(written(tmp_path, "a.epub", epub()), FormatError)


def test_an_old_word_file_is_told(tmp_path):
    old = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512)

    assert "from before 2007" in error_of(written(tmp_path, "a.docx", old), FormatError)


# ---------------------------------------------------------------- locked


def test_an_encrypted_pdf_is_said_to_be():
    assert error_of(FIXTURES / "encrypted.pdf", EncryptedError) == "is encrypted; save it without a password"


def test_encrypted_packages_are_said_to_be(tmp_path):
    word = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512) + "EncryptedPackage".encode("utf-16-le")
    rights = (
        b"<encryption><EncryptedData><EncryptionMethod Algorithm='http://www.w3.org/aes'/></EncryptedData></encryption>"
    )
    locked = bytearray(epub(**{"a.xhtml": b"<p>x</p>"}))
    for at in (i for i in range(len(locked)) if locked[i : i + 4] == b"PK\x01\x02"):
        locked[at + 8] |= 1

    for name, content in (
        ("a.docx", word),
        ("a.epub", epub(**{"META-INF/encryption.xml": rights})),
        ("b.epub", bytes(locked)),
    ):
        error_of(written(tmp_path, name, content), EncryptedError)


def test_a_book_with_disguised_fonts_only_is_read(tmp_path):
    fonts = b"<encryption><EncryptionMethod Algorithm='http://www.idpf.org/2008/embedding'/></encryption>"
    content = epub(**{"META-INF/encryption.xml": fonts, "a.xhtml": b"<p>A&nbsp;fine <script/><a id='x'/>day</p>"})

    assert read_source(written(tmp_path, "a.epub", content)).text == "A fine day"


# ---------------------------------------------------------------- too much


def test_half_a_gigabyte_on_disk_is_not_opened(tmp_path):
    for name in ("a.txt", "a.pdf"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(500 * MIB)
        assert error_of(tmp_path / name, LimitError).startswith("is a file of 500 MiB; the limit is 256 MiB")


def test_half_a_gigabyte_declared_is_not_unpacked(tmp_path):
    content = bytearray(epub(**{"a.xhtml": b"<p>x</p>"}))
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = (500 * MIB).to_bytes(4, "little")

    message = error_of(written(tmp_path, "a.epub", bytes(content)), LimitError)

    assert message.startswith("declares 500 MiB of content; the limit is 256 MiB")


def test_a_bomb_that_declares_less_than_it_holds_is_damaged(tmp_path):
    content = bytearray(epub(**{"a.xhtml": b" " * 5 * MIB}))
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = (100).to_bytes(4, "little")

    assert "'a.xhtml' is damaged" in error_of(written(tmp_path, "a.epub", bytes(content)), FormatError)


def test_a_bomb_in_one_part_is_declared(tmp_path):
    error_of(written(tmp_path, "a.docx", docx(b"<a>" + b" " * 300 * MIB)), LimitError)


def test_entities_that_expand_without_end_do_not(tmp_path):
    error_of(written(tmp_path, "a.docx", docx(LAUGHS)), FormatError)
    error_of(written(tmp_path, "a.epub", archive(**{"META-INF/container.xml": LAUGHS})), FormatError)


def test_memory_is_limited(tmp_path):
    path = written(tmp_path, "a.pdf", pdf_file(b" " * 200 * MIB))
    assert path.stat().st_size < MIB

    message = error_of(path, LimitError, Limits(memory=160 * MIB))

    assert message.startswith("takes too much memory to read; the limit is 160 MiB")


def test_time_is_limited(tmp_path):
    path = written(tmp_path, "a.html", b"<p>hello " * 1_500_000)

    assert error_of(path, LimitError, Limits(seconds=2)).startswith("takes too long to read; the limit is 2 s")


def test_a_process_that_a_system_without_memory_kills_took_too_much_of_it(tmp_path, monkeypatch):
    killed = written(tmp_path, "killed", b"#!/bin/sh\nkill -KILL $$\n")
    killed.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(killed))

    assert error_of(written(tmp_path, "a.md", b"text"), LimitError).startswith("takes too much memory to read")


@pytest.mark.parametrize(("name", "content"), [("a.html", b"<div>" * 100_000 + b"x"), ("a.md", b"> " * 20_000 + b"x")])
def test_what_nests_too_deeply_is_not_left_out_in_silence(tmp_path, name, content):
    assert "too deeply" in error_of(written(tmp_path, name, content), LimitError)


@pytest.mark.parametrize("content", [b"**a " * 20_000, b"`a " * 20_001, b"| a " * 20_000])
def test_markdown_that_is_hard_to_read_is_read(tmp_path, content):
    assert read_source(written(tmp_path, "a.md", content)).text


# ---------------------------------------------------------------- scripts


def test_a_page_full_of_scripts_is_its_text(tmp_path):
    page = b"""<!doctype html><html><head><title>T</title><script>steal()</script><style>p {}</style></head>
    <body onload="steal()"><p>One <script>steal()</script><b onclick="steal()">sentence</b>.<!-- steal() --></p>
    <noscript>steal()</noscript><template><p>steal()</p></template><iframe srcdoc="steal()">steal()</iframe>
    <svg><script>steal()</script><text>steal()</text></svg><p style="display:none">steal()</p><p hidden>steal()</p>
    <a href="javascript:steal()">link</a><object data="file:///etc/passwd">steal()</object></body></html>"""

    assert read_source(written(tmp_path, "a.html", page)).text == "One sentence.\n\nlink"


def test_no_other_file_is_opened(tmp_path):
    (tmp_path / "secret").write_text("SECRET", encoding="utf-8")
    entity = f"<!DOCTYPE p [<!ENTITY x SYSTEM '{(tmp_path / 'secret').as_uri()}'>]><p>before &x; after</p>".encode()

    for name, content in (("a.epub", epub(**{"a.xhtml": entity})), ("a.html", entity)):
        assert "SECRET" not in read_source(written(tmp_path, name, content)).text


def test_a_link_in_an_archive_leads_nowhere(tmp_path):
    outside = BOOK.replace(b"a.xhtml", b"../../../../../../etc/passwd")
    content = archive(**{"META-INF/container.xml": CONTAINER, "book.opf": outside})

    assert "is missing" in error_of(written(tmp_path, "a.epub", content), FormatError)


# ---------------------------------------------------------------- who reads


@pytest.mark.parametrize("name", ["html.py", "lxml.py", "zipfile.py", "qa_bot.py"])
def test_a_module_in_the_current_folder_is_not_run(tmp_path, monkeypatch, name):
    written(tmp_path, name, b"raise SystemExit('run')")
    monkeypatch.chdir(tmp_path)

    assert read_source(written(tmp_path, "a.md", b"text")).text == "text"


def test_a_package_that_lies_only_in_the_current_folder_is_found_there(tmp_path, monkeypatch):
    monkeypatch.chdir(Path(qa_bot.__file__).parents[1])
    monkeypatch.delenv("PYTHONPATH", raising=False)

    assert read_source(written(tmp_path, "a.md", b"text")).text == "text"


def test_who_reads_loads_no_parser_and_keeps_its_memory(tmp_path):
    path = written(tmp_path, "bomb.docx", docx(b"<a>" + b" " * 100 * MIB))
    code = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from qa_bot.errors import CorpusError\n"
        "from qa_bot.ingest import read_source\n"
        "from qa_bot.ingest.isolation import Limits\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n"
        f"    read_source(Path({str(path)!r}), limits=Limits(seconds=5))\n"
        "except CorpusError as error:\n"
        "    print(type(error).__name__)\n"
        "grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before\n"
        "print(grown < 30_000, {'lxml', 'pypdfium2', 'mammoth'} & set(sys.modules))\n"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[1:] == ["True set()"]


def test_limits_hold_for_the_process_that_parses_only(tmp_path):
    before = resource.getrlimit(resource.RLIMIT_AS), resource.getrlimit(resource.RLIMIT_CPU)
    read_source(written(tmp_path, "a.md", b"text"), limits=Limits(seconds=30, memory=1_024 * MIB))

    assert (resource.getrlimit(resource.RLIMIT_AS), resource.getrlimit(resource.RLIMIT_CPU)) == before


def test_a_worker_that_is_killed_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")

    with pytest.raises(CorpusError, match=r"a\.md: cannot be read as Markdown: its parser failed"):
        read_source(written(tmp_path, "a.md", b"text"))
