"""Stars and "solved?" of a conversation: each changed and taken back by itself."""

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import func, select

from core import access, assistants, chat, db, feedback
from core.db.tables import ConversationRating, Feedback, Flag
from core.errors import InvalidInput, NotFound


@pytest.fixture
def answer(home: object) -> chat.Answer:
    made = assistants.create("Loja")
    talk = chat.create(made.id, channel="whatsapp", external_id="wa-1")
    return chat.ask("Que horas abre?", conversation_id=talk.id)


def _now(answer: chat.Answer, who: str) -> tuple[int | None, bool | None] | None:
    row = feedback.conversation_rating(answer.conversation.id, person_id=who)
    return (row.stars, row.solved) if row else None


def test_what_is_not_said_stays_and_what_is_forgotten_goes(answer: chat.Answer) -> None:
    ana, talk = access.person("Ana").id, answer.conversation.id
    feedback.rate_conversation(talk, person_id=ana, stars=4)
    feedback.rate_conversation(talk, person_id=ana, solved=False)
    assert _now(answer, ana) == (4, False)
    feedback.rate_conversation(talk, person_id=ana, forget=["stars"])
    assert _now(answer, ana) == (None, False)
    assert feedback.rate_conversation(talk, person_id=ana, forget=["solved"]) is None
    assert _now(answer, ana) is None
    assert len(feedback.history(answer.message.id, person_id=ana)) == 3


def test_a_conversation_is_named_by_its_outside_id_too(answer: chat.Answer) -> None:
    feedback.rate_conversation("wa-1", person_id=None, user_id="55", stars=2, channel="whatsapp")
    held = feedback.conversation_rating(answer.conversation.id, person_id=None, user_id="55")
    assert held and held.stars == 2  # noqa: PT018
    feedback.withdraw_conversation("wa-1", person_id=None, user_id="55")
    assert not feedback.conversation_rating(answer.conversation.id, person_id=None, user_id="55")


def test_an_outside_id_that_two_channels_know_is_nobody_s(answer: chat.Answer) -> None:
    chat.create(answer.conversation.assistant_id, channel="site", external_id="wa-1")
    with pytest.raises(NotFound):
        feedback.rate_conversation("wa-1", person_id=None, user_id="5", stars=2, channel="api")
    feedback.rate_conversation("wa-1", person_id=None, user_id="5", stars=2, channel="site")


@pytest.mark.parametrize(
    "wrong", [{"stars": 0}, {"stars": 6}, {"forget": ["x"]}, {"comment": "x" * 4001}]
)
def test_what_cannot_be_is_refused(answer: chat.Answer, wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        feedback.rate_conversation(answer.conversation.id, person_id=None, user_id="5", **wrong)  # type: ignore[arg-type]


class Askers(RuleBasedStateMachine):
    """Whatever people press in whatever order, one word of each holds: the last."""

    answer: chat.Answer
    people: list[tuple[str | None, str]]

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[object, ...], object] = {}

    who = st.integers(0, 2)

    def _asker(self, n: int) -> dict[str, str | None]:
        person_id, user_id = self.people[n]
        return {"person_id": person_id, "user_id": user_id}

    @rule(n=who, rating=st.sampled_from(["up", "down"]), times=st.integers(1, 3))
    def rate(self, n: int, rating: str, times: int) -> None:
        for _again in range(times):
            feedback.give(self.answer.message.id, rating, **self._asker(n))  # type: ignore[arg-type]
        self.held["rating", n] = rating

    @rule(n=who)
    def withdraw(self, n: int) -> None:
        feedback.withdraw(self.answer.message.id, **self._asker(n))  # type: ignore[arg-type]
        self.held.pop(("rating", n), None)

    @rule(n=who, problem=st.sampled_from(["tone", "unsafe"]), text=st.sampled_from(["", "a", "b"]))
    def flag(self, n: int, problem: str, text: str) -> None:
        feedback.flag(self.answer.message.id, problem, text=text, **self._asker(n))  # type: ignore[arg-type]
        self.held["flag", n, problem] = text

    @rule(n=who, problem=st.sampled_from(["tone", "unsafe"]))
    def unflag(self, n: int, problem: str) -> None:
        feedback.unflag(self.answer.message.id, problem, **self._asker(n))  # type: ignore[arg-type]
        self.held.pop(("flag", n, problem), None)

    @rule(n=who, stars=st.integers(1, 5))
    def star(self, n: int, stars: int) -> None:
        feedback.rate_conversation(self.answer.conversation.id, stars=stars, **self._asker(n))  # type: ignore[arg-type]
        self.held["stars", n] = stars

    @rule(n=who)
    def unstar(self, n: int) -> None:
        feedback.withdraw_conversation(self.answer.conversation.id, **self._asker(n))  # type: ignore[arg-type]
        self.held.pop(("stars", n), None)

    @invariant()
    def each_holds_once(self) -> None:
        found: dict[tuple[object, ...], object] = {}
        order = {asker: n for n, asker in enumerate(self.people)}
        with db.session() as session:
            tables: tuple[Any, ...] = (Feedback, Flag, ConversationRating)
            for table in tables:
                for row in session.scalars(select(table).where(table.withdrawn_at.is_(None))):
                    n = order[row.person_id, row.user_id]
                    key: tuple[object, ...] = ("stars", n)
                    value: object = getattr(row, "stars", None)
                    if isinstance(row, Feedback):
                        key, value = ("rating", n), row.rating
                    elif isinstance(row, Flag):
                        key, value = ("flag", n, row.problem), row.text
                    assert key not in found
                    found[key] = value
        assert found == self.held


@pytest.mark.slow
def test_whatever_is_pressed_in_whatever_order_one_word_of_each_holds(answer: chat.Answer) -> None:
    Askers.answer = answer
    Askers.people = [(access.person("Ana").id, ""), (access.person("Bia").id, ""), (None, "55")]

    class Fresh(Askers):
        def __init__(self) -> None:
            super().__init__()
            with db.writing() as session:
                for table in (Feedback, Flag, ConversationRating):
                    session.query(table).delete()

    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Fresh, settings=settings(max_examples=5, stateful_step_count=12, deadline=None)
    )
    with db.session() as session:
        assert session.scalar(select(func.count()).select_from(Feedback)) is not None
