"""The perspective of any span: looked up in a reading, never computed anew."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from qa_bot.errors import SpanError
from qa_bot.perspective.notes import holder_of, note_of, note_of_several
from qa_bot.perspective.reading import FRAME, Reading, deciding_stretch, sentence_weight
from qa_bot.types import ClaimCue, Document, Excerpt, LoadedTerm, Perspective, Resolution, Span, Voice, VoicedSpan

_LONGEST_MARK = 400  # characters that a loaded term or claim cue may reach back over
_OTHER_VOICE = 20  # characters from which another voice in a span counts
SEVERAL = 3  # voices and sources up to which a passage is still said to be one's
_OTHER_PARTY = 10  # characters from which words of another party count
_Marked = TypeVar("_Marked", LoadedTerm, ClaimCue)


def perspective_of(document: Document, reading: Reading, span: Span, *, alone: bool = False) -> Perspective:
    """From where a span of a document speaks; `alone`: the corpus holds no document of another side.

    Raises: SpanError: if the span reaches beyond the document.
    """
    if span.end > len(document.text):
        size = len(document.text)
        raise SpanError(f"span {span.start}:{span.end} reaches beyond document '{document.doc_id}' ({size} characters)")
    stretches = reading.stretches(span)
    several = len(_shares(stretches, span)) > SEVERAL
    deciding = _longest(stretches, span) if several else deciding_stretch(reading, span)
    bare = Perspective(
        holder=holder_of(document),
        party=document.party,
        voice=Voice.NARRATOR,
        note="",
        attribution=_closure(document, stretches),
        loaded=_inside(reading.loaded, span),
        claims=_inside(reading.claims, span),
        rule=deciding.rule if deciding else "",
    )
    bare = _with_source(bare, document, deciding, span) if deciding else bare
    bare = replace(bare, speaker_party=None) if _of_several_parties(stretches) else bare
    if several:
        return replace(bare, note=note_of_several(bare))
    others = [voiced for voiced in stretches if _differs(voiced, deciding)] if deciding else []
    return replace(bare, note=note_of(bare, deciding, others=others, alone=alone))


def _shares(stretches: Sequence[VoicedSpan], span: Span) -> dict[tuple[Voice, str | None], int]:
    """The characters of each voice and source in a span."""
    shares: dict[tuple[Voice, str | None], int] = {}
    for voiced in stretches:
        size = min(voiced.span.end, span.end) - max(voiced.span.start, span.start)
        if voiced.rule != FRAME and size >= _OTHER_VOICE:
            key = voiced.voice, _who(voiced)
            shares[key] = shares.get(key, 0) + size
    return shares


def _longest(stretches: Sequence[VoicedSpan], span: Span) -> VoicedSpan:
    """A stretch in the voice that has most of a span."""
    shares = _shares(stretches, span)
    most = max(shares, key=lambda key: shares[key])
    return next(v for v in stretches if v.rule != FRAME and (v.voice, _who(v)) == most)


def _with_source(bare: Perspective, document: Document, deciding: VoicedSpan, span: Span) -> Perspective:
    voice = deciding.voice if deciding.span.covers(span) else sentence_weight(deciding)
    if voice is Voice.NARRATOR:
        return bare
    source = deciding.source
    known = source is not None and source.resolution is not Resolution.UNRESOLVED
    return replace(
        bare,
        voice=voice,
        speaker=(source.actor or source.named)
        if source and known and source.resolution is not Resolution.VAGUE
        else None,
        speaker_role=source.role if source else None,
        speaker_party=source.party if source else None,
        resolution=source.resolution if source else Resolution.UNRESOLVED,
        cue=document.excerpt(deciding.cue) if deciding.cue else None,
        rebuttal=document.excerpt(deciding.rebuttal) if deciding.rebuttal else None,
    )


def _closure(document: Document, stretches: Sequence[VoicedSpan]) -> tuple[Excerpt, ...]:
    spans = {span for voiced in stretches if voiced.voice is not Voice.NARRATOR for span in voiced.closure}
    return tuple(document.excerpt(span) for span in sorted(spans))


def _of_several_parties(stretches: Sequence[VoicedSpan]) -> bool:
    """Whether speakers of different parties share a span ("X said ..., while Y said ...")."""
    told = (v for v in stretches if v.voice is not Voice.NARRATOR and not v.nested and len(v.span) >= _OTHER_PARTY)
    return len({v.source.party for v in told if v.source and v.source.party}) > 1


def _differs(voiced: VoicedSpan, deciding: VoicedSpan) -> bool:
    """Whether a stretch is in another voice, or of another source, than the deciding one."""
    if voiced.rule == FRAME or len(voiced.span) < _OTHER_VOICE:
        return False
    return voiced.voice is not deciding.voice or _who(voiced) != _who(deciding)


def _who(voiced: VoicedSpan) -> str | None:
    return (voiced.source.actor or voiced.source.named) if voiced.source else None


def _inside(marked: Sequence[_Marked], span: Span) -> tuple[_Marked, ...]:
    first = bisect_left(marked, max(span.start - _LONGEST_MARK, 0), key=_start)
    last = bisect_left(marked, span.end, key=_start)
    return tuple(mark for mark in marked[first:last] if mark.span.overlaps(span))


def _start(mark: LoadedTerm | ClaimCue) -> int:
    return mark.span.start
