"""Embeddings of any endpoint that speaks OpenAI's protocol, behind LangChain's Embeddings.

In: a model's name and texts. Out: vectors as they came (``vetting`` looks at them). The address is
CICLO_OPENAI_URL, the key OPENAI_API_KEY, which is sent nowhere else, kept nowhere and never shown.
Raises ModelFailed and nothing else.
"""

import os
from typing import Any

import httpx
from langchain_core.embeddings import Embeddings

from core.config import settings
from core.errors import ModelFailed
from core.i18n import _
from core.llm import failures
from core.llm.ollama import client_options

KEY = "OPENAI_API_KEY"
HOSTED = "api.openai.com"  # answers nobody without a key; servers of one's own often need none


def is_configured() -> bool:
    """Whether there is a key, or a server that may need none."""
    return bool(os.environ.get(KEY)) or HOSTED not in settings().openai_url


class OpenAIEmbeddings(Embeddings):
    """``seconds`` is how long the server may be silent before it counts as failed."""

    def __init__(self, model: str, seconds: float) -> None:
        self.model, self.url = model, settings().openai_url.rstrip("/")
        self._options = client_options(self.url, silence=seconds)
        self.answered_as = ""  # the model's own name for itself, often more exact than ours

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text."""
        try:
            with failures.translating(model=self.model, server=self.url):
                return self._read(self._sent(texts))
        except ModelFailed as error:
            hint = _("CICLO_OPENAI_URL says where it is looked for, {key} holds the key.")
            raise ModelFailed(error.message, hint=hint.format(key=KEY), code=error.code) from error

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]

    def _sent(self, texts: list[str]) -> dict[str, Any]:
        key = os.environ.get(KEY, "")
        if not key and HOSTED in self.url:
            message = _("There is no key for {server}.").format(server=failures.shown(self.url))
            raise ModelFailed(message, code="refused")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        body = {"model": self.model, "input": texts, "encoding_format": "float"}
        with httpx.Client(**self._options, headers=headers) as client:
            answer = client.post(f"{self.url}/embeddings", json=body)
            return dict(answer.raise_for_status().json())

    def _read(self, answer: dict[str, Any]) -> list[list[float]]:
        self.answered_as = str(answer.get("model") or "")[:200]
        rows = sorted(answer["data"], key=lambda row: int(row.get("index", 0)))
        return [row["embedding"] for row in rows]
