"""Whom a text has spoken of: the mentions of its latest sentences, and which of them a pronoun goes back to."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa_bot.perspective.reporting.clause import Clause
from qa_bot.perspective.sources.mentions import BODY, GROUP, PERSON, Mention
from qa_bot.perspective.words import composed

MEMORY = 60  # mentions that a definite description may reach back over
NEAR = 3  # paragraphs that a pronoun may reach back over
READ = 400  # items of a sentence whose mentions are remembered
PRONOUNS = {
    **dict.fromkeys(("he", "she", "his", "her", "him"), (PERSON,)),
    **dict.fromkeys(("it", "its"), (BODY, GROUP)),
    **dict.fromkeys(("they", "their", "them"), (GROUP, BODY)),
}
_GENDERS = {**dict.fromkeys(("he", "his", "him"), "he"), **dict.fromkeys(("she", "her"), "she")}
_PEOPLE = frozenset("people some others many those".split())
_OBJECTS = {"him": "he", "her": "she"}
_TITLES = {
    **dict.fromkeys(
        "mr sir lord king prince duke emperor spokesman chairman congressman abbot man boy father priest "
        "headmaster schoolmaster".split(),
        "he",
    ),
    **dict.fromkeys(
        "mrs ms miss lady queen princess duchess spokeswoman chairwoman congresswoman abbess woman girl mother nun "
        "headmistress schoolmistress".split(),
        "she",
    ),
}


@dataclass(frozen=True, slots=True)
class Remembered:
    """A mention with the numbers of its sentence and paragraph."""

    mention: Mention
    sentence: int
    paragraph: int


class Memory:
    """The latest mentions, the latest source, and whom the text has called "he" or "she"."""

    def __init__(self) -> None:
        self._known: deque[Remembered] = deque(maxlen=MEMORY)
        self._speaker: Remembered | None = None  # the latest source
        self._subject: Remembered | None = None  # the first mention of the latest sentence that has one
        self._object: tuple[str, Remembered] | None = None  # whom "him" or "her" of the latest sentence stands for
        self._makers: dict[str, Mention] = {}  # who made "a resolution", by its noun
        self._people = -1  # the paragraph that spoke last of people whom nothing tells apart
        self._pronouns: dict[str, str] = {}  # by name, "he" or "she" where the text has used one
        self.sentence = 0  # the number of the sentence that is being read
        self.section = 0  # the sentence with which the section begins

    # ------------------------------------------------------------ remembering

    def head(self) -> None:
        """Begin a section."""
        self.section = self.sentence

    def spoke(self, mention: Mention, paragraph: int) -> None:
        """Remember the source of a report in the sentence that is being read."""
        self._speaker = Remembered(mention, self.sentence, paragraph)

    def read(self, clause: Clause, mentions: Sequence[Mention], subject: Mention | None, paragraph: int) -> None:
        """Remember the mentions of a sentence, in order; `subject` where it is none of them."""
        found = [Remembered(mention, self.sentence, paragraph) for mention in mentions]
        if clause.any_word(0, READ, _PEOPLE):
            self._people = paragraph
        self._follow(clause, mentions, paragraph)
        for mention in mentions:
            gender = next((_TITLES[word] for word in mention.words if word in _TITLES), None)
            if mention.name and gender:
                self._pronouns.setdefault(mention.name, gender)
        if subject is not None:
            self._subject = Remembered(subject, self.sentence, paragraph)
        elif found:
            self._subject = found[0]
        # the first in a sentence is most often its subject: it is remembered last, so that it is found first
        self._known.extend(reversed(found))
        for i in range(1, min(clause.size, READ)):
            if clause.is_a(i, "documents") and clause.any_word(max(i - 3, 0), i, {"a", "an"}) and self._subject:
                self._makers[clause.word(i)] = self._subject.mention
        self.sentence += 1

    def called(self, mention: Mention, pronoun: str) -> None:
        """Remember that the text calls somebody "he" or "she"."""
        if mention.name and pronoun in _GENDERS:
            self._pronouns.setdefault(mention.name, _GENDERS[pronoun])

    def _follow(self, clause: Clause, mentions: Sequence[Mention], paragraph: int) -> None:
        """Remember who "her" is in "Vuk called her a liar": not Vuk, and "she" in the next sentence is the same."""
        self._object = None
        for i in range(1, min(clause.size, READ)):
            gender = _OBJECTS.get(clause.word(i))
            if gender is None or not _is_object(clause, i):
                continue
            names = {m.name or m.label for m in mentions if m.span.end <= clause.items[i].start}
            for entry in self.latest():
                known, near = entry.mention, paragraph - entry.paragraph < NEAR
                other = known.kind == PERSON and (known.name or known.label) not in names
                if near and other and self._fits(entry, gender):
                    self._object = gender, Remembered(known, self.sentence, paragraph)
                    return

    # ------------------------------------------------------------ recalling

    def latest(self) -> Iterator[Remembered]:
        """The mentions, latest first."""
        return reversed(self._known)

    def speaker(self, paragraph: int) -> Mention | None:
        """The latest source of a paragraph."""
        return self._speaker.mention if self._speaker and self._speaker.paragraph == paragraph else None

    def maker(self, noun: str) -> Mention | None:
        """Who acted where a text was first spoken of: "It adopted a resolution"."""
        return self._makers.get(noun)

    def speaker_here(self) -> Mention | None:
        """The latest source of the sentence that is being read."""
        return self._speaker.mention if self._speaker and self._speaker.sentence == self.sentence else None

    def group_before(self) -> Mention | None:
        """The people whom the sentence before speaks of."""
        before = (entry for entry in self.latest() if entry.sentence == self.sentence - 1)
        return next((entry.mention for entry in before if entry.mention.kind == GROUP), None)

    def people(self, paragraph: int) -> bool:
        """Whether a "they" of the paragraph may be people of no kind: "There are some who ..."."""
        return self._people == paragraph

    def before(self, mention: Mention, sentence: int) -> bool:
        """Whether somebody was spoken of last before a sentence."""
        entries = (entry for entry in (self._speaker, self._subject, *self._known) if entry)
        return all(entry.sentence < sentence for entry in entries if entry.mention is mention)

    def at_hand(self, mention: Mention, paragraph: int) -> bool:
        """Whether several people, or those of a side, were spoken of where a "they" may go back to them."""
        if mention.kind != GROUP and mention.party is None:
            return False
        entries = (entry for entry in (self._speaker, self._subject, *self._known) if entry)
        same = [entry for entry in entries if entry.mention is mention]
        return any(entry.paragraph == paragraph or entry.sentence == self.sentence - 1 for entry in same)

    def antecedent(self, pronoun: str, paragraph: int) -> Mention | None:
        """The latest source or subject of a fitting kind, else the nearest mention of one."""
        kinds = PRONOUNS.get(pronoun, (PERSON,))
        if self._object and self._object[0] == pronoun and self._object[1].paragraph == paragraph:
            return self._object[1].mention
        leading = [
            e for e in (self._speaker, self._subject) if e and e.mention.kind in kinds and self._fits(e, pronoun)
        ]
        leading.sort(key=lambda entry: -entry.sentence)
        here = [entry for entry in leading if entry.paragraph == paragraph]
        if here:
            return here[0].mention
        for wanted in (kinds[:1], kinds):
            for entry in self.latest():
                near = paragraph - entry.paragraph < NEAR
                if near and entry.mention.kind in wanted and self._fits(entry, pronoun):
                    return entry.mention
        return next((entry.mention for entry in leading if paragraph - entry.paragraph < NEAR), None)

    def person_before(self, pronoun: str, paragraph: int) -> Mention | None:
        """Whom a "he" or "she" that begins the latest sentence goes back to: nobody whom that sentence names."""
        for entry in self.latest():
            near = paragraph - entry.paragraph < NEAR and entry.sentence < self.sentence - 1
            if near and entry.mention.kind == PERSON and self._fits(entry, pronoun):
                return entry.mention
        return None

    def by_name(self, mention: Mention) -> Mention | None:
        """Who a family name stands for: "Lund" after "Mayor Greta Lund"."""
        words = _words(mention.name or "")
        if mention.role or len(words) != 1:
            return None
        for entry in self.latest():
            known = entry.mention
            if known.name and known.name != mention.name and words <= _words(known.name):
                return known
        return None

    def _fits(self, entry: Remembered, pronoun: str) -> bool:
        """Whether "he" or "she" may stand for somebody: not for whom the text has called by the other one."""
        gender, name = _GENDERS.get(pronoun), entry.mention.name
        titles = {_TITLES[word] for word in entry.mention.words if word in _TITLES}
        known = self._pronouns.get(name) if name else None
        return gender is None or (gender in titles or not titles if known is None else known == gender)


def _words(name: str) -> frozenset[str]:
    return frozenset(composed(name.lower()).split())


def _is_object(clause: Clause, i: int) -> bool:
    """Whether "him" or "her" at `i` is somebody, and not whose something is ("her letter")."""
    closed = not clause.items[min(i + 1, clause.size - 1)].is_word or clause.is_a(i + 1, "determiners")
    owning = clause.word(i) == "her" and not (closed or clause.is_a(i + 1, "prepositions"))
    return not owning and (clause.finite(i - 1) or clause.is_a(i - 1, "prepositions"))
