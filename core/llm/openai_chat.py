"""A chat model behind OpenAI's protocol: OpenAI, Google's endpoint for it, and every server of one's
own that speaks it (vLLM, llama.cpp, LM Studio, Azure).

LangChain's ChatOpenAI, told to take thoughts wherever a server puts them (``reasoning_content``,
``reasoning``; tags in the text are cut in ``hearing``), to say nothing that a family refuses, and to
keep to our own HTTP clients. Nothing of the environment but the key changes where it calls.
"""

import re
from typing import Any
from urllib.parse import urlsplit

import httpx2
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from core.config import settings
from core.llm import endpoints, failures, thinking
from core.llm.endpoints import Endpoint
from core.llm.hearing import Speaker
from core.llm.http import async_hooks, client_options, hooks
from core.llm.listening import Listener

KIT = "httpx2"
NO_KEY = "none"  # the client wants a word; a server that asks for no key reads none
OPENAI_HOSTS = re.compile(r"(^|\.)(api\.openai\.com|openai\.azure\.com|services\.ai\.azure\.com)$")
DATE = re.compile(r"-\d{4}-?\d\d-?\d\d$")  # a model's day, which its family's facts do not know
NAMES_OF_THOUGHTS = ("reasoning_content", "reasoning")


def opened(provider: str, model: str, parameters: dict[str, Any]) -> Listener:
    """The chat model ``model`` of ``provider``, set to our ``parameters``; calls nobody."""
    endpoints.check(provider, model)
    at, name = endpoints.endpoint(provider, model)
    key, silence = at.key.get_secret_value(), settings().longest_silence
    options = client_options(at.url, silence=silence, kit=KIT)
    inner = Chat(
        model=name,
        base_url=at.url,
        api_key=SecretStr(key or NO_KEY),
        max_retries=0,  # who retries knows the time that is left
        timeout=options["timeout"],
        http_client=httpx2.Client(**options, event_hooks=hooks(kit=KIT, entered=at.entered)),
        http_async_client=httpx2.AsyncClient(
            **options, event_hooks=async_hooks(kit=KIT, entered=at.entered)
        ),
        openai_proxy=None,
        organization=None,
        stream_usage=True,
        stream_chunk_timeout=None,  # ours counts thoughts as sound, and comments not
        use_responses_api=False,
        limits_new=is_openai(at) or provider == "google",
    )
    asked = _asked(at, name, parameters, dict(inner.profile or {}))
    speaker = Speaker(provider, name, failures.shown(at.url), key, at.key_name)
    return Listener(inner=inner.model_copy(update=asked), speaker=speaker, silence=silence)


class Chat(ChatOpenAI):
    """ChatOpenAI that hears thoughts, and names the limit of an answer as the server knows it."""

    limits_new: bool = True  # says max_completion_tokens; older servers know max_tokens alone

    def _resolve_model_profile(self) -> Any:
        undated = self.model_copy(update={"model_name": DATE.sub("", self.model_name)})
        return super()._resolve_model_profile() or ChatOpenAI._resolve_model_profile(undated)

    def _get_request_payload(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        payload = super()._get_request_payload(*args, **kwargs)
        if not self.limits_new and "max_completion_tokens" in payload:
            payload["max_tokens"] = payload.pop("max_completion_tokens")
        return payload

    def _convert_chunk_to_generation_chunk(
        self, chunk: dict[str, Any], *args: Any, **kwargs: Any
    ) -> ChatGenerationChunk | None:
        made = super()._convert_chunk_to_generation_chunk(chunk, *args, **kwargs)
        choices = chunk.get("choices") or [{}]
        delta = choices[0].get("delta") or {}
        thought = next((delta[name] for name in NAMES_OF_THOUGHTS if delta.get(name)), "")
        if made and isinstance(thought, str) and thought:
            made.message.additional_kwargs["reasoning_content"] = thought
        return made


def is_openai(at: Endpoint) -> bool:
    """Whether OpenAI itself (or Azure with OpenAI's models) answers there: strict, and without
    the extras of others' servers."""
    return bool(OPENAI_HOSTS.search(urlsplit(at.url).hostname or ""))


def _asked(
    at: Endpoint, model: str, parameters: dict[str, Any], profile: dict[str, Any]
) -> dict[str, Any]:
    """Our parameters as fields of ChatOpenAI, without those that the model refuses."""
    same = ("temperature", "top_p", "seed", "max_tokens")
    asked = {name: parameters[name] for name in same if name in parameters}
    if profile.get("temperature") is False:  # models that think take none but their own
        asked.pop("temperature", None)
        asked.pop("top_p", None)
    reasoning = parameters.get("reasoning")
    if at.provider == "google":
        asked |= _effort(thinking.level(reasoning, thinking.gemini_levels(model)))
    elif is_openai(at) or profile:
        asked |= _effort(thinking.level(reasoning, profile.get("reasoning_effort_levels") or ()))
    elif reasoning is not None:
        asked |= _own_server(reasoning, model)
    return asked


def _own_server(reasoning: bool | str, model: str) -> dict[str, Any]:
    """What vLLM, llama.cpp and LM Studio understand; gpt-oss takes levels, others on or off."""
    if thinking.GPT_OSS.search(model):
        return _effort(thinking.level(reasoning, ("low", "medium", "high")))
    if not thinking.may_think(model):
        return {}
    switch = {"chat_template_kwargs": {"enable_thinking": bool(reasoning)}}
    return {"extra_body": switch} | _effort(reasoning if isinstance(reasoning, str) else "")


def _effort(level: str) -> dict[str, Any]:
    return {"reasoning_effort": level} if level else {}
