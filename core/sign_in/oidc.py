"""Sign-in by an OpenID Connect provider: the code flow with PKCE, by Authlib.

``begin`` gives where the browser goes and what it keeps meanwhile; ``finish`` takes what it comes back
with. Always holds: state, nonce and verifier are this browser's and of this one try; the person is found
by issuer and subject; who comes back with something else than they left with signs in as nobody.
"""

import base64
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hmac import compare_digest
from typing import Any

from core import access, audit, clock
from core.config import is_private, settings
from core.db.tables import Person
from core.errors import InvalidInput, NotAllowed, NotSignedIn
from core.i18n import _
from core.sign_in.issuer import LEEWAY, Issuer, issuer
from core.sign_in.jwt import not_installed
from core.sign_in.provider import address_in, client_for, exchanged, lost, user_info
from core.sign_in.subjects import groups, vouched

log = logging.getLogger("ciclo.sign_in")
LETTERS = 48  # of each random value
MOST_KEPT = 4000  # letters of a cookie


@dataclass(frozen=True)
class Begun:
    """A try to sign in: what only this browser has. ``next`` is where it wanted to go."""

    state: str
    nonce: str
    verifier: str
    next: str

    def kept(self) -> str:
        """As the browser keeps it in a cookie."""
        return base64.urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode().rstrip("=")

    @classmethod
    def of(cls, kept: str) -> "Begun":
        """As it was; NotSignedIn where the browser has nothing, or something else."""
        try:
            told = json.loads(base64.urlsafe_b64decode(kept[:MOST_KEPT] + "=="))
            found = cls(**told)
        except (ValueError, TypeError):
            raise lost() from None
        if not all(isinstance(one, str) and one for one in asdict(found).values()):
            raise lost()
        return found


def check() -> None:
    """Unavailable where what sign-in by a provider needs is not installed."""
    try:
        from authlib.integrations import httpx_client

        assert httpx_client
    except ImportError as error:
        raise not_installed(error) from None


def begin(back: str, next_: str = "/", *, anew: bool = False) -> tuple[str, Begun]:
    """Where the browser goes to sign in, and what it keeps until it comes to ``back``, our own address.

    ``anew``: the provider asks who it is, also where somebody is signed in there. Unavailable where it
    cannot be asked.
    """
    from authlib.common.security import generate_token

    facts = _provider().facts()
    begun = Begun(generate_token(LETTERS), generate_token(LETTERS), generate_token(LETTERS), next_)
    at = address_in(facts, "authorization_endpoint")
    with client_for(back, facts, at) as client:
        url, _state = client.create_authorization_url(
            at,
            state=begun.state,
            code_verifier=begun.verifier,
            nonce=begun.nonce,
            **({"prompt": "login"} if anew else {}),
        )
    return str(url), begun


def finish(back: str, query: Mapping[str, str], kept: str) -> tuple[Person, str]:
    """Who the provider says came back, and where they wanted to go.

    NotSignedIn where they did not sign in there, or this is not the try that this browser began;
    NotAllowed where their groups give no role; Unavailable where the provider cannot be asked.
    """
    begun = Begun.of(kept)
    if not compare_digest(begun.state.encode(), query.get("state", "").encode()):
        raise lost()
    address = settings().oidc_issuer
    if query.get("iss", address) != address:  # RFC 9207: an answer of somebody else's
        raise lost()
    if query.get("error") or not query.get("code"):
        log.info("not signed in at the provider", extra={"reason": query.get("error", "")[:100]})
        raise NotSignedIn(
            _("{issuer} did not sign you in.").format(issuer=address), code="sign_in_failed"
        )
    claims = _claims(back, begun, query["code"])
    return _person(address, claims), begun.next


def _person(address: str, claims: dict[str, Any]) -> Person:
    """Whom the provider vouches for; that somebody it knows stays outside here goes into the audit log."""
    with access.as_person(None):
        try:
            return vouched(address, claims, settings().oidc_roles_claim)
        except (NotAllowed, NotSignedIn) as error:
            facts = {"issuer": address, "subject": str(claims.get("sub", ""))[:255]}
            audit.did("sign_in_failed", "account", after={**facts, "why": error.code})
            raise


def wanted(kept: str) -> str:
    """Where the browser wanted to go that kept this; "/" where that cannot be told."""
    try:
        return Begun.of(kept).next
    except NotSignedIn:
        return "/"


def _claims(back: str, begun: Begun, code: str) -> dict[str, Any]:
    """What the provider says of whoever the code stands for, checked."""
    from authlib.oidc.core import CodeIDToken
    from joserfc.errors import JoseError

    provider, client_id = _provider(), settings().oidc_client_id
    told = exchanged(back, code, begun.verifier, provider.facts())
    header, claims = provider.signed(str(told.get("id_token", "")), aud=client_id)
    params = {
        "nonce": begun.nonce,
        "client_id": client_id,
        "access_token": told.get("access_token"),
    }
    try:
        CodeIDToken(claims, header, params=params).validate(int(clock.now().timestamp()), LEEWAY)
    except JoseError as error:
        log.warning("an ID token was refused", extra={"reason": str(error)})
        raise lost() from None
    missing = _names_no_group(claims)
    return {**user_info(back, told, provider.facts(), claims), **claims} if missing else claims


def _names_no_group(claims: Mapping[str, Any]) -> bool:
    """Whether groups count and the ID token names none: some providers tell them at another address."""
    return bool(settings().given_roles) and not groups(claims, settings().oidc_roles_claim)


def _provider() -> Issuer:
    check()
    return issuer(settings().oidc_issuer)


def back_address(base: str) -> str:
    """Where the provider sends browsers back to: below CICLO_PUBLIC_URL, else below ``base``."""
    at = (settings().public_url or base).rstrip("/")
    if not is_private(at) and not settings().plain_http:
        raise InvalidInput(_("CICLO_PUBLIC_URL says where the provider sends browsers back to."))
    return f"{at}/login/oidc/back"
