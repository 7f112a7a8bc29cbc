"""What reviewers and judge models said of conversations, read from the database as facts.

In: ids of conversations, and their answers as they were collected. Out: rows of the frames ``items``,
``judgements`` and ``scores``, as columns. Always holds: items that were taken out, those of removed
queues and judgements that were undone have none; an item has one verdict, by the rule of
``core.annotation.standing``, and none before it is done; what a model said is never mixed with it.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from statistics import median_low
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.annotation import FAILURE_TYPES, VERDICTS, standing
from core.annotation.agreement import REVIEWED
from core.db.tables import Guideline, Item, Judgement, Opinion, Queue
from core.metrics.facts import ITEMS, JUDGEMENTS, OF_ANSWER, SCORES, Codes
from core.metrics.moments import epoch

OPINION = "opinion"  # the kind of what a judge model said, beside those of judgements
TONE = "tone"
Columns = dict[str, list[Any]]
Row = dict[str, Any]
Scales = dict[str, dict[str, tuple[float, float]]]  # guideline: criterion: lowest, highest


def rows(
    session: Session, ids: Sequence[str], codes: Codes, answers: Columns, index: dict[str, int]
) -> dict[str, Columns]:
    """``index``: the key of each answer by its message's id; keys count on without a gap."""
    items = session.execute(_items(ids)).all()
    said: dict[int, list[Any]] = defaultdict(list)
    for one in session.execute(_judgements(ids)):
        said[one.item_number].append(one)
    opinions = {one.item_number: one for one in session.execute(_opinions(ids))}  # the newest
    scales = _scales(session, said)
    found: dict[str, list[Row]] = {"items": [], "judgements": [], "scores": []}
    first = min(index.values(), default=0)
    for item in items:
        if item.message_id in index:
            key = index[item.message_id]
            shared = {name: answers[name][key - first] for name in OF_ANSWER}
            shared |= {"item": item.number, "answered": answers["at"][key - first]}
            judged, opinion = said[item.number], opinions.get(item.number)
            heights = _heights(item, judged, scales)
            found["items"].append(shared | {"key": key} | _item(item, judged, heights))
            found["judgements"] += [shared | one for one in _said(judged, opinion)]
            of = {name: shared[name] for name in ("conversation", "item")}
            found["scores"] += [
                of | {"criterion": name, "height": height} for name, height in heights.items()
            ]
    kinds = {"items": ITEMS, "judgements": JUDGEMENTS, "scores": SCORES}
    return {name: _columns(kind, found[name], codes) for name, kind in kinds.items()}


def _columns(kind: dict[str, tuple[str, str]], rows: list[Row], codes: Codes) -> Columns:
    """Words become codes; what comes from the answers is coded already."""
    columns = {name: [row[name] for row in rows] for name in kind}
    for name, (_type, words) in kind.items():
        if words and name not in OF_ANSWER:
            columns[name] = codes.of(words, columns[name])
    return columns


def _there(ids: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    return (
        Item.conversation_id.in_(ids),
        Item.state.in_(("pending", "done")),
        Queue.removed_at.is_(None),
    )


def _items(ids: Sequence[str]) -> Any:
    facts = (Item.number, Item.message_id, Item.state, Item.protected, Item.gold_id)
    made = epoch(Item.created_at).label("created")
    return select(*facts, made).join(Queue, Queue.id == Item.queue_id).where(*_there(ids))


def _judgements(ids: Sequence[str]) -> Any:
    said = (Judgement.id, Judgement.supersedes_id, Judgement.verdict, Judgement.failure_type)
    more = (Judgement.item_number, Judgement.person_id, Judgement.kind, Judgement.guideline_id)
    return (
        select(*said, *more, Judgement.scores, epoch(Judgement.created_at).label("at"))
        .join(Item, Item.number == Judgement.item_number)
        .join(Queue, Queue.id == Item.queue_id)
        .where(*_there(ids), Judgement.withdrawn_at.is_(None))
        .order_by(Judgement.created_at, Judgement.id)
    )


def _opinions(ids: Sequence[str]) -> Any:
    """Those of the model that the queue names now, oldest first."""
    said = (Opinion.item_number, Opinion.guideline_id, Opinion.model, Opinion.verdict)
    return (
        select(*said, epoch(Opinion.created_at).label("at"))
        .join(Item, Item.number == Opinion.item_number)
        .join(Queue, Queue.id == Item.queue_id)
        .where(*_there(ids), Opinion.model == Queue.judge, Opinion.verdict != "")
        .order_by(Opinion.created_at, Opinion.id)
    )


def _scales(session: Session, said: dict[int, list[Any]]) -> Scales:
    ids = {one.guideline_id for judged in said.values() for one in judged if one.scores}
    query = select(Guideline.id, Guideline.rubric).where(Guideline.id.in_(ids - {None}))
    return {key: dict(map(_ends, rubric)) for key, rubric in session.execute(query)}


def _ends(criterion: dict[str, Any]) -> tuple[str, tuple[float, float]]:
    """Its name, and where its scale begins and ends."""
    values = [point["value"] for point in criterion["scale"]]
    return criterion["name"], (min(values), max(values))


def _heights(item: Any, judged: list[Any], scales: Scales) -> dict[str, float]:
    """How high an item that is done scored on each criterion: 0 is the foot of its scale, 1 the top.

    The gold judgement's score where it has one, else the middle one of those that hold; of two in
    the middle the lower, as with verdicts.
    """
    if item.state != "done":
        return {}
    holding = standing.standing(judged, item.gold_id)
    given: dict[str, list[float]] = defaultdict(list)
    for one in holding:
        for name, height in _scored(one, scales):
            given[name].append(height)
    gold = [pair for one in holding if one.id == item.gold_id for pair in _scored(one, scales)]
    return {name: median_low(heights) for name, heights in given.items()} | dict(gold)


def _scored(one: Any, scales: Scales) -> list[tuple[str, float]]:
    ends = scales.get(one.guideline_id, {})
    return [
        (name, (value - ends[name][0]) / (ends[name][1] - ends[name][0]))
        for name, value in one.scores.items()
        if name in ends
    ]


def _item(item: Any, judged: list[Any], heights: dict[str, float]) -> Row:
    done = item.state == "done"
    deciding = standing.deciding(judged, item.gold_id) if done else []
    verdict = standing.verdict(judged, item.gold_id) if done else ""
    return {
        "created": item.created,
        "first": min((one.at for one in judged), default=None),
        "at": max((one.at for one in deciding), default=None),
        "protected": item.protected,
        "verdict": verdict,
        "failure": _failure(verdict, deciding),
        "tone": heights.get(TONE),
        "quality": sum(heights.values()) / len(heights) if heights else None,
    }


def _failure(verdict: str, deciding: list[Any]) -> str:
    """The kind of failure that most of those named who judged so; of two the first in their order."""
    named = Counter(one.failure_type for one in deciding if one.verdict == verdict)
    return (
        max(FAILURE_TYPES, key=lambda one: named[one])
        if any(named[n] for n in FAILURE_TYPES)
        else ""
    )


def _said(judged: list[Any], opinion: Any) -> list[Row]:
    told = [
        {
            "at": one.at,
            "kind": one.kind,
            "by": one.person_id,
            "verdict": one.verdict,
            "reviewed": "",
        }
        for one in judged
    ]
    if opinion is not None:
        same = [one for one in judged if one.guideline_id == opinion.guideline_id]
        verdicts = [one.verdict for one in same if one.kind in REVIEWED]
        counts = [verdicts.count(verdict) for verdict in VERDICTS]
        row = {"at": opinion.at, "kind": OPINION, "by": opinion.model, "verdict": opinion.verdict}
        told.append(row | {"reviewed": standing.majority(counts)})
    return told
