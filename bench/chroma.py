"""Ours and chromadb on the same vectors, one after the other in one run: `python3 dev.py bench chroma`.

100,000 chunks (COUNT) of some 90 words (bench.texts), embedded by the embedded embedder; the filter
lets one in a hundred through. Prints what each takes and the ratio chromadb / ours. chromadb lives
in .venv-bench, which dev.py fills from requirements-bench.txt; nothing is sent anywhere.
"""

import json
import os
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from bench import texts
from bench.vector_stores import Array

ROOT = Path(__file__).resolve().parent.parent
COUNT = int(os.environ.get("COUNT", "100000"))
SHARE = 100  # one in so many is let through by the filter
ALONE = {"OMP_NUM_THREADS": "1", "ANONYMIZED_TELEMETRY": "False", "HF_HUB_OFFLINE": "1"}


def main() -> None:
    """Measure and print."""
    other = os.environ.get("BENCH_PYTHON")
    if not other:
        sys.exit("chromadb is missing: run `python3 dev.py bench chroma`")
    with tempfile.TemporaryDirectory(prefix="ciclo-bench-") as place:
        folder = Path(place)
        vectors, questions, few = _made()
        for name, array in {"vectors": vectors, "questions": questions, "few": few}.items():
            np.save(folder / f"{name}.npy", array)
        exact = _exact(vectors, questions, np.arange(len(vectors)))
        exact_few = _exact(vectors, questions, few)
        sides = {
            "ours": _side(sys.executable, "ours", folder),
            "chroma": _side(other, "chroma", folder),
        }
    print(f"{len(vectors)} vectors of {vectors.shape[1]} dimensions, {len(questions)} questions")
    rows = {name: _figures(side, exact, exact_few) for name, side in sides.items()}
    for what, ours in rows["ours"].items():
        theirs = rows["chroma"][what]
        ratio = f"{theirs / ours:8.1f} x" if ours else ""
        print(f"{what:<28} ours {ours:9.2f}   chromadb {theirs:9.2f}   ratio {ratio}")


def _made() -> tuple[Array, Array, Array]:
    from core.retrieval.embedding import vector

    rows = np.stack([vector(text) for text in islice(texts.chunks(COUNT), COUNT)])
    asked = np.stack([vector(question) for question in texts.questions()])
    few = np.sort(np.random.default_rng(0).choice(COUNT, COUNT // SHARE, replace=False))
    return rows, asked[np.linalg.norm(asked, axis=1) > 0], few


def _side(python: str, which: str, folder: Path) -> dict[str, Any]:
    command = [python, "-m", "bench.vector_stores", which, str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | ALONE, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr)
    side: dict[str, Any] = json.loads(done.stdout)
    return side


def _exact(vectors: Array, questions: Array, numbers: Array) -> list[set[int]]:
    near = np.argpartition(-(questions @ vectors[numbers].T), 10, axis=1)[:, :10]
    return [set(numbers[row].tolist()) for row in near]


def _figures(
    side: dict[str, Any], exact: list[set[int]], exact_few: list[set[int]]
) -> dict[str, float]:
    return {
        "add (s)": side["add_s"],
        "search p50 (ms)": float(np.percentile(side["search_ms"], 50)),
        "search p95 (ms)": float(np.percentile(side["search_ms"], 95)),
        "recall@10": _recall(side["found"], exact),
        "filtered search p50 (ms)": float(np.percentile(side["filter_ms"], 50)),
        "filtered search p95 (ms)": float(np.percentile(side["filter_ms"], 95)),
        "filtered recall@10": _recall(side["found_few"], exact_few),
        "on disk (MB)": side["disk_mb"],
        "memory (MB)": side["memory_mb"],
    }


def _recall(found: list[list[int]], exact: list[set[int]]) -> float:
    shares = [len(set(a) & b) / len(b) for a, b in zip(found, exact, strict=True)]
    return sum(shares) / len(shares)


if __name__ == "__main__":
    main()
