"""Reading the best passages of a ranking for what answers the question."""

from qa_bot.reader.evidence import read_ranking
from qa_bot.reader.model import SHIPPED, Mark, Reader, Window
from qa_bot.reader.public import NO_READER, SHIPPED_NAME, SentenceReader, load_reader

__all__ = [
    "NO_READER",
    "SHIPPED",
    "SHIPPED_NAME",
    "Mark",
    "Reader",
    "SentenceReader",
    "Window",
    "load_reader",
    "read_ranking",
]
