"""Verb groups and their subjects: where the source of a reporting verb is named.

English puts a subject before its verb. A bounded look to the left, over auxiliaries, adverbs and appositions,
finds it in edited prose; leading adverbials ("On 30 September,") and statements ("Prices will rise, the
ministry said") are cut off its front.
"""

from typing import NamedTuple

from qa_bot.perspective.reporting.clause import DASHES, STOPS, WINDOW, Clause, Range

_BREAKS = frozenset(":;(") | DASHES
_STANDS_ALONE = frozenset({"that", "this", "another", "all", "both", "many", "some", "few", "several", "others"})
_IRREGULAR = frozenset("data media people men women children criteria".split())  # plurals without "-s"
_PLURAL = frozenset(
    "people police men women children media press public who that which and or but to not both many some few all most "
    "others each two three four five never also still now".split()
)
_ADJECTIVE = ("al", "ic", "ive", "ous", "ful", "less", "able", "ible", "ary", "ent", "ant", "est", "ish")
_ASKED = frozenset("asked questioned pressed challenged reached contacted".split())
_WHAT_ABOUT = frozenset("about on by at whether if why how when what".split())
_OPENS_PHRASE = frozenset({"the", "a", "an", "some", "many", "several"})
_IN_SUBJECT = frozenset({"who", "which", "whose", "whom", "as", "where", "since", "after", "before"})
_RELATIVE = frozenset({"who", "whose", "which", "himself", "herself"})


class VerbGroup(NamedTuple):
    """A reporting verb with its auxiliaries and adverbs; `first` is where the group begins."""

    first: int
    passive: bool
    infinitive: bool
    participle: bool
    blocked: bool  # a noun or an adjective after all


class Subject(NamedTuple):
    """Where the subject of a verb stands, and how it is to be found (see `Cue.relation`)."""

    source: Range | None
    relation: str


def verb_group(clause: Clause, i: int) -> VerbGroup:
    """The reporting verb at `i` with what belongs to it on its left."""
    form = clause.inventory.verbs[clause.word(i)].form
    before = i - 1
    helpers: list[str] = []
    while before >= 0 and i - before < 8 and (_between(clause, before) or _helps(clause, before)):
        if clause.word(before) == "there" and helpers:
            break
        if _helps(clause, before):
            helpers.append(clause.word(before))
        before -= 1
    # "It's often said"
    contracted = not helpers and before >= 0 and clause.word(before) == "it" and clause.items[before].possessive
    be = contracted or (bool(helpers) and helpers[0] in clause.inventory.classes["be"])
    existing = be and clause.word(before) == "there" and not form & {"participle", "ing"}  # "there are documents"
    infinitive = "base" in form and not helpers and clause.word(before) == "to"
    if infinitive and clause.word(before - 1) == "used":  # "he used to say"
        infinitive, before = False, before - 2
        helpers.append("used")
    return VerbGroup(
        first=before + 1,
        passive=be and "participle" in form,
        infinitive=infinitive,
        participle="ing" in form and not be,
        blocked=existing or (not (infinitive or helpers or contracted) and _is_noun_or_adjective(clause, i, before)),
    )


def _helps(clause: Clause, i: int) -> bool:
    """Whether a word is an auxiliary, and no month: "A letter of May shows that ..."."""
    return clause.is_a(i, "auxiliaries") and not (i > 0 and clause.capitalised(i))


def _between(clause: Clause, i: int) -> bool:
    """Whether a word may stand between an auxiliary and its verb: "has long held", "has since offered"."""
    if i == 0 and clause.word(0) in _STANDS_ALONE:
        return False  # "Both denied it"
    return clause.adverb(i) or (clause.word(i) == "since" and clause.is_a(i - 1, "auxiliaries"))


def subject_of(clause: Clause, i: int, group: VerbGroup, *, earlier: bool = False) -> Subject | None:
    """Where the subject of the verb at `i` stands; `earlier`: another cue stands before it in the sentence."""
    before = group.first - 1
    if group.participle:
        return _of_participle(clause, i, before, earlier=earlier)
    if group.infinitive or clause.word(before) in {"and", "or", "then", "but", "yet"}:
        return Subject(None, "same") if earlier else Subject(sentence_subject(clause, before), "sentence")
    if before < 0:
        return None
    if clause.word(before) in {"who", "which", "that"}:
        return _of_relative_clause(clause, before)
    alone = clause.is_a(before, "things") and not (
        before > 0 and clause.items[before - 1].is_word
    )  # "..., it argues, ..."
    if alone or any(clause.is_a(before, name) for name in ("persons", "groups", "own_persons")):
        return Subject((before, before + 1), "subject")
    last = before if clause.word(before) == "," or clause.word(before) in DASHES else before + 1
    first = _subject_start(clause, last)
    return Subject((first, last), "subject") if first < last else None


def sentence_subject(clause: Clause, limit: int) -> Range | None:
    """The stretch before `limit` at the start of the sentence where its subject stands."""
    last = min(limit, WINDOW)
    head = next((k + 1 for k in range(min(last - 1, 7)) if clause.word(k) in DASHES), 0)  # "Turkey - ..."
    first = _without_adverbials(clause, head, last)
    return (first, last) if first < last else None


def _is_noun_or_adjective(clause: Clause, i: int, before: int) -> bool:
    """Whether a verb form is "reports of", "the announced closure", "his claim"."""
    form = clause.inventory.verbs[clause.word(i)].form
    own = clause.word(before) == "own"  # "by our own reckoning"
    shots = clause.word(i) == "warning" and clause.is_a(i + 1, "warnings")  # "fired warning shots"
    if shots or (before >= 0 and (own or clause.items[before].possessive or clause.is_a(before, "determiners"))):
        return shots or clause.word(before) not in _STANDS_ALONE
    follows = clause.word(i + 1) == "that" or clause.is_a(i + 1, "determiners")
    told = (follows or before == 0) and not clause.is_a(
        i, "also_nouns"
    )  # "One in four reported that ...", "A boy of ten told the ..."
    if (clause.is_a(before, "prepositions") and "ing" not in form) or (clause.is_a(before, "numerals") and not told):
        return True
    if "participle" in form and clause.word(i + 1) == "by" and not clause.is_a(i + 2, "means"):
        return True  # "the words said by X"; not "X said by letter that"
    if not form & {"base", "s"} or "past" in form:
        return False
    noun = clause.is_a(i, "also_nouns")
    helped = clause.word(before - 1) == "to" or clause.is_a(before - 1, "modals")
    settled = "s" in form and clause.items[before].is_word and helped  # "was to settle disputes"
    joined = clause.word(before) in {"and", "or"} and "base" in form and clause.word(i + 1).endswith("ed")
    alone = "s" not in form and _singular(clause, before) and not _plural_head(clause, i)
    plain = clause.is_a(i + 1, "plain_verbs") or alone
    if settled or (noun and (joined or plain)):
        return True  # "Notes follow each letter"; "state radio", "the peace offer"; "his face and voice disguised"
    known = any(clause.is_a(before, name) for name in ("roles", "bodies", "observers", "documents"))
    adjective = before == i - 1 and not (known or (before > 0 and clause.capitalised(before)))
    adjective = adjective and clause.word(before).endswith(_ADJECTIVE)
    return before < 0 or (noun and (adjective or clause.word(i + 1) in {"of", "by", "from"}))


def _singular(clause: Clause, i: int) -> bool:
    """Whether the word at `i` cannot be the subject of a verb without "-s"."""
    word = clause.word(i)
    plural = word.endswith("s") or word in _PLURAL or any(clause.is_a(i, name) for name in ("groups", "own_persons"))
    return clause.items[i].is_word and not plural and not clause.any_word(i - 6, i, {"and"})


def _plural_head(clause: Clause, i: int) -> bool:
    """As in "Workers with long service in the region call the situation ...": no singular noun before the verb."""
    heads = (k for k in range(max(i - 10, 1), i) if clause.is_a(k, "prepositions"))
    head = next(heads, 0) - 1
    if head > 0 and clause.word(head).endswith(("ed", "en")):  # "Images taken in May show that"
        head -= 1
    word = clause.word(head) if head >= 0 else ""
    plural = word in _IRREGULAR or (word.endswith("s") and not word.endswith("ss"))
    return clause.is_a(i + 1, "determiners") and plural


def _of_participle(clause: Clause, i: int, before: int, *, earlier: bool) -> Subject | None:
    """The subject of "saying that ...": the one before it, or in "Claiming that ..., X appealed" the one after."""
    if earlier:
        return Subject(None, "same")
    if before < 0 or (clause.word(before) == "," and not clause.is_statement(0, before)):
        comma = clause.find_ahead(i + 2, (",",), WINDOW)
        while comma is not None and not clause.starts_statement(comma + 1):
            comma = clause.find_ahead(comma + 1, (",",), WINDOW)
        if comma is not None:
            return Subject((comma + 1, min(comma + 9, clause.size)), "sentence")
    return Subject(sentence_subject(clause, before), "sentence")


def _of_relative_clause(clause: Clause, pronoun: int) -> Subject | None:
    """Whom "who" stands for; what a text "that demanded ..." says is told in passing and left to the narrator."""
    last = pronoun - 1 if clause.word(pronoun - 1) == "," else pronoun
    first = _described_before(clause, _subject_start(clause, last))
    if clause.word(pronoun) != "who" and clause.any_is(first, last, "documents"):
        return None
    return Subject((max(first, last - 12), last), "subject") if first < last else None


def _described_before(clause: Clause, first: int) -> int:
    """The start of "the League's envoy, X" in "was condemned by the League's envoy, X, who said", where X begins."""
    if clause.word(first - 1) != ",":
        return first
    start = first - 1
    while start > max(first - 10, 0) and clause.items[start - 1].is_word and not clause.finite(start - 1):
        if clause.word(start - 1) in {"by", "to", "with", "from"}:
            return start
        start -= 1
    return first


# ---------------------------------------------------------------- where a subject begins


def _subject_start(clause: Clause, last: int) -> int:
    first = last
    while first > 0 and last - first < WINDOW and not _clause_break(clause, first - 1):
        first -= 1
        if clause.word(first) == ")":  # "Proudhon (1809-1865), a theorist, wrote"
            opening = clause.find_back(first, ("(",), 15)
            first = first if opening is None else opening
    first = _without_statements(clause, _without_adverbials(clause, first, last), last)
    return _after_another(clause, _after_main_clause(clause, first, last), last)


def _after_main_clause(clause: Clause, first: int, last: int) -> int:
    """Cut "The men walked out after the firm" to "the firm", whose verb follows."""
    for i in range(last - 2, first, -1):
        if clause.word(i) in {"after", "before", "since"} and clause.items[i - 1].is_word:
            acted = any(clause.finite(k) for k in range(first + 1, i))
            return i + 1 if acted and not clause.any_word(first, i, _RELATIVE | {"that", "which"}) else first
    return first


def _after_another(clause: Clause, first: int, last: int) -> int:
    """Cut "Ms Roe, Minister Kesh" of "In a letter to the president, Ms Roe, Minister Kesh asked" to "Minister Kesh"."""
    comma = clause.find_back(last, (",",), 8)
    if comma is None or comma <= first or clause.word(last) == "," or clause.word(first - 1) != ",":
        return first
    names = clause.has_name((first, comma)) and all(clause.capitalised(i) for i in range(comma + 1, last))
    return comma + 1 if names and last - comma > 1 else first


def _clause_break(clause: Clause, i: int) -> bool:
    if clause.items[i].quotation >= 0 or clause.word(i) in _BREAKS or clause.word(i) in STOPS:
        return True
    if clause.is_a(i, "subordinators") and clause.word(i) not in _IN_SUBJECT:
        return clause.word(i) != "that" or not (clause.is_a(i - 1, "prepositions") or clause.is_a(i + 1, "times"))
    return clause.word(i) == "and" and clause.word(i - 1) == "," and not clause.is_a(i + 1, "roles")


def _without_adverbials(clause: Clause, first: int, last: int) -> int:
    """Step over "On 30 September,", "Addressing the nation on 4 October,", "However"."""
    while first < last:
        after = _after_adverbial(clause, first, last)
        if after == first:
            break
        first = after
    return first


def _after_adverbial(clause: Clause, first: int, last: int) -> int:
    dated = clause.word(first).isdigit() and clause.word(first + 1) == ","  # "On October 19, 2005, ..."
    if clause.word(first) == "," or dated:
        return first + 1 + dated
    if clause.word(first) in {"even", "only"}:
        return first + 1
    opener = clause.is_a(first, "openers") or (
        clause.word(first) in {"which", "where"}
        and clause.word(first - 1) == ","  # "In her diary, which she lent us, "
    )
    participle = clause.word(first).endswith("ing") and first + 1 < last and not clause.capitalised(first + 1)
    participle = participle or (first == 0 and clause.word(0) in _ASKED and clause.word(1) in _WHAT_ABOUT)
    if not (opener or participle):
        return first
    comma = clause.find_ahead(first, (",",), last - first)
    if comma is not None and comma < last - 1:
        name = _name_after_date(clause, first, comma)
        return comma + 1 if name is None else name
    if opener and not clause.is_a(first, "prepositions"):
        return first + 1
    return _after_text(clause, first + 1) or _after_place(clause, first, last) or _date_end(clause, first)


def _after_place(clause: Clause, first: int, last: int) -> int | None:
    """The end of "At the burial" in "At the burial the Lord Warden", where another phrase opens."""
    for i in range(first + 2, min(last, first + 10)):
        if clause.word(i) in _OPENS_PHRASE and not clause.is_a(i - 1, "determiners"):
            linked = clause.is_a(i - 1, "prepositions") or clause.word(i - 1) in {"and", "or", "that", "all", "both"}
            if clause.items[i - 1].is_word and not linked and not clause.finite(i - 1):
                return i
    return None


def _after_text(clause: Clause, i: int) -> int | None:
    """The end of "In its reply", "In a letter", where somebody's name or office follows at once."""
    noun = i + 1 if clause.is_a(i, "determiners") else i
    text = clause.is_a(noun, "documents") or clause.is_a(noun, "speech")
    follows = clause.word(noun + 1) in {"the", "its", "our", "he", "she", "they"} or clause.capitalised(noun + 1)
    return noun + 1 if text and follows else None


def _name_after_date(clause: Clause, first: int, comma: int) -> int | None:
    """The name in "In February 2009 Iven Stroud, chief of the watch, ...", where no comma ends the adverbial.

    Or the office in "In July the court's clerk, Iven Stroud, ...".
    """
    for i in range(first + 2, comma - 1 if clause.capitalised(comma + 1) else 0):
        dated = clause.word(i - 1)[:1].isdigit() or clause.is_a(i - 1, "months")
        opens = clause.is_a(i, "determiners") or clause.items[i].possessive
        if dated and opens and clause.any_is(i + 1, comma, "roles"):
            return i
    if not _apposition(clause, comma + 1) or clause.is_statement(first, comma):
        return None
    for i in range(first + 2, comma):
        dated = clause.word(i - 1)[:1].isdigit() or clause.is_a(i - 1, "months") or not clause.capitalised(i - 1)
        inside = clause.is_a(i - 1, "prepositions") or clause.is_a(i - 1, "determiners")
        if clause.capitalised(i) and not clause.is_a(i, "months") and dated and not inside:
            return i
    return None


def is_office(clause: Clause, i: int) -> bool:
    """Whether an office begins at an item: "spokesman of the guild", "the new spokesman"."""
    return clause.is_a(i, "roles") or (clause.is_a(i, "determiners") and clause.any_is(i, i + 5, "roles"))


def _apposition(clause: Clause, i: int) -> bool:
    """Whether what follows a comma describes the name before it."""
    participle = clause.word(i).endswith("ing") and not clause.capitalised(i)
    return is_office(clause, i) or participle or clause.word(i) in _RELATIVE or i >= clause.size


def _date_end(clause: Clause, first: int) -> int:
    """The end of "On 8 November", "On the same day"; `first` itself where no date follows."""
    i = first + 1
    while i < clause.size and (clause.is_a(i, "times") or clause.is_a(i, "months") or clause.word(i)[:1].isdigit()):
        i += 1
    dated = i - first > 2 or clause.word(i - 1)[:1].isdigit() or not clause.is_a(i - 1, "determiners")
    return i if i - first > 1 and dated else first


def _without_statements(clause: Clause, first: int, last: int) -> int:
    """Cut "Prices will rise, the ministry" to "the ministry"."""
    start = chunk = first
    for i in range(first, last):
        if clause.word(i) == ",":
            relative = i - chunk == 1 and clause.word(chunk - 1) in {"that", "who", "which"}  # "those who fled, X said"
            whole = relative or clause.is_statement(chunk, i)
            if whole and not clause.is_a(chunk, "subordinators") and i + 1 < last:
                start = i + 1
            chunk = i + 1
    return start
