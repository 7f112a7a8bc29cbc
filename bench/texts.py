"""Any number of chunks that read like documents, for what must be measured at 100,000.

In: a folder of passages (EVAL), else the texts of the sample assistants. Out: chunks of some 90
words: sentences of several passages of one language with a word in seven taken from elsewhere, so
that no two are alike and words are as frequent as in real texts. The same for the same number.
"""

import json
import os
import random
import re
from collections.abc import Iterator
from pathlib import Path

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "samples"
QUESTIONS = 500
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n{2,}")


def chunks(count: int) -> Iterator[str]:
    """So many texts."""
    dice, sources = random.Random(0), _sources()
    for _ in range(count):
        sentences = dice.choice(sources)
        parts = [dice.choice(sentences) for _ in range(2)]
        parts += [dice.choice(dice.choice(sources)) for _ in range(3)]
        words = " ".join(parts).split()[:90]
        for at in range(0, len(words), 7):
            words[at] = dice.choice(dice.choice(dice.choice(sources)).split())
        yield " ".join(words)


def questions() -> list[str]:
    """What people ask: the questions of EVAL, else those of the samples."""
    if folder := os.environ.get("EVAL"):
        rows = _rows(Path(folder) / "questions.jsonl")
    else:
        rows = [row for path in sorted(SAMPLES.glob("*/questions*.jsonl")) for row in _rows(path)]
    found = [row["question"] for row in rows]
    random.Random(0).shuffle(found)
    return found[:QUESTIONS]


def _sources() -> list[list[str]]:
    """The sentences of each passage."""
    if folder := os.environ.get("EVAL"):
        texts = [row["text"] for row in _rows(Path(folder) / "passages.jsonl")]
    else:
        texts = [p.read_text("utf-8") for p in sorted(SAMPLES.glob("*/documents/*.[mt][dx]*"))]
    found = [[s for s in _SENTENCE.split(text) if s.split()] for text in texts]
    return [sentences for sentences in found if sentences]


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
