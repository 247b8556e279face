"""Who a source is: the name, the description or the pronoun that stands there, with the party it speaks for."""

from dataclasses import replace

from qa_bot.perspective.reporting.clause import Clause, Range
from qa_bot.perspective.reporting.evidence import OWNERS
from qa_bot.perspective.reporting.subjects import sentence_subject
from qa_bot.perspective.sources.cast import Cast
from qa_bot.perspective.sources.descriptions import DEFINITE, Descriptions
from qa_bot.perspective.sources.joint import joint, listed_end, names_in_a_row, row
from qa_bot.perspective.sources.memory import PRONOUNS, Memory
from qa_bot.perspective.sources.mentions import GROUP, NOT_OWN, Mention, Mentions, characters
from qa_bot.perspective.sources.phrases import (
    anybody_before,
    is_subject,
    office_end,
    one_of_them,
    text_alone,
    text_of_somebody,
    the_same,
    trimmed,
    unnamed_subject,
)
from qa_bot.perspective.sources.referred import Referred, named_source, of_party, referred_back
from qa_bot.perspective.sources.sides import Sides
from qa_bot.types import Resolution, Source

_RELATIVES = frozenset({"who", "whom", "whose", "which"})


class Resolver:
    """Resolves the sources that cues name, by what the discourse has read until then."""

    def __init__(
        self, cast: Cast, text: str, mentions: Mentions, memory: Memory, descriptions: Descriptions, sides: Sides
    ) -> None:
        self._text = text
        self._home = cast.home  # the party of the document's card: "our" ministry is its own
        self._foe = cast.foe  # the one party that it is against: "the enemy admits ..."
        self._mentions, self._memory, self._descriptions, self._sides = mentions, memory, descriptions, sides

    def resolve(self, clause: Clause, span: Range, paragraph: int) -> Referred:
        """Who the source named at a range of items is."""
        span = trimmed(clause, span)
        if not any(clause.items[i].text[0].isalpha() for i in range(*span)):  # `14: "..."`: a number is nobody
            return Referred(Source(Resolution.UNRESOLVED))
        found = self._placed(clause, span, self._resolved(clause, span, paragraph), paragraph)
        return replace(found, place=characters(clause, span))

    def subject_of(self, clause: Clause, span: Range, paragraph: int) -> Referred:
        """The subject of the sentence, named somewhere in a stretch at its start."""
        first = span[0]
        if clause.word(first) in PRONOUNS:
            return self.resolve(clause, (first, first + 1), paragraph)
        if text := text_of_somebody(clause, first):
            return self.resolve(clause, text, paragraph)
        if several := row(clause, self._mentions.in_range(clause, span)):
            start, end = several[0][0][0], several[-1][0][1]
            if clause.any_word(start, end, {"of"}):
                end = listed_end(clause, (start, end), span[1])
            elif len(several) == 1 and clause.is_a(start, "roles") and clause.word(end) in {"for", "of", "at", "in"}:
                end = office_end(clause, end, span[1])
            start -= start > first and (clause.word(start - 1) in DEFINITE or clause.word(start - 1) in {"a", "an"})
            return self.resolve(clause, (start, end), paragraph)
        if clause.capitalised(first) and not clause.is_a(first, "openers") and not clause.is_a(first, "determiners"):
            last = first + 1
            while last < span[1] and clause.capitalised(last):
                last += 1
            return self.resolve(clause, (first, listed_end(clause, (first, last), span[1])), paragraph)
        if clause.is_a(first, "determiners") and not clause.is_a(first + 1, "times"):
            last = first + 1
            while last < min(span[1], first + 8) and not clause.is_statement(first, last + 1):
                last += 1
            return self.resolve(clause, (first, last), paragraph)
        return Referred(Source(Resolution.VAGUE))

    def _placed(self, clause: Clause, span: Range, found: Referred, paragraph: int) -> Referred:
        """With the party that "our" or the passage gives to a source of none."""
        mention, source = found.mention, found.source
        if source.party is None and self._sides.issues(clause, span):
            return of_party(found, self._home)
        if source.party or source.resolution is not Resolution.NAMED or clause.any_word(*span, {"and"}):
            return found
        holder = self._apposed_owner(clause, span, paragraph) or self._descriptions.holder(clause, span, paragraph)
        if holder is not None:
            return replace(of_party(found, holder.party), antecedent=holder.span)
        strange = any(clause.word(i) in NOT_OWN or clause.is_a(i, "kin") for i in range(*span))
        if clause.word(span[0]) not in OWNERS or strange:
            return of_party(found, self._sides.party(clause, span, mention, paragraph))
        owner = self._own_subject(clause, span[0], clause.word(span[0]))
        if owner is None and not unnamed_subject(clause, span[0]):
            owner = self._memory.antecedent(clause.word(span[0]), paragraph)
            if self._sides.of_others(clause.word(span[0]), owner, paragraph):
                return of_party(found, self._foe) if mention else found
        known = owner is not None and owner.party is not None and mention is not None
        return replace(of_party(found, owner.party), antecedent=owner.span) if owner and known else found

    def _apposed_owner(self, clause: Clause, span: Range, paragraph: int) -> Mention | None:
        """Whose somebody is in "Ilse Roe, its coordinator": of what was spoken of."""
        own = next((i for i in range(span[0] + 1, span[1]) if clause.word(i) in {"its", "their"}), None)
        if own is None or clause.word(own - 1) != ",":
            return None
        owner = self._memory.antecedent(clause.word(own), paragraph)
        return owner if owner and owner.party else None

    def _resolved(self, clause: Clause, span: Range, paragraph: int) -> Referred:
        named = self._written(clause, span)
        pronoun = clause.word(span[1] - 1)
        if pronoun in PRONOUNS and (span[1] - span[0] == 1 or is_subject(clause, span[1] - 1)):
            return self._meant(clause, span, pronoun, named, paragraph)
        if one_of_them(clause, span) and (several := self._memory.group_before()):
            return Referred(Source(Resolution.NAMED, named, None, None, several.party), None, several.span)
        if span[1] - span[0] == 1 and one_of_them(clause, span):
            return Referred(Source(Resolution.NAMED, named))
        return self._called(clause, span, paragraph)

    def _meant(self, clause: Clause, span: Range, pronoun: str, named: str, paragraph: int) -> Referred:
        """Whom a pronoun stands for."""
        mention = self._own_subject(clause, span[0], pronoun)
        if mention is None and pronoun == "they" and anybody_before(clause, span[0]):
            return Referred(Source(Resolution.VAGUE, named))
        if mention is None:
            mention = self._memory.antecedent(pronoun, paragraph)
            others = self._sides.they(mention, paragraph) if pronoun == "they" else None
            if others:
                known = Resolution.PRONOUN if others[0] else Resolution.VAGUE
                return Referred(Source(known, named, others[0], None, others[0]))
        if mention is None:
            return Referred(Source(Resolution.UNRESOLVED, named))
        self._memory.called(mention, pronoun)
        return referred_back(mention, named)

    def _written(self, clause: Clause, span: Range) -> str:
        """How the text names a source: the ministry, where it has "the ministry's words", "the ministry, which met"."""
        first, last = span
        told = (k for k in range(first + 1, last) if clause.word(k) == "," and clause.word(k + 1) in _RELATIVES)
        if clause.word(last) == ")" and clause.any_word(first, last, {"("}):  # "Mr. Roe (Oltania)"
            last += 1
        return characters(clause, (first, next(told, last))).of(self._text).removesuffix("'s").removesuffix("’s")

    def _called(self, clause: Clause, span: Range, paragraph: int) -> Referred:
        """Who a name or a description is."""
        named = self._written(clause, span)
        if several := self._together(clause, span):
            return Referred(Source(Resolution.NAMED, named, party=several.party), several)
        mention = self._mentions.of(clause, span)
        if mention and mention.name:
            known = self._memory.by_name(mention)
            if known is None:
                return Referred(named_source(named, mention), mention)
            source = Source(Resolution.NAMED, named, known.label, known.role, known.party)
            return Referred(source, known, known.span)
        speaker = self._memory.speaker(paragraph) if the_same(clause, span) else None
        described = speaker or self._descriptions.described(clause, span, mention, paragraph)
        if described:
            return referred_back(described, named)
        party = mention.party if mention else None
        nobody = clause.any_is(*span, "vague") and not (clause.has_name(span) or text_alone(clause, span))
        vague = party is None and nobody
        return Referred(Source(Resolution.VAGUE if vague else Resolution.NAMED, named, None, None, party), mention)

    def _together(self, clause: Clause, span: Range) -> Mention | None:
        """Several who speak together, for a party if they all do; None where there is but one."""
        if not clause.any_word(*span, {"and"}):
            return None
        several = joint(clause, self._mentions.in_range(clause, span))
        several = several or [(n, m) for n in names_in_a_row(clause, span) if (m := self._mentions.of(clause, n))]
        if len(several) < 2:
            return None
        # "Thorn and her minister": of Thorn's party
        own = [mention for (first, _), mention in several if clause.word(first - 1) not in OWNERS]
        parties = {(self._memory.by_name(mention) or mention).party for mention in own}
        party = parties.pop() if len(parties) == 1 else None
        words, where = frozenset(clause.word(i) for i in range(*span)), characters(clause, span)
        return Mention(where, GROUP, None, where.of(self._text), words, None, party)

    def _own_subject(self, clause: Clause, position: int, pronoun: str) -> Mention | None:
        """The subject of the same sentence, for a pronoun further on in it."""
        subject = sentence_subject(clause, position)
        if subject is None or clause.is_a(subject[0], "prepositions"):
            return None  # "Under questioning from X, he admitted": not X
        found = next(self._mentions.in_range(clause, subject), None)
        near = found is not None and found[0][0] <= subject[0] + 3
        return found[1] if found and near and found[1].kind in PRONOUNS[pronoun] else None
