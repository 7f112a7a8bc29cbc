"""Periods are those of the reader's calendar, also where a day has 23 or 25 hours."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock, i18n, metrics
from core.errors import InvalidInput
from core.metrics import periods
from core.metrics.parts import hours, weekdays
from tests.metrics.made import NOON, assistant, talk

LISBON, SAO_PAULO = "Europe/Lisbon", "America/Sao_Paulo"


def hours_of(period: str) -> float:
    return metrics.span(period).length.total_seconds() / 3600


@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [
        (LISBON, "2026-03-29", 23),  # the clock goes forward
        (LISBON, "2026-10-25", 25),
        (SAO_PAULO, "2018-11-04", 23),  # midnight itself did not exist
        (SAO_PAULO, "2026-03-29", 24),
    ],
)
def test_a_day_is_as_long_as_it_is_where_the_reader_is(zone: str, day: str, length: int) -> None:
    i18n.use("pt-BR", zone)
    assert hours_of(f"{day}..{day}") == length


def test_last_month_is_a_month_and_the_one_before_it_is_compared() -> None:
    i18n.use("pt-BR", SAO_PAULO)
    with clock.held(datetime(2026, 3, 31, 12, tzinfo=UTC)):
        view = metrics.View(period="last-month")
        assert view.span().since == datetime(2026, 2, 1, 3, tzinfo=UTC)
        assert view.span().until == datetime(2026, 3, 1, 3, tzinfo=UTC)
        before = view.before()
        assert before is not None
        assert before.period == "2026-01-01..2026-01-31"


def test_the_time_before_ends_where_the_period_begins() -> None:
    i18n.use("pt-BR", SAO_PAULO)
    with clock.held(NOON):
        for period in ("7d", "30d", "90d", "2026-02-01..2026-02-10"):
            view = metrics.View(period=period)
            before = view.before()
            assert before is not None
            assert before.span().until == view.span().since
            assert before.span().length == view.span().length


def test_all_time_has_no_time_before() -> None:
    assert metrics.View(period="all").before() is None


@pytest.mark.parametrize(
    "period", ["", "soon", "2026-02-30..2026-03-01", "2026-03-02..2026-03-01", "99999d", "0d", "0h", "-3d", "..", "0000-01-01..0001-01-01"]
)  # fmt: skip
def test_what_is_no_period_is_named_with_the_way_out(period: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        metrics.span(period)
    assert period[:60] in refused.value.message
    assert "30d" in refused.value.hint


@pytest.mark.parametrize(("name", "value"), [("data", "both"), ("hour", "24"), ("weekday", "x")])
def test_what_no_filter_takes_is_named(name: str, value: str) -> None:
    with pytest.raises(InvalidInput, match=value):
        metrics.view({name: value})


def test_a_view_goes_into_an_address_and_comes_back() -> None:
    view = metrics.View(period="7d", assistant="a", channel="site", data="real", hour="9")
    assert metrics.view(view.said()) == view
    assert metrics.View().said() == {}


@given(st.integers(0, 2**31), st.sampled_from([LISBON, SAO_PAULO, "Asia/Kathmandu", "UTC"]))
def test_hour_and_weekday_are_those_of_the_reader_s_clock(at: int, zone: str) -> None:
    import numpy as np

    i18n.use("pt-BR", zone)
    local = datetime.fromtimestamp(at, i18n.zone())
    moment = np.array([float(at)])
    assert (hours(moment)[0], weekdays(moment)[0]) == (local.hour, local.weekday())


@given(
    st.integers(1_500_000_000, 1_900_000_000),
    st.integers(1, 40_000_000),
    st.sampled_from(periods.GRAINS),
    st.sampled_from([LISBON, SAO_PAULO]),
)
def test_the_times_of_a_chart_cover_all_of_it_in_order(
    since: int, length: int, grain: str, zone: str
) -> None:
    length = min(length, 3_000_000) if grain == "hour" else length
    i18n.use("pt-BR", zone)
    starts = [at.timestamp() for at in periods.starts(since, since + length, grain)]
    assert starts == sorted(set(starts))
    assert starts[0] <= since
    assert starts[-1] < since + length


@pytest.mark.parametrize(
    ("period", "most"), [("24h", 50), ("7d", 92), ("90d", 92), ("365d", 92), ("2000d", 92)]
)
def test_a_chart_has_no_more_points_than_can_be_told_apart(period: str, most: int) -> None:
    span = metrics.span(period)
    assert len(periods.starts(span.since.timestamp(), span.until.timestamp())) <= most + 1


@pytest.mark.parametrize("filter_", ["channel", "tier", "language", "mode", "outcome", "data"])
def test_a_filter_leaves_what_fits_and_nothing_else(now: None, filter_: str) -> None:
    shop = assistant()
    talk(
        shop,
        {"language": "en", "mode": "short", "outcome": "related"},
        channel="site",
        user_tier="free",
        is_sample=True,
    )
    talk(shop, {"language": "pt-BR"}, {"language": "pt-BR"}, channel="web")
    wanted = {"channel": "site", "tier": "free", "language": "en", "mode": "short"}
    value = (wanted | {"outcome": "related", "data": "sample"})[filter_]
    view = metrics.view({"period": "7d", filter_: value})
    assert metrics.figure("rated", view).n == 1
    assert metrics.figure("solved", view).n == 1
    nobody = metrics.view({"period": "7d", "channel": "whatsapp", filter_: value})
    assert metrics.figure("rated", metrics.view(nobody.said() | {"tier": "gold"})).n == 0
