"""What a judge is worth, in the reader's words: for the page, the command line and the API.

In: a ``Judging`` or a ``JudgeEstimate``. Out: sentences. Always holds: every share has its interval and
its n, and what is too thin is called so.
"""

from core.annotation import FAILED
from core.comparison.judge_estimating import JudgeEstimate
from core.comparison.judge_figures import Judging
from core.i18n import N_, _, ngettext, number, percent, seconds
from core.metrics.saying import price
from core.statistics import Coefficient, Share

STATES = {
    "wanted": N_("is being asked"),
    "stopped": N_("was stopped"),
    "failed": N_("gave up: the model is away"),
    "done": N_("has said all"),
}


def lines(told: Judging) -> list[str]:
    """How far it is, what it said, how much the order swayed it, and what people make of it."""
    if not told.model:
        return []
    said = [_so_far(told), *_failed(told), *_wins(told), *_order(told)]
    return said + ([*_agreement(told), _calibrated(told)] if told.wins else [])


def estimate(told: JudgeEstimate) -> str:
    """ "800 calls · about 20 min · US$ 0.40"."""
    n = told.calls
    parts = [ngettext("{n} call", "{n} calls", n).format(n=number(n))]
    if told.seconds:
        parts.append(_("about {time}").format(time=seconds(told.seconds)))
    if told.cost:
        parts.append(price(told.cost))
    return " · ".join(parts)


def _so_far(told: Judging) -> str:
    return _("{model} {state}: {n} of {all} opinions.").format(
        model=told.model,
        state=_(STATES.get(told.state, told.state)),
        n=number(told.opinions),
        all=number(told.calls),
    )


def _failed(told: Judging) -> list[str]:
    said = [
        _("{n} times none came: {why}.").format(n=number(n), why=_(FAILED.get(code, code)))
        for code, n in told.failed.items()
    ]
    return said + ([told.last_failure] if told.last_failure else [])


def _wins(told: Judging) -> list[str]:
    wins = told.wins
    if wins is None:
        return []
    said = _("B wins {share} of its choices (ties half), n = {n}.")
    if wins.low is not None and wins.high is not None:
        said = _("B wins {share} [{low}, {high}] of its choices (ties half), n = {n}.")
        ends = [percent(min(1.0, max(0.0, end))) for end in (wins.low, wins.high)]
    else:
        ends = ["", ""]
    return [said.format(share=percent(wins.value), low=ends[0], high=ends[1], n=number(wins.n))]


def _order(told: Judging) -> list[str]:
    said = []
    if told.turned:
        words = _("Shown the other way round, it chose otherwise in {share}: these count as ties.")
        said.append(words.format(share=_share(told.turned)))
    if told.first:
        words = _("Of its choices {share} went to the answer shown first (half would be fair).")
        said.append(words.format(share=_share(told.first)))
    return said


def _agreement(told: Judging) -> list[str]:
    found, said = told.agreement, []
    if found and found.percent:
        said.append(
            _("People and judge choose alike in {share}.").format(share=_share(found.percent))
        )
    if found and found.kappa:
        words = _("Kappa {value}: {words}.")
        said.append(words.format(value=_coefficient(found.kappa), words=_(found.kappa_words)))
    if found and found.rho:
        words = _("Rubric and human scores go together (Spearman) {value}: {words}.")
        said.append(words.format(value=_coefficient(found.rho), words=_(found.rho_words)))
    return said


def _calibrated(told: Judging) -> str:
    found = told.calibrated
    if found is None:
        return ngettext(
            "{n} more question voted on by people would let us put the judge's figure right.",
            "{n} more questions voted on by people would let us put the judge's figure right.",
            told.missing,
        ).format(n=number(told.missing))
    return _(
        "Put right by what people said of {n}: B wins {share} [{low}, {high}] of {all}."
    ).format(
        share=percent(found.value),
        low=percent(found.low),
        high=percent(found.high),
        n=number(found.n),
        all=number(found.of),
    )


def _share(told: Share) -> str:
    return _("{share} [{low}, {high}], n = {n}").format(
        share=percent(told.share),
        low=percent(told.low),
        high=percent(told.high),
        n=number(told.n),
    )


def _coefficient(told: Coefficient) -> str:
    return _("{value} [{low}, {high}], n = {n}").format(
        value=number(told.value, 2),
        low=number(told.low, 2),
        high=number(told.high, 2),
        n=number(told.n),
    )
