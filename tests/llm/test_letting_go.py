"""An answer that is stopped in mid-stream lets go of its connection at once."""

import asyncio
from typing import Any

from langchain_core.messages import HumanMessage

from core.llm import open_model
from tests.fake_ollama import FakeOllama
from tests.llm.conftest import Outside

ASKING = [HumanMessage("Quando abre a loja?")]


async def _open_after_a_chunk(name: str) -> tuple[int, int]:
    """How many connections are open after a chunk, and when the stream has been stopped."""
    pieces = open_model(name).astream(ASKING)
    await anext(pieces)
    before = _connections()
    await pieces.aclose()  # type: ignore[attr-defined]  # what a stopped answer does
    await asyncio.sleep(0)  # one step of the loop: a task that nothing breaks off closes Ollama's
    return before, _connections()


def _connections() -> int:
    loop: Any = asyncio.get_running_loop()
    return sum(not transport.is_closing() for transport in loop._transports.values())


def test_a_stopped_stream_of_ollama_is_closed(server: FakeOllama) -> None:
    assert asyncio.run(_open_after_a_chunk("ollama:llama3.2")) == (1, 0)


def test_a_stopped_stream_of_another_provider_is_closed(outside: Outside) -> None:
    assert asyncio.run(_open_after_a_chunk(outside.name)) == (1, 0)
