"""The page of metrics: figures with their meaning, filters in the address, what is behind a figure."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from core import access, metrics
from core.metrics import keeping, kept
from tests.metrics.made import assistant, talk
from tests.pages.conftest import Opens, elements, said

pytestmark = pytest.mark.slow  # whole pages, each with its charts
PAGE = "pages/loop/metrics.py"
HOSTILE = "<img src=x onerror=alert(1)> [clique](http://mal.example)"


@pytest.fixture(autouse=True)
def _no_facts() -> Iterator[None]:
    keeping.forget()
    kept.forget()
    yield
    keeping.forget()
    kept.forget()


@pytest.fixture
def shop(home: Any) -> str:
    """An assistant with 40 rated answers of today, a fourth of them unhappy."""
    from core import clock

    made = assistant(HOSTILE)
    for n in range(40):
        rated = {"down": 1, "outcome": "not_found"} if n % 4 == 0 else {"up": 1}
        talk(made, rated | {"total_seconds": 1.5}, at=clock.now(), title=f"Pergunta {n}")
    return made


def cards(app: Any) -> dict[str, dict[str, Any]]:
    """The figures of the strip by their measure."""
    (strip,) = [one for one in elements(app) if "cards" in one]
    return {card["key"]: card for card in strip["cards"]}


def behind(app: Any) -> list[dict[str, Any]]:
    """The rows of the conversations in the drawer, which is no part of the page's main block."""
    lists = [json.loads(one.proto.json) for one in app.get("bidi_component")]
    found = [one["rows"] for one in lists if one.get("label") == "Conversas por trás do número"]
    return found[0] if found else []


def test_before_anybody_asked_the_page_says_what_will_be_here(opens: Opens) -> None:
    page = said(opens(PAGE))
    assert "Ninguém perguntou nada ainda" in page


def test_a_figure_has_its_value_its_base_its_interval_and_its_target(
    opens: Opens, shop: str
) -> None:
    card = cards(opens(PAGE))["satisfaction"]
    assert card["value"] == "75%"
    assert card["notes"][-1] == "n = 40 · 60% a 86%"
    assert card["target"] == {"text": "fora da meta: no mínimo 85%", "tone": "bad"}
    assert card["path"] == "?behind=satisfaction"


def test_the_address_narrows_the_page_and_what_cannot_be_is_told(opens: Opens, shop: str) -> None:
    app = opens(PAGE, data="sample")
    assert "Nenhuma resposta corresponde" in said(app)
    app = opens(PAGE, period="banana", hour="77")
    assert "“banana” não é um período" in said(app)
    assert "“77” não é um número" in said(app)
    assert cards(app)["satisfaction"]["value"] == "75%"


def test_what_is_behind_a_figure_is_listed_by_its_address(opens: Opens, shop: str) -> None:
    app = opens(PAGE, behind="satisfaction", **{"in": f"assistant={shop}"})
    rows = behind(app)
    assert len(rows) == 10
    assert rows[0]["cells"][1]["go"]["place"] == "chat"
    assert "“nonsense” não é uma métrica" in said(opens(PAGE, behind="nonsense"))


def test_who_may_not_read_sees_figures_and_no_conversation(opens: Opens, shop: str) -> None:
    access.set_roles(
        access.person("Ana").id, ["admin"]
    )  # so that the local person need not stay one
    access.set_roles(access.local_person().id, ["viewer"])
    app = opens(PAGE, behind="satisfaction")
    assert cards(app)["satisfaction"]["value"] == "75%"
    assert "Você vê os números, não as conversas" in said(app)
    assert not behind(app)
    assert "são para analistas e administradores" in said(opens(PAGE, view="topics"))


def test_every_chart_is_one_that_plotly_knows(opens: Opens, shop: str) -> None:
    from plotly.graph_objects import Figure

    charts = opens(PAGE).main.get("plotly_chart")
    assert len(charts) == 4
    for chart in charts:
        Figure(json.loads(chart.proto.spec))  # raises for a name or a value that is none


def test_no_name_of_others_is_read_as_markdown_or_html(opens: Opens, shop: str) -> None:
    app = opens(PAGE)
    charts = [str(one.proto) for one in app.main.get("plotly_chart")]
    assert charts
    assert not any("<img" in chart for chart in charts)


def test_targets_and_currency_are_set_here(opens: Opens, shop: str) -> None:
    metrics.set_settings(targets={"satisfaction": 0.7}, rate=5.0)
    card = cards(opens(PAGE))["satisfaction"]
    assert card["target"]["tone"] == "good"


def test_each_part_opens_by_its_address_and_keeps_the_view(opens: Opens, shop: str) -> None:
    for part in ("topics", "alerts", "advice"):
        app = opens(PAGE, view=part, assistant=shop)
        assert not [one for one in elements(app) if "cards" in one]
        assert "falhou" not in said(app)
        (tabs,) = [one for one in elements(app) if "tabs" in one]
        assert tabs["here"] == part
        assert all(shop in tab["path"] for tab in tabs["tabs"])
