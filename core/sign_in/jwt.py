"""Signed tokens (JWT) of a configured issuer, at the API.

In: the token. Out: its person, and where they act from. Always holds: issuer, audience, signature and
time are checked each time; where the mapping of groups is set, the token may what its groups may, even
if its person may more; nothing of it is stored.
"""

from typing import Any

from core import access
from core.access import Origin
from core.config import Settings, settings
from core.db.tables import Person
from core.errors import NotAllowed, Unavailable
from core.i18n import _
from core.sign_in.issuer import issuer
from core.sign_in.subjects import roles_in, vouched

BEGINS = "eyJ"  # {" in base64url, as every header begins
BY_JWT = "jwt:"  # begins what stands where a token's id would; the person's follows
ID_LENGTH = 36


def is_jwt(token: str) -> bool:
    """Whether it looks like one, and there is an issuer whose it could be."""
    signed = token.startswith(BEGINS) and token.count(".") == 2
    return signed and bool(settings().jwt_issuer)


def by_jwt(token: str, address: str = "") -> tuple[Person, Origin]:
    """Whom the issuer vouches for; NotSignedIn where it does not, NotAllowed without a role,
    Unavailable where its keys cannot be had."""
    known = settings()
    try:
        claims = issuer(known.jwt_issuer).claims(token, aud=known.jwt_audience)
    except ImportError as error:
        raise not_installed(error) from None
    follows = not (known.auth == "oidc" and known.oidc_issuer == known.jwt_issuer)
    person = vouched(known.jwt_issuer, claims, known.jwt_roles_claim, follows=follows)
    id_ = f"{BY_JWT}{person.id}"[:ID_LENGTH]
    return person, Origin("api", address, token_id=id_, scopes=_scopes(claims, known))


def _scopes(claims: dict[str, Any], known: Settings) -> frozenset[str] | None:
    """The deeds of the token's own groups, where groups are mapped at all."""
    if not known.given_roles:
        return None
    roles = roles_in(claims, known.jwt_roles_claim)
    if not roles:
        raise NotAllowed(_("None of the token's groups has a role in Ciclo."), code="no_role")
    return frozenset(deed for deed in access.MAY if not set(roles).isdisjoint(access.MAY[deed]))


def not_installed(error: ImportError) -> Unavailable:
    """The error where the library is not there."""
    return Unavailable(
        _("For somebody else's accounts {name} is needed.").format(name=error.name),
        hint=_("Install it with `python3 dev.py add oidc`."),
        code="not_installed",
    )
