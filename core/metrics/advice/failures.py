"""Which answers failed, and of what kind: of search and documents, or of writing.

In: a view and its facts. Out: ``Failures`` by two sources: what reviewers judged, and the signs that
outcomes, groundedness and askers give. Always holds: an answer counts once in each; whether a document
was missing or was there and not found is only told where somebody said so, else it is ``either``.
"""

from collections import defaultdict
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, cast, or_, select

from core import db
from core.access import seen
from core.annotation import standing
from core.db.tables import ApprovedAnswer, Conversation, Feedback, Flag, Item, Judgement, Message
from core.metrics.formulas import UNGROUNDED, Part
from core.metrics.measures import THIN
from core.metrics.views import View

ENOUGH = THIN  # failures that reviewers have judged until theirs alone are told
REVIEWERS, SIGNS = "reviewers", "signs"
DOCUMENTS, RETRIEVER, EITHER, GENERATION, OTHER = (
    "documents",
    "retriever",
    "either",
    "generation",
    "other",
)
SEARCHED = ("not_found", "related")  # outcomes: no passage held the answer
FAILED = ("error", "cut_off")
REASONS = {  # of a thumb down or a reported problem; the first that fits, in this order
    "outdated": DOCUMENTS,
    "wrong_source": RETRIEVER,
    "wrong_fact": GENERATION,
    "incomplete": GENERATION,
    "hard_to_read": GENERATION,
    "tone": GENERATION,
}


@dataclass(frozen=True)
class Failures:
    """How many of each kind. ``documents``: missing or out of date; ``retriever``: there and not found;
    ``either`` of the two; ``generation``: badly written from what was found; ``other``."""

    source: str = SIGNS
    documents: int = 0
    retriever: int = 0
    either: int = 0
    generation: int = 0
    other: int = 0

    @property
    def n(self) -> int:
        """All of them."""
        return self.searched + self.generation + self.other

    @property
    def searched(self) -> int:
        """Of documents or of search."""
        return self.documents + self.retriever + self.either


class Reviewed(NamedTuple):
    """Failures by reviewers, approved examples, and (median seconds, n) of their judgements."""

    failures: Failures
    examples: int
    seconds: tuple[float, int] | None


def signs(view: View, of: Part) -> Failures:
    """What outcomes, groundedness and askers tell."""
    import numpy as np

    answers = of.answers
    searched = np.isin(answers["outcome"], [of.code("outcome", name) for name in SEARCHED])
    failed = np.isin(answers["outcome"], [of.code("outcome", name) for name in FAILED])
    ungrounded = (answers["groundedness"] < UNGROUNDED) & ~searched & ~failed
    quiet = ~(searched | failed | ungrounded)
    complained = int((quiet & ((answers["down"] > 0) | (answers["problems"] > 0))).sum())
    counts = dict.fromkeys((DOCUMENTS, RETRIEVER, EITHER, GENERATION, OTHER), 0)
    counts[EITHER], counts[GENERATION] = int(searched.sum()), int(ungrounded.sum())
    told = _complaints(view, _talks(of)) if complained else {}
    for reasons in told.values():
        counts[_kind(reasons)] += 1
    # those that complain without a reason that tells anything need not be read one by one
    counts[OTHER] += int(failed.sum()) + max(0, complained - len(told))
    return Failures(SIGNS, **counts)


def _kind(reasons: set[str]) -> str:
    return next((kind for reason, kind in REASONS.items() if reason in reasons), OTHER)


def _talks(of: Part) -> set[str]:
    import numpy as np

    names = of.names.get("conversation", [])
    return {names[code] for code in np.unique(of.answers["conversation"])}


def _complaints(view: View, talks: set[str]) -> dict[str, set[str]]:
    """The reasons that askers gave for complaints about answers that show no other sign, by answer."""
    span = view.span()
    # the time of an answer is looked at here: as a condition it leads SQLite to read every message
    asked = (Message.created_at, Message.conversation_id, Message.id)
    thumbs = select(*asked, Feedback.reasons).join(Feedback, Feedback.message_id == Message.id)
    thumbs = thumbs.where(
        Feedback.rating == "down",
        Feedback.withdrawn_at.is_(None),
        Feedback.created_at >= span.since,  # nobody complains before the answer
        cast(Feedback.reasons, String) != "[]",
    )
    flags = select(*asked, Flag.problem).join(Flag, Flag.message_id == Message.id)
    flags = flags.where(
        Flag.withdrawn_at.is_(None), Flag.problem.in_(REASONS), Flag.created_at >= span.since
    )
    said: dict[str, set[str]] = defaultdict(set)
    with db.session() as session:
        for query in (thumbs, flags):
            for at, talk, message, told in session.execute(query.where(*_quiet())):
                if talk in talks and span.since <= at < span.until:
                    said[message].update([told] if isinstance(told, str) else told or ())
    return said


def _quiet() -> tuple[ColumnElement[bool], ...]:
    """No sign of failure but what was said of it."""
    return (
        or_(Message.outcome.is_(None), Message.outcome.not_in((*SEARCHED, *FAILED))),
        or_(Message.groundedness.is_(None), Message.groundedness >= UNGROUNDED),
    )


def reviewed(view: View, of: Part) -> Reviewed:
    """What reviewers judged: failures of the view; examples of its assistant, whatever the period."""
    with db.session() as session:
        judged = session.execute(_judged(view)).all()
        remembered = set(session.scalars(_remembered(view)))
    items: dict[int, list[Any]] = defaultdict(list)
    for row in judged:
        items[row.number].append(row)
    talks, span = _talks(of), view.span()
    counts = dict.fromkeys((DOCUMENTS, RETRIEVER, EITHER, GENERATION, OTHER), 0)
    good = set()
    for rows in items.values():
        first = rows[0]
        if standing.verdict(rows, first.gold_id) in ("approved", "corrected"):
            good.add(first.message_id)
        inside = first.conversation_id in talks and span.since <= first.at < span.until
        if inside and (kind := _failure(rows)):
            counts[kind] += 1
    times = [row.seconds for row in judged if row.seconds]
    seconds = (float(median(times)), len(times)) if times else None
    return Reviewed(Failures(REVIEWERS, **counts), len(good | remembered), seconds)


def _judged(view: View) -> Any:
    """The judgements that were not withdrawn; those of calibration teach nothing new."""
    said = (Judgement.id, Judgement.supersedes_id, Judgement.verdict, Judgement.failure_type)
    more = (Judgement.missing, Judgement.passages, Judgement.seconds, Judgement.message_id)
    return (
        select(Item.number, Item.gold_id, *said, *more)
        .add_columns(Message.conversation_id, Message.created_at.label("at"))
        .join(Judgement, Judgement.item_number == Item.number)
        .join(Message, Message.id == Judgement.message_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Judgement.withdrawn_at.is_(None), Judgement.kind != "calibration")
        .where(*_whose(view))
        .order_by(Item.number, Judgement.created_at)
    )


def _whose(view: View) -> list[ColumnElement[bool]]:
    """The assistant and the kind of data of a view; its period does not matter for examples."""
    told = [Conversation.removed_at.is_(None), seen(Conversation.assistant_id)]
    if view.assistant:
        told.append(Conversation.assistant_id == view.assistant)
    if view.data:
        told.append(Conversation.is_sample.is_(view.data == "sample"))
    return told


def _remembered(view: View) -> Any:
    """Answers in the memory of approved questions."""
    return (
        select(ApprovedAnswer.message_id)
        .join(Message, Message.id == ApprovedAnswer.message_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(ApprovedAnswer.retired_at.is_(None), *_whose(view))
    )


def _failure(rows: list[Any]) -> str:
    """The kind of failure of an item that was not approved as it stood; "" where it was."""
    gold_id = rows[0].gold_id
    told = standing.deciding(rows, gold_id)
    if standing.verdict(rows, gold_id) in ("approved", ""):
        return ""
    kinds = [row.failure_type for row in told if row.failure_type]
    first = max(kinds, key=kinds.count) if kinds else ""
    if first == "retrieval":
        return _searched(told)
    return GENERATION if first == "generation" else OTHER


def _searched(told: list[Any]) -> str:
    """A missing document that was named is there; what was found and is wrong hid it."""
    marks = {mark for row in told for mark in row.passages.values()}
    if "wrong" in marks or any(row.missing for row in told):
        return RETRIEVER
    return DOCUMENTS if "outdated" in marks else EITHER
