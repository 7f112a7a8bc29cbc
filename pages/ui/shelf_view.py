"""What the table of documents shows: whose, looked for how, which part, in what order, which page.

It lives in the address (``?search=&only=&sort=&page=``), so that a reload, a bookmark and the way
back from a document lead to the same rows; what an address says that cannot be is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core import retrieval

PAGE = 50  # rows sent at a time: what a person looks through before narrowing down
SORTS = {  # what the columns of the table are called where they are sorted
    name: {"validity": "ends"}.get(name, name)
    for name in (
        *("added", "name", "state", "version", "pages", "chunks", "validity"),
        *("used", "cited", "wrong", "size"),
    )
}
UPWARDS = ("name", "state", "validity")  # a first press sorts the smallest to the top
PARTS = ("all", "never_used", "failed", "waiting", "expired", "upcoming", "personal", "wrong")
LONGEST = 300
MOST = 100_000  # documents that one bulk action takes


@dataclass(frozen=True)
class View:
    """``only`` is one of PARTS, ``sort`` one of SORTS, ``page`` counts from 1."""

    search: str = ""
    only: str = "all"
    sort: str = "added"
    descending: bool = True
    page: int = 1

    @property
    def offset(self) -> int:
        """How many rows come before the page."""
        return (self.page - 1) * PAGE


def shown() -> View:
    """The view that the address names."""
    asked = st.query_params
    sort = asked.get("sort", "")
    return read(
        {
            "search": asked.get("search", ""),
            "only": asked.get("only", ""),
            "sort": sort.removeprefix("-"),
            "descending": sort.startswith("-") if sort else True,
            "page": asked.get("page", ""),
        }
    )


def read(said: Mapping[str, Any]) -> View:
    """A view from words that anybody may have written."""
    page, sort = str(said.get("page", "")), str(said.get("sort", ""))
    only = str(said.get("only", ""))
    return View(
        search=str(said.get("search", ""))[:LONGEST].strip(),
        only=only if only in PARTS else "all",
        sort=sort if sort in SORTS else "added",
        descending=bool(said.get("descending")) if sort in SORTS else True,
        page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 8 else 1,
    )


def show(view: View) -> None:
    """Put the view into the address; what is as usual needs no word there."""
    sort = f"{'-' if view.descending else ''}{view.sort}"
    said = {
        "search": view.search,
        "only": "" if view.only == "all" else view.only,
        "sort": "" if sort == "-added" else sort,
        "page": "" if view.page == 1 else str(view.page),
    }
    kept = {"assistant": st.query_params.get("assistant", "")} | said
    st.query_params.from_dict({name: value for name, value in kept.items() if value})


def found(assistant_id: str, view: View) -> retrieval.Listing:
    """The rows of the view's page, and what every part would leave."""
    return _listed(assistant_id, view, PAGE, view.offset)


def ids(assistant_id: str, view: View) -> list[str]:
    """All that the view finds, on every page."""
    rows = _listed(assistant_id, view, MOST, 0).rows
    return [row.document.id for row in rows]


def _listed(assistant_id: str, view: View, limit: int, offset: int) -> retrieval.Listing:
    return retrieval.listed(
        assistant_id,
        search=view.search,
        only=None if view.only == "all" else view.only,  # type: ignore[arg-type]
        sort=SORTS[view.sort],  # type: ignore[arg-type]
        descending=view.descending,
        limit=limit,
        offset=offset,
    )
