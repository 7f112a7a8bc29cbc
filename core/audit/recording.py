"""Every change of what ``watched`` names becomes a line of the log, in the change's own transaction.

SQLAlchemy tells of what a session flushes and of the statements that change many rows at once. Always
holds: the change and its line are committed together or not at all; a line says who acted and from
where, what was and what is; ``core.db`` names this module for every session that writes, so no door and
no loop can forget it.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Table, and_, false, insert, inspect, or_, select
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from core import clock
from core.access.acting import acting, origin
from core.audit.watched import WATCHED, Watched
from core.db.tables import AuditEvent

LINES: Table = AuditEvent.__table__  # type: ignore[assignment]
Row = dict[str, Any]
AT_ONCE = 300  # rows that are looked up again after one statement has changed them


def flushed(session: Session, context: UOWTransaction) -> None:
    """Write down what a flush has changed."""
    lines = [
        *_changed(session.new, lambda row, watched: ({}, _told(watched, vars(row)))),
        *_changed(session.dirty, _difference),
        *_changed(session.deleted, lambda row, watched: (_told(watched, vars(row)), {})),
    ]
    write(session, lines)


def executed(state: ORMExecuteState) -> Any:
    """Write down what a statement changes row by row: looked at before, and again after."""
    if not (state.is_update or state.is_delete or state.is_insert):
        return None
    table: Any = getattr(state.statement, "table", None)
    watched = WATCHED.get(getattr(table, "name", ""))
    if watched is None or not _touches(state, watched):
        return None
    before = {} if state.is_insert else _rows(state.session, table, watched, _where(state, table))
    result = state.invoke_statement()
    if state.is_insert:
        after = {_key(watched, row): row for row in _given(state)}
    else:
        after = {} if state.is_delete else _again(state.session, table, watched, before)
    write(state.session, _lines(watched, before, after))
    return result


def write(session: Session, lines: list[Row]) -> None:
    """Add lines to the log, in the transaction that is open."""
    if lines:
        session.connection().execute(insert(LINES), [_who() | line for line in lines])


def line(action: str, kind: str, object_id: str, **facts: Any) -> Row:
    """A line of the log as it is stored, without who and where from."""
    whole = {"assistant_id": "", "before": {}, "after": {}} | facts
    return {"at": clock.now(), "action": action, "kind": kind, "object_id": object_id[:120]} | whole


def _who() -> Row:
    somebody, place = acting(), origin()
    return {
        "person_id": somebody.id if somebody else "",
        "door": place.door,
        "address": place.address[:64],
        "token_id": place.token_id,
    }


def _changed(rows: Iterable[Any], tell: Any) -> list[Row]:
    found = []
    for row in rows:
        watched = WATCHED.get(row.__tablename__)
        if watched is not None:
            before, after = tell(row, watched)
            found += _line(watched, vars(row), before, after)
    return found


def _difference(row: Any, watched: Watched) -> tuple[Row, Row]:
    """What a changed object had and has, of the columns that matter."""
    before, after = {}, {}
    for name in watched.columns:
        history = inspect(row).attrs[name].history
        if history.added and history.added != history.deleted:
            after[name] = plain(history.added[0])
            before[name] = plain(history.deleted[0]) if history.deleted else None
    return before, after


def _lines(watched: Watched, before: dict[str, Row], after: dict[str, Row]) -> list[Row]:
    found = []
    for key in {**before, **after}:
        was, now = before.get(key, {}), after.get(key, {})
        old, new = _told(watched, was), _told(watched, now)
        if was and now:
            differ = [name for name in watched.columns if was[name] != now[name]]
            old, new = ({name: plain(row[name]) for name in differ} for row in (was, now))
        found += _line(watched, now or was, old, new)
    return found


def _line(watched: Watched, row: Row, before: Row, after: Row) -> list[Row]:
    if not (before or after) or not watched.kept(row):
        return []
    home = str(row[watched.home]) if watched.home else ""
    action = _action(before, after)
    facts = {"assistant_id": home, "before": before, "after": after}
    return [line(action, watched.kind, _key(watched, row), **facts)]


def _action(before: Row, after: Row) -> str:
    if not before:
        return "create"
    if not after:
        return "delete"
    if "removed_at" in after:
        return "remove" if after["removed_at"] else "restore"
    return "change"


def _told(watched: Watched, row: Mapping[str, Any]) -> Row:
    """The columns of a row that hold something."""
    found = {name: plain(row.get(name)) for name in watched.columns}
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    return value.isoformat() if isinstance(value, date) else value


def _key(watched: Watched, row: Row) -> str:
    return ":".join(str(row.get(name, "")) for name in watched.key)


def _touches(state: ORMExecuteState, watched: Watched) -> bool:
    """Whether an update names a column that matters; one that cannot be told does."""
    values = getattr(state.statement, "_values", None)
    if not state.is_update or not values:
        return True
    return any(getattr(column, "key", column) in watched.columns for column in values)


def _where(state: ORMExecuteState, table: Table) -> Any:
    """Which rows a statement is about; a list of values names them by their keys."""
    if isinstance(state.parameters, list):
        return _these(table, state.parameters)
    return getattr(state.statement, "whereclause", None)


def _these(table: Table, rows: Iterable[Any]) -> Any:
    keys = [column.name for column in table.primary_key]
    return or_(false(), *(and_(*(table.c[key] == row[key] for key in keys)) for row in rows))


def _rows(session: Session, table: Table, watched: Watched, where: Any) -> dict[str, Row]:
    names = dict.fromkeys((*(column.name for column in table.primary_key), *watched.needed))
    asked = select(*(table.c[name] for name in names)).with_for_update()
    found = session.execute(asked if where is None else asked.where(where)).mappings()
    return {_key(watched, dict(row)): dict(row) for row in found}


def _again(
    session: Session, table: Table, watched: Watched, before: dict[str, Row]
) -> dict[str, Row]:
    rows, found = list(before.values()), dict[str, Row]()
    for start in range(0, len(rows), AT_ONCE):
        these = _these(table, rows[start : start + AT_ONCE])
        found |= _rows(session, table, watched, these)
    return found


def _given(state: ORMExecuteState) -> list[Row]:
    """What an insert was given, as far as it can be told without asking the database."""
    given: Any = state.parameters
    if isinstance(given, list):
        return [dict(row) for row in given]
    statement: Any = state.statement
    return [dict(statement.compile().params) | dict(given or {})]
