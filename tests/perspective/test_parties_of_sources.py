"""The party of a source, on invented prose: other countries, companies, leagues."""

import pytest

from qa_bot.perspective import perspective_of
from qa_bot.perspective.reading import Reading
from qa_bot.perspective.speech.voices import voices_of
from qa_bot.segmentation import outline
from qa_bot.types import Actor, ActorKind, CardField, Document, Parties, Party, Perspective, PerspectiveCard, Voice

from .party_cases import PARTY_CASES

PERSON, BODY = ActorKind.PERSON, ActorKind.ORGANISATION
PARTIES = Parties(
    parties=(
        Party("Norlund", ("Norlundic", "Norlunders", "Hafn")),
        Party("Sarvia", ("Sarvian", "Sarvians", "Velgrad")),
        Party("Castrel", ("Castrelian", "Castrelians")),
        Party("Lake League", ("the League",)),
        Party("Ardent Mills", ("Ardent",)),
        Party("Brightwater"),
    ),
    actors=(
        Actor("Ilse Thorn", PERSON, ("Thorn",), "President of Norlund", "Norlund"),
        Actor("Goran Vuk", PERSON, ("Vuk",), "Prime Minister of Sarvia", "Sarvia"),
        Actor("Ministry of Defence of Sarvia", BODY, ("Sarvian Defence Ministry",), "ministry", "Sarvia"),
        Actor("Ministry of Defence of Norlund", BODY, ("Norlundic Defence Ministry",), "ministry", "Norlund"),
    ),
)
CARD = PerspectiveCard("Chronicle", "en", {"perspective.party": CardField("Norlund")})


def _told(text: str, card: PerspectiveCard | None = CARD) -> list[Perspective]:
    document, parts = Document("d", "Chronicle", text, "0", card), outline(text, "d")
    reading = Reading(voices_of(document, parts, PARTIES))
    return [perspective_of(document, reading, s.span) for s in parts.sentences if not s.heading]


@pytest.mark.parametrize("name", PARTY_CASES)
def test_each_source_speaks_for_its_party(name):
    text, expected = PARTY_CASES[name]
    told = _told(text)
    assert [view.speaker_party for view in told] == expected
    assert all(view.voice is not Voice.NARRATOR for view, party in zip(told, expected, strict=True) if party)


def test_a_heading_that_names_a_country_tells_whose_ministry_speaks():
    text = "Reactions\n\nThe war was long.\n\nCastrel\n\nThe Foreign Ministry condemned the shelling of the pass."
    assert _told(text)[-1].speaker_party == "Castrel"


@pytest.mark.parametrize(
    ("declared", "party"),
    [(("Ilse Brandt", ("Brandt",)), None), (("Jonas K. Brandt", ("Brandt",)), "Castrel"), (("Brandt", ()), "Castrel")],
)
def test_a_family_name_is_not_that_of_somebody_with_another_given_name(declared, party):
    parties = Parties(PARTIES.parties, (Actor(declared[0], PERSON, declared[1], "judge", "Castrel"),))
    text = "Jonas Brandt said that it rained."
    document, parts = Document("d", "t", text, "0"), outline(text, "d")
    reading = Reading(voices_of(document, parts, parties))
    assert perspective_of(document, reading, parts.sentences[0].span).speaker_party == party


def test_without_a_card_a_bare_office_is_nobodys():
    view = _told("The president said that the war was over.", None)[-1]
    assert (view.voice, view.speaker_party) == (Voice.ATTRIBUTED, None)


@pytest.mark.parametrize("source", ["The enemy himself", "The enemy command", "The other side", "Enemy officers"])
@pytest.mark.parametrize(("stance", "party"), [({"Sarvia": "against"}, "Sarvia"), ({}, None)])
def test_the_enemy_is_the_one_side_that_an_account_is_against(source, stance, party):
    card = PerspectiveCard("Chronicle", "en", CARD.fields, stance={"Castrel": "for", **stance})
    (view,) = _told(f"{source} admitted that six hundred had fallen.", card)
    assert (view.voice, view.speaker_party) == (Voice.ATTRIBUTED, party)


SAID = "admitted that six hundred had fallen."


@pytest.mark.parametrize(
    ("before", "stance", "party"),
    [
        ("Sarvia armed. Sarvia marched. Sarvian guns fired. Castrel slept.", {}, "Sarvia"),
        ("Sarvia armed. Sarvia marched. Castrel slept.", {}, None),
        ("Sarvia armed. Sarvia marched. Sarvian guns fired. Castrel slept. Castrel woke.", {}, None),
        ("Sarvia armed. Sarvia marched. Sarvian guns fired. Castrel slept.", {"Sarvia": "for"}, None),
        (
            "Sarvia armed. Sarvia marched. Sarvian guns fired. Castrel slept.",
            {"Sarvia": "against", "Castrel": "against"},
            "Sarvia",
        ),
    ],
)
def test_without_one_side_that_the_card_is_against_the_enemy_is_the_one_most_spoken_of_by_far(before, stance, party):
    card = PerspectiveCard("Chronicle", "en", CARD.fields, stance=stance)
    assert _told(f"{before} The enemy {SAID}", card)[-1].speaker_party == party


def test_an_account_of_nobodys_has_no_enemy():
    text = f"Sarvia armed. Sarvia marched. Sarvian guns fired. The enemy {SAID}"
    assert _told(text, None)[-1].speaker_party is None


@pytest.mark.parametrize(
    ("source", "party"),
    [
        ("A prisoner", "Sarvia"),
        ("One of the wounded prisoners", "Sarvia"),
        ("Two deserters from the Fourth Brigade", "Sarvia"),
        ("Prisoner Ivo Lan", "Sarvia"),
        ("A captured officer", "Sarvia"),
        ("The enemy's own bulletin", "Sarvia"),
        ("An officer of theirs", "Sarvia"),
        ("An officer of ours", "Norlund"),
        ("Our prisoners", "Norlund"),
        ("A Castrelian prisoner", "Castrel"),
        ("A former prisoner", None),
        ("A captive who had escaped", None),
        ("The prisoner exchange commission", None),
        ("The enemy's prisoners", None),
        ("A friend of theirs", None),
    ],
)
def test_whoever_is_in_the_hands_of_an_account_is_of_the_side_that_it_is_against(source, party):
    card = PerspectiveCard("Chronicle", "en", CARD.fields, stance={"Sarvia": "against"})
    (view,) = _told(f"{source} {SAID}", card)
    assert (view.voice, view.speaker_party) == (Voice.ATTRIBUTED, party)


def test_theirs_are_those_who_were_spoken_of():
    text = f"The Castrelian militia came at dawn. An officer of theirs {SAID}"
    assert _told(text)[-1].speaker_party == "Castrel"


def test_he_goes_back_to_a_captain_whom_nobody_knew():
    text = f"General Goran Vuk waited. A captain in white gloves stepped out of the boat. He {SAID}"
    assert (_told(text)[-1].speaker, _told(text)[-1].speaker_party) == ("A captain", None)
