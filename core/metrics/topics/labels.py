"""What a topic is called: its most telling terms, as the people who asked wrote them.

In: the questions of a topic and the weights of its terms. Out: "prazo · troca · nota fiscal". Pure.
Always holds: the same questions give the same label; words that follow each other in most questions
stand together; nothing is in it but words of letters.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from core.metrics.topics.words import Term, public, terms
from core.text.folding import fold

PARTS = 3
BETWEEN = " · "
TELLING = (
    0.35  # of the weight of the most telling term: what is under it is in few of the questions
)
MOST_READ = 400  # questions a label is made from
ACCENTED = 3  # how much more a form with its accents counts: in a hurry they are left out
LONGEST_CAPITALS = 6
_JOINING = re.compile(r"[ -]|[ ](?:de|da|do|das|dos|e|of|the|of the|for|and)[ ]", re.IGNORECASE)


class Written:
    """How the terms of some questions are written, and which of them follow each other."""

    def __init__(self, questions: Iterable[tuple[str, str]]) -> None:
        """``questions``: text and language of each."""
        self._forms: dict[str, Counter[str]] = {}
        self._pairs: dict[tuple[str, str], Counter[str]] = {}
        self._seen: Counter[str] = Counter()
        for text, spoken in questions:
            self._read(public(text), spoken)

    def _read(self, text: str, spoken: str) -> None:
        found = terms(text, spoken)
        self._seen.update({one.stem for one in found})
        for one in found:
            self._forms.setdefault(one.stem, Counter())[_shown(text[one.start : one.end])] += 1
        for one, other in pairwise(found):
            if one.stem != other.stem and _JOINING.fullmatch(text[one.end : other.start]):
                together = _together(text, one, other)
                self._pairs.setdefault((one.stem, other.stem), Counter())[together] += 1

    def form(self, stem: str) -> str:
        """A stem as it is mostly written."""
        return _usual(self._forms[stem]) if stem in self._forms else stem

    def phrase(self, stem: str, others: Sequence[str]) -> tuple[str, ...]:
        """The pair that a stem mostly stands in with one of ``others``; empty where it has none."""
        found = [
            (sum(forms.values()), pair)
            for pair, forms in self._pairs.items()
            if stem in pair and (pair[0] in others or pair[1] in others)
        ]
        if not found:
            return ()
        n, pair = min(found, key=lambda one: (-one[0], one[1]))
        return pair if n >= 2 and n * 2 >= max(self._seen[one] for one in pair) else ()

    def together(self, pair: tuple[str, str]) -> str:
        """A pair as it is mostly written."""
        return _usual(self._pairs[pair])


def label(
    weights: Mapping[str, float],
    questions: Sequence[tuple[str, str]],
    taken: Collection[str] = (),
) -> str:
    """The most telling terms of a topic, ``weights`` by stem; questions are (text, language).

    As many more as it takes to be another than those that are ``taken``, as far as there are any.
    """
    written = Written(questions[:MOST_READ])
    ranked = _ranked(weights)
    telling = [one for one in ranked if weights[one] >= TELLING * weights[ranked[0]]]
    parts = _parts(written, telling[: PARTS * 3])[:PARTS]
    for stem in ranked:
        if (made := BETWEEN.join(parts)) not in taken:
            return made
        if (form := written.form(stem)) not in made:
            parts.append(form)
    return BETWEEN.join(parts)


def _parts(written: Written, ranked: Sequence[str]) -> list[str]:
    parts: list[str] = []
    used: set[str] = set()
    for stem in ranked:
        if stem not in used:
            pair = written.phrase(stem, [one for one in ranked if one not in {stem, *used}])
            used |= {stem, *pair}
            parts.append(written.together((pair[0], pair[1])) if pair else written.form(stem))
    return list(dict.fromkeys(parts))


def named(weights: Mapping[str, float], questions: Sequence[tuple[str, str]], n: int) -> list[str]:
    """The ``n`` most telling terms, as they are mostly written."""
    written = Written(questions[:MOST_READ])
    return list(dict.fromkeys(written.form(stem) for stem in _ranked(weights)[:n]))


def _ranked(weights: Mapping[str, float]) -> list[str]:
    return sorted(weights, key=lambda stem: (-weights[stem], stem))


def _together(text: str, one: Term, other: Term) -> str:
    between = text[one.end : other.start].lower()
    return f"{_shown(text[one.start : one.end])}{between}{_shown(text[other.start : other.end])}"


def _shown(word: str) -> str:
    """In small letters, but for what is an abbreviation."""
    return word if word.isupper() and 1 < len(word) <= LONGEST_CAPITALS else word.lower()


def _usual(forms: Counter[str]) -> str:
    def heard(form: str) -> int:
        return forms[form] * (1 if fold(form) == form.lower() else ACCENTED)

    return min(forms, key=lambda form: (-heard(form), form))
