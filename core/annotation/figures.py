"""What each reviewer of a queue has done, and how often they judged as others or the lead did.

In: a queue, and who may see it. Out: ``Figures``, a person each. Always holds: a reviewer sees their
own and nobody else's, a lead sees all; every share says of how many items it is, and whether they
are too few to rely on.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from core import access, db
from core.annotation.agreement import counting
from core.annotation.estimating import THIN
from core.annotation.queues import found_queue
from core.annotation.types import VERDICTS
from core.db.tables import Item, Judgement, Person
from core.statistics import Share, wilson


@dataclass(frozen=True)
class Figures:
    """``items`` judged, of which half took no longer than ``seconds`` (None: nothing measured).

    How often the verdict was that of ``gold`` (the lead's, where one decided: mostly items on which
    reviewers differed), of the ``majority`` (more than half of at least two others on the same item)
    and the one ``known`` beforehand of calibration items. None: of no item.
    """

    person_id: str | None
    name: str
    items: int
    seconds: float | None
    gold: Share | None
    majority: Share | None
    known: Share | None


def is_thin(share: Share | None) -> bool:
    """Whether a share rests on too few items to rely on."""
    return share is None or share.n < THIN


@access.allowed("review")
def figures(queue_id: str, person_id: str | None = None) -> list[Figures]:
    """The figures of this person, or (for a lead) of all, most items first.

    NotAllowed where a reviewer asks for another's, or for all.
    """
    access.demand_unless_own(person_id, "lead")
    with db.session() as session:
        found_queue(session, queue_id)
        agreed = session.execute(_agreed(queue_id, person_id)).all()
        times = _times(session, queue_id, person_id)
        names = _names(session, [row.person_id for row in agreed])
    by_person: dict[str | None, list[Any]] = defaultdict(list)
    for row in agreed:
        by_person[row.person_id].append(row)
    told = [_figures(who, names, rows, times[who]) for who, rows in by_person.items()]
    return sorted(told, key=lambda one: (-one.items, one.name))


def _agreed(queue_id: str, person_id: str | None) -> Any:
    """(person, their verdict, the gold one, the known one, what the item got of each verdict, n)."""
    all_of = aliased(Judgement)
    per_item = select(all_of.item_number, *(_count(all_of, one) for one in VERDICTS))
    per_item = per_item.where(*counting(all_of)).group_by(all_of.item_number)
    if person_id:
        per_item = per_item.where(all_of.item_number.in_(_own(person_id)))
    got, gold = per_item.subquery(), aliased(Judgement)
    known = case((Judgement.kind == "calibration", Item.known["verdict"].as_string()), else_=None)
    facts = [Judgement.person_id, Judgement.verdict, gold.verdict.label("gold")]
    facts += [known.label("known"), *(got.c[one] for one in VERDICTS)]
    query = (
        select(*facts, func.count().label("n"))
        .join(Item, Item.number == Judgement.item_number)
        .join(got, got.c.item_number == Judgement.item_number)
        .outerjoin(gold, gold.id == Item.gold_id)
        .where(*_whose(queue_id, person_id))
    )
    return query.group_by(*facts)


def _count(judgement: Any, verdict: str) -> Any:
    return func.sum(case((judgement.verdict == verdict, 1), else_=0)).label(verdict)


def _own(person_id: str) -> Any:
    return select(Judgement.item_number).where(Judgement.person_id == person_id, *counting())


def _whose(queue_id: str, person_id: str | None) -> list[Any]:
    of_person = [Judgement.person_id == person_id] if person_id else []
    return [Item.queue_id == queue_id, *counting(), *of_person]


def _times(session: Session, queue_id: str, person_id: str | None) -> dict[str | None, list[float]]:
    query = select(Judgement.person_id, Judgement.seconds).join(
        Item, Item.number == Judgement.item_number
    )
    measured = query.where(*_whose(queue_id, person_id), Judgement.seconds.is_not(None))
    times: dict[str | None, list[float]] = defaultdict(list)
    for who, seconds in session.execute(measured).all():
        times[who].append(seconds or 0.0)
    return times


def _most(row: Any) -> str | None:
    """What more than half of the others said, if they are two or more."""
    others = {one: getattr(row, one) - (one == row.verdict) for one in VERDICTS}
    n = sum(others.values())
    return next((one for one, count in others.items() if n > 1 and count > n / 2), None)


def _share(rows: Sequence[Any], right: Callable[[Any], str | None]) -> Share | None:
    """Of the items where it is known what is right: how many were judged so."""
    of = [row for row in rows if right(row)]
    return wilson(sum(row.n for row in of if row.verdict == right(row)), sum(row.n for row in of))


def _names(session: Session, ids: list[str | None]) -> dict[str | None, str]:
    people = session.scalars(select(Person).where(Person.id.in_([id_ for id_ in ids if id_])))
    return {person.id: access.called(person) for person in people}


def _figures(
    person_id: str | None,
    names: dict[str | None, str],
    rows: Sequence[Any],
    times: Sequence[float],
) -> Figures:
    return Figures(
        person_id=person_id,
        name=names.get(person_id, ""),
        items=sum(row.n for row in rows),
        seconds=median(times) if times else None,
        gold=_share(rows, lambda row: row.gold),
        majority=_share(rows, _most),
        known=_share(rows, lambda row: row.known),
    )
