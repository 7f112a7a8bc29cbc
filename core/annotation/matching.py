"""Words and patterns looked for in many texts at once: pure, in time that grows with the texts alone.

In: the words and patterns of a rule. Out: for each text the first of them that it holds. Matching
is Arrow's, by RE2, which has no way back and so no pattern that hangs. Always holds: a word is found
at the start of a word, in either case, with accents or without ("preco" finds "Preços", not
"apreço"); a pattern is taken as it is, in either case; one that RE2 does not know is named.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from core.annotation.rules import Rule
from core.errors import InvalidInput
from core.i18n import _
from core.text import fold

Mention = dict[str, str]
_LATIN = range(0xC0, 0x250)  # the accented letters of Latin alphabets


def check(rules: Sequence[Rule]) -> Sequence[Rule]:
    """The rules; raises InvalidInput that names the first pattern which cannot be used."""
    for pattern in (pattern for rule in rules for pattern in rule.patterns):
        _check(pattern)
    return rules


def first(rule: Rule, texts: Sequence[str]) -> list[Mention | None]:
    """For each text {"word": ...} or {"pattern": ...}: the first of the rule's that it holds.

    What a pattern found is not told: it may be personal data.
    """
    found: list[Mention | None] = [None] * len(texts)
    wanted = _wanted(rule)
    if not wanted:
        return found
    left = _holding("|".join(f"(?:{one})" for _named, one in wanted), texts)
    for named, one in wanted:
        for at in _holding(one, [texts[i] for i in left]):
            found[left[at]] = named
        left = [i for i in left if found[i] is None]
    return found


def expression(word: str) -> str:
    """The RE2 expression for a word or several: as written, at the start of a word."""
    parts = (r"\s+" if char.isspace() else _letter(char) for char in fold(" ".join(word.split())))
    begins = r"(?:^|[^\p{L}\p{N}])" if word[:1].isalnum() else ""
    return begins + "".join(parts)


def _wanted(rule: Rule) -> list[tuple[Mention, str]]:
    words: list[tuple[Mention, str]] = [({"word": word}, expression(word)) for word in rule.words]
    return words + [({"pattern": pattern}, pattern) for pattern in rule.patterns]


def _holding(pattern: str, texts: Sequence[str]) -> list[int]:
    """Where in ``texts`` the pattern is."""
    import pyarrow
    from pyarrow import compute

    column = pyarrow.array(texts, pyarrow.large_string())
    hits = compute.match_substring_regex(column, pattern, ignore_case=True)
    places: list[int] = compute.indices_nonzero(hits).to_pylist()
    return places


def _letter(char: str) -> str:
    variants = re.escape(char) if char.isascii() else char
    if char.isascii() and char.isalpha():
        variants = f"[{char}{_accented().get(char, '')}]"
    return variants + r"\p{Mn}*"


@cache
def _accented() -> dict[str, str]:
    """For each plain letter those that fold to it."""
    found: dict[str, str] = {}
    for char in map(chr, _LATIN):
        if unicodedata.category(char) in ("Lu", "Ll") and len(plain := fold(char)) == 1:
            found[plain] = found.get(plain, "") + char
    return found


def _check(pattern: str) -> None:
    import pyarrow

    try:
        if _holding(pattern, [""]):
            raise _refused(pattern, _("it matches every text"))
    except pyarrow.ArrowInvalid as error:
        why = str(error).removeprefix("Invalid regular expression: ")
        raise _refused(pattern, why) from error


def _refused(pattern: str, why: str) -> InvalidInput:
    return InvalidInput(
        _("The pattern “{pattern}” cannot be used: {why}.").format(pattern=pattern, why=why),
        field="rules",
        hint=_("Patterns are written as RE2 reads them: no look-ahead and no back-references."),
    )
