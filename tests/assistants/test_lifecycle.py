"""An assistant's life."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from core import assistants, registry
from core.errors import CicloError, Conflict, InvalidInput, NotFound
from tests.conftest import ENGINES


def test_at_first_there_is_none_and_the_way_out_is_named(home: Path) -> None:
    assert assistants.default() is None
    with pytest.raises(NotFound) as caught:
        assistants.chosen(None)
    assert caught.value.code == "no_assistant"
    assert "ciclo demo" in caught.value.hint


def test_the_first_one_is_the_default_and_stays_it(home: Path) -> None:
    first = assistants.create("Ana")
    assistants.create("Bia")
    assert assistants.chosen(None).id == first.id


def test_the_default_can_be_given_to_another(home: Path) -> None:
    assistants.create("Ana")
    second = assistants.create("Bia")
    assistants.set_default(second.id)
    assert [a.is_default for a in assistants.all()] == [False, True]


def test_a_name_and_a_language_are_enough(home: Path) -> None:
    made = assistants.create("Ana", "en")
    assert (made.name, made.language, made.rules, made.rubric) == ("Ana", "en", [], [])


def test_two_living_assistants_never_share_a_name(home: Path) -> None:
    assistants.create("Ana")
    with pytest.raises(Conflict):
        assistants.create("Ana")
    other = assistants.create("Bia")
    with pytest.raises(Conflict):
        assistants.update(other.id, name="Ana")
    assert assistants.get(other.id).name == "Bia"


@pytest.mark.parametrize("text", ["Ana Maria", "ana maria", " ANA MARIA ", "ANA Maria"])
def test_it_is_found_by_name_whatever_the_case(home: Path, text: str) -> None:
    made = assistants.create("Ana Maria")
    assert assistants.by_name_or_id(text).id == made.id


def test_it_is_found_by_id(home: Path) -> None:
    made = assistants.create("Ana")
    assert assistants.by_name_or_id(made.id).id == made.id


def test_an_exact_name_wins_over_one_that_differs_in_case(home: Path) -> None:
    assistants.create("ana")
    exact = assistants.create("ANA")
    assert assistants.by_name_or_id("ANA").id == exact.id


@pytest.mark.parametrize("text", ["nobody", "", "  "])
def test_what_names_nobody_is_not_found_and_those_that_exist_are_named(
    home: Path, text: str
) -> None:
    assistants.create("Ana")
    with pytest.raises(NotFound) as caught:
        assistants.by_name_or_id(text)
    assert "Ana" in caught.value.hint


def test_a_changed_persona_is_another_version_with_the_same_model(home: Path) -> None:
    made = assistants.create("Ana")
    registry.choose_model(made.id, "fake:echo", {"seed": 1})
    before = registry.route(made.id)
    assistants.update(made.id, persona="Fala pouco.", rules=["Seja breve."])
    after = registry.route(made.id)
    assert after.version.id != before.version.id
    assert (after.name, after.version.parameters) == ("fake:echo", {"seed": 1})
    assert after.version.prompt["persona"] == "Fala pouco."
    assert after.version.prompt["rules"] == ["Seja breve."]


def test_going_back_to_the_old_persona_is_the_old_version(home: Path) -> None:
    made = assistants.create("Ana", persona="Uma.")
    first = registry.route(made.id).version.id
    assistants.update(made.id, persona="Outra.")
    assistants.update(made.id, persona="Uma.")
    assert registry.route(made.id).version.id == first


def test_a_changed_name_or_starter_is_no_other_version(home: Path) -> None:
    made = assistants.create("Ana")
    assistants.update(made.id, name="Bia", starters=["Quando abre?"])
    assert len(registry.versions(made.id)) == 1


def test_a_removed_one_is_gone_until_it_is_brought_back(home: Path) -> None:
    made = assistants.create("Ana")
    assistants.remove(made.id)
    assert assistants.all() == []
    with pytest.raises(NotFound):
        assistants.get(made.id)
    assistants.restore(made.id)
    assert assistants.get(made.id).is_default


def test_removing_twice_is_harmless(home: Path) -> None:
    made = assistants.create("Ana")
    first = assistants.remove(made.id).removed_at
    assert assistants.remove(made.id).removed_at == first


def test_the_oldest_takes_the_place_of_a_removed_default(home: Path) -> None:
    first, second, third = (assistants.create(name) for name in ("Ana", "Bia", "Clara"))
    assistants.set_default(third.id)
    assistants.remove(third.id)
    assert assistants.chosen().id == first.id
    assistants.restore(third.id)
    assert assistants.chosen().id == first.id
    assert second.id


def test_one_whose_name_was_given_away_cannot_come_back(home: Path) -> None:
    made = assistants.create("Ana")
    assistants.remove(made.id)
    assistants.create("Ana")
    with pytest.raises(Conflict):
        assistants.restore(made.id)


def test_a_failed_creation_leaves_nothing_behind(home: Path) -> None:
    with pytest.raises(InvalidInput):
        assistants.create("Ana", parts=registry.Parts("nope:x"))
    assert assistants.all() == []


@pytest.mark.parametrize("engine", ENGINES)
def test_made_at_once_exactly_one_is_the_default(home: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: assistants.create(f"A{n}"), range(8)))
    assert sum(a.is_default for a in assistants.all()) == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_of_the_same_name_at_once_one_is_made(home: Path) -> None:
    def attempt(_n: int) -> Any:
        try:
            return assistants.create("Ana")
        except CicloError as error:
            return error

    with ThreadPoolExecutor(6) as threads:
        made = list(threads.map(attempt, range(6)))
    assert sum(isinstance(result, Conflict) for result in made) == 5
    assert len(assistants.all()) == 1


def test_saving_the_same_persona_again_moves_nothing(home: Path) -> None:
    made = assistants.create("Ana", persona="Uma.")
    assistants.update(made.id, persona="Uma.")
    assert [move.reason for move in registry.history(made.id, "champion")] == ["created"]
