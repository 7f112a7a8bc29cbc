"""Whatever is sent, the API answers as it says it does: fuzzed from its own description.

Every operation is asked with fitting and with broken values, half of them aimed at what exists.
No answer is a 5xx, and each fits the description: status, type, shape. `make prove` asks more.
"""

import os
import shutil
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import CHECKS, load_all_checks
from starlette.applications import Starlette

from core import access, annotation, chat, comparison, db, feedback, registry, retrieval
from core.api import create_app, mounted
from core.api.docs import described
from core.db.tables import Alert
from core.metrics.alerts import rules as alert_rules
from core.retrieval import approved
from tests.annotation.conftest import conversations
from tests.annotation.judging import judge

# besides some sixty at the bounds of what is described
EXAMPLES = 200 if os.environ.get("CICLO_PROVE") == "1" else 5
# These guess what a description means: texts that are all blank fit ours and are still refused.
GUESSING = ("positive_data_acceptance", "ensure_resource_availability")
UNREAD = ("negative_data_rejection",)  # a body above the limit is refused whatever else is wrong

load_all_checks()
schema = schemathesis.openapi.from_dict(described(create_app(), "/api"))
schema.app = Starlette(routes=mounted())
known: dict[str, Any] = {}


@schema.hook
def map_path_parameters(context: Any, path_parameters: Any) -> Any:
    """Aim."""
    return _aimed(path_parameters)


@schema.hook
def map_query(context: Any, query: Any) -> Any:
    """Aim."""
    return _aimed(query)


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
    if isinstance(value, list):
        return [_aimed_at(existing, one) for one in value]
    fits = isinstance(value, str) and 0 < len(value) <= 36
    return existing if existing and fits and len(value) % 2 else value


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the home of ``world`` is kept, once it was made; each test has a copy."""
    return tmp_path_factory.mktemp("furnished") / "home"


@pytest.fixture
def world(home: Path, furnished: Path, request: pytest.FixtureRequest) -> None:
    """An assistant with a document, an answer that was rated and approved, and a queue of which an
    item is claimed by who acts where nobody is named; all known to the hooks."""
    if furnished.exists():
        shutil.copytree(furnished, home, dirs_exist_ok=True)
        return
    furnish(request.getfixturevalue("desk"), request.getfixturevalue("asked"))
    for close in (chat.close, retrieval.close, db.close):
        close()
    shutil.copytree(home, furnished)


def furnish(desk: str, asked: dict[str, Any]) -> None:
    talks, answer = conversations(desk, 4), asked["message_id"]
    feedback.give(answer, "down", person_id=access.person("Ana").id)
    feedback.flag(answer, "tone", person_id=access.person("Ana").id)
    queue = annotation.create_queue(desk, "Fila", reviewers_per_item=2, lease_seconds=86_400)
    annotation.add(queue.id, [asked["conversation_id"], *talks[1:]])
    judge(queue, "Ana", ["approved", "rejected"])
    judge(queue, "Bia", ["approved", "corrected"])
    claim = annotation.claim_next(queue.id, access.local_person().id)
    assert claim
    (approved_one, *_rest) = approved.listed(desk)
    rule = alert_rules.create_rule(measure="errors", bound=0.1, channels=["webhook"])
    alert = Alert(rule_id=rule.id, value=0.5, n=31, conversations=[asked["conversation_id"]])
    with db.writing() as session:
        session.add(alert)
    compared = comparison.wait(comparison.ask_both("Como peço reembolso?").id)
    known.update(
        comparison_id=compared.row.id,
        assistant=desk,
        assistant_id=desk,
        conversation_id=asked["conversation_id"],
        message_id=asked["message_id"],
        document_id=asked["citations"][0]["document_id"],
        conversation=asked["conversation_id"],
        conversation_ids=talks[0],
        queue_id=queue.id,
        item_id=claim.item.id,
        claim_token=claim.claim_token,
        approved_id=approved_one.id,
        rule_id=rule.id,
        alert_id=alert.id,
        person=access.person("Ana").id,
        missing=asked["citations"][0]["document_id"],
        problem="tone",
        version=registry.versions(desk)[0].id,
        document=asked["citations"][0]["document_id"],
        outcome="answered",
    )


@pytest.mark.prove
@schema.parametrize()
@hypothesis.settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES < 100,
    suppress_health_check=list(hypothesis.HealthCheck),
)
def test_every_answer_is_as_described(case: schemathesis.Case[Any], world: None) -> None:
    answer = case.call()
    names = (*GUESSING, *UNREAD) if answer.status_code == 413 else GUESSING
    guessing: list[Any] = CHECKS.get_by_names(names)
    case.validate_response(answer, excluded_checks=guessing)
    assert answer.status_code < 500
