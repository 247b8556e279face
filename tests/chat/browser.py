"""A real server and a real browser for the tests that need them."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import axe_core_python
import pytest
import uvicorn
from fastapi import FastAPI

from qa_bot.chat import mount_chat

CHROMIUM = shutil.which("chromium")
SWITCHES = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; "
    "object-src 'none'; form-action 'none'"
)
needs_browser = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]
AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text()
BRIDGE = "When was the Sill bridge liberated?"  # answered by the invented documents
TOKYO = "What is the population of Tokyo?"  # not answered by them
DESKTOP, TABLET, PHONE, SMALL = (1360, 860), (820, 1100), (390, 844), (320, 640)


@contextmanager
def serving(
    bot, *, feedback: Path | None = None, policy: bool = True, port: int = 0, intake=None, app: FastAPI | None = None
) -> Iterator[str]:
    """The chat page on a port (0: a free one), with or without a content security policy; gives its address.

    `bot` may also be what gives the bot in use; `app` is one that has other routes already, such as the service's.
    """
    app = app or FastAPI(docs_url=None, redoc_url=None)
    mount_chat(app, bot if callable(bot) else lambda: bot, feedback_path=feedback, intake=intake)
    if policy:
        app.add_middleware(Policy)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)


class Policy:
    """Adds the policy header to every response."""

    def __init__(self, app) -> None:
        self.app = app

    async def __call__(self, scope, receive, send):
        async def with_policy(message):
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"content-security-policy", POLICY.encode())]
            await send(message)

        await self.app(scope, receive, with_policy)


@dataclass
class Watched:
    """A page whose every request outside the server, console error and script error is kept."""

    page: object
    base: str
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda r: self.outside.append(r.url) if self._is_outside(r.url) else None)
        self.page.on("console", lambda m: self.errors.append(f"{m.text} {m.location}") if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _is_outside(self, url: str) -> bool:
        return not url.startswith((self.base, "data:", "blob:"))

    def open(self, query: str = "") -> "Watched":
        self.page.goto(f"{self.base}/ui/{query}")
        self.page.wait_for_selector("#ask textarea")
        self.page.wait_for_selector("#chat .welcome, #chat .card")
        return self

    def ask(self, question: str) -> None:
        before = self.page.locator("#chat .card:not(.notice)").count()
        self.page.fill("#ask textarea", question)
        self.page.press("#ask textarea", "Enter")
        self.page.wait_for_function("n => document.querySelectorAll('#chat .card:not(.notice)').length > n", arg=before)

    def mark_in_view(self) -> str:
        """Waits until the active mark lies inside the document's box; its text."""
        self.page.wait_for_function(
            """() => {
              const mark = document.querySelector('#source mark.active'), doc = document.querySelector('#source .doc');
              if (!mark) return false;
              const m = mark.getBoundingClientRect(), d = doc.getBoundingClientRect();
              return m.top >= d.top - 1 && m.top < d.bottom && d.height > 50;
            }"""
        )
        return "".join(self.page.locator("#source mark.active").all_text_contents())

    def forgive(self, status: int) -> None:
        """Lets one console message about a refusal of the server pass, which a browser writes by itself."""
        expected = [text for text in self.errors if f"status of {status}" in text]
        assert expected, self.errors
        self.errors.remove(expected[0])

    def assert_clean(self) -> None:
        assert self.outside == []
        assert self.errors == []
