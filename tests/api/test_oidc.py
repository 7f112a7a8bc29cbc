"""The way to a provider and back, as a browser goes it: cookies, redirects, and what is refused."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.config import settings
from tests.fake_oidc import CLIENT, SECRET, FakeOidc, serving

SITE = "http://127.0.0.1:8501"


@pytest.fixture
def provider(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOidc]:
    """A provider that this server believes."""
    with serving() as fake:
        monkeypatch.setenv("CICLO_AUTH", "oidc")
        monkeypatch.setenv("CICLO_OIDC_ISSUER", fake.url)
        monkeypatch.setenv("CICLO_OIDC_CLIENT_ID", CLIENT)
        monkeypatch.setenv("CICLO_OIDC_CLIENT_SECRET", SECRET)
        monkeypatch.setenv("CICLO_OIDC_ROLES", "staff=analyst")
        fake.person["roles"] = ["staff"]
        settings.cache_clear()
        yield fake


@pytest.fixture
def visitor(provider: FakeOidc, api: Starlette) -> Iterator[TestClient]:
    """A browser that follows no redirect by itself, on a server with sign-in."""
    with client(api) as opened:
        yield opened


def client(api: Starlette) -> TestClient:
    """A browser of its own on such a server."""
    from core.api import layers, sign_in_routes

    routes = [*sign_in_routes.routes(), *api.routes]
    app = Starlette(routes=routes, middleware=layers.layers(settings()))
    headers = {"accept-language": "en"}
    return TestClient(app, base_url=SITE, follow_redirects=False, headers=headers)


def gone(visitor: TestClient, next_: str = "/metrics") -> str:
    """Where the provider sends this browser back to."""
    led = visitor.get("/login/oidc", params={"next": next_})
    assert led.status_code == 303, led.text
    there = httpx.get(led.headers["location"], follow_redirects=False)
    return there.headers["location"]


def who(visitor: TestClient) -> int:
    """How the API answers this visitor."""
    return visitor.get("/api/v1/assistants").status_code


def test_a_browser_comes_back_signed_in_where_it_wanted_to_go(visitor: TestClient) -> None:
    assert who(visitor) == 401
    back = visitor.get(gone(visitor, "/metrics?day=1"))
    assert (back.status_code, back.headers["location"]) == (303, "/metrics?day=1")
    assert who(visitor) == 200
    cookies = back.headers.get_list("set-cookie")
    assert all("HttpOnly" in one and "SameSite=Lax" in one for one in cookies)
    assert "ciclo_8501-oidc" not in visitor.cookies  # it was for one try


def test_login_leads_to_the_provider_and_asks_for_no_password(
    visitor: TestClient, provider: FakeOidc
) -> None:
    shown = visitor.get("/login", params={"next": "/metrics"})
    assert "Sign in with 127.0.0.1" in shown.text
    assert 'href="/login/oidc?next=%2Fmetrics"' in shown.text
    assert 'type="password"' not in shown.text
    form = {"login": "ana", "password": "x" * 20}
    assert visitor.post("/login", data=form, headers={"origin": SITE}).status_code == 401


@pytest.mark.parametrize(
    "wanted",
    ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "/logout"],
)
def test_nobody_is_led_to_another_site_afterwards(visitor: TestClient, wanted: str) -> None:
    assert visitor.get(gone(visitor, wanted)).headers["location"] == "/"


def test_an_address_that_another_browser_began_signs_nobody_in(
    visitor: TestClient, api: Starlette
) -> None:
    theirs = gone(visitor)
    with client(api) as other:
        led = other.get(theirs)
        assert urlsplit(led.headers["location"]).path == "/login"
        assert who(other) == 401


def test_a_way_back_works_once(visitor: TestClient, api: Starlette) -> None:
    back = gone(visitor)
    kept = dict(visitor.cookies)
    visitor.get(back)
    with client(api) as other:
        other.cookies.update({name: told for name, told in kept.items() if "oidc" in name})
        other.get(back)
        assert who(other) == 401


def test_the_sign_in_that_a_browser_had_is_over_with_the_next(visitor: TestClient) -> None:
    from core import sign_in

    visitor.get(gone(visitor))
    before = visitor.cookies["ciclo_8501"]
    visitor.get(gone(visitor))
    assert visitor.cookies["ciclo_8501"] != before
    assert sign_in.signed_in(before) is None


@pytest.mark.parametrize(
    ("roles", "denies", "said"),
    [
        (["choir"], False, "None of your groups has a role"),
        (["staff"], True, "did not sign you in"),
    ],
)
def test_why_it_failed_is_told_at_login_in_both_languages(
    visitor: TestClient, provider: FakeOidc, roles: list[str], denies: bool, said: str
) -> None:
    provider.person["roles"], provider.denies = roles, denies
    led = visitor.get(gone(visitor)).headers["location"]
    told = parse_qs(urlsplit(led).query)
    assert told.keys() == {"problem", "next"}
    assert told["next"] == ["/metrics"]
    assert said in visitor.get(led).text
    portuguese = visitor.get(led, headers={"accept-language": "pt-BR"})
    assert said not in portuguese.text
    assert 'role="alert"' in portuguese.text


def test_a_provider_that_is_away_is_told_at_login(visitor: TestClient, provider: FakeOidc) -> None:
    provider.faults["/.well-known/openid-configuration"] = "refused"
    led = visitor.get("/login/oidc").headers["location"]
    assert "cannot be asked" in visitor.get(led).text


@pytest.mark.parametrize(
    "query", ["", "code=x", "code=x&state=y", "error=<script>&state=" + "y" * 5000, "state=%ff"]
)
def test_a_way_back_that_nobody_went_signs_nobody_in(visitor: TestClient, query: str) -> None:
    led = visitor.get(f"/login/oidc/back?{query}")
    assert led.headers["location"].startswith("/login?problem=sign_in_lost")
    assert "script" not in led.headers["location"]
    assert who(visitor) == 401


def test_a_problem_that_is_none_is_not_repeated(visitor: TestClient) -> None:
    shown = visitor.get("/login", params={"problem": "<b>hello"})
    assert "hello" not in shown.text


def test_who_came_by_another_name_is_led_to_the_public_one_first(
    visitor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICLO_PUBLIC_URL", "https://ciclo.example")
    settings.cache_clear()
    led = visitor.get("/login/oidc", params={"next": "/review"})
    assert led.headers["location"] == "https://ciclo.example/login/oidc?next=%2Freview"


def test_without_a_provider_there_is_no_such_way(
    home: Path, api: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICLO_AUTH", "accounts")
    settings.cache_clear()
    with client(api) as opened:
        assert opened.get("/login/oidc").status_code == 303  # to /login, as any other path


def test_after_signing_out_the_provider_asks_anew_who_it_is(visitor: TestClient) -> None:
    visitor.get(gone(visitor))
    visitor.post("/logout", headers={"origin": SITE}, data={"x": "1"})
    assert who(visitor) == 401
    shown = visitor.get("/login?out=1").text
    assert 'href="/login/oidc?next=%2F&amp;anew=1"' in shown
    led = visitor.get("/login/oidc?anew=1").headers["location"]
    assert parse_qs(urlsplit(led).query)["prompt"] == ["login"]


def test_tries_to_come_back_are_counted_by_address(
    visitor: TestClient, provider: FakeOidc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICLO_LIMIT_SIGN_IN", "2/minute")
    settings.cache_clear()
    for _n in range(2):
        visitor.get(gone(visitor))
    asked = provider.asked.count("/token")
    led = visitor.get(gone(visitor)).headers["location"]
    assert led.startswith("/login?problem=too_many")
    assert provider.asked.count("/token") == asked
