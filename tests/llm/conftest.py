"""Fake servers that the settings point at: Ollama's, and those of the other providers."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import HumanMessage

from core.config import settings
from core.errors import ModelFailed
from core.llm import endpoints, open_model
from tests.fake_ollama import FakeOllama
from tests.fake_openai import FakeAnthropic, FakeOpenAI

SILENCE = "0.8"  # longer than a busy machine needs for a word


@pytest.fixture
def server(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOllama]:
    """A server with one model; answers may be silent for 0.8 s."""
    with FakeOllama() as running:
        monkeypatch.setenv("CICLO_OLLAMA_URL", running.url)
        monkeypatch.setenv("CICLO_ANSWER_SILENCE_S", SILENCE)
        monkeypatch.setenv("CICLO_ANSWER_LOADING_S", SILENCE)
        settings.cache_clear()
        yield running


PROVIDERS = {
    "openai": "openai:gpt-4o-mini",
    "openai-compatible": "openai-compatible:lab/llama-3.3-70b",
    "google": "google:gemini-2.5-flash",
    "anthropic": "anthropic:claude-sonnet-4-6",
}
KEY = "sk-test-0123456789abcdef"


@dataclass
class Outside:
    """A provider whose address is a fake's; ``name`` is the model's as ``open_model`` takes it."""

    provider: str
    fake: FakeOpenAI

    @property
    def name(self) -> str:
        return PROVIDERS[self.provider]

    async def hear(self, **parameters: Any) -> tuple[str, list[Any]]:
        """The text of an answer and its chunks."""
        asking = [HumanMessage("Quando abre a loja?")]
        chunks = [chunk async for chunk in open_model(self.name, **parameters).astream(asking)]
        return "".join(str(chunk.text) for chunk in chunks), chunks

    def failure(self, fault: str = "", **parameters: Any) -> tuple[ModelFailed, str]:
        """How a fault arrives, and what was heard before it."""
        self.fake.fault = fault
        said: list[str] = []

        async def listen() -> None:
            asking = [HumanMessage("Quando abre a loja?")]
            async for chunk in open_model(self.name, **parameters).astream(asking):
                said.append(str(chunk.text))

        with pytest.raises(ModelFailed) as caught:
            asyncio.run(listen())
        return caught.value, "".join(said)


def pointed_at(fake: FakeOpenAI, provider: str, patch: pytest.MonkeyPatch) -> Outside:
    """``provider`` with the fake's address, a key, and little patience."""
    patch.setenv("CICLO_ANSWER_SILENCE_S", SILENCE)
    patch.setenv("CICLO_ANSWER_LOADING_S", SILENCE)
    patch.setenv("CICLO_OPENAI_URL", fake.url)
    patch.setenv("CICLO_SERVERS", f"lab={fake.url}")
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "LAB_API_KEY"):
        patch.setenv(name, KEY)
    for name in endpoints.ADDRESSES:
        patch.setitem(endpoints.ADDRESSES, name, fake.url)
    settings.cache_clear()
    return Outside(provider, fake)


@pytest.fixture(params=PROVIDERS)
def outside(
    request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Outside]:
    """Each provider over the network in turn."""
    with FakeAnthropic() if request.param == "anthropic" else FakeOpenAI() as fake:
        yield pointed_at(fake, request.param, monkeypatch)


@pytest.fixture
def lab(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outside]:
    """A server of one's own that speaks OpenAI's protocol."""
    with FakeOpenAI() as fake:
        yield pointed_at(fake, "openai-compatible", monkeypatch)


@pytest.fixture
def claude(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outside]:
    """Anthropic."""
    with FakeAnthropic() as fake:
        yield pointed_at(fake, "anthropic", monkeypatch)
