"""What a run will take, and how far it is, in the reader's words: the same for the page and the terminal."""

from core.comparison.estimating import Estimate, Progress
from core.i18n import _, ngettext, number
from core.metrics.saying import price, seconds


def takes(found: Estimate) -> str:
    """ "About 3 min and US$ 0.20 for 200 questions to both versions."."""
    if found.seconds is None:
        return _("How long it takes cannot be told: nothing was measured yet.")
    told = ngettext(
        "About {time} and {cost} for {n} question to both versions.",
        "About {time} and {cost} for {n} questions to both versions.",
        found.n,
    )
    cost = _("an unknown cost") if found.cost is None else price(found.cost)
    return told.format(time=seconds(found.seconds), cost=cost, n=number(found.n))


def rests(found: Estimate) -> list[str]:
    """What the estimate rests on, a line for each version."""
    said = []
    for letter, pace in (("A", found.a), ("B", found.b)):
        if not pace.n or pace.seconds is None:
            said.append(_("{letter}: nothing measured").format(letter=letter))
            continue
        words = {
            "version": _("{letter}: {time} an answer, measured on {n} of this version"),
            "model": _("{letter}: {time} an answer, measured on {n} of the same model"),
        }[pace.of]
        said.append(words.format(letter=letter, time=seconds(pace.seconds), n=number(pace.n)))
    return said


def progress(now: Progress) -> str:
    """ "12 of 200 questions · 1 answer failed · about 3 min left · US$ 0.02"."""
    parts = [_("{done} of {n} questions").format(done=number(now.done), n=number(now.of))]
    if now.failed:
        words = ngettext("{n} answer failed", "{n} answers failed", now.failed)
        parts.append(words.format(n=number(now.failed)))
    if now.seconds_left:
        parts.append(_("about {time} left").format(time=seconds(now.seconds_left)))
    if now.cost:
        parts.append(price(now.cost))
    return " · ".join(parts)
