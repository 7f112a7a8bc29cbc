"""Answers that a version gave in a run before, taken over by a run that asks the same.

In: the comparisons of a run that begins. Out: the same, some sides of which point at an answer that is
there. Always holds: it is the same version's answer to the same words, found and asked for in the same
way over the same documents and memory, and it did not fail; its times are those of then. Of two
answers that stood side by side before, one is asked for anew: that pair was compared already.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core import retrieval
from core.comparison.types import SIDES, Side
from core.db.tables import Comparison, Message

STATES = "states"  # in a comparison's settings: over which documents each side was answered
AT_ONCE = 500  # ids of one statement
FAILURES = ("error", "cut_off")

Key = tuple[str, ...]


def take_over(session: Session, assistant_id: str, rows: Sequence[Comparison]) -> dict[str, int]:
    """Point sides at answers that are there; how many of each side."""
    state = retrieval.state(assistant_id)
    known = _known(session, assistant_id, rows[0], state) if rows else {}
    taken: dict[str, int] = dict.fromkeys(SIDES, 0)
    for row in rows:
        found = {side: known.get(_key(row, side, state), "") for side in SIDES}
        for side, answer_id in found.items():
            if answer_id and (side == "a" or not found["a"]):
                setattr(row, f"{side}_answer_id", answer_id)
                row.settings = noted(row, {side: state})
                taken[side] += 1
    return taken


def noted(row: Comparison, states: Mapping[str, str]) -> dict[str, Any]:
    """The settings of a comparison with the state of the documents that sides were answered over."""
    return row.settings | {STATES: row.settings.get(STATES, {}) | states}


def _known(session: Session, assistant_id: str, like: Comparison, state: str) -> dict[Key, str]:
    """What was answered over the present documents by one of the two versions: {key: answer id}."""
    versions = (like.a_version_id, like.b_version_id)
    of_runs = select(Comparison).where(
        Comparison.assistant_id == assistant_id,
        Comparison.source == "run",
        Comparison.run_id != like.run_id,
        Comparison.done_at.is_not(None),
        or_(Comparison.a_version_id.in_(versions), Comparison.b_version_id.in_(versions)),
    )
    told = {
        _key(row, side, state): getattr(row, f"{side}_answer_id")
        for row in session.scalars(of_runs.order_by(Comparison.done_at))
        for side in SIDES
        if row.settings.get(STATES, {}).get(side) == state
    }
    came = _came(session, sorted(set(told.values())))
    return {key: answer_id for key, answer_id in told.items() if answer_id in came}


def _came(session: Session, ids: Sequence[str]) -> set[str]:
    """Of these answers, those that ended well."""
    found: set[str] = set()
    for start in range(0, len(ids), AT_ONCE):
        part = Message.id.in_(ids[start : start + AT_ONCE])
        good = Message.state == "done", Message.outcome.not_in(FAILURES)
        found |= set(session.scalars(select(Message.id).where(part, *good)))
    return found


def _key(row: Comparison, side: Side, state: str) -> Key:
    """What makes two answers the same: who, over what, found by whose settings, in which way."""
    own = row.a_version_id if side == "a" else row.b_version_id
    searching = row.a_version_id if row.settings.get("same_passages") else own
    way = json.dumps(row.settings.get(side) or {}, sort_keys=True)
    return own, searching, way, state, row.question
