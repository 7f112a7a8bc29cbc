"""The verdict in the reader's words: one sentence one can defend.

In: a ``Verdict``. Out: texts in the present language, without markup. Always holds: no word claims
more than the verdict does; a figure stands with its interval and its n.
"""

from collections.abc import Sequence
from math import floor, log10

from core.comparison import deciding, measured, ratios
from core.comparison.findings import BETTER, RULE_OUT, SAME, UNCLEAR, WORSE, MetricVerdict, Verdict
from core.i18n import _, ngettext, number, percent
from core.metrics.saying import signed

GOING = ("waiting", "running")  # states of a run that is not over
NAMED = 2  # metrics in a sentence; the rest are counted
NEARLY = 0.9  # of the answers are equal word for word: that comes before all else
TWICE = 2.0  # from here on times, below it percent more


def sentence(verdict: Verdict) -> str:
    """What may be said, in one sentence; first how far a run is that goes on, and that nearly all
    answers are equal."""
    told = _SENTENCES[verdict.claim](verdict)
    if nearly_equal(verdict):
        alike = _("{same} of {n} answers are word for word the same; {verdict}")
        told = alike.format(
            same=number(verdict.identical), n=number(verdict.n), verdict=_within(verdict, told)
        )
    if verdict.state in GOING and verdict.claim != "nothing":
        so_far = _("So far ({done} of {total}): {verdict}")
        told = so_far.format(
            done=number(verdict.done), total=number(verdict.total), verdict=_within(verdict, told)
        )
    return told


def nearly_equal(verdict: Verdict) -> bool:
    """Whether the sentence begins with how many answers are equal."""
    said = verdict.claim in (BETTER, WORSE, "mixed", SAME, UNCLEAR, "unmeasured")
    return said and verdict.identical >= max(1, NEARLY * verdict.n)


def _within(verdict: Verdict, told: str) -> str:
    """A sentence after a colon: without its capital, unless it begins with a version's name."""
    return told if told.startswith(called(verdict)["b"] + " ") else told[:1].lower() + told[1:]


def called(verdict: Verdict) -> dict[str, str]:
    """What the versions are called: "v3", "v3 with memory", or A and B where both are the same one."""
    a, b = verdict.versions["a"], verdict.versions["b"]
    if a.id == b.id:
        return {"a": "A", "b": "B"}
    if a.remembers == b.remembers:
        return {"a": f"v{a.number}", "b": f"v{b.number}"}
    words = {True: _("v{number} with memory"), False: _("v{number} without memory")}
    return {
        "a": words[a.remembers].format(number=a.number),
        "b": words[b.remembers].format(number=b.number),
    }


def title(metric: MetricVerdict, within: bool = True) -> str:
    """What a scorer is called, ``within`` a sentence or at its head."""
    told = _(metric.title)
    return inside(told) if within else told


def inside(title: str) -> str:
    """Without its capital, unless it is a name: "groundedness", "BLEU", "chrF"."""
    name = len(title) > 1 and not title[1].islower() and title[1] != " "
    return title if name else title[:1].lower() + title[1:]


def amount(metric: MetricVerdict) -> str:
    """ "+6.2 points [2.1, 10.4]"."""
    if metric.value is None:
        return "–"
    if metric.unit == "share":
        told = _("{n} points").format(n=signed(metric.value * 100, 1))
    else:
        told = signed(metric.value, 2)
    return f"{told} {interval(metric)}".strip()


def interval(metric: MetricVerdict) -> str:
    """ "[2.1, 10.4]"; "" where none can be told."""
    if metric.low is None or metric.high is None:
        return ""
    factor, digits = (100, 1) if metric.unit == "share" else (1, 2)
    low, high = (_plain(end * factor, digits) for end in (metric.low, metric.high))
    return _("[{low}, {high}]").format(low=low, high=high)


def times(metric: MetricVerdict) -> str:
    """How much more or less of it: "−38% [−41%, −35%]"."""
    if metric.ratio is None:
        return "–"
    told = signed((metric.ratio - 1) * 100) + "%"
    if metric.ratio_low is None or metric.ratio_high is None:
        return told
    low, high = (signed((end - 1) * 100) + "%" for end in (metric.ratio_low, metric.ratio_high))
    return f"{told} " + _("[{low}, {high}]").format(low=low, high=high)


def points(share: float) -> str:
    """0.03 -> "3", 0.025 -> "2.5"."""
    told = share * 100
    return number(told, 0 if abs(told - round(told)) < 1e-9 else 1)


def beside(verdict: Verdict) -> str:
    """Speed and cost, as the end of a sentence: ", same speed"."""
    told = [_speed(verdict.metric("seconds")), _cost(verdict.metric("cost"))]
    return "".join(f", {each}" for each in told if each)


def about(n: int) -> str:
    """A number of examples as one says it: two digits of it, never too few."""
    step = 10 ** max(0, floor(log10(max(1, n))) - 1)
    return number(-(-n // step) * step)


def _plain(value: float, digits: int) -> str:
    return signed(value, digits).replace("+", "").replace("±", "")


def _listed(metrics: Sequence[MetricVerdict]) -> str:
    """The first ones with figures and n, the rest counted."""
    shown, rest = list(metrics[:NAMED]), len(metrics) - NAMED
    alike = len({one.n for one in shown}) == 1
    each = [f"{title(one)} {amount(one)}" for one in shown]
    if not alike:
        each = [f"{told} (n = {number(one.n)})" for told, one in zip(each, shown, strict=True)]
    told = _(" and ").join(each)
    if rest > 0:
        more = ngettext("{n} more metric", "{n} more metrics", rest)
        told = ", ".join(each) + _(" and ") + more.format(n=number(rest))
    return told + (f", n = {number(shown[0].n)}" if alike else "")


def _with(verdict: Verdict, *claims: str) -> list[MetricVerdict]:
    """Tested scorers with these claims; how well it answers before what failed."""
    found = [one for one in verdict.metrics if one.tested and one.claim in claims]
    return sorted(found, key=lambda one: one.scorer == measured.FAILED)


def _better(verdict: Verdict) -> str:
    return _("{b} answers better: {metrics}{beside}.").format(
        b=called(verdict)["b"], metrics=_listed(_with(verdict, BETTER)), beside=beside(verdict)
    )


def _worse(verdict: Verdict) -> str:
    return _("{b} answers worse: {metrics}{beside}.").format(
        b=called(verdict)["b"], metrics=_listed(_with(verdict, WORSE)), beside=beside(verdict)
    )


def _mixed(verdict: Verdict) -> str:
    return _("{b} answers better in {gained}, and worse in {lost}{beside}.").format(
        b=called(verdict)["b"],
        gained=_listed(_with(verdict, BETTER)),
        lost=_listed(_with(verdict, WORSE)),
        beside=beside(verdict),
    )


def _same(verdict: Verdict) -> str:
    return _("No difference of {points} points or more: {metrics}{beside}.").format(
        points=points(verdict.smallest),
        metrics=_listed(_with(verdict, SAME)),
        beside=beside(verdict),
    )


def _unclear(verdict: Verdict) -> str:
    if verdict.state in GOING:
        return _("Nothing can be said yet.")
    one = _wanting(verdict)
    if one is None:
        return _("Not enough evidence: neither a difference nor its absence can be shown.")
    if one.more_to == RULE_OUT:
        told = _(
            "Not enough evidence: for {metric}, about {n} more examples could be enough to rule out"
            " a difference of {points} points."
        )
    else:
        told = _(
            "Not enough evidence: for {metric}, about {n} more examples could be enough to see a"
            " difference of {points} points."
        )
    return told.format(n=about(one.more or 0), points=points(verdict.smallest), metric=title(one))


def _wanting(verdict: Verdict) -> MetricVerdict | None:
    """What lacks examples: the first one in which anything differs, else the one that lacks most."""
    wanting = [one for one in _with(verdict, UNCLEAR) if one.more]
    differing = (one for one in wanting if one.better + one.worse)
    return next(differing, max(wanting, key=lambda one: one.more or 0, default=None))


def _few(verdict: Verdict) -> str:
    told = ngettext(
        "Too few to say: {n} question counts, and it takes {least} at least.",
        "Too few to say: {n} questions count, and it takes {least} at least.",
        verdict.n,
    )
    return told.format(n=number(verdict.n), least=number(deciding.FEW))


def _learned(verdict: Verdict) -> str:
    told = ngettext(
        "Nothing to compare: a version learned from the one question there is.",
        "Nothing to compare: a version learned from each of the {n} questions.",
        verdict.learned,
    )
    return told.format(n=number(verdict.learned))


def _all_failed(verdict: Verdict) -> str:
    names = called(verdict)
    return _(
        "Nothing to compare: of {n} questions, {a} failed at {in_a} and {b} at {in_b}."
    ).format(
        a=names["a"],
        b=names["b"],
        in_a=number(verdict.failed["a"]),
        in_b=number(verdict.failed["b"]),
        n=number(verdict.n),
    )


def _nothing(verdict: Verdict) -> str:
    if verdict.state in ("waiting", "running"):
        return _("No question is answered yet.")
    return _("No question was answered.")


def _unmeasured(verdict: Verdict) -> str:
    return _("Nothing says which answers better: no metric of quality had anything to measure.")


def _identical(verdict: Verdict) -> str:
    told = ngettext(
        "Identical answers to the one question{beside}.",
        "Identical answers to all {n} questions{beside}.",
        verdict.n,
    )
    return told.format(n=number(verdict.n), beside=beside(verdict))


_SENTENCES = {
    "better": _better,
    "worse": _worse,
    "mixed": _mixed,
    "same": _same,
    "unclear": _unclear,
    "few": _few,
    "learned": _learned,
    "failed": _all_failed,
    "nothing": _nothing,
    "unmeasured": _unmeasured,
    "identical": _identical,
}


def _speed(metric: MetricVerdict | None) -> str:
    if metric is None or metric.ratio is None:
        return ""
    if metric.claim == SAME and ratios.alike(metric):
        return _("same speed")
    if metric.claim == SAME:
        return _("no difference in speed that anybody would feel")
    if metric.claim == UNCLEAR:
        return _("no difference in speed could be told")
    if metric.ratio >= TWICE:
        return _("in {n} times the time").format(n=number(metric.ratio, 1))
    if metric.claim == BETTER:
        return _("in {share} less time").format(share=percent(1 - metric.ratio))
    return _("in {share} more time").format(share=percent(metric.ratio - 1))


def _cost(metric: MetricVerdict | None) -> str:
    if metric is None or metric.ratio is None or metric.claim not in (BETTER, WORSE):
        return ""
    if metric.ratio >= TWICE:
        return _("at {n} times the cost").format(n=number(metric.ratio, 1))
    if metric.claim == BETTER:
        return _("at {share} less cost").format(share=percent(1 - metric.ratio))
    return _("at {share} more cost").format(share=percent(metric.ratio - 1))
