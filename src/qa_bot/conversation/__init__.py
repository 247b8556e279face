"""What a question asks for once the conversation and the corpus's names are taken in.

No text is generated: the resolved question is the question as typed, its spelling, numbers and names in the corpus's
own form, and the words that a follow-up leaves out, taken from the questions before it.
"""

from qa_bot.conversation.asides import aside_of
from qa_bot.conversation.resolution import resolve, with_names
from qa_bot.conversation.spelling import repaired
from qa_bot.conversation.vocabulary import Vocabulary, Words, edition

__all__ = ["Vocabulary", "Words", "aside_of", "edition", "repaired", "resolve", "with_names"]
