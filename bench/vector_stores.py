"""One side of ``bench.chroma``: ``python -m bench.vector_stores ours|chroma FOLDER``.

In: the folder's vectors.npy, questions.npy (unit vectors) and few.npy (the numbers that the filter
lets through). Out: one line of JSON: seconds to add, milliseconds to search (each question alone,
the best of ROUNDS) with and without the filter, MB on disk and in memory, what was found. Each side runs
in a process of its own with its own libraries, on one thread.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

K = 10
ROUNDS = 5  # each question counts with the best of so many: others' work on the machine drops out
BATCH = 5_000

Array = np.ndarray[Any, Any]
Search = Callable[[Array], list[int]]


def run(which: str, folder: Path) -> dict[str, Any]:
    """Add, save, search."""
    vectors, questions, few = (
        np.load(folder / f"{n}.npy") for n in ("vectors", "questions", "few")
    )
    opened = {"ours": _ours, "chroma": _chroma}[which]
    place = folder / which
    place.mkdir()
    began_with, began = _memory(), time.perf_counter()
    search, among = opened(vectors, few, place)
    added = time.perf_counter() - began
    found, times = _timed(search, questions)
    found_few, times_few = _timed(among, questions)
    size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
    return {
        "add_s": added,
        "search_ms": times,
        "filter_ms": times_few,
        "disk_mb": size / 1e6,
        "memory_mb": _memory() - began_with,
        "found": found,
        "found_few": found_few,
    }


def _ours(vectors: Array, few: Array, place: Path) -> tuple[Search, Search]:
    from core.retrieval.vectors import Vectors

    made = Vectors(vectors.shape[1])
    for at in range(0, len(vectors), BATCH):
        made.add(range(at, min(at + BATCH, len(vectors))), vectors[at : at + BATCH])
    made.save(place / "vectors.faiss")
    every, some = made.allow(range(len(vectors))), made.allow(few.tolist())
    return (
        lambda asked: [number for number, _ in made.search(asked, K, every)],
        lambda asked: [number for number, _ in made.search(asked, K, some)],
    )


def _chroma(vectors: Array, few: Array, place: Path) -> tuple[Search, Search]:
    import chromadb
    from chromadb.config import Settings

    quiet = Settings(anonymized_telemetry=False)
    client = chromadb.PersistentClient(path=str(place), settings=quiet)
    made = client.create_collection("bench", metadata={"hnsw:space": "ip"})
    chosen = set(few.tolist())
    for at in range(0, len(vectors), BATCH):
        numbers = range(at, min(at + BATCH, len(vectors)))
        made.add(
            ids=[str(number) for number in numbers],
            embeddings=vectors[at : at + BATCH],
            metadatas=[{"mine": number in chosen} for number in numbers],
        )

    def search(asked: Array, **more: Any) -> list[int]:
        found = made.query(query_embeddings=[asked], n_results=K, include=[], **more)
        return [int(number) for number in found["ids"][0]]

    return search, lambda asked: search(asked, where={"mine": True})


def _timed(search: Search, questions: Array) -> tuple[list[list[int]], list[float]]:
    """What each question finds, and how many milliseconds that takes at best."""
    found = [search(asked) for asked in questions]
    rounds = [[_milliseconds(search, asked) for asked in questions] for _ in range(ROUNDS)]
    return found, [min(times) for times in zip(*rounds, strict=True)]


def _milliseconds(search: Search, asked: Array) -> float:
    began = time.perf_counter()
    search(asked)
    return (time.perf_counter() - began) * 1000


def _memory() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(sys.argv[1], Path(sys.argv[2]))))
