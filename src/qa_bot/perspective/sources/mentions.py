"""Mentions: who is named in a stretch of a sentence, what kind of speaker that is, and of which party."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import pairwise

from qa_bot.perspective.reporting.clause import Clause, Range
from qa_bot.perspective.reporting.evidence import OWNERS
from qa_bot.perspective.sources.gazetteer import Gazetteer, Naming
from qa_bot.perspective.sources.noun_phrases import PEOPLE, name_part, noun_phrases, proper_name
from qa_bot.perspective.words import composed
from qa_bot.types import ActorKind, Span

PERSON, BODY, GROUP = "person", "body", "group"
_NOT_OWNERS = frozenset({"to", "on", "about", "against", "with", "towards", "in"})
_DEPENDING = frozenset({"of", "for", "to", "with", "by", "from", "against", "at"})
_OWN_ORGAN = frozenset({"state", "official", "government", "our"})
_NO_MEDIA = frozenset(
    "ministry department office committee union service government council army analyst expert".split()
)
NOT_OWN = frozenset(
    "enemy enemies opponent opponents counterpart counterparts adversary adversaries neighbour neighbours ally allies "
    "rival rivals critics friends".split()
)
_COURTESIES = frozenset("mr mrs ms miss dr sir lord lady dame prof herr frau madame monsieur señor don".split())
_TRADES = frozenset("owns owned holds held bought sold acquired supplies rivals fought sued left".split())
_SEEN = frozenset(
    "obtained reviewed seen verified examined analysed analyzed consulted interviewed quoted cited".split()
)


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody who may be referred back to: where, of which kind, and under which lower-case words.

    `name` is the declared name or the proper name as the text has it, None for a bare description; `label` is the
    declared name or the whole phrase, for showing.
    """

    span: Span
    kind: str
    name: str | None
    label: str
    words: frozenset[str]
    role: str | None
    party: str | None
    whole: bool = False  # the phrase is a declared name, and nothing more
    media: bool = False  # a newspaper, a channel, a reporter: of no party unless declared


class Mentions:
    """Finds mentions with the help of the declared names."""

    def __init__(self, gazetteer: Gazetteer, text: str) -> None:
        self._gazetteer, self._text = gazetteer, text
        self._families: set[str] = set()  # of those whom the text has introduced in full

    def meet(self, mention: Mention) -> None:
        """Know from now on that "Quill" is somebody: Ada Quill was introduced."""
        words = (mention.name or "").split()
        if mention.kind == PERSON and 1 < len(words) < 5 and words[-1][:1].isupper():
            self._families.add(words[-1])

    def in_range(self, clause: Clause, span: Range) -> Iterator[tuple[Range, Mention]]:
        """The mentions that begin in a range of items, in order, each with its own range."""
        named_at = {i for naming in self._gazetteer.find(clause.items, *span) for i in range(naming.first, naming.last)}
        last: tuple[Range, Mention] | None = None
        for found in noun_phrases(clause, span, named_at):
            mention = self.of(clause, found)
            if mention is None or (
                mention.kind == PERSON
                and found[1] - found[0] == 1
                and not (_titled(clause, mention) or mention.name in self._families)
            ):
                continue
            if last and last[1].kind == PERSON and last[1].name is None and _sent_to(clause, last[0], found):
                continue  # where an envoy is
            if last and (joined := _apposed(clause, last, (found, mention))):
                last = joined
                continue
            if last:
                yield last
            last = found, mention
        if last:
            yield last

    def of(self, clause: Clause, span: Range) -> Mention | None:
        """What a noun phrase mentions, or None for a phrase that names nobody who could speak."""
        namings = [n for n in self._gazetteer.find(clause.items, *span) if not _namesake(clause, n)]
        heads = [naming for naming in namings if not (_depends(clause, span, naming) or _owns(clause, span, naming))]
        actor = next((naming for naming in heads if naming.entry.person), None)
        actor = actor or next((naming for naming in heads if naming.entry.actor), None)
        words = frozenset(clause.word(i) for i in range(*span))
        where = characters(clause, span)
        if actor and actor.entry.actor:
            known = actor.entry.actor
            described = words | frozenset(composed(f"{known.role or ''} {known.name}".lower()).split())
            kind = PERSON if actor.entry.person else BODY
            return Mention(
                where,
                kind,
                known.name,
                known.name,
                described,
                known.role,
                None if _joint(clause, heads) else known.party or party_of(clause, span, namings),
            )
        kind_of = _kind(clause, span, namings)
        if kind_of is None:
            return None
        words_of = proper_name(clause, span) if kind_of == PERSON else None
        name = characters(clause, words_of).of(self._text) if words_of else None
        whole = any(
            naming.last == span[1] and (naming.first == span[0] or clause.is_a(naming.first - 1, "determiners"))
            for naming in namings
        )
        media = _is_media(clause, span)
        party = None if media else party_of(clause, span, namings)
        return Mention(where, kind_of, name, where.of(self._text), words, None, party, whole, media)

    def party_in(self, clause: Clause, span: Range) -> str | None:
        """The one party that a range of items names, None for none or several."""
        named = {naming.entry.party for naming in self._gazetteer.find(clause.items, *span)} - {None}
        return next(iter(named)) if len(named) == 1 else None

    def in_role(self, words: AbstractSet[str], party: str, span: Span) -> Mention | None:
        """The declared actor of a party whom a bare description fits, as a mention that stands at `span`."""
        actor = self._gazetteer.in_role(words, party)
        if actor is None:
            return None
        kind = PERSON if actor.kind is ActorKind.PERSON else BODY
        return Mention(span, kind, actor.name, actor.name, frozenset(words), actor.role, actor.party)


def characters(clause: Clause, span: Range) -> Span:
    """The characters from the first to the last item of a range."""
    return Span(clause.items[span[0]].start, clause.items[min(span[1], clause.size) - 1].end)


def party_of(clause: Clause, span: Range, namings: Sequence[Naming]) -> str | None:
    """The party that owns a phrase ("Armenia's ambassador to Russia" is Armenia's); None for several in a row."""
    owners = [naming for naming in namings if _before(clause, span, naming) not in _NOT_OWNERS]
    owners = [naming for naming in owners if not _not_of(clause, naming)]
    namings = [naming for naming in namings if not _not_of(clause, naming)]
    joined = {
        naming.entry.party
        for naming in owners[1:]
        if _before(clause, span, naming) in {"and", ","} and clause.any_word(owners[0].last, naming.first, {"and"})
    }
    if owners and joined - {owners[0].entry.party, None}:
        return None
    if not owners:  # "officials in Sarvia", but neither "its man in Sarvia" nor "a list kept in Sarvia"
        owners = [naming for naming in namings if not _only_where(clause, span, naming)]
    return next((naming.entry.party for naming in owners if naming.entry.party), None)


def _only_where(clause: Clause, span: Range, naming: Naming) -> bool:
    """Whether a name only tells where somebody's man or something is."""
    i = naming.first - 1 - (clause.word(naming.first - 1) == "the")
    place = clause.word(i) in {"in", "at", "on"}
    return place and (clause.word(span[0]) in OWNERS or clause.finite(i - 1))


def _not_of(clause: Clause, naming: Naming) -> bool:
    """As in "records obtained by X" and "X's allies": not of X's own side."""
    if clause.items[naming.last - 1].possessive and clause.word(naming.last) in NOT_OWN:
        return True
    which = clause.find_back(naming.first, ("which",), 8)
    if which is not None and clause.word(which + 1) in _TRADES:
        return True  # "Pell, which owns a tenth of Holm"
    by = naming.first - 1 - (clause.word(naming.first - 1) == "the")
    return clause.word(by) == "by" and clause.word(by - 1) in _SEEN


def _before(clause: Clause, span: Range, naming: Naming) -> str:
    """The word before a name, an article apart."""
    i = naming.first - 1
    if clause.word(i) == "the" and i > span[0]:
        i -= 1
    return clause.word(i) if i >= span[0] else ""


def _joint(clause: Clause, heads: Sequence[Naming]) -> bool:
    """Whether actors of several parties speak together: "X and Prime Minister Y"."""
    for one, other in pairwise(naming for naming in heads if naming.entry.actor):
        first = other.first
        while clause.capitalised(first - 1) or clause.is_a(first - 1, "roles"):
            first -= 1
        if one.entry.party != other.entry.party and clause.word(first - 1) in {"and", ","}:
            return clause.any_word(one.last, other.first, {"and"})
    return False


def _is_media(clause: Clause, span: Range) -> bool:
    """Whether a phrase names a newspaper, a channel or a reporter, and not a state's own."""
    first = next((i for i in range(*span) if clause.is_a(i, "media")), None)
    if first is None or clause.word(first - 1) in _OWN_ORGAN:
        return False
    others = (i for i in range(*span) if not clause.is_a(i, "media"))
    return not any(clause.is_a(i, "roles") or clause.word(i) in _NO_MEDIA for i in others)


def _titled(clause: Clause, mention: Mention) -> bool:
    """Whether a single word stands for a person for certain: a declared name or a role."""
    return (
        mention.role is not None
        or mention.party is not None
        or bool(mention.words & (clause.inventory.classes["roles"] | PEOPLE))
    )


def _apposed(clause: Clause, one: tuple[Range, Mention], other: tuple[Range, Mention]) -> tuple[Range, Mention] | None:
    """As in "Turkey's foreign minister, X" and "X, leader of Y": one person, described twice."""
    (first, first_end), (second, second_end) = one[0], other[0]
    gap = second - first_end
    sent = (
        clause.word(first_end) in {"to", "in", "at"} and clause.word(second - 1) == "," and gap < 8
    )  # "envoy to Y, X"
    if not sent and (clause.word(first_end) != "," or gap > 3):
        return None
    if clause.any_word(first_end, second, {"and", "or"}):
        return None
    a, b = one[1], other[1]
    if a.kind != PERSON or b.kind != PERSON or (a.name is None) == (b.name is None):
        return None
    if a.party and b.party and a.party != b.party:
        return None  # "the President of X, the Prime Minister of Y and ..."
    named = a if a.name else b
    whole = replace(named, words=a.words | b.words, party=named.party or a.party or b.party)
    return (first, second_end), whole


def _sent_to(clause: Clause, one: Range, other: Range) -> bool:
    """Whether "Y" stands in "envoy to Y"."""
    near = other[0] - one[1] <= 1 + (clause.word(other[0] - 1) == "the")
    return near and clause.word(one[1]) in {"to", "in", "at"}


def _namesake(clause: Clause, naming: Naming) -> bool:
    """Whether a family name is that of somebody else: "Jonas Brandt" is not the declared Ilse Brandt."""
    known = naming.entry.actor
    if known is None or not naming.entry.person or naming.last - naming.first > 1:
        return False
    first = naming.first - 1
    if first < 0 or not (name_part(clause, first) and clause.items[first].is_word):
        return False
    opens = first == 0 and (clause.adverb(0) or clause.is_a(0, "times") or clause.is_a(0, "subordinators"))
    names = {*composed(" ".join((known.name, *known.aliases)).lower()).split()}
    declared = len(names) > 1  # of somebody called by one name only, any given name may be his
    return declared and not opens and clause.word(first) not in _COURTESIES | names


def _depends(clause: Clause, span: Range, naming: Naming) -> bool:
    """Whether a name is only what the head is of: "a spokesman for X" is not X."""
    if _before(clause, span, naming) not in _DEPENDING:
        return False
    head = any(clause.any_is(span[0], naming.first, name) for name in ("roles", "observers"))
    return head and not clause.any_word(span[0], naming.first, {","})


def _owns(clause: Clause, span: Range, naming: Naming) -> bool:
    """Whether a name is only whose the head is: "X's deputy" is not X."""
    return naming.last < span[1] and clause.items[naming.last - 1].possessive


def _kind(clause: Clause, span: Range, namings: Sequence[Naming]) -> str | None:
    last = next(
        (i for i in range(*span) if i > span[0] and clause.word(i) in {",", "of", "for", "in", "from"}), span[1]
    )
    if _personal(clause, (span[0], last), namings) or _of_place(clause, span, last, namings):
        return PERSON
    return BODY if _text_of(clause, span, last) else _kind_by_noun(clause, span, last, namings)


def _of_place(clause: Clause, span: Range, last: int, namings: Sequence[Naming]) -> bool:
    """As in "Ana Pol of Sarvia": a name of two or three words and a declared party."""
    owner = any(naming.first == last + 1 and naming.last == span[1] for naming in namings)
    name = all(name_part(clause, i) for i in range(span[0], last)) and not any(n.first < last for n in namings)
    return owner and name and last - span[0] in {2, 3} and clause.word(last) == "of"


def _text_of(clause: Clause, span: Range, last: int) -> bool:
    """Whether a phrase is a text of somebody's: "the report of the commissioner" is no person."""
    text = clause.any_is(span[0], last, "documents") and not clause.any_is(span[0], last, "roles")
    return text and last < span[1]


def _kind_by_noun(clause: Clause, span: Range, last: int, namings: Sequence[Naming]) -> str | None:
    if clause.any_word(span[0], last, PEOPLE):
        return PERSON
    for part in ((span[0], last), span):
        for name, kind in (("roles", PERSON), ("bodies", BODY), ("observers", GROUP), ("vague", GROUP)):
            if clause.any_is(*part, name) and not (name == "roles" and clause.any_is(last - 1, last, "bodies")):
                plural = (
                    name == "roles" and clause.word(part[1] - 1).endswith("s") and clause.is_a(part[1] - 1, "roles")
                )
                return GROUP if plural and not any(n.last == part[1] for n in namings) else kind
    if clause.any_is(*span, "documents") or any(not naming.entry.place for naming in namings):
        return BODY
    if namings:
        return None
    names = [i for i in range(*span) if clause.capitalised(i) and not clause.is_a(i, "determiners")]
    if not names:
        return None
    acronym = len(names) == 1 and clause.items[names[0]].text.isupper() and len(clause.items[names[0]].text) > 1
    titled = clause.is_a(span[0], "determiners") or clause.is_a(span[0] - 1, "determiners")  # "the New Testament"
    return BODY if acronym or titled or len(names) > 4 else PERSON


def _personal(clause: Clause, span: Range, namings: Sequence[Naming]) -> bool:
    """Whether a phrase is a person's name before a comma ("Ada Quill, a member of") or after a noun ("climber X")."""
    first = span[1]
    while first > span[0] and name_part(clause, first - 1) and not any(n.last >= first > n.first for n in namings):
        first -= 1
    if span[1] - first not in {2, 3}:
        return False
    described = clause.word(span[1]) == "," and clause.is_a(span[1] + 1, "determiners")
    noun = first - 1 > span[0] and not clause.capitalised(first - 1) and clause.items[first - 1].is_word
    bodily = any(clause.any_is(span[0], first, name) for name in ("bodies", "documents"))
    return (first == span[0] and described) or (noun and not bodily and clause.capitalised(span[0]))
