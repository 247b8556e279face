"""Latency of an answer over HTTP, one client, beside one bare encoder forward pass of the same question.

    python benchmarks/latency.py QUESTIONS.jsonl --index index

Starts a server of its own on a free port, warms it up, asks each question in turn over one connection.
"""

import argparse
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np

from qa_bot.encoder import load_encoder
from qa_bot.settings import Settings

WARM_UP = 20  # questions
START = 120  # seconds a server may take to be ready


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--repeat", type=int, default=3, help="how often each question is asked")
    asked = parser.parse_args()
    lines = asked.questions.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines if line.strip()] * asked.repeat
    with serving(asked.index) as address, httpx.Client(base_url=address, timeout=60) as client:
        answers = timed(
            lambda question: client.post("/v1/answer", json={"question": question}).raise_for_status(), questions
        )
    encoder = load_encoder(Settings().model)
    passes = timed(encoder.encode_question, questions)
    print(f"{len(questions)} questions")
    for name, values in (("HTTP answer", answers), ("encoder forward pass", passes)):
        print(f"{name:22} p50 {np.percentile(values, 50):6.1f} ms  p95 {np.percentile(values, 95):6.1f} ms")
    print(f"ratio of medians       {np.percentile(answers, 50) / np.percentile(passes, 50):6.2f}")


@contextmanager
def serving(index: Path) -> Iterator[str]:
    """The address of a server that is ready; it ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "qa_bot", "serve", "--index", str(index), "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_ready(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_until_ready(address: str, server: "subprocess.Popen[bytes]") -> None:
    give_up = time.monotonic() + START
    while time.monotonic() < give_up and server.poll() is None:
        try:
            if httpx.get(f"{address}/readyz").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise SystemExit(f"the server was not ready within {START} s")


def timed(ask: Callable[[str], object], questions: Sequence[str]) -> list[float]:
    """Milliseconds of each question, after a warm-up."""
    for question in questions[:WARM_UP]:
        ask(question)
    taken = []
    for question in questions:
        started = time.perf_counter()
        ask(question)
        taken.append((time.perf_counter() - started) * 1000)
    return taken


if __name__ == "__main__":
    main()
