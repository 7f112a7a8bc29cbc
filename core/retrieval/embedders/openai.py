"""Embeddings of any endpoint that speaks OpenAI's protocol, behind LangChain's Embeddings.

In: a model's name ("text-embedding-3-small"; "lab/bge-m3" for a server named in CICLO_SERVERS) and
texts. Out: vectors as they came (``vetting`` looks at them). Address and key are those of the chat
models (core.llm.endpoints); no package of a provider is needed for this one call. Raises
ModelFailed and nothing else.
"""

from typing import Any

import httpx
from langchain_core.embeddings import Embeddings

from core.errors import ModelFailed
from core.i18n import _
from core.llm import endpoints, failures
from core.llm.http import client_options, hooks


class OpenAIEmbeddings(Embeddings):
    """``seconds`` is how long the server may be silent before it counts as failed."""

    def __init__(self, provider: str, model: str, seconds: float) -> None:
        self._at, self.model = endpoints.endpoint(provider, model)
        self._options = client_options(self._at.url, silence=seconds)
        self.answered_as = ""  # the model's own name for itself, often more exact than ours

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text."""
        try:
            with failures.translating(model=self.model, server=self._at.url):
                return self._read(self._sent(texts))
        except ModelFailed as error:
            if error.code == "no_key":
                raise
            hint = _("Check the address and the key ({key}), or choose another embedder.")
            hint = hint.format(key=self._at.key_name)
            raise ModelFailed(error.message, hint=hint, code=error.code) from error

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]

    def _sent(self, texts: list[str]) -> dict[str, Any]:
        key = self._at.key.get_secret_value()
        if not key and self._at.needs_key:
            raise no_key(self._at)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        body = {"model": self.model, "input": texts, "encoding_format": "float"}
        with httpx.Client(**self._options, headers=headers, event_hooks=hooks()) as client:
            answer = client.post(f"{self._at.url}/embeddings", json=body)
            return dict(answer.raise_for_status().json())

    def _read(self, answer: dict[str, Any]) -> list[list[float]]:
        self.answered_as = str(answer.get("model") or "")[:200]
        rows = sorted(answer["data"], key=lambda row: int(row.get("index", 0)))
        return [row["embedding"] for row in rows]


def is_configured() -> bool:
    """Whether OpenAI's own endpoint, or who stands in for it, can be asked."""
    at, _model = endpoints.endpoint("openai")
    return bool(endpoints.source(at.key_name)) or not at.needs_key


def no_key(at: endpoints.Endpoint) -> ModelFailed:
    """The error for an endpoint that asks for a key when there is none."""
    return ModelFailed(
        _("There is no key for {server}.").format(server=failures.shown(at.url)),
        hint=_("Enter {variable} in the settings, or set it in the environment or in .env.").format(
            variable=at.key_name
        ),
        code="no_key",
    )
