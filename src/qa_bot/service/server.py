"""The app on a socket."""

import errno
import os
import signal
import socket
import tempfile
from dataclasses import dataclass
from functools import partial
from typing import cast

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from qa_bot.errors import QaBotError
from qa_bot.service.connections import PatientProtocol
from qa_bot.service.guard import is_loopback
from qa_bot.service.keys import KeyRing
from qa_bot.service.metrics import SHARED_FOLDER
from qa_bot.service.settings import ServiceSettings

SHUTDOWN_SECONDS = 3  # how long open connections may finish; an open chat page would hold on for ever
WORKER_SECONDS = 120  # how long a worker may take to load models and index before it counts as hung
MAX_PORT = 65_535
PROXIES = "127.0.0.1,::1,::ffff:127.0.0.1"  # that may name their clients in X-Forwarded-For


class ServeError(QaBotError):
    """A host and port that cannot be served on."""


def serve(app: FastAPI, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM; answers in flight are finished. Raises: ServeError: the address cannot be used."""
    check_exposure(host, app.state.service.settings)
    with bind(host, port) as listener:
        uvicorn.Server(_config(app)).run(sockets=[listener])


def serve_workers(make_app: str, host: str, port: int, *, workers: int) -> None:
    """Serve with several processes, each of which makes its own app by calling `make_app`, "module:function".

    They share the address, the memory-mapped files of the index and the counts of the metrics. A worker that ends is
    replaced; SIGHUP reaches all of them. Raises: ServeError: the address cannot be used.
    """
    bind(host, port).close()  # sharing it would be refused by nobody of the same user
    with bind(host, port, shared=True, listening=False) as reserved, tempfile.TemporaryDirectory() as folder:
        os.environ[SHARED_FOLDER] = folder
        address = _OwnListener(host, reserved.getsockname()[1])
        _Crew(_config(make_app, workers=workers), sockets=[cast("socket.socket", address)]).run()


@dataclass(frozen=True, slots=True)
class _OwnListener:
    """Becomes a listening socket of its own in every process that it is sent to.

    The system then shares connections out evenly; a single socket would give most of them to one of the processes.
    """

    host: str
    port: int

    def __reduce__(self) -> tuple[object, ...]:
        return partial(bind, shared=True), (self.host, self.port)


class _Crew(Multiprocess):
    """The workers; a signal to reload is handed on, where uvicorn would start all of them anew."""

    def handle_hup(self) -> None:
        """Make every worker take a new index into use."""
        for process in self.processes:
            if process.pid is not None:
                os.kill(process.pid, signal.SIGHUP)


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
        forwarded_allow_ips=os.environ.get("FORWARDED_ALLOW_IPS", PROXIES),  # uvicorn's own variable
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


def bind(host: str, port: int, *, shared: bool = False, listening: bool = True) -> socket.socket:
    """A listening socket; port 0 takes a free one, and processes of one user may share a port.

    Raises: ServeError: in one line, with the way out.
    """
    if not 0 <= port <= MAX_PORT:  # the system would take the remainder
        raise ServeError(f"port {port} does not exist; choose one from 0 to {MAX_PORT}: --port 8000")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)  # without its protocol asyncio leaves Nagle's delay on
    except OSError as error:
        raise ServeError(f"cannot serve on host '{host}': {error.strerror}; try --host 127.0.0.1") from error
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listener.bind(address)
        if listening:
            listener.listen(2_048)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise ServeError(
                f"port {port} on {host} is in use; stop what uses it or choose another: --port {port + 1}"
            ) from error
        raise ServeError(f"cannot serve on {host}:{port}: {error.strerror}; choose another --host or --port") from error
    return listener
