"""What a request asks in its address: only what its route takes.

In: a request that has found its route. Out: nothing, or InvalidInput that names what is not known.
Always holds: a misspelt filter is refused, and never answered with everything there is.
"""

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant

from core.errors import InvalidInput
from core.i18n import _


async def only_known(request: Request) -> None:
    """InvalidInput for a name in the query that the route does not take; routes of others pass."""
    given = request.query_params.keys()
    if not given or (route := request.scope.get("route")) is None:
        return
    known = _known(route)
    for name in given:
        if name not in known:
            raise InvalidInput(
                _("There is no such parameter here."),
                field=name[:80],
                hint=_("There are: {names}.").format(names=", ".join(sorted(known)) or "-"),
            )


def _known(route: object) -> frozenset[str]:
    whole: Dependant | None = getattr(route, "dependant", None)
    return frozenset(_names(whole)) if whole is not None else frozenset()


def _names(part: Dependant) -> set[str]:
    here = {name for field in part.query_params for name in _fields(field)}
    return here.union(*(_names(one) for one in part.dependencies))


def _fields(field: object) -> set[str]:
    """The names of a parameter, of one that is a whole model those of its fields."""
    model = getattr(getattr(field, "field_info", None), "annotation", None)
    told = getattr(model, "model_fields", None)
    if told is None:
        return {str(getattr(field, "alias", ""))}
    return {one.alias or name for name, one in told.items()}


KNOWN = Depends(only_known)
