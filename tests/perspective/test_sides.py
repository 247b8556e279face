"""For whom a source speaks whom the text names by rank, office, place or pronoun only; on invented prose."""

import pytest

from qa_bot.perspective import perspective_of
from qa_bot.perspective.reading import Reading
from qa_bot.perspective.speech.voices import voices_of
from qa_bot.segmentation import outline
from qa_bot.types import Actor, ActorKind, Document, Parties, Party, PerspectiveCard, Voice

from .test_parties_of_sources import CARD, _told

SAID = "said that the bridge had been empty."
AGAINST = PerspectiveCard("Chronicle", "en", CARD.fields, stance={"Sarvia": "against"})


@pytest.mark.parametrize(
    ("text", "party"),
    [
        # an account that says "we" of Norlund
        (f"We lost the ford. The colonel {SAID}", "Norlund"),
        (f"Our men were tired. Captain Hale of the Second Brigade {SAID}", "Norlund"),
        (f"Our men were tired. The mayor of Odde {SAID}", "Norlund"),
        (f"We lost the ford.\n\nCaptain Hale came late. The captain {SAID}", "Norlund"),
        (f"We lost the ford.\n\nSarvia sent a single aeroplane. The pilot {SAID}", "Sarvia"),
        (f"The Sarvian terms were brought by a captain in gloves. He {SAID}", "Sarvia"),
        (f"We lost the ford.\n\nSarvia sent three boats. Our guns answered. The colonel {SAID}", None),
        (f"We lost the ford.\n\nIt rained. Sarvia sent three boats. The colonel {SAID}", None),
        (f"We lost the ford.\n\nSarvia sent three boats. Captain Hale {SAID}", None),
        (f"We lost the ford.\n\nA colonel {SAID}", None),
        (f"We lost the ford.\n\nThe Secretary General {SAID}", None),
        (f"We lost the ford.\n\nThe baker {SAID}", None),
        (f"We lost the ford.\n\nThe captain of the ferry {SAID}", None),
        (f"We lost the ford.\n\nThe captain of the engineer battalion {SAID}", "Norlund"),
        (f"We lost the ford.\n\nThe gunners {SAID}", "Norlund"),
        (f"We lost the ford.\n\nThe garrison {SAID}", "Norlund"),
        (f"We lost the ford.\n\nThe press officer {SAID}", None),
        # one that does not: it may be that of a body without soldiers
        (f"The ford was lost. The colonel {SAID}", None),
    ],
)
def test_a_soldier_or_an_official_is_of_the_side_that_the_passage_is_about(text, party):
    assert _told(text)[-1].speaker_party == party


@pytest.mark.parametrize(
    ("text", "party"),
    [
        ("The Sarvian Defence Ministry sent lancers. The colonel told me that he was sorry.", "Sarvia"),
        ("Sarvia sent lancers. The colonel told me that he was sorry.\n\nThe colonel said that it rained.", "Sarvia"),
        ("Sarvia sent lancers. Castrel sent none. The colonel told me that he was sorry.", None),
        ("Sarvia sent lancers. The soldiers told me that they were sorry.", "Sarvia"),
        ("Sarvia sent lancers. The garrison told me that it was sorry.", None),
        ("Sarvia sent lancers. A police officer told me that he was sorry.", None),
        ("Sarvia sent lancers. The commander of the militia told me that he was sorry.", None),
        ("Lancers rode up the valley. The colonel told me that he was sorry.", None),
    ],
)
def test_in_an_account_of_nobody_s_a_colonel_is_of_the_one_side_that_acts(text, party):
    assert _told(text, None)[-1].speaker_party == party


def test_after_the_word_of_a_soldier_the_president_is_still_one_s_own():
    text = f"The Sarvian terms were brought by a captain. He said that it was late. The president {SAID}"
    assert [view.speaker_party for view in _told(text)[1:]] == ["Sarvia", "Norlund"]


@pytest.mark.parametrize(
    ("text", "party"),
    [
        ("Then came the mill. There they announced that a staff had been destroyed.", "Sarvia"),
        ("A board looked at the mill.\n\nOn 4 May they warned that it would burn.", "Sarvia"),
        ("Nine soldiers of Norlund were shot.\n\nIt rained. Now they warned that the mill would burn.", "Sarvia"),
        ("Sarvia had sent four brigades. The nurses wept. They said that nobody had slept.", None),
        ("Castrelian officials met us. The talks failed. They said that nobody had slept.", "Castrel"),
        ("Three bakers came out. They said that nobody had been hurt.", None),
        ("In the morning women came out of the cellars. It rained. They said that nobody had been hurt.", None),
        ("The gate was spared, they say.", "Sarvia"),
        ("Their foreign minister announced that a staff had been destroyed.", "Sarvia"),
        ("Our gunners came back at noon. They said that nobody had been hurt.", "Norlund"),
        ("The Castrelian militia came at noon. They said that nobody had been hurt.", "Castrel"),
        ("Castrelian officials left.\n\nThey said that nobody had been hurt.", "Castrel"),
        ("There are people who know better. They say that nobody was hurt.", None),
        ("Some teach at our own school. They say that nobody was hurt.", None),
    ],
)
def test_they_of_an_account_against_somebody_are_those_if_nobody_else_is_at_hand(text, party):
    assert _told(text, AGAINST)[-1].speaker_party == party


def test_they_of_an_account_that_is_against_nobody_stay_who_they_were():
    assert _told("Then came the mill. There they announced that a staff had been destroyed.", None)[-1].speaker is None


def test_the_narrator_s_kin_are_of_his_side():
    assert _told(f"My uncle {SAID}")[-1].speaker_party == "Norlund"
    assert _told(f"His uncle {SAID}")[-1].speaker_party is None


@pytest.mark.parametrize(
    ("text", "party"),
    [
        ("Its man in Sarvia reported that the shops were full.", None),
        ("The register, kept in the Sarvian Museum, records that ninety guests slept there.", None),
        ("Officials in Sarvia reported that the shops were full.", "Sarvia"),
        ("SARVIA - Ada Quill, 58, said that the shops were full.", None),
        ("SARVIA - The Foreign Ministry said that the shops were full.", "Sarvia"),
        ("According to the register of the Land Office, ninety farms burned.", "Norlund"),
        ("According to the register of the land office, ninety farms burned.", None),
    ],
)
def test_where_somebody_or_a_paper_is_makes_nobody_of_that_side(text, party):
    assert _told(text)[-1].speaker_party == party


AIR = Parties(
    parties=(Party("Norlund"), Party("Sarvia", ("Sarvian",))),
    actors=(Actor("Sarvian Television", ActorKind.ORGANISATION, (), "broadcaster", "Sarvia"),),
)


@pytest.mark.parametrize(
    ("text", "party"),
    [
        (f"Sarvian Television showed a concert. Later the announcer {SAID}", "Sarvia"),
        (f"Sarvian Television showed a concert.\n\nLater the announcer {SAID}", None),
        (f"The Dawn Journal printed a map. Later the editor {SAID}", None),
    ],
)
def test_an_announcer_speaks_for_the_channel_that_was_spoken_of(text, party):
    document, parts = Document("d", "Chronicle", text, "0", None), outline(text, "d")
    view = perspective_of(document, Reading(voices_of(document, parts, AIR)), parts.sentences[-1].span)
    assert (view.voice, view.speaker_party) == (Voice.ATTRIBUTED, party)


def test_no_state_is_the_same_newspaper():
    text = "The Dawn said that the pass was lost. Sarvia's friends were silent. The same newspaper said that it rained."
    assert _told(text, None)[-1].speaker_party is None


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        # a short name is somebody, once introduced
        (
            "Nora Tell, 58, a teacher, spoke first. General Goran Vuk wrote. Tell left. She said that it rained.",
            "Nora Tell",
        ),
        # people of no office
        ("General Goran Vuk slept. At the gate a boy in a cap waved. He said that it rained.", "a boy"),
        ("I heard General Goran Vuk.\n\nI had a cousin who wrote. She said that it rained.", "a cousin"),
        ("Goran Vuk spoke. A woman, who had lost a goat in Castrel, came. She said that it rained.", "A woman"),
        # an office in lower case
        (
            "Goran Vuk fled. Ilse Thorn slept.\n\nIt rained on the prime minister. He said that it was late.",
            "Goran Vuk",
        ),
        ('"It was late," said later the poet Ada Quill.', "the poet Ada Quill"),
    ],
)
def test_he_and_she_go_back_to_whoever_came_last(text, speaker):
    assert _told(text, None)[-1].speaker == speaker
