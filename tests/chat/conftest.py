"""What the chat's tests share: a bot over the invented documents, a desk before it, one browser and one server."""

import pytest

from qa_bot.chat.desk import Desk
from qa_bot.chat.feedback import FeedbackLog

from .browser import CHROMIUM, DESKTOP, SWITCHES, Watched, serving
from .fakes import FakeBot


@pytest.fixture(scope="session")
def shared_bot() -> FakeBot:
    return FakeBot.of_examples()


@pytest.fixture
def bot(shared_bot) -> FakeBot:
    shared_bot.broken = False
    shared_bot.asked.clear()
    return shared_bot


@pytest.fixture
def desk(bot, tmp_path) -> Desk:
    return Desk(bot, FeedbackLog(tmp_path / "feedback.jsonl"))


@pytest.fixture(scope="package")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def feedback_file(tmp_path_factory):
    return tmp_path_factory.mktemp("feedback") / "feedback.jsonl"


@pytest.fixture(scope="package")
def served(shared_bot, feedback_file):
    with serving(shared_bot, feedback=feedback_file) as base:
        yield base


@pytest.fixture
def watched(browser, served):
    """Opens pages by size and colours; at the end none of them asked outside or logged an error."""
    contexts, pages = [], []

    def start(size=DESKTOP, scheme="light", base=served, **options) -> Watched:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, reduced_motion="reduce", **options
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.set_default_timeout(60_000)
        contexts.append(context)
        pages.append(Watched(context.new_page(), base))
        return pages[-1]

    yield start
    for context in contexts:
        context.close()
    for page in pages:
        page.assert_clean()
