"""What every request passes first, pages and websockets included: who may speak, and how we answer.

``Guard`` takes only requests whose Host is this machine or a configured name (so a foreign page
cannot reach us through a name it controls) and whose Origin, where there is one, is our own; the
rest is refused before Streamlit or a route sees it. ``Headers`` puts the protective headers on
every answer. Both are plain ASGI.
"""

from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.datastructures import Headers as Fields
from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import i18n
from core.config import is_loopback
from core.i18n import _

PORTS = {"http": 80, "https": 443}
POLICY_VIOLATION = 1008
OWN_ORIGIN = "ciclo.own_origin"  # in the scope: an Origin was there, and it is ours


class Address(NamedTuple):
    """Where a request was sent to, or came from; ``port`` is None where it was left out."""

    name: str
    port: int | None


class Guard:
    """Lets through requests to ``hosts`` (or loopback names) that no foreign page has sent.

    ``proxied`` are those of the hosts under which a proxy stands, perhaps on another port; everywhere
    else another port is another site.
    """

    def __init__(
        self, app: ASGIApp, hosts: tuple[str, ...] = (), proxied: tuple[str, ...] = ()
    ) -> None:
        self.app = app
        self.hosts, self.proxied = hosts, proxied

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse with 400 (Host) or 403 (Origin), or pass on without the Origin header."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        fields = Fields(scope=scope)
        with i18n.speaking(i18n.choose(fields.get("accept-language"))):
            refusal = self._refusal(fields)
        if refusal is None:
            # Checked here: without it Streamlit does not ask the network whether it is our own.
            scope[OWN_ORIGIN] = "origin" in fields
            scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"origin"]
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":  # not accepted: the client sees a plain 403
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        else:
            await refusal(scope, receive, send)

    def _refusal(self, fields: Fields) -> JSONResponse | None:
        host, origins = _address(fields.getlist("host")), fields.getlist("origin")
        if host is None or not self._ours(host.name):
            message = _("This server is not reached as {host!r}.")
            hint = _("Name the host in CICLO_ALLOWED_HOSTS to allow it.")
            return _refused(400, "host_refused", message.format(host=fields.get("host", "")), hint)
        if not self._same_origin(origins, host):
            message = _("Requests from other sites are refused: {origin!r} is not this one.")
            return _refused(403, "origin_refused", message.format(origin=", ".join(origins)))
        return None

    def _ours(self, name: str) -> bool:
        return is_loopback(name) or name in self.hosts

    def _same_origin(self, origins: list[str], host: Address) -> bool:
        if not origins:
            return True  # not a browser, or a navigation
        scheme = origins[0].partition("://")[0]
        origin = _address([each.removeprefix(f"{scheme}://") for each in origins])
        if origin is None or scheme not in PORTS or origin.name != host.name:
            return False
        if origin.name in self.proxied:
            return True  # the proxy passes the bare name on
        return (origin.port or PORTS[scheme]) == (host.port or PORTS[scheme])


class Headers:
    """Puts ``fields`` on every answer that has not set them itself."""

    def __init__(self, app: ASGIApp, fields: dict[str, str]) -> None:
        self.app = app
        self.fields = fields

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; only the start of an answer is touched."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.fields.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, sending)


def policy(script_hashes: list[str]) -> dict[str, str]:
    """The protective headers; ``script_hashes`` name the inline scripts of our own page."""
    scripts = " ".join(f"'{each}'" for each in script_hashes)
    content = {
        "default-src": "'self'",
        "script-src": f"'self' 'wasm-unsafe-eval' {scripts}".strip(),
        "style-src": "'self' 'unsafe-inline'",  # Streamlit's styles are written by its scripts
        "img-src": "'self' data: blob:",
        "media-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    return {
        "content-security-policy": "; ".join(f"{key} {value}" for key, value in content.items()),
        "x-content-type-options": "nosniff",
        "x-frame-options": "SAMEORIGIN",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=()",
    }


def _address(hosts: list[str]) -> Address | None:
    """The address in a well-formed header that came once, else None."""
    if len(hosts) != 1:
        return None
    try:
        parts = urlsplit(f"//{hosts[0]}")
        if parts.netloc != hosts[0] or parts.username is not None or not parts.hostname:
            return None
        return Address(parts.hostname.rstrip("."), parts.port)
    except ValueError:
        return None


def _refused(status: int, code: str, message: str, hint: str = "") -> JSONResponse:
    return JSONResponse({"code": code, "message": message, "hint": hint}, status)
