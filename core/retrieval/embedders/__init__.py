"""Embedders: texts in, unit vectors out, whoever makes them.

``identify("provider:model")`` asks the provider for a first vector and gives the ``Identity`` that
everything is kept under; ``vectors`` and ``query`` embed with one. What always holds: what comes
out has been looked at (``vetting``); whatever goes wrong is ModelFailed; nobody is called but the
provider that was chosen.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core.retrieval import embedding
from core.retrieval.embedders import prefixes, vetting
from core.retrieval.embedders.identity import EMBEDDED as EMBEDDED
from core.retrieval.embedders.identity import Identity as Identity
from core.retrieval.embedders.identity import checked_prefix, parsed
from core.retrieval.embedders.identity import from_facts as from_facts
from core.retrieval.embedders.identity import of_row as of_row

if TYPE_CHECKING:
    import numpy as np
    from langchain_core.embeddings import Embeddings

    Array = np.ndarray[Any, Any]

FIRST_SECONDS = 120.0  # a first answer waits for the model to be loaded
PROBES = ["O reembolso cai na conta em sete dias.", "The shop opens at nine in the morning."]


def opened(provider: str, name: str, seconds: float = FIRST_SECONDS) -> "Embeddings":
    """The embedder as LangChain sees it, without prefixes; calls nobody yet."""
    if provider == "embedded":
        return embedding.embeddings()
    if provider == "ollama":
        from core.retrieval.embedders.ollama import OllamaEmbeddings

        return OllamaEmbeddings(name, seconds)
    if provider in ("openai", "openai-compatible"):
        from core.retrieval.embedders.openai import OpenAIEmbeddings

        return OpenAIEmbeddings(provider, name, seconds)
    from core.retrieval.embedders import local

    return local.embeddings(name)


def identify(
    spec: str, query_prefix: str | None = None, document_prefix: str | None = None
) -> Identity:
    """Who answers to ``spec``, with its dimension and digest; its prefixes unless they are given.

    InvalidInput for a spec that names nobody, ModelFailed where it does not answer as it should.
    """
    provider, name = parsed(spec)
    if provider == "embedded":
        return EMBEDDED
    known = prefixes.of(name)
    asked, told = (
        checked_prefix(own if given is None else given)
        for own, given in zip(known, (query_prefix, document_prefix), strict=True)
    )
    embeddings = opened(provider, name)
    found = vetting.unit(embeddings.embed_documents(PROBES), len(PROBES), None, name)
    vetting.check_different(found, name)
    return Identity("", provider, name, found.shape[1], asked, told, _digest(embeddings))


def digest(embedder: Identity, seconds: float) -> str:
    """The digest under which the provider knows the model now."""
    if embedder.provider not in ("ollama", "sentence-transformers"):  # no other can be asked
        return embedder.digest
    return _digest(opened(embedder.provider, embedder.name, seconds))


def vectors(embedder: Identity, texts: Sequence[str], seconds: float = FIRST_SECONDS) -> "Array":
    """One unit vector (float32) a text, one a row."""
    given = [embedder.document_prefix + text for text in texts]
    found = opened(embedder.provider, embedder.name, seconds).embed_documents(given)
    return vetting.unit(found, len(given), embedder.dimension, embedder.name)


def query(embedder: Identity, text: str, seconds: float) -> "Array":
    """The unit vector (float32) of a question."""
    given = opened(embedder.provider, embedder.name, seconds).embed_query(
        embedder.query_prefix + text
    )
    return vetting.unit([given], 1, embedder.dimension, embedder.name)[0]


def _digest(embeddings: Any) -> str:
    if hasattr(embeddings, "digest"):
        return str(embeddings.digest())
    return str(getattr(embeddings, "answered_as", ""))
