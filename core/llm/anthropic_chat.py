"""A chat model of Anthropic: LangChain's ChatAnthropic on our HTTP clients, thinking as its family
does, and with the part of the prompt that stays the same marked for the provider's cache.

What is cached costs a quarter more when it is written and a tenth when it is read again, for five
minutes; shorter prompts than ``CACHED_FROM`` are never cached and never cost more.
"""

import re
from functools import cached_property
from typing import Any

import anthropic
import httpx2
from langchain_anthropic import ChatAnthropic
from langchain_core.messages import BaseMessage
from pydantic import SecretStr

from core.config import settings
from core.llm import budget, endpoints, failures, thinking
from core.llm.hearing import Speaker
from core.llm.http import async_hooks, client_options, hooks
from core.llm.listening import Listener

KIT = "httpx2"
CACHED_FROM = 1024  # tokens; the smallest prefix that any of its models caches
STORED = {"type": "ephemeral"}
BUDGETS = {"low": 1024, "medium": 4096, "high": 16384}  # tokens of thought; 1024 is the least
RESTLESS = re.compile(r"fable|mythos|-5-5")  # families whose thoughts cannot be switched off
USUAL_TOKENS = 4096  # of an answer that nobody has limited: the API wants a number


def opened(model: str, parameters: dict[str, Any]) -> Listener:
    """The chat model ``model``, set to our ``parameters``; calls nobody."""
    endpoints.check("anthropic")
    at, name = endpoints.endpoint("anthropic", model)
    key, silence = at.key.get_secret_value(), settings().longest_silence
    inner = Chat(
        model_name=name,
        base_url=at.url,
        api_key=SecretStr(key),
        max_retries=0,  # who retries knows the time that is left
        timeout=silence,
        max_tokens_to_sample=parameters.get("max_tokens", USUAL_TOKENS),
        stop=None,
    )
    asked = _asked(name, parameters, dict(inner.profile or {}), inner.max_tokens or USUAL_TOKENS)
    speaker = Speaker("anthropic", name, failures.shown(at.url), key, at.key_name)
    return Listener(inner=inner.model_copy(update=asked), speaker=speaker, silence=silence)


class Chat(ChatAnthropic):
    """ChatAnthropic on clients of ours, which marks what stays the same from question to question."""

    @cached_property
    def _client(self) -> anthropic.Client:
        http = httpx2.Client(**self._options(), event_hooks=hooks(kit=KIT))
        return anthropic.Client(**self._client_params, http_client=http)

    @cached_property
    def _async_client(self) -> anthropic.AsyncClient:
        http = httpx2.AsyncClient(**self._options(), event_hooks=async_hooks(kit=KIT))
        return anthropic.AsyncClient(**self._client_params, http_client=http)

    def _options(self) -> dict[str, Any]:
        silence = self.default_request_timeout or settings().longest_silence
        return client_options(str(self.anthropic_api_url), silence=silence, kit=KIT)

    def _get_request_payload(self, input_: Any, **kwargs: Any) -> dict[str, Any]:
        messages = self._convert_input(input_).to_messages()
        return super()._get_request_payload(_marked(messages), **kwargs)


def _marked(messages: list[BaseMessage]) -> list[BaseMessage]:
    """The messages with the system's and the last earlier turn marked, where that is long enough."""
    out = list(messages)
    for place in {0, len(messages) - 2}:
        before = budget.least_tokens(messages[: place + 1])
        if 0 <= place < len(messages) - 1 and before >= CACHED_FROM:
            text = str(messages[place].text)
            block = {"type": "text", "text": text, "cache_control": STORED}
            out[place] = messages[place].model_copy(update={"content": [block]})
    return out


def _asked(
    model: str, parameters: dict[str, Any], profile: dict[str, Any], most: int
) -> dict[str, Any]:
    """Our parameters as fields of ChatAnthropic, without those that the model refuses."""
    asked = {name: parameters[name] for name in ("temperature", "top_p") if name in parameters}
    thought = _thinking(model, parameters.get("reasoning"), profile, most)
    if profile.get("temperature") is False or "thinking" in thought or len(asked) > 1:
        asked.pop("top_p", None)
    if profile.get("temperature") is False or "thinking" in thought:
        asked.pop("temperature", None)
    return asked | thought


def _thinking(
    model: str, reasoning: bool | str | None, profile: dict[str, Any], most: int
) -> dict[str, Any]:
    """Older families take a budget of thought, newer ones a level; without being asked, none."""
    if not profile.get("reasoning_output") or reasoning is None:
        return {}
    levels = profile.get("reasoning_effort_levels") or ()
    if profile.get("temperature") is False:  # the newer ones, which think as they see fit
        if reasoning is False and not RESTLESS.search(model):
            return {"thinking": {"type": "disabled"}}
        return {"reasoning_effort": thinking.level(reasoning, levels)} if levels else {}
    wanted = BUDGETS.get(thinking.level(reasoning, tuple(BUDGETS)), 0) if reasoning else 0
    tokens = min(wanted, most - BUDGETS["low"])
    if tokens < BUDGETS["low"]:
        return {}
    return {"thinking": {"type": "enabled", "budget_tokens": tokens}}
