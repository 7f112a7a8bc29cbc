"""People: one row for one name, one local person."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core import access
from core.errors import Conflict, InvalidInput, NotFound
from tests.conftest import ENGINES


def test_the_local_person_is_made_once_and_found_ever_after(home: Path) -> None:
    first = access.local_person()
    assert first.is_local
    assert access.local_person().id == first.id


@pytest.mark.parametrize("engine", ENGINES)
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


def test_people_are_listed_by_name_without_those_of_the_samples(home: Path) -> None:
    access.local_person()
    for name in ("Zé", "Ana"):
        access.person(name)
    access.person("Exemplo", is_sample=True)
    assert [one.name for one in access.people()] == ["Ana", "Zé", "local"]
    assert [one.name for one in access.people("an")] == ["Ana"]
    assert access.people("%") == []
    assert len(access.people(limit=2)) == 2


def test_a_name_written_in_two_ways_is_one_person(home: Path) -> None:
    assert access.person("Joa\u0303o").id == access.person("João").id


@pytest.mark.parametrize("name", ["a\x00b", "a\ud800b", "Ana\u200b", "\u202eanA", "x" * 201])
def test_a_name_holds_what_can_be_seen_alone(home: Path, name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        access.person(name)
    assert caught.value.field == "name"
    with pytest.raises(InvalidInput):
        access.rename(access.person("Ana").id, name)


def test_another_name_keeps_the_person(home: Path) -> None:
    ana = access.person("Ana")
    access.set_language(ana.id, "en")
    assert access.rename(ana.id, " Ana  Maria ").id == ana.id
    assert access.person("Ana Maria").language == "en"


def test_a_name_that_somebody_has_is_not_taken(home: Path) -> None:
    access.person("Zé")
    ana = access.person("Ana")
    with pytest.raises(Conflict):
        access.rename(ana.id, "Zé")
    assert access.known(ana.id).name == "Ana"


def test_a_name_that_differs_in_capital_letters_alone_is_somebodys(home: Path) -> None:
    access.person("Ângela Lima")
    ana = access.person("ana")
    with pytest.raises(Conflict, match="Ângela Lima"):
        access.rename(ana.id, "ângela LIMA")
    assert access.rename(ana.id, "Ana").name == "Ana"


@pytest.mark.parametrize("name", ["Whoever sits here", "quem está neste computador", "LOCAL"])
def test_nobody_is_called_as_the_local_person_is(home: Path, name: str) -> None:
    for verb in (access.person, lambda name: access.rename(access.person("Ana").id, name)):
        with pytest.raises(InvalidInput) as caught:
            verb(name)
        assert caught.value.field == "name"


def test_the_local_person_keeps_its_name_and_nobody_takes_it(home: Path) -> None:
    with pytest.raises(InvalidInput):
        access.rename(access.local_person().id, "Ana")
    with pytest.raises(InvalidInput):
        access.rename(access.person("Ana").id, "local")
    with pytest.raises(NotFound):
        access.rename("nobody", "Ana")
