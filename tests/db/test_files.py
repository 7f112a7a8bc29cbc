"""The database's file encrypted with SQLCipher and plain again: nothing is lost, and nothing is readable."""

import fcntl
import os
import secrets as random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core import access, assistants, audit, backup, chat, db, feedback, retrieval
from core.backup import encrypting, restoring
from core.config import load, settings
from core.db import files, migrate
from core.errors import Conflict, InvalidInput, NotFound, Unavailable
from tests.conftest import ROOT, Run, clean_environment

KEY = random.token_hex(32)
SAID = "palavra-que-ninguem-deve-ler"


@pytest.fixture
def locked(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a home with one assistant, encrypted."""
    assistants.create(SAID)
    enter(monkeypatch, KEY)
    backup.encrypt()
    return home / "ciclo.db"


def enter(patch: pytest.MonkeyPatch, key: str) -> None:
    """From here on the settings' key is this one."""
    db.close()
    patch.setenv("CICLO_DATABASE_KEY", key)
    settings.cache_clear()


def test_an_encrypted_file_holds_what_the_plain_one_held_and_shows_none_of_it(locked: Path) -> None:
    assert [one.name for one in assistants.all()] == [SAID]
    db.close()
    assert files.is_plain(locked) is False
    for file in locked.parent.glob("ciclo.db*"):
        assert SAID.encode() not in file.read_bytes()
    assert locked.stat().st_mode & 0o077 == 0


def test_the_way_back_makes_it_plain(locked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backup.decrypt()
    assert files.is_plain(locked) is True
    enter(monkeypatch, "")
    assert [one.name for one in assistants.all()] == [SAID]
    told = audit.events(audit.Wanted(kind="database"))
    assert [one.action for one in told] == ["decrypt", "encrypt"]


@pytest.mark.slow
def test_the_loop_runs_on_an_encrypted_file(locked: Path) -> None:
    made = assistants.all()[0]
    retrieval.add(made.id, "horas.md", "# Horas\n\nA loja abre às 9h.".encode(), now=True)
    answer = chat.ask("Quando a loja abre?", assistant=made.id)
    assert "9h" in answer.message.text
    feedback.give(answer.message.id, "up", person_id=access.local_person().id)
    assert chat.conversations(search="9h")


def test_a_new_home_with_a_key_is_encrypted_from_the_first_byte(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICLO_HOME", str(tmp_path / "new"))
    enter(monkeypatch, KEY)
    migrate.upgrade()
    db.close()
    assert files.is_plain(tmp_path / "new" / "ciclo.db") is False


@pytest.mark.parametrize(
    ("key", "said"),
    [("", "is not set|não está definida"), ("f" * 64, "does not open|não abre")],
)
def test_a_key_that_does_not_fit_is_told_before_anything_is_touched(
    locked: Path, monkeypatch: pytest.MonkeyPatch, key: str, said: str
) -> None:
    db.close()
    before = locked.read_bytes()
    enter(monkeypatch, key)
    with pytest.raises(Unavailable, match=said) as caught:
        assistants.all()
    assert caught.value.code == "database_key"
    assert locked.read_bytes() == before


def test_a_plain_file_is_not_opened_with_a_key(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(monkeypatch, KEY)
    with pytest.raises(Unavailable) as caught:
        assistants.all()
    assert "ciclo database encrypt" in caught.value.hint


def test_a_key_is_64_hexadecimal_digits(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CICLO_DATABASE_KEY", "short-secret")
    with pytest.raises(InvalidInput, match="CICLO_DATABASE_KEY") as caught:
        load()
    assert "short-secret" not in caught.value.message


def test_without_the_extra_the_way_to_it_is_told(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(monkeypatch, KEY)
    monkeypatch.setitem(sys.modules, "sqlcipher3", None)
    with pytest.raises(Unavailable) as caught:
        files.driver()
    assert "dev.py add sqlcipher" in caught.value.hint


def test_what_is_encrypted_already_or_not_there_is_told(
    locked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Conflict):
        backup.encrypt()
    backup.decrypt()
    with pytest.raises(Conflict):
        backup.decrypt()
    locked.unlink()
    with pytest.raises(NotFound):
        backup.encrypt()
    enter(monkeypatch, "")
    with pytest.raises(InvalidInput, match="CICLO_DATABASE_KEY"):
        backup.encrypt()


def test_a_running_server_is_in_the_way(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(restoring, "release", lambda: None)
    enter(monkeypatch, KEY)
    with (home / restoring.LOCK).open("w") as lock:
        assert restoring._locked(lock, fcntl.LOCK_SH)
        with pytest.raises(Conflict) as caught:
            backup.encrypt()
    assert caught.value.code == "running"
    assert files.is_plain(home / "ciclo.db") is True


def test_a_copy_that_differs_takes_nobodys_place(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(monkeypatch, KEY)
    seen = iter([{"table a": 1}, {"table a": 0}])
    monkeypatch.setattr(encrypting, "_contents", lambda connection: next(seen))
    with pytest.raises(Conflict):
        backup.encrypt()
    assert files.is_plain(home / "ciclo.db") is True


def test_a_backup_of_an_encrypted_home_is_encrypted_and_comes_back(locked: Path) -> None:
    made = backup.make()
    assistants.create("Später")
    db.close()
    backup.restore(made.name)
    assert [one.name for one in assistants.all()] == [SAID]
    db.close()
    assert files.is_plain(locked) is False


def test_the_command_prints_a_key_that_encrypts(
    ciclo: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = ciclo("database", "key").out.strip()
    enter(monkeypatch, key)
    assert ciclo("database", "encrypt", "--json").data["encrypted"] is True
    assert ciclo("database", "encrypt").code == 1
    assert ciclo("database", "decrypt", "--json").data["encrypted"] is False


@pytest.mark.prove
def test_a_kill_at_any_moment_leaves_a_whole_database(home: Path, tmp_path: Path) -> None:
    assistants.create(SAID)
    with db.writing() as session:
        session.add_all(
            db.tables.Person(name=f"p{n}", preferences={"x": "y" * 900}) for n in range(20_000)
        )
    db.close()
    environment = clean_environment(home) | {"CICLO_DATABASE_KEY": KEY}
    draws, ended = random.SystemRandom(), set()
    for _again in range(20 if os.environ.get("CICLO_PROVE") else 3):
        plain = files.is_plain(home / "ciclo.db")
        verb = "encrypt" if plain else "decrypt"
        running = subprocess.Popen(
            [sys.executable, "-m", "core", "database", verb],
            cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(draws.uniform(0.5, 1.6))
        running.send_signal(signal.SIGKILL)
        running.wait()
        ended.add(files.is_plain(home / "ciclo.db"))
        shutil.copytree(home, tmp_path / "seen", dirs_exist_ok=True)
        key = "" if files.is_plain(home / "ciclo.db") else KEY
        told = subprocess.run(
            [sys.executable, "-m", "core", "assistants", "list"],
            cwd=ROOT, env=environment | {"CICLO_DATABASE_KEY": key}, capture_output=True, text=True,
        )  # fmt: skip
        assert SAID in told.stdout, told.stderr
    assert ended <= {True, False}
