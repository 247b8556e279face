import pytest
from fastapi.testclient import TestClient

from qa_bot.service import ServiceSettings, create_app

from .fakes import FakeBot


@pytest.fixture
def bot():
    return FakeBot()


@pytest.fixture
def client(bot):
    with TestClient(create_app(bot, settings=ServiceSettings(threads=2, waiting=2))) as client:
        yield client
