"""A run's judge model over the API: named, watched, stopped, and what its word is worth."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from core import comparison
from core.db.tables import Comparison, EvaluationRun
from core.llm import fake
from tests.comparison.judged import DIFFERENT, JUDGE, about, run_of, says
from tests.comparison.voting import cast, reviewer


@pytest.fixture
def run(client: TestClient) -> Iterator[tuple[EvaluationRun, list[Comparison]]]:
    """An answered run with two questions, and a judge that speaks from a script."""
    fake.reset()
    yield run_of(texts=[DIFFERENT] * 2)
    fake.reset()


Run = tuple[EvaluationRun, list[Comparison]]


def test_a_judge_is_named_asked_in_the_background_and_told(client: TestClient, run: Run) -> None:
    row, compared = run
    at = f"/api/v1/evaluation-runs/{row.id}/judge"
    assert client.get(at).json()["model"] == ""
    begun = client.post(at, json={"model": JUDGE})
    assert (begun.status_code, begun.json()["state"], begun.json()["calls"]) == (202, "wanted", 8)
    says(*about("second", "first"), *about("first", "first"))
    comparison.keep_judging()
    cast(compared[0], reviewer("Ana"), "b")
    told = client.get(at).json()
    assert (told["state"], told["opinions"], told["people"]) == ("done", 8, 1)
    assert told["wins"]["value"] == 0.75
    assert (told["turned"]["share"], told["first"]["share"]) == (0.5, 0.75)
    assert (told["agreement"]["n"], told["agreement"]["percent"]["share"]) == (1, 1.0)
    assert (told["calibrated"], told["missing"]) == (None, 19)
    assert any("[" in line for line in told["lines"])


def test_what_it_will_take_is_told_without_asking_anybody(client: TestClient, run: Run) -> None:
    at = f"/api/v1/evaluation-runs/{run[0].id}/judge/estimate"
    told = client.post(at, json={"model": JUDGE, "repetitions": 2}).json()
    assert (told["calls"], told["seconds"]) == (16, None)
    assert fake.asked == []


def test_a_judge_is_stopped_and_nothing_more_is_asked(client: TestClient, run: Run) -> None:
    at = f"/api/v1/evaluation-runs/{run[0].id}/judge"
    client.post(at, json={"model": JUDGE})
    assert client.post(f"{at}/stop").json()["state"] == "stopped"
    assert comparison.keep_judging() == []


def test_what_was_said_of_a_comparison_is_read_back(client: TestClient, run: Run) -> None:
    says(*about("second", "?"))
    at = f"/api/v1/comparisons/{run[1][0].id}/opinions"
    asked = client.post(at, json={"model": JUDGE}).json()["data"]
    rows = client.get(at).json()["data"]
    assert asked == rows
    assert [(one["kind"], one["choice"], one["failed"]) for one in rows][:2] == [
        ("pairwise", "b", ""),
        ("pairwise", "", "wrong_values"),
    ]
    assert rows[2]["score"] == 1.0
    assert client.get("/api/v1/comparisons/nobody/opinions").status_code == 404


@pytest.mark.parametrize(
    "body", [{}, {"model": "embedded:quotes"}, {"model": "x"}, {"model": JUDGE, "repetitions": 99}]
)
def test_what_cannot_judge_is_refused(client: TestClient, run: Run, body: dict[str, str]) -> None:
    answer = client.post(f"/api/v1/evaluation-runs/{run[0].id}/judge", json=body)
    assert answer.status_code == 422
    assert answer.json()["hint"] or answer.json()["message"]
    assert client.get("/api/v1/evaluation-runs/nobody/judge").status_code == 404
