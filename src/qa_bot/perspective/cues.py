"""Attribution cues: where a sentence says that somebody says something, by the frames of the inventory.

Works on the items of one sentence (words, marks, and quotations folded into one item each), so it never
looks inside a quotation. Every look-around is bounded, so the time is linear in the sentence.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from qa_bot.perspective import complements
from qa_bot.perspective.clause import Clause, Range
from qa_bot.perspective.complements import REACH
from qa_bot.perspective.inventory import VerbForm


@dataclass(frozen=True, slots=True)
class Cue:
    """One attribution inside a sentence, as ranges `[first, last)` of its items.

    `words` is the cue itself, `source` where its source is named (None: nobody in particular), `content` the
    reported words outside quotations, `quotes` the quotations it introduces (their item positions), `rule` the deciding
    rule. `relation` says how to find the source: "subject", "same" (as the cue before), "sentence" (the subject of the
    sentence), "antecedent" (of "who"), "vague".
    """

    words: Range
    rule: str
    relation: str = "subject"
    source: Range | None = None
    content: Range | None = None
    quotes: tuple[int, ...] = ()
    tail: bool = False
    observer: bool = False
    nested: bool = False


@dataclass(slots=True)
class _Found:
    cues: list[Cue] = field(default_factory=list)
    covered: int = 0  # items before this position are some cue's content


def cues_of(clause: Clause) -> tuple[Cue, ...]:
    """The cues of one sentence in order; a report inside a report belongs to the outer one."""
    found = _Found()
    for position in clause.candidates():
        if position < found.covered and not clause.new_statement(position):
            inside = found.cues[-1].content
            if inside and inside[0] <= position and (nested := _words_of(clause, position)):
                found.cues.append(replace(nested, nested=True))
            continue
        cue = _read(clause, position, found.cues[-1] if found.cues else None)
        if cue is None:
            continue
        _end_content_before(found, clause, cue)
        found.cues.append(cue)
        found.covered = max(cue.words[1], cue.content[1] if cue.content and not cue.tail else 0)
    return (*found.cues, *_after_colons(clause, found.cues))


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


def _end_content_before(found: _Found, clause: Clause, cue: Cue) -> None:
    """When a new statement starts inside the content of the last cue, that content ends there."""
    if not found.cues:
        return
    last = found.cues[-1]
    if last.content and cue.words[0] < last.content[1] and not last.tail:
        cut = clause.statement_start(cue.words[0])
        content = (last.content[0], cut) if cut > last.content[0] else None
        found.cues[-1] = replace(last, content=content)


def _read(clause: Clause, position: int, previous: Cue | None) -> Cue | None:
    word = clause.items[position].lower
    verb = clause.inventory.verbs.get(word)
    if word == "according" and clause.word(position + 1) == "to":
        return _according(clause, position)
    if clause.is_a(position, "vague_adverbs"):
        content = (0, len(clause.items))
        return Cue((position, position + 1), "hearsay adverb", "vague", content=content)
    if word in {"words", "view", "opinion", "eyes", "judgment", "judgement", "estimation"} and (
        cue := _in_the_words_of(clause, position)
    ):
        return cue
    cue = _verb(clause, position, verb, previous) if verb else None
    return cue or _noun(clause, position)


# ---------------------------------------------------------------- phrases


def _according(clause: Clause, position: int) -> Cue | None:
    """As in "According to X, ..." and "..., according to X"."""
    first = position + 2
    last = clause.phrase_end(first, position)
    if last <= first or clause.any_is(first, min(last, first + 4), "measures"):
        return None
    if clause.leading(position):
        content = (last + 1 if clause.word(last) == "," else last, len(clause.items))
    else:
        content = (0, position) if last >= clause.last_word() else (0, len(clause.items))
    quotes = clause.quotes_in(*content)
    return Cue(
        (position, first), "according to", source=(first, last), content=content, quotes=quotes, tail=content[0] == 0
    )


def _in_the_words_of(clause: Clause, position: int) -> Cue | None:
    """As in "In the words of X, ..." and "in X's view, ..."."""
    if clause.word(position + 1) == "of" and clause.word(position - 1) == "the" and clause.word(position - 2) == "in":
        source = (position + 2, clause.phrase_end(position + 2, position))
        words = (position - 2, position + 2)
    else:
        start = clause.find_back(position, ("in",), 8)
        if start is None or not clause.possessive_before(position):
            return None
        source, words = (start + 1, position), (start, position + 1)
    if source[1] <= source[0]:
        return None
    after = max(source[1], words[1])
    content = (after + 1, len(clause.items)) if clause.word(after) == "," else (0, len(clause.items))
    return Cue(words, "in the words of", source=source, content=content, quotes=clause.quotes_in(*content))


# ---------------------------------------------------------------- verbs


def _verb(clause: Clause, i: int, verb: VerbForm, previous: Cue | None) -> Cue | None:
    head = clause.verb_group(i)
    if head.blocked or clause.own_wording(i) or (i > 0 and clause.capitalised(i) and clause.items[i - 1].is_word):
        return None
    if head.passive:
        return _passive(clause, i, verb, head.first)
    if not head.finite and "past" not in verb.form and "s" not in verb.form and not verb.form & {"base", "ing"}:
        return None
    inverted = _inverted(clause, i, verb)
    if inverted:
        return inverted
    if verb.particle and clause.word(i + 1) != verb.particle:
        return None
    if said := _as_said(clause, i, verb, head.first):
        return said
    rule, content, quotes = _complement(clause, i + bool(verb.particle), verb)
    subject = clause.subject(i, head, previous is not None)
    if subject is None or not _subject_fits(clause, verb, subject.source, rule):
        return None
    if subject.relation == "sentence" and subject.source and subject.source[0] > i:
        if not content:
            return None  # "Addressing the nation, X said: ..." reports with its main verb
        content = (content[0], min(content[1], subject.source[0] - 1))  # "claiming that ..., X recalled ..."
    if rule == "quotation" and _follows_quotation(clause, i, subject.source):
        return _afterthought(clause, i, verb, subject.source)
    if rule:
        return Cue(
            (i, content[0] if content and rule != "object" and content[0] - i <= 3 else i + 1),
            rule,
            subject.relation,
            subject.source,
            content,
            quotes,
            observer="observer" in verb.frames,
        )
    return _afterthought(clause, i, verb, subject.source)


def _subject_fits(clause: Clause, verb: VerbForm, source: Range | None, rule: str) -> bool:
    if source is None:
        return not verb.frames & {"observer", "document", "institution"}
    if clause.own_person(source) or (clause.word(source[0]) == "this" and clause.any_is(*source, "documents")):
        return False
    if "document" in verb.frames:
        return clause.any_is(*source, "documents")
    if "institution" in verb.frames:
        return clause.any_is(*source, "institutions")
    if "observer" in verb.frames:
        return clause.any_is(*source, "observers") or clause.any_is(*source, "roles") or clause.has_name(source)
    return not (clause.demonstrative(source) or (rule == "object" and clause.thing(source)))


def _inverted(clause: Clause, i: int, verb: VerbForm) -> Cue | None:
    """`"...", said X in a speech.`"""
    before = clause.before_marks(i)
    if "quote" not in verb.frames or not verb.form & {"past", "s", "base"}:
        return None
    if before is None or (clause.items[before].quotation < 0 and before == i - 1):
        return None
    last = clause.phrase_end(i + 1, i, inverted=True)
    if last <= i + 1 or clause.word(i + 1) in {"that", "to", "in", "on"}:
        return None
    quotation = clause.items[before].quotation >= 0
    if not quotation and not _inverted_statement(clause, i, verb, before, last):
        return None
    content = None if quotation else (0, before + 1)
    return Cue(
        (i, i + 1), "said X", source=(i + 1, last), content=content, quotes=(before,) if quotation else (), tail=True
    )


def _inverted_statement(clause: Clause, i: int, verb: VerbForm, before: int, last: int) -> bool:
    """Whether `..., said X.` ends a statement: somebody right after the verb, and nothing reported after them."""
    somebody = clause.capitalised(i + 1) or any(
        clause.any_is(i + 1, last, name) for name in ("roles", "bodies", "observers")
    )
    return (
        "that" in verb.frames
        and somebody
        and not clause.is_a(i + 1, "persons")
        and not clause.is_statement(i + 1, last)
        and clause.is_statement(0, before + 1)
        and clause.ends_statement(last)
    )


def _afterthought(clause: Clause, i: int, verb: VerbForm, source: Range | None) -> Cue | None:
    """`"...," he said.` and `The plan, he said, would fail.`"""
    told = "person" in verb.frames and complements.hearer_only(clause, i)
    if source is None or not verb.frames & {"that", "quote", "bare", "person"}:
        return None
    if not told and not clause.ends_statement(i + 1):
        return None
    before = clause.before_marks(source[0])
    if before is not None and clause.items[before].quotation >= 0:
        following = clause.quote_ahead(i + 1, REACH)
        quotes = (before,) if following is None else (before, following)
        return Cue((i, i + 1), "X said, after the quotation", source=source, quotes=quotes, tail=True)
    if (
        before is None
        or source[0] == before + 1
        or not verb.frames & {"that", "person"}
        or not verb.form & {"past", "s"}
    ):
        return None
    end = clause.after_parenthesis(i + 1)
    inserted = end is not None and clause.word(i + 1 + bool(verb.particle)) == "," == clause.word(source[0] - 1)
    if not (inserted or clause.is_statement(0, before + 1)) or not clause.somebody(source):
        return None
    return Cue((i, i + 1), "X said, after the statement", source=source, content=(0, end or source[0] - 1), tail=True)


def _follows_quotation(clause: Clause, i: int, source: Range | None) -> bool:
    """Whether the verb stands between two quotations: `"...," X said, "..."`."""
    before = clause.before_marks(source[0]) if source else None
    return before is not None and clause.items[before].quotation >= 0 and clause.word(i + 1) in {",", ".", ":", ";"}


def _as_said(clause: Clause, i: int, verb: VerbForm, first: int) -> Cue | None:
    """As in "As X said, ..." and "..., as X put it."."""
    as_ = clause.find_back(first, ("as",), 12)
    if as_ is None or as_ + 1 >= first or not verb.frames & {"that", "wh", "quote"}:
        return None
    source, comma = (as_ + 1, first), clause.find_ahead(i + 1, (",",), 8)
    whole = not clause.any_word(as_, first, {",", ";", ":"}) and not clause.is_statement(as_, first)
    if not whole or not (clause.word(i + 1) in {",", ".", "it", ""} or comma == i + 1):
        return None
    if clause.own_person(source) or not (as_ == 0 or not clause.items[as_ - 1].is_word):
        return None
    if as_ <= 1 and comma is not None:
        return Cue((i, i + 1), "as X said", source=source, content=(comma + 1, clause.size))
    return Cue((i, i + 1), "as X said", source=source, content=(0, clause.size), tail=True)


def _passive(clause: Clause, i: int, verb: VerbForm, first: int) -> Cue | None:
    """As in "It was reported that", "is said to have", "was condemned by X", "was quoted as saying"."""
    after = clause.skip_adverbs(i + 1)
    agent = complements.agent(clause, i)
    if "person" in verb.frames and (clause.word(after) == "that" or verb.lemma == "quote"):
        return _told(clause, i, verb, after)
    if agent and ("by" in verb.frames or clause.word(agent[1]) in {"as", "that"}):
        source, last = agent
        content = (last, len(clause.items)) if clause.word(last) in {"as", "that", "to"} else (0, first)
        return Cue((i, i + 1), "by X", source=source, content=content, quotes=clause.quotes_in(*content))
    if verb.lemma == "accuse" and clause.word(after) == "of":
        return Cue((i, i + 1), "is accused of", "vague", content=(after + 1, len(clause.items)))
    if "passive" not in verb.frames:
        return None
    that = complements.that_ahead(clause, i, person=False, direct=False)
    if that is not None and clause.word(first - 1) in {"it", "", ",", "and", "but"}:
        return Cue((i, that + 1), "it is said that", "vague", content=(that + 1, len(clause.items)))
    if clause.word(after) == "to" and verb.lemma in {
        "say",
        "report",
        "believe",
        "allege",
        "think",
        "claim",
        "suspect",
        "consider",
    }:
        return Cue((i, after + 1), "is said to", "vague", content=(0, len(clause.items)))
    return None


def _told(clause: Clause, i: int, verb: VerbForm, after: int) -> Cue | None:
    if verb.lemma == "quote":
        if clause.word(after) != "as":
            return None
        subject = clause.subject(i, clause.verb_group(i), earlier=False)
        content = (after + 2, len(clause.items))
        return subject and Cue(
            (i, after + 2), "quoted as saying", subject.relation, subject.source, content, clause.quotes_in(*content)
        )
    if clause.word(after) != "that":
        return None
    return Cue((i, after + 1), "was told that", "vague", content=(after + 1, len(clause.items)))


# ---------------------------------------------------------------- complements of active verbs

_Complement = tuple[str, Range | None, tuple[int, ...]]
_NOTHING: _Complement = ("", None, ())


def _complement(clause: Clause, i: int, verb: VerbForm) -> _Complement:
    """What an active verb reports: the rule, the content outside quotations, and the quotations."""
    end = len(clause.items)
    after = clause.skip_adverbs(i + 1)
    frames = verb.frames
    if (
        "naming" in frames
        and not clause.is_a(after, "prepositions")
        and (quote := clause.quote_ahead(i + 1, 8)) is not None
        and quote > i + 1
    ):
        return "quotation", None, (quote,)
    that = complements.that_ahead(clause, i, person="person" in frames or "of" in frames, direct="object" in frames)
    if frames & {"that", "person"} and that is not None:
        return "that", (that + 1, end), clause.quotes_in(that, end)
    quote = clause.quote_ahead(i + 1, REACH)
    if quote is not None and frames & {"quote", "person"} and complements.introduces(clause, i, quote):
        return "quotation", ((after, quote) if "object" in frames and quote - after > 1 else None), (quote,)
    for name, test in (
        ("urge", complements.urges),
        ("appeal", complements.appeals),
        ("accuse", complements.accuses),
        ("of", complements.speaks_of),
        ("as", complements.describes_as),
        ("infinitive", complements.promises),
        ("wh", complements.asks),
        ("claims", complements.names_claims),
        ("estimate", complements.estimates),
        ("ascribe", complements.ascribes),
    ):
        if name in frames and (start := test(clause, i, after)) is not None:
            return name, (start, end), clause.quotes_in(start, end)
    if "bare" in frames and clause.starts_statement(after):
        return "bare", (after, end), clause.quotes_in(after, end)
    if "person" in frames and (start := complements.told_statement(clause, after)) is not None:
        return "person", (start, end), clause.quotes_in(start, end)
    if complements.as_follows(clause, i):
        return "as follows", None, ()
    if complements.untold(clause, after):
        return _NOTHING
    acts = {clause.word(k) for k in range(after, min(after + 3, end))}
    if "object" in frames and complements.starts_object(clause, after) and not acts & verb.acts:
        return "object", (after, end), clause.quotes_in(after, end)
    return _NOTHING


# ---------------------------------------------------------------- nouns


def _noun(clause: Clause, i: int) -> Cue | None:
    """As in "a statement that ...", "reports of ...", "X's words, "...""; a verbless label is left to the turns."""
    end = len(clause.items)
    if clause.is_a(i, "claims") and complements.content_clause(clause, i + 1):
        source, relation = complements.owner(clause, i)
        return Cue((i, i + 2), "a claim that", relation, source, (i + 2, end), clause.quotes_in(i + 2, end))
    if clause.is_a(i, "of") and clause.word(0) == "there":
        of = clause.find_ahead(i + 1, ("of", "that"), 12)
        if of is not None:
            return Cue((i, i + 1), "reports of", "vague", None, (i + 1, end), clause.quotes_in(i + 1, end))
    if clause.is_a(i, "of") and clause.word(i + 1) == "of" and complements.unowned(clause, i):
        return Cue((i, i + 2), "reports of", "vague", None, (i + 2, end), clause.quotes_in(i + 2, end))
    if words := _words_of(clause, i):
        return words
    if clause.is_a(i, "documents") or clause.is_a(i, "claims"):
        start = complements.participle_after(clause, i)
        if start is not None:
            source, relation = complements.owner(clause, i)
            return Cue((i, start), "a text saying", relation, source, (start, end), clause.quotes_in(start, end))
    return None


def _words_of(clause: Clause, i: int) -> Cue | None:
    """`X's words, "..."`, `the statement by X, "..."`."""
    if not (clause.is_a(i, "speech") or clause.is_a(i, "documents")):
        return None
    quotes = complements.quotes_after_noun(clause, i)
    if not quotes:
        return None
    source, relation = complements.owner(clause, i, after=quotes[-1], before=quotes[0])
    return Cue((i, i + 1), "words of", relation, source, None, quotes)
