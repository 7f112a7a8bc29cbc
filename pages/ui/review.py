"""The review desk on the page: an item is claimed, judged, and the next one comes, in one fragment.

Takes a queue. What is shown is kept in the session until something changes it, so that a draft that
is saved or a search claims and reads nothing anew. An error never empties the desk: it is said
there, what was typed is kept, and the next item comes where this one is no longer theirs.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import streamlit as st

from core import annotation, clock
from core.annotation.types import DRAFTED
from core.errors import CicloError, Conflict, InvalidInput
from core.i18n import _
from pages.ui import (
    components,
    person,
    review_alike,
    review_desk,
    review_empty,
    review_progress,
    review_who,
    review_words,
)
from pages.ui.errors import told
from pages.ui.language import spoken

DESK = "annotation.desk"
SHOWN = "annotation.shown"
HALF_AN_HOUR = 30.0
Came = dict[str, Any]


def show(queue_id: str) -> None:
    """The desk of a queue, with what the address asks for first; before that, who sits at it."""
    if not review_who.known():
        return review_who.ask()
    shown = st.session_state.get(SHOWN)
    notice = shown["notice"] if shown and shown["queue"] == queue_id else None
    st.session_state[SHOWN] = fresh(queue_id, notice)
    st.fragment(_desk)(queue_id)


def leave() -> None:
    """Give back what lies on the desk: somebody else sits down. What was typed is kept."""
    shown = st.session_state.pop(SHOWN, None)
    if shown and (claim := shown["claim"]):
        with suppress(CicloError):  # it is theirs no more
            annotation.release(claim.item.id, claim.claim_token, person_id=person.present().id)


def fresh(queue_id: str, notice: Came | None = None, claim: Any = None) -> Came:
    """What is known of a desk on which nothing lies yet."""
    return {"queue": queue_id, "notice": notice, "claim": claim, "data": None, "saved": 0}


@spoken
def _desk(queue_id: str) -> None:
    with told():
        line = st.empty()  # filled after the desk is on its way: counting takes longer than showing
        review_progress.before(line, queue_id)
        shown = st.session_state[SHOWN]
        if shown["data"] is None:
            shown["data"] = _data(shown)
        notice = {"notice": shown["notice"], "saved": shown["saved"]}
        components.review(key=DESK, data=shown["data"] | notice, on=_acts(shown))
        review_progress.show(line, queue_id)


def _data(shown: Came) -> Came:
    """Claim what is next, unless it was claimed already, and read all of it."""
    me = person.present()
    try:
        claim = shown["claim"] or _asked_for()
    except CicloError as error:
        return review_empty.gone(shown["queue"], error, me)
    claim = shown["claim"] = claim or annotation.claim_next(shown["queue"], me.id)
    if claim is None:
        return review_empty.data(shown["queue"], me)
    suggestion = review_desk.suggested(claim, _record(shown["queue"]))
    kept = review_empty.kept(shown["queue"], me)
    around = {"person": me.id, "kept": kept, "found": None, "alike": None}
    return review_desk.data(claim, suggestion) | around


def _asked_for() -> annotation.Claim | None:
    """The item that the address names, once; an error where it cannot be had."""
    item_id = st.query_params.pop("item", None) if "item" in st.query_params else None
    return annotation.claim(item_id, person.present().id) if item_id else None


def _record(queue_id: str) -> dict[str, tuple[int, int]]:
    """How good suggestions were, looked up once a visit."""
    known: Came = st.session_state.setdefault("annotation.record", {})
    if queue_id not in known:
        from core.annotation.suggested import track_record

        known[queue_id] = track_record(queue_id)
    return known[queue_id]


def _tell(shown: Came, error: CicloError) -> None:
    said = f"{error.message} {error.hint}".strip()
    shown["notice"] = {"n": clock.seconds(), "text": said, "bad": True}


def _say(shown: Came, text: str) -> None:
    shown["notice"] = {"n": clock.seconds(), "text": text, "bad": False}


# ---- what a reviewer does


def _acts(shown: Came) -> dict[str, Callable[[], None]]:
    acts = {
        "submit": _submit,
        "draft": _draft,
        "beat": _beat,
        "skip": _skip,
        "undo": _undo,
        "find": _find,
        "alike": _alike,
        "look": _next,
        "resume": _resume,
        "dismiss": _dismiss,
        "refill": _refill,
        "reconsider": _reconsider,
    }
    return {name: _acting(shown, name, act) for name, act in acts.items()}


def _acting(shown: Came, name: str, act: Callable[[Came, Came], None]) -> Callable[[], None]:
    """``act`` with what came; where it is refused, the reason is said on the desk."""

    def acted() -> None:
        came = components.pressed(DESK, name)
        try:
            act(shown, came)
        except InvalidInput as error:
            _tell(shown, error)
        except CicloError as error:
            _next(shown, came)
            _tell(shown, error)

    return spoken(acted)


def _next(shown: Came, came: Came) -> None:
    """Let go of what lies on the desk; the next item comes."""
    shown.update(fresh(shown["queue"]))


def _submit(shown: Came, came: Came) -> None:
    given = {name: came["judged"][name] for name in DRAFTED if name in came["judged"]}
    judged = annotation.Judged(
        **given, seconds=float(came.get("seconds") or 0) or None, suggestion=_told(shown, came)
    )
    me = person.present().id
    stored = annotation.submit(came["item"], came["token"], judged, person_id=me)
    _next(shown, came)
    if stored.kind == "calibration" and (found := annotation.compared(came["item"], me)):
        _say(shown, review_words.compared(found))


def _told(shown: Came, came: Came) -> Came:
    """What was suggested for the item, if it was shown."""
    data = shown["data"] or {}
    if not came.get("suggested") or data.get("item") != came["item"]:
        return {}
    told = data["suggestion"]
    judge = {"judge": told["judge"]["fill"]} if told["judge"] else {}
    return {**told["fill"], "checks": [one["name"] for one in told["checks"]], **judge}


def _draft(shown: Came, came: Came) -> None:
    if came.get("draft"):
        me = person.present().id
        annotation.save_draft(came["item"], came["token"], came["draft"], person_id=me)
    shown["saved"] = came.get("n", 0)


def _beat(shown: Came, came: Came) -> None:
    me = person.present().id
    annotation.heartbeat(came["item"], came["token"], came.get("draft"), person_id=me)
    shown["saved"] = came.get("n", 0)


def _skip(shown: Came, came: Came) -> None:
    me, item, token = person.present().id, came["item"], came["token"]
    if came.get("draft"):
        annotation.save_draft(item, token, came["draft"], person_id=me)
    how, reason = came["how"], str(came.get("reason", ""))
    if how == "postpone":
        annotation.postpone(item, token, HALF_AN_HOUR, person_id=me)
    elif how == "release":
        annotation.release(item, token, person_id=me)
    elif how == "not_for_me":
        annotation.not_for_me(item, token, reason, person_id=me)
    else:
        annotation.skip(item, token, reason, person_id=me)
    _next(shown, came)


def _undo(shown: Came, came: Came) -> None:
    me = person.present().id
    if came.get("draft") and came.get("item"):
        annotation.save_draft(came["item"], came["token"], came["draft"], person_id=me)
    try:
        claim = annotation.undo(me, shown["queue"])
    except Conflict as error:
        shown["notice"] = None
        _tell(shown, error)  # what lies on the desk stays
        return
    shown.update(fresh(shown["queue"], claim=claim))
    _say(shown, _("Your judgement is taken back; here it is again."))


def _find(shown: Came, came: Came) -> None:
    claim, data = shown["claim"], shown["data"]
    if claim and data and came.get("item") == data["item"]:
        data["found"] = review_desk.hits(
            claim.queue.assistant_id, str(came["query"]), (data["found"] or {"n": 0})["n"] + 1
        )


def _alike(shown: Came, came: Came) -> None:
    data = shown["data"]
    if data and came.get("item") == data["item"]:
        data["alike"] = review_alike.data(came["item"])


def _resume(shown: Came, came: Came) -> None:
    me = person.present().id
    if came.get("draft") and came.get("item"):
        annotation.save_draft(came["item"], came["token"], came["draft"], person_id=me)
    claim = annotation.claim(came["to"], me)
    shown.update(fresh(shown["queue"], claim=claim))


def _dismiss(shown: Came, came: Came) -> None:
    st.session_state.setdefault(review_empty.DISMISSED, set()).add(came["number"])


def _refill(shown: Came, came: Came) -> None:
    done = annotation.refill(shown["queue"])
    _next(shown, came)
    _say(shown, review_empty.refilled(done))


def _reconsider(shown: Came, came: Came) -> None:
    annotation.reconsider(shown["queue"], person.present().id)
    _next(shown, came)
