"""Topics are named, and grouped anew, by the API."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core import db
from core.db.tables import Topic
from tests.metrics.made import assistant

if TYPE_CHECKING:
    from starlette.testclient import TestClient

AT = "/api/v1/metrics/topics"


@pytest.fixture
def topic(home: Path) -> str:
    """A topic of two words; its id."""
    row = Topic(assistant_id=assistant(), label="prazo · troca", terms=["prazo", "troca"])
    with db.writing() as session:
        session.add(row)
    return row.id


def test_a_name_is_given_and_taken_back(client: "TestClient", topic: str) -> None:
    named = client.patch(f"{AT}/{topic}", json={"label": "Trocas <b>"})
    assert (named.status_code, named.json()["label"]) == (200, "Trocas <b>")
    with db.session() as session:
        row = session.get(Topic, topic)
        assert row is not None
        assert (row.label, row.named) == ("Trocas <b>", True)
    client.patch(f"{AT}/{topic}", json={"label": ""})
    with db.session() as session:
        row = session.get(Topic, topic)
        assert row is not None
        assert (row.label, row.named) == ("prazo · troca", False)


def test_a_topic_that_is_not_there_is_told(client: "TestClient", topic: str) -> None:
    assert client.patch(f"{AT}/{'0' * 36}", json={"label": "x"}).status_code == 404


def test_a_name_too_long_is_refused(client: "TestClient", topic: str) -> None:
    assert client.patch(f"{AT}/{topic}", json={"label": "x" * 201}).status_code == 422


def test_grouping_too_few_questions_changes_nothing_and_says_so(
    client: "TestClient", topic: str
) -> None:
    told = client.post(f"{AT}/regroup", json={"assistant": "Loja"}).json()
    assert (told["questions"], told["enough"]) == (0, False)
