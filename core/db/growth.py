"""How the database grows: its size is noted once a day, ``growth()`` tells the days."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from core import clock, db
from core.db.tables import SizeSample


@dataclass(frozen=True)
class Growth:
    """Sizes in bytes; ``per_day`` is the mean change over ``days`` (0 days: nothing to compare)."""

    size: int
    days: int
    per_day: float


def sample() -> None:
    """Note today's size; a later note of the same day replaces it."""
    day, size = clock.now().date().isoformat(), db.size()
    insert = postgresql.insert if db.engine().dialect.name == "postgresql" else sqlite.insert
    row = insert(SizeSample).values(day=day, size=size)
    with db.writing() as session:
        session.execute(row.on_conflict_do_update(index_elements=["day"], set_={"size": size}))


def growth(days: int = 30) -> Growth:
    """The size now and how it grew over the last ``days`` that were noted."""
    with db.session() as session:
        noted = session.scalars(select(SizeSample).order_by(SizeSample.day.desc()).limit(days))
        samples = noted.all()
    size = db.size()
    if len(samples) < 2:
        return Growth(size, 0, 0.0)
    first, last = samples[-1], samples[0]
    between = (date.fromisoformat(last.day) - date.fromisoformat(first.day)).days
    return Growth(size, between, (last.size - first.size) / between)
