"""Evidence phrases: whose word or paper a statement rests on, in invented prose."""

import pytest

from qa_bot.perspective.speech.voices import voices_of
from qa_bot.segmentation import outline
from qa_bot.types import Document, Outline, Parties, Resolution, Voice

from .decided import assert_attributed, decided

TOLD = {
    "By its own count the regiment lost seven hundred men.": "its",
    "By the Ministry's account she was under fire by then.": "the Ministry",
    "The bridge cost, by the council's own figures, nine thousand crowns.": "the council",
    "The regiment lost seven hundred men by its own reckoning.": "its",
    "In the mayor's telling the gate was open.": "the mayor",
    "If one believes the captured papers, there was a second plan.": "the captured papers",
    "There was a second plan, if you may trust the papers.": "the papers",
    "If the widow is to be believed, they came at night.": "the widow",
    "The first shot, as our books have it, was fired from post seven.": "our books",
    "As the family would have it, he had never left the town.": "the family",
    "The Ministry would have it that the shells were blanks.": "The Ministry",
    "The Ministry would have us believe that the shells were blanks.": "The Ministry",
    "The colonel's view was that the ford could not be held.": "The colonel",
    "The verdict of the board is that the dam was sound.": "the board",
    "The official line is that the shells were blanks.": None,
    "The word in the market was that the ford had fallen.": None,
}

OWN = [
    "He was convicted by his own testimony.",
    "He was convicted yesterday by his own testimony.",
    "The treasury was drained in a year by the king's account.",
    "By the town's traffic one knows that it is Monday.",
    "By its count of the dead the town is known.",
    "By yesterday's count the town had nine wells.",
    "By our own reckoning the ford was lost.",
    "He stayed at home on his mother's account.",
    "She kept the coins in her account book.",
    "If one believes in ghosts, the tower is full of them.",
    "If you believe it, stay.",
    "If the widow is not to be believed, nobody is.",
    "As luck would have it, the gate was open.",
    "As they had it in the cellar, the barrel was sold.",
    "What the men wanted was bread.",
    "What the men found was that the well was dry.",
    "What the hole suggests is that the wall was thin.",
    "In spring one sees how the river moves.",
    "Our view is that the ford was lost.",
    "Her answer was no.",
    "The answer was in the drawer.",
    "The trouble was that nobody had a key.",
]


def _whole(text: str) -> tuple[Document, Outline]:
    return Document("d", "t", text, "0"), outline(text, "d")


@pytest.mark.parametrize(("text", "named"), TOLD.items())
def test_what_rests_on_somebodys_word_is_attributed_to_him(text, named):
    assert_attributed(text, named)
    assert (decided(text)[1].resolution is Resolution.VAGUE) == (named is None)


@pytest.mark.parametrize("text", OWN)
def test_without_anybodys_word_the_sentence_is_the_narrators(text):
    assert decided(text)[0] is Voice.NARRATOR


def test_its_own_count_is_that_of_whoever_acts():
    voice, source = decided("The garrison of Lund fled at noon. By its own count it had lost forty men.")
    assert (voice, source.actor) == (Voice.ATTRIBUTED, "garrison of Lund")


def test_an_evidence_phrase_vouches_for_its_own_statement_only():
    text = "The barrier was down, as the radio would have it; the barrier was up, and the men were eating."
    told = [v.span.of(text) for v in voices_of(*_whole(text), Parties()) if v.voice is Voice.ATTRIBUTED]
    assert told == ["The barrier was down, "]
