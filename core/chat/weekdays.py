"""The weekdays a text speaks of.

In: a folded clause in Portuguese or English. Out: its weekdays as numbers (Monday is 0), with
ranges and groups filled in: "segunda a sexta", "weekends", "todos os dias". Pure.
"""

import re
from collections.abc import Sequence

_CLEAR = {
    name + plural: number
    for number, names in enumerate(
        (
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "sabado saturday",
            "domingo sunday",
        )
    )
    for name in names.split()
    for plural in ("", "s")
}
# "segunda" is also "second": it is a day before "-feira", after "na", and in a row of days
_FEIRA = {
    name + plural: number
    for number, name in enumerate(("segunda", "terca", "quarta", "quinta", "sexta"))
    for plural in ("", "s")
}
_BEFORE = frozenset("as na nas toda todas cada".split())
_ALSO = frozenset(("a", "ate", "e", "ou", ","))
_NO_DAY = re.compile(r"vez|via|edic|parte|etapa|opcao|turma|fase|pessoa|feira de")
_TO = frozenset(("a", "ate", "to", "through", "until", "-", "–"))
_GROUPS = (
    (re.compile(r"\bfi(?:m|ns) de semana\b|\bweekends?\b"), {5, 6}),
    (re.compile(r"(?<!\d )\b(?:dias uteis|dia util|weekdays?|working days?)\b"), set(range(5))),
    (re.compile(r"\btodos os dias\b|\bdiariamente\b|\bevery day\b|\bdaily\b"), set(range(7))),
)
# One of these stands in every text that speaks of weekdays.
SIGNS = frozenset(
    "semana uteis util todos diariamente weekend weekends weekday weekdays working every daily".split()
) | frozenset((*_CLEAR, *_FEIRA))
_TOKEN = re.compile(r"[a-z]+|[-–,]")


def weekdays(folded: str) -> tuple[frozenset[int], str]:
    """The weekdays of a folded text, and the text without their names."""
    found = list(_TOKEN.finditer(folded))
    tokens = [token.group() for token in found]
    named = {at: day for at in range(len(tokens)) if (day := _day(tokens, at)) is not None}
    days = set(named.values())
    for at, last in named.items():
        first = _range_start(tokens, at, named)
        if first is not None:
            days |= {day % 7 for day in range(first, last + 1 if last >= first else last + 8)}
    days |= {day for pattern, group in _GROUPS if pattern.search(folded) for day in group}
    rest = list(folded) if named else []
    for at in named:
        end = at + 2 if tokens[at + 2 : at + 3] in (["feira"], ["feiras"]) else at
        rest[found[at].start() : found[end].end()] = " " * (found[end].end() - found[at].start())
    return frozenset(days), "".join(rest) or folded


def is_weekday(folded: str) -> bool:
    """Whether a folded word is, or may be, the name of a weekday."""
    return (name := folded.removesuffix("-feira")) in _CLEAR or name in _FEIRA


def _day(tokens: Sequence[str], at: int) -> int | None:
    name = tokens[at]
    if name in _CLEAR:
        return _CLEAR[name]
    if name not in _FEIRA:
        return None
    after = " ".join(tokens[at + 1 : at + 3])
    if after.startswith("- feira") or _names_day(
        tokens, at + 2, tokens[at + 1 : at + 2], _TO | _ALSO
    ):
        return _FEIRA[name]
    told = at > 0 and (
        tokens[at - 1] in _BEFORE or _names_day(tokens, at - 2, tokens[at - 1 : at], _ALSO)
    )
    return _FEIRA[name] if told and not _NO_DAY.match(after) else None


def _names_day(tokens: Sequence[str], at: int, link: Sequence[str], links: frozenset[str]) -> bool:
    """Whether a word of ``links`` leads from here to another name of a day."""
    there = tokens[at] if 0 <= at < len(tokens) else ""
    return set(link) <= links and (there in _FEIRA or there in _CLEAR or there.startswith("feira"))


def _range_start(tokens: Sequence[str], last: int, named: dict[int, int]) -> int | None:
    """The day that a range ending at token ``last`` begins with: "segunda[-feira] a sexta"."""
    if last < 2 or tokens[last - 1] not in _TO:
        return None
    before = last - 2
    if tokens[before].startswith("feira") and before >= 2:
        before -= 2
    return named.get(before)
