"""Notes: whose words a quotation is and from where its document speaks, in fixed wording only."""

from qa_bot.perspective.notes.answers import attribution_line, nobody_for, perspective_note, question_echo
from qa_bot.perspective.notes.documents import documents_note
from qa_bot.perspective.notes.names import UNDECLARED, account_of, holder_of
from qa_bot.perspective.notes.spans import note_of, note_of_several
from qa_bot.perspective.notes.templates import CLAIM_KINDS, TEMPLATES

__all__ = [
    "CLAIM_KINDS",
    "TEMPLATES",
    "UNDECLARED",
    "account_of",
    "attribution_line",
    "documents_note",
    "holder_of",
    "nobody_for",
    "note_of",
    "note_of_several",
    "perspective_note",
    "question_echo",
]
