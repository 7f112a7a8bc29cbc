"""What a request came by: from which address, encrypted or not, with which cookie.

Takes an ASGI scope. Always holds: what a client says of itself (forwarded addresses and schemes) counts
only from a proxy that CICLO_PROXIES names, which the server has applied before; no secret goes in the
clear to another machine unless CICLO_PLAIN_HTTP allows it.
"""

import os
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from core.config import Settings, is_loopback, settings
from core.errors import NotAllowed
from core.i18n import _
from core.sign_in import cookie_name

TRUSTED = "FORWARDED_ALLOW_IPS"  # uvicorn's own setting
DAY = 86_400  # seconds


def trust(chosen: Settings, running: bool = False) -> None:
    """Let the server read forwarded addresses and schemes from the configured proxies, and nobody else's.

    ``running``: it has started before us and has read its setting; NotAllowed where that is another one and
    there is sign-in.
    """
    known = os.environ.get(TRUSTED)
    if running and known != chosen.proxies and chosen.auth != "local":
        raise NotAllowed(
            _("Streamlit has started the server, which would believe any proxy on this machine."),
            hint=_("Use `ciclo serve`, or set {name} to what CICLO_PROXIES is.").format(
                name=TRUSTED
            ),
            code="proxies_unset",
        )
    os.environ[TRUSTED] = chosen.proxies  # else it trusts loopback


def address(scope: Scope) -> str:
    """The client's address; "" where there is none (a socket of this machine)."""
    client = scope.get("client")
    return str(client[0])[:64] if client else ""


def host(scope: Scope) -> tuple[str, int | None]:
    """Name and port that the request was sent to."""
    try:
        parts = urlsplit(f"//{Headers(scope=scope).get('host', '')}")
        return (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return "", None


def is_encrypted(scope: Scope) -> bool:
    """Whether it came by HTTPS: as the server or its proxy says, or because a proxy on this machine serves
    the public address, which is an https:// one."""
    if scope.get("scheme") in ("https", "wss"):
        return True
    public = urlsplit(settings().public_url)
    return (
        public.scheme == "https"
        and is_loopback(address(scope))
        and host(scope)[0] == (public.hostname or "")
    )


def may_carry_secrets(scope: Scope) -> bool:
    """Whether a password or a cookie may travel by this connection."""
    return is_encrypted(scope) or is_loopback(host(scope)[0]) or settings().plain_http


def cookie(scope: Scope) -> str:
    """The secret in the sign-in's cookie, "" where there is none."""
    return cookies(scope).get(_name(scope), "")


def cookies(scope: Scope) -> dict[str, str]:
    """All cookies; of one that comes twice the first, none where they cannot be read."""
    found: dict[str, str] = {}
    for line in Headers(scope=scope).getlist("cookie"):
        for pair in line.split(";"):
            name, sign, value = pair.strip().partition("=")
            if sign:
                found.setdefault(name, value.strip('"'))
    return found


def set_cookie(scope: Scope, secret: str) -> str:
    """The Set-Cookie line for a secret; for "" the one that takes it away."""
    made: SimpleCookie = SimpleCookie()
    name = _name(scope)
    try:
        made[name] = secret
    except CookieError as error:  # a port is a number, a secret is plain letters
        raise AssertionError(name) from error
    made[name]["path"] = "/"
    made[name]["httponly"] = True
    made[name]["samesite"] = "Lax"
    made[name]["max-age"] = int(settings().session_days * DAY) if secret else 0
    if is_encrypted(scope):
        made[name]["secure"] = True
    return made[name].OutputString()


def _name(scope: Scope) -> str:
    return cookie_name(is_encrypted(scope), host(scope)[1])
