"""A busy model has a line before it: first come first served, people first, and every place comes free."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core import chat, db, registry
from core.chat import line
from core.chat.line import PEOPLE, TRIALS, Line
from core.chat.runs import Run
from core.config import settings
from core.db.tables import Assistant
from core.errors import ModelFailed
from core.llm import fake
from core.llm.fake import Reply

QUESTIONS = ("Que horas a loja abre?", "Que horas ela fecha aos sábados?", "Qual o prazo de troca?")
LONG = Reply("A loja abre às nove [1].", delay=0.8)


@pytest.fixture
def busy(spoken: Assistant, monkeypatch: pytest.MonkeyPatch) -> Iterator[Assistant]:
    """An assistant whose model gives one answer at a time."""
    monkeypatch.setenv("CICLO_ANSWERS_AT_ONCE", "1")
    settings.cache_clear()
    yield spoken
    assert line.waiting() == 0
    assert line._lines["fake:echo"].busy == 0


def asked(assistant: Assistant, n: int) -> list[chat.Started]:
    """``n`` questions, each asked when the one before stands in line, or is being answered."""
    found = list[chat.Started]()
    for question in QUESTIONS[:n]:
        found.append(chat.start(question, assistant=assistant.id))
        stands = ("waiting", "writing")
        next(one for one in chat.follow(found[-1].answer_id) if one.text in stands)
    return found


def places(answer_id: str) -> list[int]:
    """The places in line that an answer was told of."""
    events = list(chat.follow(answer_id))
    return [one.data["place"] for one in events if one.text == "waiting"]


@pytest.mark.slow
def test_answers_of_a_busy_model_come_in_the_order_they_were_asked(busy: Assistant) -> None:
    fake.queue(LONG, "Às 13h [1].", "30 dias [1].")
    first, second, third = asked(busy, 3)
    for one in (first, second, third):
        list(chat.follow(one.answer_id))
    assert chat.answer(third.answer_id).message.text.startswith("30 dias")
    sent = [one.messages[-1].content for one in fake.asked]
    assert [next(q for q in QUESTIONS if q in str(text)) for text in sent] == list(QUESTIONS)


@pytest.mark.slow
def test_who_waits_sees_their_place_and_it_moves_up(busy: Assistant) -> None:
    fake.queue(LONG, "Às 13h [1].", "30 dias [1].")
    *_others, third = asked(busy, 3)
    assert places(third.answer_id) == [2, 1]


@pytest.mark.slow
def test_the_time_in_line_is_a_step_of_its_own_and_no_part_of_the_answer_s(
    busy: Assistant,
) -> None:
    fake.queue(LONG, "Às 13h [1].")
    second = asked(busy, 2)[1]
    list(chat.follow(second.answer_id))
    found = chat.trace(second.answer_id)
    waited = sum(span["seconds"] for span in found.spans if span["kind"] == "wait")
    assert waited > 0.1
    last = max(span["start"] + span["seconds"] for span in found.spans)
    assert found.answer.total_seconds == pytest.approx(last - waited, abs=0.05)
    assert (found.answer.first_token_seconds or 0) < (found.answer.total_seconds or 0)


@pytest.mark.slow
def test_silence_is_counted_from_the_moment_the_model_is_asked(
    busy: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SILENCE", "LOADING", "TOTAL"):
        monkeypatch.setenv(f"CICLO_ANSWER_{name}_S", "1.6")
    settings.cache_clear()
    slow = Reply("A loja abre às nove [1].", delay=0.8)
    fake.queue(slow, slow, slow)
    for one in asked(busy, 3):
        list(chat.follow(one.answer_id))
        assert chat.answer(one.answer_id).message.routing_reason == "champion"


@pytest.mark.slow
def test_who_stops_while_waiting_leaves_the_line_to_the_others(busy: Assistant) -> None:
    fake.queue(LONG, "30 dias [1].")
    first, second, third = asked(busy, 3)
    events = chat.follow(second.answer_id)
    assert next(events).text == "waiting"
    chat.stop(second.answer_id)
    list(events)
    assert chat.answer(second.answer_id).message.error_code == "stopped"
    assert chat.answer(first.answer_id).message.state == "running"
    list(chat.follow(third.answer_id))
    assert chat.answer(third.answer_id).message.text.startswith("30 dias")
    assert len(fake.asked) == 2


@pytest.mark.slow
def test_a_person_who_asks_after_a_trial_is_answered_before_it(busy: Assistant) -> None:
    fake.queue(LONG, "Às 13h [1].", "30 dias [1].")
    first = asked(busy, 1)[0]
    with db.writing() as session:
        _talk, question = chat.set_apart(session, busy, QUESTIONS[2])
    tried = db.new_id()
    chat.try_out(question, tried, registry.route(busy.id).version.id, chat.Options())
    assert next(iter(chat.follow(tried))).text == "waiting"
    person = chat.start(QUESTIONS[1], assistant=busy.id)
    for one in (first.answer_id, person.answer_id, tried):
        list(chat.follow(one))
    assert chat.answer(person.answer_id).message.text.startswith("Às 13h")
    assert chat.answer(tried).message.text.startswith("30 dias")


def test_a_model_that_fails_gives_its_place_back(busy: Assistant) -> None:
    fake.queue(ModelFailed("caiu", code="refused"), "Às 13h [1].")
    for question in QUESTIONS[:2]:
        chat.ask(question, assistant=busy.id)


def test_where_there_is_room_nobody_is_told_of_a_line(busy: Assistant) -> None:
    message = chat.ask(QUESTIONS[0], assistant=busy.id).message
    assert "wait" not in {span["kind"] for span in chat.trace(message.id).spans}


def test_the_embedded_engine_and_servers_elsewhere_have_no_line_of_ours(spoken: Assistant) -> None:
    route = registry.route(spoken.id)
    assert line.places_of(route) == 0
    route.model.provider = "ollama"
    assert line.places_of(route) == 4


def run_line(steps: Callable[[Line], Any]) -> None:
    asyncio.run(steps(Line()))


async def settle() -> None:
    for _turn in range(5):
        await asyncio.sleep(0)


def test_people_come_before_trials_and_find_a_place_kept_free() -> None:
    async def steps(one: Line) -> None:
        assert one.has_room(TRIALS, 2)
        one.busy += 1
        assert not one.has_room(TRIALS, 2)
        assert one.has_room(PEOPLE, 2)
        one.busy += 1
        order: list[str] = []

        async def wait(name: str, rank: int) -> None:
            await one.wait(Run(name), rank, 2)
            order.append(name)

        tasks = [asyncio.create_task(wait("trial", TRIALS))]
        await settle()
        tasks.append(asyncio.create_task(wait("ana", PEOPLE)))
        await settle()
        one.leave(2)
        await settle()
        assert order == ["ana"]
        one.leave(2)
        await settle()
        assert order == ["ana"], "the last free place is for people"
        one.leave(2)
        await settle()
        assert order == ["ana", "trial"]
        await asyncio.gather(*tasks)

    run_line(steps)


@hypothesis_settings(max_examples=20)
@given(
    st.integers(1, 4),
    st.lists(st.tuples(st.sampled_from(["come", "trial", "leave", "stop"]), st.integers(0, 9))),
)
def test_no_model_has_more_than_its_places_and_nobody_is_forgotten(
    most: int, moves: list[tuple[str, int]]
) -> None:
    async def steps(one: Line) -> None:
        served: list[tuple[int, int]] = []
        tasks: list[tuple[asyncio.Task[None], asyncio.Event]] = []

        async def answer(number: int, rank: int, over: asyncio.Event) -> None:
            if one.has_room(rank, most):
                one.busy += 1
            else:
                await one.wait(Run(str(number)), rank, most)
            try:
                served.append((rank, number))
                assert one.busy <= most
                await over.wait()
            finally:
                one.leave(most)

        for number, (move, which) in enumerate(moves):
            if move in ("come", "trial"):
                over = asyncio.Event()
                rank = PEOPLE if move == "come" else TRIALS
                tasks.append((asyncio.create_task(answer(number, rank, over)), over))
            elif tasks and move == "leave":
                tasks[which % len(tasks)][1].set()
            elif tasks:
                tasks[which % len(tasks)][0].cancel()
            await settle()
            assert 0 <= one.busy <= most
        for _task, over in tasks:
            over.set()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*(task for task, _over in tasks), return_exceptions=True)
        assert (one.busy, one.waiting) == (0, [])
        for rank in (PEOPLE, TRIALS):
            mine = [number for its, number in served if its == rank]
            assert mine == sorted(mine), "who came first was not served first"

    run_line(steps)


def test_a_long_line_is_told_in_steps_and_ends_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    async def steps(one: Line) -> None:
        one.busy = 1
        runs = [Run(str(n)) for n in range(200)]
        tasks = [asyncio.create_task(one.wait(run, PEOPLE, 1)) for run in runs]
        await settle()
        monkeypatch.setattr(line, "MOST", 200)
        with pytest.raises(ModelFailed, match="200"):
            await one.wait(Run("one too many"), PEOPLE, 1)
        for _each in runs:
            one.leave(1)
        await asyncio.gather(*tasks)
        told = [event.data["place"] for event in runs[-1]._events]
        assert told[0] == 200
        assert told[-20:] == list(range(20, 0, -1))
        assert len(told) < 60

    run_line(steps)
