"""The loop itself: its nine stages in order, and what waits where."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from core import access, db
from core.db.tables import (
    Alert,
    AlertRule,
    Comparison,
    Conversation,
    Document,
    Feedback,
    Flag,
    Item,
    Message,
    Queue,
)
from core.i18n import N_, _, ngettext
from core.metrics.alerts import rules as alert_rules


@dataclass(frozen=True)
class Stage:
    """One of the nine; ``exists`` says whether it is built, ``job`` what it does in one line."""

    name: str
    title: str
    job: str
    exists: bool = False


STAGES = (
    Stage("chat", N_("Ask"), N_("Cited answers from your documents"), exists=True),
    Stage("feedback", N_("Feedback"), N_("What the askers say"), exists=True),
    Stage("annotation", N_("Review"), N_("People judge and correct answers"), exists=True),
    Stage("metrics", N_("Metrics"), N_("Satisfaction, time, cost, grounding"), exists=True),
    Stage("dataset", N_("Dataset"), N_("Approved answers become examples")),
    Stage("training", N_("Training"), N_("A model learns from them")),
    Stage("comparison", N_("Comparison"), N_("Baseline and fine-tuned, side by side"), exists=True),
    Stage("rollout", N_("Rollout"), N_("The better version gets the questions")),
    Stage("drift", N_("Drift"), N_("What has changed since")),
)


@dataclass(frozen=True)
class Count:
    """A number on the loop; ``label`` says of what, ``since`` is the oldest one's time."""

    stage: str
    label: str
    n: int
    since: datetime | None = None


@dataclass(frozen=True)
class Snapshot:
    """The loop at this moment; ``sample`` counts the conversations that are sample data."""

    counts: list[Count]
    documents: int
    documents_waiting: int
    conversations: int
    sample: int

    @property
    def empty(self) -> bool:
        """Nothing has been asked or added yet."""
        return not (self.documents or self.conversations)

    def of(self, stage: str) -> list[Count]:
        """The counts of one stage."""
        return [count for count in self.counts if count.stage == stage]


UNTOLD = Snapshot([], 0, 0, 0, 0)  # for whoever may not see figures


def snapshot() -> Snapshot:
    """Count what there is, over all assistants that are there for who acts."""
    with db.session() as session:
        return Snapshot(
            counts=[
                *_chat(session),
                *_feedback(session),
                *_annotation(session),
                *_metrics(session),
                *_comparison(session),
            ],
            documents=_documents(session, Document.version > 0),
            documents_waiting=_documents(session, Document.state.in_(("queued", "reading"))),
            conversations=_conversations(session),
            sample=_conversations(session, Conversation.is_sample),
        )


def _unseen() -> Select[str]:
    """Conversations that were removed, or whose assistant is not there for who acts."""
    removed = Conversation.removed_at.is_not(None)
    if access.sees_all():
        return select(Conversation.id).where(removed)
    return select(Conversation.id).where(or_(removed, ~access.seen(Conversation.assistant_id)))


def _chat(session: Session) -> list[Count]:
    shown = (
        select(Message.outcome, func.count())
        .where(Message.role == "assistant", Message.conversation_id.not_in(_unseen()))
        .group_by(Message.outcome)
    )
    by_outcome = dict(session.execute(shown).all())
    given = sum(by_outcome.values())
    unanswered = sum(by_outcome.get(name, 0) for name in ("related", "not_found"))
    return [
        Count("chat", ngettext("answer", "answers", given), given),
        Count("chat", _("not in the documents"), unanswered),
    ]


def _feedback(session: Session) -> list[Count]:
    unseen = select(Message.id).where(Message.conversation_id.in_(_unseen()))
    rated = (
        select(Feedback.rating, func.count(), func.min(Feedback.created_at))
        .where(Feedback.withdrawn_at.is_(None), Feedback.message_id.not_in(unseen))
        .group_by(Feedback.rating)
    )
    found = {rating: (n, since) for rating, n, since in session.execute(rated)}
    up, down = (found.get(rating, (0, None))[0] for rating in ("up", "down"))
    labels = {
        "up": ngettext("helped", "helped", up),
        "down": ngettext("did not help", "did not help", down),
    }
    thumbs = [Count("feedback", labels[one], *found.get(one, (0, None))) for one in labels]
    flags = select(func.count(), func.min(Flag.created_at)).where(
        Flag.withdrawn_at.is_(None), Flag.message_id.not_in(unseen)
    )
    n, since = session.execute(flags).one()
    flagged = Count("feedback", ngettext("problem reported", "problems reported", n), n, since)
    return [*thumbs, flagged] if n else thumbs


def _annotation(session: Session) -> list[Count]:
    removed = select(Queue.id).where(
        or_(Queue.removed_at.is_not(None), ~access.seen(Queue.assistant_id))
    )
    waits = select(func.count(), func.min(Item.created_at)).where(
        Item.state == "pending", Item.queue_id.not_in(removed)
    )
    n, since = session.execute(waits).one()
    return [Count("annotation", ngettext("item waits", "items wait", n), n, since)]


def _metrics(session: Session) -> list[Count]:
    """Alerts that nobody has looked at; silence where there are none."""
    wanted = select(func.count(), func.min(Alert.opened_at)).where(Alert.state == "open")
    if not access.sees_all():
        wanted = wanted.join(AlertRule, AlertRule.id == Alert.rule_id).where(alert_rules.seen())
    n, since = session.execute(wanted).one()
    return [Count("metrics", ngettext("open alert", "open alerts", n), n, since)] if n else []


def _comparison(session: Session) -> list[Count]:
    """Questions that two versions have answered; silence where there are none."""
    wanted = Comparison.done_at.is_not(None) & Comparison.removed_at.is_(None)
    wanted &= access.seen(Comparison.assistant_id)
    n = session.scalar(select(func.count()).select_from(Comparison).where(wanted)) or 0
    label = ngettext("question compared", "questions compared", n)
    return [Count("comparison", label, n)] if n else []


def _documents(session: Session, which: ColumnElement[bool]) -> int:
    wanted = which & Document.removed_at.is_(None) & access.seen(Document.assistant_id)
    return session.scalar(select(func.count()).select_from(Document).where(wanted)) or 0


def _conversations(session: Session, *conditions: object) -> int:
    wanted = select(func.count()).select_from(Conversation).where(Conversation.removed_at.is_(None))
    wanted = wanted.where(access.seen(Conversation.assistant_id))
    return session.scalar(wanted.where(*conditions)) or 0  # type: ignore[arg-type]
