"""People: one row for one name, one local person."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core import access
from core.errors import InvalidInput, NotFound


def test_the_local_person_is_made_once_and_found_ever_after(home: Path) -> None:
    first = access.local_person()
    assert first.is_local
    assert access.local_person().id == first.id


def test_asked_for_at_once_it_is_one_row(home: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        ids = list(threads.map(lambda _n: access.local_person().id, range(8)))
    assert len(set(ids)) == 1


def test_a_person_is_known_by_name(home: Path) -> None:
    assert access.person("Ana Maria").id == access.person("  Ana  Maria ").id
    assert not access.person("Ana Maria").is_local


def test_nobody_becomes_the_local_person_by_name_without_being_it(home: Path) -> None:
    assert access.person("local").is_local


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
def test_a_name_has_a_length(home: Path, name: str) -> None:
    with pytest.raises(InvalidInput):
        access.person(name)


def test_a_language_is_remembered_and_forgotten(home: Path) -> None:
    me = access.local_person()
    access.set_language(me.id, "en")
    assert access.local_person().language == "en"
    access.set_language(me.id, "")
    assert access.local_person().language == ""


def test_a_language_that_we_do_not_speak_is_refused(home: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        access.set_language(access.local_person().id, "fr")
    assert caught.value.field == "language"


def test_preferences_are_added_to_and_taken_away_by_name(home: Path) -> None:
    me = access.local_person()
    access.set_preferences(me.id, width="wide", thoughts=True)
    access.set_preferences(me.id, width=None)
    assert access.local_person().preferences == {"thoughts": True}


def test_nothing_is_remembered_of_somebody_who_is_not_there(home: Path) -> None:
    with pytest.raises(NotFound):
        access.set_language("nobody", "en")
    with pytest.raises(NotFound):
        access.set_preferences("nobody", width="wide")
