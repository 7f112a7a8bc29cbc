"""Rules of form that an answer must keep, per question or for all questions of a run.

In: {"max_words": 80, "contains": ["30 dias"], "language": "pt-BR", ...} and an answer. Out: which of
them it breaks. Always holds: a rule that nobody knows, or a value it cannot have, is InvalidInput
that names it, when it is written and not when it is kept; patterns are RE2's, which cannot hang.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from core import privacy
from core.comparison.scorers.kinds import Scorer
from core.comparison.scorers.tokens import tokens
from core.comparison.types import Example, Question
from core.errors import InvalidInput
from core.i18n import N_, _
from core.text import fold, language_of

LANGUAGES = ("pt-BR", "en")
MOST_WORDS = 100_000
MOST_TEXTS, LONGEST_TEXT = 50, 500  # of one rule; characters of each
PERSONAL = tuple(kind for kind in privacy.KINDS if kind not in privacy.BUSINESS)


@dataclass(frozen=True)
class Broken:
    """A rule that an answer broke, and in the reader's language how."""

    rule: str
    why: str


@dataclass(frozen=True)
class Rule:
    """``allows`` a value, in ``words`` that need no translation; ``why`` it is broken, "" if not."""

    allows: Callable[[Any], bool]
    words: str
    why: Callable[[Example, Any], str]


def checked(rules: Mapping[str, Any]) -> dict[str, Any]:
    """``rules`` as they are; InvalidInput for one that nobody knows or that cannot be kept."""
    for name, value in rules.items():
        known = RULES.get(name)
        if known is None:
            raise _refused(
                _("No rule is called “{name}”.").format(name=str(name)[:40]),
                _("The rules are: {names}.").format(names=", ".join(RULES)),
            )
        if not known.allows(value):
            raise _refused(
                _("The rule “{name}” cannot be {value}.").format(name=name, value=_shown(value)),
                _("Allowed: {allowed}.").format(allowed=known.words),
            )
    return dict(rules)


def merged(common: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The rules of a whole run and those of one question: texts add up, else the question's hold."""
    both = {**common, **own}
    for name in set(common) & set(own) & set(_TEXTS):
        both[name] = list(dict.fromkeys([*_listed(common[name]), *_listed(own[name])]))
    return both


def for_all(common: Mapping[str, Any], questions: Iterable[Question]) -> list[Question]:
    """The questions, each with the rules of the whole run beside its own; InvalidInput as above."""
    known = checked(common)
    return [
        replace(one, reference=replace(one.reference, rules=merged(known, one.reference.rules)))
        for one in questions
    ]


def broken(example: Example) -> list[Broken]:
    """The rules of its reference that the answer breaks, in the order in which they are written."""
    told = [
        (name, RULES[name].why(example, value))
        for name, value in checked(example.reference.rules).items()
    ]
    return [Broken(name, why) for name, why in told if why]


def rules_kept(example: Example) -> float | None:
    """1 where the answer keeps all its rules."""
    if example.failed or not example.reference.rules:
        return None
    return float(not broken(example))


def matching(text: str, pattern: str) -> bool:
    """Whether RE2 finds ``pattern`` in ``text``; InvalidInput for one it does not know."""
    import pyarrow
    from pyarrow import compute

    try:
        return bool(compute.match_substring_regex(pyarrow.scalar(text), pattern).as_py())
    except pyarrow.ArrowInvalid as error:
        why = str(error).removeprefix("Invalid regular expression: ")
        raise _refused(
            _("The pattern “{pattern}” cannot be used: {why}.").format(
                pattern=pattern[:80], why=why
            ),
            _("Patterns are written as RE2 reads them: no look-ahead and no back-references."),
        ) from error


def _refused(message: str, hint: str) -> InvalidInput:
    return InvalidInput(message, hint=hint, field="rules")


def _shown(value: Any) -> str:
    """A value of whatever kind, in so many signs as can be read and sent."""
    told = json.dumps(value, ensure_ascii=False, default=str)[:80]
    return told.encode("utf-8", "replace").decode()


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST_WORDS


def _is_flag(value: Any) -> bool:
    return value is True


def _are_texts(value: Any) -> bool:
    found = _listed(value)
    return 0 < len(found) <= MOST_TEXTS and all(map(_is_text, found))


def _is_text(value: Any) -> bool:
    """A short text that every database keeps: no NUL, no half of a character."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
        return False
    return "\x00" not in value and value.encode("utf-8", "ignore").decode() == value


def _are_patterns(value: Any) -> bool:
    return _are_texts(value) and all(matching("", one) in (True, False) for one in _listed(value))


def _are_kinds(value: Any) -> bool:
    return _is_flag(value) or (_are_texts(value) and set(_listed(value)) <= set(privacy.KINDS))


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _too_long(example: Example, most: int) -> str:
    n = len(tokens(example.text))
    return _("{n} words, {most} at most").format(n=n, most=most) if n > most else ""


def _too_short(example: Example, least: int) -> str:
    n = len(tokens(example.text))
    return _("{n} words, {least} at least").format(n=n, least=least) if n < least else ""


def _misses(example: Example, texts: Any) -> str:
    said = _plain(example.text)
    lost = [one for one in _listed(texts) if _plain(one) not in said]
    return _("does not say: {texts}").format(texts=_quoted(lost)) if lost else ""


def _says(example: Example, texts: Any) -> str:
    said = _plain(example.text)
    there = [one for one in _listed(texts) if _plain(one) in said]
    return _("says: {texts}").format(texts=_quoted(there)) if there else ""


def _differs(example: Example, patterns: Any) -> str:
    lost = [one for one in _listed(patterns) if not matching(example.text, one)]
    return _("does not match: {texts}").format(texts=_quoted(lost)) if lost else ""


def _speaks(example: Example, wanted: str) -> str:
    """A text that does not tell its language keeps the rule."""
    found = language_of(example.text)
    return _("is in another language") if found and found != wanted[:2] else ""


def _tells(example: Example, kinds: Any) -> str:
    chosen = PERSONAL if kinds is True else _listed(kinds)
    told = ", ".join(privacy.count(example.text, chosen))
    return _("holds personal data: {kinds}").format(kinds=told) if told else ""


def _uncited(example: Example, least: int) -> str:
    """Where it says that nothing was found there is nothing to cite."""
    n = len(example.citations)
    if example.outcome != "answered" or n >= least:
        return ""
    return _("{n} citations, {least} at least").format(n=n, least=int(least))


def _is_no_json(example: Example, keys: Any) -> str:
    """The whole answer, or what stands in its one fence of code, is JSON with these keys."""
    try:
        told = json.loads(_unfenced(example.text))
    except (ValueError, RecursionError):
        return _("is no JSON")
    if keys is True:
        return ""
    lost = [key for key in _listed(keys) if not isinstance(told, dict) or key not in told]
    return _("lacks keys: {texts}").format(texts=_quoted(lost)) if lost else ""


def _unfenced(text: str) -> str:
    bare = text.strip()
    if not (bare.startswith("```") and bare.endswith("```") and "\n" in bare):
        return bare
    return bare.removesuffix("```").partition("\n")[2]


def _plain(text: str) -> str:
    return " ".join(fold(text).split())


def _quoted(texts: Iterable[str]) -> str:
    return ", ".join(f"“{one}”" for one in texts)


_TEXTS = ("contains", "lacks", "matches")
RULES: dict[str, Rule] = {
    "max_words": Rule(_is_count, f"1..{MOST_WORDS}", _too_long),
    "min_words": Rule(_is_count, f"1..{MOST_WORDS}", _too_short),
    "contains": Rule(_are_texts, '"…", ["…", "…"]', _misses),
    "lacks": Rule(_are_texts, '"…", ["…", "…"]', _says),
    "matches": Rule(_are_patterns, f'"RE2", ["RE2"] (<= {LONGEST_TEXT})', _differs),
    "language": Rule(lambda value: value in LANGUAGES, ", ".join(LANGUAGES), _speaks),
    "no_personal_data": Rule(_are_kinds, f"true, {json.dumps(privacy.KINDS)}", _tells),
    "cites": Rule(lambda value: _is_flag(value) or _is_count(value), "true, 1..", _uncited),
    "json": Rule(lambda value: _is_flag(value) or _are_texts(value), 'true, ["key"]', _is_no_json),
}

SCORERS = (
    Scorer(
        "rules_kept",
        N_("Rules kept"),
        N_("Whether the answer keeps all rules of form that were set for it."),
        rules_kept,
        kind="pass",
        primary=True,
    ),
)
