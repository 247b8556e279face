"""Whose words a question asks for: "what did the mayor say about the weir", "kabul's demand", "according to Pell"."""

import re
from dataclasses import dataclass

from qa_bot.conversation.words import WORD, says_nothing, without_possessive

_SAYS = (
    r"(?:sa(?:y|id|ys|ying)|tell|told|thinks?|thought|states?|stated|asks?|asked|urged?|den(?:y|ied|ies)"
    r"|wants?|wanted|hopes?|hoped|react(?:ed|s)?|repl(?:y|ied|ies)|respond(?:ed|s)?|answer(?:ed|s)?|writes?|wrote|written"
    r"|mean|meant|saw|see|(?:call|claim|accus|believ|announc|declar|describ|demand|warn|promis|admit|condemn|blam"
    r"|criticis|criticiz|complain|insist|argu|propos|suggest|report|comment|stress|explain|reject|recommend|advis"
    r"|threaten|estimat|expect|predict|suspect|alleg|mention|add|point|request|express|feel|view|consider)"
    r"(?:e|es|ed|s|ing)?)"
)
_SAYING = (
    r"(?:reactions?|responses?|statements?|positions?|stances?|views?|opinions?|demands?|comments?|repl(?:y|ies)|answers?"
    r"|verdicts?|attitudes?|complaints?|warnings?|criticisms?|versions?|claims?|remarks?|words|explanations?|messages?"
    r"|speech(?:es)?|promises?|proposals?|arguments?|accusations?|estimates?|advice)"
)
_SAYING_NOW = r"(?:say|tell|think|ask|claim|demand|warn|argu|deny|call|want|suggest|propos|describ|accus)ing"
_HELPS = r"(?:did|does|do|has|have|had|would|will|could|can)"
_WHO = r"(?P<who>(?:[\w'’.-]+\s+){0,7}?[\w'’.-]+?)"  # up to eight words
_ASKING = r"what|who|how|why|when|where|which|whether"
_SURE = (
    rf"\b{_HELPS}\s+{_WHO}\s+(?:(?:\w+ly|ever|also|then|not|just)\s+)*{_SAYS}\b",
    rf"\b(?:is|was|are|were)\s+{_WHO}\s+{_SAYING_NOW}\b",
    rf"\baccording\s+to\s+{_WHO}\s*(?:[,?]|$|\b(?:{_ASKING}|that|is|was|were|did|do|does)\b)",
    rf"(?:^|\s){_WHO}['’]s?\s+(?:\w+\s+)?{_SAYING}\b",
    rf"\b{_SAYING}\s+(?:of|from|by)\s+{_WHO}\s*(?:[,?]|$|\b(?:to|on|about|regarding|after|when|in|at|over)\b)",
    rf"^{_WHO}\s+{_SAYING}\b",
)
_UNSURE = (rf"^{_WHO}\s+(?:on|about)\s+\w", rf"^{_WHO},?\s+(?:{_ASKING}|is|was|are|did)\b")
_FORMS = tuple((re.compile(p, re.IGNORECASE), p in _SURE) for p in (*_SURE, *_UNSURE))
_SAYER = re.compile(  # "who claimed that ...", "which minister has said ..."
    rf"^(?:\w+\s+){{0,3}}?(?:who|which(?:\s+\w+){{1,3}}?)\s+(?:\w+ly\s+|has\s+|have\s+|had\s+)?{_SAYS}\b", re.IGNORECASE
)
_NOBODY = frozenset(
    "it they he she you we i this that people anyone anybody someone somebody everyone text document article".split()
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The words by which a question names whose words it asks for.

    Not `sure`: they need not name anybody, as in "attack on the town".
    """

    words: tuple[str, ...]
    sure: bool


def speaker_wanted(question: str) -> Wanted | None:
    """Whose words a question asks for, or None where it does not ask for anybody's."""
    if _SAYER.search(question.strip()):
        return None  # "who claimed that the mayor ...": nobody yet
    for form, sure in _FORMS:
        if found := form.search(question.strip()):
            words = [without_possessive(word) for word in WORD.findall(found["who"]) if not says_nothing(word)]
            if words and not {word.lower() for word in words} <= _NOBODY:
                return Wanted(tuple(words), sure)
    return None
