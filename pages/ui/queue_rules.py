"""The rules of a review queue, to be edited: each a line with its switch, threshold, weight and count.

The counts are those of the last 30 days and follow what is typed; nothing is stored before it is
saved. What was typed stays in its fields when it cannot be saved, and why stands under them.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core import annotation
from core.annotation.rules import HEAVIEST, SHAPES, Bounds
from core.errors import CicloError
from core.i18n import N_, _, ngettext, number
from pages.ui import errors, notices, reasons, safe
from pages.ui.language import spoken

DAYS = 30
TITLES = {
    "random": N_("Drawn at random"),
    "flagged": N_("Problem reported"),
    "negative_rating": N_("Answer did not help"),
    "stars": N_("Few stars"),
    "not_solved": N_("Question not solved"),
    "disagreement": N_("Ratings disagree"),
    "keyword": N_("Words and patterns"),
    "low_groundedness": N_("Little support in the documents"),
    "cut_off": N_("Answer cut off"),
    "fallback": N_("Fallback model"),
    "long": N_("Long conversation"),
    "slow": N_("Slow answer"),
}
HELP = {
    "random": N_(
        "Drawn before the others, whatever was said: quality is estimated from these alone."
    ),
    "disagreement": N_(
        "One answer helped somebody and not another, or stars of one conversation lie far apart."
    ),
    "keyword": N_("In a question or an answer, with accents or without, from the start of a word."),
    "long": N_("Every question and answer counts, also those asked again."),
}
UNITS = {  # of thresholds; a share is typed in percent
    "random": N_("% of conversations"),
    "stars": N_("stars or fewer"),
    "disagreement": N_("stars apart"),
    "low_groundedness": N_("below this % of support"),
    "long": N_("messages, or fewer, are short"),
    "slow": N_("seconds or less are quick"),
}
PERCENT = ("random", "low_groundedness")
TEXTS = ("words", "patterns")
FIELDS = ("on", "weight", "threshold", *TEXTS)


@st.fragment
@spoken
def show(queue_id: str) -> None:
    """The editor; the caller sees to it that whoever looks may lead."""
    with errors.told():
        held = annotation.rules_of(queue_id)
        key = f"annotation.rules.{queue_id}.{hash(tuple(held)):x}"  # fresh fields once it is saved
        st.subheader(_("What comes into this queue"), anchor=False)
        together = st.empty()
        counts = [(_line(rule, key), rule) for rule in held]
        _told(queue_id, key, held, together, counts)
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button(_("Save rules"), type="primary", key=f"{key}.save"):
                _act(_save, queue_id, key, held)
            if st.button(
                _("Fill now"),
                key=f"annotation.refill.{queue_id}",
                icon=":material/playlist_add:",
                help=_("It also fills by itself, a few minutes after a conversation rests."),
            ):
                _act(_refill, queue_id)
        st.caption(safe.label(reasons.quality(annotation.estimate(queue_id))))


def typed(key: str, held: list[annotation.Rule]) -> list[dict[str, Any]]:
    """The rules as they stand in the fields."""
    found = []
    for rule in held:
        at: dict[str, Any] = {
            field: st.session_state.get(f"{key}.{rule.name}.{field}") for field in FIELDS
        }
        one: dict[str, Any] = {"name": rule.name, "on": at["on"], "weight": at["weight"]}
        if rule.threshold is not None:
            share = rule.name in PERCENT
            one["threshold"] = round(at["threshold"] / 100, 6) if share else at["threshold"]
        if rule.name == "keyword":
            one |= {field: _lines(str(at[field] or "")) for field in TEXTS}
        found.append({k: v for k, v in one.items() if v is not None})
    return found


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _line(rule: annotation.Rule, key: str) -> Any:
    """One rule's fields; the place of its count."""
    key = f"{key}.{rule.name}"
    name, threshold, weight, count = st.columns([4, 3, 2, 2], vertical_alignment="bottom")
    with name:
        st.toggle(
            _(TITLES[rule.name]), rule.on, key=f"{key}.on", help=_(HELP.get(rule.name, "")) or None
        )
    with threshold:
        bounds = SHAPES[rule.name].threshold
        if bounds and rule.threshold is not None:
            _threshold(rule, bounds, key)
    with weight:
        st.number_input(
            _("Weight"), 0.0, HEAVIEST, float(rule.weight), 1.0, format="%g", key=f"{key}.weight"
        )
    if rule.name == "keyword":
        _words(rule, key)
    return count.empty()


def _threshold(rule: annotation.Rule, bounds: Bounds, key: str) -> None:
    scale = 100 if rule.name in PERCENT else 1
    st.number_input(
        _(UNITS[rule.name]),
        float(bounds.least * scale),
        float(bounds.most * scale),
        float((rule.threshold or bounds.usual) * scale),
        1.0,
        format="%g",
        key=f"{key}.threshold",
    )


def _words(rule: annotation.Rule, key: str) -> None:
    left, right = st.columns(2)
    left.text_area(_("Words, one a line"), "\n".join(rule.words), key=f"{key}.words", height=100)
    right.text_area(
        _("Patterns, one a line"),
        "\n".join(rule.patterns),
        key=f"{key}.patterns",
        height=100,
        help=_("Regular expressions as RE2 reads them, in upper or lower case."),
    )


def _told(
    queue_id: str, key: str, held: list[annotation.Rule], together: Any, counts: list[Any]
) -> None:
    """The live counts, or what is wrong with what was typed."""
    try:
        found = annotation.preview(queue_id, typed(key, held), DAYS)
    except CicloError as error:
        errors.say(error)
        return
    said = ngettext(
        "Of {all} conversation of the last {days} days these rules take {n}.",
        "Of {all} conversations of the last {days} days these rules take {n}.",
        found.conversations,
    )
    n = _count(found.together)
    together.markdown(said.format(all=number(found.conversations), days=found.days, n=n))
    for place, rule in counts:
        place.markdown(
            ngettext("{n} conversation", "{n} conversations", found.alone[rule.name].n).format(
                n=_count(found.alone[rule.name])
            )
        )


def _count(count: annotation.Count) -> str:
    return _("about {n}").format(n=number(count.n)) if count.about else number(count.n)


def _act(act: Callable[..., None], *given: Any) -> None:
    """Do it, and show what came of it at the top of the whole page."""
    notices.acting(act)(*given)
    st.rerun()


def _save(queue_id: str, key: str, held: list[annotation.Rule]) -> None:
    annotation.change_rules(queue_id, typed(key, held))
    notices.leave(_("The rules are saved. What waits already stays."))


def _refill(queue_id: str) -> None:
    (done,) = annotation.refill(queue_id)
    said = ngettext("{n} item came in.", "{n} items came in.", done.new)
    notices.leave(said.format(n=number(done.new)) if done.new else _("Nothing new for this queue."))
