"""Whether the search brought the right passage, and how far in front.

In: an example whose reference names documents or quotes. Out: 1 or 0; None where nothing is named,
or where the question has no answer. A passage is right where it is of a reference document (if any
is named) and holds a reference quote (if any is given).
"""

from core.comparison.scorers.kinds import Scorer
from core.comparison.scorers.sources import holds, same_document
from core.comparison.types import Example, Seen
from core.i18n import N_


def right_first(example: Example) -> float | None:
    """Whether the first passage is a right one (hit@1)."""
    return _within(example, 1)


def right_in_three(example: Example) -> float | None:
    """Whether one of the first three is (hit@3)."""
    return _within(example, 3)


def is_right(passage: Seen, example: Example) -> bool:
    """Whether the passage is what the reference points at."""
    known = example.reference
    document = not known.documents or any(
        same_document(one, passage.document) for one in known.documents
    )
    return document and (not known.quotes or any(holds(passage.text, q) for q in known.quotes))


def _within(example: Example, k: int) -> float | None:
    known = example.reference
    named = bool(known.documents or known.quotes) and known.answerable is not False
    if example.failed or not named:
        return None
    return float(any(is_right(one, example) for one in example.passages[:k]))


SCORERS = (
    Scorer(
        "right_first",
        N_("Right passage first"),
        N_("Whether the first passage found is one that holds the answer."),
        right_first,
        kind="pass",
        primary=True,
    ),
    Scorer(
        "right_in_three",
        N_("Right passage among the first three"),
        N_("Whether one of the first three passages found holds the answer."),
        right_in_three,
        kind="pass",
    ),
)
