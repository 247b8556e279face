"""Hearsay and insistence without a verb of saying: "one hears that ...", "she is adamant that", "officially ..."."""

from qa_bot.perspective.reporting.clause import Clause, Range
from qa_bot.perspective.reporting.complements import that_day
from qa_bot.perspective.reporting.cue import Cue
from qa_bot.perspective.reporting.subjects import sentence_subject

_HEARERS = frozenset("one you we i people".split())
_HELPERS = frozenset("will would can could may often also still sometimes have had 've 'd".split())
_SATISFIED = frozenset("satisfied convinced persuaded".split())
_SURE = frozenset("confident certain sure hopeful".split())
_NEAR = 12  # items between "hear" and what is heard


def hears(clause: Clause, i: int) -> Cue | None:
    """As in "You will hear in the port that it was clean", "one hears of a second list"; nobody is named."""
    subject = i - 1
    while subject > max(i - 4, 0) and clause.word(subject) in _HELPERS:
        subject -= 1
    who = clause.word(subject)
    if who not in _HEARERS or clause.word(subject - 1) in {"if", "when", "as", "what", "that", "which"}:
        return None
    that = clause.find_ahead(i + 1, ("that",), 3 if who in {"i", "we"} else _NEAR)
    if that is not None and not that_day(clause, that) and clause.is_statement(that + 1, clause.size):
        content = (that + 1, clause.size)
        told = that == i + 1 or clause.word(i + 1) in {"it", ",", "in", "from", "at", "on"}
        return (
            Cue((i, that + 1), "one hears that", "vague", None, content, clause.quotes_in(*content)) if told else None
        )
    if clause.word(i + 1) in {"about", "of"} and who in {"one", "you"}:
        return Cue((i, i + 2), "one hears that", "vague", None, (i + 2, clause.size))
    return None


def heard_at(clause: Clause, i: int) -> Cue | None:
    """As in "The court heard that the order had been oral"; nobody is named, who told it."""
    subject = sentence_subject(clause, i)
    if subject is None or clause.word(i + 1) != "that" or that_day(clause, i + 1):
        return None
    bench = clause.any_is(*subject, "hearings") and clause.any_is(i - 2, i, "hearings")
    return Cue((i, i + 2), "was told that", "vague", content=(i + 2, clause.size)) if bench else None


def emerges(clause: Clause, i: int) -> Cue | None:
    """As in "It appears from her letters that ...", "It emerged at the trial that ...", "From the log we learn ..."."""
    that = clause.find_ahead(i + 1, ("that",), _NEAR)
    if that is None or clause.is_statement(i + 1, that):
        return None
    if clause.word(i + 1) == "from" and that > i + 2:
        source = (i + 2, that)
        paper = any(clause.any_is(*source, name) for name in ("documents", "claims", "hearings"))
        return _known(clause, i, that, source) if paper else None
    if clause.word(i + 1) in {"at", "in", "during"} and clause.any_is(i + 2, that, "hearings"):
        return _known(clause, i, that, None)
    first = next((k for k in range(min(i, _NEAR)) if clause.word(k) == "from"), None)
    if first is None or that != i + 1 or first > 1:
        return None
    last = next((k for k in range(first + 1, i) if clause.word(k) in {"it", "we", "one", "you"}), i)
    paper = clause.any_is(first + 1, last, "documents") or clause.any_is(first + 1, last, "hearings")
    return _known(clause, i, that, (first + 1, last)) if paper and first + 1 < last < i else None


def _known(clause: Clause, i: int, that: int, source: Range | None) -> Cue:
    content = (that + 1, clause.size)
    relation = "subject" if source else "vague"
    return Cue((i, that + 1), "as known from X", relation, source, content, clause.quotes_in(*content))


def given_to_understand(clause: Clause, i: int) -> Cue | None:
    """As in "We were given to understand that the dam would hold"."""
    given = clause.word(i - 1) == "to" and clause.word(i - 2) == "given" and clause.any_is(i - 4, i - 2, "be")
    told = given and clause.word(i + 1) == "that"
    return Cue((i - 2, i + 2), "was told that", "vague", content=(i + 2, clause.size)) if told else None


def adamant(clause: Clause, i: int) -> Cue | None:
    """As in "The family is adamant that he was at home", "was unanimous in calling it a mistake"."""
    be = any(clause.is_a(k, "be") or clause.word(k) in {"remain", "remains", "remained"} for k in (i - 1, i - 2))
    told = clause.word(i + 1) == "that" or (clause.word(i + 1) == "in" and clause.word(i + 2).endswith("ing"))
    subject = sentence_subject(clause, i) if be and told else None
    if subject is not None and not _told_of(clause, i, subject):
        return None
    if subject is None or clause.thing((subject[0], subject[0] + 1)):
        return None
    content = (i + 2, clause.size)
    return Cue((i, i + 2), "is adamant that", "sentence", subject, content, clause.quotes_in(*content))


def _told_of(clause: Clause, i: int, subject: Range) -> bool:
    """Not a belief that the narrator ascribes: "The court was satisfied that", but not "The boy was sure that"."""
    if clause.word(i) in _SATISFIED:
        return clause.any_is(*subject, "institutions")
    present = clause.any_word(i - 2, i, {"is", "are", "remain", "remains"})
    known = clause.any_is(*subject, "observers") or clause.any_is(*subject, "roles")
    return clause.word(i) not in _SURE or (present and known)


def officially(clause: Clause, i: int) -> Cue | None:
    """As in "Officially it was a drill"; not "Officially opened in May"."""
    opens = ("persons", "groups", "things", "determiners", "own_persons")
    told = clause.leading(i) and (
        clause.word(i + 1) in {",", "there"} or any(clause.is_a(i + 1, name) for name in opens)
    )
    return Cue((i, i + 1), "hearsay adverb", "vague", content=(i + 1, clause.size)) if told else None
