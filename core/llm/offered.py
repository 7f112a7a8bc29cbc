"""Which models a provider offers, and how much fits into one.

In: a provider as ``endpoints.providers`` names it. Out: ``InstalledModel`` lines, by name; for all
but Ollama with little beside the name. Raises ModelFailed and nothing else; every call has a limit.
"""

from typing import Any

from core.llm import budget, endpoints, failures, huggingface, ollama, thinking
from core.llm.choice import InstalledModel, is_chat_model
from core.llm.http import client_options, hooks

ENDLESS = 1_000_000  # tokens; for engines of ours, which read everything
UNTOLD = 8192  # tokens; for a model of which nobody says how much it reads
KNOWN = (  # (beginning of the name, tokens), where no server tells: the providers' own pages
    ("claude-", 200_000),
    ("gemini-", 1_000_000),
    ("gpt-4.1", 1_000_000),
    ("gpt-4o", 128_000),
    ("gpt-4-turbo", 128_000),
    ("gpt-", 128_000),
    ("o1", 128_000),
    ("o3", 200_000),
    ("o4", 200_000),
)
OLDER = {"gpt-4": 8192, "gpt-3.5-turbo": 16_385}
CONTEXTS = ("max_model_len", "context_length", "max_context_length", "max_input_tokens")
ANTHROPIC_VERSION = "2023-06-01"


def models(provider: str, server: str = "") -> list[InstalledModel]:
    """What ``provider`` (and ``server``, where several are named) offers for conversations now."""
    if provider == "ollama":
        return [model for model in ollama.installed() if is_chat_model(model)]
    if provider == "embedded":
        return [InstalledModel("quotes", context_tokens=ENDLESS)]
    if provider not in endpoints.PACKAGES:
        return []
    endpoints.check(provider, f"{server}/")
    at, _name = endpoints.endpoint(provider, f"{server}/")
    read = [_read(line) for line in _listed(at)]
    return sorted((m for m in read if m and is_chat_model(m)), key=lambda model: model.name)


def prompt_limit(
    provider: str, model: str, parameters: dict[str, Any], context_tokens: int | None = None
) -> int:
    """Tokens that a prompt may have; ``context_tokens`` as registered with the model, if known."""
    if provider in ("embedded", "fake"):
        return budget.room(parameters.get("num_ctx", ENDLESS), parameters)
    if provider == "ollama":
        asked = ollama.window(model, parameters.get("num_ctx"))
        return budget.room(min(asked, context_tokens or asked), parameters)
    if provider == huggingface.PROVIDER:
        read = context_tokens or huggingface.window(model)
        return budget.room(min(read, parameters.get("num_ctx") or read), parameters)
    return budget.room(context_tokens or _known(model), parameters)


def _listed(at: endpoints.Endpoint) -> list[Any]:
    import httpx

    key = at.key.get_secret_value()
    options = client_options(at.url, silence=ollama.LOOK_SECONDS)
    path, headers = "/models", {"authorization": f"Bearer {key}"}
    if at.provider == "anthropic":
        path = "/v1/models?limit=1000"
        headers = {"x-api-key": key, "anthropic-version": ANTHROPIC_VERSION}
    who = {"model": "", "server": failures.shown(at.url), "provider": at.provider}
    with (
        failures.translating(**who, key=key, key_name=at.key_name),
        httpx.Client(
            **options, headers=headers if key else {}, event_hooks=hooks(entered=at.entered)
        ) as client,
    ):
        answer = client.get(at.url + path).raise_for_status().json()
        lines = answer["data"]
        if not isinstance(lines, list):
            raise ValueError("no list of models")
        return lines


def _read(line: Any) -> InstalledModel | None:
    """One line of a list; None where it has no name."""
    told = line if isinstance(line, dict) else {}
    name = str(told.get("id") or "").removeprefix("models/")  # as Google writes it
    if not name or not name.isprintable():
        return None
    inner = told["meta"] if isinstance(told.get("meta"), dict) else {}  # llama.cpp
    numbers = [*(told.get(key) for key in CONTEXTS), inner.get("n_ctx"), inner.get("n_ctx_train")]
    context = next((n for n in numbers if isinstance(n, int) and n > 0), None)
    thinks = thinking.may_think(name) or bool(thinking.gemini_levels(name))
    abilities = ("completion", "thinking") if thinks else ()
    return InstalledModel(name, capabilities=abilities, context_tokens=context)


def _known(model: str) -> int:
    if model in OLDER:
        return OLDER[model]
    return next((tokens for name, tokens in KNOWN if model.startswith(name)), UNTOLD)
