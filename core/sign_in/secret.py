"""A secret that stands for somebody: 256 random bits, of which only the SHA-256 is stored."""

import hashlib
import re
from secrets import token_urlsafe

BYTES = 32
SHAPE = re.compile(r"[A-Za-z0-9_-]{20,100}")


def made() -> str:
    """A new secret, in letters that a cookie and an address take."""
    return token_urlsafe(BYTES)


def hash_of(secret: str) -> str:
    """What is stored of it. No salt: nobody guesses 256 bits."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def is_one(secret: str) -> bool:
    """Whether it has the shape of one of ours; all else need not be looked up."""
    return SHAPE.fullmatch(secret) is not None
