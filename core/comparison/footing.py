"""What stands under the sentence of a verdict: what it rests on, what it leaves out, what to mind.

In: a ``Verdict``. Out: texts in the present language, without markup.
"""

from core.comparison import deciding, measured, ratios
from core.comparison.findings import Verdict
from core.comparison.saying import called, nearly_equal, points, title
from core.i18n import N_, _, ngettext, number, percent

MEANS = N_(
    "Times and speeds are geometric means, so that a few slow answers do not decide; tokens and cost"
    " are plain means."
)
ONE_SIDED = 0.05  # share of questions with a value on one side only, from which it is told


def lines(verdict: Verdict) -> list[str]:
    """What the sentence rests on, what to mind, and how it was tested."""
    return [*minded(verdict), *method(verdict)]


def minded(verdict: Verdict) -> list[str]:
    """What everybody has to see: what was left out and what failed, what to mind."""
    told = [*_left_out(verdict), *_failed(verdict), *_same_words(verdict), *_one_sided(verdict)]
    return [*told, *_said(verdict), *_slight(verdict), *_chosen(verdict)]


def method(verdict: Verdict) -> list[str]:
    """How it was tested, for whoever wants to know."""
    return [*_how(verdict), *_fewest(verdict), *_means(verdict)]


def _left_out(verdict: Verdict) -> list[str]:
    n, total = number(verdict.n), number(verdict.total)
    told = (
        [_("All {n} questions count.").format(n=n)]
        if verdict.n == verdict.total
        else [_("{n} of {total} questions count.").format(n=n, total=total)]
    )
    reasons = (
        (
            verdict.learned,
            ngettext(
                "{n} is left out: one of the versions learned from it.",
                "{n} are left out: one of the versions learned from them.",
                verdict.learned,
            ),
        ),
        (
            verdict.duplicates,
            ngettext(
                "{n} asks what another asks, and is counted once with it.",
                "{n} ask what others ask, and are counted once with them.",
                verdict.duplicates,
            ),
        ),
        (
            verdict.unanswered,
            ngettext(
                "{n} was stopped before both had answered.",
                "{n} were stopped before both had answered.",
                verdict.unanswered,
            ),
        ),
    )
    return told + [words.format(n=number(n)) for n, words in reasons if n]


def _failed(verdict: Verdict) -> list[str]:
    if not any(verdict.failed.values()):
        return []
    names = called(verdict)
    told = _("Without an answer of its own: {a} {in_a} times, {b} {in_b} times.")
    return [
        told.format(
            a=names["a"],
            b=names["b"],
            in_a=number(verdict.failed["a"]),
            in_b=number(verdict.failed["b"]),
        )
    ]


def _same_words(verdict: Verdict) -> list[str]:
    if not verdict.identical or verdict.claim == "identical" or nearly_equal(verdict):
        return []
    told = ngettext(
        "To {n} question both gave the same answer, word by word.",
        "To {n} questions both gave the same answer, word by word.",
        verdict.identical,
    )
    return [told.format(n=number(verdict.identical))]


def _one_sided(verdict: Verdict) -> list[str]:
    """Where many questions drop out because only one version has a value, that is a choice of them."""
    names = called(verdict)
    found = []
    for one in verdict.metrics:
        for n, side in ((one.only_a, "a"), (one.only_b, "b")):
            if one.tested and n > max(2, ONE_SIDED * verdict.n):
                told = _(
                    "{metric}: {n} questions have a value for {version} alone; they do not count."
                )
                found.append(
                    told.format(metric=title(one, False), n=number(n), version=names[side])
                )
    return found


def _said(verdict: Verdict) -> list[str]:
    """What rests on somebody's word: a model's, and what is still being said."""
    told = [one for one in verdict.metrics if one.tested and one.scorer in measured.SAID]
    model = _("{metric} is what a model thinks; mind how far people agree with it.")
    growing = _("{metric}: not all is said yet; its bounds hold however often one looks.")
    found = [
        model.format(metric=title(one, False)) for one in told if one.scorer in measured.JUDGES
    ]
    return found + [
        growing.format(metric=title(one, False)) for one in told if one.looked and not verdict.early
    ]


def _slight(verdict: Verdict) -> list[str]:
    if not any(one.small for one in verdict.metrics):
        return []
    told = _("The difference is sure, but smaller than the {points} points that matter.")
    return [told.format(points=points(verdict.smallest))]


def _how(verdict: Verdict) -> list[str]:
    if not any(one.tested for one in verdict.metrics):
        return []
    several = verdict.tests > 1
    if verdict.early:
        told = _(
            "The run has not ended as planned, so the bounds are wider: they hold however often one"
            " looks (99%). Questions are asked in drawn order."
        )
        many = _(
            "The run has not ended as planned, so the bounds are wider: they hold however often one"
            " looks (99%, corrected for {n} metrics). Questions are asked in drawn order."
        )
    else:
        told = _(
            "Paired by question, with 95% intervals; tested by permutation, pass or fail by McNemar's"
            " exact test."
        )
        many = _(
            "Paired by question, with 95% intervals; tested by permutation, pass or fail by McNemar's"
            " exact test, and corrected by Holm for {n} metrics."
        )
    return [many.format(n=number(verdict.tests)) if several else told]


def _fewest(verdict: Verdict) -> list[str]:
    least = deciding.fewest(verdict.smallest)
    if not any(one.tested and one.unit == "share" and one.n < least for one in verdict.metrics):
        return []
    told = _(
        "“The same” is said from {n} questions on: fewer would often miss what goes wrong in"
        " {share} of them."
    )
    return [told.format(n=number(least), share=percent(verdict.smallest))]


def _means(verdict: Verdict) -> list[str]:
    if not any(one.unit in ratios.EACH for one in verdict.metrics):
        return []
    return [_(MEANS)]


def _chosen(verdict: Verdict) -> list[str]:
    if not verdict.chosen:
        return []
    return [
        _("The metrics were picked by hand: that is fair only where it was done before looking.")
    ]
