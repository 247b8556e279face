"""API keys: made once, shown once, kept only as hashes in a file that its owner alone can read.

A key is `qab_<id>_<secret>`. The secret has 256 random bits, so a plain SHA-256 cannot be searched through and a slow
password hash would only slow the service (NIST SP 800-63B, 5.1.1.2 asks for those for *memorised* secrets).
"""

import hashlib
import hmac
import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from filelock import FileLock
from pydantic import TypeAdapter, ValidationError

from qa_bot.errors import QaBotError

PREFIX = "qab_"
MAX_KEY_LENGTH = 200  # characters; anything longer is not one of ours and not worth hashing


class KeysError(QaBotError):
    """A keys file that cannot be used, or a key that is not in it."""


class Scope(StrEnum):
    """What a key allows: asking and reading, or also changing what is served."""

    ASK = "ask"
    MANAGE = "manage"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is kept of a key; `created` and `revoked` are times in ISO 8601, UTC."""

    key_id: str
    name: str
    scopes: tuple[Scope, ...]
    sha256: str
    created: str
    revoked: str | None = None

    def allows(self, scope: Scope) -> bool:
        """Whether the key covers a scope; manage includes ask."""
        return scope in self.scopes or Scope.MANAGE in self.scopes


def create_key(file: Path, name: str, scopes: tuple[Scope, ...] = (Scope.ASK,)) -> str:
    """A new key, to be shown to its owner now: only its hash is kept. Raises: KeysError."""
    if not 0 < len(name) <= 100 or not name.isprintable():
        raise KeysError(f"key name {name!r} is not 1 to 100 printable characters; choose another")
    key_id = secrets.token_hex(4)
    key = f"{PREFIX}{key_id}_{secrets.token_urlsafe(32)}"
    with _changing(file) as keys:
        keys.append(ApiKey(key_id, name, scopes, _hash(key), _now()))
    return key


def list_keys(file: Path) -> tuple[ApiKey, ...]:
    """All keys, oldest first, revoked ones included; none if there is no file. Raises: KeysError."""
    return tuple(_read(file))


def revoke_key(file: Path, key_id: str) -> ApiKey:
    """Make a key invalid from now on. Raises: KeysError: no key has this id."""
    with _changing(file) as keys:
        for place, key in enumerate(keys):
            if key.key_id == key_id:
                keys[place] = replace(key, revoked=key.revoked or _now())
                return keys[place]
    raise KeysError(f"no key '{key_id}' in {file}; see: qa-bot keys list")


class KeyRing:
    """The keys of a file, read again whenever the file changes, so that a revoked key stops working at once."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: tuple[int, int] | None = None
        self._keys: dict[str, ApiKey] = {}

    def find(self, key: str) -> ApiKey | None:
        """The valid key that this text is, or None; takes as long for a wrong secret as for the right one."""
        if len(key) > MAX_KEY_LENGTH or not key.isascii():
            return None
        known = self._current().get(key.split("_")[1] if key.count("_") >= 2 else "")
        matches = hmac.compare_digest(_hash(key), known.sha256 if known else _hash(""))
        return known if known and matches and not known.revoked else None

    def __len__(self) -> int:
        """How many keys are valid."""
        return sum(not key.revoked for key in self._current().values())

    def _current(self) -> dict[str, ApiKey]:
        try:
            stat = self._file.stat()
        except OSError:
            self._seen, self._keys = None, {}
            return self._keys
        seen = (stat.st_ino, stat.st_mtime_ns)
        if seen != self._seen:
            self._keys = {key.key_id: key for key in _read(self._file)}
            self._seen = seen
        return self._keys


_KEYS = TypeAdapter(list[ApiKey])


def _read(file: Path) -> list[ApiKey]:
    try:
        return _KEYS.validate_json(file.read_bytes())
    except FileNotFoundError:
        return []
    except (OSError, ValidationError) as error:
        raise KeysError(f"{file}: not a readable keys file ({type(error).__name__}); restore or remove it") from error


@contextmanager
def _changing(file: Path) -> Iterator[list[ApiKey]]:
    """The keys to change in place; written whole afterwards, or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{file}.lock"):
        keys = _read(file)
        yield keys
        _write(file, keys)


def _write(file: Path, keys: list[ApiKey]) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")  # made readable by its owner alone
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump([asdict(key) for key in keys], out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    Path(name).replace(file)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
