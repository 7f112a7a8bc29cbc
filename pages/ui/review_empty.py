"""A desk on which nothing lies: why, and what to do now; and what was typed and could not be stored."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core import access, annotation
from core.db.tables import Draft, Person
from core.errors import CicloError
from core.i18n import _, language, ngettext, number
from pages.ui import review_words

LOOK_AGAIN = 20  # seconds after which an empty desk looks for items that came meanwhile
NEVER = 10**9
DISMISSED = "annotation.dismissed"


def data(queue_id: str, me: Person) -> dict[str, Any]:
    """What the desk shows instead of an item."""
    now = annotation.progress(queue_id, me.id)
    acts = [("look", _("Look again"), "")]
    if now.mine_today:
        acts.append(("undo", _("Undo my last judgement"), "Z"))
    if now.passed_on:
        acts.insert(0, ("reconsider", _("Look at them again"), ""))
    if access.may("lead"):
        acts.insert(0, ("refill", _("Fill the queue now"), ""))
    empty = {
        "title": _("Nothing waits for you here"),
        "lines": _lines(now),
        "acts": acts,
        "first": acts[0][0],
    }
    return _desk(f"empty.{queue_id}", me) | {"lookAgain": LOOK_AGAIN, "empty": empty}


def gone(queue_id: str, error: CicloError, me: Person) -> dict[str, Any]:
    """What the desk shows in place of an item that was asked for and cannot be had: why, and the
    way on. Nothing is claimed until it is taken."""
    empty = {
        "title": error.message,
        "lines": [error.hint] if error.hint else [],
        "acts": [("look", _("To the next item"), "↵")],
        "first": "look",
        "enter": "look",
    }
    return _desk(f"gone.{queue_id}", me) | {"lookAgain": NEVER, "empty": empty}


def _desk(key: str, me: Person) -> dict[str, Any]:
    return {
        "key": key,
        "language": language(),
        "person": me.id,
        "item": "",
        "token": "",
        "words": review_words.desk() | {"until": ""},
        "focus": True,
        "lease": 600,
    }


def _lines(now: annotation.Progress) -> list[str]:
    lines = []
    if now.mine_today:
        said = ngettext(
            "You judged {n} answer today.", "You judged {n} answers today.", now.mine_today
        )
        lines.append(said.format(n=number(now.mine_today)))
    if now.held:
        said = ngettext(
            "{n} item is in others' hands.", "{n} items are in others' hands.", now.held
        )
        lines.append(said.format(n=number(now.held)))
    if now.passed_on:
        said = ngettext(
            "You passed on {n} item; others may take it.",
            "You passed on {n} items; others may take them.",
            now.passed_on,
        )
        lines.append(said.format(n=number(now.passed_on)))
    if not now.done and not now.waiting:
        lines.append(_("The queue is filled from what people ask and say, by its rules."))
    return lines


def refilled(done: Sequence[annotation.Refilled]) -> str:
    """What filling the queue came to."""
    new, seen = sum(one.new for one in done), sum(one.seen for one in done)
    if new:
        said = ngettext("{n} item came in", "{n} items came in", new)
        return said.format(n=number(new)) + "."
    return _("Nothing new came in: {n} conversations were looked at.").format(n=number(seen))


def kept(queue_id: str, me: Person) -> list[dict[str, Any]]:
    """What this person typed of items that others got meanwhile."""
    away = st.session_state.get(DISMISSED, set())
    drafts = annotation.kept_drafts(queue_id, me.id)
    return [_kept(queue_id, one) for one in drafts if one.item_number not in away]


def _kept(queue_id: str, draft: Draft) -> dict[str, Any]:
    item = next(iter(annotation.items(queue_id, after=draft.item_number - 1, limit=1)), None)
    there = item is not None and item.number == draft.item_number and item.state == "pending"
    verdict = draft.data.get("verdict")
    texts = [review_words.verdict(verdict)] if verdict in review_words.VERDICTS else []
    texts += [str(draft.data[key]) for key in ("correction", "note") if draft.data.get(key)]
    said = _("What you typed of #{n} could not be stored; it is kept.").format(n=draft.item_number)
    return {
        "number": draft.item_number,
        "item": item.id if item is not None and there else "",
        "said": said,
        "texts": texts,
    }
