"""Every route, command and verb as every role and as somebody without one, against ``matrix.py``.

Whoever may not is refused though all they name is there; whoever may is not, where nothing they name
is. That nothing is served to whoever is not signed in is walked in tests/api/test_signing_in.py, the
pages in tests/pages/test_matrix.py.
"""

import inspect
import io
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.main import get_command

from core import access, assistants
from core.access import belonging
from core.access.guarding import DEED, THERE
from core.api.acting import HEADER
from core.cli import app
from core.errors import NotAllowed
from tests.access.asking import LONG, application, operations
from tests.access.matrix import ANYBODY, COMMANDS, ROUTES, deeds, lines, verbs
from tests.access.test_guarded import FREE, INNER
from tests.access.test_guarded import verbs as handed_out
from tests.access.test_roles import somebody
from tests.access.world import Ids, built
from tests.conftest import Run

WHO = ("nobody", *access.ROLES)  # the first has no role
PURE = ("text", "statistics", "reading", "privacy", "llm", "tracing", "db", "i18n", "api", "cli")
UNLOOKED = (  # they ask that question, leave out what is not there, or tell a word or a number
    *("core.access.seen", "core.access.sees", "core.registry.no_assistant"),
    *("core.retrieval.each", "core.retrieval.documents_of"),
    *("core.retrieval.state", "core.retrieval.memory.revision"),
)
ELSEWHERE = ("backup", "limits")  # whose own tests walk their verbs


def may(role: str, deed: str) -> bool:
    """Whether somebody of this role alone may do it."""
    return deed == ANYBODY or role in access.MAY[deed]


def being(role: str) -> str:
    """The name of somebody of this role alone."""
    return somebody("Xis", *(() if role == "nobody" else (role,))).name


def _missing(table: dict[str, str], found: dict[str, Any]) -> tuple[list[str], list[str]]:
    """(what has no line, lines of what is not there)."""
    return sorted(found.keys() - table.keys()), sorted(table.keys() - found.keys())


@pytest.mark.slow
def test_every_route_has_its_line() -> None:
    assert _missing(deeds(ROUTES), dict(operations())) == ([], [])


@pytest.mark.slow
@pytest.mark.parametrize("role", WHO)
def test_every_route_refuses_whoever_may_not_and_nobody_else(home: Path, role: str) -> None:
    ids, headers = built("Loja", "abacate"), {HEADER: being(role)}
    ids["person_id"] = access.person("Ana").id
    wrong = []
    with TestClient(application(), raise_server_exceptions=False) as client:
        for name, deed in deeds(ROUTES).items():
            allowed = may(role, deed)
            if allowed and name in LONG:
                continue
            status = operations()[name].ask(client, {} if allowed else ids, headers).status_code
            if (status == 403) == allowed or (status >= 500 and status != 503):
                wrong.append((name, deed, status))
    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("role", WHO)
def test_assistants_are_named_to_openais_clients_of_whoever_has_a_role(
    home: Path, role: str
) -> None:
    assistants.create("Folha")
    headers = {HEADER: being(role)}
    with TestClient(application(), raise_server_exceptions=False) as client:
        for path in ("/v1/models", "/v1/models/Folha"):
            answer = client.get(path, headers=headers)
            assert answer.status_code == (200 if may(role, "ask") else 403)
            assert ("Folha" in answer.text) == may(role, "ask")


def _commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    for name, one in getattr(command, "commands", {}).items():
        yield from _commands(one, (*path, name))
    if not hasattr(command, "commands"):
        yield " ".join(path)


def _command_of(line: str, names: list[str]) -> str:
    fitting = [name for name in names if f"{line} ".startswith(f"{name} ")]
    return max(fitting, key=len, default=line)


@pytest.mark.slow
def test_every_command_has_its_line() -> None:
    names = list(_commands(get_command(app)))
    told = {_command_of(line, names): deed for deed, line in lines(COMMANDS)}
    assert _missing(told, dict.fromkeys(names)) == ([], [])


@pytest.mark.slow
@pytest.mark.parametrize("role", WHO)
def test_every_command_refuses_whoever_may_not(
    ciclo: Run, tmp_path: Path, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids, who = _at_hand(tmp_path), being(role)
    monkeypatch.setattr("sys.stdin", io.StringIO("sk-1\n"))
    wrong = []
    for deed, line in lines(COMMANDS):
        if not may(role, deed):
            done = ciclo("--as", who, *(word.format(**ids) for word in shlex.split(line)))
            if not done.code or f"{who} may not" not in done.err:
                wrong.append((line, deed, done.err))
    assert wrong == []


def _at_hand(folder: Path) -> Ids:
    """What the commands name: ids, a file, a folder, settings."""
    file = folder / "a.jsonl"
    file.write_text('{"question": "Quando?"}\n')
    access.person("Ana")
    more = {"file": str(file), "folder": str(folder), "settings": "{}"}
    return built("Loja", "abacate") | more


def _guarded() -> dict[str, Any]:
    return {
        f"{package}.{name}": verb
        for package in FREE
        for name, verb in handed_out(package)
        if DEED in vars(verb)
    }


def test_every_verb_has_its_line_with_its_deed() -> None:
    found = {name: vars(verb)[DEED] for name, verb in _guarded().items()}
    assert _missing(verbs(), found) == ([], [])
    assert verbs() == found


def test_every_verb_looks_whether_what_it_takes_is_there() -> None:
    bare = {
        f"{package}.{name}"
        for package in FREE
        for name, verb in handed_out(package)
        if belonging.taken(verb) and THERE not in vars(verb)
    }
    inner = {f"{package}.{name}" for package, names in INNER.items() for name in names.split()}
    assert bare - inner == set(UNLOOKED)


def test_every_package_is_walked() -> None:
    folders = [one.parent.name for one in Path("core").glob("*/__init__.py")]
    walked = {package.split(".")[1] for package in FREE}
    assert set(folders) - walked == {*PURE, *ELSEWHERE}


@pytest.mark.parametrize("role", WHO)
def test_every_verb_refuses_whoever_may_not(home: Path, role: str) -> None:
    person = somebody("Xis", *(() if role == "nobody" else (role,)))
    for verb in _guarded().values():
        deed = vars(verb)[DEED]
        with access.as_person(person):
            assert access.may(deed) == may(role, deed)
            if not may(role, deed):
                with pytest.raises(NotAllowed):
                    verb(*("?" for _one in _needed(verb)))


def _needed(verb: Any) -> list[str]:
    return [
        one.name
        for one in inspect.signature(verb).parameters.values()
        if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD
    ]
