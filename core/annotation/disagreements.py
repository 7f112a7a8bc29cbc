"""Items on which reviewers disagree, oldest first: what a lead has to decide.

Always holds: an item is listed for as long as the judgements that stand differ; once a lead has
decided it, it is listed as decided.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from core import access, audit, db
from core.annotation.agreement import VERDICT, counting
from core.annotation.queues import found_queue, newest_guideline
from core.db.tables import Item, Judgement, Message, Person
from core.errors import InvalidInput
from core.i18n import _

PAGE = 50


@dataclass(frozen=True)
class Disagreement:
    """An item, the question and the answer in focus, and what each judged: (judgement, name of the
    person, "" where they are gone). ``gold`` is what a lead decided, if so."""

    item: Item
    question: str
    answer: str
    judgements: list[tuple[Judgement, str]]
    gold: Judgement | None


@access.allowed("lead")
def disagreements(
    queue_id: str,
    *,
    on: str = VERDICT,
    decided: bool | None = None,
    after: int = 0,
    limit: int = PAGE,
) -> list[Disagreement]:
    """Items judged differently ``on`` the verdict or a criterion, after the one numbered ``after``.

    ``decided``: those a lead has decided, or has not; None: both. InvalidInput for a criterion that
    the rubric has not.
    """
    with db.session() as session:
        found_queue(session, queue_id)
        value = _value(session, queue_id, on)
        query = (
            select(Item.number)
            .join(Judgement, Judgement.item_number == Item.number)
            .where(Item.queue_id == queue_id, Item.number > after, *counting())
            .where(Item.state != "removed")
            .group_by(Item.number)
            .having(func.min(value) != func.max(value))
            .order_by(Item.number)
            .limit(limit)
        )
        if decided is not None:
            query = query.where(Item.gold_id.is_not(None) == decided)
        found = _whole(session, list(session.scalars(query)))
    if found:
        audit.looked("queue", queue_id)
    return found


def _value(session: Session, queue_id: str, on: str) -> Any:
    if on == VERDICT:
        return Judgement.verdict
    rubric = newest_guideline(session, queue_id).rubric
    if on not in [one["name"] for one in rubric]:
        raise InvalidInput(_("The rubric has no criterion “{name}”.").format(name=on), field="on")
    return Judgement.scores[on].as_integer()


def _whole(session: Session, numbers: list[int]) -> list[Disagreement]:
    items = session.scalars(select(Item).where(Item.number.in_(numbers)).order_by(Item.number))
    judged: dict[int, list[tuple[Judgement, str]]] = {number: [] for number in numbers}
    rows = session.execute(
        select(Judgement, func.coalesce(Person.name, ""))
        .outerjoin(Person, Person.id == Judgement.person_id)
        .where(Judgement.item_number.in_(numbers), Judgement.withdrawn_at.is_(None))
        .order_by(Judgement.created_at, Judgement.id)
    )
    for judgement, name in rows:
        judged[judgement.item_number].append((judgement, name))
    texts = _texts(session, numbers)
    return [_one(row, judged[row.number], *texts[row.number]) for row in items]


def _one(
    row: Item, judged: list[tuple[Judgement, str]], question: str, answer: str
) -> Disagreement:
    gold = next((one for one, _name in judged if one.id == row.gold_id), None)
    given = [(one, name) for one, name in judged if one.kind != "adjudication"]
    return Disagreement(row, question, answer, given, gold)


def _texts(session: Session, numbers: list[int]) -> dict[int, tuple[str, str]]:
    """Question and answer of each item."""
    asked = aliased(Message)
    rows = session.execute(
        select(Item.number, func.coalesce(asked.text, ""), Message.text)
        .join(Message, Message.id == Item.message_id)
        .outerjoin(asked, asked.id == Message.parent_id)
        .where(Item.number.in_(numbers))
    )
    return {number: (question, answer) for number, question, answer in rows}
