"""A version that keeps failing is left alone for a while, then tried by one call."""

import threading

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from core import registry
from core.registry.breaker import PROBE_SECONDS, Breaker, Call, Limits

LIMITS = Limits(failures=3, window=60, rest=30)


class Watch:
    """A clock in the test's hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def tripped(watch: Watch) -> Breaker:
    """A breaker that has just opened."""
    made = Breaker(LIMITS, watch)
    for _ in range(3):
        entered(made).failed()
    return made


def entered(one: Breaker) -> Call:
    call = one.enter()
    assert call
    return call


def test_it_opens_after_so_many_failures_within_the_window(watch: Watch) -> None:
    one = Breaker(LIMITS, watch)
    for _ in range(2):
        entered(one).failed()
    assert one.allows()
    entered(one).failed()
    assert one.state == "open"
    assert one.enter() is None


def test_failures_further_apart_than_the_window_do_not_open_it(watch: Watch) -> None:
    one = Breaker(LIMITS, watch)
    for _ in range(10):
        entered(one).failed()
        watch.now += 31
    assert one.state == "closed"


def test_it_half_opens_by_itself_and_lets_one_call_through(tripped: Breaker, watch: Watch) -> None:
    watch.now += 29.9
    assert (tripped.state, tripped.allows()) == ("open", False)
    watch.now += 0.1
    assert (tripped.state, tripped.allows()) == ("half_open", True)
    assert tripped.enter()
    assert tripped.enter() is None
    assert tripped.allows() is False


def test_a_probe_that_succeeds_closes_it(tripped: Breaker, watch: Watch) -> None:
    watch.now += 30
    entered(tripped).succeeded()
    assert (tripped.state, tripped.failures) == ("closed", 0)


def test_a_probe_that_fails_opens_it_for_as_long_again(tripped: Breaker, watch: Watch) -> None:
    watch.now += 30
    entered(tripped).failed()
    assert (tripped.state, tripped.rests_for()) == ("open", 30)


def test_a_probe_that_was_given_up_leaves_its_place_to_the_next(
    tripped: Breaker, watch: Watch
) -> None:
    watch.now += 30
    entered(tripped).left()
    assert tripped.state == "half_open"
    assert tripped.enter()


def test_a_probe_that_is_never_heard_of_again_is_replaced(tripped: Breaker, watch: Watch) -> None:
    watch.now += 30
    lost = entered(tripped)
    watch.now += PROBE_SECONDS
    second = entered(tripped)
    lost.failed()  # too late to say anything
    second.succeeded()
    assert tripped.state == "closed"


def test_a_call_from_before_says_nothing_once_it_is_open(watch: Watch) -> None:
    one = Breaker(LIMITS, watch)
    slow = entered(one)
    for _ in range(3):
        entered(one).failed()
    slow.succeeded()
    assert one.state == "open"


def test_of_many_threads_one_gets_the_probe(tripped: Breaker, watch: Watch) -> None:
    watch.now += 30
    got: list[Call | None] = []
    threads = [threading.Thread(target=lambda: got.append(tripped.enter())) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(call is not None for call in got) == 1


def test_only_breakers_with_something_to_tell_are_told_of(home: object) -> None:
    before = {one.version_id for one in registry.breakers()}
    for id_ in ("well", "ill"):
        registry.breaker(id_)
    for _ in range(5):
        entered(registry.breaker("ill")).failed()
    (told,) = [one for one in registry.breakers() if one.version_id not in before]
    assert (told.version_id, told.state, told.failures) == ("ill", "open", 5)
    assert 0 < told.rests_for <= 30


class AnyCourse(RuleBasedStateMachine):
    """Whatever happens in whatever order, beside a model that keeps plain lists."""

    def __init__(self) -> None:
        super().__init__()
        self.watch = Watch()
        self.breaker = Breaker(LIMITS, self.watch)
        self.calls: list[Call] = []
        self.probe: Call | None = None

    @rule(seconds=st.floats(0.1, 40))
    def wait(self, seconds: float) -> None:
        self.watch.now += seconds

    @rule()
    def enter(self) -> None:
        allowed, before = self.breaker.allows(), self.breaker.state
        call = self.breaker.enter()
        assert (call is not None) == allowed
        if call:
            assert before != "open"
            self.calls.append(call)
            self.probe = call if before == "half_open" else self.probe

    @precondition(lambda self: self.calls)
    @rule(data=st.data(), ends=st.sampled_from(["succeeded", "failed", "left"]))
    def end(self, data: st.DataObject, ends: str) -> None:
        call = data.draw(st.sampled_from(self.calls))
        self.calls.remove(call)
        before, probing = self.breaker.state, call is self.probe
        getattr(call, ends)()
        if probing and ends == "succeeded":
            assert self.breaker.state == "closed"
        if probing and ends == "failed":
            assert self.breaker.state == "open"
        if not probing and before != "closed":
            assert self.breaker.state == before
        self.probe = None if probing else self.probe

    @invariant()
    def an_open_one_opens_again_by_itself(self) -> None:
        assert self.breaker.rests_for() <= LIMITS.rest
        assert (self.breaker.state == "open") == (self.breaker.rests_for() > 0)

    @invariant()
    def a_closed_one_lets_through(self) -> None:
        if self.breaker.state == "closed":
            assert self.breaker.allows()
            assert self.breaker.failures < LIMITS.failures


TestAnyCourse = AnyCourse.TestCase
TestAnyCourse.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
