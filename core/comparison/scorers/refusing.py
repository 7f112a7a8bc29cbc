"""Whether a version answers what the documents answer, and says so where they do not."""

from core.comparison.scorers.kinds import Scorer
from core.comparison.types import Example, Reference
from core.i18n import N_


def refusal(example: Example) -> float | None:
    """1 where it answered what can be answered, or did not answer what cannot.

    "Related" passages are no answer. A reference that says nothing of it counts as answerable where
    it knows an answer, a document or a quote; else there is nothing to tell.
    """
    can = answerable(example.reference)
    if example.failed or can is None:
        return None
    return float(can == (example.outcome == "answered"))


def answerable(reference: Reference) -> bool | None:
    """Whether the documents hold an answer, as far as the reference tells."""
    if reference.answerable is not None:
        return reference.answerable
    return True if reference.answers or reference.documents or reference.quotes else None


SCORERS = (
    Scorer(
        "refusal",
        N_("Answers when it should"),
        N_("Whether it answers what the documents answer, and says so where they do not."),
        refusal,
        kind="pass",
        primary=True,
    ),
)
