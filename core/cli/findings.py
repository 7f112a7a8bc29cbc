"""Findings on a terminal: a line each as they come, then what to do; or one JSON document."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from core.cli import terminal
from core.cli.terminal import document, fields, say
from core.i18n import _, number, seconds

if TYPE_CHECKING:
    from core.diagnosis import Finding

NAMES = ("name", "state", "found", "advice", "subject", "seconds", "group")
TITLE = 16  # characters; lines come one by one, so no column can wait for its widest cell


def show(found: "Iterable[Finding]", as_json: bool, *, detailed: bool = True) -> None:
    """Show each as it comes; ends the command with exit code 1 where one is bad.

    Not ``detailed``: what is good is counted, not listed.
    """
    from core.diagnosis import PROGRESS, counted

    told: list[Finding] = []
    try:
        for one in found:
            if one.name == PROGRESS:
                terminal.progress(one.found)
            else:
                told.append(_said(one, as_json, detailed))
    except KeyboardInterrupt:
        terminal.note(_("Stopped."))
        raise terminal.stop(terminal.INTERRUPTED) from None
    n = counted(told)
    if as_json:
        document({"findings": [fields(one, *NAMES) for one in told], "counts": n})
    else:
        say(
            _("{good} passed, {note} to note, {bad} failed.").format(
                **{state: number(count) for state, count in n.items()}
            )
        )
    if n["bad"]:
        raise terminal.stop(terminal.FAILED)


def _said(one: "Finding", as_json: bool, detailed: bool) -> "Finding":
    terminal.progress("")
    if not as_json and (detailed or one.state != "good"):
        say(line(one))
        if one.advice:
            say(f"{'':4}{one.advice}")
    return one


def line(one: "Finding") -> str:
    """A finding as one line."""
    from core.diagnosis import MARKS

    took = f"({seconds(one.seconds)})" if one.seconds is not None else ""
    parts: list[Any] = [MARKS[one.state], one.title.ljust(TITLE), one.subject, one.found, took]
    return "  ".join(part for part in parts if part)
