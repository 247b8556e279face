"""Joint sources, in invented prose: several who speak together are none of them alone."""

import pytest

from .test_parties_of_sources import _told

TOGETHER = {
    "The President of Norlund, the Prime Minister of Sarvia and the President of Castrel": None,
    "Ilse Thorn, Goran Vuk and Aldo Marr": None,
    "Ilse Thorn and Goran Vuk": None,
    "Ilse Thorn and her minister": "Norlund",
    "Ilse Thorn and the Ministry of Defence of Norlund": "Norlund",
    "Ruth Ferris and Tom Hale": None,
    "Lund and Marsh": None,
    "Sarvia and Castrel": None,
    "Castrelian officers and Sarvian clerks": None,
    "The municipalities of Alba, Corin and Mare": None,
}
ONE = {
    "Ilse Thorn, president and commander of the army,": "Ilse Thorn",
    "Goran Vuk, head of the Ministry of Trade and Justice,": "Goran Vuk",
    "The founder and director Tom Hale": "The founder and director Tom Hale",
}
FRAMES = ["{} said that the war was over.", "{} signed a statement declaring that the war was over."]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize(("source", "party"), TOGETHER.items())
def test_several_speak_as_the_text_names_them_and_for_a_party_only_together(source, party, frame):
    view = _told(frame.format(source), None)[-1]
    assert (view.speaker, view.speaker_party) == (source, party)


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize(("source", "speaker"), ONE.items())
def test_two_offices_of_one_person_are_no_two_sources(source, speaker, frame):
    assert _told(frame.format(source), None)[-1].speaker == speaker


def test_they_goes_back_to_both():
    view = _told("Ilse Thorn and Goran Vuk said that peace was near. They said that the war was over.", None)[-1]
    assert (view.speaker, view.speaker_party) == ("Ilse Thorn and Goran Vuk", None)


def test_they_after_anybody_is_nobody_in_particular():
    text = 'Sarvian correspondents wrote home. When someone complains of his lot, they jeer and ask: "Where were you?"'
    view = _told(text, None)[-1]
    assert (view.speaker, view.speaker_party) == (None, None)
