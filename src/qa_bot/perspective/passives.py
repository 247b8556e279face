"""Reporting verbs in the passive: "It was reported that", "is said to have", "was condemned by X", "was told that"."""

from qa_bot.perspective.clause import Clause, Range
from qa_bot.perspective.complements import that_ahead, that_day
from qa_bot.perspective.cue import Cue
from qa_bot.perspective.inventory import VerbForm
from qa_bot.perspective.subjects import VerbGroup, subject_of

_NOT_SEEN = frozenset("missing dead killed wounded captured lost safe".split())  # "was reported missing"
_RAISING = frozenset("say report allege claim".split())  # "is said to have ..."
# "it is believed that": what nobody is named for is the narrator's own, unlike what somebody has said or reported
_HELD = frozenset("believe think understand consider suspect expect assume estimate know".split())
HELD = "it is known that"  # no report, nor is what stands after it
_IMPERSONAL = frozenset({"it", "", ",", "and", "but"})
_ASKED = frozenset({"whether", "which", "if", "why", "how", "what", "when", "where", "who"})
_SUBJECTS = frozenset("it there they we you i".split())
_AFTER_AGENT = frozenset({"as", "that", "to", "on", "in", "and", "for", "at"}) | _ASKED


def passive_cue(clause: Clause, i: int, verb: VerbForm, group: VerbGroup) -> Cue | None:
    """The cue that the passive reporting verb at `i` makes, if it reports."""
    after = clause.skip_adverbs(i + 1)
    if "person" in verb.frames and (verb.lemma == "quote" or _is_told(clause, after, verb)):
        return _told(clause, i, verb, group)
    agent = _agent(clause, i)
    if agent and _at_figure(clause, agent, verb):
        return Cue((i, i + 1), "by X", source=agent, content=(0, clause.size))  # "was put by the police at 60,000"
    if agent is None and "estimate" in verb.frames and clause.word(after) == "at":
        agent = _agent(clause, i, reach=12)  # "is put at two million crowns by the insurer"
        if agent and clause.somebody(agent):
            return Cue((i, i + 1), "by X", source=agent, content=(0, agent[0] - 1))
    told_in_passing = clause.word(group.first - 1) in {"which", "that", "who"}
    if agent and not told_in_passing and clause.somebody(agent) and (cue := _by_agent(clause, i, verb, group, agent)):
        return cue
    return _from_nobody(clause, i, verb) or (_hearsay(clause, i, verb, group) if "passive" in verb.frames else None)


def _by_agent(clause: Clause, i: int, verb: VerbForm, group: VerbGroup, agent: Range) -> Cue | None:
    """The cue of "was condemned by X", "was asked by X whether ..."."""
    last = agent[1] + (clause.word(agent[1]) == ",")
    asked = bool(verb.frames & {"wh", "urge"}) and clause.word(last) in _ASKED | {"to"}
    if asked or "by" in verb.frames or clause.word(last) in {"as", "that"}:
        content = (last, clause.size) if asked or clause.word(last) in {"as", "that", "to"} else (0, group.first)
        return Cue((i, i + 1), "by X", source=agent, content=content, quotes=clause.quotes_in(*content))
    return None


def _from_nobody(clause: Clause, i: int, verb: VerbForm) -> Cue | None:
    """The cue of "It was learned from X that", "was described as", "was accused of"."""
    after = clause.skip_adverbs(i + 1)
    if "from" in verb.frames and clause.word(after) == "from":
        that = clause.find_ahead(after + 2, ("that",), 12)
        if that is not None:
            return Cue((i, that + 1), "heard from", source=(after + 1, that), content=(that + 1, clause.size))
    told = "as" in verb.frames and "observer" not in verb.frames
    if told and clause.word(after) == "as" and clause.word(after + 1) != "follows":
        return Cue((i, after + 1), "is described as", "vague", content=(0, clause.size))
    if verb.lemma == "ask" and clause.word(after) in _ASKED and not clause.any_word(i - 4, i, {"it"}):
        return Cue((i, i + 1), "was asked", "vague", content=(after, clause.size))  # not "it may be asked why"
    if verb.lemma == "accuse" and clause.word(after) == "of":
        return Cue((i, i + 1), "is accused of", "vague", content=(after + 1, clause.size))
    return None


def _hearsay(clause: Clause, i: int, verb: VerbForm, group: VerbGroup) -> Cue | None:
    that = that_ahead(clause, i, person=False, direct=False)
    if that is not None and (verb.lemma in _HELD or clause.word(group.first - 1) in _IMPERSONAL):
        rule = HELD if verb.lemma in _HELD else "it is said that"
        return Cue((i, that + 1), rule, "vague", content=(that + 1, clause.size))
    after = clause.skip_adverbs(i + 1)
    inserted = (
        clause.word(after) == "," and clause.word(group.first - 1) == "it" and clause.word(group.first - 2) == ","
    )
    if inserted and verb.lemma not in _HELD:  # "One of them, it is said, wept."
        return Cue((i, i + 1), "it is said that", "vague", content=(0, clause.size))
    if verb.lemma == "report" and clause.word(after) in _NOT_SEEN:
        return Cue((i, i + 1), "is said to", "vague", content=(0, clause.size))
    if clause.word(after) == "to" and verb.lemma in _RAISING:
        return Cue((i, after + 1), "is said to", "vague", content=(0, clause.size))
    return None


def _at_figure(clause: Clause, agent: Range, verb: VerbForm) -> bool:
    """As in "was put by the police at some 60,000"."""
    figure = clause.skip_adverbs(agent[1] + 1)
    figure += clause.word(figure) in {"some", "around"}
    counted = clause.word(figure)[:1].isdigit() or clause.is_a(figure, "numerals")
    return "estimate" in verb.frames and clause.word(agent[1]) == "at" and counted and clause.somebody(agent)


def _is_told(clause: Clause, after: int, verb: VerbForm) -> bool:
    """As in "was told that", "I am told he is", "had been promised, by radio, that"."""
    somebody = clause.is_a(after, "persons") or clause.is_a(after, "determiners") or clause.word(after) in _SUBJECTS
    if clause.word(after) == "that" or (verb.lemma == "tell" and somebody and clause.starts_statement(after)):
        return True
    that = clause.find_ahead(after + 1, ("that",), 14) if clause.word(after) == "," else None
    return that is not None and clause.word(that - 1) == "," and not that_day(clause, that)


def _told(clause: Clause, i: int, verb: VerbForm, group: VerbGroup) -> Cue | None:
    """The cue of "was quoted as saying" and "was told that"."""
    after = clause.skip_adverbs(i + 1)
    if verb.lemma != "quote":
        that = clause.find_ahead(after, ("that",), 15) if clause.word(after) in {"that", ","} else None
        first = after if that is None else that + 1
        return Cue((i, max(first, i + 1)), "was told that", "vague", content=(first, clause.size))
    subject = subject_of(clause, i, group)
    if clause.word(after) != "as" or subject is None:
        return None
    content = (after + 2, clause.size)
    quotes = clause.quotes_in(*content)
    return Cue((i, after + 2), "quoted as saying", subject.relation, subject.source, content, quotes)


def _agent(clause: Clause, i: int, *, reach: int = 3) -> Range | None:
    """The X of "by X" after a passive verb."""
    by = clause.find_ahead(i + 1, ("by",), reach)
    if by is None:
        return None
    last = by + 1
    while last < clause.size and clause.items[last].is_word and clause.word(last) not in _AFTER_AGENT:
        last += 1
    if clause.word(last) == "," and last > by + 1:  # "by the chancellor, X, whether"
        end = clause.find_ahead(last + 1, (",",), 8)
        apposed = end is not None and clause.word(end + 1) in _AFTER_AGENT and clause.capitalised(last + 1)
        last = end if apposed and end is not None and not clause.is_statement(last, end) else last
    return (by + 1, last) if last > by + 1 else None
