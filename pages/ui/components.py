"""Our own elements: ``turn`` (question and answer), ``loop``, ``reading`` (a text), lists.

Each is a plain script and a style sheet in ``assets/``. The script is served as a file from our own
address (handed over inline it would need ``blob:`` in the content security policy). Each shows the
HTML that ``safe`` or we have built, and reports what was pressed as triggers. What is shown twice under
one key is the same element: it is patched, never rebuilt, so nothing jumps.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

ASSETS = Path(__file__).parent / "assets"
NAMES = (
    "turn",
    "loop",
    "reading",
    "talks",
    "shelf",
    "said",
    "found",
    "tabs",
    "language",
    "ledger",
    "waterfall",
    "review",
    "remember",
    "figures",
    "ballot",
    "sides",
    "sign_out",
)


def turn(*, key: str, data: dict[str, Any], on: dict[str, Callable[[], None]]) -> Any:
    """A question with its answer; triggers: cite, rate, flag, again, sibling, edit, stop,
    source, how."""
    return _mount("turn", key, data, on)


def loop(*, key: str, data: dict[str, Any], on: dict[str, Callable[[], None]]) -> Any:
    """The nine stages in a ring (a list where it is narrow); trigger: open."""
    return _mount("loop", key, data, on)


def reading(*, key: str, data: dict[str, Any]) -> Any:
    """A text to read, scrolled to its first marked words."""
    return _mount("reading", key, data, {})


def talks(*, key: str, data: dict[str, Any], on: dict[str, Callable[[], None]]) -> Any:
    """Conversations to choose from, the present one marked; trigger: open."""
    return _mount("talks", key, data, on)


def shelf(*, key: str, data: dict[str, Any], on: dict[str, Callable[[], None]]) -> Any:
    """Documents in a table; triggers: open, view, remove, reread, validity, masks."""
    return _mount("shelf", key, data, on)


def said(*, key: str, data: dict[str, Any], on: dict[str, Callable[[], None]]) -> Any:
    """What the last action came to, in a card that moves nothing; triggers: undo, close."""
    return _mount("said", key, data, on)


def found(*, key: str, data: dict[str, Any], on: dict[str, Callable[[], None]]) -> Any:
    """Passages that a search found, with their scores taken apart; trigger: open."""
    return _mount("found", key, data, on)


def tabs(*, key: str, data: dict[str, Any], on: dict[str, Callable[[], None]]) -> Any:
    """The parts of a page to choose from; trigger: choose."""
    return _mount("tabs", key, data, on)


def ledger(*, key: str, data: dict[str, Any], on: dict[str, Callable[[], None]]) -> Any:
    """Rows of facts in a table, with links; trigger: open."""
    return _mount("ledger", key, data, on)


def review(*, key: str, data: dict[str, Any], on: dict[str, Callable[[], None]]) -> Any:
    """The review desk; triggers: submit, draft, beat, skip, undo, find, alike, look, resume,
    dismiss, refill, reconsider."""
    return _mount("review", key, data, on)


def figures(*, key: str, data: dict[str, Any], on: dict[str, Callable[[], None]]) -> Any:
    """Figures side by side, each with its line over time; trigger: open."""
    return _mount("figures", key, data, on)


def sides(*, key: str, data: dict[str, Any], on: dict[str, Callable[[], None]]) -> Any:
    """Two answers side by side; triggers: cite, source, how."""
    return _mount("sides", key, data, on)


def ballot(*, key: str, data: dict[str, Any], on: dict[str, Callable[[], None]]) -> Any:
    """Two answers without names, to be voted on; triggers: vote, pass, undo, why, and ways on."""
    return _mount("ballot", key, data, on)


def waterfall(*, key: str, data: dict[str, Any]) -> Any:
    """Steps as bars on an axis of time."""
    return _mount("waterfall", key, data, {})


def language(*, key: str, data: dict[str, Any], on: dict[str, Callable[[], None]]) -> Any:
    """The languages to choose from; trigger: choose."""
    return _mount("language", key, data, on)


def remember(*, key: str, data: dict[str, Any]) -> Any:
    """Nothing to see: the browser keeps ``value`` in a cookie called ``name`` and its port."""
    return _mount("remember", key, data, {})


def sign_out(*, key: str, data: dict[str, Any]) -> Any:
    """A button that signs out by a form of its own."""
    return _mount("sign_out", key, data, {})


def pressed(key: str, trigger: str) -> Any:
    """What came with the trigger that runs the present callback."""
    return st.session_state[key][trigger]


def _mount(name: str, key: str, data: dict[str, Any], on: dict[str, Callable[[], None]]) -> Any:
    _known_here()
    callbacks = {f"on_{trigger}_change": act for trigger, act in on.items()}
    return _element(name)(key=key, data=data, width="stretch", height="content", **callbacks)


@cache
def _element(name: str) -> Any:
    style = (ASSETS / f"{name}.css").read_text()  # inline: there before the element, so no jump
    return st.components.v2.component(f"ciclo.{name}", css=style, js=f"{name}.js")


def _known_here() -> None:
    """Tell the present runtime (a test has one of its own) where our files are."""
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root("ciclo.turn") is None:
        parts = [ComponentConfig(name=name, asset_dir=ASSETS.name) for name in NAMES]
        manager.register_from_manifest(
            ComponentManifest(name="ciclo", version="1", components=parts), ASSETS.parent
        )
