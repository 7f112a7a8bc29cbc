"""What an erasure would do, before it is done; and both in words.

In: a ``Subject``, or a row of ``Erasure``. Out: a ``Plan``: what goes, what stays without the name, what
cannot be reached. Always holds: the counts are those of this moment, and nothing is changed by counting.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core import db
from core.access import allowed
from core.db.tables import Conversation, Erasure
from core.i18n import N_, _, number
from core.personal import erasing, letting_go
from core.personal.places import OF_PEOPLE, OF_USERS, Place
from core.personal.subjects import Subject

UNREACHED = {
    "audit": N_(
        "Lines of the audit log ({n}): the log calls them “an erased person” from here on; in the "
        "database's file the lines keep name and login as they were written, as proof of who did what."
    ),
    "backups": N_(
        "Backups made by themselves before ({n}): each goes when it ages out; restoring one brings it "
        "all back."
    ),
    "backups_by_hand": N_(
        "Backups made by hand before ({n}): these never go by themselves, delete them by hand; "
        "restoring one brings it all back."
    ),
    "taken_along": N_("What somebody has exported or downloaded before."),
    "providers": N_("What outside models and servers have logged of questions sent to them."),
    "documents": N_("Documents that mention them: search for the name and remove these by hand."),
    "anonymous": N_(
        "Questions that were approved and whose conversations retention has deleted before: "
        "numbers and addresses in them are masked, and nothing tells whose they were."
    ),
}
KNOWN = {"annotation_items.known": N_("known judgements")}
TITLES: dict[str, str] = {
    **{place.name: place.title for place in (*OF_USERS, *OF_PEOPLE)},
    **letting_go.TITLES,
    **KNOWN,
    "conversations.person_id": N_("questions of evaluation runs"),
}


@dataclass(frozen=True)
class Plan:
    """``goes`` and ``loses``: how many rows by kind (keys of TITLES); ``unreached`` by keys of UNREACHED,
    0 where nobody can count it. Kinds of which there is nothing are left out."""

    who: Subject
    goes: Mapping[str, int] = field(default_factory=dict)
    loses: Mapping[str, int] = field(default_factory=dict)
    unreached: Mapping[str, int] = field(default_factory=dict)


@allowed("operate")
def plan(who: Subject) -> Plan:
    """What ``erase`` would do now."""
    as_row = Erasure(person_id=who.person_id, user_id=who.user_id)
    places = OF_PEOPLE if who.person_id else OF_USERS
    id_ = who.person_id or who.user_id
    with db.session() as session:
        return Plan(
            who,
            _counts(session, [one for one in places if one.end == "goes"], id_),
            _counts(session, [one for one in places if one.end == "loses"], id_),
            erasing.unreached(session, as_row),
        )


def told(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts by their titles in the reader's language, in the order of TITLES."""
    return {_(TITLES[key]): counts[key] for key in TITLES if counts.get(key)}


def unreached_in_words(unreached: Mapping[str, int]) -> list[str]:
    """A sentence for each thing that could not be reached."""
    return [
        _(UNREACHED[key]).format(n=number(unreached[key])) for key in UNREACHED if key in unreached
    ]


def split(erased: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """What of an erasure's counts went, and what lost the name."""
    losing = {one.name for one in OF_PEOPLE if one.end == "loses"} | KNOWN.keys()
    return (
        {key: n for key, n in erased.items() if key not in losing},
        {key: n for key, n in erased.items() if key in losing},
    )


def _counts(session: Session, places: list[Place], id_: str) -> dict[str, int]:
    found: dict[str, int] = {}
    talks = [one for one in places if one.table is Conversation and one.end == "goes"]
    if talks:
        mine = select(Conversation.id).where(or_(*(one.of(id_) for one in talks)))
        found |= letting_go.counted(session, mine)
    for place in places:
        if place not in talks:
            counted = select(func.count()).select_from(place.table).where(place.of(id_))
            found[place.name] = session.scalar(counted) or 0
    return {key: n for key, n in found.items() if n}
