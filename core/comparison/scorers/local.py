"""What a scorer that needs models on this disk lacks, and how to get it."""

from functools import cache

from core.i18n import _
from core.llm import endpoints, weights

EXTRA = "huggingface"


def lacks_library() -> str:
    """ "" where torch and transformers are installed, else how to install them."""
    if all(map(endpoints.installed, endpoints.LOCAL[EXTRA])):
        return ""
    return _("Needs an extra; install it: {command}").format(command=f"python3 dev.py add {EXTRA}")


def lacks_model(model: str) -> str:
    """ "" where ``model`` was fetched to this machine, else how to fetch it; nothing is fetched."""
    try:
        return lacks_library() or _is_here(model)
    except (OSError, ValueError, ImportError):
        return _("Needs a model on this machine; fetch it: {command}").format(
            command=f"hf download {model}"
        )


@cache
def _is_here(model: str) -> str:
    """Found once, it is here; where it is not, ValueError is remembered by nobody."""
    weights.folder(model)
    return ""
