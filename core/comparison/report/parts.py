"""The parts of a report behind the metrics: gate, slices, judge, single questions; HTML in the reader's language."""

from collections.abc import Sequence

from core.comparison import gate_saying
from core.comparison.changes import Change, Changed
from core.comparison.report import figures, picture
from core.comparison.report.content import Content
from core.comparison.slices import KINDS, Slice
from core.i18n import _, ngettext, number
from core.metrics.report.pieces import Html, note, section, table

MOST = 25  # questions of a list


def sections(told: Content) -> list[str]:
    """Gate, slices, judge, regressions and improvements; nothing of what there is none of."""
    found = [_gate(told), _slices(told), _judge(told)]
    if told.changes is not None:
        found += [
            _changes(_("Where B is worse"), told.changes.regressions),
            _changes(_("Where B is better"), told.changes.improvements),
        ]
    return found


def _gate(told: Content) -> str:
    if told.gate is None:
        return ""
    rows = [[gate_saying.met(one), gate_saying.reason(one)] for one in told.gate.reasons]
    heads = [_("Rule by rule"), ""]
    said = [gate_saying.outcome(told.gate), gate_saying.expected(told.gate, told.run.is_sample)]
    return section(_("Gate"), *(note(one) for one in said if one), table(heads, rows))


def _judge(told: Content) -> str:
    return section(_("Judge model and people"), *map(note, told.judge)) if told.judge else ""


def _slices(told: Content) -> str:
    if not told.slices.found:
        return ""
    shown, left = figures.differing(told.slices)
    far = figures.farthest(shown)
    heads = [_("Slice"), _("Metric"), _("B against A"), "", "n", _("Claim")]
    rows = [_slice(one, far) for one in shown]
    return section(
        _("By topic, language and length"),
        note(told.slices.warning),
        table(heads, rows) if rows else "",
        note(left) if left else "",
    )


def _slice(one: Slice, far: float) -> list[str]:
    few = " (" + _("few") + ")" if one.thin else ""
    return [
        f"{_(KINDS[one.by])}: {one.label}",
        _(one.title),
        figures.sliced(one),
        Html(picture.svg(figures.whisker(one, far))),
        number(one.n) + few,
        _(figures.CLAIMS[one.claim]),
    ]


def _changes(title: str, rows: Sequence[Change]) -> str:
    if not rows:
        return ""
    shown = [[_marked(one), moved(one.scorers), one.topic] for one in rows[:MOST]]
    heads = [_("Question"), _("What changed, A to B"), _("Topic")]
    left = len(rows) - len(shown)
    more = note(_("{n} more are not shown here.").format(n=number(left))) if left else ""
    return section(counted(title, rows), table(heads, shown), more)


def counted(title: str, rows: Sequence[Change]) -> str:
    """A heading with how many there are; those that do not count apart: a version learned from them."""
    learned = sum(bool(one.learned) for one in rows)
    n = len(rows) - learned
    if not learned:
        return f"{title} ({number(n)})"
    said = ngettext(
        "{title} ({n} that counts, {learned} learned)",
        "{title} ({n} that count, {learned} learned)",
        n,
    )
    return said.format(title=title, n=number(n), learned=number(learned))


def flags(one: Change) -> list[str]:
    """What there is to mind of a question."""
    told = [_("must pass")] if one.must_pass else []
    return [*told, _("learned, does not count")] if one.learned else told


def _marked(one: Change) -> str:
    return " · ".join([one.question, *flags(one)])


def moved(changes: Sequence[Changed]) -> str:
    """ "Groundedness 100.0% → 50.0%"."""
    return "; ".join(
        f"{_(one.title)} {figures.value(one.unit, one.a)} → {figures.value(one.unit, one.b)}"
        for one in changes
    )
