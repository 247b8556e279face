"""Where published versions of an index are kept and searched: a folder (FAISS, bm25s) or a LanceDB table set.

    faiss:///data/index, or a plain path       one machine; the default
    lance:///data/tables                       one machine, corpora larger than its memory
    lance+s3://bucket/prefix?endpoint=URL      any number of readers over an S3-compatible store

An engine only finds passages. Fusion, late interaction, answers and perspective are the same code on each.
"""

from qa_bot.engine.places import Published, SearchIndex, folder_of, open_index, search_index

__all__ = ["Published", "SearchIndex", "folder_of", "open_index", "search_index"]
