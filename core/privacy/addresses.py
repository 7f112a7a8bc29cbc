"""Addresses on the net: e-mail, IP, and the random key of Pix, which is where money is sent.

In: a plain reading. Out: hits in it. Addresses that name nobody are not found: this machine's own,
networks, a repository behind git@, a random key that nothing calls Pix.
"""

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address

from core.privacy.nearby import Nearby
from core.privacy.numbers import AFTER, BEFORE, Certainty, Hit, hits

# Lengths are those of the mail standard; they also bound the work on hostile text.
_EMAIL = re.compile(
    r"(?<![\w.+%@-])[\w+%][\w.+%'-]{0,63}@(?:[a-z\d](?:[a-z\d-]{0,62})\.){1,8}[a-z]{2,24}(?!\w)"
)
_SPELT_AT = re.compile(r"\s?[\[(]\s?(?:at|arroba)\s?[\])]\s?|\sarroba\s")
_LOCAL_PART = re.compile(r"[\w+%][\w.+%'-]{0,63}$")
_SPELT_HOST = re.compile(
    r"[a-z\d][a-z\d-]{0,62}(?:(?:\.|\s?[\[(]\s?(?:dot|ponto)\s?[\])]\s?|\sponto\s)[a-z]{2,24}){1,3}"
    r"(?!\w)"
)
_REPOSITORY = re.compile(r":[\w.~-]*/")
_RETINA = re.compile(r"@\dx\.")  # logo@2x.png
_CREDENTIALS = re.compile(r"://[^\s/]*$")
_IPV4 = re.compile(r"(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?![\w/-]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:.])(?:[23][\da-f]{3}|f[cd][\da-f]{2}):[\da-f:]{2,34}(?![\w/:])")
_UUID = re.compile(rf"{BEFORE}[\da-f]{{8}}-(?:[\da-f]{{4}}-){{3}}[\da-f]{{12}}{AFTER}(?!-)")


def emails(plain: str) -> Iterator[Hit]:
    """E-mail addresses, also spelt out ("ana arroba exemplo ponto com")."""
    for match in _EMAIL.finditer(plain):
        before = plain[max(0, match.start() - 80) : match.start()]
        if _REPOSITORY.match(plain, match.end()) or _RETINA.search(match[0]):
            continue
        if not _CREDENTIALS.search(before):
            yield from hits(match, "sure")
    yield from _spelt(plain)


def _spelt(plain: str) -> Iterator[Hit]:
    for at in _SPELT_AT.finditer(plain):
        local = _LOCAL_PART.search(plain, max(0, at.start() - 64), at.start())
        host = _SPELT_HOST.match(plain, at.end())
        if local and host:
            yield Hit(local.start(), host.end(), "sure")


def ips(plain: str) -> Iterator[Hit]:
    """Addresses of machines; small numbers that nothing calls an IP are "maybe" one."""
    nearby = Nearby(plain)
    for match in _IPV4.finditer(plain):
        label = nearby.label(*match.span())
        if label != "other" and _names_someone(match[0]):
            yield from hits(match, _certainty(match[0], label))
    for match in _IPV6.finditer(plain):
        if _names_someone(match[0]):
            yield from hits(match, "sure")


def _names_someone(address: str) -> bool:
    try:
        ip: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False  # a number with points, or words with colons
    wide = ip.is_loopback or ip.is_unspecified or ip.is_multicast or ip.is_link_local
    return not wide and not address.startswith("255.") and not address.endswith(".0")


def _certainty(address: str, label: str) -> Certainty | None:
    largest = max(map(int, address.split(".")))
    if label == "ip" or largest >= 100:
        return "sure"
    return "maybe" if largest >= 20 else None  # 4.2.1.3 numbers a heading or a release


def pix_keys(plain: str) -> Iterator[Hit]:
    """Random Pix keys, only behind their label: without it they look like any identifier."""
    nearby = Nearby(plain)
    for match in _UUID.finditer(plain):
        if nearby.label(*match.span()) == "pix":
            yield from hits(match, "sure")
