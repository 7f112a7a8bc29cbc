"""A queue's judge model is asked what it thinks of the answers that wait, before reviewers come.

In: a queue that names a model. Out: ``Opinion`` rows. Always holds: nobody is called where no person
named a model; one process at a time asks for a queue, and no reviewer waits for it; personal data
is masked as for reviewers who may not see it; whatever the model says or fails at becomes a row.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import access, clock, db
from core.annotation import hearing, opinion_prompt, opinion_reply, opinions, showing
from core.annotation.opinion_prompt import Case
from core.annotation.queues import newest_guideline, queue
from core.db.tables import Assistant, Guideline, Item, Opinion, Queue
from core.errors import Conflict, InvalidInput
from core.i18n import _
from core.retrieval import leases

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

AHEAD = 30  # items before the reviewers' that the background has judged: more may never be seen
BATCH = 5  # of them in one turn
TRIES = 2  # replies that are of no use before the background lets an item alone
LEASE = timedelta(seconds=60)
LONGEST_REST = timedelta(hours=1)
IN_A_ROW = 6  # failures that are counted: 2 minutes doubled so often are more than LONGEST_REST


@dataclass(frozen=True)
class Asked:
    """What came of asking a queue's judge: ``opinions`` that are stored, ``failed`` {code: how
    often}, and why the last failure was, in words."""

    queue_id: str
    name: str
    model: str
    opinions: int = 0
    failed: Mapping[str, int] = field(default_factory=dict)
    why: str = ""


@access.allowed("lead")
def ask_judge(queue_id: str, most: int = 10) -> Asked:
    """Ask about the next waiting items that have no opinion, now; it ends where the model is down.

    InvalidInput where the queue names no judge, Conflict where it is being asked already.
    """
    row = queue(queue_id)
    if not row.judge:
        raise InvalidInput(
            _("The queue “{name}” has no judge model.").format(name=row.name),
            hint=_("Choose one in its settings."),
            field="judge",
        )
    with _alone(row.id) as alone:
        if not alone:
            raise Conflict(
                _("The judge of this queue is being asked right now."),
                hint=_("Try again in a moment."),
                code="judging",
            )
        return _told(row, _asked(row, most))


def keep_judged() -> list[Asked]:
    """The loop's turn: a few of the next items of each queue that names a judge.

    After failures in a row it rests, after each for twice as long.
    """
    with db.session() as session:
        named = session.scalars(select(Queue).where(Queue.judge != "", Queue.removed_at.is_(None)))
        awake = [one for one in named if not _rests(session, one)]
        rows = [one for one in awake if _next(session, one, 1, AHEAD, TRIES)]
    return [_kept(one) for one in rows]


def _kept(row: Queue) -> Asked:
    with _alone(row.id) as alone:
        return _told(row, _asked(row, BATCH, AHEAD, TRIES) if alone else ())


def _told(row: Queue, made: Iterator[Opinion] | tuple[Opinion, ...]) -> Asked:
    rows = list(made)
    failed = Counter(one.failed for one in rows if one.failed)
    why = next((one.detail for one in reversed(rows) if one.failed), "")
    return Asked(row.id, row.name, row.judge, len(rows) - failed.total(), dict(failed), why)


def _rests(session: Session, row: Queue) -> bool:
    last = opinions.latest(session, row, IN_A_ROW)
    n = next((n for n, one in enumerate(last) if not one.failed), len(last))
    rest = min(timedelta(minutes=2**n), LONGEST_REST)
    return n > 0 and clock.now() - last[0].created_at < rest


def _next(
    session: Session, row: Queue, most: int, ahead: int | None, tries: int | None
) -> list[int]:
    guideline_id = newest_guideline(session, row.id).id
    found = opinions.lacking(session, row, guideline_id, ahead=ahead, tries=tries)
    return list(islice(found, most))


def _asked(
    row: Queue, most: int, ahead: int | None = None, tries: int | None = None
) -> Iterator[Opinion]:
    """Opinions and failures, each stored before the next is asked for."""
    with db.session() as session:
        guideline = newest_guideline(session, row.id)
        language = session.get_one(Assistant, row.assistant_id).language
        numbers = _next(session, row, most, ahead, tries)
    for number in numbers:
        with db.session() as session:
            named = session.scalar(select(Queue.judge).where(Queue.id == row.id))
            item = session.get(Item, number)
        if named != row.judge:  # somebody has taken the leave back meanwhile
            return
        given = item and _case(item, guideline)
        if item and given:
            facts = _opinion(row.judge, given, language)
            of = {"item_number": number, "queue_id": row.id, "guideline_id": guideline.id}
            made = opinions.keep(Opinion(**of, model=row.judge, **facts))
            yield made
            if made.failed in opinions.DOWN:
                return


def _case(item: Item, guideline: Guideline) -> Case | None:
    turns = showing.masked_turns(item)
    return opinion_prompt.case(turns, item.message_id, guideline.text, guideline.rubric)


def _opinion(name: str, given: Case, language: str) -> dict[str, Any]:
    """The values of the row: what the model said, or why that is nothing."""

    def build(
        before: Sequence[Mapping[str, str]], passages: Sequence[tuple[str, str]]
    ) -> "list[BaseMessage]":
        return opinion_prompt.messages(replace(given, before=before, passages=passages), language)

    def read(said: str) -> dict[str, Any]:
        return asdict(opinion_reply.read(said, given.rubric))

    return hearing.facts(name, build, (given.before, given.passages), read, language)


def _alone(queue_id: str) -> AbstractContextManager[bool]:
    """Whether this process may ask for the queue. Two that both believe to may do no more harm than a
    call too many: one opinion of an item is stored."""
    which = Queue.id == queue_id
    return leases.alone(Queue.judging_until, which, LEASE, updated_at=Queue.updated_at)
