"""Models that lie on this machine's disk, as transformers and sentence-transformers keep them.

In: the folder a model lies in, or the name under which it was fetched before. Out: that folder,
looked at. Always holds: nothing is fetched; weights are safetensors alone, for a pickle could do
anything when it is read.
"""

import json
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from core.errors import ModelFailed
from core.i18n import _


def folder(model: str, names: Sequence[str] = ()) -> Path:
    """The folder called ``model``, else that of the first of ``names`` (else ``model`` itself) that
    was fetched before. ValueError says what is wrong with it."""
    return vetted(_found(model, names or (model,)))


def vetted(folder: Path) -> Path:
    """The folder, if a model lies in it and all its weights are safetensors."""
    if not (folder / "config.json").is_file():
        raise ValueError(_("no model lies in that folder."))
    for weights in (*folder.rglob("*.bin"), *folder.rglob("*.pt"), *folder.rglob("*.pkl")):
        if not any(weights.parent.glob("*.safetensors")):
            raise ValueError(
                _("its weights ({name}) are no safetensors.").format(name=weights.name)
            )
    return folder


def facts(folder: Path) -> dict[str, Any]:
    """What a model's config.json says; nothing where it is none."""
    try:
        told = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def not_loaded(model: str, error: Exception) -> ModelFailed:
    """The error for a model that could not be loaded."""
    first = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
    return ModelFailed(
        _("Model '{model}' could not be loaded: {reason}").format(model=model, reason=first),
        hint=_("Give the folder it lies in, or fetch it first: hf download {model}").format(
            model=model
        ),
        code="model_missing",
    )


def _found(model: str, names: Sequence[str]) -> Path:
    if (given := Path(model).expanduser()).is_dir():
        return given
    if model.startswith(("/", ".", "~")):  # whether a folder is there at all is nobody's business
        raise ValueError(_("no model lies in that folder."))
    fetched = import_module("huggingface_hub").snapshot_download
    for name in names:
        try:
            return Path(fetched(name, local_files_only=True))
        except (OSError, ValueError):
            continue
    raise ValueError(_("it has not been fetched to this machine."))
