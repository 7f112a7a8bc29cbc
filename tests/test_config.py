"""Settings: read once, checked at the start, and each of them documented."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from core.config import ROOT, Settings, is_loopback, load, ollama_address, settings
from core.errors import InvalidInput
from tests.conftest import clean_environment, free_port

EXAMPLE = dict(re.findall(r"^#?CICLO_([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.M))


def test_the_example_documents_every_setting_and_no_other() -> None:
    assert [name.lower() for name in EXAMPLE] == list(Settings.model_fields)


@pytest.mark.parametrize("name", EXAMPLE)
def test_the_example_shows_the_default(
    name: str, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    for variable in ("CICLO_HOME", "CICLO_OLLAMA_URL"):
        monkeypatch.delenv(variable)
    default = getattr(load(), name.lower())
    given = str(ROOT / EXAMPLE[name]) if name == "HOME" else EXAMPLE[name]
    monkeypatch.setenv(f"CICLO_{name}", given)
    assert getattr(load(), name.lower()) == default


@pytest.mark.parametrize(
    ("variable", "value", "allowed"),
    [
        ("CICLO_PORT", "70000", "65535"),
        ("CICLO_PORT", "many", "integer"),
        ("CICLO_PROFILE", "test", "'prod'"),
        ("CICLO_LANGUAGE", "fr", "'pt-BR'"),
        ("CICLO_AUTH", "none", "'local'"),
        ("CICLO_ANSWER_SILENCE_S", "0", "greater than 0"),
        ("CICLO_OLLAMA_URL", "ftp://models", "http://127.0.0.1:11434"),
        ("CICLO_OLLAMA_URL", "http://models:99999", "http://127.0.0.1:11434"),
        ("CICLO_ALLOWED_HOSTS", "https://ciclo.example", "ciclo.example, with commas"),
        ("CICLO_DATABASE_URL", "ciclo.db", "sqlite:////"),
        ("CICLO_DATABASE_URL", "nobase://x", "sqlite:////"),
        ("CICLO_OIDC_ISSUER", "http://login.example", "https://login"),
        ("CICLO_OIDC_ISSUER", "https://user@login.example", "https://login"),
        ("CICLO_OIDC_ISSUER", "https://login.example/?x=1", "without ?"),
        ("CICLO_JWT_ISSUER", "login.example", "https://login"),
        ("CICLO_OIDC_ROLES", "staff=boss", "staff=analyst"),
        ("CICLO_OIDC_ROLES", "staff", "staff=analyst"),
        ("CICLO_OIDC_ROLES", "staff=adminviewer", "staff=analyst"),
    ],
)
def test_a_bad_value_is_one_sentence_with_variable_value_and_what_is_allowed(
    home: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, allowed: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(InvalidInput) as refusal:
        load()
    sentence = refusal.value.message
    assert variable in sentence
    assert repr(value) in sentence
    assert allowed in sentence
    assert "\n" not in sentence
    assert refusal.value.field == variable


def test_a_bad_address_of_ollamas_own_is_told_by_its_name(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CICLO_OLLAMA_URL")
    monkeypatch.setenv("OLLAMA_HOST", "::bad::")
    with pytest.raises(InvalidInput, match="OLLAMA_HOST='::bad::': Input should be an address"):
        load()


def test_no_password_stands_in_the_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CICLO_DATABASE_URL", "nobase://ana:secret@host/ciclo")
    with pytest.raises(InvalidInput) as refusal:
        load()
    assert "secret" not in refusal.value.message
    assert "ana:***@host" in refusal.value.message


def test_settings_cannot_be_changed(home: Path) -> None:
    with pytest.raises(ValidationError):
        settings().port = 1


def test_ollama_is_looked_for_where_its_own_variable_says(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CICLO_OLLAMA_URL")
    assert load().ollama == "http://127.0.0.1:11434"
    monkeypatch.setenv("OLLAMA_HOST", "0.0.0.0:11500")
    assert load().ollama == "http://127.0.0.1:11500"
    monkeypatch.setenv("CICLO_OLLAMA_URL", "https://models.example/")
    assert load().ollama == "https://models.example"


@pytest.mark.parametrize(
    ("given", "lacks"),
    [
        ({"CICLO_AUTH": "oidc"}, "CICLO_OIDC_ISSUER"),
        ({"CICLO_AUTH": "oidc", "CICLO_OIDC_ISSUER": "https://a.b"}, "CICLO_OIDC_CLIENT_ID"),
        ({"CICLO_JWT_ISSUER": "https://a.b"}, "CICLO_JWT_AUDIENCE"),
    ],
    ids=str,
)
def test_what_a_setting_needs_beside_it_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], lacks: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(InvalidInput) as refusal:
        load()
    assert refusal.value.field == lacks


def test_groups_give_roles_by_their_names(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CICLO_OIDC_ROLES", "staff=analyst, cn=the bosses = admin  analyst ,")
    assert load().given_roles == {"staff": ("analyst",), "cn=the bosses": ("admin", "analyst")}


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("0.0.0.0", "http://127.0.0.1:11434"),
        (":11500", "http://127.0.0.1:11500"),
        ("models", "http://models:11434"),
        ("[::]:11500", "http://[::1]:11500"),
        ("http://0.0.0.0", "http://127.0.0.1"),
        ("https://ana:word@models.example/ollama/", "https://ana:word@models.example/ollama"),
    ],
)
def test_an_address_is_read_as_ollama_reads_it(given: str, address: str) -> None:
    assert ollama_address(given) == address


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "[::1]", "LOCALHOST"])
def test_loopback_is_known_by_all_its_names(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "localhost.example", ""])
def test_nothing_else_is_loopback(host: str) -> None:
    assert not is_loopback(host)


def start(command: list[str], home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """What a start that cannot succeed says and how it ends."""
    port = str(free_port())
    ports = {"CICLO_PORT": port, "STREAMLIT_SERVER_PORT": port}
    environment = clean_environment(home) | ports | variables
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
    )


DIRECT = ["-m", "streamlit", "run", "app.py"]
STARTS = {"app": ["app.py"], "serve": ["-m", "core", "serve"], "streamlit": DIRECT}


@pytest.mark.slow
@pytest.mark.parametrize("way", STARTS)
def test_a_bad_setting_stops_every_way_of_starting_with_one_sentence(
    way: str, tmp_path: Path
) -> None:
    ended = start(STARTS[way], tmp_path / "home", CICLO_MAX_UPLOAD_MB="0")
    assert ended.returncode == 2
    assert ended.stderr.startswith("ciclo: CICLO_MAX_UPLOAD_MB='0'")
    assert ended.stderr.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "place", [{"CICLO_HOME": "/proc/x"}, {"CICLO_DATABASE_URL": "sqlite:////proc/x/y"}]
)
def test_no_start_without_a_place_for_the_database(place: dict[str, str], tmp_path: Path) -> None:
    ended = start(["app.py"], tmp_path / "home", **place)
    assert ended.returncode == 2
    assert "/proc/x" in ended.stderr or "unable to open" in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "variables"),
    [
        (["app.py"], {"CICLO_HOST": "0.0.0.0"}),
        (["app.py"], {"CICLO_HOST": "192.168.0.9"}),
        ([*DIRECT, "--server.address", "0.0.0.0"], {}),
    ],
)
def test_no_start_on_an_address_that_others_can_reach(
    command: list[str], variables: dict[str, str], tmp_path: Path
) -> None:
    ended = start(command, tmp_path / "home", **variables)
    assert ended.returncode == 2
    assert ended.stderr.startswith("ciclo: ")
    assert "CICLO_HOST=127.0.0.1" in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert not (tmp_path / "home").exists()
