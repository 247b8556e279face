"""Labelled sentences: whose voice, from which party, which words take a side, which claims need a source."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from qa_bot.errors import LabelError, QuestionSetError
from qa_bot.evaluation.collection import LineRecord, numbered_records
from qa_bot.types import Document, Span, Voice

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class LabelledClaim:
    """A kind of claim that a person found in a sentence, and whether a source is given for it."""

    kind: str
    sourced: bool


@dataclass(frozen=True, slots=True)
class Label:
    """What a person says of one sentence; `loaded` spans count in the document, not in the sentence.

    `loaded` and `claims` are None where nobody has looked for them, which a file says by having them nowhere.
    """

    doc_id: str
    span: Span
    voice: Voice
    source: str | None = None
    party: str | None = None
    loaded: tuple[Span, ...] | None = None
    claims: tuple[LabelledClaim, ...] | None = None
    section: str | None = None
    split: str | None = None


def read_labels(path: Path, documents: Mapping[str, Document], *, split: str | None = None) -> tuple[Label, ...]:
    """The labels of a JSONL file in file order, only those of a split if one is named; the form is in docs/labels.md.

    Raises: LabelError: with file and line, for a malformed line, an unknown document, a span outside its
    text, a quote that differs from it, a sentence labelled twice, and a file (or split) without labels.
    """
    try:
        labels = tuple(_labels(path, documents))
    except QuestionSetError as error:
        raise LabelError(path, error.line, error.problem) from error
    chosen = tuple(label for label in labels if split in {None, label.split})
    if not chosen:
        raise LabelError(path, None, f"holds no label of split '{split}'" if labels else "holds no label")
    marked, cued = (any(getattr(label, key) is not None for label in labels) for key in ("loaded", "claims"))
    return tuple(
        replace(
            label,
            loaded=label.loaded or () if marked else None,
            claims=label.claims or () if cued else None,
        )
        for label in chosen
    )


def _labels(path: Path, documents: Mapping[str, Document]) -> Iterator[Label]:
    seen: dict[tuple[str, Span], int] = {}
    for record in numbered_records(path):
        label = _label(record, documents)
        key = (label.doc_id, label.span)
        if key in seen:
            raise record.error(f"the sentence at {label.span.start} is labelled already on line {seen[key]}")
        seen[key] = record.line
        yield label


def _label(record: LineRecord, documents: Mapping[str, Document]) -> Label:
    doc_id = record.get("doc_id", str)
    if doc_id not in documents:
        raise record.error(f"unknown doc_id '{doc_id}'; the index holds: {', '.join(list(documents)[:5]) or 'none'}")
    text = documents[doc_id].text
    span = _span(record, record.get("start", int), record.get("end", int), Span(0, len(text)))
    if record.get("quote", str, span.of(text)) != span.of(text):
        raise record.error(f"quote differs from the text at {span.start}:{span.end}, {span.of(text)[:40]!r}")
    voice = record.get("voice", str)
    if voice not in set(Voice):
        raise record.error(f"key 'voice' has value {voice!r}; expected {', '.join(Voice)}")
    return Label(
        doc_id=doc_id,
        span=span,
        voice=Voice(voice),
        source=_text(record, "source"),
        party=_text(record, "party"),
        loaded=_listed(record, "loaded", lambda entry: _loaded(record, entry, span)),
        claims=_listed(record, "claims", lambda entry: _claim(record, entry)),
        section=_text(record, "section"),
        split=_text(record, "split"),
    )


def _text(record: LineRecord, key: str) -> str | None:
    return None if record.values.get(key) is None else record.get(key, str)


def _listed(record: LineRecord, key: str, read: Callable[[object], _Read]) -> tuple[_Read, ...] | None:
    return None if record.values.get(key) is None else tuple(map(read, record.get(key, list)))


def _span(record: LineRecord, start: int, end: int, inside: Span) -> Span:
    if not inside.start <= start < end <= inside.end:
        raise record.error(f"span {start}:{end} is outside {inside.start}:{inside.end}")
    return Span(start, end)


def _loaded(record: LineRecord, entry: object, sentence: Span) -> Span:
    match entry:
        case [int(start), int(end)]:
            return _span(record, start, end, sentence)
        case _:
            raise record.error(f"key 'loaded' holds {entry!r}; expected pairs of start and end in the document")


def _claim(record: LineRecord, entry: object) -> LabelledClaim:
    match entry:
        case {"kind": str(kind), "sourced": bool(sourced)}:
            return LabelledClaim(kind, sourced)
        case _:
            raise record.error(f"key 'claims' holds {entry!r}; expected objects with kind and sourced")
