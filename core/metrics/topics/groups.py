"""Questions put into groups by the words they share: TF-IDF, average linkage, centres.

In: the stems of questions, and who asked each. Out: a ``Grouping``: the weight of each term and the
centre of each group. Pure. Always holds: the same questions give the same groups, whatever order they come
in; a term that one asker alone has used is none; time and memory are bounded by MOST_FITTED. Without a model.

Average linkage: R. R. Sokal and C. D. Michener, "A statistical method for evaluating systematic
relationships", University of Kansas Science Bulletin 38 (1958), 1409-1438.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

Bag = tuple[str, ...]
Centre = dict[str, float]
MOST_FITTED = 2500  # different questions whose likeness of all with all is computed: 50 MB, 2 s
MOST_TERMS = 4000
CENTRE_TERMS = 60  # what a centre keeps: the rest of its length is under a hundredth
ASKERS = 2  # who at least must have used a term
APART = 0.85  # groups are joined up to this mean distance (1 - cosine) of their questions
LIKE = 0.35  # how like a centre (cosine) a question of its topic is at least
SAME = 0.6  # centres as like as this are of one topic
FEWEST = 3  # questions in a group
SMALLEST_SHARE = 0.004  # of all questions, in a group
MOST_GROUPS = 40


@dataclass(frozen=True)
class Grouping:
    """``rarity`` of each known term (its idf); ``centres`` of the groups, the largest first."""

    rarity: dict[str, float]
    centres: list[Centre]


def grouped(bags: Sequence[Bag], askers: Sequence[str]) -> Grouping:
    """The groups that questions fall into; ``askers`` tells who asked each."""
    rarity = rarities(bags, askers)
    counts = _counted(bags, rarity)
    chosen = sorted(counts, key=lambda bag: (-counts[bag], bag))[:MOST_FITTED]
    if len(chosen) < 2:
        return Grouping(rarity, [])
    total = sum(counts.values())
    least = max(FEWEST, round(SMALLEST_SHARE * total))
    vectors = [vector(bag, rarity) for bag in chosen]
    groups = linked(vectors, APART)
    centres = _centres(vectors, groups, [counts[bag] for bag in chosen], least)
    return Grouping(rarity, _refined(vectors, [counts[bag] for bag in chosen], centres, least))


def rarities(
    bags: Sequence[Bag], askers: Sequence[str], least: int = ASKERS, most: int = MOST_TERMS
) -> dict[str, float]:
    """How rare each term is, of the ``most`` frequent that ``least`` askers have used."""
    seen, used = Counter[str](), defaultdict[str, set[str]](set)
    for bag, asker in zip(bags, askers, strict=True):
        for term in bag:
            seen[term] += 1
            if len(used[term]) < least:
                used[term].add(asker)
    known = [term for term in seen if len(used[term]) >= least]
    known = sorted(known, key=lambda term: (-seen[term], term))[:most]
    return {term: math.log(1 + len(bags) / seen[term]) for term in known}


def vector(bag: Bag, rarity: Mapping[str, float]) -> Centre:
    """A question by its known terms, of length 1; empty where it has none."""
    return _unit({term: rarity[term] for term in bag if term in rarity})


def likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The cosine of two of length 1."""
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    return sum(weight * large.get(term, 0.0) for term, weight in small.items())


def linked(vectors: Sequence[Centre], apart: float) -> list[list[int]]:
    """Positions of the vectors, put together by average linkage."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    if len(vectors) < 2:
        return [[n] for n in range(len(vectors))]
    rows = matrix(vectors, _columns(vectors))
    far = 1.0 - (rows @ rows.T).toarray()
    far[far < 1e-9] = 0.0
    far = (far + far.T) / 2
    far[range(len(far)), range(len(far))] = 0.0
    joined = fcluster(linkage(squareform(far, checks=False), "average"), apart, "distance")
    groups: dict[int, list[int]] = defaultdict(list)
    for position, group in enumerate(joined):
        groups[int(group)].append(position)
    return sorted(groups.values())


def nearest(
    centres: Sequence[Centre],
) -> "Callable[[Sequence[Centre]], tuple[Array, Array]]":
    """A way to tell of vectors which centre each is nearest to, and how like it is to every one:
    (positions, likenesses by row and centre)."""
    import numpy as np

    columns = _columns(centres)
    turned = matrix(centres, columns).T

    def told(vectors: Sequence[Centre]) -> "tuple[Array, Array]":
        if not vectors or not centres:
            return np.zeros(len(vectors), dtype=int), np.zeros((len(vectors), len(centres)))
        likes = (matrix(vectors, columns) @ turned).toarray()
        return likes.argmax(axis=1), likes

    return told


def matrix(vectors: Sequence[Mapping[str, float]], columns: Mapping[str, int]) -> Any:
    """The vectors as rows of a sparse matrix; terms without a column are left out."""
    import numpy as np
    from scipy.sparse import csr_array

    values, places, ends = [], [], [0]
    for one in vectors:
        for term, weight in one.items():
            if term in columns:
                values.append(weight)
                places.append(columns[term])
        ends.append(len(places))
    shape = (len(vectors), max(1, len(columns)))
    return csr_array(
        (np.array(values, dtype=float), np.array(places, dtype=int), ends), shape=shape
    )


def _columns(vectors: Sequence[Mapping[str, float]]) -> dict[str, int]:
    return {term: n for n, term in enumerate(sorted({term for one in vectors for term in one}))}


def _counted(bags: Sequence[Bag], rarity: Mapping[str, float]) -> Counter[Bag]:
    """How often each set of known terms was asked."""
    known = (tuple(sorted(term for term in bag if term in rarity)) for bag in bags)
    return Counter(bag for bag in known if bag)


def _centres(
    vectors: Sequence[Centre], groups: Sequence[Sequence[int]], counts: Sequence[int], least: int
) -> list[Centre]:
    """The centres of the groups that are large enough, the largest first."""
    found = []
    for group in groups:
        size = sum(counts[n] for n in group)
        if size >= least:
            found.append((size, _middle([vectors[n] for n in group], [counts[n] for n in group])))
    found.sort(key=lambda one: (-one[0], sorted(one[1].items(), key=lambda term: (-term[1], term))))
    return [centre for _size, centre in found][:MOST_GROUPS]


def _refined(
    vectors: Sequence[Centre], counts: Sequence[int], centres: list[Centre], least: int
) -> list[Centre]:
    """The centres again, of all that is like them, once those that say the same have become one."""
    apart: list[Centre] = []
    for centre in centres:
        if all(likeness(centre, other) < SAME for other in apart):
            apart.append(centre)
    places, likes = nearest(apart)(vectors)
    groups: list[list[int]] = [[] for _centre in apart]
    for n, place in enumerate(places):
        if apart and likes[n, place] >= LIKE:
            groups[int(place)].append(n)
    return _centres(vectors, groups, counts, least)


def _middle(vectors: Sequence[Centre], counts: Sequence[int]) -> Centre:
    total: dict[str, float] = defaultdict(float)
    for one, n in zip(vectors, counts, strict=True):
        for term, weight in one.items():
            total[term] += weight * n
    heaviest = sorted(total, key=lambda term: (-total[term], term))[:CENTRE_TERMS]
    return _unit({term: total[term] for term in heaviest})


def _unit(weights: Mapping[str, float]) -> Centre:
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {term: weight / length for term, weight in weights.items()} if length else {}
