import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_bot.chat.answer_card import Offers, answer_card, certainty, marked_quotation, question_bubble
from qa_bot.chat.wording import say
from qa_bot.types import Citation, Excerpt, LoadedTerm, Perspective, Resolution, Span, Status, Voice

from .markup import PAYLOADS, Page, assert_inert

QUESTION = "When was the Sill bridge liberated?"


def card(answer, **options) -> str:
    shown = answer.citations or answer.closest
    return answer_card(answer, turn=1, paragraphs=[7] * len(shown), **options)


def rows(html: str) -> dict[str, str]:
    page = Page(html)
    return dict(zip(page.texts_of("dt"), page.texts_of("dd"), strict=True))


def citation(text: str, span: Span, **perspective) -> Citation:
    defaults = {"holder": "a holder", "party": "Orsel", "voice": Voice.NARRATOR, "note": "A note."}
    return Citation(
        1, "doc", "A title", "A section", None, span, span.of(text), "0" * 64, 0.9,
        Excerpt(Span(0, len(text)), text), Perspective(**{**defaults, **perspective}),
    )  # fmt: skip


@st.composite
def citations(draw):
    text = draw(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=200))
    start = draw(st.integers(0, len(text) - 1))
    span = Span(start, draw(st.integers(start + 1, len(text))))
    inner = draw(st.integers(span.start, span.end - 1))
    place = Span(inner, draw(st.integers(inner + 1, span.end)))
    loaded = (LoadedTerm(place, place.of(text), "word", "label", "a <reason>", Voice.NARRATOR),)
    return citation(text, span, loaded=loaded), Excerpt(place, place.of(text)) if draw(st.booleans()) else None


@given(citations())
def test_the_highlighted_text_is_the_quotation_exactly(case):
    cited, short = case
    page = Page(marked_quotation(cited, short=short))
    assert page.texts_of("mark") == [cited.quote] == [cited.span.of(cited.context.text)]
    assert page.texts_of("strong") == ([short.text] if short else [])


@given(citations())
def test_the_quotation_stands_in_an_unbroken_stretch_of_its_context(case):
    cited, short = case
    html = card(replace(ANSWERED, citations=(cited,), short=short))
    shown = Page(re.sub(r'<a class="cite".*?</a>', "", html)).texts_of("blockquote")[0]
    assert cited.quote in shown
    assert shown.removeprefix("… ").removesuffix(" …") in cited.context.text


@given(citations())
def test_a_card_is_one_line_so_that_no_blank_line_ends_its_block_of_html(case):
    assert "\n" not in card(replace(ANSWERED, citations=(case[0],), short=case[1]))


def test_the_rows_say_source_speaker_perspective_loaded_words_and_certainty(bot):
    html = card(bot.ask(QUESTION))
    found = rows(html)
    assert found["Source"] == "The Defence of the Halden Weir, “The course of the clashes”, paragraph 7"
    assert found["Who speaks"] == "The document itself, in its own words"
    assert "no source is given" in found["Perspective"]
    assert found["Loaded words"].startswith("“liberated” one side’s word for the event · BBC Editorial Guidelines 11.3")
    assert found["Certainty"] == say("certainty.high")
    assert "90 %" in html
    assert "Orsel standpoint" in Page(html).texts_of("p", class_="lead")[0]


def test_the_perspective_comes_before_the_quotation(bot):
    html = card(bot.ask(QUESTION))
    assert html.index("Orsel standpoint") < html.index("<blockquote")


def test_the_short_answer_is_marked_inside_the_quotation(bot):
    assert Page(card(bot.ask(QUESTION))).texts_of("strong") == ["6 May"]


def test_every_quotation_of_somebody_is_shown_with_its_speaker_or_attribution():
    text = 'The mayor spoke to the town. "It is ours." Nobody answered.'
    named = (Excerpt(Span(0, 28), text[:28]),)
    cited = citation(
        text, Span(29, 42), voice=Voice.DIRECT_QUOTE, resolution=Resolution.CARRIED, speaker="Edda Krane",
        speaker_role="Mayor", speaker_party="Orsel", attribution=named,
    )  # fmt: skip
    speaks = rows(card(replace(ANSWERED, citations=(cited,))))["Who speaks"]
    assert speaks.startswith("Edda Krane, Mayor (Orsel), quoted directly by this document")
    assert "“The mayor spoke to the town.”" in speaks


@pytest.mark.parametrize(
    ("resolution", "expected"),
    [(Resolution.UNRESOLVED, say("speaks.unresolved")), (Resolution.VAGUE, say("speaks.vague"))],
)
def test_an_unknown_speaker_is_said_to_be_unknown(resolution, expected):
    cited = citation("It was so.", Span(0, 10), voice=Voice.ATTRIBUTED, resolution=resolution)
    assert expected in rows(card(replace(ANSWERED, citations=(cited,))))["Who speaks"]


def test_a_refusal_looks_different_and_marks_its_passages_as_no_answer(bot):
    html = card(bot.ask("What is the population of Tokyo?"), offers=Offers(questions=("What happened on 4 May?",)))
    assert 'class="card refused"' in html
    assert "<mark" not in html
    assert "<blockquote" not in html
    assert say("refusal.nearest") in Page(html).text
    assert Page(html).texts_of("a", href="#suggest") == ["What happened on 4 May?"]


def test_names_that_no_source_has_are_the_reason_of_a_refusal(bot):
    refused = replace(bot.ask("What is the population of Tokyo?"), unheard=("Tokyo", "<b>Ōsaka</b>"))
    text = Page(card(refused)).text
    assert "They do not mention “Tokyo”, “<b>Ōsaka</b>”." in text
    assert say("refusal.body") not in text
    assert say("refusal.body") in Page(card(replace(refused, unheard=()))).text


def test_passages_of_several_standpoints_say_each_from_which(bot):
    answer = bot.ask(QUESTION)
    parties = [c.perspective.party for c in answer.citations]
    assert len(set(parties)) == 3
    tags = [f"◐ {say('standpoint.tag', party=p)}" for p in parties]
    assert Page(card(answer)).texts_of("span", class_="tag") == tags
    same = tuple(replace(c, perspective=answer.citations[0].perspective) for c in answer.citations)
    assert Page(card(replace(answer, citations=same))).texts_of("span", class_="tag") == tags[:1]


def test_loaded_words_with_one_reason_share_a_line():
    text = "A victory and the Victory, so heroic."
    terms = [
        LoadedTerm(Span(text.index(w), text.index(w) + len(w)), w, w.casefold(), kind, reason, Voice.NARRATOR)
        for w, kind, reason in (
            ("victory", "victory_naming", "say won"), ("Victory", "victory_naming", "say won"),
            ("heroic", "of_my_own_list", "say what they did"),
        )
    ]  # fmt: skip
    html = card(replace(ANSWERED, citations=(citation(text, Span(0, len(text)), loaded=tuple(terms)),)))
    loads = rows(html)["Loaded words"]
    assert loads == f"“victory” {say('loaded.victory_naming')} · say won“heroic” of my own list · say what they did"


@pytest.mark.parametrize(("role", "told"), [("ministry", "Ministry of War"), ("Mayor", "Ministry of War, Mayor")])
def test_a_role_that_the_name_says_already_is_not_said_again(role, told):
    cited = citation("It was so.", Span(0, 10), voice=Voice.ATTRIBUTED, speaker="Ministry of War", speaker_role=role)
    assert rows(card(replace(ANSWERED, citations=(cited,))))["Who speaks"] == say("speaks.attributed", who=told)


def test_another_question_than_the_one_typed_is_shown_with_a_way_back(bot):
    html = card(replace(bot.ask(QUESTION), resolved_question="Something else?"))
    assert Page(html).texts_of("em") == ["Something else?"]
    assert 'href="#undo-1"' in html
    assert "#undo" not in card(bot.ask(QUESTION))


def test_certainty_is_said_in_three_words():
    assert len({certainty(p) for p in (0.95, 0.6, 0.2)}) == 3


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_in_every_foreign_field_are_inert(payload):
    text = f"Before. {payload} After."
    span = Span(8, 8 + len(payload))
    excerpt = Excerpt(span, payload)
    loaded = (LoadedTerm(span, payload, payload, payload, payload, Voice.NARRATOR),)
    cited = replace(
        citation(
            text, span, holder=payload, party=payload, note=payload, voice=Voice.DIRECT_QUOTE, speaker=payload,
            speaker_role=payload, speaker_party=payload, attribution=(Excerpt(Span(0, 7), payload),), rebuttal=excerpt,
            loaded=loaded,
        ),
        title=payload, section=payload, doc_id=payload,
    )  # fmt: skip
    also = replace(cited, number=2)
    answered = replace(ANSWERED, question=payload, resolved_question=payload + "?", citations=(cited, also))
    refused = replace(answered, status=Status.NOT_IN_SOURCES, citations=(), closest=(cited, also), short=None)
    for html in (card(answered), card(refused, offers=Offers(questions=(payload,))), question_bubble(payload)):
        assert_inert(html)
        assert payload in Page(html).text


def _answered():
    from .fakes import FakeBot

    return replace(
        FakeBot.of_texts(a="The bridge fell in 1999.").ask("When did the bridge fall? bridge fell"), short=None
    )


ANSWERED = _answered()
