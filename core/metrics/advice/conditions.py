"""The questions that advice asks of the evidence, each answered yes, no or open, in words and figures.

In: ``Evidence`` and the ``Payback`` at the inputs that hold. Out: ``Told``, in the reader's language.
Pure. Always holds: a share is yes or no only where its whole 95 % interval lies on one side of the
bound and it is of at least THIN; otherwise it is open, and ``lacking`` says what is missing to say more.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from core.i18n import N_, _, ngettext, number, percent
from core.metrics import saying
from core.metrics.advice.evidence import EMBEDDED, Evidence
from core.metrics.advice.failures import REVIEWERS
from core.metrics.advice.payback import NEVER, YEAR, Payback
from core.metrics.measures import THIN
from core.statistics import Estimated, wilson

YES, NO, OPEN = "yes", "no", "open"
# The plan's: fine-tuning is worth it above both of the first, not below either of the second.
MANY, FEW = 1000, 500  # conversations a month
DEAR, CHEAP = 500.0, 200.0  # US dollars a month
WEEK = 6  # days: more of them touch every weekday
LARGE = 1 / 3  # of the failures: with three kinds, what is more than its even share
EXAMPLES = 200  # of them 15 % are kept for testing: 30, the fewest that a share is told of
FEWEST = N_("too few failures of which the kind is known: {n} of {least}")


@dataclass(frozen=True)
class Told:
    """An answer, what it rests on, and what is missing to say it firmly ("" where nothing is)."""

    answer: str
    said: str
    lacking: str = ""


Condition = Callable[[Evidence, Payback], Told]


def failing_often(e: Evidence, _p: Payback) -> Told:
    """Whether more answers fail than the target of accuracy leaves room for."""
    found = _share(min(e.signs.n, e.answers), e.answers)
    if found is None:
        return Told(OPEN, _("There is no answer in this period."), _("too few answers: none"))
    said = _(
        "{share} of the answers failed in some way that shows (n = {n}; at most {most} should)."
    )
    said = said.format(
        share=percent(found.value), n=number(found.n), most=percent(e.failing_target)
    )
    return _sided(found, e.failing_target, said, _("too few answers: {n} of {least}"))


def answers_right(e: Evidence, p: Payback) -> Told:
    """The other side of it."""
    return _turned(failing_often(e, p))


def of_documents(e: Evidence, _p: Payback) -> Told:
    """Whether many failures come from what is not in the documents, or was not found there."""
    failed = e.failures
    hits = failed.documents + failed.either
    said = _(
        "{share} of the failures: the documents lack it, or the search did not find it ({source})."
    )
    return _kind(e, hits, said)


def of_retriever(e: Evidence, _p: Payback) -> Told:
    """Whether many failures had their document there, not found."""
    failed = e.failures
    said = _("{share} of the failures: it stands in a document that was not found ({source}).")
    told = _kind(e, failed.retriever, said)
    could_be = _kind(e, failed.retriever + failed.either, said)
    if told.answer == NO and could_be.answer != NO:
        lacking = _(
            "whether the document was there: reviewers tell it by naming the missing document"
        )
        return Told(OPEN, told.said, lacking)
    return told


def of_writing(e: Evidence, _p: Payback) -> Told:
    """Whether many failures are of how the answer was written."""
    said = _("{share} of the failures: wrong, unsupported, or badly put ({source}).")
    return _kind(e, e.failures.generation, said)


def not_of_search(e: Evidence, p: Payback) -> Told:
    """Whether training could help at all: it teaches how to answer, not what the documents say."""
    if failing_often(e, p).answer == NO:
        return Told(YES, _("Few answers fail."))
    said = _(
        "{share} of the failures are of documents and search, which no training mends ({source})."
    )
    return _turned(_kind(e, e.failures.searched, said, bound=0.5))


def not_embedded(e: Evidence, _p: Payback) -> Told:
    """Whether a model answers that can be told or taught something."""
    if e.engine == EMBEDDED:
        return Told(NO, _("The embedded engine answers: it quotes, there is no model to change."))
    return Told(YES, "")


def many_conversations(e: Evidence, _p: Payback) -> Told:
    """More than MANY a month, fewer than FEW, or between."""
    a_month = e.conversations_a_month
    said = ngettext(
        "{each} conversation a month (n = {n} in {days}).",
        "{each} conversations a month (n = {n} in {days}).",
        round(a_month),
    ).format(each=number(a_month), n=number(e.conversations), days=_days(e))
    told = _graded(a_month, FEW, MANY, said)
    return told if e.conversations > MANY else _within_a_week(e, told)


def dear(e: Evidence, _p: Payback) -> Told:
    """More than DEAR a month, less than CHEAP, or between."""
    if free := _free(e):
        return Told(NO, free)
    if not e.cost_known:
        said = _("What the answers cost is not known.")
        return Told(OPEN, said, _("the cost of answers: known of none"))
    said = _("{cost} a month (n = {n} answers whose cost is known, of {all}).")
    said = said.format(cost=e.money(e.cost_a_month), n=number(e.cost_known), all=number(e.answers))
    told = _graded(e.cost_a_month, CHEAP, DEAR, said)
    if told.answer == YES and e.cost > DEAR:
        return told
    if 2 * e.cost_known < e.answers:
        return Told(OPEN, said, _("the cost of more than half of the answers"))
    return _within_a_week(e, told)


def cheap(e: Evidence, p: Payback) -> Told:
    """Less than CHEAP a month: too little to be worth anybody's time."""
    told = dear(e, p)
    if told.lacking:
        return told
    return replace(told, answer=YES if e.cost_a_month < CHEAP else NO)


def slow(e: Evidence, _p: Payback) -> Told:
    """Whether half of the answers take longer than the target."""
    if e.seconds is None:
        return Told(OPEN, _("No answer was timed."), _("too few timed answers: none"))
    said = _("Half of the answers come within {time} (n = {n}; the target is {target}).").format(
        time=saying.seconds(e.seconds.value),
        n=number(e.seconds.n),
        target=saying.seconds(e.seconds_target),
    )
    few = _("too few timed answers: {n} of {least}")
    return _sided(e.seconds, e.seconds_target, said, few, shown=saying.seconds)


def quick(e: Evidence, p: Payback) -> Told:
    """The other side of it."""
    return _turned(slow(e, p))


def satisfied(e: Evidence, _p: Payback) -> Told:
    """Whether those who rate are as happy as they should be."""
    if e.satisfaction is None:
        return Told(OPEN, _("Nobody has rated an answer."), _("too few ratings: none"))
    said = _("{share} of the ratings are good (n = {n}; the target is {target}).").format(
        share=percent(e.satisfaction.value),
        n=number(e.satisfaction.n),
        target=percent(e.satisfaction_target),
    )
    return _sided(e.satisfaction, e.satisfaction_target, said, _("too few ratings: {n} of {least}"))


def worth_less(e: Evidence, p: Payback) -> Told:
    """Whether a smaller model would spare money or time that counts."""
    told = (_turned(cheap(e, p)), slow(e, p))
    answers = [one.answer for one in told]
    answer = YES if YES in answers else OPEN if OPEN in answers else NO
    lacking = [one.lacking for one in told if one.lacking and answer == OPEN]
    return Told(answer, " ".join(one.said for one in told), "; ".join(lacking))


def enough_examples(e: Evidence, _p: Payback) -> Told:
    """Whether enough answers were approved to teach with."""
    said = ngettext("{n} approved example.", "{n} approved examples.", e.examples)
    said = said.format(n=number(e.examples)) if e.examples else _("No approved example.")
    if e.examples >= EXAMPLES:
        return Told(YES, said)
    few = _("too few approved examples: {n} of {least}")
    return Told(OPEN, said, few.format(n=number(e.examples), least=number(EXAMPLES)))


def pays_back(e: Evidence, p: Payback) -> Told:
    """Whether what is spent once comes back within a year; where no cost was measured, the sums rest on
    what was assumed, and say nothing firmly."""
    told = _paid(p)
    if e.cost_known:
        return told
    return Told(OPEN, told.said, _("measured costs: the calculation rests on assumptions"))


def _paid(p: Payback) -> Told:
    if p.state == NEVER:
        return Told(NO, _("At the inputs of the calculation it would save nothing."))
    months = p.months or 0.0
    said = _("It would be paid back after {months} months at the inputs of the calculation.")
    return Told(YES if months <= YEAR else NO, said.format(months=number(months, 1)))


def _free(e: Evidence) -> str:
    if e.engine == EMBEDDED:
        return _("The embedded engine answers, which costs nothing: no cost to save.")
    if e.engine:
        return _(
            "The models that answer have no price here: no cost to save. The machine they run on is "
            "not counted."
        )
    return ""


def _kind(e: Evidence, hits: int, said: str, bound: float = LARGE) -> Told:
    """A share of the failures, with the source they were told by."""
    failed = e.failures
    found = _share(hits, failed.n)
    if found is None:
        lacking = _(FEWEST).format(n=number(0), least=number(THIN))
        return Told(OPEN, _("No failure is known."), lacking)
    said = said.format(share=percent(found.value), source=_briefly(e))
    return _sided(found, bound, said, _(FEWEST))


def _briefly(e: Evidence) -> str:
    reviewed = e.failures.source == REVIEWERS
    said = _("n = {n}, by reviewers") if reviewed else _("n = {n}, by signs")
    return said.format(n=number(e.failures.n))


def source(e: Evidence) -> str:
    """Who says what kinds of failures there are, and of how many."""
    n = e.failures.n
    if e.failures.source == REVIEWERS:
        said = ngettext("n = {n}, judged by reviewers", "n = {n}, judged by reviewers", n)
    else:
        said = _("n = {n}, from outcomes and what askers said; reviewers judged {judged}")
    return said.format(n=number(n), judged=number(e.judged.n))


def _sided(
    found: Estimated, bound: float, said: str, few: str, shown: Callable[[float], str] = percent
) -> Told:
    """Yes above the bound, no below it, open where the interval holds it or the n is thin."""
    if found.n < THIN or found.low is None or found.high is None:
        return Told(OPEN, said, few.format(n=number(found.n), least=number(THIN)))
    if found.low > bound or found.high <= bound:
        return Told(YES if found.low > bound else NO, said)
    lacking = _("more of them: from {low} to {high} it may lie on either side of {bound} (n = {n})")
    ends = {"low": shown(found.low), "high": shown(found.high), "bound": shown(bound)}
    return Told(OPEN, said, lacking.format(**ends, n=number(found.n)))


def _graded(value: float, least: float, most: float, said: str) -> Told:
    """Yes above ``most``, no below ``least``, open between: a matter of taste, where nothing lacks."""
    return Told(YES if value > most else NO if value < least else OPEN, said)


def _within_a_week(e: Evidence, told: Told) -> Told:
    if e.days > WEEK:
        return told
    lacking = _("a whole week: only {days} were measured").format(days=_days(e))
    return Told(OPEN, told.said, lacking)


def _turned(told: Told) -> Told:
    return replace(told, answer={YES: NO, NO: YES}.get(told.answer, OPEN))


def _days(e: Evidence) -> str:
    days = round(e.days, 1) if e.days <= WEEK else round(e.days)
    shown = number(days, 0 if days == int(days) else 1)
    return ngettext("{n} day", "{n} days", 1 if days == 1 else 2).format(n=shown)


def _share(hits: int, n: int) -> Estimated | None:
    found = wilson(hits, n)
    return Estimated(found.share, found.low, found.high, n) if found else None
