"""Who acts: set by each door for as long as it serves somebody, asked by the verbs.

Always holds: where nobody acts (loops in the background, the owner of the machine at the command
line, the samples) everything is allowed; a token lets nobody do more than its person may.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from core.access.deeds import DEEDS, MAY, OF_ALL, ROLE_NAMES, permitted
from core.access.people import called, local_person
from core.db.tables import Person
from core.errors import NotAllowed
from core.i18n import _


@dataclass(frozen=True)
class Origin:
    """Where somebody acts from: by which door ("page", "api", "cli", "" is the background), from which
    address, in which signed-in browser or with which token. ``scopes``: the deeds that the token is
    for, ``assistants``: the ids it is for (None: all)."""

    door: str = ""
    address: str = ""
    sign_in_id: str = ""
    token_id: str = ""
    scopes: frozenset[str] | None = None
    assistants: frozenset[str] | None = None

    def lets(self, deed: str) -> bool:
        """Whether it is for this deed; what is for some assistants alone is for none that concerns all."""
        if self.assistants is not None and deed in OF_ALL:
            return False
        return self.scopes is None or deed in self.scopes


NOWHERE = Origin()
_acting: ContextVar[Person | None] = ContextVar("acting", default=None)
_origin: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def acting() -> Person | None:
    """Who acts in the present context (a request, a page run, a command), else None."""
    return _acting.get()


def present() -> Person:
    """Who acts, else the local person: whose name stands at what is done."""
    return acting() or local_person()


def origin() -> Origin:
    """Where who acts came from."""
    return _origin.get()


def act(person: Person | None, origin: Origin | None = None) -> None:
    """From here on, in this context, ``person`` acts (from ``origin``, else from where it was)."""
    _acting.set(person)
    if origin is not None:
        _origin.set(origin)


@contextmanager
def as_person(person: Person | None) -> Iterator[None]:
    """Within the block, ``person`` acts."""
    token = _acting.set(person)
    try:
        yield
    finally:
        _acting.reset(token)


@contextmanager
def on_leave() -> Iterator[None]:
    """Within the block nobody acts, from nowhere: what is read there has been granted before, and
    whoever grants it tells the audit log."""
    before = _origin.set(NOWHERE)
    try:
        with as_person(None):
            yield
    finally:
        _origin.reset(before)


def may(deed: str, person: Person | None = None) -> bool:
    """Whether ``person`` (else who acts) may do it; where nobody acts, yes."""
    somebody = person or acting()
    if somebody is None:
        return True
    here = acting()
    ours = here is not None and here.id == somebody.id
    return permitted(deed, somebody.roles) and (not ours or _origin.get().lets(deed))


def may_see(owner_id: str | None) -> bool:
    """Whether who acts may see what belongs to ``owner_id``: their own, or with "read" all."""
    somebody = acting()
    return somebody is None or somebody.id == owner_id or may("read")


def demand(deed: str) -> None:
    """NotAllowed where somebody acts who may not do it; it names them, the deed and who may."""
    somebody = acting()
    if somebody is not None and not may(deed):
        raise refusal(deed, somebody)


def demand_role(deed: str = "ask") -> None:
    """NotAllowed where somebody acts whom nobody has given a role that the deed takes; what their token
    is for is not asked."""
    somebody = acting()
    if somebody is not None and not permitted(deed, somebody.roles):
        raise refusal(deed, somebody)


def demand_unless_own(owner_id: str | None, deed: str = "read") -> None:
    """NotAllowed where somebody acts to whom it does not belong, and who may not do the deed either."""
    somebody = acting()
    if somebody is not None and somebody.id != owner_id:
        demand(deed)


def demand_of_token(deed: str) -> None:
    """NotAllowed where a token acts that is not for this deed, or is for some assistants alone: what is
    one's own to the person is more than it was made for."""
    somebody, place = acting(), origin()
    if somebody is not None and place.token_id and (place.assistants is not None or not may(deed)):
        raise _not_for(deed)


def demand_unbound() -> None:
    """NotAllowed where a token acts that is for some assistants alone: before what concerns them all."""
    if acting() is not None and origin().assistants is not None:
        raise bound()


def bound() -> NotAllowed:
    """The error for a token that is for some assistants, where it is about all of them."""
    return NotAllowed(
        _("This token is for certain assistants only, and this concerns all of Ciclo."),
        hint=_("Use one that is for no assistant in particular, or sign in."),
    )


def _not_for(deed: str) -> NotAllowed:
    return NotAllowed(
        _("This token is not for that: {deed}.").format(deed=_(DEEDS[deed])),
        hint=_("Make one that is (`ciclo tokens make --may {name}`).").format(name=deed),
    )


def refusal(deed: str, person: Person) -> NotAllowed:
    """The error for ``person`` who wanted to do it."""
    if permitted(deed, person.roles):  # they may, what they act with may not
        return bound() if deed in OF_ALL and origin().assistants is not None else _not_for(deed)
    roles = ", ".join(_(ROLE_NAMES[role]) for role in MAY[deed])
    return NotAllowed(
        _("{name} may not {deed}.").format(name=called(person), deed=_(DEEDS[deed])),
        hint=_("This takes one of these roles: {roles}. An admin gives them.").format(roles=roles),
    )
