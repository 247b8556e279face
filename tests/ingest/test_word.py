"""How Word documents become text: each rule on a document that has only what the rule is about."""

import zipfile
from io import BytesIO
from string import ascii_lowercase

import pytest

from qa_bot.ingest.word import parse_docx

OFFICE = "http://schemas.openxmlformats.org"
TYPES = f"<Types xmlns='{OFFICE}/package/2006/content-types'/>"


def run(text, kind="w"):
    return f"<{kind}:r><{kind}:t xml:space='preserve'>{text}</{kind}:t></{kind}:r>"


def half(above, below):
    return f"<m:f><m:num>{run(above, 'm')}</m:num><m:den>{run(below, 'm')}</m:den></m:f>"


def box(text):
    content = f"<w:txbxContent><w:p>{run(text)}</w:p></w:txbxContent>"
    return f"<w:drawing><wp:anchor xmlns:wp='urn:wp'><x:wsp xmlns:x='urn:x'>{content}</x:wsp></wp:anchor></w:drawing>"


def shape(text, kind, inner=""):
    content = f"<w:txbxContent><w:p>{run(text)}<w:r>{inner}</w:r></w:p></w:txbxContent>"
    drawn = f"<v:{kind} xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox>{content}</v:textbox></v:{kind}>"
    return f"<w:pict>{drawn}</w:pict>"


def either(choice, fallback=None):
    last = "" if fallback is None else f"<mc:Fallback>{fallback}</mc:Fallback>"
    compatible = f"{OFFICE}/markup-compatibility/2006"
    return f"<mc:AlternateContent xmlns:mc='{compatible}'><mc:Choice>{choice}</mc:Choice>{last}</mc:AlternateContent>"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (run("page ") + f"<w:fldSimple w:instr='PAGE'>{run('7')}</w:fldSimple>" + run(" of 9"), "page 7 of 9"),
        (run("the ") + f"<w:bdo w:val='rtl'>{run('bridge')}</w:bdo>", "the bridge"),
        (f"<w:r><w:ruby><w:rt>{run('kan')}</w:rt><w:rubyBase>{run('漢')}</w:rubyBase></w:ruby></w:r>", "漢"),
        (run("so ") + f"<m:oMath>{run(2, 'm')}{half('1', '2')}</m:oMath>" + run(" tons"), "so 2 1/2 tons"),
        (f"<m:oMath>{half('a+b', 'c')}</m:oMath>", "(a+b)/c"),
        (f"<m:oMath><m:rad><m:deg>{run(3, 'm')}</m:deg><m:e>{run(8, 'm')}</m:e></m:rad></m:oMath>", "√(3&8)"),
        (f"<m:oMath><m:rad><m:deg/><m:e>{run(2, 'm')}</m:e></m:rad></m:oMath>", "√(2)"),
        (
            "<m:oMath><m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr><m:sub>" + run("i=1", "m") + "</m:sub><m:sup>"
            f"{run('n', 'm')}</m:sup><m:e>{run('x', 'm')}</m:e></m:nary></m:oMath>",
            "∑_(i=1)^n x",
        ),
        (
            f"<m:oMath><m:sSup><m:e><m:d><m:e>{run('x', 'm')}</m:e><m:e>{run('y', 'm')}</m:e></m:d></m:e>"
            f"<m:sup>{run(3, 'm')}</m:sup></m:sSup></m:oMath>",
            "(x|y)^3",
        ),
        (
            "<m:oMath><m:d><m:dPr><m:begChr m:val='['/><m:endChr m:val=''/></m:dPr>"
            f"<m:e>{run('x', 'm')}</m:e></m:d></m:oMath>",
            "[x",
        ),
        (f"{run(2)}<m:oMath>{half('1', '2')}</m:oMath>{run('.')}", "2 1/2."),
        (
            f"<m:oMath><m:func><m:fName>{run('sin', 'm')}</m:fName><m:e>{run('x', 'm')}</m:e></m:func></m:oMath>",
            "sin x",
        ),
        (
            f"<m:oMath><m:sPre><m:sub>{run('92', 'm')}</m:sub><m:sup>{run('238', 'm')}</m:sup>"
            f"<m:e>{run('U', 'm')}</m:e></m:sPre></m:oMath>",
            "(_92^238)U",
        ),
        (f"<m:oMath><m:limUpp><m:e>{run('x', 'm')}</m:e><m:lim>{run('n', 'm')}</m:lim></m:limUpp></m:oMath>", "x^n"),
        (f"<m:oMath><m:limLow><m:e>{run('x', 'm')}</m:e><m:lim>{run('n', 'm')}</m:lim></m:limLow></m:oMath>", "x_n"),
        (f"<m:oMath><m:eqArr><m:e>{run('x', 'm')}</m:e><m:e>{run('y', 'm')}</m:e></m:eqArr></m:oMath>", "x; y"),
        (f"<m:oMath>{'<m:d><m:e>' * 40}{run('x', 'm')}{'</m:e></m:d>' * 40}</m:oMath>", "(" * 40 + "x" + ")" * 40),
        (
            f"<m:oMath><m:m><m:mr><m:e>{run(1, 'm')}</m:e><m:e>{run(0, 'm')}</m:e></m:mr><m:mr><m:e>{run(0, 'm')}</m:e>"
            f"<m:e>{run(1, 'm')}</m:e></m:mr></m:m></m:oMath>",
            "(1, 0; 0, 1)",
        ),
    ],
)
def test_fields_turned_words_and_formulas_of_a_word_document_are_read(markup, expected):
    assert parse_docx(word_file(f"<w:p>{markup}</w:p>")).text == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<w:r><w:t>one</w:t><w:cr/><w:t>two</w:t><w:ptab/><w:t>three</w:t></w:r>", "one\ntwo three"),
        (run("before") + f"<w:r>{either(choice=box('boxed'))}</w:r>" + run(" after"), "before after\n\nboxed"),
        (f"<w:r>{either(choice=box('boxed'), fallback='')}</w:r>", "boxed"),
        (f"<w:r>{box('boxed')}</w:r>", "boxed"),
        (f"<w:r>{either(choice=box('boxed'), fallback=shape('boxed', 'rect'))}</w:r>", "boxed"),
        (f"<w:r>{either(choice='<w:drawing/>', fallback=shape('boxed', 'oval'))}</w:r>", "boxed"),
        (f"<w:r>{shape('outer', 'oval', shape('inner', 'line'))}</w:r>", "outer\n\ninner"),
        (run("a") + either(choice=run("b"), fallback=run("c")) + either(choice=run("d")), "acd"),
        (either(choice="<w:drawing/>") + run("a"), "a"),
    ],
)
def test_breaks_and_text_boxes_of_a_word_document_are_read_once(markup, expected):
    source = parse_docx(word_file(f"<w:p>{markup}</w:p>"))

    assert (source.text, source.warnings) == (expected, ())


def test_text_of_a_word_document_that_is_not_read_is_a_warning():
    known = "<w:permStart/><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>" + run("kept") + "<w:permEnd/>"
    unknown = f"<w:odd>{run('lost')}</w:odd>" * 2 + f"<x:new xmlns:x='urn:new'>{run('lost')}</x:new>"

    assert parse_docx(word_file(f"<w:p>{known}</w:p>")).warnings == ()
    assert parse_docx(word_file(f"<w:p>{known}{unknown}</w:p>")).warnings == (
        "has text in w:odd, {urn:new}new that was not read; compare it with the file",
    )


@pytest.mark.parametrize("style", ["Heading1", "11", "Überschrift", "My.Style", "it's", "a b", "2-x_n", "n\\r"])
def test_headings_of_a_word_document_are_told_whatever_their_style_is_called(style):
    styles = (
        f"<w:style w:type='paragraph' w:styleId=\"{style}\"><w:name w:val='S'/><w:pPr><w:outlineLvl w:val='1'/></w:pPr>"
        "</w:style><w:style w:type='paragraph' w:styleId='Body.11'><w:name w:val='T'/></w:style>"
    )
    body = "".join(f'<w:p><w:pPr><w:pStyle w:val="{name}"/></w:pPr>{run(name)}</w:p>' for name in (style, "Body.11"))

    source = parse_docx(word_file(body, styles=styles))

    assert [(h.span.of(source.text), h.level) for h in source.headings] == [(style, 2)]


def level(depth, kind, shown, more=""):
    told = f"<w:start w:val='1'/><w:numFmt w:val='{kind}'/><w:lvlText w:val='{shown}'/>{more}"
    return f"<w:lvl w:ilvl='{depth}'>{told}</w:lvl>"


def item(words, number=None, depth=0, *, styled="", changed=""):
    put = "" if number is None else f"<w:numPr><w:ilvl w:val='{depth}'/><w:numId w:val='{number}'/></w:numPr>"
    named = f"<w:pStyle w:val='{styled}'/>" if styled else ""
    return f"<w:p><w:pPr>{named}{put}<w:rPr>{changed}</w:rPr></w:pPr>{run(words)}</w:p>"


def style(name, inside):
    return f"<w:style w:type='paragraph' w:styleId='{name}'>{inside}</w:style>"


def numbered(*items, levels, changes="", styles=""):
    lists = (
        f"<w:abstractNum w:abstractNumId='7'>{levels}</w:abstractNum>"
        "<w:abstractNum w:abstractNumId='8'><w:numStyleLink w:val='Listed'/></w:abstractNum>"
        "<w:num w:numId='1'><w:abstractNumId w:val='7'/></w:num>"
        f"<w:num w:numId='2'><w:abstractNumId w:val='7'/>{changes}</w:num>"
        "<w:num w:numId='3'><w:abstractNumId w:val='8'/></w:num>"
    )
    linked = style("Listed", "<w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr>")
    return parse_docx(word_file("".join(items), numbering=lists, styles=linked + styles)).text.split("\n\n")


OUTLINE = level(0, "decimal", "%1.") + level(1, "lowerLetter", "(%2)") + level(2, "lowerRoman", "%1.%2.%3")


def test_items_of_a_word_document_are_counted_on_over_what_comes_between():
    found = numbered(item("x", 1), item("x", 1, 1), item("between"), item("x", 1), item("x", 3), levels=OUTLINE)

    assert found == ["1. x", "(a) x", "between", "2. x", "3. x"]


@pytest.mark.parametrize(
    ("levels", "depths", "expected"),
    [
        (OUTLINE, (0, 1, 1, 2, 0, 1, 2), ["1.", "(a)", "(b)", "1.b.i", "2.", "(a)", "2.a.i"]),
        (OUTLINE, (2, 0), ["1.a.i", "1."]),
        (OUTLINE + level(3, "decimal", "%1.%2.%4", "<w:isLgl/>"), (0, 1, 3), ["1.", "(a)", "1.1.1"]),
        (
            level(0, "upperRoman", "Article %1:"),
            (0, 0, 0, 0),
            ["Article I:", "Article II:", "Article III:", "Article IV:"],
        ),
        (level(0, "decimalZero", "%1"), (0, 0), ["01", "02"]),
        (
            level(0, "lowerLetter", "%1)"),
            (0,) * 28,
            [*(f"{letter})" for letter in ascii_lowercase), "aa)", "bb)"],
        ),
        (level(0, "decimal", "%1", "<w:start w:val='5'/>").replace("<w:start w:val='1'/>", ""), (0, 0), ["5", "6"]),
        (level(0, "decimal", "%1") + level(1, "decimal", "%2", "<w:lvlRestart w:val='0'/>"), (0, 1, 0, 1), "1122"),
        # not these
        (level(0, "bullet", "•"), (0, 0), ["", ""]),
        (level(0, "none", "%1"), (0,), [""]),
        (level(0, "decimal", ""), (0,), [""]),
        (OUTLINE, (8,), [""]),
    ],
)
def test_items_of_a_word_document_have_the_numbers_that_word_shows(levels, depths, expected):
    found = numbered(*(item("x", 1, depth) for depth in depths), levels=levels)

    assert found == [f"{number} x".strip() for number in expected]


def test_a_list_of_a_word_document_may_start_anew_or_be_numbered_otherwise():
    anew = "<w:lvlOverride w:ilvl='0'><w:startOverride w:val='9'/></w:lvlOverride>"
    letters = level(0, "upperLetter", "%1", "<w:suff w:val='nothing'/>")
    other = f"<w:lvlOverride w:ilvl='0'>{letters}</w:lvlOverride>"

    items = item("x", 1), item("x", 2), item("x", 2), item("x", 1)

    assert numbered(*items, levels=OUTLINE, changes=anew) == ["1. x", "9. x", "10. x", "11. x"]
    assert numbered(*items, levels=OUTLINE, changes=other) == ["1. x", "Bx", "Cx", "4. x"]


def test_a_style_of_a_word_document_may_put_paragraphs_into_a_list():
    put = "<w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr>"
    heading = "<w:pPr><w:numPr><w:numId w:val='1'/></w:numPr><w:outlineLvl w:val='0'/></w:pPr>"
    based = style("B", "<w:basedOn w:val='A'/>") + style("D", "<w:basedOn w:val='D'/>")
    styles = style("A", put) + based + style("C", put) + style("H", heading)
    levels = OUTLINE.replace("'(%2)'/>", "'(%2)'/><w:pStyle w:val='C'/>")
    items = [item("x", styled=name) for name in "ABCDH"]

    assert numbered(*items, item("x", 0, styled="A"), levels=levels, styles=styles) == [
        "1. x",
        "2. x",
        "(a) x",
        "x",
        "x",
        "x",
    ]


def test_items_that_are_empty_or_were_made_one_have_one_number():
    items = item("x", 1), item("", 1), item("one", 1, changed="<w:del/>"), item(" two", 1), item("x", 1)

    assert numbered(*items, levels=OUTLINE) == ["1. x", "3. one two", "4. x"]


def word_file(body, **parts):
    word, maths = f"{OFFICE}/wordprocessingml/2006/main", f"{OFFICE}/officeDocument/2006/math"
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("[Content_Types].xml", TYPES)
        file.writestr(
            "word/document.xml",
            f"<w:document xmlns:w='{word}' xmlns:m='{maths}'><w:body>{body}</w:body></w:document>",
        )
        for name, content in parts.items():
            file.writestr(f"word/{name}.xml", f"<w:{name} xmlns:w='{word}'>{content}</w:{name}>")
    return made.getvalue()


def test_raised_numbers_are_told():
    raised = "<w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>6</w:t></w:r>"

    assert parse_docx(word_file(f"<w:p>{run('10') + raised + run(' men')}</w:p>")).text == "10⁶ men"
