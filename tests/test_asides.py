"""What is said to the program, or asked of the documents themselves: told what they are, with no quotation."""

import json
import re

import pytest

from qa_bot import QaBot
from qa_bot.answering import ASIDES
from qa_bot.bot import update_index
from qa_bot.chat.answer_card import answer_card
from qa_bot.chat.turns import answer_of, turn_of
from qa_bot.chat.wording import say
from qa_bot.conversation import aside_of
from qa_bot.corpus import Corpus, make_document
from qa_bot.perspective import loaded_in
from qa_bot.perspective.notes.documents import MOST_NAMED
from qa_bot.rendering.parsing import answer_from
from qa_bot.rendering.payload import answer_payload
from qa_bot.rendering.text import answer_text
from qa_bot.types import Aside, Parties, Status

from .chat.markup import Page
from .conftest import ROOT
from .fakes import HashingEncoder

TOWNS = ("Arn", "Bell", "Corr", "Dane", "Eck", "Ford", "Gale")

OF_THE_DOCUMENTS = (
    "Is this document biased?",
    "is this account neutral or biased",
    "Are these sources reliable?",
    "How reliable is this text?",
    "Who wrote this?",
    "who is the author",
    "Who’s the narrator?",
    "When was this article written?",
    "What is this about?",
    "Whose side is this book on?",
    "From whose point of view is the text written?",
    "Can I trust this source?",
    "What kind of document is this?",
    "Which documents do you have?",
    "What are your sources?",
    "Is this propaganda?",
    "Does this account take sides?",
    "What is the date of the document?",
    "What are the limitations of this source?",
    "What does the account leave out?",
    "Is the account balanced?",
    "What is the bias of this source?",
    "Where does your information come from?",
)
TO_THE_PROGRAM = (
    "hello",
    "Hi there!",
    "Good morning",
    "thanks",
    "Thank you very much!",
    "Who are you?",
    "What can you do?",
    "help",
    "What can I ask you?",
    "How does this work?",
    "Are you a human?",
    "Are you biased?",
    "Summarise this document, please.",
    "Can you write a summary of this text?",
    "tell me a joke",
)
OF_WHAT_THEY_TELL = (
    "Is the ceasefire statement biased?",
    "Who wrote the letter?",
    "Who published the report?",
    "What is this war about?",
    "When was the statement written?",
    "Whose side was the mayor on?",
    "Can I trust the ministry?",
    "Who is the author of the Accord?",
    "What can the river board do?",
    "What did the narrator say about the weir?",
    "Is it true?",
    "Was it fair?",
    "and in Ganja?",
    "why?",
    "Who helped?",
    "Which sources does the ministry name?",
    "What is the source of the Tane?",
    "hello from Orsel, who was the mayor?",
    "What was this document about the weir?",
    "Who made this decision?",
    "Whose account of the attack is right?",
)


@pytest.mark.parametrize(
    ("said", "aside"),
    [
        *((said, Aside.SOURCE) for said in OF_THE_DOCUMENTS),
        *((said, Aside.TOOL) for said in TO_THE_PROGRAM),
        *((said, None) for said in OF_WHAT_THEY_TELL),
    ],
)
def test_an_aside_is_told_from_a_question(said, aside):
    assert aside_of(said) is aside


def test_no_question_of_the_sets_is_an_aside():
    files = sorted([*ROOT.glob("corpus/questions/*.jsonl"), *ROOT.glob("examples/**/questions*.jsonl")])
    asked = [json.loads(line)["question"] for file in files for line in file.read_text().splitlines()]
    assert len(asked) > 300
    assert [question for question in asked if aside_of(question)] == []


@pytest.mark.parametrize(("said", "aside"), [("Who wrote this?", Aside.SOURCE), ("hello", Aside.TOOL)])
def test_the_reply_says_what_the_documents_are_and_quotes_nothing(bot, said, aside):
    told = []
    answer = bot.ask(said, history=("Who took Shusha?",), on_retrieved=told.append)
    assert told == [()]
    assert (answer.status, answer.aside, answer.shown) == (Status.NOT_IN_SOURCES, aside, ())
    assert answer.text.startswith(ASIDES[aside])
    assert '"The Second Karabakh War", an account written from Azerbaijan\'s official point of view' in answer.text
    assert ("author: unknown" in answer.text) is (aside is Aside.SOURCE)
    assert ("Names no author" in answer.text) is (aside is Aside.SOURCE)
    assert loaded_in(re.sub(r'"[^"]*"', "", answer.text)) == ()
    assert answer_from(answer_payload(answer)) == answer
    assert " ".join(answer_text(answer).split()) == answer.text
    card = Page(answer_card(answer, turn=1, paragraphs=())).text
    assert answer.perspective_note in card
    assert say("card.compare") not in card
    again = answer_of(turn_of(answer), bot)
    assert (again.aside, again.perspective_note) == (aside, answer.perspective_note)


def test_a_side_for_which_no_document_speaks_is_told(bot):
    answer = bot.ask("Is this biased?", parties=("Armenia",))
    assert answer.text.endswith("No document in this corpus speaks for Armenia.")
    assert "The Second Karabakh War" not in answer.text


def test_only_the_documents_asked_are_named(tmp_path):
    documents = tuple(make_document(f"d{n}", f"The weir of {town}\n\nIt leaks.") for n, town in enumerate(TOWNS))
    update_index(Corpus(documents, Parties()), tmp_path, HashingEncoder())
    bot = QaBot.load(tmp_path, encoder=HashingEncoder())
    every = bot.ask("Is this biased?").text
    assert [d.title for d in bot.documents if d.title in every] == [d.title for d in bot.documents[:MOST_NAMED]]
    assert every.endswith("; 2 more.")
    answer = bot.ask("Is this biased?", doc_ids=("d6",))
    assert [d.title for d in bot.documents if d.title in answer.text] == ["The weir of Gale"]
    assert "perspective is not declared" in answer.text
    assert answer.text.startswith('The question\'s own wording, not adopted here: "biased".')
