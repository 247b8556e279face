"""An invented chronicle of a harbour town, from which every fixture is made and against which it is read back.

Its sentences are put together from fixed lists with a fixed seed, so that it is the same text on every machine, and
each sentence stands in it once. It has what documents have: ligatures (fi, ffl), words long enough to be hyphenated,
compounds with a hyphen of their own, quotations, tables, lists and notes.
"""

import random
from dataclasses import dataclass

TITLE = "The Ostrand Harbour Chronicle"
RUNNING_HEAD = "Ostrand Harbour Chronicle, second edition"
YEARS = range(1881, 1892)

_OPENINGS = (
    "The harbour office affirmed that {n} barrels of refined lamp-oil were unloaded at the {place} in {month}",
    "In {month} the flood-gates near the {place} were reconstructed after {n} complaints by dissatisfied fishermen",
    "Lieutenant-Commissioner {person} officially inspected {n} warehouses between the {place} and the customs-house",
    "A shuffling procession of {n} offended shopkeepers filled the {place} on a stifling afternoon in {month}",
    "The municipal accountants classified {n} unidentified consignments found at the {place} as misdirected",
    "Scaffolding worth {n} crowns was specifically purchased so that the {place} could be fortified",
)
_ENDINGS = (
    "while the lighthouse-keepers' representatives negotiated unsuccessfully with the administration.",
    "although {person} characterised the undertaking as insufficiently scrutinised.",
    "and the correspondence of {person} acknowledges extraordinarily unfavourable circumstances.",
    "which the neighbouring municipalities considered disproportionate.",
    "because internationally recognised measurements had demonstrated a considerable subsidence.",
)
_SAYINGS = (
    "“We have sufficient rope for {n} ships and not one fisherman to tie it,” said {person} at the {place}.",
    "{person} replied: “Baffling as it is, the {place} affords shelter to {n} skiffs.”",
    "“Nobody asked the {n} families of the {place},” {person} wrote.",
)
_PLACES = (
    "Fife Quay,Griffin Mole,Saffron Steps,Waffle Market,Cliff Battery,Affleck Basin,Firth Bridge,Kingfisher Yard".split(
        ","
    )
)
_PERSONS = "Josefine Haffner,Alfie Trofimov,Griffith Offerdal,Filippa Staff,Rufino Delfin,Sofie Wolff".split(",")
_MONTHS = "January,February,March,April,May,June,July,August,September,October,November,December".split(",")
_GOODS = "coffee,flax,fish-oil,sapphires,firewood,muffs".split(",")


@dataclass(frozen=True)
class Year:
    """One chapter: its heading, the headings of its two parts, and what stands in them."""

    heading: str
    paragraphs: tuple[str, ...]
    trade: str
    rows: tuple[tuple[str, ...], ...]
    remarks: str
    items: tuple[str, ...]


def chapters() -> tuple[Year, ...]:
    """The chapters, one a year."""
    chance = random.Random(7)
    return tuple(_year(chance, number, year) for number, year in enumerate(YEARS, 1))


def paragraphs() -> list[str]:
    """Every paragraph of running text in order."""
    return [text for year in chapters() for text in year.paragraphs]


def headings() -> list[tuple[str, int]]:
    """Every heading below the title, with its level."""
    return [found for y in chapters() for found in ((y.heading, 1), (y.trade, 2), (y.remarks, 2))]


def table_rows() -> list[str]:
    """Every row of every table as reading it shall give it."""
    return [" | ".join(row) for year in chapters() for row in year.rows]


def _year(chance: random.Random, number: int, year: int) -> Year:
    ratio = [f"{good}, {year}" for good in chance.sample(_GOODS, 3)]
    rows = [("Goods", "Barrels", "Value in crowns")]
    rows += [
        (name, str(chance.randrange(100, 999)), f"{chance.randrange(2, 90)},{chance.randrange(100, 999)}")
        for name in ratio
    ]
    return Year(
        heading=f"Chapter {number}: The year {year}",
        paragraphs=tuple(_paragraph(chance) for _ in range(5)),
        trade=f"Trade of {year}",
        rows=tuple(rows),
        remarks=f"Remarks on {year}",
        items=tuple(_sentence(chance) for _ in range(2)),
    )


def _paragraph(chance: random.Random) -> str:
    sentences = [_sentence(chance) for _ in range(chance.randrange(2, 5))]
    sentences.insert(chance.randrange(1, 3), _filled(chance, chance.choice(_SAYINGS)))
    return " ".join(sentences)


def _sentence(chance: random.Random) -> str:
    return f"{_filled(chance, chance.choice(_OPENINGS))}, {_filled(chance, chance.choice(_ENDINGS))}"


def _filled(chance: random.Random, form: str) -> str:
    return form.format(
        n=chance.randrange(1_001, 99_999),
        place=chance.choice(_PLACES),
        person=chance.choice(_PERSONS),
        month=chance.choice(_MONTHS),
    )
