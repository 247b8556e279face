"""The chat page in Chromium: weight, time until it can be used, time from a question to its painted answer, many users.

    python benchmarks/page.py QUESTIONS.jsonl --index index [--visits 10] [--questions 40] [--users 20]

Starts a server of its own on a free port. "Cold" is a first visit with an empty cache, "warm" another one in the same
browser. What an answer takes beyond its own time is the time from the Enter key to the frame that shows answer and
source, less `timings_ms.total` of the same question asked over HTTP.
"""

import argparse
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from latency import serving

MAX_BYTES, COLD_S, WARM_S, BEYOND_MS = 550_000, 1.5, 0.5, 200  # what is aimed at
PATIENCE = 120_000  # ms
SWITCHES = (
    "--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update".split()
)
# notes when question box, greeting and source are there, and when the frame after an answer has been painted
CLOCK = """
(() => {
  const look = () => {
    const usable = document.querySelector('#ask textarea') && document.querySelector('#chat .welcome, #chat .card')
      && document.querySelector('#source .para');
    if (usable) window.usableAt = performance.now();
    else requestAnimationFrame(look);
  };
  look();
  window.painted = number => new Promise(done => {
    const box = document.querySelector('#ask textarea');
    let begun;
    box.addEventListener('keydown', event => { if (event.key === 'Enter') begun = performance.now(); },
      {capture: true, once: true});
    const wait = () => {
      const card = document.querySelector(`#turn-${number}`);
      const pane = document.querySelector(`#source .pane[data-turn="${number}"] mark.active`);
      if (begun && card && pane) requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
      else requestAnimationFrame(wait);
    };
    wait();
  });
})()
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", metavar="QUESTIONS", type=Path)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--visits", type=int, default=10)
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--users", type=int, default=20)
    given = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("chromium is not installed; run: apt-get install chromium")
    lines = [json.loads(line) for line in given.data.read_text(encoding="utf-8").splitlines() if line.strip()]
    questions = [line["question"] for line in lines if line.get("answerable", True)][: given.questions]
    os.environ.setdefault("QA_BOT_LOG_LEVEL", "WARNING")  # of the server: not a line for each file of the page
    from playwright.sync_api import sync_playwright

    with serving(given.index) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        opening(browser, address, given.visits)
        answering(browser, address, questions)
        crowding(browser, address, questions, given.users)
        browser.close()


def opening(browser: Any, address: str, visits: int) -> None:
    """Weight of a first visit, and seconds until a page can be used."""
    weights, cold, warm = [], [], []
    for _ in range(visits):
        page = new_page(browser)
        weight: list[int] = []
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda event, weight=weight: weight.append(event["encodedDataLength"]))
        cold.append(visit(page, address))
        page.wait_for_load_state("networkidle")
        weights.append(sum(weight))
        warm.append(visit(page, address))
        page.context.close()
    print(f"weight on the wire        {max(weights) / 1000:8.1f} kB  (at most {MAX_BYTES / 1000:g})")
    show("usable, cold", cold, COLD_S)
    show("usable, warm", warm, WARM_S)


def answering(browser: Any, address: str, questions: Sequence[str]) -> None:
    """Milliseconds from a question to its painted answer beyond the answer's own, each in a conversation of its own."""
    page = new_page(browser)
    beyond, whole = [], []
    with httpx.Client(base_url=address, timeout=60) as client:
        for question in questions:
            answer = client.post("/v1/answer", json={"question": question}).raise_for_status().json()
            visit(page, address)
            ms = ask(page, question, 1)
            whole.append(ms)
            beyond.append(ms - answer["timings_ms"]["total"])
            page.click('#bar [data-do="new"]')
            page.wait_for_selector("#chat .welcome", timeout=PATIENCE)
    page.context.close()
    for name, values in (("question to painted", whole), ("… beyond the answer", beyond)):
        p50, p95 = np.percentile(values, [50, 95])
        print(
            f"{name:24} p50 {p50:6.1f} ms  p95 {p95:6.1f} ms  ({len(values)} questions; p50 beyond at most {BEYOND_MS})"
        )


def crowding(browser: Any, address: str, questions: Sequence[str], users: int) -> None:
    """Readers with a browser session each, who all ask at the same moment."""
    pages = [new_page(browser) for _ in range(users)]
    for page in pages:
        visit(page, address)
    for number, page in enumerate(pages):
        page.fill("#ask textarea", questions[number % len(questions)])
        page.evaluate("() => { window.mine = window.painted(1) }")
    for page in pages:
        page.evaluate(
            """() => { document.querySelector('#ask textarea').dispatchEvent(
              new KeyboardEvent('keydown', {key: 'Enter', bubbles: true})) }"""
        )
        page.evaluate("() => document.querySelector('#ask .submit-button').click()")
    taken = [page.evaluate("() => window.mine") for page in pages]
    p50, p95 = np.percentile(taken, [50, 95])
    print(
        f"{users} users at once: {len(taken)} answered, p50 {p50:.0f} ms  p95 {p95:.0f} ms, Chromium on the same cores"
    )


def new_page(browser: Any) -> Any:
    context = browser.new_context(viewport={"width": 1360, "height": 860}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.add_init_script(CLOCK)
    return page


def visit(page: Any, address: str) -> float:
    """Seconds until the page can be used."""
    page.goto(f"{address}/ui/")
    page.wait_for_function("window.usableAt > 0")
    return float(page.evaluate("window.usableAt")) / 1000


def ask(page: Any, question: str, number: int) -> float:
    page.fill("#ask textarea", question)
    page.evaluate(f"() => {{ window.mine = window.painted({number}) }}")
    page.press("#ask textarea", "Enter")
    return float(page.evaluate("() => window.mine"))


def show(name: str, seconds: Sequence[float], limit: float) -> None:
    p50, worst = np.percentile(seconds, 50), max(seconds)
    print(f"{name:24} p50 {p50:6.2f} s   max {worst:6.2f} s  ({len(seconds)} visits; at most {limit})")


if __name__ == "__main__":
    main()
