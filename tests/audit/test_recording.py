"""Every change that matters is in the log with who, from where, before and after, or not made at all."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update
from sqlalchemy import text as sql
from sqlalchemy.exc import DatabaseError

from core import access, audit, clock, db
from core.access import Origin
from core.audit.recording import plain
from core.audit.watched import WATCHED
from core.db import migrate
from core.db.tables import (
    Account,
    ApprovedAnswer,
    Assistant,
    AuditEvent,
    Base,
    Document,
    Guideline,
    Member,
    Person,
    Queue,
    Secret,
    Setting,
    Topic,
)
from tests.conftest import ENGINES

both = pytest.mark.parametrize("engine", ENGINES)
HERE = Origin(door="api", address="10.0.0.7", token_id="t" * 36)


def lines(**which: Any) -> list[AuditEvent]:
    with db.session() as session:
        found = select(AuditEvent).filter_by(**which).order_by(AuditEvent.number)
        return list(session.scalars(found))


def stored(*rows: Base) -> None:
    with db.writing() as session:
        session.add_all(rows)


def assistant(**facts: Any) -> Assistant:
    return Assistant(id="a" * 36, name="Ana", **facts)


@both
def test_a_change_is_told_with_who_from_where_before_and_after(home: Path) -> None:
    maria = access.person("Maria")
    stored(assistant(rules=["be brief"]))
    with access.as_person(maria):
        access.act(maria, HERE)
        with db.writing() as session:
            row = session.get(Assistant, "a" * 36)
            assert row
            row.rules, row.persona = ["be kind"], ""
        access.act(None, access.NOWHERE)
    made, changed = lines(kind="assistant")
    assert (made.action, made.person_id, made.before) == ("create", "", {})
    assert made.after["name"] == "Ana"
    assert (changed.action, changed.person_id, changed.door) == ("change", maria.id, "api")
    assert (changed.address, changed.token_id) == ("10.0.0.7", "t" * 36)
    assert changed.object_id == changed.assistant_id == "a" * 36
    assert (changed.before, changed.after) == ({"rules": ["be brief"]}, {"rules": ["be kind"]})


@both
def test_a_change_that_is_not_committed_leaves_no_line(home: Path) -> None:
    with db.writing() as session:
        session.add(assistant())
        session.flush()
        session.rollback()
    assert lines(kind="assistant") == []


@both
def test_a_statement_over_many_rows_is_told_row_by_row(home: Path) -> None:
    stored(assistant())
    stored(*(Queue(id=one * 36, assistant_id="a" * 36, name=one) for one in "qrs"))
    named = update(Queue).where(Queue.name != "s")
    with db.writing() as session:
        session.execute(named.values(judge="fake:judge", refilled_at=None))
        session.execute(delete(Queue).where(Queue.name == "s"))
    told = [(one.object_id[0], one.action, one.before.get("judge", "")) for one in lines()]
    assert told[-3:] == [("q", "change", ""), ("r", "change", ""), ("s", "delete", "")]
    assert lines()[-1].before["name"] == "s"
    assert lines()[-2].after == {"judge": "fake:judge"}


@both
def test_rows_put_in_by_a_statement_are_told(home: Path) -> None:
    stored(assistant(), Person(id="p" * 36, name="Maria"))
    row = {"assistant_id": "a" * 36, "person_id": "p" * 36}
    with db.writing() as session:
        session.execute(insert(Member).values(row))
        session.execute(delete(Member))
        session.execute(insert(Member), [row])
    told = [(one.action, one.object_id, one.assistant_id) for one in lines(kind="member")]
    assert told == [
        (action, f"{'a' * 36}:{'p' * 36}", "a" * 36) for action in ("create", "delete", "create")
    ]


def test_what_was_removed_and_brought_back_is_called_so(home: Path) -> None:
    stored(assistant())
    for value in (Assistant.created_at, None):
        with db.writing() as session:
            session.execute(update(Assistant).values(removed_at=value))
    assert [one.action for one in lines(kind="assistant")] == ["create", "remove", "restore"]


def test_what_the_background_moves_along_is_no_change(home: Path) -> None:
    stored(assistant())
    stored(
        Document(assistant_id="a" * 36, name="d.md", media_type="text/plain", digest="", size=1),
        Setting(name="topics", value={"busy_until": "now"}),
        Setting(name="topics:a", value={"n": 1}),
    )
    before = len(lines())
    with db.writing() as session:
        session.execute(update(Document).values(state="reading", attempts=1))
        session.execute(update(Assistant).values(memory_revision=3))
        row = session.scalar(select(Document))
        assert row
        row.chunks = 7
    assert len(lines()) == before
    assert lines(kind="setting") == []


def test_neither_hash_nor_secret_comes_into_the_log(home: Path) -> None:
    person = access.person("Maria")
    stored(Account(person_id=person.id, login="maria", password_hash="HUSH"))
    stored(Secret(name="openai", sealed="HUSH"))
    with db.writing() as session:
        session.execute(update(Account).values(password_hash="HUSH2", password_at=clock.now()))
        session.execute(update(Secret).values(sealed="HUSH3", set_at=clock.now()))
    told = json.dumps([[one.before, one.after] for one in lines()])
    assert "HUSH" not in told
    assert [one.action for one in lines(kind="account")] == ["create", "change"]


def test_only_columns_that_there_are_are_watched_and_none_that_is_a_secret() -> None:
    for table, watched in WATCHED.items():
        columns = set(Base.metadata.tables[table].columns.keys())
        assert set(watched.needed) <= columns
        assert not {"secret_hash", "password_hash", "sealed"} & set(watched.needed)


@both
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET person_id = 'x'",
        "DELETE FROM audit_events",
        "DELETE FROM audit_events WHERE number = 1",
    ],
)
def test_no_line_is_changed_or_deleted_by_whatever_way(home: Path, statement: str) -> None:
    audit.did("sign_in", "person", "p" * 36)
    with pytest.raises(DatabaseError, match="append-only"), db.writing() as session:
        session.connection().execute(sql(statement))
    assert [one.person_id for one in lines()] == [""]


def test_no_line_is_replaced(home: Path) -> None:
    audit.did("sign_in", "person", "p" * 36)
    words = "INSERT OR REPLACE INTO audit_events SELECT * FROM audit_events"
    with pytest.raises(DatabaseError, match="append-only"), db.writing() as session:
        session.connection().execute(sql(words))


@pytest.mark.parametrize("engine", ENGINES[1:])
def test_the_log_is_not_emptied_on_a_server(home: Path) -> None:
    audit.did("sign_in", "person", "p" * 36)
    with pytest.raises(DatabaseError, match="append-only"), db.writing() as session:
        session.connection().execute(sql("TRUNCATE audit_events"))
    assert len(lines()) == 1


def test_what_is_done_within_a_transaction_is_committed_with_it(home: Path) -> None:
    with db.writing() as session:
        audit.did("export", "person", "p" * 36, session=session)
        session.rollback()
    with db.writing() as session:
        audit.did("export", "person", "p" * 36, after={"rows": 3}, session=session)
    assert [(one.action, one.after) for one in lines()] == [("export", {"rows": 3})]


def test_a_guideline_is_told(home: Path) -> None:
    stored(assistant())
    stored(Queue(id="q" * 36, assistant_id="a" * 36, name="q"))
    stored(Guideline(queue_id="q" * 36, number=1, text="Judge kindly."))
    (told,) = lines(kind="guideline")
    assert told.after["text"] == "Judge kindly."


def test_an_answer_taken_out_of_use_is_told_without_its_words(home: Path) -> None:
    stored(assistant())
    stored(ApprovedAnswer(assistant_id="a" * 36, question="Meu CPF?", answer="Sim."))
    with db.writing() as session:
        session.execute(update(ApprovedAnswer).values(hits=3))
        session.execute(update(ApprovedAnswer).values(retired_why="by_hand"))
    (told,) = lines(kind="approved")
    assert (told.action, told.before, told.after) == (
        "change",
        {"retired_why": ""},
        {"retired_why": "by_hand"},
    )


def test_a_topic_is_told_once_a_person_has_named_it(home: Path) -> None:
    stored(assistant())
    stored(Topic(id="t" * 36, assistant_id="a" * 36, label="prazo"))
    for facts in ({"label": "troca"}, {"label": "Trocas", "named": True}):
        with db.writing() as session:
            session.execute(update(Topic).values(facts))
    (told,) = lines(kind="topic")
    assert told.after == {"label": "Trocas", "named": True}


@both
def test_two_admins_at_once_leave_a_chain_of_lines(home: Path) -> None:
    bia = access.person("Bia").id
    admins = [access.person(name).id for name in ("Ana", "Maria")]

    def change(admin: str) -> None:
        access.act(access.known(admin), Origin(door="page"))
        for roles in (["viewer"], ["analyst"], ["viewer", "reviewer"], ["admin"]):
            access.set_roles(bia, roles)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(change, admins))
    told = [one for one in lines(kind="person", object_id=bia) if one.action == "change"]
    assert {one.person_id for one in told} <= set(admins)
    for one, after in pairwise(told):
        assert one.after["roles"] == after.before["roles"]
    assert told[-1].after["roles"] == access.known(bia).roles
    assert told[0].before["roles"] == list(access.ROLES)


def test_a_migration_that_makes_the_log_anew_keeps_its_lines_and_its_guard(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit.did("sign_in", "person", "p" * 36)
    folder, last = tmp_path / "migrations", migrate.head()
    shutil.copytree(migrate.FOLDER, folder)
    (folder / "versions" / f"{int(last) + 1:04d}_more.py").write_text(
        f"""import sqlalchemy as sa
from alembic import op
revision, down_revision = "{int(last) + 1:04d}", "{last}"
def upgrade():
    with op.batch_alter_table("audit_events", recreate="always") as table:
        table.add_column(sa.Column("more", sa.Text()))
    op.execute(sa.update(sa.table("audit_events", sa.column("more"))).values(more="x"))
"""
    )
    monkeypatch.setattr(migrate, "FOLDER", folder)
    migrate.upgrade()
    with pytest.raises(DatabaseError, match="append-only"), db.writing() as session:
        session.connection().execute(sql("DELETE FROM audit_events"))
    assert len(lines()) == 1


FACTS = st.one_of(
    st.fixed_dictionaries({"persona": st.text("aé=\n", max_size=4)}),
    st.fixed_dictionaries({"rules": st.lists(st.sampled_from("xyz"), max_size=2)}),
    st.fixed_dictionaries({"retention_days": st.none() | st.integers(1, 3)}),
    st.fixed_dictionaries({"removed_at": st.none() | st.just(clock.now())}),
    st.fixed_dictionaries({"memory_revision": st.integers(0, 9)}),
)


def put(facts: dict[str, Any], at_once: bool, kept: bool) -> None:
    with db.writing() as session:
        if at_once:
            session.execute(update(Assistant).values(facts))
        else:
            row = session.get(Assistant, "a" * 36)
            assert row
            for name, value in facts.items():
                setattr(row, name, value)
            session.flush()
        if not kept:
            session.rollback()


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(st.tuples(FACTS, st.booleans(), st.booleans()), max_size=6))
def test_whoever_follows_the_lines_comes_to_what_is_stored(
    home: Path, steps: list[tuple[dict[str, Any], bool, bool]]
) -> None:
    with db.writing() as session:
        session.execute(delete(Assistant))
    stored(assistant())
    for step in steps:
        put(*step)
    held: dict[str, Any] = {}
    for one in lines(kind="assistant"):
        if one.action in ("create", "delete"):
            held = {}
        assert all(
            (held.get(name) or None) == (was or None) for name, was in one.before.items()
        ) or (one.action == "delete")
        held |= one.after
    with db.session() as session:
        row = session.get_one(Assistant, "a" * 36)
    for name in WATCHED["assistants"].columns:
        assert (held.get(name) or None) == (plain(getattr(row, name)) or None)
