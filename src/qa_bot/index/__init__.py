"""The index: FAISS, BM25, token vectors, documents and a manifest with checksums, swapped in as one version."""

from qa_bot.index.build import BuildReport, Source, build_index, writing
from qa_bot.index.manifest import Manifest
from qa_bot.index.store import (
    Entry,
    PassageIndex,
    checked_spans,
    current_folder,
    encoder_folders,
    encoder_of,
    load_index,
)

__all__ = [
    "BuildReport",
    "Entry",
    "Manifest",
    "PassageIndex",
    "Source",
    "build_index",
    "checked_spans",
    "current_folder",
    "encoder_folders",
    "encoder_of",
    "load_index",
    "writing",
]
