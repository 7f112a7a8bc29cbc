"""A run is answered to its end, whoever is killed, cancelled or away meanwhile, and asks nothing twice."""

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import func, select, update

from core import assistants, clock, comparison, db, registry, retrieval
from core.comparison import Question, running
from core.config import settings
from core.db.tables import Assistant, Comparison, Conversation, EvaluationRun, Message
from core.errors import Conflict, NotFound
from tests.conftest import ROOT
from tests.fake_ollama import FakeModel, FakeOllama

MODELS = ("one", "two")
MANY = 200 if os.environ.get("CICLO_PROVE") == "1" else 40
NUMBERED = re.compile(r"item n(\d+)\b")

CHILD = """
import sys
from datetime import UTC, datetime, timedelta
from core import clock, comparison
late = timedelta(seconds=float(sys.argv[2]))
with clock.held(lambda: datetime.now(UTC) + late):  # every lease of the dead has lapsed
    print(comparison.work(sys.argv[1]).state, flush=True)
"""


@pytest.fixture
def ollama(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOllama]:
    """A server with two models that answers at once, over HTTP."""
    with FakeOllama(models=[FakeModel(name, "3.2B") for name in MODELS]) as server:
        monkeypatch.setenv("CICLO_OLLAMA_URL", server.url)
        settings.cache_clear()
        yield server


@pytest.fixture
def made(ollama: FakeOllama, assistant: Assistant) -> Callable[..., EvaluationRun]:
    """A run of so many questions to the two models: ``made(3, parallel=1)``."""
    return lambda n, **more: begun(assistant, n, **more)


def begun(assistant: Assistant, n: int, **more: object) -> EvaluationRun:
    a, b = (registry.version_with_model(assistant.id, f"ollama:{name}").id for name in MODELS)
    asked = [Question(f"Qual é o prazo de troca do item n{number}?") for number in range(n)]
    versions: dict[str, object] = {"a": a, "b": b}
    return comparison.start(asked, assistant=assistant.id, **(versions | more))  # type: ignore[arg-type]


def times(server: FakeOllama) -> Counter[tuple[str, int]]:
    """How often each model was asked each question."""
    found: Counter[tuple[str, int]] = Counter()
    for body in server.bodies("/api/chat"):
        numbers = NUMBERED.findall(str(body["messages"][-1]["content"]))
        found[body["model"].partition(":")[0], int(numbers[-1])] += 1
    return found


def once(n: int) -> set[tuple[str, int]]:
    return {(name, number) for name in MODELS for number in range(n)}


def all_came(run_id: str, n: int) -> None:
    told = comparison.progress(run_id)
    assert (told.state, told.done, told.answers, told.failed) == ("done", n, 2 * n, 0)
    for one in comparison.lines(run_id=run_id, limit=n):
        assert set(one.row.scores) == {"a", "b"}


@pytest.mark.slow
@pytest.mark.parametrize("in_turn", [False, True])
def test_every_question_is_asked_of_both_once(
    made: Callable[..., EvaluationRun], ollama: FakeOllama, in_turn: bool
) -> None:
    run = made(4, in_turn=in_turn)
    assert comparison.work(run.id).state == "done"
    all_came(run.id, 4)
    assert set(times(ollama)) == once(4)
    assert set(times(ollama).values()) == {1}
    models = [body["model"].partition(":")[0] for body in ollama.bodies("/api/chat")]
    assert (models == sorted(models)) or not in_turn  # each model is loaded once
    comparison.work(run.id)
    assert len(ollama.bodies("/api/chat")) == 8


@pytest.mark.slow
def test_two_that_work_on_a_run_at_once_ask_nothing_twice(
    made: Callable[..., EvaluationRun], ollama: FakeOllama
) -> None:
    ollama.pause = 0.01
    run = made(10)
    first = Thread(target=comparison.work, args=(run.id,))
    first.start()
    wait_for(lambda: len(ollama.bodies("/api/chat")) >= 2)
    assert comparison.work(run.id).state == "running"  # it is not ours: nothing happens
    with db.writing() as session:  # as though the lease of the first had lapsed
        session.execute(update(EvaluationRun).values(lease_until=None))
    second = Thread(target=comparison.work, args=(run.id,))
    second.start()
    for thread in (first, second):
        thread.join()
    all_came(run.id, 10)
    assert set(times(ollama).values()) == {1}


@pytest.mark.slow
def test_a_cancelled_run_asks_nothing_more_and_goes_on_where_it_stood(
    made: Callable[..., EvaluationRun], ollama: FakeOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "LOOK_EVERY", 0.02)
    ollama.pause = 0.05
    run = made(6)
    worker = Thread(target=comparison.work, args=(run.id,))
    worker.start()
    wait_for(lambda: comparison.progress(run.id).answers >= 3)
    comparison.cancel(run.id)
    worker.join()
    asked, came = len(ollama.bodies("/api/chat")), ended(run.id)
    assert comparison.run(run.id).state == "cancelled"
    told = comparison.progress(run.id)
    assert (told.answers, told.failed) == (len(came), 0)  # what was stopped did not fail
    assert asked <= len(came) + 2
    ollama.pause = 0.0
    comparison.resume(run.id)
    comparison.keep_running()
    all_came(run.id, 6)
    again = {one for one, n in times(ollama).items() if n > 1}
    assert not again & came
    assert set(times(ollama)) == once(6)


@pytest.mark.slow
def test_a_run_whose_server_is_away_fails_with_the_reason_and_goes_on_later(
    made: Callable[..., EvaluationRun], ollama: FakeOllama
) -> None:
    run = made(12, parallel=1)
    ollama.faults["/api/chat"] = "missing"
    stood = comparison.work(run.id)
    assert stood.state == "failed"
    assert "one" in stood.error
    asked = len(ollama.bodies("/api/chat"))
    assert asked <= 2 * running.IN_A_ROW
    ollama.faults.clear()
    ollama.asked.clear()
    comparison.resume(run.id)
    comparison.work(run.id)
    all_came(run.id, 12)
    assert set(times(ollama)) == once(12)  # what failed was asked anew
    with pytest.raises(Conflict):
        comparison.resume(run.id)


@pytest.mark.slow
def test_a_few_answers_that_fail_are_counted_and_asked_again_on_wish(
    made: Callable[..., EvaluationRun], ollama: FakeOllama
) -> None:
    ollama.faults["/api/chat"] = "missing"
    run = made(2, parallel=1)
    assert comparison.work(run.id).state == "done"
    assert comparison.progress(run.id).failed == 4
    ollama.faults.clear()
    comparison.resume(run.id)
    comparison.work(run.id)
    all_came(run.id, 2)


@pytest.mark.slow
def test_a_run_ends_with_its_assistant(
    made: Callable[..., EvaluationRun], assistant: Assistant, ollama: FakeOllama
) -> None:
    run = made(2)
    assistants.remove(assistant.id)
    comparison.keep_running()
    assert comparison.run(run.id).state == "failed"
    assert not ollama.bodies("/api/chat")


@pytest.mark.slow
def test_an_assistant_that_is_removed_in_mid_run_is_asked_nothing_more(
    made: Callable[..., EvaluationRun],
    assistant: Assistant,
    ollama: FakeOllama,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(running, "LOOK_EVERY", 0.02)
    ollama.pause = 0.05
    run = made(20)
    worker = Thread(target=comparison.work, args=(run.id,))
    worker.start()
    wait_for(lambda: comparison.progress(run.id).answers >= 2)
    assistants.remove(assistant.id)
    worker.join()
    stood = comparison.run(run.id)
    assert (stood.state, bool(stood.error)) == ("failed", True)
    assert len(ollama.bodies("/api/chat")) < 40


@pytest.mark.slow
def test_a_removed_run_takes_its_answers_with_it(made: Callable[..., EvaluationRun]) -> None:
    run = made(2)
    comparison.work(run.id)
    comparison.remove_run(run.id)
    with db.session() as session:
        for table in (EvaluationRun, Comparison, Conversation, Message):
            assert session.scalar(select(func.count()).select_from(table)) == 0
    with pytest.raises(NotFound):
        comparison.run(run.id)


@pytest.mark.slow
def test_what_a_version_has_answered_is_taken_over_as_long_as_the_documents_are_the_same(
    made: Callable[..., EvaluationRun], assistant: Assistant, ollama: FakeOllama
) -> None:
    first = made(3)
    comparison.work(first.id)
    ollama.asked.clear()
    rival = registry.version_with_model(assistant.id, "fake:echo").id
    second = made(3, b=rival, reuse=True)
    comparison.work(second.id)
    all_came(second.id, 3)
    assert ollama.bodies("/api/chat") == []
    assert second.settings["reused"] == {"a": 3, "b": 0}
    third = made(3, reuse=True)  # the very pair that was compared: one side is asked anew
    comparison.work(third.id)
    assert set(times(ollama)) == {("two", number) for number in range(3)}
    comparison.remove_run(first.id)
    all_came(second.id, 3)
    retrieval.add(assistant.id, "novo.md", b"Outro prazo de troca: 60 dias.", now=True)
    fourth = made(3, b=rival, reuse=True)
    assert fourth.settings["reused"] == {"a": 0, "b": 0}
    assert made(3, b=rival).settings.get("reused") is None


@pytest.mark.slow
def test_killed_in_mid_run_it_is_resumed_and_asks_nothing_twice(
    made: Callable[..., EvaluationRun], ollama: FakeOllama
) -> None:
    told = killed(ollama, made(20), n=20, at=[15])
    assert told.asked_again <= told.in_flight <= 2


@pytest.mark.prove
@pytest.mark.parametrize("at", [[0.75], [0.6, 1.3]], ids=["once", "twice"])
def test_many_questions_survive_kill_9(
    made: Callable[..., EvaluationRun],
    ollama: FakeOllama,
    at: list[float],
    record_property: Callable[[str, object], None],
) -> None:
    """``at``: answers that were asked for by then, of one question each."""
    told = killed(ollama, made(MANY), n=MANY, at=[int(part * MANY) for part in at])
    record_property("in flight at the kills", told.in_flight)
    record_property("asked again", told.asked_again)
    assert told.asked_again <= told.in_flight <= 2 * len(at)


@dataclass
class Told:
    """Answers that were being written at a kill, and those that were asked for once more."""

    in_flight: int
    asked_again: int


def killed(server: FakeOllama, run: EvaluationRun, *, n: int, at: list[int]) -> Told:
    """Work on a run in one process after the other; each is killed when the models were asked as
    often as ``at`` says, the last one is not. Two begin it again at once."""
    server.pause = 0.002
    open_at_a_kill, came = set[tuple[str, int]](), set[tuple[str, int]]()
    for kills, asked in enumerate(at):
        child = process(run.id, 60.0 * kills)
        wait_for(lambda asked=asked: len(server.bodies("/api/chat")) >= asked)  # type: ignore[misc]
        child.send_signal(signal.SIGKILL)
        child.communicate()
        time.sleep(0.1)  # the server has taken what was on its way
        open_at_a_kill |= in_state(run.id, "running")
        came |= in_state(run.id, "done")
    children = [process(run.id, 60.0 * len(at)) for _twice in range(2)]
    said = [child.communicate()[0].split()[-1] for child in children]
    assert "done" in said
    all_came(run.id, n)
    again = {one for one, count in times(server).items() if count > 1}
    assert again <= open_at_a_kill
    assert not again & (came - open_at_a_kill)
    assert set(times(server)) == once(n)
    return Told(len(open_at_a_kill), sum(times(server)[one] - 1 for one in again))


def process(run_id: str, late: float) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", CHILD, run_id, str(late)]
    return subprocess.Popen(
        command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, text=True
    )


def ended(run_id: str) -> set[tuple[str, int]]:
    """The answers that came: those with words of the model."""
    return in_state(run_id, "done", Message.outcome.in_(("answered", "related", "not_found")))


def in_state(run_id: str, state: str, *which: object) -> set[tuple[str, int]]:
    found = set[tuple[str, int]]()
    with db.session() as session:
        for column in (Comparison.a_answer_id, Comparison.b_answer_id):
            rows = (
                select(Message.model_name, Comparison.position)
                .join(Comparison, Message.id == column)
                .where(Comparison.run_id == run_id, Message.state == state, *which)  # type: ignore[arg-type]
            )
            found |= {(name, number or 0) for name, number in session.execute(rows)}
    return found


def wait_for(true: Callable[[], bool]) -> None:
    until = clock.seconds() + 60
    while not true() and clock.seconds() < until:
        time.sleep(0.01)
    assert true()
