"""Language models in this process, by transformers: weights that lie on this machine, and no server.

In: "huggingface:<folder>" or the name under which a model was fetched before. Out: ``Held``, the
model with its tokenizer. Always holds: nothing is fetched, no code of a model's author runs, weights
are safetensors alone; one that writes is in memory at a time, and whoever has it uses it alone. The
libraries are an extra: without them the error says what to install. Imported, this loads neither.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from threading import RLock
from typing import Any

from core.errors import ModelFailed
from core.llm import endpoints, weights

PROVIDER = "huggingface"
WINDOW = 4096  # tokens; for a model that does not say how many it reads
LARGEST_WINDOW = 32_768  # tokens; more would take more memory than the weights
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
    """The model of that name, for the caller alone; loaded where another or none is in memory.

    ModelFailed: not_installed, or model_missing with what is wrong with it.
    """
    endpoints.check(PROVIDER)
    with _alone:
        if not _held or _held[0].name != model:
            _held.clear()  # before the next is loaded: there may be no room for two
            _held.append(_loaded(model))
        yield _held[0]


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
