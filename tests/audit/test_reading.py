"""The log read back: narrowed, in pages, with names, as files; by nobody who may not operate Ciclo."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core import access, audit, clock, db, i18n, personal
from core.access import NOWHERE, Origin
from core.audit import words
from core.audit.reading import Wanted
from core.audit.watched import WATCHED
from core.errors import InvalidInput, NotAllowed, NotFound
from tests.audit.test_recording import assistant, stored


@pytest.fixture
def maria(home: Path) -> str:
    person = access.person("Maria")
    access.act(person, Origin(door="page", address="10.0.0.7"))
    stored(assistant(persona="=SUM(1)"))
    access.act(None, NOWHERE)
    return person.id


def numbers(**which: Any) -> list[int]:
    return [one.number for one in audit.events(Wanted(**which))]


def test_lines_have_names_of_today_or_else_those_they_were_written_with(maria: str) -> None:
    (made,) = audit.events(Wanted(kind="assistant"))
    assert (made.person, made.assistant, made.title) == ("Maria", "Ana", "Ana")
    with db.writing() as session:
        row = session.get(db.tables.Assistant, made.object_id)
        assert row
        session.delete(row)
    gone, _made = audit.events(Wanted(kind="assistant"))
    assert (gone.action, gone.title, gone.assistant) == ("delete", "Ana", "")


@pytest.mark.parametrize(
    ("which", "found"),
    [
        ({"person_id": ""}, ["person"]),
        ({"kind": "assistant"}, ["assistant"]),
        ({"action": "look"}, []),
        ({"object_id": "a" * 36}, ["assistant"]),
        ({"assistant_id": "a" * 36}, ["assistant"]),
        ({"door": "page"}, ["assistant"]),
        ({"door": ""}, ["person"]),
        ({"kind": "assistant", "door": ""}, []),
        ({}, ["assistant", "person"]),
    ],
)
def test_the_log_is_narrowed(maria: str, which: dict[str, Any], found: list[str]) -> None:
    assert [one.kind for one in audit.events(Wanted(**which))] == found


def test_the_log_is_narrowed_by_time(maria: str) -> None:
    at = audit.events()[0].at
    assert numbers(since=at + timedelta(seconds=1)) == []
    assert numbers(until=at - timedelta(days=1)) == []
    assert len(numbers(since=at - timedelta(days=1), until=clock.now())) == 2


def test_pages_follow_each_other_without_gap(home: Path) -> None:
    for n in range(7):
        audit.did("export", "audit", str(n))
    first = audit.events(limit=3)
    second = audit.events(before=first[-1].number, limit=3)
    assert [one.object_id for one in first + second] == list("654321")
    assert audit.event(first[0].number) == first[0]


@pytest.mark.parametrize("number", [0, -1, 99, 2**40])
def test_a_line_that_there_is_not_is_told(home: Path, number: int) -> None:
    with pytest.raises(NotFound):
        audit.event(number)


@pytest.mark.parametrize(
    "verb", [audit.events, lambda: audit.event(1), lambda: audit.export("csv")]
)
def test_who_may_not_operate_reads_nothing(home: Path, verb: Any) -> None:
    analyst = access.set_roles(access.person("Ana").id, ["analyst", "reviewer", "viewer"])
    with access.as_person(analyst), pytest.raises(NotAllowed):
        verb()


def test_a_csv_holds_no_formula_and_speaks_the_readers_language(maria: str) -> None:
    stored(db.tables.Queue(id="q" * 36, assistant_id="a" * 36, name="=1+1"))
    with i18n.speaking("en"):
        text = "".join(audit.export("csv", Wanted(assistant_id="a" * 36)))
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["Called"] for row in rows] == ["'=1+1", "Ana"]
    assert [row["What"] for row in rows] == ["made", "made"]
    assert json.loads(rows[1]["After"])["persona"] == "=SUM(1)"


def test_that_the_log_was_exported_is_in_the_log_and_first_in_the_file(maria: str) -> None:
    told = [json.loads(line) for line in "".join(audit.export("jsonl")).splitlines()]
    assert [one["action"] for one in told] == ["export", "create", "create"]
    assert told[0]["after"] == {"format": "jsonl"}


def test_an_export_goes_on_over_its_pages(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.audit.exporting.AT_ONCE", 2)
    for n in range(5):
        audit.did("look", "document", str(n))
    told = [json.loads(line) for line in "".join(audit.export("jsonl")).splitlines()]
    assert [one["object_id"] for one in told] == ["", "4", "3", "2", "1", "0"]


def test_another_kind_of_file_is_refused(home: Path) -> None:
    with pytest.raises(InvalidInput, match="xml"):
        audit.export("xml")


def test_every_kind_and_field_that_is_kept_has_its_words() -> None:
    for watched in WATCHED.values():
        assert watched.kind in words.KINDS
        assert set(watched.columns) <= words.FIELDS.keys()


def test_of_somebody_erased_the_log_gives_no_name_and_is_found_by_their_id(home: Path) -> None:
    carla = access.person("Carla Dias")
    with access.as_person(carla):
        audit.did("export", "audit")
    access.set_roles(access.person("Maria").id, ["admin"])
    personal.erase(personal.subject(carla.id))
    called = words.erased(carla.id)
    found = audit.events(Wanted(person_id=audit.whose(carla.id[:8])))
    assert [one.person for one in found] == [called]
    lines = "".join(audit.export("jsonl"))
    assert called in lines
    assert "Carla" not in lines
    (begun, *_) = audit.events(Wanted(kind="erasure"))
    assert begun.title == called
    with pytest.raises(NotFound):
        audit.whose("Carla Dias")


@pytest.mark.parametrize(("door", "said"), [("cli", "the machine's owner"), ("", "nobody")])
def test_whose_deed_is_nobodys_by_name_is_told_by_its_door(
    home: Path, door: str, said: str
) -> None:
    with i18n.speaking("en"):
        assert said in words.who("", "", door)


def test_a_change_of_roles_is_told_with_both_in_a_line() -> None:
    with i18n.speaking("en"):
        told = words.summary({"roles": ["viewer"]}, {"roles": ["viewer", "reviewer", "admin"]})
    assert told == "roles: viewer → viewer, reviewer, admin"
