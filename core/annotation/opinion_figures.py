"""How far a queue's judge model and its reviewers say the same: what its next opinion is worth.

In: a queue. Out: ``JudgeFigures``, and for each verdict how often reviewers judged so too. Always
holds: an opinion is compared with the verdict that most of an item's reviewers gave by the same
guideline; where no verdict has more than half, it is compared with nothing; a lead's decision
counts on neither side.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import aliased

from core import access, db
from core.annotation.agreement import counting
from core.annotation.queues import found_queue
from core.annotation.standing import majority
from core.annotation.types import VERDICTS
from core.db.tables import Judgement, Opinion, Queue
from core.statistics import (
    KAPPA_WORDS,
    TOO_FEW,
    Coefficient,
    Share,
    agreeing,
    cohen,
    enough,
    in_words,
)

LATEST = 500  # items that the record of a verdict rests on
Pairs = Counter[tuple[Any, ...]]  # {(the judge's verdict, the reviewers'): items}


@dataclass(frozen=True)
class JudgeFigures:
    """``model`` "" where the queue names none. Of its ``opinions``, ``failures`` came to nothing
    (``last_failed``: the code of the last row, "" where that is an opinion).

    ``percent`` of the items that both judged, ``kappa`` beyond chance; ``kappa_words`` stands in the
    catalogue, TOO_FEW with fewer than ``least`` items.
    """

    model: str
    opinions: int
    failures: int
    last_failed: str
    percent: Share | None
    kappa: Coefficient | None
    kappa_words: str
    least: int


@access.allowed("review")
def judge_figures(queue_id: str) -> JudgeFigures:
    """The figures of the model that a queue names now; NotFound for an unknown queue."""
    with db.session() as session:
        row = found_queue(session, queue_id)
        mine = (Opinion.queue_id == queue_id, Opinion.model == row.judge)
        n: Any = session.execute(select(func.count(), _count(Opinion.failed != "")).where(*mine))
        all_, failures = n.one()
        last = session.scalar(
            select(Opinion.failed).where(*mine).order_by(Opinion.created_at.desc()).limit(1)
        )
    pairs = _pairs(row)
    kappa = cohen(pairs)
    least = enough(len({value for pair in pairs for value in pair}))
    return JudgeFigures(
        model=row.judge,
        opinions=all_ - (failures or 0),
        failures=failures or 0,
        last_failed=last or "",
        percent=agreeing(pairs),
        kappa=kappa,
        kappa_words=in_words(kappa, KAPPA_WORDS, least) if kappa else TOO_FEW,
        least=least,
    )


@access.allowed("review")
def judge_record(queue_id: str) -> dict[str, tuple[int, int]]:
    """{the judge's verdict: (items that reviewers judged so, items)} over the latest that both judged."""
    with db.session() as session:
        row = found_queue(session, queue_id)
    pairs = _pairs(row, LATEST)
    said = Counter[str]()
    for (verdict, _judged), n in pairs.items():
        said[verdict] += n
    return {verdict: (pairs[verdict, verdict], n) for verdict, n in said.items()}


def _pairs(row: Queue, latest: int | None = None) -> Pairs:
    """Of all items that the queue's judge and its reviewers judged, or the ``latest``."""
    pairs: Pairs = Counter()
    if not row.judge:
        return pairs
    query = select(Opinion.verdict, *(_count(Judgement.verdict == one) for one in VERDICTS))
    if latest:
        query = query.where(Opinion.id.in_(_newest(row).limit(latest)))
    judged = query.where(*_of(row, Opinion), *_by_reviewers(Opinion, Judgement))
    per_item = judged.group_by(Opinion.id, Opinion.verdict).subquery()
    with db.session() as session:
        rows = session.execute(select(*per_item.c, func.count()).group_by(*per_item.c)).all()
    for verdict, *counts, n in rows:
        if reviewed := majority(counts):
            pairs[verdict, reviewed] += n
    return pairs


def _newest(row: Queue) -> Any:
    """The opinions that reviewers have judged beside, newest first: found by their index, one by one."""
    said, judged = aliased(Opinion), aliased(Judgement)
    there = exists().where(*_by_reviewers(said, judged))
    return select(said.id).where(*_of(row, said), there).order_by(said.created_at.desc())


def _of(row: Queue, said: Any) -> tuple[Any, ...]:
    return said.queue_id == row.id, said.model == row.judge, said.verdict != ""


def _by_reviewers(said: Any, judged: Any) -> tuple[Any, ...]:
    same_rules = judged.guideline_id == said.guideline_id
    return judged.item_number == said.item_number, same_rules, *counting(judged)


def _count(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))
