"""Who may be erased, and by whom."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from core import access, assistants, db, personal
from core.db.tables import Erasure, Person
from core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from core.personal import erasing
from core.personal.places import OF_USERS
from tests.personal.full import WORD, asked, holding


@pytest.mark.parametrize("place", [one for one in OF_USERS if one.end == "goes"])
def test_every_place_of_a_user_is_emptied(place: object) -> None:
    assert place in erasing._places(Erasure(person_id="", user_id="u-1"))


@pytest.mark.slow
def test_the_local_person_stays_as_nobody_in_particular(home: Path) -> None:
    local = access.set_preferences(access.local_person().id, theme="dark")
    asked(assistants.create("Loja"), local)
    personal.erase(personal.subject(local.id))
    assert access.known(local.id).preferences == {}
    assert holding(WORD) == set()


def test_the_last_admin_is_not_erased(home: Path) -> None:
    ana = access.person("Ana")
    access.set_roles(access.local_person().id, [])
    with pytest.raises(Conflict) as refused:
        personal.erase(personal.subject(ana.id))
    assert refused.value.code == "last_admin"
    assert access.known(ana.id)


def test_only_who_operates_may_erase_others(home: Path) -> None:
    ana = access.set_roles(access.person("Ana").id, ["analyst"])
    with access.as_person(ana), pytest.raises(NotAllowed):
        personal.erase(personal.subject(ana.id))


def test_nobody_is_made_by_looking(home: Path) -> None:
    for named in ({"person": "Zé"}, {"user_id": "u-1"}):
        with pytest.raises(NotFound):
            personal.subject(**named)
    for named in ({}, {"person": "a", "user_id": "b"}):
        with pytest.raises(InvalidInput):
            personal.subject(**named)
    with db.session() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 0
