"""The gate: what a version must show in a run before it may take another's place.

In: rules per assistant; a run. Out: a ``GateResult``, stored with a reason for every rule. Always
holds: "not worse" means that a loss of the margin is ruled out by the interval, "better" that the
verdict claims it; what has not ended, or is too little, does not pass, and the reason says what is
missing. But a few votes, or a judge's few words, beside the answers ask nothing by "primary": they
are told. Rules are never changed, only followed by others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import access, assistants, db
from core.access import allowed
from core.comparison import evaluations, gate_rules, judge_figures, measured
from core.comparison.changes import of as changes_of
from core.comparison.findings import BETTER, WORSE, MetricVerdict, Verdict
from core.comparison.gate_rules import BETTER_IN, DEFAULT, FEW, JUDGE, LEAST_N, MUST_PASS, NOT_WORSE
from core.comparison.gate_rules import PRIMARY as EVERY
from core.comparison.gathering import Gathered, gather
from core.comparison.verdict import of as verdict_of
from core.db.tables import EvaluationRun, Gate, GateResult
from core.statistics.shares import Z95

COMPLETE = "complete"
Reason = dict[str, Any]


@dataclass(frozen=True)
class Rules:
    """An assistant's gate. ``usual``: nobody has set one, so these are the usual rules."""

    assistant_id: str
    rules: dict[str, Any]
    usual: bool
    gate_id: str = ""
    person_id: str | None = None
    created_at: datetime | None = None


@allowed("metrics")
def gate(assistant_id: str) -> Rules:
    """The rules that hold for an assistant."""
    with db.session() as session:
        row = _newest(session, assistant_id)
    if row is None:
        return Rules(assistant_id, DEFAULT, True)
    usual = row.rules == DEFAULT and row.person_id is None
    return Rules(assistant_id, row.rules, usual, row.id, row.person_id, row.created_at)


@allowed("change")
def set_gate(assistant_id: str, rules: Mapping[str, Any]) -> Rules:
    """Other rules from now on (see ``gate_rules.checked``); InvalidInput naming what cannot be one."""
    chosen = assistants.get(assistant_id)
    told = gate_rules.checked(rules)
    somebody = access.present()
    with db.writing() as session:
        session.add(Gate(assistant_id=chosen.id, rules=told, person_id=somebody.id))
    return gate(chosen.id)


@allowed("compare")
def check_gate(run_id: str) -> GateResult:
    """Hold a run's b against the gate of its assistant, and store what came of it. Nothing is stored
    twice: where nothing has changed since the last time, that result is given."""
    gathered = gather(run_id)
    rules = gate(gathered.run.assistant_id).rules
    reasons = reasons_of(gathered, rules)
    with db.writing() as session:
        held = _held(session, gathered.run.assistant_id)
        last = _results(session, run_id)[:1]
        if last and last[0].gate_id == held.id and last[0].reasons == reasons:
            return last[0]
        passed = all(one["passed"] for one in reasons)
        row = GateResult(gate_id=held.id, run_id=run_id, passed=passed, reasons=reasons)
        session.add(row)
        session.flush()
        return row


@allowed("metrics")
def results(run_id: str) -> list[GateResult]:
    """What came of a run at the gate, the newest first; NotFound where there is no such run."""
    with db.session() as session:
        evaluations.found(session, run_id)
        return _results(session, run_id)


@allowed("metrics")
def passed(a_version_id: str, b_version_id: str) -> GateResult | None:
    """The result by which b may take a's place: the newest of their runs, if it passed, and by the rules
    that hold now. None where there is none."""
    runs = select(EvaluationRun.id).where(
        EvaluationRun.a_version_id == a_version_id, EvaluationRun.b_version_id == b_version_id
    )
    newest = select(GateResult).where(GateResult.run_id.in_(runs))
    with db.session() as session:
        row = session.scalars(newest.order_by(*_NEWEST)).first()
        if row is None or not row.passed:
            return None
        held = _newest(session, session.get_one(EvaluationRun, row.run_id).assistant_id)
        return row if held and held.id == row.gate_id else None


def reasons_of(gathered: Gathered, rules: Mapping[str, Any]) -> list[Reason]:
    """Each rule with whether it is met, and the figures that say so. Pure but for the judge's."""
    found = verdict_of(gathered, _deciding(gathered, rules))
    told = [_complete(found), _enough(found, rules[LEAST_N])]
    told += _not_worse(found, rules[NOT_WORSE], rules[LEAST_N])
    if rules[BETTER_IN]:
        told.append(_better(found, rules[BETTER_IN]))
    if rules[MUST_PASS]:
        told.append(_must_pass(gathered, rules[MUST_PASS]["at_most"]))
    if rules[JUDGE] and any(found.metric(name) for name in measured.JUDGES):
        told.append(_judge(gathered.run.id, rules[JUDGE]))
    return told


def _deciding(gathered: Gathered, rules: Mapping[str, Any]) -> tuple[str, ...]:
    """The scorers that decide: the run's, and those that the gate wants to be better; () where these
    are among them."""
    told = measured.of(gathered.said(), gathered.wanted)
    usual = measured.family(told, gathered.wanted)
    known = measured.known()
    more = {name for name in rules[BETTER_IN] if name != EVERY and known[name].quality}
    return tuple(sorted(usual | more)) if more - usual else ()


def _complete(found: Verdict) -> Reason:
    return {
        "rule": COMPLETE,
        "passed": found.complete,
        "state": found.state,
        "done": found.done,
        "total": found.total,
    }


def _enough(found: Verdict, least: int) -> Reason:
    return {
        "rule": LEAST_N,
        "passed": found.n >= least,
        "n": found.n,
        "least": least,
        "learned": found.learned,
    }


def _not_worse(found: Verdict, margins: Mapping[str, float], least: int) -> Iterable[Reason]:
    """One for each scorer; a name of its own goes before "primary"."""
    wanted: dict[str, float] = {}
    growing: list[MetricVerdict] = []
    if EVERY in margins:
        tested = [one for one in found.metrics if one.tested]
        growing = [one for one in tested if _grows(one, least) and one.scorer not in margins]
        wanted = {one.scorer: margins[EVERY] for one in tested if one not in growing}
    wanted |= {name: margin for name, margin in margins.items() if name != EVERY}
    if EVERY in margins and set(wanted) <= {measured.FAILED}:
        wanted = {EVERY: margins[EVERY]} | wanted  # nothing of it was measured
    for name, margin in wanted.items():
        one = found.metric(name)
        reason: Reason = {"rule": NOT_WORSE, "scorer": name, "margin": margin}
        if one is None:
            yield reason | {"passed": False, "why": "unmeasured"}
        else:
            yield reason | _held_against(one, margin) | {"metric": one.told()}
    for one in growing:
        yield {
            "rule": NOT_WORSE,
            "scorer": one.scorer,
            "margin": margins[EVERY],
            "passed": True,
            "why": FEW,
            "metric": one.told(),
        }


def _grows(one: MetricVerdict, least: int) -> bool:
    """Whether it comes after the answers, bit by bit, and is too little yet to say what is lost: two
    votes must not block a version for good. What is surely worse is never too little."""
    return one.scorer in measured.SAID and one.n < least and one.claim != WORSE


def _held_against(one: MetricVerdict, margin: float) -> Reason:
    """By the end of the interval on the bad side."""
    value, end = _loss(one)
    if value is None or end is None:
        return {"passed": False, "why": "no_interval"}
    if end < margin:
        return {"passed": True}
    if value >= margin:
        return {"passed": False, "why": "worse"}
    return {"passed": False, "why": "unsure", "more": max(1, _lacking(one, value, end, margin))}


def _lacking(one: MetricVerdict, value: float, end: float, margin: float) -> int:
    """About how many more it takes until the interval ends at the margin: it shrinks by the root of
    their number, but where nothing ever differed by the number itself."""
    if one.quality and not one.better + one.worse:
        return ceil(Z95**2 * (1 / margin - 1)) - one.n
    return ceil(one.n * (((end - value) / (margin - value)) ** 2 - 1))


def _loss(one: MetricVerdict) -> tuple[float | None, float | None]:
    """(how much is lost, how much may be at most): as a share for quality, else of what a takes."""
    if one.quality:
        middle, ends = one.value, (one.low, one.high)
    elif one.ratio is None or one.ratio_low is None or one.ratio_high is None:
        return None, None
    else:
        middle, ends = one.ratio - 1, (one.ratio_low - 1, one.ratio_high - 1)
    low, high = ends
    if middle is None or low is None or high is None:
        return None, None
    return (-middle, -low) if one.direction == "up" else (middle, high)


def _better(found: Verdict, names: Iterable[str]) -> Reason:
    """In one of these at least, by the verdict's claim, which is corrected for several."""
    wanted = {one.scorer for one in found.metrics if one.tested} if EVERY in names else set()
    wanted |= {name for name in names if name != EVERY}
    told = [one for one in found.metrics if one.scorer in wanted]
    won = [one.told() for one in told if one.claim == BETTER]
    reason: Reason = {"rule": BETTER_IN, "passed": bool(won), "wanted": list(names), "metrics": won}
    lacking = [one.more for one in told if one.more]
    return (
        reason
        if won or not lacking
        else reason | {"more": min(lacking), "smallest": found.smallest}
    )


def _must_pass(gathered: Gathered, at_most: int) -> Reason:
    """How many questions that must pass b loses to a: also of those that a version learned, since
    whoever asks them loses the answer all the same. That a's answer was liked better loses none."""
    must = [one for one in gathered.done if one.reference.get("must_pass")]
    lost = [
        one.comparison_id
        for one in changes_of(gathered).regressions
        if one.must_pass and any(each.scorer not in measured.RELATIVE for each in one.scorers)
    ]
    return {
        "rule": MUST_PASS,
        "passed": len(lost) <= at_most,
        "at_most": at_most,
        "lost": len(lost),
        "total": len(must),
        "comparisons": lost[:50],
    }


def _judge(run_id: str, least: float) -> Reason:
    """How far the judge and people say the same, where a judge's word is counted."""
    told = judge_figures.judging(run_id).agreement
    kappa = told.kappa.value if told and told.kappa and told.n >= told.least else None
    return {
        "rule": JUDGE,
        "passed": kappa is not None and kappa >= least,
        "kappa": kappa,
        "least": least,
        "n": told.n if told else 0,
    }


_NEWEST = (GateResult.created_at.desc(), GateResult.id.desc())


def _results(session: Session, run_id: str) -> list[GateResult]:
    query = select(GateResult).where(GateResult.run_id == run_id)
    return list(session.scalars(query.order_by(*_NEWEST)))


def _newest(session: Session, assistant_id: str) -> Gate | None:
    query = select(Gate).where(Gate.assistant_id == assistant_id)
    return session.scalars(query.order_by(Gate.number.desc())).first()


def _held(session: Session, assistant_id: str) -> Gate:
    """The row of the rules that hold; the usual ones get theirs once something rests on them."""
    row = _newest(session, assistant_id)
    if row is None:
        row = Gate(assistant_id=assistant_id, rules=DEFAULT, person_id=None)
        session.add(row)
        session.flush()
    return row
