"""Ranking: how well a chunk answers a question's words. Pure: stems in, numbers out.

Three looks at the same chunk: BM25 over all its words, the best short window (do the words stand
together?) and the runs of letters they share (does a compound or another ending match?). Scores
of different kinds are put on one scale (0 to 1 among the candidates) and added by weight; never
by rank, because a weak list would drag the good one down.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from math import fsum, log
from typing import NamedTuple

WORDS, TOGETHER, RUNS = 0.5, 0.25, 0.25  # measured: no matter from .3/.35/.35 to .5/.25/.25
K1, B = 1.2, 0.75  # how fast repeats stop counting, how much length is held against a chunk
WINDOW = 15  # stems: a long sentence or two
SPANS = (15, 45)  # stems: a long sentence; three
RUN = 4  # letters, the blank before and after a stem included
LIFT = 1.2  # for the very same question: more than all words together
MOST_RUNS = 400  # of a very long question


class Term(NamedTuple):
    """A word looked for: its stems with their weights (1 for the word itself), of which the best
    counts; how much it matters (core.text.importance); how often the question says it."""

    stems: tuple[tuple[str, float], ...]
    matters: float = 1.0
    times: int = 1


class Candidate(NamedTuple):
    """A chunk's stems: those of the headings above it, then its own."""

    number: int
    heading: list[str]
    body: list[str]


def idf(holding: int, of: int) -> float:
    """How much a stem tells that ``holding`` of ``of`` chunks hold."""
    return log(1 + (of - holding + 0.5) / (holding + 0.5))


class Parts(NamedTuple):
    """The three looks at each candidate, each 0 to 1 among the candidates."""

    words: dict[int, float]
    together: dict[int, float]
    runs: dict[int, float]


def parts(
    candidates: Sequence[Candidate],
    terms: Sequence[Term],
    weights: Mapping[str, float],
    average: float,
) -> Parts:
    """How each candidate looks. ``weights``: idf of stems; ``average``: stems a chunk holds."""
    gains = _gains(terms, weights, _near)
    places = {one.number: _places(one, gains) for one in candidates}
    words = scaled({one.number: _bm25(one, places, terms, weights, average) for one in candidates})
    together = scaled({n: _window(found, gains, WINDOW)[0] for n, found in places.items()})
    return Parts(words, together, scaled(_runs(candidates, terms)))


def lexical(parts: Parts) -> dict[int, float]:
    """0 to 1 for each candidate: its parts by their weights."""
    words, together, runs = parts
    return {n: WORDS * words[n] + TOGETHER * together[n] + RUNS * runs[n] for n in words}


def scaled(scores: Mapping[int, float]) -> dict[int, float]:
    """The scores with the least at 0 and the greatest at 1 (all 1 if they do not differ)."""
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high == low:
        return dict.fromkeys(scores, 1.0 if high > 0 else 0.0)
    return {key: (score - low) / (high - low) for key, score in scores.items()}


def fused(
    lexical: Mapping[int, float], vector: Mapping[int, float], share: float
) -> dict[int, float]:
    """Both kinds of score, each scaled, added; ``share`` is the weight of the lexical one.

    What has no vector (yet) is judged by its words alone: it is no worse for that.
    """
    keys = {*lexical, *vector}
    words = scaled({key: lexical.get(key, 0.0) for key in keys})
    near = scaled(vector)
    return {key: share * words[key] + (1 - share) * near.get(key, words[key]) for key in keys}


def aged(scores: Mapping[int, float], fresh: Mapping[int, float]) -> dict[int, float]:
    """Scores by what is left of them with age, with the greatest as great as it was."""
    left = {key: score * fresh.get(key, 1.0) for key, score in scores.items()}
    most = max(left.values(), default=0.0)
    scale = max(scores.values()) / most if most else 0.0
    return {key: score * scale for key, score in left.items()}


def lift(likeness: float) -> float:
    """What is added for having been approved for a question so much like it (0 to 1).

    Squared: measured, paraphrases gain as much as without, and fewer other questions are spoilt.
    """
    return LIFT * likeness * likeness


def lifted(
    scores: Mapping[int, float], lifts: Mapping[int, float]
) -> tuple[dict[int, float], float]:
    """Scores with what lifts some of them added, and by what all were then multiplied, so that the
    greatest is as great as it was."""
    raised = {key: score + lifts.get(key, 0.0) for key, score in scores.items()}
    most = max(raised.values(), default=0.0)
    scale = max(scores.values()) / most if most else 1.0
    return {key: score * scale for key, score in raised.items()}, scale


def confidence(
    candidates: Sequence[Candidate], terms: Sequence[Term], weights: Mapping[str, float]
) -> float:
    """How much of what the question asks for stands together in the best candidate, 0 to 1.

    Rare words and names weigh most: without "Zendesk" little is left of a question about it.
    """
    most = sum(_most(term, weights) for term in terms)
    if not most:
        return 0.0
    gains = _gains(terms, weights, _told)
    held = [(_whole(gains.keys() & [*one.heading, *one.body], gains), one) for one in candidates]
    held.sort(key=lambda pair: -pair[0])
    shares = (_best_window(held, gains, size) for size in SPANS)
    return sum(shares) / len(SPANS) / most


Gains = dict[str, list[tuple[int, float]]]  # for a stem: which terms gain by it, and how much
Places = dict[str, list[int]]  # where a stem stands; in a heading at -1, near to everything


def _best_window(held: Iterable[tuple[float, Candidate]], gains: Gains, size: int) -> float:
    """The most that a window of any candidate gains, of those that hold the most in all first; who
    holds less than that is not looked into."""
    best = 0.0
    for whole, one in held:
        if whole <= best:
            break
        best = max(best, _window(_places(one, gains), gains, size)[0])
    return best


def _most(term: Term, weights: Mapping[str, float]) -> float:
    """What a term tells where it stands as it was asked, not by a word of the same sense."""
    nearest = max(weight for _, weight in term.stems)
    return max(_told(term, weights[stem]) for stem, weight in term.stems if weight == nearest)


def _places(one: Candidate, gains: Gains) -> Places:
    found: Places = {}
    for stem in one.heading:
        if stem in gains:
            found.setdefault(stem, []).append(-1)
    for at, stem in enumerate(one.body):
        if stem in gains:
            found.setdefault(stem, []).append(at)
    return found


def _bm25(
    one: Candidate,
    places: Mapping[int, Places],
    terms: Iterable[Term],
    weights: Mapping[str, float],
    average: float,
) -> float:
    length = len(one.heading) + len(one.body)
    damp = K1 * (1 - B + B * length / average) if average else K1
    found = places[one.number]
    score = 0.0
    for term in terms:
        best = 0.0
        for stem, weight in term.stems:
            if times := len(found.get(stem, ())):
                best = max(best, weight * weights[stem] * times * (K1 + 1) / (times + damp))
        score += term.times * min(term.matters, 1.0) * best
    return score


def standing_together(
    one: Candidate, terms: Sequence[Term], weights: Mapping[str, float]
) -> list[Term]:
    """The terms that the best short window of a chunk holds; its headings are in every window."""
    gains = _gains(terms, weights, _near)
    _gain, held = _window(_places(one, gains), gains, WINDOW)
    return [term for index, term in enumerate(terms) if index in held]


def _window(found: Places, gains: Gains, size: int) -> tuple[float, dict[int, float]]:
    """The most that different terms gain together within ``size`` stems, and which they are."""
    seen = sorted((at, *gain) for stem in found for at in found[stem] for gain in gains[stem])
    anywhere: dict[int, float] = {}
    for at, term, gain in seen:
        if at < 0:
            anywhere[term] = max(gain, anywhere.get(term, 0.0))
    best, most = fsum(anywhere.values()), anywhere
    whole = _whole(found, gains)
    for first, (start, _, _) in enumerate(seen):
        held = dict(anywhere)
        for at, term, gain in seen[first:]:
            if at - start >= size:
                break
            held[term] = max(gain, held.get(term, 0.0))
        if (total := fsum(held.values())) > best:
            best, most = total, held
        if best >= whole:
            break
    return best, most


def _whole(stems: Iterable[str], gains: Gains) -> float:
    """What these stems would gain if they all stood together.

    ``fsum``, as for windows: the same terms sum up alike in whichever order they stand.
    """
    held: dict[int, float] = {}
    for stem in stems:
        for term, gain in gains[stem]:
            held[term] = max(gain, held.get(term, 0.0))
    return fsum(held.values())


def _gains(
    terms: Sequence[Term], weights: Mapping[str, float], tells: Callable[[Term, float], float]
) -> Gains:
    found: Gains = {}
    for index, term in enumerate(terms):
        for stem, weight in term.stems:
            found.setdefault(stem, []).append((index, weight * tells(term, weights[stem])))
    return found


def _near(term: Term, idf: float) -> float:
    return idf * min(term.matters, 1.0)


def _told(term: Term, idf: float) -> float:
    return idf * term.matters


def _runs(candidates: Sequence[Candidate], terms: Iterable[Term]) -> dict[int, float]:
    """Runs of letters of the question found in a chunk; what few candidates have weighs more."""
    numbers = [one.number for one in candidates]
    texts = [f" {' '.join(one.heading + one.body)} " for one in candidates]
    starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
    together = "\n".join(texts)  # one search through all is faster than many through each
    scores = [0.0] * len(texts)
    for run in _letters(terms):
        holding = list(_holding(run, together, starts))
        weight = idf(len(holding), len(texts))
        for index in holding:
            scores[index] += weight
    return dict(zip(numbers, scores, strict=True))


def _holding(run: str, together: str, starts: Sequence[int]) -> Iterator[int]:
    """Which of the texts that begin at ``starts`` hold ``run``."""
    at = together.find(run)
    while at >= 0:
        index = bisect_right(starts, at) - 1
        yield index
        at = together.find(run, starts[index + 1])


def _letters(terms: Iterable[Term]) -> list[str]:
    found: dict[str, None] = {}
    for term in terms:
        for stem, _ in term.stems:
            marked = f" {stem} "
            found.update((marked[i : i + RUN], None) for i in range(len(marked) - RUN + 1))
    return list(found)[:MOST_RUNS]
