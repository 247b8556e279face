"""What the chat's tests share: a bot over the invented documents and a desk before it."""

import pytest

from qa_bot.chat.desk import Desk
from qa_bot.chat.feedback import FeedbackLog

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
