"""Attribution cues: where a sentence says that somebody says something, by the frames of the inventory.

Works on the items of one sentence (words, marks, and quotations folded into one item each), so it never
looks inside a quotation. Every look-around is bounded, so the time is linear in the sentence.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from qa_bot.perspective.reporting.clause import DASHES, Clause
from qa_bot.perspective.reporting.complements import REACH
from qa_bot.perspective.reporting.cue import Cue
from qa_bot.perspective.reporting.evidence import evidence_cue
from qa_bot.perspective.reporting.nouns import noun_cue, words_of
from qa_bot.perspective.reporting.passives import HELD
from qa_bot.perspective.reporting.subjects import is_office
from qa_bot.perspective.reporting.verbs import verb_cue

_SHORT = frozenset({"mr", "mrs", "ms", "dr", "prof", "gen", "col", "capt"})  # with a full stop
_VIEWS = frozenset({"words", "view", "opinion", "eyes", "judgment", "judgement", "estimation"})
_ACCOUNTS = frozenset({"account", "version", "telling", "reading"})


@dataclass(slots=True)
class _Found:
    cues: list[Cue] = field(default_factory=list)
    covered: int = 0  # items before this position are some cue's content


def cues_of(clause: Clause) -> tuple[Cue, ...]:
    """The cues of one sentence in order; a report inside a report belongs to the outer one."""
    found = _Found()
    for position in clause.candidates():
        if position < found.covered and not clause.new_statement(position):
            inside = found.cues[-1].content if found.cues else None
            if inside and inside[0] <= position and (nested := words_of(clause, position)):
                found.cues.append(replace(nested, nested=True))
            continue
        cue = _read(clause, position, earlier=bool(found.cues))
        if cue is None:
            continue
        if cue.rule == HELD and cue.content:
            found.covered = cue.content[1]
            continue
        _end_content_before(found, clause, cue)
        found.cues.append(cue)
        found.covered = max(cue.words[1], cue.content[1] if cue.content and not cue.tail else 0)
    if not found.cues and (cue := evidence_cue(clause)):
        found.cues.append(cue)
    return (*found.cues, *_after_colons(clause, found.cues), *_before_dashes(clause, found.cues))


def _after_colons(clause: Clause, cues: Sequence[Cue]) -> Iterator[Cue]:
    """`Pakistani Foreign Ministry: "..."`: a quotation after a colon that no verb introduces."""
    taken = {quote for cue in cues for quote in cue.quotes}
    for quote in clause.quotes:
        if quote in taken or clause.word(quote - 1) != ":":
            continue
        first = max(
            (k + 1 for k in range(max(quote - 40, 0), quote - 1) if clause.word(k) in {";", "-", "–", "—", "."}),
            default=0,
        )
        relation = "sentence" if clause.is_statement(first, quote - 1) else "subject"
        if first < quote - 1:
            words = (first, quote) if quote - first <= REACH else (quote - 1, quote)
            yield Cue(words, "colon", relation, (first, quote - 1), quotes=(quote,))


def _before_dashes(clause: Clause, cues: Sequence[Cue]) -> Iterator[Cue]:
    """`"..." - the historian X.`: a quotation before a dash and a name that end the sentence."""
    taken = {quote for cue in cues for quote in cue.quotes}
    quote, last = (clause.quotes or [-1])[-1], clause.last_word()
    first = quote + 2
    if quote < 0 or quote in taken or clause.word(quote + 1) not in DASHES or not 0 < last - first <= REACH:
        return
    if clause.somebody((first, last)) and not clause.is_statement(first, last):
        yield Cue((quote + 1, last), "dash", "subject", (first, last), quotes=(quote,), tail=True)


def _end_content_before(found: _Found, clause: Clause, cue: Cue) -> None:
    """When a new statement starts inside the content of the last cue, that content ends there."""
    if not found.cues:
        return
    last = found.cues[-1]
    if last.content and cue.words[0] < last.content[1] and not last.tail:
        cut = clause.statement_start(cue.words[0])
        content = (last.content[0], cut) if cut > last.content[0] else None
        found.cues[-1] = replace(last, content=content)


def _read(clause: Clause, position: int, *, earlier: bool) -> Cue | None:
    word = clause.word(position)
    if word == "according" and clause.word(position + 1) == "to":
        return _according(clause, position)
    if clause.is_a(position, "vague_adverbs"):
        return Cue((position, position + 1), "hearsay adverb", "vague", content=(0, clause.size))
    if word in _VIEWS | _ACCOUNTS and (cue := _in_the_words_of(clause, position)):
        return cue
    verb = clause.inventory.verbs.get(word)
    return (verb and verb_cue(clause, position, verb, earlier=earlier)) or noun_cue(clause, position)


# ---------------------------------------------------------------- phrases


def _according(clause: Clause, position: int) -> Cue | None:
    """As in "According to X, ..." and "..., according to X"."""
    first = position + 2
    last = clause.phrase_end(first)
    if clause.leading(position) and clause.word(last) != ",":
        last = _before_subject(clause, first, last)
    if last <= first or clause.is_a(first, "wh") or clause.any_is(first, min(last, first + 4), "measures"):
        return None
    last = _with_office(clause, first, _with_name(clause, first, last))
    ends = last >= clause.last_word() and position > 0  # "Mines, according to the colonel."
    if clause.leading(position) and not ends:
        content = (_after_relative(clause, last), clause.size)
    else:
        content = (0, position) if ends else (0, clause.size)
    quotes = clause.quotes_in(*content)
    return Cue(
        (position, first), "according to", source=(first, last), content=content, quotes=quotes, tail=content[0] == 0
    )


def _with_name(clause: Clause, first: int, last: int) -> int:
    """The end of "its director, Dr Maren Holt" where "its director" ends at `last`."""
    end = last + 1
    while end < clause.size and (
        clause.capitalised(end) or (clause.word(end) == "." and clause.word(end - 1) in _SHORT)
    ):
        end += 1
    closed = end >= clause.size or clause.word(end) in {",", "."}
    named = clause.word(last) == "," and end - last > 2 and closed and not clause.any_is(last + 1, end, "months")
    nobody = clause.any_is(first, last, "documents") or clause.any_is(first, last, "bodies")
    known = clause.any_is(first, end, "roles") and clause.is_a(first, "determiners")
    return end if named and known and not nobody else last


def _with_office(clause: Clause, first: int, last: int) -> int:
    """The end of "Mira Kesh, the spokeswoman of the ministry," where "Mira Kesh" ends at `last`."""
    comma = clause.find_ahead(last + 2, (",",), 16)
    end = clause.last_word() + 1 if comma is None else comma
    apart = clause.word(last) == "," and clause.has_name((first, last)) and end - last < 18
    return (
        end
        if apart and is_office(clause, last + 1) and not any(clause.finite(k) for k in range(last + 1, end))
        else last
    )


def _after_relative(clause: Clause, last: int) -> int:
    """Where the statement begins after a source that ends at `last`, over "who had seen it," behind that."""
    if clause.word(last) != ",":
        return last
    comma = clause.find_ahead(last + 2, (",",), 20) if clause.word(last + 1) in {"who", "which", "whose"} else None
    return last + 1 if comma is None else comma + 1


def _before_subject(clause: Clause, first: int, last: int) -> int:
    """Where the phrase ends before a subject that no comma sets apart: "According to the log the pumps had failed"."""
    for i in range(first + 2, last):
        linked = clause.is_a(i - 1, "prepositions") or clause.is_a(i - 1, "determiners") or clause.word(i - 1) == "and"
        opens = any(clause.is_a(i, name) for name in ("determiners", "persons", "groups", "things", "own_persons"))
        if opens and not linked and clause.is_statement(i, clause.size):
            return i
    return last


def _in_an_account(clause: Clause, start: int, position: int) -> bool:
    """As in "In the Sarvian account, ...": somebody's account of what happened, set apart by commas."""
    named = clause.has_name((start + 1, position)) or clause.possessive_before(position)
    apart = clause.leading(start) or clause.word(start - 1) == ","
    return clause.word(position) in _ACCOUNTS and named and clause.word(position + 1) == "," and apart


def _in_the_words_of(clause: Clause, position: int) -> Cue | None:
    """As in "In the words of X, ..." and "in X's view, ..."."""
    if clause.word(position + 1) == "of" and clause.word(position - 1) == "the" and clause.word(position - 2) == "in":
        source = (position + 2, clause.phrase_end(position + 2))
        if clause.word(source[0])[:1].isdigit():
            return None  # "In the account of 1902 the sum ..."
        words = (position - 2, position + 2)
    else:
        start = clause.find_back(position, ("in",), 8)
        owned = clause.possessive_before(position) and clause.word(position) in _VIEWS
        if (
            start is None
            or not (owned or _in_an_account(clause, start, position))
            or clause.is_statement(start, position)
        ):
            return None
        named = position + (not owned and not clause.possessive_before(position))  # "the Sarvian account"
        source, words = (start + 1, named), (start, position + 1)
    if source[1] <= source[0]:
        return None
    after = max(source[1], words[1])
    opening = clause.word(after) == "," and clause.leading(words[0])
    content = (after + 1, clause.size) if opening else (0, clause.size)
    return Cue(words, "in the words of", source=source, content=content, quotes=clause.quotes_in(*content))
