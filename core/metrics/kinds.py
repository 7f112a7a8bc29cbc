"""What a measure is: its name and meaning, its unit, which way is better, and its formula."""

from dataclasses import dataclass

from core.metrics.formulas import Formula, Which

SHARE, SECONDS, DOLLARS, STARS, NUMBER, PER_SECOND = (
    "share",
    "seconds",
    "dollars",
    "stars",
    "number",
    "per_second",
)


@dataclass(frozen=True)
class Measure:
    """``better``: up, down or "" (neither). ``of``: what is counted, a frame of ``Part`` by its name;
    ``behind``: which of these stand behind the figure where it is bad (None: all). ``by``: what it may
    be split by that others cannot."""

    name: str
    title: str
    meaning: str
    unit: str
    better: str
    formula: Formula
    of: str = "answers"
    behind: Which | None = None
    by: tuple[str, ...] = ()
