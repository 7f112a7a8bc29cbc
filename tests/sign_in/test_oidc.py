"""Sign-in by a provider: the whole flow against a real one over HTTP, and what breaks it."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from core import access, audit, db, sign_in
from core.config import settings
from core.db.tables import Account, Person
from core.errors import InvalidInput, NotAllowed, NotSignedIn, Unavailable
from core.sign_in import oidc
from core.sign_in.issuer import issuer
from tests.fake_oidc import CLIENT, SECRET, FakeOidc, new_key, serving

BACK = "http://127.0.0.1:8501/login/oidc/back"


@pytest.fixture
def provider(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOidc]:
    """A provider whose staff may what analysts may; Ana is one of them."""
    with serving() as fake:
        fake.person["roles"] = ["staff"]
        entered(
            monkeypatch,
            CICLO_AUTH="oidc",
            CICLO_OIDC_ISSUER=fake.url,
            CICLO_OIDC_CLIENT_ID=CLIENT,
            CICLO_OIDC_CLIENT_SECRET=SECRET,
            CICLO_OIDC_ROLES="staff=analyst,bosses=admin",
        )
        yield fake


def entered(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    """From here on with these settings."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()


def gone(url: str) -> dict[str, str]:
    """What a browser that follows ``url`` comes back with."""
    led = httpx.get(url, follow_redirects=False)
    assert led.status_code == 302, led.text
    target = urlsplit(led.headers["location"])
    assert target.path == "/login/oidc/back"
    return {name: values[0] for name, values in parse_qs(target.query).items()}


def signed_in(next_: str = "/") -> tuple[Person, str]:
    """The whole way."""
    url, begun = oidc.begin(BACK, next_)
    return oidc.finish(BACK, gone(url), begun.kept())


def test_who_signs_in_there_is_signed_in_here_with_the_roles_of_their_groups(
    provider: FakeOidc,
) -> None:
    ana, wanted = signed_in("/review?item=7")
    assert (ana.name, ana.roles, wanted) == ("Ana Souza", ["analyst"], "/review?item=7")
    again, _next = signed_in()
    assert again.id == ana.id


def test_a_client_without_a_secret_proves_itself_by_the_verifier(
    provider: FakeOidc, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.public = True
    entered(monkeypatch, CICLO_OIDC_CLIENT_SECRET="")
    assert signed_in()[0].name == "Ana Souza"


def test_a_secret_goes_in_the_body_where_the_provider_takes_it_nowhere_else(
    provider: FakeOidc, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.facts["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    assert signed_in()[0].name == "Ana Souza"


def test_nobody_is_found_by_a_name_or_a_mail_address(provider: FakeOidc) -> None:
    access.local_person()
    mine = access.set_roles(access.person("Ana Souza").id, ["admin"])
    with db.writing() as session:
        session.add(Account(person_id=mine.id, login="ana@example.com"))
    provider.person["email"] = "ana@example.com"
    ana, _next = signed_in()
    assert ana.name == "Ana Souza 2"
    assert ana.roles == ["analyst"]


def test_each_try_has_a_state_a_nonce_and_a_verifier_of_its_own(provider: FakeOidc) -> None:
    (url, one), (_url, two) = oidc.begin(BACK), oidc.begin(BACK)
    assert {one.state, one.nonce, one.verifier}.isdisjoint({two.state, two.nonce, two.verifier})
    assert one.verifier not in url
    sent = parse_qs(urlsplit(url).query)
    assert (sent["state"], sent["nonce"]) == ([one.state], [one.nonce])
    assert sent["code_challenge_method"] == ["S256"]


def test_what_another_browser_began_signs_nobody_in(provider: FakeOidc) -> None:
    url, _theirs = oidc.begin(BACK)
    _url, mine = oidc.begin(BACK)
    with pytest.raises(NotSignedIn) as caught:
        oidc.finish(BACK, gone(url), mine.kept())
    assert caught.value.code == "sign_in_lost"


@pytest.mark.parametrize("kept", ["", "x", "W10=", "e30=", "eyJzdGF0ZSI6MX0=", "é", "A" * 10**6])
def test_a_browser_that_kept_nothing_or_something_else_signs_nobody_in(
    provider: FakeOidc, kept: str
) -> None:
    url, _begun = oidc.begin(BACK)
    with pytest.raises(NotSignedIn):
        oidc.finish(BACK, gone(url), kept)


def test_a_code_works_once(provider: FakeOidc) -> None:
    url, begun = oidc.begin(BACK)
    told = gone(url)
    oidc.finish(BACK, told, begun.kept())
    with pytest.raises(NotSignedIn):
        oidc.finish(BACK, told, begun.kept())


def test_a_stolen_code_is_worth_nothing_in_another_try(provider: FakeOidc) -> None:
    url, _theirs = oidc.begin(BACK)
    stolen = gone(url)["code"]
    _url, mine = oidc.begin(BACK)
    with pytest.raises(NotSignedIn):  # the verifier is not that of the code
        oidc.finish(BACK, {"code": stolen, "state": mine.state}, mine.kept())


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "somebody else"},
        {"aud": [CLIENT, "somebody else"]},
        {"azp": "somebody else"},
        {"iss": "https://elsewhere.example"},
        {"exp": 1},
        {"iat": None},
        {"sub": None},
        {"at_hash": "wrong"},
    ],
    ids=str,
)
def test_an_id_token_of_another_try_client_or_time_signs_nobody_in(
    provider: FakeOidc, claims: dict[str, Any]
) -> None:
    provider.changes = claims
    with pytest.raises(NotSignedIn):
        signed_in()


def test_an_id_token_with_another_key_signs_nobody_in(provider: FakeOidc) -> None:
    provider.published = [new_key("one")]
    with pytest.raises(NotSignedIn):
        signed_in()


def test_who_says_no_at_the_provider_is_not_signed_in(provider: FakeOidc) -> None:
    provider.denies = True
    with pytest.raises(NotSignedIn) as caught:
        signed_in()
    assert caught.value.code == "sign_in_failed"


def test_an_answer_in_another_providers_name_is_refused(provider: FakeOidc) -> None:
    url, begun = oidc.begin(BACK)
    with pytest.raises(NotSignedIn):
        oidc.finish(BACK, gone(url) | {"iss": "https://elsewhere.example"}, begun.kept())


def test_a_wrong_secret_of_ours_signs_nobody_in_and_stands_in_no_error(
    provider: FakeOidc, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    entered(monkeypatch, CICLO_OIDC_CLIENT_SECRET="not the provider's")
    with pytest.raises(NotSignedIn) as caught:
        signed_in()
    assert "not the provider's" not in caplog.text + str(caught.value)


@pytest.mark.parametrize("fault", ["html", "huge", "redirect", "refused", "broken"])
def test_a_provider_that_fails_in_the_middle_is_told(provider: FakeOidc, fault: str) -> None:
    url, begun = oidc.begin(BACK)
    told = gone(url)
    provider.faults["/token"] = fault
    with pytest.raises((Unavailable, NotSignedIn)):
        oidc.finish(BACK, told, begun.kept())


def test_a_provider_that_is_away_is_told(
    provider: FakeOidc, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered(monkeypatch, CICLO_OIDC_ISSUER="http://127.0.0.1:9")
    with pytest.raises(Unavailable):
        oidc.begin(BACK)


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint"])
def test_nothing_is_sent_where_others_read_along(provider: FakeOidc, name: str) -> None:
    provider.facts[name] = "http://login.example/x"
    with pytest.raises(Unavailable):
        signed_in()


def test_somebody_without_a_known_group_stays_outside_and_is_not_made(provider: FakeOidc) -> None:
    provider.person["roles"] = ["choir"]
    with pytest.raises(NotAllowed):
        signed_in()
    assert access.people() == []
    (line,) = audit.events()
    assert (line.action, line.after["subject"], line.after["why"]) == (
        "sign_in_failed",
        "u-1",
        "no_role",
    )


def test_groups_that_the_id_token_does_not_name_are_asked_for_beside_it(provider: FakeOidc) -> None:
    del provider.person["roles"]
    provider.beside = {"sub": "u-1", "roles": ["staff"], "name": "Another", "iss": "elsewhere"}
    ana, _next = signed_in()
    assert (ana.name, ana.roles) == ("Ana Souza", ["analyst"])  # the signed word goes first


@pytest.mark.parametrize(
    "beside", [{"sub": "u-2", "roles": ["staff"]}, {"roles": ["staff"]}, {"sub": "u-1"}], ids=str
)
def test_what_is_told_beside_of_somebody_else_gives_no_role(
    provider: FakeOidc, beside: dict[str, Any]
) -> None:
    del provider.person["roles"]
    provider.beside = beside
    with pytest.raises(NotAllowed):
        signed_in()


@pytest.mark.parametrize("fault", ["html", "huge", "redirect", "refused", "broken"])
def test_a_provider_that_tells_nothing_beside_gives_no_role(provider: FakeOidc, fault: str) -> None:
    del provider.person["roles"]
    provider.beside, provider.faults["/userinfo"] = {}, fault
    with pytest.raises(NotAllowed):
        signed_in()


@pytest.mark.parametrize(
    "gives",
    [
        {"id_token": None},
        {"id_token": 7},
        {"id_token": ""},
        {"access_token": None},
        {"access_token": 7},
        {"token_type": "mac"},
        {"token_type": None},
        {"expires_in": "soon"},
        {"expires_in": -1},
    ],
    ids=str,
)
def test_an_odd_answer_to_a_code_is_refused_in_words(
    provider: FakeOidc, gives: dict[str, Any]
) -> None:
    del provider.person["roles"]
    provider.beside, provider.gives = {"sub": "u-1"}, gives
    with pytest.raises((NotSignedIn, NotAllowed, Unavailable)):
        signed_in()


def test_scopes_for_groups_are_asked_for_where_they_are_offered(provider: FakeOidc) -> None:
    url, _begun = oidc.begin(BACK)
    assert parse_qs(urlsplit(url).query)["scope"] == ["openid profile email"]
    issuer.cache_clear()
    provider.facts["scopes_supported"] = ["openid", "groups", "offline_access"]
    url, _begun = oidc.begin(BACK)
    assert parse_qs(urlsplit(url).query)["scope"] == ["openid profile email groups"]


def test_a_group_that_is_taken_away_ends_every_sign_in(provider: FakeOidc) -> None:
    access.local_person()
    ana, _next = signed_in()
    _row, secret = sign_in.begin(ana.id, "oidc")
    provider.person["roles"] = ["bosses"]
    assert signed_in()[0].roles == ["admin"]
    assert sign_in.signed_in(secret) is None


def test_a_disabled_account_stays_outside(provider: FakeOidc) -> None:
    access.local_person()
    sign_in.disable(signed_in()[0].id)
    with pytest.raises(NotSignedIn) as caught:
        signed_in()
    assert caught.value.code == "disabled"


def test_the_way_back_is_below_the_public_address(
    provider: FakeOidc, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert oidc.back_address("http://127.0.0.1:8501/") == BACK
    with pytest.raises(InvalidInput):
        oidc.back_address("http://10.0.0.5:8501/")
    entered(monkeypatch, CICLO_PUBLIC_URL="https://ciclo.example")
    assert oidc.back_address("http://10.0.0.5/") == "https://ciclo.example/login/oidc/back"


@pytest.mark.slow
@pytest.mark.parametrize("variable", ["CICLO_AUTH", "CICLO_JWT_ISSUER"])
def test_a_server_that_lacks_the_library_says_so_before_it_starts(
    provider: FakeOidc,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variable: str,
) -> None:
    from core.api import start

    if variable == "CICLO_JWT_ISSUER":
        issuer = {"CICLO_JWT_ISSUER": provider.url, "CICLO_JWT_AUDIENCE": "ciclo"}
        entered(monkeypatch, CICLO_AUTH="local", **issuer)
    monkeypatch.setitem(sys.modules, "authlib.integrations", None)
    monkeypatch.setattr("core.logs.start", lambda: None)
    with pytest.raises(SystemExit) as ended:
        start.prepare()
    assert ended.value.code == start.BAD_START
    assert "dev.py add oidc" in capsys.readouterr().err
