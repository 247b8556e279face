"""kill -9 at random moments: while indexing, while documents are uploaded, while feedback is written.

    python benchmarks/crash.py [--times 50] [--only indexing|uploads|feedback] [--seed 1]

Each series starts a process, lets it work for a random time, kills it, and then requires of what is on disk: the index
in use loads, answers, and has no damage; everything that was acknowledged is there; the next run completes and leaves
nothing half done behind. Fixed random word vectors take the place of the model, so the moments fall into reading,
encoding, writing and publishing alike rather than into the encoding only. Exit status 1 if anything was lost.
"""

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import httpx

from edit import MadeEncoder, make_corpus
from qa_bot.bot import QaBot
from qa_bot.chat.feedback import HELPFUL, FeedbackLog, read_feedback
from qa_bot.chat.turns import Turn
from qa_bot.corpus.shelf import Offer, holdings
from qa_bot.index import damages, load_index
from qa_bot.library import Library

DOCUMENTS = 8
SIZE = 60_000  # characters of the corpus to begin with


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--only", choices=sorted(SERIES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", nargs=3, help=argparse.SUPPRESS)  # series, folder, number: the process to be killed
    asked = parser.parse_args()
    if asked.work:
        WORK[asked.work[0]](Path(asked.work[1]), int(asked.work[2]))
        return
    for name in [asked.only] if asked.only else SERIES:
        folder = Path(tempfile.mkdtemp(prefix=f"qa-bot-crash-{name}-"))
        try:
            print(f"{name}: {SERIES[name](folder, asked.times, random.Random(asked.seed))}", flush=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


# ---------------------------------------------------------------- indexing


def indexing(folder: Path, times: int, chance: random.Random) -> str:
    library, acknowledged, usual = _library(folder), set(), _seconds(folder)
    acknowledged |= set(holdings(library.corpus))
    for number in range(times):
        process = _start("indexing", folder, number)
        time.sleep(chance.uniform(0, usual))
        acknowledged |= _killed(process)
        _require_whole(library, acknowledged)
    return f"killed {times} times; {len(acknowledged)} documents acknowledged, all in the index; no damage"


def index_until_killed(folder: Path, number: int) -> None:
    library = Library(folder / "corpus", folder / "index", MadeEncoder())
    _say("begun")
    for part in range(1_000):
        source = folder / f"source-{number}.txt"
        source.write_text(_text(number, part), encoding="utf-8")
        library.add(Offer(source, f"d-{number}-{part}.txt"))
        _say(f"d-{number}-{part}")
        library.update()


def _require_whole(library: Library, acknowledged: set[str]) -> None:
    """The old index serves, and the next run completes."""
    _require(not list(damages(library.index)), "the index in use is damaged")
    bot = QaBot.load(library.index, encoder=library.encoder)
    _require(bool(bot.search("Who spoke of the weir?", limit=1)), "the index in use does not answer")
    library.update()
    indexed = {entry.document.doc_id for entry in load_index(library.index).entries}
    _require(acknowledged <= indexed, f"lost: {sorted(acknowledged - indexed)}")
    _require(indexed == set(holdings(library.corpus)), "index and corpus differ")
    _require(not list(damages(library.index)), "the next index is damaged")
    left = [p.name for p in (library.index / "versions").iterdir() if p.name.startswith(".")]
    _require(not left and not (library.index / ".encoded").exists(), f"left behind: {left}")


# ---------------------------------------------------------------- uploads


def uploads(folder: Path, times: int, chance: random.Random) -> str:
    library = _library(folder)
    acknowledged = set(holdings(library.corpus))
    for number in range(times):
        process = _start("uploads", folder, number)
        end = time.monotonic() + chance.uniform(0, 3)
        acknowledged |= _upload(f"http://127.0.0.1:{process.port}", number, end)
        _killed(process)
        _require_whole(library, acknowledged)
    return f"killed {times} times; {len(acknowledged)} documents acknowledged, all in the index; no damage"


def serve_until_killed(folder: Path, number: int) -> None:  # noqa: ARG001
    import uvicorn

    from qa_bot.service import LiveBot, ServiceSettings, create_app
    from qa_bot.service.server import bind

    library = Library(folder / "corpus", folder / "index", MadeEncoder())
    live = LiveBot(lambda: QaBot.load(library.index, encoder=library.encoder), folder=library.index)
    live.reload()
    app = create_app(live, settings=ServiceSettings(mcp=False, watch_seconds=0), library=library)
    with bind("127.0.0.1", 0) as listener:
        _say(f"begun {listener.getsockname()[1]}")
        uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).run(sockets=[listener])


def _upload(address: str, number: int, end: float) -> set[str]:
    """Add documents one after another until the time is over, the last one cut off; which ones were acknowledged."""
    acknowledged = set()
    part = 0
    with httpx.Client(base_url=address) as client, suppress(httpx.HTTPError):
        while (left := end - time.monotonic()) > 0:
            files = {"file": (f"u-{number}-{part}.txt", _text(number, part).encode())}
            reply = client.post("/v1/documents", params={"wait": part % 2}, files=files, timeout=left)
            _require(reply.status_code in {201, 202}, f"{reply.status_code}: {reply.text}")
            acknowledged.add(reply.json()["doc_id"])
            part += 1
    return acknowledged


# ---------------------------------------------------------------- feedback


def feedback(folder: Path, times: int, chance: random.Random) -> str:
    acknowledged: set[str] = set()
    for number in range(times):
        process = _start("feedback", folder, number)
        time.sleep(chance.uniform(0, 0.3))
        acknowledged |= _killed(process)
        written = {entry["question"] for entry in read_feedback(folder / "feedback.jsonl")}
        _require(acknowledged <= written, f"lost: {sorted(acknowledged - written)[:5]}")
    return f"killed {times} times; {len(acknowledged)} lines acknowledged, all there"


def write_feedback_until_killed(folder: Path, number: int) -> None:
    log = FeedbackLog(folder / "feedback.jsonl")
    _say("begun")
    for part in range(1_000_000):
        question = f"q-{number}-{part}"
        log.append(Turn(question, question * 50, answered=True, confidence=0.5, index_version="v"), HELPFUL)
        _say(question)


# ---------------------------------------------------------------- processes


class Process(subprocess.Popen[str]):
    """A process to be killed; `port` is where it serves, if it does."""

    port = 0


def _start(series: str, folder: Path, number: int) -> Process:
    process = Process(
        [sys.executable, __file__, "--work", series, str(folder), str(number)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    begun = process.stdout.readline().split()
    _require(begun[:1] == ["begun"], f"{series} did not begin")
    process.port = int(begun[1]) if len(begun) > 1 else 0
    return process


def _killed(process: Process) -> set[str]:
    """Kill a process at once; the whole lines that it said."""
    process.send_signal(signal.SIGKILL)
    said = process.communicate()[0]
    return set(said[: said.rfind("\n") + 1].split())


def _library(folder: Path) -> Library:
    (folder / "corpus").mkdir()
    make_corpus(folder / "corpus", SIZE, DOCUMENTS)
    library = Library(folder / "corpus", folder / "index", MadeEncoder())
    library.update()
    return library


def _seconds(folder: Path) -> float:
    """How long two additions take, so that the moments of killing cover one from beginning to end."""
    library = Library(folder / "corpus", folder / "index", MadeEncoder())
    start = time.perf_counter()
    for part in range(2):
        (folder / "first.txt").write_text(_text(-1, part), encoding="utf-8")
        library.add(Offer(folder / "first.txt", f"first-{part}.txt"))
        library.update()
    return time.perf_counter() - start


def _text(number: int, part: int) -> str:
    return "\n\n".join(f"Paragraph {p} of part {part} of {number} tells of {p} boats at the weir." for p in range(20))


def _say(line: str) -> None:
    print(line, flush=True)


def _require(holds: bool, otherwise: str) -> None:  # noqa: FBT001
    if not holds:
        raise SystemExit(f"crash: {otherwise}")


SERIES = {"indexing": indexing, "uploads": uploads, "feedback": feedback}
WORK = {"indexing": index_until_killed, "uploads": serve_until_killed, "feedback": write_feedback_until_killed}

if __name__ == "__main__":
    main()
