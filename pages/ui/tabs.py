"""The parts of a page, side by side: links that change the address and stay on the page."""

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from pages.ui import components, outcomes


def show(
    key: str,
    label: str,
    here: str,
    titles: Mapping[str, str],
    queries: Mapping[str, dict[str, str]],
) -> None:
    """``titles`` and ``queries`` (what the address then says) by part; ``here`` is the present one."""
    tabs = [
        {"key": part, "title": title, "path": f"?{urlencode(queries[part])}"}
        for part, title in titles.items()
    ]

    def choose() -> None:
        part = components.pressed(key, "choose")
        if part in queries:
            st.query_params.from_dict(queries[part])

    data = {"label": label, "here": here, "tabs": tabs}
    components.tabs(key=key, data=data, on={"choose": outcomes.acting(choose)})
