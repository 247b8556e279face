import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_bot.corpus import read_card
from qa_bot.perspective.draft import draft_card
from qa_bot.types import Basis, Document

TEXT = (
    "The Alba Bridge\n\nOn 4 May 2009 the Alba Council closed the bridge. The mayor of the town, Ada Roe, said that it "
    "was unsafe. The people of Breda protested, and the protest was peaceful. In June 2010 the bridge was opened. "
    "It is known that the Alba Council had asked for help from the Alba Council of Elders.\n"
)


def document(text, title="The Alba Bridge"):
    return Document("bridge", title, text, hashlib.sha256(text.encode()).hexdigest())


def read(draft: str, text: str, folder: Path):
    path = folder / "bridge.toml"
    path.write_text(draft, encoding="utf-8")
    return read_card(path, text)


def test_a_draft_is_a_valid_card_that_claims_nothing(tmp_path):
    card = read(draft_card(document(TEXT)), TEXT, tmp_path)
    assert (card.title, card.language) == ("The Alba Bridge", "en")
    assert {field.basis for field in card.fields.values()} == {Basis.UNKNOWN}
    assert (card.stance, card.naming) == ({}, ())


def test_a_draft_tells_names_dates_sources_and_the_profile_in_comments():
    comments = [line for line in draft_card(document(TEXT)).splitlines() if line.startswith("# ")]
    told = "\n".join(comments)
    assert "Alba Council (3)" in told
    assert "4 May 2009 (1)" in told
    assert "the latest year is 2010" in told
    assert "Ada Roe" in told
    assert "agentless claims: 0 with a source, 1 without" in told


@pytest.mark.parametrize("text", ["", "x", "Мост закрыт. Мэр сказал, что он опасен.", "日本語の文章。"])
def test_a_language_that_is_not_english_is_undetermined(text, tmp_path):
    assert read(draft_card(document(text)), text, tmp_path).language == "und"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(), text=st.text())
def test_whatever_the_document_holds_the_draft_is_a_valid_card(title, text, tmp_path):
    text, title = (part.encode("utf-8", "ignore").decode() for part in (text, title))
    read(draft_card(document(text, title)), text, tmp_path)
