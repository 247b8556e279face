"""Which parser reads which file name; each is imported only where it is used."""

from collections.abc import Callable
from importlib import import_module

from qa_bot.ingest.source import SourceText

PLAIN = (".txt",)
PARSED = {
    ".md": ("Markdown", "qa_bot.ingest.markdown", "parse_markdown"),
    ".html": ("HTML", "qa_bot.ingest.webpage", "parse_html"),
    ".htm": ("HTML", "qa_bot.ingest.webpage", "parse_html"),
    ".mhtml": ("a saved web page", "qa_bot.ingest.webpage", "parse_mhtml"),
    ".mht": ("a saved web page", "qa_bot.ingest.webpage", "parse_mhtml"),
    ".docx": ("a Word document", "qa_bot.ingest.word", "parse_docx"),
    ".epub": ("an EPUB book", "qa_bot.ingest.book", "parse_epub"),
    ".pdf": ("PDF", "qa_bot.ingest.pdf", "parse_pdf"),
}
SUFFIXES = (*PLAIN, *PARSED)


def kind_of(suffix: str) -> str:
    """What people call the format of a suffix."""
    return PARSED[suffix][0]


def parser_of(suffix: str) -> Callable[[bytes], SourceText]:
    """The function that reads the content of a file with a suffix."""
    _, module, function = PARSED[suffix]
    parser: Callable[[bytes], SourceText] = getattr(import_module(module), function)
    return parser
