"""The bot in use, which can be exchanged for one of a newer index while requests go on."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from qa_bot.bot import Bot, OnRetrieved
from qa_bot.errors import IndexMissingError
from qa_bot.perspective import Profile
from qa_bot.service.logs import logger
from qa_bot.types import Answer, Citation, Document, Outline, Parties, Perspective, Span

_log = logger("qa_bot.service")


class LiveBot:
    """A bot that stands for the newest one loaded; each call goes to one bot from beginning to end.

    A request that makes several calls takes `current()` once, so that all of them see the same index.
    A bot is never changed, only replaced; the old one goes when its last request does.
    """

    def __init__(self, load: Callable[[], Bot], *, folder: Path) -> None:
        self._load, self._folder = load, folder
        self._bot: Bot | None = None
        self._loading = threading.Lock()
        self._seen: tuple[int, int] | None = None

    def current(self) -> Bot:
        """The bot in use. Raises: IndexMissingError: none has been loaded."""
        bot = self._bot
        if bot is None:
            raise IndexMissingError(self._folder)
        return bot

    @property
    def loaded(self) -> bool:
        """Whether there is a bot in use."""
        return self._bot is not None

    def reload(self) -> Bot:
        """Load the index again and use it from now on; when that fails the bot in use stays.

        Raises: QaBotError: the index cannot be loaded.
        """
        with self._loading:
            self._seen = self._state_of_folder()  # before loading: a version published meanwhile is then seen as new
            bot = self._bot = self._load()
        _log.info("index loaded", index_version=bot.index_version, documents=len(bot.documents))
        return bot

    def changed(self) -> bool:
        """Whether another version has been published since the last loading, successful or not."""
        return self._state_of_folder() != self._seen

    def _state_of_folder(self) -> tuple[int, int] | None:
        """Inode and time of the pointer that is replaced when a new version is published."""
        try:
            stat = (self._folder / "CURRENT").stat()
        except OSError:
            return None
        return stat.st_ino, stat.st_mtime_ns

    # What follows hands on to the bot in use, so that a LiveBot can stand wherever a bot is wanted.

    @property
    def documents(self) -> tuple[Document, ...]:
        """All documents of the index in use."""
        return self.current().documents

    @property
    def parties(self) -> Parties:
        """The parties of the index in use."""
        return self.current().parties

    @property
    def index_version(self) -> str:
        """The version of the index in use."""
        return self.current().index_version

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        max_citations: int = 3,
        doc_ids: Sequence[str] | None = None,
        parties: Sequence[str] | None = None,
        on_retrieved: OnRetrieved | None = None,
    ) -> Answer:
        """An answer from the index in use."""
        return self.current().ask(
            question,
            history=history,
            max_citations=max_citations,
            doc_ids=doc_ids,
            parties=parties,
            on_retrieved=on_retrieved,
        )

    def search(
        self,
        question: str,
        *,
        limit: int = 10,
        doc_ids: Sequence[str] | None = None,
        parties: Sequence[str] | None = None,
    ) -> tuple[Citation, ...]:
        """The nearest passages of the index in use."""
        return self.current().search(question, limit=limit, doc_ids=doc_ids, parties=parties)

    def document(self, doc_id: str) -> Document:
        """A document of the index in use."""
        return self.current().document(doc_id)

    def outline(self, doc_id: str) -> Outline:
        """The outline of a document of the index in use."""
        return self.current().outline(doc_id)

    def perspective(self, doc_id: str, span: Span) -> Perspective:
        """The perspective of a span of a document of the index in use."""
        return self.current().perspective(doc_id, span)

    def profile(self, doc_id: str) -> Profile:
        """The profile of a document of the index in use."""
        return self.current().profile(doc_id)
