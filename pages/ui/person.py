"""Who sits before the screen: the one local person, until there is sign-in."""

from core import access
from core.db.tables import Person


def present() -> Person:
    """The person of this page run."""
    return access.local_person()
