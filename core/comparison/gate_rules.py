"""What a gate asks of a version: its rules as they are stored, the usual ones, and what cannot be one.

Pure. In: rules as somebody gives them. Out: the same, tidy, or InvalidInput naming the value.
"""

from collections.abc import Mapping
from typing import Any

from core.comparison import measured
from core.errors import InvalidInput
from core.i18n import _

PRIMARY = "primary"  # in place of a name: every scorer that decides
NOT_WORSE, BETTER_IN, MUST_PASS = "not_worse", "better_in_one_of", "must_pass"
LEAST_N, JUDGE = "least_n", "judge_agreement"
FEW = "few"  # why a rule that is stored as met asked nothing
KEYS = (NOT_WORSE, BETTER_IN, MUST_PASS, LEAST_N, JUDGE)
MARGIN = 0.05  # five points: what an interval of 100 to 200 questions can rule out
DEFAULT: dict[str, Any] = {
    NOT_WORSE: {PRIMARY: MARGIN},
    BETTER_IN: [PRIMARY, "seconds", "cost"],
    MUST_PASS: {"at_most": 0},
    LEAST_N: 100,
    JUDGE: None,
}
LARGEST = 1_000_000


def checked(rules: Mapping[str, Any]) -> dict[str, Any]:
    """The rules with every key; what is not given asks nothing, ``least_n`` what is usual.

    ``not_worse``: {scorer or "primary": margin}, a share for scorers of quality (0.05 is 5 points),
    for speed, tokens and cost how much more of them (0.1 is 10 %). ``better_in_one_of``: scorers.
    ``must_pass``: {"at_most": how many may be lost}. ``least_n``: questions that must count.
    ``judge_agreement``: the least kappa of judge and people, None for any.
    """
    if not isinstance(rules, Mapping):
        raise _wrong("rules", rules, _("Rules are a JSON object."))
    for key in rules:
        if key not in KEYS:
            raise _wrong(
                str(key), key, _("These rules are there: {names}.").format(names=_names(KEYS))
            )
    told = {
        NOT_WORSE: _margins(rules.get(NOT_WORSE)),
        BETTER_IN: _scorers(rules.get(BETTER_IN)),
        MUST_PASS: _at_most(rules.get(MUST_PASS)),
        LEAST_N: _count(LEAST_N, rules.get(LEAST_N, DEFAULT[LEAST_N]), 1),
        JUDGE: _kappa(rules.get(JUDGE)),
    }
    if not (told[NOT_WORSE] or told[BETTER_IN] or told[MUST_PASS]):
        raise InvalidInput(
            _("A gate without a rule would let every version pass."),
            hint=_("Say in what a version may not be worse, or must be better."),
            field=NOT_WORSE,
        )
    return told


def _margins(given: Any) -> dict[str, float]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise _wrong(
            NOT_WORSE,
            given,
            _("It takes a scorer and a margin, as in {example}.").format(
                example='{"groundedness": 0.05}'
            ),
        )
    return {_scorer(NOT_WORSE, name): _margin(name, margin) for name, margin in given.items()}


def _margin(name: Any, given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 < given <= 1:
        raise _wrong(
            NOT_WORSE, given, _("A margin lies above 0, and is 1 at most; 0.05 is 5 points."), name
        )
    return float(given)


def _scorers(given: Any) -> list[str]:
    if given is None:
        return []
    if not isinstance(given, list | tuple):
        raise _wrong(BETTER_IN, given, _("It takes a list of scorers."))
    return list(dict.fromkeys(_scorer(BETTER_IN, name) for name in given))


def _scorer(field: str, name: Any) -> str:
    there = [PRIMARY, *measured.known()]
    if name not in there:
        raise _wrong(field, name, _("These are: {names}.").format(names=_names(there)))
    return str(name)


def _at_most(given: Any) -> dict[str, int] | None:
    if given is None:
        return None
    if not isinstance(given, Mapping) or set(given) != {"at_most"}:
        raise _wrong(MUST_PASS, given, _("It is {example}.").format(example='{"at_most": 0}'))
    return {"at_most": _count(MUST_PASS, given["at_most"], 0)}


def _count(field: str, given: Any, least: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= LARGEST:
        hint = _("It is a whole number from {least} on.").format(least=least)
        raise _wrong(field, given, hint)
    return given


def _kappa(given: Any) -> float | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 < given <= 1:
        raise _wrong(JUDGE, given, _("Kappa lies above 0, and is 1 at most; 0.6 is substantial."))
    return float(given)


def _wrong(field: str, value: Any, hint: str, of: Any = "") -> InvalidInput:
    named = f"{field}: {of}" if of else field
    return InvalidInput(
        _("{field} cannot be “{value}”.").format(field=named[:60], value=str(value)[:60]),
        hint=hint,
        field=field[:60],
    )


def _names(names: Any) -> str:
    return ", ".join(names)
