"""``ciclo audit``: list, export."""

from pathlib import Path

import pytest

from core import access, assistants
from tests.conftest import Run


@pytest.fixture
def shop(home: object) -> str:
    return assistants.create("Loja").id


@pytest.mark.slow
def test_the_log_is_listed_and_exported(ciclo: Run, shop: str, tmp_path: Path) -> None:
    told = ciclo("audit", "list", "--kind", "assistant", "--json").data["data"]
    assert [(one["action"], one["object_id"], one["title"]) for one in told] == [
        ("create", shop, "Loja")
    ]
    assert "Loja" in ciclo("audit", "list", "--who", "-", "--since", "2026-01-01").out
    file = tmp_path / "audit.csv"
    assert ciclo("audit", "export", "-o", file, "--assistant", "Loja").code == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert '"action": "export"' in ciclo("audit", "export", "--format", "jsonl").out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["list", "--who", "Zoe"], 3),
        (["list", "--since", "yesterday"], 2),
        (["list", "--assistant", "Zoe"], 3),
        (["export", "--format", "xml"], 2),
    ],
)
def test_bad_input_has_its_exit_code(
    ciclo: Run, shop: str, arguments: list[str], code: int
) -> None:
    assert ciclo("audit", *arguments).code == code


@pytest.mark.slow
def test_who_changes_something_at_the_command_line_is_told(ciclo: Run, shop: str) -> None:
    access.person("Bia")
    ciclo("--as", "Maria", "people", "rename", "Bia", "Beatriz")
    (line,) = ciclo("audit", "list", "--action", "change", "--who", "Maria", "--json").data["data"]
    assert (line["door"], line["after"]) == ("cli", {"name": "Beatriz"})


def test_who_may_not_is_refused(ciclo: Run, shop: str) -> None:
    access.set_roles(access.person("Ana").id, ["analyst"])
    assert ciclo("--as", "Ana", "audit", "list").code == 1
