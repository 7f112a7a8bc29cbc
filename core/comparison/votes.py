"""Votes: which of two answers somebody liked better, cast, explained, changed and taken back.

In: a comparison and a choice. Out: the stored ``Vote``, and only now whose the answers were. Always
holds: one standing vote a person and comparison (changing it withdraws the one before, which stays as
history), however many vote or press at once; a vote that cannot count is refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core import access, clock, db
from core.access import allowed
from core.comparison import human, pairing
from core.comparison.ballots import is_known, standing
from core.comparison.types import SIDES, Side
from core.db.tables import Comparison, Vote
from core.errors import InvalidInput, NotFound
from core.feedback.kinds import MAX_COMMENT
from core.i18n import N_, _

CHOICES = ("left", "right", "tie", "bad")
BETTER = {  # why one was liked better
    "correct": N_("more correct"),
    "sources": N_("better sources"),
    "complete": N_("more complete"),
    "clear": N_("clearer"),
    "short": N_("shorter"),
    "tone": N_("better tone"),
    "language": N_("right language"),
}
WORSE = {  # what is wrong with both
    "wrong": N_("both are wrong"),
    "beside": N_("both miss the question"),
    "incomplete": N_("both are incomplete"),
    "unclear": N_("both are unclear"),
    "unsourced": N_("neither has good sources"),
}
REASONS = BETTER | WORSE
MOST_SECONDS = 86_400.0


@dataclass(frozen=True)
class Voted:
    """A vote that stands, and whose the answers were."""

    vote: Vote
    left: pairing.Choice
    right: pairing.Choice

    @property
    def choice(self) -> str:
        """left | right | tie | bad."""
        if self.vote.choice not in SIDES:
            return self.vote.choice
        return "left" if self.vote.choice == self.vote.left_side else "right"


def reasons_for(choice: str) -> dict[str, str]:
    """The reasons that fit a choice (left | right | tie | bad), with what they are called."""
    return BETTER if choice in ("left", "right") else WORSE if choice == "bad" else {}


@allowed("review")
def vote(
    comparison_id: str,
    choice: str,
    *,
    shown_left: str,
    reasons: Iterable[str] = (),
    comment: str = "",
    seconds: float | None = None,
    blind: bool = True,
) -> Voted:
    """Store what whoever acts thinks; it takes the place of what they had said before.

    ``choice``: left | right | tie | bad (both). ``shown_left``: the id of the answer that stood left
    or first, as the ballot names it. ``blind``: False where they knew whose the answers are.
    InvalidInput for what is no vote, NotFound or Conflict where nobody can vote on it.
    """
    why = _checked(choice, reasons, comment, seconds)
    me = access.present()

    def stored(session: Session) -> tuple[Comparison, Vote]:
        row = standing(session, comparison_id)
        left = _side(row, shown_left)
        knows = is_known(row, me.id) or not blind
        told = Vote(
            choice=_stored(choice, left),
            left_side=left,
            blind=not knows,
            reasons=why,
            comment=comment.strip(),
            seconds=seconds,
        )
        return row, put(session, row, told, me.id)

    row, made = db.settled(stored)
    return revealed(row, made)


def put(session: Session, row: Comparison, vote: Vote, person_id: str) -> Vote:
    """Let a vote stand in place of the person's one before, in the caller's transaction."""
    for before in session.scalars(_standing(row.id, person_id)):
        before.withdrawn_at = clock.now()
    session.flush()  # the old one is out of the way before the new one comes
    vote.comparison_id, vote.person_id = row.id, person_id
    session.add(vote)
    session.flush()
    human.note(session, row.id)
    return vote


@allowed("rate")
def explain_vote(vote_id: str, reasons: Iterable[str] = (), comment: str = "") -> Vote:
    """Say why, of one's own standing vote; what was said before is replaced."""
    with db.writing() as session:
        found = _own(session, vote_id)
        said = "left" if found.choice in SIDES else found.choice
        found.reasons = _checked(said, reasons, comment, None)
        found.comment = comment.strip()
        return found


@allowed("rate")
def withdraw_vote(vote_id: str) -> Vote:
    """Take one's own vote back; harmless where it was. NotFound where there is none (or it is
    somebody else's)."""
    with db.writing() as session:
        found = _own(session, vote_id, gone_too=True)
        found.withdrawn_at = found.withdrawn_at or clock.now()
        session.flush()
        human.note(session, found.comparison_id)
        return found


@allowed("review")
def undo_vote(assistant_id: str = "") -> Vote | None:
    """Take back the last vote that whoever acts has cast; None where they have none."""
    last = select(Vote).join(Comparison, Comparison.id == Vote.comparison_id)
    last = last.where(Vote.person_id == access.present().id, Vote.withdrawn_at.is_(None))
    last = last.where(Comparison.source != "chat", Comparison.removed_at.is_(None))
    last = last.where(access.seen(Comparison.assistant_id))
    if assistant_id:
        last = last.where(Comparison.assistant_id == assistant_id)
    with db.writing() as session:
        found = session.scalar(last.order_by(Vote.created_at.desc(), Vote.id.desc()).limit(1))
        if found is not None:
            found.withdrawn_at = clock.now()
            session.flush()
            human.note(session, found.comparison_id)
        return found


def vote_of(comparison_id: str) -> Vote | None:
    """The standing vote of whoever acts."""
    with db.session() as session:
        return session.scalar(_standing(comparison_id, access.present().id))


def revealed(row: Comparison, vote: Vote) -> Voted:
    """A vote with whose the answers were."""
    named = {one.version.id: one for one in pairing.choices(row.assistant_id)}
    a, b = named[row.a_version_id], named[row.b_version_id]
    return Voted(vote, a, b) if vote.left_side == "a" else Voted(vote, b, a)


def _standing(comparison_id: str, person_id: str) -> Select[Vote]:
    return select(Vote).where(
        Vote.comparison_id == comparison_id,
        Vote.person_id == person_id,
        Vote.withdrawn_at.is_(None),
    )


def _own(session: Session, vote_id: str, gone_too: bool = False) -> Vote:
    found = session.get(Vote, vote_id)
    mine = found is not None and found.person_id == access.present().id
    if found is None or not mine or (found.withdrawn_at and not gone_too):
        raise NotFound(_("You have no vote with the id “{id}”.").format(id=vote_id[:80]))
    return found


def _checked(choice: str, reasons: Iterable[str], comment: str, seconds: float | None) -> list[str]:
    """The reasons, each once, in our order; InvalidInput for what is no vote."""
    if choice not in CHOICES:
        raise InvalidInput(
            _("“{choice}” is no vote.").format(choice=str(choice)[:40]),
            hint=_("It is one of {names}.").format(names=", ".join(CHOICES)),
            field="choice",
        )
    if seconds is not None and not (isfinite(seconds) and 0 <= seconds <= MOST_SECONDS):
        raise InvalidInput(_("A vote takes from 0 seconds to a day."), field="seconds")
    if len(comment) > MAX_COMMENT:
        raise InvalidInput(
            _("The comment has {n} characters; at most {most} fit.").format(
                n=len(comment), most=MAX_COMMENT
            ),
            field="comment",
        )
    fitting, given = reasons_for(choice), list(reasons)
    for reason in given:
        if reason not in fitting:
            raise InvalidInput(
                _("“{reason}” is no reason for this vote.").format(reason=str(reason)[:40]),
                hint=_("These are: {names}.").format(names=", ".join(fitting) or "—"),
                field="reasons",
            )
    return [reason for reason in fitting if reason in given]


def _side(row: Comparison, answer_id: str) -> Side:
    for side in SIDES:
        if getattr(row, f"{side}_answer_id") == answer_id:
            return side
    raise InvalidInput(
        _("That answer is none of the two."),
        hint=_("Say the id of the answer that stood left, as the ballot names it."),
        field="shown_left",
    )


def _stored(choice: str, left: Side) -> str:
    if choice in ("left", "right"):
        return left if (choice == "left") else SIDES[1 - SIDES.index(left)]
    return choice
