"""Reporting verbs in the active voice: `X said that ...`, `"...," X said`, `"...", said X`, `as X said`."""

from dataclasses import replace

from qa_bot.perspective.reporting.clause import Clause, Range
from qa_bot.perspective.reporting.complements import REACH, complement_of, hearer_only
from qa_bot.perspective.reporting.cue import Cue
from qa_bot.perspective.reporting.inventory import VerbForm
from qa_bot.perspective.reporting.passives import passive_cue
from qa_bot.perspective.reporting.reporters import Phrase, may_report, unsaid
from qa_bot.perspective.reporting.subjects import Subject, VerbGroup, subject_of, verb_group

_INVERTED_NOW = frozenset("says say writes asks adds warns explains insists maintains argues admits recalls".split())
_PEOPLE = frozenset("one they".split())
_HEARSAY = frozenset("hear say".split())
_NO_GERUNDS = frozenset("nothing something anything everything morning evening".split())
_CONCESSIVE = frozenset("whatever whichever whoever however whom".split())
_CIRCUMSTANCES = frozenset({"wh", "of", "as", "infinitive", "person"})  # which may as well follow `"...," he said`
_THEREUPON = frozenset("after before since".split())
_THEIRS = frozenset("its their his her".split())
_AGENT = ("or", "er", "ist", "ant", "man", "woman")  # "coordinator", "manager", "accountant"
_TELLERS = ("vague", "sayings", "kin")
_SOMEBODY = ("roles", "bodies", "observers", "media", "kin", "folk")
_TELLING = frozenset("say report note announce claim state tell observe admit confirm".split())
_HEADLINES = frozenset("say write report announce reply answer explain insist add".split())


def verb_cue(clause: Clause, i: int, verb: VerbForm, *, earlier: bool) -> Cue | None:
    """The cue that the reporting verb at `i` makes, if it reports; `earlier`: another cue stands before it."""
    if clause.word(i - 1) == "as" and clause.word(i + 1) == "by" and "participle" in verb.form:
        return _as_said_by(clause, i)
    group = verb_group(clause, i)
    name = i > 0 and clause.capitalised(i) and clause.items[i - 1].is_word  # "United States"
    if group.blocked or name or clause.own_wording(i) or unsaid(clause, i, verb, group):
        return None
    if group.passive and not (verb.lemma == "agree" and clause.word(i + 1) == "that"):  # "are agreed that"
        return passive_cue(clause, i, verb, group)
    phrase = _phrase(clause, i, verb, group)
    return (
        _as_they_say(clause, i, verb)
        or _heard_it_said(clause, i)
        or _inverted(clause, i, phrase.verb)
        or _as_said(clause, i, phrase.verb, group)
        or _what_said(clause, phrase)
        or _active(clause, phrase, earlier)
    )


def _phrase(clause: Clause, i: int, verb: VerbForm, group: VerbGroup) -> Phrase:
    """The verb at `i` with its particle, if it has one there: "point out", "make it clear"."""
    for particle, frames in verb.phrasal.items():
        if all(clause.word(i + 1 + k) == word for k, word in enumerate(particle)):
            return Phrase(i, i + len(particle), replace(verb, frames=frames), group)
    return Phrase(i, i, verb, group)


def _active(clause: Clause, phrase: Phrase, earlier: bool) -> Cue | None:  # noqa: FBT001
    i, verb = phrase.first, phrase.verb
    complement = complement_of(clause, phrase.last, verb)
    subject = _inserted_subject(clause, phrase) or subject_of(clause, i, phrase.group, earlier=earlier)
    if complement and complement.rule == "from" and complement.content:  # "I learned from X that ..."
        start = complement.content[0]
        return Cue((i, start), "heard from", source=(phrase.last + 2, start - 1), content=complement.content)
    rule = complement.rule if complement else ""
    if subject is None or not may_report(clause, phrase, subject, rule) or _in_passing(clause, subject, rule):
        return None
    source = subject.source
    if complement is None or (complement.rule == "quotation" and _follows_quotation(clause, i, source)):
        return _afterthought(clause, phrase, source)
    if complement.rule in _CIRCUMSTANCES and (cue := _afterthought(clause, phrase, source)) and cue.quotes:
        return cue  # `"...," he said when he came back`
    content = complement.content
    if subject.relation == "sentence" and source and source[0] > i:
        if not content:
            return None  # "Addressing the nation, X said: ..." reports with its main verb
        content = (content[0], min(content[1], source[0] - 1))  # "claiming that ..., X recalled ..."
    close = content is not None and complement.rule != "object" and content[0] - i <= 3
    words = (i, content[0] if content and close else i + 1)
    return Cue(words, complement.rule, subject.relation, source, content, complement.quotes)


def _in_passing(clause: Clause, subject: Subject, rule: str) -> bool:
    """As in "The men walked out after the firm announced a rota"."""
    first = subject.source[0] if subject.source else 0
    return rule == "object" and first > 1 and clause.word(first - 1) in _THEREUPON


def _inserted_subject(clause: Clause, phrase: Phrase) -> Subject | None:
    """The "the paper" of "The landing, the paper explained, had little to do with fish"."""
    last, close = phrase.group.first, phrase.last + 1
    if "person" in phrase.verb.frames and clause.word(close) != ",":  # "..., the driver told the court, ..."
        heard = clause.find_ahead(close, (",",), 10)
        told = (
            heard is not None and not clause.is_statement(close, heard) and not clause.any_word(close, heard, {"that"})
        )
        close = heard if told and heard is not None else close
    after = clause.skip_adverbs(close + 1)
    if clause.word(close) != "," or not clause.finite(after) or clause.word(last - 1) == ",":
        return None
    comma = clause.find_back(last, (",",), 12)
    if comma is None or comma + 1 == last or clause.is_statement(comma + 1, last) or clause.quotes_in(comma, last):
        return None
    told = clause.is_a(comma + 1, "prepositions") or clause.is_a(comma + 1, "subordinators")
    return None if told or clause.word(comma + 1) in {"and", "but", "or"} else Subject((comma + 1, last), "subject")


# ---------------------------------------------------------------- the source after the verb


def _inverted(clause: Clause, i: int, verb: VerbForm) -> Cue | None:
    """The cue of `"...", said X in a speech`."""
    before = clause.before_marks(i)
    if before is None or "quote" not in verb.frames or not ("past" in verb.form or clause.word(i) in _INVERTED_NOW):
        return None
    quoted = clause.items[before].quotation >= 0
    last = _apposition_end(clause, clause.phrase_end(i + 1, inverted=True))
    if last <= i + 1 or clause.word(i + 1) in {"that", "to", "in", "on"} or (before == i - 1 and not quoted):
        return None
    if not quoted and (inserted := _inserted(clause, i, verb)):
        return inserted
    if quoted:
        return Cue((i, i + 1), "said X", source=(i + 1, last), quotes=(before,), tail=True)
    if not _statement_before(clause, i, verb, (before, last)):
        return None
    return Cue((i, i + 1), "said X", source=(i + 1, last), content=(0, before + 1), tail=True)


def _inserted(clause: Clause, i: int, verb: VerbForm) -> Cue | None:
    """The cue of "Whoever holds the ford, says a proverb of the millers, holds the town"."""
    comma = clause.find_ahead(i + 2, (",",), 12)
    if comma is None or clause.word(i - 1) != "," or "that" not in verb.frames or comma >= clause.last_word():
        return None
    head = next((k for k in range(i + 2, comma) if clause.is_a(k, "prepositions")), comma)  # "the deaths of soldiers"
    known = clause.somebody((i + 1, head)) or any(clause.any_is(i + 1, head, name) for name in _TELLERS)
    known = known or (verb.lemma == "say" and clause.is_a(i + 1, "determiners"))  # "says my agronomist"
    if not known or clause.is_statement(i + 1, comma) or clause.is_a(i + 1, "persons") or _in_between(clause, i - 1):
        return None
    return Cue((i, i + 1), "said X", source=(i + 1, comma), content=(0, clause.size), tail=True)


def _in_between(clause: Clause, comma: int) -> bool:
    """Whether a comma closes what is set between a subject and its verb: "X, in a debate of 4 May, noted ..."."""
    opening = clause.find_back(comma, (",",), 20)
    subject = (0, opening or 0)
    if opening is None or not clause.somebody(subject) or clause.is_a(0, "openers") or clause.is_statement(*subject):
        return False
    inside = opening + 1
    participle = clause.word(inside).endswith(("ing", "ed"))
    return participle or any(clause.is_a(inside, name) for name in ("prepositions", "determiners", "subordinators"))


def _apposition_end(clause: Clause, last: int) -> int:
    """The end of "X, the president of Y" where "X" ends at `last`."""
    first = last + 1
    if clause.word(first).isdigit() and clause.word(first + 1) == ",":  # "X, 61, a farmer of Y"
        first += 2
    whose = clause.word(first) in _THEIRS and clause.word(first + 1).endswith(_AGENT)  # "X, its coordinator"
    described = whose or (clause.any_is(first, first + 4, "roles") and not clause.is_a(first, "prepositions"))
    if clause.word(last) != "," or not described:
        return last
    end = clause.phrase_end(first, inverted=True)
    return last if clause.is_statement(first, end) or clause.is_a(first, "subordinators") else end


def _statement_before(clause: Clause, i: int, verb: VerbForm, around: Range) -> bool:
    """Whether `..., said X.` ends a statement: somebody right after the verb, and nothing reported after them."""
    before, last = around
    named = clause.capitalised(i + 1) or any(clause.any_is(i + 1, last, name) for name in _SOMEBODY)
    if verb.lemma in _HEADLINES and last >= clause.last_word() and clause.word(i - 1) == ",":
        return named and not clause.is_statement(i + 1, last)  # "Forty houses, said the radio."
    return (
        "that" in verb.frames
        and named
        and not clause.is_a(i + 1, "persons")
        and not clause.is_statement(i + 1, last)
        and clause.is_statement(0, before + 1)
        and clause.ends_statement(last)
        and not clause.infinitive(last)  # "The mayor, who was tired, asked both sides to meet."
    )


# ---------------------------------------------------------------- the report before the verb


def _afterthought(clause: Clause, phrase: Phrase, source: Range | None) -> Cue | None:
    """The cue of `"...," he said` and of `The plan, he said, would fail`."""
    i, verb = phrase.first, phrase.verb
    told = "person" in verb.frames and hearer_only(clause, i)
    if source is None or not verb.frames & {"that", "quote", "bare", "person"}:
        return None
    linked = clause.is_a(source[0], "subordinators") or clause.word(source[0]) in _CONCESSIVE
    # not "a ship which the owner described", "whatever X told the Assembly"
    before = None if linked else clause.before_marks(source[0])
    ended = clause.skip_adverbs(i + 1)
    if _gerund(clause, ended) and clause.word(ended + 1) in {",", "."}:  # "he explained laughing"
        ended += 1
    if before is None or not (told or clause.ends_statement(ended)):
        return None
    if clause.items[before].quotation >= 0:
        following = clause.quote_ahead(i + 1, REACH)
        quotes = (before,) if following is None else (before, following)
        return Cue((i, i + 1), "X said, after the quotation", source=source, quotes=quotes, tail=True)
    text = clause.any_is(*source, "documents") and i + 1 >= clause.last_word()  # "..., the bulletin shows."
    plural = clause.word(source[1] - 1).endswith("s") and clause.somebody(source)  # "..., his aides say, ..."
    many = plural or clause.any_is(source[1] - 1, source[1], "observers") or clause.word(source[1] - 1) == "they"
    several = "base" in verb.form and (many or clause.word(phrase.group.first) == "used")  # "..., critics say"
    plain = (
        verb.frames & {"that", "person"}
        and (several or verb.form & {"past", "s"})
        and (text or not clause.is_a(i, "also_nouns"))
    )
    if source[0] == before + 1 or not plain:
        return None
    end = clause.after_parenthesis(i + 1)
    alone = told or clause.word(phrase.last + 1) == "," or clause.word(ended) == ","
    inserted = end is not None and alone and clause.word(source[0] - 1) == ","
    short = (
        i + 1 >= clause.last_word() and verb.lemma in _HEADLINES and not clause.is_a(0, "openers")
    )  # "Mines, he said."
    if not (inserted or short or clause.is_statement(0, before + 1)) or not (told or clause.somebody(source)):
        return None
    return Cue((i, i + 1), "X said, after the statement", source=source, content=(0, end or source[0] - 1), tail=True)


def _gerund(clause: Clause, i: int) -> bool:
    return clause.word(i).endswith("ing") and clause.word(i) not in _NO_GERUNDS


def _follows_quotation(clause: Clause, i: int, source: Range | None) -> bool:
    """Whether the verb stands between two quotations: `"...," X said, "..."`."""
    before = clause.before_marks(source[0]) if source else None
    alone = clause.word(i + 1) in {",", ".", ":", ";"} or hearer_only(clause, i)
    return before is not None and clause.items[before].quotation >= 0 and alone


def _what_said(clause: Clause, phrase: Phrase) -> Cue | None:
    """The cue of "showed what it said was a gun"."""
    i, first = phrase.first, phrase.group.first
    what = clause.find_back(first, ("what",), 8)
    told = "that" in phrase.verb.frames and not phrase.verb.frames & {"observer", "document", "institution"}
    if what is None or not told or not clause.is_a(i + 1, "be"):
        return None
    if not clause.somebody((what + 1, first)) or clause.is_statement(what + 1, first):
        return None
    return Cue((what, i + 1), "what X said", source=(what + 1, first), content=(i + 1, clause.size))


def _as_said_by(clause: Clause, i: int) -> Cue | None:
    """The cue of "..., as reported by X, ..."."""
    last = clause.phrase_end(i + 2)
    if last == i + 2 or not clause.somebody((i + 2, last)):
        return None
    content = (0, clause.size) if i > 1 else (last, clause.size)
    quotes = clause.quotes_in(*content)
    return Cue((i - 1, i + 2), "as X said", source=(i + 2, last), content=content, quotes=quotes, tail=i > 1)


def _as_they_say(clause: Clause, i: int, verb: VerbForm) -> Cue | None:
    """The cue of "A stolen house, as they say with us, has no address" and of "as one hears"."""
    told = clause.word(i - 2) == "as" and clause.word(i - 1) in _PEOPLE and verb.lemma in _HEARSAY
    if not told or "past" in verb.form or (i > 2 and clause.items[i - 3].is_word):
        return None
    if i + 1 < clause.size and clause.items[i + 1].is_word and not clause.is_a(i + 1, "prepositions"):
        return None  # "As they tell their children, ..."
    return Cue((i - 2, i + 1), "as they say", "vague", content=(0, clause.size))


def _heard_it_said(clause: Clause, i: int) -> Cue | None:
    """The cue of "I have heard it said that the bell was sold"."""
    heard = clause.word(i - 2) in {"hear", "hears", "heard"} and clause.word(i - 1) == "it"
    if not heard or clause.word(i + 1) != "that":
        return None
    return Cue((i - 2, i + 2), "one hears that", "vague", content=(i + 2, clause.size))


def _as_said(clause: Clause, i: int, verb: VerbForm, group: VerbGroup) -> Cue | None:
    """The cue of "As X said, ..." and "..., as X put it."."""
    first, as_ = group.first, clause.find_back(group.first, ("as",), 12)
    if as_ is None or as_ + 1 >= first or not verb.frames & {"that", "wh", "quote"}:
        return None
    source, comma = (as_ + 1, first), clause.find_ahead(i + 1, (",", ":"), 8)
    whole = not clause.any_word(as_, first, {",", ";", ":"}) and not clause.is_statement(as_, first)
    dated = comma is not None and clause.word(i + 1) in {"at", "in", "on"} and not clause.is_statement(i + 1, comma)
    timed = (
        dated and verb.lemma in _TELLING and clause.any_is(i + 2, comma or i, "times")
    )  # "As X reported at the time,"
    placed = clause.is_a(i + 1, "prepositions") and as_ > 2 and verb.lemma in _TELLING
    closing = placed and not clause.is_statement(i + 1, clause.size) and clause.last_word() - i < 12
    ends = timed or closing or clause.word(i + 1) in {",", ".", "it", ":", ""}
    apart = as_ == 0 or not clause.items[as_ - 1].is_word
    if not (whole and ends and apart) or clause.own_person(source):
        return None
    if as_ <= 2 and comma is not None:  # "Or, as X said, ..."
        content = (comma + 1, clause.size)
        return Cue((i, i + 1), "as X said", source=source, content=content, quotes=clause.quotes_in(*content))
    return Cue((i, i + 1), "as X said", source=source, content=(0, clause.size), tail=True)
