"""Perspective: who is speaking, from where, in which words.

`analyse` reads a document once, at indexing; `perspective_of` looks a span up in that reading.
"""

from qa_bot.perspective.analysis import Before, analyse, edition
from qa_bot.perspective.attribution import speakers_of
from qa_bot.perspective.contrast import Column, by_party
from qa_bot.perspective.loaded.lexicon import loaded_in
from qa_bot.perspective.notes import (
    TEMPLATES,
    attribution_line,
    documents_note,
    nobody_for,
    perspective_note,
    question_echo,
)
from qa_bot.perspective.profile import Profile, profile
from qa_bot.perspective.reading import Reading, deciding_stretch, sentence_voice
from qa_bot.perspective.standpoint import perspective_of

__all__ = [
    "TEMPLATES",
    "Before",
    "Column",
    "Profile",
    "Reading",
    "analyse",
    "attribution_line",
    "by_party",
    "deciding_stretch",
    "documents_note",
    "edition",
    "loaded_in",
    "nobody_for",
    "perspective_note",
    "perspective_of",
    "profile",
    "question_echo",
    "sentence_voice",
    "speakers_of",
]
