"""Where b gains or loses: the same differences by topic, language, length, and what a question is.

In: a run's id. Out: ``Slices``: for each part of the questions and each scorer that decides, the
difference with its interval. Always holds: claims are corrected for everything that was looked at,
whether or not it is shown; how many would stand out by chance alone is told.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core import db, statistics
from core.access import allowed
from core.comparison import deciding, measured
from core.comparison.findings import BETTER, UNCLEAR, WORSE
from core.comparison.gathering import Asked, Gathered, gather
from core.db.tables import Assistant
from core.i18n import N_, _, ngettext, number
from core.statistics.means import telling, varies
from core.statistics.resampling import sign_flips

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

QUICK = 10_000  # pairs that are drawn from for intervals: half a second; the smallest slices first
TELLING = 100  # differences that tell: from then on an interval needs no drawing
THIN = 30  # pairs below which a slice is marked: its interval is wide, and may be off
MOST = 12  # values of a kind, the most frequent ones
SHORT, LONG = 8, 20  # words of a question: up to, and from one more on
KINDS = {
    "topic": N_("Topic"),
    "language": N_("Language"),
    "length": N_("Length of the question"),
    "must_pass": N_("Must pass"),
    "answerable": N_("Answerable"),
    "assistant": N_("Assistant"),
}
WORDS = {
    "short": N_("up to 8 words"),
    "middle": N_("9 to 20 words"),
    "long": N_("over 20 words"),
    "yes": N_("yes"),
    "no": N_("no"),
    "": N_("not told"),
}
LANGUAGES = {"pt": N_("Portuguese"), "en": N_("English"), "es": N_("Spanish")}
KEPT = 16  # runs, in each process
_kept: OrderedDict[tuple[int, tuple[str, ...]], "Slices"] = OrderedDict()


@dataclass(frozen=True)
class Slice:
    """One scorer over one part of the questions. ``value`` is the mean of b - a with its 95 % interval,
    by the verdict's own method (None where too few questions tell one, see ``deciding.FEW``); ``p`` stands alone, ``p_adjusted`` and ``claim`` (better, worse, unclear) are corrected for all
    slices; ``name`` is what the part is called where it has a name of its own."""

    by: str
    part: str
    name: str
    scorer: str
    title: str
    unit: str
    direction: str
    n: int
    thin: bool
    value: float
    low: float | None
    high: float | None
    p: float | None
    p_adjusted: float | None = None
    claim: str = UNCLEAR

    @property
    def label(self) -> str:
        """What the part is called, in the reader's language."""
        if self.by == "language" and self.part:
            return _(LANGUAGES[self.part]) if self.part in LANGUAGES else self.part
        if self.by in ("topic", "assistant") and self.part:
            return self.name or self.part
        return _(WORDS.get(self.part, self.part))

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self) | {"kind": _(KINDS[self.by]), "label": self.label}


@dataclass(frozen=True)
class Slices:
    """All of them; ``looked`` is how many, ``below`` how many have p < 0.05 when they stand alone, and
    ``by_chance`` how many would if there were no difference anywhere."""

    run_id: str
    found: list[Slice]
    looked: int
    below: int
    by_chance: float
    early: bool

    @property
    def warning(self) -> str:
        """What to mind with many slices; "" where there are none."""
        if not self.looked:
            return ""
        if not self.early and not self.by_chance:
            return ngettext(
                "{n} slice was looked at: nothing differs in it.",
                "{n} slices were looked at: nothing differs in any of them.",
                self.looked,
            ).format(n=number(self.looked))
        if self.early:
            return _(
                "{n} slices were looked at while the run has not ended as planned; a claim holds"
                " however often one looks."
            ).format(n=number(self.looked))
        told = ngettext(
            "{n} slice was looked at. Without any difference, about {chance} of them would seem to"
            " have one (p < 0.05), and {below} does. Claims are corrected for all; intervals are not.",
            "{n} slices were looked at. Without any difference, about {chance} of them would seem to"
            " have one (p < 0.05), and {below} do. Claims are corrected for all; intervals are not.",
            self.looked,
        )
        return told.format(
            n=number(self.looked),
            chance=number(self.by_chance, 1 if self.by_chance < 10 else 0),
            below=number(self.below),
        )

    def told(self) -> dict[str, Any]:
        """As JSON."""
        facts = {"run_id": self.run_id, "looked": self.looked, "below": self.below}
        return facts | {
            "by_chance": self.by_chance,
            "early": self.early,
            "warning": self.warning,
            "thin": THIN,
            "slices": [one.told() for one in self.found],
        }


@allowed("metrics")
def slices(run_id: str, scorers: Sequence[str] = ()) -> Slices:
    """The differences by parts of the questions, for every scorer that decides.

    ``scorers``: those that decide, as in ``verdict``. NotFound for a run there is not.
    """
    gathered = gather(run_id)
    key = (gathered.print, tuple(scorers))
    found = _kept.get(key)
    if found is None:
        found = _kept[key] = of(gathered, tuple(scorers))
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def of(gathered: Gathered, scorers: Sequence[str] = ()) -> Slices:
    """The slices of rows at hand."""
    wanted = tuple(scorers) or tuple(gathered.wanted)
    told = measured.of(gathered.said(), wanted)
    deciding_ones = [one for one in told if one.name in measured.family(told, wanted)]
    columns = gathered.columns([one.name for one in deciding_ones])
    found, pairs = [], []
    for by, part, name, which in parts(gathered.counted):
        for scorer in deciding_ones:
            values = deciding.paired(scorer, *(side[which] for side in columns[scorer.name]))
            if len(values.a):
                found.append(_slice(by, part, name, values))
                pairs.append(values)
    early = not gathered.ended
    claimed = (_early if early else _claimed)(found, pairs)
    ps = [one.p for one in claimed if one.p is not None]
    return Slices(
        run_id=gathered.run.id,
        found=claimed,
        looked=len(claimed),
        below=sum(p < deciding.ALPHA for p in ps),
        by_chance=round(deciding.ALPHA * len(ps), 1),
        early=early,
    )


def parts(rows: Sequence[Asked]) -> Iterator[tuple[str, str, str, list[int]]]:
    """(kind, part, its name, places of its questions) for every kind that has two parts at least."""
    names = _assistants({one.assistant_id for one in rows})
    for by, part_of in _PARTS.items():
        told = [part_of(one) for one in rows]
        counts = Counter(told)
        if len(counts) < 2:
            continue
        for part, _n in counts.most_common(MOST):
            yield by, part, names.get(part, ""), [at for at, one in enumerate(told) if one == part]


def length(question: str) -> str:
    """short, middle or long, by its words."""
    words = len(question.split())
    return "short" if words <= SHORT else "middle" if words <= LONG else "long"


def _answerable(one: Asked) -> str:
    told = one.reference.get("answerable")
    return "" if told is None else "yes" if told else "no"


_PARTS: dict[str, Callable[[Asked], str]] = {
    "topic": lambda one: one.topic,
    "language": lambda one: one.language,
    "length": lambda one: length(one.question),
    "must_pass": lambda one: "yes" if one.reference.get("must_pass") else "no",
    "answerable": _answerable,
    "assistant": lambda one: one.assistant_id,
}


def _assistants(ids: set[str]) -> dict[str, str]:
    if len(ids) < 2:
        return {}
    with db.session() as session:
        found = session.execute(select(Assistant.id, Assistant.name).where(Assistant.id.in_(ids)))
        return {row.id: row.name for row in found}


def _slice(by: str, part: str, name: str, pairs: deciding.Pairs) -> Slice:
    """Its figures, without what is to be told of them."""
    scorer, n = pairs.scorer, len(pairs.a)
    return Slice(
        by=by,
        part=part,
        name=name,
        scorer=scorer.name,
        title=scorer.title,
        unit=scorer.unit,
        direction=scorer.better,
        n=n,
        thin=n < THIN,
        value=float(pairs.apart.mean()),
        low=None,
        high=None,
        p=None,
    )


def _tested(one: Slice, pairs: deciding.Pairs, drawn: bool) -> Slice:
    """With interval and p value: as in the verdict, so that the same questions have the same interval;
    of what is too much to be drawn by its formula, or none where few differences would decide it."""
    apart = pairs.apart
    if not apart.any():  # no test could claim anything
        return one
    if drawn or pairs.binary:
        told = deciding.estimated(pairs)
        return _with(one, (told.low, told.high), told.p)
    p = sign_flips(apart)
    if telling(apart) < TELLING:
        return _with(one, None, p)
    low, high, least = statistics.abc(apart)
    return _with(one, (low, high), max(p, least))


def _with(one: Slice, ends: tuple[float | None, float | None] | None, p: float | None) -> Slice:
    """No interval of so few that nothing is claimed of them."""
    low, high = deciding.bounded(one.unit, ends if one.n >= deciding.FEW else None)
    return replace(one, low=low, high=high, p=p)


def _drawn(pairs: Sequence[deciding.Pairs]) -> set[int]:
    """The places of those that are drawn from: the smallest ones, which need it most."""
    left, found = QUICK, set()
    for at in sorted(range(len(pairs)), key=lambda at: len(pairs[at].a)):
        n = 0 if pairs[at].binary or not pairs[at].apart.any() else len(pairs[at].a)
        if n <= left:
            left -= n
            found.add(at)
    return found


def _claimed(slices: Sequence[Slice], pairs: Sequence[deciding.Pairs]) -> list[Slice]:
    """By Holm over all of them."""
    drawn = _drawn(pairs)
    found = [_tested(one, pairs[at], at in drawn) for at, one in enumerate(slices)]
    adjusted = iter(statistics.holm([one.p for one in found if one.p is not None]))
    return [
        one if one.p is None else _by_p(one, each, next(adjusted))
        for one, each in zip(found, pairs, strict=True)
    ]


def _by_p(one: Slice, pairs: deciding.Pairs, adjusted: float) -> Slice:
    if one.low is None or one.high is None:
        beyond = not varies(pairs.apart)  # all pairs differ by the same
    else:
        beyond = not one.low <= 0 <= one.high
    sure = adjusted <= deciding.ALPHA and beyond and one.n >= deciding.FEW
    return replace(one, p_adjusted=adjusted, claim=_side(one) if sure else UNCLEAR)


def _early(found: Sequence[Slice], pairs: Sequence[deciding.Pairs]) -> list[Slice]:
    """By bounds that hold at every look, for all of them together."""
    level = deciding.EARLY / max(1, len(found))
    told = []
    for one, each in zip(found, pairs, strict=True):
        bare = _with(one, statistics.sequence(each.apart, level), None)
        sure = bare.low is not None and bare.high is not None and not bare.low <= 0 <= bare.high
        told.append(replace(bare, claim=_side(bare) if sure else UNCLEAR))
    return told


def _side(one: Slice) -> str:
    return BETTER if (one.value > 0) == (one.direction == "up") else WORSE
