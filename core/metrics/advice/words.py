"""Advice in the words and writing of the reader: how options stand, inputs with units, results as money.

In: what ``advise`` told. Out: texts, the same for the page and the command line. Pure.
"""

from typing import NamedTuple, Protocol

from core import i18n
from core.i18n import N_, _, ngettext, percent
from core.metrics.advice import inputs as advice_inputs
from core.metrics.advice.advising import Advising
from core.metrics.advice.conditions import NO, OPEN, YES, source
from core.metrics.advice.evidence import Evidence
from core.metrics.advice.inputs import Held
from core.metrics.advice.payback import MONTHS, NEVER, Payback

STANDINGS = {YES: N_("pays"), OPEN: N_("perhaps"), NO: N_("not now")}
UNITS = {
    "price": N_("US$ {value} per million"),
    "dollars": N_("US$ {value}"),
    "hours": N_("{value} h"),
}


def value(held: Held) -> str:
    """An input in its unit."""
    if held.input.unit == "share":
        return percent(held.value)
    shown = advice_inputs.plain(held.value)
    return _(UNITS[held.input.unit]).format(value=shown) if held.input.unit in UNITS else shown


OF_TODAY = ("conversations", "tokens_in", "tokens_out", "price_in", "price_out")


class Reckoned(Protocol):
    """A payback with what its money is told by."""

    @property
    def payback(self) -> Payback: ...

    @property
    def evidence(self) -> Evidence: ...


class Result(NamedTuple):
    """What comes of the calculation; ``local`` is the same in the reader's currency, "" without one."""

    title: str
    text: str
    local: str


def results(told: Reckoned) -> list[Result]:
    """In the order in which they are read."""
    p = told.payback
    sums = (
        (_("A month today"), p.now),
        (_("A month then"), p.then),
        (_("Saved a month"), p.saving),
        (_("Spent once"), p.once),
        (_("After twelve months"), p.year),
    )
    money = [
        Result(title, i18n.money(sum_, "USD"), told.evidence.local(sum_)) for title, sum_ in sums
    ]
    return [*money[:4], Result(_("Paid back"), paid_back(told), ""), money[4]]


def paid_back(told: Reckoned) -> str:
    """When what is spent once has come back."""
    p = told.payback
    if p.state == MONTHS and p.months is not None:
        return _("after {months}").format(months=advice_inputs.months(p.months))
    return _("never") if p.state == NEVER else _("at once: nothing is spent")


def remark(told: Advising) -> str:
    """What else there is to know of today's cost; "" where there is nothing."""
    p, e = told.payback, told.evidence
    if not p.now:
        return _("Today's answers cost nothing: no cost to save.")
    own = any(one.source == "own" and one.input.name in OF_TODAY for one in told.inputs)
    if own or not e.cost_known or abs(e.cost_a_month - p.now) <= p.now / 10:
        return ""
    said = _(
        "The answers themselves add up to {money} a month: prices have changed since, tokens came from "
        "a provider's cache, or not every cost is known."
    )
    return said.format(money=e.money(e.cost_a_month))


def basis(told: Advising) -> str:
    """What the advice rests on that is not plain from its figures; "" where there is nothing to add."""
    e, said = told.evidence, []
    if e.sample:
        some = ngettext(
            "{n} of the {all} conversations is sample data.",
            "{n} of the {all} conversations are sample data.",
            e.sample,
        )
        said.append(some.format(n=i18n.number(e.sample), all=i18n.number(e.conversations)))
    if e.failures.n:
        said.append(_("Kinds of failures: {source}.").format(source=source(e)))
    return " ".join(said)
