"""Who has been spoken of so far: what "he", "the ministry" and "our president" refer to."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa_bot.perspective.clause import Clause, Range
from qa_bot.perspective.gazetteer import Gazetteer, Naming
from qa_bot.types import Resolution, Source, Span

MEMORY = 60  # mentions that a definite description may reach back over
NEAR = 3  # paragraphs that a pronoun may reach back over


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody who may be referred back to: where, under which words, and who that is.

    `kind` is "person", "body" or "group"; `words` are the lower-case words that describe them.
    """

    span: Span
    kind: str
    name: str
    words: frozenset[str]
    actor: str | None
    role: str | None
    party: str | None
    paragraph: int
    subject: bool = False


@dataclass(frozen=True, slots=True)
class Referred:
    """A resolved source with the mention it goes back to, where that stands outside its own sentence."""

    source: Source
    mention: Mention | None = None
    antecedent: Span | None = None


class Discourse:
    """Reads sentences in order, remembers mentions, and resolves the sources that cues name."""

    def __init__(self, gazetteer: Gazetteer, home: str | None) -> None:
        self._gazetteer = gazetteer
        self._home = home  # the party of the document's card: whose "our president" is
        self._mentions: deque[Mention] = deque(maxlen=MEMORY)
        self._speaker: Mention | None = None  # the latest source

    # ------------------------------------------------------------ reading

    def read(self, clause: Clause, text: str, paragraph: int) -> None:
        """Remember whom a sentence mentions outside its quotations."""
        found = list(self._mentions_in(clause, text, paragraph))
        # the first in a sentence is most often its subject: it is remembered last, so that it is found first
        self._mentions.extend(reversed(found))

    def spoke(self, referred: Referred) -> None:
        """Remember the source of a report."""
        if referred.mention is not None:
            self._speaker = referred.mention

    def _mentions_in(self, clause: Clause, text: str, paragraph: int) -> Iterator[Mention]:
        namings = self._gazetteer.find(clause.items)
        covered = 0
        for first, last in _noun_phrases(clause, namings):
            if first < covered:
                continue
            mention = self._mention(clause, text, (first, last), namings, paragraph)
            if mention:
                covered = last
                yield mention

    def _mention(
        self, clause: Clause, text: str, span: Range, namings: Sequence[Naming], paragraph: int
    ) -> Mention | None:
        inside = [naming for naming in namings if span[0] <= naming.first and naming.last <= span[1]]
        actor = next((naming for naming in inside if naming.entry.person), None)
        actor = actor or next((naming for naming in inside if naming.entry.actor), None)
        words = frozenset(clause.word(i) for i in range(*span))
        characters = _characters(clause, span)
        party = actor.entry.party if actor else _party(clause, span, inside)
        if actor and actor.entry.actor:
            role = actor.entry.actor.role
            described = words | frozenset((role or "").lower().split())
            kind = "person" if actor.entry.person else "body"
            return Mention(characters, kind, actor.entry.name, described, actor.entry.name, role, party, paragraph)
        kind = _kind(clause, span)
        if kind is None:
            return None
        name = _proper_name(clause, text, span) if kind == "person" else None
        return Mention(characters, kind, name or characters.of(text), words, name, None, party, paragraph)

    # ------------------------------------------------------------ resolving

    def resolve(self, clause: Clause, text: str, span: Range, paragraph: int) -> Referred:
        """Who the source named at a range of items is."""
        span = _trim(clause, span)
        if span[0] >= span[1]:
            return Referred(Source(Resolution.UNRESOLVED))
        named = _characters(clause, span).of(text)
        if clause.word(span[1] - 1) in {"he", "she", "they", "it", "his", "her", "their", "its", "him", "them"}:
            return self._pronoun(named, clause.word(span[1] - 1), paragraph)
        namings = [
            naming
            for naming in self._gazetteer.find(clause.items)
            if naming.first >= span[0] and naming.last <= span[1]
        ]
        person = next(
            (naming for naming in namings if naming.entry.person and not _dependent(clause, span, naming)), None
        )
        mention = self._mention(
            clause, text, span, namings if person or not namings else _heads(clause, span, namings), paragraph
        )
        if mention and (mention.actor or _proper_name(clause, text, span)):
            return Referred(_named(named, mention), mention)
        described = self._described(clause, span, named, mention)
        if described:
            return described
        party = _party(clause, span, namings)
        vague = party is None and any(clause.is_a(i, "vague") for i in range(*span)) and not clause.has_name(span)
        source = Source(Resolution.VAGUE if vague else Resolution.NAMED, named, None, None, party)
        return Referred(source, mention)

    def resolve_later(self, clause: Clause, text: str, span: Range, paragraph: int) -> Referred:
        """As `subject_of`, when the text has been read on: only what the sentence itself names."""
        referred = self.subject_of(clause, text, span, paragraph)
        return referred if referred.antecedent is None else Referred(Source(Resolution.UNRESOLVED))

    def subject_of(self, clause: Clause, text: str, span: Range, paragraph: int) -> Referred:
        """The subject of the sentence, named somewhere in a stretch at its start."""
        namings = [
            naming
            for naming in self._gazetteer.find(clause.items)
            if span[0] <= naming.first and naming.last <= span[1]
        ]
        for first, last in _noun_phrases(clause, namings):
            if first >= span[0] and first < span[1]:
                return self.resolve(clause, text, (first, min(last, span[1])), paragraph)
        first_word = clause.word(span[0])
        if first_word in {"he", "she", "it", "they"}:
            return self.resolve(clause, text, (span[0], span[0] + 1), paragraph)
        if clause.is_a(span[0], "determiners"):
            last = span[0] + 1
            while last < span[1] and not clause.is_statement(span[0], last + 1) and last - span[0] < 8:
                last += 1
            return self.resolve(clause, text, (span[0], last), paragraph)
        return Referred(Source(Resolution.VAGUE))

    def latest_person(self, paragraph: int) -> Referred:
        """The person spoken of last, within the reach of a pronoun."""
        mention = self._antecedent(("person",), paragraph)
        if mention is None:
            return Referred(Source(Resolution.UNRESOLVED))
        source = Source(Resolution.CARRIED, mention.name, mention.actor or mention.name, mention.role, mention.party)
        return Referred(source, mention, mention.span)

    def _pronoun(self, named: str, pronoun: str, paragraph: int) -> Referred:
        kinds = {"he": ("person",), "she": ("person",), "his": ("person",), "her": ("person",), "him": ("person",)}.get(
            pronoun, ("body", "group") if pronoun in {"it", "its"} else ("group", "body", "person")
        )
        mention = self._antecedent(kinds, paragraph)
        if mention is None:
            return Referred(Source(Resolution.UNRESOLVED, named))
        source = Source(Resolution.PRONOUN, named, mention.actor or mention.name, mention.role, mention.party)
        return Referred(source, mention, mention.span)

    def _antecedent(self, kinds: Sequence[str], paragraph: int) -> Mention | None:
        speaker = self._speaker
        if speaker and speaker.kind in kinds and paragraph == speaker.paragraph:
            return speaker
        for kind_group in ([kinds[0]], kinds):
            for mention in reversed(self._mentions):
                if mention.kind in kind_group and paragraph - mention.paragraph < NEAR:
                    return mention
        return speaker if speaker and speaker.kind in kinds and paragraph - speaker.paragraph < NEAR else None

    def _described(self, clause: Clause, span: Range, named: str, mention: Mention | None) -> Referred | None:
        """ "the president", "the Foreign Ministry", "our president": the nearest mention with these words."""
        ours = clause.word(span[0]) == "our"
        words = {clause.word(i) for i in range(*span)} - clause.inventory.classes["determiners"]
        if not words or (
            not ours
            and clause.word(span[0]) not in {"the", "this", "that", "these", "those", "same"}
            and len(words) > 2
        ):
            return None
        party = mention.party if mention else None
        wanted = words - {"same", "own", "beloved"}
        synonyms = {"state"} if {"head", "state"} <= wanted else set()
        for known in reversed(self._mentions):
            same = wanted <= known.words or (synonyms and "president" in known.words)
            mine = not ours or self._home is None or known.party == self._home
            if (
                same
                and mine
                and (party is None or known.party in {party, None})
                and known.name.lower() != named.lower()
            ):
                source = Source(Resolution.PRONOUN, named, known.actor or known.name, known.role, known.party or party)
                return Referred(source, known, known.span)
        return None


def _named(named: str, mention: Mention) -> Source:
    return Source(Resolution.NAMED, named, mention.actor, mention.role, mention.party)


def _characters(clause: Clause, span: Range) -> Span:
    return Span(clause.items[span[0]].start, clause.items[span[1] - 1].end)


def _trim(clause: Clause, span: Range) -> Range:
    """Without marks and helpers at either end, at most some twenty words."""
    first, last = span
    while first < last and (
        not clause.items[first].is_word or clause.word(first) in {"that", "and", "but", "also", "both"}
    ):
        first += 1
    while last > first and (not clause.items[last - 1].is_word or clause.is_a(last - 1, "auxiliaries")):
        last -= 1
    return first, min(last, first + 28)


def _heads(clause: Clause, span: Range, namings: Sequence[Naming]) -> Sequence[Naming]:
    """The names that are not merely what the head is of ("a spokesman for X" is not X)."""
    return [naming for naming in namings if not _dependent(clause, span, naming)]


def _dependent(clause: Clause, span: Range, naming: Naming) -> bool:
    before = clause.word(naming.first - 1) if naming.first > span[0] else ""
    if before == "the" and naming.first - 1 > span[0]:
        before = clause.word(naming.first - 2)
    comma = any(clause.word(i) == "," for i in range(span[0], naming.first))
    return (
        before in {"of", "for", "to", "with", "by", "from", "against"}
        and clause.any_is(span[0], naming.first, "roles")
        and not comma
    )


def _party(clause: Clause, span: Range, namings: Sequence[Naming]) -> str | None:
    """The first party that owns the phrase: "Armenia's ambassador to Russia" is Armenia's."""
    for naming in namings:
        before = clause.word(naming.first - 1) if naming.first > span[0] else ""
        if before == "the" and naming.first - 1 > span[0]:
            before = clause.word(naming.first - 2)
        if before not in {"to", "on", "about", "against", "with", "towards", "in"}:
            return naming.entry.party
    return namings[0].entry.party if namings else None


def _kind(clause: Clause, span: Range) -> str | None:
    last = next((i for i in range(*span) if clause.word(i) in {",", "of", "for", "in", "from"}), span[1])
    head = (span[0], max(last, span[0] + 1))
    for range_ in (head, span):
        if clause.any_is(*range_, "bodies"):
            return "body"
        if clause.any_is(*range_, "roles"):
            return "person"
        if clause.any_is(*range_, "observers") or clause.any_is(*range_, "vague"):
            return "group"
    if clause.any_is(*span, "documents"):
        return "body"
    names = [i for i in range(*span) if clause.capitalised(i)]
    if not names:
        return None
    if len(names) == 1 and clause.items[names[0]].text.isupper():
        return "body"
    return (
        "person" if 1 < len(names) <= 4 and len(names) == span[1] - span[0] else "body" if len(names) > 1 else "person"
    )


def _proper_name(clause: Clause, text: str, span: Range) -> str | None:
    """The last run of capitalised words that are no title: "Turkish President Recep Tayyip Erdogan" -> the name."""
    runs: list[list[int]] = [[]]
    for i in range(*span):
        plain = (
            clause.capitalised(i)
            and not clause.is_a(i, "roles")
            and not clause.is_a(i, "bodies")
            and not clause.is_a(i, "determiners")
        )
        if plain and clause.items[i].text.isupper() is False or (plain and len(clause.items[i].text) == 1):
            runs[-1].append(i)
        elif clause.word(i) != "." or not runs[-1]:
            runs.append([])
    named = next((run for run in runs if len(run) > 1 and not clause.items[run[-1]].possessive), None)
    return _characters(clause, (named[0], named[-1] + 1)).of(text) if named else None


def _noun_phrases(clause: Clause, namings: Sequence[Naming]) -> Iterator[Range]:
    """Runs of capitalised words and titles, with "of ..." inside: whoever a sentence may mention."""
    named_at = {i for naming in namings for i in range(naming.first, naming.last)}
    i = 0
    while i < clause.size:
        if not _nominal(clause, i, named_at):
            i += 1
            continue
        first = i
        while i < clause.size and (_nominal(clause, i, named_at) or _joins(clause, i, named_at)):
            i += 1
        yield first, i


def _nominal(clause: Clause, i: int, named_at: set[int]) -> bool:
    if i in named_at:
        return True
    if not clause.items[i].is_word or clause.items[i].text[0].isdigit() or clause.is_a(i, "months"):
        return False
    if clause.is_a(i, "roles") or clause.is_a(i, "bodies"):
        return True
    return (
        clause.capitalised(i)
        and not clause.is_a(i, "openers")
        and not clause.is_a(i, "determiners")
        and not clause.is_a(i, "persons")
        and not clause.is_a(i, "groups")
        and not clause.is_a(i, "things")
    )


def _joins(clause: Clause, i: int, named_at: set[int]) -> bool:
    if clause.word(i) in {"of", "for"}:
        following = i + 2 if clause.word(i + 1) == "the" else i + 1
        return following < clause.size and _nominal(clause, following, named_at) and clause.capitalised(following)
    return clause.word(i) == "the" and clause.word(i - 1) in {"of", "for"} and clause.capitalised(i + 1)
