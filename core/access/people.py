"""People by name: made and listed; the one local person; what each prefers.

Two who ask for the same person at once get the same row: the unique name decides.
"""

import unicodedata
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import db, i18n
from core.db.tables import Person
from core.errors import Conflict, InvalidInput, NotFound
from core.i18n import LANGUAGES, _

LOCAL = "local"
NAME_LENGTH = 200


def local_person() -> Person:
    """The one person of a machine without sign-in; made on first use."""
    return _get_or_make(LOCAL, is_local=True)


def person(name: str, *, is_sample: bool = False) -> Person:
    """The person of that name, made when new (``is_sample``: goes away with the sample data)."""
    name = tidy(name)
    if name == LOCAL:
        return local_person()
    return _get_or_make(name, preferences={"sample": True} if is_sample else {})


def known(person_id: str) -> Person:
    """The person with this id; NotFound where there is none."""
    with db.session() as session:
        return found(session.get(Person, person_id), person_id)


def find(text: str) -> Person:
    """The person with this id or name; NotFound where there is none (nobody is made)."""
    with db.session() as session:
        either = (Person.id == text) | (Person.name == tidy(text))
        row = session.scalar(select(Person).where(either).order_by(Person.id != text))
    if row is None and text == LOCAL:
        return local_person()
    return found(row, text[:NAME_LENGTH])


def people(search: str = "", *, limit: int | None = None) -> list[Person]:
    """Everybody but the people of the samples, by name; ``search`` is a part of the name."""
    wanted = select(Person).where(Person.preferences["sample"].as_boolean().is_not(True))
    if search.strip():
        wanted = wanted.where(Person.name.icontains(search.strip(), autoescape=True))
    with db.session() as session:
        return list(session.scalars(wanted.order_by(Person.name).limit(limit)))


def called(person: Person) -> str:
    """A person's name for others to read; the local person has none."""
    return _("Whoever sits here") if person.is_local else person.name


def demand_own_name(session: Session, name: str, person_id: str = "") -> None:
    """Conflict where somebody but ``person_id`` is called so, be it in other small and capital letters;
    InvalidInput for what the local person is called. ``name`` is tidy."""
    demand_no_stand_in(name)
    named = session.execute(select(Person.name).where(Person.id != person_id)).scalars()
    if theirs := next((one for one in named if one.casefold() == name.casefold()), None):
        raise Conflict(
            _("Somebody is called “{name}” already.").format(name=theirs),
            hint=_("Choose another name."),
        )


def demand_no_stand_in(name: str) -> None:
    """InvalidInput for what the local person is called, in any language: they would be one in lists."""
    if name.casefold() in {LOCAL, *_stand_ins()}:
        raise InvalidInput(
            _("“{name}” stands for whoever sits here and gave no name.").format(name=name),
            hint=_("Take a name of your own instead."),
            field="name",
        )


def _stand_ins() -> set[str]:
    local, names = Person(is_local=True), []
    for language in LANGUAGES:
        with i18n.speaking(language):
            names.append(called(local).casefold())
    return set(names)


def tidy(name: str) -> str:
    """A name as it is stored: one form of each letter, single blanks.

    InvalidInput where it is too long or empty, or holds what cannot be seen (two would look alike).
    """
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not 0 < len(name) <= NAME_LENGTH:
        raise InvalidInput(
            _("A person's name has 1 to {most} characters.").format(most=NAME_LENGTH),
            field="name",
        )
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Cn") for letter in name):
        raise InvalidInput(_("A person's name holds characters that are no text."), field="name")
    return name


def set_language(person_id: str, language: str) -> Person:
    """Remember the language of a person's screens ("" = follow the browser)."""
    if language and language not in LANGUAGES:
        raise InvalidInput(
            _("'{language}' is no language of Ciclo.").format(language=language),
            hint=_("Choose one of {languages}.").format(languages=", ".join(LANGUAGES)),
            field="language",
        )
    with db.writing() as session:
        row = found(session.get(Person, person_id), person_id)
        row.language = language
        return row


def set_preferences(person_id: str, **values: Any) -> Person:
    """Remember preferences by name; None forgets one."""
    with db.writing() as session:
        row = found(session.get(Person, person_id), person_id)
        merged = row.preferences | values
        row.preferences = {k: v for k, v in merged.items() if v is not None}
        return row


def found(row: Person | None, person_id: str) -> Person:
    """The row, or NotFound where there is none."""
    if row is None:
        raise NotFound(_("There is no person {id}.").format(id=person_id))
    return row


def _get_or_make(name: str, **facts: Any) -> Person:
    return _named(name) or _made(name, facts)


def _named(name: str) -> Person | None:
    with db.session() as session:
        return session.scalar(select(Person).where(Person.name == name))


def _made(name: str, facts: dict[str, Any]) -> Person:
    if not facts.get("is_local"):
        demand_no_stand_in(name)
    try:
        with db.writing() as session:
            made = Person(name=name, **facts)
            session.add(made)
            session.flush()
            return made
    except IntegrityError:  # somebody else made it since we looked
        known_by_now = _named(name)
        if known_by_now is None:
            raise
        return known_by_now
