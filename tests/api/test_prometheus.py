"""What Prometheus is told: conventional names and units, few labels, and no word of anybody."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core import chat, feedback
from core.api import answers_told, contents, health
from core.api.requests import figures
from core.chat import listeners
from core.errors import ModelFailed
from core.llm import fake
from tests.conftest import ROOT

NOT_BASE = re.compile(r"_(ms|millis|milliseconds|minutes|hours|kb|mb|percent|rate)(_|$)")


@pytest.fixture
def told(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Asks for /metrics: {name of a family: Metric}; the names of models are counted from none."""
    monkeypatch.setattr(answers_told, "_model", answers_told.Few(answers_told.MOST_MODELS))
    with TestClient(Starlette(routes=health.routes())) as client:

        def families() -> dict[str, Metric]:
            answer = client.get("/metrics")
            assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
            return {one.name: one for one in text_string_to_metric_families(answer.text)}

        yield families


def sample(families: dict[str, Metric], name: str, **labels: str) -> float:
    """The sum of the samples that have these labels; 0 where there is none."""
    found = (one for family in families.values() for one in family.samples if one.name == name)
    return sum(one.value for one in found if labels.items() <= one.labels.items())


@pytest.mark.slow
def test_an_answer_is_counted_once_with_its_times_and_its_call(told: Any, scripted: str) -> None:
    before = told()
    chat.ask("Que horas abre?", assistant=scripted)
    after = told()

    def grown(name: str, **labels: str) -> float:
        return sample(after, name, **labels) - sample(before, name, **labels)

    model = {"model": "fake:script"}
    assert grown("ciclo_answers_total", **model) == 1
    assert grown("ciclo_answer_duration_seconds_count", **model) == 1
    assert grown("ciclo_answer_duration_seconds_bucket", le="+Inf", **model) == 1
    assert grown("ciclo_answer_first_token_seconds_count", **model) == 1
    call = {"gen_ai_operation_name": "chat", "gen_ai_provider_name": "fake", "error_type": ""}
    assert grown("gen_ai_client_operation_duration_seconds_count", **call) == 1


@pytest.mark.slow
def test_the_families_hold_conventional_names_and_units(told: Any, scripted: str) -> None:
    answer = chat.ask("Que horas abre?", assistant=scripted)
    feedback.give(answer.message.id, "up", person_id=None, user_id="x")
    families = told()
    assert sample(families, "ciclo_feedback", rating="up") == 1
    assert sample(families, "ciclo_answers_stored", outcome=answer.message.outcome or "") == 1
    for name, family in families.items():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name), name
        assert not NOT_BASE.search(name), name
        assert family.documentation, name
        if family.type == "counter":
            assert all(one.name.endswith("_total") for one in family.samples), name
        else:
            assert not name.endswith("_total"), name
        if "duration" in name or "token_seconds" in name:
            assert (family.type, name.endswith("_seconds")) == ("histogram", True)
    told_of = {one.labels.get("model") for one in families["ciclo_answers"].samples}
    assert "fake:script" in told_of
    words = json.dumps([one.labels for family in families.values() for one in family.samples])
    assert scripted not in words
    assert answer.conversation.id not in words


@pytest.mark.slow
def test_a_failure_is_counted_by_its_code_and_the_fallback_by_its_reason(
    told: Any, scripted: str
) -> None:
    before = told()
    fake.queue(ModelFailed("fora do ar", code="not_reachable"))
    chat.ask("Que horas abre?", assistant=scripted)
    after = told()
    fell = {"reason": "not_reachable"}
    name = "ciclo_answer_fallbacks_total"
    assert sample(after, name, **fell) - sample(before, name, **fell) == 1


def test_beyond_so_many_models_the_rest_is_other() -> None:
    few = answers_told.Few(2)
    assert [few(word) for word in ("a", "b", "c", "a", "d")] == ["a", "b", "other", "a", "other"]


@pytest.mark.slow
def test_what_fails_to_count_reaches_no_answer(
    told: Any, scripted: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_of: Any) -> None:
        raise ValueError("broken")

    monkeypatch.setattr(listeners, "_listeners", [broken])
    assert chat.ask("Que horas abre?", assistant=scripted).message.state == "done"
    assert "was not counted" in caplog.text


def test_what_took_long_to_look_up_is_told_from_the_last_look_for_a_while(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, looks = [0.0], []
    monkeypatch.setattr("core.clock.seconds", lambda: now[0])

    def look(seconds: float) -> int:
        looks.append(seconds)
        now[0] += seconds
        return len(looks)

    assert [contents.seldom("quick", lambda: look(0.05)) for _ in range(2)] == [1, 2]
    assert [contents.seldom("slow", lambda: look(1.0)) for _ in range(3)] == [3, 3, 3]
    now[0] += contents.REST
    assert contents.seldom("slow", lambda: look(1.0)) == 4


BOARD = ROOT / "docs" / "grafana" / "ciclo.json"
WORDS = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
LANGUAGE = set("histogram_quantile sum by rate increase le __rate_interval".split())
LEFT_OUT = re.compile(r"\[[^\]]*\]|\"[^\"]*\"")


def named() -> dict[str, set[str]]:
    """The name of every sample that can be told, and its labels."""
    ends = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
    labels = {name: {column.key} for name, _words, column, _holding in contents.HELD}
    labels |= {"ciclo_background_turns": {"loop"}, "ciclo_background_failures": {"loop"}}
    for collector, names in figures._collector_to_names.items():
        labels |= {name: set(getattr(collector, "_labelnames", ())) for name in names}
    found = {}
    for family in figures.collect():
        for end in ends[family.type]:
            more = {"le"} if end == "_bucket" else set[str]()
            found[family.name + end] = labels.get(family.name, set[str]()) | more
    return found


def test_every_query_of_the_dashboard_names_what_is_told(home: Path) -> None:
    told = named()
    board = json.loads(BOARD.read_text("utf-8"))
    queries = [one["expr"] for panel in board["panels"] for one in panel.get("targets", ())]
    assert len(queries) > 20
    for query in queries:
        words = set(WORDS.findall(LEFT_OUT.sub("", query))) - LANGUAGE
        asked = {word for word in words if word.startswith(("ciclo_", "gen_ai_client", "process_"))}
        assert asked, query
        assert asked <= told.keys(), query
        assert words - asked <= set().union(*(told[name] for name in asked)), query


def test_the_dashboard_has_a_place_for_each_panel_and_a_source_to_choose() -> None:
    board = json.loads(BOARD.read_text("utf-8"))
    places = [(p["gridPos"]["x"], p["gridPos"]["y"]) for p in board["panels"]]
    assert len(set(places)) == len(places)
    assert len({panel["id"] for panel in board["panels"]}) == len(places)
    assert [one["type"] for one in board["templating"]["list"]] == ["datasource"]
