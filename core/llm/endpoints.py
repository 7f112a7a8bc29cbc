"""Who can be asked for a model: the providers, what each needs, and whether it has it.

In: the settings, the environment, the secrets and which packages are installed. Out: ``Provider`` lines and,
for those reached over the network, an ``Endpoint`` (address and key). Nobody is called here.
Always holds: a key is read when it is needed, travels as SecretStr, and is in no text of ours.

Servers that speak OpenAI's protocol (vLLM, llama.cpp, LM Studio, Azure) are named once, in
CICLO_SERVERS ("lab=http://10.0.0.5:8000/v1") or in the app, because addresses are no secret and belong
together; each key is a variable of its own (LAB_API_KEY), because secrets are handed over one by one,
under the names that other programs use for them too.
"""

import os
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from core import secrets
from core.config import Settings, is_loopback, settings
from core.errors import ModelFailed
from core.i18n import _
from core.llm.servers import is_entered, servers

if TYPE_CHECKING:
    from pydantic import SecretStr

COMPATIBLE = "openai-compatible"
ADDRESSES = {  # what a provider's own page gives; the openai one is the default of CICLO_OPENAI_URL
    "anthropic": "https://api.anthropic.com",
    "google": "https://generativelanguage.googleapis.com/v1beta/openai",
}
KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY", "google": "GOOGLE_API_KEY"}
PACKAGES = {
    "openai": "langchain_openai",
    "anthropic": "langchain_anthropic",
    "google": "langchain_openai",
    COMPATIBLE: "langchain_openai",
}
LOCAL = {"huggingface": ("torch", "transformers")}  # in this process: no address, no key
EXTRAS = {COMPATIBLE: "openai"}  # where the extra is not called like the provider
NAMES = ("ollama", "openai", "anthropic", "google", COMPATIBLE, "huggingface", "embedded", "fake")


@dataclass(frozen=True)
class Endpoint:
    """Where a provider is reached: ``url`` without a slash at its end, ``server`` as configured, or
    ``entered`` by somebody in the app."""

    provider: str
    server: str
    url: str
    key_name: str
    entered: bool = False

    @property
    def key(self) -> "SecretStr":
        """The key from the environment (or .env), else the one that was entered here; empty where
        there is none."""
        from pydantic import SecretStr

        return SecretStr(variable(self.key_name) or secrets.value(self.key_name))

    @property
    def needs_key(self) -> bool:
        """A server of one's own asks for no key unless it is given one."""
        return self.server == "" and not is_loopback(urlsplit(self.url).hostname or "")


@dataclass(frozen=True)
class Provider:
    """One line of the table. ``missing``: "" (ready) | package | key | server.

    ``prefix`` is what goes before a model's name ("openai:", "openai-compatible:lab/").
    """

    name: str
    prefix: str
    ready: bool
    missing: str = ""
    hint: str = ""


def providers() -> list[Provider]:
    """Every provider that can be named, with what it lacks; whether it answers is not asked."""
    lines = [_line(name, f"{name}:", "") for name in NAMES if name != COMPATIBLE]
    named = [_line(COMPATIBLE, f"{COMPATIBLE}:{server}/", server) for server in servers()]
    return lines + (named or [_line(COMPATIBLE, f"{COMPATIBLE}:", "")])


def endpoint(provider: str, model: str = "") -> tuple[Endpoint, str]:
    """Where ``model`` of ``provider`` is reached, and its name there.

    ModelFailed(not_configured) for a server that CICLO_SERVERS does not name.
    """
    if provider != COMPATIBLE:
        url = settings().openai_url if provider == "openai" else ADDRESSES[provider]
        return Endpoint(provider, "", url.rstrip("/"), KEYS[provider]), model
    server, _slash, rest = model.partition("/")
    known = servers()
    if server not in known:
        raise ModelFailed(
            _("No server is called '{server}'.").format(server=server),
            hint=_no_server_hint(),
            code="not_configured",
        )
    return Endpoint(provider, server, known[server], key_name(server), is_entered(server)), rest


def check(provider: str, model: str = "") -> None:
    """ModelFailed (not_installed, not_configured, no_key) when ``provider`` cannot be called."""
    lacking = _lacks(provider, model)
    if lacking == "server":
        endpoint(provider, model)  # raises, and names the server
    if lacking:
        code = {"package": "not_installed", "key": "no_key"}[lacking]
        raise ModelFailed(_sentence(lacking, provider), hint=_hint(lacking, provider), code=code)


def key_name(server: str) -> str:
    """The variable that holds the key of a named server: "my-lab" -> MY_LAB_API_KEY."""
    return server.upper().replace("-", "_") + "_API_KEY"


def variable(name: str) -> str:
    """A variable of the environment, else of .env, without blanks around it."""
    return (os.environ.get(name) or _written().get(name) or "").strip()


def source(name: str) -> str:
    """Where the key of that name comes from: "environment" (or .env), "settings", "" (nowhere: it is
    not there, or what is kept cannot be opened)."""
    if variable(name):
        return "environment"
    return "settings" if secrets.opens(name) else ""


def key_names() -> dict[str, str]:
    """The name of every key that could be used, and whose it is: OPENAI_API_KEY -> openai."""
    named = {key_name(server): server for server in servers()}
    return {name: provider for provider, name in KEYS.items()} | named


def installed(package: str) -> bool:
    """Whether a package can be imported (without importing it)."""
    return find_spec(package) is not None


def _line(name: str, prefix: str, server: str) -> Provider:
    lacking = _lacks(name, f"{server}/" if server else "")
    return Provider(name, prefix, not lacking, lacking, _hint(lacking, name) if lacking else "")


def _lacks(provider: str, model: str) -> str:
    if provider in LOCAL:
        return "" if all(map(installed, LOCAL[provider])) else "package"
    if provider not in PACKAGES:
        return ""
    if provider == COMPATIBLE and model.partition("/")[0] not in servers():
        return "server"
    if not installed(PACKAGES[provider]):
        return "package"
    at, _name = endpoint(provider, model)
    return "key" if at.needs_key and not source(at.key_name) else ""


def _sentence(lacking: str, provider: str) -> str:
    return {
        "package": _("The package for {provider} is not installed."),
        "key": _("There is no key for {provider}."),
    }[lacking].format(provider=provider)


def _hint(lacking: str, provider: str) -> str:
    if lacking == "server":
        return _no_server_hint()
    if lacking == "key":
        return _(
            "Enter {variable} in the settings, or set it in the environment or in .env."
        ).format(variable=KEYS[provider])
    extra = EXTRAS.get(provider, provider)
    return _("Install it: {command}").format(command=f"python3 dev.py add {extra}")


def _no_server_hint() -> str:
    known = ", ".join(servers()) or _("none so far")
    return _(
        "Name it in the settings (or CICLO_SERVERS=lab=http://10.0.0.5:8000/v1); known: {known}."
    ).format(known=known)


def _written() -> dict[str, str]:
    """All that .env says."""
    file = Settings.model_config.get("env_file")
    return _written_in(str(file)) if file else {}


@cache
def _written_in(file: str) -> dict[str, str]:
    from pydantic_settings import BaseSettings, SettingsConfigDict

    class Written(BaseSettings):
        model_config = SettingsConfigDict(env_file=file, extra="allow", case_sensitive=True)

    return Written().model_extra or {}
