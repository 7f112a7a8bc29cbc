"""The database's size is noted once a day and its growth is told."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core import clock, db
from core.db import growth
from core.db.tables import SizeSample
from tests.conftest import ENGINES

pytestmark = pytest.mark.parametrize("engine", ENGINES)
TODAY = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_a_day_has_one_size_the_latest(home: Path) -> None:
    with clock.held(TODAY):
        growth.sample()
        first = noted()
        with db.writing() as session:
            much = random.Random(7).randbytes(200_000).hex()  # nothing makes it shorter
            session.add(db.tables.Person(name="Ana", preferences={"much": much}))
        growth.sample()
    assert noted().keys() == first.keys() == {"2026-11-20"}
    assert noted()["2026-11-20"] >= first["2026-11-20"] + 100_000


def noted() -> dict[str, int]:
    """Day -> size, as noted."""
    with db.session() as session:
        return {sample.day: sample.size for sample in session.query(SizeSample)}


def test_growth_is_the_mean_change_a_day(home: Path) -> None:
    with db.writing() as session:
        for days, size in ((10, 1_000), (4, 5_000), (0, 11_000)):
            session.add(SizeSample(day=f"{TODAY - timedelta(days):%Y-%m-%d}", size=size))
    told = growth.growth()
    assert (told.days, told.per_day) == (10, 1_000)
    assert told.size == db.size() > 0


def test_one_day_is_nothing_to_compare(home: Path) -> None:
    growth.sample()
    assert growth.growth().days == 0
