"""Roles: who may do what, who gives them, and that somebody is always an admin."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core import access
from core.access.guarding import DEED
from core.db.tables import Person
from core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tests.conftest import ENGINES


def somebody(name: str, *roles: str) -> Person:
    """A person with these roles, beside the local one who has all."""
    access.local_person()
    return access.set_roles(access.person(name).id, roles)


def test_whoever_is_new_has_every_role(home: Path) -> None:
    assert tuple(access.person("Ana").roles) == access.ROLES


def test_roles_are_kept_each_once_in_their_own_order(home: Path) -> None:
    assert somebody("Ana", "admin", "viewer", "admin").roles == ["viewer", "admin"]
    assert access.person("Ana").roles == ["viewer", "admin"]


@pytest.mark.parametrize("role", ["", "boss", "Admin", "x" * 300, "\x00"])
def test_a_role_there_is_not_is_refused(home: Path, role: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        access.set_roles(access.person("Ana").id, ["viewer", role])
    assert caught.value.field == "roles"
    assert len(caught.value.message) < 100


def test_roles_are_given_to_people_who_are_there(home: Path) -> None:
    with pytest.raises(NotFound):
        access.set_roles("nobody", ["viewer"])


def test_the_last_admin_stays_one(home: Path) -> None:
    ana = access.person("Ana")
    access.set_roles(access.local_person().id, ["viewer"])
    with pytest.raises(Conflict) as caught:
        access.set_roles(ana.id, ["viewer"])
    assert "Ana" in caught.value.message
    assert "admin" in access.known(ana.id).roles


def test_people_of_the_samples_are_no_admins_to_count_on(home: Path) -> None:
    access.person("Exemplo", is_sample=True)
    with pytest.raises(Conflict):
        access.set_roles(access.local_person().id, ["viewer"])


@pytest.mark.parametrize("engine", ENGINES)
def test_two_admins_who_step_down_at_once_leave_one(home: Path) -> None:
    access.set_roles(access.person("Zé").id, ["admin"])
    two = [access.person("Ana").id, access.person("Zé").id]
    access.set_roles(access.local_person().id, ["viewer"])

    def step_down(person_id: str) -> bool:
        try:
            access.set_roles(person_id, ["viewer"])
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(step_down, two)) == [False, True]


@pytest.mark.parametrize("deed", access.MAY)
def test_a_deed_is_done_by_those_in_the_table_and_nobody_else(home: Path, deed: str) -> None:
    for role in access.ROLES:
        person = Person(name=role, roles=[role])
        assert access.may(deed, person) is (role in access.MAY[deed])
    assert not access.may(deed, Person(name="none", roles=[]))


def test_every_deed_and_role_has_its_words() -> None:
    assert access.DEEDS.keys() == access.MAY.keys()
    assert access.ROLE_NAMES.keys() == set(access.ROLES)
    assert all(set(roles) <= set(access.ROLES) and roles for roles in access.MAY.values())


def test_where_nobody_acts_everything_is_allowed(home: Path) -> None:
    assert access.acting() is None
    assert all(access.may(deed) for deed in access.MAY)


def test_a_guarded_verb_refuses_whoever_may_not_and_names_the_way_out(home: Path) -> None:
    ana = somebody("Ana", "viewer")
    with access.as_person(ana), pytest.raises(NotAllowed) as caught:
        access.set_roles(ana.id, ["admin"])
    assert "Ana" in caught.value.message
    assert caught.value.code == "not_allowed"
    assert caught.value.hint
    assert access.acting() is None
    assert access.known(ana.id).roles == ["viewer"]


def test_a_verb_that_yields_refuses_before_anybody_asks_it_for_more(home: Path) -> None:
    @access.allowed("change")
    def steps() -> Iterator[int]:
        yield 1

    with access.as_person(Person(name="Ana", roles=["viewer"])), pytest.raises(NotAllowed):
        steps()


def test_a_guarded_verb_tells_its_deed() -> None:
    assert vars(access.set_roles)[DEED] == "people"


def test_what_is_ones_own_may_be_seen_and_what_others_own_by_those_who_read(home: Path) -> None:
    ana, ze = somebody("Ana", "reviewer"), somebody("Zé", "analyst")
    with access.as_person(ana):
        assert access.may_see(ana.id)
        assert not access.may_see(ze.id)
        assert not access.may_see(None)
    with access.as_person(ze):
        assert access.may_see(ana.id)


def test_whoever_acts_is_present_else_the_local_person(home: Path) -> None:
    assert access.present().is_local
    ana = access.person("Ana")
    with access.as_person(ana):
        assert access.present().id == ana.id
