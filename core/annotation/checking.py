"""What a reviewer judged, checked against the answer and the rubric, as it is stored.

In: a ``Judged``, the answer, the guideline. Out: the values of a ``Judgement``. InvalidInput names
the field that cannot be taken.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from math import isfinite
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, feedback
from core.annotation.rubric import checked_scores
from core.annotation.showing import masked_answer
from core.annotation.tokens import Token
from core.annotation.types import FAILURE_TYPES, PASSAGE_MARKS, VERDICTS, Judged
from core.db.tables import Document, Guideline, Item, Message, Passage, Queue, Seat
from core.errors import InvalidInput
from core.i18n import _

LONGEST = {"note": 10_000, "correction": 100_000}
MOST = 50
LONGEST_SECONDS = 86_400.0
SHOWN = 80  # characters of what was given, in an error


def checked(session: Session, row: Item, token: Token, judged: Judged) -> dict[str, Any]:
    """The values to store of a judgement by the claim with this token."""
    answer = session.get_one(Message, row.message_id)
    seat = session.get(Seat, token.seat_id)
    claimed_at = seat.claimed_at if seat and seat.claimed_at else clock.now()
    facts = _plain(answer.text, _asked(session, answer), judged)
    _check_passages(session, answer, facts["passages"])
    _check_documents(session, row, facts["missing"])
    facts["guideline_id"] = _guideline(session, row, claimed_at, facts["scores"]).id
    facts["seconds"] = _seconds(judged, claimed_at)
    facts["suggestion"] = dict(judged.suggestion)
    return facts


def _asked(session: Session, answer: Message) -> str:
    """The asker's words that an answer is to; another answer may stand between."""
    above = session.get(Message, answer.parent_id) if answer.parent_id else None
    while above and above.role != "user":
        above = session.get(Message, above.parent_id) if above.parent_id else None
    return above.text if above else ""


def _plain(answer: str, asked: str, judged: Judged) -> dict[str, Any]:
    """The values that need no look into the database, in their plain form."""
    _among(judged.verdict, VERDICTS, "verdict")
    if judged.failure_type:
        _among(judged.failure_type, FAILURE_TYPES, "failure_type")
    for problem in judged.problems:
        _among(problem, feedback.PROBLEMS, "problems")
    for mark in judged.passages.values():
        _among(mark, PASSAGE_MARKS, "passages")
    stars = judged.stars
    if stars is not None and (isinstance(stars, bool) or stars not in range(1, 6)):
        raise InvalidInput(
            _("A conversation has 1 to 5 stars, not {value}.").format(value=stars), field="stars"
        )
    return {
        "verdict": judged.verdict,
        "scores": dict(judged.scores),
        "stars": stars,
        "failure_type": judged.failure_type,
        "problems": _few(judged.problems, "problems"),
        "note": _text(judged.note, "note"),
        "correction": _correction(answer, asked, judged),
        "passages": dict(judged.passages),
        "missing": _few(judged.missing, "missing"),
    }


def _correction(answer: str, asked: str, judged: Judged) -> str:
    text = _text(judged.correction, "correction")
    seen = (answer, masked_answer(answer, asked))  # some see it without personal data
    same = " ".join(text.split()) in [" ".join(shown.split()) for shown in seen]
    if judged.verdict == "corrected" and (not text or same):
        raise InvalidInput(
            _("“Approved with correction” needs a correction that differs from the answer."),
            field="correction",
            hint=_("Change the answer's text, or approve it as it is."),
        )
    if judged.verdict == "approved" and text and not same:
        raise InvalidInput(
            _("An answer that is approved as it is has no correction."),
            field="correction",
            hint=_("Choose “approved with correction”, or leave the text as it was."),
        )
    return "" if same else text


def _guideline(
    session: Session, row: Item, since: datetime, scores: Mapping[str, Any]
) -> Guideline:
    """The guideline whose rubric the scores fit: the present one, or that of the claim's moment."""
    newest_first = (
        select(Guideline)
        .where(Guideline.queue_id == row.queue_id)
        .order_by(Guideline.number.desc())
    )
    present = session.scalars(newest_first.limit(1)).one()
    shown = session.scalars(newest_first.where(Guideline.created_at <= since).limit(1)).first()
    try:
        checked_scores(present.rubric, scores)
    except InvalidInput:
        if shown is None or shown.id == present.id:
            raise
        checked_scores(shown.rubric, scores)
        return shown
    return present


def _check_passages(session: Session, answer: Message, marks: Mapping[str, str]) -> None:
    if not marks:
        return
    of_answer = session.scalars(select(Passage.id).where(Passage.message_id == answer.id))
    if strange := sorted(set(marks) - set(of_answer)):
        raise InvalidInput(
            _("{id} is no passage of this answer.").format(id=strange[0]), field="passages"
        )


def _check_documents(session: Session, row: Item, missing: list[str]) -> None:
    if not missing:
        return
    assistant = select(Queue.assistant_id).where(Queue.id == row.queue_id).scalar_subquery()
    known = session.scalars(
        select(Document.id).where(Document.id.in_(missing), Document.assistant_id == assistant)
    )
    if strange := sorted(set(missing) - set(known)):
        raise InvalidInput(
            _("The assistant has no document with the id “{id}”.").format(id=strange[0]),
            field="missing",
        )


def _seconds(judged: Judged, claimed_at: datetime) -> float:
    """The time it took: as told, else since the claim."""
    told = judged.seconds
    if told is None:
        since = (clock.now() - claimed_at).total_seconds()
        return min(max(since, 0.0), LONGEST_SECONDS)
    if not (isfinite(told) and 0 <= told <= LONGEST_SECONDS):
        raise InvalidInput(
            _("The time an item took lies between 0 and {most} seconds.").format(
                most=int(LONGEST_SECONDS)
            ),
            field="seconds",
        )
    return told


def _among(value: str, allowed: Collection[str], field: str) -> None:
    if value not in allowed:
        raise InvalidInput(
            _("“{value}” cannot be taken here; use one of: {allowed}.").format(
                value=str(value)[:SHOWN], allowed=", ".join(allowed)
            ),
            field=field,
        )


def _few(values: Any, field: str) -> list[str]:
    taken = list(dict.fromkeys(str(value).strip() for value in values))
    if len(taken) > MOST or any(not value or len(value) > 200 for value in taken):
        raise InvalidInput(
            _("At most {most} entries fit here, each of 1 to 200 characters.").format(most=MOST),
            field=field,
        )
    return taken


def _text(text: str, field: str) -> str:
    text = text.replace("\x00", "").strip()
    if len(text) > LONGEST[field]:
        raise InvalidInput(
            _("The text has {n} characters; at most {most} fit.").format(
                n=len(text), most=LONGEST[field]
            ),
            field=field,
        )
    return text
