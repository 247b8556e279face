"""Jobs: documents that were taken in or out, and how far the index has followed them.

A job is a small file in the index folder, so that every worker process can tell how it stands, also after the process
that did it is gone. One thread a process does them; jobs that wait are done together, by one update of the index.
"""

import asyncio
import json
import os
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from qa_bot.errors import QaBotError
from qa_bot.library import Library
from qa_bot.progress import ENCODING
from qa_bot.service.logs import logger
from qa_bot.service.reloading import Reloader

FOLDER = "jobs"
KEPT = 100  # jobs that can still be asked for
REPORT_S = 0.2  # between two notes of progress

_log = logger("qa_bot.service")


class State(StrEnum):
    """Where a job stands; the last two are final."""

    WAITING = "waiting"
    INDEXING = "indexing"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """One document added or removed; `passages` to encode are known once indexing has begun."""

    job_id: str
    action: str
    doc_id: str
    state: State
    created: str
    process: int
    born: str = ""  # when the process began, as the system tells it: numbers come again, in a container at once
    passages_done: int = 0
    passages: int = 0
    index_version: str | None = None
    detail: str | None = None

    @property
    def final(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in {State.DONE, State.FAILED}


class JobBook:
    """The jobs on disk, oldest first by name; a job whose process died is told as failed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        self._own: dict[str, Job] = {}  # those that this process does, oldest first

    def new(self, action: str, doc_id: str) -> Job:
        """Enter a job."""
        created = datetime.now(UTC)
        job_id = f"{time.time_ns():016x}{secrets.token_hex(4)}"
        process = os.getpid()
        told = created.isoformat(timespec="seconds")
        job = Job(job_id, action, doc_id, State.WAITING, told, process, _born(process))
        self.write(job)
        for old in sorted(self._folder.glob("*.json"))[:-KEPT]:
            old.unlink(missing_ok=True)
        return job

    def write(self, job: Job) -> None:
        """Replace what is known of a job; where the disk is full, this process alone knows it."""
        self._own[job.job_id] = job
        for old in list(self._own)[:-KEPT]:
            del self._own[old]
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            fresh = self._folder / f".{job.job_id}.new"
            fresh.write_text(json.dumps(asdict(job)), encoding="utf-8")
            fresh.replace(self._folder / f"{job.job_id}.json")
        except OSError as error:
            _log.error("the state of a job could not be noted", reason=str(error))

    def find(self, job_id: str) -> Job | None:
        """A job by its id, looked up among those that are there."""
        if own := self._own.get(job_id):
            return own
        path = {p.stem: p for p in self._folder.glob("*.json")}.get(job_id)
        try:
            job = _JOB.validate_json(path.read_bytes()) if path else None
        except (OSError, ValidationError):
            return None
        if job and not job.final and not _alive(job):
            return replace(
                job, state=State.FAILED, detail="the service was stopped meanwhile; indexing goes on with it"
            )
        return job


class Indexer:
    """Lets the index follow the corpus, in the background, and takes each new index into use."""

    def __init__(self, library: Library, reloader: Reloader) -> None:
        self.library, self.book = library, JobBook(library.index)
        self._reloader = reloader
        self._waiting: list[Job] = []
        self._ended: dict[str, asyncio.Event] = {}
        self._wake = asyncio.Event()

    def submit(self, action: str, doc_id: str) -> Job:
        """A job for a document that is in, or out of, the corpus already."""
        job = self.book.new(action, doc_id)
        self._waiting.append(job)
        self._ended[job.job_id] = asyncio.Event()
        self._wake.set()
        return job

    async def wait(self, job: Job, seconds: float) -> Job:
        """How a job stands once it has ended, or after some seconds."""
        ended = self._ended.get(job.job_id)
        if ended and seconds:
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), seconds)
        return self.book.find(job.job_id) or job

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While this lasts jobs are done; an update in progress at the end is left to finish."""
        task = asyncio.create_task(self._work())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            batch, self._waiting = self._waiting, []
            if batch:
                await self._do(batch)

    async def _do(self, batch: list[Job]) -> None:
        going = _Going(self.book, batch)
        try:
            report = await asyncio.to_thread(self.library.update, progress=going)
            version = report.version
            failure = None if await self._reloader.reload() else "the new index could not be loaded; the log says why"
        except QaBotError as error:
            version, failure = None, "the corpus has changed, but the index could not follow; the log says why"
            _log.error("index not brought up to date", reason=str(error), kind=type(error).__name__)
        except Exception:  # whatever a document makes happen, the next job must find somebody to do it
            version, failure = None, "the corpus has changed, but the index could not follow; the log says why"
            _log.exception("index not brought up to date")
        going.end(version, failure)
        for job in batch:
            self._ended.pop(job.job_id).set()


class _Going:
    """Jobs that are being done together; called with their progress: passages encoded are noted, now and then."""

    def __init__(self, book: JobBook, batch: list[Job]) -> None:
        self._book = book
        self._jobs = [replace(job, state=State.INDEXING) for job in batch]
        self._last = 0.0
        self._write()

    def __call__(self, what: str, done: int, total: int) -> None:
        if what != ENCODING:
            return
        self._jobs = [replace(job, passages_done=done, passages=total) for job in self._jobs]
        if time.monotonic() - self._last >= REPORT_S:
            self._write()

    def end(self, version: str | None, failure: str | None) -> None:
        state = State.FAILED if failure else State.DONE
        self._jobs = [replace(job, state=state, index_version=version, detail=failure) for job in self._jobs]
        self._write()

    def _write(self) -> None:
        self._last = time.monotonic()
        for job in self._jobs:
            self._book.write(job)


def _alive(job: Job) -> bool:
    try:
        os.kill(job.process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # another user's, or a number that the system does not know
        pass
    return _born(job.process) == job.born


def _born(process: int) -> str:
    """When a process began, in the system's terms; empty where it does not tell (other than Linux)."""
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
        return told.rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


_JOB = TypeAdapter(Job)
