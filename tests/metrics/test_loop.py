"""The loop's picture counts the alerts that nobody has looked at."""

from datetime import timedelta

from core import clock, db, loop
from core.db.tables import Alert, AlertRule


def test_only_open_alerts_are_counted_with_the_oldest_one_s_time(now: None) -> None:
    assert loop.snapshot().of("metrics") == []
    with db.writing() as session:
        for hours, state in enumerate(("open", "open", "resolved")):
            rule = AlertRule(name=str(hours), measure="errors")
            session.add(rule)
            session.flush()
            opened = clock.now() - timedelta(hours=hours)
            session.add(
                Alert(rule_id=rule.id, state=state, value=1, bound=0, n=40, opened_at=opened)
            )
    (told,) = loop.snapshot().of("metrics")
    assert (told.n, told.since) == (2, clock.now() - timedelta(hours=1))
