"""What one does with documents, one or many: delete them, date them, hide what they hold.

In: ids. Every verb changes all of them or none, and leaves an outcome with the way back. What needs
an answer first opens a dialog, kept in the session until it is answered or dismissed.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from core import clock, retrieval
from core.db.tables import Document
from core.i18n import _, ngettext, number
from pages.ui import outcomes
from pages.ui.outcomes import Line

ASKED = "documents.asked"


class Asked(NamedTuple):
    """A dialog that is open: which, and about which documents."""

    name: str
    ids: tuple[str, ...]


def ask(name: str, ids: Sequence[str]) -> None:
    """Open the dialog of that name about these documents."""
    st.session_state[ASKED] = Asked(name, tuple(ids))


def asked() -> Asked | None:
    """The dialog that is open."""
    return st.session_state.get(ASKED)


def answered() -> None:
    """The dialog is done with."""
    st.session_state.pop(ASKED, None)


def remove(ids: Sequence[str]) -> None:
    """Delete them, with one undo for all that are deleted by this."""
    began = clock.now()
    made = retrieval.each(retrieval.remove_many, ids)
    ours = [one for one in made.done if one.removed_at and one.removed_at >= began]
    if not ours and not made.failed:
        outcomes.leave(_("This had been deleted already."))
        return
    many = ngettext("{n} document was deleted.", "{n} documents were deleted.", len(ours))
    said = _said(ours, _("“{name}” was deleted."), many)
    outcomes.leave(said, _failed(made), undo=partial(restore, [one.id for one in ours]))


def restore(ids: Sequence[str]) -> None:
    """Bring deleted documents back."""
    made = retrieval.each(retrieval.restore_many, ids)
    many = ngettext("{n} document is back.", "{n} documents are back.", len(made.done))
    outcomes.leave(_said(made.done, _("“{name}” is back."), many), _failed(made))


def reread(ids: Sequence[str]) -> None:
    """Have them read again; what serves goes on serving."""
    made = retrieval.each(retrieval.reread_many, ids)
    many = ngettext("{n} document is read again.", "{n} documents are read again.", len(made.done))
    outcomes.leave(_said(made.done, _("“{name}” is read again."), many), _failed(made))


def set_validity(ids: Sequence[str], first: date | None, last: date | None) -> None:
    """From when to when they hold; undo gives each the dates it had."""
    before = retrieval.documents_of(ids)
    retrieval.set_validity(ids, first, last)
    many = ngettext(
        "The dates of {n} document were saved.", "The dates of {n} documents were saved.", len(ids)
    )
    said = _said(before, _("The dates of “{name}” were saved."), many)
    back = _grouped(before, lambda one: (one.valid_from, one.valid_to))
    outcomes.leave(said, undo=partial(_each, back, _dates))


def set_masks(ids: Sequence[str], kinds: Collection[str]) -> None:
    """Hide these kinds of personal data; undo gives each the choice it had."""
    before = retrieval.documents_of(ids)
    changed = [one for one in before if set(one.masks) != set(kinds)]
    retrieval.set_masks(ids, kinds)
    if not changed:
        outcomes.leave(_("Nothing changed: this was hidden already, and nothing else."))
        return
    many = ngettext(
        "{n} document is read again, so that it hides what you chose.",
        "{n} documents are read again, so that they hide what you chose.",
        len(changed),
    )
    said = _said(changed, _("“{name}” is read again, so that it hides what you chose."), many)
    back = _grouped(changed, lambda one: tuple(one.masks))
    outcomes.leave(said, undo=partial(_each, back, retrieval.set_masks))


def _failed(made: retrieval.Bulk) -> list[Line]:
    return [
        Line("", f"{error.message} {error.hint}".strip(), bad=True)
        for error in made.failed.values()
    ]


def _dates(ids: Sequence[str], dates: tuple[date | None, date | None]) -> None:
    retrieval.set_validity(ids, *dates)


def _said(found: Sequence[Document], one: str, many: str) -> str:
    if len(found) == 1:
        return one.format(name=found[0].name)
    return many.format(n=number(len(found)))


def _grouped(
    found: Sequence[Document], of: Callable[[Document], Hashable]
) -> dict[Hashable, list[str]]:
    groups = defaultdict(list)
    for one in found:
        groups[of(one)].append(one.id)
    return dict(groups)


def _each(groups: dict[Hashable, list[str]], act: Callable[[Sequence[str], Any], object]) -> None:
    for had, ids in groups.items():
        act(ids, had)
