"""Tokens over the API: what a program shows, and what it may with it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core import access, db, sign_in
from core.config import settings
from core.db.tables import Account, Person


def somebody(name: str, *roles: str) -> Person:
    """A person with these roles, beside the local one who has all."""
    access.local_person()
    return access.set_roles(access.person(name).id, roles)


def made(person: Person, *scopes: str, assistants: tuple[str, ...] = ()) -> str:
    """The secret of a token that this person has made."""
    with access.as_person(person):
        return sign_in.make_token("planilha", scopes or ("ask",), 90, assistants)[1]


def bearer(secret: str) -> dict[str, str]:
    """The headers with it."""
    return {"authorization": f"Bearer {secret}"}


@pytest.fixture
def closed(home: Path, api: Starlette, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A client of a server with sign-in."""
    from core.api import layers, sign_in_routes

    monkeypatch.setenv("CICLO_AUTH", "accounts")
    settings.cache_clear()
    routes = [*sign_in_routes.routes(), *api.routes]
    app = Starlette(routes=routes, middleware=layers.layers(settings()))
    headers = {"accept-language": "en"}
    with TestClient(app, base_url="http://127.0.0.1:8501", headers=headers) as opened:
        yield opened


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer {}"},
        {"authorization": "bearer   {} "},
        {"x-api-key": "{}"},
        {"x-api-key": "{}", "authorization": "Bearer {}"},
        {"x-api-key": "{}", "authorization": "Basic YTpi"},
        {"x-api-key": "{}", "authorization": "Bearer the proxy's own"},
    ],
    ids=str,
)
def test_a_token_says_who_acts_however_a_program_shows_it(
    closed: TestClient, headers: dict[str, str]
) -> None:
    secret = made(somebody("Ana", "analyst"), "read", "ask")
    shown = {name: value.format(secret) for name, value in headers.items()}
    me = closed.get("/api/v1/me", headers=shown).json()
    assert (me["name"], me["roles"], me["may"]) == ("Ana", ["analyst"], ["ask", "read"])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer"},
        {"authorization": "Bearer "},
        {"authorization": "Bearer ciclo_wrong"},
        {"authorization": "Bearer sk-none"},
        {"authorization": "Bearer " + "x" * 20_000},
        {"authorization": "Bearer eyJ.eyJ.eyJ"},
        {"authorization": "Basic YTpi"},
        {"x-api-key": "ciclo_wrong"},
        {"x-api-key": ""},
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["/api/v1/me", "/v1/models"])
def test_without_a_token_that_holds_nothing_is_told(
    closed: TestClient, path: str, headers: dict[str, str]
) -> None:
    somebody("Ana", "admin")
    answer = closed.get(path, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "Ana" not in answer.text
    told = answer.json()
    assert ("error" in told) == path.startswith("/v1")


def test_two_different_tokens_in_one_request_are_refused(closed: TestClient) -> None:
    ana, bia = made(somebody("Ana", "viewer")), made(somebody("Bia", "viewer"))
    answer = closed.get("/api/v1/me", headers={"x-api-key": ana} | bearer(bia))
    assert answer.status_code == 401


def test_a_token_may_only_what_it_is_for(closed: TestClient, desk: str) -> None:
    shown = bearer(made(somebody("Ana", "admin"), "ask"))
    assert closed.get("/api/v1/assistants", headers=shown).status_code == 200
    refused = closed.post("/api/v1/assistants", json={"name": "Loja"}, headers=shown)
    assert refused.status_code == 403
    assert "This token is not for that" in refused.json()["message"]
    assert "--may change" in refused.json()["hint"]


def test_a_token_takes_along_what_is_held_of_its_person_only_if_it_is_for_that(
    closed: TestClient, desk: str
) -> None:
    boss = somebody("Chefe", "admin")
    tokens = made(boss, "ask"), made(boss, "read", assistants=(desk,)), made(boss, "operate")
    answers = [closed.get("/api/v1/privacy/held", headers=bearer(one)) for one in tokens]
    assert [one.status_code for one in answers] == [403, 403, 200]


def test_a_token_for_one_assistant_finds_no_other(closed: TestClient, desk: str) -> None:
    from core import assistants

    other = assistants.create("Loja")
    shown = bearer(made(somebody("Ana", "admin"), "ask", "read", "change", assistants=(desk,)))
    listed = closed.get("/api/v1/assistants", headers=shown).json()["data"]
    assert [one["id"] for one in listed] == [desk]
    assert closed.get(f"/api/v1/assistants/{other.id}", headers=shown).status_code == 404
    models = closed.get("/v1/models", headers=shown).json()["data"]
    assert [one["id"] for one in models] == ["Suporte"]


def test_what_a_program_writes_needs_no_origin_and_is_its_persons(
    closed: TestClient, desk: str
) -> None:
    from core import chat

    ana = somebody("Ana", "viewer")
    begun = closed.post("/api/v1/conversations", json={}, headers=bearer(made(ana)))
    assert begun.status_code == 201
    assert chat.conversation(begun.json()["id"]).person_id == ana.id


def test_tokens_are_made_listed_and_revoked_by_whom_they_stand_for(client: TestClient) -> None:
    new = {"name": "planilha", "scopes": ["ask", "rate"], "days": 7}
    answer = client.post("/api/v1/tokens", json=new, headers={"X-Ciclo-Person": "Ana"})
    assert answer.status_code == 201
    secret, id_ = answer.json()["secret"], answer.json()["id"]
    assert client.get("/api/v1/me", headers=bearer(secret)).json()["name"] == "Ana"
    ana = {"X-Ciclo-Person": "Ana"}
    listed = client.get("/api/v1/tokens", headers=ana)
    assert secret not in listed.text
    assert [(one["id"], one["holds"]) for one in listed.json()["data"]] == [(id_, True)]
    assert client.delete(f"/api/v1/tokens/{id_}", headers=ana).json()["holds"] is False
    assert client.get("/api/v1/me", headers=bearer(secret)).status_code == 401


def test_a_token_makes_no_tokens(client: TestClient) -> None:
    secret = made(access.local_person(), *access.DEEDS)
    answer = client.post("/api/v1/tokens", json={"name": "x"}, headers=bearer(secret))
    assert (answer.status_code, answer.json()["code"]) == (403, "token_by_token")


def test_others_tokens_are_for_admins(client: TestClient) -> None:
    ana, _bia = somebody("Ana", "viewer"), somebody("Bia", "viewer")
    made(ana)
    of_ana = {"person": ana.id}
    bia = client.get("/api/v1/tokens", params=of_ana, headers={"X-Ciclo-Person": "Bia"})
    assert bia.status_code == 403
    assert len(client.get("/api/v1/tokens", params=of_ana).json()["data"]) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["fly"]},
        {"name": "x", "days": 0},
        {"name": "x", "days": 1.5},
        {"name": "x", "days": 10**20},
        {"name": "x", "secret": "mine"},
        {"name": "\u202e"},
        {"name": "x", "assistants": ["a"] * 101},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(client: TestClient, body: dict[str, Any]) -> None:
    assert client.post("/api/v1/tokens", json=body).status_code == 422
    assert sign_in.tokens() == []


def test_without_sign_in_a_word_that_is_no_token_of_ours_hinders_nobody(client: TestClient) -> None:
    for word in ("sk-none", "x.y.z", "not-needed"):
        assert client.get("/v1/models", headers=bearer(word)).status_code == 200
    assert client.get("/v1/models", headers=bearer("ciclo_wrong")).status_code == 401


def test_nobody_is_named_beside_a_token(client: TestClient) -> None:
    shown = bearer(made(somebody("Ana", "viewer")))
    answer = client.get("/api/v1/me", headers=shown | {"X-Ciclo-Person": "Bia"})
    assert answer.status_code == 422


def test_the_token_of_a_disabled_account_is_dead_at_the_next_request(closed: TestClient) -> None:
    boss, ana = somebody("Chefe", "admin"), somebody("Ana", "viewer")
    with db.writing() as session:
        session.add(Account(person_id=boss.id, login="chefe", password_hash="x"))
        session.add(Account(person_id=ana.id, login="ana", password_hash="x"))
    shown = bearer(made(ana))
    assert closed.get("/api/v1/me", headers=shown).status_code == 200
    sign_in.disable(ana.id)
    assert closed.get("/api/v1/me", headers=shown).status_code == 401


@pytest.mark.slow
def test_openais_client_asks_with_a_token_as_its_key(closed: TestClient, desk: str) -> None:
    import openai

    known = {"base_url": "http://127.0.0.1:8501/v1", "http_client": closed, "max_retries": 0}
    ana = made(somebody("Ana", "viewer"))
    said = openai.OpenAI(api_key=ana, **known).chat.completions.create(  # type: ignore[arg-type]
        model="Suporte", messages=[{"role": "user", "content": "Qual é o horário aos sábados?"}]
    )
    assert "9h às 13h" in str(said.choices[0].message.content)
    with pytest.raises(openai.AuthenticationError):
        openai.OpenAI(api_key="ciclo_wrong", **known).models.list()  # type: ignore[arg-type]
    rater = made(somebody("Bia", "viewer"), "rate")
    with pytest.raises(openai.PermissionDeniedError):
        openai.OpenAI(api_key=rater, **known).chat.completions.create(  # type: ignore[arg-type]
            model="Suporte", messages=[{"role": "user", "content": "Qual é o horário?"}]
        )
