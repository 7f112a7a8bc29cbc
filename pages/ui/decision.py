"""How an item should be judged, said by who leads: all that the desk asks for, in one form in a dialog.

In: an item with its answer, what reviewers gave, and the verb that stores it. Out: what was stored.
Always holds: nothing is chosen beforehand; beside each field stands what each reviewer gave; what
was typed stays where it cannot be stored, and why stands under it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core import annotation
from core.annotation import Judged
from core.db.tables import Item, Judgement
from core.errors import CicloError, InvalidInput
from core.i18n import _
from pages.ui import errors, notices, review_words, safe
from pages.ui.language import spoken

FIELDS = ("verdict", "text", "failure_type", "problems", "stars", "note")


@dataclass(frozen=True)
class Asked:
    """``judgements`` with the names of who gave them ("": gone); ``store`` tells what it has done."""

    item: Item
    question: str
    answer: str
    rubric: Sequence[Mapping[str, Any]]
    label: str
    store: Callable[[Judged], str]
    judgements: Sequence[tuple[Judgement, str]] = ()

    @property
    def key(self) -> str:
        """That of the form; its fields' begin with it."""
        return f"annotation.decision.{self.item.id}"


def open_(title: str, asked: Asked) -> None:
    """Ask in a dialog."""
    st.dialog(title, width="large")(_ask)(asked)


def told(judged: Judgement) -> str:
    """What a judgement says besides verdict, scores and texts: what failed, which problems."""
    failed = {one["value"]: one["label"] for one in review_words.failures()}
    named = {one["value"]: one["label"] for one in review_words.problems()}
    problems = [named.get(one, one) for one in judged.problems]
    return " · ".join(part for part in (failed.get(judged.failure_type, ""), *problems) if part)


@spoken
def _ask(asked: Asked) -> None:
    st.markdown(f"**{safe.label(asked.question)}**")
    _others_corrections(asked)
    with st.form(asked.key, border=False):
        _verdict(asked)
        _failure(asked)
        _problems(asked)
        _scores(asked)
        st.text_input(_("Note"), key=f"{asked.key}.note", max_chars=10_000)
        sent = st.form_submit_button(
            asked.label,
            type="primary",
            key=f"{asked.key}.send",
            on_click=spoken(_send),
            args=(asked,),
        )
    if not sent:
        return
    wrong = st.session_state.pop(f"{asked.key}.wrong", None)
    if wrong is None:
        st.rerun()
    errors.say(wrong)


def _others_corrections(asked: Asked) -> None:
    """A button for each correction: the text below becomes that one."""
    with st.container(horizontal=True):
        for judged, name in asked.judgements:
            if judged.correction:
                said = _("Begin with the correction by {name}").format(name=name or _("(gone)"))
                st.button(
                    safe.label(said),
                    key=f"{asked.key}.take.{judged.id}",
                    icon=":material/edit:",
                    type="tertiary",
                    on_click=st.session_state.__setitem__,
                    args=(f"{asked.key}.text", judged.correction),
                )


def _verdict(asked: Asked) -> None:
    st.radio(
        _("Verdict"),
        list(annotation.VERDICTS),
        index=None,
        format_func=review_words.verdict,
        horizontal=True,
        key=f"{asked.key}.verdict",
    )
    _given(asked, lambda one: review_words.verdict(one.verdict))
    st.session_state.setdefault(f"{asked.key}.text", asked.answer)
    st.text_area(
        _("Corrected answer"),
        help=_("Needed with “approved with correction”, allowed with “rejected”."),
        height=180,
        key=f"{asked.key}.text",
    )


def _failure(asked: Asked) -> None:
    known = {one["value"]: one["label"] for one in review_words.failures()}
    _pills(asked, _("What failed"), known, "failure_type")
    _given(asked, lambda one: known.get(one.failure_type, ""))


def _problems(asked: Asked) -> None:
    known = {one["value"]: one["label"] for one in review_words.problems()}
    _pills(asked, _("Problems"), known, "problems", selection_mode="multi")
    _given(asked, lambda one: ", ".join(known.get(name, name) for name in one.problems))


def _scores(asked: Asked) -> None:
    """The criteria two in a row, the stars of the whole conversation last."""
    criteria = review_words.criteria(asked.rubric)
    for at in range(0, len(criteria), 2):
        for place, one in zip(st.columns(2, gap="medium"), criteria[at : at + 2], strict=False):
            with place:
                _score(asked, one)
    stars = {n: str(n) for n in range(1, 6)}
    _pills(asked, review_words.stars()["title"], stars, "stars")
    _given(asked, lambda one: str(one.stars or ""))


def _score(asked: Asked, one: Mapping[str, Any]) -> None:
    title = safe.label(one["title"]) + (f" ({_('needed')})" if one["required"] else "")
    anchors = [f"**{point['value']}** {safe.label(point['anchor'])}" for point in one["scale"]]
    points = {point["value"]: str(point["value"]) for point in one["scale"]}
    _pills(asked, title, points, f"scores.{one['name']}", help="\n\n".join(anchors))
    _given(asked, lambda judged: str(judged.scores.get(one["name"], "")))


def _pills(asked: Asked, label: str, known: Mapping[Any, str], field: str, **more: Any) -> None:
    st.pills(
        label,
        list(known),
        format_func=lambda value: known.get(value, ""),
        key=f"{asked.key}.{field}",
        **more,
    )


def _given(asked: Asked, value: Callable[[Judgement], str]) -> None:
    """What each reviewer gave, where they gave it."""
    said = [(name or _("(gone)"), value(one)) for one, name in asked.judgements]
    if any(text for _name, text in said):
        st.caption(safe.label(" · ".join(f"{name}: {text}" for name, text in said if text)))


def _send(asked: Asked) -> None:
    try:
        done = asked.store(_judged(asked))
    except CicloError as error:
        st.session_state[f"{asked.key}.wrong"] = error
    else:
        notices.leave(done)


def _judged(asked: Asked) -> Judged:
    at = {name: st.session_state.get(f"{asked.key}.{name}") for name in FIELDS}
    if at["verdict"] is None:
        raise InvalidInput(_("Choose a verdict."), field="verdict")
    names = [one["name"] for one in asked.rubric]
    given = {name: st.session_state.get(f"{asked.key}.scores.{name}") for name in names}
    return Judged(
        at["verdict"],
        scores={name: int(score) for name, score in given.items() if score is not None},
        stars=at["stars"],
        failure_type=at["failure_type"] or "",
        problems=tuple(at["problems"] or ()),
        note=at["note"] or "",
        correction=at["text"] or "",
    )
