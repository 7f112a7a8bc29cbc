"""Words, folded words and stems: the form in which documents and questions meet."""

import re
from collections.abc import Callable
from functools import lru_cache
from threading import local
from typing import NamedTuple

from core.text.folding import fold
from core.text.language import language_of
from core.text.stopwords import ENGLISH, PORTUGUESE

_WORD = re.compile(r"\d+(?:[.,:]\d+)+|[^\W_]+")
_JOINED = re.compile(r"\b([a-z])-(?=[a-z]{3})")  # e-mail is email, x-ray is xray
_CLOCK = re.compile(r"(\d{1,2})h(\d{2})(?:min)?")
_SNOWBALL = {"pt": "portuguese", "en": "english"}
_STOP = {"pt": PORTUGUESE, "en": ENGLISH, "": PORTUGUESE | ENGLISH}
# folded endings of Portuguese and what they stand for: the accent the stemmer needs to see that
# "integracao" belongs to "integrar", the singular it does not know of "nacionais"
_ENDINGS = {
    "cao": "ção",
    "coes": "ção",
    "oes": "ão",
    "encia": "ência",
    "encias": "ência",
    "ancia": "ância",
    "ancias": "ância",
    "avel": "ável",
    "aveis": "ável",
    "ivel": "ível",
    "iveis": "ível",
    "oveis": "óvel",
    "ais": "al",
    "eis": "el",
    "ois": "ol",
    "ens": "em",
    "ins": "im",
    "ons": "om",
    "uns": "um",
}
_ENDING = re.compile(rf"(?<=\w\w)(?:{'|'.join(sorted(_ENDINGS, key=len, reverse=True))})$")
_own = local()  # a Snowball stemmer must not be shared by threads


class Word(NamedTuple):
    """A word as written, at ``text[start:end]``."""

    text: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """The words and numbers of ``text``, in order; "1.234,50" is one word."""
    return [Word(found.group(), found.start(), found.end()) for found in _WORD.finditer(text)]


def stems(text: str, language: str = "") -> list[str]:
    """Folded, stemmed words without stopwords, in order, repeats kept.

    ``language`` is "pt" or "en"; left out, it is told from the text, and where that does not tell
    the words stay unstemmed. A text made of stopwords alone keeps them: it is all there is.
    """
    language = language or language_of(text)
    return [stem(word, language) for word in telling(text, language)]


def telling(text: str, language: str) -> list[str]:
    """Folded words without the stopwords of ``language`` (of both if it is ""), in order.

    Stopwords stay where there is nothing else; "e-mail" is "email".
    """
    found = _WORD.findall(_JOINED.sub(r"\1", fold(text)))
    return [word for word in found if word not in _STOP[language]] or found


def placed(text: str, language: str | None = None) -> list[Word]:
    """The words of ``telling``, each with where it stands in ``text``; for None all, folded."""
    plain = fold(text)
    origin = [at for at, letter in enumerate(text) for _ in fold(letter)]
    if len(origin) != len(plain):  # letters that fold otherwise together than alone
        return []
    for joined in reversed(list(_JOINED.finditer(plain))):
        del origin[joined.end() - 1]
    found = [
        Word(one.group(), origin[one.start()], _end(text, origin[one.end() - 1] + 1))
        for one in _WORD.finditer(_JOINED.sub(r"\1", plain))
    ]
    stop = frozenset[str]() if language is None else _STOP[language]
    return [word for word in found if word.text not in stop] or found


def _end(text: str, at: int) -> int:
    """Past the accents that stand beside the letter before ``at``."""
    while at < len(text) and not fold(text[at]):
        at += 1
    return at


def stem(word: str, language: str) -> str:
    """The stem of one folded word; numbers lose their separators ("1.234,50" is "123450")."""
    if word[0].isdigit():
        return _number(word)
    return _stemmed(word, language) if language else word


def is_stopword(word: str, language: str = "") -> bool:
    """Whether a folded word carries grammar alone (in either language if none is given)."""
    return word in _STOP[language]


@lru_cache(maxsize=100_000)
def _stemmed(word: str, language: str) -> str:
    if language != "pt":
        return _stemmer(language)(word)
    return fold(_stemmer(language)(_accented(word)))


def _accented(word: str) -> str:
    """A folded Portuguese word with the ending its stemmer knows."""
    if len(word) < 5:
        return word
    return _ENDING.sub(lambda found: _ENDINGS[found.group()], word)


def _number(word: str) -> str:
    clock = _CLOCK.fullmatch(word)
    if clock:
        return clock[1] + clock[2]
    return re.sub(r"[.,:]", "", word)


def _stemmer(language: str) -> Callable[[str], str]:
    made: dict[str, Callable[[str], str]] = _own.__dict__.setdefault("stemmers", {})
    if language not in made:
        from Stemmer import Stemmer  # type: ignore[import-not-found]

        made[language] = Stemmer(_SNOWBALL[language], 50_000).stemWord
    return made[language]
