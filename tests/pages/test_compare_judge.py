"""A run's judge on its page: named with what is sent where, watched, stopped; what it said is shown as text."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import comparison, registry
from core.db.tables import Comparison, EvaluationRun
from core.llm import fake
from tests.comparison.judged import DIFFERENT, JUDGE, about, run_of, says
from tests.pages.conftest import Opens, keys, said

PAGE = "pages/loop/comparison.py"
BOX = "compare.runs.box.judge"
Made = tuple[EvaluationRun, list[Comparison]]


@pytest.fixture
def made(home: Path) -> Iterator[Made]:
    """An answered run, and a judge that speaks from a script."""
    fake.reset()
    yield run_of(texts=[DIFFERENT] * 2)
    fake.reset()


def opened(opens: Opens, run: EvaluationRun, language: str = "pt-BR") -> AppTest:
    """The page of a run with the judge's part open."""
    app = opens(PAGE, language, view="runs", run=run.id)
    app.session_state[BOX] = True
    app.run()
    assert not app.exception
    return app


@pytest.mark.slow
def test_a_judge_is_named_with_what_is_sent_where_before_it_is_asked(
    opens: Opens, made: Made
) -> None:
    run, _rows = made
    registry.model("openai", "gpt-4o")
    app = opened(opens, run)
    app.selectbox(key=f"compare.judge.model.{run.id}").set_value("openai:gpt-4o").run()
    assert "https://api.openai.com/v1" in said(app)
    assert "8 consultas" in said(app)
    assert comparison.judging(run.id).model == ""
    app.button(key="compare.judge.begin").click().run()
    assert comparison.judging(run.id).state == "wanted"


@pytest.mark.slow
def test_while_it_is_asked_its_progress_stands_there_and_a_way_to_stop(
    opens: Opens, made: Made
) -> None:
    run, _rows = made
    comparison.begin_judge(run.id, JUDGE)
    app = opened(opens, run, "en")
    assert "is being asked: 0 of 8 opinions" in said(app)
    app.button(key="compare.judge.stop").click().run()
    assert comparison.judging(run.id).state == "stopped"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "words"), [("pt-BR", "mudou de escolha em 100%"), ("en", "otherwise in 100%")]
)
def test_its_bias_and_what_people_still_have_to_say_are_told(
    opens: Opens, made: Made, language: str, words: str
) -> None:
    run, _rows = made
    says(*about("first", "first") * 2)
    comparison.judge(run.id, JUDGE)
    app = opened(opens, run, language)
    assert words in said(app)
    assert "compare.judge.votes" in keys(app)
    assert "compare.judge.begin" not in keys(app)  # it has said all


@pytest.mark.slow
def test_what_it_said_of_a_comparison_is_shown_as_text(opens: Opens, made: Made) -> None:
    row = made[1][0]
    replies = about("second", "?", a=2)
    replies[0]["why"] = "<img src=x onerror=alert(1)> **melhor**"
    says(*replies)
    comparison.judge_one(row.id, JUDGE)
    app = opens(PAGE, comparison=row.id)
    assert "A mostrada primeiro: B é melhor" in said(app)
    assert "sem opinião" in said(app)
    assert "Correta 2" in said(app)
    (line,) = (str(one.value) for one in app.markdown if "onerror" in str(one.value))
    assert r"\<img" in line  # escaped, as the asterisks are
    assert r"\*\*melhor" in line
