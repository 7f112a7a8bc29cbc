"""Somebody else who vouches for people: their published addresses, their keys, what they signed.

In: the issuer's address, a signed token. Out: its claims. Always holds: only answers of one MiB and a
few seconds are read, no redirect is followed, nothing goes over plain HTTP to another machine; keys
are kept for an hour, a day where the issuer is away, and an unknown key makes us ask once a minute at
most; nothing but public-key signatures counts.
"""

import json
import logging
from datetime import datetime, timedelta
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from core import clock
from core.config import is_loopback, is_private
from core.errors import NotSignedIn, Unavailable
from core.i18n import _

if TYPE_CHECKING:
    from joserfc.jwk import KeySet
    from joserfc.jwt import Token

log = logging.getLogger("ciclo.sign_in")
# RFC 7518, 8037 and 9864 without what is symmetric, and without "none"
ALGORITHMS = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 Ed25519".split()
PUBLISHED = "/.well-known/openid-configuration"
MOST_BYTES = 2**20
SILENCE, LONGEST = 5.0, 15.0  # seconds
FRESH, STALE, AGAIN = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
SOON = timedelta(seconds=5)  # when an issuer that never answered is asked again
LEEWAY = 60  # seconds by which the clocks of two machines may differ
MOST_LETTERS = 16_384  # of a token


class Issuer:
    """One issuer, as this process knows it."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._lock = Lock()
        self._facts: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._read: datetime | None = None  # when facts and keys were read
        self._tried: datetime | None = None
        self._failed: Unavailable | None = None

    def facts(self) -> dict[str, Any]:
        """What the issuer publishes of itself; Unavailable where it cannot be asked."""
        self._renew(FRESH)
        return self._facts

    def claims(self, token: str, **wanted: str) -> dict[str, Any]:
        """What the issuer signed, with who it is and when it holds checked, and ``wanted`` in it.

        NotSignedIn where it did not sign this, for us, for now; Unavailable where it cannot be asked.
        """
        return self.signed(token, **wanted)[1]

    def signed(self, token: str, **wanted: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The same with the token's header before it."""
        from joserfc import errors

        self._renew(FRESH)
        try:
            found = self._decoded(token)
            _check(found.claims, {"iss": self.address, **wanted})
        except (errors.JoseError, ValueError, TypeError, AttributeError) as error:
            log.info("a token was refused", extra={"reason": str(error), "issuer": self.address})
            raise NotSignedIn(
                _("This token is not signed by {issuer} for Ciclo and for now.").format(
                    issuer=self.address
                ),
                code="bad_token",
            ) from None
        return found.header, found.claims

    def _decoded(self, token: str) -> "Token":
        """Header and claims of what one of the issuer's keys has signed."""
        from joserfc import errors, jws
        from joserfc.jwt import decode

        kinds = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        assert self._keys is not None
        try:
            return decode(token[:MOST_LETTERS], self._keys, registry=kinds)
        except errors.InvalidKeyIdError:  # they may have new keys
            self._renew(AGAIN)
            return decode(token[:MOST_LETTERS], self._keys, registry=kinds)

    def _renew(self, age: timedelta) -> None:
        """Ask the issuer where what we know is older; meanwhile others go on with what we know."""
        if not self._lock.acquire(blocking=self._read is None or age == AGAIN):
            return
        try:
            if self._is_due(age, clock.now()):
                self._read_anew(clock.now())
        finally:
            self._lock.release()

    def _is_due(self, age: timedelta, now: datetime) -> bool:
        if self._read is not None and now - self._read < age:
            return False
        if self._tried is None or now - self._tried >= (AGAIN if self._read else SOON):
            return True
        if self._failed is not None and self._is_stale(now):
            raise self._failed
        return False

    def _read_anew(self, now: datetime) -> None:
        self._tried, self._failed = now, None
        try:
            self._ask()
            self._read = now
        except Unavailable as error:
            self._failed = error
            if self._is_stale(now):
                raise
            log.warning("an issuer is away; its old keys count", extra={"at": self.address})

    def _is_stale(self, now: datetime) -> bool:
        return self._read is None or now - self._read > STALE

    def _ask(self) -> None:
        facts = fetched(self.address.rstrip("/") + PUBLISHED)
        if facts.get("issuer") != self.address:
            raise unfit(self.address, _("it calls itself {name}").format(name=facts.get("issuer")))
        self._keys = _keys(fetched(str(facts.get("jwks_uri", ""))), self.address)
        self._facts = facts


@cache
def issuer(address: str) -> Issuer:
    """The issuer at this address; one for the whole process."""
    return Issuer(address)


def fetched(url: str) -> dict[str, Any]:
    """The JSON object at ``url``; Unavailable where there is none, or it cannot be had safely."""
    if not is_private(url):
        raise unfit(url, _("its address is not HTTPS"))
    try:
        with (
            httpx.Client(**client_options(url)) as client,
            client.stream("GET", url, headers={"accept-encoding": "identity"}) as response,
        ):
            response.raise_for_status()
            told = json.loads(_bounded(response))
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as error:
        raise unfit(url, str(error) or type(error).__name__) from None
    if not isinstance(told, dict):
        raise unfit(url, _("it is no JSON object"))
    return told


def client_options(url: str) -> dict[str, Any]:
    """Of a client that asks an issuer: no redirect, an end to silence, no proxy to reach this machine."""
    parts = urlsplit(url)
    return {
        "timeout": SILENCE,
        "follow_redirects": False,
        "trust_env": not is_loopback(parts.hostname or ""),
        "verify": parts.scheme == "https",  # http needs no certificates, which take 30 ms to read
    }


def _check(claims: dict[str, Any], wanted: dict[str, str]) -> None:
    """Who and when: expiry, beginning, and each of ``wanted``; an error of the library's else."""
    from joserfc.jwt import JWTClaimsRegistry

    options: dict[str, Any] = {"exp": {"essential": True}, "sub": {"essential": True}}
    options |= {name: {"essential": True, "value": value} for name, value in wanted.items()}
    JWTClaimsRegistry(int(clock.now().timestamp()), LEEWAY, **options).validate(claims)


def _bounded(response: httpx.Response) -> bytes:
    """All of it, where that is not too much and does not take too long."""
    until, read = clock.seconds() + LONGEST, bytearray()
    for part in response.iter_raw():
        read += part
        if len(read) > MOST_BYTES or clock.seconds() > until:
            raise ValueError(f"more than {MOST_BYTES // 2**20} MiB or {LONGEST:.0f} s")
    return bytes(read)


def _keys(told: dict[str, Any], address: str) -> "KeySet":
    """The keys that can check a signature; one that we do not understand hides no other."""
    from joserfc.errors import JoseError
    from joserfc.jwk import JWKRegistry, KeySet

    found, shown = [], told.get("keys")
    for one in shown if isinstance(shown, list) else ():
        try:
            if one.get("kty") != "oct" and one.get("use", "sig") == "sig":
                found.append(JWKRegistry.import_key(one))
        except (JoseError, ValueError, TypeError, AttributeError):
            log.info("a key of an issuer is not understood", extra={"at": address})
    if not found:
        raise unfit(address, _("it publishes no keys"))
    return KeySet(found)


def unfit(address: str, reason: str) -> Unavailable:
    return Unavailable(
        _("{address} cannot vouch for anybody: {reason}.").format(
            address=address[:300], reason=reason.rstrip(".")[:300]
        ),
        hint=_("Try again; whoever runs this server finds its settings in docs/operations.md."),
        code="issuer_not_reachable",
    )
