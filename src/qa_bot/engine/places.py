"""A URI → the engine that keeps an index there."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from qa_bot.errors import EngineError
from qa_bot.index import PassageIndex

SCHEMES = "a folder, faiss:///FOLDER, lance:///FOLDER, or lance+s3://BUCKET/PREFIX?endpoint=URL"


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did: the version that is served now, and passages added, kept and removed."""

    version: str
    added: int
    kept: int
    removed: int


class SearchIndex(Protocol):
    """A place that keeps versions of an index and searches the newest; readers see one version, whole."""

    def version(self) -> str | None:
        """The version to serve, or None where nothing has been published."""
        ...

    def publish(self, index: PassageIndex) -> Published:
        """Make a built index the version to serve.

        Publishing the same index twice changes nothing; a run that was killed leaves the old version serving.

        Raises: IndexBusyError: somebody else is publishing.
        """
        ...

    def open(self) -> PassageIndex:
        """The version to serve: its legs and token vectors read from this place, its positions are its own.

        Raises: IndexMissingError, IndexStaleError, IndexDamagedError.
        """
        ...


def search_index(place: str | Path) -> SearchIndex:
    """The engine of a URI or folder.

    Raises: EngineError: no engine has this form, or its library is not installed.
    """
    if (folder := folder_of(place)) is not None:
        return _folder(folder)
    parts = urlsplit(str(place))
    if parts.scheme == "lance" and not parts.netloc:
        return _lance(parts.path, {})
    if parts.scheme == "lance+s3" and len(parts.netloc) >= 3:
        return _lance(f"s3://{parts.netloc}{parts.path}", _s3_options(str(place), parts.query))
    raise EngineError(f"'{place}' is no place for an index; name {SCHEMES}")


def open_index(place: str | Path) -> PassageIndex:
    """The index published at a URI or in a folder.

    Raises: EngineError, IndexMissingError, IndexStaleError, IndexDamagedError.
    """
    return search_index(place).open()


def folder_of(place: str | Path) -> Path | None:
    """The folder of a place that is one."""
    if isinstance(place, Path) or "://" not in place:
        return Path(place)
    return Path(urlsplit(place).path) if place.startswith("faiss:///") else None


def _folder(path: Path) -> SearchIndex:
    from qa_bot.engine.folder import FolderIndex

    return FolderIndex(path)


def _lance(uri: str, options: dict[str, str]) -> SearchIndex:
    try:
        from qa_bot.engine.tables import LanceIndex
    except ImportError as error:
        raise EngineError(f"'{uri}' needs LanceDB, which is missing; run: pip install 'qa-bot[scale]'") from error
    return LanceIndex(uri, options)


def _s3_options(place: str, query: str) -> dict[str, str]:
    """Options of the store; keys come from the environment (AWS_ACCESS_KEY_ID …), never from a URI."""
    asked = {name: values[-1] for name, values in parse_qs(query, keep_blank_values=True).items()}
    if unknown := asked.keys() - {"endpoint", "region"}:
        raise EngineError(f"'{place}' has the unknown option '{min(unknown)}'; it may have endpoint and region")
    options = {"region": asked.get("region", "us-east-1")}
    if endpoint := asked.get("endpoint"):
        options |= {"endpoint": endpoint, "allow_http": str(endpoint.startswith("http://")).lower()}
    return options
