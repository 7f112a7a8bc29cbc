"""What a comparison finds and costs: `EVAL=<folder> python bench/comparison.py`.

The folder is that of bench/retrieval.py, with paraphrases.jsonl. The questions that have paraphrases
are approved with their right passages; then the paraphrases are asked of the assistant without and
with its memory in an evaluation run, through the same verbs as a person's, and after them all other
questions. Prints for each language how often the right passage came first, the difference with its
95 % interval and what the verdict says. Then what a run adds to an answer: the time of one in a run
that answers one at a time, beside that of the same version asked directly.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.memory import approve
from bench.retrieval import Row, _filled, _of, _rows

ASKED = 200  # questions of the overhead's run
ROUNDS = 3
BAR = {"pt": 92.0, "en": 93.5}  # hit@1 of paraphrases with the memory, as the issue asks for


def main() -> None:
    """Fill a home of its own, measure and print."""
    folder = os.environ.get("EVAL")
    if not folder:
        print("comparison: left out; EVAL=<folder with paraphrases.jsonl> names it")
        return
    with tempfile.TemporaryDirectory(prefix="ciclo-bench-") as home:
        os.environ |= {"CICLO_HOME": home, "CICLO_LANGUAGE": "en"}
        from core import i18n, retrieval
        from core.db import migrate

        i18n.use("en")
        migrate.upgrade()
        measure(Path(folder), _filled("Mixed", _rows(Path(folder) / "passages.jsonl")))
        retrieval.close()  # while the folder is there


def measure(folder: Path, assistant_id: str) -> None:
    """Measure with the documents of an assistant that are there; its memory is replaced."""
    questions, asked = _rows(folder / "questions.jsonl"), _rows(folder / "paraphrases.jsonl")
    first = {row["of"] for row in asked}
    known = [row for row in questions if row["qid"] in first]
    approve(assistant_id, known)
    for language in ("pt", "en"):
        found = _compared(f"{language} paraphrases", _of(asked, language), assistant_id)
        reached = "reached" if found >= BAR[language] else "missed"
        print(f"{'':16} the bar of {BAR[language]} is {reached}")
        _compared(f"{language} questions", _of(questions, language), assistant_id)
    _overhead([row for row in questions if row["qid"] not in first][:ASKED], assistant_id)


def _compared(title: str, asked: Sequence[Row], assistant_id: str) -> float:
    """Run the questions without and with the memory; hit@1 with it, of those it did not learn."""
    from core import comparison
    from core.comparison.saying import sentence

    run, seconds = _run(asked, assistant_id)
    told = comparison.verdict(run.id)
    found = next(one for one in told.metrics if one.scorer == "right_first")
    before, after = (100 * (one or 0.0) for one in (found.mean_a, found.mean_b))
    print(
        f"{title:16} n={found.n:<4} left out {told.learned:<4} hit@1 {before:.1f} -> {after:.1f}"
        f"  {100 * (found.value or 0.0):+.1f} {_interval(found)}  better {found.better},"
        f" worse {found.worse}  ({seconds:.0f} s)",
        flush=True,
    )
    print(f"{'':16} {sentence(told)}", flush=True)
    return after


def _interval(found: Any) -> str:
    if found.low is None or found.high is None:
        return "[]"
    return f"[{100 * found.low:+.1f}, {100 * found.high:+.1f}]"


def _run(asked: Sequence[Row], assistant_id: str, parallel: int = 2) -> tuple[Any, float]:
    """An evaluation run over the rows, worked on here; the seconds it took."""
    from core import comparison
    from core.comparison import Question, Reference

    rows = [
        Question(
            row["question"],
            Reference(id=row["qid"], documents=(f"{row['passage_id']}.txt",), answerable=True),
            language="pt-BR" if row["lang"] == "pt" else "en",
        )
        for row in asked
    ]
    run = comparison.start(
        rows, assistant=assistant_id, a="baseline", b="champion", parallel=parallel
    )
    began = time.perf_counter()
    run = comparison.work(run.id)
    assert run.state == "done", run.error
    return run, time.perf_counter() - began


def _overhead(asked: Sequence[Row], assistant_id: str) -> None:
    """Milliseconds an answer in a run and asked directly, in turns; the ratio of the two."""
    from core import chat, comparison

    version = comparison.pair(assistant_id).b
    options = chat.Options(version_id=version.id, fresh=True)
    ratios, ours, theirs = [], [], []
    for _round in range(ROUNDS):
        _done, seconds = _run(asked, assistant_id, parallel=1)
        ours.append(500 * seconds / len(asked))  # two answers a question
        began = time.perf_counter()
        for row in asked:
            chat.ask(row["question"], assistant=assistant_id, options=options)
        theirs.append(1000 * (time.perf_counter() - began) / len(asked))
        ratios.append(ours[-1] / theirs[-1])
    print(
        f"an answer in a run {statistics.median(ours):.1f} ms, asked directly"
        f" {statistics.median(theirs):.1f} ms: {statistics.median(ratios):.2f} times"
        f" ({', '.join(f'{one:.2f}' for one in ratios)})",
        flush=True,
    )


if __name__ == "__main__":
    main()
