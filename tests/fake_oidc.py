"""An OpenID Connect provider on a free port of this machine: discovery, keys, code flow, tokens.

Strict where the standards are (RFC 6749 and 7636, OpenID Connect Core 1.0): the code works once, for the
client and address it was given to, with the verifier of its challenge. Whoever comes to ``/authorize``
is ``person`` at once. ``faults`` names a path and what it does instead; ``changes`` is put over the
claims of what is signed next.
"""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, Key

CLIENT, SECRET = "ciclo", "provider's secret: 50% & more"
FAULTS = ("html", "huge", "redirect", "refused", "broken")


@dataclass
class FakeOidc:
    """What the provider knows and has seen."""

    url: str = ""
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "u-1", "name": "Ana Souza"})
    keys: list[Key] = field(default_factory=lambda: [new_key("one")])
    published: list[Key] | None = None  # else the keys
    faults: dict[str, str] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    denies: bool = False
    public: bool = False  # a client without a secret
    facts: dict[str, Any] = field(default_factory=dict)  # over what discovery tells
    beside: dict[str, Any] | None = None  # what /userinfo tells; else there is no such address
    gives: dict[str, Any] = field(default_factory=dict)  # over what it gives for a code
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def discovery(self) -> dict[str, Any]:
        """What it publishes of itself."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            **({"userinfo_endpoint": f"{self.url}/userinfo"} if self.beside is not None else {}),
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["ES256"],
        } | self.facts

    def jwks(self) -> dict[str, Any]:
        """Its public keys."""
        shown = self.keys if self.published is None else self.published
        return {"keys": [key.as_dict(private=False) for key in shown]}

    def rotate(self, kid: str) -> None:
        """From here on another key signs."""
        self.keys = [new_key(kid)]

    def signed(self, claims: dict[str, Any], header: dict[str, Any] | None = None) -> str:
        """A token of this provider's for ``claims``, which hold for five minutes."""
        now = int(time.time())
        usual = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300}
        head = {"alg": "ES256", "kid": self.keys[0].kid} | (header or {})
        given = {k: v for k, v in (usual | claims | self.changes).items() if v is not None}
        return jwt.encode(head, given, self.keys[0], algorithms=[head["alg"]])

    def authorized(self, query: dict[str, str]) -> str:
        """Where the browser goes back to, with a code or with why there is none."""
        assert query["client_id"] == CLIENT
        assert query["response_type"] == "code"
        assert "openid" in query["scope"].split()
        assert query["code_challenge_method"] == "S256"
        told = {"state": query["state"]}
        if self.denies:
            return f"{query['redirect_uri']}?{urlencode({'error': 'access_denied', **told})}"
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'iss': self.url, **told})}"

    def exchanged(self, form: dict[str, str], basic: str) -> tuple[int, dict[str, Any]]:
        """Status and body for a code."""
        if not self._is_client(form, basic):
            return 401, {"error": "invalid_client"}
        begun = self.codes.pop(form.get("code", ""), None)
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if (
            begun is None
            or begun["redirect_uri"] != form.get("redirect_uri")
            or begun["code_challenge"] != base64.urlsafe_b64encode(challenge).decode().rstrip("=")
        ):
            return 400, {"error": "invalid_grant"}
        claims = {**self.person, "nonce": begun.get("nonce")}
        told = {"access_token": "not for Ciclo", "token_type": "Bearer", "expires_in": 300}
        given = {**told, "id_token": self.signed(claims), **self.gives}
        return 200, {name: value for name, value in given.items() if value is not None}

    def _is_client(self, form: dict[str, str], basic: str) -> bool:
        if self.public:
            return form.get("client_id") == CLIENT and not basic
        if self.facts.get("token_endpoint_auth_methods_supported") == ["client_secret_post"]:
            return (form.get("client_id"), form.get("client_secret"), basic) == (CLIENT, SECRET, "")
        given = base64.b64decode(basic.removeprefix("Basic ")).decode().split(":")
        return [unquote_plus(one) for one in given] == [CLIENT, SECRET]


def new_key(kid: str) -> Key:
    """A key pair of its own."""
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig"})


@contextmanager
def serving() -> Iterator[FakeOidc]:
    """A provider that answers for as long as the block lasts."""
    fake = FakeOidc()

    class Handler(_Handler):
        provider = fake

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    provider: FakeOidc

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if self._hindered(parts.path):
            return
        if parts.path == "/.well-known/openid-configuration":
            self._send(200, self.provider.discovery())
        elif parts.path == "/keys":
            self._send(200, self.provider.jwks())
        elif parts.path == "/userinfo":
            known = self.headers.get("Authorization") == "Bearer not for Ciclo"
            self._send(200 if known else 401, self.provider.beside or {})
        elif parts.path == "/authorize":
            self._send(302, {}, Location=self.provider.authorized(query))
        else:
            self._send(404, {})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        told = parse_qs(self.rfile.read(length).decode())
        form = {name: values[0] for name, values in told.items()}
        if not self._hindered(self.path):
            basic = self.headers.get("Authorization", "")
            self._send(*self.provider.exchanged(form, basic))

    def _hindered(self, path: str) -> bool:
        self.provider.asked.append(path)
        fault = self.provider.faults.get(path, "")
        assert fault in ("", *FAULTS), fault
        if fault == "html":
            self._send(200, "<p>maintenance")
        elif fault == "huge":
            self._send(200, {"keys": ["x" * 1_200_000]})
        elif fault == "redirect":
            self._send(302, {}, Location=f"{self.provider.url}/elsewhere")
        elif fault == "refused":
            self._send(503, {"error": "temporarily_unavailable"})
        elif fault == "broken":
            self.close_connection = True
        return bool(fault)

    def _send(self, status: int, told: dict[str, Any] | str, **headers: str) -> None:
        data = (told if isinstance(told, str) else json.dumps(told)).encode()
        self.send_response(status)
        kind = "text/html" if isinstance(told, str) else "application/json"
        for name, value in {"Content-Type": kind, **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
