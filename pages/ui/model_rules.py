"""Which model answers when: an assistant's rules, to be edited a line each.

A line is a condition and a model. What was typed stays in its fields until it is saved, whatever is
wrong with it and whoever else saves meanwhile; what is wrong stands under it.
"""

from functools import partial
from typing import Any

import streamlit as st

from core import assistants
from core.db.tables import Assistant
from core.errors import CicloError, Conflict, InvalidInput
from core.i18n import LANGUAGES, _, number
from core.registry.routing import CONDITIONS, LONGEST, MOST_CHARACTERS, MOST_RULES
from pages.ui import errors, models, notices
from pages.ui.language import spoken

Rule = dict[str, Any]
NEW: Rule = {"if": {}, "use": None}


class Draft:
    """The lines as they are edited: ``held`` is what was stored when they were filled in."""

    def __init__(self, held: list[Rule], turn: int = 0) -> None:
        self.held, self.turn = held, turn
        self.rows: dict[int, Rule] = dict(enumerate(held))
        self.next = len(held)

    def add(self) -> None:
        """One more line, empty."""
        self.rows[self.next] = NEW
        self.next += 1

    def remove(self, row: int) -> None:
        """One line less."""
        self.rows.pop(row, None)

    def raise_(self, row: int) -> None:
        """The line before the one above it."""
        order = list(self.rows)
        at = order.index(row)
        order[at - 1 : at + 1] = order[at], order[at - 1]
        self.rows = {one: self.rows[one] for one in order}


@st.fragment
@spoken
def show(assistant_id: str) -> None:
    """The rules."""
    with errors.told():
        one = assistants.get(assistant_id)
        st.subheader(_("Which model answers when"), anchor=False)
        st.caption(
            _(
                "Asked in this order: the model that the asker chose, the first rule that holds, the "
                "challenger, the champion. Where one fails, the others follow."
            )
        )
        _rules(one)


def _rules(one: Assistant) -> None:
    draft = _draft(one)
    for n, row in enumerate(draft.rows, 1):
        with st.container(border=True):
            _line(one, draft, n, row)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("Add a rule"),
            key=f"assistants.model_rules.add.{one.id}",
            icon=":material/add:",
            disabled=len(draft.rows) >= MOST_RULES,
            on_click=draft.add,
        )
        wanted = draft.rows or draft.held
        if wanted and st.button(
            _("Save rules"), type="primary", key=f"assistants.model_rules.save.{one.id}"
        ):
            _saved(one.id, draft)


def _line(one: Assistant, draft: Draft, n: int, row: int) -> None:
    """When the rule holds, who answers then, and its place."""
    rule = draft.rows[row]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for field in CONDITIONS:
            _condition(one, field, rule["if"].get(field), _key(one.id, draft, row, field))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _use(rule["use"], _key(one.id, draft, row, "use"))
        if n > 1:
            st.button(
                _("Put before rule {n}").format(n=number(n - 1)),
                key=_key(one.id, draft, row, "raise"),
                icon=":material/arrow_upward:",
                type="tertiary",
                on_click=draft.raise_,
                args=(row,),
            )
        st.button(
            _("Delete rule {n}").format(n=number(n)),
            key=_key(one.id, draft, row, "remove"),
            icon=":material/delete:",
            type="tertiary",
            on_click=draft.remove,
            args=(row,),
        )


def _condition(one: Assistant, field: str, value: Any, key: str) -> None:
    if field == "tier":
        st.text_input(
            _("Tier of the user"),
            value or "",
            max_chars=MOST_CHARACTERS,
            key=key,
            placeholder=_("any"),
            width=150,
        )
    elif field in ("min_length", "max_length"):
        least = field == "min_length"
        label = _("Question from (characters)") if least else _("Question up to (characters)")
        st.number_input(
            label, 0, LONGEST, value, 1, key=key, placeholder=_("any"), width=210, format="%d"
        )
    else:
        titles = dict(LANGUAGES) if field == "language" else _modes(one)
        label = _("Language of the question") if field == "language" else _("Way of answering")
        _choice(label, titles, value or "", key)


def _choice(label: str, titles: dict[str, str], value: str, key: str) -> None:
    known = list(dict.fromkeys(["", *titles, value]))
    st.selectbox(
        label,
        known,
        index=known.index(value),
        format_func=lambda name: titles.get(name, name) or _("any"),
        key=key,
        width=190,
    )


def _use(value: str | int | None, key: str) -> None:
    named = None if value is None else str(value)
    known = list(dict.fromkeys([*([named] if named else []), *models.ready()]))
    st.selectbox(
        _("Then answers"),
        known,
        index=known.index(named) if named else None,
        format_func=_called,
        key=key,
        accept_new_options=True,
        placeholder=_("A model, as in ollama:llama3.2"),
        help=_("Any model as provider:name, or the number of a version."),
        width=320,
    )


def _called(use: str) -> str:
    return _("version {n}").format(n=use) if use.isdecimal() else models.called(use)


def _modes(one: Assistant) -> dict[str, str]:
    return {mode["name"]: mode["title"] for mode in one.modes}


def _saved(assistant_id: str, draft: Draft) -> None:
    """Save, or say under the rules what is wrong with them."""
    try:
        _save(assistant_id, draft)
    except CicloError as error:
        errors.say(error)
    else:
        st.rerun()


def _save(assistant_id: str, draft: Draft) -> None:
    now = assistants.get(assistant_id).routing
    before = now.get("rules") or []
    if before != draft.held:
        draft.held = before
        raise Conflict(
            _("Somebody else has changed the rules meanwhile."),
            hint=_("Save again to put yours in their place, or load the page anew to see theirs."),
        )
    typed = [_typed(assistant_id, draft, row) for row in draft.rows]
    for n, rule in enumerate(typed, 1):
        _demand_both(n, rule)
    one = assistants.update(assistant_id, routing=now | {"rules": typed})
    st.session_state[_place(assistant_id)] = Draft(one.routing.get("rules") or [], draft.turn + 1)
    notices.leave(_("The rules are saved."), undo=partial(_put_back, assistant_id, before))


def _put_back(assistant_id: str, rules: list[Rule]) -> None:
    now = assistants.get(assistant_id).routing
    assistants.update(assistant_id, routing=now | {"rules": rules})
    st.session_state.pop(_place(assistant_id), None)


def _demand_both(n: int, rule: Rule) -> None:
    """A condition and a model, told as the fields are called."""
    if not rule["if"]:
        raise InvalidInput(
            _("Rule {n} has no condition.").format(n=number(n)),
            hint=_("Say when it holds: whoever answers in any case is chosen above."),
        )
    if not rule["use"]:
        raise InvalidInput(
            _("Rule {n} names no model.").format(n=number(n)),
            hint=_("Choose who answers where it holds, or delete it."),
        )


def _typed(assistant_id: str, draft: Draft, row: int) -> Rule:
    """A line as it stands in its fields."""
    at = {name: st.session_state.get(_key(assistant_id, draft, row, name)) for name in CONDITIONS}
    use = str(st.session_state.get(_key(assistant_id, draft, row, "use")) or "").strip()
    known = {name: value for name, value in at.items() if value not in (None, "")}
    return {"if": known, "use": int(use) if use.isdecimal() else use}


def _draft(one: Assistant) -> Draft:
    """The lines of this session; a page that was loaded anew begins with what is stored."""
    stored = one.routing.get("rules") or []
    draft: Draft | None = st.session_state.get(_place(one.id))
    if draft is None or (draft.held != stored and _untouched(one.id, draft)):
        draft = Draft(stored, draft.turn + 1 if draft else 0)
        st.session_state[_place(one.id)] = draft
    return draft


def _untouched(assistant_id: str, draft: Draft) -> bool:
    """Whether nothing was typed that would be lost."""
    rows = [row for row in draft.rows if _key(assistant_id, draft, row, "use") in st.session_state]
    typed = all(_typed(assistant_id, draft, row) == draft.rows[row] for row in rows)
    return typed and list(draft.rows.values()) == draft.held


def _place(assistant_id: str) -> str:
    return f"assistants.model_rules.{assistant_id}"


def _key(assistant_id: str, draft: Draft, row: int, field: str) -> str:
    return f"assistants.rule.{field}.{row}.{draft.turn}.{assistant_id}"
