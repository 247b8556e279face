"""Contrast: citations set side by side by the declared party of their documents, one column each.

Grouped by card, never by embedding: vectors do not tell "supports" from "opposes".
"""

from collections.abc import Sequence
from dataclasses import dataclass

from qa_bot.perspective.notes import TEMPLATES, nobody_for
from qa_bot.types import Citation, Parties


@dataclass(frozen=True, slots=True)
class Column:
    """The citations of one side in ranking order; `note` names a side without any. All columns get equal room."""

    party: str | None
    heading: str
    citations: tuple[Citation, ...]
    note: str = ""


def by_party(citations: Sequence[Citation], parties: Parties | Sequence[str]) -> tuple[Column, ...]:
    """One column a party that has citations or is asked for, in order of `parties`; undeclared documents come last.

    Given a whole `Parties`, only parties with citations get a column, as it also lists onlookers of a dispute.
    """
    asked = () if isinstance(parties, Parties) else tuple(parties)
    present = [party for party in dict.fromkeys(citation.perspective.party for citation in citations) if party]
    if isinstance(parties, Parties):
        order = {party.name: position for position, party in enumerate(parties.parties)}
        present.sort(key=lambda party: order.get(party, len(order)))
    columns = [_column(party, citations) for party in dict.fromkeys((*asked, *present))]
    undeclared = tuple(citation for citation in citations if citation.perspective.party is None)
    if undeclared:
        columns.append(Column(None, TEMPLATES["column undeclared"], undeclared))
    return tuple(columns)


def _column(party: str, citations: Sequence[Citation]) -> Column:
    own = tuple(citation for citation in citations if citation.perspective.party == party)
    return Column(party, party, own, "" if own else nobody_for(party))
