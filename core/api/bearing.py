"""Who a program shows to be: the token in ``Authorization: Bearer`` or ``X-API-Key``.

In: a request's headers and the client's address. Out: the person and where they act from, None where
nothing was shown. Always holds: what was shown and does not hold is NotSignedIn, never somebody else;
without sign-in only a token of ours counts, for clients of OpenAI send any word to a server that needs
none.
"""

from starlette.datastructures import Headers

from core import access, sign_in
from core.access import Origin
from core.config import settings
from core.db.tables import Person
from core.errors import NotSignedIn
from core.i18n import _

KEY = "x-api-key"
SCHEME = "bearer"


def bearer(headers: Headers, address: str = "") -> tuple[Person, Origin] | None:
    """Whom the request's token stands for; it asks the database, so not on an event loop."""
    given = _shown(headers)
    ours = [one for one in given if sign_in.is_token(one) or sign_in.is_jwt(one)]
    if len(ours) > 1:
        raise NotSignedIn(_("A request shows one token."), code="bad_token")
    if ours:
        by = sign_in.by_token if sign_in.is_token(ours[0]) else sign_in.by_jwt
        with access.as_person(None):
            return by(ours[0], address)
    if not given or settings().auth == "local":
        return None
    raise NotSignedIn(_("This token is none of ours."), code="bad_token")


def _shown(headers: Headers) -> set[str]:
    """What the request shows in the places of a token."""
    given = set(headers.getlist(KEY))
    for line in headers.getlist("authorization"):
        scheme, _blank, token = line.strip().partition(" ")
        if scheme.lower() == SCHEME:
            given.add(token.strip())
    return given
