"""References: one citation as something to paste elsewhere, with its place, its speaker and its standpoint.

`base` is the server's address; without it the link is the page's own path.
"""

import re

from qa_bot.chat.answer_card import paragraph_label
from qa_bot.chat.voices import standpoint, who_speaks
from qa_bot.chat.wording import say
from qa_bot.types import Citation, Excerpt

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&$])")


def as_text(citation: Citation, paragraph: int, *, base: str = "") -> str:
    """Quotation, speaker, standpoint, place and link as plain text."""
    return "\n".join([f"“{citation.quote}”", *_about(citation, paragraph), base + citation.href])


def as_markdown(citation: Citation, paragraph: int, *, base: str = "", short: Excerpt | None = None) -> str:
    """The same as a Markdown quotation, a short answer in bold; nothing in the quotation is taken for markup."""
    lines = [f"> {line}" for line in _emphasised(citation, short).splitlines() or [""]]
    about = "  \n".join(plain(line) for line in _about(citation, paragraph))
    return "\n".join([*lines, ">", *(f"> — {about}".splitlines()), f"> <{base}{citation.href}>"])


def as_bibtex(citation: Citation, paragraph: int, *, base: str = "") -> str:
    """A `@misc` entry whose note holds the quotation's place, speaker, standpoint and the document's SHA-256."""
    fields = {
        "title": citation.title,
        "pages": paragraph_label(citation, paragraph),
        "annote": f"“{citation.quote}” {who_speaks(citation.perspective)}. {citation.perspective.note}",
        "note": f"characters {citation.span.start}-{citation.span.end}, SHA-256 {citation.document_sha256}",
    }
    key = re.sub(r"[^A-Za-z0-9]+", "-", citation.doc_id).strip("-") or "document"
    lines = [f"  {name} = {{{_bibtex(value)}}}" for name, value in fields.items()]
    body = ",\n".join([*lines, f"  url = {{{base}{citation.href}}}"])  # a URL is taken as it stands
    return f"@misc{{{key}-{citation.span.start}-{citation.span.end},\n{body}\n}}"


def plain(text: str) -> str:
    """Text made inert for Markdown."""
    return _MARKDOWN.sub(r"\\\1", text)


def _about(citation: Citation, paragraph: int) -> list[str]:
    perspective = citation.perspective
    named = [f"{say('card.named_in')} “{a.text}”" for a in perspective.attribution if not citation.span.covers(a.span)]
    return [
        say("copy.place", title=citation.title, place=paragraph_label(citation, paragraph)),
        f"{say('card.speaker')}: {who_speaks(perspective)}",
        *named,
        f"{say('card.perspective')}: {standpoint(perspective)}. {perspective.note}",
    ]


def _emphasised(citation: Citation, short: Excerpt | None) -> str:
    quote, start = citation.quote, citation.span.start
    if short is None or not citation.span.covers(short.span) or short.text != short.text.strip():
        return plain(quote)
    first, last = short.span.start - start, short.span.end - start
    return f"{plain(quote[:first])}**{plain(quote[first:last])}**{plain(quote[last:])}"


def _bibtex(text: str) -> str:
    flat = " ".join(text.split())
    return re.sub(r"([#$%&_])", r"\\\1", flat.replace("\\", "/").replace("{", "(").replace("}", ")"))
