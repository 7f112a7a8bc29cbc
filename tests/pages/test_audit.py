"""The audit log's page: who did what, narrowed by the address; a line opens what changed."""

from collections.abc import Iterator
from typing import Any

import pytest

from core import access, assistants, audit
from core.access import NOWHERE, Origin
from core.db.tables import Assistant
from tests.pages.conftest import Opens, elements, said

PAGE = "pages/manage/audit.py"
HOSTILE = "<img src=x onerror=alert(1)> [clique](http://mal.example) **já**"


@pytest.fixture
def changed(shop: Assistant) -> Iterator[str]:
    """The shop, whose name and persona Maria has changed over the API; its id."""
    access.act(access.person("Maria"), Origin(door="api", address="10.0.0.7"))
    assistants.update(shop.id, name="Loja 2", persona=f"Seja breve.\n{HOSTILE}")
    access.act(None, NOWHERE)
    yield shop.id
    access.act(None, NOWHERE)


def rows(opens: Opens, **query: str) -> list[list[dict[str, Any]]]:
    """The cells of the list's rows."""
    lists = [one for one in elements(opens(PAGE, **query)) if "rows" in one]
    return [row["cells"] for row in lists[0]["rows"]] if lists else []


def number(**wanted: Any) -> str:
    return str(audit.events(audit.Wanted(**wanted))[0].number)


def test_a_change_is_listed_with_who_and_where_from(opens: Opens, changed: str) -> None:
    (line,) = rows(opens, kind="assistant", action="change")
    assert (line[1]["text"], line[1]["note"]) == ("Maria", "pela API · 10.0.0.7")
    assert (line[2]["text"], line[3]["text"]) == ("mudou", "Loja 2")
    assert line[3]["note"] == "nome: Loja → Loja 2 · persona"


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ({"who": "-", "kind": "document"}, ["documento · Loja 2"]),
        ({"kind": "document", "days": "1"}, ["documento · Loja 2"]),
        ({"kind": "document", "from": "2030-01-01"}, []),
        ({"kind": "document", "to": "2020-01-01"}, []),
        (
            {"kind": "document", "from": "nope", "before": "x", "to": "9999-12-31"},
            ["documento · Loja 2"],
        ),
        ({"kind": HOSTILE}, []),
    ],
)
def test_the_address_narrows_the_list_and_what_cannot_be_is_left_out(
    opens: Opens, changed: str, query: dict[str, str], kinds: list[str]
) -> None:
    assert [line[3]["flags"][0] for line in rows(opens, **query)] == kinds


def test_a_line_shows_what_was_and_what_is(opens: Opens, changed: str) -> None:
    app = opens(PAGE, line=number(kind="assistant", action="change"))
    assert "Maria mudou: Loja 2" in said(app)
    shown = elements(app)
    (table,) = [one for one in shown if one.get("rows") and not one.get("bare")]
    cells = [cell["text"] for cell in table["rows"][0]["cells"]]
    assert cells == ["nome", "Loja", "Loja 2"]
    (text,) = [one["html"] for one in shown if "html" in one]
    assert "Seja breve." in text
    assert "&lt;img src=x" in text
    assert "<img" not in text


def test_what_was_made_shows_what_it_held(opens: Opens, changed: str) -> None:
    app = opens(PAGE, line=number(kind="document"), language="en")
    assert "What it held" in said(app)
    (table,) = [one for one in elements(app) if one.get("rows") and not one.get("bare")]
    assert [head["title"] for head in table["heads"]] == ["Field", "After"]


def test_a_line_that_there_is_not_is_told(opens: Opens, changed: str) -> None:
    assert "99999" in said(opens(PAGE, line="99999"))


def test_a_long_log_is_shown_page_by_page(
    opens: Opens, changed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.ui.audit_list.PAGE", 2)
    (first,) = [one for one in elements(opens(PAGE)) if "rows" in one]
    (older,) = first["pages"]
    (second,) = [one for one in elements(opens(PAGE, **older["query"])) if "rows" in one]
    assert first["rows"] != second["rows"]
    assert second["pages"][0]["text"] == "Mais recentes"
