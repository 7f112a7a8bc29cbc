"""Retrieval: documents in, passages out.

It takes files (what core.reading knows) and questions; it gives documents that say how far they
are, and passages with offsets, page, heading and scores. What always holds: the database is the
truth and the index on disk its cache; a document that is acknowledged survives any crash; a
search looks only at its assistant's live documents and sees what every process has added.
"""

from core.retrieval.appearances import Appearance, appearances, use_of
from core.retrieval.bulk import Bulk, Verb, each
from core.retrieval.catalogue import Listed, Listing, Only, Sort, State, listed
from core.retrieval.conditions import UNCHANGED, Unchanged, reread_many, set_masks, set_validity
from core.retrieval.difference import Difference, Line
from core.retrieval.documents import Original, Taken, add, content, original, take
from core.retrieval.embedders.choice import (
    Coming,
    EmbedderStatus,
    cancel_embedder,
    embedder,
    use_embedder,
)
from core.retrieval.embedders.choice import history as embedders_used
from core.retrieval.embedders.feeding import embed_waiting
from core.retrieval.embedders.identity import Identity
from core.retrieval.embedders.proposals import Proposal, propose_embedders
from core.retrieval.explaining import explain
from core.retrieval.explanation import ExplainedPassage, Explanation, MatchedWord, Points, in_words
from core.retrieval.failures import why
from core.retrieval.index import close, settle, warm
from core.retrieval.listing import chunk_count, documents
from core.retrieval.listing import get as document
from core.retrieval.listing import several as documents_of
from core.retrieval.progress import Progress, Queue, progress, queue
from core.retrieval.removal import purge, remove, remove_many, restore, restore_many
from core.retrieval.scope import has_dates, today
from core.retrieval.search import Found, SearchResult, search
from core.retrieval.state import state
from core.retrieval.store import store
from core.retrieval.usage import Usage, unused, usage
from core.retrieval.versions import diff, page_of, text, versions
from core.retrieval.waiting import process_waiting, read_now
from core.retrieval.watching import Happened, Left, add_all, watch
from core.retrieval.weighing import weigh_anew
from core.retrieval.weights import Weight, weight

__all__ = [
    "UNCHANGED",
    "Appearance",
    "Bulk",
    "Coming",
    "Difference",
    "EmbedderStatus",
    "ExplainedPassage",
    "Explanation",
    "Found",
    "Happened",
    "Identity",
    "Left",
    "Line",
    "Listed",
    "Listing",
    "MatchedWord",
    "Only",
    "Original",
    "Points",
    "Progress",
    "Proposal",
    "Queue",
    "SearchResult",
    "Sort",
    "State",
    "Taken",
    "Unchanged",
    "Usage",
    "Verb",
    "Weight",
    "add",
    "add_all",
    "appearances",
    "cancel_embedder",
    "chunk_count",
    "close",
    "content",
    "diff",
    "document",
    "documents",
    "documents_of",
    "each",
    "embed_waiting",
    "embedder",
    "embedders_used",
    "explain",
    "has_dates",
    "in_words",
    "listed",
    "original",
    "page_of",
    "process_waiting",
    "progress",
    "propose_embedders",
    "purge",
    "queue",
    "read_now",
    "remove",
    "remove_many",
    "reread_many",
    "restore",
    "restore_many",
    "search",
    "set_masks",
    "set_validity",
    "settle",
    "state",
    "store",
    "take",
    "text",
    "today",
    "unused",
    "usage",
    "use_embedder",
    "use_of",
    "versions",
    "warm",
    "watch",
    "weigh_anew",
    "weight",
    "why",
]
