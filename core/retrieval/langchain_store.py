"""The VectorStore behind ``retrieval.store``.

In: LangChain's documents, questions, vectors. Out: LangChain's documents. What always holds: a
text added becomes a document of the assistant under its id, and is masked, cut and searched like
any other; a search is Ciclo's own (words and vectors), filtered before it looks; scores are 0 to
1. Texts added here come back with the metadata they were given, others with their source.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from langchain_core.documents import Document as Text
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore
from langchain_core.vectorstores.utils import maximal_marginal_relevance
from sqlalchemy import select

from core import db
from core.db.tables import Chunk, Document, DocumentVersion
from core.errors import InvalidInput, ModelFailed
from core.i18n import _
from core.retrieval import carrier, embedders, files, index, meaning, removal, waiting
from core.retrieval import embedding as embedding_
from core.retrieval import scope as scopes
from core.retrieval.documents import add, clean_name
from core.retrieval.search import search
from core.retrieval.versions import text as text_of

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

Filter = Mapping[str, Any]
_FILTERS = ("ids", "at")


class Serving(Embeddings):
    """The embedder of the installation, whichever serves; ModelFailed where it does not answer."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One unit vector a text."""
        serving = index.current().embedder
        if serving.is_embedded:
            return embedding_.embeddings().embed_documents(texts)
        return [list(row) for row in embedders.vectors(serving, texts).tolist()] if texts else []

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of a question."""
        asked = meaning.of(text, index.current().embedder)
        if asked.vector is None:
            raise ModelFailed(asked.why)
        return list(asked.vector.tolist())


class Piece(NamedTuple):
    """A chunk with its document and what holds it."""

    chunk: Chunk
    document: Document
    digest: str


class DocumentStore(VectorStore):
    """The documents of one assistant. An id is a document's name.

    A ``filter`` holds "ids" (only these documents), "at" (a date: what held on that day), or both.
    """

    def __init__(self, assistant_id: str) -> None:
        self.assistant_id = assistant_id

    @property
    def embeddings(self) -> Embeddings:
        """The embedder of the installation (`ciclo documents embedder` changes it)."""
        return Serving()

    @classmethod
    def from_texts(
        cls,
        texts: list[str],
        embedding: Embeddings | None = None,
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        assistant_id: str = "",
        **kwargs: Any,
    ) -> "DocumentStore":
        """A store of ``assistant_id`` with these texts added to it.

        InvalidInput for an ``embedding`` other than ours: the installation has one for all.
        """
        from core.retrieval.store import store

        if embedding is not None and not isinstance(embedding, Serving):
            message = _("The embedder is chosen for the whole installation, not for one store.")
            hint = _(
                "Leave `embedding` out; `ciclo documents embedder` shows and changes the embedder."
            )
            raise InvalidInput(message, field="embedding", hint=hint)
        made = store(assistant_id)
        made.add_texts(texts, metadatas, ids=ids)
        return made

    def add_texts(
        self,
        texts: Iterable[str],
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: Sequence[str | None] | None = None,
        **kwargs: Any,
    ) -> list[str]:
        """Make each text a document and return the ids; when it returns, search finds them.

        What has an id already becomes its next version. Nothing is added where the lists differ in
        length or an id cannot be a name; InvalidInput too for a text without words.
        """
        told = [str(text) for text in texts]
        names = [
            _name(uuid4().hex if given is None else given)
            for given in ([None] * len(told) if ids is None else ids)
        ]
        carried = metadatas or [{}] * len(told)
        if not len(told) == len(names) == len(carried):
            message = _("{texts} texts need as many ids and metadata, not {ids} and {metadata}.")
            counts = {"texts": len(told), "ids": len(names), "metadata": len(carried)}
            raise InvalidInput(message.format(**counts), field="texts")
        for text in told:
            if not text.strip():
                raise InvalidInput(_("A text to add is empty."), field="texts", code="empty_file")
        pages = map(carrier.page, told, carried)
        added = [
            add(self.assistant_id, name, page).id for name, page in zip(names, pages, strict=True)
        ]
        _read(added)
        return [name.removesuffix(carrier.ENDING) for name in names]

    def delete(self, ids: list[str] | None = None, **kwargs: Any) -> bool:
        """Remove documents by id (undone within a day); unknown ids are passed over.

        InvalidInput without ids: that would be all documents of the assistant.
        """
        if ids is None:
            raise InvalidInput(_("Say which documents to delete, by their ids."), field="ids")
        removal.remove_many(self._document_ids(ids))
        return True

    def get_by_ids(self, ids: Sequence[str], /) -> list[Text]:
        """Whole documents, in the order of the ids; unknown ids are passed over."""
        found = self._found(ids)
        return [_whole(*found[given]) for given in dict.fromkeys(ids) if given in found]

    def similarity_search(
        self, query: str, k: int = 4, filter: Filter | None = None, **kwargs: Any
    ) -> list[Text]:
        """The ``k`` passages that fit the question best, best first."""
        return [text for text, _score in self.similarity_search_with_score(query, k, filter)]

    def similarity_search_with_score(
        self, query: str, k: int = 4, filter: Filter | None = None, **kwargs: Any
    ) -> list[tuple[Text, float]]:
        """The same with their scores, 0 to 1: how much of what is asked stands in the passage."""
        chosen = self._filtered(filter)
        result = search(query, assistant_id=self.assistant_id, k=k, **chosen)
        pieces = _pieces(Chunk.id, [found.chunk_id for found in result.passages])
        return [
            (_passage(pieces[found.chunk_id]), min(found.score, 1.0))
            for found in result.passages
            if found.chunk_id in pieces
        ]

    def similarity_search_by_vector(
        self, embedding: list[float], k: int = 4, filter: Filter | None = None, **kwargs: Any
    ) -> list[Text]:
        """The ``k`` passages nearest to a vector of ``embeddings``, by vectors alone."""
        return [_passage(piece) for piece in self._nearest(self._vector(embedding), k, filter)]

    def max_marginal_relevance_search(
        self,
        query: str,
        k: int = 4,
        fetch_k: int = 20,
        lambda_mult: float = 0.5,
        filter: Filter | None = None,
        **kwargs: Any,
    ) -> list[Text]:
        """``k`` of the ``fetch_k`` best passages for a question that say different things.

        The best ``k`` where the embedder does not answer: difference is told by vectors.
        """
        chosen = self._filtered(filter)
        found = search(query, assistant_id=self.assistant_id, k=fetch_k, **chosen)
        pieces = _pieces(Chunk.id, [one.chunk_id for one in found.passages])
        asked = meaning.of(query, index.current().embedder).vector
        return self._varied(list(pieces.values()), asked, k, lambda_mult)

    def max_marginal_relevance_search_by_vector(
        self,
        embedding: list[float],
        k: int = 4,
        fetch_k: int = 20,
        lambda_mult: float = 0.5,
        filter: Filter | None = None,
        **kwargs: Any,
    ) -> list[Text]:
        """The same by a vector of ``embeddings``."""
        asked = self._vector(embedding)
        return self._varied(self._nearest(asked, fetch_k, filter), asked, k, lambda_mult)

    def _select_relevance_score_fn(self) -> Any:
        return float  # scores are 0 to 1 as they are

    def _filtered(self, given: Filter | None) -> dict[str, Any]:
        """A filter as ``search`` takes it."""
        unknown = [name for name in given or {} if name not in _FILTERS]
        if unknown:
            message = _("Nothing can be filtered by '{name}'.").format(name=unknown[0])
            hint = _("A filter may hold {names}.").format(names=", ".join(_FILTERS))
            raise InvalidInput(message, field="filter", hint=hint)
        chosen: dict[str, Any] = {"at": (given or {}).get("at"), "documents": None}
        if given and "ids" in given:
            chosen["documents"] = self._document_ids(given["ids"])
        return chosen

    def _found(self, ids: Iterable[str]) -> dict[str, tuple[Document, str]]:
        """Documents and what holds them, by those ids that there are."""
        names = {given: (given + carrier.ENDING, given) for given in ids}
        query = (
            select(Document, DocumentVersion.digest)
            .join(DocumentVersion, DocumentVersion.document_id == Document.id)
            .where(DocumentVersion.number == Document.version, Document.removed_at.is_(None))
            .where(Document.assistant_id == self.assistant_id)
            .where(Document.name.in_({name for pair in names.values() for name in pair}))
        )
        with db.session() as session:
            rows = {row[0].name: (row[0], row[1]) for row in session.execute(query)}
        there = {_id(*row): row for row in rows.values()}
        return {given: there[given] for given in names if given in there}

    def _document_ids(self, ids: Iterable[str]) -> list[str]:
        return [document.id for document, _digest in self._found(ids).values()]

    def _vector(self, embedding: Sequence[float]) -> "Array":
        import numpy as np

        dimension = index.current().vectors.dimension
        if len(embedding) != dimension:
            message = _("The embedder's vectors have {n} dimensions, this one has {given}.")
            message = message.format(n=dimension, given=len(embedding))
            raise InvalidInput(message, field="embedding")
        return np.asarray(embedding, dtype=np.float32)

    def _nearest(self, vector: "Array", k: int, given: Filter | None) -> list[Piece]:
        chosen = self._filtered(given)
        scope = scopes.of(self.assistant_id, chosen["at"] or scopes.today(), chosen["documents"])
        found = index.current()
        found.catch_up(index.PATIENCE)
        with found.reading():
            numbers = [number for number, _score in found.nearest(vector, scope, k)]
        return list(_pieces(Chunk.number, numbers).values())

    def _varied(
        self, pieces: list[Piece], asked: "Array | None", k: int, lambda_mult: float
    ) -> list[Text]:
        found = index.current()
        with found.reading():
            vectors = found.rows([piece.chunk.number for piece in pieces])
        known = [piece for piece in pieces if piece.chunk.number in vectors]
        if asked is None or not known:
            return [_passage(piece) for piece in pieces[:k]]
        rows = [vectors[piece.chunk.number].tolist() for piece in known]
        chosen = maximal_marginal_relevance(asked, rows, lambda_mult=lambda_mult, k=k)
        return [_passage(known[at]) for at in chosen]


def _name(given: str) -> str:
    """The document's name for an id; InvalidInput where it cannot be one."""
    name = given + carrier.ENDING
    if not given or clean_name(name) != name:
        message = _("'{id}' cannot be the id of a document.").format(id=given)
        raise InvalidInput(message, field="ids", code="bad_name")
    return name


def _id(document: Document, digest: str) -> str:
    """The name; without its ending if that was put there to carry metadata."""
    added_here = _carried(document, digest) is not None
    return document.name.removesuffix(carrier.ENDING) if added_here else document.name


def _read(document_ids: Iterable[str]) -> None:
    """Wait until all are read; raise for the first that cannot be."""
    for document_id in dict.fromkeys(document_ids):
        read = waiting.read_now(document_id)
        if read.state == "failed":
            raise InvalidInput(read.error, field="texts", code=read.error_code)


def _pieces(column: Any, wanted: Sequence[Any]) -> dict[Any, Piece]:
    """The chunks by what ``column`` holds of them, in the order asked for."""
    query = (
        select(column, Chunk, Document, DocumentVersion.digest)
        .join(Document, Document.id == Chunk.document_id)
        .join(DocumentVersion, DocumentVersion.document_id == Document.id)
        .where(DocumentVersion.number == Document.version)
        .where(column.in_(wanted), Document.removed_at.is_(None))
    )
    with db.session() as session:
        rows = {key: Piece(chunk, *rest) for key, chunk, *rest in session.execute(query)}
    return {key: rows[key] for key in wanted if key in rows}


def _passage(piece: Piece) -> Text:
    chunk, document, digest = piece
    place = {"start": chunk.start, "end": chunk.end}
    metadata = _carried(document, digest)
    if metadata is None:
        metadata = _source(document) | {"chunk_id": chunk.id, "heading": chunk.heading} | place
        metadata |= {"page": chunk.page} if chunk.page is not None else {}
    elif document.chunks > 1:
        metadata |= place
    return Text(page_content=chunk.text, metadata=metadata, id=_id(document, digest))


def _whole(document: Document, digest: str) -> Text:
    carried = _carried(document, digest)
    metadata = _source(document) if carried is None else carried
    text = text_of(document.id, document.version)
    return Text(page_content=text, metadata=metadata, id=_id(document, digest))


def _source(document: Document) -> dict[str, Any]:
    return {"source": document.name, "document_id": document.id, "version": document.version}


def _carried(document: Document, digest: str) -> dict[str, Any] | None:
    """The metadata that came with a text added here; None for any other document."""
    if not document.name.endswith(carrier.ENDING):
        return None
    try:
        return carrier.metadata(files.path(digest).read_bytes())
    except OSError:
        return {}
