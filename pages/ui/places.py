"""The pages there are: their files, names and signs, and how one leads to another."""

from dataclasses import dataclass
from typing import Any, NoReturn

import streamlit as st

from core import access
from core.db.tables import Person
from core.i18n import N_, _


@dataclass(frozen=True)
class Place:
    """A page: its file (from the project's root), its name, its sign, what one does there.

    ``deed`` (of ``access.MAY``) is what somebody must be allowed to do, else it is not shown;
    ``aside`` is one that the list of pages leaves out: something else leads to it.
    """

    file: str
    title: str
    icon: str
    job: str
    wide: bool = False
    deed: str = ""
    aside: bool = False


PLACES = {
    "overview": Place(
        "pages/loop/overview.py",
        N_("Overview"),
        ":material/cycle:",
        N_("The loop at a glance: what waits where."),
        wide=True,
    ),
    "chat": Place(
        "pages/loop/chat.py",
        N_("Ask"),
        ":material/forum:",
        N_("Ask your documents; every answer shows its sources."),
        deed="ask",
    ),
    "feedback": Place(
        "pages/loop/feedback.py",
        N_("Feedback"),
        ":material/thumbs_up_down:",
        N_("What people say of the answers, by day and by what it has in common."),
        wide=True,
        deed="read",
    ),
    "annotation": Place(
        "pages/loop/annotation.py",
        N_("Review"),
        ":material/rate_review:",
        N_("Judge answers one by one, correct them, say what was missing."),
        wide=True,
        deed="review",
    ),
    "metrics": Place(
        "pages/loop/metrics.py",
        N_("Metrics"),
        ":material/monitoring:",
        N_("How good, how fast, how dear: every figure with what stands behind it."),
        wide=True,
        deed="metrics",
    ),
    "comparison": Place(
        "pages/loop/comparison.py",
        N_("Comparison"),
        ":material/balance:",
        N_("Two versions side by side, and whether the difference is real."),
        wide=True,
        deed="metrics",
    ),
    "documents": Place(
        "pages/manage/documents.py",
        N_("Documents"),
        ":material/description:",
        N_("What the assistants know: add, read and remove documents."),
        wide=True,
        deed="ask",
    ),
    "assistants": Place(
        "pages/manage/assistants.py",
        N_("Assistants"),
        ":material/smart_toy:",
        N_("Who answers, in what tone, by which rules and with which model."),
        deed="change",
    ),
    "models": Place(
        "pages/manage/models.py",
        N_("Models"),
        ":material/memory:",
        N_("Which models there are, how they do, and whether they work."),
        wide=True,
        deed="change",
    ),
    "traces": Place(
        "pages/manage/traces.py",
        N_("Traces"),
        ":material/account_tree:",
        N_("How each answer came about, step by step."),
        wide=True,
        deed="read",
    ),
    "people": Place(
        "pages/manage/people.py",
        N_("People"),
        ":material/group:",
        N_("Who works here, and who may do what."),
        deed="people",
    ),
    "audit": Place(
        "pages/manage/audit.py",
        N_("Audit log"),
        ":material/history:",
        N_("Who changed what, when and from where."),
        wide=True,
        deed="operate",
    ),
    "settings": Place(
        "pages/manage/settings.py",
        N_("Settings"),
        ":material/settings:",
        N_("What an operator looks after: keys, backups, storage, privacy."),
        deed="operate",
    ),
    "account": Place(
        "pages/manage/account.py",
        N_("Your account"),
        ":material/account_circle:",
        N_("What is yours: your name, your access, your data."),
        aside=True,
    ),
}
LANDING = {  # where each role's work is: the first page there is, of the first role somebody has
    "admin": ("overview",),
    "analyst": ("overview",),
    "reviewer": ("annotation", "overview"),
    "viewer": ("metrics", "feedback", "overview"),
}


def open_to_me(name: str) -> bool:
    """Whether there is such a page and who acts may use it."""
    return name in PLACES and (not PLACES[name].deed or access.may(PLACES[name].deed))


def landing(person: Person) -> str:
    """Where a person's work is: the page that they come to first."""
    pages = next((LANDING[role] for role in LANDING if role in person.roles), ())
    return next((name for name in pages if open_to_me(name)), "overview")


def page(name: str) -> Any:
    """The page for ``st.navigation``, named in the present language; hidden from who may not."""
    place = PLACES[name]
    return st.Page(
        place.file,
        title=_(place.title),
        icon=place.icon,
        help=_(place.job),
        url_path=name if name != "overview" else None,
        default=name == "overview",
        visibility="visible" if open_to_me(name) and not place.aside else "hidden",
    )


def go(name: str, **query: str) -> NoReturn:
    """Leave for another page."""
    st.switch_page(PLACES[name].file, query_params=query)


def link(name: str, label: str, *, icon: str = "", **query: str) -> None:
    """A link to a page."""
    st.page_link(PLACES[name].file, label=label, icon=icon or None, query_params=query)


def here(label: str, *, key: str, icon: str = "", **query: str) -> None:
    """A quiet button that stays on the page and changes its address (a page link would look pressed)."""
    st.button(label, key=key, icon=icon or None, type="tertiary", on_click=_turn_to, args=(query,))


def _turn_to(query: dict[str, str]) -> None:
    st.query_params.from_dict(query)
