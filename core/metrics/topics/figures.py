"""Topics: what people ask about, with how often, and how content they are with the answers.

In: a view. Out: a ``TopicRow`` for each topic that was asked about in it. Always holds: figures are of
the answers of the view, as everywhere; a topic is new where it was asked about for the first time in
the view's period, though there were questions before.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import select

from core import access, db
from core.db.tables import Topic
from core.errors import InvalidInput, NotFound
from core.i18n import _, ngettext
from core.metrics import keeping, targets
from core.metrics.figures import Figure
from core.metrics.formulas import Part
from core.metrics.kept import kept
from core.metrics.parts import part
from core.metrics.topics.keeping import FEWEST_QUESTIONS
from core.metrics.topics.labels import BETWEEN, PARTS
from core.metrics.views import View
from core.statistics import wilson

LONGEST_LABEL = 80
OTHER = ""  # the id of the row of what belongs to no topic


@dataclass(frozen=True)
class TopicRow:
    """``n`` answers in the view, ``share`` of all answers in it; ``growth`` is by how much more (0.5:
    half more) than in the time before, None where there were none or is no time before. ``named``: by
    a person. The row of all that belongs to no topic has the id OTHER and comes last."""

    id: str
    assistant_id: str
    label: str
    terms: list[str]
    n: int
    share: float
    satisfaction: Figure
    new: bool = False
    growth: float | None = None
    named: bool = False


@dataclass(frozen=True)
class _Told:
    """What the facts alone tell of a topic."""

    id: str
    n: int
    share: float
    satisfaction: Figure
    new: bool
    growth: float | None


@access.allowed("metrics")
def topics(view: View) -> list[TopicRow]:
    """The topics of a view, the most asked first; empty where there are none (see ``no_topics``)."""
    told = kept(("topics", view), lambda: _told(view))
    target = targets.held().targets.get("satisfaction")
    with db.session() as session:
        known = {one.id: one for one in session.scalars(select(Topic))}
    rows = [
        TopicRow(
            one.id,
            known[one.id].assistant_id,
            known[one.id].label,
            list(known[one.id].terms),
            one.n,
            one.share,
            replace(one.satisfaction, target=target),
            one.new,
            one.growth,
            known[one.id].named,
        )
        for one in told
        if one.id in known
    ]
    rest = [
        TopicRow(OTHER, "", _("everything else"), [], one.n, one.share, one.satisfaction)
        for one in told
        if one.id == OTHER
    ]
    return rows + rest if rows else []


@access.allowed("metrics")
def no_topics(view: View) -> str:
    """Why a view has no topics, as a sentence; "" where it has some."""
    if topics(view):
        return ""
    n = len(part(view.narrowed(topic="")).answers)
    if not n:
        return _("Nothing was asked in this time.")
    if n < FEWEST_QUESTIONS:
        return ngettext(
            "{n} question is too few to group: topics take {least}.",
            "{n} questions are too few to group: topics take {least}.",
            n,
        ).format(n=n, least=FEWEST_QUESTIONS)
    return _("The questions are not grouped yet, or no words come up in several of them.")


@access.allowed("change")
def rename_topic(topic_id: str, label: str) -> TopicRow | None:
    """Give a topic a name that stays, whatever it is found in later; "" gives it back its own.

    The row as it is in all time; None where nobody has asked about it. Raises NotFound, InvalidInput.
    """
    name = " ".join("".join(c if c.isprintable() else " " for c in label).split())
    if len(name) > LONGEST_LABEL:
        raise InvalidInput(
            _("A topic's name has {most} characters at most.").format(most=LONGEST_LABEL),
            field="label",
        )
    with db.writing() as session:
        row = session.get(Topic, topic_id, with_for_update=True)
        if row is None or row.retired_at:
            raise NotFound(_("This topic is not there."))
        row.named = bool(name)
        row.label = name or BETWEEN.join(row.terms[:PARTS])
    found = topics(View(period="all", topic=topic_id))
    return next((one for one in found if one.id == topic_id), None)


def _told(view: View) -> list[_Told]:
    now, before = part(view), view.before()
    past = _sums(part(before)) if before else {}
    fresh = _fresh(view) if before else frozenset[int]()
    words, whole = now.names.get("topic", []), len(now.answers)
    found = [
        _Told(
            words[code],
            sums.n,
            sums.n / whole,
            _satisfaction(sums, past.get(code)),
            code in fresh and words[code] != OTHER,
            sums.n / past[code].n - 1 if code in past else None,
        )
        for code, sums in _sums(now).items()
    ]
    return sorted(found, key=lambda one: (one.id == OTHER, -one.n, one.id))


class _Sums(NamedTuple):
    """Answers of a topic, and the thumbs they were given."""

    n: int
    up: float
    down: float


def _sums(of: Part) -> dict[int, _Sums]:
    """By the topic's code."""
    import numpy as np

    codes = of.answers["topic"]
    counted = np.bincount(codes)
    up, down = (np.bincount(codes, of.answers[name]) for name in ("up", "down"))
    return {
        int(code): _Sums(int(counted[code]), float(up[code]), float(down[code]))
        for code in np.flatnonzero(counted)
    }


def _satisfaction(now: _Sums, past: _Sums | None) -> Figure:
    found = wilson(now.up, int(now.up + now.down))
    before = wilson(past.up, int(past.up + past.down)) if past else None
    told = (found.share, found.low, found.high, found.n) if found else (None, None, None, 0)
    was = (before.share, before.n) if before else (None, 0)
    return Figure("satisfaction", *told, *was)


def _fresh(view: View) -> frozenset[int]:
    """The topics that were asked about for the first time in the view's period, of assistants that
    were asked before it."""
    import numpy as np

    facts = keeping.current()
    since = view.span().since.timestamp()
    at, codes, whose = (facts.answers[name] for name in ("at", "topic", "assistant"))
    early = at < since
    known = np.isin(codes, codes[early])
    asked = np.isin(whose, whose[early])
    return frozenset(int(code) for code in np.unique(codes[~known & asked]))
