"""People by name, the one local person, and what each prefers.

Two who ask for the same person at once get the same row: the unique name decides.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import db
from core.db.tables import Person
from core.errors import InvalidInput, NotFound
from core.i18n import LANGUAGES, _

LOCAL = "local"
NAME_LENGTH = 200


def local_person() -> Person:
    """The one person of a machine without sign-in; made on first use."""
    return _get_or_make(LOCAL, is_local=True)


def person(name: str, *, is_sample: bool = False) -> Person:
    """The person of that name, made when new (``is_sample``: goes away with the sample data)."""
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_LENGTH:
        raise InvalidInput(
            _("A person's name has 1 to {most} characters.").format(most=NAME_LENGTH),
            field="name",
        )
    if name == LOCAL:
        return local_person()
    return _get_or_make(name, preferences={"sample": True} if is_sample else {})


def set_language(person_id: str, language: str) -> Person:
    """Remember the language of a person's screens ("" = follow the browser)."""
    if language and language not in LANGUAGES:
        raise InvalidInput(
            _("'{language}' is no language of Ciclo.").format(language=language),
            hint=_("Choose one of {languages}.").format(languages=", ".join(LANGUAGES)),
            field="language",
        )
    with db.writing() as session:
        found = _found(session.get(Person, person_id), person_id)
        found.language = language
        return found


def set_preferences(person_id: str, **values: Any) -> Person:
    """Remember preferences by name; None forgets one."""
    with db.writing() as session:
        found = _found(session.get(Person, person_id), person_id)
        merged = found.preferences | values
        found.preferences = {k: v for k, v in merged.items() if v is not None}
        return found


def _found(row: Person | None, person_id: str) -> Person:
    if row is None:
        raise NotFound(_("There is no person {id}.").format(id=person_id))
    return row


def _get_or_make(name: str, **facts: Any) -> Person:
    return _named(name) or _made(name, facts)


def _named(name: str) -> Person | None:
    with db.session() as session:
        return session.scalar(select(Person).where(Person.name == name))


def _made(name: str, facts: dict[str, Any]) -> Person:
    try:
        with db.writing() as session:
            made = Person(name=name, **facts)
            session.add(made)
            session.flush()
            return made
    except IntegrityError:  # somebody else made it since we looked
        found = _named(name)
        if found is None:
            raise
        return found
