import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa_bot.evaluation.charts import charts
from qa_bot.evaluation.comparison import compare
from qa_bot.evaluation.figures import Curves
from qa_bot.evaluation.gate import Floor, below
from qa_bot.evaluation.meanings import MEANINGS
from qa_bot.evaluation.questions import read_collection
from qa_bot.evaluation.record import Quoted
from qa_bot.evaluation.report import Segment, segments, write_report
from qa_bot.evaluation.runner import Options, evaluate
from qa_bot.evaluation.tables import render_results
from qa_bot.types import Span

from .conftest import LINES, line
from .fakes import WordBot, document

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
HOSTILE = "<script>alert('x')</script><img src=http://192.0.2.1/a.png> {{ 7 * 7 }}"


@pytest.fixture
def results(write_lines, tmp_path):
    path = write_lines(*LINES, line("q7", HOSTILE, None, "hostile"), name="towns.jsonl")
    collection = read_collection(path, {"river": document()})
    return evaluate(WordBot(), [collection], Options(journal=tmp_path / "j", against=("bm25",), progress=False))


@pytest.fixture
def report(results, tmp_path):
    base = [record for record in results.records if record.question_id != "q1"]
    falls = below([Floor("hit@1", "towns", 0.9)], results.figures)
    write_report(
        results,
        tmp_path / "out" / "report.html",
        comparison=compare(base, results.records, name="base.json", seed=1),
        falls=falls,
    )
    return tmp_path / "out" / "report.html"


def test_a_quotation_is_cut_where_it_overlaps_the_other_side():
    quoted = Quoted("d", Span(10, 20), "abcdefghij")
    others = [Quoted("d", Span(5, 12), ""), Quoted("d", Span(15, 17), ""), Quoted("other", Span(10, 20), "")]
    assert segments(quoted, others) == (
        Segment("ab", shared=True),
        Segment("cde", shared=False),
        Segment("fg", shared=True),
        Segment("hij", shared=False),
    )
    assert segments(quoted, []) == (Segment("abcdefghij", shared=False),)


def test_the_report_holds_every_question_escaped_and_asks_for_nothing(report):
    html = report.read_text(encoding="utf-8")
    assert html.count("<article") == 7
    assert HOSTILE not in html
    assert "&lt;script&gt;alert(" in html
    assert "{{ 7 * 7 }}" in html
    assert "http://" not in html.replace("src=http://192.0.2.1/a.png", "")
    assert "https://" not in html


def test_the_report_shows_what_fell_and_what_changed(report):
    html = report.read_text(encoding="utf-8")
    assert "≥ 0.900" in html
    assert "Against base.json" in html
    assert "1 questions stand in only one of the two runs" in html


def test_a_set_without_anything_to_draw_has_no_plots():
    assert charts(Curves("empty", {})) == ()


def test_the_terminal_shows_each_measure_with_its_interval_and_the_stages(results):
    text = render_results(results)
    assert text.startswith("towns: 7 questions, 4 answerable (index words-1)")
    row = next(line for line in text.splitlines() if line.startswith("hit@1 "))
    assert row.split()[:6] == ["hit@1", "0.500", "[0.000,", "1.000]", "4", "0.500"]
    assert row.endswith("the first place ranked is right")
    assert next(line for line in text.splitlines() if line.startswith("ECE")).startswith("ECE ↓ ")
    assert "1 not retrieved, 2 refused wrongly, 1 answered wrongly" in text
    assert "against bm25 alone (p by Holm): no significant difference" in text
    assert text.endswith("docs/measures.md has every formula and its source")


def test_a_narrow_terminal_leaves_out_what_measures_say(results):
    narrow = render_results(results, width=80)
    assert "the first place ranked is right" not in narrow
    rows = [line for line in narrow.splitlines() if " [" in line]
    assert len(rows) > 20
    assert max(map(len, rows)) <= 80


def test_every_measure_that_is_printed_has_its_meaning_and_its_formula(results):
    defined = (Path(__file__).parents[2] / "docs" / "measures.md").read_text(encoding="utf-8")
    printed = {figure.measure for figure in results.figures}
    assert printed <= set(MEANINGS)
    for name in (*MEANINGS, *printed):
        base = name.removesuffix(" (answerable)")
        families = {"hit": "hit@k", "shown": "shown@1", "latency p": "latency p50"}
        written = next((to for prefix, to in families.items() if base.startswith(prefix)), base)
        assert written in defined, name


def test_hits_are_drawn_with_their_intervals_and_bins_by_their_size(results):
    hits, _, bins = charts(results.curves[0], results.figures)
    first = results.figure("hit@1")
    assert hits.lines[0].marks[0].interval == (first.low, first.high)
    assert hits.lines[0].marks[1].interval is None
    assert hits.lines[1].marks[0].interval is None
    sizes = [bin_.n for bin_ in results.curves[0].reliability]
    radii = [mark.radius for mark in bins.lines[0].marks]
    assert sorted(zip(sizes, radii, strict=True)) == sorted(zip(sorted(sizes), sorted(radii), strict=True))
    assert radii[sizes.index(max(sizes))] == 6.5


# ---------------------------------------------------------------- in a real browser


@pytest.fixture
def page(report) -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("request", lambda request: page.complaints.append(request.url))
        page.goto(report.as_uri())
        assert page.complaints == [report.as_uri()]
        page.complaints.clear()
        yield page
        assert page.complaints == []
        browser.close()


def shown(page) -> list[str]:
    return page.eval_on_selector_all("article:not([hidden]) h3", "found => found.map(e => e.textContent)")


@pytest.mark.browser
def test_the_filters_choose_questions_by_tag_outcome_and_words(page):
    assert len(shown(page)) == 7
    page.select_option("select[name=tag]", "test")
    assert len(shown(page)) == 4
    page.select_option("select[name=outcome]", "failed")
    assert shown(page) == ["where does almere lie", "Who built the old bridge?", "What happened in wartime?"]
    page.select_option("select[name=outcome]", "refused wrongly")
    assert shown(page) == ["where does almere lie"]
    page.click("button[type=reset]")
    page.fill("input[name=words]", "BRIDGE")
    assert shown(page) == ["When was the old bridge built?", "Who built the old bridge?"]
    assert page.inner_text("#count") == "2 of 7 questions"


@pytest.mark.browser
def test_the_report_fits_a_phone_and_prints_every_question(page):
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.emulate_media(media="print")
    assert page.is_hidden("#filter")
    assert page.locator("details:not([open]):visible").count() == 0
    assert page.locator("article:visible").count() == 7
    assert page.locator("figure.chart svg").count() >= 4


@pytest.mark.browser
def test_gold_and_citation_are_marked_where_they_overlap(page):
    first = page.locator("article").first
    assert first.locator("blockquote.cited mark").all_text_contents() == ["The old bridge was built in 1911."]
    assert first.locator("blockquote.gold mark").all_text_contents() == ["The old bridge was built in 1911."]
