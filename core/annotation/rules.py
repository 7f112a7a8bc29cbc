"""The rules by which conversations come into a review queue: pure, as data with bounds and defaults.

In: what a person typed, or what a queue keeps in ``rules``. Out: one ``Rule`` for each name of
``SHAPES``, in that order. Always holds: a rule that is not named is off; a value out of bounds is
refused by name; a rule that is switched off keeps its threshold, weight and words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import isfinite
from typing import Any, NamedTuple

from core.errors import InvalidInput
from core.i18n import _

HEAVIEST = 100.0
MOST_WORDS, LONGEST_WORD = 50, 100
MOST_PATTERNS, LONGEST_PATTERN = 20, 200


class Bounds(NamedTuple):
    """What a threshold may be, both ends included; ``whole``: no fractions."""

    usual: float
    least: float
    most: float
    whole: bool = True


class Shape(NamedTuple):
    """A rule as it is unless somebody changes it."""

    on: bool
    weight: float
    threshold: Bounds | None = None


# The weights say what cannot wait: somebody told us that an answer is wrong (5 to 4), something
# measured says so (3 to 2), it is merely worth a look (1). The drawn ones wait with their own
# weight alone, below a flag and above whatever was only measured, so that some are always judged.
SHAPES: dict[str, Shape] = {
    "random": Shape(True, 4, Bounds(0.1, 0.001, 1, whole=False)),  # the share drawn
    "flagged": Shape(True, 5),
    "negative_rating": Shape(True, 4),
    "stars": Shape(True, 4, Bounds(2, 1, 4)),  # so many stars or fewer
    "not_solved": Shape(True, 4),
    "disagreement": Shape(True, 3, Bounds(3, 1, 4)),  # stars of one conversation so far apart
    "keyword": Shape(False, 3),
    "low_groundedness": Shape(True, 3, Bounds(0.5, 0.01, 1, whole=False)),  # below this share
    "cut_off": Shape(True, 2),
    "fallback": Shape(True, 1),
    "long": Shape(True, 1, Bounds(10, 1, 1000)),  # more messages than this
    "slow": Shape(False, 1, Bounds(30, 1, 3600, whole=False)),  # took more seconds than this
}
NAMES = tuple(SHAPES)


@dataclass(frozen=True)
class Rule:
    """One rule of a queue. ``threshold`` is in the unit its shape names, None where there is none;
    ``words`` and ``patterns`` belong to "keyword" (see ``core.annotation.matching``)."""

    name: str
    on: bool
    weight: float
    threshold: float | None = None
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()


def usual() -> list[Rule]:
    """The rules of a queue for which nobody has chosen any."""
    return [_usual(name) for name in NAMES]


def read(stored: Sequence[Any], random_share: float | None = None) -> list[Rule]:
    """The rules that a queue keeps; nothing kept means the usual ones.

    ``random_share`` is the queue's own column, which has the last word on the drawn share.
    """
    found = checked(stored) if stored else usual()
    if random_share is None:
        return found
    drawn = replace(found[0], on=random_share > 0, threshold=random_share or found[0].threshold)
    return [drawn, *found[1:]]


def checked(given: Iterable[Any]) -> list[Rule]:
    """Every rule, from a list of {"name", "on", "weight", "threshold", "words", "patterns"}.

    Only the name is needed; a rule that is named is on, one that is not is off.
    Raises InvalidInput that names the value.
    """
    named: dict[str, Rule] = {}
    for one in given:
        rule = _rule(one)
        if rule.name in named:
            raise _wrong(_("The rule “{name}” is given twice."), name=rule.name)
        named[rule.name] = rule
    return [named.get(name) or replace(_usual(name), on=False) for name in NAMES]


def written(rules: Iterable[Rule]) -> list[dict[str, Any]]:
    """The rules as a queue keeps them."""
    return [{k: v for k, v in asdict(rule).items() if v not in (None, ())} for rule in rules]


def share(rules: Iterable[Rule]) -> float:
    """The share (0 to 1) of the conversations that is drawn at random."""
    return next((r.threshold or 0.0 for r in rules if r.name == "random" and r.on), 0.0)


def reason(rule: Rule, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Why a conversation was selected, as it is frozen in its item."""
    return {"name": rule.name, "weight": rule.weight, **facts}


def priority(reasons: Iterable[Mapping[str, Any]]) -> float:
    """The sum of the reasons' weights."""
    return round(sum(float(one.get("weight", 0)) for one in reasons), 6)


def _usual(name: str) -> Rule:
    shape = SHAPES[name]
    return Rule(name, shape.on, shape.weight, shape.threshold.usual if shape.threshold else None)


def _rule(given: Any) -> Rule:
    if isinstance(given, Rule):
        given = {k: v for k, v in asdict(given).items() if v is not None}
    if not isinstance(given, Mapping):
        raise _wrong(_("“{value}” is not a rule."), value=str(given)[:80])
    name = _name(given)
    usual = _usual(name)
    on = given.get("on", True)
    if not isinstance(on, bool):
        raise _wrong(_("“on” is true or false, not “{value}”."), value=str(on)[:80])
    rule = Rule(
        name,
        on,
        _within(given.get("weight", usual.weight), Bounds(1, 0, HEAVIEST, whole=False), "weight"),
        _threshold(name, given.get("threshold")),
        _texts(given.get("words", ()), "words", MOST_WORDS, LONGEST_WORD),
        _texts(given.get("patterns", ()), "patterns", MOST_PATTERNS, LONGEST_PATTERN),
    )
    if name != "keyword" and (rule.words or rule.patterns):
        raise _wrong(_("The rule “{name}” has no words."), name=name)
    return rule


def _name(given: Mapping[str, Any]) -> str:
    name = given.get("name")
    if name not in SHAPES:
        raise _wrong(
            _("There is no rule “{name}”."),
            _("The rules are {names}.").format(names=", ".join(NAMES)),
            name=str(name)[:80],
        )
    for key in given:
        if key not in Rule.__dataclass_fields__:
            raise _wrong(_("A rule has no “{key}”."), key=str(key)[:80])
    return str(name)


def _threshold(name: str, value: Any) -> float | None:
    bounds = SHAPES[name].threshold
    if bounds is None:
        if value is not None:
            raise _wrong(_("The rule “{name}” has no threshold."), name=name)
        return None
    return bounds.usual if value is None else _within(value, bounds, name)


def _within(value: Any, bounds: Bounds, what: str) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    if not number or not bounds.least <= value <= bounds.most:
        raise _wrong(
            _("“{what}” lies between {least} and {most}, not at “{value}”."),
            **{"what": what, "least": f"{bounds.least:g}", "most": f"{bounds.most:g}"},
            value=str(value)[:80],
        )
    if bounds.whole and value != int(value):
        raise _wrong(_("“{what}” is a whole number, not “{value}”."), what=what, value=str(value))
    return float(value)


def _texts(given: Any, what: str, most: int, longest: int) -> tuple[str, ...]:
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise _wrong(_("“{what}” is a list, not “{value}”."), what=what, value=str(given)[:80])
    texts = tuple(dict.fromkeys(_text(one, what, longest) for one in given))
    if len(texts) > most:
        raise _wrong(
            _("“{what}” holds {n}; at most {most} fit."),
            what=what,
            n=str(len(texts)),
            most=str(most),
        )
    return texts


def _text(given: Any, what: str, longest: int) -> str:
    text = given.strip() if isinstance(given, str) else ""
    if (
        not text
        or len(text) > longest
        or any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 for c in text)
    ):
        raise _wrong(
            _("“{value}” does not fit in “{what}”: 1 to {most} characters on one line."),
            **{"what": what, "most": str(longest), "value": _shown(given)},
        )
    return text


def _shown(given: Any) -> str:
    return str(given)[:80].encode("utf-8", "replace").decode()


def _wrong(message: str, hint: str = "", **named: str) -> InvalidInput:
    return InvalidInput(message.format(**named), field="rules", hint=hint)
