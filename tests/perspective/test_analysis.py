"""What a document's reading rests on: by a change of what is only told of it no document is read anew."""

import grimp
import pytest

from qa_bot.perspective.analysis import TELLING


@pytest.fixture(scope="module")
def read_with() -> set[str]:
    graph = grimp.build_graph("qa_bot")
    return graph.find_upstream_modules("qa_bot.perspective.analysis")


def test_nothing_that_only_tells_takes_part_in_reading(read_with):
    rooms = tuple(f"qa_bot.perspective.{name}" for name in TELLING)
    assert [module for module in read_with if module.startswith(rooms)] == []
    assert "qa_bot.perspective.speech.voices" in read_with
