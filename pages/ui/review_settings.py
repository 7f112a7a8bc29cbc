"""A queue's settings, for those who lead it: its name, who judges how long and how many, what by.

Each form is stored as a whole with its own button; nothing changes before.
"""

import streamlit as st

from core import annotation, i18n
from core.annotation.queues import REVIEWERS
from core.db.tables import Queue
from core.i18n import _, ngettext, number
from pages.ui import notices, person, places, queue_judge, review_queues, review_rubric, safe

GUIDELINE = "annotation.guideline"
SHORTEST_LEASE = 0.5  # minutes, on the page; over the API it may be less


def show(queue: Queue) -> None:
    """All of it."""
    left, right = st.columns(2, gap="large")
    with left:
        _facts(queue)
        places.here(
            _("How many are drawn at random is one of the rules"),
            key="annotation.to_rules",
            icon=":material/rule:",
            queue=queue.id,
            view="rules",
        )
        queue_judge.show(queue)
        with st.expander(_("Another queue"), icon=":material/add:"):
            review_queues.new()
        _removal(queue)
    with right:
        _guideline(queue)


def _facts(queue: Queue) -> None:
    st.subheader(_("Queue"), anchor=False)
    with st.form(f"annotation.settings.{queue.id}"):
        name = st.text_input(_("Name"), queue.name, max_chars=120)
        reviewers = st.number_input(
            _("Reviewers per item"),
            *REVIEWERS,
            queue.reviewers_per_item,
            help=_("So many people judge each item, none of them twice."),
        )
        facts = {"name": name, "reviewers_per_item": int(reviewers)}
        facts |= _lease(queue) | _blind(queue) | _calibrated(queue)
        if st.form_submit_button(_("Save"), type="primary"):
            notices.acting(lambda: _change(queue.id, facts))()
            st.rerun()


def _lease(queue: Queue) -> dict[str, object]:
    """The length of a claim, where it was changed: one of seconds is not rounded unasked."""
    before = max(SHORTEST_LEASE, queue.lease_seconds / 60)
    minutes = st.number_input(
        _("Minutes an item stays reserved"),
        SHORTEST_LEASE,
        1440.0,
        before,
        step=1.0,
        format="%g",
        help=_("Counted from the last key. After that somebody else may take the item."),
    )
    st.caption(_proposal(queue))
    return {} if minutes == before else {"lease_seconds": round(minutes * 60)}


def _blind(queue: Queue) -> dict[str, object]:
    blind = st.toggle(
        _("Blind"),
        queue.blind,
        help=_("Reviewers see neither each other's judgements nor the model's name."),
    )
    return {"blind": blind}


def _calibrated(queue: Queue) -> dict[str, object]:
    """The share of calibration items, where it was changed."""
    before = round(queue.calibration_share * 100, 4)
    percent = st.number_input(
        _("Calibration items mixed in, %"),
        0.0,
        100.0,
        before,
        step=1.0,
        format="%g",
        help=_("Of a hundred items handed out, so many have a known answer. Nobody sees which."),
    )
    st.caption(_known(queue))
    return {} if percent == before else {"calibration_share": percent / 100}


def _known(queue: Queue) -> str:
    """How many calibration items there are to mix in: without any the share does nothing."""
    n = annotation.calibration_items(queue.id)
    if not n:
        return _("No waiting item has a known answer yet: tell one under “Items”.")
    said = ngettext("{n} item with a known answer waits.", "{n} items with a known answer wait.", n)
    return said.format(n=number(n))


def _change(queue_id: str, facts: dict[str, object]) -> None:
    annotation.change_queue(queue_id, **facts)  # type: ignore[arg-type]
    notices.leave(_("The queue's settings are saved."))


def _proposal(queue: Queue) -> str:
    now = annotation.progress(queue.id)
    if now.proposed_lease is None or now.seconds_per_item is None:
        return _("Too few were judged to propose a length.")
    said = _("An item takes {time}; {n} minutes would fit.")
    fitting = number(now.proposed_lease / 60, 0 if now.proposed_lease % 60 == 0 else 1)
    return said.format(time=i18n.seconds(now.seconds_per_item), n=fitting)


def _guideline(queue: Queue) -> None:
    row = annotation.guideline(queue.id)
    st.subheader(_("Guidelines"), anchor=False)
    said = _("Version {n}, {day}").format(n=row.number, day=i18n.day(row.created_at))
    st.caption(
        _("{version}. A change makes the next version; what was judged keeps its own.").format(
            version=said
        )
    )
    key = f"{GUIDELINE}.{queue.id}.{row.number}"
    text = st.text_area(
        _("What reviewers go by (Markdown)"), row.text, height=220, key=f"{key}.text"
    )
    if text:
        with st.expander(_("As reviewers see it")):
            st.html(f'<div lang="">{safe.html(text)}</div>')
    rubric = review_rubric.edit(row.rubric, key)
    if st.button(_("Save as the next version"), key=f"{key}.save", type="primary"):
        notices.acting(lambda: _write(queue.id, text, rubric))()
        st.rerun()


def _write(queue_id: str, text: str, rubric: list[dict[str, object]]) -> None:
    before = annotation.guideline(queue_id).number
    row = annotation.write_guideline(queue_id, text, rubric, person.present().id)
    if row.number == before:
        notices.leave(_("Nothing has changed: version {n} still holds.").format(n=row.number))
    else:
        notices.leave(_("Version {n} of the guidelines holds now.").format(n=row.number))


def _removal(queue: Queue) -> None:
    def remove() -> None:
        annotation.remove_queue(queue.id)
        st.query_params.clear()
        said = _("The queue “{name}” is removed; what was judged stays.").format(name=queue.name)
        notices.leave(said, undo=lambda: annotation.restore_queue(queue.id))

    st.button(
        _("Remove this queue"),
        key="annotation.remove_queue",
        icon=":material/delete:",
        type="tertiary",
        on_click=notices.acting(remove),
    )
