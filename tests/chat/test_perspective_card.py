import pytest

from qa_bot.chat.perspective_card import perspective_card
from qa_bot.chat.wording import say
from qa_bot.corpus import make_document
from qa_bot.types import Basis, CardField, Document, NamingPair, PerspectiveCard, Span

from .markup import PAYLOADS, Page, assert_inert


def test_the_card_names_standpoint_reasons_limits_and_names(bot):
    page = assert_inert(perspective_card(bot.document("orsel-weir-narrative")))
    assert page.texts_of("h3") == ["◐ Perspective: Orsel"]
    assert page.texts_of("summary") == [say("standpoint.why"), say("standpoint.more")]
    assert "cannot settle who used force on 4 May" in page.text
    assert "“Halden weir” here, “Mill Dam” elsewhere" in page.text


def test_evidence_points_at_spans_of_the_document(bot):
    document = bot.document("orsel-weir-narrative")
    page = Page(perspective_card(document))
    spans = [(int(a["data-start"]), int(a["data-end"])) for _, a in page.elements if a.get("class") == "evidence"]
    declared = [(s.start, s.end) for f in document.card.fields.values() for s in f.evidence]
    assert spans
    assert set(spans) <= set(declared)


def test_a_document_without_a_card_says_that_nothing_is_declared():
    page = Page(perspective_card(make_document("plain", "Some text.")))
    assert say("standpoint.undeclared") in page.text


def test_what_a_card_does_not_know_is_said_to_be_unknown():
    card = PerspectiveCard("T", "en", {"origin.author": CardField("unknown", Basis.UNKNOWN)})
    page = Page(perspective_card(Document("d", "T", "text", "0", card)))
    assert "author: unknown" in page.text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_in_a_card_are_inert(payload):
    fields = {key: CardField(payload, Basis.STATED, (Span(0, 2),)) for key in ("perspective.holder", "origin.author")}
    card = PerspectiveCard(
        payload, "en", fields, {payload: "for"}, (payload,), (payload,), (NamingPair(*[payload] * 3),)
    )
    page = assert_inert(perspective_card(Document(payload, payload, "text", "0", card)))
    assert page.text.count(payload) >= 6
