"""What a question is about, in words: stems without greetings, thanks and ways of asking.

In: a question and its language. Out: its ``stems``, or its ``terms`` with the form in which they were
written. Pure. Always holds: a term is letters alone (a digit in it: an order, a telephone), and what
``core.privacy`` finds, as addresses on the web, is no term.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from core import privacy
from core.text.everyday import importance
from core.text.folding import fold
from core.text.language import language_of
from core.text.stopwords import ENGLISH, PORTUGUESE
from core.text.words import placed, stem, telling, words

LONGEST = (
    1000  # characters of a question that are looked at: a pasted letter is about its beginning
)
LONGEST_WORD = 24
_ADDRESS = re.compile(r"\S+://\S+|\bwww\.\S+", re.IGNORECASE)
_STOPWORDS = PORTUGUESE | ENGLISH
# how people ask, thank and greet, beyond the everyday words: none of it is what they ask about
_ASKING = """
ainda algum alguma amigo ano anos antecipado bom bjs brigado cade como completo dar deu dia dias
demora demorar duvidas entrar existir gratidao hj hoje hora horas hum mes meses minuto minutos nao
noite ola opa oq ou pq preciso pls qdo qnto qntos qts qtas qtos quantas q qual quais qto saber sair saem
sao segundos semana seria sim sra tao tarde tb tbm tdo tempo ter tudo ok vcs vc voces voce vlw virar
cheers day days dear gonna hour hours kindly minute minutes month months morning afternoon evening
night please plz thank thanks thx week weeks wanna yeah year years yes
"""
_GREETING = """
oi ola opa oie eai alo bom boa dia tarde noite tudo bem obrigado obrigada brigado brigada obg valeu vlw
agradeco grato grata muito ate mais logo tchau abraco abracos ok blz beleza certo entendi perfeito show
otimo legal hi hello hey good morning afternoon evening night thanks thank you thx cheers bye great cool
very much so
"""


class Term(NamedTuple):
    """A stem, and where its word stands: ``text[start:end]``."""

    stem: str
    start: int
    end: int


def language(text: str, said: str = "") -> str:
    """ "pt" or "en" of a question: as its words tell, else as was ``said`` ("pt-BR"), else ""."""
    return language_of(text) or (said[:2] if said[:2] in ("pt", "en") else "")


def stems(text: str, spoken: str) -> tuple[str, ...]:
    """What a question is about, each once, in order; empty where it only greets or thanks."""
    found = (_stem(word, spoken) for word in telling(text[:LONGEST], spoken))
    return tuple(dict.fromkeys(one for one in found if one))


def terms(text: str, spoken: str) -> list[Term]:
    """The same with the places of the words, repeats kept; use on what ``public`` has given."""
    found = ((_stem(word.text, spoken), word) for word in placed(text[:LONGEST], spoken))
    return [Term(one, word.start, word.end) for one, word in found if one]


def public(text: str) -> str:
    """A question of the same length in which personal data and addresses are blank."""
    shown = text[:LONGEST]
    for found in reversed(privacy.find(shown)):
        shown = f"{shown[: found.start]}{' ' * (found.end - found.start)}{shown[found.end :]}"
    return _ADDRESS.sub(lambda found: " " * len(found[0]), shown)


def greets(text: str) -> bool:
    """Whether somebody only greets or thanks: nothing is asked."""
    said = [word.text for word in words(fold(text))]
    return bool(said) and _greeting().issuperset(said)


@lru_cache(maxsize=100_000)
def _stem(word: str, spoken: str) -> str:
    """The stem of a folded word; "" where it tells nothing of the subject."""
    if not 1 < len(word) <= LONGEST_WORD or not word.isalpha() or word in _STOPWORDS:
        return ""
    found = stem(word, spoken)
    asks = word in _asking() or found in _asked(spoken)
    forms = {found} if spoken else {word, stem(word, "pt"), stem(word, "en")}
    return "" if asks or any(importance(form) < 1 for form in forms) else found


@lru_cache
def _asking() -> frozenset[str]:
    return frozenset(_ASKING.split())


@lru_cache
def _greeting() -> frozenset[str]:
    return frozenset(_GREETING.split())


@lru_cache
def _asked(spoken: str) -> frozenset[str]:
    return frozenset(stem(word, spoken) for word in _asking())
