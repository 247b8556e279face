"""The question to search for."""

import re
from collections.abc import Sequence

from qa_bot.conversation.asides import aside_of
from qa_bot.conversation.follow_ups import completed
from qa_bot.conversation.spelling import repaired
from qa_bot.conversation.vocabulary import Vocabulary
from qa_bot.conversation.words import WORD, bare

MAX_RESOLVED = 1_000  # characters
MAX_TURNS = 6  # earlier questions that are taken in


def resolve(question: str, history: Sequence[str], vocabulary: Vocabulary) -> str:
    """The question to search for: spelling, numbers and names in the corpus's form, completed from earlier questions.

    `history` are earlier questions, oldest first. At most MAX_RESOLVED characters, or as many as the question has.
    """
    turns: list[str] = []
    asked_before = [turn for turn in history if not aside_of(turn)]  # "thanks" is no subject of what follows
    for turn in (*asked_before[-MAX_TURNS:], question):
        asked = repaired(vocabulary.forms.put(turn), vocabulary)
        turns.append(_bounded(completed(asked, turns, vocabulary), asked))
    return _bounded(with_names(turns[-1], vocabulary), turns[-1])


def with_names(question: str, vocabulary: Vocabulary) -> str:
    """The question with each name as the corpus writes it, where the corpus never has the one typed.

    So a place gets the same answer by the name that either side has for it. A name that the question has already is
    not put in again.
    """
    parts: list[str] = []
    end = 0
    for word in WORD.finditer(question):
        alias = _alias_at(question, word, vocabulary) if word.start() >= end else None
        if alias and vocabulary.aliases[alias].lower() not in question.lower():
            parts += [question[end : word.start()], vocabulary.aliases[alias]]
            end = word.start() + len(alias)
    return "".join((*parts, question[end:]))


def _alias_at(question: str, word: re.Match[str], vocabulary: Vocabulary) -> str | None:
    """The longest name used elsewhere that begins with a word of the question."""
    first = word.group().lower()
    aliases = vocabulary.aliases_by_first_word
    known: list[str] = aliases.get(first, []) + (aliases.get(bare(first), []) if bare(first) != first else [])
    for alias in known:
        end = word.start() + len(alias)
        typed = question[word.start() : end]
        if (typed if alias.isupper() else typed.lower()) == alias and not re.match(r"\w", question[end:]):
            return alias
    return None


def _bounded(resolved: str, asked: str) -> str:
    return resolved if len(resolved) <= MAX_RESOLVED else asked
