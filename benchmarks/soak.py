"""Questions for a long time while the index is exchanged again and again: nothing fails, and memory does not grow.

    python benchmarks/soak.py --minutes 30 --swaps 100

Copies a corpus, serves it, asks without a pause, and changes one document and builds the index anew so many times in
equal intervals. Every answer must come, and every citation must stand in the text that its document had in the version
of the index that the answer names, with that text's SHA-256. Memory is the server's own figure, once a second; its
growth is that of the median of the last tenth of the time over the median of the second tenth, as caches fill at
first. The exit status is 1 when an answer failed, a citation was wrong, the newest version was not taken into use, one
published version in ten was never seen in an answer, or memory grew by 3 % or more.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from latency import serving
from qa_bot.encoder import Encoder, load_encoder
from qa_bot.library import Library

MAX_GROWTH = 0.03
SETTLE_S = 120.0  # at most, until the last version published is seen in an answer
QUESTIONS = (
    "When was Shusha taken?",
    "How many swans were counted on the pond?",
    "how many drones were shot down",
    "Who counted the swans?",
    "what did Erdogan say",
    "what is the capital of Peru",
)
CHANGING = """The swans of the pond

In the year {number} the keeper counted {number} swans on the pond. {more}
"""


@dataclass
class Record:
    """What was seen: texts by version, answers by version and outcome, faults, and memory in bytes over time."""

    texts: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    early: list[dict[str, Any]] = field(default_factory=list)  # answers of versions that are not in `texts` yet
    answers: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    citations: int = 0
    faults: list[str] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    over: bool = False

    @property
    def settled(self) -> bool:
        """Whether the newest version is in use."""
        return list(self.texts)[-1] in self.answers

    def take(self, response: httpx.Response) -> None:
        """Take in a response, and check its citations as soon as the texts of its version are known."""
        self.statuses[response.status_code] += 1
        if response.status_code != 200:
            self.faults.append(f"{response.status_code}: {response.text[:200]}")
            return
        answer = response.json()
        self.answers[answer["index_version"]] += 1
        self.early.append(answer)
        known = [answer for answer in self.early if answer["index_version"] in self.texts]
        self.early = [answer for answer in self.early if answer["index_version"] not in self.texts]
        for answer in known:
            self._check(answer)

    def growth(self) -> float:
        """The share by which memory has grown."""
        first, last = self.memory[0][0], self.memory[-1][0]
        tenth = (last - first) / 10
        early = [used for at, used in self.memory if first + tenth <= at < first + 2 * tenth]
        late = [used for at, used in self.memory if at >= last - tenth]
        return median(late) / median(early) - 1

    def _check(self, answer: dict[str, Any]) -> None:
        texts = self.texts[answer["index_version"]]
        for citation in answer["citations"] + answer["closest"]:
            text, sha256 = texts[citation["doc_id"]]
            span = citation["span"]
            self.citations += 1
            if text[span["start"] : span["end"]] != citation["quote"] or citation["document_sha256"] != sha256:
                self.faults.append(f"version {answer['index_version']}: {citation['doc_id']} {span} is something else")


def publish(library: Library, record: Record, number: int) -> None:
    """Change a document, build the index anew, and write down the texts of the new version."""
    more = " ".join(f"In week {week} there were {number + week}." for week in range(number % 7))
    (library.corpus / "swans.txt").write_text(CHANGING.format(number=1900 + number, more=more), encoding="utf-8")
    report = library.update()
    from qa_bot.corpus import read_corpus

    documents = read_corpus(library.corpus).documents
    record.texts[report.version] = {d.doc_id: (d.text, d.sha256) for d in documents}


async def ask(client: httpx.AsyncClient, record: Record, number: int) -> None:
    """Ask one question after another."""
    while not record.over:
        number += 1
        record.take(await client.post("/v1/answer", json={"question": QUESTIONS[number % len(QUESTIONS)]}))


async def watch(client: httpx.AsyncClient, record: Record) -> None:
    """Note the server's memory."""
    while not record.over:
        lines = (await client.get("/metrics")).text.splitlines()
        used = next(line for line in lines if line.startswith("process_resident_memory_bytes "))
        record.memory.append((time.monotonic(), float(used.split()[1])))
        await asyncio.sleep(1.0)


async def swap(library: Library, record: Record, swaps: int, seconds: float) -> None:
    """Publish so many versions in equal intervals, and end when the time is over and the last one is in use."""
    started = time.monotonic()
    for number in range(1, swaps + 1):
        await asyncio.sleep(max(0.0, started + number * seconds / (swaps + 1) - time.monotonic()))
        await asyncio.to_thread(publish, library, record, number)
    await asyncio.sleep(max(0.0, started + seconds - time.monotonic()))
    give_up = time.monotonic() + SETTLE_S
    while not record.settled and time.monotonic() < give_up:
        await asyncio.sleep(0.1)
    record.over = True


async def soak(address: str, library: Library, record: Record, asked: argparse.Namespace) -> None:
    """Ask, exchange and watch at the same time."""
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        clients = [ask(client, record, number) for number in range(asked.clients)]
        await asyncio.gather(*clients, watch(client, record), swap(library, record, asked.swaps, asked.minutes * 60))


def run(asked: argparse.Namespace, folder: Path, encoder: Encoder) -> Record:
    """A server over a copy of the corpus, asked for as long as wanted."""
    shutil.copytree(asked.corpus, folder / "corpus", ignore=shutil.ignore_patterns("labels", "questions"))
    library, record = Library(folder / "corpus", folder / "index", encoder), Record()
    publish(library, record, 0)
    with serving(library.index) as address:
        asyncio.run(soak(address, library, record, asked))
    return record


def main() -> None:
    """Print what was seen, and exit with 1 when a promise was broken."""
    from qa_bot.settings import Settings

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--swaps", type=int, default=100)
    parser.add_argument("--clients", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        record = run(asked, Path(folder), load_encoder(Settings().model))
    growth = record.growth()
    megabytes = [used / 1e6 for _, used in record.memory]
    print(f"{sum(record.answers.values()):,} answers by status {dict(record.statuses)}, {len(record.faults)} faults")
    print(f"{record.citations:,} citations checked against {len(record.texts)} published versions", end="; ")
    print(f"{len(record.answers)} versions were seen in answers; the newest is in use: {record.settled}")
    print(f"memory {megabytes[0]:.0f} MB at first, {megabytes[-1]:.0f} MB at last, growth {growth:+.2%}")
    for fault in record.faults[:10]:
        print(f"  {fault}")
    unseen = len(record.texts) - len(record.answers)
    kept = not record.faults and not record.early and growth < MAX_GROWTH and record.settled
    print("kept" if kept and unseen <= len(record.texts) // 10 else f"NOT KEPT ({unseen} versions unseen)")
    sys.exit(0 if kept and unseen <= len(record.texts) // 10 else 1)


if __name__ == "__main__":
    main()
