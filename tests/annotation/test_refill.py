"""A refill takes what the rules say, once, and whatever happens in the middle."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from core import annotation, chat, clock, db
from core.annotation import Judged, refilling
from core.db.tables import Assistant, Item, Message, Queue, Seat
from core.errors import NotFound
from tests.annotation.talks import flagged, many, names, only, rated, starred, talk
from tests.conftest import ENGINES

Fila = Callable[..., Queue]


@pytest.fixture
def fila(assistant: Assistant) -> Fila:
    """Make a queue with these rules and no others."""

    def make(*named: Any, share: float = 0.0) -> Queue:
        kept = only(*named) or [{"name": "random"}]
        return annotation.create_queue(assistant.id, "Fila", rules=kept, random_share=share)

    return make


def items_of(queue: Queue) -> list[Item]:
    with db.session() as session:
        rows = session.scalars(select(Item).where(Item.queue_id == queue.id).order_by(Item.number))
        return list(rows)


def taken(queue: Queue) -> list[Item]:
    """Refill, and what is then in it."""
    annotation.refill(queue.id)
    return items_of(queue)


def test_a_rating_brings_the_answer_it_is_about(assistant: Assistant, fila: Fila) -> None:
    _one, answers = talk(assistant.id, {}, {}, {})
    rated(answers[1])
    talk(assistant.id)
    (item,) = taken(fila("negative_rating"))
    assert (item.message_id, item.priority) == (answers[1], 4)
    assert item.reasons == [{"name": "negative_rating", "weight": 4.0}]


def test_what_was_withdrawn_says_nothing(assistant: Assistant, fila: Fila) -> None:
    conversation, (answer,) = talk(assistant.id)
    rated(answer, withdrawn_at=clock.now())
    flagged(answer, withdrawn_at=clock.now())
    starred(conversation, 1, withdrawn_at=clock.now())
    assert taken(fila("negative_rating", "flagged", "stars")) == []


def test_the_flagged_answer_goes_before_the_worst_and_the_worst_before_the_last(
    assistant: Assistant, fila: Fila
) -> None:
    _flag, a = talk(assistant.id, {}, {"groundedness": 0.1}, {})
    flagged(a[0], "tone")
    flagged(a[0], "wrong_fact")
    _worst, b = talk(assistant.id, {"groundedness": 0.4}, {"groundedness": 0.1}, {})
    last, c = talk(assistant.id, {}, {})
    starred(last, 1)
    found = taken(fila("flagged", "low_groundedness", "stars"))
    assert {item.message_id for item in found} == {a[0], b[1], c[1]}
    assert found[0].reasons[0]["problem"] == "wrong_fact"
    assert found[0].reasons[0]["problems"] == ["tone", "wrong_fact"]


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        ("cut_off", {"outcome": "cut_off"}),
        ("fallback", {"routing_reason": "fallback:busy"}),
        ({"name": "slow", "threshold": 20}, {"total_seconds": 21.0}),
        ("low_groundedness", {"groundedness": 0.49}),
        ({"name": "low_groundedness", "threshold": 0.9}, {"groundedness": 0.8}),
        ({"name": "keyword", "words": ["multa"]}, {"text": "Há uma MULTA."}),
        ({"name": "keyword", "patterns": [r"R\$ ?\d"]}, {"text": "São R$ 5."}),
    ],
)
def test_a_rule_takes_what_it_says_and_points_at_the_answer(
    assistant: Assistant, fila: Fila, rule: Any, bad: dict[str, Any]
) -> None:
    _talk, answers = talk(assistant.id, {}, bad, {})
    talk(assistant.id, {"routing_reason": "champion", "total_seconds": 20.0, "groundedness": 0.95})
    assert [item.message_id for item in taken(fila(rule))] == [answers[1]]


def test_a_question_that_holds_a_word_brings_its_answer(assistant: Assistant, fila: Fila) -> None:
    _talk, (answer,) = talk(assistant.id, question="Qual o preco?")
    (item,) = taken(fila({"name": "keyword", "words": ["preço"]}))
    assert (item.message_id, item.reasons[0]["word"]) == (answer, "preço")


def test_stars_and_not_solved_and_long(assistant: Assistant, fila: Fila) -> None:
    one, _ = talk(assistant.id)
    starred(one, 2)
    starred(one, 1)
    other, _ = talk(assistant.id)
    starred(other, 3, solved=False)
    long, _ = talk(assistant.id, *[{}] * 6)
    talk(assistant.id, *[{}] * 5)  # ten messages: not more than ten
    found = {
        item.conversation_id: item.reasons for item in taken(fila("stars", "not_solved", "long"))
    }
    assert {key: names(reasons) for key, reasons in found.items()} == {
        one: ["stars"],
        other: ["not_solved"],
        long: ["long"],
    }
    assert found[one][0]["stars"] == 1
    assert found[long][0]["messages"] == 12


def test_ratings_that_disagree(assistant: Assistant, fila: Fila) -> None:
    thumbs, (answer,) = talk(assistant.id)
    rated(answer, "up")
    rated(answer, "down")
    stars, _ = talk(assistant.id)
    starred(stars, 1)
    starred(stars, 4)
    solved, _ = talk(assistant.id)
    starred(solved, solved=True)
    starred(solved, solved=False)
    agreed, (same,) = talk(assistant.id)
    rated(same, "down")
    starred(agreed, 1, solved=False)
    starred(agreed, 3, solved=False)
    found = taken(fila("disagreement"))
    assert {item.conversation_id for item in found} == {thumbs, stars, solved}


def test_a_second_refill_adds_nothing_and_changes_nothing(assistant: Assistant, fila: Fila) -> None:
    for conversation in many(assistant.id, 20):
        starred(conversation, 1)
    queue = fila("stars", "random", share=0.3)
    before = [(item.id, item.priority, item.reasons) for item in taken(queue)]
    assert len(before) == 20
    assert annotation.refill(queue.id)[0].new == 0
    assert [(i.id, i.priority, i.reasons) for i in items_of(queue)] == before


def test_reasons_stay_as_they_were_when_selected(assistant: Assistant, fila: Fila) -> None:
    _talk, (answer,) = talk(assistant.id)
    rated(answer)
    queue = fila("negative_rating", "flagged")
    before = taken(queue)[0].reasons
    flagged(answer)
    annotation.change_queue(queue.id, rules=only({"name": "negative_rating", "weight": 9}))
    assert taken(queue)[0].reasons == before


def test_what_a_person_removed_never_comes_back(assistant: Assistant, fila: Fila, ana: str) -> None:
    _talk, answers = talk(assistant.id, {}, {})
    rated(answers[0])
    queue = fila("negative_rating", "flagged", "random", share=1.0)
    annotation.remove(taken(queue)[0].id, ana)
    flagged(answers[1])
    (item,) = taken(queue)
    assert (item.state, annotation.claim_next(queue.id, ana)) == ("removed", None)


def test_a_judged_conversation_comes_back_for_another_answer_only(
    assistant: Assistant, fila: Fila, ana: str
) -> None:
    conversation, answers = talk(assistant.id, {}, {})
    rated(answers[0])
    queue = fila("negative_rating", "flagged", "long")
    annotation.refill(queue.id)
    claim = annotation.claim_next(queue.id, ana)
    assert claim
    annotation.submit(claim.item.id, claim.claim_token, Judged("approved"))
    flagged(answers[0])
    assert len(taken(queue)) == 1
    flagged(answers[1])
    assert [item.message_id for item in taken(queue)] == answers
    assert {item.conversation_id for item in items_of(queue)} == {conversation}


def test_a_removed_conversation_is_unavailable_and_back_when_restored(
    assistant: Assistant, fila: Fila, ana: str
) -> None:
    conversation, (answer,) = talk(assistant.id)
    rated(answer)
    queue = fila("negative_rating")
    annotation.refill(queue.id)
    chat.remove(conversation)
    assert annotation.refill(queue.id)[0].unavailable == 1
    assert [item.state for item in items_of(queue)] == ["unavailable"]
    assert annotation.claim_next(queue.id, ana) is None
    chat.restore(conversation)
    assert annotation.refill(queue.id)[0].back == 1
    assert annotation.claim_next(queue.id, ana)


def test_nobody_gets_a_conversation_that_was_removed_or_is_being_written(
    assistant: Assistant, fila: Fila
) -> None:
    _gone, (answer,) = talk(assistant.id, removed_at=clock.now())
    rated(answer)
    soon = clock.now() + timedelta(minutes=1)
    _busy, (_first, second) = talk(assistant.id, {}, {"state": "running", "lease_until": soon})
    rated(_first)
    queue = fila("negative_rating")
    assert taken(queue) == []
    with db.writing() as session:
        done = {"state": "done", "lease_until": None}
        session.execute(update(Message).where(Message.id == second).values(done))
    assert len(taken(queue)) == 1


def test_a_conversation_without_an_answer_is_left_alone(assistant: Assistant, fila: Fila) -> None:
    conversation, (answer,) = talk(assistant.id)
    starred(conversation, 1)
    with db.writing() as session:
        session.delete(session.get_one(Message, answer))
    assert taken(fila("stars")) == []


def test_the_loop_waits_until_a_conversation_rests(assistant: Assistant, fila: Fila) -> None:
    _talk, (answer,) = talk(assistant.id, at=clock.now() - timedelta(minutes=4))
    rated(answer)
    queue = fila("negative_rating")
    annotation.keep_filled()
    assert items_of(queue) == []
    with clock.held(clock.now() + timedelta(minutes=2)):
        annotation.keep_filled()
    assert len(items_of(queue)) == 1


def test_by_hand_a_queue_takes_what_was_said_a_moment_ago(assistant: Assistant, fila: Fila) -> None:
    _talk, (answer,) = talk(assistant.id, at=clock.now() - timedelta(seconds=5))
    rated(answer)
    assert len(taken(fila("negative_rating"))) == 1


def test_the_loop_looks_only_at_what_has_changed(assistant: Assistant, fila: Fila) -> None:
    old = clock.now() - timedelta(days=3)
    for _ in range(5):
        talk(assistant.id, at=old)
    _talk, (answer,) = talk(assistant.id, at=old)
    queue = fila("negative_rating")
    assert [done.seen for done in annotation.keep_filled()] == [6]
    rated(answer)
    talk(assistant.id, at=clock.now() - timedelta(minutes=6))
    assert [(done.seen, done.new) for done in annotation.keep_filled()] == [(2, 1)]
    assert len(items_of(queue)) == 1


def test_what_came_in_late_with_old_times_is_found_by_the_hour(
    assistant: Assistant, fila: Fila
) -> None:
    fila("cut_off")
    annotation.keep_filled()
    talk(assistant.id, {"outcome": "cut_off"}, at=clock.now() - timedelta(days=20))
    assert annotation.keep_filled()[0].new == 0
    with clock.held(clock.now() + timedelta(hours=1)):
        assert annotation.keep_filled()[0].new == 1


def test_changed_rules_reach_what_was_said_before(assistant: Assistant, fila: Fila) -> None:
    talk(assistant.id, {"outcome": "cut_off"}, at=clock.now() - timedelta(days=3))
    queue = fila("flagged")
    annotation.keep_filled()
    annotation.change_queue(queue.id, rules=only("cut_off"))
    assert annotation.keep_filled()[0].new == 1


@pytest.mark.slow
def test_the_drawn_ones_are_protected_and_wait_by_one_weight(
    assistant: Assistant, fila: Fila
) -> None:
    for conversation in many(assistant.id, 60):
        starred(conversation, 1)
    queue = fila("random", {"name": "stars", "weight": 9}, share=0.3)
    found = taken(queue)
    protected = [item for item in found if item.protected]
    assert len(found) == 60
    assert 5 <= len(protected) <= 35
    assert {(item.priority, tuple(names(item.reasons))) for item in protected} == {(4, ("random",))}


def test_a_larger_share_takes_in_what_had_come_for_other_reasons(
    assistant: Assistant, fila: Fila
) -> None:
    for conversation in many(assistant.id, 40):
        starred(conversation, 1)
    queue = fila("stars")
    assert not any(item.protected for item in taken(queue))
    annotation.change_queue(queue.id, random_share=1.0)
    found = taken(queue)
    assert len(found) == 40
    assert all(item.protected for item in found)
    assert {tuple(names(item.reasons)) for item in found} == {("stars",)}  # frozen


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_two_refills_at_once_add_each_conversation_once(assistant: Assistant, fila: Fila) -> None:
    for conversation in many(assistant.id, 60):
        starred(conversation, 1)
    queue = fila("stars", "random", share=0.5)
    added: list[int] = []
    threads = [
        threading.Thread(target=lambda: added.append(annotation.refill(queue.id)[0].new))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(added) == len(items_of(queue)) == 60


def test_an_unknown_queue_is_named(home: Path) -> None:
    with pytest.raises(NotFound, match="42"):
        annotation.refill("42")


SCRIPT = """
import sys
from core import annotation
from core.annotation import refilling
refilling.AT_ONCE = 5
print("ready", flush=True)
sys.stdin.readline()
print(sum(done.new for done in annotation.refill(sys.argv[1])), flush=True)
"""


@contextlib.contextmanager
def _refilling(queue: Queue) -> "Iterator[subprocess.Popen[str]]":
    """A process that refills once a line is written to it."""
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, queue.id],
        cwd=Path(refilling.__file__).parents[2],
        env=os.environ | {"CICLO_LOG_LEVEL": "error"},
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    with process:
        try:
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


@pytest.mark.slow
def test_processes_beside_each_other_add_each_conversation_once(
    assistant: Assistant, fila: Fila
) -> None:
    for conversation in many(assistant.id, 200):
        starred(conversation, 1)
    queue = fila("stars", "random", share=0.5)
    with contextlib.ExitStack() as stack:
        processes = [stack.enter_context(_refilling(queue)) for _ in range(3)]
        for process in processes:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        told = [int(process.communicate()[0]) for process in processes]
    assert sum(told) == len(items_of(queue)) == 200
    with db.session() as session:
        assert len(session.scalars(select(Seat)).all()) == 200


@pytest.mark.slow
def test_a_refill_killed_in_the_middle_loses_nothing(assistant: Assistant, fila: Fila) -> None:
    for conversation in many(assistant.id, 400):
        starred(conversation, 1)
    queue = fila("stars")
    with _refilling(queue) as process:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
        until = clock.seconds() + 60
        while not items_of(queue) and clock.seconds() < until:
            time.sleep(0.002)
        os.kill(process.pid, signal.SIGKILL)
    before = items_of(queue)
    assert 0 < len(before) < 400
    assert annotation.queue(queue.id).refilled_at is None
    after = taken(queue)
    assert [item.id for item in after[: len(before)]] == [item.id for item in before]
    assert len({item.conversation_id for item in after}) == len(after) == 400
    with db.session() as session:
        assert len(session.scalars(select(Seat)).all()) == 400
