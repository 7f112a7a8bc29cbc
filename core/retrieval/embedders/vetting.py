"""What comes from an embedder is looked at before it is believed.

In: what a server or a model gave for some texts. Out: unit vectors, one a text. What always
holds: another number of vectors, another dimension, anything but finite numbers, zero or endless
length is refused whole with a sentence (ModelFailed, ``bad_answer``), so that a broken embedder
costs a batch and spoils nothing that is stored.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core.errors import ModelFailed
from core.i18n import _

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

DIMENSIONS = (2, 8192)  # the least and the most; the largest models known have 4,096
LENGTHS = (1e-6, 1e6)  # before it is brought to 1; models that do not do so themselves have 1 to 30
SAME = 0.9999  # cosine: two texts that have nothing in common cannot be as near as that


def unit(given: Any, count: int, dimension: int | None, model: str) -> "Array":
    """``count`` unit vectors (float32, one a row) of ``dimension`` (None: of whichever)."""
    import numpy as np

    if not isinstance(given, Sequence) or len(given) != count:
        n = len(given) if isinstance(given, Sequence) else 0
        raise refused(_("{n} vectors for {count} texts").format(n=n, count=count), model)
    try:
        rows = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise refused(_("vectors that are none"), model) from None
    if rows.ndim != 2 or not DIMENSIONS[0] <= rows.shape[1] <= DIMENSIONS[1]:
        raise refused(_("vectors that are none"), model)
    if dimension not in (None, rows.shape[1]):
        words = _("vectors of {n} dimensions, where it gave {dimension} before")
        raise refused(words.format(n=rows.shape[1], dimension=dimension), model)
    return _of_length_one(rows, model)


def check_different(vectors: "Array", model: str) -> None:
    """Refuse an embedder that has the same vector for texts with nothing in common."""
    if float(vectors[0] @ vectors[1]) > SAME:
        raise refused(_("the same vector for different texts"), model)


def refused(what: str, model: str) -> ModelFailed:
    """The error for an embedder that gave ``what``."""
    return ModelFailed(
        _("Embedder '{model}' gave {what}.").format(model=model, what=what),
        hint=_("Check its server, or choose another embedder."),
        code="bad_answer",
    )


def _of_length_one(rows: "Array", model: str) -> "Array":
    import numpy as np

    with np.errstate(over="ignore", invalid="ignore"):
        lengths = np.linalg.norm(rows, axis=1)
    if not np.isfinite(rows).all() or not np.isfinite(lengths).all():
        raise refused(_("numbers that are none"), model)
    if lengths.min() < LENGTHS[0] or lengths.max() > LENGTHS[1]:
        raise refused(_("vectors without a length that makes sense"), model)
    found: Array = (rows / lengths[:, None]).astype(np.float32)
    return found
