"""People at the command line: who there are, what they may, and acting as one of them."""

import pytest

from core import access
from tests.conftest import Run


def test_people_are_listed_with_their_roles(ciclo: Run) -> None:
    access.person("João")
    listed = ciclo("people", "list", "--json").data["data"]
    assert [one["name"] for one in listed] == ["João", "local"]
    assert listed[0]["roles"] == list(access.ROLES)
    told = ciclo("people", "list").out
    assert "João" in told
    assert "Whoever sits here" in told


def test_roles_are_given_by_name_and_taken_with_none(ciclo: Run) -> None:
    ana = access.person("Ana")
    assert ciclo("people", "roles", "Ana", "reviewer", "viewer").code == 0
    assert access.known(ana.id).roles == ["viewer", "reviewer"]
    assert ciclo("people", "roles", ana.id, "none", "--json").data["roles"] == []


def test_the_last_admin_a_strange_role_and_nobody_are_told(ciclo: Run) -> None:
    assert ciclo("people", "roles", "local", "viewer").code == 1
    assert ciclo("people", "roles", "local", "boss").code == 2
    assert ciclo("people", "roles", "Nobody", "admin").code == 3
    assert "Nobody" not in [one.name for one in access.people()]


def test_a_person_is_renamed(ciclo: Run) -> None:
    ana = access.person("Ana")
    assert ciclo("people", "rename", "Ana", "Ana Maria").code == 0
    assert access.known(ana.id).name == "Ana Maria"


def test_who_may_do_what_is_told_in_words(ciclo: Run) -> None:
    assert "change people and their roles" in ciclo("people", "may").out
    assert ciclo("people", "may", "--json").data["may"]["people"] == ["admin"]


def test_whoever_acts_by_name_has_that_persons_roles(ciclo: Run) -> None:
    access.set_roles(access.person("Ana").id, ["viewer"])
    refused = ciclo("--as", "Ana", "assistants", "create", "Loja")
    assert refused.code == 1
    assert "Ana" in refused.err
    assert ciclo("assistants", "create", "Loja").code == 0


def test_the_variable_names_who_acts(ciclo: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    access.set_roles(access.person("Ana").id, ["viewer"])
    monkeypatch.setenv("CICLO_PERSON", "Ana")
    assert ciclo("assistants", "create", "Loja").code == 1


def test_what_is_asked_by_name_is_that_persons(ciclo: Run) -> None:
    from core import chat

    ciclo("assistants", "create", "Loja")
    assert ciclo("--as", "Ana", "ask", "Quando a loja abre?").code == 0
    (talk,) = chat.conversations()
    assert talk.person_id == access.person("Ana").id


def test_a_name_that_is_none_is_refused(ciclo: Run) -> None:
    assert ciclo("--as", "x" * 201, "people", "list").code == 2
