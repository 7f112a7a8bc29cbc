"""Whether who acts may do one thing more now.

In: what is about to be done. Out: nothing, or TooMany whose sentence says what is allowed and when to go
on. Always holds: the person, the token and the address are counted each by itself; what a bound refuses
is counted by none after it.
"""

from functools import cache
from math import ceil

from core import access
from core.config import settings
from core.errors import TooMany
from core.i18n import N_, _, number, seconds
from core.limits import windows
from core.limits.addresses import network
from core.limits.bounds import Bound, bounds

SAID = {
    "ask": N_("At most {n} questions in {time} are taken. Ask again in {wait}."),
    "search": N_("At most {n} searches in {time} are done. Search again in {wait}."),
    "upload": N_("At most {n} documents in {time} are taken. Add more in {wait}."),
    "sign_in": N_("At most {n} tries to sign in are taken in {time}. Try again in {wait}."),
}
TIMES = {1: N_("a second"), 60: N_("a minute"), 3600: N_("an hour"), 86_400: N_("a day")}
BY = {
    "person": N_("Everything you do is counted, in whichever window."),
    "token": N_("What this token does is counted by itself."),
    "address": N_("Everybody at your address is counted together."),
}


def demand(kind: str) -> None:
    """TooMany where who acts, their token or their address has done ``kind`` too often of late.

    ``kind`` is a key of SAID. Where nobody acts nothing is counted but "sign_in", by address.
    """
    known = bounds(kind, settings())
    if not known:
        return
    whose = _whose(kind)
    for bound in known:
        for by in _counted(bound, whose):
            key = f"{kind}/{by}/{whose[by]}/{bound.amount}/{bound.seconds}"
            wait = _windows(settings().redis_url).take(key, bound.amount, bound.seconds)
            if wait > 0:
                raise _refusal(kind, bound, by, wait)


def _whose(kind: str) -> dict[str, str]:
    """Whom a try is counted for: person, token and address, those that are known."""
    somebody, origin = access.acting(), access.origin()
    if kind == "sign_in":
        known = {"address": network(origin.address)}
    elif somebody is None:
        known = {}
    else:
        known = {"person": somebody.id, "token": origin.token_id}
        known["address"] = network(origin.address)
    return {by: value for by, value in known.items() if value}


def _counted(bound: Bound, whose: dict[str, str]) -> list[str]:
    if bound.by:
        return [bound.by] if bound.by in whose else []
    return [by for by in ("person", "token") if by in whose] or list(whose)


def _refusal(kind: str, bound: Bound, by: str, wait: float) -> TooMany:
    said = _(SAID[kind])
    told = said.format(n=number(bound.amount), time=_time(bound.seconds), wait=_wait(wait))
    return TooMany(told, hint=_(BY[by]), retry_after=wait)


def _time(length: int) -> str:
    return _(TIMES[length]) if length in TIMES else seconds(length)


def _wait(length: float) -> str:
    """Whole seconds, rounded up: who comes then is not sent away again."""
    whole = ceil(length)
    return f"{whole} s" if whole < 60 else seconds(whole)


@cache
def _windows(redis_url: str) -> windows.Windows:
    return windows.Redis(redis_url) if redis_url else windows.Memory()


def forget() -> None:
    """Begin to count anew (tests)."""
    _windows.cache_clear()
