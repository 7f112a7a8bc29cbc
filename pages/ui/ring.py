"""The loop drawn: nine stages round a ring, each with what waits there; a list where it is narrow.

A stage that exists is a link with live counts; one that does not is shown as the plan, quietly.
"""

from typing import Any

from core import loop
from core.i18n import _, moment, number
from pages.ui import components, places


def show(now: loop.Snapshot) -> str:
    """Draw it; the name of the stage that was opened, else nothing."""
    stages = [_stage(stage, now.of(stage.name)) for stage in loop.STAGES]
    data = {"stages": stages, "label": _("The loop"), "plan": _("planned"), "centre": _centre()}
    opened = components.loop(key="overview.loop", data=data, on={"open": lambda: None})
    return str(opened.open or "")


def _stage(stage: loop.Stage, counts: list[loop.Count]) -> dict[str, Any]:
    return {
        "name": stage.name,
        "title": _(stage.title),
        "job": _(stage.job),
        "path": f"/{stage.name}" if stage.name in places.PLACES else "",
        "exists": stage.exists,
        "counts": [
            {"n": number(count.n), "label": count.label, "since": _since(count)} for count in counts
        ],
    }


def _since(count: loop.Count) -> str:
    return _("the oldest from {time}").format(time=moment(count.since)) if count.since else ""


def _centre() -> str:
    return _("What people say of the answers teaches the next ones.")
