"""Who has been spoken of so far, sentence by sentence."""

from dataclasses import replace

from qa_bot.perspective.reporting.clause import Clause, Range
from qa_bot.perspective.reporting.evidence import OWNERS
from qa_bot.perspective.sources.cast import Cast
from qa_bot.perspective.sources.descriptions import DEFINITE, Descriptions
from qa_bot.perspective.sources.memory import READ, Memory
from qa_bot.perspective.sources.mentions import BODY, PERSON, Mention, Mentions, characters
from qa_bot.perspective.sources.noun_phrases import PEOPLE
from qa_bot.perspective.sources.phrases import (
    RANKS,
    WHERE,
    acts,
    determined,
    initials_of,
    text_of_somebody,
)
from qa_bot.perspective.sources.referred import Referred, referred_back
from qa_bot.perspective.sources.resolver import Resolver
from qa_bot.perspective.sources.setting import Setting
from qa_bot.perspective.sources.sides import Sides
from qa_bot.types import Resolution, Source


class Discourse:
    """Reads sentences in order and remembers mentions, by which sources are resolved."""

    def __init__(self, cast: Cast, text: str) -> None:
        self._mentions = Mentions(cast.gazetteer, text)
        self._setting = Setting(cast.gazetteer)
        self._text = text
        self.home = cast.home  # the party of the document's card: whose "our president" is
        self._memory = Memory()
        self._descriptions = Descriptions(self._mentions, self._setting, self._memory, cast.home)
        self._sides = Sides(cast, self._setting, self._memory, self._descriptions)
        self._resolver = Resolver(cast, text, self._mentions, self._memory, self._descriptions, self._sides)

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
        return self._resolver.resolve(clause, span, paragraph)

    def subject_of(self, clause: Clause, span: Range, paragraph: int) -> Referred:
        """The subject of the sentence, named somewhere in a stretch at its start."""
        return self._resolver.subject_of(clause, span, paragraph)

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


def _memorable(clause: Clause, span: Range, mention: Mention) -> bool:
    """Whether a mention introduces somebody: not "the president" alone, which refers back, and no place name."""
    if mention.role or mention.party:
        return True
    if mention.kind != PERSON:
        return any(clause.capitalised(i) for i in range(max(span[0], 1), span[1]))
    if clause.any_is(*span, "roles"):
        return mention.name is not None
    return span[1] - span[0] > 1 and clause.word(span[0] - 1) not in WHERE
