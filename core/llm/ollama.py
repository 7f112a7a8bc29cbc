"""The Ollama server itself: is it there, what is installed, which is best, fetch one.

In: an address (the configured one when none is given). Out: plain frozen data. Raises ModelFailed
(see ``failures``) and nothing else; every call has a time limit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.config import settings
from core.llm import failures
from core.llm.choice import InstalledModel
from core.llm.choice import best_chat_model as best_chat_model
from core.llm.http import client_options as client_options

if TYPE_CHECKING:
    from ollama import Client

CONTEXT_TOKENS = (
    8192  # one value for every use of a model: another num_ctx makes the server reload it
)
KEEP_ALIVE = "15m"  # three times the server's own: people read an answer before they ask again
LOOK_SECONDS = 5.0  # for lists, which a healthy server gives in milliseconds
UNLOAD_SECONDS = 30.0
PULL_SILENCE_SECONDS = 120.0  # between two progress lines; verifying a large layer takes a while


@dataclass(frozen=True)
class PullProgress:
    """A moment of a pull. Bytes over all layers seen so far; both 0 before the first one."""

    status: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class LoadedModel:
    """A model in the server's memory. ``size`` in bytes, ``in_gpu`` of them on a graphics card."""

    name: str
    size: int
    in_gpu: int
    until: datetime | None


def version(url: str = "") -> str:
    """The server's version."""
    import httpx

    url = url or settings().ollama
    options = client_options(url, silence=LOOK_SECONDS)
    with failures.translating(model="", server=url), httpx.Client(**options) as client:
        answer = client.get(f"{url}/api/version")
        return str(answer.raise_for_status().json()["version"])


def installed(url: str = "") -> list[InstalledModel]:
    """What is on the server, by name."""
    url = url or settings().ollama
    with failures.translating(model="", server=url), _client(url, LOOK_SECONDS) as client:
        models = [_read(client, url, model) for model in client.list().models if model.model]
    return sorted(models, key=lambda model: model.name)


def loaded(url: str = "") -> list[str]:
    """Names of the models that are in memory now."""
    url = url or settings().ollama
    with failures.translating(model="", server=url), _client(url, LOOK_SECONDS) as client:
        return [model.model or "" for model in client.ps().models]


def in_memory(url: str = "") -> list[LoadedModel]:
    """The models that are in memory now, and until when."""
    url = url or settings().ollama
    with failures.translating(model="", server=url), _client(url, LOOK_SECONDS) as client:
        return [
            LoadedModel(m.model or "", int(m.size or 0), int(m.size_vram or 0), m.expires_at)
            for m in client.ps().models
        ]


def unload(name: str) -> bool:
    """Let the server forget a loaded model; whether it has (it may be answering somebody)."""
    import httpx

    url = settings().ollama
    options = client_options(url, silence=UNLOAD_SECONDS)
    with failures.translating(model=name, server=url), httpx.Client(**options) as client:
        body = {"model": name, "keep_alive": 0, "stream": False}
        client.post(f"{url}/api/generate", json=body).raise_for_status()
    return not {name, f"{name}:latest"} & set(loaded(url))


def pull(name: str) -> Iterator[PullProgress]:
    """Fetch a model; yields progress and ends after the server has said "success"."""
    url = settings().ollama
    layers: dict[str, tuple[int, int]] = {}
    status = ""
    with failures.translating(model=name, server=url), _client(url, PULL_SILENCE_SECONDS) as client:
        for part in client.pull(name, stream=True):
            status = part.status or ""
            if part.digest and part.total:
                layers[part.digest] = (part.completed or 0, part.total)
            done = sum(layer[0] for layer in layers.values())
            yield PullProgress(status, done, sum(layer[1] for layer in layers.values()))
    if status != "success":
        raise failures.failed("cut_off", model=name, server=url, said=status)


def window(model: str, wanted: int | None = None) -> int:
    """The num_ctx for every use of ``model`` in this process: the largest anybody has asked for.

    A smaller prompt fits a larger window; going back and forth would load the model each time.
    """
    key = settings().ollama, model.removesuffix(":latest")
    _windows[key] = max(_windows.get(key, 0), wanted or CONTEXT_TOKENS)
    return _windows[key]


def thinks(model: str, url: str = "") -> bool | None:
    """Whether ``model`` thinks before it speaks; None where the server does not say."""
    url = url or settings().ollama
    with failures.translating(model=model, server=url), _client(url, LOOK_SECONDS) as client:
        capabilities, _context = _shown(client, url, model, "")
    return "thinking" in capabilities if capabilities else None


_windows: dict[tuple[str, str], int] = {}


def _client(url: str, silence: float) -> "Client":
    from ollama import Client

    return Client(host=url, **client_options(url, silence=silence))


def _read(client: "Client", url: str, model: Any) -> InstalledModel:
    capabilities, context = _shown(client, url, model.model, model.digest or "")
    details = model.details
    return InstalledModel(
        name=model.model,
        size=int(model.size or 0),
        digest=model.digest or "",
        family=(details.family if details else "") or "",
        parameters=_billions((details.parameter_size if details else "") or ""),
        capabilities=capabilities,
        context_tokens=context,
        modified_at=model.modified_at,
    )


_seen: dict[tuple[str, str, str], tuple[tuple[str, ...], int | None]] = {}


def _shown(
    client: "Client", url: str, name: str, digest: str
) -> tuple[tuple[str, ...], int | None]:
    """What the server tells of one model beyond the list; asked once a digest."""
    from ollama import ResponseError

    key = (url, name, digest)
    if key not in _seen:
        try:
            told = client.show(name)
        except ResponseError:  # an old server, or a model removed since the list: nothing known
            return (), None
        facts = told.modelinfo or {}
        lengths = [value for key, value in facts.items() if key.endswith(".context_length")]
        _seen[key] = tuple(told.capabilities or ()), int(lengths[0]) if lengths else None
    return _seen[key]


def _billions(text: str) -> float:
    """ "3.2B" -> 3.2, "567M" -> 0.567."""
    scale = {"K": 1e-6, "M": 1e-3, "B": 1.0, "T": 1e3}.get(text[-1:].upper(), 0.0)
    try:
        return float(text[:-1]) * scale
    except ValueError:
        return 0.0
