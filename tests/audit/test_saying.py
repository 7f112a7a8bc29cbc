"""A look at personal data is in the log once an hour, whoever looks and by whichever door."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core import access, audit, clock, sign_in
from core.access import NOWHERE, Origin
from core.audit import saying
from core.db.tables import Person
from core.errors import NotAllowed
from tests.audit.test_recording import lines


@pytest.fixture
def maria(home: Path) -> Iterator[Person]:
    person = access.person("Maria")
    access.act(person, Origin(door="page", address="127.0.0.1"))
    yield person
    access.act(None, NOWHERE)


def looks() -> list[tuple[str, str, str]]:
    return [(one.person_id, one.kind, one.object_id) for one in lines(action="look")]


def test_a_look_is_told_once_an_hour_and_object(maria: Person) -> None:
    at = clock.now()
    for minutes in (0, 30, 59, 61):
        with clock.held(at + timedelta(minutes=minutes)):
            audit.looked("document", "d1")
    audit.looked("trace", "d1")
    assert looks() == [(maria.id, "document", "d1")] * 2 + [(maria.id, "trace", "d1")]


def test_a_look_that_another_process_has_told_is_not_told_again(maria: Person) -> None:
    audit.looked("document", "d1")
    saying._seen.clear()
    audit.looked("document", "d1")
    assert len(looks()) == 1


def test_the_owner_of_the_machine_is_told_at_the_command_line(home: Path) -> None:
    access.act(None, Origin(door="cli"))
    audit.looked("document", "d1")
    access.act(None, NOWHERE)
    assert looks() == [("", "document", "d1")]
    assert lines(action="look")[0].door == "cli"


def test_the_background_looks_at_nothing(home: Path) -> None:
    audit.looked("document", "d1")
    assert looks() == []


def test_what_is_remembered_of_looks_is_bounded(
    maria: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saying, "MOST", 3)
    for number in range(5):
        audit.looked("document", str(number))
    assert len(saying._seen) == 3


@pytest.mark.slow
def test_what_was_typed_in_place_of_a_login_is_not_kept(home: Path) -> None:
    with pytest.raises(NotAllowed):
        sign_in.sign_in("correct horse battery staple", "x" * 12)
    (told,) = lines(action="sign_in_failed")
    assert (told.object_id, told.after) == ("", {})
