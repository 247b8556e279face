"""The ASGI app: `uvicorn app.main:app`. Folders and limits come from QA_BOT_INDEX and the other QA_BOT_* variables."""

from pathlib import Path

from fastapi import FastAPI

from qa_bot.bot import QaBot
from qa_bot.chat import mount_chat
from qa_bot.encoder import load_encoder
from qa_bot.errors import QaBotError
from qa_bot.service import LiveBot, ServiceSettings, create_app
from qa_bot.service.logs import configure_logs, logger
from qa_bot.settings import Settings

FEEDBACK = Path("feedback") / "feedback.jsonl"


def make_app() -> FastAPI:
    """API and chat page over the index; while there is none the app is up and answers 503."""
    settings, service_settings = Settings(), ServiceSettings.read()
    configure_logs(service_settings.log_level)
    encoder = load_encoder(settings.model)
    live = LiveBot(lambda: QaBot.load(settings.index, encoder=encoder), folder=settings.index)
    try:
        live.reload()
    except QaBotError as error:
        logger("qa_bot.service").error("no index loaded", reason=str(error))
    app = create_app(live, settings=service_settings)
    return mount_chat(app, live, feedback_path=FEEDBACK) if live.loaded else app


app = make_app()
