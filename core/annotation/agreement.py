"""How far reviewers agree: on the verdict and on each criterion of a queue, live.

In: a queue. Out: ``Agreement``: for each the share of pairs that agree, kappa, alpha, and words.
Always holds: only what reviewers judged counts (what a lead decided does not), and each person's
judgement once; a figure that rests on too little says so in place of a word.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from json import loads
from typing import Any

from sqlalchemy import Text, case, cast, func, select
from sqlalchemy.orm import Session

from core import access, db
from core.annotation.queues import found_queue, newest_guideline
from core.db.tables import Item, Judgement, Queue
from core.i18n import N_
from core.statistics import (
    ALPHA_WORDS,
    KAPPA_WORDS,
    TOO_FEW,
    Coefficient,
    Share,
    agreeing,
    alpha,
    cohen,
    enough,
    fleiss,
    in_words,
    pairs,
)

VERDICT = "verdict"
REVIEWED = ("review", "calibration")  # kinds of judgement that count
NOBODY_TWICE = N_("No item has two judgements yet.")
ALL_THE_SAME = N_("All said the same: by chance alone they would have, too.")
NOT_ENOUGH_EACH = N_("Kappa needs items with as many judgements as the queue asks for.")
SEPARATOR = "\x1e"  # JSON writes it otherwise
Values = tuple[Any, ...]


@dataclass(frozen=True)
class OnOne:
    """Agreement on the verdict or on a criterion (``name``; ``title`` as its rubric has it).

    ``items`` have two judgements or more, which make ``pairs``. ``kappa_kind``: cohen (two people
    judged), fleiss (several, as many judgements of each item as the queue asks for), or "" with
    ``why`` as a sentence of the catalogue. ``level`` is that of alpha: nominal for the verdict,
    ordinal for a scale. ``kappa_words`` and ``alpha_words`` stand in the catalogue too; they are
    TOO_FEW with fewer than ``least`` items.
    """

    name: str
    title: str
    level: str
    items: int
    pairs: int
    least: int
    percent: Share | None
    kappa: Coefficient | None
    kappa_kind: str
    kappa_words: str
    why: str
    alpha: Coefficient | None
    alpha_words: str


@dataclass(frozen=True)
class Agreement:
    """Agreement in a queue: ``on`` the verdict first, then the criteria of its rubric; of so many
    judgements by so many reviewers."""

    queue_id: str
    judgements: int
    reviewers: int
    on: list[OnOne]


@access.allowed("review")
def agreement(queue_id: str) -> Agreement:
    """The agreement of a queue's reviewers at this moment; NotFound for an unknown queue."""
    with db.session() as session:
        queue = found_queue(session, queue_id)
        rubric = newest_guideline(session, queue_id).rubric
        people = _people(session, queue_id)
        names = [VERDICT, *(one["name"] for one in rubric)]
        said = _patterns(session.execute(_grouped(queue_id, people)), names)
    titles = {VERDICT: N_("Verdict")} | {one["name"]: one["title"] for one in rubric}
    two = len(people) == 2
    on = [_on(name, titles[name], said[name], queue, two) for name in names]
    return Agreement(queue_id, sum(people.values()), len(people), on)


def _people(session: Session, queue_id: str) -> dict[str, int]:
    """How many judgements each reviewer has given; people who are gone count as one."""
    query = (
        select(func.coalesce(Judgement.person_id, ""), func.count())
        .join(Item, Item.number == Judgement.item_number)
        .where(Item.queue_id == queue_id, *counting())
        .group_by(Judgement.person_id)
    )
    rows: Any = session.execute(query).all()
    return dict(tuple(row) for row in rows)


def counting(judgement: Any = Judgement) -> tuple[Any, ...]:
    """Conditions on the judgements that stand and were given by reviewers."""
    return judgement.withdrawn_at.is_(None), judgement.kind.in_(REVIEWED)


def _grouped(queue_id: str, people: Collection[str]) -> Any:
    """(all that was judged of an item, how many items), put together by the database.

    Of two people the first one's judgement is marked, so that who said what can be told apart.
    """
    first = min(people, default="") if len(people) == 2 else None
    mark = case((Judgement.person_id == first, "1"), else_="2")
    one = mark + Judgement.verdict + cast(Judgement.scores, Text)
    per_item = (
        select(func.aggregate_strings(one, SEPARATOR).label("judged"))
        .join(Item, Item.number == Judgement.item_number)
        .where(Item.queue_id == queue_id, *counting())
        .group_by(Judgement.item_number)
        .subquery()
    )
    return select(per_item.c.judged, func.count()).group_by(per_item.c.judged)


def _patterns(rows: Iterable[Any], names: list[str]) -> dict[str, Counter[Values]]:
    """For the verdict and each criterion: {the values an item got: how many items}."""
    said: dict[str, Counter[Values]] = defaultdict(Counter)
    for judged, n in rows:
        values = [_read(one) for one in sorted(judged.split(SEPARATOR))]
        for name in names:
            said[name][tuple([one[name] for one in values if name in one])] += n
    return said


@lru_cache(maxsize=20_000)
def _read(one: str) -> dict[str, Any]:
    verdict, _brace, scores = one[1:].partition("{")
    return {VERDICT: verdict, **loads("{" + scores)}


def _on(name: str, title: str, said: Counter[Values], queue: Queue, two: bool) -> OnOne:
    compared = {values: n for values, n in said.items() if len(values) > 1}
    least = enough(len({value for values in compared for value in values}))
    level: Any = "nominal" if name == VERDICT else "ordinal"
    kind, kappa, why = _kappa(compared, queue, two)
    reliability = alpha(compared, level)
    return OnOne(
        name=name,
        title=title,
        level=level,
        items=sum(compared.values()),
        pairs=pairs(compared),
        least=least,
        percent=agreeing(compared),
        kappa=kappa,
        kappa_kind=kind,
        kappa_words=in_words(kappa, KAPPA_WORDS, least) if kappa else TOO_FEW,
        why=why,
        alpha=reliability,
        alpha_words=in_words(reliability, ALPHA_WORDS, least) if reliability else TOO_FEW,
    )


def _kappa(
    compared: dict[Values, int], queue: Queue, two: bool
) -> tuple[str, Coefficient | None, str]:
    """Its kind, the coefficient, and why there is none."""
    if not compared:
        return "", None, NOBODY_TWICE
    each = 2 if two else queue.reviewers_per_item
    full = {values: n for values, n in compared.items() if len(values) == each}
    if not full:
        return "", None, NOT_ENOUGH_EACH
    found = cohen(full) if two else fleiss(full)
    if found is None:
        return "", None, ALL_THE_SAME
    return "cohen" if two else "fleiss", found, ""
