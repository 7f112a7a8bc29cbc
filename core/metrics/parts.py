"""The part of the facts that a view names, and what has been computed of it before.

In: a view. Out: a ``Part``. Always holds: an answer belongs to the period in which it was given, a
conversation to that in which it began; where a filter is on answers (version, mode, language, topic,
document, outcome), a conversation fits if one of its answers does. What reviewers said belongs to the
time when they said it, and fits if the answer does.
"""

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from core import access, clock, i18n
from core.metrics import keeping, targets
from core.metrics.facts import Facts, Frame
from core.metrics.kept import kept_part
from core.metrics.measures import Part
from core.metrics.views import View

if TYPE_CHECKING:
    from numpy.typing import NDArray

BOTH = ("assistant", "channel", "tier")  # what conversations have as well
OF_ANSWERS = ("version", "mode", "language", "topic", "outcome")


def shared(view: View) -> Part:
    """The same, read once for all the figures of a page."""
    return kept_part(("part", view), lambda: part(view))


def part(view: View, facts: Facts | None = None) -> Part:
    """The facts of a view, as they are now."""
    import numpy as np

    facts = facts or keeping.current()
    span = view.span()
    since, until = span.since.timestamp(), span.until.timestamp()
    answers, talks = facts.answers, facts.conversations
    fits = _fits(facts, answers, view, (*BOTH, *OF_ANSWERS)) & _when(answers, view)
    if view.document:
        cites = facts.cited["document"] == facts.code("document", view.document)
        fits &= np.isin(answers["key"], facts.cited["answer"][cites])
    inside = _fits(facts, talks, view, BOTH) & (talks["at"] >= since) & (talks["at"] < until)
    if _narrow(view):
        inside &= np.isin(talks["conversation"], np.unique(answers["conversation"][fits]))
    reviews = _reviews(facts, fits, since, until)
    fits &= (answers["at"] >= since) & (answers["at"] < until)
    return Part(
        answers.rows(fits),
        talks.rows(inside),
        facts.cited,
        facts.names,
        clock.now().timestamp(),
        targets.silence_seconds(),
        **reviews,
    )


def _reviews(facts: Facts, fits: "NDArray[Any]", since: float, until: float) -> dict[str, Any]:
    """What was said in that time of the answers that fit, whenever they were given."""
    import numpy as np

    items, judgements = facts.items, facts.judgements
    if len(items) and not fits.all():
        items = items.rows(np.isin(items["key"], facts.answers["key"][fits]))
        judgements = judgements.rows(np.isin(judgements["item"], items["item"]))
    judged, said = (
        frame.rows((frame["at"] >= since) & (frame["at"] < until)) for frame in (items, judgements)
    )
    end = min(until, clock.now().timestamp())
    return {
        "items": items,
        "judged": judged,
        "judgements": said,
        "scores": facts.scores,
        "until": end,
    }


def _narrow(view: View) -> bool:
    return any(getattr(view, name) for name in (*OF_ANSWERS, "document", "weekday", "hour"))


def _fits(facts: Facts, frame: Frame, view: View, kinds: tuple[str, ...]) -> "NDArray[Any]":

    fits = _seen(facts, frame)
    for kind in kinds:
        if wanted := getattr(view, kind):
            fits &= frame[kind] == facts.code(kind, wanted)
    if view.data:
        fits &= frame["sample"] == (view.data == "sample")
    return fits


def _seen(facts: Facts, frame: Frame) -> "NDArray[Any]":
    """The facts are of all assistants; here those are left out that are not there for who acts."""
    import numpy as np

    if access.sees_all():
        return np.ones(len(frame), dtype=bool)
    known = facts.names.get("assistant", [])
    return np.array([access.sees(one) for one in known], dtype=bool)[frame["assistant"]]


def _when(frame: Frame, view: View) -> "NDArray[Any]":
    import numpy as np

    fits = np.ones(len(frame), dtype=bool)
    if view.weekday:
        fits &= weekdays(frame["at"]) == int(view.weekday)
    if view.hour:
        fits &= hours(frame["at"]) == int(view.hour)
    return fits


def hours(at: "NDArray[Any]") -> "NDArray[Any]":
    """The hour (0 to 23) of the reader's zone at each moment (seconds since 1970)."""
    return (_local(at) // 3600) % 24


def days(at: "NDArray[Any]") -> "NDArray[Any]":
    """The day of the reader's calendar at each moment, counted from 1 January 1970."""
    return _local(at) // 86_400


def weekdays(at: "NDArray[Any]") -> "NDArray[Any]":
    """The weekday (0 is Monday) of the reader's zone at each moment."""
    return (_local(at) // 86_400 + 3) % 7  # 1 January 1970 was a Thursday


def _local(at: "NDArray[Any]") -> "NDArray[Any]":
    """Seconds since 1970 as the clocks of the reader's zone show them: the offset is looked up once for
    each quarter of an hour, the smallest step at which a zone has changed it."""
    import numpy as np

    quarters, which = np.unique(at.astype("int64") // 900, return_inverse=True)
    zone = i18n.zone()
    offsets = [_offset(int(quarter) * 900, zone) for quarter in quarters]
    return at.astype("int64") + np.array(offsets, dtype="int64")[which]


def _offset(at: int, zone: tzinfo) -> int:
    shift = datetime.fromtimestamp(at, zone).utcoffset()
    return int(shift.total_seconds()) if shift else 0
