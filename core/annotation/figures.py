"""What each reviewer of a queue has done, and how often they judged as others or the lead did.

In: a queue, and who may see it. Out: ``Figures``, a person each. Always holds: a reviewer sees their
own and nobody else's, a lead sees all; every share says of how many items it is, and whether they
are too few to rely on.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from core import access, db
from core.annotation.agreement import counting
from core.annotation.estimating import THIN
from core.annotation.queues import found_queue
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


@dataclass
class _Tally:
    """What is counted of one person: of each item, whether they agreed."""

    seconds: list[float] = field(default_factory=list)
    items: int = 0
    gold: list[bool] = field(default_factory=list)
    majority: list[bool] = field(default_factory=list)
    known: list[bool] = field(default_factory=list)


def is_thin(share: Share | None) -> bool:
    """Whether a share rests on too few items to rely on."""
    return share is None or share.n < THIN


@access.allowed("review")
def figures(queue_id: str, person_id: str | None = None) -> list[Figures]:
    """The figures of this person, or (for a lead) of all, most items first.

    NotAllowed where a reviewer asks for another's, or for all.
    """
    somebody = access.acting()
    if somebody and somebody.id != person_id:
        access.demand("lead")
    with db.session() as session:
        found_queue(session, queue_id)
        tallies = _tallies(session.execute(_judged(queue_id, person_id)).all(), person_id)
        names = _names(session, list(tallies))
    told = [_figures(who, names.get(who, ""), tally) for who, tally in tallies.items()]
    return sorted(told, key=lambda one: (-one.items, one.name))


def _judged(queue_id: str, person_id: str | None) -> Any:
    """The judgements of the queue, or of the items which this person has judged; item by item."""
    gold = aliased(Judgement)
    query = (
        select(
            *(Judgement.item_number, Judgement.person_id, Judgement.verdict, Judgement.kind),
            *(Judgement.seconds, gold.verdict, Item.known),
        )
        .join(Item, Item.number == Judgement.item_number)
        .outerjoin(gold, gold.id == Item.gold_id)
        .where(Item.queue_id == queue_id, *counting())
        .order_by(Judgement.item_number)
    )
    if person_id:
        own = select(Judgement.item_number).where(Judgement.person_id == person_id, *counting())
        query = query.where(Judgement.item_number.in_(own))
    return query


def _tallies(rows: Sequence[Any], person_id: str | None) -> dict[str | None, _Tally]:
    verdicts: dict[int, Counter[str]] = defaultdict(Counter)
    for number, _who, verdict, *_rest in rows:
        verdicts[number][verdict] += 1
    tallies: dict[str | None, _Tally] = defaultdict(_Tally)
    for number, who, verdict, kind, seconds, gold, known in rows:
        if person_id and who != person_id:
            continue
        tally = tallies[who]
        tally.items += 1
        if seconds is not None:
            tally.seconds.append(seconds)
        if gold:
            tally.gold.append(verdict == gold)
        if kind == "calibration" and known:
            tally.known.append(verdict == known["verdict"])
        if most := _most(verdicts[number], verdict):
            tally.majority.append(verdict == most)
    return tallies


def _most(verdicts: Counter[str], own: str) -> str | None:
    """What more than half of the others said, if they are two or more."""
    others = verdicts - Counter([own])
    n = others.total()
    return next((one for one, count in others.items() if n > 1 and count > n / 2), None)


def _names(session: Session, ids: list[str | None]) -> dict[str | None, str]:
    people = session.scalars(select(Person).where(Person.id.in_([id_ for id_ in ids if id_])))
    return {person.id: access.called(person) for person in people}


def _figures(person_id: str | None, name: str, tally: _Tally) -> Figures:
    return Figures(
        person_id=person_id,
        name=name,
        items=tally.items,
        seconds=median(tally.seconds) if tally.seconds else None,
        gold=wilson(sum(tally.gold), len(tally.gold)),
        majority=wilson(sum(tally.majority), len(tally.majority)),
        known=wilson(sum(tally.known), len(tally.known)),
    )
