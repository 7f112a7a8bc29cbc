"""An alert's life with a fixed clock: open, acknowledged, resolved, and open again by itself."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core import access, annotation, assistants, chat, clock, db, i18n
from core.db.tables import AlertRule, Assistant
from core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from core.metrics import keeping
from core.metrics.alerts import checking as alert_checking
from core.metrics.alerts import lifecycle as alerts
from core.metrics.alerts import rules as alert_rules
from core.metrics.alerts.checking import check_due, check_now
from core.metrics.alerts.lifecycle import Told
from tests.access.test_roles import somebody
from tests.conftest import ENGINES
from tests.metrics.alerting import Hand, answers, clock_in_hand

pytestmark = pytest.mark.slow  # whole lives; the rules of a step are in test_alert_rules.py


@pytest.fixture(autouse=True)
def hand() -> Iterator[Hand]:
    with clock_in_hand() as held, i18n.speaking("en"):
        yield held


@pytest.fixture
def shop(home: Path) -> Assistant:
    keeping.forget()
    return assistants.create("Loja")


@pytest.fixture
def rule(shop: Assistant) -> AlertRule:
    """More than 10 % of errors in an hour; back at 5 %."""
    return alert_rules.create_rule(
        measure="errors", bound=0.10, margin=0.05, hours=1, every_minutes=10, minimum=20
    )


def states() -> list[tuple[str, int]]:
    """State and reopenings of all alerts, the newest first."""
    return [(one.alert.state, one.alert.reopened) for one in alerts.alerts()]


def only() -> Told:
    (one,) = alerts.alerts()
    return one


@pytest.mark.parametrize("engine", ENGINES)
def test_an_alert_opens_is_acknowledged_and_resolves_by_itself(
    hand: Hand, shop: Assistant, rule: AlertRule
) -> None:
    bad = answers(shop.id, 16, 4)
    assert check_due() == 1
    one = only()
    assert (one.alert.value, one.alert.n, one.alert.bound) == (0.2, 20, 0.1)
    assert set(one.conversations) == set(bad)
    ana = somebody("Ana", "analyst")
    with access.as_person(ana):
        assert alerts.acknowledge(one.alert.id).acknowledged_by == "Ana"
    hand.move(minutes=70)
    answers(shop.id, 40, 0)
    assert check_due() == 1
    assert (only().alert.state, only().resolved_by) == ("resolved", "")
    assert only().alert.resolved_at == hand.at


def test_no_rule_is_checked_before_its_time(hand: Hand, shop: Assistant, rule: AlertRule) -> None:
    assert [check_due(), check_due()] == [1, 0]
    hand.move(minutes=9)
    assert check_due() == 0
    hand.move(minutes=1)
    assert check_due() == 1


def test_below_its_minimum_a_rule_is_quiet_and_changes_nothing(
    hand: Hand, shop: Assistant, rule: AlertRule
) -> None:
    answers(shop.id, 0, 19)
    check_due()
    assert states() == []
    answers(shop.id, 0, 1)
    check_now()
    assert states() == [("open", 0)]
    hand.move(hours=3)
    answers(shop.id, 19, 0)
    check_due()
    assert states() == [("open", 0)]  # 19 good answers are too few to call it over


def test_at_the_bound_no_alert_flaps(hand: Hand, shop: Assistant, rule: AlertRule) -> None:
    for good, bad in ((18, 2), (88, 12), (90, 10), (93, 7), (89, 11), (94, 6), (88, 12)):
        answers(shop.id, good, bad)
        check_due()
        hand.move(hours=2)
    assert states() == [("open", 0)]
    answers(shop.id, 95, 5)
    check_due()
    assert states() == [("resolved", 0)]


def test_what_comes_back_within_a_day_is_the_same_alert_and_later_a_new_one(
    hand: Hand, shop: Assistant, rule: AlertRule
) -> None:
    for good, bad, pause in ((10, 10, 2), (20, 0, 23), (10, 10, 2), (20, 0, 25), (10, 10, 0)):
        answers(shop.id, good, bad)
        check_due()
        hand.move(hours=pause)
    assert states() == [("open", 0), ("resolved", 1)]


def test_what_a_person_resolves_stays_so_until_it_was_back(
    hand: Hand, shop: Assistant, rule: AlertRule
) -> None:
    answers(shop.id, 10, 10)
    check_due()
    assert alerts.resolve(only().alert.id).resolved_by == "Whoever sits here"
    check_now()
    assert states() == [("resolved", 0)]
    for good, bad in ((20, 0), (10, 10)):
        hand.move(hours=2)
        answers(shop.id, good, bad)
        check_due()
    assert states() == [("open", 1)]
    assert only().alert.acknowledged_at is None


def test_a_resolved_alert_is_not_acknowledged_and_one_is_acknowledged_once(
    shop: Assistant, rule: AlertRule
) -> None:
    answers(shop.id, 10, 10)
    check_due()
    with access.as_person(somebody("Ana", "analyst")):
        alerts.acknowledge(only().alert.id)
    assert alerts.acknowledge(only().alert.id).acknowledged_by == "Ana"
    alerts.resolve(only().alert.id)
    with pytest.raises(Conflict):
        alerts.acknowledge(only().alert.id)
    assert alerts.resolve(only().alert.id).alert.state == "resolved"
    with pytest.raises(NotFound):
        alerts.resolve("nobody")


def test_a_silent_or_resting_rule_says_nothing_and_speaks_after_it(
    hand: Hand, shop: Assistant, rule: AlertRule
) -> None:
    answers(shop.id, 10, 10)
    alert_rules.change_rule(rule.id, silent_until=clock.now() + timedelta(minutes=20))
    assert (check_due(), check_now()) == (0, 0)
    hand.move(minutes=21)
    alert_rules.change_rule(rule.id, paused=True)
    assert check_due() == 0
    alert_rules.change_rule(rule.id, paused=False)
    assert check_due() == 1
    assert states() == [("open", 0)]


def test_a_change_is_told_by_its_test_and_held_against_what_was_before(
    hand: Hand, shop: Assistant
) -> None:
    alert_rules.create_rule(measure="errors", kind="change", bound=0.5, margin=0.1, hours=24)
    answers(shop.id, 190, 10, hours_ago=30)
    answers(shop.id, 189, 11, hours_ago=1)
    check_due()
    assert states() == []
    answers(shop.id, 60, 40)
    check_now()
    one = only()
    assert (one.alert.before, one.alert.before_n) == (0.05, 200)
    assert one.alert.p is not None
    assert one.alert.p < 0.01
    for _day in range(3):  # what has become usual is still worse than what was before it
        hand.move(hours=24)
        answers(shop.id, 160, 40)
        check_due()
    assert states() == [("open", 0)]
    hand.move(hours=24)
    answers(shop.id, 190, 10)
    check_due()
    assert states() == [("resolved", 0)]


def test_a_rule_is_of_what_its_filters_name(shop: Assistant, rule: AlertRule) -> None:
    other = assistants.create("Balcão")
    answers(other.id, 0, 30)
    alert_rules.change_rule(rule.id, filters={"assistant": shop.id})
    check_due()
    assert states() == []


def test_a_rule_being_checked_is_nobody_elses_and_one_whose_checker_died_is_done_again(
    hand: Hand, shop: Assistant, rule: AlertRule
) -> None:
    answers(shop.id, 10, 10)
    assert alert_checking._lease(rule.id, clock.now() + alert_checking.LEASE)
    assert check_due() == 0
    hand.move(minutes=11)
    assert check_due() == 1
    assert states() == [("open", 0)]


@pytest.mark.parametrize("engine", ENGINES)
def test_two_who_check_at_once_open_one_alert(shop: Assistant, rule: AlertRule) -> None:
    answers(shop.id, 10, 10)
    checked: list[int] = []
    threads = [threading.Thread(target=lambda: checked.append(check_due())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(checked) == 1
    assert states() == [("open", 0)]


def test_a_check_of_a_rule_that_was_changed_meanwhile_is_dropped(
    shop: Assistant, rule: AlertRule, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(shop.id, 10, 10)
    found = alert_checking._causes

    def slow(row: AlertRule) -> list[str]:
        alert_rules.change_rule(rule.id, bound=0.9)
        return found(row)

    monkeypatch.setattr(alert_checking, "_causes", slow)
    check_due()
    assert states() == []


def test_one_rule_that_cannot_be_checked_keeps_no_other_from_it(
    shop: Assistant, rule: AlertRule, caplog: pytest.LogCaptureFixture
) -> None:
    broken = alert_rules.create_rule(measure="errors", bound=0.1)
    with db.writing() as session:
        session.get_one(AlertRule, broken.id).measure = "gone"
    answers(shop.id, 10, 10)
    assert check_due() == 1
    assert states() == [("open", 0)]
    assert "could not be checked" in caplog.text
    assert check_due() == 0  # and it is not tried again before its time


def test_the_conversations_of_an_alert_are_told_to_those_who_may_read(
    shop: Assistant, rule: AlertRule
) -> None:
    bad = answers(shop.id, 10, 10)
    check_due()
    with access.as_person(somebody("Ana", "viewer")):
        assert only().conversations == ()
        with pytest.raises(NotAllowed):
            alerts.named(only().alert.id)
    chat.remove(bad[0])
    assert {one.conversation_id for one in alerts.named(only().alert.id)} == set(bad[1:])


def test_the_conversations_of_an_alert_are_queued_for_review_once(
    shop: Assistant, rule: AlertRule
) -> None:
    bad = answers(shop.id, 11, 10)
    chat.remove(bad[0])
    check_due()
    with pytest.raises(NotFound):
        alerts.queue_for_review(only().alert.id)
    queue = annotation.create_queue(shop.id, "Fila")
    (done,) = alerts.queue_for_review(only().alert.id)
    assert (done.queue, done.added.new) == ("Fila", 9)
    (again,) = alerts.queue_for_review(only().alert.id, queue.id)
    assert (again.added.new, again.added.known) == (0, 9)
    other = annotation.create_queue(assistants.create("Balcão").id, "Outra")
    with pytest.raises(NotFound):
        alerts.queue_for_review(only().alert.id, other.id)


def test_the_list_comes_page_by_page_and_by_state(
    hand: Hand, shop: Assistant, rule: AlertRule
) -> None:
    answers(shop.id, 10, 10)
    alert_rules.create_rule(measure="errors", bound=0.2, minimum=5, name="Outra")
    check_due()
    first = alerts.alerts(limit=1)[0].alert
    rest = alerts.alerts(after=(first.opened_at, first.id))
    assert len(rest) == 1
    assert rest[0].alert.id != first.id
    alerts.resolve(first.id)
    assert [len(alerts.alerts(one)) for one in alerts.STATES] == [1, 1, 0, 1]
    with pytest.raises(InvalidInput):
        alerts.alerts("maybe")
