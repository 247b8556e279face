"""What a question asks for once the conversation and the corpus's names are taken in.

No text is generated: the resolved question is the question as typed, its spelling, numbers and names in the corpus's
own form, and the words that a follow-up leaves out, taken from the questions before it.
"""

from qa_bot.conversation.asides import aside_of
from qa_bot.conversation.days import days_in
from qa_bot.conversation.resolution import resolve, with_names
from qa_bot.conversation.speaker import Wanted, speaker_wanted
from qa_bot.conversation.spelling import repaired
from qa_bot.conversation.vocabulary import Vocabulary, Words, edition

__all__ = [
    "Vocabulary",
    "Wanted",
    "Words",
    "aside_of",
    "days_in",
    "edition",
    "repaired",
    "resolve",
    "speaker_wanted",
    "with_names",
]
