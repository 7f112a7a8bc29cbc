"""``ciclo metrics topics``, ``unanswered``, ``behind``: what people ask, what finds no answer, and the
conversations behind a figure."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from core.cli import terminal, viewing
from core.cli.terminal import AsJson, Of, document, say, table
from core.i18n import _, day, moment, ngettext, number

if TYPE_CHECKING:
    from core import metrics

Limit = Annotated[int, typer.Option(min=1, max=500, help="How many at most.")]


def add_to(app: typer.Typer) -> None:
    """Hang the commands into ``ciclo metrics``."""
    for command in (topics, unanswered, behind):
        app.command()(command)
    app.command("rename-topic")(rename_topic)
    app.command("regroup")(regroup)


def topics(
    period: viewing.Period = viewing.USUAL,
    assistant: viewing.Of = None,
    only: viewing.Only = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """What people ask about, how often, and how content they are."""
    terminal.ready()
    from core import metrics
    from core.metrics import words

    view = viewing.view(period, assistant, only)
    rows = metrics.topics(view)[:limit]
    if as_json:
        told = [vars(one) | {"satisfaction": words.plain(one.satisfaction)} for one in rows]
        document({"data": told})
        return
    table(_topic(one) for one in rows)
    if not rows:
        say(metrics.no_topics(view))


def _topic(one: "metrics.TopicRow") -> tuple[str, ...]:
    from core.metrics import saying

    satisfied = saying.said(one.satisfaction)
    return (
        one.label or _("other"),
        number(one.n),
        number(one.share * 100, 1) + "%",
        _("satisfaction {share} (n = {n})").format(share=satisfied, n=number(one.satisfaction.n)),
        _("new") if one.new else "",
    )


def rename_topic(
    topic: Annotated[str, typer.Argument(help="Its id, as `topics --json` tells it.")],
    name: Annotated[str, typer.Argument(help="Left out: the topic's own name again.")] = "",
) -> None:
    """Give a topic a name that stays."""
    terminal.ready()
    from core import metrics

    found = metrics.rename_topic(topic, name)
    say(found.label if found else name)


def regroup(assistant: Of = None, as_json: AsJson = False) -> None:
    """Group an assistant's questions into topics anew."""
    terminal.ready()
    from core import assistants, metrics

    found = metrics.regroup(assistants.chosen(assistant).id)
    if as_json:
        document(asdict(found) | {"enough": found.enough})
        return
    table(
        (
            (_("questions"), number(found.questions)),
            (_("topics"), number(found.topics)),
            (_("new"), number(found.made)),
        )
    )


def unanswered(
    period: viewing.Period = viewing.USUAL,
    assistant: viewing.Of = None,
    only: viewing.Only = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """Questions that found no answer, like ones together, the most asked first."""
    terminal.ready()
    from core import metrics

    rows = metrics.unanswered(viewing.view(period, assistant, only), limit)
    if as_json:
        document({"data": [_group(one) for one in rows]})
        return
    table((_times(one.n), day(one.last_at), " ".join(one.text.split())) for one in rows)
    if not rows:
        say(_("Every question of this period found something, or none was asked."))


def _group(one: "metrics.UnansweredGroup") -> dict[str, object]:
    return asdict(one) | {"examples": [each._asdict() for each in one.examples]}


def _times(n: int) -> str:
    return ngettext("{n} time", "{n} times", n).format(n=number(n))


def behind(
    measure: Annotated[str, typer.Argument(metavar="MEASURE", help="Such as satisfaction.")],
    period: viewing.Period = viewing.USUAL,
    assistant: viewing.Of = None,
    only: viewing.Only = None,
    limit: Limit = 20,
    as_json: AsJson = False,
) -> None:
    """The newest conversations behind a figure: those that make it bad where that can be said."""
    terminal.ready()
    from core import metrics

    told = metrics.behind(measure, viewing.view(period, assistant, only), limit)
    if as_json:
        document({"n": told.n, "data": [asdict(one) for one in told.conversations]})
        return
    table(
        (one.conversation_id, moment(one.at), one.channel, " ".join(one.title.split()))
        for one in told.conversations
    )
    left = told.n - len(told.conversations)
    if left > 0:
        say(_("{n} more: raise --limit.").format(n=number(left)))
    if not told.n:
        say(_("There is no conversation behind this figure."))
