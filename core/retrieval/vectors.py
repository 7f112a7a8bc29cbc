"""The vectors of all chunks in FAISS: filtered before the search, one byte a dimension.

In: chunk numbers and unit vectors. Out: (number, cosine) pairs. A vector is turned (``_turn``) and
its components kept as signed bytes: a quarter of float32, no fitting, so that a vector never
depends on what else is in the index. A number stands for one vector: adding it again replaces it. A search
that may look at up to EXACT vectors is exact; in an index that has ``grown`` beyond, one that may
look at more probes as many lists (core.retrieval.lists) as its measured recall needs.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

Still = Callable[[], AbstractContextManager[Any]]

LARGEST = 127  # of a signed byte; it stands for SPREAD, what is beyond is cut off
SPREAD = 6.0  # standard deviations of a component of a turned vector; docs/adr/0008 tells why
EXACT = 100_000  # vectors; looking at all of them takes 2 ms at 512 dimensions
ASKED = 0.1  # with such a share of its components a passage is as far from others as a question
COPIED = 1_000  # vectors taken at a time for a grown index, so that searches come in between


class Allowed(NamedTuple):
    """A filter: what FAISS asks for each number, and how many numbers it lets through."""

    selector: Any
    size: int


class Vectors:
    """An inner-product index of ``dimension`` signed bytes a vector.

    ValueError (or RuntimeError, from FAISS) if ``path`` holds something else.
    """

    def __init__(self, dimension: int, path: Path | None = None) -> None:
        import faiss

        faiss.omp_set_num_threads(1)  # of this thread alone: see ``search``
        self._faiss: Any = faiss
        self.dimension = dimension
        self._scale = LARGEST * max(dimension**0.5 / SPREAD, 1.0)  # steps from 0 to 1
        self._index: Any = faiss.read_index(str(path)) if path else self._flat()
        self._last: tuple[Any, Any] = (None, None)  # the question turned last
        self._changed: set[int] | None = None  # what changes while a grown index is being made
        if self._index.d != dimension:
            raise ValueError(f"{path} holds {self._index.d} dimensions, not {dimension}")

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def is_exact(self) -> bool:
        """Whether every search is, because there are no lists."""
        return not hasattr(self._index, "nprobe")

    @property
    def is_outgrown(self) -> bool:
        """Whether ``grown`` is due: too many to look at all, or half more than were measured."""
        from core.retrieval import lists

        if self.is_exact:
            return len(self) > EXACT
        return len(self) > 1.5 * lists.made_for(self._index.nlist)

    def grown(self, still: Still, look: Callable[[], None] = lambda: None) -> "Vectors":
        """The same vectors in lists for their number; takes a minute for 200,000: not in a search.

        ``still()`` gives a block in which nobody changes this index; it is entered for some
        milliseconds at a time. In a last such block let the new one ``follow`` this one and put
        it in its place. Searches go on all the while, and so do changes between the blocks.
        ``look`` is called every second or so; what it raises ends the work.
        """
        import numpy as np

        from core.retrieval import lists

        with still():
            numbers, self._changed = self._numbers(), set()
        made = Vectors(self.dimension)
        shaping = [steps for _, steps in self._unchanged(lists.sample(numbers), still)]
        made._index = lists.trained(np.concatenate(shaping), len(numbers), look)
        del shaping
        for kept, steps in self._unchanged(numbers, still):
            look()
            made._put(kept, steps)
        tried = made._present(lists.held_out(numbers))[1]
        lists.measure(made._index, tried, ASKED, look)
        return made

    def follow(self, old: "Vectors") -> None:
        """Take over what has changed in ``old`` since its ``grown`` began to make this one."""
        import numpy as np

        changed, old._changed = np.array(sorted(old._changed or ()), dtype=np.int64), None
        self.remove(changed)
        self._put(*old._present(changed))

    def add(self, numbers: Sequence[int], vectors: "Array") -> None:
        """Put ``vectors`` (one row a number) in, in place of what those numbers had."""
        import numpy as np

        last = {number: row for row, number in enumerate(numbers)}
        ids = np.fromiter(last, dtype=np.int64, count=len(last))
        self.remove(ids)
        self._put(ids, self._steps(vectors[list(last.values())]))

    def remove(self, numbers: "Sequence[int] | Array") -> None:
        """Take numbers out; those that are not in are passed over."""
        import numpy as np

        ids = np.asarray(numbers, dtype=np.int64)
        if self._changed is not None:
            self._changed.update(ids.tolist())
        if len(ids) and len(self):
            self._index.remove_ids(ids)

    def allow(self, numbers: Sequence[int]) -> Allowed:
        """A filter for ``search`` that lets only these numbers through; keep it, it is reusable."""
        import numpy as np

        ids = np.asarray(numbers, dtype=np.int64)
        bits = np.zeros(int(ids.max(initial=0)) // 8 + 1, dtype=np.uint8)
        np.bitwise_or.at(bits, ids >> 3, np.left_shift(1, ids & 7).astype(np.uint8))
        return Allowed(self._faiss.IDSelectorBitmap(bits), len(ids))

    def search(self, vector: "Array", k: int, allowed: Allowed) -> list[tuple[int, float]]:
        """The ``k`` nearest of the allowed numbers with their cosine, best first."""
        asked = self._asked(vector)
        # of the thread that asks, whichever it is: a team of them waits longer than it works
        self._faiss.omp_set_num_threads(1)
        scores, ids = self._index.search(asked, k, params=self._parameters(allowed))
        found = zip(ids[0].tolist(), scores[0].tolist(), strict=True)
        return [(number, score / self._scale**2) for number, score in found if number >= 0]

    def cosines(self, vector: "Array", numbers: Sequence[int]) -> list[float]:
        """The cosine of ``vector`` with each of ``numbers``, which must all be in."""
        if not numbers:
            return []
        asked = self._asked(vector)[0]
        return list((self._stored(numbers) @ asked / self._scale**2).tolist())

    def rows(self, numbers: Sequence[int]) -> "Array":
        """The vectors (one row a number, as precise as they are kept) of ``numbers``, all in."""
        return (self._stored(numbers) @ _turn(self.dimension).T / self._scale).astype("float32")

    def save(self, path: Path) -> None:
        """Write the index to ``path`` (the caller makes it durable)."""
        path.unlink(missing_ok=True)  # the old file may live on in a snapshot: leave its bytes
        self._faiss.write_index(self._index, str(path))

    def _flat(self) -> Any:
        faiss = self._faiss
        kind = faiss.ScalarQuantizer.QT_8bit_direct_signed
        flat = faiss.IndexScalarQuantizer(self.dimension, kind, faiss.METRIC_INNER_PRODUCT)
        flat.is_trained = True
        return faiss.IndexIDMap2(flat)

    def _parameters(self, allowed: Allowed) -> Any:
        if self.is_exact:
            return self._faiss.SearchParameters(sel=allowed.selector)
        probes = self._index.nlist if allowed.size <= EXACT else self._index.nprobe
        return self._faiss.SearchParametersIVF(sel=allowed.selector, nprobe=probes)

    def _numbers(self) -> "Array":
        from core.retrieval import lists

        if self.is_exact:
            return self._faiss.vector_to_array(self._index.id_map)
        return lists.numbers(self._index)

    def _stored(self, numbers: "Sequence[int] | Array") -> "Array":
        import numpy as np

        ids = np.asarray(numbers, dtype=np.int64)
        return self._index.reconstruct_batch(ids) if len(ids) else np.zeros((0, self.dimension))

    def _present(self, numbers: "Array") -> "tuple[Array, Array]":
        """Those of the numbers that are in, and what is stored for them."""
        import numpy as np

        kept = numbers[np.isin(numbers, self._numbers())]
        return kept, self._stored(kept)

    def _unchanged(self, numbers: "Array", still: Still) -> "Iterator[tuple[Array, Array]]":
        """What is stored for those that have not changed since ``grown`` began, some at a time."""
        import numpy as np

        for at in range(0, len(numbers), COPIED):
            some = numbers[at : at + COPIED]
            with still():
                changed = np.fromiter(self._changed or (), dtype=np.int64)
                kept = some[~np.isin(some, changed)]
                steps = self._stored(kept)
            yield kept, steps

    def _put(self, ids: "Array", steps: "Array") -> None:
        if len(ids):
            self._index.add_with_ids(steps, ids)

    def _asked(self, vector: "Array") -> "Array":
        """A question's vector, turned once for all that one search wants to know of it."""
        said, turned = self._last
        if said is not vector:
            turned = self._turned(vector[None])
            self._last = vector, turned
        return turned

    def _steps(self, vectors: "Array") -> "Array":
        import numpy as np

        return np.clip(np.rint(self._turned(vectors)), -LARGEST, LARGEST)

    def _turned(self, vectors: "Array") -> "Array":
        """In steps, not yet rounded: a question is never stored and need not lose anything.

        Doubles: a vector must be rounded alike alone and among others, which sums of floats are not.
        """
        import numpy as np

        turned = vectors @ _turn(self.dimension) * self._scale
        return np.ascontiguousarray(turned, dtype=np.float32)


@lru_cache(maxsize=2)
def _turn(dimension: int) -> "Array":
    """A fixed rotation: cosines stay, and no component is much larger than the others.

    Signs by chance and a cosine transform, so that one component goes to all alike. The same in
    every process and release: the numbers of RandomState are frozen.
    """
    import numpy as np

    signs = np.random.RandomState(dimension).choice([-1.0, 1.0], size=(dimension, 1))
    at = np.arange(dimension)
    waves = np.cos(np.pi / dimension * np.outer(at + 0.5, at))
    waves[:, 0] /= 2**0.5
    return signs * waves * (2 / dimension) ** 0.5
