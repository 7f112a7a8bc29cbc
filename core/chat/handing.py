"""The finished answer to the first question of a conversation, handed to who waits for it.

In: the work, once its end is stored. Out: the ``Answer`` that reading it back would give, at a fraction
of the price; None where it must be read: it was given before, or others stand beside it.
"""

from functools import cache
from typing import Any, TypeVar

from sqlalchemy.orm import class_mapper

from core.chat.draft import Work
from core.chat.types import Answer
from core.db.tables import Base, Citation, Message, Passage

Row = TypeVar("Row", bound=Base)


def answer(work: Work) -> Answer | None:
    """The answer as it is stored now."""
    draft, began = work.draft, work.began
    if began is None or draft.kept is None or not draft.stored:
        return None
    stored = {name: value for name, value in draft.stored.items() if name != "answer"}
    passages, citations = draft.kept
    return Answer(
        row(Message, _given(began) | stored),
        row(Message, _given(work.asked)),
        row(type(work.talk), _given(work.talk)),
        [row(Passage, values) for values in passages],
        [row(Citation, values) for values in citations],
        siblings=[began.id],
        wordings=[work.asked.id],
    )


def row(table: type[Row], values: dict[str, Any]) -> Row:
    """A row as it is read back: what was not given is as the table has it by default. As it is read
    back it is made, too: setting each attribute by itself takes ten times as long."""
    made: Row = class_mapper(table).class_manager.new_instance()
    vars(made).update({name: make() for name, make in _defaults(table) if name not in values})
    vars(made).update(values)
    return made


def _given(known: Base) -> dict[str, Any]:
    return {name: value for name, value in vars(known).items() if not name.startswith("_")}


@cache
def _defaults(table: type[Base]) -> tuple[tuple[str, Any], ...]:
    return tuple((column.key, _default(column)) for column in table.__table__.columns)


def _default(column: Any) -> Any:
    known = column.default
    if known is None:
        return lambda: None
    return (lambda: known.arg) if known.is_scalar else (lambda: known.arg(None))
