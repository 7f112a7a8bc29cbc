"""Ciclo's documents as a LangChain vector store: ``retrieval.store(assistant_id)``.

In: the id of an assistant. Out: a ``langchain_core`` VectorStore over its documents, for a chain,
a retriever, an agent. What always holds: it is no copy but the same documents, index and search
as everywhere else; LangChain is loaded when a store is opened and not before.
"""

from typing import TYPE_CHECKING

from core import db
from core.db.tables import Assistant
from core.errors import NotFound
from core.i18n import _

if TYPE_CHECKING:
    from core.retrieval.langchain_store import DocumentStore


def store(assistant_id: str) -> "DocumentStore":
    """The assistant's documents as a VectorStore; NotFound where there is no such assistant."""
    from core.retrieval.langchain_store import DocumentStore

    with db.session() as session:
        if session.get(Assistant, assistant_id) is None:
            raise NotFound(_("There is no assistant '{id}'.").format(id=assistant_id))
    return DocumentStore(assistant_id)
