"""An address that somebody entered leads into no private network where people sign in, whatever its name
says and whatever it says the second time."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from core import access, llm, reach
from core.config import settings
from core.errors import Conflict, InvalidInput, ModelFailed, NotAllowed, NotFound, Unavailable
from core.llm import open_model
from core.llm.http import client_options, hooks
from tests.conftest import Run
from tests.fake_openai import FakeOpenAI

PUBLIC = "93.184.215.14"
Names = Callable[..., None]


@pytest.fixture
def signed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CICLO_AUTH", "accounts")
    settings.cache_clear()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """``names("a.example", "1.2.3.4", ...)``: what a name leads to, the last one from then on."""
    real = socket.getaddrinfo

    def set_(name: str, *addresses: str) -> None:
        left = list(addresses)

        def found(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
            if host == name:
                return real(left.pop(0) if len(left) > 1 else left[0], port, *rest, **more)
            return real(host, port, *rest, **more)

        monkeypatch.setattr(socket, "getaddrinfo", found)

    return set_


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example", "file:///etc/passwd", "a.example", "http://", "http://u:p@a.example/v1",
        "http://a.example/v1?x=1", "http://a.example:99999/", "http://a b/", "http://é.example/",
        "javascript:alert(1)", "http://[::1/", "gopher://127.0.0.1",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(home: Path, url: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        reach.check(url)
    assert caught.value.field == "url"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "10.0.0.5", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0",
        "[::1]", "[fe80::1]", "[fd00::1]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "100.64.0.1",
        "224.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1",
    ],
)  # fmt: skip
def test_no_private_address_is_called_where_people_sign_in(signed: None, host: str) -> None:
    with pytest.raises((NotAllowed, Unavailable)) as caught:
        reach.check(f"http://{host}:8000/v1")
    if isinstance(caught.value, NotAllowed):
        assert caught.value.code == "private_address"
        inner = host.startswith(("169.254.", "[fe80"))
        assert ("CICLO_REACHABLE" in caught.value.hint) is not inner


def test_a_public_address_may_be_called(signed: None) -> None:
    reach.check(f"https://{PUBLIC}/v1")


@pytest.mark.parametrize("named", ["10.0.0.0/8", "10.0.0.5", "lab.example, 10.0.0.5"])
def test_what_the_operator_names_may_be_called(
    signed: None, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("CICLO_REACHABLE", named)
    settings.cache_clear()
    reach.check("http://10.0.0.5:8000/v1")
    with pytest.raises(NotAllowed):
        reach.check("http://192.168.0.1/v1")


def test_a_name_that_leads_to_one_private_address_is_refused(signed: None, names: Names) -> None:
    names("lure.example", "127.0.0.1")
    with pytest.raises(NotAllowed):
        reach.check("http://lure.example/v1")


def test_a_name_that_leads_elsewhere_the_second_time_is_not_followed(
    signed: None, names: Names
) -> None:
    with FakeOpenAI() as inside:
        names("lure.example", PUBLIC, "127.0.0.1")
        port = httpx.URL(inside.url).port
        reach.check(f"http://lure.example:{port}/v1")  # public now
        options = client_options(inside.url, silence=2)
        with (
            httpx.Client(**options, event_hooks=hooks(entered=True)) as client,
            pytest.raises(httpx.ConnectError, match=r"lure\.example"),
        ):
            client.get(f"http://lure.example:{port}/v1/models")
        assert inside.asked == []


def test_a_request_goes_to_the_address_that_was_looked_at_under_its_own_name(
    home: Path, names: Names
) -> None:
    seen: list[httpx.Response] = []
    with FakeOpenAI() as inside:
        port = httpx.URL(inside.url).port
        names("lab.example", "127.0.0.1", PUBLIC)
        with httpx.Client(event_hooks={**hooks(entered=True), "response": [seen.append]}) as client:
            client.get(f"http://lab.example:{port}/v1/models")
    assert seen[0].request.headers["host"] == f"lab.example:{port}"
    assert seen[0].request.extensions["sni_hostname"] == "lab.example"


@pytest.mark.slow  # a client library is imported
def test_without_sign_in_whoever_is_here_may_name_a_server_here(home: Path) -> None:
    with FakeOpenAI() as lab:
        llm.add_server(" Lab ", f"{lab.url}/")
        assert llm.servers() == {"lab": lab.url}
        assert [one.name for one in llm.models("openai-compatible", "lab")] == sorted(lab.models)
        assert open_model(f"openai-compatible:lab/{lab.models[0]}").invoke("Oi").text
        llm.remove_server("lab")
        assert llm.servers() == {}


def test_a_server_that_went_private_cannot_be_reached(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeOpenAI() as lab:
        llm.add_server("lab", lab.url)
        monkeypatch.setenv("CICLO_AUTH", "accounts")
        settings.cache_clear()
        with pytest.raises(ModelFailed) as caught:
            llm.models("openai-compatible", "lab")
        assert caught.value.code == "not_reachable"
        with pytest.raises(ModelFailed) as caught:
            open_model("openai-compatible:lab/x").invoke("Oi")
        assert caught.value.code == "not_reachable"
        assert lab.asked == []


def test_a_server_of_the_settings_goes_first_and_is_asked_about_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeOpenAI() as lab:
        monkeypatch.setenv("CICLO_AUTH", "accounts")
        monkeypatch.setenv("CICLO_SERVERS", f"lab={lab.url}")
        settings.cache_clear()
        with pytest.raises(Conflict):
            llm.add_server("lab", "https://other.example/v1")
        assert llm.models("openai-compatible", "lab")


@pytest.mark.parametrize("name", ["", "1lab", "lab/x", "x" * 41, "<b>"])
def test_a_name_that_is_none_is_refused(home: Path, name: str) -> None:
    with pytest.raises(InvalidInput):
        llm.add_server(name, f"https://{PUBLIC}/v1")


def test_only_an_admin_names_servers(home: Path) -> None:
    with access.as_person(access.set_roles(access.person("Ana").id, ["analyst"])):
        with pytest.raises(NotAllowed):
            llm.add_server("lab", f"https://{PUBLIC}")
        with pytest.raises(NotAllowed):
            llm.remove_server("lab")
    with pytest.raises(NotFound):
        llm.remove_server("lab")


def test_the_command_names_and_forgets_a_server(ciclo: Run) -> None:
    assert ciclo("models", "servers", "--add", "lab=http://127.0.0.1:9/v1").code == 0
    assert ciclo("models", "servers", "--json").data == {
        "data": [{"name": "lab", "url": "http://127.0.0.1:9/v1", "entered": True}]
    }
    assert ciclo("models", "servers", "--add", "lab").code == 2
    assert ciclo("models", "servers", "--remove", "lab").code == 0
    assert ciclo("models", "servers", "--remove", "lab").code == 3
