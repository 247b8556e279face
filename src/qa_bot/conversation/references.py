"""How a question refers back to the ones before it: "he", "them", "there", "that" and "the same one"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa_bot.conversation.mentions import Mention
from qa_bot.conversation.vocabulary import Kind
from qa_bot.conversation.words import TOKEN, bare, says_nothing

COUNTED = re.compile(
    r"\b(?:how (?:many|much)|which|what)\s+((?!(?:is|are|was|were|did|do|does|has|have|can|will)\b)\w+)", re.IGNORECASE
)
_EXPLETIVE = re.compile(
    r"\b(?:is|was|isn't|wasn't)\s+it\s+(?:true|possible|right|correct|known|clear|legal|illegal|the case)(?:\s+that)?\b"
    r"|\bhow\s+long\s+\w+\s+it\s+take\b|\bit\s+(?:is|was)\s+\w+\s+that\b"
    r"|\b(?:it\s+(?:is|was|became|seem(?:s|ed))|(?:is|was)\s+it)\s+(?:so\s+|too\s+|very\s+)?"
    r"(?:difficult|hard|easy|easier|harder|impossible|possible|necessary|important|dangerous|likely|better|safe|useful|"
    r"common|forbidden|allowed|time|worth)\s+(?:for\s+\w+\s+)?to\b|\bit\s+(?:took|takes)\b(?!\s+place)"
    r"|\b(?:is|are|was|were|been|be)\s+there\b(?!\s*[?.!]*\s*$)|\bthere\s+(?:is|are|was|were|has|have|will)\b",
    re.IGNORECASE,
)
_TOO = re.compile(r"\b(?:too|as well|also|either)\s*[?.!]*\s*$", re.IGNORECASE)

_PERSON = frozenset("he him his she her hers himself herself".split())
_GROUP = frozenset("they them their theirs themselves".split())
_THING = frozenset("it its latter".split())
_POINTING = frozenset("this these those".split())
_LOOSE = frozenset("same other others else one ones both".split())  # refer back if the question names nothing
_PEOPLE = frozenset(
    "people civilians citizens residents inhabitants villagers refugees men women children families parents mothers "
    "soldiers troops fighters volunteers veterans prisoners officers journalists politicians workers students".split()
)  # whom a "their" after them means
_NO_NOUNS = frozenset(
    "against without under since until via toward towards near upon among around behind beside besides except "
    "yesterday today now publicly personally directly first later earlier recently during despite because while though "
    "although whether never ever".split()
)  # that may follow a "her" without a noun
_JOINING = frozenset("that when while because if although though whether who whom which where why how".split())
_TIMING = frozenset("after before since until".split())  # "before meeting him" is no clause of its own
_LISTING = frozenset("and but or".split())
_SIDES = frozenset("sides parties camps armies fronts".split())  # whose there are two of in any war
_POSSESSIVE = frozenset("his her hers their theirs its".split())
AUXILIARY = frozenset("is are was were did does do has have had can could will would should must may might".split())
_BEFORE_THAT = AUXILIARY | set("about of after before in on for from by with why like than and or against to".split())
SENTENCE = AUXILIARY | _PERSON | _GROUP | _THING | _POINTING | _LOOSE | set("who what when where why how which".split())


@dataclass(frozen=True, slots=True)
class Back:
    """In which ways a question refers back."""

    person: bool = False
    group: bool = False
    thing: bool = False
    place: bool = False
    time: bool = False
    loose: bool = False

    @property
    def at_all(self) -> bool:
        """Whether it does in any way."""
        return self.person or self.group or self.thing or self.place or self.time or self.loose


def references(question: str, named: Sequence[Mention]) -> Back:
    """In which ways a question refers back to something that it does not name itself."""
    tokens = list(TOKEN.finditer(_EXPLETIVE.sub(lambda found: " " * len(found[0]), question)))
    words, positions = [bare(token.group()) for token in tokens], [token.start() for token in tokens]
    counted = bool(COUNTED.search(question))
    found = {"loose"} if _TOO.search(question) and not named else set()
    for i, word in enumerate(words):
        before = [m for m in named if m.start < positions[i]]
        many = word == "their" and not _PEOPLE.isdisjoint(words[:i])
        owned = word in _POSSESSIVE and (before or many or (counted and i > 1))
        asked = i > 0 and words[i - 1] in AUXILIARY  # "did they": not the ones named just before
        inside = bool(owned) or (bool(before) and not asked)
        people = [m for m in before if m.kind in (Kind.PERSON, Kind.UNKNOWN)]
        if _is_object(words, i):
            start = _clause(tokens, i, named)
            people = [m for m in people if m.start < start or _is_owner(question, m)]
        if word in _PERSON and not people:
            found.add("person")
        found.add(_referent(words, i, inside=inside, named=bool(named)))
    return Back(**{kind: True for kind in found if kind})


def _is_object(words: Sequence[str], i: int) -> bool:
    """Whether a word is one that never means the subject of its own clause: "him", and "her" without a noun."""
    following = words[i + 1] if i + 1 < len(words) else ""
    no_noun = not following or says_nothing(following) or following in _NO_NOUNS
    return words[i] == "him" or (words[i] == "her" and no_noun)


def _clause(tokens: Sequence[re.Match[str]], i: int, named: Sequence[Mention]) -> int:
    """Where the clause of word `i` begins in the text: at the last word before it that joins clauses, not names."""
    for j in range(i - 1, 0, -1):
        word, following = tokens[j].group().lower(), tokens[j + 1]
        timing = word in _TIMING and j + 1 < i and not following.group().endswith("ing")
        listing = word in _LISTING and not any(m.start == following.start() for m in named)
        if word in _JOINING or timing or listing:
            return tokens[j].start()
    return 0


def _is_owner(question: str, mention: Mention) -> bool:
    """Whether a name only says whose something is: "Aliyev's friends", "the friends of Aliyev"."""
    owned = question[mention.end :].startswith(("'s", "’s"))
    return owned or question[: mention.start].lower().endswith(" of ")


def _referent(words: Sequence[str], i: int, *, inside: bool, named: bool) -> str:
    """What kind of thing one word stands for, or "": `inside` says that the question names it, `named` anything."""
    word, last = words[i], i == len(words) - 1
    if word in _GROUP:
        return "group" if word == "them" or not inside else ""
    if word in _POINTING or _is_that(words, i):
        return "thing"
    if word in _THING:
        return "thing" if not inside or (word == "it" and last) else ""
    if word == "there" or (word == "then" and i):
        return "place" if word == "there" else "time"
    following = "" if last else words[i + 1]
    own = (word == "both" and following in _SIDES) or (
        word == "one" and not says_nothing(following) and not following.endswith("ed") and words[i - 1] != "which"
    )  # "both sides", "one village"
    if word in _LOOSE and following != "of" and not own:
        return "loose" if not named or (word == "one" and last) else ""
    return ""


def _is_that(words: Sequence[str], i: int) -> bool:
    """Whether a "that" stands for something, rather than "said that"."""
    if words[i] != "that":
        return False
    following = words[i + 1] if i + 1 < len(words) else None
    return following is None or following in AUXILIARY or (i > 0 and words[i - 1] in _BEFORE_THAT) or i == 0
