"""The verdict of an evaluation run: is b better than a, and can one defend saying so?

In: a run's id. Out: a ``Verdict``. Always holds: what a version learned from does not count; a run that
has not ended as planned is held against bounds that may be looked at as often as one likes; the same
rows give the same verdict.
"""

from collections import OrderedDict
from collections.abc import Sequence

from core.access import allowed
from core.comparison import deciding, measured
from core.comparison.findings import MetricVerdict, Verdict
from core.comparison.gathering import Gathered, gather
from core.errors import InvalidInput
from core.i18n import _

ALL_BUT = 0.9  # of the questions are judged: from then on the number counts as fixed
KEPT = 32  # verdicts, in each process
_kept: OrderedDict[tuple[int, tuple[str, ...]], Verdict] = OrderedDict()


@allowed("metrics")
def verdict(run_id: str, scorers: Sequence[str] = ()) -> Verdict:
    """What may be said of the run's b against its a, as far as it has come.

    ``scorers``: names of those of quality that decide, with what failed and what people and judges
    chose; else those that the run was begun with, else the primary ones.
    NotFound for a run, InvalidInput for a scorer there is not.
    """
    _check(scorers)
    return of(gather(run_id), tuple(scorers))


def of(gathered: Gathered, scorers: tuple[str, ...] = ()) -> Verdict:
    """The verdict on rows at hand."""
    key = (gathered.print, scorers)
    found = _kept.get(key)
    if found is None:
        found = _kept[key] = _made(gathered, scorers)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def metrics(gathered: Gathered, scorers: tuple[str, ...] = ()) -> list[MetricVerdict]:
    """What was found of each scorer."""
    wanted = scorers or tuple(gathered.wanted)
    told = measured.of(gathered.said(), wanted)
    return deciding.decide(
        gathered.columns([one.name for one in told]),
        told,
        family=measured.family(told, wanted),
        smallest=gathered.smallest or deciding.SMALLEST,
        early=not gathered.ended,
        growing=[one.name for one in told if _grows(gathered, one.name)],
    )


def _grows(gathered: Gathered, scorer: str) -> bool:
    """Whether people or a judge may still have something to say."""
    if scorer not in measured.SAID:
        return False
    said = sum(one.value(scorer, "b") is not None for one in gathered.counted)
    return said < ALL_BUT * len(gathered.counted)


def _made(gathered: Gathered, scorers: tuple[str, ...]) -> Verdict:
    found = metrics(gathered, scorers) if gathered.counted else []
    counted = gathered.counted
    failed = {side: sum(one.failed[side] > 0 for one in counted) for side in ("a", "b")}
    identical = sum(one.alike for one in counted)
    return Verdict(
        run_id=gathered.run.id,
        state=gathered.run.state,
        claim=_claim(gathered, found, identical),
        metrics=found,
        versions=gathered.versions,
        smallest=gathered.smallest or deciding.SMALLEST,
        total=gathered.run.n,
        done=len(gathered.done),
        n=len(counted),
        learned=len(gathered.done) - len(gathered.unlearned),
        duplicates=len(gathered.unlearned) - gathered.unanswered - len(counted),
        unanswered=gathered.unanswered,
        failed=failed,
        identical=identical,
        early=not gathered.ended,
        chosen=bool(scorers),
        tests=sum(one.looked or one.p_adjusted is not None for one in found if one.tested),
    )


def _claim(gathered: Gathered, found: list[MetricVerdict], identical: int) -> str:
    """What there is to say, or why there is nothing."""
    n = len(gathered.counted)
    tested = [one for one in found if one.tested]
    quality = [one for one in tested if one.scorer != measured.FAILED]
    reasons = (
        ("nothing", not gathered.done),
        ("learned", not n and len(gathered.unlearned) < len(gathered.done)),
        ("nothing", not n),
        ("identical", identical == n),
        ("few", n < deciding.FEW),
        ("failed", all(one.failed["a"] or one.failed["b"] for one in gathered.counted)),
        ("unmeasured", not quality),
    )
    why = next((reason for reason, holds in reasons if holds), "")
    told = deciding.overall(tested)
    if why in ("failed", "unmeasured") and told in ("better", "worse"):
        return told  # by its failures alone
    return why or told


def _check(scorers: Sequence[str]) -> None:
    for name in scorers:
        if name not in measured.known():
            raise InvalidInput(
                _("No scorer is called “{name}”.").format(name=str(name)[:40]),
                hint=_("These are: {names}.").format(names=", ".join(measured.known())),
                field="scorers",
            )
