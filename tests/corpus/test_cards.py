from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.corpus.cards import read_card
from qa_bot.errors import CardError, CorpusError
from qa_bot.types import Basis, NamingPair, Parties, Party, Span

TEXT = "Written by the town council of Alba. The well belongs to Alba."
PARTIES = Parties(parties=(Party("Alba"), Party("Breda")))

WHOLE = """
title = "The well"
language = "en"
values = ["shows what the council said"]
limitations = ["no voice from Breda"]
naming = [{here = "the Alba well", elsewhere = "the upper well", party = "Alba"}]
[origin]
author = {value = "town council", basis = "stated", evidence = [[11, 35]]}
publisher = "unknown"
date = 2021-05-04
url = "https://example.org/well"
genre = "leaflet"
[purpose]
statement = {value = "to claim the well", basis = "inferred"}
audience = "townspeople"
[perspective]
holder = "the council"
party = "Alba"
note = "one side"
[stance]
Alba = "for"
Breda = "against"
"""


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "well.toml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_whole_card_is_read_field_by_field(tmp_path):
    card = read_card(written(tmp_path, WHOLE), TEXT, PARTIES)
    assert (card.title, card.language) == ("The well", "en")
    assert card.fields["origin.author"].evidence == (Span(11, 35),)
    assert card.fields["origin.author"].evidence[0].of(TEXT) == "the town council of Alba"
    assert {name: field.basis for name, field in card.fields.items()} == {
        "origin.author": Basis.STATED,
        "origin.publisher": Basis.UNKNOWN,
        "origin.date": Basis.INFERRED,
        "origin.url": Basis.INFERRED,
        "origin.genre": Basis.INFERRED,
        "purpose.statement": Basis.INFERRED,
        "purpose.audience": Basis.INFERRED,
        "perspective.holder": Basis.INFERRED,
        "perspective.party": Basis.INFERRED,
        "perspective.note": Basis.INFERRED,
    }
    assert card.value("origin.date") == "2021-05-04"
    assert card.stance == {"Alba": "for", "Breda": "against"}
    assert card.values == ("shows what the council said",)
    assert card.limitations == ("no voice from Breda",)
    assert card.naming == (NamingPair("the Alba well", "the upper well", "Alba"),)


def test_a_title_alone_is_a_card(tmp_path):
    card = read_card(written(tmp_path, 'title = "The well"'), TEXT)
    assert (card.language, card.fields, card.stance) == ("und", {}, {})


def test_stance_values_limitations_and_naming_may_follow_the_perspective_table(tmp_path):
    content = """
        title = "The well"
        [perspective]
        holder = "the council"
        stance.Alba = "for"
        values = ["v"]
        limitations = ["l"]
        naming = [{here = "a", elsewhere = "b", party = "Alba"}]
    """
    card = read_card(written(tmp_path, content), TEXT, PARTIES)
    assert (card.stance, card.values, card.limitations) == ({"Alba": "for"}, ("v",), ("l",))
    assert len(card.naming) == 1


def test_the_basis_of_a_table_holds_for_its_plain_values(tmp_path):
    content = """
        title = "The well"
        [origin]
        basis = "stated"
        evidence = [[11, 35]]
        author = "town council"
        publisher = "unknown"
        genre = {value = "leaflet", basis = "inferred"}
    """
    fields = read_card(written(tmp_path, content), TEXT).fields
    assert fields["origin.author"].basis is Basis.STATED
    assert fields["origin.author"].evidence == (Span(11, 35),)
    assert fields["origin.publisher"].basis is Basis.UNKNOWN
    assert fields["origin.genre"].basis is Basis.INFERRED


WRONG = {
    "unknown top key": ('titel = "x"', "titel", "one of the keys title, language"),
    "no title": ('language = "en"', "title", "this key to be given"),
    "empty title": ('title = " "', "title", "not empty"),
    "title of another type": ("title = 3", "title", "a text in quotation marks"),
    "unknown key of a table": ('title = "x"\n[origin]\nauthr = "y"', "origin.authr", "author, publisher"),
    "unknown key of a value": ('title="x"\norigin.author={value="y", sure=true}', "origin.author.sure", "value, basis"),
    "a table that is a text": ('title = "x"\norigin = "y"', "origin", "a table"),
    "a value without its text": ('title = "x"\norigin.author = {basis = "unknown"}', "origin.author.value", "given"),
    "unknown basis": (
        'title = "x"\norigin.author = {value = "y", basis = "sure"}',
        "origin.author.basis",
        "'stated', 'inferred' or 'unknown'",
    ),
    "stated without evidence": (
        'title = "x"\norigin.author = {value = "y", basis = "stated"}',
        "origin.author.evidence",
        "where the text states it",
    ),
    "evidence outside the text": (
        'title = "x"\norigin.author = {value = "y", basis = "stated", evidence = [[0, 9999]]}',
        "origin.author.evidence",
        f"<= {len(TEXT)}",
    ),
    "evidence the wrong way round": (
        'title = "x"\norigin.author = {value = "y", basis = "stated", evidence = [[9, 3]]}',
        "origin.author.evidence",
        "start < end",
    ),
    "evidence of three numbers": (
        'title = "x"\norigin.author = {value = "y", basis = "stated", evidence = [[1, 2, 3]]}',
        "origin.author.evidence.0",
        "[start, end]",
    ),
    "evidence in words": (
        'title = "x"\norigin.author = {value = "y", basis = "stated", evidence = [["a", "b"]]}',
        "origin.author.evidence.0.0",
        "a whole number",
    ),
    "unknown stance": ('title = "x"\nstance.Alba = "pro"', "stance.Alba", "'for', 'against', 'neutral' or 'mixed'"),
    "stance towards nobody known": ('title = "x"\nstance.Cair = "for"', "stance.Cair", "Alba, Breda"),
    "values that are a text": ('title = "x"\nvalues = "y"', "values", "a list"),
    "incomplete naming": ('title = "x"\nnaming = [{here = "y"}]', "naming.0.elsewhere", "given"),
    "TOML that breaks off": ('title = "x"\nlanguage = ', "line 2", "valid TOML"),
    "a key given twice": ('title = "x"\ntitle = "y"', "line 2", "valid TOML"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_card_is_one_line_naming_file_key_value_and_what_was_expected(name, tmp_path):
    content, key, expected = WRONG[name]
    with pytest.raises(CardError) as raised:
        read_card(written(tmp_path, content), TEXT, PARTIES)
    assert raised.value.key == key
    assert expected in raised.value.expected
    assert str(tmp_path / "well.toml") in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_stance_towards_any_party_is_accepted_where_no_parties_are_declared(tmp_path):
    path = written(tmp_path, 'title = "x"\nstance.Cair = "for"')
    assert read_card(path, TEXT).stance == read_card(path, TEXT, Parties()).stance == {"Cair": "for"}


def test_a_card_that_is_not_utf8_is_told_with_the_place_of_the_byte(tmp_path):
    with pytest.raises(CardError, match=r"byte 0xe9 at 10; expected UTF-8|'byte 0xe9 at 10'; expected UTF-8"):
        read_card(written(tmp_path, b'title = "x\xe9"'), TEXT)


def test_a_byte_order_mark_and_windows_newlines_are_no_error(tmp_path):
    assert read_card(written(tmp_path, b'\xef\xbb\xbftitle = "x"\r\nlanguage = "en"\r\n'), TEXT).language == "en"


def test_a_missing_card_file_is_a_corpus_error(tmp_path):
    with pytest.raises(CorpusError, match="No such file"):
        read_card(tmp_path / "none.toml", TEXT)


@given(content=st.one_of(st.text(), st.binary(), st.text(alphabet='[]{}="\n#.\\ab 1')))
def test_whatever_a_file_holds_it_is_a_card_or_a_one_line_card_error(content, tmp_path_factory):
    path = written(
        tmp_path_factory.mktemp("cards"), content.encode("utf-8", "ignore") if isinstance(content, str) else content
    )
    message = ""
    try:
        read_card(path, TEXT)
    except CardError as error:
        message = str(error)
    assert len(message.splitlines()) <= 1
