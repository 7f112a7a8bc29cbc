"""The doors in the mode with accounts: nothing is served to nobody, and a sign-in is the browser's own."""

import os
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from core import access, assistants, audit, sign_in
from core.api import connection, health, layers, sign_in_routes, signing_in
from core.config import settings
from core.errors import NotAllowed
from tests.sign_in.accounts import WORDS, first_admin, member, secret_of, with_accounts

HERE = "http://127.0.0.1:8501"
COOKIE = "ciclo_8501"
OWN = {"origin": HERE}
STREAM = "ws://127.0.0.1:8501/_stcore/stream"
PAGE = {"accept": "text/html"}


async def _anything(request: Request) -> PlainTextResponse:
    return PlainTextResponse("a page of Streamlit's")


async def _document(request: Request) -> HTMLResponse:
    return HTMLResponse('<html lang="en"><head><title>Streamlit</title></head></html>')


async def _slow(request: Request) -> StreamingResponse:
    async def pieces() -> AsyncIterator[bytes]:
        for n in range(4):
            yield f"{n} ".encode()
            if n == 1:
                await run_in_threadpool(sign_in.end_all, access.find("Ana").id)

    return StreamingResponse(pieces())


async def _stream(socket: WebSocket) -> None:
    await socket.accept()
    try:
        while True:
            await socket.send_bytes(await socket.receive_bytes())
    except WebSocketDisconnect:
        return


@pytest.fixture
def served(home: Path, monkeypatch: pytest.MonkeyPatch, api: Starlette) -> Iterator[TestClient]:
    """The server's layers and routes; something of Streamlit's kind stands in Streamlit's place."""
    with_accounts(monkeypatch)
    routes = [*health.routes(), *sign_in_routes.routes(), *api.routes]
    routes += [
        WebSocketRoute("/_stcore/stream", _stream),
        Route("/", _document),
        Route("/slow", _slow),
        Route("/{path:path}", _anything, methods=["GET", "POST", "PUT", "DELETE"]),
    ]
    app = Starlette(routes=routes, middleware=layers.layers(settings()))
    headers = {"accept-language": "en"}
    with TestClient(
        app, HERE, raise_server_exceptions=False, headers=headers, follow_redirects=False
    ) as client:
        yield client


def sent(client: TestClient, cookie: str) -> TestClient:
    client.cookies.set(COOKIE, cookie, "127.0.0.1")
    return client


def form(client: TestClient, path: str, headers: dict[str, str] | None = None, **typed: str) -> Any:
    sent = typed or {"out": ""}  # a browser says of an empty form that it is one, httpx does not
    return client.post(path, data=sent, headers=OWN if headers is None else headers)


# --- nobody ---------------------------------------------------------------------------------------


def paths(routes: list[BaseRoute]) -> Iterator[tuple[str, str]]:
    """(method, path) of every route, and of those of the mounted applications."""
    for route in routes:
        if isinstance(route, Mount):
            found: dict[str, Any] = cast(Any, route.app).openapi()["paths"]
            for path, item in found.items():
                yield from ((method.upper(), route.path + path) for method in item)
        elif isinstance(route, Route) and route.path != "/{path:path}":
            yield from ((method, route.path) for method in route.methods or ())


NOBODYS = {"/login", "/login/now", "/login/files/{name}", "/logout", "/link/{secret}"}
NOBODYS |= {"/health", "/ready"}


@pytest.mark.slow
def test_every_route_refuses_nobody_but_those_named(served: TestClient) -> None:
    walked, open_ = set(), set()
    for method, path in paths(cast(Any, served.app).routes):
        filled = re.sub(r"\{.*?\}", "a" * 43, path)
        answer = served.request(method, filled, headers=OWN)
        walked.add(path)
        if answer.status_code == 303 and path not in NOBODYS:
            assert answer.headers["location"].startswith("/login"), path
        elif answer.status_code != 401:
            open_.add(path)
    assert len(walked) > 150
    assert open_ == NOBODYS


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/health",
        "/_stcore/host-config",
        "/_stcore/metrics",
        "/_stcore/script-health-check",
        "/_stcore/bidi-components/x/y.js",
        "/media/0123.png",
        "/component/x/index.html",
        "/static/js/index.js",
        "/app/static/fonts/inter-latin.woff2",
        "/auth/login",
        "/oauth2callback",
        "/api/docs",
        "/api/openapi.json",
        "/api/v1/assistants",
        "/api",
        "/v1/models",
        "/metrics",
        "/api/v1/query\nx",
    ],
)
def test_streamlits_own_paths_and_the_programs_are_closed_to_nobody(
    served: TestClient, path: str
) -> None:
    assert served.get(path.replace("\n", "%0A")).status_code == 401


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_nobody_uploads(served: TestClient, method: str) -> None:
    assert served.request(method, "/_stcore/upload_file/a/b", headers=OWN).status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/health/",
        "//health",
        "/HEALTH",
        "/login/",
        "/login/oidc",
        "/login/oidc/back",
        "/login/../media/x",
        "/login/files/../../media/x",
        "/link/x/../../chat",
        "/logout/x",
        "/health\n",
        "/link/a/b",
    ],
)
def test_what_only_looks_like_an_open_path_is_closed(served: TestClient, path: str) -> None:
    answer = served.get(path.replace("\n", "%0A"), headers=PAGE)
    assert answer.status_code in (303, 401)
    assert "Streamlit" not in answer.text


def test_people_are_led_to_the_sign_in_and_back_to_where_they_were_going(
    served: TestClient,
) -> None:
    first_admin()
    led = served.get("/metrics?days=7&a=b", headers=PAGE)
    assert led.status_code == 303
    assert led.headers["location"] == "/login?next=/metrics%3Fdays%3D7%26a%3Db"
    assert led.headers["cache-control"] == "no-store"
    shown = served.get(led.headers["location"]).text
    assert 'name="next" value="/metrics?days=7&amp;a=b"' in shown
    there = form(served, "/login", login="ana", password=WORDS, next="/metrics?days=7&a=b")
    assert (there.status_code, there.headers["location"]) == (303, "/metrics?days=7&a=b")


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/a\\b",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\tevil",
        "/é",
        "/login",
        "/logout",
        "/link/" + "a" * 43,
        "/" + "a" * 3000,
        "",
    ],
)
def test_nobody_is_led_to_another_site(served: TestClient, wanted: str) -> None:
    first_admin()
    answer = form(served, "/login", login="ana", password=WORDS, next=wanted)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_a_websocket_is_closed_to_nobody(served: TestClient) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        served.websocket_connect(STREAM, headers=OWN),
    ):
        pass


def test_strangers_hear_that_it_runs_and_no_more(served: TestClient) -> None:
    _ana, cookie = first_admin()
    assert "stats" not in served.get("/health").json()
    assert "stats" in sent(served, cookie).get("/health").json()


def test_sums_over_everything_are_for_those_who_find_everything(served: TestClient) -> None:
    first_admin()
    _bia, cookie = member("Bia", "viewer")
    sent(served, cookie)
    assert served.get("/metrics").status_code == 200
    access.set_members_only(assistants.create("Folha").id, True)
    assert served.get("/metrics").status_code == 403
    assert "stats" not in served.get("/health").json()


def test_openais_clients_are_refused_in_their_shape(served: TestClient) -> None:
    told = served.get("/v1/models").json()["error"]
    assert told["code"] == "not_signed_in"


# --- signing in and out ---------------------------------------------------------------------------


def test_a_wrong_password_is_told_in_place_and_the_login_kept(served: TestClient) -> None:
    first_admin()
    answer = form(served, "/login", login='ana"><script>', password="errada errada")
    assert answer.status_code == 401
    assert 'value="ana&quot;&gt;&lt;script&gt;"' in answer.text
    assert "errada" not in answer.text
    assert COOKIE not in answer.cookies


def test_too_many_tries_are_told_with_the_time_to_wait(served: TestClient) -> None:
    first_admin()
    for _try in range(5):
        form(served, "/login", login="ana", password="errada errada")
    answer = form(served, "/login", login="ana", password=WORDS)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 3
    assert "Try again in" in answer.text


def test_the_cookie_is_not_for_scripts_nor_for_other_sites(served: TestClient) -> None:
    first_admin()
    line = form(served, "/login", login="ana", password=WORDS).headers["set-cookie"]
    assert line.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in line.split(";")}
    assert "Domain" not in line


def test_a_new_sign_in_has_a_new_secret_and_the_one_before_is_over(served: TestClient) -> None:
    _ana, before = first_admin()
    answer = form(sent(served, before), "/login", login="ana", password=WORDS)
    after = answer.cookies[COOKIE]
    assert after != before
    assert sign_in.signed_in(before) is None
    assert sign_in.signed_in(after)


def test_a_secret_that_somebody_else_has_set_is_not_taken_over(served: TestClient) -> None:
    first_admin()
    planted = "p" * 43
    answer = form(sent(served, planted), "/login", login="ana", password=WORDS)
    assert answer.cookies[COOKIE] != planted
    assert sign_in.signed_in(planted) is None


def test_after_sign_out_the_cookie_is_dead_for_page_api_and_websocket(served: TestClient) -> None:
    _ana, stolen = first_admin()
    sent(served, stolen)
    assert served.get("/chat", headers=PAGE).status_code == 200
    out = form(served, "/logout")
    assert (out.status_code, out.headers["location"]) == (303, "/login?out=1")
    assert "Max-Age=0" in out.headers["set-cookie"]
    sent(served, stolen)
    assert served.get("/chat", headers=PAGE).status_code == 303
    assert served.get("/api/v1/assistants").status_code == 401
    assert served.get("/media/x.png").status_code == 401
    with (
        pytest.raises(WebSocketDisconnect),
        served.websocket_connect(STREAM, headers=OWN),
    ):
        pass


def test_a_sign_out_on_the_page_is_told_with_where_it_came_from(served: TestClient) -> None:
    ana, cookie = first_admin()
    form(sent(served, cookie), "/logout")
    (told,) = audit.events(audit.Wanted(action="sign_out"))
    assert (told.person_id, told.door) == (ana.id, "page")
    assert told.address


def test_no_browser_keeps_a_page_to_show_it_after_the_sign_out(served: TestClient) -> None:
    _ana, cookie = first_admin()
    assert sent(served, cookie).get("/").headers["cache-control"] == "no-store"


def test_an_open_websocket_dies_at_its_next_message(served: TestClient) -> None:
    ana, cookie = first_admin()
    sent(served, cookie)
    with served.websocket_connect(STREAM, headers=OWN) as socket:
        socket.send_bytes(b"one")
        assert socket.receive_bytes() == b"one"
        sign_in.end_all(ana.id)
        socket.send_bytes(b"two")
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_bytes()
    assert (closed.value.code, closed.value.reason) == (signing_in.OVER, signing_in.UNREAD)


def test_a_long_answer_ends_with_the_sign_in_that_asked_for_it(
    served: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing_in, "EVERY", 0.0)
    _ana, cookie = first_admin()
    assert sent(served, cookie).get("/slow").text == "0 1 "


@pytest.mark.parametrize("how", ["no origin", "none of ours", "get"])
def test_nobody_is_signed_out_or_in_by_another_site(served: TestClient, how: str) -> None:
    _ana, cookie = first_admin()
    headers = {"no origin": {}, "none of ours": {"origin": "http://evil.example"}, "get": OWN}[how]
    sent(served, cookie)
    if how == "get":
        assert served.get("/logout", headers=headers).status_code == 200  # it asks
    else:
        assert form(served, "/logout", headers).status_code == 403
        assert form(served, "/login", headers, login="ana", password=WORDS).status_code == 403
    assert sign_in.signed_in(cookie)


def test_a_write_with_the_cookie_names_our_own_page(served: TestClient) -> None:
    _ana, cookie = first_admin()
    sent(served, cookie)
    body = {"name": "Suporte"}
    for headers in ({}, {"origin": "http://evil.example"}, {"origin": "null"}):
        assert served.post("/api/v1/assistants", json=body, headers=headers).status_code == 403
        assert served.put("/_stcore/upload_file/a/b", headers=headers).status_code == 403
    assert served.post("/api/v1/assistants", json=body, headers=OWN).status_code == 201


def test_a_form_is_a_form_and_no_larger_than_one(served: TestClient) -> None:
    first_admin()
    assert served.post("/login", json={"login": "ana"}, headers=OWN).status_code == 415
    assert form(served, "/login", login="a" * 70_000).status_code == 413
    assert form(served, "/login", login="").status_code == 401
    many = "&".join(f"f{n}=1" for n in range(1000))
    kind = {"content-type": "application/x-www-form-urlencoded", **OWN}
    assert served.post("/login", content=many, headers=kind).status_code == 413
    assert served.post("/login", content=b"\xff\x00=%ff&login=%00", headers=kind).status_code == 401


# --- who acts -------------------------------------------------------------------------------------


def roles_of(client: TestClient, cookie: str) -> int:
    body = {"name": "Suporte"}
    return sent(client, cookie).post("/api/v1/assistants", json=body, headers=OWN).status_code


def test_over_the_api_the_signed_in_person_acts_with_their_roles(served: TestClient) -> None:
    _ana, anas = first_admin()
    _bia, bias = member("Bia", "viewer")
    assert roles_of(served, bias) == 403
    assert roles_of(served, anas) == 201


def test_with_sign_in_a_name_proves_nothing(served: TestClient) -> None:
    _ana, cookie = first_admin()
    named = {"x-ciclo-person": "Ana"}
    assert served.get("/api/v1/assistants", headers=named).status_code == 401
    answer = sent(served, cookie).get("/api/v1/assistants", headers=named)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_token_acts_without_a_cookie_and_needs_no_origin(served: TestClient) -> None:
    ana, _cookie = first_admin()
    with access.as_person(ana):
        _row, secret = sign_in.make_token("planilha", ["ask", "change"])
    bearer = {"authorization": f"Bearer {secret}"}
    answer = served.post("/api/v1/assistants", json={"name": "Suporte"}, headers=bearer)
    assert answer.status_code == 201
    assert served.get("/chat", headers={**bearer, **PAGE}).status_code == 303  # pages take none
    bad = {"authorization": "Bearer ciclo_wrong"}
    assert served.get("/api/v1/assistants", headers=bad).status_code == 401


def test_without_the_layer_nobody_is_believed(
    home: Path, monkeypatch: pytest.MonkeyPatch, api: Starlette
) -> None:
    with_accounts(monkeypatch)
    with TestClient(api, HERE) as client:
        assert client.get("/api/v1/assistants").status_code == 401


def test_what_is_somebodys_own_is_kept_in_no_cache(served: TestClient) -> None:
    _ana, cookie = first_admin()
    assert sent(served, cookie).get("/api/v1/assistants").headers["cache-control"] == "no-store"


# --- links ----------------------------------------------------------------------------------------


def test_the_first_admins_link_asks_for_name_login_and_password_and_signs_in(
    served: TestClient,
) -> None:
    path = "/link/" + secret_of(sign_in.first_admin_link())
    shown = served.get(path)
    assert shown.status_code == 200
    for name, kind in (("name", "name"), ("login", "username"), ("password", "new-password")):
        assert f'name="{name}"' in shown.text
        assert f'autocomplete="{kind}"' in shown.text
    differs = form(served, path, name="Ana", login="ana", password=WORDS, again="outra")
    assert (differs.status_code, 'value="ana"' in differs.text) == (422, True)
    done = form(served, path, name="Ana", login="ana", password=WORDS, again=WORDS)
    assert (done.status_code, done.headers["location"]) == (303, "/")
    found = sign_in.signed_in(done.cookies[COOKIE])
    assert found is not None
    assert found.person.name == "Ana"
    assert served.get(path).status_code == 404


def test_while_nobody_can_sign_in_the_sign_in_tells_of_the_first_admins_link(
    served: TestClient,
) -> None:
    told = "The first admin begins with the link that the server printed"
    assert told in served.get("/login").text
    first_admin()
    assert told not in served.get("/login").text


def test_looking_at_a_link_does_not_use_it(served: TestClient) -> None:
    first_admin()
    path = "/link/" + secret_of(sign_in.invite("Bia", ["viewer"], "bia").url)
    for _look in range(3):
        assert "readonly" in served.get(path).text
    assert form(served, path, password=WORDS, again=WORDS).status_code == 303


def test_without_sign_in_a_link_leads_home(home: Path) -> None:
    with TestClient(Starlette(routes=sign_in_routes.routes()), follow_redirects=False) as client:
        answer = client.get("/link/" + "a" * 43)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_a_link_that_is_over_says_so_and_leads_on(served: TestClient) -> None:
    answer = served.get("/link/" + "a" * 43)
    assert answer.status_code == 404
    assert 'href="/login"' in answer.text


@pytest.mark.parametrize(("wanted", "said"), [("pt-BR", "Senha"), ("en", "Password")])
def test_the_page_speaks_the_readers_language_and_the_one_they_choose(
    served: TestClient, wanted: str, said: str
) -> None:
    other = {"pt-BR": "en", "en": "pt-BR"}[wanted]
    assert said in served.get("/login", headers={"accept-language": wanted}).text
    chosen = served.get(f"/login?lang={wanted}", headers={"accept-language": other})
    assert said in chosen.text
    assert f'lang="{wanted}"' in chosen.text
    again = served.get("/login", headers={"accept-language": other})
    assert said in again.text  # the cookie keeps it


# --- the connection -------------------------------------------------------------------------------


def scope(host: str, *, scheme: str = "http", client: str = "203.0.113.9") -> dict[str, Any]:
    return {
        "type": "http",
        "scheme": scheme,
        "client": (client, 1),
        "headers": [(b"host", host.encode())],
    }


def set_to(patch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        patch.setenv(f"CICLO_{name}", value)
    settings.cache_clear()


def test_no_password_goes_in_the_clear_to_another_machine(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert connection.may_carry_secrets(scope("127.0.0.1:8501"))
    assert connection.may_carry_secrets(scope("ciclo.example", scheme="https"))
    assert not connection.may_carry_secrets(scope("ciclo.example"))
    set_to(monkeypatch, PUBLIC_URL="https://ciclo.example")
    assert not connection.may_carry_secrets(scope("ciclo.example"))
    assert connection.may_carry_secrets(scope("ciclo.example", client="127.0.0.1"))
    set_to(monkeypatch, PUBLIC_URL="", PLAIN_HTTP="true")
    assert connection.may_carry_secrets(scope("ciclo.example"))


def test_by_https_the_cookie_is_bound_to_host_and_encryption(home: Path) -> None:
    line = connection.set_cookie(scope("ciclo.example", scheme="https"), "s" * 43)
    assert line.startswith("__Host-ciclo=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(line.split("; "))


def test_a_plain_cookie_counts_for_nothing_by_https(home: Path) -> None:
    by_https = scope("ciclo.example", scheme="https")
    by_https["headers"].append((b"cookie", b"ciclo_=planted; ciclo_443=planted"))
    assert connection.cookie(by_https) == ""


def test_an_unencrypted_page_says_why_nobody_can_sign_in(
    served: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_to(monkeypatch, ALLOWED_HOSTS="ciclo.example")
    app = Starlette(routes=sign_in_routes.routes(), middleware=layers.layers(settings()))
    with TestClient(app, "http://ciclo.example", headers={"accept-language": "en"}) as client:
        answer = client.get("/login")
        assert answer.status_code == 403
        assert "not encrypted" in answer.text
        assert client.get("/health").status_code == 404  # not refused; there is none here


def test_tries_to_sign_in_are_counted_by_address_too(
    served: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_to(monkeypatch, LIMIT_SIGN_IN="3/minute")
    told = [form(served, "/login", login=f"login{n}", password=WORDS) for n in range(4)]
    assert [answer.status_code for answer in told] == [401, 401, 401, 429]
    assert int(told[3].headers["retry-after"]) > 2
    link = "/link/" + secret_of(sign_in.first_admin_link())
    assert form(served, link, login="ana", password=WORDS, again=WORDS).status_code == 429


def test_the_figures_for_programs_take_the_deed(served: TestClient) -> None:
    first_admin()
    nobody, cookie = member("Bia")
    assert nobody.roles == []
    answer = sent(served, cookie).get("/metrics")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    access.set_roles(nobody.id, ["viewer"])
    _row, again = sign_in.begin(nobody.id, "password")
    assert sent(served, again).get("/metrics").status_code == 200


def test_the_description_of_the_api_leads_people_to_the_sign_in(served: TestClient) -> None:
    assert served.get("/api/docs", headers=PAGE).headers["location"] == "/login?next=/api/docs"


def test_a_link_is_not_in_the_log_where_it_fails(
    served: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(secret: str) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(sign_in, "link", fail)
    assert served.get("/link/" + "a" * 43).status_code == 500
    told = "".join(f"{record.getMessage()} {vars(record).get('path')}" for record in caplog.records)
    assert "/link/..." in told
    assert "a" * 43 not in told


def test_a_proxy_that_nobody_named_is_not_believed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(connection.TRUSTED, "127.0.0.1")  # so that it is put back
    set_to(monkeypatch, AUTH="accounts", PROXIES="10.0.0.0/8")
    with pytest.raises(NotAllowed) as caught:  # `streamlit run`: the server has read its setting
        connection.trust(settings(), running=True)
    assert caught.value.code == "proxies_unset"
    connection.trust(settings())
    assert os.environ[connection.TRUSTED] == "10.0.0.0/8"
    connection.trust(settings(), running=True)
