"""The loops beside the requests: none dies of an error, all end when told."""

import logging
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from core import background, clock
from core.background import ONCE, Loop

ran: list[str] = []


@pytest.fixture(autouse=True)
def stopped() -> Iterator[None]:
    """No loop outlives its test."""
    ran.clear()
    background.turns.clear()
    background.failures.clear()
    yield
    background.stop()


def good() -> None:
    """A turn that works."""
    ran.append("good")


def bad() -> None:
    """A turn that fails."""
    raise RuntimeError("no good")


def wait_for(name: str, turns: int) -> None:
    """Until a loop has had that many turns."""
    until = clock.seconds() + 5
    while background.turns[name] < turns and clock.seconds() < until:
        time.sleep(0.005)
    assert background.turns[name] >= turns


def test_a_loop_survives_its_failures_and_tells_of_them(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        background.start((Loop("bad", 0.01, f"{__name__}:bad"),))
        wait_for("bad", 3)
    assert background.failures["bad"] >= 3
    assert "no good" in caplog.text


def test_no_turn_comes_after_the_stop() -> None:
    background.start((Loop("good", 0.01, f"{__name__}:good"),))
    wait_for("good", 2)
    background.stop()
    done = len(ran)
    time.sleep(0.05)
    assert len(ran) == done


def test_what_is_done_once_is_done_at_the_start_alone() -> None:
    background.start((Loop("good", ONCE, f"{__name__}:good"),))
    wait_for("good", 1)
    time.sleep(0.05)
    assert ran == ["good"]


def test_a_stop_does_not_wait_for_the_next_turn() -> None:
    background.start((Loop("good", 3600, f"{__name__}:good"),))
    wait_for("good", 1)
    began = clock.seconds()
    background.stop()
    assert clock.seconds() - began < 1


@pytest.mark.parametrize("loop", background.LOOPS, ids=lambda loop: loop.name)
def test_every_loop_names_a_verb_that_a_fresh_home_survives(loop: Loop, home: Path) -> None:
    module, function = loop.verb.split(":")
    assert callable(getattr(import_module(module), function))
    loop.turn()
