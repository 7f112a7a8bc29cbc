"""Embeddings of sentence-transformers on this machine, behind LangChain's Embeddings.

In: a model's name, or the folder it lies in, and texts. Out: vectors (``vetting`` looks at them).
What always holds: nothing is fetched (the model must lie here already), no code of a model's
author runs, and weights are read from safetensors alone, never from pickles. The library is an
extra: without it, and without the model, the error says what to install.
"""

import os
from functools import lru_cache
from hashlib import sha256
from importlib import import_module, util
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import ModelFailed
from core.i18n import _
from core.llm import weights

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

LIBRARY, MAKER = "sentence_transformers", "sentence-transformers"
INSTALL = "python3 dev.py add sentence-transformers"


def embeddings(model: str) -> "Embeddings":
    """The model as LangChain sees it."""
    from langchain_core.embeddings import Embeddings

    class LocalEmbeddings(_Local, Embeddings):
        """Vectors of sentence-transformers; see the module's docstring."""

    return LocalEmbeddings(model)


class _Local:
    """The model is loaded with the first text and stays in memory."""

    def __init__(self, model: str) -> None:
        self.model = model

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text; a text longer than the model can read is cut by it."""
        made = loaded(self.model).encode(texts, normalize_embeddings=True, show_progress_bar=False)
        return list(made.tolist())

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]

    def digest(self) -> str:
        """SHA-256 over the model's weights and what it does with them."""
        return _digest_of(self.model)


def is_installed() -> bool:
    """Whether the library is there."""
    return util.find_spec(LIBRARY) is not None


@lru_cache(maxsize=1)
def loaded(model: str) -> Any:
    """The SentenceTransformer of that name, from this machine's disk."""
    if not is_installed():
        message = _("'{model}' needs sentence-transformers, which is not installed.")
        raise ModelFailed(message.format(model=model), hint=INSTALL, code="not_installed")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # read by its libraries when they are imported
    try:
        import_module("transformers").utils.logging.disable_progress_bar()
        return import_module(LIBRARY).SentenceTransformer(
            str(_folder(model)),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, RuntimeError, LookupError, TypeError, AttributeError) as error:
        raise weights.not_loaded(model, error) from error


@lru_cache(maxsize=1)
def _digest_of(model: str) -> str:
    first, found = loaded(model)[0], sha256()
    found.update(first.auto_model.config.to_json_string().encode())
    for name, part in sorted(first.auto_model.state_dict().items()):
        found.update(name.encode())
        found.update(part.contiguous().numpy().tobytes())
    return found.hexdigest()


def _folder(model: str) -> Path:
    """Where the model lies: the folder of that name, else what was fetched under it before."""
    return weights.folder(model, [model] if "/" in model else [f"{MAKER}/{model}", model])
