"""People over the API: invited, given roles, let out and in again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core import access, sign_in
from core.api import layers
from core.config import settings
from core.db.tables import Person
from tests.sign_in.accounts import WORDS, first_admin, member, secret_of, with_accounts

PEOPLE = "/api/v1/people"


@pytest.fixture
def admin(home: Path, api: Starlette, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """What an admin's program sees, with sign-in."""
    with_accounts(monkeypatch)
    ana, _cookie = first_admin()
    with client_of(ana, api) as client:
        yield client


def client_of(person: Person, api: Starlette) -> TestClient:
    """A client with a token of this person's, for all they may."""
    with access.as_person(person):
        mine = [deed for deed in access.MAY if access.may(deed)]
        _row, secret = sign_in.make_token("teste", mine)
    app = Starlette(routes=api.routes, middleware=layers.layers(settings()))
    headers = {"accept-language": "en", "authorization": f"Bearer {secret}"}
    return TestClient(app, "http://127.0.0.1:8501", headers=headers)


def test_somebody_is_invited_listed_disabled_and_enabled(admin: TestClient) -> None:
    made = admin.post(f"{PEOPLE}/invitations", json={"name": "Bia", "roles": ["viewer"]})
    assert made.status_code == 201
    sign_in.accept(secret_of(made.json()["url"]), "bia", WORDS)
    (bia,) = admin.get(PEOPLE, params={"search": "bi"}).json()["data"]
    assert (bia["login"], bia["roles"], bia["browsers"]) == ("bia", ["viewer"], 1)
    gone = admin.post(f"{PEOPLE}/{bia['id']}/disable").json()
    assert (gone["disabled"], gone["browsers"]) == (True, 0)
    assert not admin.post(f"{PEOPLE}/{bia['id']}/enable").json()["disabled"]
    assert "argon2" not in admin.get(PEOPLE).text


def test_other_roles_and_an_end_put_somebody_out(admin: TestClient) -> None:
    bia, first = member("Bia", "viewer")
    changed = admin.put(f"{PEOPLE}/{bia.id}/roles", json={"roles": ["reviewer"]})
    assert changed.json()["roles"] == ["reviewer"]
    assert sign_in.signed_in(first) is None
    row, second = sign_in.begin(bia.id, "password")
    (shown,) = admin.get(f"{PEOPLE}/{bia.id}/sign-ins").json()["data"]
    assert shown["id"] == row.id
    assert admin.delete(f"/api/v1/sign-ins/{row.id}").status_code == 204
    assert sign_in.signed_in(second) is None
    sign_in.begin(bia.id, "password")
    assert admin.delete(f"{PEOPLE}/{bia.id}/sign-ins").json() == {"ended": 1}


def test_a_new_password_comes_by_a_link(admin: TestClient) -> None:
    bia, _cookie = member("Bia", "viewer")
    link = admin.post(f"{PEOPLE}/{bia.id}/reset").json()["url"]
    sign_in.accept(secret_of(link), "", "outra coisa bem longa")
    assert admin.post(f"{PEOPLE}/{'x' * 36}/reset").status_code == 404


def test_the_last_admin_a_taken_login_and_a_strange_role_are_told(admin: TestClient) -> None:
    ana = access.find("Ana")
    last = admin.post(f"{PEOPLE}/{ana.id}/disable")
    assert (last.status_code, last.json()["code"]) == (409, "last_admin")
    taken = {"name": "Bia", "roles": [], "login": "ANA"}
    assert admin.post(f"{PEOPLE}/invitations", json=taken).json()["code"] == "login_taken"
    strange = {"name": "Bia", "roles": ["boss"]}
    assert admin.post(f"{PEOPLE}/invitations", json=strange).status_code == 422


def test_who_may_not_change_people_sees_their_own_sign_ins_alone(
    admin: TestClient, api: Starlette
) -> None:
    bia, _cookie = member("Bia", "viewer")
    ana = access.find("Ana")
    (theirs,) = sign_in.sign_ins(ana.id)
    with client_of(bia, api) as client:
        assert client.get(PEOPLE).status_code == 403
        assert len(client.get(f"{PEOPLE}/{bia.id}/sign-ins").json()["data"]) == 1
        assert client.get(f"{PEOPLE}/{ana.id}/sign-ins").status_code == 403
        assert client.delete(f"/api/v1/sign-ins/{theirs.id}").status_code == 404


def test_without_accounts_nobody_is_invited(client: TestClient) -> None:
    told = client.post(f"{PEOPLE}/invitations", json={"name": "Bia", "roles": []})
    assert (told.status_code, told.json()["code"]) == (409, "no_accounts")
    assert "Bia" not in [one["name"] for one in client.get(PEOPLE).json()["data"]]
