"""What people set for the metrics: targets, the currency and its rate, the silence that ends a talk."""

from typing import Any

import streamlit as st

from core import assistants, metrics
from core.errors import InvalidInput
from core.i18n import _
from core.metrics import exporting, saying
from core.metrics.measures import SECONDS, SHARE
from core.metrics.targets import CURRENCIES
from pages.ui import notices, ratings_filters

KEY = "metrics.set"


def show() -> None:
    """A button; what is behind it is read when somebody opens it."""
    with st.popover(
        _("Targets and currency"),
        icon=":material/tune:",
        key=f"{KEY}.box",
        type="tertiary",
        on_change="rerun",
    ) as box:
        if box.open:
            _form()


def _form() -> None:
    held = metrics.settings()
    with st.form(f"{KEY}.form", border=False):
        _heading(_("Targets"))
        names = [name for name in held.targets if name in metrics.MEASURES]
        for name in names:
            _target(name, held.targets[name])
        _heading(_("Money"))
        options = list(CURRENCIES)
        st.selectbox(_("Currency"), options, options.index(held.currency), key=f"{KEY}.currency")
        st.text_input(
            _("How much of it a US dollar is"),
            exporting.plain(held.rate),
            max_chars=20,
            key=f"{KEY}.rate",
            help=_("Costs are kept in dollars. With 0 they are shown in dollars."),
        )
        _heading(_("Conversations"))
        st.number_input(
            _("Minutes of silence after which one is over"),
            1.0,
            10_080.0,
            float(held.silence_minutes),
            step=5.0,
            key=f"{KEY}.silence",
        )
        versions = {"": _("none")} | ratings_filters.versions(
            None, {one.id: one.name for one in assistants.all()}
        )
        st.selectbox(
            _("Version that others are held against"),
            list(versions),
            list(versions).index(held.baseline) if held.baseline in versions else 0,
            format_func=lambda one: versions[one],
            key=f"{KEY}.baseline",
        )
        st.form_submit_button(
            _("Save"), type="primary", on_click=notices.acting(lambda: _save(names))
        )


def _heading(text: str) -> None:
    st.markdown(f"**{text}**")


def _target(name: str, target: float) -> None:
    unit = metrics.measure(name).unit
    scale = 100 if unit == SHARE else 1
    label = {SHARE: "{title} (%)", SECONDS: _("{title} (seconds)")}.get(unit, "{title}")
    st.number_input(
        label.format(title=saying.title(name)),
        0.0,
        100.0 if unit == SHARE else None,
        float(target * scale),
        step=1.0,
        key=f"{KEY}.target.{name}",
    )


def _save(names: list[str]) -> None:
    state: Any = st.session_state
    metrics.set_settings(
        targets={name: _told(name, state[f"{KEY}.target.{name}"]) for name in names},
        currency=state[f"{KEY}.currency"],
        rate=_typed(state[f"{KEY}.rate"]),
        silence_minutes=state[f"{KEY}.silence"],
        baseline=state[f"{KEY}.baseline"],
    )
    notices.leave(_("Saved."))


def _told(name: str, value: float | None) -> float | None:
    if value is None:
        return None
    return value / 100 if metrics.measure(name).unit == SHARE else value


def _typed(text: str) -> float:
    """A number as people write it: 5,40 and 5.40 are the same."""
    try:
        return float(text.strip().replace(",", ".") or 0)
    except ValueError:
        raise InvalidInput(
            _("“{value}” is no rate.").format(value=text),
            field="rate",
            hint=_("Write it with one comma or point, such as 5,40."),
        ) from None
