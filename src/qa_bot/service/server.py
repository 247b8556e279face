"""The app on a socket."""

import errno
import os
import socket
import tempfile

import uvicorn
from fastapi import FastAPI

from qa_bot.errors import QaBotError
from qa_bot.service.connections import PatientProtocol
from qa_bot.service.guard import is_loopback
from qa_bot.service.keys import KeyRing
from qa_bot.service.metrics import SHARED_FOLDER
from qa_bot.service.settings import ServiceSettings

SHUTDOWN_SECONDS = 3  # how long open connections may finish; an open chat page would hold on for ever
WORKER_SECONDS = 120  # how long a worker may take to load models and index before it counts as hung


class ServeError(QaBotError):
    """A host and port that cannot be served on."""


def serve(app: FastAPI, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM; answers in flight are finished. Raises: ServeError: the address cannot be used."""
    check_exposure(host, app.state.service.settings)
    with bind(host, port) as listener:
        uvicorn.Server(_config(app)).run(sockets=[listener])


def serve_workers(make_app: str, host: str, port: int, *, workers: int) -> None:
    """Serve with several processes, each of which makes its own app by calling `make_app`, "module:function".

    They share the socket, the memory-mapped files of the index and the counts of the metrics. A worker that ends is
    replaced; SIGHUP replaces all of them one after the other. Raises: ServeError: the address cannot be used.
    """
    from uvicorn.supervisors import Multiprocess

    with bind(host, port) as listener, tempfile.TemporaryDirectory(prefix="qa-bot-metrics-") as folder:
        os.environ[SHARED_FOLDER] = folder
        Multiprocess(_config(make_app, workers=workers), sockets=[listener]).run()


def _config(app: FastAPI | str, *, workers: int = 1) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=workers,
        http=PatientProtocol,
        ws="none",  # nothing here speaks it
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        timeout_worker_healthcheck=WORKER_SECONDS,
    )


def check_exposure(host: str, settings: ServiceSettings) -> None:
    """Let pass what only this machine can reach, what has keys, and what is meant to be open. Raises: ServeError."""
    if host == "localhost" or is_loopback(host) or settings.auth == "never" or len(KeyRing(settings.keys_file)):
        return
    raise ServeError(
        f"host '{host}' can be reached from other machines and there is no API key; "
        "run: qa-bot keys create NAME, or pass --insecure to let everyone in"
    )


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises: ServeError: in one line, with the way out."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)  # without its protocol asyncio leaves Nagle's delay on
    except OSError as error:
        raise ServeError(f"cannot serve on host '{host}': {error.strerror}; try --host 127.0.0.1") from error
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(2_048)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise ServeError(
                f"port {port} on {host} is in use; stop what uses it or choose another: --port {port + 1}"
            ) from error
        raise ServeError(f"cannot serve on {host}:{port}: {error.strerror}; choose another --host or --port") from error
    return listener
