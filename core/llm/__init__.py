"""Every model behind one door: ``open_model("provider:model")`` gives a LangChain chat model.

In: a provider and a model's name, and parameters by the same names for every provider. Out: a
chat model whose stream ends with ``response_metadata["done"] is True``; anything that goes wrong
arrives as ``ModelFailed`` (see ``failures``). Opening a model calls nobody: only using it does.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from core.errors import InvalidInput
from core.i18n import _
from core.llm.parameters import PARAMETERS as PARAMETERS
from core.llm.parameters import checked as checked

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel

EMBEDDED = "embedded:quotes"
NAME_LENGTH = 200


def split(name: str) -> tuple[str, str]:
    """ "ollama:llama3.2:3b" -> ("ollama", "llama3.2:3b"); InvalidInput names the providers."""
    provider, _colon, model = name.strip().partition(":")
    if provider not in _PROVIDERS or not model.isprintable() or not 0 < len(model) <= NAME_LENGTH:
        raise InvalidInput(
            _("'{name}' names no model that can be opened.").format(name=name),
            hint=_("Write provider:model; the providers are {providers}.").format(
                providers=", ".join(_PROVIDERS)
            ),
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
    or an unknown provider, is InvalidInput.
    """
    provider, model = split(name)
    return _PROVIDERS[provider](model, checked(parameters))


def _ollama(model: str, parameters: dict[str, Any]) -> "BaseChatModel":
    from core.llm.ollama_chat import opened

    return opened(model, parameters)


def _embedded(model: str, parameters: dict[str, Any]) -> "BaseChatModel":
    from core.llm.embedded import EmbeddedQuotes

    return EmbeddedQuotes()


def _fake(model: str, parameters: dict[str, Any]) -> "BaseChatModel":
    from core.llm.fake import FakeChat

    return FakeChat(model=model, parameters=parameters)


_PROVIDERS: dict[str, Callable[[str, dict[str, Any]], "BaseChatModel"]] = {
    "ollama": _ollama,
    "embedded": _embedded,
    "fake": _fake,
}
PROVIDERS = tuple(_PROVIDERS)
