"""The embedded embedder: hashed lexical vectors, behind LangChain's Embeddings.

In: texts. Out: unit vectors of ``DIMENSION`` floats. A vector counts stems and character runs of
the words, each hashed to a few places with a sign, so it is stateless: no model, no fitting, the
same text has the same vector in every process and for ever (``NAME`` is stored with the index).
It is lexical, never semantic: it forgives endings and typing errors, not other words.
"""

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zlib import crc32

from core.text import language_of, stem, telling

if TYPE_CHECKING:
    import numpy as np
    from langchain_core.embeddings import Embeddings

DIMENSION = 512
NAME = f"embedded:lexical-{DIMENSION}"
LEXICAL_SHARE = 0.95  # of the fused score: these vectors say little that the words do not
STEM_WEIGHT = 1.0
GRAM_WEIGHT = 0.7  # all runs of a word together weigh as much against its stem
GRAMS = (4, 5)


def vector(text: str, language: str = "") -> "np.ndarray[Any, Any]":
    """The unit vector (float32) of ``text``; zeros for a text without words."""
    import numpy as np

    language = language or language_of(text)
    counts = Counter(telling(text, language))
    if not counts:
        return np.zeros(DIMENSION, dtype=np.float32)
    features = [_features(word, language) for word in counts]
    damped = [2.2 * count / (count + 1.2) for count in counts.values()]  # repeats soon say no more
    weights = [told * often for (_, told), often in zip(features, damped, strict=True)]
    places = np.concatenate([found for found, _ in features])
    total = np.bincount(places, np.concatenate(weights), DIMENSION).astype(np.float32)
    length = float(np.linalg.norm(total))
    return total / length if length else total


@lru_cache(maxsize=50_000)
def _features(word: str, language: str) -> "tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]":
    """Places and signed weights of one folded word."""
    import numpy as np

    runs = _runs(word)
    hashes = [crc32(("=" + stem(word, language)).encode())]
    hashes += [crc32(run.encode()) for run in runs]
    weights = [STEM_WEIGHT] + [GRAM_WEIGHT / len(runs) ** 0.5] * len(runs)
    signed = [w if h & 1 else -w for h, w in zip(hashes, weights, strict=True)]
    places = np.array([(h >> 1) % DIMENSION for h in hashes], dtype=np.int64)
    return places, np.array(signed, dtype=np.float32)


def _runs(word: str) -> list[str]:
    marked = f"<{word}>"
    return [marked[i : i + n] for n in GRAMS for i in range(max(1, len(marked) - n + 1))]


def embeddings() -> "Embeddings":
    """The embedded embedder as LangChain sees it."""
    from langchain_core.embeddings import Embeddings

    class HashedEmbeddings(Embeddings):
        """Hashed lexical vectors; see the module's docstring."""

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [vector(text).tolist() for text in texts]

        def embed_query(self, text: str) -> list[float]:
            return list(vector(text).tolist())

    return HashedEmbeddings()
