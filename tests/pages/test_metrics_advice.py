"""Should we fine-tune, on the page: the options, a calculation to play with, what the address says."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.metrics import keeping, kept
from tests.annotation import talks
from tests.pages.conftest import elements, said

SCRIPT = """
from core import metrics
from pages.ui import language, metrics_advice
language.use()
metrics_advice.show(metrics.View())
"""
KEY = "metrics.advice"
pytestmark = pytest.mark.slow


def opened(language: str = "pt-BR", **query: str) -> AppTest:
    """The part alone."""
    keeping.forget()
    kept.forget()
    app = AppTest.from_string(SCRIPT, default_timeout=15)
    app.context = {"locale": language, "timezone": "America/Sao_Paulo"}
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def value(app: AppTest, name: str) -> Any:
    """What an input shows."""
    return next(one for one in app.number_input if f".{name}." in (one.key or ""))


@pytest.fixture(autouse=True)
def _home(home: Path) -> None:
    """Every page has one."""


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "pt-BR",
            ("Ainda não dá para dizer nada", "padrão do plano"),
        ),
        ("en", ("Nothing can be said yet", "default of the plan")),
    ],
)
def test_an_empty_database_is_told_as_such_with_the_plans_inputs(
    language: str, words: tuple[str, ...]
) -> None:
    app = opened(language)
    for word in words:
        assert word in said(app)
    (table,) = elements(app)
    assert len(table["rows"]) == 6


def test_an_input_of_ones_own_counts_and_stands_in_the_address() -> None:
    app = opened("en")
    value(app, "hosting").set_value(5).run()
    assert app.query_params["calc_hosting"] == "5"
    value(app, "share").set_value(50).run()
    assert app.query_params["calc_share"] == "0.5"
    assert "your own; otherwise 100%: default of the plan" in said(app)
    saved = next(one for one in app.metric if one.label == "Saved a month")
    assert saved.value == "$ 1.90"  # half of 13.80, less 5


def test_the_address_alone_brings_the_same_and_a_dropped_one_comes_back() -> None:
    app = opened("en", calc_hosting="5")
    assert value(app, "hosting").value == 5
    app.query_params.clear()  # as a filter of the page does
    app.run()
    assert app.query_params["calc_hosting"] == "5"


def test_one_press_goes_back_to_what_was_measured() -> None:
    app = opened("en", calc_hosting="5", calc_share="0.2")
    app.button(key=f"{KEY}.back").click().run()
    assert not app.exception
    assert "calc_hosting" not in app.query_params
    assert "your own" not in said(app)


def test_what_the_address_says_that_cannot_be_is_told_and_left_out() -> None:
    app = opened("en", calc_share="7", calc_training="<b>", calc_hosting="5")
    assert "“7” is no number from 0 to 1" in said(app)
    assert "<b>" in said(app)
    assert "calc_share" not in app.query_params
    assert value(app, "hosting").value == 5


def test_one_conversation_gives_no_firm_advice() -> None:
    from core import assistants

    talks.talk(assistants.create("Loja").id, {"outcome": "not_found"})
    app = opened("en")
    assert "Nothing can be said firmly yet" in said(app)
    (table,) = elements(app)
    assert {row["cells"][0]["note"] for row in table["rows"]} <= {"perhaps", "not now"}
