"""The schema that migrations make is the one the code knows, from wherever a database comes.

On SQLite and on PostgreSQL; what is about SQLite's file (copied first, tables made anew) says so.
"""

import multiprocessing
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import JSON, MetaData, Table, create_engine, insert, select
from sqlalchemy import text as sql
from sqlalchemy.orm import undefer

from core import db
from core.config import settings
from core.db import migrate
from core.db.tables import (
    Base,
    Chunk,
    Citation,
    Document,
    DocumentVersion,
    Message,
    Passage,
    digest_of,
)
from core.errors import Conflict
from tests.conftest import ENGINES

both = pytest.mark.parametrize("engine", ENGINES)


@pytest.fixture
def blank(home: Path) -> Path:
    """A home without a database, or with an empty one on a server."""
    for file in home.glob("ciclo.db*"):
        file.unlink()
    if db.engine().dialect.name == "postgresql":
        with db.writing() as session:
            session.execute(sql("DROP SCHEMA public CASCADE"))
            session.execute(sql("CREATE SCHEMA public"))
    return home


@pytest.fixture
def next_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A later Ciclo, whose newest migration rebuilds a table that others point at."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.FOLDER, folder)
    last = migrate.head()
    (folder / "versions" / f"{int(last) + 1:04d}_more.py").write_text(
        f"""import sqlalchemy as sa
from alembic import op
revision, down_revision = "{int(last) + 1:04d}", "{last}"
def upgrade():
    with op.batch_alter_table("assistants", recreate="always") as table:
        table.add_column(sa.Column("more", sa.Text()))
"""
    )
    monkeypatch.setattr(migrate, "FOLDER", folder)


def served() -> list[tuple[str, ...]]:
    """Every column, index and constraint of a database on a server, as it tells them."""
    with db.session() as session:
        return [
            tuple(str(fact) for fact in row)
            for asked in (
                "SELECT table_name, column_name, data_type, is_nullable, column_default"
                " FROM information_schema.columns WHERE table_schema = 'public'",
                "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE connamespace = 'public'::regnamespace",
            )
            for row in session.execute(sql(asked + " ORDER BY 1, 2"))
        ]


def laid_out(home: Path) -> object:
    """How the tables of this home's database are."""
    return objects(home / "ciclo.db") if db.engine().dialect.name == "sqlite" else served()


def objects(path: Path) -> dict[str, str]:
    """Name -> normalised definition of all tables and indexes, but for those of the tools."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql > '' AND type <> 'trigger'"
        ).fetchall()
    return {
        name: " ".join(sorted(re.findall(r"\w+|'[^']*'", text)))
        for name, text in rows
        if name not in ("alembic_version", "sqlite_sequence")
    }


SLOW = [pytest.param(start, marks=pytest.mark.slow) for start in migrate.revisions()]


@pytest.mark.slow
@both
@pytest.mark.parametrize("start", ["", *SLOW])
def test_every_earlier_database_reaches_the_tables_of_the_code(
    blank: Path, tmp_path: Path, start: str
) -> None:
    if start:
        migrate.upgrade(start)
    assert migrate.upgrade() == migrate.head() == migrate.current()
    with db.engine().connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    if db.engine().dialect.name == "sqlite":  # whose tables are told word by word
        made = create_engine(f"sqlite:///{tmp_path / 'code.db'}")
        Base.metadata.create_all(made)
        made.dispose()
        assert objects(blank / "ciclo.db") == objects(tmp_path / "code.db")


def put(table: str, **given: object) -> None:
    """A row of a table as the database has it now; what is needed and not given is empty."""
    columns = Table(table, MetaData(), autoload_with=db.engine()).columns
    empty: dict[type, object] = {str: "", int: 0, float: 0.0, bool: False}
    empty[datetime] = datetime(2026, 11, 1, 10, tzinfo=UTC)
    needed = {
        one.name: [] if isinstance(one.type, JSON) else empty[one.type.python_type]
        for one in columns
        if not one.nullable and not one.primary_key  # which is given, or counts itself
    }
    with db.writing() as session:
        session.connection().execute(insert(columns.id.table).values(needed | given))


@pytest.mark.slow
@both
def test_documents_of_the_first_tables_go_on_serving_and_wait_to_be_masked(blank: Path) -> None:
    migrate.upgrade("0001")
    then = datetime(2026, 11, 1, 10, tzinfo=UTC)
    put("assistants", id="a")
    put("documents", id="1", assistant_id="a", state="ready", ready_at=then, text="Um texto.")
    put("documents", id="2", assistant_id="a", state="failed", name="b.txt")
    put("conversations", id="c", assistant_id="a")
    put("messages", id="m", conversation_id="c", role="assistant", state="done")
    put("passages", id="p", message_id="m", document_id="1")
    put("citations", id="z", message_id="m", passage_id="p")
    migrate.upgrade()
    with db.session() as session:
        first, second = session.scalars(select(Document).order_by(Document.id))
        assert (first.state, first.version, first.newest) == ("queued", 1, 1)
        assert (second.state, second.version, second.masks) == ("failed", 0, ["cpf", "card"])
        version = session.get_one(DocumentVersion, ("1", 1), options=[undefer("*")])
        assert (version.text, version.state, version.masks) == ("Um texto.", "queued", [])
        passage = session.get_one(Passage, "p")
        answer = session.get_one(Message, "m")
        assert (passage.document_version, passage.created_at) == (1, answer.created_at)
        assert session.get_one(Citation, "z").document_id == "1"


@pytest.mark.slow
@both
def test_chunks_of_earlier_tables_get_the_name_that_new_ones_have(blank: Path) -> None:
    migrate.upgrade("0002")
    put("assistants", id="a")
    put("documents", id="1", assistant_id="a", state="ready")
    for n in range(3):
        facts = {"heading": "Prazos", "text": f"São {n} dias.", "assistant_id": "a"}
        put("chunks", id=f"c{n}", document_id="1", position=n, **facts)
    migrate.upgrade()
    with db.writing() as session:
        place = {"assistant_id": "a", "document_id": "1", "start": 0, "end": 1}
        session.add(Chunk(heading="Prazos", text="São 2 dias.", position=3, **place))
    with db.session() as session:
        found = session.scalars(select(Chunk).order_by(Chunk.number)).all()
        assert [one.digest for one in found] == [digest_of(one.heading, one.text) for one in found]
        assert found[2].digest == found[3].digest != found[1].digest


@both
def test_migrating_twice_changes_nothing(home: Path) -> None:
    before = laid_out(home)
    assert before
    assert migrate.upgrade() == migrate.upgrade()
    assert laid_out(home) == before
    assert not (home / "backups").exists()


def test_numbers_of_migrations_have_no_gaps() -> None:
    numbers = migrate.revisions()
    assert numbers == [f"{n:04d}" for n in range(1, len(numbers) + 1)]


def test_a_sqlite_file_with_content_is_copied_before_it_is_changed(
    home: Path, next_release: None
) -> None:
    before = objects(home / "ciclo.db")
    assert migrate.upgrade() == migrate.head()
    (copy,) = (home / "backups").glob("ciclo-*.db")
    assert objects(copy) == before != objects(home / "ciclo.db")
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_sqlite_rebuilding_a_table_keeps_the_rows_that_point_at_it(
    home: Path, next_release: None
) -> None:
    with db.writing() as session:
        session.add(db.tables.Assistant(id="a", name="Ana"))
        session.flush()
        session.add(db.tables.Conversation(assistant_id="a"))
    migrate.upgrade()
    with db.session() as session:
        assert session.scalar(sql("SELECT count(*) FROM conversations")) == 1
        assert session.scalar(sql("PRAGMA foreign_keys")) == 1


@both
def test_a_database_of_a_newer_release_is_refused_with_the_way_out(home: Path) -> None:
    with db.writing() as session:
        session.execute(sql("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Conflict, match="9999") as refusal:
        migrate.upgrade()
    assert str(settings().home / "backups") in refusal.value.hint


@pytest.mark.slow
@both
def test_a_failing_migration_leaves_the_database_as_it_was(
    blank: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "_check_references", lambda connection: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        migrate.upgrade()
    assert migrate.current() == ""
    assert not laid_out(blank)


@pytest.mark.slow
@both
def test_two_processes_that_start_at_once_migrate_once(blank: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        reached = [pool.apply_async(migrate.upgrade) for _ in range(2)]
        assert [each.get(60) for each in reached] == [migrate.head()] * 2
    assert migrate.current() == migrate.head()
