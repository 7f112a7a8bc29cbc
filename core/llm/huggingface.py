"""Language models in this process, by transformers: weights that lie on this machine, and no server.

In: "huggingface:<folder>" or the name under which a model was fetched before. Out: ``Held``, the
model with its tokenizer. Always holds: nothing is fetched, no code of a model's author runs, weights
are safetensors alone; one writes at a time; a second model stays in memory only where there is
plenty, as two that are compared take turns. The libraries are an extra: without them the error says
what to install. Imported, this loads neither.
"""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from threading import RLock
from typing import Any

from core.errors import ModelFailed
from core.llm import endpoints, weights

PROVIDER = "huggingface"
WINDOW = 4096  # tokens; for a model that does not say how many it reads
LARGEST_WINDOW = 32_768  # tokens; more would take more memory than the weights
MOST_HELD = 2  # a comparison has two sides
PLENTY = 2.0  # times its weights that must be free, where another model is in memory
WINDOWS = ("max_position_embeddings", "n_positions", "n_ctx", "seq_length")


@dataclass(frozen=True)
class Held:
    """A model in memory: transformers' own objects, and how many tokens it reads at most."""

    name: str
    model: Any
    tokenizer: Any
    window: int

    @property
    def device(self) -> Any:
        """Where it computes."""
        return self.model.device


_alone = RLock()
_held: list[Held] = []


@contextmanager
def held(model: str) -> Iterator[Held]:
    """The model of that name, for the caller alone; loaded where it is not in memory.

    ModelFailed: not_installed, or model_missing with what is wrong with it.
    """
    endpoints.check(PROVIDER)
    with _alone:
        found = next((one for one in _held if one.name == model), None)
        if found is None:
            _make_room(model)
            found = _loaded(model)
        _held[:] = [*(one for one in _held if one is not found), found]  # the last used goes last
        yield found


def _make_room(model: str) -> None:
    """Let go of those that were used longest ago, before the next is loaded."""
    while _held and (len(_held) >= MOST_HELD or _free() < PLENTY * _size(model)):
        del _held[0]
        gc.collect()


def _size(model: str) -> int:
    """Bytes of the model's weights; 0 where there are none, which loading will tell."""
    try:
        return sum(one.stat().st_size for one in weights.folder(model).glob("*.safetensors"))
    except (OSError, ValueError, ImportError):
        return 0


def _free() -> int:
    """Bytes that a model may take: of the graphics card where there is one, else of this machine."""
    torch = import_module("torch")
    if torch.cuda.is_available():
        return int(torch.cuda.mem_get_info()[0])
    try:
        told = Path("/proc/meminfo").read_text(encoding="ascii")
        return int(told.partition("MemAvailable:")[2].split()[0]) * 1024
    except (OSError, ValueError, IndexError):  # nobody says: one model at a time
        return 0


def let_go() -> None:
    """Take what is in memory out of it."""
    with _alone:
        _held.clear()


def window(model: str) -> int:
    """How many tokens the model reads at most, as its config.json tells; loads nothing."""
    try:
        return _window(weights.facts(weights.folder(model)))
    except (OSError, ValueError, ImportError):
        return WINDOW


def _window(told: dict[str, Any]) -> int:
    inner = told.get("text_config")
    every = {**inner, **told} if isinstance(inner, dict) else told
    found = [every[name] for name in WINDOWS if isinstance(every.get(name), int)]
    return min(found[0], LARGEST_WINDOW) if found and found[0] > 0 else WINDOW


@lru_cache(maxsize=1)
def encoder(model: str) -> Held:
    """A model that reads and does not write (BERT and its like), for measuring; kept beside the other.

    ModelFailed as in ``held``.
    """
    endpoints.check(PROVIDER)
    return _loaded(model, "AutoModel")


def _loaded(model: str, kind: str = "AutoModelForCausalLM") -> Held:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # read by its libraries when they are imported
    try:
        folder = weights.folder(model)
        torch, library = import_module("torch"), import_module("transformers")
        library.utils.logging.disable_progress_bar()
        safe = {"local_files_only": True, "trust_remote_code": False}
        tokenizer = library.AutoTokenizer.from_pretrained(str(folder), **safe)
        made = getattr(library, kind).from_pretrained(
            str(folder), use_safetensors=True, dtype="auto", **safe
        )
        made = made.to("cuda" if torch.cuda.is_available() else "cpu").eval()
    except ModelFailed:
        raise
    except Exception as error:  # whatever a library finds wrong with a folder
        raise weights.not_loaded(model, error) from error
    return Held(model, made, tokenizer, _window(weights.facts(folder)))
