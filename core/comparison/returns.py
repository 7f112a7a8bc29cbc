"""What going from a to b costs and saves: a run's tokens, prices, times and gains as money and months.

In: a run, and inputs that somebody changed. Out: ``Returns``: the payback of ``core.metrics.advice``
(the same formula), the cost of a solved conversation, and every input with its source. Always holds:
what rests on few answers, on sample data or on an assumption is said to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from core import db, i18n, metrics
from core.access import allowed
from core.comparison.findings import BETTER, WORSE, Verdict
from core.comparison.returns_inputs import PERIOD, Facts, Gain, Used, held
from core.comparison.types import Side
from core.db.tables import Comparison, EvaluationRun, Message, Model, Version
from core.i18n import _, ngettext, number
from core.metrics import saying
from core.metrics.advice import inputs as advice_inputs
from core.metrics.advice import words as advice_words
from core.metrics.advice.evidence import Evidence, Measured, evidence
from core.metrics.advice.inputs import Held
from core.metrics.advice.payback import Payback, payback
from core.metrics.advice.words import Result

HOUR = 3600
SPARED = 0.05  # hours a month below which nobody waits longer or shorter


@dataclass(frozen=True)
class Returns:
    """``solved_now`` and ``solved_then``: US dollars for a solved conversation, None where nobody knows
    how many are; ``hours``: of waiting that people are spared in a month (below 0: they wait longer),
    None where the times are not known; ``remarks`` are what to bear in mind, in the reader's language."""

    inputs: list[Held]
    payback: Payback
    evidence: Evidence
    solved_now: float | None
    solved_then: float | None
    hours: float | None
    remarks: tuple[str, ...]


@allowed("metrics")
def returns(run: EvaluationRun, gain: Gain | None = None, given: Any = None) -> Returns:
    """The return of a run's b over its a. ``gain``: what its verdict claims; ``given``: inputs of one's
    own by name. Raises InvalidInput for an input that cannot be."""
    facts = of_run(run, gain)
    told = reckoned(facts, given or {})
    return _remarked(told, facts, run)


def gain(verdict: Verdict) -> Gain | None:
    """The first pass-or-fail metric of quality of which the verdict claims that b is better or worse:
    shares of questions are what comes nearest to shares of solved conversations."""
    for one in verdict.metrics:
        claimed = one.tested and one.quality and one.claim in (BETTER, WORSE)
        if claimed and one.kind == "pass" and one.direction == "up" and one.value is not None:
            return Gain(_(one.title), one.value, one.n)
    return None


def of_run(run: EvaluationRun, gain: Gain | None = None) -> Facts:
    """What is known that a return rests on."""
    view = metrics.View(period=PERIOD, assistant=run.assistant_id)
    solved = metrics.figure("solved", view)
    known = Measured(solved.value, solved.n) if solved.value else None
    return Facts(_used(run, "a"), _used(run, "b"), evidence(view), known, gain)


def reckoned(facts: Facts, given: Mapping[str, str | float] | None = None) -> Returns:
    """The calculation. Pure."""
    inputs = held(facts, given)
    told = advice_inputs.values(inputs)
    tokens = {name: value * told["answers"] for name, value in told.items() if "tokens" in name}
    money = payback(told | tokens)
    then = told["solved"] + told["share"] * (told["other_solved"] - told["solved"])
    return Returns(
        inputs,
        money,
        facts.evidence,
        _each(money.now, told["conversations"] * told["solved"]),
        _each(money.then, told["conversations"] * then),
        _hours(facts, told["conversations"] * told["answers"] * told["share"]),
        (),
    )


def results(told: Returns) -> list[Result]:
    """What comes of it, in the order in which it is read."""
    hours = [_waiting(told.hours)] if told.hours and abs(told.hours) >= SPARED else []
    solved = [
        _solved(told, _("A solved conversation today"), told.solved_now),
        _solved(told, _("A solved conversation then"), told.solved_then),
    ]
    return [*advice_words.results(told), *solved, *hours]


def _solved(told: Returns, title: str, dollars: float | None) -> Result:
    if dollars is None:
        return Result(title, saying.NOTHING, "")
    digits = 4 if 0 < dollars < saying.SMALL_MONEY else 2
    return Result(title, i18n.money(dollars, "USD", digits), told.evidence.local(dollars))


def _waiting(hours: float) -> Result:
    said = _("{n} h a month").format(n=number(abs(hours), 1))
    longer = hours < 0
    return Result(_("More waiting") if longer else _("Waiting spared"), said, "")


def _each(dollars: float, n: float) -> float | None:
    return dollars / n if n >= 1 else None  # of less than one there is nothing to tell


def _hours(facts: Facts, answers: float) -> float | None:
    a, b = facts.a.seconds, facts.b.seconds
    return (a.value - b.value) * answers / HOUR if a and b and a.n and b.n else None


def _remarked(told: Returns, facts: Facts, run: EvaluationRun) -> Returns:
    return Returns(**vars(told) | {"remarks": tuple(_remarks(told, facts, run))})


def _remarks(told: Returns, facts: Facts, run: EvaluationRun) -> list[str]:
    said = []
    if not told.payback.now and not told.payback.then:
        said.append(_("Neither version's answers cost anything: there is no cost to save."))
    measured = [used.tokens_out.n if used.tokens_out else 0 for used in (facts.a, facts.b)]
    if min(measured) < metrics.THIN:
        words = ngettext(
            "Of one of the versions only {n} answer was measured: too few.",
            "Of one of the versions only {n} answers were measured: too few.",
            min(measured),
        )
        said.append(words.format(n=number(min(measured))))
    if run.is_sample or facts.evidence.sample:
        said.append(_("This rests on sample data: made up, to show what it looks like."))
    return said


def _used(run: EvaluationRun, side: Side) -> Used:
    """What a version used per answer, over those of a run that ended with an answer."""
    told = aliased(Message)
    timed = told.total_seconds - func.coalesce(told.load_seconds, 0.0)
    columns = {
        "tokens_in": told.tokens_in,
        "tokens_out": told.tokens_out,
        "seconds": timed,
        "cost": told.cost,
    }
    wanted = (
        select(*(part for one in columns.values() for part in (func.avg(one), func.count(one))))
        .join(Comparison, getattr(Comparison, f"{side}_answer_id") == told.id)
        .where(Comparison.run_id == run.id, Comparison.removed_at.is_(None))
        .where(told.state == "done", told.outcome.not_in(("error", "cut_off")))
    )
    with db.session() as session:
        row = session.execute(wanted).one()
        version = session.get_one(Version, getattr(run, f"{side}_version_id"))
        model = session.get_one(Model, version.model_id)
    found = {
        name: Measured(float(row[2 * n]), row[2 * n + 1]) if row[2 * n + 1] else None
        for n, name in enumerate(columns)
    }
    return Used(f"{model.provider}:{model.name}", model.price_in, model.price_out, **found)
