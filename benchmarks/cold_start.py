"""Cold start: from the command to its answer, and from starting a server to its first answer; with the memory of each.

    python benchmarks/cold_start.py "When was Shusha taken?" --index index

Times are those of the wall clock, files in the system's cache; memory is the largest resident size of the process.
"""

import argparse
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import httpx
import numpy as np

GIVE_UP = 120  # seconds a server may take to be ready


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("question")
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--repeat", type=int, default=7)
    asked = parser.parse_args()
    bare = partial(serve, options=("--no-page",))
    for name, once in (("qa-bot ask", ask), ("qa-bot serve", serve), ("serve --no-page", bare)):
        runs = [once(asked.question, asked.index) for _ in range(asked.repeat + 1)][1:]  # the first one fills caches
        seconds, memory = zip(*runs, strict=True)
        p50, worst = np.percentile(seconds, 50), max(seconds)
        print(f"{name:15} p50 {p50:5.2f} s  worst {worst:5.2f} s  peak memory {max(memory):5.0f} MB")


def ask(question: str, index: Path) -> tuple[float, float]:
    """Seconds until the command has ended, and its peak memory in MB."""
    started = time.perf_counter()
    process = _start("ask", question, "--index", str(index))
    _, _, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def serve(question: str, index: Path, *, options: Sequence[str] = ()) -> tuple[float, float]:
    """Seconds until a server that was just started has answered, and its peak memory in MB."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = time.perf_counter()
    process = _start("serve", "--index", str(index), "--port", str(port), *options)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=GIVE_UP) as client:
            while not _answered(client, question):
                if time.perf_counter() - started > GIVE_UP or process.poll() is not None:
                    raise SystemExit(f"the server did not answer within {GIVE_UP} s")
                time.sleep(0.02)
        seconds = time.perf_counter() - started
    finally:
        process.terminate()
        _, _, usage = os.wait4(process.pid, 0)
    return seconds, usage.ru_maxrss / 1024


def _answered(client: httpx.Client, question: str) -> bool:
    try:
        return client.post("/v1/answer", json={"question": question}).is_success
    except httpx.TransportError:
        return False


def _start(*arguments: str) -> "subprocess.Popen[bytes]":
    quiet = os.environ | {"QA_BOT_LOG_LEVEL": "ERROR"}
    return subprocess.Popen([sys.executable, "-m", "qa_bot", *arguments], stdout=subprocess.DEVNULL, env=quiet)


if __name__ == "__main__":
    main()
