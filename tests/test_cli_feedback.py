"""``ciclo feedback``: give, list, export."""

from pathlib import Path

import pytest

from core import assistants, chat
from tests.conftest import Run


@pytest.fixture
def answer(home: object) -> str:
    return chat.ask("Que horas abre?", assistant=assistants.create("Loja").id).message.id


@pytest.mark.slow
def test_what_is_given_is_listed_and_exported(ciclo: Run, answer: str, tmp_path: Path) -> None:
    given = ciclo("feedback", "give", answer, "--rating", "down", "--reason", "tone", "--json")
    assert (given.code, given.data["rating"], given.data["channel"]) == (0, "down", "cli")
    ciclo("feedback", "give", answer, "--flag", "other: -1+1", "--person", "Ana")
    rows = ciclo("feedback", "list", "--json").data["data"]
    assert [(row["kind"], row["person"]) for row in rows] == [
        ("problem", "Ana"),
        ("rating", "local"),
    ]
    assert "Tone" in ciclo("feedback", "list", "--rating", "down").out
    file = tmp_path / "said.csv"
    assert ciclo("feedback", "export", "-o", file).code == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbfWhen,")
    assert ",'-1+1," in file.read_text("utf-8")
    assert '"rating": "down"' in ciclo("feedback", "export", "--format", "jsonl").out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["list", "--rating", "meh"], 2),
        (["list", "--since", "yesterday"], 2),
        (["give", "nope", "--rating", "up"], 3),
        (["give", "--rating", "up"], 2),
        (["give", "--conversation", "nope", "--stars", "3"], 3),
    ],
)
def test_what_cannot_be_is_told_by_its_exit_code(
    ciclo: Run, arguments: list[str], code: int
) -> None:
    told = ciclo("feedback", *arguments)
    assert told.code == code
    assert told.err.startswith("ciclo: ")


def test_nothing_said_is_told_as_such(ciclo: Run) -> None:
    assert "Nobody has said anything yet" in ciclo("feedback", "list").out
