"""Single questions where b lost or won, worst first, each to be opened side by side.

In: a run's id. Out: ``Changes``. Always holds: single questions prove nothing about the next ones; what
a version learned from is listed too, and marked.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from core import audit
from core.access import allowed
from core.comparison import measured
from core.comparison.gathering import Asked, Gathered, gather
from core.comparison.scorers.kinds import Scorer
from core.errors import InvalidInput
from core.i18n import _

STEP = 0.25  # a change of a mean that somebody would notice in one answer
MOST = 500  # questions of each list


KEPT = 16  # runs, in each process
_kept: OrderedDict[tuple[int, float, tuple[str, ...]], "Changes"] = OrderedDict()


@dataclass(frozen=True)
class Changed:
    """A scorer that moved: its values on both sides."""

    scorer: str
    title: str
    unit: str
    a: float
    b: float
    gain: float


@dataclass(frozen=True)
class Change:
    """A question that b lost or won. ``size`` is by how much, over all scorers that moved that way;
    ``scorers`` are these, the largest first; ``also`` are those that moved the other way."""

    comparison_id: str
    position: int | None
    question: str
    language: str
    topic: str
    must_pass: bool
    learned: str
    size: float
    scorers: list[Changed]
    also: list[Changed]


@dataclass(frozen=True)
class Changes:
    """Both lists, and how many questions they were looked for in."""

    run_id: str
    step: float
    n: int
    regressions: list[Change]
    improvements: list[Change]

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


@allowed("read")
def changes(run_id: str, step: float = STEP, scorers: Sequence[str] = ()) -> Changes:
    """Regressions and improvements: pass or fail turned, or another scorer moved by ``step`` (0 to 1)
    at least. ``scorers``: those looked at (else those that decide).

    InvalidInput for a step that is none, NotFound for a run there is not.
    """
    if not 0 < step <= 1:
        raise InvalidInput(
            _("A step of {value} is none.").format(value=str(step)[:20]),
            hint=_("It lies above 0, and is 1 at most."),
            field="step",
        )
    gathered = gather(run_id)
    audit.looked("run", run_id, gathered.run.assistant_id)
    key = gathered.print, step, tuple(scorers)
    if key not in _kept:
        _kept[key] = of(gathered, step, scorers)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return _kept[key]


def of(gathered: Gathered, step: float = STEP, scorers: Sequence[str] = ()) -> Changes:
    """The changes of rows at hand."""
    told = measured.of(gathered.said_by_any(), scorers or gathered.wanted)
    names = set(scorers) | measured.family(told, scorers or gathered.wanted)
    looked = [one for one in told if one.name in names and one.quality and one.unit == "share"]
    rows = [one for one in gathered.done if one.failed]
    found = [(one, list(_moved(one, looked, step))) for one in rows]
    return Changes(
        run_id=gathered.run.id,
        step=step,
        n=len(rows),
        regressions=_listed(found, -1),
        improvements=_listed(found, 1),
    )


def _moved(one: Asked, looked: Iterable[Scorer], step: float) -> Iterable[Changed]:
    for scorer in looked:
        a, b = one.value(scorer.name, "a"), one.value(scorer.name, "b")
        if a is None or b is None:
            continue
        gain = (b - a) * (1 if scorer.better == "up" else -1)
        if abs(gain) >= (1 if scorer.kind == "pass" else step - 1e-9):
            yield Changed(scorer.name, scorer.title, scorer.unit, a, b, gain)


def _listed(found: Iterable[tuple[Asked, list[Changed]]], sign: int) -> list[Change]:
    """The questions with a change of this sign, the largest first."""
    told = []
    for one, moved in found:
        moved = sorted(moved, key=lambda each: -abs(each.gain))
        this = [each for each in moved if each.gain * sign > 0]
        if this:
            told.append(_change(one, this, [each for each in moved if each.gain * sign < 0]))
    told.sort(key=lambda each: (-each.size, not each.must_pass, each.position or 0))
    return told[:MOST]


def _change(one: Asked, this: list[Changed], also: list[Changed]) -> Change:
    return Change(
        comparison_id=one.id,
        position=one.position,
        question=one.question,
        language=one.language,
        topic=one.topic,
        must_pass=bool(one.reference.get("must_pass")),
        learned=one.learned,
        size=sum(abs(each.gain) for each in this),
        scorers=this,
        also=also,
    )
