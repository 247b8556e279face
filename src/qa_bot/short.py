"""Which words of a citation may be marked as the short answer: never such as read like a verdict of ours.

A reader marks the words that fit a question best, whoever says them and whatever is said of them. Only the whole
quotation has a note; so words are not marked where they would say more than it does.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from qa_bot.conversation.days import MONTHS
from qa_bot.conversation.words import WORD, says_nothing
from qa_bot.lexical import stems_of
from qa_bot.types import Citation, Excerpt, Perspective, Span, Voice

NAME_WORDS = 3  # a short answer of no more is a name or a figure
CONTESTED = frozenset({"attacked_first", "atrocity", "legal_status"})  # kinds of claim about blame and right

_WHETHER = re.compile(
    r"(?:(?:and|but|so|then)\s+)?(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must)"
    r"(?:n['’]?t)?\b",
    re.IGNORECASE,
)
_SIDE = r"(?:side|country|state|party|army|nation|people|one)s?"
_WHO = rf"\b(?:who|whose|whom|(?:which|what) {_SIDE})\b"
_WAR = (
    r"(?:wars?|fight(?:ing)?|conflict|clash(?:es)?|hostilities|attacks?|offensive|escalation|violence|shelling|battles?"
    r"|trouble|bloodshed)"
)
_LAND = r"(?:land|territor(?:y|ies)|soil|region|country|city|town|homeland)s?"
_VERDICTS = (
    rf"(?:start|beg[aiu]n|provok|launch|caus|resum|unleash|trigger|initiat)\w*\b.*\b{_WAR}\b",
    r"(?:attack|invad|shoot|shot|fire|firing|struck|strik|started|began)\w*\b.*\bfirst\b",
    r"(?:break(?:s|ing)?|broken?|violat\w*|breach\w*)\b.*\b(?:ceasefire|cease-fire|truce|armistice|peace)\b",
    rf"(?:aggressors?|to blame|at fault|guilty|responsible for\b.*\b{_WAR})\b",
    r"(?:commit|perpetrat|carr(?:y|ied|ies)\s+out)\w*\b.*\b(?:crimes?|genocide|massacres?|atrocit\w+|terror\w*|cleansing)\b",
    rf"(?:winner|loser|victor)s?\b.*\b{_WAR}\b",
    rf"(?:won|wins?|winning|lost|lose|losing|victorious in)\s+(?:the\s+|this\s+|that\s+)?(?:\w+\s+){{0,2}}{_WAR}\b",
    r"(?:belong(?:s|ed)?|owns|owned)\b",
)
_VERDICT = re.compile(
    rf"{_WHO}.*\b(?:{'|'.join(_VERDICTS)})|\bwhose\s+(?:(?:is|are|was|were)\b|(?:\w+\s+)?{_LAND}\b)"
    rf"|\b(?:which|what)\s+{_SIDE}\b.*\b(?:more|fewer|less|worse|better|heavier|higher|lower)\b",
    re.IGNORECASE,
)
_FOR_WHOM = re.compile(_WHO, re.IGNORECASE)
_SAYS = re.compile(
    r"\b(?:sa(?:y|ys|id)|tells?|told|thinks?|thought|stated|ask(?:s|ed)?|urge[sd]?|den(?:y|ies|ied)"
    r"|(?:call|claim|accus|believ|announc|declar|describ|demand|warn|promis|admit|recogni[sz]|support|condemn)\w*)\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(r"\b(?:not|never|no|none|nobody|nothing|neither|nor|cannot|without)\b|n['’]t\b", re.IGNORECASE)
_FIGURE = re.compile(r"\d")
_ASKS_FIGURE = re.compile(
    r"\b(?:when|how\s+(?:many|much|long|old|far|often)|(?:what|which)\s+(?:date|day|month|year|time|number))\b",
    re.IGNORECASE,
)
# but not inside "1,200", "May 4, 2020", "12 and 14 May"
_ITEM_ENDS = re.compile(r"(?<!\d),|,(?!\s*\d)|;|\n|(?<!\d)\s+and\b|\band\s+(?!\d)")
_MONTHS = frozenset(month.casefold() for month in MONTHS)
_CLAUSE_ENDS = re.compile(r"(?<!\b[A-Z])(?<!\b[A-Z][a-z])(?<!\bMrs)\.|[;:!?,—–“”\"]|\bbut\b")  # but not "Mr."


def may_be_marked(short: Excerpt, citation: Citation, question: str, own: Perspective) -> bool:
    """Whether some words of a citation may be marked as the answer; `own` is the perspective of these words alone.

    Who is to blame for a war, has won it, owns a land or has lost more is never said in a few words, nor is anybody
    named beside a contested claim. A name does not say whether, and a name or figure that is denied is the opposite of
    an answer. In a list only the figure beside the name that is asked for is one.
    Who is asked about by name is not the answer to what he says, and what another one says inside his words is not his.
    """
    if _VERDICT.search(question):
        return False
    if _is_quoted_inside(own, citation.perspective, question) or _is_beside_another(short, citation, question):
        return False
    if _FOR_WHOM.search(question) and not _SAYS.search(question) and _is_contested(citation.perspective):
        return False
    is_brief = len(short.text.split()) <= NAME_WORDS
    if is_brief and _WHETHER.match(question):
        return False
    if (is_brief or _FIGURE.search(short.text)) and _is_denied(short, citation, question):
        return False
    return not _names_speaker(short.text, citation.perspective.speaker, question)


def _is_contested(perspective: Perspective) -> bool:
    return any(claim.kind in CONTESTED for claim in perspective.claims)


def _is_denied(short: Excerpt, citation: Citation, question: str) -> bool:
    """Whether the clause says the contrary, and the question does not ask for that."""
    before = citation.quote[: short.span.start - citation.span.start]
    return bool(_NEGATION.search(_CLAUSE_ENDS.split(before)[-1])) and not _NEGATION.search(question)


def _is_beside_another(short: Excerpt, citation: Citation, question: str) -> bool:
    """Whether a figure stands in another item of a list than what the question names, or reaches over several items."""
    if not _ASKS_FIGURE.search(question):
        return False
    items = [item for item in _items(citation.quote) if _FIGURE.search(item.of(citation.quote))]
    place = Span(short.span.start - citation.span.start, short.span.end - citation.span.start)
    own = [item for item in items if item.overlaps(place)]
    if len(own) != 1:
        return len(own) > 1 and bool(_telling(short.text))  # not "between 4 May and 9 May"
    words, asked = _telling(own[0].of(citation.quote)), _stems(_telling(question))
    others = [word for item in items if item != own[0] for word in _telling(item.of(citation.quote))]
    if own[0] == items[0]:  # its verb is that of all: "Orrel fell on 4 May, Tisk on 9 May"
        return bool(_stems(_names(words)) - asked) and bool(_stems(_names(others)) & asked)
    return bool(words) and not _stems(words) & asked and bool(_stems(others) & asked)


def _items(quote: str) -> list[Span]:
    ends = [0, *(separator.end() for separator in _ITEM_ENDS.finditer(quote)), len(quote)]
    return [Span(start, end) for start, end in pairwise(ends) if start < end]


def _telling(text: str) -> list[str]:
    """The words of a text that are neither function words nor months."""
    return [word for word in WORD.findall(text) if not says_nothing(word) and word.casefold() not in _MONTHS]


def _names(words: Sequence[str]) -> list[str]:
    return [word for word in words if word[0].isupper()]


def _stems(words: Sequence[str]) -> set[str]:
    return set(stems_of([" ".join(words)])[0])


def _names_speaker(short: str, speaker: str | None, question: str) -> bool:
    name = _family_name(speaker)
    return bool(name) and name in question.casefold() and name in short.casefold()


def _is_quoted_inside(own: Perspective, whole: Perspective, question: str) -> bool:
    """Whether some words are another's than those of the speaker who quotes them, and he is not asked about."""
    if Voice.NARRATOR in (own.voice, whole.voice) or own.speaker in (None, whole.speaker):
        return False
    return _family_name(own.speaker) not in question.casefold()


def _family_name(speaker: str | None) -> str:
    return speaker.split()[-1].casefold() if speaker else ""
