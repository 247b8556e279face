"""The question to search for."""

import re
from collections.abc import Sequence

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
    for turn in (*history[-MAX_TURNS:], question):
        asked = repaired(vocabulary.forms.put(turn), vocabulary)
        turns.append(_bounded(completed(asked, turns, vocabulary), asked))
    return _bounded(with_names(turns[-1], vocabulary), turns[-1])


def with_names(question: str, vocabulary: Vocabulary) -> str:
    """The question followed by the corpus's own form of each name that it writes otherwise."""
    found: list[str] = []
    searched = question
    for word in WORD.finditer(question):
        first = word.group().lower()
        aliases = vocabulary.aliases_by_first_word
        for alias in (*aliases.get(first, ()), *(aliases.get(bare(first), ()) if bare(first) != first else ())):
            typed = question[word.start() : word.start() + len(alias)]
            name = vocabulary.aliases[alias]
            if (typed if alias.isupper() else typed.lower()) != alias or name.lower() in searched.lower():
                continue
            if not re.match(r"\w", question[word.start() + len(alias) :]):
                found.append(name)
                searched = f"{searched} {name}"
    if not found:
        return question
    if question.endswith(")") and " (" in question:  # one parenthesis for all that was added
        return f"{question[:-1]}, {', '.join(found)})"
    return f"{question} ({', '.join(found)})"


def _bounded(resolved: str, asked: str) -> str:
    return resolved if len(resolved) <= MAX_RESOLVED else asked
