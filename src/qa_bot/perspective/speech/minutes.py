"""Minutes: records that report what was said: "Mr. Roe (Oltania) said that ...", "Mr. Roe: His Government was ..."."""

import re
from collections.abc import Sequence
from dataclasses import replace

from qa_bot.perspective.speech.reports import Line
from qa_bot.perspective.speech.turns import FIRST_PERSON, Turn
from qa_bot.types import Outline, Voice

SPEAKERS = 3  # paragraphs, or turns, that open with a speaker in a record
_NUMBER = r"\s*(?:\(?\d+[.)]\s+)?"
_TITLE = r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Sir|Lord|Lady|Ambassador|MR|MRS|MS|DR)\.? )?"
_NAME = r"[^\W\d_a-z][\w’'.-]*(?: [^\W\d_a-z][\w’'.-]*){0,3}"
_OFFICE = r"(?:representative|delegate|observer|President|Chair(?:man|woman|person)?|Secretary(?:-General)?|Rapporteur)"
_SPEAKER = re.compile(  # "12. Mr. Roe (Oltania)", "The representative of Oltania"
    rf"{_NUMBER}(?:{_TITLE}{_NAME} \([^()\n]{{2,60}}\)|The {_OFFICE}\b)"
)
_PROCEDURE = re.compile(r"\s*The (?:meeting|session|sitting|Council|Committee|Assembly|motion|draft|vote)\b")
_OWN = r"(?:government|delegation|country|ministry|party|organi[sz]ation|authorities|members)"
_HIS_OWN = re.compile(  # of whom a turn speaks that is told in the third person
    rf"\b(?:his|her|their) (?:own )?{_OWN}\b"
    r"|\b(?:he|she|they) (?:had|was|were|would|did|could|asked|noted|said|added|thanked|welcomed|hoped|believed|wished"
    r"|supported|urged|called|regretted|agreed|took|rejected|recalled|stressed|proposed|requested)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"«„][^“”\"«»„]*[”\"»“]")
_SHARE = 0.5  # of the turns, in which somebody is spoken of so


def minuted(text: str, outline: Outline, lines: Sequence[Line]) -> frozenset[int]:
    """The sentences that go on with the report that opens their paragraph, in a document that is such a record."""
    opening = {
        sentence.paragraph
        for number, sentence in enumerate(outline.sentences)
        if (number == 0 or outline.sentences[number - 1].paragraph != sentence.paragraph)
        and lines[number].reports
        and _SPEAKER.match(text, sentence.span.start, sentence.span.end)
    }
    if len(opening) < SPEAKERS:
        return frozenset()
    return frozenset(
        number
        for number, sentence in enumerate(outline.sentences)
        if sentence.paragraph in opening and not _PROCEDURE.match(text, sentence.span.start, sentence.span.end)
    )


def in_third_person(text: str, outline: Outline, turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """The turns of a document, as reports where nobody says "I" in any and "his Government" stands in most of them."""
    said = [_QUOTED.sub("", text[turn.start : outline.sentences[turn.last - 1].span.end]) for turn in turns]
    told = sum(_HIS_OWN.search(words) is not None for words in said)
    if len(turns) < SPEAKERS or told < _SHARE * len(turns) or any(FIRST_PERSON.search(words) for words in said):
        return tuple(turns)
    return tuple(replace(turn, voice=Voice.ATTRIBUTED) for turn in turns)
