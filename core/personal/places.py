"""Where somebody stands in the database, column by column, and what becomes of it when they go.

A row that says who did something ``goes``, or ``loses`` the name (and the words that they typed beside
what they did) and stays, or ``stays``, as proof. Always holds (a test walks all tables): every
column that names a person or a user of an outside system is in ``OF_PEOPLE`` or ``OF_USERS``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import ColumnElement, case, exists, null, true

from core.db.tables import (
    Account,
    Alert,
    ApiToken,
    ApprovedAnswer,
    AuditEvent,
    Comparison,
    Consent,
    Conversation,
    ConversationRating,
    Draft,
    Erasure,
    EvaluationRun,
    Feedback,
    Flag,
    Gate,
    Guideline,
    Item,
    Judgement,
    Member,
    OneTimeLink,
    PassedOn,
    Seat,
    Secret,
    SignIn,
    Vote,
)
from core.i18n import N_

End = Literal["goes", "loses", "stays"]


@dataclass(frozen=True, eq=False)
class Place:
    """A column that says who. ``title`` is how its rows are called, ``also`` what else is set where it
    loses the name; ``where`` narrows the rows."""

    column: Any
    end: End
    title: str
    also: Mapping[str, Any] = field(default_factory=dict)
    where: ColumnElement[bool] = field(default_factory=true)

    @property
    def table(self) -> Any:
        """The class of its rows."""
        return self.column.class_

    @property
    def name(self) -> str:
        """ "table.column"."""
        return f"{self.table.__tablename__}.{self.column.key}"

    def of(self, id_: str) -> ColumnElement[bool]:
        """Its rows that name ``id_``."""
        return (self.column == id_) & self.where


def _freed() -> dict[str, Any]:
    """A seat that is left: what was judged there stays so, what was held is open to others."""
    held = Seat.state == "held"
    return {
        "state": case((held, "open"), else_=Seat.state),
        "token": case((held, Seat.token + 1), else_=Seat.token),
        "claimed_at": case((held, null()), else_=Seat.claimed_at),
        "expires_at": case((held, null()), else_=Seat.expires_at),
    }


OF_RUNS = exists().where(Comparison.conversation_id == Conversation.id, Comparison.source == "run")
OF_PEOPLE = (
    Place(SignIn.person_id, "goes", N_("sign-ins, open or ended")),
    Place(ApiToken.person_id, "goes", N_("API tokens")),
    Place(OneTimeLink.person_id, "goes", N_("invitations and links")),
    Place(Account.person_id, "goes", N_("account")),
    Place(Member.person_id, "goes", N_("memberships")),
    Place(Consent.person_id, "goes", N_("agreements to the use of their data")),
    Place(Draft.person_id, "goes", N_("judgements begun")),
    Place(PassedOn.person_id, "goes", N_("items passed on")),
    Place(Feedback.person_id, "goes", N_("ratings of answers")),
    Place(Flag.person_id, "goes", N_("reported problems")),
    Place(ConversationRating.person_id, "goes", N_("ratings of conversations")),
    Place(Conversation.person_id, "goes", N_("conversations"), where=~OF_RUNS),
    Place(Judgement.person_id, "loses", N_("judgements"), {"note": ""}),
    Place(Vote.person_id, "loses", N_("votes"), {"comment": ""}),
    Place(Seat.person_id, "loses", N_("answers they took on for review"), _freed()),
    Place(Item.removed_by, "loses", N_("items taken out")),
    Place(Guideline.person_id, "loses", N_("guidelines")),
    Place(ApprovedAnswer.person_id, "loses", N_("approved answers")),
    Place(Alert.acknowledged_by, "loses", N_("alerts seen")),
    Place(Alert.resolved_by, "loses", N_("alerts resolved")),
    Place(Comparison.person_id, "loses", N_("comparisons of runs")),
    Place(EvaluationRun.person_id, "loses", N_("evaluation runs")),
    Place(Gate.person_id, "loses", N_("gates")),
    Place(Conversation.person_id, "loses", N_("questions of evaluation runs"), where=OF_RUNS),
    Place(OneTimeLink.made_by, "loses", N_("links made for others")),
    Place(Secret.set_by, "loses", N_("keys entered")),
    Place(Erasure.by_id, "loses", N_("erasures of others")),
    Place(AuditEvent.person_id, "stays", N_("lines of the audit log")),
    Place(Erasure.person_id, "stays", N_("that they were erased")),
)
OF_USERS = (
    Place(Consent.user_id, "goes", N_("agreements to the use of their data")),
    Place(Feedback.user_id, "goes", N_("ratings of answers")),
    Place(Flag.user_id, "goes", N_("reported problems")),
    Place(ConversationRating.user_id, "goes", N_("ratings of conversations")),
    Place(Conversation.user_id, "goes", N_("conversations")),
    Place(Erasure.user_id, "stays", N_("that they were erased")),
)
