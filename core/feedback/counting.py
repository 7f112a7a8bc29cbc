"""Feedback counted: by day, assistant, version, reason or topic.

In: a ``Wanted`` and what to count by. Out: ``Tally`` rows. Always holds: a thumb counts under each of
its reasons; everything else counts once; a day is one of the reader's zone.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, func, null

from core import clock, db
from core.access import allowed
from core.db.tables import Conversation, ConversationRating, Feedback, Flag, Message
from core.errors import InvalidInput
from core.feedback.wanted import FLAG, THUMB, WHOLE, Kind, Wanted, found, kinds, topic_of
from core.i18n import _

BY = ("day", "assistant", "version", "reason", "topic")
FIGURES = ("up", "down", "problems", "starred", "stars", "solved", "not_solved")


@dataclass(frozen=True)
class Tally:
    """What was said under one ``key`` ("" for none): thumbs, flags, and conversations: how many with
    stars, the sum of these, how many solved and not."""

    key: str = ""
    up: int = 0
    down: int = 0
    problems: int = 0
    starred: int = 0
    stars: int = 0
    solved: int = 0
    not_solved: int = 0

    @property
    def n(self) -> int:
        """How many things were said; stars and "solved?" of one conversation may be one."""
        return self.up + self.down + self.problems + max(self.starred, self.solved_n)

    @property
    def rated(self) -> int:
        """How many thumbs."""
        return self.up + self.down

    @property
    def solved_n(self) -> int:
        """How many said whether it was solved."""
        return self.solved + self.not_solved

    def __add__(self, other: "Tally") -> "Tally":
        sums = {name: getattr(self, name) + getattr(other, name) for name in FIGURES}
        return Tally(self.key, **sums)


@allowed("read")
def counts(by: str, wanted: Wanted | None = None, *, zone: tzinfo = UTC) -> list[Tally]:
    """The tallies by ``by`` (one of BY): days in order ("2026-11-20"), the rest with most first."""
    if by not in BY:
        raise InvalidInput(
            _("Feedback is not counted by “{value}”.").format(value=by),
            field="by",
            hint=_("Use one of: {reasons}.").format(reasons=", ".join(BY)),
        )
    chosen = wanted or Wanted()
    sums: dict[str, Tally] = defaultdict(Tally)
    for kind in kinds(chosen):
        for raw, *figures in _counted(kind, by, chosen, zone):
            tally = Tally("", *(int(figure or 0) for figure in figures))
            for key in _keys(kind, by, raw, zone):
                sums[key] += tally
    rows = [Tally(key, **_figures(tally)) for key, tally in sums.items()]
    return sorted(rows, key=(lambda row: row.key) if by == "day" else _most_first)


def total(tallies: list[Tally]) -> Tally:
    """The sum of tallies whose keys do not overlap (not those by reason)."""
    return sum(tallies, Tally())


def _most_first(row: Tally) -> Any:
    return (-row.n, row.key)


def _figures(tally: Tally) -> dict[str, int]:
    return {one.name: getattr(tally, one.name) for one in fields(tally) if one.name != "key"}


def _counted(kind: Kind, by: str, wanted: Wanted, zone: tzinfo) -> Any:
    key = _key(kind, by, zone).label("key")
    if by == "reason" and kind is WHOLE:
        return []
    query = found(kind, wanted, key, *_sums(kind), whose=by).group_by("key")
    with db.session() as session:
        return session.execute(query).all()


def _key(kind: Kind, by: str, zone: tzinfo) -> Any:
    if by == "day":
        return _cut(kind.table.created_at, zone)
    if by == "assistant":
        return Conversation.assistant_id
    if by == "version":
        return Message.version_id
    if by == "topic":
        return topic_of(kind.answer)
    return {THUMB: cast(Feedback.reasons, String), FLAG: Flag.problem, WHOLE: null()}[kind]


def _cut(at: Any, zone: tzinfo) -> Any:
    """A moment cut to its hour, UTC ("2026-11-20 14"): days of a zone are made of these. Where the
    zone is half an hour off, to ten minutes ("2026-11-20 14:3")."""
    offset = clock.now().astimezone(zone).utcoffset() or timedelta()
    length = 15 if offset % timedelta(hours=1) else 13
    if db.engine().dialect.name == "sqlite":
        return func.substr(cast(at, String), 1, length)
    return func.left(func.to_char(func.timezone("UTC", at), "YYYY-MM-DD HH24:MI"), length)


def _sums(kind: Kind) -> Iterator[ColumnElement[Any]]:
    """The figures of Tally, in its order; those of other kinds are nothing."""
    of_kind: dict[Kind, dict[str, Any]] = {
        THUMB: {name: _n(Feedback.rating == name) for name in ("up", "down")},
        FLAG: {"problems": func.count()},
        WHOLE: {
            "starred": func.count(ConversationRating.stars),
            "stars": func.sum(ConversationRating.stars),
            "solved": _n(ConversationRating.solved.is_(True)),
            "not_solved": _n(ConversationRating.solved.is_(False)),
        },
    }
    return (of_kind[kind].get(name, null()) for name in FIGURES)


def _n(holds: ColumnElement[bool]) -> Any:
    return func.sum(case((holds, 1), else_=0))


def _keys(kind: Kind, by: str, raw: Any, zone: tzinfo) -> list[str]:
    if by == "day":
        at = datetime.fromisoformat(f"{raw}0:00" if len(raw) == 15 else f"{raw}:00").replace(
            tzinfo=UTC
        )
        return [at.astimezone(zone).date().isoformat()]
    if by == "reason" and kind is THUMB:
        return json.loads(raw or "[]") or [""]
    return [raw or ""]
