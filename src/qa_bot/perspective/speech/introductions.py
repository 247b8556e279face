"""Introductions: who asks and who answers in an interview, as a title or the sentences before it tell.

"Radio Lund spoke with Ada Quill", "Testimony of Ada Quill", "Interviewer: Ada Quill", `Ada Quill: "We had no boats"`.
"""

from typing import NamedTuple

from qa_bot.perspective.reporting.clause import Clause, Range
from qa_bot.perspective.speech.turns import ANSWERING, ASKING, QUESTION_ANSWER

_WITHIN = 60  # items of a sentence within which somebody meets somebody
_TALKS = frozenset("interview interviews conversation conversations talk dialogue discussion q&a".split())
_SPEAK = frozenset(
    "speak spoke speaks speaking spoken talk talks talked talking sat sits chatted chats conversed corresponded".split()
)
_TELLS = frozenset("recalls remembers speaks talks tells answers explains looks replies".split())
_GIVES = frozenset("gave given gives granted grants giving granting".split())
_WILLING = frozenset("to agreed consented offered willing ready wanted wished".split())
_MEET = frozenset("interviewed interviews met meets visited visits questioned questions".split())
_ASKS = ("interview", "question")
_ASKED_BY = frozenset("interviewed questioned examined cross-examined recorded asked debriefed".split())
_WITNESS = frozenset("testimony deposition recollections reminiscences memories evidence statement".split())
_EXAMINATION = frozenset("examination cross-examination".split())
_BRIEFING = frozenset("conference briefing hearing".split())
_TITLES = frozenset("the mr mrs ms dr".split())
_OATH = frozenset("oath sworn affirmation".split())
_REPLIES = frozenset("answers answered replies replied receives received welcomes welcomed".split())
_US = frozenset("us our this me questions to".split())
_NOT_SHOWN = frozenset("not never no".split())
_ENDS = frozenset(
    "took was is had has and on in about at during for this after before over who whom whose which by when while as "
    "from his her their its where since ten last one two three".split()
)
_ABOUT = frozenset("about on by against with over to".split())
_SERVES = frozenset(  # what one does for one's own side, or in its land
    "is was has had lives lived keeps kept runs ran run serves served leads led heads headed commands commanded born "
    "represents represented works worked farms farmed grew teaches taught".split()
)
_LISTED_ANSWERING = (ANSWERING | {"informant", "narrator", "speaker"}) - QUESTION_ANSWER
_LISTED_ASKING = (ASKING | {"collector"}) - QUESTION_ANSWER


class Introduction(NamedTuple):
    """Where the one who asks and the one who answers are named.

    `met` is one of the two: a newspaper or a reporter who asks, anybody else who answers.
    """

    asking: Range | None = None
    answering: Range | None = None
    met: Range | None = None


def introduction(clause: Clause, *, heading: bool = False) -> Introduction | None:
    """Who meets whom in a sentence or a title, None where nobody does."""
    if found := _listed(clause):
        return found
    for i in range(min(clause.size, _WITHIN)):
        if found := _at(clause, i, heading=heading):
            return found
    return _titled(clause) if heading else None


def _titled(clause: Clause) -> Introduction | None:
    """As in `Petar Visk of Sarn: "We had no boats"` and "Petar Visk of Sarn remembers"."""
    last = 0
    while last < min(clause.size, 8) and (clause.capitalised(last) or clause.word(last) in {"of", "from", "in"}):
        if clause.word(last) in _TELLS:
            break
        last += 1
    if last > 1 and clause.word(last) in _TELLS:
        return Introduction(answering=(0, last))
    return Introduction(met=(0, last)) if last > 1 and clause.word(last) == ":" else None


def phrase_end(clause: Clause, first: int) -> int:
    """Where the name of somebody who is met ends: at a mark or before "about", "who", "at his home"."""
    last = first
    while last < clause.size and clause.word(last) not in _ENDS:
        titled = clause.word(last) == "." and last > first and clause.word(last - 1) in _TITLES  # "Mr. Oss"
        if not (clause.items[last].is_word or titled):
            break
        last += 1
    return last


def described(clause: Clause, name: Range, last: int) -> Range:
    """What is said of somebody behind his name, up to an item: "farmer of Sarn in Bulmar", "who led the boatmen".

    It ends where somebody acts: "Petar Visk, who fought the Tessians" is none of theirs.
    """
    i = name[1]
    while i < min(last, clause.size) and (clause.items[i].is_word or clause.word(i) == ","):
        if clause.word(i) in _ABOUT or (clause.finite(i) and clause.word(i) not in _SERVES):
            break
        i += 1
    return name[0], i


def _listed(clause: Clause) -> Introduction | None:
    """As in "Interviewer: Ada Quill" and "Witness: Petar Visk, farmer", a line by itself."""
    if clause.word(1) != ":" or clause.is_statement(2, clause.size) or not clause.capitalised(2):
        return None
    name = (2, phrase_end(clause, 2))
    if clause.word(0) in _LISTED_ASKING:
        return Introduction(asking=name)
    return Introduction(answering=name) if clause.word(0) in _LISTED_ANSWERING and name[1] - 2 < 7 else None


def _at(clause: Clause, i: int, *, heading: bool) -> Introduction | None:
    """What the word at an item tells: a talk with somebody, a verb of meeting, somebody's testimony or oath."""
    if clause.any_word(max(i - 3, 0), i, _NOT_SHOWN):
        return None
    return _talk(clause, i, heading=heading) or _meeting(clause, i) or _reply(clause, i)


def _talk(clause: Clause, i: int, *, heading: bool) -> Introduction | None:
    """As in "a conversation with X", "Y gave an interview to X", "Testimony of X", "Press conference of X"."""
    word, following = clause.word(i), clause.word(i + 1)
    gives = next((k for k in range(i - 1, max(i - 7, 0), -1) if clause.word(k) in _GIVES), None)
    if word in _TALKS and following == "to" and gives is not None:
        return Introduction(asking=_name(clause, i + 2), answering=_before(clause, gives))
    if word in _TALKS and following in {"with", "by", "to", "for"}:
        return Introduction(met=_name(clause, i + 2))
    if word in _EXAMINATION and following == "by":
        return Introduction(asking=_name(clause, i + 2))
    testimony = word in _WITNESS and following in {"of", "by"} and (heading or i < 2) and clause.capitalised(i + 2)
    briefing = heading and word in _BRIEFING and following in {"of", "by", "with"}
    return Introduction(answering=_name(clause, i + 2)) if testimony or briefing else None


def _meeting(clause: Clause, i: int) -> Introduction | None:
    """As in "X was interviewed by Y", "Y met X", "X spoke to Y"."""
    word, following = clause.word(i), clause.word(i + 1)
    if word in _ASKED_BY and following == "by":
        return Introduction(asking=_name(clause, i + 2), answering=_before(clause, i))
    if word in _MEET and _somebody(clause, i + 1):
        found = _between(clause, i, i + 1)
        return found if word.startswith(_ASKS) or _asks(clause, _before(clause, i)) else None
    to = next((k for k in (i + 1, i + 2) if clause.word(k) in {"with", "to"}), 0)
    return _between(clause, i, to + 1) if word in _SPEAK and to and _somebody(clause, to + 1) else None


def _asks(clause: Clause, who: Range | None) -> bool:
    """Whether somebody who meets another one does so to ask him: "we", "our reporter"."""
    return who is not None and (clause.any_is(*who, "own_persons") or clause.any_is(*who, "media"))


def _reply(clause: Clause, i: int) -> Introduction | None:
    """As in "the mayor answered our questions", "The witness X took the oath"."""
    if clause.word(i) in _REPLIES and clause.word(i + 1) in _US and (subject := _before(clause, i)):
        return Introduction(answering=subject)
    sworn = clause.word(i) in _OATH and (clause.word(0) in _TITLES | _LISTED_ANSWERING or clause.capitalised(1))
    called = clause.word(i) == "called" and clause.word(i - 1) == "," and clause.word(i + 1) in {"as", "in", "by"}
    return Introduction(answering=(0, phrase_end(clause, 0))) if sworn or called else None


def _between(clause: Clause, verb: int, first: int) -> Introduction:
    """Of "X spoke with Y" one asks: whoever is a reporter, "we", or, if none is, X."""
    asked, asking = _name(clause, first), _before(clause, verb)
    if clause.is_a(first, "own_persons") or clause.word(first) in _US:  # "she spoke to us"
        return Introduction(answering=asking)
    if asking and clause.any_is(*asking, "own_persons"):
        return Introduction(answering=asked)
    media = asked is not None and clause.any_is(*asked, "media")
    return Introduction(asked, asking) if media else Introduction(asking, asked)


def _before(clause: Clause, verb: int) -> Range | None:
    """The subject right before a verb, over "was" and adverbs."""
    last = verb
    while last > 0 and (
        clause.is_a(last - 1, "auxiliaries") or clause.adverb(last - 1) or clause.word(last - 1) in _WILLING
    ):
        last -= 1
    if clause.word(last - 1) == ",":  # "Petar Visk, a ferryman of Sarn, spoke to ..."
        last = next((k for k in range(last - 2, max(last - 14, 0), -1) if clause.word(k) == ","), 0)
    if last == 0 or clause.is_a(last - 1, "own_persons") or clause.is_a(last - 1, "persons"):
        return (last - 1, last) if last else None
    if clause.capitalised(last - 1):
        return _full_name(clause, last)
    first = last
    while first > 0 and clause.items[first - 1].is_word and last - first < 9:
        first -= 1
        if clause.is_a(first, "determiners") and not clause.is_a(first - 1, "prepositions"):
            return first, last
    return None


def _full_name(clause: Clause, last: int) -> Range:
    """A name that ends at an item, with "our reporter" before it; of "the mayor of Sarn" all from its "the" on."""
    first = last - 1
    while first > 0 and clause.capitalised(first - 1) and not _not_named(clause, first - 1):
        first -= 1
    if last - first == 1 and clause.is_a(first, "roles") and clause.is_a(first - 1, "determiners"):
        return first - 1, last  # "the President"
    if clause.is_a(first - 1, "prepositions") and first > 1:
        reach = range(first - 2, max(first - 8, -1), -1)
        heads = (k for k in reach if clause.is_a(k, "determiners") and not clause.is_a(k - 1, "prepositions"))
        return next(heads, first), last
    if any(clause.is_a(first - 1, name) for name in ("roles", "media")):
        reach = range(first - 1, max(first - 4, -1), -1)
        return next((k for k in reach if clause.is_a(k, "determiners")), first), last
    return first, last


def _not_named(clause: Clause, i: int) -> bool:
    """Whether a capitalised word begins no name: "In May Petar Visk"."""
    return any(clause.is_a(i, name) for name in ("determiners", "prepositions", "months"))


def _name(clause: Clause, first: int) -> Range | None:
    last = phrase_end(clause, first)
    return (first, last) if last > first and clause.word(first)[:1].isalpha() else None


def _somebody(clause: Clause, i: int) -> bool:
    """Whether a name or a description of a person may begin here."""
    return i < clause.size and (clause.capitalised(i) or clause.is_a(i, "determiners") or clause.is_a(i, "own_persons"))
