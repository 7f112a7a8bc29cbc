"""Which of our languages a text is in, told offline from its small words, endings and accents."""

import re

from core.text.folding import fold
from core.text.stopwords import ENGLISH_SIGNS, PORTUGUESE_SIGNS

_LETTERS = re.compile(r"[^\W\d_]+")
_ACCENTS = re.compile(r"[ãõçáéíóúâêôà]", re.IGNORECASE)
_PORTUGUESE_END = re.compile(r"(?:cao|coes|dades?|mente|inh[oa]|agem|eir[oa]|ncia|[ea]ndo)$")
_ENGLISH_END = re.compile(r"(?:ing|tion|ness|ment|ship|ght|ould|ly|ted|ck|ful)$")
_ENOUGH = 2000  # characters looked at; a longer text says nothing new
_LEAD = 1.0  # how far one language must be ahead; one small word is worth 1


def language_of(text: str) -> str:
    """ "pt", "en", or "" where the text does not tell (a name, a number, two words)."""
    head = text[:_ENOUGH]
    found = _LETTERS.findall(fold(head))
    portuguese = sum(_weight(word, PORTUGUESE_SIGNS, _PORTUGUESE_END) for word in found)
    english = sum(_weight(word, ENGLISH_SIGNS, _ENGLISH_END) for word in found)
    portuguese += len(_ACCENTS.findall(head))
    if abs(portuguese - english) < _LEAD:
        return ""
    return "pt" if portuguese > english else "en"


def _weight(word: str, signs: frozenset[str], ending: re.Pattern[str]) -> float:
    if word in signs:
        return 1.0
    return 0.5 if len(word) > 5 and ending.search(word) else 0.0
