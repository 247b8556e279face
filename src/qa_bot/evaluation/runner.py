"""One run: every question asked once, kept at once, summed up at the end."""

import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from qa_bot import __version__
from qa_bot.errors import QaBotError, QuestionSetError
from qa_bot.evaluation.askable import Askable, Stage
from qa_bot.evaluation.collection import Collection
from qa_bot.evaluation.comparison import compare_stage
from qa_bot.evaluation.figures import curves, figures, tables
from qa_bot.evaluation.journal import Journal, forget_unused, write
from qa_bot.evaluation.judging import Judge
from qa_bot.evaluation.results import Configuration, Results, SetInfo, machine, now
from qa_bot.progress import redraw_every
from qa_bot.types import Document

SEED = 2020  # any number will do; the same number gives the same intervals

Builder: TypeAlias = Callable[[Sequence[Document], Path], Askable]  # documents and an empty folder -> a bot


class EvaluationStoppedError(QaBotError):
    """A run that was interrupted; what is done is kept."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__(f"stopped after {done:,} of {total:,} questions; what is done is kept, go on with --resume")
        self.done, self.total = done, total


@dataclass(frozen=True, slots=True)
class Options:
    """How to run: which stages to measure beside the bot, where to keep records, whether to go on with them.

    `settings` are the bot's, `selection` is how the questions were chosen, both for the record only. Without a
    `journal`, records are kept in the user's cache folder under a name made from questions, index and settings.
    """

    seed: int = SEED
    against: tuple[Stage, ...] = ()
    journal: Path | None = None
    resume: bool = False
    progress: bool = True
    settings: Mapping[str, object] = field(default_factory=dict)
    selection: Mapping[str, object] = field(default_factory=dict)


def evaluate(
    bot: Askable | None, collections: Sequence[Collection], options: Options, *, build: Builder | None = None
) -> Results:
    """Ask every question of every set and measure the answers.

    A set that brings its documents is put to a bot made by `build` in a temporary folder; every other set,
    and without `build` every set, to `bot`.

    Raises: EvaluationStoppedError: on Ctrl-C, with what is done kept for `resume`; QuestionSetError.
    """
    with evaluating(bot, collections, options, build=build) as results:
        return results


@contextmanager
def evaluating(
    bot: Askable | None, collections: Sequence[Collection], options: Options, *, build: Builder | None = None
) -> Iterator[Results]:
    """The results of `evaluate`, whose records no other run can begin anew while this lasts."""
    _refuse_shared_names(collections)
    infos = tuple(_info(collection, indexed=build is not None) for collection in collections)
    configuration = _configuration(bot, infos, options)
    fingerprint = _fingerprint(configuration)
    journal = Journal(options.journal or cache_folder() / f"evaluate-{fingerprint[:16]}.jsonl", fingerprint)
    with journal.alone():
        if options.journal is None:
            forget_unused(cache_folder().glob("evaluate-*.jsonl"))
        done = journal.start(resume=options.resume)
        try:
            _ask_all(collections, journal, done, options, lambda collection: _bot_for(collection, bot, build))
            yield sum_up(configuration, journal)
        except KeyboardInterrupt as stop:
            total = sum(len(collection.questions) for collection in collections)
            raise EvaluationStoppedError(sum(1 for _ in journal), total) from stop


def sum_up(configuration: Configuration, journal: Journal) -> Results:
    """Figures, curves and stage comparisons of the records of a journal, read twice and never held at once."""
    found = tables(journal)
    return Results(
        configuration=configuration,
        figures=tuple(figure for table in found for figure in figures(table, seed=configuration.seed)),
        curves=tuple(map(curves, found)),
        stages=tuple(
            compare_stage(table, stage, seed=configuration.seed)
            for table in found
            for stage in table.columns
            if stage != "qa-bot"
        ),
        records=journal,
        outcomes={table.set: {str(outcome): count for outcome, count in table.outcomes.items()} for table in found},
    )


def cache_folder() -> Path:
    """Where records are kept unless a place is named, for KEPT_DAYS: `qa-bot` in the user's cache folder."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "qa-bot"


def _ask_all(
    collections: Sequence[Collection],
    journal: Journal,
    done: set[tuple[str, str]],
    options: Options,
    bot_for: Callable[[Collection], AbstractContextManager[Askable]],
) -> None:
    from tqdm import tqdm

    total = sum(len(collection.questions) for collection in collections)
    bar = tqdm(
        total=total,
        initial=len(done),
        unit=" questions",
        disable=not options.progress,
        mininterval=redraw_every(sys.stderr),
        maxinterval=2 * redraw_every(sys.stderr),
    )
    with bar, journal.open() as file:
        for collection in collections:
            pending = [q for q in collection.questions if (collection.name, q.question_id) not in done]
            if not pending:
                continue
            bar.set_description(f"indexing {collection.name}" if collection.documents else collection.name)
            with bot_for(collection) as bot:
                bar.set_description(collection.name)
                bar.unpause()  # what remains is told from questions, not from indexing
                judge = Judge(bot, collection.name, options.against, collection.qrels)
                for question in pending:
                    write(file, judge.judge(question))
                    bar.update()


@contextmanager
def _bot_for(collection: Collection, bot: Askable | None, build: Builder | None) -> Iterator[Askable]:
    if collection.documents and build is not None:
        with TemporaryDirectory(prefix="qa-bot-") as folder:
            yield build(collection.documents, Path(folder))
    elif bot is not None:
        _refuse_unknown_documents(collection, bot)
        yield bot
    else:
        raise QuestionSetError(
            collection.path, None, "brings its own documents; add --corpus to index them for this run"
        )


def _refuse_unknown_documents(collection: Collection, bot: Askable) -> None:
    known = {document.doc_id for document in bot.documents}
    missing = next((document.doc_id for document in collection.documents if document.doc_id not in known), None)
    if missing is not None:
        problem = f"its document '{missing}' is not in the index; add --corpus to index the set's own documents"
        raise QuestionSetError(collection.path, None, problem)


def _refuse_shared_names(collections: Sequence[Collection]) -> None:
    seen: dict[str, Path] = {}
    for collection in collections:
        if collection.name in seen:
            problem = f"has the same name '{collection.name}' as '{seen[collection.name]}'; rename one"
            raise QuestionSetError(collection.path, None, problem)
        seen[collection.name] = collection.path


def _configuration(bot: Askable | None, sets: tuple[SetInfo, ...], options: Options) -> Configuration:
    chosen = {"against": ",".join(options.against), **options.selection}
    return Configuration(
        version=__version__,
        index_version=bot.index_version if bot else "temporary",
        seed=options.seed,
        date=now(),
        sets=sets,
        index=dict(bot.manifest) if bot else {},
        machine=machine(),
        settings={name: str(value) for name, value in options.settings.items()},
        options={name: str(value) for name, value in chosen.items() if value},
    )


def _info(collection: Collection, *, indexed: bool) -> SetInfo:
    documents = [document.sha256 for document in collection.documents] if indexed else []
    return SetInfo(
        name=collection.name,
        file=collection.path.resolve().name,
        sha256=_digest(map(repr, collection.questions)),
        questions=len(collection.questions),
        answerable=sum(question.answerable for question in collection.questions),
        documents=len(documents),
        documents_sha256=_digest(documents) if documents else None,
    )


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _fingerprint(of: Configuration) -> str:
    # Seed, date and machine do not change what a question's record holds.
    parts = (of.version, of.index_version, of.sets, sorted(of.settings.items()), sorted(of.options.items()))
    return hashlib.sha256(repr(parts).encode()).hexdigest()
