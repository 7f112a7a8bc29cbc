"""A ballot as data for its element: two answers without names, what was voted before, or why there is
none.

In: a ``Ballot`` and what came of the vote before it. Out: plain data. Always holds: all HTML in it is
built by ``safe`` from escaped text; a version is named only where somebody has voted.
"""

from collections.abc import Mapping
from typing import Any

from core.comparison.ballots import Ballot, Sheet, Stream
from core.comparison.ranking import name_of
from core.comparison.votes import Voted, reasons_for
from core.i18n import _, language, ngettext, number
from core.text import is_heading, plain
from pages.ui import safe

SNIPPET = 240
Data = dict[str, Any]


def data(ballot: Ballot, left_to_do: int) -> Data:
    """Everything that is shown of a ballot."""
    known = _("You asked this yourself and saw whose answers they are: your vote counts apart.")
    return {
        "key": ballot.comparison_id,
        "comparison": ballot.comparison_id,
        "question": ballot.question,
        "known": known if ballot.known else "",
        "left": _sheet(ballot.left),
        "right": _sheet(ballot.right),
        "announce": _("Next question: {question}").format(question=ballot.question[:200]),
        "progress": _progress(left_to_do),
        "empty": None,
        **_always(),
    }


def nothing(title: str, lines: list[str], acts: list[tuple[str, str, bool]], key: str) -> Data:
    """What stands in place of a ballot: why there is none, and ways on (name, label, the first?)."""
    told = {"title": title, "lines": lines, "acts": acts}
    return {"key": key, "announce": title, "progress": "", "empty": told, **_always()}


def last(voted: Voted) -> Data:
    """What was just voted, and whose the answers were."""
    fitting = reasons_for(voted.choice)
    return {
        "vote": voted.vote.id,
        "said": _said(voted.choice),
        "was": _("1 was {left}; 2 was {right}.").format(
            left=name_of(voted.left), right=name_of(voted.right)
        ),
        "reasons": [
            {"value": name, "label": _(title), "on": name in voted.vote.reasons}
            for name, title in fitting.items()
        ],
    }


def apart(told: Stream) -> list[str]:
    """Why others are none to vote on."""
    counted: Mapping[str, str] = {
        "same": ngettext(
            "{n} is left out: both answers say the same, word by word.",
            "{n} are left out: both answers say the same, word by word.",
            told.same,
        ),
        "learned": ngettext(
            "{n} is left out: a version learned from that very question.",
            "{n} are left out: a version learned from these very questions.",
            told.learned,
        ),
        "failed": ngettext(
            "{n} is left out: a version gave no answer.",
            "{n} are left out: a version gave no answer.",
            told.failed,
        ),
        "running": ngettext(
            "{n} is still being answered.", "{n} are still being answered.", told.running
        ),
    }
    return [
        text.format(n=number(getattr(told, name)))
        for name, text in counted.items()
        if getattr(told, name)
    ]


def _sheet(sheet: Sheet) -> Data:
    marks = [
        safe.Mark("cite", one.answer_start, one.answer_end, one.number) for one in sheet.citations
    ]
    said = ngettext("{n} source", "{n} sources", sheet.sources)
    return {
        "id": sheet.answer_id,
        "html": safe.html(sheet.text, marks),
        "related": [_flat(text) for text in sheet.related],
        "sources": said.format(n=number(sheet.sources)) if sheet.sources else _("no source"),
    }


def _flat(text: str) -> str:
    """A passage on one line, without its headings and Markdown signs."""
    lines = (plain(line) for line in text.splitlines() if not is_heading(line))
    flat = " ".join(" ".join(lines).split())
    return flat if len(flat) <= SNIPPET else flat[:SNIPPET].rstrip() + "…"


def _progress(left_to_do: int) -> str:
    said = ngettext(
        "{n} question waits for your vote.", "{n} questions wait for your vote.", left_to_do
    )
    return said.format(n=number(left_to_do))


def _said(choice: str) -> str:
    return {
        "left": _("You preferred 1."),
        "right": _("You preferred 2."),
        "tie": _("You found them equally good."),
        "bad": _("You found both bad."),
    }[choice]


def _always() -> Data:
    return {"language": language(), "words": _words()}


def _words() -> dict[str, str]:
    return {
        "ballot": _("Which answer is better?"),
        "which": _("Which answer is better?"),
        "left": _("Answer 1"),
        "right": _("Answer 2"),
        "left_is": _("1 is better"),
        "right_is": _("2 is better"),
        "tie_is": _("Equally good"),
        "bad_is": _("Both bad"),
        "pass": _("Skip"),
        "undo": _("Undo"),
        "why": _("Why? (optional)"),
    }
