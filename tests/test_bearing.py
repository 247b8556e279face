"""Whose words and which day a question asks for, and what that makes of a ranking."""

from calendar import month_name

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot import QaBot
from qa_bot.bearing import ANOTHERS, NARRATED, OTHER_DAY, OWN, SAME_DAY, with_bearing
from qa_bot.bot import update_index
from qa_bot.conversation import days_in, speaker_wanted
from qa_bot.corpus import Corpus, make_document
from qa_bot.index import load_index
from qa_bot.types import Actor, ActorKind, Parties, Party, Status

from .fakes import HashingEncoder

WANTED = {
    "what did the mayor of Orsel say about the weir?": ("mayor", "Orsel"),
    "According to Ada Holm, who broke the truce?": ("Ada", "Holm"),
    "kabul's demand": ("kabul",),
    "reaction of the Maravels to the raid": ("Maravels",),
    "islamabad statement": ("islamabad",),
    "how did Fellgate react?": ("Fellgate",),
    "is the abbess saying that it was burnt": ("abbess",),
    "Hoagland on who took whose land": ("Hoagland",),
}
NOBODY = [
    "who claimed that the mayor broke the truce",
    "which minister has said that the weir is shut",
    "when was the weir built?",
    "were Maravels called up?",
    "what did they say?",
    "how many tanks were lost",
    "",
]


@pytest.mark.parametrize("question", WANTED)
def test_a_question_names_whose_words_it_asks_for(question):
    assert speaker_wanted(question).words == WANTED[question]


@pytest.mark.parametrize("question", NOBODY)
def test_a_question_that_asks_for_nobodys_words_names_none(question):
    assert speaker_wanted(question) is None


@given(st.text(max_size=300))
def test_any_question_is_read(question):
    wanted = speaker_wanted(question)
    assert wanted is None or all(word in question for word in wanted.words)
    assert all(1 <= day // 100 <= 12 and 1 <= day % 100 <= 31 for day in days_in(question))


DAYS = {
    "on 8, 9 and 10 May": [508, 509, 510],
    "May 8-10": [508, 509, 510],
    "between 30 April and 2 May": [430, 501, 502],
    "from 30 April to 2 May": [430, 501, 502],
    "on 2020-11-10": [1110],
    "on 10/11/2020": [1011, 1110],
    "the 5th and 6th of June": [605, 606],
    "in May 2014 ten men": [],
    "30 February": [],
}


@pytest.mark.parametrize("text", DAYS)
def test_days_are_found_in_every_form(text):
    assert sorted(days_in(text)) == DAYS[text]


def test_the_day_after_a_date_is_spoken_of_too():
    assert days_in("It fell on 8 May. The next day they signed.") >= {508, 509}
    assert days_in("It fell on 8 May. They signed.") == {508}


TEXT = """The gates

Ada Holm spoke first. "Open the gates again. Open all gates."

Ben Rusk answered. "Shut the gates again. Shut all gates."

The gates were opened on 4 May. The gates were painted on 9 June."""


@pytest.fixture(scope="module")
def bot(tmp_path_factory):
    people = (Actor(n, ActorKind.PERSON, party=p) for n, p in (("Ada Holm", "Orsel"), ("Ben Rusk", "Maravel")))
    parties = Parties((Party("Orsel", ("Orsels",)), Party("Maravel", ("Maravels",))), tuple(people))
    folder, encoder = tmp_path_factory.mktemp("index"), HashingEncoder(dim=64)
    update_index(Corpus((make_document("gates", TEXT),), parties), folder, encoder)
    return QaBot(load_index(folder), encoder)


def bearings(bot, question):
    ranking = with_bearing(bot.rank(question), bot.index, bot._retriever.speakers)
    sentences = bot.outline("gates").sentences
    return {sentences[s.sentence].span.of(TEXT): s.bearing for s in ranking.sentences}


@pytest.mark.parametrize(("who", "own", "others"), [("the Orsels", "Open", "Shut"), ("Ben Rusk", "Shut", "Open")])
def test_somebodys_words_are_looked_for_among_his_own(bot, who, own, others):
    question = f"what did {who} say about the gates?"
    found = bearings(bot, question)
    told = [bearing for quote, bearing in found.items() if quote.lstrip('"').startswith(own)]
    denied = [bearing for quote, bearing in found.items() if quote.lstrip('"').startswith(others)]
    assert told == [OWN.relevance] * 2
    assert denied == [ANOTHERS.relevance] * 2
    assert found["The gates were opened on 4 May."] == NARRATED.relevance
    assert bot.search(question, limit=1)[0].quote.lstrip('"').startswith(own)


def test_what_happened_on_a_day_is_looked_for_on_that_day(bot):
    found = bearings(bot, "what was done with the gates on 9 June?")
    assert found["The gates were painted on 9 June."] == SAME_DAY.relevance
    assert found["The gates were opened on 4 May."] == OTHER_DAY.relevance


def test_a_question_for_nobodys_words_and_no_day_is_ranked_as_it_was(bot):
    ranking = bot.rank("were the gates opened?")
    assert with_bearing(ranking, bot.index, bot._retriever.speakers) is ranking


def test_a_day_that_no_document_speaks_of_is_said_not_to_be_mentioned(bot):
    answer = bot.ask("what was done with the gates on 7 July?")
    assert answer.status is Status.NOT_IN_SOURCES
    assert answer.unheard == ("7 July",)
    assert "“7 July”" in answer.text
    assert bot.ask("what was done with the gates on 4 May?").unheard == ()


@given(st.integers(1, 12), st.integers(1, 28))
def test_every_written_day_is_found_whichever_comes_first(month, day):
    name = month_name[month]
    forms = (f"on {day} {name}", f"on {name} {day}", f"on the {day}th of {name}", f"on 2020-{month:02}-{day:02}")
    assert [days_in(form) for form in forms] == [{100 * month + day}] * 4
