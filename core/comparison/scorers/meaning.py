"""How near an answer is to a reference answer in what it says, by the embedder of the index.

In: an example with reference answers. Out: the cosine of the two vectors, 0 to 1, the best over the
reference answers; None where there is none. Always holds: nobody is called but the embedder that was
chosen for the index; the built-in one sees words and their endings alone.
"""

from core.comparison.scorers.kinds import Scorer
from core.comparison.types import Example
from core.i18n import N_
from core.retrieval import embedders, embedding
from core.retrieval.embedders import choice

SECONDS = 60.0  # how long an embedder may be silent
LONGEST = 8000  # characters; embedders cut what is longer themselves, each in its own way


def likeness(example: Example) -> float | None:
    """Cosine of answer and reference answer; what points away from each other counts as 0."""
    answers = [one for one in example.reference.answers if one.strip()]
    if example.failed or not answers or not example.text.strip():
        return None
    serving = choice.serving()
    texts = [one[:LONGEST] for one in (example.text, *answers)]
    if serving.is_embedded:
        own, *others = [embedding.vector(one, example.language[:2]) for one in texts]
    else:
        own, *others = embedders.vectors(serving, texts, SECONDS)
    return max(0.0, *(min(1.0, float(own @ other)) for other in others))


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
