"""The rules of a queue, read and changed. In: a queue and rules as typed. Out: ``Rule``s, all of them.

Always holds: rules and the random share change together, and from then on a refill looks at
everything again.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from core import access, db
from core.annotation import rules
from core.annotation.queues import change_queue, queue
from core.annotation.rules import Rule
from core.db.tables import Queue


@access.allowed("review")
def rules_of(queue_id: str) -> list[Rule]:
    """Every rule of a queue, those that are off too; NotFound for an unknown queue."""
    row = queue(queue_id)
    return rules.read(row.rules, row.random_share)


@access.allowed("lead")
def change_rules(queue_id: str, given: Iterable[Any]) -> list[Rule]:
    """Give a queue these rules; one that is not named is off.

    Raises InvalidInput that names the value, NotFound for an unknown queue.
    """
    wanted = rules.checked(given)
    change_queue(queue_id, rules=rules.written(wanted), random_share=rules.share(wanted))
    return rules_of(queue_id)


def was_sampled(assistant_id: str) -> bool:
    """Whether the assistant has, or had, a queue of the sample data."""
    query = select(Queue.id).where(Queue.assistant_id == assistant_id, Queue.is_sample.is_(True))
    with db.session() as session:
        return session.scalars(query.limit(1)).first() is not None
