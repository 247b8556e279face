"""The answer card: one answer as a message of the chat.

Every function returns one line of HTML whose foreign text has passed `md`; the chat cleans it once more. Links with
`#cite-TURN-NUMBER`, `#open-…` and the like are followed by the page's script and mean nothing elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote as url_quote

from qa_bot.chat.annotation import Annotation, annotate
from qa_bot.chat.escaping import md
from qa_bot.chat.languages import Languages
from qa_bot.chat.voices import standpoint, voice_kind, voice_label, who_speaks
from qa_bot.chat.wording import knows, say
from qa_bot.perspective import question_echo
from qa_bot.types import Answer, Citation, Excerpt, LoadedTerm, Span, Status

NEAR = 110  # code points of context on each side that even a phone shows
FAR = 260  # the same on a wide screen
LIKELY, POSSIBLE = 0.8, 0.5  # from here on the certainty is said to be high, or middling
FEEDBACK_REASONS = ("wrong_passage", "not_an_answer", "wrong_speaker", "missing_perspective")


@dataclass(frozen=True, slots=True)
class Offers:
    """What can be done with an answer where the page runs: write feedback, compare by party, ask other questions."""

    feedback: bool = True
    contrast: bool = True
    questions: tuple[str, ...] = ()


def question_bubble(question: str) -> str:
    """The reader's question, with nothing in it taken for markup."""
    return f'<p dir="auto">{md(question)}</p>'


def answer_card(
    answer: Answer,
    *,
    turn: int,
    paragraphs: Sequence[int],
    offers: Offers | None = None,
    earlier: bool = False,
    languages: Languages | None = None,
) -> str:
    """The card of an answer; `paragraphs` holds the paragraph number of each citation shown, in their order.

    `earlier` says that other documents have come or gone since: what is quoted still stands where it stood.
    """
    offers, languages = offers or Offers(), languages or {}
    if answer.aside:  # there is nothing to compare
        offers = replace(offers, contrast=False)
    nothing = answer.status is Status.NOT_IN_SOURCES or not answer.citations
    if nothing:
        body = _refusal(answer, turn, languages) + suggestion_list(say("refusal.try"), offers.questions)
    else:
        body = _quotation(answer, turn, paragraphs, languages)
    return (
        f'<div class="card {"refused" if nothing else "answered"}" id="turn-{turn}">'
        f"{_searched(answer, turn)}{_changed(turn) if earlier else ''}{body}{_foot(turn, offers)}</div>"
    )


def notice(text: str) -> str:
    """A plain message of the page itself."""
    return f'<div class="card notice"><p>{md(text)}</p></div>'


def outdated_card(turn: int) -> str:
    """Stands for an answer whose documents have changed since."""
    return f'<div class="card notice" id="turn-{turn}"><p>{md(say("chat.outdated"))} {_again(turn)}</p></div>'


def paragraph_label(citation: Citation, paragraph: int) -> str:
    """Where a citation stands, in words: section, paragraph and, if known, page."""
    parts = [say("card.place", section=citation.section)] if citation.section else []
    parts.append(say("card.paragraph", number=paragraph))
    if citation.page is not None:
        parts.append(say("card.page", number=citation.page))
    return ", ".join(parts)


def certainty(confidence: float) -> str:
    """A probability in words."""
    level = "high" if confidence >= LIKELY else "middle" if confidence >= POSSIBLE else "low"
    return say(f"certainty.{level}")


def marked_quotation(citation: Citation, *, short: Excerpt | None = None) -> str:
    """A citation's quotation as one mark, its short answer and its loaded words marked inside.

    Without the tags and unescaped it is `citation.quote`.
    """
    text, origin = citation.context.text, citation.context.span.start
    span = _shift(citation.span, origin)
    mark = Annotation(span, "mark", 'class="hit"')
    return annotate(text, span, [[mark], *_inner_layers(citation, short)], escape=md)


def category(term: LoadedTerm) -> str:
    """What kind of loaded word it is, in words."""
    return say(f"loaded.{term.category}") if knows(f"loaded.{term.category}") else term.category.replace("_", " ")


def refused(answer: Answer) -> tuple[str, str]:
    """That nothing is quoted as an answer, and why: names that no source has, no passage that is clear enough.

    Of an aside: what it is about, and what the documents are.
    """
    if answer.aside:
        return say(f"aside.{answer.aside}"), answer.perspective_note
    return say("refusal.heading"), _why_refused(answer)


def _why_refused(answer: Answer) -> str:
    if not answer.unheard:
        return say("refusal.body")
    return say("refusal.unheard", names=", ".join(f"“{name}”" for name in answer.unheard))


# ---------------------------------------------------------------- parts of the card


def _quotation(answer: Answer, turn: int, paragraphs: Sequence[int], languages: Languages) -> str:
    first = answer.citations[0]
    rows = [
        (say("card.source"), _source(first, paragraphs[0])),
        (say("card.speaker"), _speaker(first, languages)),
        (say("card.perspective"), md(first.perspective.note)),
        (say("card.loaded"), _loaded(first.perspective.loaded)),
        (say("card.question"), md(question_echo(answer.question))),
        (say("card.certainty"), _certainty(answer.confidence)),
        (say("card.see_also"), _also(answer.citations[1:], turn, languages, tagged=differ(answer.citations))),
    ]
    filled = "".join(_row(label, value) for label, value in rows if value)
    return f"{_lead(first)}{_in_context(answer, turn, languages)}<dl>{filled}</dl>"


def _lead(citation: Citation) -> str:
    return f'<p class="lead">{_tag(citation)} {_voice(citation)}</p>'


def differ(citations: Sequence[Citation]) -> bool:
    """Whether citations come from more than one standpoint, so that each has to say from which."""
    return len({standpoint(c.perspective) for c in citations}) > 1


def standpoint_tag(name: str, *, title: str = "") -> str:
    """The label of a standpoint; `title` shows on hover."""
    hover = f' title="{md(title)}"' if title else ""
    return f'<span class="tag" dir="auto"{hover}>◐ {md(name)}</span>'


def _tag(citation: Citation) -> str:
    return standpoint_tag(standpoint(citation.perspective), title=citation.perspective.holder)


def _voice(citation: Citation) -> str:
    return f'<span class="voice {voice_kind(citation.perspective)}">{md(voice_label(citation.perspective))}</span>'


def _in_context(answer: Answer, turn: int, languages: Languages) -> str:
    citation = answer.citations[0]
    text, context = citation.context.text, citation.context.span
    span = _shift(citation.span, context.start)
    before, after = _before(text, span.start), _after(text, span.end)
    return (
        f'<blockquote dir="auto"{languages.get(citation.doc_id, "")}>{before}'
        f"{marked_quotation(citation, short=answer.short)}{_cite_link(turn, citation)}{after}</blockquote>"
    )


def _before(text: str, end: int) -> str:
    far, near = _word_start(text, end - FAR), _word_start(text, end - NEAR)
    ellipsis = "… " if far else ""
    cut = " cut" if near else ""
    return f'<span class="far">{ellipsis}{md(text[far:near])}</span><span class="near{cut}">{md(text[near:end])}</span>'


def _after(text: str, start: int) -> str:
    near, far = _word_end(text, start + NEAR), _word_end(text, start + FAR)
    ellipsis = " …" if far < len(text) else ""
    cut = " cut" if near < len(text) else ""
    return (
        f'<span class="near{cut}">{md(text[start:near])}</span><span class="far">{md(text[near:far])}{ellipsis}</span>'
    )


def _word_start(text: str, position: int) -> int:
    if position <= 0:
        return 0
    return next((i + 1 for i in range(position, min(position + 40, len(text))) if text[i].isspace()), position)


def _word_end(text: str, position: int) -> int:
    if position >= len(text):
        return len(text)
    return next((i for i in range(position, max(position - 40, 0), -1) if text[i].isspace()), position)


def _inner_layers(citation: Citation, short: Excerpt | None) -> list[list[Annotation]]:
    origin = citation.context.span.start
    short_layer = (
        [Annotation(_shift(short.span, origin), "strong", f'class="short" title="{md(say("card.short"))}"')]
        if short and citation.span.covers(short.span)
        else []
    )
    loaded = [
        Annotation(_shift(term.span, origin), "u", f'class="loaded" title="{md(term.reason)}"')
        for term in citation.perspective.loaded
        if citation.span.overlaps(term.span)
    ]
    return [short_layer, loaded]


def _shift(span: Span, origin: int) -> Span:
    return Span(span.start - origin, span.end - origin)


def _row(label: str, value: str) -> str:
    return f"<div><dt>{md(label)}</dt><dd>{value}</dd></div>"


def _source(citation: Citation, paragraph: int) -> str:
    return f'<span dir="auto">{md(citation.title)}</span>, {md(paragraph_label(citation, paragraph))}'


def _speaker(citation: Citation, languages: Languages) -> str:
    perspective, lang = citation.perspective, languages.get(citation.doc_id, "")
    phrase = f'<span class="voice {voice_kind(perspective)}">{md(who_speaks(perspective))}</span>'
    outside = [a for a in perspective.attribution if not citation.span.covers(a.span)]
    named = " ".join(_excerpt(citation.doc_id, a, lang) for a in outside)
    rebuttal = perspective.rebuttal
    disputed = f"<br>{md(say('card.rebuttal'))} {_excerpt(citation.doc_id, rebuttal, lang)}" if rebuttal else ""
    return phrase + (f'<br><span class="quiet">{md(say("card.named_in"))}</span> {named}' if named else "") + disputed


def _excerpt(doc_id: str, excerpt: Excerpt, lang: str) -> str:
    return f'<a class="excerpt" dir="auto"{lang} href="{_open(doc_id, excerpt.span)}">“{md(excerpt.text)}”</a>'


def _open(doc_id: str, span: Span) -> str:
    return f"#open-{span.start}-{span.end}-{url_quote(doc_id, safe='')}"


def _loaded(terms: Sequence[LoadedTerm]) -> str:
    items = "".join(_load(*group, words) for group, words in words_by_reason(terms).items())
    return f'<ul class="loads">{items}</ul>' if items else ""


def _load(kind: str, reason: str, words: Sequence[str]) -> str:
    listed = ", ".join(f'<span class="word" dir="auto">“{md(word)}”</span>' for word in words)
    return f'<li>{listed} {md(kind)} · <span class="quiet">{md(reason)}</span></li>'


def words_by_reason(terms: Sequence[LoadedTerm]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Loaded words, each once, under their kind and the reason that they share, in order of the text."""
    grouped: dict[tuple[str, str], dict[str, str]] = {}
    for term in terms:
        grouped.setdefault((category(term), term.reason), {}).setdefault(term.text.casefold(), term.text)
    return {key: tuple(words.values()) for key, words in grouped.items()}


def _certainty(confidence: float) -> str:
    figure = say("certainty.figure", percent=round(100 * confidence))
    return f'<abbr tabindex="0" title="{md(figure)}">{md(certainty(confidence))}</abbr>'


def _also(citations: Sequence[Citation], turn: int, languages: Languages, *, tagged: bool) -> str:
    lines = "".join(_line(c, turn, tag=_tag(c) if tagged else "", lang=languages.get(c.doc_id, "")) for c in citations)
    return f'<ul class="also">{lines}</ul>' if lines else ""


def _line(citation: Citation, turn: int, *, tag: str, lang: str) -> str:
    line = f'<span class="line" dir="auto"{lang}>{md(citation.quote)}</span>'
    return f'<li>{_cite_link(turn, citation)} {line} <span class="whose">{tag} {_voice(citation)}</span></li>'


def _cite_link(turn: int, citation: Citation) -> str:
    label = md(say("card.cite", number=citation.number))
    return f'<a class="cite" title="{label}" href="#cite-{turn}-{citation.number}">{citation.number}</a>'


def _refusal(answer: Answer, turn: int, languages: Languages) -> str:
    heading, body = refused(answer)
    nearest = ""
    if answer.closest:
        several = differ(answer.closest)
        tag = "" if several else _tag(answer.closest[0])
        label = f'<p class="near-label">{md(say("refusal.nearest"))} {tag}</p>'
        nearest = label + _also(answer.closest, turn, languages, tagged=several)
    return (
        f'<p class="verdict"><strong>{md(heading)}</strong> {md(body)} '
        f"{md(question_echo(answer.question))}</p>{nearest}"
    )


def suggestion_list(label: str, questions: Sequence[str]) -> str:
    """Questions to click, under a label; nothing when there are none."""
    if not questions:
        return ""
    items = "".join(
        f'<li><a class="suggestion" role="button" dir="auto" href="#suggest">{md(q)}</a></li>' for q in questions
    )
    return f'<p class="near-label">{md(label)}</p><ul class="suggestions">{items}</ul>'


def _searched(answer: Answer, turn: int) -> str:
    if answer.resolved_question == answer.question:
        return ""
    return (
        f'<p class="searched">{md(say("card.searched"))} <em dir="auto">{md(answer.resolved_question)}</em> '
        f'<a class="action" role="button" href="#undo-{turn}">{md(say("card.undo"))}</a></p>'
    )


def _changed(turn: int) -> str:
    return f'<p class="searched">{md(say("chat.changed"))} {_again(turn)}</p>'


def _again(turn: int) -> str:
    return f'<a class="action" role="button" href="#again-{turn}">{md(say("chat.ask_again"))}</a>'


def _foot(turn: int, offers: Offers) -> str:
    compare = f'<a class="action compare" role="button" href="#compare-{turn}">{md(say("card.compare"))}</a>'
    parts = (_feedback(turn) if offers.feedback else "") + (compare if offers.contrast else "")
    return f'<div class="foot-row">{parts}</div>' if parts else ""


def _feedback(turn: int) -> str:
    reasons = "".join(
        f'<li><a class="action" role="button" href="#feedback-{turn}-{reason}">{md(say(f"feedback.{reason}"))}</a></li>'
        for reason in FEEDBACK_REASONS
    )
    return (
        f'<div class="feedback"><a class="action" role="button" href="#feedback-{turn}-helpful">'
        f"{md(say('feedback.up'))}</a><details><summary>{md(say('feedback.down'))}</summary>"
        f"<p>{md(say('feedback.why'))}</p><ul>{reasons}</ul></details></div>"
    )
