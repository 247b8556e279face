"""The shape of one sentence, as far as attribution needs it: verb groups, subjects, noun phrases, statements.

There is no parser here. English puts a subject before its verb and a reported clause after it; closed word
classes and a bounded look to either side find both in edited prose. Positions are those of the items.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from qa_bot.perspective.inventory import VerbForm, inventory
from qa_bot.perspective.items import Item

Range: TypeAlias = tuple[int, int]  # items [first, last)

WINDOW = 45  # items a subject may reach back
_STOPS = frozenset(".;!?")
_DASHES = frozenset("-–—")
_BREAKS = frozenset(":;()") | _DASHES
_NEW_STATEMENT = frozenset({"while", "whereas", "but", "although", "though", "and"})
_VIEWS = frozenset({"words", "view", "opinion", "eyes", "judgment", "judgement", "estimation", "according"})
_CLASSES = ("vague_adverbs", "claims", "of", "speech", "documents")


class VerbGroup(NamedTuple):
    """A reporting verb with its auxiliaries and adverbs; `first` is where the group begins."""

    first: int
    passive: bool
    infinitive: bool
    participle: bool
    blocked: bool  # a noun or an adjective after all

    @property
    def finite(self) -> bool:
        """Whether the group has a subject of its own."""
        return not (self.infinitive or self.participle)


class Subject(NamedTuple):
    """Where the subject of a verb stands, and how it is to be found (see `Cue.relation`)."""

    source: Range | None
    relation: str


class Clause:
    """Questions about the items of one sentence."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        self.inventory = inventory()
        self.size = len(items)
        self.quotes = [position for position, item in enumerate(items) if item.quotation >= 0]

    # ------------------------------------------------------------ single items

    def word(self, i: int) -> str:
        """The lower-case word or mark at a position; "" for a quotation and beyond either end."""
        return self.items[i].lower if 0 <= i < self.size else ""

    def is_a(self, i: int, name: str) -> bool:
        """Whether the word at a position belongs to a class of the inventory."""
        return self.word(i) in self.inventory.classes[name]

    def any_is(self, first: int, last: int, name: str) -> bool:
        """Whether any word of a range belongs to a class."""
        return any(self.is_a(i, name) for i in range(max(first, 0), min(last, self.size)))

    def any_word(self, first: int, last: int, words: set[str]) -> bool:
        """Whether one of the words stands in a range."""
        return any(self.word(i) in words for i in range(max(first, 0), min(last, self.size)))

    def capitalised(self, i: int) -> bool:
        """Whether a word begins with a capital letter."""
        return 0 <= i < self.size and self.items[i].text[:1].isupper()

    def has_name(self, span: Range) -> bool:
        """Whether a range holds a capitalised word that is not merely first in its sentence."""
        return any(
            self.capitalised(i) and (i > 0 or (not self.is_a(i, "openers") and not self.is_a(i, "determiners")))
            for i in range(*span)
        )

    def candidates(self) -> Iterator[int]:
        """Positions of words that may be cues."""
        verbs, classes = self.inventory.verbs, self.inventory.classes
        for i, item in enumerate(self.items):
            word = item.lower
            if word in verbs or word in _VIEWS or any(word in classes[name] for name in _CLASSES):
                yield i

    def skip_adverbs(self, i: int) -> int:
        """The first position from `i` that is not an adverb."""
        while i < self.size and self._adverb(i):
            i += 1
        return i

    def _adverb(self, i: int) -> bool:
        word = self.word(i)
        return self.is_a(i, "adverbs") or (word.endswith("ly") and len(word) > 4 and not self.capitalised(i))

    def _stop(self, i: int) -> bool:
        return self.word(i) in _STOPS

    # ------------------------------------------------------------ verbs and their subjects

    def verb_group(self, i: int) -> VerbGroup:
        """The verb at `i` with what belongs to it on its left."""
        form = self.inventory.verbs[self.word(i)].form
        before, helpers = i - 1, []
        while before >= 0 and i - before < 8 and (self._adverb(before) or self.is_a(before, "auxiliaries")):
            if self.is_a(before, "auxiliaries"):
                helpers.append(self.word(before))
            before -= 1
        be = bool(helpers) and helpers[0] in self.inventory.classes["be"]
        infinitive = "base" in form and not helpers and self.word(before) == "to"
        return VerbGroup(
            first=before + 1,
            passive=be and "participle" in form,
            infinitive=infinitive,
            participle="ing" in form and not be,
            blocked=not infinitive and not helpers and self._is_noun_or_adjective(i, before, form),
        )

    def _is_noun_or_adjective(self, i: int, before: int, form: frozenset[str]) -> bool:
        noun = any(self.is_a(i, name) for name in _CLASSES)
        if before >= 0 and (self.items[before].possessive or self.is_a(before, "determiners")):
            return self.word(before) not in {"that", "this", "all", "both", "many", "some", "few", "several", "others"}
        if self.is_a(before, "prepositions") and "ing" not in form:
            return True
        if "participle" in form and self.word(i + 1) == "by":
            return True
        if not form & {"base", "s"} or "past" in form:
            return False
        return before < 0 or (
            noun and ((before == i - 1 and self._adjective(before)) or self.word(i + 1) in {"of", "by", "from"})
        )

    def _adjective(self, i: int) -> bool:
        """A guess: a lower-case word with the ending of an adjective."""
        word = self.word(i)
        return not self.capitalised(i) and word.endswith(
            ("al", "ic", "ive", "ous", "ful", "less", "able", "ible", "ary", "ent", "ant", "est", "ish")
        )

    def subject(self, i: int, group: VerbGroup, earlier: bool) -> Subject | None:  # noqa: FBT001
        """Where the subject of the verb at `i` stands; `earlier`: a cue stands before it in the sentence."""
        before = group.first - 1
        if group.infinitive:
            return Subject(None if earlier else self.sentence_subject(before), "same" if earlier else "sentence")
        if group.participle:
            return self._participle_subject(i, before, earlier)
        word = self.word(before)
        if before < 0:
            return None
        if word in {"and", "or", "then", "but", "yet"}:
            return Subject(None if earlier else self.sentence_subject(before), "same" if earlier else "sentence")
        if word in {"who", "which", "that"}:
            return self._relative_subject(before)
        last = before if word == "," or word in _DASHES or word == ")" else before + 1
        if (
            word not in {",", ")"}
            and word not in _DASHES
            and self.is_a(before, "persons") | self.is_a(before, "groups") | self.is_a(before, "own_persons")
        ):
            return Subject((before, before + 1), "subject")
        first = self._subject_start(last)
        return Subject((first, last), "subject") if first < last else None

    def _participle_subject(self, i: int, before: int, earlier: bool) -> Subject | None:  # noqa: FBT001
        if earlier:
            return Subject(None, "same")
        if before < 0 or (self.word(before) == "," and not self.is_statement(0, before)):
            comma = self.find_ahead(i + 2, (",",), WINDOW)
            while comma is not None and not self.starts_statement(comma + 1):
                comma = self.find_ahead(comma + 1, (",",), WINDOW)
            if comma is not None:
                return Subject((comma + 1, min(comma + 9, self.size)), "sentence")
        return Subject(self.sentence_subject(before), "sentence")

    def _relative_subject(self, pronoun: int) -> Subject | None:
        last = pronoun - 1 if self.word(pronoun - 1) == "," else pronoun
        first = self._subject_start(last)
        if self.word(pronoun) != "who" and self.any_is(first, last, "documents"):
            return None
        return Subject((max(first, last - 12), last), "antecedent") if first < last else None

    def sentence_subject(self, limit: int) -> Range | None:
        """The stretch at the start of the sentence where its subject stands."""
        last = min(limit, WINDOW)
        head = next((k + 1 for k in range(min(last - 1, 7)) if self.word(k) in _DASHES), 0)  # "Turkey - ..."
        first = self._without_adverbials(head, last)
        return (first, last) if first < last else None

    def _subject_start(self, last: int) -> int:
        first = last
        while first > 0 and last - first < WINDOW and not self._clause_break(first - 1):
            first -= 1
        return self._without_statements(self._without_adverbials(first, last), last)

    def _clause_break(self, i: int) -> bool:
        if self.items[i].quotation >= 0 or (self.word(i) in _BREAKS) or self.word(i) in _STOPS:
            return True
        if self.is_a(i, "subordinators") and self.word(i) not in {
            "who",
            "which",
            "whose",
            "whom",
            "as",
            "where",
            "since",
            "after",
            "before",
        }:
            return self.word(i) != "that" or not (self.is_a(i - 1, "prepositions") or self.is_a(i + 1, "times"))
        return self.word(i) == "and" and self.word(i - 1) == "," and not self.is_a(i + 1, "roles")

    def _without_adverbials(self, first: int, last: int) -> int:
        """Step over "On 30 September,", "Addressing the nation on 4 October,", "However"."""
        while first < last:
            opener = self.is_a(first, "openers") or (
                self.word(first).endswith("ing") and first + 1 < last and not self.capitalised(first + 1)
            )
            if self.word(first) == ",":
                first += 1
            elif opener and (name := self._name_after_date(first, last)) is not None:
                return name
            elif opener and (comma := self._comma_before_subject(first, last)) is not None:
                first = comma + 1
            elif self.is_a(first, "openers") and not self.is_a(first, "prepositions"):
                first += 1
            elif opener and self._date_end(first) > first + 1:
                first = self._date_end(first)
            else:
                break
        return first

    def _comma_before_subject(self, first: int, last: int) -> int | None:
        comma = self.find_ahead(first, (",",), last - first)
        return comma if comma is not None and comma < last - 1 else None

    def _name_after_date(self, first: int, last: int) -> int | None:
        """The name in "In February 2009 Iven Stroud, chief of the watch, ...", where no comma ends the adverbial."""
        comma = self.find_ahead(first, (",",), last - first)
        for i in range(first + 2, comma if comma is not None else first):
            adjunct = self.word(i - 1)[:1].isdigit() or self.is_a(i - 1, "months") or not self.capitalised(i - 1)
            inside = self.is_a(i - 1, "prepositions") or self.is_a(i - 1, "determiners")
            if self.capitalised(i) and not self.is_a(i, "months") and adjunct and not inside:
                return i if comma is not None and self._apposition(comma + 1) else None
        return None

    def _apposition(self, i: int) -> bool:
        """Whether what follows a comma describes the name before it."""
        role = self.is_a(i, "roles") or (self.is_a(i, "determiners") and self.any_is(i, i + 5, "roles"))
        participle = self.word(i).endswith("ing") and not self.capitalised(i)
        return role or participle or self.word(i) in {"who", "whose", "which", "himself", "herself"} or i >= self.size

    def _date_end(self, first: int) -> int:
        i = first + 1
        while i < self.size and (self.is_a(i, "times") or self.is_a(i, "months") or self.word(i)[:1].isdigit()):
            i += 1
        return (
            i
            if i - first > 1
            and (i - first > 2 or self.word(i - 1)[:1].isdigit() or not self.is_a(i - 1, "determiners"))
            else first
        )

    def _without_statements(self, first: int, last: int) -> int:
        """Cut "Prices will rise, the ministry" to "the ministry"."""
        start, chunk = first, first
        for i in range(first, last):
            if self.word(i) == ",":
                if self.is_statement(chunk, i) and not self.is_a(chunk, "subordinators") and i + 1 < last:
                    start = i + 1
                chunk = i + 1
        return start

    # ------------------------------------------------------------ statements

    def is_statement(self, first: int, last: int) -> bool:
        """Whether a range looks like a clause: it holds a finite verb."""
        last = min(last, first + 2 * WINDOW)
        return last - first >= 2 and any(self._finite(i) for i in range(first, last))

    def _finite(self, i: int) -> bool:
        word = self.word(i)
        if self.capitalised(i) and i > 0:
            return False  # "14 May", "Will"
        if self.is_a(i, "finite"):
            return True
        verb = self.inventory.verbs.get(word)
        if verb and verb.form & {"past", "s"} and not self.is_a(i, "claims"):
            return not self.is_a(i - 1, "determiners")
        return len(word) > 4 and word.endswith("ed") and not self.capitalised(i) and not self.is_a(i - 1, "determiners")

    def starts_statement(self, i: int) -> bool:
        """Whether a clause with its own subject begins here."""
        if (
            i >= self.size
            or self.is_a(i, "prepositions")
            or self.is_a(i, "auxiliaries")
            or self.word(i) in {"that", ",", "and"}
        ):
            return False
        if self.items[i].quotation >= 0:
            return self._finite(i + 1)
        last = i
        while (
            last < min(self.size, i + 14)
            and self.word(last) not in {",", ";", ":", "."}
            and self.items[last].quotation < 0
        ):
            last += 1
        if self.is_a(i, "persons") or self.is_a(i, "groups") or self.word(i) in {"it", "there", "i", "we", "you"}:
            return last > i + 1
        return any(self._finite(k) or self._third_person(k) for k in range(i + 1, last))

    def _third_person(self, i: int) -> bool:
        """A guess at a present-tense verb: "-s" after a name or a singular noun, before a determiner or preposition."""
        word = self.word(i)
        return (
            word.endswith("s")
            and not word.endswith("ss")
            and not self.capitalised(i)
            and len(word) > 3
            and self.capitalised(i - 1)
            and (self.is_a(i + 1, "determiners") or self.is_a(i + 1, "prepositions"))
        )

    def new_statement(self, i: int) -> bool:
        """Whether the verb at `i` heads a new statement inside reported content ("..., while Y said ...")."""
        start = self.statement_start(i)
        return start < i and self.word(i) in self.inventory.verbs

    def statement_start(self, i: int) -> int:
        """Where the coordinated statement that holds the verb at `i` begins, or `i` when there is none."""
        for k in range(i - 1, max(i - 18, 0), -1):
            if self.items[k].quotation >= 0 or self._finite(k):
                return i
            if self.word(k) == ";":
                return k
            if self.word(k) in _NEW_STATEMENT and self.word(k - 1) in {",", ";"}:
                own = self.has_name((k + 1, i)) or self.is_a(k + 1, "determiners")
                return k - 1 if own and i - k > 1 else i
        return i

    def leading(self, i: int) -> bool:
        """Whether only adverbials stand before `i`."""
        return i <= 20 and not self.is_statement(0, i)

    def last_word(self) -> int:
        """The position after the last word."""
        last = self.size
        while last > 0 and not self.items[last - 1].is_word and self.items[last - 1].quotation < 0:
            last -= 1
        return last

    def ends_statement(self, i: int) -> bool:
        """Whether nothing reported follows: the end, a mark, or only circumstances ("on Monday", "in a speech")."""
        if i >= self.size or self.items[i].quotation >= 0 or not self.items[i].is_word:
            return True
        return (
            self._adverb(i)
            or self.word(i) in {"and", "when", "while", "as"}
            or (self.is_a(i, "prepositions") or self.is_a(i, "times"))
        )

    # ------------------------------------------------------------ neighbours

    def before_marks(self, i: int) -> int | None:
        """The last item before `i` that is no punctuation."""
        k = i - 1
        while k >= 0 and self.items[k].quotation < 0 and not self.items[k].is_word:
            k -= 1
        return k if k >= 0 else None

    def after_parenthesis(self, i: int) -> int | None:
        """The end of the sentence when the statement goes on after a comma at `i`."""
        comma = self.find_ahead(i, (",",), 12)
        return self.size if comma is not None and comma < self.last_word() - 1 else None

    def find_ahead(self, i: int, words: tuple[str, ...], reach: int) -> int | None:
        """The first of the words within reach, before the statement stops."""
        for k in range(max(i, 0), min(i + reach, self.size)):
            if self.word(k) in words:
                return k
            if self._stop(k) and self.word(k) != ".":
                return None
        return None

    def find_back(self, i: int, words: tuple[str, ...], reach: int) -> int | None:
        """The nearest of the words before `i`."""
        return next((k for k in range(i - 1, max(i - reach, -1), -1) if self.word(k) in words), None)

    def quotes_in(self, first: int, last: int) -> tuple[int, ...]:
        """The quotations of a range."""
        return tuple(self.quotes[bisect_left(self.quotes, first) : bisect_left(self.quotes, last)])

    def quote_ahead(self, i: int, reach: int) -> int | None:
        """The first quotation within reach of `i`, before a full stop."""
        for k in range(i, min(i + reach, self.size)):
            if self.items[k].quotation >= 0:
                return k
            if self._stop(k):
                return None
        return None

    def phrase_end(self, first: int, verb: int, *, inverted: bool = False) -> int:
        """Where the noun phrase that begins at `first` ends."""
        del verb
        ends = {
            "in",
            "on",
            "at",
            "during",
            "after",
            "when",
            "while",
            "to",
            "as",
            "who",
            "before",
            "last",
            "earlier",
            "yesterday",
            "today",
        }
        i = first
        while (
            i < self.size
            and self.items[i].quotation < 0
            and self.word(i) not in {",", ".", ";", ":", "(", ")"} | _DASHES
        ):
            if inverted and i > first and self.word(i) in ends:
                break
            if not inverted and i > first and self.word(i) in {"on", "during", "after", "before"}:
                break
            i += 1
            if i - first > 18:
                break
        return i

    def somebody(self, source: Range) -> bool:
        """Whether a range names a person or body: a name, a pronoun, a role."""
        pronoun = self.is_a(source[1] - 1, "persons") or self.is_a(source[1] - 1, "groups") or self.thing(source)
        return (
            pronoun
            or self.has_name(source)
            or any(self.any_is(*source, name) for name in ("roles", "bodies", "observers", "documents"))
        )

    def own_person(self, source: Range) -> bool:
        """Whether the narrator (or the reader) is the subject."""
        return self.is_a(source[1] - 1, "own_persons")

    def demonstrative(self, source: Range) -> bool:
        """Whether the subject is a bare "this", "that", "what"."""
        return source[1] - source[0] == 1 and self.word(source[0]) in {
            "this",
            "that",
            "these",
            "those",
            "what",
            "nothing",
            "which",
        }

    def thing(self, source: Range) -> bool:
        """Whether the subject is a bare "it"."""
        return source[1] - source[0] == 1 and self.is_a(source[0], "things")

    def own_wording(self, i: int) -> bool:
        """Whether a fixed phrase makes this the narrator's own saying ("it is safe to say")."""
        words = " ".join(["", *(self.word(k) for k in range(max(i - 5, 0), i + 1)), ""])
        return any(f" {phrase} " in words for phrase in self.inventory.openings["own"])

    def possessive_before(self, i: int) -> bool:
        """Whether a possessor stands right before `i`, an adjective apart."""
        return any(
            0 <= k < self.size and (self.items[k].possessive or self.word(k) in {"his", "her", "its", "their", "our"})
            for k in (i - 1, i - 2)
        )


def verb_at(clause: Clause, i: int) -> VerbForm | None:
    """The reporting verb at a position, if there is one."""
    return clause.inventory.verbs.get(clause.word(i))
