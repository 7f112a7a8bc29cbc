"""How two versions are asked: what they may search, in which order, and each side's mode and parameters.

Folded away: left alone, everything is as the versions have it.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core import comparison
from core.comparison import Side
from core.db.tables import Assistant
from core.i18n import N_, _

SAME, OWN, TURNS, TOGETHER = "same", "own", "turns", "together"
PASSAGES = {"": N_("As fits"), SAME: N_("The same for both"), OWN: N_("Each its own search")}
ORDER = {"": N_("As fits"), TOGETHER: N_("At the same time"), TURNS: N_("One after the other")}
TOKENS = (50, 2000)


def show(assistant: Assistant, blind: bool = True) -> None:
    """The folded part; ``blind``: whether names may be hidden."""
    with st.expander(_("How they are asked"), icon=":material/tune:"):
        with st.container(horizontal=True, gap="medium"):
            _row(
                assistant,
                "passages",
                _("Passages"),
                PASSAGES,
                _(
                    "As fits: the same for both where they search alike, else each its own; what "
                    "a version finds can be what makes it better."
                ),
            )
            _row(
                assistant,
                "order",
                _("Order"),
                ORDER,
                _(
                    "As fits: together; one after the other where two models would have to take "
                    "turns in one Ollama."
                ),
            )
        if blind:
            st.toggle(
                _("Hide the names until I vote"),
                key=_key(assistant, "hidden"),
                persist_state="session",
                help=_("The sides are shuffled, and what would tell them apart is hidden."),
            )
        for column, side in zip(st.columns(2), comparison.SIDES, strict=True):
            with column:
                st.markdown(f"**{_('Version {letter}').format(letter=side.upper())}**")
                _side(assistant, side)


def chosen(assistant: Assistant) -> dict[str, Any]:
    """As ``comparison.ask_both`` takes it."""
    said = {name: str(_held(assistant, name) or "") for name in ("passages", "order")}
    return {
        "same_passages": {SAME: True, OWN: False}.get(said["passages"]),
        "in_turn": {TURNS: True, TOGETHER: False}.get(said["order"]),
        "hidden": bool(_held(assistant, "hidden")),
        "settings": {side: _set(assistant, side) for side in comparison.SIDES},
    }


def put(assistant: Assistant, settings: Mapping[str, Any]) -> None:
    """What an earlier comparison was asked with."""
    state = st.session_state
    for name, on, off in (("passages", SAME, OWN), ("order", TURNS, TOGETHER)):
        asked = settings.get({"passages": "same_passages", "order": "in_turn"}[name])
        state[_key(assistant, name)] = "" if asked is None else on if asked else off
    state[_key(assistant, "hidden")] = bool(settings.get("hidden"))
    for side in comparison.SIDES:
        way = settings.get(side) or {}
        for name in comparison.asking.WAYS:
            state[_key(assistant, f"{name}.{side}")] = way.get(name)


def _side(assistant: Assistant, side: Side) -> None:
    if assistant.modes:
        _mode(assistant, side)
    with st.container(horizontal=True, gap="small"):
        st.number_input(
            _("Temperature"), 0.0, 2.0, value=None, step=0.1, placeholder=_("as the version has it"),
            key=_key(assistant, f"temperature.{side}"),
            persist_state="session",
        )  # fmt: skip
        st.number_input(
            _("Most tokens"), *TOKENS, value=None, step=50, placeholder=_("as the version has it"),
            key=_key(assistant, f"max_tokens.{side}"),
            persist_state="session",
        )  # fmt: skip


def _mode(assistant: Assistant, side: Side) -> None:
    modes = {one["name"]: one for one in assistant.modes}
    _named(assistant, f"mode.{side}", _("Way of answering"), modes)
    levels = modes.get(_held(assistant, f"mode.{side}") or "", {}).get("levels") or []
    if levels:
        _named(assistant, f"level.{side}", _("Level"), {one["name"]: one for one in levels})


def _named(assistant: Assistant, name: str, label: str, among: Mapping[str, Any]) -> None:
    key = _key(assistant, name)
    if st.session_state.get(key) not in (None, *among):
        st.session_state[key] = None
    st.selectbox(
        label,
        list(among),
        index=None,
        format_func=lambda one: among[one]["title"],
        placeholder=_("as the version has it"),
        key=key,
        persist_state="session",
    )


def _row(assistant: Assistant, name: str, label: str, titles: Mapping[str, str], help: str) -> None:
    key = _key(assistant, name)
    st.session_state.setdefault(key, "")
    st.radio(
        label,
        list(titles),
        format_func=lambda one: _(titles[one]),
        horizontal=True,
        key=key,
        help=help,
        persist_state="session",
    )


def _set(assistant: Assistant, side: Side) -> dict[str, Any]:
    """What is set for a side: a level only within its mode."""
    way = {name: _held(assistant, f"{name}.{side}") for name in comparison.asking.WAYS}
    way["level"] = way["level"] if way["mode"] else None
    return {name: value for name, value in way.items() if value not in (None, "")}


def _held(assistant: Assistant, name: str) -> Any:
    return st.session_state.get(_key(assistant, name))


def _key(assistant: Assistant, name: str) -> str:
    return f"compare.way.{name}.{assistant.id}"
