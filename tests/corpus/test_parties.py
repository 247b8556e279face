from pathlib import Path

import pytest

from qa_bot.corpus.parties import read_parties
from qa_bot.errors import CardError
from qa_bot.types import Actor, ActorKind, Party, Place

WHOLE = """
[[party]]
name = "Alba"
aliases = ["Alban", "Alban", "Alba"]
[[party]]
name = "Breda"
[[person]]
name = "Ada Roe"
aliases = ["Roe"]
role = "Mayor of Alba"
party = "Alba"
[[person]]
name = "Ben Roe"
aliases = ["Roe"]
[[organisation]]
name = "Water Board"
party = "Breda"
[[place]]
name = "Alba"
aliases = ["Upper Town"]
"""


def written(folder: Path, content: str) -> Path:
    path = folder / "parties.toml"
    path.write_text(content, encoding="utf-8")
    return path


def test_parties_actors_and_places_are_read_in_file_order(tmp_path):
    parties = read_parties(written(tmp_path, WHOLE))
    assert parties.parties == (Party("Alba", ("Alban",)), Party("Breda"))
    assert parties.actors == (
        Actor("Ada Roe", ActorKind.PERSON, ("Roe",), "Mayor of Alba", "Alba"),
        Actor("Ben Roe", ActorKind.PERSON, ("Roe",)),
        Actor("Water Board", ActorKind.ORGANISATION, party="Breda"),
    )
    assert parties.places == (Place("Alba", ("Upper Town",)),)


def test_an_empty_file_declares_nothing(tmp_path):
    parties = read_parties(written(tmp_path, ""))
    assert (parties.parties, parties.actors, parties.places) == ((), (), ())


ALBA = '[[party]]\nname = "Alba"\naliases = ["Upper"]\n'
WRONG = {
    "a party twice": (ALBA + '[[party]]\nname = "alba"', "party.1.name", "each party once"),
    "a person twice": ('[[person]]\nname = "A"\n[[person]]\nname = "A"', "person.1.name", "each person once"),
    "an alias of two parties": (
        ALBA + '[[party]]\nname = "Breda"\naliases = ["upper"]',
        "party.1.aliases",
        "it names Alba too",
    ),
    "an alias that is another party": (
        ALBA + '[[party]]\nname = "Breda"\naliases = ["Alba"]',
        "party.1.aliases",
        "it names Alba too",
    ),
    "an undeclared party": (ALBA + '[[person]]\nname = "A"\nparty = "Cair"', "person.0.party", "names: Alba"),
    "a party where none is declared": ('[[organisation]]\nname = "A"\nparty = "Cair"', "organisation.0.party", "a [["),
    "an unknown list": ('[[partys]]\nname = "A"', "partys", "party, person, organisation, place"),
    "an unknown key": ('[[person]]\nname = "A"\njob = "B"', "person.0.job", "name, aliases, role, party"),
    "no name": ('[[place]]\naliases = ["A"]', "place.0.name", "given"),
    "aliases that are a text": ('[[place]]\nname = "A"\naliases = "B"', "place.0.aliases", "a list"),
    "a table where a list is expected": ('[party]\nname = "A"', "party", "a list"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_one_line_naming_file_key_value_and_what_was_expected(name, tmp_path):
    content, key, expected = WRONG[name]
    with pytest.raises(CardError) as raised:
        read_parties(written(tmp_path, content))
    assert raised.value.key == key
    assert expected in raised.value.expected
    assert "parties.toml" in str(raised.value)
    assert "\n" not in str(raised.value)
