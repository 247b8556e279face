"""The bot over HTTP: `create_app` makes the ASGI app, `serve` puts it on a socket."""

from qa_bot.service.app import create_app
from qa_bot.service.live import LiveBot
from qa_bot.service.server import ServeError, serve, serve_workers
from qa_bot.service.settings import ServiceSettings, SettingsError

__all__ = ["LiveBot", "ServeError", "ServiceSettings", "SettingsError", "create_app", "serve", "serve_workers"]
