"""Embeddings of an Ollama server, behind LangChain's Embeddings.

In: a model's name and texts. Out: vectors as they came (``vetting`` looks at them). Raises
ModelFailed and nothing else; every call has a time limit. The model stays in memory as long as a
chat model does, so that a question rarely waits for it to be loaded.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from langchain_core.embeddings import Embeddings
from ollama import Client, ResponseError

from core.config import settings
from core.errors import ModelFailed
from core.i18n import _
from core.llm import failures
from core.llm.http import client_options, hooks
from core.llm.ollama import KEEP_ALIVE

NO_EMBEDDINGS = ("not support embed", "embeddings are not supported", "does not support this")


class OllamaEmbeddings(Embeddings):
    """``seconds`` is how long the server may be silent before it counts as failed."""

    def __init__(self, model: str, seconds: float) -> None:
        self.model, self.url = model, settings().ollama
        self._options = client_options(self.url, silence=seconds)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text; a text longer than the model can read is cut by the server."""
        with self._asking() as client:
            answer = client.embed(self.model, texts, truncate=True, keep_alive=KEEP_ALIVE)
        return [list(vector) for vector in answer.embeddings]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]

    def digest(self) -> str:
        """The digest of the model under that name now; ModelFailed if it is not there."""
        with self._asking() as client:
            listed = {model.model or "": model.digest or "" for model in client.list().models}
        for name in (self.model, f"{self.model}:latest"):
            if name in listed:
                return listed[name]
        raise failures.failed("model_missing", model=self.model, server=self.url)

    @contextmanager
    def _asking(self) -> Iterator[Client]:
        with failures.translating(model=self.model, server=self.url):
            try:
                with Client(host=self.url, **self._options, event_hooks=hooks()) as client:
                    yield client
            except ResponseError as error:
                if any(words in error.error.lower() for words in NO_EMBEDDINGS):
                    raise _gives_none(self.model) from error
                raise


def _gives_none(model: str) -> ModelFailed:
    return ModelFailed(
        _("The server gives no embeddings of model '{model}'.").format(model=model),
        hint=_("Choose an embedding model, such as: ollama pull bge-m3"),
        code="refused",
    )
