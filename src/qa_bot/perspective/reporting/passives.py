"""Reporting verbs in the passive: "It was reported that", "is said to have", "was condemned by X", "was told that"."""

from qa_bot.perspective.reporting.clause import Clause, Range
from qa_bot.perspective.reporting.complements import that_ahead, that_day
from qa_bot.perspective.reporting.cue import Cue
from qa_bot.perspective.reporting.inventory import VerbForm
from qa_bot.perspective.reporting.judgements import superlative
from qa_bot.perspective.reporting.subjects import VerbGroup, subject_of

_NOT_SEEN = frozenset("missing dead killed wounded captured lost safe".split())  # "was reported missing"
_GENERALLY = frozenset("generally widely universally commonly usually".split())
_GRANTED = frozenset("acknowledge accept agree recognise recognize admit hold judge concede".split())
_TOLD = frozenset("tell assure inform".split())
_NOTED = frozenset("note mention remark observe say".split())
_SHOWN = frozenset("present represent show record list cite reject dismiss".split())  # "were presented as a gift"
_BLAMED = {
    "accuse": ("of",),
    "reproach": ("with", "for"),
    "blame": ("for",),
    "criticise": ("for",),
    "criticize": ("for",),
}
_RAISING = frozenset("say report allege claim".split())  # "is said to have ..."
# "it is believed that": what nobody is named for is the narrator's own, unlike what somebody has said or reported
_HELD = frozenset("believe think understand consider suspect expect assume estimate know".split())
HELD = "it is known that"  # no report, nor is what stands after it
_NO_JUDGES = frozenset("history record records order law constitution treaty agreement".split())
_FORETOLD = frozenset("expect believe".split())  # "told to wait" is an order
_IMPERSONAL = frozenset({"it", "", ",", "and", "but"})
_ASKED = frozenset({"whether", "which", "if", "why", "how", "what", "when", "where", "who"})
_SUBJECTS = frozenset("it there they we you i".split())
_AFTER_AGENT = frozenset({"as", "that", "to", "on", "in", "and", "for", "at"}) | _ASKED


def passive_cue(clause: Clause, i: int, verb: VerbForm, group: VerbGroup) -> Cue | None:
    """The cue that the passive reporting verb at `i` makes, if it reports."""
    after = clause.skip_adverbs(i + 1)
    if "person" in verb.frames and (verb.lemma == "quote" or _is_told(clause, after, verb)):
        return _told(clause, i, verb, group)
    if verb.lemma in _TOLD and _inserted(clause, i, group):
        return Cue((i, i + 1), "was told that", "vague", content=(0, clause.size), tail=True)
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
    return (
        in_a_text(clause, i, verb)
        or _from_nobody(clause, i, verb)
        or (_hearsay(clause, i, verb, group) if "passive" in verb.frames else None)
    )


def _inserted(clause: Clause, i: int, group: VerbGroup) -> bool:
    """As in "Of the twelve, I was told, one came back", "Nobody had slept, she was told"."""
    subject = group.first - 1
    person = any(clause.is_a(subject, name) for name in ("own_persons", "persons", "groups"))
    comma = clause.find_back(group.first, (",",), 7)
    named = comma is not None and clause.is_a(comma + 1, "determiners") and clause.somebody((comma + 1, group.first))
    ends = i + 1 >= clause.last_word() or clause.word(i + 1) == ","
    apart = (person and clause.word(subject - 1) == ",") or (named and clause.word(i + 1) == ",")
    return apart and ends and not clause.is_a(0, "subordinators")


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
    told = "as" in verb.frames and "observer" not in verb.frames and verb.lemma not in _SHOWN
    if told and clause.word(after) == "as" and clause.word(after + 1) != "follows":
        return Cue((i, after + 1), "is described as", "vague", content=(0, clause.size))
    if verb.lemma == "ask" and clause.word(after) in _ASKED and not clause.any_word(i - 4, i, {"it"}):
        return Cue((i, i + 1), "was asked", "vague", content=(after, clause.size))  # not "it may be asked why"
    if clause.word(after) in _BLAMED.get(verb.lemma, ()) and clause.word(after + 1) not in {"it", "this", "that"}:
        return Cue((i, i + 1), "is accused of", "vague", content=(after + 1, clause.size))
    named = "naming" in verb.frames and clause.word(i - 1) == "been" and clause.is_a(i - 2, "have")
    judged = clause.word(after) in {"a", "an"} or superlative(clause, after) == after
    if named and judged:  # "has been called the largest of its kind", but not "the gate of the south"
        return Cue((i, after), "is described as", "vague", content=(after, clause.size))
    return None


def _texts(clause: Clause, first: int, last: int) -> bool:
    """Whether a text is named that judges: not "the longest in the history of the province"."""
    return any(clause.is_a(k, "documents") and clause.word(k) not in _NO_JUDGES for k in range(first, last))


def in_a_text(clause: Clause, i: int, verb: VerbForm) -> Cue | None:
    """The cue of "is regarded as a model in several manuals", "In the note the attack was called a crime"."""
    after = clause.skip_adverbs(i + 1)
    judged = "as" in verb.frames and clause.word(after) == "as"
    if not judged and not ("naming" in verb.frames and clause.word(after) in {"the", "a", "an"}):
        return None
    first = clause.find_ahead(after + 2, ("in", "by"), 20)
    if first is not None and _texts(clause, first + 1, first + 5):
        source = (first + 1, clause.phrase_end(first + 1))
        return Cue((i, after), "in X's words", source=source, content=(0, first))
    opening = clause.word(0) == "in" and (_texts(clause, 1, 6) or clause.word(1) == "it")
    if not opening:
        return None
    last = 2 if clause.word(1) == "it" else next((k + 1 for k in range(1, 6) if clause.is_a(k, "documents")), 2)
    return Cue((i, after), "in X's words", source=(1, last), content=(last, clause.size))


def _hearsay(clause: Clause, i: int, verb: VerbForm, group: VerbGroup) -> Cue | None:
    that = that_ahead(clause, i, person=False, direct=False)
    if that is not None and verb.lemma in _NOTED and clause.any_word(i + 1, that, {"above", "earlier", "before"}):
        return None  # "It was noted earlier that": by the narrator himself
    if that is not None and (verb.lemma in _HELD or clause.word(group.first - 1) in _IMPERSONAL):
        granted = verb.lemma in _GRANTED and clause.any_word(group.first, i, _GENERALLY)  # "is generally acknowledged"
        rule = HELD if granted or verb.lemma in _HELD else "it is said that"
        return Cue((i, that + 1), rule, "vague", content=(that + 1, clause.size))
    after = clause.skip_adverbs(i + 1)
    inserted = (
        clause.word(after) == "," and clause.word(group.first - 1) == "it" and clause.word(group.first - 2) == ","
    )
    if inserted and verb.lemma not in _HELD:  # "One of them, it is said, wept."
        return Cue((i, i + 1), "it is said that", "vague", content=(0, clause.size))
    if verb.lemma == "report" and clause.word(after) in _NOT_SEEN:
        return Cue((i, i + 1), "is said to", "vague", content=(0, clause.size))
    if clause.infinitive(after) and verb.lemma in _RAISING:
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
    told = verb.lemma == "tell" and clause.word(after) in _ASKED  # "was told where to wait"
    if told or (clause.word(after) == "to" and clause.word(after + 1) in _FORETOLD):  # "had been told to expect them"
        return True
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
