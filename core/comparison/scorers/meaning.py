"""How near an answer is to a reference answer in what it says, by the embedder of the index.

In: an example with reference answers. Out: the cosine of the two vectors, 0 to 1, the best over the
reference answers; None where there is none. Always holds: nobody is called but the embedder that was
chosen for the index; the built-in one sees words and their endings alone.
"""

from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any

from core.comparison.scorers.kinds import Scorer
from core.comparison.types import Example
from core.errors import ModelFailed
from core.i18n import N_
from core.retrieval import embedders, embedding
from core.retrieval.embedders import choice

if TYPE_CHECKING:
    import numpy as np

SECONDS = 60.0  # how long an embedder may be silent
REST = 60.0  # seconds in which one that failed is not asked again: a run has thousands of answers
LONGEST = 8000  # characters; embedders cut what is longer themselves, each in its own way


def likeness(example: Example) -> float | None:
    """Cosine of answer and reference answer; what points away from each other counts as 0."""
    answers = [one for one in example.reference.answers if one.strip()]
    if example.failed or not answers or not example.text.strip():
        return None
    vectors = _vectors([one[:LONGEST] for one in (example.text, *answers)], example.language[:2])
    if vectors is None:
        return None
    own, *others = vectors
    return max(0.0, *(min(1.0, float(own @ other)) for other in others))


def _vectors(texts: Sequence[str], language: str) -> "Sequence[np.ndarray[Any, Any]] | None":
    """Unit vectors; None while the embedder rests."""
    serving = choice.serving()
    if serving.is_embedded:
        return [embedding.vector(one, language) for one in texts]
    if monotonic() < _resting.get(serving.key, 0.0):
        return None
    try:
        return list(embedders.vectors(serving, texts, SECONDS))
    except ModelFailed:
        _resting[serving.key] = monotonic() + REST
        raise


_resting: dict[str, float] = {}


SCORERS = (
    Scorer(
        "likeness",
        N_("Likeness in meaning"),
        N_(
            "How near the answer is to the reference answer for the index's embedder; the built-in "
            "one compares words and their endings, not meaning."
        ),
        likeness,
    ),
)
