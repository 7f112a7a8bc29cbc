"""Who acts over the API: a token's person, with sign-in the cookie's, without it ``X-Ciclo-Person``.

Takes a name as clients send it: ASCII, raw UTF-8 or Latin-1, or percent-encoded UTF-8. Gives: that
person acting for the rest of the request, made with every role when new. Always holds: a name that
is none is refused (422) before the route does anything; the header is believed where only this machine
is served and there is no sign-in, else it is refused, for it proves nothing.
"""

from typing import Annotated
from urllib.parse import unquote_to_bytes

from fastapi import Depends, Header, Request
from starlette.concurrency import run_in_threadpool

from core import access
from core.access import Origin
from core.api import bearing, connection, signing_in
from core.db.tables import Person
from core.errors import InvalidInput, NotSignedIn
from core.i18n import _

HEADER = "X-Ciclo-Person"
MOST = 2400  # 200 characters of up to four bytes, each written as %XX
TOLD = (
    "Who acts, by name (percent-encoded UTF-8 where it is not ASCII: `Jo%C3%A3o`). "
    "Without it the local person does; an unknown name becomes a person with every role. "
    "With sign-in it is refused: the token, or the browser's cookie, says who acts."
)


async def somebody(
    request: Request,
    named: Annotated[
        str | None,
        Header(
            alias=HEADER,
            description=TOLD,
            json_schema_extra={"minLength": 1, "maxLength": MOST, "example": "Jo%C3%A3o"},
        ),
    ] = None,
) -> None:
    """Let the named person act in this request's context, which its route and its stream share."""
    access.act(*await run_in_threadpool(_acting, request))


def _acting(request: Request) -> tuple[Person, Origin]:
    given = request.headers.getlist(HEADER)
    if signing_in.on():
        return _signed_in(request, given)
    where = connection.address(request.scope)
    shown = bearing.bearer(request.headers, where)
    if shown and given:
        raise InvalidInput(
            _("A token says who acts; nobody else is named beside it."), field=HEADER
        )
    return shown or (_named(given), Origin("api", where))


def _signed_in(request: Request, given: list[str]) -> tuple[Person, Origin]:
    """Whom the layer has found; without the layer nobody is believed."""
    found = signing_in.caller(request.scope)
    if found is None:
        raise NotSignedIn(_("Nobody is signed in here."))
    if given:
        raise InvalidInput(
            _("With sign-in nobody is named by {header}: who is signed in acts.").format(
                header=HEADER
            ),
            field=HEADER,
        )
    return found.person, found.origin


def _named(given: list[str]) -> Person:
    if not given:
        return access.local_person()
    if len(given) > 1 or len(given[0]) > MOST:
        raise InvalidInput(_("One person acts in a request, by one name."), field=HEADER)
    try:
        return access.person(decoded(given[0]))
    except InvalidInput as error:
        raise InvalidInput(error.message, field=HEADER) from None


def decoded(value: str) -> str:
    """The name in a header's value, which came as Latin-1 whatever the client meant by its bytes."""
    return _text(unquote_to_bytes(_text(value.encode("latin-1"))))


def _text(written: bytes) -> str:
    try:
        return written.decode("utf-8")
    except UnicodeDecodeError:
        return written.decode("latin-1")


async def of_a_role() -> None:
    """NotAllowed for whoever has no role: which assistants, documents and models there are is told to
    those who may ask."""
    access.demand_role("ask")


async def of_figures() -> None:
    """NotAllowed for whoever has no role to see figures with."""
    access.demand_role("metrics")


ACTING = [Depends(somebody)]
OF_A_ROLE = [Depends(of_a_role)]  # below ``ACTING``: who acts is known by then
OF_FIGURES = [Depends(of_figures)]
