"""The bot as tools of the Model Context Protocol, with the same JSON as over HTTP; needs the extra `mcp`."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from qa_bot import __version__
from qa_bot.bot import Bot
from qa_bot.errors import QaBotError
from qa_bot.rendering.payload import (
    AnswerPayload,
    DocumentTextPayload,
    PerspectivePayload,
    answer_payload,
    citation_payload,
    document_summary_payload,
    perspective_payload,
    text_payload,
)
from qa_bot.service.answers import SearchPayload
from qa_bot.service.asking import answer_in_place, check_selection
from qa_bot.service.documents import DocumentsPayload, span_in
from qa_bot.service.metrics import Metrics
from qa_bot.service.problems import unavailable
from qa_bot.service.requests import AnswerRequest, SearchRequest
from qa_bot.service.settings import ServiceSettings
from qa_bot.service.state import ServiceState
from qa_bot.service.workers import Workers
from qa_bot.settings import MAX_CITATIONS

if TYPE_CHECKING:  # an optional extra, and slow to import
    from mcp.server import MCPServer

_INSTRUCTIONS = """Quotations from a collection of documents, each with its exact place and a note on whose words it is.
Never repeat a quotation without its perspective note: the documents may be partisan, and their words are not facts."""

History = Annotated[list[str] | None, Field(description="earlier questions, oldest first")]
MaxCitations = Annotated[int, Field(ge=1, le=MAX_CITATIONS)]
Start = Annotated[int, Field(ge=0, description="first character, in Unicode code points")]
End = Annotated[int, Field(ge=1, description="one past the last character")]


class SpanPayload(DocumentTextPayload):
    """A stretch of text with the perspective it must be shown with."""

    perspective: PerspectivePayload


class Tools:
    """What a client of the protocol can call; every method is one tool, its docstring the description."""

    def __init__(self, state: ServiceState) -> None:
        self._state = state

    async def answer(
        self,
        question: str,
        history: History = None,
        max_citations: MaxCitations = 3,
        doc_ids: list[str] | None = None,
        parties: list[str] | None = None,
    ) -> AnswerPayload:
        """Answer a question with verbatim quotations from the sources, or say that the sources do not answer it."""
        with _told():
            asked = AnswerRequest(
                question=question,
                history=history or [],
                max_citations=max_citations,
                doc_ids=doc_ids,
                parties=parties,
            )
            bot = self._bot()
            check_selection(asked, bot)
            async with self._state.workers.place():
                return answer_payload(await answer_in_place(asked, bot, self._state))

    async def search(self, question: str, limit: Annotated[int, Field(ge=1, le=100)] = 10) -> SearchPayload:
        """The passages nearest to a question, best first. They are not an answer."""
        with _told():
            asked, bot = SearchRequest(question=question, limit=limit), self._bot()
            found = await self._state.workers.run(partial(bot.search, asked.question, limit=asked.limit))
            results = [citation_payload(citation) for citation in found]
            return {"question": question, "results": results, "index_version": bot.index_version}

    def read_span(self, doc_id: str, start: Start, end: End) -> SpanPayload:
        """A stretch of a document, verbatim, with its perspective."""
        with _told():
            bot = self._bot()
            document = bot.document(doc_id)
            span = span_in(document, start, end)
            perspective = perspective_payload(bot.perspective(doc_id, span))
            return {**text_payload(document, span), "perspective": perspective}

    def list_documents(self) -> DocumentsPayload:
        """All documents: id, title, SHA-256, length and the party they speak for."""
        with _told():
            bot = self._bot()
            documents = [document_summary_payload(document) for document in bot.documents]
            return {"documents": documents, "index_version": bot.index_version}

    def perspective_of_span(self, doc_id: str, start: Start, end: End) -> PerspectivePayload:
        """From where a stretch of a document speaks: standpoint, voice, speaker, loaded words and a note."""
        with _told():
            bot = self._bot()
            return perspective_payload(bot.perspective(doc_id, span_in(bot.document(doc_id), start, end)))

    def _bot(self) -> Bot:
        bot = self._state.current_bot()
        if bot is None:
            raise HTTPException(503, "no index is loaded")
        return bot


def make_mcp_server(state: ServiceState) -> "MCPServer":
    """The tools as a server of the official SDK, for any transport. Raises: ModuleNotFoundError: no extra `mcp`."""
    from mcp.server import MCPServer
    from mcp_types import ToolAnnotations

    server = MCPServer("qa_bot", version=__version__, instructions=_INSTRUCTIONS, log_level="WARNING")
    tools = Tools(state)
    reads = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    for tool in (tools.answer, tools.search, tools.read_span, tools.list_documents, tools.perspective_of_span):
        server.add_tool(tool, annotations=reads)
    return server


def run_mcp(bot: Bot, *, settings: ServiceSettings | None = None) -> None:
    """Serve the tools over standard input and output until the client goes away."""
    settings = settings or ServiceSettings()
    metrics = Metrics()
    workers = Workers(settings.threads, settings.waiting, timeout_s=settings.answer_timeout_s, metrics=metrics)
    make_mcp_server(ServiceState(bot, settings, workers, metrics)).run("stdio")


class McpDoor:
    """The tools at an address of the app (streamable HTTP), from `running` on.

    The SDK takes 19 MB and half a second to import, so the first request does it. Sessions are not kept, so any of
    several workers can serve any request, and there is no stream to open by GET that could ever hold anything. Hosts
    and keys are checked by the guard.
    """

    def __init__(self, state: ServiceState, path: str) -> None:
        self._state, self._path = state, path
        self._app: asyncio.Future[Starlette] | None = None
        self._wanted = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if self._app is None:
            raise unavailable("the service is starting or stopping")
        self._wanted.set()
        app = await asyncio.shield(self._app)  # who gives up waiting does not stop what others wait for
        await app(scope, receive, send)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While this lasts, requests are served."""
        app = self._app = asyncio.get_running_loop().create_future()
        self._wanted, over = asyncio.Event(), asyncio.Event()
        keeper = asyncio.create_task(self._keep(app, over))
        try:
            yield
        finally:
            self._app = None
            over.set()
            self._wanted.set()
            await keeper

    async def _keep(self, found: "asyncio.Future[Starlette]", over: asyncio.Event) -> None:
        """The SDK's app from the first request to the end, in one task: what it starts must be ended by the same."""
        await self._wanted.wait()
        if over.is_set():
            return
        try:
            app = await asyncio.to_thread(self._make_app)
            async with app.router.lifespan_context(app):
                found.set_result(app)
                await over.wait()
        except Exception as error:
            if found.done():
                raise
            found.set_exception(error)

    def _make_app(self) -> Starlette:
        from mcp.server.transport_security import TransportSecuritySettings

        return make_mcp_server(self._state).streamable_http_app(
            streamable_http_path=self._path,
            stateless_http=True,
            json_response=True,
            max_request_body_size=self._state.settings.max_body_bytes,
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )


@contextmanager
def _told() -> Iterator[None]:
    """Turn what a caller can put right into an error the caller is shown; anything else stays in the log."""
    from mcp.server.mcpserver.exceptions import ToolError

    try:
        yield
    except QaBotError as error:
        raise ToolError(str(error)) from error
    except HTTPException as error:
        raise ToolError(error.detail) from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise ToolError(faults) from error
