"""The command line's backups: what it asks before it puts one back, and what it refuses first."""

import fcntl
import io
from pathlib import Path

import pytest

from core import backup
from core.cli import terminal
from core.errors import InvalidInput
from tests.conftest import Run


class Person(io.StringIO):
    """What somebody at a terminal types."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("y\n", True), ("Sim\n", True), ("s\n", True), ("n\n", False), ("\n", False), ("", False)],
)
def test_only_a_yes_is_a_yes_and_the_end_of_input_is_a_no(
    monkeypatch: pytest.MonkeyPatch, typed: str, meant: bool
) -> None:
    monkeypatch.setattr("sys.stdin", Person(typed))
    assert terminal.agreed("Sure?", False, False) is meant


def test_where_nobody_can_be_asked_yes_is_said_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    with pytest.raises(InvalidInput) as refused:
        terminal.agreed("Sure?", False, False)
    assert "--yes" in refused.value.hint
    assert terminal.agreed("Sure?", True, True)


@pytest.mark.slow
def test_a_no_leaves_everything_as_it_is(
    ciclo: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.make()
    monkeypatch.setattr("sys.stdin", Person("n\n"))
    done = ciclo("backup", "restore")
    assert (done.code, "Nothing was restored." in done.out) == (0, True)
    assert "[y/N]" in done.err
    assert not list(home.glob("before-restore-*"))


@pytest.mark.slow
def test_a_home_in_use_is_refused_before_anybody_is_asked(
    ciclo: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.make()
    monkeypatch.setattr("sys.stdin", Person("y\n"))
    with (home / ".in-use").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_SH)
        done = ciclo("backup", "restore")
    assert done.code == terminal.FAILED
    assert "is running" in done.err
    assert "[y/N]" not in done.err


@pytest.mark.parametrize("verb", ["verify", "restore"])
def test_without_a_backup_the_way_to_one_is_said(ciclo: Run, verb: str) -> None:
    done = ciclo("backup", verb)
    assert done.code == terminal.NOT_FOUND
    assert "`ciclo backup now`" in done.err
    assert "“”" not in done.err


def test_how_backups_stand_is_told_with_what_is_risky(ciclo: Run, home: Path) -> None:
    made = ciclo("backup", "now", "--json").data
    told = ciclo("backup", "status", "--json").data
    assert (told["last"], told["n"], told["same_disk"]) == (made["name"], 1, True)
    assert [one["path"] for one in ciclo("backup", "list", "--json").data] == [made["path"]]
    said = ciclo("backup", "status").out
    assert str(home / "backups") in said
    assert "CICLO_BACKUP_KEY" in said
    assert "CICLO_BACKUP_DIR" in said
