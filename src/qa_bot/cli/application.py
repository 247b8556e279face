"""API and chat page over one index, joined into one ASGI app: what `qa-bot serve` and `app.main` serve."""

from fastapi import FastAPI, Request

from qa_bot.bot import QaBot
from qa_bot.encoder import Encoder, load_encoder
from qa_bot.errors import QaBotError
from qa_bot.index import encoder_folders
from qa_bot.library import Library
from qa_bot.service import LiveBot, ServiceSettings, create_app
from qa_bot.service.logs import configure_logs, logger
from qa_bot.settings import Settings


def live_bot(settings: Settings, encoder: Encoder) -> LiveBot:
    """The bot of the index folder, not loaded yet; it is exchanged whenever a new index is published."""
    return LiveBot(lambda: QaBot.load(settings.index, encoder=encoder), folder=settings.index)


def library_of(settings: Settings, encoder: Encoder) -> Library | None:
    """The corpus whose documents may be changed over HTTP: one that was named, by --corpus or QA_BOT_CORPUS."""
    named = "corpus" in settings.model_fields_set
    return Library(settings.corpus, settings.index, encoder) if named else None


def join(live: LiveBot, settings: ServiceSettings, library: Library | None = None) -> FastAPI:
    """API and chat page; while no index is loaded the app is up and answers 503."""
    open_library = None if settings.read_only else library

    def make_page() -> FastAPI:
        from qa_bot.chat import Intake, mount_chat

        page = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        intake = Intake(_may_manage, settings.max_upload_bytes) if open_library else None
        return mount_chat(page, live.current, feedback_path=settings.feedback_file, intake=intake)

    return create_app(live, settings=settings, library=open_library, make_page=make_page)


def _may_manage(request: Request) -> bool:
    return getattr(request.state, "may_manage", False) is True  # the guard has noted it


def make_app() -> FastAPI:
    """The same with every setting from the environment. Raises: SettingsError, ModelError."""
    settings, service_settings = Settings(), ServiceSettings.read()
    configure_logs(service_settings.log_level)
    encoder = load_encoder(settings.model, near=encoder_folders(settings.index))
    live = live_bot(settings, encoder)
    try:
        live.reload()
    except QaBotError as error:  # the index may come later; it is watched for
        logger("qa_bot.service").error("no index loaded", reason=str(error))
    return join(live, service_settings, library_of(settings, encoder))
