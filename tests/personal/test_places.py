"""No column that says who is forgotten."""

from core.db.tables import Base
from core.personal.places import OF_PEOPLE, OF_USERS

WHO = ("person_id", "by_id", "made_by", "set_by", "removed_by", "acknowledged_by", "resolved_by")


def _columns() -> list[tuple[str, set[str]]]:
    found = []
    for table in Base.metadata.tables.values():
        for column in table.columns:
            targets = {key.target_fullname for key in column.foreign_keys}
            found.append((f"{table.name}.{column.name}", targets))
    return found


def test_every_column_that_names_a_person_has_its_place() -> None:
    naming = {
        name for name, targets in _columns() if "people.id" in targets or name.split(".")[1] in WHO
    }
    assert naming == {place.name for place in OF_PEOPLE}


def test_every_column_that_names_a_user_of_an_outside_system_has_its_place() -> None:
    naming = {name for name, _targets in _columns() if name.endswith(".user_id")}
    assert naming == {place.name for place in OF_USERS}
