"""Whatever shows what somebody else typed, personal data and all, is in the log; found by walking.

An asker types a CPF into everything an asker can type into. Then an analyst reads every path of the API:
where the CPF comes back, a line must have been written before. A new path that shows it fails here.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core import access, annotation, assistants, audit, chat, db, feedback, retrieval
from core.access import NOWHERE, Origin
from core.api import create_app, mounted
from core.api.acting import HEADER
from core.audit import saying
from core.db.tables import Person
from tests.access.test_roles import somebody
from tests.access.world import Ids, built
from tests.audit.test_recording import lines

CPF = "529.982.247-25"
SEEN = ("look", "export")
ASKED = {"measure": "answers", "by": "assistant", "period": "all"}
NAMED = {"conversation": "conversation_id", "topic": "topic_id", "assistant": "assistant_id"}


def paths(ids: Ids) -> list[tuple[str, dict[str, str]]]:
    """What the API reads, filled with ids: those of its paths that can be, and what of ``ASKED`` they
    take."""
    told = create_app().openapi()["paths"]
    filled = [
        (
            re.sub(r"{(\w+)}", lambda one: ids.get(NAMED.get(one[1], one[1]), one[0]), path),
            of["get"],
        )
        for path, of in told.items()
        if "get" in of
    ]
    return [(f"/api{path}", _taken(of)) for path, of in filled if "{" not in path]


def _taken(operation: dict[str, Any]) -> dict[str, str]:
    takes = {one["name"] for one in operation.get("parameters", ())}
    return {name: value for name, value in ASKED.items() if name in takes}


@pytest.fixture
def maria(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    """An analyst; each of her looks counts, however soon it comes again."""
    monkeypatch.setattr(saying, "AGAIN", timedelta(0))
    yield somebody("Maria", "analyst", "reviewer", "viewer")
    access.act(None, NOWHERE)


@pytest.fixture
def typed(maria: Person) -> Ids:
    """The ids of a world in which an asker has typed their CPF wherever they could."""
    ids = built("Loja", "abacate")
    bia = somebody("Bia", "viewer")
    with access.as_person(bia):
        answer = chat.ask(f"Meu CPF é {CPF}. Qual o prazo do abacate?", person_id=bia.id)
        chat.ask(f"Quem é o dono do CPF {CPF}?", person_id=bia.id)
        message, talk = answer.message.id, answer.conversation.id
        feedback.give(message, "down", person_id=bia.id, comment=f"Errou o CPF {CPF}.")
        feedback.flag(message, "other", person_id=bia.id, text=f"CPF {CPF}")
        feedback.rate_conversation(talk, person_id=bia.id, stars=1, comment=f"CPF {CPF}")
    annotation.add(ids["queue_id"], [talk])
    with db.writing() as session:
        alert = session.get(db.tables.Alert, ids["alert_id"])
        assert alert
        alert.conversations = [talk]
    named = {"conversation_id", "conversation_ids"}
    of_message = {"message_id", "answer_id", "other_id", "parent_id"}
    mine = dict.fromkeys(named, talk) | dict.fromkeys(of_message, message)
    return ids | mine | {"question_id": answer.question.id}


@pytest.fixture(scope="module")
def api() -> Starlette:
    return Starlette(routes=mounted())


@pytest.mark.slow
def test_wherever_the_api_shows_what_others_typed_the_look_is_told(
    api: Starlette, maria: Person, typed: Ids
) -> None:
    shown, untold = [], []
    with TestClient(api, headers={HEADER: maria.name}, raise_server_exceptions=False) as client:
        for path, asked in paths(typed):
            before = len(lines(person_id=maria.id))
            answer = client.get(path, params=asked)
            new = [one.action for one in lines(person_id=maria.id)[before:]]
            if CPF in answer.text:
                shown.append(path)
                untold += [] if set(new) & set(SEEN) else [path]
    assert untold == []
    assert len(shown) >= 10, shown


@pytest.mark.slow
def test_who_typed_it_looks_at_nobody_elses(api: Starlette, maria: Person, typed: Ids) -> None:
    bia = access.find("Bia")
    with TestClient(api, headers={HEADER: "Bia"}, raise_server_exceptions=False) as client:
        for path, asked in paths(typed):
            client.get(path, params=asked)
    assert [one.kind for one in lines(person_id=bia.id, action="look")] == []


@pytest.mark.slow
@pytest.mark.parametrize(("roles", "kinds"), [(["analyst"], ["conversation"]), (["reviewer"], [])])
def test_a_claim_is_a_look_for_who_sees_it_as_it_was_said(
    typed: Ids, roles: list[str], kinds: list[str]
) -> None:
    zoe = somebody("Zoe", *roles)
    access.act(zoe, Origin("page"))
    claim = annotation.claim_next(typed["queue_id"], zoe.id)
    assert claim
    assert (CPF in claim.answer.question.text) == bool(kinds)
    assert [one.kind for one in lines(action="look", person_id=zoe.id)] == kinds


def test_a_file_with_personal_data_is_looked_at_and_one_without_is_not(maria: Person) -> None:
    shop = assistants.create("Loja")
    access.act(maria, Origin("page"))
    for name, text in (("a.md", f"O CPF dela é {CPF}."), ("b.md", "Abre às 9h.")):
        added = retrieval.add(shop.id, name, text.encode(), now=True)
        retrieval.original(added.id)
    (told,) = lines(action="look")
    access.act(None, NOWHERE)
    assert audit.event(told.number).title == "a.md"


def test_what_is_written_down_within_a_transaction_is_taken_back_with_it(maria: Person) -> None:
    access.act(maria, Origin("page"))
    with db.writing() as session:
        audit.looked("document", "d1")
        audit.did("export", "document", "d1")
        session.rollback()
    assert lines(object_id="d1") == []
    audit.looked("document", "d1")
    assert len(lines(object_id="d1")) == 1
