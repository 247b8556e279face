"""One bot with the real model for the whole run, and cheap ones made on the spot."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A first example may load a model: time is no law here.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
ROOT = Path(__file__).parents[1]
LIVE = ("cli", "engine", "scale", "service")  # folders of tests with processes, sockets and clocks


def pytest_collection_modifyitems(items):
    """A browser, a server or a process may be late once on a busy machine: what fails twice is a fault."""
    for item in items:
        if item.get_closest_marker("browser") or item.path.parent.name in LIVE:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def corpus_folder() -> Path:
    return ROOT / "corpus"


@pytest.fixture(scope="session")
def index_folder(corpus_folder, tmp_path_factory) -> Path:
    """The index of the real corpus, built once by the real model."""
    from qa_bot import QaBot

    folder = tmp_path_factory.mktemp("index")
    QaBot.build(corpus_folder, folder)
    return folder


@pytest.fixture(scope="session")
def bot(index_folder):
    from qa_bot import QaBot

    return QaBot.load(index_folder)
