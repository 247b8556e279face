"""Documents in the page: choosing, adding and removing them, large ones, and comparing them by party."""

import pytest

from qa_bot.bot import QaBot
from qa_bot.chat import Intake
from qa_bot.chat.wording import say
from qa_bot.ingest import SUFFIXES
from qa_bot.library import Library
from qa_bot.service import LiveBot, ServiceSettings, create_app
from qa_bot.service.keys import Scope, create_key

from ..fakes import HashingEncoder
from .browser import BRIDGE, PHONE, needs_browser, serving
from .fakes import FakeBot

pytestmark = needs_browser

WEIR = "The weir\n\nThe weir was built in 1931. It leaks."
BRIDGE_TEXT = "The bridge\n\nThe bridge was opened on 3 May."
CARD = 'title = "The bridge of 1931"\nlanguage = "en"\n[perspective]\nparty = "Town"\nholder = "the town"\n'
LARGEST = 100_000
HOSTILE_NAME = "<img src=x onerror=window.hacked=1>"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "weir.txt").write_text(WEIR)
    (folder / "corpus" / "mill.txt").write_text("The mill\n\nThe mill burned down in 1899.")
    library = Library(folder / "corpus", folder / "index", HashingEncoder())
    library.update()
    return library


def service(library, **settings):
    """The real service over a real index, with the page that belongs to it."""
    live = LiveBot(lambda: QaBot.load(library.index, encoder=library.encoder), folder=library.index)
    live.reload()
    keys = library.index.parent / "keys.json"
    given = {"keys_file": keys, "watch_seconds": 0, "mcp": False, "max_upload_bytes": LARGEST, **settings}
    app = create_app(live, settings=ServiceSettings(**given), library=library)
    intake = Intake(lambda request: request.state.may_manage, LARGEST)
    return serving(live.current, app=app, intake=intake, policy=False)  # the service sends its own


@pytest.fixture(scope="module")
def kept(library):
    with service(library) as base:
        yield base


def open_list(tab):
    tab.page.click('#bar [data-do="library"]')
    tab.page.wait_for_selector("#source .library")
    return tab.page


def choose(page, name, content, card=None):
    page.set_input_files("#shelf-source", {"name": name, "mimeType": "text/plain", "buffer": content})
    if card is not None:
        page.set_input_files("#shelf-card", {"name": card[0], "mimeType": "text/plain", "buffer": card[1]})
    page.click('#source [data-do="add"]')


def wait_for_news(page, text):
    page.wait_for_function("t => document.querySelector('.shelf-news')?.textContent.includes(t)", arg=text)


def wait_for_titles(page, *titles):
    listed = "[...document.querySelectorAll('#source .library li strong')].map(title => title.textContent)"
    page.wait_for_function(f"titles => JSON.stringify({listed}) === JSON.stringify(titles)", arg=list(titles))


def test_a_document_is_added_with_its_card_asked_and_removed_again(watched, kept, library):
    tab = watched(base=kept).open()
    page = open_list(tab)
    choose(page, "bridge.txt", BRIDGE_TEXT.encode(), ("bridge.toml", CARD.encode()))
    wait_for_news(page, say("shelf.added", name="The bridge of 1931"))
    wait_for_titles(page, "The bridge of 1931", "The mill", "The weir")
    assert (library.corpus / "bridge.toml").read_text() == CARD
    town = say("standpoint.tag", party="Town")
    page.wait_for_function("t => document.querySelector('#chat .sides').textContent.includes(t)", arg=town)
    tab.ask("When was the bridge opened?")
    assert page.text_content("#chat .card mark") == "The bridge was opened on 3 May."
    open_list(tab)
    row = page.locator("#source .library li").first
    row.locator('[data-do="ask-to-remove"]').click()
    row.locator('[data-do="keep"]').click()
    assert page.evaluate("document.activeElement.dataset.do") == "ask-to-remove"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.do") == "remove"
    page.keyboard.press("Enter")
    wait_for_news(page, say("shelf.removed", name="The bridge of 1931"))
    wait_for_titles(page, "The mill", "The weir")
    assert not (library.corpus / "bridge.txt").exists()
    outdated = say("chat.outdated")
    page.wait_for_function("t => document.getElementById('turn-1').textContent.includes(t)", arg=outdated)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("notes.exe", b"text", "shelf.wrong_type"),
        (f"{HOSTILE_NAME}.exe", b"text", "shelf.wrong_type"),
        ("notes.txt", b"", "shelf.empty"),
        ("notes.txt", "Grüße".encode("latin-1"), "shelf.not_utf8"),
        ("notes.txt", b"a\0b", "shelf.not_utf8"),
        ("notes.txt", b"a" * (LARGEST + 1), "shelf.too_large"),
    ],
)
def test_what_cannot_be_added_is_told_before_it_is_sent(watched, kept, name, content, told):
    tab = watched(base=kept).open()
    sent = []
    tab.page.on("request", lambda r: sent.append(r.url) if "/v1/" in r.url else None)
    page = open_list(tab)
    choose(page, name, content)
    page.wait_for_selector(".shelf-news.wrong")
    text = page.text_content(".shelf-news")
    assert text == say(told).format(name=name, known=" ".join(SUFFIXES), limit="100 kB")
    assert sent == []
    assert page.evaluate("window.hacked") is None


def test_what_the_server_refuses_is_told_in_its_words_and_nothing_is_lost(watched, kept):
    tab = watched(base=kept).open()
    page = open_list(tab)
    choose(page, "dam.txt", b"Another text.", ("dam.toml", b"title = 3\n"))
    page.wait_for_selector(".shelf-news.wrong")
    tab.forgive(422)
    assert "title" in page.text_content(".shelf-news")
    page.set_input_files("#shelf-card", [])
    choose(page, "weir.txt", b"Another text of that name.")
    wait_for_news(page, "there is a document 'weir' already")
    tab.forgive(409)
    assert page.evaluate("document.querySelector('#shelf-source').files[0].name") == "weir.txt"
    wait_for_titles(page, "The mill", "The weir")


def test_what_became_of_a_document_is_told_to_who_has_gone_on_and_in_the_list(watched, kept):
    tab = watched(base=kept).open()
    page = open_list(tab)
    waiting = []
    page.route("**/v1/documents?*", lambda route: waiting.append(route))  # noqa: PLW0108  # it is given attributes
    for name, content, told in (
        ("weir.txt", b"Another text of that name.", "there is a document 'weir' already"),
        ("dam.txt", b"The dam\n\nThe dam held in 1950.", say("shelf.added", name="The dam")),
    ):
        choose(page, name, content)
        page.wait_for_function("n => document.querySelector('.shelf-news').textContent.includes(n)", arg=name)
        page.click('#source [data-do="back"]')
        page.wait_for_selector("#source .doc .para")
        title = page.text_content("#source h2")
        while not waiting:
            page.wait_for_timeout(50)
        waiting.pop().continue_()
        for place in ("aside", "news"):
            page.wait_for_function(f"t => document.getElementById('{place}').textContent.includes(t)", arg=told)
        assert page.locator("#aside").is_visible()
        assert page.text_content("#source h2") == title
        open_list(tab)
        wait_for_news(page, told)
        assert page.text_content("#aside") == ""
        assert (page.locator(".shelf-news.wrong").count() == 1) == (name == "weir.txt")
        page.click('#source [data-do="back"]')
        page.wait_for_selector("#source .doc .para")
        open_list(tab)  # what was seen there is told no more
        page.wait_for_function("document.querySelector('.shelf-news').textContent === ''")
    tab.forgive(409)
    page.unroute("**/v1/documents?*")
    page.locator("#source .library li", has_text="The dam").locator('[data-do="ask-to-remove"]').click()
    page.keyboard.press("Enter")
    wait_for_titles(page, "The mill", "The weir")


def test_on_a_phone_it_is_told_to_who_has_closed_the_list_too(watched, kept):
    tab = watched(PHONE, base=kept).open()
    page = open_list(tab)
    waiting = []
    page.route("**/v1/documents?*", lambda route: waiting.append(route))  # noqa: PLW0108  # it is given attributes
    choose(page, "weir.txt", b"Another text of that name.")
    while not waiting:
        page.wait_for_timeout(50)
    page.click("#source .close")
    waiting.pop().continue_()
    page.wait_for_function("document.getElementById('aside').textContent.includes(\"'weir' already\")")
    tab.forgive(409)
    assert page.is_visible("#aside")
    open_list(tab)
    wait_for_news(page, "'weir' already")
    page.wait_for_function("document.getElementById('aside').textContent === ''")


@pytest.mark.parametrize(("scope", "offered"), [(Scope.ASK, False), (Scope.MANAGE, True)])
def test_only_who_may_manage_is_offered_changes_and_signs_in_once(watched, library, scope, offered):
    key = create_key(library.index.parent / "keys.json", "reader", (Scope.ASK, scope))
    with service(library, auth="always") as base:
        tab = watched(base=base, http_credentials={"username": "reader", "password": key}).open()
        tab.errors.clear()  # the browser has logged the challenge that it answered
        page = open_list(tab)
        assert page.locator(".shelf, [data-do=ask-to-remove]").count() == (3 if offered else 0)
        if offered:
            choose(page, "weir.txt", WEIR.encode())  # the same again is no conflict
            wait_for_news(page, say("shelf.added", name="The weir"))


def test_nothing_is_offered_where_no_corpus_is_kept(watched):
    page = open_list(watched().open())
    assert page.locator(".shelf, [data-do=ask-to-remove]").count() == 0


def test_a_page_of_another_origin_changes_nothing(browser, kept, library):
    page = browser.new_page()
    page.evaluate(
        """async base => {
          const form = new FormData();
          form.append('file', new File(['A forged text.'], 'forged.txt'));
          await fetch(`${base}/v1/documents`, {method: 'POST', mode: 'no-cors', body: form});
          await fetch(`${base}/v1/documents/weir`, {method: 'DELETE', mode: 'no-cors'}).catch(() => null);
        }""",
        kept,
    )
    page.close()
    assert sorted(p.name for p in library.corpus.glob("*.txt")) == ["mill.txt", "weir.txt"]


def test_the_page_weighs_at_most_550_kilobytes_on_the_wire(watched, kept):
    tab = watched(base=kept)
    weight = []
    session = tab.page.context.new_cdp_session(tab.page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: weight.append(event["encodedDataLength"]))
    tab.open()
    tab.page.wait_for_load_state("networkidle")
    assert 100_000 < sum(weight) <= 550_000


def test_questions_can_be_limited_to_one_document(watched):
    tab = watched().open()
    tab.page.click('#bar [data-do="library"]')
    tab.page.check('#source input[value="union-observer-report"]')
    tab.page.click('#source [data-do="filter"]')
    tab.page.wait_for_selector("#foot .narrowed")
    tab.ask("Who closed the bridge?")
    assert (
        tab.page.locator("#source .passage").evaluate_all("all => all.map(p => p.dataset.doc)")
        == ["union-observer-report"] * 3
    )


def test_questions_can_be_limited_to_the_documents_of_a_party(watched):
    tab = watched().open()
    tab.page.click('#bar [data-do="library"]')
    tab.page.check('#source input[name="party"][value="Maravel"]')
    tab.page.click('#source [data-do="filter"]')
    tab.page.wait_for_selector("#foot .narrowed")
    assert say("standpoint.tag", party="Maravel") in tab.page.text_content("#foot .narrowed")
    tab.ask(BRIDGE)
    shown = tab.page.locator("#source .passage").evaluate_all("all => all.map(p => p.dataset.doc)")
    assert set(shown) == {"maravel-courier-chronicle"}
    tab.page.click('#bar [data-do="library"]')
    tab.page.click('#source [data-do="unfilter"]')
    tab.page.wait_for_selector("#foot .narrowed", state="detached")


def test_what_is_asked_is_told_as_it_is_once_the_chosen_document_is_gone(watched):
    first, second = (f"The {name} of Orsel broke on 4 May 1931." for name in ("weir", "mill"))
    shelf = [FakeBot.of_texts(weir=first, mill=second)]
    with serving(lambda: shelf[-1]) as base:
        tab = watched(base=base).open()
        tab.page.click('#bar [data-do="library"]')
        tab.page.check('#source input[value="mill"]')
        tab.page.click('#source [data-do="filter"]')
        tab.page.wait_for_selector("#foot .narrowed")
        shelf.append(FakeBot.of_texts(weir=first))
        shelf[-1].index_version = "fake-2"
        tab.ask("When did the weir break? weir broke")
        tab.page.wait_for_selector("#foot .narrowed", state="detached")
        assert tab.page.text_content("#turn-1 mark") == first


def test_from_the_list_there_is_a_way_back_to_the_text_that_was_shown(watched, bot):
    tab = watched().open()
    tab.page.click('#bar [data-do="library"]')
    tab.page.click('#source [data-do="back"]')
    tab.page.wait_for_selector("#source .doc .para")
    assert tab.page.text_content("#source h2") == bot.documents[0].title
    tab.ask(BRIDGE)
    tab.page.click('#chat a[href="#compare-1"]')
    tab.page.click('#source [data-do="back"]')
    assert tab.mark_in_view() == bot.ask(BRIDGE).citations[0].quote
    tab.page.click('#bar [data-do="library"]')
    tab.page.click('#source [data-do="open"][data-doc="union-observer-report"]')
    tab.page.wait_for_selector('#source .pane[data-doc="union-observer-report"]')
    tab.page.click('#bar [data-do="library"]')
    tab.page.click('#source [data-do="back"]')
    tab.page.wait_for_selector('#source .pane[data-doc="union-observer-report"]')


def test_a_large_document_is_shown_in_a_window_that_moves_with_the_reader(watched):
    text = "\n\n".join(f"Paragraph {n} says that boat {n} left the harbour at noon." for n in range(90_000))
    with serving(FakeBot.of_texts(large=text)) as base:
        start = text.index("Paragraph 45000")
        tab = watched(base=base).open(f"?doc=large&span={start}-{start + 40}")
        assert tab.mark_in_view() == text[start : start + 40]
        numbers = "[...document.querySelectorAll('#source .para')].map(p => Number(p.dataset.n))"
        assert len(tab.page.evaluate(numbers)) < 2000
        for end in (-1, -1, -1, -1, -1, 0):
            before = tab.page.evaluate(numbers)
            tab.page.eval_on_selector("#source .doc", "(doc, end) => { doc.scrollTop = -end * doc.scrollHeight }", end)
            tab.page.wait_for_function(f"old => ({numbers}).at({end}) !== old", arg=before[end])
            now = tab.page.evaluate(numbers)
            assert now == list(range(now[0], now[-1] + 1))
            assert len(now) <= 3000
        assert len(tab.page.evaluate(numbers)) > 2500


def test_a_step_that_fails_shows_nothing_and_can_be_taken_again(watched):
    text = "\n\n".join(f"Paragraph {n} says that boat {n} left the harbour at noon." for n in range(3_000))
    with serving(FakeBot.of_texts(large=text)) as base:
        tab = watched(base=base)
        refused = []
        tab.page.route("**/component_server/**", lambda route: (refused.append(route), route.abort()))
        tab.open("?doc=large")
        later = '#source .more[data-more="later"]'
        while not refused:  # the page may still be on its way, and go back to the beginning when it is there
            tab.page.eval_on_selector("#source .doc", "doc => { doc.scrollTop = doc.scrollHeight }")
            tab.page.wait_for_timeout(100)
        tab.page.wait_for_selector(f"{later}:enabled")
        tab.page.wait_for_timeout(700)  # an edge that is watched anew would ask again and again
        assert len(refused) == 1
        assert "undefined" not in tab.page.text_content("#source .doc")
        tab.page.unroute("**/component_server/**")
        before = tab.page.locator("#source .para").count()
        tab.page.click(later)
        tab.page.wait_for_function("n => document.querySelectorAll('#source .para').length > n", arg=before)
        tab.errors[:] = [error for error in tab.errors if "ERR_FAILED" not in error]


def test_parties_are_compared_side_by_side(watched):
    tab = watched().open()
    tab.ask(BRIDGE)
    tab.page.click('#chat a[href="#compare-1"]')
    tab.page.wait_for_selector("#source .contrast")
    tops = {round(box.bounding_box()["y"]) for box in tab.page.locator("#source .viewpoint").all()}
    assert len(tops) == 1
    tab.page.locator("#source .viewpoint button").first.click()
    tab.mark_in_view()
