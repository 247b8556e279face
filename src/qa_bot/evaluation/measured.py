"""QaBot as evaluation sees it: its stages give places instead of positions in an index."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from qa_bot.bot import QaBot
from qa_bot.evaluation.askable import Askable, Ranked, Stage, Unit
from qa_bot.measures.spans import overlaps
from qa_bot.progress import progress_bar
from qa_bot.types import Answer, Citation, Document, Outline, Perspective, Ranking, Span

_POOL = 100  # passages of the first stage, as when a question is asked


@dataclass(frozen=True, slots=True)
class RankedPlace:
    """A place in a stage's ranking."""

    doc_id: str
    span: Span
    score: float


@dataclass(frozen=True, slots=True)
class MeasuredBot:
    """A QaBot whose stages give places instead of positions in its index."""

    bot: QaBot

    @property
    def documents(self) -> tuple[Document, ...]:
        """The sources."""
        return self.bot.documents

    @property
    def index_version(self) -> str:
        """Changes when the index does."""
        return self.bot.index_version

    @property
    def manifest(self) -> Mapping[str, object]:
        """The index's manifest without its list of files."""
        fields = asdict(self.bot.index.manifest)
        return {name: value for name, value in fields.items() if name != "files"}

    def ask(self, question: str, *, history: Sequence[str] = ()) -> Answer:
        """The cited answer."""
        return self.bot.ask(question, history=history)

    def search(self, question: str, *, limit: int = 10) -> Sequence[Citation]:
        """The ranking without an answer."""
        return self.bot.search(question, limit=limit)

    def rank(self, question: str, *, stage: Stage, unit: Unit, limit: int = 10) -> Sequence[Ranked]:
        """One stage's places."""
        ranking = self.bot.rank(question, stage=stage, limit=max(limit, _POOL))
        places = self._passages(ranking) if unit == "passage" else _disjoint(self._sentences(ranking))
        return tuple(islice(places, limit))

    def outline(self, doc_id: str) -> Outline:
        """How a document is divided."""
        return self.bot.outline(doc_id)

    def perspective(self, doc_id: str, span: Span) -> Perspective:
        """From where a span speaks."""
        return self.bot.perspective(doc_id, span)

    def _passages(self, ranking: Ranking) -> Iterator[RankedPlace]:
        for scored in ranking.passages:
            passage = self.bot.index.passages[scored.passage]
            yield RankedPlace(passage.doc_id, passage.span, scored.score)

    def _sentences(self, ranking: Ranking) -> Iterator[RankedPlace]:
        for scored in ranking.sentences:
            sentences = self.bot.outline(scored.doc_id).sentences[scored.sentence : scored.until]
            yield RankedPlace(scored.doc_id, Span(sentences[0].span.start, sentences[-1].span.end), scored.score)


def measured(bot: QaBot) -> Askable:
    """A bot, ready to be measured."""
    return MeasuredBot(bot)


def build_measured(documents: Sequence[Document], folder: Path) -> Askable:
    """A bot over documents in memory, its index in an empty folder; shows the progress of the encoding."""
    with progress_bar() as progress:
        return MeasuredBot(QaBot.from_documents(documents, folder, progress=progress))


def _disjoint(places: Iterator[RankedPlace]) -> Iterator[RankedPlace]:
    taken: list[RankedPlace] = []
    for place in places:
        if not any(overlaps(place, other) for other in taken):
            taken.append(place)
            yield place
