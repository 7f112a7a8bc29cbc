"""Lists of near vectors (FAISS's IVF), for an index too large to be looked at as a whole.

In: stored steps (core.retrieval.vectors). Out: an index whose searches look at the lists nearest
to the question: at as many as a recall of RECALL was measured to take, on vectors that did not
shape the lists. How many lists there are tells for how many vectors they were made.
"""

import logging
from bisect import bisect_left
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

Look = Callable[[], None]  # called every second or so of a long work; what it raises ends that

log = logging.getLogger("ciclo.index")

RECALL, AT = 0.95, 10  # the share of the exact first AT that a search finds on average
MARGIN = 0.01  # the mean over TRIED questions strays by so much
TRIED = 200  # stored vectors that recall is measured on
PER_ROOT = 1.5  # lists by the root of the number of vectors; twice as many find no faster
SHAPING = 64  # vectors a list that shape it; more do not find better
AT_A_TIME = 20  # searches between two looks
STEPS = 32  # numbers of lists tried, each a fifth more than the one before in a large index
ROUNDS = 8  # of k-means; more do not find better


def wanted(count: int) -> int:
    """How many lists ``count`` vectors are put into."""
    return max(1, round(PER_ROOT * count**0.5))


def made_for(lists: int) -> int:
    """How many vectors so many lists are for."""
    return round((lists / PER_ROOT) ** 2)


def sample(numbers: "Array") -> "Array":
    """Those of the numbers whose vectors shape the lists, the same for the same numbers."""
    most = min(wanted(len(numbers)) * SHAPING, len(numbers) - min(TRIED, len(numbers) // 4))
    return _drawn(numbers)[:most]


def held_out(numbers: "Array") -> "Array":
    """Those of the numbers that recall is measured on: none of them is in ``sample``."""
    return _drawn(numbers)[::-1][: min(TRIED, len(numbers) // 4)]


def trained(steps: "Array", count: int, look: Look) -> Any:
    """An empty index of lists for ``count`` vectors, shaped by ``steps``; it keeps bytes as they are."""
    faiss = _faiss()
    dimension, lists = steps.shape[1], min(wanted(count), len(steps))
    middles = None
    for _ in range(ROUNDS):
        look()
        shaping = faiss.Kmeans(dimension, lists, niter=1, spherical=True, min_points_per_centroid=1)
        shaping.train(steps, init_centroids=middles)
        middles = shaping.centroids
    nearest = faiss.IndexFlatIP(dimension)
    nearest.add(middles)
    kind, metric = faiss.ScalarQuantizer.QT_8bit_direct_signed, faiss.METRIC_INNER_PRODUCT
    whole = False  # the vectors themselves, not what separates them from the middle of their list
    made = faiss.IndexIVFScalarQuantizer(nearest, dimension, lists, kind, metric, whole)
    made.train(steps[:1])  # there is nothing left to learn
    made.set_direct_map_type(faiss.DirectMap.Hashtable)
    return made


def measure(index: Any, tried: "Array", share: float, look: Look) -> float:
    """Let searches of ``index`` look at enough lists for RECALL; the recall that gives.

    ``tried``: stored steps. What is searched for is each of them, and each with only a ``share``
    of its components, as a question says a part of what its passage says.
    """
    import numpy as np

    kept = np.random.default_rng(1).random(tried.shape) < share
    asked = np.concatenate([tried, tried * kept]).astype(np.float32)
    exact = _found(index, asked, index.nlist, look)

    def recall(probes: int) -> float:
        return _recall(_found(index, asked, probes, look), exact, len(tried))

    steps = sorted({round(index.nlist ** (step / STEPS)) for step in range(STEPS + 1)})
    enough = bisect_left(steps[:-1], RECALL + MARGIN, key=recall)  # all of them always are
    index.nprobe = steps[enough]
    reached = recall(index.nprobe)
    log.info("looking at %d of %d lists finds %.3f", index.nprobe, index.nlist, reached)
    return reached


def numbers(index: Any) -> "Array":
    """The numbers of all vectors in the lists."""
    import numpy as np

    faiss, lists = _faiss(), index.invlists
    sizes = {at: lists.list_size(at) for at in range(index.nlist)}
    found = [faiss.rev_swig_ptr(lists.get_ids(at), n) for at, n in sizes.items() if n]
    return np.concatenate([np.zeros(0, dtype=np.int64), *found])


def _drawn(numbers: "Array") -> "Array":
    import numpy as np

    return np.random.default_rng(0).permutation(np.sort(numbers))


def _found(index: Any, asked: "Array", probes: int, look: Look) -> "Array":
    """The first AT + 1 for each: a stored vector always finds itself."""
    import numpy as np

    found, wanted = [], _faiss().SearchParametersIVF(nprobe=probes)
    for at in range(0, len(asked), AT_A_TIME):
        look()
        found.append(index.search(asked[at : at + AT_A_TIME], AT + 1, params=wanted)[1])
    return np.concatenate(found) if found else np.zeros((0, AT + 1), dtype=np.int64)


def _recall(found: "Array", exact: "Array", whole: int) -> float:
    """The lower one of whole vectors, which do not count themselves, and of parts of them."""
    if not whole:
        return 1.0  # there was nobody to ask
    shares = [
        len(set(ours[skip:][:AT].tolist()) & set(theirs[skip:][:AT].tolist())) / AT
        for at, (ours, theirs) in enumerate(zip(found, exact, strict=True))
        for skip in [int(at < whole)]
    ]
    return min(sum(shares[:whole]) / whole, sum(shares[whole:]) / (len(shares) - whole))


def _faiss() -> Any:
    """The library; its types do not know all of it."""
    import faiss

    return faiss
