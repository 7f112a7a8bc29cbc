"""The day that a question names: "em março de 2026", "10/03/2026", "on March 10, 2026". Pure.

In: a text in Portuguese or English, and today. Out: a day, or None where none is named; the text
without the words that name it. A month
stands for its middle, a year for the middle of the year; a month without a year is the last one
that has begun. Only what is said as a time counts: "em maio", not "maio" alone.
"""

import re
from datetime import date

from core.text.folding import fold

_PT = "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro"
_EN = "january february march april may june july august september october november december"
MONTHS = {name: n for names in (_PT, _EN) for n, name in enumerate(names.split(), 1)}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_IN = r"\b(?:em|no mes de|in|during|durante|de|of|until|ate|since|desde)\s+"
_YEAR = r"((?:19|20)\d\d)"
BEFORE = re.compile(r"\b(?:em|no dia|no mes de|in|on|during|durante|de|of)\s+$")
PATTERNS = (
    ("ymd", re.compile(rf"\b{_YEAR}-(\d\d)-(\d\d)\b")),
    ("dmy", re.compile(rf"\b(\d\d?)[/.](\d\d?)[/.]{_YEAR}\b")),
    (
        "dMy",
        re.compile(
            rf"\b(\d\d?)(?:o|st|nd|rd|th)?\s+(?:de\s+|of\s+)?({_MONTH})\s+(?:de\s+)?{_YEAR}\b"
        ),
    ),
    ("Mdy", re.compile(rf"\b({_MONTH})\s+(\d\d?)(?:st|nd|rd|th)?,?\s+{_YEAR}\b")),
    ("My", re.compile(rf"\b({_MONTH})(?:\s+(?:de|of)\s+|\s+|/){_YEAR}\b")),
    ("M", re.compile(rf"{_IN}({_MONTH})\b(?!\s+\d)")),
    ("y", re.compile(rf"{_IN}{_YEAR}\b(?![/-]\d)")),
)


def day_named(text: str, today: date) -> date | None:
    """The first day that is named in the most exact way."""
    found = _found(text, today)
    return found[0] if found else None


def without_day(text: str, today: date) -> str:
    """``text`` without the words that name its day, which no document needs to hold."""
    found = _found(text, today)
    if found is None or len(fold(text)) != len(text):
        return text
    start, end = found[1]
    before = BEFORE.search(fold(text[:start]))
    return " ".join((text[: before.start() if before else start] + text[end:]).split())


def _found(text: str, today: date) -> tuple[date, tuple[int, int]] | None:
    plain = fold(text)
    for kind, pattern in PATTERNS:
        for found in pattern.finditer(plain):
            if (day := _day(kind, found.groups(), today)) is not None:
                return day, found.span()
    return None


def _day(kind: str, said: tuple[str, ...], today: date) -> date | None:
    told = dict(zip(kind, said, strict=True))
    month = MONTHS[told["M"]] if "M" in told else int(told.get("m", 7))
    year = int(told["y"]) if "y" in told else today.year - (month > today.month)
    try:
        return date(year, month, int(told.get("d", 1 if kind == "y" else 15)))
    except ValueError:  # the 31st of February
        return None
