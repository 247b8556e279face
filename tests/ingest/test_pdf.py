"""What pages look like and how they are read: each rule on a page that has only what the rule is about."""

from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.ingest.pdf import parse_pdf
from qa_bot.ingest.pdf.blocks import blocks_of
from qa_bot.ingest.pdf.lines import Line, PageText
from qa_bot.ingest.source import compose
from tests.ingest.pdf_files import assembled, lines, pdf_file

LEFT = [
    "The old weir was built in the year",
    "1931 by the people of the valley and",
    "nobody knows why it has leaked since",
]
LEFT += [
    "then, though many have looked at it",
    "and written long reports that were",
    "read by nobody at all in the end.",
]
RIGHT = [
    "In the meantime the river has moved",
    "to the east by about forty metres so",
    "that the weir now stands in a meadow",
]
RIGHT += [
    "where cows look at it from time to",
    "time without any interest in what it",
    "was once good for or who built it.",
]


def read(*pages, **options):
    return parse_pdf(pdf_file(*pages, **options))


def parts(source):
    return [p.of(source.text) for p in source.layout.paragraphs]


def body(number):
    """Six lines that no other number gives."""
    things = "teahouses flaxfields ropewalks coalmines saltworks ricefields".split()
    return [f"{things[number]} and {things[number - line]} by the river: {LEFT[line]}" for line in range(6)]


def joined(*columns):
    return [" ".join(column) for column in columns]


def test_columns_set_one_after_the_other_are_read_so():
    assert parts(read(lines(50, 700, LEFT) + lines(300, 700, RIGHT))) == joined(LEFT, RIGHT)


def test_columns_set_line_by_line_are_told_from_a_table():
    rows = [word for pair in zip(lines(50, 700, LEFT), lines(300, 700, RIGHT), strict=True) for word in pair]

    assert parts(read(rows)) == joined(LEFT, RIGHT)


def test_words_parted_in_columns_set_line_by_line_are_put_together_again():
    left = [*LEFT[:2], "nobody knows why it was then de-", "cided upon, though many have looked"]
    left += ["for long and wrote of the lamp-oil -", "which was read by nobody at all."]
    right = [*RIGHT[:4], "time with a certain lack of inter-", "est in what it was once good for."]
    rows = [word for pair in zip(lines(50, 700, left), lines(300, 700, right), strict=True) for word in pair]

    found = read(rows).text

    assert "it was then decided upon" in found
    assert "a certain lack of interest in" in found
    assert "the lamp-oil - which was" in found


def test_a_cell_that_ends_with_a_hyphen_keeps_it():
    cells = [("Goods", "Barrels", "Crowns"), ("coffee-", "12-", "4"), ("flax -", "7", "1,234")]
    words = [
        (x, 700 - 14 * row, 10, cell)
        for row, line in enumerate(cells)
        for x, cell in zip((50, 250, 400), line, strict=True)
    ]

    assert read(words).text == "Goods | Barrels | Crowns\ncoffee- | 12- | 4\nflax - | 7 | 1,234"


def test_a_page_set_in_no_order_is_read_column_by_column():
    words = lines(50, 700, LEFT) + lines(300, 700, RIGHT)

    assert parts(read([words[i] for i in (7, 2, 11, 0, 5, 9, 1, 10, 4, 8, 3, 6)])) == joined(LEFT, RIGHT)


def test_cells_in_columns_are_a_table_though_no_line_is_drawn():
    cells = [("Goods", "Barrels", "Crowns"), ("coffee", "123", "4"), ("flax of the valley", "7", "1,234")]
    words = [
        (x, 700 - 14 * row, 10, cell)
        for row, line in enumerate(cells)
        for x, cell in zip((50, 250, 400), line, strict=True)
    ]

    source = read(words)

    assert source.text == "Goods | Barrels | Crowns\ncoffee | 123 | 4\nflax of the valley | 7 | 1,234"


def test_cells_that_span_columns_are_one_cell():
    drawn = b"".join(b"%d %d m %d %d l S\n" % edge for edge in (
        (50, 700, 350, 700), (50, 680, 350, 680), (50, 660, 350, 660),
        (50, 660, 50, 700), (350, 660, 350, 700), (200, 660, 200, 680),
    ))  # fmt: skip
    text = b"BT /F 10 Tf 1 0 0 1 60 686 Tm (Goods and their worth in crowns, all) Tj"
    text += b" 1 0 0 1 60 666 Tm (flax) Tj 1 0 0 1 210 666 Tm (12) Tj ET"

    assert parts(read(drawn + text)) == ["Goods and their worth in crowns, all", "flax | 12"]


def test_every_cell_of_a_large_table_is_read():
    drawn = b"".join(b"50 %d m 550 %d l S %d 50 m %d 750 l S\n" % (y, y, x, x) for x, y in zip(
        range(50, 551, 5), range(50, 751, 7), strict=True
    ))  # fmt: skip
    text = b"".join(b"1 0 0 1 %d %d Tm (x) Tj " % (x, y) for y in range(52, 750, 7) for x in range(51, 550, 5))

    found = parts(read(drawn + b"BT /F 4 Tf " + text + b"ET"))

    assert found == [" | ".join(["x"] * 100)] * 100


# ---------------------------------------------------------------- heads and feet


def test_running_heads_and_page_numbers_are_left_out_and_repeated_beginnings_stay():
    pages = [
        [(50, 780, 8, "The Weir, a history"), *lines(50, 700, body(n)), (300, 20, 8, f"- {n + 11} -")] for n in range(4)
    ]

    source = read(*pages)

    assert parts(source) == joined(*map(body, range(4)))
    assert [source.layout.page_at(p.start) for p in source.layout.paragraphs] == [1, 2, 3, 4]


def test_roman_page_numbers_are_left_out():
    pages = [[*lines(50, 700, body(n)), (300, 20, 8, number)] for n, number in enumerate(("iii", "iv", "v"))]

    assert parts(read(*pages)) == joined(*map(body, range(3)))


def test_pages_that_are_the_same_stay_whole():
    assert parts(read(*[lines(50, 700, LEFT)] * 4)) == joined(LEFT) * 4


def test_articles_that_begin_pages_are_no_running_heads():
    pages = [[(50, 780, 10, f"Article {n}"), *lines(50, 750, body(n % 5))] for n in (1, 5, 8, 14)]

    assert [p for p in parts(read(*pages)) if p.startswith("Article")] == [
        "Article 1",
        "Article 5",
        "Article 8",
        "Article 14",
    ]


def test_different_first_lines_at_one_height_stay():
    pages = [
        [(50, 780, 10, f"{word} is a heading"), *lines(50, 750, body(n))]
        for n, word in enumerate(("Tea", "Flax", "Rope"))
    ]

    assert sum(p.endswith("is a heading") for p in parts(read(*pages))) == 3


# ---------------------------------------------------------------- paragraphs and words


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("a consider-", "able sum", "a considerable sum"),
        ("the lamp-", "oil and lamp-oil again", "the lamp-oil and lamp-oil again"),
        ("an Anglo-", "French treaty", "an Anglo-French treaty"),
        ("the S-", "300 battery", "the S-300 battery"),
        ("ten -", "twelve", "ten - twelve"),
    ],
)
def test_words_parted_at_the_end_of_a_line(first, second, expected):
    filler = "this long line has the width of the column"

    assert (
        f"column {expected}" in read(lines(50, 700, [filler + " " + first, second + " " + filler + " xx", filler])).text
    )


def test_an_indent_begins_a_paragraph():
    words = [*lines(50, 700, LEFT[:3]), (65, 658, 10, LEFT[3]), *lines(50, 644, LEFT[4:])]

    assert parts(read(words)) == joined(LEFT[:3], LEFT[3:])


def test_more_space_begins_a_paragraph():
    assert parts(read(lines(50, 700, LEFT) + lines(50, 600, RIGHT))) == joined(LEFT, RIGHT)


def test_items_of_a_list_are_paragraphs_without_their_marks():
    words = lines(50, 700, ["• one item of the list that is rather long", "• another", "1. a numbered one"])

    assert parts(read(words)) == ["one item of the list that is rather long", "another", "1. a numbered one"]


def test_a_note_at_the_foot_of_a_page_does_not_part_a_paragraph():
    note = (50, 60, 7, "1 This is a note.")

    source = read([*lines(50, 700, LEFT[:4]), note], lines(50, 700, LEFT[4:]) + lines(50, 500, RIGHT))

    assert parts(source) == ["1 This is a note.", *joined(LEFT, RIGHT)]
    assert source.layout.page_at(source.text.index("and written")) == 2
    assert source.layout.page_at(source.text.index("looked at it")) == 1


def test_a_paragraph_over_three_pages_is_one():
    pages = LEFT[:4], RIGHT[:5], LEFT[4:] + RIGHT[:2]

    assert parts(read(*[lines(50, 700, page) for page in pages])) == joined([*pages[0], *pages[1], *pages[2]])


def test_a_note_on_its_middle_page_parts_a_paragraph_over_three_pages():
    note = (50, 60, 7, "1 This is a note.")
    first, second, third = LEFT[:4], RIGHT[:5], LEFT[4:] + RIGHT[:2]

    source = read(
        [(50, 760, 14, "The Weir"), *lines(50, 700, first)], [*lines(50, 700, second), note], lines(50, 700, third)
    )

    assert parts(source) == ["The Weir", *joined(first + second), note[-1], *joined(third)]
    places = [source.text.index(part) for part in (first[0], first[-1], second[0], note[-1], third[0])]
    assert [source.layout.page_at(place) for place in places] == [1, 1, 2, 2, 3]


def test_a_page_of_small_print_parts_a_paragraph():
    small = lines(50, 700, RIGHT, size=7)

    source = read(lines(50, 700, LEFT[:4]), small, lines(50, 700, LEFT[4:]))

    assert parts(source) == joined(LEFT[:4], RIGHT, LEFT[4:])
    assert [source.layout.page_at(p.start) for p in source.layout.paragraphs] == [1, 2, 3]


def test_larger_letters_are_headings_by_their_size():
    words = [(50, 760, 20, "The Weir"), (50, 730, 14, "Its past"), *lines(50, 700, LEFT), (50, 590, 14, "Its river")]

    source = read([*words, *lines(50, 560, RIGHT)])

    assert [(h.span.of(source.text), h.level) for h in source.headings] == [
        ("The Weir", 1),
        ("Its past", 2),
        ("Its river", 2),
    ]


@pytest.mark.parametrize(("words", "levels"), [(24, [1]), (25, [1]), (26, [])])
def test_a_mark_before_a_larger_paragraph_is_no_word_of_it(words, levels):
    long = " ".join(["weir"] * (words - 10)), " ".join(["leak"] * 10)
    item = lines(50, 760, [f"• {long[0]}", long[1]], size=14, pitch=18)

    source = read([*item, *lines(50, 700, LEFT)])

    assert parts(source)[0] == " ".join(long)
    assert [h.level for h in source.headings] == levels


def test_headings_at_the_top_of_pages_are_not_joined():
    pages = [[(50, 760, 14, title), *lines(50, 700, LEFT)] for title in ("2 Naming", "3 Parsing")]

    assert [h.span.of(read(*pages).text) for h in read(*pages).headings] == ["2 Naming", "3 Parsing"]


# ---------------------------------------------------------------- directions and pages


@pytest.mark.parametrize("matrix", [b"0 1 -1 0 %d %d", b"-1 0 0 -1 %d %d", b"0 -1 1 0 %d %d"])
def test_a_page_set_sideways_is_read_as_it_is_turned(matrix):
    turn = {b"0": lambda x, y: (700 - y, x), b"-": lambda x, y: (600 - x, 800 - y)}[matrix[:1]]
    if matrix.startswith(b"0 -1"):
        turn = lambda x, y: (y, 600 - x)  # noqa: E731
    stream = b"\n".join(
        b"/F %d Tf %s Tm (%s) Tj" % (size, matrix % turn(x, y), text.encode())
        for x, y, size, text in lines(50, 500, LEFT)
    )

    assert parts(read(b"BT " + stream + b" ET")) == joined(LEFT)


def test_a_stamp_across_the_page_is_left_out_and_a_note_at_its_side_comes_last():
    stamp = b"BT /F 60 Tf 0.7 0.7 -0.7 0.7 100 100 Tm (DRAFT) Tj ET "
    side = b"BT /F 9 Tf 0 1 -1 0 20 300 Tm (preprint no. 5) Tj ET "
    body = b"BT " + b"\n".join(
        b"/F 10 Tf 1 0 0 1 %d %d Tm (%s) Tj" % (x, y, t.encode()) for x, y, _, t in lines(50, 700, LEFT)
    )

    assert parts(read(stamp + side + body + b" ET")) == [*joined(LEFT), "preprint no. 5"]


def test_pages_without_text_are_named():
    source = read(lines(50, 700, LEFT), [], lines(50, 700, RIGHT), [])

    assert source.pages == (0, len(joined(LEFT)[0]) + 2, len(joined(LEFT)[0]) + 2, len(source.text))
    assert source.warnings == ("has no text on pages 2, 4; if they are images, run text recognition (OCR) on it",)


def test_glyphs_that_stand_for_no_character_are_counted():
    stream = b"BT /F 10 Tf 50 700 Td <0F010F020F030F04> Tj ET"
    kind = b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 7 0 R"
    box = b"/FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80"
    file = assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            b"<< /Type /Font /Subtype /Type0 /BaseFont /N /Encoding /Identity-H /DescendantFonts [6 0 R] >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 5 0 R "
            b"/Resources << /Font << /F 3 0 R >> >> >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /N %s >>" % kind,
            b"<< /Type /FontDescriptor /FontName /N /Flags 4 %s >>" % box,
        ]
    )

    source = parse_pdf(file)

    assert source.text == "\ufffd" * 4
    assert source.warnings == ("does not say which characters 4 of its 4 glyphs are; check its text",)


@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from((7, 10, 14)), st.integers(1, 5), st.booleans()), max_size=4), max_size=5
    )
)
def test_pages_are_in_order_whatever_is_set_on_them(drawn):
    sheets = []
    for number, stretches in enumerate(drawn):
        items, y = [], 780.0
        for size, count, ended in stretches:
            y -= 40
            for _ in range(count):
                y -= 1.4 * size
                items.append(Line(number, "the weir" + "." * ended, 50, 250, y, size, bold=False))
        sheets.append(PageText(number, tuple(items)))

    source = compose(blocks_of(sheets, {}), pages=len(sheets))

    lines_on = [sum(text.count("the weir") for text in page_texts(source)[: n + 1]) for n in range(len(sheets))]
    assert lines_on == list(accumulate(len(sheet.items) for sheet in sheets))


def page_texts(source):
    bounds = [*source.pages, len(source.text)]
    return [source.text[a:b] for a, b in pairwise(bounds)]
