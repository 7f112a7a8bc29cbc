"""Who answers for an assistant beside its champion: fallbacks, rules, a challenger's share (pure).

In: ``routing`` from a form, an API call or a file, of any type; then what is known of an asker.
Out: the same, cleaned, or InvalidInput naming what is wrong; then which rule fits, and whether the
challenger answers. Always holds: who was given the challenger once keeps it while its share grows.

    {"fallbacks": ["ollama:llama3.2:1b"],
     "rules": [{"if": {"tier": "premium", "min_length": 300}, "use": "ollama:llama3.1:8b"}],
     "challenger_share": 0.1}
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import InvalidInput
from core.i18n import LANGUAGES, _
from core.llm import EMBEDDED, split

FIELD = "routing"
KEYS = ("fallbacks", "rules", "challenger_share")
CONDITIONS = ("tier", "language", "mode", "min_length", "max_length")
MOST_FALLBACKS, MOST_RULES, MOST_CHARACTERS = 5, 20, 40
LONGEST = 1_000_000  # characters of a question; no question is so long


@dataclass(frozen=True)
class Asking:
    """What a choice may depend on. ``length`` is that of the question, in characters."""

    user_id: str | None = None
    person_id: str | None = None
    conversation_id: str = ""
    tier: str | None = None
    language: str = ""
    mode: str = ""
    length: int = 0

    @property
    def subject(self) -> str:
        """Whose answers come from the same version while an experiment lasts."""
        return self.user_id or self.person_id or self.conversation_id


def checked(routing: Any) -> dict[str, Any]:
    """``routing`` cleaned: only the keys that were set."""
    if not isinstance(routing, Mapping):
        raise _wrong(_("The routing is an object."), ", ".join(KEYS))
    _only(routing, KEYS, _("The routing has no “{name}”."))
    checks: dict[str, Callable[[Any], Any]] = {
        "fallbacks": _fallbacks,
        "rules": _rules,
        "challenger_share": _share,
    }
    cleaned = {key: checks[key](value) for key, value in routing.items() if value is not None}
    return {key: value for key, value in cleaned.items() if value}


def fitting(rules: list[dict[str, Any]], asking: Asking) -> list[tuple[int, str | int]]:
    """(number from 1, what it uses) of the rules that fit, in their order."""
    return [(n, rule["use"]) for n, rule in enumerate(rules, 1) if _fits(rule["if"], asking)]


def challenged(share: float, experiment: str, subject: str) -> bool:
    """Whether ``subject`` is among the ``share`` (0 to 1) of askers that ``experiment`` gets."""
    digest = hashlib.sha256(f"{experiment}\x00{subject}".encode()).digest()
    return int.from_bytes(digest[:8]) < share * 2**64


def _fits(condition: Mapping[str, Any], asking: Asking) -> bool:
    tests = {
        "tier": lambda value: asking.tier == value,
        "language": lambda value: asking.language == value,
        "mode": lambda value: asking.mode == value,
        "min_length": lambda value: asking.length >= value,
        "max_length": lambda value: asking.length <= value,
    }
    return all(tests[name](value) for name, value in condition.items())


def _fallbacks(value: Any) -> list[str]:
    names = [_model(name) for name in _list(value, "fallbacks", MOST_FALLBACKS)]
    kept = list(dict.fromkeys(names))
    # Ciclo's own engine ends every list by itself: what stands behind it is never reached
    return kept[: kept.index(EMBEDDED)] if EMBEDDED in kept else kept


def _rules(value: Any) -> list[dict[str, Any]]:
    return [_numbered(n, one) for n, one in enumerate(_list(value, "rules", MOST_RULES), 1)]


def _numbered(n: int, value: Any) -> dict[str, Any]:
    try:
        return _rule(value)
    except InvalidInput as error:
        sentence = _("Rule {n}: {why}").format(n=n, why=error.message)
        raise InvalidInput(sentence, hint=error.hint, field=FIELD) from None


def _rule(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping) or set(value) != {"if", "use"}:
        raise _wrong(_("A rule has two parts: if and use."), "if, use")
    condition, use = value["if"], value["use"]
    if not isinstance(condition, Mapping) or not condition:
        raise _wrong(_("A rule has at least one condition."), ", ".join(CONDITIONS))
    _only(condition, CONDITIONS, _("A rule knows no condition “{name}”."))
    version = isinstance(use, int) and not isinstance(use, bool) and use > 0
    cleaned = {name: _condition(name, value) for name, value in condition.items()}
    least, most = cleaned.get("min_length", 0), cleaned.get("max_length", LONGEST)
    if least > most:
        sentence = _("No question has at least {least} and at most {most} characters.")
        raise _wrong(sentence.format(least=least, most=most), "min_length <= max_length")
    return {
        "if": cleaned,
        "use": use if version else _model(use),
    }


def _condition(name: str, value: Any) -> Any:
    if name == "language":
        fits, allowed = isinstance(value, str) and value in LANGUAGES, ", ".join(LANGUAGES)
    elif name in ("tier", "mode"):
        fits = isinstance(value, str) and 0 < len(value.strip()) <= MOST_CHARACTERS
        allowed = _("a text of 1 to {most} characters").format(most=MOST_CHARACTERS)
    else:
        whole = isinstance(value, int) and not isinstance(value, bool)
        fits, allowed = whole and 0 <= value <= LONGEST, f"0..{LONGEST}"
    if not fits or (isinstance(value, str) and not value.isprintable()):
        raise _wrong(_("{name}={value} is not possible.").format(name=name, value=value), allowed)
    return value.strip() if isinstance(value, str) else value


def _share(value: Any) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 <= value <= 1:
        shown = {"name": "challenger_share", "value": value}
        raise _wrong(_("{name}={value} is not possible.").format(**shown), "0..1")
    return float(value)


def _model(value: Any) -> str:
    if not isinstance(value, str):
        sentence = _("'{name}' names no model that can be opened.").format(name=value)
        raise _wrong(sentence, "provider:model")
    try:
        return ":".join(split(value))
    except InvalidInput as error:
        error.field = FIELD
        raise


def _list(value: Any, name: str, most: int) -> list[Any]:
    if not isinstance(value, list | tuple) or len(value) > most:
        sentence = _("“{name}” is a list of at most {most} entries.")
        raise _wrong(sentence.format(name=name, most=most), f"0..{most}")
    return list(value)


def _only(given: Mapping[Any, Any], known: tuple[str, ...], sentence: str) -> None:
    for name in given:
        if name not in known:
            raise _wrong(sentence.format(name=name), ", ".join(known))


def _wrong(sentence: str, allowed: str) -> InvalidInput:
    return InvalidInput(
        sentence, hint=_("Allowed: {allowed}.").format(allowed=allowed), field=FIELD
    )
