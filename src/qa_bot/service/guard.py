"""Who may come in: clients on this machine freely, others with an API key, nobody too often."""

import base64
import binascii
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from qa_bot.service.keys import PREFIX, KeyRing
from qa_bot.service.keys import Scope as KeyScope
from qa_bot.service.problems import problem_response
from qa_bot.service.quotas import Quotas
from qa_bot.service.settings import ServiceSettings
from qa_bot.service.workers import Workers

_OPEN = {"/healthz", "/readyz"}  # for load balancers, which have no key; they tell nothing about the documents
_MANAGED = ("/v1/index", "/v1/jobs")
_CHANGED = "/v1/documents"
_NAMING = ("x-forwarded-for", "x-real-ip")  # in which proxies name their clients
_SAFE = {"GET", "HEAD", "OPTIONS"}
_ASKED = ("/v1/answer", "/v1/search", "/v1/chat/")
_TURNED_AWAY = {429, 503}
_PAGES = {"/", "/ui", "/docs"}  # and what is below them
_OTHER_HOST = "ask as localhost or 127.0.0.1; behind a proxy set QA_BOT_AUTH=always, or name it in QA_BOT_HOSTS"
_CLOSED = "/gradio_api/upload"  # Gradio opens it for every page, also for one that has nothing to upload


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a request: the id of the API key, if one was given, and what is allowed."""

    key_id: str | None
    may_manage: bool


class Guard:
    """ASGI middleware that checks keys and quotas before anything is read or computed.

    Keys come as `Authorization: Bearer KEY`, or as the password of Basic authentication, which browsers ask for by
    themselves, so that the chat page needs no sign-in page.
    """

    def __init__(
        self, app: ASGIApp, *, settings: ServiceSettings, keys: KeyRing, quotas: Quotas, workers: Workers
    ) -> None:
        self.app, self.settings, self.keys, self.quotas, self.workers = app, settings, keys, quotas, workers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] in _OPEN:
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        try:
            if scope["path"].rstrip("/").endswith(_CLOSED):
                raise HTTPException(404, "nothing can be uploaded here")
            _check_origin(scope)
            caller = self._caller(scope)
            state["key_id"], state["may_manage"] = caller.key_id, caller.may_manage
            if not _is_counted(scope):
                await self.app(scope, receive, send)
                return
            with self.quotas.request(caller.key_id or _address(scope)):
                if scope["method"] == "POST" and scope["path"].startswith(_ASKED):
                    await self.workers.check_room()  # here it costs least
                await self.app(scope, receive, send)
        except HTTPException as error:  # raised above only: those of the app were answered inside it
            state["turned_away"] = error.status_code in _TURNED_AWAY
            response = problem_response(scope, error.status_code, error.detail, headers=error.headers)
            await response(scope, receive, send)

    def _caller(self, scope: Scope) -> Caller:
        """Raises: HTTPException: 401 without a valid key where one is needed, 403 when that is not enough."""
        key = _given_key(Headers(scope=scope).get("authorization", ""))
        caller = self._anonymous(scope) if key is None or self._is_idle(key, scope) else self._owner_of(key, scope)
        if _is_managed(scope) and not caller.may_manage:
            raise HTTPException(403, "this needs an API key with the scope 'manage'")
        return caller

    def _is_idle(self, key: str, scope: Scope) -> bool:
        """Whether a key is one that clients of other services send because they must send something."""
        needless = self.settings.auth == "never" or (self.settings.auth == "auto" and _is_local(scope))
        return needless and not key.startswith(PREFIX)

    def _owner_of(self, key: str, scope: Scope) -> Caller:
        found = self.keys.find(key)
        if found is None:
            raise HTTPException(401, "this API key is not valid", _challenge(scope))
        return Caller(found.key_id, found.allows(KeyScope.MANAGE))

    def _anonymous(self, scope: Scope) -> Caller:
        if self.settings.auth == "never":
            return Caller(None, may_manage=_is_local(scope) and self._knows_host(scope))
        if self.settings.auth == "auto" and _is_local(scope):
            if not self._knows_host(scope):
                raise HTTPException(403, _OTHER_HOST)
            return Caller(None, may_manage=True)
        if not len(self.keys):
            raise HTTPException(403, "only this machine may ask until there is an API key: qa-bot keys create NAME")
        raise HTTPException(401, "an API key is needed: Authorization: Bearer KEY", _challenge(scope))

    def _knows_host(self, scope: Scope) -> bool:
        """Whether a client asks by a name that is the service's own: web pages may give it theirs (DNS rebinding)."""
        host = _host_name(Headers(scope=scope).get("host", ""))
        return _ip(scope) is None or host == "localhost" or host in self.settings.hosts or is_loopback(host)


def is_loopback(address: str) -> bool:
    """Whether an address is one by which a machine reaches itself; False for anything that is no IP address."""
    with suppress(ValueError):
        found = ip_address(address)
        mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
        return bool((mapped or found).is_loopback)
    return False


def _is_counted(scope: Scope) -> bool:
    """The files of the chat page are not counted, what it asks is."""
    path: str = scope["path"]
    return path.startswith(("/v1/", "/mcp")) or scope["method"] == "POST"


def _is_managed(scope: Scope) -> bool:
    path: str = scope["path"]
    return path.startswith(_MANAGED) or (path.startswith(_CHANGED) and scope["method"] not in _SAFE)


def _check_origin(scope: Scope) -> None:
    """Keep pages of other origins from changing anything through the browser of somebody who may.

    Browsers say where a request comes from in Sec-Fetch-Site, older ones in Origin; other clients send neither.

    Raises: HTTPException: 403.
    """
    if not _is_managed(scope) or scope["method"] in _SAFE:
        return
    headers = Headers(scope=scope)
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    same = site in {"same-origin", "none"} if site else origin is None or _host_of(origin) == headers.get("host")
    if not same:
        raise HTTPException(403, "a page of another origin cannot change documents here")


def _host_of(origin: str) -> str:
    with suppress(ValueError):
        return urlsplit(origin).netloc
    return ""


def _given_key(authorization: str) -> str | None:
    kind, _, value = authorization.partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    if kind.lower() == "basic":
        with suppress(binascii.Error, UnicodeDecodeError):
            return base64.b64decode(value, validate=True).decode().partition(":")[2]
        return ""
    return None


def _challenge(scope: Scope) -> dict[str, str]:
    # what the chat page itself sends to the API goes with the key that the browser has asked for on opening it
    path: str = scope["path"]
    page = path in _PAGES or path.startswith(("/ui/", "/docs/"))
    page = page or Headers(scope=scope).get("sec-fetch-site") == "same-origin"
    kind = "Basic" if page else "Bearer"
    return {"WWW-Authenticate": f'{kind} realm="qa_bot"'}


def _is_local(scope: Scope) -> bool:
    """From this machine: over loopback, over a Unix socket, or from inside this process, and for nobody else.

    A proxy on this machine that names its client by anything but a loopback address asks for somebody outside, also
    where the server has not put that address, or has put something that is none ("unknown"), in place of the proxy's.
    """
    address = _ip(scope)
    headers = Headers(scope=scope)
    named = [part.strip() for header in _NAMING for line in headers.getlist(header) for part in line.split(",")]
    return (address is None or is_loopback(address)) and all(map(is_loopback, named)) and "forwarded" not in headers


def _ip(scope: Scope) -> str | None:
    client = scope.get("client")
    if not client:
        return None
    with suppress(ValueError):
        return str(ip_address(client[0].partition("%")[0]))
    return None


def _host_name(host: str) -> str:
    with suppress(ValueError):
        return urlsplit(f"//{host}").hostname or ""
    return ""


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else "local"
