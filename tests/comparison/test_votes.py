"""Votes: nobody knows whose the answers are until they have voted, and each vote stands once."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import Any

import pytest

from core import access, comparison, db
from core.comparison import Ballot, ballot, next_vote, undo_vote, vote, vote_stream, withdraw_vote
from core.comparison.ballots import left_of
from core.db.tables import Comparison, Message, Passage, Person, Vote
from core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tests.comparison.voting import House, cast, compared, house, reviewer
from tests.conftest import ENGINES


@pytest.fixture
def shop(home: Path) -> House:
    return house()


def votes(row: Comparison, standing: bool = True) -> list[Vote]:
    with db.session() as session:
        found = session.query(Vote).filter_by(comparison_id=row.id)
        return [one for one in found if not (standing and one.withdrawn_at)]


def asked(**more: Any) -> Ballot:
    found = next_vote(**more)
    assert found
    return found


def test_a_ballot_names_no_version_no_model_and_no_side(shop: House) -> None:
    compared(shop)
    told = repr(asked())
    for version in shop.versions:
        assert version.id not in told
    assert "embedded" not in told
    assert "extractive" not in told


def test_which_answer_stands_left_stays_for_a_person_and_is_drawn_evenly(shop: House) -> None:
    rows = [Comparison(id=f"c{n}") for n in range(2000)]
    left = sum(left_of(row, "p1") == "a" for row in rows)
    assert 900 <= left <= 1100  # 4.5 standard errors
    assert any(left_of(row, "p1") != left_of(row, "p2") for row in rows)
    row = compared(shop)
    assert ballot(row.id) == ballot(row.id)


def test_the_vote_is_for_the_side_that_stood_where_it_was_pressed(shop: House) -> None:
    for _again in range(6):
        row = compared(shop)
        shown = asked()
        side = "a" if shown.left.answer_id == row.a_answer_id else "b"
        told = vote(row.id, "left", shown_left=shown.left.answer_id)
        assert (told.vote.choice, told.vote.left_side, told.choice) == (side, side, "left")
        assert told.left.version.id == getattr(row, f"{side}_version_id")


def test_nobody_is_asked_twice_and_those_with_fewest_votes_come_first(shop: House) -> None:
    ana, bia = reviewer("Ana"), reviewer("Bia")
    rows = [compared(shop) for _n in range(3)]
    cast(rows[0], ana, "a")
    with access.as_person(bia):
        assert asked().comparison_id == rows[1].id
        assert vote_stream().open == 3
    with access.as_person(ana):
        assert vote_stream() == comparison.Stream(open=2, voted=1)
        passed = {rows[1].id, rows[2].id}
        assert next_vote(passed=passed) is None


def test_the_same_two_answers_of_another_run_are_not_asked_about_again(shop: House) -> None:
    ana, bia = reviewer("Ana"), reviewer("Bia")
    texts = ("Das 9h às 18h [1].", "Só com hora marcada, de manhã.")
    first = compared(shop, texts, question="Quando abre?")
    compared(shop, (texts[1], "Das 9h  às 18h [2]."), question="Quando abre?")
    third = compared(shop, (texts[0], "Aos sábados também."), question="Quando abre?")
    cast(first, ana, "a")
    with access.as_person(ana):
        assert asked().comparison_id == third.id
        assert next_vote(passed=[third.id]) is None
        assert vote_stream() == comparison.Stream(open=1, voted=2)
    with access.as_person(bia):
        assert vote_stream().open == 3


def test_what_one_passes_over_comes_back_another_time(shop: House) -> None:
    first, second = compared(shop), compared(shop)
    assert asked(passed=[first.id]).comparison_id == second.id
    assert asked().comparison_id == first.id


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"texts": ("Das 9h às 18h.", "Das 9h às 18h.")}, "same"),
        ({"texts": ("Das 9h às 18h [1].", "Das 9h  às 18h [2].")}, "same"),
        ({"outcomes": ("answered", "error")}, "failed"),
        ({"outcomes": ("cut_off", "answered")}, "failed"),
        ({"learned": "b"}, "learned"),
    ],
)
def test_what_is_not_worth_a_vote_is_counted_apart_and_refused(
    shop: House, facts: dict[str, Any], why: str
) -> None:
    row = compared(shop, **facts)
    assert next_vote() is None
    assert vote_stream() == comparison.Stream(**{why: 1})
    with pytest.raises(Conflict) as refused:
        vote(row.id, "left", shown_left=row.a_answer_id)
    assert refused.value.code == "no_vote"
    assert votes(row) == []


def test_an_answer_that_is_still_written_waits(shop: House) -> None:
    row = compared(shop)
    with db.writing() as session:
        session.get_one(Message, row.b_answer_id).state = "running"
    assert vote_stream() == comparison.Stream(running=1)
    with pytest.raises(Conflict):
        ballot(row.id)


def test_another_vote_takes_the_place_of_the_one_before(shop: House) -> None:
    row, ana = compared(shop), reviewer("Ana")
    cast(row, ana, "a", reasons=["clear"])
    again = cast(row, ana, "bad", reasons=["wrong"]).vote
    (standing,) = votes(row)
    assert (standing.id, standing.choice) == (again.id, "bad")
    assert len(votes(row, standing=False)) == 2


@pytest.mark.parametrize("engine", ENGINES)
def test_two_people_at_once_both_count_and_one_person_at_once_counts_once(home: Path) -> None:
    row = compared(house())
    ana, bia = reviewer("Ana"), reviewer("Bia")
    tries = [(ana, "a"), (bia, "b"), (ana, "b"), (bia, "b"), (ana, "tie"), (bia, "a")]
    with ThreadPoolExecutor(len(tries)) as pool:
        pressed = [pool.submit(copy_context().run, cast, row, who, better) for who, better in tries]
        assert all(one.result() for one in pressed)
    assert {one.person_id for one in votes(row)} == {ana.id, bia.id}
    assert len(votes(row)) == 2
    assert len(votes(row, standing=False)) == 6


def test_undo_takes_back_the_last_vote_and_it_is_asked_again(shop: House) -> None:
    ana = reviewer("Ana")
    first, second = compared(shop), compared(shop)
    cast(first, ana, "a")
    cast(second, ana, "b")
    with access.as_person(ana):
        taken = undo_vote()
        assert taken
        assert taken.comparison_id == second.id
        assert asked().comparison_id == second.id
        assert undo_vote()
        assert undo_vote() is None


def test_a_vote_is_taken_back_by_who_cast_it_and_by_nobody_else(shop: House) -> None:
    row, ana, bia = compared(shop), reviewer("Ana"), reviewer("Bia")
    mine = cast(row, ana, "a").vote
    with access.as_person(bia), pytest.raises(NotFound):
        withdraw_vote(mine.id)
    with access.as_person(ana):
        withdraw_vote(mine.id)
        withdraw_vote(mine.id)  # twice is once
    assert votes(row) == []


def test_reasons_may_come_after_the_vote(shop: House) -> None:
    row, ana = compared(shop), reviewer("Ana")
    mine = cast(row, ana, "a").vote
    with access.as_person(ana):
        told = comparison.explain_vote(mine.id, ["clear", "correct"], " porque sim ")
    assert (told.reasons, told.comment) == (["correct", "clear"], "porque sim")


@pytest.mark.parametrize(
    ("choice", "more", "field"),
    [
        ("better", {}, "choice"),
        ("left", {"reasons": ["wrong"]}, "reasons"),
        ("tie", {"reasons": ["clear"]}, "reasons"),
        ("left", {"reasons": ["<b>"]}, "reasons"),
        ("left", {"comment": "x" * 5001}, "comment"),
        ("left", {"seconds": float("nan")}, "seconds"),
        ("left", {"seconds": -1.0}, "seconds"),
        ("left", {"shown_left": "another"}, "shown_left"),
    ],
)
def test_what_is_no_vote_is_refused_by_name(
    shop: House, choice: str, more: dict[str, Any], field: str
) -> None:
    row = compared(shop)
    with pytest.raises(InvalidInput) as refused:
        vote(row.id, choice, **{"shown_left": row.a_answer_id, **more})
    assert refused.value.field == field
    assert votes(row) == []


def test_a_removed_comparison_is_not_found(shop: House) -> None:
    row = compared(shop)
    shown = asked()
    comparison.remove(row.id)
    with pytest.raises(NotFound):
        vote(row.id, "left", shown_left=shown.left.answer_id)
    assert next_vote() is None


def test_somebody_without_the_role_neither_sees_nor_votes(shop: House) -> None:
    row = compared(shop)
    viewer = access.set_roles(access.person("Vi").id, ["viewer"])
    with access.as_person(viewer):
        for refused in (
            next_vote,
            vote_stream,
            lambda: ballot(row.id),
            lambda: vote(row.id, "left", shown_left=row.a_answer_id),
        ):
            with pytest.raises(NotAllowed):
                refused()


def test_who_may_see_no_personal_data_votes_without_it(shop: House) -> None:
    row = compared(
        shop,
        ("Seu CPF 529.982.247-25 está certo [1].", "Não sei."),
        question="Meu CPF é 529.982.247-25, certo?",
    )
    with access.as_person(reviewer("Ana")):
        told = ballot(row.id)
    assert "529.982" not in repr(told)
    assert "[1]" in told.left.text + told.right.text
    assert "529.982" in ballot(row.id).question  # who leads sees it


def test_a_vote_of_who_asked_by_hand_is_kept_as_not_blind(shop: House) -> None:
    ana, bia = reviewer("Ana"), reviewer("Bia")
    mine = compared(shop, source="hand", person=ana)
    others = compared(shop, source="hand", person=bia)
    with access.as_person(ana):
        assert asked().comparison_id == others.id  # one's own come last
    assert not cast(mine, ana, "a").vote.blind
    assert cast(mine, bia, "a").vote.blind
    assert not cast(others, ana, "a", blind=False).vote.blind


def test_an_answer_that_only_shows_what_may_be_related_shows_it(shop: House) -> None:
    row = compared(shop, outcomes=("related", "answered"))
    text = "Aos sábados, das 9h às 13h."
    with db.writing() as session:
        for n in range(6):
            session.add(
                Passage(
                    message_id=row.a_answer_id,
                    rank=n + 1,
                    document_name="horarios.md",
                    text=text,
                    start=0,
                    end=len(text),
                    score=1.0,
                )
            )
    told = ballot(row.id)
    related = told.left if told.left.answer_id == row.a_answer_id else told.right
    assert related.related == (text,) * 4


def test_a_person_who_is_deleted_leaves_their_vote(shop: House) -> None:
    row, ana = compared(shop), reviewer("Ana")
    cast(row, ana, "a")
    with db.writing() as session:
        session.delete(session.get_one(Person, ana.id))
    assert comparison.ranking(shop.assistant.id).n == 1


@pytest.mark.parametrize("source", ["chat", "nobody"])
def test_others_are_asked_about_nobodys_chat(shop: House, source: str) -> None:
    compared(shop, source="chat")
    assert next_vote() is None
    with pytest.raises(InvalidInput):
        next_vote(source=source)
