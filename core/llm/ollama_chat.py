"""A chat model on an Ollama server: LangChain's own, with what a truthful answer needs.

num_ctx is always sent (the server's silent default would drop half of a long prompt), and one value
for every use of a model (another makes the server load it again): the largest that anybody asked
for. Thoughts are always taken, whether they were asked for or not; a model that does not think is
not asked to. What the server does wrong is dealt with in ``listening``.
Imported on first use only: LangChain takes a second.
"""

from typing import Any

from langchain_ollama import ChatOllama

from core.config import settings
from core.llm import failures, ollama, thinking
from core.llm.connecting import own_pools
from core.llm.hearing import Speaker
from core.llm.http import async_hooks, client_options, hooks
from core.llm.listening import Listener

RENAMED = {"max_tokens": "num_predict"}


def opened(model: str, parameters: dict[str, Any]) -> Listener:
    """The chat model ``model`` on the configured server, set to our ``parameters``."""
    url, silence = settings().ollama, settings().longest_silence
    given = {RENAMED.get(name, name): value for name, value in parameters.items()}
    reasoning = given.pop("reasoning", None)
    options = client_options(url, silence=silence)
    given["num_ctx"] = ollama.window(model, given.get("num_ctx"))
    inner = Chat(
        model=model,
        base_url=url,
        client_kwargs=options,
        sync_client_kwargs={"event_hooks": hooks(raising=True)},
        async_client_kwargs={"event_hooks": async_hooks(raising=True), **own_pools(options)},
        reasoning=True,  # take thoughts; whether they are asked for is ``think``
        **{"keep_alive": ollama.KEEP_ALIVE, **given},
    )
    return Listener(
        inner=inner,
        speaker=Speaker("ollama", model, failures.shown(url)),
        silence=silence,
        ready=lambda: {"think": _think(reasoning, model, url)},
    )


class Chat(ChatOllama):
    """ChatOllama whose request to think is apart from its listening to thoughts."""

    def _chat_params(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        think = kwargs.pop("think", None)
        return super()._chat_params(*args, **kwargs) | {"think": think}


def _think(reasoning: bool | str | None, model: str, url: str) -> bool | str | None:
    """What to ask for; the server is asked what the model can only where thoughts are wanted."""
    thinks = ollama.thinks(model, url) if reasoning else None
    return thinking.for_ollama(reasoning, model, thinks)
