"""Every fixture is read once for the whole run, the way a corpus is read."""

from pathlib import Path

import pytest

from qa_bot.ingest import read_source

FIXTURES = Path(__file__).parent / "fixtures"
PDFS = ("libreoffice.pdf", "chromium-columns.pdf", "chromium-ligatures.pdf")
MARKED = ("pandoc.md", "pandoc.html", "chromium.mhtml", "pandoc.docx", "libreoffice.docx", "pandoc.epub")
_read = {}


def source_of(name):
    if name not in _read:
        _read[name] = read_source(FIXTURES / name)
    return _read[name]


@pytest.fixture(params=[*PDFS, *MARKED])
def source(request):
    return source_of(request.param)


@pytest.fixture(params=PDFS)
def pdf(request):
    return source_of(request.param)
