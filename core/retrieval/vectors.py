"""The vectors of all chunks in FAISS: exact, filtered before the search, one byte a dimension.

In: chunk numbers and unit vectors. Out: (number, cosine) pairs. A component is stored as a signed
byte of 1/SCALE steps: a quarter of float32, no fitting, so that a vector never depends on what
else is in the index. A number stands for one vector: adding it again replaces it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

SCALE = 127.0  # steps from 0 to 1, the most a component of a unit vector can be


class Vectors:
    """An exact inner-product index of ``dimension`` signed bytes a vector."""

    def __init__(self, dimension: int, path: Path | None = None) -> None:
        import faiss

        faiss.omp_set_num_threads(1)  # a search takes a millisecond; threads would cost more
        self._faiss: Any = faiss
        self.dimension = dimension
        self._index: Any = faiss.read_index(str(path)) if path else self._empty()

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, numbers: Sequence[int], vectors: "Array") -> None:
        """Put ``vectors`` (one row a number) in, in place of what those numbers had."""
        import numpy as np

        ids = np.asarray(numbers, dtype=np.int64)
        self.remove(ids)
        self._index.add_with_ids(_steps(vectors), ids)

    def remove(self, numbers: "Sequence[int] | Array") -> None:
        """Take numbers out; those that are not in are passed over."""
        import numpy as np

        if len(numbers) and len(self):
            self._index.remove_ids(np.asarray(numbers, dtype=np.int64))

    def allow(self, numbers: Sequence[int]) -> Any:
        """A filter for ``search`` that lets only these numbers through; keep it, it is reusable."""
        import numpy as np

        ids = np.asarray(numbers, dtype=np.int64)
        bits = np.zeros(int(ids.max(initial=0)) // 8 + 1, dtype=np.uint8)
        np.bitwise_or.at(bits, ids >> 3, np.left_shift(1, ids & 7).astype(np.uint8))
        return self._faiss.IDSelectorBitmap(bits)

    def search(self, vector: "Array", k: int, allowed: Any) -> list[tuple[int, float]]:
        """The ``k`` nearest of the allowed numbers with their cosine, best first."""
        wanted = self._faiss.SearchParameters(sel=allowed)
        scores, ids = self._index.search(_steps(vector[None]), k, params=wanted)
        found = zip(ids[0].tolist(), scores[0].tolist(), strict=True)
        return [(number, score / SCALE**2) for number, score in found if number >= 0]

    def cosines(self, vector: "Array", numbers: Sequence[int]) -> list[float]:
        """The cosine of ``vector`` with each of ``numbers``, which must all be in."""
        import numpy as np

        if not numbers:
            return []
        stored = np.stack([self._index.reconstruct(number) for number in numbers])
        return list((stored @ vector / SCALE).tolist())

    def save(self, path: Path) -> None:
        """Write the index to ``path`` (the caller makes it durable)."""
        path.unlink(missing_ok=True)  # the old file may live on in a snapshot: leave its bytes
        self._faiss.write_index(self._index, str(path))

    def _empty(self) -> Any:
        faiss = self._faiss
        kind = faiss.ScalarQuantizer.QT_8bit_direct_signed
        flat = faiss.IndexScalarQuantizer(self.dimension, kind, faiss.METRIC_INNER_PRODUCT)
        flat.is_trained = True
        return faiss.IndexIDMap2(flat)


def _steps(vectors: "Array") -> "Array":
    import numpy as np

    return np.rint(vectors * SCALE).astype(np.float32)
