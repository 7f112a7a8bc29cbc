"""Models and versions: one row for one thing, whoever asks for it at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import assistants, db, registry
from core.db.tables import Assistant, Version
from core.errors import InvalidInput, NotFound
from core.registry.versions import Parts
from tests.conftest import ENGINES

JSON = st.dictionaries(
    st.text(max_size=5), st.none() | st.booleans() | st.integers() | st.text(max_size=5), max_size=4
)


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(work, range(count)))


def test_a_model_is_registered_once(home: Path) -> None:
    first = registry.model("ollama", "llama3.2")
    assert registry.model("ollama", "llama3.2").id == first.id


def test_facts_of_a_model_are_kept_and_may_change(home: Path) -> None:
    registry.model("ollama", "llama3.2", price_in=1.0)
    changed = registry.model("ollama", "llama3.2", price_in=2.0, context_tokens=8192)
    assert (changed.price_in, changed.context_tokens) == (2.0, 8192)


def test_a_model_of_an_unknown_provider_is_refused(home: Path) -> None:
    with pytest.raises(InvalidInput):
        registry.model("nope", "x")


def test_equal_parts_are_one_version(assistant: Assistant) -> None:
    model = registry.model("fake", "echo")
    made = [registry.version(assistant.id, model.id, {"seed": 1}) for _ in range(2)]
    assert made[0].id == made[1].id


@pytest.mark.parametrize(
    "parts",
    [
        {"parameters": {"temperature": 0.5}},
        {"prompt": {"set": "v2"}},
        {"retrieval": {"k": 3}},
        {"memory_freeze": datetime(2026, 1, 1, tzinfo=UTC)},
    ],
)
def test_any_other_part_is_another_version(assistant: Assistant, parts: dict[str, Any]) -> None:
    model = registry.model("fake", "echo")
    before = registry.version(assistant.id, model.id)
    after = registry.version(assistant.id, model.id, **parts)
    assert after.digest != before.digest
    assert after.number == before.number + 1


def test_versions_are_numbered_from_one_for_each_assistant(assistant: Assistant) -> None:
    other = assistants.create("Outra")
    model = registry.model("fake", "echo")
    registry.version(assistant.id, model.id)
    assert [v.number for v in registry.versions(assistant.id)] == [2, 1]
    assert [v.number for v in registry.versions(other.id)] == [1]


def test_a_version_of_nobody_is_not_made(assistant: Assistant) -> None:
    with pytest.raises(NotFound, match="nobody"):
        registry.version("nobody", registry.model("fake", "echo").id)
    with pytest.raises(NotFound, match="nothing"):
        registry.version(assistant.id, "nothing")


@pytest.mark.parametrize("engine", ENGINES)
def test_the_same_version_asked_for_at_once_is_made_once(assistant: Assistant) -> None:
    model = registry.model("fake", "echo")
    made = at_once(8, lambda _n: registry.version(assistant.id, model.id, {"seed": 7}).id)
    assert len(set(made)) == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_versions_made_at_once_get_numbers_without_gaps(assistant: Assistant) -> None:
    model = registry.model("fake", "echo")
    at_once(8, lambda n: registry.version(assistant.id, model.id, {"seed": n}))
    assert sorted(v.number for v in registry.versions(assistant.id)) == list(range(1, 10))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_model_registered_at_once_is_one_row(home: Path) -> None:
    assert len(set(at_once(8, lambda _n: registry.model("ollama", "m").id))) == 1


@given(JSON, JSON, JSON)
def test_the_digest_does_not_depend_on_the_order_of_keys(
    parameters: dict[str, Any], prompt: dict[str, Any], retrieval: dict[str, Any]
) -> None:
    def turned(given: dict[str, Any]) -> dict[str, Any]:
        return dict(reversed(given.items()))

    straight = Parts("fake:x", parameters, prompt, retrieval)
    back = Parts("fake:x", turned(parameters), turned(prompt), turned(retrieval))
    assert straight.digest == back.digest


def test_a_stored_version_still_has_the_digest_of_its_parts(assistant: Assistant) -> None:
    route = registry.route(assistant.id)
    row = route.version
    parts = Parts(route.name, row.parameters, row.prompt, row.retrieval, row.memory_freeze)
    assert parts.digest == row.digest


def test_what_an_answer_costs_follows_the_prices_per_million_tokens(home: Path) -> None:
    model = registry.model("ollama", "m", price_in=2.0, price_out=10.0)
    assert registry.cost(model, 500_000, 100_000) == pytest.approx(2.0)
    assert registry.cost(model, None, 5) is None


def test_a_version_is_never_changed(assistant: Assistant) -> None:
    version = registry.route(assistant.id).version
    with pytest.raises(RuntimeError, match="never changed"), db.writing() as session:
        session.get_one(Version, version.id).parameters = {"temperature": 1}
    assert registry.route(assistant.id).version.parameters == {}
