"""Which declared names hold in a document: several invented countries share one list of parties."""

import pytest

from qa_bot.corpus import read_corpus
from qa_bot.perspective import perspective_of
from qa_bot.perspective.reading import Reading
from qa_bot.perspective.speech.voices import voices_of
from qa_bot.segmentation import outline
from qa_bot.types import Actor, ActorKind, CardField, Document, Parties, Party, Perspective, PerspectiveCard

PERSON, BODY = ActorKind.PERSON, ActorKind.ORGANISATION
PARTIES = Parties(
    parties=(
        Party("Norlund", ("Norlundic", "the Republic", "the Government")),
        Party("Federation of Brale", ("Brale", "the Federation")),
        Party("Tribunal of Hask", ("Hask", "the court")),
        Party("Velgrad Seat", ("Kremlin",)),
        Party("dockers' union", ("the committee",)),
        Party("Sarvia"),
    ),
    actors=(
        Actor("Ilse Thorn", PERSON, ("President Thorn", "the President"), "president of Norlund", "Norlund"),
        Actor("Ivo Lan", PERSON, ("General Lan", "the general"), "general of Brale", "Federation of Brale"),
        Actor("Ministry of Culture", BODY, (), "ministry", "Norlund"),
    ),
)
BARE = {
    "The President": "Norlund",
    "The Republic": "Norlund",
    "The Government": "Norlund",
    "The Ministry of Culture": "Norlund",
    "The general": "Federation of Brale",
    "The Federation": "Federation of Brale",
    "The court": "Tribunal of Hask",
}


def _last(text: str, side: str | None = None) -> Perspective:
    """From where the last sentence speaks, in an account of a side or of nobody's."""
    card = PerspectiveCard("Title", "en", {"perspective.party": CardField(side)}) if side else None
    return _last_of(Document("d", "Title", text, "0", card), PARTIES)


def _last_of(document: Document, parties: Parties) -> Perspective:
    parts = outline(document.text, document.doc_id)
    reading = Reading(voices_of(document, parts, parties))
    return perspective_of(document, reading, parts.sentences[-1].span)


def test_two_documents_under_one_list_of_parties_have_each_their_president(tmp_path):
    (tmp_path / "parties.toml").write_text(
        '[[party]]\nname = "Norlund"\n[[party]]\nname = "Sarvia"\n'
        '[[person]]\nname = "Ilse Thorn"\naliases = ["the President"]\nparty = "Norlund"\n'
    )
    (tmp_path / "north.txt").write_text("Ilse Thorn came home. The President said that the war was over.")
    (tmp_path / "south.txt").write_text("Nobody came to Sarvia. The President said that the war was over.")
    (tmp_path / "south.toml").write_text('title = "South"\nlanguage = "en"\n[perspective]\nparty = "Sarvia"\n')
    corpus = read_corpus(tmp_path)
    assert [(view.speaker, view.speaker_party) for view in (_last_of(d, corpus.parties) for d in corpus.documents)] == [
        ("Ilse Thorn", "Norlund"),
        ("The President", "Sarvia"),
    ]


@pytest.mark.parametrize("name", BARE)
def test_a_bare_name_is_nobodys_in_a_document_about_somebody_else(name):
    view = _last(f"The ferry to Odde sank at noon. {name} said that nobody was hurt.")
    assert (view.speaker, view.speaker_party) == (name, None)


@pytest.mark.parametrize(("name", "party"), BARE.items())
def test_a_bare_name_is_its_owners_where_he_is_spoken_of(name, party):
    named = {"Norlund": "Ilse Thorn", "Federation of Brale": "Ivo Lan", "Tribunal of Hask": "Hask"}[party]
    text = f"The ferry to Odde sank at noon. It was built for {named}. {name} said that nobody was hurt."
    assert _last(text).speaker_party == party


@pytest.mark.parametrize(("name", "party"), BARE.items())
def test_a_bare_name_is_that_of_the_side_whose_account_it_is(name, party):
    assert _last(f"The ferry sank at noon. {name} said that nobody was hurt.", party).speaker_party == party


def test_in_an_account_of_one_side_the_president_of_another_is_named_before_he_is_called_so():
    text = "The ferry to Norlund sank at noon. The President said that nobody was hurt."
    assert _last(text).speaker == "Ilse Thorn"
    assert _last(text, "Sarvia").speaker_party == "Sarvia"
    assert _last("Ilse Thorn left. The President said that nobody was hurt.", "Sarvia").speaker == "Ilse Thorn"


def test_a_body_with_a_name_of_its_own_needs_no_other():
    assert _last("The Kremlin said that nobody was hurt.").speaker_party == "Velgrad Seat"


def test_a_party_may_be_named_in_full_by_common_words():
    assert _last("The dockers' union met. The committee said that nobody was hurt.").speaker_party == "dockers' union"
    assert _last("The clerks met. The committee said that nobody was hurt.").speaker_party is None
