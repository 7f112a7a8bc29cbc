"""Passwords: what may be one, its hash (argon2id), and whether one fits.

Always holds: a password has 12 to 1024 characters and is none of the commonest; there are no rules of
composition. A login without a password takes as long as one with a wrong one.

The hash's cost is RFC 9106's second recommended option (section 4): 3 passes over 64 MiB in 4 lanes.
"""

import re
import unicodedata
from functools import cache
from itertools import pairwise
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import InvalidInput
from core.i18n import _

LEAST, MOST = 12, 1024  # characters
AT_ONCE = 4  # hashes made at the same time: each takes 64 MiB
_turn = BoundedSemaphore(AT_ONCE)
HASHER = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)
# What people take first when twelve characters are asked for, in small letters and without blanks:
# begun anew, a word of these with figures behind it is one as well.
COMMON = (
    "password passwort senha contrasena admin administrator administrador qwerty qwertyuiop asdfghjkl"
    " letmein welcome iloveyou bemvindo minhasenha mudar trocar teste test changeme brasil flamengo"
    " corinthians palmeiras futebol ciclo secret segredo football baseball sunshine princess"
)
FIGURES = r"[\d\W_]*"


def checked(password: str, *personal: str) -> str:
    """The password as it is hashed; InvalidInput where it is too short, too long or easily guessed.

    ``personal``: words that stand for the person (login, name), which are no password either.
    """
    password = tidy(password)
    if not LEAST <= len(password) <= MOST:
        raise InvalidInput(
            _("A password has {least} to {most} characters.").format(least=LEAST, most=MOST),
            hint=_("Several words with blanks between them are easy to keep and hard to guess."),
            field="password",
        )
    if _easy(password, personal):
        raise InvalidInput(
            _("This password is among the first that others would try."),
            hint=_("Several words with blanks between them are easy to keep and hard to guess."),
            field="password",
        )
    return password


def hashed(password: str) -> str:
    """The hash of a checked password, with its salt and its cost."""
    with _turn:
        return HASHER.hash(password)


def fits(password_hash: str, password: str) -> bool:
    """Whether the password is the one; "" as the hash takes as long and is nobody's."""
    with _turn:
        try:
            HASHER.verify(password_hash or _nobodys(), tidy(password)[:MOST])
        except (VerificationError, InvalidHashError):
            return False
    return bool(password_hash)


def is_outdated(password_hash: str) -> bool:
    """Whether it was made with another cost than today's."""
    return HASHER.check_needs_rehash(password_hash)


@cache
def _nobodys() -> str:
    return HASHER.hash("nobody has this password")


def tidy(password: str) -> str:
    """One form of each letter, however the keyboard wrote it."""
    return unicodedata.normalize("NFC", password)


def _easy(password: str, personal: tuple[str, ...]) -> bool:
    plain = re.sub(r"\s", "", password).casefold()
    words = {word for text in personal for word in re.split(r"\W+", text.casefold()) if word}
    if len(set(plain)) < 5 or _runs(plain):
        return True
    told = "|".join(re.escape(word) for word in {*COMMON.split(), *words})
    return re.fullmatch(rf"({FIGURES}({told})){{1,3}}{FIGURES}", plain) is not None


def _runs(text: str) -> bool:
    """Whether it goes up or down the alphabet or the figures almost all the way."""
    steps = [ord(b) - ord(a) for a, b in pairwise(text)]
    return sum(step in (1, -1, -9, 9) for step in steps) > len(steps) * 0.8
