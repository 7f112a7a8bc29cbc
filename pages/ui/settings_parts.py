"""The parts of the settings, one at a time; the address says which (``?view=``)."""

import streamlit as st

from core.i18n import N_, _
from pages.ui import settings_backups, settings_keys, settings_privacy, settings_storage, tabs

PARTS = {
    "": (N_("Backups"), settings_backups.show),
    "storage": (N_("Storage"), settings_storage.show),
    "keys": (N_("Provider keys"), settings_keys.show),
    "privacy": (N_("Privacy"), settings_privacy.show),
}


def choose() -> str:
    """The part that is open, and the way to the others."""
    here = st.query_params.get("view", "")
    here = here if here in PARTS else ""
    titles = {part: _(title) for part, (title, _show) in PARTS.items()}
    queries = {part: {"view": part} if part else {} for part in PARTS}
    tabs.show("settings.view", _("View"), here, titles, queries)
    return here


def show(part: str) -> None:
    """The part that is open, and only that one."""
    _title, shown = PARTS[part]
    shown()
