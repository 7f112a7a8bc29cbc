"""What is asked of an OpenID Connect provider beside its keys: a code's tokens, what it knows of somebody.

In: what discovery told, our own way back. Out: what the provider answered. Always holds: the client is
Authlib's, follows no redirect, reads one MiB and some seconds at most, and speaks only where nobody on
the way reads along.
"""

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from core import clock
from core.config import is_private, settings
from core.errors import NotSignedIn
from core.i18n import _
from core.sign_in.issuer import LONGEST, MOST_BYTES, client_options, unfit

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import OAuth2Client

log = logging.getLogger("ciclo.sign_in")
SCOPES = ("openid", "profile", "email")
OF_GROUPS = ("groups", "roles")  # scopes that some want for these; asked for where offered


def exchanged(back: str, code: str, verifier: str, facts: dict[str, Any]) -> dict[str, Any]:
    """What the provider gives for the code."""
    import httpx2
    from authlib.integrations.base_client import OAuthError

    url = address_in(facts, "token_endpoint")
    try:
        with client_for(back, facts, url) as client:
            told = client.fetch_token(url, code=code, code_verifier=verifier)
    except OAuthError as error:
        log.warning("a code was refused", extra={"reason": str(error)[:300]})
        raise lost() from None
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        raise unfit(url, str(error) or type(error).__name__) from None
    return dict(told)


def user_info(
    back: str, token: dict[str, Any], facts: dict[str, Any], claims: dict[str, Any]
) -> dict[str, Any]:
    """What the provider tells of the same subject beside the ID token; nothing where it does not."""
    import httpx2
    from authlib.integrations.base_client import OAuthError

    if not facts.get("userinfo_endpoint"):
        return {}
    url = address_in(facts, "userinfo_endpoint")
    try:
        with client_for(back, facts, url) as client:
            client.token = token
            told = client.get(url).raise_for_status().json()
    except (OAuthError, httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        log.warning("the provider tells nothing beside its token", extra={"reason": str(error)})
        return {}
    same = isinstance(told, dict) and told.get("sub") == claims["sub"]  # Core 1.0, section 5.3.2
    return told if same else {}


def client_for(back: str, facts: dict[str, Any], url: str) -> "OAuth2Client":
    """Authlib's client for ``url``, which follows no redirect and reads no more than it should."""
    from authlib.integrations.httpx_client import OAuth2Client

    known = settings()
    secret = known.oidc_client_secret.get_secret_value()
    ways = facts.get("token_endpoint_auth_methods_supported")
    basic = bool(secret) and (not isinstance(ways, list) or "client_secret_basic" in ways)
    way = "client_secret_basic" if basic else "client_secret_post" if secret else "none"
    if basic:  # RFC 6749, section 2.3.1; the library leaves it out
        secret = quote_plus(secret)
    return OAuth2Client(
        known.oidc_client_id,
        secret,
        token_endpoint_auth_method=way,
        scope=" ".join([*SCOPES, *_offered(facts)]),
        redirect_uri=back,
        code_challenge_method="S256",
        **client_options(url),
        event_hooks={"request": [_unpacked], "response": [_bounded]},
    )


def address_in(facts: dict[str, Any], name: str) -> str:
    """One of the provider's addresses, where nobody on the way reads along."""
    url = str(facts.get(name, ""))
    if not is_private(url.partition("?")[0]):
        raise unfit(url or name, _("its address is not HTTPS"))
    return url


def _offered(facts: dict[str, Any]) -> list[str]:
    offered = facts.get("scopes_supported")
    return [one for one in OF_GROUPS if isinstance(offered, list) and one in offered]


def _unpacked(request: Any) -> None:
    request.headers["accept-encoding"] = "identity"


def _bounded(response: Any) -> None:
    """Let it be read as far as it may go."""
    import httpx2

    class Bounded(httpx2.SyncByteStream):
        def __init__(self, inner: Any) -> None:
            self.inner, self.left, self.until = inner, MOST_BYTES, clock.seconds() + LONGEST

        def __iter__(self) -> Iterator[bytes]:
            for part in self.inner:
                self.left -= len(part)
                if self.left < 0 or clock.seconds() > self.until:
                    raise httpx2.DecodingError(f"more than {MOST_BYTES} bytes or {LONGEST:.0f} s")
                yield part

        def close(self) -> None:
            self.inner.close()

    response.stream = Bounded(response.stream)


def lost() -> NotSignedIn:
    """The error of a try that this browser did not begin, or that came too late."""
    return NotSignedIn(
        _("This sign-in was not begun in this browser, or too long ago."),
        hint=_("Begin again."),
        code="sign_in_lost",
    )
