"""Every model behind one door: ``open_model("provider:model")`` gives a LangChain chat model.

In: a provider and a model's name, and parameters by the same names for every provider. Out: a
chat model whose stream ends with ``response_metadata["done"] is True``; anything that goes wrong
arrives as ``ModelFailed`` (see ``failures``). Opening a model calls nobody: only using it does.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from core.errors import InvalidInput
from core.i18n import _
from core.llm.endpoints import COMPATIBLE, check
from core.llm.endpoints import Provider as Provider
from core.llm.endpoints import key_names as key_names
from core.llm.endpoints import providers as providers
from core.llm.endpoints import source as source
from core.llm.offered import models as models
from core.llm.offered import prompt_limit as _prompt_limit
from core.llm.parameters import PARAMETERS as PARAMETERS
from core.llm.parameters import checked as checked
from core.llm.servers import add_server as add_server
from core.llm.servers import entered as entered
from core.llm.servers import remove_server as remove_server
from core.llm.servers import servers as servers

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel

EMBEDDED = "embedded:quotes"
NAME_LENGTH = 200


def split(name: str) -> tuple[str, str]:
    """ "ollama:llama3.2:3b" -> ("ollama", "llama3.2:3b"); InvalidInput names the providers."""
    provider, _colon, model = name.strip().partition(":")
    named = model.isprintable() and 0 < len(model) <= NAME_LENGTH
    if provider == COMPATIBLE:  # the server's name, a slash, the model's name
        named = named and all(part.strip() for part in model.partition("/"))
    if provider not in _PROVIDERS or not named:
        raise InvalidInput(
            _("'{name}' names no model that can be opened.").format(name=name),
            hint=_hint(provider),
            field="model",
            code="unknown_provider" if provider not in _PROVIDERS else "invalid",
        )
    if provider == "embedded" and name.strip() != EMBEDDED:
        raise InvalidInput(
            _("The embedded engine has no model '{model}'.").format(model=model),
            hint=_("Its name is {name}.").format(name=EMBEDDED),
            field="model",
        )
    return provider, model


def open_model(name: str, **parameters: Any) -> "BaseChatModel":
    """The chat model called ``name`` ("provider:model"), set to ``parameters`` (see PARAMETERS).

    A parameter that a provider does not know how to use is ignored by it; one that nobody knows,
    or an unknown provider, is InvalidInput. ModelFailed (not_installed, no_key, not_configured)
    where the provider lacks what it needs.
    """
    provider, model = split(name)
    return _PROVIDERS[provider](model, checked(parameters))


def prompt_limit(name: str, parameters: dict[str, Any], context_tokens: int | None = None) -> int:
    """Tokens that a prompt for ``name`` ("provider:model") may have; see ``budget.fit``.

    ``context_tokens``: the model's window as registered, where it is known.
    """
    return _prompt_limit(*split(name), parameters, context_tokens)


def _hint(provider: str) -> str:
    if provider == COMPATIBLE:
        return _("Write {form}, with a server that CICLO_SERVERS names.").format(
            form=f"{COMPATIBLE}:server/model"
        )
    return _("Write provider:model; the providers are {providers}.").format(
        providers=", ".join(_PROVIDERS)
    )


def _ollama(model: str, parameters: dict[str, Any]) -> "BaseChatModel":
    from core.llm.ollama_chat import opened

    return opened(model, parameters)


def _embedded(model: str, parameters: dict[str, Any]) -> "BaseChatModel":
    from core.llm.embedded import EmbeddedQuotes

    return EmbeddedQuotes()


def _fake(model: str, parameters: dict[str, Any]) -> "BaseChatModel":
    from core.llm.fake import FakeChat

    return FakeChat(model=model, parameters=parameters)


def _speaks_openai(provider: str) -> "Opener":
    def opened(model: str, parameters: dict[str, Any]) -> "BaseChatModel":
        check(provider, model)  # says what is missing before anything is imported
        from core.llm import openai_chat

        return openai_chat.opened(provider, model, parameters)

    return opened


def _anthropic(model: str, parameters: dict[str, Any]) -> "BaseChatModel":
    check("anthropic")
    from core.llm import anthropic_chat

    return anthropic_chat.opened(model, parameters)


def _huggingface(model: str, parameters: dict[str, Any]) -> "BaseChatModel":
    check("huggingface")
    from core.llm import huggingface_chat

    return huggingface_chat.opened(model, parameters)


Opener = Callable[[str, dict[str, Any]], "BaseChatModel"]
_PROVIDERS: dict[str, Opener] = {
    "ollama": _ollama,
    "openai": _speaks_openai("openai"),
    "anthropic": _anthropic,
    "google": _speaks_openai("google"),
    COMPATIBLE: _speaks_openai(COMPATIBLE),
    "huggingface": _huggingface,
    "embedded": _embedded,
    "fake": _fake,
}
PROVIDERS = tuple(_PROVIDERS)
