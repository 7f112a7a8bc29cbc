"""Who may do what: one table from a deed to the roles that may do it.

Takes a person's roles, gives yes or no. Pure: no database, no context. Always holds: a person may
what any of their roles may; somebody without a role may nothing in the table.
"""

from collections.abc import Iterable

from core.db.tables.people import ROLES as ROLES
from core.i18n import N_

EVERYBODY, ADMIN = ROLES, "admin"
ROLE_NAMES = {
    "viewer": N_("viewer"),
    "analyst": N_("analyst"),
    "reviewer": N_("reviewer"),
    "admin": N_("admin"),
}
MAY: dict[str, tuple[str, ...]] = {
    "ask": EVERYBODY,
    "rate": EVERYBODY,
    "metrics": EVERYBODY,  # figures alone: they name nobody and show no words
    "read": ("analyst", "admin"),  # reviewers see what waits in their queue, masked
    "change": ("analyst", "admin"),  # it reaches everybody who asks
    "compare": ("analyst", "admin"),
    "review": ("reviewer", "analyst", "admin"),
    "lead": ("analyst", "admin"),
    "see_personal_data": ("analyst", "admin"),
    "people": ("admin",),
    "operate": ("admin",),
}
OF_ALL = ("people", "operate")  # whoever is for some assistants alone does nothing of these
DEEDS = {  # each completes "somebody may (not) ..."
    "ask": N_("ask assistants"),
    "rate": N_("rate answers"),
    "metrics": N_("see the metrics"),
    "read": N_("read what others asked and said"),
    "change": N_("change assistants, documents and models"),
    "compare": N_("compare versions"),
    "review": N_("review answers"),
    "lead": N_("lead the review"),
    "see_personal_data": N_("see personal data"),
    "people": N_("change people and their roles"),
    "operate": N_("operate: backups, keys, audit log, privacy"),
}


def permitted(deed: str, roles: Iterable[str]) -> bool:
    """Whether one of ``roles`` may do it. A deed that is not in the table is a mistake: KeyError."""
    return not set(MAY[deed]).isdisjoint(roles)
