"""Retrieval: documents in, passages out.

It takes files (Markdown, plain text, PDF) and questions; it gives documents that say how far they
are, and passages with offsets, page, heading and scores. What always holds: the database is the
truth and the index on disk its cache; a document that is acknowledged survives any crash; a
search looks only at its assistant's live documents and sees what every process has added.
"""

from core.retrieval.documents import (
    add,
    chunk_count,
    content,
    documents,
    page_of,
    process_waiting,
    purge,
    remove,
    restore,
    text,
)
from core.retrieval.documents import get as document
from core.retrieval.index import close, warm
from core.retrieval.search import Found, SearchResult, search

__all__ = [
    "Found",
    "SearchResult",
    "add",
    "chunk_count",
    "close",
    "content",
    "document",
    "documents",
    "page_of",
    "process_waiting",
    "purge",
    "remove",
    "restore",
    "search",
    "text",
    "warm",
]
