"""One sentence, as far as attribution needs it: its items and simple questions about them.

There is no parser here: closed word classes and a bounded look to either side. Positions are those of the items.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeAlias

from qa_bot.perspective.items import Item
from qa_bot.perspective.reporting.inventory import inventory

Range: TypeAlias = tuple[int, int]  # items [first, last)

WINDOW = 45  # items a subject may reach back
STOPS = frozenset(".;!?")
DASHES = frozenset("-–—")
_NEW_STATEMENT = frozenset({"while", "whereas", "but", "although", "though", "and"})
_VIEWS = frozenset(
    {
        "words",
        "view",
        "opinion",
        "eyes",
        "judgment",
        "judgement",
        "estimation",
        "according",
        "account",
        "version",
        "telling",
        "reading",
    }
)
_CIRCUMSTANCE = frozenset({"after", "before", "until", "when", "while", "because", "although"})
_IN_NAMES = frozenset("&/’'")
_AFTER_PHRASE = frozenset({"on", "during", "after", "before", "until"})
_AFTER_INVERTED = _AFTER_PHRASE | frozenset("in at when while to as who last earlier yesterday today".split())
_SOMEBODY = ("roles", "bodies", "observers", "documents", "media", "kin", "folk")
_NO_INFINITIVE = ("determiners", "prepositions", "persons", "groups", "things", "own_persons", "numerals", "months")
_NOUN_AFTER = frozenset("the a an his its their our my your".split())
_OBJECTS = frozenset("him them us half barely one each other others everyone everybody anyone anybody nobody".split())
_CLASSES = ("vague_adverbs", "claims", "of", "speech", "documents", "rumoured", "accounts")


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

    def any_word(self, first: int, last: int, words: AbstractSet[str]) -> bool:
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
        while i < self.size and self.adverb(i):
            i += 1
        return i

    def adverb(self, i: int) -> bool:
        """Whether a word is an adverb: a known one, or a lower-case word in "-ly"."""
        word = self.word(i)
        manner = word.endswith("ly") and len(word) > 4 and not self.capitalised(i)
        return self.is_a(i, "adverbs") or (manner and not self.is_a(i, "not_adverbs"))

    def infinitive(self, i: int) -> bool:
        """Whether "to" at `i` opens an infinitive: "to leave", not "to the council", "to Ada", "to two of them"."""
        verb = self.skip_adverbs(i + 1)
        closed = any(self.is_a(verb, name) for name in _NO_INFINITIVE) or self.word(verb) in _OBJECTS
        word = verb < self.size and self.items[verb].is_word and not self.word(verb)[:1].isdigit()
        return self.word(i) == "to" and word and not closed and not self.capitalised(verb)

    def stop(self, i: int) -> bool:
        """Whether a mark ends a statement."""
        return self.word(i) in STOPS

    # ------------------------------------------------------------ statements

    def is_statement(self, first: int, last: int) -> bool:
        """Whether a range looks like a clause: it holds a finite verb."""
        last = min(last, first + 2 * WINDOW)
        return last - first >= 2 and any(self.finite(i) for i in range(first, last))

    def finite(self, i: int) -> bool:
        """Whether a word looks like a finite verb: a known form, or a lower-case word in "-ed"."""
        word = self.word(i)
        if self.capitalised(i) and i > 0:
            return False  # "14 May", "Will"
        if self.is_a(i, "finite"):
            return self.word(i - 1) not in _NOUN_AFTER  # "the will", "a lie"
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
            return self.finite(i + 1)
        last = i
        while last < min(self.size, i + 14) and self.items[last].quotation < 0:
            aged = self.word(last + 1).isdigit() and self.word(last + 2) == ","  # "the man, 34, fired"
            stops = self.word(last) in _CIRCUMSTANCE and last > i + 1
            if stops or self.word(last) in {";", ":", "."} or (self.word(last) == "," and not aged):
                break
            last += 3 if self.word(last) == "," else 1
        if self.is_a(i, "persons") or self.is_a(i, "groups") or self.word(i) in {"it", "there", "i", "we", "you"}:
            return last > i + 1
        return any(self.finite(k) or self._third_person(k) for k in range(i + 1, last))

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
            if self.items[k].quotation >= 0 or self.finite(k):
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
            self.adverb(i)
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
            if self.stop(k) and self.word(k) != ".":
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
            if self.stop(k):
                return None
        return None

    def phrase_end(self, first: int, *, inverted: bool = False) -> int:
        """Where the noun phrase that begins at `first` ends; `inverted`: it stands after its verb ("said X in ...")."""
        i = first
        while i < self.size and i - first <= 18 and (self.items[i].is_word or self.word(i) in _IN_NAMES):
            if i > first and self.word(i) in (_AFTER_INVERTED if inverted else _AFTER_PHRASE):
                break
            i += 1
        return i

    def somebody(self, source: Range) -> bool:
        """Whether a range names a person or body: a name, a pronoun, a role."""
        pronoun = self.is_a(source[1] - 1, "persons") or self.is_a(source[1] - 1, "groups") or self.thing(source)
        return pronoun or self.has_name(source) or any(self.any_is(*source, name) for name in _SOMEBODY)

    def own_person(self, source: Range) -> bool:
        """Whether the narrator (or the reader) is the subject."""
        return self.word(source[1] - 1).partition("'")[0] in self.inventory.classes["own_persons"]  # "I'd"

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
