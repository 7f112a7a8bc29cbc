"""The two uses of the memory of approved questions, as an assistant's champion has them.

In: an assistant and what to switch. Out: a version. Always holds: versions never change, so a switch
makes another one champion, or the earlier one again; what is as by default is not written down.
"""

from typing import NamedTuple

from core import db
from core.access import allowed, there
from core.db.tables import Assistant, Version
from core.registry.versions import CHAMPION, change_champion, current, no_assistant, parts_of
from core.retrieval.memory import DEFAULTS, LIFT, SERVE


class Uses(NamedTuple):
    """Whether approved passages are lifted in the search, and approved answers given at once."""

    lift: bool
    serve: bool


@there
def memory_uses(assistant_id: str) -> Uses:
    """How the assistant's champion uses the memory."""
    with db.session() as session:
        champion = current(session, assistant_id, CHAMPION)
    if champion is None:
        raise no_assistant(assistant_id)
    known = DEFAULTS | champion.retrieval
    return Uses(bool(known[LIFT]), bool(known[SERVE]))


@allowed("change")
def use_memory(assistant_id: str, lift: bool | None = None, serve: bool | None = None) -> Version:
    """Switch a use on or off for the champion; None leaves it as it is."""
    wanted = {LIFT: lift, SERVE: serve}
    with db.writing() as session:
        assistant = session.get(Assistant, assistant_id, with_for_update=True)
        champion = current(session, assistant_id, CHAMPION)
        if assistant is None or assistant.removed_at or champion is None:
            raise no_assistant(assistant_id)
        known = parts_of(session, champion).retrieval
        chosen = known | {name: value for name, value in wanted.items() if value is not None}
        kept = {name: value for name, value in chosen.items() if DEFAULTS.get(name) != value}
        return change_champion(session, assistant, "memory", retrieval=kept)
