"""What a citation shows: verbatim text, a note, and a speaker for words that are somebody's."""

from qa_bot.types import Citation, Document, Perspective, Resolution, Span, Voice

_SAID_TO_BE_UNKNOWN = (Resolution.VAGUE, Resolution.UNRESOLVED)


def is_exact(citation: Citation, document: Document) -> bool:
    """Whether quotation and context stand character for character in the document the citation's hash names."""
    return (
        citation.document_sha256 == document.sha256
        and citation.span.of(document.text) == citation.quote
        and citation.context.span.of(document.text) == citation.context.text
    )


def has_note(citation: Citation) -> bool:
    """Whether the citation says from where it speaks."""
    return bool(citation.perspective.note.strip())


def is_second_hand(citation: Citation) -> bool:
    """Whether the words are quoted or reported, so that a speaker must be shown."""
    return citation.perspective.voice is not Voice.NARRATOR


def is_orphan(citation: Citation) -> bool:
    """Whether second-hand words are shown without anybody who says them."""
    return lacks_speaker(citation.perspective, citation.span)


def lacks_speaker(perspective: Perspective, span: Span) -> bool:
    """The same of any span and its perspective.

    A speaker is shown by name, by an attribution span, or by a cue inside the quotation. Where the rules
    could not tell, the note must say so; second-hand words with nothing of this are an orphan quote.
    """
    if perspective.voice is Voice.NARRATOR:
        return False
    cue_is_quoted = perspective.cue is not None and span.covers(perspective.cue.span)
    shown = bool(perspective.speaker or perspective.attribution) or cue_is_quoted
    return not (shown or (perspective.resolution in _SAID_TO_BE_UNKNOWN and bool(perspective.note.strip())))
