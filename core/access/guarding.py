"""What stands before a verb: may who acts do it, and is what they name there for them?

``@allowed("change")`` asks both, ``@there`` the second alone. Always holds: a verb refuses before it
does anything, also one that yields; where nobody acts everything is allowed and everything is there.
"""

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import ParamSpec, TypeVar

from core.access import belonging, membership
from core.access.acting import demand, demand_unbound
from core.access.deeds import MAY

P = ParamSpec("P")
R = TypeVar("R")
DEED, THERE = "__deed__", "__there__"  # on a guarded verb: what it takes, what it looks up


def allowed(deed: str, of_all: bool | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """On a verb: whoever acts must be allowed to do it, else NotAllowed at the call; what they name
    (``belonging.KINDS``) must be of an assistant that is there for them, else NotFound. ``of_all``: it concerns the whole
    Ciclo, which a token for some assistants is refused; left out, so does a change that names none."""
    assert deed in MAY, deed
    return lambda verb: _guarded(verb, deed, of_all)


def there(verb: Callable[P, R]) -> Callable[P, R]:
    """On a verb that anybody may call: what they name must be there for them, else NotFound."""
    return _guarded(verb, "", False)


def _guarded(verb: Callable[P, R], deed: str, of_all: bool | None) -> Callable[P, R]:
    takes = belonging.taken(verb)
    if of_all is None:
        of_all = deed == "change" and not takes and "assistant" not in signature(verb).parameters

    @wraps(verb)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if deed:
            demand(deed)
        if of_all:
            demand_unbound()
        if takes and not membership.sees_all():
            args, kwargs = belonging.checked(takes, args, kwargs)  # type: ignore[assignment]
        return verb(*args, **kwargs)

    vars(guarded).update({THERE: tuple(takes), **({DEED: deed} if deed else {})})
    return guarded
