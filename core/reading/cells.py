"""A cell of a spreadsheet as its format shows it: "R$ 1.234,50", "12,5%", "03/11/2026".

In: the value, its number format, and whether the workbook speaks English. Out: its text. Formats
that name a country (the 416 of "[$R$-416]" is Brazil's) are shown that country's way. What always
holds: a value whose format is not understood is shown plainly, never dropped.
"""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

_TOKEN = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)(?:-([\w-]+))?\]|\[[^\]]*\]|[_*].|(.)')
_GENERAL = ("", "general", "@")
_MONTHS = {
    False: "jan fev mar abr mai jun jul ago set out nov dez".split(),
    True: "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),
}
_BRAZIL, _ENGLISH = {"416", "PT-BR"}, {"409", "809", "C09", "1009", "EN-US", "EN-GB"}
_MOST_DECIMALS = 15


class Format(NamedTuple):
    """A number format taken apart: what stands before and after the digits, and their pattern."""

    before: str
    digits: str
    after: str
    country: str


def shown(value: object, number_format: str = "", *, english: bool = False) -> str:
    """The text of a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _truth(value, english)
    if isinstance(value, int | float):
        return _number(value, _taken_apart(number_format), english)
    if isinstance(value, datetime | date | time | timedelta):
        return _moment(value, number_format.lower(), english)
    return str(value)


def _truth(value: bool, english: bool) -> str:
    names = ("FALSE", "TRUE") if english else ("FALSO", "VERDADEIRO")
    return names[value]


@lru_cache(maxsize=256)
def _taken_apart(number_format: str) -> Format:
    section = number_format.split(";")[0]
    if section.strip().lower() in _GENERAL or "general" in section.lower():
        return Format("", "", "", "")
    before, digits, after, country = "", "", "", ""
    for quoted, escaped, symbol, place, bare in _TOKEN.findall(section):
        country = place.upper().lstrip("0") or country
        literal = quoted or escaped or symbol
        if bare and bare in "#0?.,":
            digits += after + bare  # a literal among the digits, as in 00000-000, is one of them
            after = ""
        elif digits:
            after += literal or bare
        else:
            before += literal or bare
    return Format(before, digits, after, country)


def _number(value: int | float, form: Format, english: bool) -> str:
    english = form.country in _ENGLISH or (english and form.country not in _BRAZIL)
    if not re.search("[#0?]", form.digits) or "/" in form.digits or "E" in form.digits:
        return _plain(value, english)
    if mask := re.search(r"[^#0?.,]", form.digits):
        return _masked(value, form.digits) if mask else ""
    scaled = value * 100 if "%" in form.before + form.after else value
    digits = _digits(abs(scaled), form.digits, english)
    before = " ".join(form.before.split())
    space = " " if before.endswith("$") and not english else ""
    sign = "-" if value < 0 and re.search("[1-9]", digits) else ""
    return f"{sign}{before}{space or _edge(form.before)}{digits}{form.after.rstrip()}".strip()


def _edge(before: str) -> str:
    return " " if before.strip() and before[-1].isspace() else ""


def _digits(value: float, pattern: str, english: bool) -> str:
    whole, _point, decimals = pattern.partition(".")
    value /= 1000 ** (len(pattern) - len(pattern.rstrip(",")))
    most = min(sum(decimals.count(one) for one in "#0?"), _MOST_DECIMALS)
    least = min(decimals.count("0"), most)
    text = f"{value:,.{most}f}" if "," in whole.rstrip(",") else f"{value:.{most}f}"
    while most > least and text.endswith("0"):
        text, most = text[:-1], most - 1
    text = text.rstrip(".").rjust(whole.count("0"), "0") if not most else text
    return text if english else text.translate(_SWAPPED)


_SWAPPED = str.maketrans(",.", ".,")


def _masked(value: int | float, mask: str) -> str:
    """The digits put into a mask: 01310100 and "00000-000" give "01310-100"."""
    left = list(f"{abs(value):.0f}".zfill(sum(mask.count(one) for one in "#0?")))
    out = [left.pop() if one in "#0?" else one for one in reversed(mask)]
    return "".join([*left, *reversed(out)])


def _plain(value: int | float, english: bool) -> str:
    text = str(value) if isinstance(value, int) else f"{value:.15g}"
    return text if english else text.replace(".", ",")


def _moment(value: date | time | timedelta, form: str, english: bool) -> str:
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02}"
    if isinstance(value, time):
        return _clock(value, form)
    text = _day(value, re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", form), english)
    if isinstance(value, datetime) and (value.time() != time() or "h" in form):
        return f"{text} {_clock(value.time(), form)}"
    return text


def _day(value: date, form: str, english: bool) -> str:
    if "y" in form and "d" not in form:  # a month
        return f"{_MONTHS[english][value.month - 1]}/{value.year}"
    return f"{value:%Y-%m-%d}" if english else f"{value:%d/%m/%Y}"


def _clock(value: time, form: str) -> str:
    return f"{value:%H:%M:%S}" if value.second and "s" in form else f"{value:%H:%M}"
