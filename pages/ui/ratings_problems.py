"""Under an answer: report a problem with it, see what came of it, change it or take it back.

What was typed stays in its place until it is stored; why it could not be is said right there.
"""

import streamlit as st

from core import chat, feedback
from core.db.tables import Flag
from core.errors import CicloError
from core.feedback.kinds import MAX_COMMENT
from core.i18n import N_, _
from pages.ui import errors, person
from pages.ui.language import spoken

OPEN = "chat.reporting"
CAME = {
    "open": N_("nobody has looked at it yet"),
    "approved": N_("a reviewer found the answer right"),
    "corrected": N_("a reviewer corrected the answer"),
    "rejected": N_("a reviewer found the answer wrong"),
    "fixed": N_("corrected in version {n}"),
}


def turn(answer_id: str) -> None:
    """Open the report, or close it where it is open."""
    here = st.session_state.get(OPEN) == answer_id
    st.session_state[OPEN] = "" if here else answer_id


def mine(answer_id: str) -> list[Flag]:
    """What whoever sits here has reported."""
    return feedback.flags(answer_id, person_id=person.present().id)


def panel(answer: chat.Answer) -> None:
    """What was reported and what came of it; open, the report itself."""
    id_ = answer.message.id
    reported = mine(id_)
    if st.session_state.get(OPEN) == id_:
        _report(id_, {one.problem: one.text for one in reported})
    elif reported:
        _told(id_, reported)


def _told(answer_id: str, reported: list[Flag]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        said = [f"{feedback.title(one.problem)} ({_came(one)})" for one in reported]
        st.caption(_("You reported: {problems}.").format(problems=", ".join(said)), width="content")
        st.button(
            _("Change"),
            key=f"chat.report.{answer_id}",
            type="tertiary",
            on_click=turn,
            args=(answer_id,),
        )


def _came(reported: Flag) -> str:
    came = feedback.what_came_of(reported)
    return _(CAME[came.state]).format(n=came.version)


def _report(answer_id: str, known: dict[str, str]) -> None:
    with st.form(f"chat.report.form.{answer_id}"):
        st.markdown(_("What is the problem with this answer?"))
        if failed := st.session_state.get(f"chat.report.failed.{answer_id}"):
            st.error(failed, icon=":material/error:")
        with st.container(horizontal=True, gap="medium"):
            for problem in feedback.PROBLEMS:
                title = feedback.title(problem)
                st.checkbox(title, problem in known, key=_key(problem, answer_id))
        st.text_area(
            _("In your words (needed for “Something else”)"),
            next((text for text in known.values() if text), ""),
            height=80,
            max_chars=MAX_COMMENT,
            key=f"chat.report.words.{answer_id}",
        )
        with st.container(horizontal=True):
            _button(_("Send"), "send", answer_id, "primary")
            _button(_("Cancel"), "cancel", answer_id)
            if known:
                _button(_("Take it back"), "back", answer_id)


def _button(label: str, deed: str, answer_id: str, type_: str = "tertiary") -> None:
    st.form_submit_button(
        label,
        type=type_,  # type: ignore[arg-type]
        key=f"chat.report.{deed}.{answer_id}",
        on_click=_end,
        args=(deed, answer_id),
    )


@spoken
def _end(deed: str, answer_id: str) -> None:
    """Store, take back or leave it; where that fails the report stays open with its reason."""
    failed = f"chat.report.failed.{answer_id}"
    st.session_state.pop(failed, None)
    chosen = _chosen(answer_id) if deed == "send" else {}
    if deed == "send" and not chosen:
        st.session_state[failed] = _("Tick what the problem is, or say it in your words.")
        return
    try:
        if deed != "cancel":
            feedback.change_flags(answer_id, chosen, person_id=person.present().id)
    except CicloError as error:
        st.session_state[failed] = errors.sentence(error)
        return
    st.session_state[OPEN] = ""


def _chosen(answer_id: str) -> dict[str, str]:
    """The problems that are ticked; the words belong to "other" where it is, else to each."""
    words = st.session_state[f"chat.report.words.{answer_id}"]
    ticked = [one for one in feedback.PROBLEMS if st.session_state.get(_key(one, answer_id))]
    if not ticked and words.strip():
        ticked = ["other"]  # who writes and ticks nothing has said something else
    of = ["other"] if "other" in ticked else ticked
    return {problem: words if problem in of else "" for problem in ticked}


def _key(problem: str, answer_id: str) -> str:
    return f"chat.problem.{problem}.{answer_id}"
