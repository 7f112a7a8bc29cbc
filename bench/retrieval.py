"""How well search finds and quoting answers: `EVAL=<folder> python bench/retrieval.py`.

The folder holds passages.jsonl, questions.jsonl, questions_rough.jsonl, questions_xling.jsonl and
unanswerable.jsonl. All passages go in as documents of one assistant, both languages mixed; those
in English also as documents of a second one, which the Portuguese questions of the cross-language
set are put to. Everything runs as it does for a person: real documents, database, search, quoting.

Prints hit@1 / hit@3 / hit@10 / MRR (percent, with the 95 % half-width of hit@1), by how much hit@1
and MRR differ from those of words alone and of vectors alone (points, with the 95 % interval of the
paired difference: bench.intervals), the share of answers whose words are inside the best 1, 2, 3 sentences, the outcomes of questions with and
without an answer, and what a search takes.
"""

import json
import os
import statistics
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench import intervals

Row = dict[str, Any]

BASELINES = {"words alone": {"lexical": 1.0}, "vectors alone": {"lexical": 0.0}}


def main() -> None:
    """Measure and print."""
    folder = os.environ.get("EVAL")
    if not folder:
        print("retrieval: left out; EVAL=<folder with passages.jsonl and questions.jsonl> names it")
        return
    with tempfile.TemporaryDirectory(prefix="ciclo-bench-") as home:
        os.environ |= {"CICLO_HOME": home}
        _measure(Path(folder))


def _measure(folder: Path) -> None:
    from core.db import migrate

    migrate.upgrade()
    passages = _rows(folder / "passages.jsonl")
    mixed, english = _filled("Mixed", passages), _filled("English", _of(passages, "en"))
    questions = _rows(folder / "questions.jsonl")
    rough = _rows(folder / "questions_rough.jsonl")
    for language in ("pt", "en"):
        _ranks(f"{language}", _of(questions, language), mixed)
        for kind in ("typos", "unaccented"):
            asked = [row for row in _of(rough, language) if row["kind"] == kind]
            _ranks(f"{language} {kind}", asked, mixed)
    _ranks("pt asked of en", _rows(folder / "questions_xling.jsonl"), english)
    unanswerable = _rows(folder / "unanswerable.jsonl")
    for language in ("pt", "en"):
        _sentences(language, _of(questions, language), mixed)
        _outcomes(language, _of(questions, language), _of(unanswerable, language), mixed)


def _filled(name: str, passages: Sequence[Row]) -> str:
    from core import assistants, retrieval

    assistant = assistants.create(name)
    began = time.perf_counter()
    for row in passages:
        retrieval.add(assistant.id, f"{row['id']}.txt", row["text"].encode())
    retrieval.process_waiting()
    retrieval.search("aquece", assistant_id=assistant.id)
    print(f"{name}: {len(passages)} documents searchable in {time.perf_counter() - began:.1f} s")
    return assistant.id


def _ranks(title: str, questions: Sequence[Row], assistant_id: str) -> None:
    ranks, times = _found(questions, assistant_id, {})
    n = len(ranks)
    hits = [100 * sum(0 < rank <= k for rank in ranks) / n for k in (1, 3, 10)]
    mrr = sum(_reciprocal(ranks)) / n
    half = 196 * (hits[0] / 100 * (1 - hits[0] / 100) / n) ** 0.5
    slow = statistics.quantiles(times, n=20)[-1]
    print(
        f"{title:16} n={n:<4} hit@1 {hits[0]:.1f} (±{half:.1f})  hit@3 {hits[1]:.1f}"
        f"  hit@10 {hits[2]:.1f}  MRR {mrr:.1f}"
        f"  search p50 {statistics.median(times):.1f} ms, p95 {slow:.1f} ms",
        flush=True,
    )
    for name, settings in BASELINES.items():
        theirs, _ = _found(questions, assistant_id, settings)
        first = intervals.paired(_first(ranks), _first(theirs))
        reciprocal = intervals.paired(_reciprocal(ranks), _reciprocal(theirs))
        print(f"{'':16} against {name:14} hit@1 {first}  MRR {reciprocal}", flush=True)


def _found(
    questions: Sequence[Row], assistant_id: str, settings: Row
) -> tuple[list[int], list[float]]:
    """The rank of the right passage for each question (0: not found), and the milliseconds."""
    ranks, times = [], []
    for row in questions:
        names, seconds = _names(row["question"], assistant_id, settings)
        wanted = f"{row['passage_id']}.txt"
        ranks.append(names.index(wanted) + 1 if wanted in names else 0)
        times.append(seconds * 1000)
    return ranks, times


def _first(ranks: Sequence[int]) -> list[float]:
    return [100.0 * (rank == 1) for rank in ranks]


def _reciprocal(ranks: Sequence[int]) -> list[float]:
    return [100 / rank if rank else 0.0 for rank in ranks]


def _names(question: str, assistant_id: str, settings: Row) -> tuple[list[str], float]:
    """The documents found, best first, each once; the time it took."""
    from core import retrieval

    result = retrieval.search(question, assistant_id=assistant_id, k=30, settings=settings)
    return list(dict.fromkeys(found.document_name for found in result.passages)), result.seconds


def _sentences(language: str, questions: Sequence[Row], assistant_id: str) -> None:
    from core.llm import quoting

    asked = [row for row in questions if row.get("answer_type") == "span"]
    inside = [0, 0, 0]
    for row in asked:
        passages = _passages(row["question"], assistant_id)
        ranked = quoting.ranked(row["question"], passages)
        for n in (1, 2, 3):
            quoted = " ".join(quote.text for quote in ranked[:n])
            inside[n - 1] += _holds(quoted, row.get("answers") or [row["answer"]])
    shares = " / ".join(f"{100 * count / len(asked):.1f}" for count in inside)
    print(f"{language:16} n={len(asked):<4} answer inside 1/2/3 sentences {shares} %", flush=True)


def _holds(quoted: str, answers: Iterable[str]) -> bool:
    from core.text import fold, words

    there = {word.text for word in words(fold(quoted))}
    return any(there >= {word.text for word in words(fold(answer))} for answer in answers)


def _outcomes(
    language: str, answerable: Sequence[Row], unanswerable: Sequence[Row], assistant_id: str
) -> None:
    kinds = {row["kind"] for row in unanswerable}
    sets = {kind: [row for row in unanswerable if row["kind"] == kind] for kind in sorted(kinds)}
    for kind, rows in {"answerable": answerable, **sets}.items():
        found = [_outcome(row["question"], assistant_id) for row in rows]
        shares = (
            f"{name} {100 * found.count(name) / len(found):.1f}"
            for name in ("answered", "related", "not_found")
        )
        print(f"{language:4} {kind:16} n={len(rows):<4} {'  '.join(shares)} %", flush=True)


def _outcome(question: str, assistant_id: str) -> str:
    from core.llm import quoting

    return quoting.pick(question, _passages(question, assistant_id)).outcome


def _passages(question: str, assistant_id: str) -> list[Row]:
    from core import retrieval

    found = retrieval.search(question, assistant_id=assistant_id).passages
    return [
        {"number": n, "text": one.text, "score": one.score, "heading": one.heading}
        for n, one in enumerate(found, 1)
    ]


def _of(rows: Iterable[Row], language: str) -> list[Row]:
    return [row for row in rows if row["lang"] == language]


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


if __name__ == "__main__":
    main()
