"""Columns by declared party."""

from dataclasses import replace

from qa_bot.perspective import by_party
from qa_bot.types import Citation, Excerpt, Parties, Party, Perspective, Span, Voice


def _citation(number: int, party: str | None) -> Citation:
    perspective = Perspective("an account", party, Voice.NARRATOR, "note")
    span = Span(0, 1)
    return Citation(number, "d", "T", None, None, span, "x", "0", 0.5, Excerpt(span, "x"), perspective)


def test_each_party_has_a_column_and_an_empty_side_is_named():
    columns = by_party([_citation(1, "Orsel"), _citation(2, "Orsel")], ["Orsel", "Maravel"])
    assert [(column.party, len(column.citations), column.note) for column in columns] == [
        ("Orsel", 2, ""),
        ("Maravel", 0, "No document in this corpus speaks for Maravel."),
    ]


def test_a_party_whose_name_takes_a_side_is_named_in_quotation_marks():
    (column,) = by_party([], ["the Liberators"])
    assert column.note == 'No document in this corpus speaks for "the Liberators".'


def test_documents_without_a_declared_party_come_last():
    columns = by_party([_citation(1, None), _citation(2, "Orsel")], ["Orsel"])
    assert [column.heading for column in columns] == ["Orsel", "Perspective not declared"]


def test_the_order_of_a_whole_parties_file_is_kept_and_onlookers_get_no_column():
    parties = Parties(parties=(Party("Maravel"), Party("Orsel"), Party("Brede")))
    columns = by_party([_citation(1, "Orsel"), _citation(2, "Maravel")], parties)
    assert [column.party for column in columns] == ["Maravel", "Orsel"]


def test_citations_keep_their_ranking_inside_a_column():
    citations = [replace(_citation(n, "Orsel"), score=1 / n) for n in (1, 2, 3)]
    assert [citation.number for citation in by_party(citations, ["Orsel"])[0].citations] == [1, 2, 3]
