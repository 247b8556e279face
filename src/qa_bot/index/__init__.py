"""The index: FAISS, BM25, token vectors, documents and a manifest with checksums, swapped in as one version."""

from qa_bot.index.build import BuildReport, Source, build_index, writing
from qa_bot.index.manifest import Manifest
from qa_bot.index.store import (
    Entry,
    PassageIndex,
    checked_spans,
    encoder_folders,
    encoder_of,
    load_index,
)
from qa_bot.index.versions import current_folder, drop_snapshot, snapshots, take_snapshot
from qa_bot.index.whole import damages, restore

__all__ = [
    "BuildReport",
    "Entry",
    "Manifest",
    "PassageIndex",
    "Source",
    "build_index",
    "checked_spans",
    "current_folder",
    "damages",
    "drop_snapshot",
    "encoder_folders",
    "encoder_of",
    "load_index",
    "restore",
    "snapshots",
    "take_snapshot",
    "writing",
]
