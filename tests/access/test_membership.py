"""Members of an assistant: who changes it, when it holds, and that nothing kept for all is cut short."""

from pathlib import Path
from typing import Any

import pytest

from core import access, assistants, chat, db, metrics, retrieval
from core.access import membership
from core.api import contents
from core.db.tables import Assistant, Member, Person
from core.errors import NotAllowed, NotFound
from core.metrics import View
from core.metrics.alerts import checking, lifecycle, rules
from core.metrics.kept import kept
from tests.access.test_own import counted
from tests.access.test_roles import somebody

ALL = View(period="all")


@pytest.fixture
def loja(home: Path) -> Assistant:
    return assistants.create("Loja")


@pytest.fixture
def folha(loja: Assistant) -> Assistant:
    """For its members only; there are none."""
    made = assistants.create("Folha")
    access.set_members_only(made.id, True)
    return made


@pytest.fixture
def ana(home: Path) -> Person:
    return somebody("Ana", "viewer", "analyst", "reviewer")


def seen_by(person: Person | None) -> list[str]:
    with access.as_person(person):
        return [one.name for one in assistants.all()]


def test_an_assistant_for_members_is_there_for_them_for_admins_and_where_nobody_acts(
    folha: Assistant, ana: Person
) -> None:
    bia = somebody("Bia", "viewer")
    access.set_members(folha.id, [bia.id])
    assert seen_by(ana) == ["Loja"]
    for person in (bia, access.local_person(), None):
        assert seen_by(person) == ["Loja", "Folha"]


def test_who_was_let_in_or_out_is_so_at_once(folha: Assistant, ana: Person) -> None:
    for members, names in (([ana.id], ["Loja", "Folha"]), ([], ["Loja"])):
        access.set_members(folha.id, members)
        assert seen_by(ana) == names
    access.set_members_only(folha.id, False)
    assert seen_by(ana) == ["Loja", "Folha"]


def test_what_another_process_changed_is_seen_when_what_is_known_is_old(
    folha: Assistant, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert seen_by(ana) == ["Loja"]
    with db.writing() as session:
        session.add(Member(assistant_id=folha.id, person_id=ana.id))
    assert seen_by(ana) == ["Loja"]
    known = membership._known
    assert known
    monkeypatch.setattr(membership, "_known", membership._Known(known.engine, 0.0, known.closed))
    assert seen_by(ana) == ["Loja", "Folha"]


def test_members_stay_while_it_is_open_to_all(folha: Assistant, ana: Person) -> None:
    access.set_members(folha.id, [ana.id, ana.id])
    access.set_members_only(folha.id, False)
    told = access.set_members_only(folha.id, True)
    assert (told.only, [one.name for one in told.people]) == (True, ["Ana"])


def test_admins_alone_let_people_in(folha: Assistant, ana: Person) -> None:
    with access.as_person(ana):
        with pytest.raises(NotAllowed):
            access.set_members(folha.id, [ana.id])
        with pytest.raises(NotAllowed):
            access.set_members_only(folha.id, False)
        with pytest.raises(NotFound):
            access.members(folha.id)
    assert seen_by(ana) == ["Loja"]


@pytest.mark.parametrize(("assistant", "person"), [("?", ""), ("", "?")])
def test_members_are_people_there_are_of_assistants_there_are(
    folha: Assistant, ana: Person, assistant: str, person: str
) -> None:
    with pytest.raises(NotFound):
        access.set_members(assistant or folha.id, [ana.id, person or ana.id])
    assert access.members(folha.id).people == ()


def test_who_does_not_find_the_default_is_given_the_oldest_they_find(
    folha: Assistant, ana: Person
) -> None:
    assistants.set_default(folha.id)
    with access.as_person(ana):
        assert assistants.chosen().name == "Loja"
    access.set_members_only(assistants.chosen("Loja").id, True)
    with access.as_person(ana):
        assert assistants.default() is None
        with pytest.raises(NotFound) as caught:
            assistants.chosen("Folha")
    assert "Loja" not in caught.value.hint


def test_a_removed_one_stays_hidden(folha: Assistant, ana: Person) -> None:
    talk = chat.create(folha.id, person_id=ana.id)
    assistants.remove(folha.id)
    with access.as_person(ana), pytest.raises(NotFound):
        chat.conversation(talk.id)


def test_a_token_that_is_for_some_sees_no_more_than_its_person(
    folha: Assistant, ana: Person
) -> None:
    only = frozenset({folha.id})
    with access.as_person(ana), membership.holding((membership.hidden(), only)):
        assert assistants.all() == []


@pytest.mark.slow
def test_where_none_is_for_members_only_a_turn_makes_no_query_more(
    loja: Assistant, ana: Person
) -> None:
    def asked(person: Person | None) -> list[str]:
        with access.as_person(person), counted() as said:
            chat.ask("Qual é o horário?", assistant=loja.id, person_id=ana.id)
            chat.conversations(person_id=ana.id)
        return [one for one in said if "JOIN members" in one]

    asked(ana)
    assert len(asked(ana)) <= 1  # what is known was a second old
    assert asked(access.local_person()) == asked(None) == []


@pytest.mark.slow
def test_an_index_that_catches_up_while_somebody_searches_lacks_nothing(
    loja: Assistant, folha: Assistant, ana: Person
) -> None:
    for one in (loja, folha):
        retrieval.add(one.id, "a.md", f"O prazo da {one.name} é de 7 dias.".encode(), now=True)
    retrieval.close()
    with access.as_person(ana):
        assert retrieval.search("prazo", assistant_id=loja.id).passages
        with pytest.raises(NotFound):
            retrieval.search("prazo", assistant_id=folha.id)
    found = retrieval.search("prazo", assistant_id=folha.id).passages
    assert [one.document_name for one in found] == ["a.md"]
    assert "Folha" in found[0].text


@pytest.mark.slow
@pytest.mark.parametrize("first", ["ana", "admin"])
def test_figures_are_of_what_is_there_for_who_looks_whoever_looked_first(
    loja: Assistant, folha: Assistant, ana: Person, first: str
) -> None:
    for one, times in ((loja, 1), (folha, 2)):
        for _time in range(times):
            chat.ask("Qual é o prazo?", assistant=one.id, person_id=ana.id)

    def told(person: Person) -> dict[str, int]:
        with access.as_person(person):
            rows = metrics.breakdown("answers", "assistant", ALL)
            assert metrics.figure("answers", ALL).n == sum(row.figure.n for row in rows)
            return {row.key: row.figure.n for row in rows}

    admin = access.local_person()
    for person in (ana, admin) if first == "ana" else (admin, ana):
        expected = {loja.id: 1} | ({folha.id: 2} if person is admin else {})
        assert told(person) == expected


def test_what_is_kept_is_of_the_sight_it_is_kept_under(folha: Assistant, ana: Person) -> None:
    """All are let in between the key and the figure: it is of what she saw, for those who see that."""

    def computed() -> frozenset[str]:
        with access.as_person(None):
            access.set_members_only(folha.id, False)
        return membership.sight()[0]

    with access.as_person(ana):
        assert kept(("a test",), computed) == {folha.id}
        assert kept(("a test",), computed) == frozenset()


def test_a_figure_for_programs_is_of_all_whoever_asked_for_it_first(
    folha: Assistant, ana: Person
) -> None:
    looked = []
    with access.as_person(ana):
        contents.seldom("a test", lambda: looked.append(access.sees_all()))
    assert looked == [True]


@pytest.mark.slow
def test_an_alert_over_everything_is_over_what_is_open_to_all(
    loja: Assistant, folha: Assistant
) -> None:
    for one in (loja, folha):
        chat.ask("Qual é o prazo?", assistant=one.id)
    facts: dict[str, Any] = {"measure": "no_information", "bound": 0.5, "minimum": 1}
    assert rules.try_rule(**facts).n == 1
    assert rules.try_rule(**facts, filters={"assistant": folha.id}).n == 1
    access.set_members_only(folha.id, False)
    assert rules.try_rule(**facts).n == 2


@pytest.mark.slow
def test_an_alert_is_found_and_caused_by_the_same_whoever_has_it_checked(
    loja: Assistant, folha: Assistant, ana: Person
) -> None:
    talks = {one.id: chat.ask("Qual é o prazo?", assistant=one.id) for one in (loja, folha)}
    facts: dict[str, Any] = {"measure": "no_information", "bound": 0.5, "minimum": 1}
    rules.create_rule(**facts)
    closed = rules.create_rule(**facts, filters={"assistant": folha.id})
    with access.as_person(ana):
        assert checking.check_now() == 1
        assert [one.conversations for one in lifecycle.alerts()] == [
            (talks[loja.id].conversation.id,)
        ]
    assert checking.check_now() == 2
    found = {one.rule.id: one for one in lifecycle.alerts()}
    assert found[closed.id].conversations == (talks[folha.id].conversation.id,)
    assert {one.alert.n for one in found.values()} == {1}
    with access.as_person(ana):
        assert [one.rule.id for one in lifecycle.alerts()] == [
            one for one in found if one != closed.id
        ]


@pytest.mark.slow
def test_what_somebody_reads_in_for_all_is_read_whole(
    loja: Assistant, folha: Assistant, ana: Person
) -> None:
    for one in (loja, folha):
        retrieval.add(one.id, "a.md", f"O prazo da {one.name} é de 7 dias.".encode())
    with access.as_person(ana):
        retrieval.process_waiting()
    assert {one.state for one in retrieval.documents()} == {"ready"}
    assert retrieval.search("prazo", assistant_id=folha.id).passages
