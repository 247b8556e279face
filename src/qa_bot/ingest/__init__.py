"""Source files of every format → canonical text and a map of its headings, paragraphs and pages."""

from qa_bot.ingest.cache import ParseCache
from qa_bot.ingest.formats import SUFFIXES
from qa_bot.ingest.reading import read_source
from qa_bot.ingest.source import SourceText

__all__ = ["SUFFIXES", "ParseCache", "SourceText", "read_source"]
