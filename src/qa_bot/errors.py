"""Everything that can go wrong and is told to a person in one line.

    QaBotError
    ├── QuestionError          a question that cannot be asked
    ├── CorpusError            a source file that cannot be read
    │   ├── CardError          a card or parties file with a wrong key or value
    │   ├── FormatError        a source file that is damaged, or not of the format its name says
    │   ├── EncryptedError     a source file that asks for a password
    │   ├── LimitError         a source file that is too large, or takes too much time or memory to read
    │   ├── DocumentExistsError  a document of this name is already in the corpus
    │   └── FolderBusyError    another process is changing the corpus folder
    ├── QuestionSetError       a question set, with file and line
    ├── LabelError             a perspective label file, with file and line
    ├── IndexMissingError      no index where one was looked for
    ├── IndexStaleError        an index of another format, model or setting
    ├── IndexDamagedError      an index whose files are not what its manifest says
    ├── IndexBusyError         another process is writing the index
    ├── EngineError            a place for an index that no engine keeps
    ├── SnapshotError          a snapshot that is not there, or whose name cannot be used
    ├── ModelError             a model that cannot be loaded or is not the one expected
    ├── UnknownDocumentError   a doc_id that the index does not hold
    ├── SpanError              a span outside its document
    └── QuotationError         a quotation that no longer stands in its source

Each message names the thing, the value and the way out.
"""

from pathlib import Path


class QaBotError(Exception):
    """An expected error: its text is one line for the user."""


class QuestionError(QaBotError):
    """A question that cannot be asked."""


class CorpusError(QaBotError):
    """A source file that cannot be read."""

    def __init__(self, path: Path | str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path, self.problem = path, problem

    def call(self, name: str) -> None:
        """Speak of the file by another name, where the one that was read is a copy."""
        self.args = (str(self).replace(str(self.path), name, 1),)
        self.path = name


class CardError(CorpusError):
    """A card or parties file with a wrong key or value; `value` is None where the key is missing."""

    def __init__(self, path: Path | str, key: str, value: object, expected: str) -> None:
        found = "is missing" if value is None else f"has value {value!r}"
        super().__init__(path, f"key '{key}' {found}; expected {expected}")
        self.key, self.value, self.expected = key, value, expected


class DocumentExistsError(CorpusError):
    """A document of this name is already in the corpus."""


class FolderBusyError(CorpusError):
    """Another process is changing the corpus folder."""


class FormatError(CorpusError):
    """A source file that is damaged, cut short, or not of the format its name says."""

    def __init__(self, path: Path | str, kind: str, problem: str) -> None:
        super().__init__(path, f"cannot be read as {kind}: {problem}; open it in the program that made it, save anew")
        self.kind, self.problem = kind, problem


class EncryptedError(CorpusError):
    """A source file that asks for a password."""

    def __init__(self, path: Path | str) -> None:
        super().__init__(path, "is encrypted; save it without a password")


class LimitError(CorpusError):
    """A source file that is too large, or takes too much time or memory to read."""

    def __init__(self, path: Path | str, what: str, limit: str) -> None:
        super().__init__(path, f"{what}; the limit is {limit}; split the file or save it as plain text")
        self.limit = limit


class CorpusFolderError(CorpusError):
    """No corpus folder where one was looked for."""

    def __init__(self, folder: Path | str) -> None:
        super().__init__(folder, "is not a folder; name the folder that holds the source files")


class _LineError(QaBotError):
    def __init__(self, path: Path | str, line: int | None, problem: str) -> None:
        super().__init__(f"{path}:{line}: {problem}" if line is not None else f"{path}: {problem}")
        self.path, self.line, self.problem = path, line, problem


class QuestionSetError(_LineError):
    """A question set that cannot be used, with file and line."""


class LabelError(_LineError):
    """A perspective label file that cannot be used, with file and line."""


class IndexMissingError(QaBotError):
    """No index where one was looked for."""

    def __init__(self, folder: Path | str) -> None:
        super().__init__(f"no index in '{folder}'; run: qa-bot index CORPUS --index {folder}")
        self.folder = folder


class IndexStaleError(QaBotError):
    """An index of another format, model or setting than the one asked for."""

    def __init__(self, what: str, *, found: object, expected: object) -> None:
        super().__init__(
            f"index built with {what} '{found}', settings ask for '{expected}'; run: qa-bot index CORPUS --index FOLDER"
        )
        self.found, self.expected = found, expected


class IndexDamagedError(QaBotError):
    """An index, or the `snapshot` of one, whose files are not what its manifest says."""

    def __init__(self, path: Path | str, problem: str, *, snapshot: str | None = None) -> None:
        what, way_out = "index file", "index CORPUS --index FOLDER --rebuild"
        if snapshot:  # a new build is another version: it does not bring back the one that was kept
            what, way_out = f"snapshot '{snapshot}': file", f"snapshot remove {snapshot}"
        super().__init__(f"{what} '{path}' is damaged: {problem}; run: qa-bot {way_out}")
        self.path, self.problem, self.snapshot = path, problem, snapshot


class IndexBusyError(QaBotError):
    """Another process is writing the index."""

    def __init__(self, folder: Path | str) -> None:
        super().__init__(f"another process is writing the index '{folder}'; wait for it or stop it, then run again")
        self.folder = folder


class EngineError(QaBotError):
    """A place for an index that no engine keeps, or that cannot be reached."""


class SnapshotError(QaBotError):
    """A snapshot that is not there, or whose name cannot be used."""


class ModelError(QaBotError):
    """A model that cannot be loaded or is not the one expected."""


class UnknownDocumentError(QaBotError):
    """A doc_id that the index, or the corpus, does not hold."""

    def __init__(self, doc_id: str, known: tuple[str, ...] = (), *, where: str = "the index") -> None:
        names = ", ".join(known[:5]) + (", …" if len(known) > 5 else "")
        super().__init__(f"no document '{doc_id}' in {where}" + (f"; it holds: {names}" if names else ""))
        self.doc_id = doc_id


class SpanError(QaBotError):
    """A span outside its document."""


class QuotationError(QaBotError):
    """A quotation that no longer stands in its source, character for character."""
