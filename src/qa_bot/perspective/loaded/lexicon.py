"""Loaded words in a text: found by the curated lexicon, each with its reason and with whose word it is.

One pass over the words: at each word the longest form of the lexicon that starts there and whose guards allow it.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from qa_bot.perspective.loaded.scare_quotes import scare_quotes
from qa_bot.perspective.loaded.vocabulary import Guard, Lemma, Sequences, tree
from qa_bot.perspective.stretches import Stretches
from qa_bot.perspective.words import Words
from qa_bot.types import LoadedTerm, Outline, Span, Voice, VoicedSpan

WINDOW_AFTER, WINDOW_BEFORE = 3, 2  # words around a lemma in which `near` looks
_LONGEST_GAP = 3  # characters between two words of a phrase: a space, a hyphen, a line break
_CLAUSE_END = frozenset(".!?;\n")
_LINKING = frozenset({"of", "the", "for", "and"})
# A capitalised word before one of these is part of a name, also at the start of a sentence.
_NAME_HEADS = frozenset(
    "army armies avenue award brigade brigades cathedral cemetery church city committee congress council day division "
    "fighters force forces foundation front group island lane league medal memorial monument movement mountain museum "
    "order organisation organization park party prize regiment river road school square stadium station street tigers "
    "union university".split()
)

_Owner = Callable[[int], Voice]


def loaded_terms(text: str, outline: Outline, voices: Sequence[VoicedSpan]) -> tuple[LoadedTerm, ...]:
    """The loaded words of a document and its scare quotes, in order, none overlapping another.

    The owner of a term is the voice of the stretch in which it stands.
    """
    owner = Stretches(voices).voice
    sentence_starts = frozenset(sentence.span.start for sentence in outline.sentences)
    terms = list(_lexicon_terms(text, sentence_starts, owner))
    return tuple(_merged(terms, scare_quotes(text, owner)))


def loaded_in(text: str) -> tuple[LoadedTerm, ...]:
    """The loaded words of a text that is all one voice, such as a question or a template; no scare quotes."""
    return tuple(_lexicon_terms(text, frozenset(), lambda _: Voice.NARRATOR))


def _lexicon_terms(text: str, sentence_starts: frozenset[int], owner: _Owner) -> Iterator[LoadedTerm]:
    words = Words.of(text)
    position = 0
    while position < len(words):
        found = _longest(words, position, sentence_starts, owner)
        if found is None:
            position += 1
            continue
        lemma, after = found
        span = Span(words.starts[position], words.ends[after - 1])
        yield LoadedTerm(span, span.of(text), lemma.lemma, lemma.category, lemma.reason, owner(span.start))
        position = after


def _longest(words: Words, position: int, sentence_starts: frozenset[int], owner: _Owner) -> tuple[Lemma, int] | None:
    """The lemma whose longest form starts at a word, and the position after it."""
    opens = _opens_sentence(words, position, sentence_starts)
    for lemma, after in reversed(list(_candidates(words, position))):
        if after - position == 1 and _part_of_name(words, position, opens=opens):
            continue
        if lemma.guard.lowercase and not opens and words.capitalised(position):
            continue
        if lemma.guard.narrator and owner(words.starts[position]) is not Voice.NARRATOR:
            continue
        if _allowed(lemma.guard, words, position, after):
            return lemma, after
    return None


def _candidates(words: Words, position: int) -> Iterator[tuple[Lemma, int]]:
    node, after = tree(), position
    while after < len(words) and (after == position or _joined(words.gap(after))):
        child = node.children.get(words.folded[after])
        if child is None:
            return
        node, after = child, after + 1
        if node.lemma is not None:
            yield node.lemma, after


def _joined(gap: str) -> bool:
    return len(gap) <= _LONGEST_GAP and gap.count("\n") <= 1 and not gap.strip(" \t\n\r\u00a0-‐‑")


def _opens_sentence(words: Words, position: int, sentence_starts: frozenset[int]) -> bool:
    if position == 0 or words.starts[position] in sentence_starts:
        return True
    gap = words.gap(position)
    return any(mark in gap for mark in '.!?:;\n"“”«»„')


def _part_of_name(words: Words, position: int, *, opens: bool) -> bool:
    if not words.capitalised(position):
        return False
    following = position + 1
    beside = following < len(words) and words.capitalised(following) and words.gap(following).strip("’'- ") == ""
    if beside and (not opens or words.folded[following] in _NAME_HEADS):
        return True
    return not opens and _follows_name(words, position)


def _follows_name(words: Words, position: int) -> bool:
    """Whether a capitalised word stands before, perhaps with "of the" between: Avenue of Martyrs."""
    for before in range(position - 1, max(position - 4, -1), -1):
        if words.gap(before + 1).strip():
            return False
        if words.folded[before] not in _LINKING:
            return words.capitalised(before)
    return False


def _allowed(guard: Guard, words: Words, position: int, after: int) -> bool:
    if _stands_at(guard.not_before, words, after) or _ends_at(guard.not_after, words, position):
        return False
    behind = _window(words, after, WINDOW_AFTER)
    if guard.followed_by and not _any_in(guard.followed_by, words, behind):
        return False
    around = (*_window_before(words, position), *behind)
    if guard.not_near and _any_in(guard.not_near, words, around):
        return False
    return not guard.near or _any_in(guard.near, words, around)


def _stands_at(rows: Mapping[str, Sequences], words: Words, position: int) -> bool:
    if position >= len(words):
        return False
    begun = rows.get(words.folded[position], ())
    return any(words.folded[position : position + len(row)] == row for row in begun)


def _ends_at(rows: Mapping[str, Sequences], words: Words, position: int) -> bool:
    ended = rows.get(words.folded[position - 1], ()) if position else ()
    return any(words.folded[max(position - len(row), 0) : position] == row for row in ended)


def _any_in(rows: Mapping[str, Sequences], words: Words, positions: Iterable[int]) -> bool:
    return any(_stands_at(rows, words, position) for position in positions)


def _window(words: Words, first: int, size: int) -> list[int]:
    found = []
    for position in range(first, min(first + size, len(words))):
        if _CLAUSE_END.intersection(words.gap(position)):
            break
        found.append(position)
    return found


def _window_before(words: Words, position: int) -> list[int]:
    found = []
    for before in range(position - 1, max(position - 1 - WINDOW_BEFORE, -1), -1):
        if _CLAUSE_END.intersection(words.gap(before + 1)):
            break
        found.append(before)
    return found


def _merged(terms: Sequence[LoadedTerm], quotes: Iterable[LoadedTerm]) -> list[LoadedTerm]:
    """Both in order of position; a scare quote gives way to a term that it overlaps."""
    starts = [term.span.start for term in terms]
    kept = []
    for quoted in quotes:
        beside = range(max(bisect_left(starts, quoted.span.start) - 1, 0), bisect_left(starts, quoted.span.end))
        if not any(terms[index].span.overlaps(quoted.span) for index in beside):
            kept.append(quoted)
    return sorted([*terms, *kept], key=lambda term: term.span)
