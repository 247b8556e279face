"""Scare quotes: a few quoted words that are nobody's speech and keep the writer's distance from them."""

import re
from collections.abc import Callable, Iterator

from qa_bot.perspective.words import SIGNS
from qa_bot.types import LoadedTerm, Span, Voice

CATEGORY = "doubt"
LEMMA = "scare quotes"
REASON = (
    "Wikipedia words to watch, expressions of doubt: quotation marks keep distance from the words; say who uses them"
)
MOST_WORDS = 4  # longer fragments are quotations rather than single disputed words

_QUOTED = re.compile(
    rf"(?<![\w{SIGNS}])"
    r"(?:[“\"„«](?P<double>[^“”\"„«»\n]{2,60})[”\"“»]|[‘'](?P<single>[^‘’'\n]{2,60})[’'])(?!\w)"
)
# What introduces a name, a title or a term that is mentioned rather than doubted: directly before it, or as its verb.
_NAMING = re.compile(
    r"\b(?:(?:known as|words?|terms?|phrase|slogan|motto|hashtag|expression|operation|campaign|project|plan|film|movie|"
    r"book|novel|song|album|series|poem|article|report|newspaper|magazine|journal|programme|program|show|channel|"
    r"website|agency|company|club|team|group|party|movement|battalion|brigade|ship|exercises?|award|medal|means|"
    r"meaning|mean)[ ,:]+(?:the |a |an |of |in )?"
    r"|(?:call(?:s|ed|ing)?|nam(?:es?|ed|ing)|dub(?:s|bed)?|terms?|termed|nicknamed|titled|entitled|code-?named|"
    r"describe[sd]?|writes?|wrote|written|speaks? of|spoke of)\b[^.!?\n]*)$",
    re.IGNORECASE,
)
_BEFORE = 80  # characters before a quotation in which its introduction is looked for
# A capitalised fragment is a title, unless it claims an office or a standing that somebody disputes.
_CLAIMED = re.compile(
    r"\b(?:republic|state|government|president|prime minister|minister|ministry|parliament|authorities|authority|"
    r"administration|election|elections|referendum|independence|army|capital|constitution|court|kingdom|federation)\b",
    re.IGNORECASE,
)
# How a fragment begins that is a piece of what somebody said or wrote, rather than a doubted name for something.
_PIECE = re.compile(
    r"(?:about|after|against|as|at|and|by|could|for|from|in|into|merely|no|nobody|not|of|on|only|or|since|that|to|under|until|"
    r"was|were|with|without)(?![-\w])",
    re.IGNORECASE,
)
# What holds words that are mentioned: columns, entries, replies.
_MENTIONED = re.compile(
    r"\b(?:columns?|headings?|entry|entries|remarks?|reads?|marked|labelled|answered|doctrine of|wording|replaced by|"
    r"(?:catalogued|entered|stands)(?: \w+)? (?:as|under))[ ,:]+(?:the )?$",
    re.IGNORECASE,
)
_REPORTED = re.compile(
    r"\b(?:said|says|say|saying|stated|added|told|wrote|asked|replied|declared|announced|that)[ ,:]*$"
)


def scare_quotes(text: str, voice_at: Callable[[int], Voice]) -> Iterator[LoadedTerm]:
    """The scare quotes in the narrator's voice, in order; the span is what stands between the marks."""
    mentioned: set[str] = set()
    for match in _QUOTED.finditer(text):
        kind = "double" if match["double"] is not None else "single"
        span, fragment = Span(*match.span(kind)), match[kind]
        before = text[max(match.start() - _BEFORE, 0) : match.start()]
        if _NAMING.search(before):
            mentioned.add(fragment.casefold())  # a term once introduced stays a term
        elif (
            fragment.casefold() not in mentioned
            and _doubted(before, fragment)
            and voice_at(span.start) is Voice.NARRATOR
        ):
            yield LoadedTerm(span, fragment, LEMMA, CATEGORY, REASON, Voice.NARRATOR)


def _doubted(before: str, fragment: str) -> bool:
    if not 1 <= len(fragment.split()) <= MOST_WORDS or not any(letter.isalpha() for letter in fragment):
        return False
    if fragment[-1] in ".!?," or fragment != fragment.strip() or _REPORTED.search(before):
        return False
    if _PIECE.match(fragment) or _MENTIONED.search(before):
        return False
    return fragment[0].islower() or bool(_CLAIMED.search(fragment))
