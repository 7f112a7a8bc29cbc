"""Who acts over the API: the header ``X-Ciclo-Person``, else the local person.

Takes a name as clients send it: ASCII, raw UTF-8 or Latin-1, or percent-encoded UTF-8. Gives: that
person acting for the rest of the request, made with every role when new. Always holds: a name that
is none is refused (422) before the route does anything. Until there is sign-in the header is
believed, for only this machine is served.
"""

from typing import Annotated
from urllib.parse import unquote_to_bytes

from fastapi import Depends, Header, Request
from starlette.concurrency import run_in_threadpool

from core import access
from core.db.tables import Person
from core.errors import InvalidInput
from core.i18n import _

HEADER = "X-Ciclo-Person"
MOST = 2400  # 200 characters of up to four bytes, each written as %XX
TOLD = (
    "Who acts, by name (percent-encoded UTF-8 where it is not ASCII: `Jo%C3%A3o`). "
    "Without it the local person does; an unknown name becomes a person with every role."
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
    access.act(await run_in_threadpool(_named, request.headers.getlist(HEADER)))


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


ACTING = [Depends(somebody)]
