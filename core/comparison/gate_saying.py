"""What came of a run at the gate, in the reader's words.

In: a ``GateResult`` or one of its reasons, as they are stored. Out: texts in the present language.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from core.comparison import measured, saying
from core.comparison.findings import MetricVerdict
from core.comparison.gate_rules import BETTER_IN, FEW, JUDGE, LEAST_N, MUST_PASS, NOT_WORSE, PRIMARY
from core.db.tables import GateResult
from core.i18n import _, ngettext, number, percent

FIELDS = {each.name for each in fields(MetricVerdict)}
Reason = Mapping[str, Any]


def outcome(result: GateResult) -> str:
    """Passed or not, in one sentence."""
    asked = [one for one in result.reasons if not unasked(one)]
    unmet = sum(not one["passed"] for one in asked)
    if result.passed:
        told = _("Passes the gate: all {n} rules are met.")
        return told.format(n=number(len(asked)))
    told = ngettext(
        "Does not pass the gate: {n} of {all} rules is not met.",
        "Does not pass the gate: {n} of {all} rules are not met.",
        unmet,
    )
    return told.format(n=number(unmet), all=number(len(asked)))


def expected(result: GateResult, is_sample: bool) -> str:
    """That a run of the sample is smaller than its gate wants, which is no fault; "" for any other."""
    short = [one for one in result.reasons if one["rule"] == LEAST_N and not one["passed"]]
    if not (is_sample and short):
        return ""
    return _(
        "This is expected: the sample has fewer questions that count than the gate wants, since a "
        "smaller list would often miss a loss. A list of your own with {least} of them can pass."
    ).format(least=number(short[0]["least"]))


def unasked(one: Reason) -> bool:
    """Whether a rule asked nothing of this run, for lack of votes or of a judge's words."""
    return one.get("why") == FEW


def met(one: Reason) -> str:
    """ "met", "not met" or "not asked"."""
    if unasked(one):
        return _("not asked")
    return _("met") if one["passed"] else _("not met")


def reason(one: Reason) -> str:
    """A rule with what the run shows of it."""
    return _SAID[one["rule"]](one)


def rules(told: Mapping[str, Any]) -> list[str]:
    """The rules themselves, one sentence each."""
    lines = [
        _("Not worse by {margin} or more in {metric}.").format(
            margin=_margin(name, margin), metric=named(name)
        )
        for name, margin in told[NOT_WORSE].items()
    ]
    if told[BETTER_IN]:
        names = ", ".join(named(name) for name in told[BETTER_IN])
        lines.append(_("Better in one of these at least: {names}.").format(names=names))
    if told[MUST_PASS]:
        n = told[MUST_PASS]["at_most"]
        lines.append(_("Of the questions that must pass, at most {n} lost.").format(n=number(n)))
    lines.append(_("At least {n} questions that count.").format(n=number(told[LEAST_N])))
    if told[JUDGE]:
        lines.append(
            _("Where a judge's word counts, a kappa of {kappa} with people at least.").format(
                kappa=number(told[JUDGE], 2)
            )
        )
    return lines


def named(scorer: str) -> str:
    """What a scorer is called within a sentence; "primary" stands for all that decide."""
    if scorer == PRIMARY:
        return _("every metric that decides")
    known = measured.known().get(scorer)
    return saying.inside(_(known.title)) if known else scorer


def _head(scorer: str) -> str:
    """What a scorer is called at the head of a sentence."""
    known = measured.known().get(scorer)
    return _(known.title) if known else _("Metrics that decide")


def _margin(scorer: str, margin: float) -> str:
    known = measured.known().get(scorer)
    if known and not known.quality:
        return percent(margin)
    return _("{n} points").format(n=saying.points(margin))


def _metric(told: Reason) -> MetricVerdict:
    return MetricVerdict(**{name: value for name, value in told.items() if name in FIELDS})


def _complete(one: Reason) -> str:
    if one["passed"]:
        return _("The run has ended as planned.")
    return _("The run has not ended as planned: {done} of {total} questions are answered.").format(
        done=number(one["done"]), total=number(one["total"])
    )


def _enough(one: Reason) -> str:
    told = ngettext(
        "{n} question counts; it takes {least} at least.",
        "{n} questions count; it takes {least} at least.",
        one["n"],
    )
    return told.format(n=number(one["n"]), least=number(one["least"]))


def _not_worse(one: Reason) -> str:
    metric, margin = _head(one["scorer"]), _margin(one["scorer"], one["margin"])
    if "metric" not in one:
        return _("{metric}: nothing was measured.").format(metric=metric)
    figures = _figures(_metric(one["metric"]))
    told = {
        None: _("{metric}: not worse by {margin} ({figures})."),
        "worse": _("{metric}: worse by {margin} or more ({figures})."),
        "unsure": _(
            "{metric}: worse by {margin} cannot be ruled out; about {more} more examples might ({figures})."
        ),
        FEW: _(
            "{metric}: too few yet to say whether it is worse by {margin}, so that it asks nothing ({figures})."
        ),
        "no_interval": _("{metric}: too few for an interval ({figures})."),
    }[one.get("why")]
    more = saying.about(one["more"]) if one.get("more") else ""
    return told.format(metric=metric, margin=margin, figures=figures, more=more)


def _figures(metric: MetricVerdict) -> str:
    """ "+1.2 points [-0.5, 2.9], n = 212"."""
    told = saying.amount(metric) if metric.quality else saying.times(metric)
    return f"{told}, n = {number(metric.n)}"


def _better(one: Reason) -> str:
    if one["passed"]:
        won = [_metric(each) for each in one["metrics"]]
        names = ", ".join(f"{saying.title(each)} ({_figures(each)})" for each in won)
        return _("Better in {metrics}.").format(metrics=names)
    names = ", ".join(named(name) for name in one["wanted"])
    if one.get("more"):
        return _(
            "Not shown to be better in any of these: {names}. About {more} more examples would be"
            " needed to see a difference of {points} points."
        ).format(names=names, more=saying.about(one["more"]), points=saying.points(one["smallest"]))
    return _("Not shown to be better in any of these: {names}.").format(names=names)


def _must_pass(one: Reason) -> str:
    if not one["total"]:
        return _("No question of this run must pass.")
    return _("Of {total} questions that must pass, {lost} lost; at most {at_most} may be.").format(
        total=number(one["total"]), lost=number(one["lost"]), at_most=number(one["at_most"])
    )


def _judge(one: Reason) -> str:
    if one["kappa"] is None:
        return _("Too few human words to say how far the judge agrees with people.")
    return _(
        "The judge agrees with people with a kappa of {kappa}; it takes {least} at least."
    ).format(kappa=number(one["kappa"], 2), least=number(one["least"], 2))


_SAID: dict[str, Callable[[Reason], str]] = {
    "complete": _complete,
    LEAST_N: _enough,
    NOT_WORSE: _not_worse,
    BETTER_IN: _better,
    MUST_PASS: _must_pass,
    JUDGE: _judge,
}
