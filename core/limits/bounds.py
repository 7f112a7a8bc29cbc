"""What is allowed, as the settings say it: "60/minute; 600/minute by address".

In: the text of a setting. Out: its bounds, each an amount in a time for each person and token (where
nobody is known: each address), or for each of the one that stands after "by". Always holds: an empty
setting is what ``WITH_SIGN_IN`` says where there is sign-in, and without it nothing.
"""

from functools import lru_cache
from typing import NamedTuple

from core.config import Settings

# One person reads an answer for longer than a second; a team of ten may share an address. Documents
# come in folders: a thousand of them at once is usual work.
WITH_SIGN_IN = {
    "ask": "60/minute; 600/minute by address",
    "search": "120/minute; 1200/minute by address",
    "upload": "1200/minute; 6000/hour",
    "sign_in": "30/minute",
}
OFF = "off"


class Bound(NamedTuple):
    """At most ``amount`` in ``seconds``, for each of what ``by`` names ("" is whoever is known)."""

    amount: int
    seconds: int
    by: str = ""


def bounds(kind: str, settings: Settings) -> tuple[Bound, ...]:
    """The bounds of doing ``kind``."""
    text: str = getattr(settings, f"limit_{kind}")
    if not text and settings.auth != "local":
        text = WITH_SIGN_IN[kind]
    return read(text) if text and text != OFF else ()


@lru_cache
def read(text: str) -> tuple[Bound, ...]:
    """The bounds that a checked text names."""
    return tuple(_read(part) for part in text.split(";") if part.strip())


def _read(part: str) -> Bound:
    from limits import parse

    often, _by, by = part.strip().partition(" by ")
    found = parse(often)
    return Bound(found.amount, found.get_expiry(), by.strip())
