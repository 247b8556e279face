import gc
import json
import math
import re
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_bot import QaBot
from qa_bot.answering import CONFIDENCE, NOTHING, THRESHOLD, Asked, confidence_of, verify
from qa_bot.bot import annotated, checked_question, update_index
from qa_bot.corpus import Corpus, make_document, read_sources, sha256_of
from qa_bot.corpus.shelf import changing
from qa_bot.errors import (
    IndexBusyError,
    IndexStaleError,
    QuestionError,
    QuotationError,
    SpanError,
    UnknownDocumentError,
)
from qa_bot.index import Entry, load_index, writing
from qa_bot.perspective import loaded_in
from qa_bot.rendering.text import answer_text
from qa_bot.segmentation import outline
from qa_bot.settings import Settings
from qa_bot.types import (
    Actor,
    ActorKind,
    CardField,
    ClaimCue,
    Excerpt,
    LoadedTerm,
    Parties,
    Party,
    PerspectiveCard,
    Ranking,
    Span,
    Status,
    Voice,
)

from .fakes import HashingEncoder
from .orphans import is_orphan

TEXT = (
    "Old name of the weir\n\nThe weir was built in 1931. “We built it alone,” said Ada Holm. Nobody knows why it leaks."
)


def small_bot(folder, *texts):
    encoder = HashingEncoder(dim=64)
    documents = tuple(make_document(f"d{i}", text) for i, text in enumerate(texts))
    update_index(Corpus(documents, Parties()), folder, encoder)
    return QaBot(load_index(folder), encoder)


@pytest.fixture
def built(tmp_path, monkeypatch):
    """A corpus folder of one document, and what builds a bot of it without a model."""
    monkeypatch.setattr("qa_bot.bot.load_encoder", lambda *_, **__: HashingEncoder(dim=64))
    monkeypatch.setattr("qa_bot.bot.load_reader", lambda _: None)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "weir.txt").write_text(TEXT)
    return tmp_path / "corpus", lambda: QaBot.build(tmp_path / "corpus", tmp_path / "index")


def test_nobody_else_writes_the_index_between_the_reading_of_a_corpus_and_the_end_of_its_building(built, monkeypatch):
    _, build = built
    refused = []

    def read(folder, index):
        with ThreadPoolExecutor(1) as another, pytest.raises(IndexBusyError):
            another.submit(writing(index).__enter__).result()
        refused.append(index)
        return read_sources(folder, index)

    monkeypatch.setattr("qa_bot.bot.read_sources", read)
    assert [d.doc_id for d in build().documents] == ["weir"]
    assert len(refused) == 1


def test_building_finishes_a_change_of_the_corpus_that_was_decided(built):
    corpus, build = built
    with changing(corpus):
        change = corpus / ".changes" / "x.decided"
        change.mkdir(parents=True)
        (change / "bridge.txt").write_text("The bridge stands.")
        (change / "plan.json").write_text(json.dumps({"put": ["bridge.txt"], "remove": ["weir.txt"]}))
    assert [d.doc_id for d in build().documents] == ["bridge"]


def assert_honest(answer, documents):
    """The laws of every answer: exact quotations, a note on each, nobody's words without their speaker."""
    shown = answer.citations + answer.closest
    assert (answer.status is Status.ANSWERED) == bool(answer.citations)
    assert not (answer.citations and answer.closest)
    assert 0 <= answer.confidence <= 1
    assert [c.number for c in shown] == list(range(1, len(shown) + 1))
    for citation in shown:
        text = documents[citation.doc_id].text
        assert text[citation.span.start : citation.span.end] == citation.quote
        assert citation.context.span.of(text) == citation.context.text
        assert citation.quote in citation.context.text
        assert sha256_of(text) == citation.document_sha256
        assert citation.perspective.note
        assert not is_orphan(answer_text(answer), citation.perspective)
        for excerpt in citation.perspective.attribution:
            assert excerpt.span.of(text) == excerpt.text
        for term in citation.perspective.loaded:
            assert term.span.of(text) == term.text


words = st.lists(
    st.sampled_from(
        "who when did shusha fall aliyev said armenia losses flag the 8 november ? weir called zzz".split()
    ),
    min_size=1,
    max_size=8,
).map(" ".join)


@given(st.one_of(words, st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=80)))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_question_about_the_corpus_gets_an_honest_answer(bot, question):
    if question.strip():
        answer = bot.ask(question)
        assert_honest(answer, {d.doc_id: d for d in bot.documents})
        assert (answer.status is Status.ANSWERED) == (answer.confidence >= THRESHOLD)


@pytest.mark.parametrize(("confidence", "answered"), [(0.12496, True), (0.12494, False)])
def test_an_answer_is_given_by_the_confidence_that_is_told(bot, confidence, answered):
    ranking = bot.rank("armenian tank losses?", stage="read")
    intercept, relevance = CONFIDENCE
    wanted = (math.log(confidence / (1 - confidence)) - intercept) / relevance
    first = ranking.sentences[0]
    nearly = replace(first, evidence=replace(first.evidence, relevance=wanted))
    asked = Asked(ranking.question, ranking.question)
    answer = bot._answerer.answer(asked, replace(ranking, sentences=(nearly, *ranking.sentences[1:])))
    assert (answer.status is Status.ANSWERED) == answered == (answer.confidence >= THRESHOLD)


marks = st.sampled_from(
    ['"', "“", "”", "'", "’", "«", "»", ". ", "? ", "\n\n", " said ", "Q: ", "A: ", "ש", "中。", "😀", "e\u0301"]
)
unicode_texts = st.lists(
    st.one_of(marks, st.text(st.characters(exclude_categories=["Cs"]), max_size=20)), min_size=1, max_size=30
)


@given(unicode_texts.map("".join).filter(lambda t: t.strip()), st.text(min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_any_document_is_quoted_exactly(tmp_path_factory, text, question):
    bot = small_bot(tmp_path_factory.mktemp("index"), text)
    try:
        answer = bot.ask(question)
    except QuestionError:
        return
    assert_honest(answer, {d.doc_id: d for d in bot.documents})


said = st.lists(
    st.sampled_from(
        [
            "Eleven miners were killed.",
            "The bridge has three arches.",
            "“They fired first,” said Ada Holm.",
            "It is widely believed that the dam was mined.",
            "According to the clinic, nine were hurt.",
        ]
    ),
    max_size=5,
).map(" ".join)


@given(said, said)
@settings(max_examples=40, deadline=None)
def test_an_edited_document_is_read_as_if_it_were_new(before, after):
    old, new = (make_document("d", f"Notes.\n\n{text}") for text in (before, after))
    parts = [outline(document.text, "d", document.layout) for document in (old, new)]
    known = Entry(old, parts[0], *annotated(old, parts[0], None, parties=Parties()))
    edited = annotated(new, parts[1], known, parties=Parties())
    assert edited == annotated(new, parts[1], None, parties=Parties())


def test_the_same_words_are_cited_once(tmp_path):
    bot = small_bot(tmp_path, "Rain fell on the weir. Rain fell on the weir.", "Rain fell  on the weir. Snow fell.")
    quotes = [" ".join(c.quote.split()) for c in bot.search("rain fell on the weir")]
    assert quotes.count("Rain fell on the weir.") == 1


def test_an_answer_names_what_it_was_made_from(bot):
    answer = bot.ask("armenian tank losses?")
    assert answer.status is Status.ANSWERED
    assert "366 tanks" in answer.citations[0].quote
    assert answer.index_version == bot.index_version
    assert answer.citations[0].section == "Losses in the Second Karabakh War"
    assert {"encode", "search", "late", "compose", "retrieve", "read", "total"} <= set(answer.timings_ms)
    assert (
        answer.citations[0].href
        == f"/ui/?doc=second-karabakh-war&span={answer.citations[0].span.start}-{answer.citations[0].span.end}"
    )


@pytest.mark.parametrize("question", ["how do I bake sourdough bread", "asdf qwer zxcv"])
def test_what_the_sources_do_not_speak_of_is_refused_with_the_nearest_passages(bot, question):
    answer = bot.ask(question)
    assert answer.status is Status.NOT_IN_SOURCES
    assert answer.citations == ()
    assert answer.closest
    assert "do not answer" in answer.text


def test_what_a_card_and_parties_call_themselves_is_not_said_in_the_bots_own_name(tmp_path):
    text = "Ada Holm said that the weir was closed in spring. “We closed it,” said the barbaric occupiers."
    fields = {"perspective.holder": "the heroic liberators fighting terrorist occupiers", "perspective.party": "Heroes"}
    card = PerspectiveCard("T", "en", {name: CardField(value) for name, value in fields.items()})
    document = replace(make_document("d", text, title='The "glorious" victory of our martyrs'), card=card)
    holm = Actor("Ada Holm", ActorKind.PERSON, (), "National Hero of the weir", "Heroes")
    encoder = HashingEncoder(dim=64)
    update_index(Corpus((document,), Parties((Party("Heroes"),), (holm,))), tmp_path, encoder)
    answer = QaBot(load_index(tmp_path), encoder).ask("when was the weir closed in spring")
    assert [citation.perspective.speaker for citation in answer.citations] == ["Ada Holm", "the barbaric occupiers"]
    lines = [line for line in answer.text.splitlines() if not line.startswith("[")]  # all but the quotations
    for said in (*lines, answer.perspective_note, *(citation.perspective.note for citation in answer.citations)):
        assert not said or '"the heroic liberators fighting terrorist occupiers"' in said
        assert loaded_in(re.sub(r'"[^"\n]*"', "", said)) == (), said


def test_a_conversation_completes_a_question(bot):
    answer = bot.ask("and when was it liberated?", history=["What happened in Fuzuli?"])
    assert answer.resolved_question != answer.question
    assert "Fuzuli" in answer.resolved_question


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        ("", "is empty"),
        (" \n\t ", "is empty"),
        ("x" * 10_000, "has 10000 characters; shorten it to 1000"),
        ("what\x00now", r"control character U\+0000 at 4"),
        ("what\x1bnow", r"control character U\+001B"),
        ("lone \ud800 surrogate", r"U\+D800"),
    ],
)
def test_a_question_that_cannot_be_asked_is_told_why(question, problem):
    with pytest.raises(QuestionError, match=problem) as error:
        checked_question(question)
    assert "\n" not in str(error.value)


def test_limits_are_told(bot):
    with pytest.raises(QuestionError, match="max_citations is 0; ask for 1 to 10"):
        bot.ask("when?", max_citations=0)
    with pytest.raises(QuestionError, match="limit is 1000"):
        bot.search("when?", limit=1000)
    with pytest.raises(QuestionError, match="the history has 21 questions"):
        bot.ask("when?", history=["x"] * 21)
    with pytest.raises(QuestionError, match="no party 'Atlantis' in this corpus; it names: "):
        bot.ask("when?", parties=["Atlantis"])
    with pytest.raises(UnknownDocumentError, match="no document 'x' in the index; it holds: second-karabakh-war"):
        bot.ask("when?", doc_ids=["x"])


def test_a_party_without_a_document_leaves_nothing_to_cite(bot):
    answer = bot.ask("who lost tanks?", parties=["Armenia"])
    assert answer.status is Status.NOT_IN_SOURCES
    assert answer.closest == ()
    assert answer.text == f"No document in this corpus speaks for Armenia. {NOTHING}"
    assert answer.perspective_note == "No document in this corpus speaks for Armenia."
    own = bot.ask("armenian tank losses?", parties=["Azerbaijan"])
    assert own.citations
    assert "No document" not in own.text + own.perspective_note
    both = bot.ask("armenian tank losses?", parties=["Azerbaijan", "Armenia"])
    assert both.citations == own.citations
    assert both.perspective_note == f"{own.perspective_note} No document in this corpus speaks for Armenia."


def test_a_party_may_be_asked_for_by_another_name_and_in_any_case(bot):
    named = bot.ask("armenian tank losses?", parties=["Azerbaijan"]).citations
    assert bot.ask("armenian tank losses?", parties=["azerbaijan"]).citations == named
    assert bot.ask("armenian tank losses?", parties=[" Baku", "AZERBAIJAN"]).citations == named


def test_a_span_outside_its_document_is_told(bot):
    with pytest.raises(SpanError, match="span 0-999999 lies outside 'second-karabakh-war', which has"):
        bot.perspective("second-karabakh-war", Span(0, 999_999))


def test_a_forged_quotation_or_text_does_not_leave(bot):
    citation = bot.search("armenian tank losses?", limit=1)[0]
    text = bot.document(citation.doc_id).text
    verify(citation, text)
    with pytest.raises(QuotationError, match="differs from its source"):
        verify(replace(citation, quote=citation.quote.replace("366", "663")), text)
    with pytest.raises(QuotationError, match="is not the one that was indexed"):
        verify(citation, text + " ")


@pytest.mark.parametrize(
    "beside",
    [
        {"cue": Excerpt(Span(0, 3), "xyz")},
        {"rebuttal": Excerpt(Span(0, 3), "xyz")},
        {"attribution": (Excerpt(Span(0, 3), "xyz"),)},
        {"loaded": (LoadedTerm(Span(0, 3), "xyz", "xyz", "praise", "", Voice.NARRATOR),)},
        {"claims": (ClaimCue(Span(0, 3), "xyz", "motive", sourced=False),)},
    ],
)
def test_nothing_forged_beside_a_quotation_leaves(bot, beside):
    citation = bot.search("armenian tank losses?", limit=1)[0]
    forged = replace(citation, perspective=replace(citation.perspective, **beside))
    with pytest.raises(QuotationError, match=r"the quotation at 0-3 .* differs from its source"):
        verify(forged, bot.document(citation.doc_id).text)


def test_the_index_of_a_bot_that_is_replaced_is_freed_at_once(tmp_path):
    bot = small_bot(tmp_path, "The weir was closed in spring.")
    bot.ask("when was the weir closed")
    index = weakref.ref(bot.index)
    gc.disable()  # what a cycle holds stays until the collector comes by
    try:
        del bot
        assert index() is None
    finally:
        gc.enable()


def test_an_index_built_by_another_model_is_refused(index_folder):
    with pytest.raises(IndexStaleError, match="built with model 'all-MiniLM-L6-v2', settings ask for 'other'"):
        QaBot.load(index_folder, settings=Settings(model="other"))


def test_nothing_ranked_means_no_confidence():
    assert confidence_of(Ranking("?", (), ())) == 0


def test_importing_the_package_loads_no_model_library():
    import subprocess
    import sys

    code = (
        "import qa_bot, sys; heavy = ('torch', 'gradio', 'faiss', 'fastapi', 'transformers');"
        "print([m for m in heavy if m in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Why did Switzerland send tanks?", "Switzerland"),
        ("why did switzerland send tanks", "switzerland"),
        ("Zambia's reaction?", "Zambia"),
    ],
)
def test_a_name_that_no_source_has_is_refused_by_name(bot, question, name):
    answer = bot.ask(question)
    assert answer.status is Status.NOT_IN_SOURCES
    assert f"do not mention “{name}”" in answer.text
    assert answer.closest


@pytest.mark.parametrize(
    "question", ["What did the Armenian side lose?", "What did Heiko Maas say?", "who took Shushi?"]
)
def test_names_of_the_corpus_in_any_form_are_heard(bot, question):
    assert "do not mention" not in bot.ask(question).text
