"""Evaluation runs over the API: begun with questions or a file, followed, told, gated, handed on, removed."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from core import comparison

PATH = "/api/v1/evaluation-runs"
pytestmark = pytest.mark.slow  # runs through the real engine
QUESTIONS = [
    {
        "question": "Qual é o horário aos sábados?",
        "answers": ["das 9h às 13h"],
        "must_pass": True,
        "topic": "horários",
    },
    {"question": "Em quanto tempo um reembolso é respondido?", "answers": ["7 dias úteis"]},
]


@pytest.fixture
def begun(client: TestClient, desk: str) -> dict[str, Any]:
    """A run of the usual pair that waits for the background."""
    answer = client.post(PATH, json={"questions": QUESTIONS, "name": "Duas perguntas"})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.fixture
def ended(client: TestClient, begun: dict[str, Any]) -> dict[str, Any]:
    """The same once it was answered."""
    comparison.work(begun["id"])
    told: dict[str, Any] = client.get(f"{PATH}/{begun['id']}").json()
    return told


def test_it_waits_and_is_found_in_its_assistant_s_list(
    client: TestClient, begun: dict[str, Any], desk: str
) -> None:
    assert (begun["state"], begun["n"], begun["share"], begun["name"]) == (
        "waiting",
        2,
        0.0,
        "Duas perguntas",
    )
    (line,) = client.get(PATH, params={"assistant": desk}).json()["data"]
    assert line["id"] == begun["id"]


def test_its_progress_is_told_until_its_end(ended: dict[str, Any]) -> None:
    assert (ended["state"], ended["share"], ended["done"], ended["answers"], ended["failed"]) == (
        "done",
        1.0,
        2,
        4,
        0,
    )


def test_the_verdict_claims_nothing_of_two_identical_answers(
    client: TestClient, ended: dict[str, Any]
) -> None:
    told = client.get(f"{PATH}/{ended['id']}/verdict").json()
    assert (told["claim"], told["n"], told["identical"]) == ("identical", 2, 2)
    assert told["sentence"].startswith("Identical answers")
    assert {one["scorer"] for one in told["metrics"]} >= {"groundedness", "seconds"}


def test_a_verdict_may_be_asked_for_some_metrics_alone(
    client: TestClient, ended: dict[str, Any]
) -> None:
    told = client.get(f"{PATH}/{ended['id']}/verdict", params={"scorer": "groundedness"}).json()
    quality = [one["scorer"] for one in told["metrics"] if one["quality"]]
    assert quality == ["groundedness", "failed"]
    wrong = client.get(f"{PATH}/{ended['id']}/verdict", params={"scorer": "nothing"})
    assert wrong.status_code == 422


def test_slices_and_single_questions_are_told(client: TestClient, ended: dict[str, Any]) -> None:
    slices = client.get(f"{PATH}/{ended['id']}/slices").json()
    assert {one["by"] for one in slices["slices"]} >= {"topic", "must_pass"}
    changes = client.get(f"{PATH}/{ended['id']}/changes").json()
    assert (changes["n"], changes["regressions"], changes["improvements"]) == (2, [], [])


def test_a_run_is_held_against_the_gate_and_the_result_is_kept(
    client: TestClient, ended: dict[str, Any]
) -> None:
    told = client.post(f"{PATH}/{ended['id']}/gate").json()
    assert not told["passed"]
    assert "Does not pass the gate" in told["outcome"]
    assert len(told["lines"]) == len(told["reasons"])
    assert client.post(f"{PATH}/{ended['id']}/gate").json()["id"] == told["id"]
    assert client.get(f"{PATH}/{ended['id']}/gate").json()["data"] == [told]


def test_the_usual_rules_hold_until_others_are_set(client: TestClient, desk: str) -> None:
    usual = client.get(f"/api/v1/gates/{desk}").json()
    assert (usual["usual"], usual["rules"]["least_n"]) == (True, 100)
    body = {"not_worse": {"groundedness": 0.02}, "least_n": 5}
    told = client.put(f"/api/v1/gates/{desk}", json=body).json()
    assert (told["usual"], told["rules"]["not_worse"]) == (False, {"groundedness": 0.02})
    assert client.get(f"/api/v1/gates/{desk}").json() == told
    wrong = client.put(f"/api/v1/gates/{desk}", json={"not_worse": {"nothing": 0.1}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid")


def test_every_input_of_the_return_may_be_changed(
    client: TestClient, ended: dict[str, Any]
) -> None:
    path = f"{PATH}/{ended['id']}/returns"
    told = client.get(path, params={"hosting": 40, "price_in": 3}).json()
    inputs = {one["name"]: one for one in told["inputs"]}
    assert (inputs["hosting"]["source"], inputs["tokens_out"]["source"]) == ("own", "run")
    assert told["payback"]["then"] >= 40
    assert client.get(path, params={"share": 2}).status_code == 422


@pytest.mark.parametrize(("form", "kind"), [("html", "text/html"), ("md", "text/markdown")])
def test_the_report_is_handed_on_as_a_file(
    client: TestClient, ended: dict[str, Any], form: str, kind: str
) -> None:
    told = client.get(f"{PATH}/{ended['id']}/report", params={"format": form})
    assert told.headers["content-type"].startswith(kind)
    assert told.headers["content-disposition"] == "attachment"
    assert "Identical answers" in told.text


def test_a_file_of_questions_begins_a_run(client: TestClient, desk: str) -> None:
    data = "question;answer;Respsota\nQual é o prazo?;30 dias;x\n".encode("cp1252")
    told = client.post(f"{PATH}/upload", files={"file": ("perguntas.csv", data)})
    assert (told.status_code, told.json()["n"], told.json()["source"]) == (201, 1, "perguntas.csv")
    assert told.json()["unused"] == ["Respsota"]


def test_a_wrong_line_of_a_file_is_named_and_nothing_begins(client: TestClient, desk: str) -> None:
    data = b'{"question": "Prazo?"}\n{"pergunta sem nome": 1}\n'
    told = client.post(f"{PATH}/upload", files={"file": ("perguntas.jsonl", data)})
    assert (told.status_code, "Line 2" in told.json()["message"]) == (422, True)
    assert client.get(PATH).json()["data"] == []


def test_without_a_question_nothing_begins(client: TestClient, desk: str) -> None:
    assert client.post(PATH, json={"questions": []}).status_code == 422
    assert client.post(PATH, json={"sample": "both"}).status_code == 422  # no sample's assistant
    assert client.post(PATH, json={"questions": QUESTIONS, "b": "nobody"}).status_code == 422


def test_what_a_run_takes_is_told_before_it_begins(
    client: TestClient, ended: dict[str, Any]
) -> None:
    told = client.post(f"{PATH}/estimate", json={"n": 100}).json()
    assert (told["n"], told["a"]["of"], told["a"]["n"], told["cost"]) == (100, "version", 2, 0.0)
    assert told["seconds"] > 0


def test_it_is_cancelled_goes_on_and_is_removed(client: TestClient, begun: dict[str, Any]) -> None:
    path = f"{PATH}/{begun['id']}"
    assert client.post(f"{path}/cancel").json()["state"] == "cancelled"
    assert client.post(f"{path}/resume").json()["state"] == "waiting"
    comparison.work(begun["id"])
    nothing_left = client.post(f"{path}/resume")
    assert (nothing_left.status_code, nothing_left.json()["code"]) == (409, "nothing_to_do")
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "of", ["", "/verdict", "/slices", "/changes", "/gate", "/report", "/returns"]
)
def test_a_run_there_is_not_is_404(client: TestClient, desk: str, of: str) -> None:
    assert client.get(f"{PATH}/none{of}").status_code == 404
