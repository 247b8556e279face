"""The ASGI app: `uvicorn app.main:app`. Folders and limits come from QA_BOT_INDEX and the other QA_BOT_* variables."""

from qa_bot.cli.application import make_app

app = make_app()
