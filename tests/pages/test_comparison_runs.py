"""Evaluation runs on the page: begun with what they take, watched, told in one sentence, held against the gate."""

import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import access, assistants, chat, comparison
from core.db.tables import Assistant
from tests.comparison.made_up import run_of
from tests.pages.conftest import Opens, elements, keys, said

PAGE = "pages/loop/comparison.py"
pytestmark = pytest.mark.slow


def better(shop: Assistant, n: int = 60, **more: Any) -> str:
    """A run in which b is better, but for its first question, which must pass and is lost."""
    rng = np.random.default_rng(1)
    a = rng.uniform(0.2, 0.5, n)
    b = a + rng.normal(0.3, 0.05, n)
    a[0], b[0] = 0.9, 0.6
    each = {0: {"question": "Perdida <b>?", "reference": {"must_pass": True}}}
    return run_of(shop.id, {"groundedness": list(a)}, {"groundedness": list(b)}, each=each, **more)


def opened(opens: Opens, run: str = "", language: str = "en", **query: str) -> AppTest:
    """The part of the page, with one run or all."""
    return opens(PAGE, language, view="runs", **({"run": run} if run else {}), **query)


def table(app: AppTest, label: str) -> dict[str, Any]:
    """The table of that name."""
    return next(one for one in elements(app) if one.get("label") == label)


def press(app: AppTest, key: str) -> None:
    next(one for one in app.button if one.key == key).click().run()
    assert not app.exception


def test_the_sentence_stands_above_every_metric_with_its_interval(
    opens: Opens, shop: Assistant
) -> None:
    app = opened(opens, better(shop))
    (sentence,) = [one.value for one in app.header]
    assert "answers better\\: groundedness" in sentence
    rows = table(app, "What decides")["rows"]
    cells = rows[0]["cells"]
    assert cells[0]["text"] == "Groundedness"
    assert "points [" in cells[3]["text"]
    assert -1 <= cells[4]["plot"]["low"] <= cells[4]["plot"]["value"] <= cells[4]["plot"]["high"]
    assert (cells[7]["text"], cells[7]["mark"]) == ("B is better", "good")


def test_how_it_was_tested_is_folded_and_what_failed_is_not(opens: Opens, shop: Assistant) -> None:
    app = opened(opens, better(shop))
    (fold,) = [one for one in app.expander if one.label == "How this was tested"]
    assert "permutation" in fold.caption[0].value
    assert [one for one in app.caption if "permutation" in one.value] == list(fold.caption)
    assert any("questions count" in one.value for one in app.caption)


def test_it_speaks_portuguese_too(opens: Opens, shop: Assistant) -> None:
    app = opened(opens, better(shop), language="pt-BR")
    assert "responde melhor" in app.header[0].value
    assert table(app, "O que decide")["rows"]


def test_a_lost_question_opens_side_by_side_and_fails_the_gate(
    opens: Opens, shop: Assistant
) -> None:
    run = better(shop)
    app = opened(opens, run)
    row = table(app, "Where B is worse")["rows"][0]["cells"][0]
    assert (row["text"], row["flags"]) == ("Perdida <b>?", ["must pass"])
    assert row["go"]["query"]["comparison"] == comparison.lines(run_id=run)[0].row.id
    assert "Does not pass the gate" in said(app)
    reasons = [one["cells"][0] for one in table(app, "Rule by rule")["rows"]]
    assert [one["mark"] for one in reasons].count("bad") >= 1


def test_a_thin_run_says_so_and_claims_nothing(opens: Opens, shop: Assistant) -> None:
    run = run_of(shop.id, {"groundedness": [0.2, 0.3]}, {"groundedness": [0.9, 0.9]})
    app = opened(opens, run)
    assert "Too few to say" in app.header[0].value
    assert "too few to rely on" in json.dumps(table(app, "What decides"))


def test_while_it_runs_the_progress_is_shown_and_it_can_be_cancelled(
    opens: Opens, shop: Assistant
) -> None:
    row = comparison.start([comparison.Question("Quando a loja abre?")], assistant=shop.id)
    app = opened(opens, row.id)
    assert "It goes on when this page is closed." in said(app)
    press(app, "compare.runs.cancel")
    assert comparison.run(row.id).state == "cancelled"
    press(app, "compare.runs.resume")
    assert comparison.run(row.id).state == "waiting"


def test_runs_are_listed_with_their_sentences(opens: Opens, shop: Assistant) -> None:
    run = better(shop)
    app = opened(opens)
    (row,) = table(app, "Evaluations")["rows"]
    assert row["cells"][0]["go"]["query"]["run"] == run
    assert "answers better" in row["cells"][0]["note"]


def test_a_run_is_removed(opens: Opens, shop: Assistant) -> None:
    app = opened(opens, better(shop))
    press(app, "compare.runs.remove")
    assert comparison.runs(shop.id) == []
    assert "The evaluation was removed." in said(app)


def test_a_run_there_is_not_is_told_and_the_others_stand(opens: Opens, shop: Assistant) -> None:
    app = opened(opens, "none")
    assert "none" in said(app)
    assert not app.error


def test_questions_that_people_asked_begin_a_run_whose_time_is_told(
    opens: Opens, shop: Assistant
) -> None:
    chat.ask("Quando a loja abre?", assistant=shop.id)
    app = opened(opens, language="pt-BR")
    next(one for one in app.radio if "way" in str(one.key)).set_value("traffic").run()
    assert "1 pergunta" in said(app)
    assert "para 1 pergunta às duas versões" in said(app) or "Não dá para dizer" in said(app)
    press(app, "compare.runs.new.begin")
    (run,) = comparison.runs(shop.id)
    assert (run.n, app.query_params["run"]) == (1, run.id)


def test_the_sample_s_run_is_one_press_away(opens: Opens) -> None:
    sample = assistants.load_sample(min(one.slug for one in assistants.samples()))
    app = opened(opens)
    press(app, "compare.runs.sample")
    (run,) = comparison.runs(sample.id)
    assert (run.is_sample, run.n) == (True, len(comparison.of_sample(sample)))


def test_the_return_tells_where_every_input_comes_from(opens: Opens, shop: Assistant) -> None:
    app = opened(opens, better(shop), roi_hosting="40", roi_share="2")
    assert "price table: embedded:quotes" in said(app)
    assert "both versions run the same model" in said(app)
    assert "is no number from 0 to 1" in said(app)
    assert next(one for one in app.number_input if ".hosting." in (one.key or "")).value == 40


def test_who_may_only_look_finds_figures_without_questions_or_buttons(
    opens: Opens, shop: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = better(shop)
    monkeypatch.setattr(access, "may", lambda deed: deed == "metrics")
    app = opened(opens, run)
    assert "Perdida" not in json.dumps(elements(app))
    assert not {"compare.runs.remove", "compare.runs.cancel"} & set(keys(app))
