"""Thoughts and prompt caches of the other providers: asked for in their words, heard in ours."""

import asyncio
import json
import re
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from core.config import settings
from core.llm import open_model
from tests.llm.conftest import Outside


def thoughts_of(chunks: list[Any]) -> str:
    return "".join(chunk.additional_kwargs.get("reasoning_content", "") for chunk in chunks)


@pytest.mark.parametrize("place", ["reasoning_content", "reasoning", "tags"])
def test_thoughts_come_apart_wherever_a_server_puts_them(lab: Outside, place: str) -> None:
    lab.fake.thinks, lab.fake.thinks_as = "Let me look.", place
    text, chunks = asyncio.run(lab.hear())
    assert (text, thoughts_of(chunks)) == (lab.fake.says, "Let me look.")


def test_thoughts_of_anthropic_come_apart(claude: Outside) -> None:
    claude.fake.thinks = "Let me look."
    text, chunks = asyncio.run(claude.hear(reasoning="low"))
    assert (text, thoughts_of(chunks)) == (claude.fake.says, "Let me look.")


@pytest.mark.parametrize(
    ("model", "reasoning", "asked"),
    [
        ("gpt-oss-20b", "high", {"reasoning_effort": "high"}),
        ("gpt-oss-20b", False, {"reasoning_effort": "low"}),
        ("Qwen/Qwen3-8B", True, {"chat_template_kwargs": {"enable_thinking": True}}),
        ("Qwen/Qwen3-8B", False, {"chat_template_kwargs": {"enable_thinking": False}}),
        ("llama-3.3-70b", True, {}),
        ("gpt-5-mini", False, {"reasoning_effort": "minimal"}),
        ("gpt-5.1-2026-01-15", False, {"reasoning_effort": "none"}),
        ("gpt-4o", "high", {}),
    ],
)
def test_a_server_of_ones_own_is_asked_in_the_words_of_the_models_family(
    lab: Outside, model: str, reasoning: Any, asked: dict[str, Any]
) -> None:
    chat = open_model(f"openai-compatible:lab/{model}", reasoning=reasoning)
    asyncio.run(chat.ainvoke("?"))
    said = {"reasoning_effort", "chat_template_kwargs"}
    assert {name: lab.fake.body[name] for name in said & lab.fake.body.keys()} == asked


def test_models_that_think_are_not_told_a_temperature_they_refuse(lab: Outside) -> None:
    asyncio.run(open_model("openai-compatible:lab/gpt-5", temperature=0.2).ainvoke("?"))
    assert "temperature" not in lab.fake.body


def test_the_limit_of_an_answer_is_named_as_the_server_knows_it(
    lab: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(lab.hear(max_tokens=9))
    assert lab.fake.body["max_tokens"] == 9
    monkeypatch.setattr("core.llm.openai_chat.OPENAI_HOSTS", re.compile(r"127\.0\.0\.1"))
    asyncio.run(lab.hear(max_tokens=9))
    assert lab.fake.body["max_completion_tokens"] == 9


@pytest.mark.parametrize(
    ("model", "reasoning", "asked"),
    [
        ("claude-sonnet-4-6", None, None),
        ("claude-sonnet-4-6", False, None),
        ("claude-sonnet-4-6", "low", {"type": "enabled", "budget_tokens": 1024}),
        ("claude-sonnet-4-6", "high", {"type": "enabled", "budget_tokens": 3072}),
        ("claude-opus-5", False, {"type": "disabled"}),
        ("claude-opus-5", True, {"type": "adaptive", "display": "summarized"}),
        ("claude-opus-5-5", False, {"type": "adaptive", "display": "summarized"}),
        ("claude-unheard-of", "high", None),
    ],
)
def test_each_family_of_anthropic_is_asked_in_its_own_words(
    claude: Outside, model: str, reasoning: Any, asked: dict[str, Any] | None
) -> None:
    asyncio.run(open_model(f"anthropic:{model}", reasoning=reasoning, temperature=0.2).ainvoke("?"))
    body = claude.fake.body
    assert body.get("thinking") == asked
    assert ("temperature" in body) is (asked is None)


def test_an_answer_too_short_to_think_in_is_given_without_thoughts(claude: Outside) -> None:
    asyncio.run(claude.hear(reasoning="high", max_tokens=500))
    assert "thinking" not in claude.fake.body


def test_what_stays_the_same_from_question_to_question_is_marked_for_the_cache(
    claude: Outside,
) -> None:
    from core.llm.anthropic_chat import STORED  # a library that takes seconds to load

    rules, before = "regra " * 1100, [HumanMessage("Antes?"), AIMessage("Sim.")]
    messages = [SystemMessage(rules), *before, HumanMessage("E agora?")]
    asyncio.run(open_model(claude.name).ainvoke(messages))
    body = claude.fake.body
    assert body["system"][0]["cache_control"] == STORED
    assert body["messages"][1]["content"][0]["cache_control"] == STORED
    assert "cache_control" not in json.dumps(body["messages"][-1])


def test_a_short_prompt_is_not_marked(claude: Outside) -> None:
    asyncio.run(open_model(claude.name).ainvoke([SystemMessage("Breve."), HumanMessage("?")]))
    assert "cache_control" not in json.dumps(claude.fake.body)


def test_google_is_reached_by_its_endpoint_for_openais_protocol(home: Any) -> None:
    from core.llm import endpoints

    settings.cache_clear()
    at, _model = endpoints.endpoint("google", "gemini-2.5-flash")
    assert at.url == "https://generativelanguage.googleapis.com/v1beta/openai"
