"""Another name for a person; what is theirs goes with them, as it hangs on their id."""

from sqlalchemy.exc import IntegrityError

from core import db
from core.access.guarding import allowed
from core.access.people import LOCAL, demand_own_name, found, tidy
from core.db.tables import Person
from core.errors import Conflict, InvalidInput
from core.i18n import _


@allowed("people")
def rename(person_id: str, name: str) -> Person:
    """Give a person another name (1 to 200 characters); Conflict where somebody has it."""
    name = tidy(name)
    try:
        with db.writing() as session:
            person = found(session.get(Person, person_id), person_id)
            _check(person, name)
            demand_own_name(session, name, person_id)
            person.name = name
            session.flush()
            return person
    except IntegrityError:
        raise Conflict(
            _("Somebody is called “{name}” already.").format(name=name),
            hint=_("Choose another name."),
        ) from None


def _check(person: Person, name: str) -> None:
    """The local person is known by its name, so it may not go; nor may another take it."""
    if person.is_local:
        raise InvalidInput(
            _("“{name}” stands for whoever sits here and gave no name.").format(name=LOCAL),
            hint=_("Take a name of your own instead."),
            field="name",
        )
