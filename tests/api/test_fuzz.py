"""Whatever is sent, the API answers as it says it does: fuzzed from its own description.

Every operation is asked with fitting and with broken values, half of them aimed at what exists.
No answer is a 5xx, and each fits the description: status, type, shape. `make prove` asks more.
"""

import os
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import CHECKS, load_all_checks
from starlette.applications import Starlette

from core.api import create_app, mounted
from core.api.docs import described

EXAMPLES = 200 if os.environ.get("CICLO_PROVE") == "1" else 15
# These guess what a description means: texts that are all blank fit ours and are still refused.
GUESSING = ("positive_data_acceptance", "ensure_resource_availability")

load_all_checks()
schema = schemathesis.openapi.from_dict(described(create_app(), "/api"))
schema.app = Starlette(routes=mounted())
known: dict[str, str] = {}


@schema.hook
def map_path_parameters(context: Any, path_parameters: Any) -> Any:
    """Aim."""
    return _aimed(path_parameters)


@schema.hook
def map_body(context: Any, body: Any) -> Any:
    """Aim."""
    return _aimed(body)


def _aimed(values: Any) -> Any:
    """Every second id (told by its length) becomes one that exists; broken ones stay broken."""
    if not isinstance(values, dict):
        return values
    return {name: _aimed_at(known.get(name), value) for name, value in values.items()}


def _aimed_at(existing: str | None, value: Any) -> Any:
    fits = isinstance(value, str) and 0 < len(value) <= 36
    return existing if existing and fits and len(value) % 2 else value


@pytest.fixture
def world(desk: str, asked: dict[str, Any]) -> Iterator[None]:
    """An assistant with a document and an answer, known to the hooks."""
    known.update(
        assistant=desk,
        assistant_id=desk,
        conversation_id=asked["conversation_id"],
        message_id=asked["message_id"],
        document_id=asked["citations"][0]["document_id"],
    )
    yield
    known.clear()


@pytest.mark.prove
@schema.parametrize()
@hypothesis.settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES < 100,
    suppress_health_check=list(hypothesis.HealthCheck),
)
def test_every_answer_is_as_described(case: schemathesis.Case[Any], world: None) -> None:
    guessing: list[Any] = CHECKS.get_by_names(GUESSING)
    answer = case.call_and_validate(excluded_checks=guessing)
    assert answer.status_code < 500
