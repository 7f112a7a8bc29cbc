"""Where Ciclo may call for an address that somebody has entered in the app.

Takes an address, or a request that is about to go out. Gives it back pinned to an address of the
network that was looked at, or a refusal. Always holds: where people sign in, no entered address leads
into a private network (this machine, 10.x, 192.168.x, link-local, a cloud's own 169.254.169.254...)
unless CICLO_REACHABLE names it; nor does a name that is looked up anew in between. What the settings
themselves name (CICLO_SERVERS and the like) is the operator's own word and is not asked about.
"""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from core.config import settings
from core.errors import InvalidInput, NotAllowed, Unavailable
from core.i18n import _

SCHEMES = ("http", "https")
Address = IPv4Address | IPv6Address


PRIVATE, PUBLIC = "http://10.0.0.5:8000/v1", "https://lab.example/v1"


def example() -> str:
    """An address as one may be entered here: a public one where people sign in."""
    return PRIVATE if settings().auth == "local" else PUBLIC


def check(url: str) -> None:
    """Whether ``url`` may be entered: InvalidInput where it is none, NotAllowed where it leads where
    it must not, Unavailable where its name is not known."""
    host, port = parts(url)
    _permitted(host, _looked_up(host, port))


def parts(url: str) -> tuple[str, int]:
    """Host and port of an address that is one; InvalidInput for every other text."""
    try:
        found = urlsplit(url)
        host, port = found.hostname or "", found.port
    except ValueError:
        host = ""
    whole = host and url.isascii() and url.isprintable() and " " not in url
    if not whole or found.scheme not in SCHEMES or found.username or found.query or found.fragment:
        raise InvalidInput(
            _("'{url}' is no address that can be called.").format(url=url[:200]),
            hint=_("Write it as {example}, without name and password.").format(example=example()),
            field="url",
        )
    return host, port or (443 if found.scheme == "https" else 80)


def pin(request: Any) -> None:
    """Send a request of httpx (or httpx2) to an address that may be called and to no other: what its
    name leads to is looked up once, here."""
    host = request.url.host
    _pinned(request, _permitted(host, _looked_up(host, _port(request))))


async def pin_async(request: Any) -> None:
    """The same for an asynchronous client."""
    host = request.url.host
    found = await asyncio.to_thread(_looked_up, host, _port(request))
    _pinned(request, _permitted(host, found))


def _pinned(request: Any, address: Address) -> None:
    name = request.url.host
    request.headers["host"] = request.url.netloc.decode("ascii")
    request.url = request.url.copy_with(host=str(address))
    request.extensions = {
        **request.extensions,
        "sni_hostname": name,
    }  # the certificate is the name's


def _port(request: Any) -> int:
    return request.url.port or (443 if request.url.scheme == "https" else 80)


def _looked_up(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unavailable(
            _("Nobody knows where '{host}' is.").format(host=host[:200]), code="not_reachable"
        ) from None
    return [ip_address(str(told[4][0]).partition("%")[0]) for told in found]


def _permitted(host: str, found: list[Address]) -> Address:
    """The first of the addresses, if all may be called."""
    if settings().auth != "local" and not all(_is_open(host, one) for one in found):
        raise NotAllowed(
            _("{host} lies in a private network, where entered addresses may not lead.").format(
                host=host[:200]
            ),
            hint=_way_out(host[:200], found),
            code="private_address",
        )
    return found[0]


def _way_out(host: str, found: list[Address]) -> str:
    """Nobody is led to allow what hands out a cloud's own keys."""
    if any((getattr(one, "ipv4_mapped", None) or one).is_link_local for one in found):
        return _("At such an address clouds keep their own keys: no model is there.")
    return _("Whoever runs Ciclo can allow it: CICLO_REACHABLE={host}.").format(host=host)


def _is_open(host: str, address: Address) -> bool:
    inner = getattr(address, "ipv4_mapped", None) or address
    public = inner.is_global and not inner.is_multicast
    return public or _is_named(host, inner)


def _is_named(host: str, address: Address) -> bool:
    for named in settings().reachable.split(","):
        try:
            if address in ip_network(named.strip(), strict=False):
                return True
        except ValueError:
            if named.strip().lower() == host.lower():
                return True
    return False
