"""A question as the index understands it: which stems to look for, and what each tells.

In: a question and the index it is put to. Out: ``Asked``. A word that an assistant's documents do
not know is looked for in the other language's stem, else in the stems most like it, so that
"reenbolso" finds "reembolso" and "ecossistema" finds "ecosystem".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from core.retrieval.ranking import Term, idf
from core.retrieval.scope import Scope
from core.text import SAME_SENSE, alike, importance, language_of, names, same_sense, stem, telling

LANGUAGES = ("pt", "en")
MOST_TERMS = 40  # the rarest; a longer question has said all by then
MOST_ALIKE = 3
# An assistant with three chunks knows nothing of which words are rare: every idf is taken as if
# UNSEEN more chunks without the word stood beside them.
UNSEEN = 100

Stems = tuple[tuple[str, float], ...]


class Vocabulary(Protocol):
    """What is asked of an index."""

    def count(self, stem: str, scope: Scope) -> int: ...

    def alike(self, stem: str, scope: Scope) -> Iterable[str]: ...


@dataclass(frozen=True)
class Asked:
    """``weights`` holds the idf of every stem of every term, also of those found nowhere;
    ``holding`` in how many chunks it stands; ``heard`` the term each folded word makes.
    """

    text: str
    language: str
    terms: list[Term]
    weights: dict[str, float]
    holding: dict[str, int]
    heard: dict[str, Term]


def understand(text: str, known: Vocabulary, scope: Scope, chunks: int) -> Asked:
    """What to look for in a scope of ``chunks`` chunks."""
    language = language_of(text)
    holding: dict[str, int] = {}
    heard: dict[str, Term] = {}
    counts: dict[Term, int] = {}
    named = names(text)
    for word in telling(text, language):
        stems = _stems(word, language, known, scope)
        is_name = word in named or word[0].isdigit()
        term = Term(stems, importance(stem(word, language or LANGUAGES[0]), is_name))
        counts[term] = counts.get(term, 0) + 1
        heard[word] = term
        for stem_, _ in stems:
            if stem_ not in holding:
                holding[stem_] = known.count(stem_, scope)
    weights = {stem_: idf(count, chunks + UNSEEN) for stem_, count in holding.items()}
    terms = [term._replace(times=times) for term, times in counts.items()]
    rarest = sorted(terms, key=lambda term: -max(weights[stem_] for stem_, _ in term.stems))
    kept = set(rarest[:MOST_TERMS])
    terms = [term for term in terms if term in kept]
    return Asked(text, language, terms, weights, holding, heard)


def _stems(word: str, language: str, known: Vocabulary, scope: Scope) -> Stems:
    own = [language] if language else [*LANGUAGES]
    for languages in (own, LANGUAGES):
        found = dict.fromkeys(stem(word, one) for one in languages)
        held = tuple((one, 1.0) for one in found if known.count(one, scope))
        if held:
            return held + _same_sense(found, known, scope)
    unknown = stem(word, own[0])
    said = _same_sense([unknown], known, scope)
    if said:
        return said
    return _alike(unknown, known, scope) or ((unknown, 1.0),)


def _same_sense(stems: Iterable[str], known: Vocabulary, scope: Scope) -> Stems:
    found = dict.fromkeys(one for stem_ in stems for one in same_sense(stem_))
    return tuple((one, SAME_SENSE) for one in found if known.count(one, scope))


def _alike(unknown: str, known: Vocabulary, scope: Scope) -> Stems:
    near = alike(unknown, known.alike(unknown, scope))
    held = (found for found in near if known.count(found[0], scope))
    return tuple(islice(held, MOST_ALIKE))
