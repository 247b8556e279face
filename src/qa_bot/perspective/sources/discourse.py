"""Who has been spoken of so far: what "he", "the ministry" and "our president" refer to."""

from dataclasses import replace

from qa_bot.perspective.reporting.clause import Clause, Range
from qa_bot.perspective.reporting.evidence import OWNERS
from qa_bot.perspective.reporting.subjects import sentence_subject
from qa_bot.perspective.sources.cast import Cast
from qa_bot.perspective.sources.descriptions import DEFINITE, Descriptions
from qa_bot.perspective.sources.joint import joint, listed_end, names_in_a_row, row
from qa_bot.perspective.sources.memory import PRONOUNS, READ, Memory
from qa_bot.perspective.sources.mentions import BODY, GROUP, NOT_OWN, PERSON, Mention, Mentions, characters
from qa_bot.perspective.sources.noun_phrases import PEOPLE
from qa_bot.perspective.sources.phrases import (
    RANKS,
    WHERE,
    acts,
    anybody_before,
    determined,
    initials_of,
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
from qa_bot.perspective.sources.setting import Setting
from qa_bot.perspective.sources.sides import Sides
from qa_bot.types import Resolution, Source

_RELATIVES = frozenset({"who", "whom", "whose", "which"})


class Discourse:
    """Reads sentences in order, remembers mentions, and resolves the sources that cues name."""

    def __init__(self, cast: Cast, text: str) -> None:
        self._mentions = Mentions(cast.gazetteer, text)
        self._setting = Setting(cast.gazetteer)
        self._text = text
        self.home = cast.home  # the party of the document's card: whose "our president" is
        self._foe = cast.foe  # the one party that it is against: "the enemy admits ..."
        self._memory = Memory()
        self._descriptions = Descriptions(self._mentions, self._setting, self._memory, cast.home)
        self._sides = Sides(cast, self._setting, self._memory, self._descriptions)

    # ------------------------------------------------------------ reading

    def head(self, clause: Clause) -> None:
        """Read a heading."""
        self._memory.head()
        self._setting.head(clause)

    def enter(self, clause: Clause, paragraph: int) -> None:
        """Read how a sentence begins, before its sources are resolved."""
        self._setting.enter(clause, paragraph)

    def acted(self, subject: Referred | None, paragraph: int) -> None:
        """Remember who acts in a sentence without a report."""
        if subject is not None:
            self._sides.acted(subject.source.party)
            alone = subject.mention is not None and subject.mention.kind == PERSON
            self._setting.acted(subject.source.party, paragraph, alone=alone)

    def read(self, clause: Clause, paragraph: int) -> None:
        """Remember whom a sentence mentions outside its quotations."""
        found = (
            self._introduced(clause, span, mention, paragraph)
            for span, mention in self._mentions.in_range(clause, (0, min(clause.size, READ)))
        )
        mentions = [mention for mention in found if mention is not None]
        for mention in mentions:
            self._mentions.meet(mention)
        self._sides.read(clause, paragraph)
        self._setting.ended()
        text = text_of_somebody(clause, 0)
        self._memory.read(clause, mentions, self._mentions.of(clause, text) if text else None, paragraph)

    def _introduced(self, clause: Clause, span: Range, mention: Mention, paragraph: int) -> Mention | None:
        """What to remember of a mention: for "the president" alone, whom that describes."""
        if mention.kind == PERSON and span[1] - span[0] == 1 and mention.name and not mention.role:
            known = self._memory.by_name(mention)  # "Quill", introduced as Ada Quill before
            if known is not None:
                return replace(known, span=mention.span)
        bare_body = mention.kind == BODY and all(clause.is_a(i, "bodies") for i in range(*span))
        the = determined(clause, span[0])
        if bare_body and clause.word(the) in DEFINITE and mention.party is None:  # "the Ministry", named before
            known = self._descriptions.described(clause, (the, span[1]), mention, paragraph)
            if known is not None:
                return known
        if not _memorable(clause, span, mention):
            return self._unnamed(clause, span, mention, paragraph) if mention.kind == PERSON else None
        spoken = self._memory.speaker_here()
        if spoken and spoken.name == mention.name is not None:  # "X, the envoy of Y, said": described more fully
            mention = replace(mention, party=mention.party or spoken.party, words=mention.words | spoken.words)
        if spoken and not spoken.span.overlaps(mention.span):
            return mention  # whom an envoy assured is not his own ministry
        party = mention.party or self._setting.party_of(clause, span, mention)
        if party is None and mention.kind == PERSON and acts(clause, span[0]):
            party = self._sides.of_passage(clause, span, mention)
        if party is None and mention.kind == PERSON and clause.word(span[0] - 1) in OWNERS and span[0] < 3:
            owner = self._memory.antecedent(clause.word(span[0] - 1), paragraph)  # "Its secretary, X, met"
            party = owner.party if owner else None
        return replace(mention, party=party)

    def _unnamed(self, clause: Clause, span: Range, mention: Mention, paragraph: int) -> Mention | None:
        """Whom "the captain" describes; "a captain" is somebody new, to whom a "he" may go back."""
        described = (determined(clause, span[0]), span[1])
        if clause.word(described[0]) in DEFINITE:
            known = self._descriptions.described(clause, described, mention, paragraph)
            party = None if known else self._sides.of_passage(clause, described, mention)
            return replace(mention, party=party) if party else known
        owner = clause.items[span[1] - 1].possessive  # "a surveyor's hut"
        theirs = clause.word(described[0]) in OWNERS and bool(mention.words & PEOPLE)  # "its man in the capital"
        new = theirs or clause.word(described[0]) in {"a", "an"}
        if mention.media or owner or not new or not acts(clause, described[0]):
            return None
        label, party = characters(clause, described).of(self._text), self._setting.party_of(clause, span, mention)
        party = party or self._sides.of_passage(clause, described, mention)
        return replace(mention, label=label, party=party)

    def spoke(self, referred: Referred, paragraph: int) -> None:
        """Remember the source of a report."""
        if referred.mention is not None:
            self._memory.spoke(referred.mention, paragraph)
            self._sides.acted(referred.source.party)
            if referred.mention.name is None and referred.mention.words & RANKS:
                self._setting.acted(referred.source.party, paragraph, alone=True)  # no reason to take ministers for his
            else:
                self._setting.spoke(referred.source.party, paragraph)

    def party_in(self, clause: Clause, span: Range | None = None) -> str | None:
        """The one party that a line, or a range of its items, names."""
        return self._mentions.party_in(clause, span or (0, clause.size))

    def people_in(self, clause: Clause) -> list[tuple[Range, Mention]]:
        """The people whom a line names, in order, each with its range of items."""
        found = self._mentions.in_range(clause, (0, min(clause.size, READ)))
        return [(span, mention) for span, mention in found if mention.kind == PERSON and mention.name]

    # ------------------------------------------------------------ resolving

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

    def latest_person(self, paragraph: int) -> Referred:
        """The person spoken of last, within the reach of a pronoun."""
        mention = self._memory.antecedent("who", paragraph)
        if mention and all(
            entry.sentence < self._memory.section for entry in self._memory.latest() if entry.mention is mention
        ):
            mention = None  # spoken of under another heading
        return (
            referred_back(mention, mention.name, Resolution.CARRIED)
            if mention
            else Referred(Source(Resolution.UNRESOLVED))
        )

    def person_before(self, pronoun: str, paragraph: int) -> Referred | None:
        """Whom a "she" in a sentence that has been read goes back to: "She spoke to our reporter Ada Quill"."""
        mention = self._memory.person_before(pronoun, paragraph)
        return referred_back(mention, mention.name, Resolution.CARRIED) if mention else None

    def person_called(self, initials: str) -> Referred | None:
        """The person spoken of last whose name has the initials "P.V."; None where nobody has them."""
        letters = initials_of(initials)
        for entry in self._memory.latest() if letters else ():
            parts = (entry.mention.name or "").casefold().split()
            if entry.mention.kind == PERSON and "".join(part[0] for part in parts) == letters:
                return referred_back(entry.mention, entry.mention.name, Resolution.CARRIED)
        return None

    def _placed(self, clause: Clause, span: Range, found: Referred, paragraph: int) -> Referred:
        """With the party that "our" or the passage gives to a source of none."""
        mention, source = found.mention, found.source
        if source.party is None and self._sides.issues(clause, span):
            return of_party(found, self.home)
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


def _memorable(clause: Clause, span: Range, mention: Mention) -> bool:
    """Whether a mention introduces somebody: not "the president" alone, which refers back, and no place name."""
    if mention.role or mention.party:
        return True
    if mention.kind != PERSON:
        return any(clause.capitalised(i) for i in range(max(span[0], 1), span[1]))
    if clause.any_is(*span, "roles"):
        return mention.name is not None
    return span[1] - span[0] > 1 and clause.word(span[0] - 1) not in WHERE
