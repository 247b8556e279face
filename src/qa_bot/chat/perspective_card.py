"""The perspective card: who made a document and from where it speaks (OPCVL), with the evidence to click."""

from collections.abc import Iterable

from qa_bot.chat.escaping import e
from qa_bot.chat.wording import say
from qa_bot.types import CardField, Document, PerspectiveCard, Span

GROUPS = ("origin", "purpose", "perspective")


def perspective_card(document: Document, *, extra: str = "") -> str:
    """The card as HTML; `extra` is ready HTML to show folded below it, such as the profile."""
    card = document.card
    name = document.party or document.holder
    if card is None or name is None:
        heading, sentence = say("standpoint.undeclared"), say("standpoint.undeclared_body")
    else:
        heading = say("standpoint.heading", name=name)
        sentence = card.value("perspective.note") or card.value("perspective.holder") or ""
    details = _why(card) + _more(card) if card else ""
    return (
        f'<section class="standpoint" aria-label="{e(heading)}"><h3><span aria-hidden="true">◐</span> {e(heading)}</h3>'
        f'<p dir="auto">{e(sentence)}</p><div class="folds">{details}{extra}</div></section>'
    )


def evidence_links(spans: Iterable[Span]) -> str:
    """Numbered buttons that show each span in the open document."""
    return " ".join(
        f'<button type="button" class="evidence" data-start="{s.start}" data-end="{s.end}">'
        f"{e(say('standpoint.evidence', number=number))}</button>"
        for number, s in enumerate(spans, 1)
    )


def fold(summary: str, body: str) -> str:
    """A part that opens on demand; nothing when it is empty."""
    return f"<details><summary>{e(summary)}</summary><div>{body}</div></details>" if body else ""


def _why(card: PerspectiveCard) -> str:
    reasons = [
        f"<li>{_field(card.fields[key])}</li>"
        for key in ("perspective.holder", "perspective.party", "purpose.statement")
        if key in card.fields and card.fields[key].evidence
    ]
    return fold(say("standpoint.why"), f"<ul>{''.join(reasons)}</ul>" if reasons else "")


def _field(field: CardField) -> str:
    basis = say(f"standpoint.basis.{field.basis}")
    quiet = "" if field.value.casefold() == basis else f' <span class="quiet">({e(basis)})</span>'
    return f'<span dir="auto">{e(field.value)}</span>{quiet} {evidence_links(field.evidence)}'


def _more(card: PerspectiveCard) -> str:
    groups = [_group(card, group) for group in GROUPS]
    lists = [_list(say("standpoint.values"), card.values), _list(say("standpoint.limitations"), card.limitations)]
    return fold(say("standpoint.more"), f"<dl>{''.join([*groups, *lists, _stance(card), _naming(card)])}</dl>")


def _group(card: PerspectiveCard, group: str) -> str:
    rows = [
        f'<li><span class="quiet">{e(key.removeprefix(group + "."))}:</span> {_field(field)}</li>'
        for key, field in card.fields.items()
        if key.startswith(f"{group}.")
    ]
    return _entry(say(f"standpoint.{group}"), rows)


def _list(label: str, values: Iterable[str]) -> str:
    return _entry(label, [f'<li dir="auto">{e(value)}</li>' for value in values])


def _stance(card: PerspectiveCard) -> str:
    by_stance: dict[str, list[str]] = {}
    for party, stance in card.stance.items():
        by_stance.setdefault(stance, []).append(party)
    rows = [
        f'<li><span class="quiet">{e(say(f"standpoint.stance.{stance}"))}:</span> {e(", ".join(parties))}</li>'
        for stance, parties in by_stance.items()
    ]
    return _entry(say("standpoint.stance"), rows)


def _naming(card: PerspectiveCard) -> str:
    rows = [
        f'<li dir="auto">{e(say("standpoint.naming_pair", here=pair.here, elsewhere=pair.elsewhere))} '
        f'<span class="quiet">({e(say("standpoint.naming_party", party=pair.party))})</span></li>'
        for pair in card.naming
    ]
    return _entry(say("standpoint.naming"), rows)


def _entry(label: str, rows: list[str]) -> str:
    return f"<div><dt>{e(label)}</dt><dd><ul>{''.join(rows)}</ul></dd></div>" if rows else ""
