"""The page: Gradio components around the desk, mounted into the service's application at /ui/."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response

from qa_bot.bot import Bot
from qa_bot.chat.desk import Desks
from qa_bot.chat.escaping import e
from qa_bot.chat.feedback import FeedbackLog
from qa_bot.chat.library import Intake
from qa_bot.chat.wording import ENGLISH, say

PATH = "/ui"
SCRIPTS = ("links.js", "keyboard.js", "shelf.js", "pane.js", "selection.js", "appearance.js", "draft.js", "waiting.js")
SPOKEN = {"bar", "chat", "feedback", "pane", "shelf"}  # parts of the catalogue that the script needs


def mount_chat(
    app: FastAPI,
    current: Callable[[], Bot],
    *,
    feedback_path: Path | None = None,
    intake: Intake | None = None,
) -> FastAPI:
    """Serve the chat page at /ui/; call it after every route of the application has been added.

    `current` gives the bot in use, which may be another one at any time.

    Feedback is appended to `feedback_path`; without a path it is not offered. Adding and removing documents, by the
    service's own /v1/documents, is offered to those whom `intake` allows it; without one to nobody.
    """
    gr = _import_gradio()
    from qa_bot.chat.wiring import build_blocks

    desks = Desks(current, FeedbackLog(feedback_path) if feedback_path else None)
    blocks = build_blocks(desks, script=page_script(), intake=intake)
    _serve_page_files(app)
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        blocks,
        path=PATH,
        theme=_theme(gr),
        head=page_head(),
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        show_error=False,
        max_file_size=0,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
    )
    return mounted


def page_head() -> str:
    """What goes into the page's head: description, style sheet and the script's wording."""
    wording = json.dumps({k: v for k, v in ENGLISH.items() if k.split(".")[0] in SPOKEN})
    return (
        f'<meta name="description" content="{e(say("page.description"))}">'
        f"<style>{_asset('page.css')}</style>"
        f'<script type="application/json" id="qa-wording">{wording.replace("<", chr(92) + "u003c")}</script>'
    )


def page_script() -> str:
    """The page's script, run once the pane is there; `element`, `trigger`, `server`, `watch` are given."""
    return "\n".join(_asset(name) for name in SCRIPTS)


def _import_gradio() -> Any:
    """Gradio with every call home switched off; it reads these switches when it is imported."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_OFFLINE"] = "1"
    # pandas, which Gradio imports, loads Apache Arrow where it is (40 MB), and Gradio the SDK of MCP (19 MB); no page
    # uses either.
    with _unimported("pyarrow", "mcp"):
        import gradio

    return gradio


@contextmanager
def _unimported(*names: str) -> Iterator[None]:
    """A while in which packages that are not imported yet are taken for not installed."""
    absent = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent, cast("Any", None)))  # "prevents importing", says the reference of `import`
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


def _theme(gr: Any) -> Any:
    # Bundled with Gradio, so no font is fetched; its SemiBold lacks letters, hence 400 and 700 only.
    sans = gr.themes.LocalFont("IBM Plex Sans", weights=(400, 700))
    mono = gr.themes.LocalFont("IBM Plex Mono", weights=(400,))
    return gr.themes.Base(font=[sans, "system-ui", "sans-serif"], font_mono=[mono, "monospace"])


def _serve_page_files(app: FastAPI) -> None:
    """What a browser asks for at the root, wherever the page is mounted."""

    @app.get("/manifest.json", include_in_schema=False)
    def manifest() -> JSONResponse:
        content = {
            "name": say("page.title"),
            "short_name": say("page.name"),
            "start_url": f"{PATH}/",
            "display": "browser",
        }
        return JSONResponse(content, media_type="application/manifest+json")

    @app.get("/favicon.ico", include_in_schema=False)
    def icon() -> Response:
        return Response(_asset("icon.svg"), media_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})


def _asset(name: str) -> str:
    return files("qa_bot.chat").joinpath("assets", name).read_text(encoding="utf-8")
