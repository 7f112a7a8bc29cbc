"""Should we fine-tune? What pays most now, in words: one table of options, each with its conditions.

In: a view, and inputs of the calculation that somebody changed. Out: ``Advising``: a headline, all
options ranked with their reasons in figures, the inputs with their sources, and the payback. Always
holds: an option pays only where every condition of it is firmly met; what is open is said to be so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core import access
from core.i18n import N_, _, ngettext, number
from core.metrics.advice import conditions as ask
from core.metrics.advice import inputs as advice_inputs
from core.metrics.advice.conditions import NO, OPEN, YES, Condition, Told
from core.metrics.advice.evidence import Evidence, evidence
from core.metrics.advice.inputs import Held
from core.metrics.advice.payback import MONTHS, Payback, payback
from core.metrics.views import View

FIRST = (YES, OPEN, NO)  # how options stand, in the order in which they are told
Weight = Callable[[Evidence, Payback], float]


@dataclass(frozen=True)
class Option:
    """What could be done. ``headline`` says that it pays most; ``weight`` (0 to 1) is the share of the
    answers that it could mend or of a year's cost that it would leave over: one is weighed like the
    other, which is a convention."""

    name: str
    title: str
    headline: str
    conditions: tuple[Condition, ...]
    weight: Weight
    brings: Callable[[Evidence, Payback], str]


@dataclass(frozen=True)
class Advice:
    """An option as it stands: yes, open or no; why, what it would bring, and what is missing to say it
    firmly, in the reader's language."""

    name: str
    title: str
    standing: str
    weight: float
    reasons: tuple[str, ...]
    brings: str
    lacking: tuple[str, ...]


@dataclass(frozen=True)
class Advising:
    """``options``: all of them, what pays most first."""

    headline: str
    options: list[Advice]
    evidence: Evidence
    inputs: list[Held]
    payback: Payback


@access.allowed("metrics")
def advise(view: View, given: Mapping[str, str | float] | None = None) -> Advising:
    """What pays most now. ``given``: inputs of the calculation by name, in place of the defaults.

    Raises InvalidInput for an input that cannot be.
    """
    known = evidence(view)
    inputs = advice_inputs.held(known, view.period, given)
    reckoned = payback(advice_inputs.values(inputs))
    options = ranked(known, reckoned)
    return Advising(headline(options, known), options, known, inputs, reckoned)


def ranked(e: Evidence, p: Payback) -> list[Advice]:
    """Every option: those that pay first, then those that may, by what each would bring."""
    options = [_advice(one, e, p) for one in OPTIONS]
    return sorted(options, key=lambda one: (FIRST.index(one.standing), -one.weight))


def headline(options: list[Advice], e: Evidence) -> str:
    """What pays most now, in a sentence."""
    best = options[0]
    if not e.conversations and not e.answers:
        return _("Nothing can be said yet: there is no conversation in this period.")
    if best.standing == YES:
        return _(next(one.headline for one in OPTIONS if one.name == best.name))
    if best.standing == NO:
        return _(
            "None of these pays now: the failures are of other kinds. Look at them one by one."
        )
    if best.weight > 0:
        said = _("Nothing can be said firmly yet. What may pay most: {option}.")
        return said.format(option=best.title)
    return _("Too little is known to say what pays.")


def _advice(option: Option, e: Evidence, p: Payback) -> Advice:
    told = [condition(e, p) for condition in option.conditions]
    standing = _standing(told)
    lacking = tuple(dict.fromkeys(one.lacking for one in told if one.lacking))
    return Advice(
        option.name,
        _(option.title),
        standing,
        option.weight(e, p),
        tuple(dict.fromkeys(one.said for one in told if one.said)),
        option.brings(e, p) if standing != NO else "",
        lacking if standing == OPEN else (),
    )


def _standing(told: list[Told]) -> str:
    """No as soon as one condition is firmly not met; yes only where all are firmly met."""
    answers = {one.answer for one in told}
    return NO if NO in answers else OPEN if OPEN in answers else YES


def _of_failures(*kinds: str) -> Weight:
    """The share of all answers that failed in these ways."""

    def weight(e: Evidence, _p: Payback) -> float:
        failed = e.failures
        if not e.answers or not failed.n:
            return 0.0
        hits: int = sum(getattr(failed, kind) for kind in kinds)
        return min(1.0, e.signs.n / e.answers) * hits / failed.n

    return weight


def _mended(weight: Weight) -> Callable[[Evidence, Payback], str]:
    def brings(e: Evidence, p: Payback) -> str:
        n = round(weight(e, p) * e.answers_a_month)
        if not n:
            return ""
        said = ngettext(
            "Up to {n} answer a month that now fails.",
            "Up to {n} answers a month that now fail.",
            n,
        )
        return said.format(n=number(n))

    return brings


def _saves_at_once(e: Evidence, p: Payback) -> str:
    if not e.cost_known:
        return ""
    if p.saving <= 0:
        return _("Quicker answers, if a smaller model is as good.")
    said = _("About {money} a month less without any training, if a smaller model is as good.")
    return said.format(money=e.money(p.saving))


def _saves_in_time(e: Evidence, p: Payback) -> str:
    if p.saving <= 0 or not e.cost_known:
        return ""
    said = _("About {money} a month less. After twelve months: {year}.")
    told = said.format(money=e.money(p.saving), year=e.money(p.year))
    if p.state == MONTHS and p.months is not None:
        told += " " + _("Paid back after {months}.").format(months=advice_inputs.months(p.months))
    return told


def _at_once(e: Evidence, p: Payback) -> float:
    """A smaller model, tried without training; where it saves nothing, how much too slow today's is."""
    if p.saving > 0 and e.cost_known:
        return p.saving / p.now
    late = e.seconds.value if e.seconds else 0.0
    return max(0.0, 1 - e.seconds_target / late) if late else 0.0


_lacking, _unfound, _written = (
    _of_failures("documents", "either"),
    _of_failures("retriever"),
    _of_failures("generation"),
)
OPTIONS = (
    Option(
        "documents",
        N_("Better documents"),
        N_("Better documents pay most now."),
        (ask.failing_often, ask.of_documents),
        _lacking,
        _mended(_lacking),
    ),
    Option(
        "prompt",
        N_("A better prompt"),
        N_("A better prompt pays most now."),
        (ask.failing_often, ask.of_writing, ask.not_embedded),
        _written,
        _mended(_written),
    ),
    Option(
        "smaller_model",
        N_("A smaller model"),
        N_("A smaller model pays most now."),
        (ask.satisfied, ask.worth_less, ask.not_embedded),
        _at_once,
        _saves_at_once,
    ),
    Option(
        "retriever",
        N_("Tuning the search"),
        N_("Tuning the search pays most now."),
        (ask.failing_often, ask.of_retriever),
        _unfound,
        _mended(_unfound),
    ),
    Option(
        "fine_tuning",
        N_("Fine-tuning"),
        N_("Fine-tuning pays most now."),
        (
            ask.many_conversations,
            ask.dear,
            ask.enough_examples,
            ask.not_of_search,
            ask.not_embedded,
            ask.pays_back,
        ),
        lambda e, p: p.saved if e.cost_known else 0.0,
        _saves_in_time,
    ),
    Option(
        "nothing",
        N_("Nothing"),
        N_("Nothing needs to be done now: answers are good, quick and cheap enough."),
        (ask.answers_right, ask.satisfied, ask.quick, ask.cheap),
        lambda _e, _p: 0.0,
        lambda _e, _p: "",
    ),
)
