"""Accounts and hearsay: whose version or word it is where nobody "says" anything, in invented prose."""

import pytest

from qa_bot.types import Voice

from .decided import assert_attributed, decided

TOLD = {
    # ------------------------------------------------ in whose version
    "In the official Marl account a patrol was fired upon at the lock.": "the official Marl account",
    "In the doctrine of the Synod the flood was a trial.": "the Synod",
    "In the newspapers of Marl the retreat was a march.": "Marl",
    "In Marl historiography the siege figures as a rescue.": "Marl historiography",
    "According to the register of the parish the twins were born in May.": "the register of the parish",
    # ------------------------------------------------ on whose word
    "The cells, as is known from the testimony of deserters, had no windows.": "the testimony of deserters",
    "As it is clear from captured letters, the ford was never held.": "captured letters",
    "As appears from the log, the pumps had failed.": "the log",
    "If one adds up the bulletins of the staff, the regiment died twice.": "the bulletins of the staff",
    "On the word of the ferryman the boat was empty.": "the ferryman",
    "On the widow's evidence, the lamp was out.": "the widow",
    # ------------------------------------------------ what is heard
    "By all accounts the night was quiet.": None,
    "You will hear in the market that it was an accident.": None,
    "One hears of a second list.": None,
    "I have heard it said that the bell was sold.": None,
    "The story goes that the bell was cast in a night.": None,
    "The bulletin had it that the pass was open.": "The bulletin",
    "The pass was open, if his aides are right.": "his aides",
    "The pass was open, if you ask the Chancery.": "the Chancery",
    "Judging by the log, the engine had stopped.": "the log",
    "The engine had stopped, to judge by her letters.": "her letters",
    "It appears from the clerk's letters that the town was empty.": "the clerk",
    "It emerged at the trial that the order had been oral.": None,
    "From the log we learn that the engine had stopped.": "the log",
    "The court heard that the order had been oral.": None,
    "We were given to understand that the dam would hold.": None,
    "I learned from a carter that the dam would hold.": "a carter",
    "My father's view was that the dam was hollow.": "My father",
    "The Marl view is that the dam was hollow.": "The Marl",
    "The flood, in the language of the Chancery, was a swelling.": "the Chancery",
    # ------------------------------------------------ officially, and what is demanded
    "Officially it was a drill.": None,
    "The union's demand was to be heard.": "The union",
    # ------------------------------------------------ who insists
    "The court was satisfied that the will was void.": "The court",
    "The historians are certain that the bridge was mined.": "The historians",
    "The family is adamant that he was at home.": "The family",
    "The jury was unanimous in calling it an accident.": "The jury",
    # ------------------------------------------------ a claim set apart from its "that"
    "The contention of the owners that the dam was sound found few friends.": "the owners",
    "The claim, common in the Marl press, that the bridge was mined fared no better.": "the Marl press",
    "The claim, that the bridge was mined, fared no better.": None,
}

OWN = {
    "by account": "In the account of 1902 the sum was entered twice.",
    "in a press": "In the press of the moment he left his hat.",
    "as known": "The hill, as is well known, has no spring.",
    "known from": "The hill is known from afar.",
    "as clear from the height": "As is clear from the height of the walls, it was a rich town.",
    "adds up": "If one adds up the hours, it is a week.",
    "hanged on the word": "He was hanged on the word of the ferryman.",
    "on evidence": "On the evidence of the mud, the water was high.",
    "heard": "We heard that night the guns of the fort.",
    "hears music": "One hears the river from every room.",
    "if you hear": "If you hear that the bell has stopped, run.",
    "unanimous": "The vote was unanimous.",
    "news that came": "The news that came in May was bad.",
    "letter from": "The letter from her brother that lay on the table was wet.",
    "widespread opinion": "There is a widespread opinion that the dam was sound.",
    "rumours caused": "Rumours of gold led to the death of forty men.",
    "sure": "The boy was sure that the door was locked.",
    "word given": "The word given was kept.",
    "if you ask him": "If you ask the ferryman, he takes you across.",
    "clear from the first": "It was clear from the first that the bridge was lost.",
    "officially opened": "Officially opened in May, the bridge was closed by June.",
    "judged by a wall": "Judging by the height of the wall, it was a prison.",
    "if they are right": "If the angles are right, the wall stands.",
    "court heard a case": "The court heard the case in May.",
    "it emerged": "It emerged that the well was dry.",
    "appears": "It appears that the well was dry.",
    "luck had it": "Luck had it that the gate was open.",
    "lie that cost": "The lie that cost him his post was a small one.",
    "explanation that he gave": "The explanation that he gave was accepted.",
    "answer, that winter": "The answer, that winter, was hunger.",
    "carried the words": 'The bell carried the words "Greetings from the founder".',
}


@pytest.mark.parametrize(("text", "named"), TOLD.items())
def test_what_is_so_by_somebodys_account_is_attributed_to_him(text, named):
    assert_attributed(text, named)


@pytest.mark.parametrize("text", OWN.values(), ids=OWN)
def test_what_is_nobodys_account_is_the_narrators(text):
    assert decided(text)[0] is Voice.NARRATOR
