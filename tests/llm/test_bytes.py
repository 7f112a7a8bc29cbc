"""Whatever bytes a server sends, only ModelFailed comes out, in bounded time, and a part is kept."""

import asyncio
import json
import os
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from langchain_core.messages import HumanMessage

from core.errors import ModelFailed
from core.llm import http, open_model
from tests.fake_ollama import FakeOllama
from tests.llm.conftest import Outside

COUNT = 400 if os.environ.get("CICLO_PROVE") == "1" else 40
ANY = examples(
    max_examples=COUNT, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
LONGEST = 30.0  # seconds; the silence allowed is 0.8, the rest is for a busy machine
WORDS = ("content", "choices", "delta", "message", "done", "done_reason", "type", "index", "error")
MORE = (
    "finish_reason",
    "usage",
    "text",
    "thinking",
    "content_block",
    "role",
    "model",
    "tool_calls",
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(WORDS + MORE), inner, max_size=4)
    ),
    max_leaves=8,
)


def nearly(*good: Any) -> st.SearchStrategy[Any]:
    """Parts of a real stream, and parts that are like them."""
    return st.sampled_from(good) | values


OLLAMA_WORD = {"model": "x", "message": {"role": "assistant", "content": "Sim"}, "done": False}
ollama_lines = nearly(OLLAMA_WORD, OLLAMA_WORD | {"done": True, "done_reason": "stop"}).map(
    lambda line: json.dumps(line).encode() + b"\n"
)
OPENAI_WORD = {"choices": [{"index": 0, "delta": {"content": "Sim"}, "finish_reason": None}]}
OPENAI_END = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
openai_events = nearly(OPENAI_WORD, OPENAI_END).map(
    lambda event: b"data: " + json.dumps(event).encode() + b"\n\n"
)
CLAUDE = [
    {"type": "message_start", "message": {"model": "x", "usage": {"input_tokens": 1}}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Sim"}},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 1}},
    {"type": "message_stop"},
]


def _as_event(event: Any) -> bytes:
    kind = event.get("type") if isinstance(event, dict) else ""
    name = kind if isinstance(kind, str) and kind.isidentifier() else "message_delta"
    return f"event: {name}\ndata: {json.dumps(event)}\n\n".encode()


claude_events = nearly(*CLAUDE).map(_as_event)


def streams(parts: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """Streams of parts, with noise between them."""
    return st.lists(parts | st.binary(max_size=20), max_size=6).map(b"".join)


OLLAMA_BEGUN = json.dumps(OLLAMA_WORD).encode() + b"\n"
OPENAI_BEGUN = b"data: " + json.dumps(OPENAI_WORD).encode() + b"\n\n"
CLAUDE_BEGUN = b"".join(map(_as_event, CLAUDE[:3]))


def hears_out(name: str) -> str:
    """What is heard of a model, to its end or its failure; anything else fails the test."""
    said: list[str] = []

    async def listen() -> None:
        async for chunk in open_model(name).astream([HumanMessage("?")]):
            said.append(str(chunk.text))

    begun = time.monotonic()
    try:
        asyncio.run(listen())
    except ModelFailed as failure:
        assert failure.message  # noqa: PT017
        assert failure.hint  # noqa: PT017
    assert time.monotonic() - begun < LONGEST
    return "".join(said)


@pytest.mark.slow
@ANY
@given(begun=st.booleans(), rest=streams(ollama_lines))
def test_whatever_ollama_sends(server: FakeOllama, begun: bool, rest: bytes) -> None:
    server.raw = OLLAMA_BEGUN * begun + rest
    assert hears_out("ollama:llama3.2").startswith("Sim" * begun)


@pytest.mark.filterwarnings("ignore:Pydantic serializer")
@pytest.mark.slow
@ANY
@given(begun=st.booleans(), rest=streams(openai_events))
def test_whatever_a_server_of_openais_protocol_sends(
    lab: Outside, begun: bool, rest: bytes
) -> None:
    lab.fake.raw = OPENAI_BEGUN * begun + rest
    assert hears_out(lab.name).startswith("Sim" * begun)


@pytest.mark.filterwarnings("ignore:Pydantic serializer")
@pytest.mark.filterwarnings("ignore:Received unexpected")
@pytest.mark.slow
@ANY
@given(begun=st.booleans(), rest=streams(claude_events))
def test_whatever_anthropic_sends(claude: Outside, begun: bool, rest: bytes) -> None:
    claude.fake.raw = CLAUDE_BEGUN * begun + rest
    assert hears_out(claude.name).startswith("Sim" * begun)


def test_what_came_before_the_noise_is_kept(lab: Outside) -> None:
    lab.fake.raw = OPENAI_BEGUN + b"data: {]\n\n"
    assert hears_out(lab.name) == "Sim"


def test_what_came_before_the_noise_of_anthropic_is_kept(claude: Outside) -> None:
    claude.fake.raw = CLAUDE_BEGUN + b"event: message_stop\ndata: {]\n\n"
    assert hears_out(claude.name) == "Sim"


def test_an_answer_without_end_is_ended(
    lab: Outside, server: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "MOST_BYTES", 10_000)
    lab.fake.says = server.says = "palavra " * 5000
    for name in (lab.name, "ollama:llama3.2"):
        said = hears_out(name)
        assert 0 < len(said) < len(server.says)


def test_one_endless_line_takes_no_more_memory_than_a_response_may(
    server: FakeOllama, lab: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "MOST_BYTES", 100_000)
    lab.fake.raw = server.raw = b"data: " + b"x" * 1_000_000
    for name in (lab.name, "ollama:llama3.2"):
        with pytest.raises(ModelFailed) as caught:
            open_model(name).invoke("?")
        assert caught.value.code == "bad_answer"
