"""Who may report: whether a verb says anything, and whether its subject is of the kind that says it."""

from typing import NamedTuple

from qa_bot.perspective.reporting.clause import Clause, Range
from qa_bot.perspective.reporting.complements import ONE_WORD
from qa_bot.perspective.reporting.inventory import VerbForm
from qa_bot.perspective.reporting.subjects import Subject, VerbGroup

_ONLY_SAID = frozenset("deny reject condemn denounce demand criticise criticize announce".split())  # even of "it"
_COUNTING = frozenset("count list log record register document".split())
_NOBODY = frozenset("no nobody anybody anyone whoever neither none".split())
# "did not say why": what somebody does not say is no report of theirs, unlike what they do not deny
_SAYING = frozenset(
    "say tell mention ask explain specify disclose reveal comment report state announce answer reply respond write "
    "describe indicate hint complain name claim request".split()
)
_UNNAMED = frozenset("ask request demand prefer insist wish want".split())
_TERMS = frozenset("promise guarantee pledge undertake stipulate".split())  # of a treaty: its terms, nobody's words
_CLINICS = frozenset("hospital hospitals clinic clinics infirmary sanatorium ward wards".split())
_COMMANDING = frozenset(
    "commander commanders general generals admiral admirals king duke count emperor enemy army staff officers "
    "troops soldiers invaders attackers defenders".split()
)
_CASUALTIES = frozenset("dead killed missing wounded injured captured fallen".split())
_SPEAKING = ("roles", "bodies", "observers", "vague", "documents", "persons", "groups", "folk", "kin", "things")
_OWN_TEXTS = frozenset("chapter section essay volume paper book".split())
_SUGGESTING = frozenset("suggest imply indicate".split())
_DECLARING = frozenset("declare proclaim pronounce".split())
_DECREES = frozenset("state war martial curfew ceasefire truce mobilisation mobilization holiday day emergency".split())
_FOUND = frozenset("confirm verify corroborate establish".split())
_UNSAID = frozenset(
    "refuse refused refuses refusing decline declined declines declining fail failed unable expected likely "
    "unlikely due scheduled about".split()
)


class Phrase(NamedTuple):
    """A reporting verb at `first`, the end of its particle at `last`, with what stands before it."""

    first: int
    last: int
    verb: VerbForm
    group: VerbGroup


def unsaid(clause: Clause, i: int, verb: VerbForm, group: VerbGroup) -> bool:
    """Whether nothing is said: "declined to say", "could not confirm", "did not say why", "it is good to note"."""
    if group.infinitive and (clause.word(group.first - 2) in _UNSAID or _silent(clause, i, verb, group)):
        return True
    if (
        _for_a_purpose(clause, group)
        or _stays_unnamed(clause, i, verb)
        or _kept(clause, i)
        or _decreed(clause, i, verb)
    ):
        return True
    return (verb.lemma in _FOUND and _unable(clause, group.first, i)) or _denied(clause, i, verb, group)


def _stays_unnamed(clause: Clause, i: int, verb: VerbForm) -> bool:
    """As in "who asked not to be named", "demanded anonymity"."""
    if verb.lemma not in _UNNAMED or not clause.any_word(
        i + 1, i + 5, {"named", "identified", "anonymity", "anonymous"}
    ):
        return False
    return clause.word(i + 1) in {"not", "to", "anonymity", "for", "that"}


def _kept(clause: Clause, i: int) -> bool:
    """As in "released the men, as it undertook to do in May": a deed."""
    return clause.word(i + 1) == "to" and clause.word(i + 2) == "do" and clause.any_word(max(i - 6, 0), i, {"as"})


def _decreed(clause: Clause, i: int, verb: VerbForm) -> bool:
    """As in "declared a state of emergency", "proclaimed a ceasefire": a deed."""
    article = clause.word(i + 1) in {"a", "an", "the"}
    return verb.lemma in _DECLARING and clause.word(i + 1 + article) in _DECREES


def _silent(clause: Clause, i: int, verb: VerbForm, group: VerbGroup) -> bool:
    """Whether an infinitive tells what something is for, or is the narrator's own ("it is interesting to note")."""
    before = group.first - 1
    own = clause.any_word(before - 4, before, {"it"}) and clause.any_is(before - 4, before, "be")
    return own or (verb.lemma in clause.inventory.classes["silent_infinitives"] and clause.word(i + 1) != ":")


def _for_a_purpose(clause: Clause, group: VerbGroup) -> bool:
    """As in "were kept in order that they should tell where the stores were"."""
    that = clause.find_back(group.first, ("that",), 6)
    purpose = that is not None and clause.word(that - 1) in {"order", "so"} and clause.is_a(group.first, "modals")
    return purpose and that is not None and not clause.is_statement(that + 1, group.first)


def _unable(clause: Clause, first: int, i: int) -> bool:
    """As in "could not confirm": nothing is said."""
    return clause.any_word(first, i, {"not", "cannot"}) and clause.any_word(first, i, {"could", "can", "cannot"})


def _denied(clause: Clause, i: int, verb: VerbForm, group: VerbGroup) -> bool:
    """As in "did not say why", "without telling anybody"; not in "not only said"."""
    if verb.lemma not in _SAYING:
        return False
    negated = next((k for k in range(group.first, i) if clause.word(k) in {"not", "never"}), None)
    nothing = clause.word(i + 1) == "nothing" and not clause.finite(i + 2)  # "said nothing about it"
    without = group.participle and clause.word(group.first - 1) == "without"
    short = clause.word(group.first - 1).endswith(("n't", "n’t")) or clause.word(group.first - 1) == "cannot"
    return nothing or without or short or (negated is not None and clause.word(negated + 1) not in {"only", "just"})


def may_report(clause: Clause, phrase: Phrase, subject: Subject, rule: str) -> bool:
    """Whether the subject may report: not the narrator himself, and of the kind that the verb asks for."""
    i, source, verb = phrase.first, subject.source, phrase.verb
    if source is None:
        return not verb.frames & {"observer", "document", "institution"}
    one = source == (0, 1) and clause.word(0) == "one" and "past" in verb.form  # of those spoken of: "One said that"
    if _nobody(clause, phrase, source, rule) or (clause.own_person(source) and not one):
        return False
    if subject.relation == "sentence" and clause.any_is(*source, "own_persons"):
        return False  # "In this chapter we shall tell"
    head = clause.word(_head(clause, source))
    many = rule in {"that", "bare", "naming"} and head.endswith("s") and not head.endswith("ss")
    told = (many and "base" in verb.form) or (rule == "that" and _says_that(clause, phrase))
    noun = clause.is_a(i, "also_nouns") and subject.relation == "subject" and not told  # "the workers claim they ..."
    if (noun or phrase.group.infinitive or rule == ONE_WORD) and not clause.somebody(source):
        return False  # "The shadows say 16:20"
    if not _stands_for_it(clause, phrase, source, rule) or _in_vain(clause, phrase, source, rule):
        return False
    unsaid_thing = rule == "object" and verb.lemma not in _ONLY_SAID and clause.thing(source)
    return _kind_fits(clause, verb, source, rule) and not (clause.demonstrative(source) or unsaid_thing)


def _in_vain(clause: Clause, phrase: Phrase, source: Range, rule: str) -> bool:
    """As in "the peace it had sworn eight years earlier", "Two thousand graves say otherwise": nobody says it here."""
    otherwise = phrase.verb.lemma == "say" and clause.word(phrase.last + 1) == "otherwise"
    head = _head(clause, source)
    known = clause.capitalised(head) or any(clause.is_a(head, name) for name in _SPEAKING)
    mute = otherwise and not known
    return mute or (rule == "bare" and _of_the_noun_before(clause, source))


def _of_the_noun_before(clause: Clause, source: Range) -> bool:
    """Whether a pronoun opens a clause about the noun before it: "the peace it had sworn eight years earlier"."""
    pronoun = source[1] - 1
    alone = clause.is_a(pronoun, "persons") or clause.is_a(pronoun, "groups") or clause.is_a(pronoun, "things")
    noun = clause.items[pronoun - 1].is_word and clause.is_a(pronoun - 2, "determiners") if pronoun > 1 else False
    return alone and noun and clause.word(pronoun - 2) not in {"that", "this"}


def _nobody(clause: Clause, phrase: Phrase, source: Range, rule: str) -> bool:
    """Whether the subject is nobody, the text at hand, or a treaty that promises."""
    own = clause.word(source[0]) == "this" or clause.word(source[0] + 1) == "present"
    lemma, text = phrase.verb.lemma, clause.any_is(*source, "documents")
    if lemma == "admit" and rule != "that" and clause.any_word(*source, _CLINICS):
        return True  # patients
    never = clause.any_word(phrase.group.first, phrase.first, {"not", "never"})
    denied = rule == "object" and lemma == "deny" and never
    loose = rule == "estimate" and source[1] - source[0] <= 2 and clause.word(source[1] - 1) == "estimates"
    this = own and (text or clause.word(source[0] + 1) in _OWN_TEXTS)
    terms = (text and lemma in _TERMS) or _by_nature(clause, phrase.verb, source, rule)
    return clause.word(source[0]) in _NOBODY or this or terms or denied or loose


def _by_nature(clause: Clause, verb: VerbForm, source: Range, rule: str) -> bool:
    """As in "the smoke announced the fire", "the plan called for two brigades"."""
    head = _head(clause, source)
    sign = clause.is_a(head, "omens") and not any(clause.items[k].possessive for k in range(*source))
    told = rule in {"object", "that", "bare"} and not (verb.lemma == "show" and rule != "object")
    called = verb.lemma == "call" and rule == "appeal"
    return (sign and told) or (called and any(clause.is_a(k, "terms") for k in range(source[0], head + 1)))


def _head(clause: Clause, source: Range) -> int:
    """The head of a noun phrase: the word before its first preposition or comma."""
    ends = (k for k in range(source[0] + 1, source[1]) if clause.is_a(k, "prepositions") or clause.word(k) == ",")
    return next(ends, source[1]) - 1


def _says_that(clause: Clause, phrase: Phrase) -> bool:
    """As in "The defence points out that no order ...", not "the claims that were paid"."""
    that = phrase.last + 1
    return "s" in phrase.verb.form and clause.word(that) == "that" and not clause.finite(that + 1)


def _stands_for_it(clause: Clause, phrase: Phrase, source: Range, rule: str) -> bool:
    """Not "The end justified the means", "the colours agree", "They agreed with the miller on a price"."""
    agreed = phrase.verb.lemma == "agree" and rule == "object"
    bargain = agreed and clause.any_word(phrase.first + 2, phrase.first + 9, {"on", "about", "to"})
    asked = agreed or phrase.verb.lemma == "justify"
    return not bargain and (not asked or clause.somebody(source))


def _kind_fits(clause: Clause, verb: VerbForm, source: Range, rule: str) -> bool:
    """Whether a subject is of the kind that the verb asks for: a text, an institution, somebody who may believe."""
    if rule == "tally":
        kept = verb.lemma in _COUNTING and clause.any_is(*source, "registrars")
        kept = kept or (clause.has_name(source) and clause.any_word(source[1], source[1] + 9, _CASUALTIES))
        counted = kept or clause.any_is(*source, "documents")
        return counted and not clause.is_a(source[1] - 1, "things")  # "In the census it counted 400 souls"
    if rule == "being" and not _holds_it_so(clause, verb, source):
        return False
    if rule == "as" and verb.lemma == "show":
        return clause.any_is(*source, "documents")
    shown = verb.lemma in _SUGGESTING and ("s" in verb.form or verb.lemma == "indicate")
    if shown and rule in {"that", "bare"}:
        # "The hole suggests that ...": the narrator's own inference
        return clause.somebody(source) or _any_of(clause, source, ("vague", "registrars", "claims"))
    return _frame_fits(clause, verb, source, rule)


def _holds_it_so(clause: Clause, verb: VerbForm, source: Range) -> bool:
    """Not "The parliament declared the town to be its seat", "the law holds the owner liable"."""
    act = verb.lemma in _DECLARING and clause.any_is(*source, "institutions")
    law = verb.lemma == "hold" and clause.any_is(*source, "documents")
    belief = "observer" in verb.frames and (clause.is_a(source[0], "persons") or clause.is_a(source[0], "groups"))
    return not (act or law or belief)


def _frame_fits(clause: Clause, verb: VerbForm, source: Range, rule: str) -> bool:
    if "document" in verb.frames:
        told = rule == "that" and "past" in verb.form and clause.thing(source)  # "It found that ..."
        judged = rule in {"that", "bare", "being", "ascribe"} and _any_of(clause, source, ("institutions", "observers"))
        wrote = rule == "that" and clause.any_is(0, min(source[0], 6), "documents")  # "In his report X found that"
        return told or judged or wrote or clause.any_is(*source, "documents")
    if "institution" in verb.frames:
        return clause.any_is(*source, "institutions")
    if "observer" in verb.frames and "past" in verb.form and clause.any_word(*source, _COMMANDING):
        return False  # "The enemy's commanders believed that ...": the narrator says so
    if "observer" in verb.frames:
        pronoun = (clause.is_a(source[0], "persons") and "s" in verb.form) or clause.thing(source)
        inserted = pronoun and not rule  # "Voters, she believes, ...", "They wanted, it supposed, ..."
        return inserted or _any_of(clause, source, ("observers", "roles")) or clause.has_name(source)
    return True


def _any_of(clause: Clause, source: Range, names: tuple[str, ...]) -> bool:
    return any(clause.any_is(*source, name) for name in names)
