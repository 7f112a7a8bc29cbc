"""A token that is for one assistant changes that one, and nothing that concerns all of Ciclo."""

import re
from collections.abc import Callable, Iterator
from contextvars import copy_context
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from core import access, assistants, db, i18n, registry, sign_in
from core.access import OF_ALL, Origin
from core.db.tables import AlertRule, ApiToken, Base
from core.errors import Conflict, InvalidInput, NotAllowed
from core.metrics.alerts import rules
from tests.access.asking import LONG, application, operations
from tests.access.matrix import ROUTES, deeds
from tests.access.test_roles import somebody
from tests.access.world import Ids, built

BUSY = ("settings", "('topics',)")  # who is grouping questions: a lock
NOTED = ("audit_events", "api_tokens", "annotation_drafts")  # of every request; one's own drafts
FOR_ALL = "certain assistants only"


def bound(assistant_id: str) -> str:
    """The secret of an admin's token for one assistant, and all that such a token can be for."""
    scopes = [one for one in access.DEEDS if one not in OF_ALL]
    with access.as_person(access.local_person()):
        return sign_in.make_token("robô", scopes, assistants=[assistant_id])[1]


def of_before(secret: str) -> None:
    """As if it had been made when such a token could be for everything."""
    with db.writing() as session:
        for row in session.scalars(select(ApiToken)):
            row.scopes = list(access.DEEDS)


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    headers = {"accept-language": "en"}
    with TestClient(application(), raise_server_exceptions=False, headers=headers) as client:
        yield client


def _rows() -> dict[tuple[str, str], str]:
    found = {}
    with db.session() as session:
        for one in Base.metadata.sorted_tables:
            for row in session.execute(select(one)):
                key = tuple(row._mapping[column] for column in one.primary_key)
                found[one.name, str(key)] = str(tuple(row))
    return {at: row for at, row in found.items() if at[0] not in NOTED}


def _not_ours(before: dict[Any, str], after: dict[Any, str], ids: Ids) -> list[Any]:
    """Rows that are new, changed or gone, and hang on nothing of these."""
    rows = {at: f"{before.get(at)} {after.get(at)}" for at in {*before, *after}}
    ours, grows = set(ids.values()), True
    while grows:
        fitting = {at for at, row in rows.items() if any(one in row for one in ours)}
        keys = [re.findall(r"[0-9a-f-]{36}", at[1]) for at in fitting]
        found = {key[0] for key in keys if len(key) == 1}  # of two, one may be a person
        ours, grows = ours | found, not found <= ours
    left = [at for at in rows if before.get(at) != after.get(at) and at not in fitting]
    return left


@pytest.mark.slow
def test_whatever_it_changes_belongs_to_its_assistant(client: TestClient) -> None:
    built("Folha", "jabuticaba")
    ids = built("Loja", "abacate")
    access.person("Ana")  # whom bodies name
    headers = {"authorization": f"Bearer {(secret := bound(ids['assistant_id']))}"}
    of_before(secret)
    before, wrong = _rows(), []
    for name in sorted(deeds(ROUTES), key=lambda one: one.startswith("DELETE")):
        if name in LONG:
            continue
        answer = operations()[name].ask(client, ids, headers)
        if deeds(ROUTES)[name] in OF_ALL and (
            answer.status_code != 403 or FOR_ALL not in answer.text
        ):
            wrong.append((name, answer.status_code, answer.text[:200]))
    assert wrong == []
    changed = _not_ours(before, after := _rows(), ids)
    registered = [at for at in changed if at[0] == "models" and at not in before]  # a name alone
    changed = [at for at in changed if at not in registered and at != BUSY]
    assert [(at, before.get(at), after.get(at)) for at in changed] == []
    assert len({*before.items()} - {*after.items()}) > 5


def _as_bound(assistant_id: str, act: Callable[[], object]) -> object:
    def acted() -> object:
        access.act(access.local_person(), Origin("api", assistants=frozenset({assistant_id})))
        return act()

    return copy_context().run(acted)


def test_it_makes_no_other_assistant_and_says_why(home: Path) -> None:
    desk = assistants.create("Loja")
    for act in (
        lambda: assistants.create("Outra"),
        lambda: assistants.set_default(desk.id),
        lambda: registry.describe_model("fake:echo", price_in=1.0),
        lambda: access.demand("operate"),
    ):
        with pytest.raises(NotAllowed) as caught, i18n.speaking("en"):
            _as_bound(desk.id, act)
        assert FOR_ALL in caught.value.message
    assert [one.name for one in assistants.all()] == ["Loja"]


def test_a_name_of_one_that_is_not_there_for_who_acts_cannot_be_taken(home: Path) -> None:
    hidden = assistants.create("Folha")
    access.set_members_only(hidden.id, True)
    ana = somebody("Ana", "analyst")
    refused = pytest.raises(Conflict, match="cannot be taken")
    with i18n.speaking("en"), access.as_person(ana), refused as caught:
        assistants.create("Folha")
    assert "that one" not in caught.value.hint
    with i18n.speaking("en"), pytest.raises(Conflict, match="already"):
        assistants.create("Folha")


def test_it_makes_alert_rules_for_its_assistant_alone(home: Path) -> None:
    desk = assistants.create("Loja")
    facts = {"measure": "errors", "bound": 0.1}
    made = _as_bound(desk.id, lambda: rules.create_rule(**facts, filters={"assistant": desk.id}))
    assert isinstance(made, AlertRule)
    for act in (
        lambda: rules.create_rule(**facts),
        lambda: rules.change_rule(made.id, filters={}),
    ):
        with pytest.raises(NotAllowed):
            _as_bound(desk.id, act)
    assert [one.filters for one in rules.rules()] == [{"assistant": desk.id}]


def test_its_assistant_is_changed_by_it_like_by_anybody(home: Path) -> None:
    desk = assistants.create("Loja")
    _as_bound(desk.id, lambda: assistants.update(desk.id, persona="Breve."))
    _as_bound(desk.id, lambda: registry.choose_model(desk.id, "fake:echo"))
    assert assistants.get(desk.id).persona == "Breve."


@pytest.mark.parametrize("deed", OF_ALL)
def test_no_token_is_made_for_one_assistant_and_for_what_concerns_all(
    home: Path, deed: str
) -> None:
    desk = assistants.create("Loja")
    with access.as_person(access.local_person()), pytest.raises(InvalidInput) as caught:
        sign_in.make_token("robô", ["ask", deed], assistants=[desk.id])
    assert caught.value.field == "scopes"
    assert deed in caught.value.hint
