"""Two commands on a bare machine: what they rest on is complete, pinned and free of our machine."""

import ast
import importlib.util
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import httpx
import pytest
from packaging.requirements import Requirement
from packaging.version import Version
from streamlit.web.server.app_discovery import discover_asgi_app

import dev
from tests.conftest import ROOT, clean_environment, free_port, wait_until_ready

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PINNED = re.compile(r"^([a-z0-9-]+)==([^ ;\\]+)", re.M)


def locked(level: str) -> dict[str, set[str]]:
    """Name -> versions (one, or one for each Python) in a lock."""
    found: dict[str, set[str]] = {}
    for name, version in PINNED.findall((ROOT / dev.LOCKS[level]).read_text()):
        found.setdefault(name, set()).add(version)
    return found


@pytest.mark.parametrize("level", dev.LOCKS)
def test_a_lock_names_no_registry_and_no_folder(level: str) -> None:
    lines = (ROOT / dev.LOCKS[level]).read_text().splitlines()
    assert [line for line in lines if "/" in line or line.startswith("-") or "@" in line] == []


@pytest.mark.parametrize("level", dev.LOCKS)
def test_every_locked_package_has_its_hashes(level: str) -> None:
    text = (ROOT / dev.LOCKS[level]).read_text()
    packages = re.split(r"\n(?=[a-z])", text.split("\n", 2)[2])
    assert len(packages) > 30
    assert [each for each in packages if "--hash=sha256:" not in each] == []


@pytest.mark.parametrize("level", dev.LOCKS)
def test_the_lock_holds_everything_that_is_declared(level: str) -> None:
    groups = {
        "runtime": PROJECT["project"]["dependencies"],
        "dev": PROJECT["dependency-groups"]["dev"],
    }
    lock = locked(level)
    for requirement in map(Requirement, groups[level]):
        assert requirement.specifier, f"{requirement.name} has no bounds"
        versions = lock[requirement.name]
        assert all(requirement.specifier.contains(Version(version)) for version in versions)


def test_tests_run_with_the_versions_that_users_run() -> None:
    runtime, tools = locked("runtime"), locked("dev")
    assert {name: tools[name] for name in tools.keys() & runtime.keys()} == {
        name: runtime[name] for name in tools.keys() & runtime.keys()
    }


def test_installing_needs_the_standard_library_alone() -> None:
    tree = ast.parse((ROOT / "dev.py").read_text(), feature_version=(3, 8))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else _names(node))
    }
    assert imported <= set(sys.stdlib_module_names)


def _names(node: ast.Import) -> list[str]:
    return [alias.name for alias in node.names]


def test_with_neither_venv_nor_pip_one_sentence_names_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "UV", tmp_path)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        dev.uv()


def test_without_a_browser_and_the_right_to_install_one_sentence_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CICLO_TEST_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match="apt-get install chromium"):
        dev.find_browser()


def test_an_extra_that_does_not_exist_is_one_sentence_with_those_that_do() -> None:
    with pytest.raises(SystemExit) as stopped:
        dev.add(["nope"])
    assert "'nope'" in str(stopped.value)
    assert "openai" in str(stopped.value)


def test_make_knows_the_commands_of_dev() -> None:
    makefile = (ROOT / "Makefile").read_text()
    (commands,) = re.findall(r"^COMMANDS := (.*)$", makefile, re.M)
    assert commands.split() == list(dev.COMMANDS)
    assert all(f"dev.py {name} " in (dev.__doc__ or "") for name in dev.COMMANDS)


def test_ci_runs_what_everybody_runs() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "make test" in (ROOT / ".ci" / "run").read_text()


def test_streamlit_finds_the_server_in_the_source() -> None:
    assert discover_asgi_app(ROOT / "app.py").import_string == "app:app"


def test_streamlit_asks_nothing_of_other_servers() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert config["server"]["address"] == config["browser"]["serverAddress"] == "127.0.0.1"
    assert config["browser"]["gatherUsageStats"] is False
    assert config["server"]["enableAgentApi"] is False
    assert config["client"]["showErrorDetails"] == "none"
    assert config["client"]["allowedOrigins"] == []


@pytest.mark.slow
@pytest.mark.parametrize("way", ["dev", "streamlit"])
def test_one_command_serves_pages_and_api_from_one_port(way: str, tmp_path: Path) -> None:
    port, home, log = free_port(), tmp_path / "home", tmp_path / "log"
    streamlit = ["-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    command = {"dev": ["dev.py", "run"], "streamlit": streamlit}[way]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=clean_environment(home) | {"PORT": str(port)},
            stdout=output,
            stderr=output,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(url, process, log)
        assert httpx.get(f"{url}/health").json()["status"] == "healthy"
        assert httpx.get(f"{url}/api/v1/models").headers["content-type"] == "application/json"
        assert '<div id="root">' in httpx.get(url).text
        assert (home / "ciclo.db").exists()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    assert url in log.read_text()
    assert "Traceback" not in log.read_text()


@pytest.mark.slow
def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        ended = subprocess.run(
            [sys.executable, "app.py"],
            cwd=ROOT,
            env=clean_environment(tmp_path) | {"CICLO_PORT": str(port)},
            capture_output=True,
            text=True,
        )
    assert ended.returncode == 2
    assert f"{port}" in ended.stderr
    assert "CICLO_PORT=8601" in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.mark.slow
def test_the_command_lies_beside_python() -> None:
    ended = subprocess.run(
        [Path(sys.executable).with_name("ciclo"), "--help"], capture_output=True, text=True
    )
    assert ended.returncode == 0
    assert "serve" in ended.stdout


def audited(*found: dict[str, object]) -> "subprocess.Popen[str]":
    """What looks libraries up, having found this."""
    told = json.dumps({"dependencies": found})
    command = [sys.executable, "-c", f"print({told!r})"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_known_hole_in_a_library_stops_the_check() -> None:
    with (
        audited({"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1"}]}) as audit,
        pytest.raises(SystemExit, match="a 1: PYSEC-1"),
    ):
        dev.end_audit(audit)


@pytest.mark.parametrize("found", [[], [{"name": "a", "skip_reason": "not found"}]])
def test_libraries_that_could_not_be_looked_up_are_told(
    found: list[dict[str, object]], capsys: pytest.CaptureFixture[str]
) -> None:
    with audited(*found) as audit:
        dev.end_audit(audit)
    assert "0 could be looked up" in capsys.readouterr().err
