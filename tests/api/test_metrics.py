"""``/metrics`` under the API, and ``/models/stats``: figures with their unit, bounds and roles."""

from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from core import access, chat, clock, feedback

HEADER = "X-Ciclo-Person"
ROOT = "/api/v1/metrics"
OVERVIEW = f"{ROOT}/overview"
SERIES = f"{ROOT}/series?measure=satisfaction"
BREAKDOWN = f"{ROOT}/breakdown?measure=satisfaction&by=assistant"
FIGURES = (OVERVIEW, SERIES, BREAKDOWN, f"{ROOT}/topics", f"{ROOT}/marks", f"{ROOT}/measures")
WORDS = (f"{ROOT}/unanswered", f"{ROOT}/behind?measure=satisfaction")  # name conversations


@pytest.fixture
def rated(client: TestClient, desk: str) -> list[str]:
    """Three answers to Suporte, two rated up and one down; their ids."""
    ids = []
    for rating in ("up", "up", "down"):
        answer = chat.ask("Qual é o horário aos sábados?", assistant=desk)
        feedback.give(answer.message.id, rating, person_id=None, user_id="x")
        ids.append(answer.message.id)
    return ids


def told(client: TestClient, path: str, **headers: str) -> Any:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.slow
def test_an_overview_has_each_figure_with_unit_interval_n_and_target(
    client: TestClient, rated: list[str]
) -> None:
    whole = told(client, f"{OVERVIEW}?period=7d")
    figures = {one["measure"]: one for one in whole["data"]}
    satisfied = figures["satisfaction"]
    assert (satisfied["unit"], satisfied["n"], satisfied["target"]) == ("share", 3, 0.85)
    assert satisfied["value"] == pytest.approx(2 / 3)
    assert satisfied["low"] < satisfied["value"] < satisfied["high"]
    assert (satisfied["thin"], satisfied["met"]) == (True, False)
    assert figures["time_p50"]["unit"] == "seconds"
    assert figures["cost_answer"]["unit"] == "dollars"
    assert figures["stars"]["value"] is None
    assert whole["view"] == {"period": "7d"}
    only = told(client, f"{OVERVIEW}?measure=errors&measure=rated")["data"]
    assert [one["measure"] for one in only] == ["errors", "rated"]


@pytest.mark.slow
def test_filters_narrow_every_figure(client: TestClient, rated: list[str]) -> None:
    def n(query: str) -> int:
        (one,) = told(client, f"{OVERVIEW}?measure=rated&{query}")["data"]
        return int(one["n"])

    assert n("assistant=Suporte") == n("data=real") == n("outcome=answered") == 3
    assert n("data=sample") == n("channel=whatsapp") == n("outcome=error") == 0
    assert n("period=2020-01-01..2020-01-31") == 0


@pytest.mark.slow
def test_a_measure_over_time_and_by_what_answers_share(
    client: TestClient, rated: list[str]
) -> None:
    series = told(client, f"{SERIES}&period=7d&grain=day")
    assert series["unit"] == "share"
    assert sum(one["n"] for one in series["data"]) == 3
    rows = told(client, BREAKDOWN)
    assert (rows["total"], rows["by"]) == (1, "assistant")
    assert (rows["data"][0]["name"], rows["data"][0]["n"]) == ("Suporte", 3)


@pytest.mark.slow
def test_a_chart_comes_as_csv_by_the_address_or_by_accept(
    client: TestClient, rated: list[str]
) -> None:
    plain = client.get(f"{BREAKDOWN}&format=csv")
    assert plain.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in plain.headers["content-disposition"]
    head, row = plain.text.splitlines()
    assert head.startswith("\ufeffassistant,Satisfaction (share),")
    assert row.startswith("Suporte,0.6666666667,")
    asked = client.get(SERIES, headers={"accept": "text/csv"})
    assert asked.text.startswith("\ufeffWhen,")
    here = client.get(BREAKDOWN, headers={"accept": "text/csv", "accept-language": "pt-BR"})
    assert "Suporte;0,6666666667;" in here.text
    assert client.get(f"{SERIES}&format=json", headers={"accept": "text/csv"}).json()


@pytest.mark.slow
def test_no_cell_of_a_csv_is_a_formula(client: TestClient, desk: str) -> None:
    from core import assistants

    made = assistants.create("=1+1|cmd")
    chat.ask("Oi?", assistant=made.id)
    text = client.get(f"{ROOT}/breakdown?measure=rated&by=assistant&format=csv").text
    assert "\r\n'=1+1|cmd," in text


@pytest.mark.slow
def test_models_are_told_version_by_version(client: TestClient, rated: list[str]) -> None:
    whole = told(client, "/api/v1/models/stats?period=7d")
    (one,) = whole["data"]
    assert (one["model"], one["answers"], one["share"]) == ("embedded:quotes", 3, 1.0)
    assert one["version"].startswith("Suporte")
    assert one["figures"]["satisfaction"]["n"] == 3
    assert whole["units"].keys() == one["figures"].keys()


@pytest.mark.slow
def test_the_conversations_behind_a_figure_are_named(client: TestClient, rated: list[str]) -> None:
    behind = told(client, f"{ROOT}/behind?measure=satisfaction&limit=1")
    assert behind["n"] == 1
    talk = chat.answer(rated[2]).conversation.id
    assert [one["conversation_id"] for one in behind["data"]] == [talk]


def test_measures_tell_their_meaning_and_unit(client: TestClient) -> None:
    rows = told(client, f"{ROOT}/measures")["data"]
    assert len({one["name"] for one in rows}) == len(rows)
    assert all(one["meaning"] and one["unit"] for one in rows)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("overview?period=9x", "9x"),
        ("overview?period=2026-02-30..2026-03-01", "2026-02-30"),
        ("overview?data=all", "all"),
        ("overview?weekday=7", "7"),
        ("overview?hour=noon", "noon"),
        ("overview?measure=joy", "joy"),
        ("series?measure=joy", "joy"),
        ("series?measure=errors&grain=year", "year"),
        ("series", "measure"),
        ("breakdown?measure=errors&by=mood", "mood"),
        ("breakdown?measure=errors&by=hour&limit=0", "limit"),
        ("behind?measure=errors&limit=501", "limit"),
        ("series?measure=errors&format=xlsx", "format"),
        ("topics?limit=1001", "limit"),
        ("marks?period=", "period"),
    ],
)
def test_what_cannot_be_is_named(client: TestClient, query: str, words: str) -> None:
    answer = client.get(f"{ROOT}/{query}")
    assert answer.status_code == 422
    assert words in answer.json()["message"]


def test_an_assistant_that_is_not_there_is_404(client: TestClient) -> None:
    assert client.get(f"{OVERVIEW}?assistant=Nobody").status_code == 404


@pytest.mark.slow
def test_without_any_answer_every_address_answers_with_nothing(client: TestClient) -> None:
    for path in (*FIGURES, *WORDS, "/api/v1/models/stats", f"{ROOT}/settings"):
        assert client.get(path).status_code == 200, path
    assert told(client, SERIES)["data"] == told(client, BREAKDOWN)["data"] == []
    assert told(client, f"{ROOT}/topics")["why"]


def test_settings_are_set_by_name_and_the_rest_stays(client: TestClient) -> None:
    before = told(client, f"{ROOT}/settings")
    sent = {"targets": {"satisfaction": 0.9, "time_p50": None}, "currency": "EUR", "rate": 0.9}
    after = client.put(f"{ROOT}/settings", json=sent).json()
    assert after["targets"]["satisfaction"] == 0.9
    assert "time_p50" not in after["targets"]
    assert after["targets"]["errors"] == before["targets"]["errors"]
    assert (after["currency"], after["rate"]) == ("EUR", 0.9)
    again = client.put(f"{ROOT}/settings", json={"silence_minutes": 10}).json()
    assert again == after | {"silence_minutes": 10}
    assert told(client, f"{ROOT}/settings") == again


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        ({"targets": {"joy": 1}}, "joy"),
        ({"targets": {"errors": "low"}}, "targets.errors"),
        ({"currency": "XXX"}, "XXX"),
        ({"rate": -1}, "rate"),
        ({"silence_minutes": 1e9}, "silence_minutes"),
        ({"target": {}}, "target"),
        ({"baseline": "no-such-version"}, "no-such-version"),
    ],
)
def test_settings_that_cannot_be_are_refused(
    client: TestClient, sent: dict[str, Any], word: str
) -> None:
    answer = client.put(f"{ROOT}/settings", json=sent)
    assert answer.status_code == 422
    assert word in answer.json()["message"]


@pytest.mark.slow
def test_figures_are_for_every_role_and_conversations_for_those_who_read(
    client: TestClient, rated: list[str]
) -> None:
    access.local_person()
    access.set_roles(access.person("Ana").id, ["viewer"])
    access.set_roles(access.person("Ze").id, [])
    for path in (*FIGURES, "/api/v1/models/stats", f"{ROOT}/settings"):
        assert client.get(path, headers={HEADER: "Ana"}).status_code == 200, path
        if "measures" not in path or path == f"{ROOT}/measures":
            assert client.get(path, headers={HEADER: "Ze"}).status_code == 403, path
    for path in WORDS:
        assert client.get(path, headers={HEADER: "Ana"}).status_code == 403, path
    changed = client.put(f"{ROOT}/settings", json={"rate": 5}, headers={HEADER: "Ana"})
    assert changed.status_code == 403


@pytest.mark.slow
def test_a_chart_of_too_many_points_is_refused_with_the_way_out(
    client: TestClient, desk: str
) -> None:
    chat.ask("Oi?", assistant=desk, created_at=clock.now() - timedelta(days=100))
    answer = client.get(f"{SERIES}&period=365d&grain=hour")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert "grain" in answer.json()["message"]
    assert client.get(f"{SERIES}&period=365d&grain=day").status_code == 200
