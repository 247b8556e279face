"""Whose words a document hands over that collects one author's letters, sayings or speeches."""

import pytest

from qa_bot.types import Voice

from .test_parties_of_sources import CARD, _told

RUN = '"Dear Ada, it rains, and we dug all night." The post came late. "Nobody has any bread left, and we sing."'


def _parties(heading: str, text: str) -> list[str | None]:
    return [view.speaker_party for view in _told(f"{heading}\n\n{text}", None) if view.voice is Voice.DIRECT_QUOTE]


@pytest.mark.parametrize(
    ("heading", "party"),
    [
        ("Letters of the 2nd Battalion, Sarvian Rifles, from the pass", "Sarvia"),
        ("The sayings of Goran Vuk, with remarks", "Sarvia"),
        ("Forty speeches by Ilse Thorn", "Norlund"),
        ("Ilse Thorn's diary", "Norlund"),
        ("Ilse Thorn's last letters", "Norlund"),
        ("Letters of Ilse Thorn: a selection made by Goran Vuk", "Norlund"),
        ("Letters of a miller", None),
        ("Letters to Goran Vuk", None),
        ("What Goran Vuk left behind", None),
    ],
)
def test_quotations_of_nobody_are_the_author_s_in_a_collection(heading, party):
    assert _parties(heading, RUN) == [party, party]


def test_a_numbered_saying_is_no_word_of_its_number():
    text = 'No. 4: "The pass is ours." Spoken at the mill.\n\nNo. 9, from the same week, is short. "It was cold."'
    assert _parties("Sayings of Goran Vuk", text) == ["Sarvia", "Sarvia"]


def test_whoever_is_named_for_a_quotation_speaks_in_a_collection_too():
    assert _parties("Letters of Goran Vuk", '"The pass is lost," said Ilse Thorn.') == ["Norlund"]


def test_a_section_that_collects_another_s_words_ends_with_it():
    text = f"{RUN}\n\nThorn's letters\n\n{RUN}\n\nAfterwards\n\n{RUN}"
    assert _parties("Speeches of Goran Vuk", text) == ["Sarvia"] * 2 + ["Norlund"] * 2 + ["Sarvia"] * 2


def test_the_title_of_the_notes_is_no_speaker():
    text = f"Editorial notes follow each letter.\n\n{RUN}"
    assert [view.speaker for view in _told(f"Chronicle\n\n{text}", CARD) if view.voice is Voice.DIRECT_QUOTE] == [
        None,
        None,
    ]


def test_members_of_a_house_that_met_speak_for_it():
    text = (
        "Second reading of the Timber (Sarvia) Bill\n\nThe House met at noon. Nine members wished to speak.\n\n"
        "Mr. Pell (Upper Odde): I shall be brief.\n\nMs. Gray (Minister without Portfolio): So shall I.\n\n"
        "Mr. Pell: I was.\n"
    )
    assert [view.speaker_party for view in _told(text) if view.voice is Voice.DIRECT_QUOTE] == ["Norlund"] * 3


def test_a_member_who_speaks_of_a_message_goes_on():
    text = (
        "The House met at noon.\n\n"
        "Mr. Pell (Upper Odde): I have a cousin there. The last message is dated May. He was old.\n\n"
        "Ms. Gray (Odde): I see.\n\nMr. Pell: Thank you.\n"
    )
    assert [view.speaker_party for view in _told(text)] == [None, *["Norlund"] * 5]


def test_a_house_that_nobody_sits_in_is_no_chamber():
    text = "We met behind the House of Crafts.\n\nPell: I see.\n\nGray: So do I.\n\nPell: It rains.\n"
    assert [view.speaker_party for view in _told(text, CARD)] == [None] * 4
