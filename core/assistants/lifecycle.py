"""An assistant's life: made, found, edited, removed, brought back; and which one is the default.

The first assistant becomes the default; when the default is removed the oldest one left takes its
place. Removing keeps the row (and all that hangs on it) for an undo.
"""

from functools import cache
from typing import Any, NoReturn

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import clock, db, registry
from core.access import allowed, seen, sees, there
from core.assistants.fields import checked
from core.db.tables import Assistant
from core.errors import Conflict, NotFound
from core.i18n import DEFAULT, _

PROMPT_FIELDS = {"persona", "rules", "language", "modes"}


@allowed("change")
def create(
    name: str,
    language: str = DEFAULT,
    *,
    persona: str = "",
    rules: list[str] | tuple[str, ...] = (),
    starters: list[str] | tuple[str, ...] = (),
    rubric: list[Any] | tuple[Any, ...] = (),
    modes: list[Any] | tuple[Any, ...] = (),
    thoughts: bool = True,
    routing: dict[str, Any] | None = None,
    sample: str = "",
    parts: registry.Parts | None = None,
) -> Assistant:
    """A new assistant, answered for by the best installed model, else the embedded engine.

    With ``parts`` it is answered for by these, as somebody's choice. InvalidInput for a bad
    field, Conflict when the name is taken.
    """
    values = checked(
        {
            "name": name,
            "language": language,
            "persona": persona,
            "rules": rules,
            "starters": starters,
            "rubric": rubric,
            "modes": modes,
            "thoughts": thoughts,
            "routing": routing or {},
        }
    )

    def make(session: Session) -> Assistant:
        made = Assistant(**values, sample=sample, follows_ollama=parts is None)
        made.is_default = session.scalar(_living().where(Assistant.is_default)) is None
        session.add(made)
        session.flush()
        registry.begin(session, made, parts)
        registry.check_rules(session, made)
        return made

    try:
        made = db.settled(make)  # another may have become the first in between
    except IntegrityError as error:
        raise _taken(values["name"]) from error
    registry.follow_ollama(afresh=False)
    return made


@there
def get(assistant_id: str) -> Assistant:
    """The living assistant of that id, or NotFound."""
    with db.session() as session:
        return _found(session, assistant_id, lock=False)


def all() -> list[Assistant]:
    """Every living assistant that is there for who acts, oldest first."""
    with db.session() as session:
        return list(session.scalars(_in_sight()))


def default() -> Assistant | None:
    """The default assistant, for who does not find it the oldest that they find; else None."""
    with db.session() as session:
        found = session.scalar(_the_default())
        return found if found is None or sees(found.id) else session.scalar(_in_sight().limit(1))


def chosen(text: str | None = None) -> Assistant:
    """The assistant that ``text`` names: by id, name (whatever the case) or sample; none = default.

    NotFound, with what there is, when nothing fits.
    """
    if not text:
        return default() or _none_yet()
    with db.session() as session:
        fitting = session.scalars(_named(), {"id": text, "name": text.strip()})
        found = next((one for one in fitting if sees(one.id)), None)
    folded = text.strip().casefold()
    return found or next((a for a in all() if a.name.casefold() == folded), None) or _unknown(text)


def by_name_or_id(text: str) -> Assistant:
    """As ``chosen``, for a text that must name one."""
    return chosen(text) if text.strip() else _unknown(text)


@allowed("change")
def update(assistant_id: str, **changes: Any) -> Assistant:
    """Change fields; with another persona, language or rules another version is the champion."""
    values = checked(changes)
    try:
        with db.writing() as session:
            found = _found(session, assistant_id)
            for field, value in values.items():
                setattr(found, field, value)
            session.flush()
            registry.check_rules(session, found)
            if PROMPT_FIELDS & set(values):
                registry.prompt_changed(session, found)
            return found
    except IntegrityError as error:
        raise _taken(values.get("name", "")) from error


@allowed("change", of_all=True)
def set_default(assistant_id: str) -> Assistant:
    """Make it the one that answers when nobody says which."""
    with db.writing() as session:
        found = _found(session, assistant_id)
        _make_default(session, found)
        return found


@allowed("change")
def remove(assistant_id: str) -> Assistant:
    """Take it away, with an undo (``restore``). Removing twice is harmless."""
    with db.writing() as session:
        found = _found(session, assistant_id, removed=True)
        if found.removed_at is None:
            found.removed_at, found.is_default = clock.now(), False
            session.flush()
            appoint(session)
        return found


@allowed("change")
def restore(assistant_id: str) -> Assistant:
    """Bring a removed one back; Conflict when its name has been given to another since."""
    name = ""
    try:
        with db.writing() as session:
            found = _found(session, assistant_id, removed=True)
            name, found.removed_at = found.name, None
            session.flush()
            appoint(session)
            return found
    except IntegrityError as error:
        raise _taken(name) from error


def appoint(session: Session) -> None:
    """Where no living assistant is the default, the oldest becomes it."""
    if session.scalar(_living().where(Assistant.is_default)) is None:
        oldest = session.scalars(_living().order_by(Assistant.created_at, Assistant.id)).first()
        if oldest:
            _make_default(session, oldest)


def _make_default(session: Session, chosen: Assistant) -> None:
    for other in session.scalars(_living().where(Assistant.is_default)).all():
        other.is_default = False
    session.flush()  # the old one first: the database allows one default at any moment
    chosen.is_default = True
    session.flush()


@cache
def _the_default() -> Select[Assistant]:
    """Built once, as the next: each question begins with one of them."""
    return _living().where(Assistant.is_default)


@cache
def _named() -> Select[Assistant]:
    name: Any = bindparam("name")
    fitting = or_(Assistant.id == bindparam("id"), Assistant.name == name, Assistant.sample == name)
    return _living().where(fitting).order_by(Assistant.created_at)


def _living() -> Select[Assistant]:
    return select(Assistant).where(Assistant.removed_at.is_(None))


def _in_sight() -> Select[Assistant]:
    return _living().where(seen(Assistant.id)).order_by(Assistant.created_at, Assistant.id)


def _found(
    session: Session, assistant_id: str, *, removed: bool = False, lock: bool = True
) -> Assistant:
    found = session.get(Assistant, assistant_id, with_for_update=lock)
    if found is None or (found.removed_at is not None and not removed):
        raise registry.no_assistant(assistant_id)
    return found


def _taken(name: str) -> Conflict:
    if not any(
        one.name.casefold() == name.casefold() for one in all()
    ):  # whose it is, is not there for who acts
        return Conflict(
            _("The name '{name}' cannot be taken.").format(name=name),
            hint=_("Choose another name."),
        )
    return Conflict(
        _("There is already an assistant named '{name}'.").format(name=name),
        hint=_("Choose another name, or edit that one."),
    )


def _unknown(text: str) -> NoReturn:
    raise NotFound(
        _("There is no assistant '{name}'.").format(name=text),
        hint=_("There are: {names}.").format(names=", ".join(a.name for a in all()) or "-"),
    )


def _none_yet() -> NoReturn:
    raise NotFound(
        _("There is no assistant yet."),
        hint=_("Load the samples with: ciclo demo - or create one: POST /api/v1/assistants."),
        code="no_assistant",
    )
