"""What the memory of approved questions gains: `EVAL=<folder> python bench/memory.py`.

The folder is that of bench/retrieval.py, with paraphrases.jsonl. The questions that have paraphrases
are approved with their right passages; then the paraphrases are asked, and all other questions, with
the memory lifting and without. A harder look has every second question of the whole set approved
and the others asked, which are about the same texts. Prints hit@1 with and without (percent), the
paired difference with its 95 % interval (points), how many the memory had a say in and how many it
spoilt; whom serving would have answered, rightly and wrongly; and what all of it takes.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench import intervals
from bench.retrieval import Row, _filled, _of, _rows

MANY = 10_000  # approved questions, for the times


def main() -> None:
    """Fill a home of its own, measure and print."""
    folder = os.environ.get("EVAL")
    if not folder:
        print("memory: left out; EVAL=<folder with paraphrases.jsonl> names it")
        return
    with tempfile.TemporaryDirectory(prefix="ciclo-bench-") as home:
        os.environ |= {"CICLO_HOME": home}
        from core.db import migrate

        migrate.upgrade()
        measure(Path(folder), _filled("Mixed", _rows(Path(folder) / "passages.jsonl")))


def measure(folder: Path, assistant_id: str) -> None:
    """Measure with the documents of an assistant that are there; its memory is replaced."""
    questions, asked = _rows(folder / "questions.jsonl"), _rows(folder / "paraphrases.jsonl")
    first = {row["of"] for row in asked}
    known = [row for row in questions if row["qid"] in first]
    others = [row for row in questions if row["qid"] not in first]
    approve(assistant_id, known)
    for language in ("pt", "en"):
        _compare(f"{language} paraphrases", _of(asked, language), assistant_id)
        _compare(f"{language} all others", _of(others, language), assistant_id)
    rough = [row for row in _rows(folder / "questions_rough.jsonl") if row["of"] in first]
    for kind in ("unaccented", "typos"):
        _served(f"the same, {kind}", [r for r in rough if r["kind"] == kind], known, assistant_id)
    _served("paraphrases", asked, known, assistant_id)
    strangers = [*others, *_rows(folder / "unanswerable.jsonl")]
    _served("other questions", strangers, known, assistant_id)
    approve(assistant_id, questions[::2])
    for language in ("pt", "en"):
        _compare(f"{language} half on half", _of(questions[1::2], language), assistant_id)
    _served("half on half", questions[1::2], questions[::2], assistant_id)
    _times(questions, assistant_id)


def approve(assistant_id: str, known: Sequence[Row]) -> None:
    """Replace the memory: each question with the passage that answers it."""
    from sqlalchemy import delete, select

    from core import db
    from core.db.tables import ApprovedAnswer, Chunk, Document
    from core.retrieval import memory

    chunks = select(Document.name, Chunk).join(Chunk, Chunk.document_id == Document.id)
    with db.writing() as session:
        session.execute(delete(ApprovedAnswer).where(ApprovedAnswer.assistant_id == assistant_id))
        found: dict[str, list[Chunk]] = {}
        for name, chunk in session.execute(chunks.where(Chunk.assistant_id == assistant_id)):
            found.setdefault(name, []).append(chunk)
        rows = [
            ApprovedAnswer(
                assistant_id=assistant_id,
                question=row["question"],
                answer=row["qid"],
                passages=[
                    {"document_id": one.document_id, "version": 1, "digest": one.digest, "text": ""}
                    for one in found[f"{row['passage_id']}.txt"]
                ],
            )
            for row in known
        ]
        session.add_all(rows)
        memory.changed(session, rows)
    from core.retrieval import likeness

    likeness.forget()


def _compare(title: str, asked: Sequence[Row], assistant_id: str) -> None:
    plain = [_hit(row, assistant_id, False) for row in asked]
    lifted = [_hit(row, assistant_id, True) for row in asked]
    ours, theirs = ([100.0 * right for right, _said in side] for side in (lifted, plain))
    said = sum(said for _right, said in lifted)
    spoilt = sum(old > new for old, new in zip(theirs, ours, strict=True))
    print(
        f"{title:16} n={len(asked):<4} hit@1 {statistics.mean(theirs):.1f} -> "
        f"{statistics.mean(ours):.1f}  {intervals.paired(ours, theirs)}"
        f"  lifted {said}, spoilt {spoilt}",
        flush=True,
    )


def _hit(row: Row, assistant_id: str, lift: bool) -> tuple[bool, bool]:
    """Whether the right passage came first, and whether the memory had a say."""
    from core import retrieval

    settings = {"memory_lift": lift}
    found = retrieval.search(row["question"], assistant_id=assistant_id, k=1, settings=settings)
    first = found.passages[0].document_name if found.passages else ""
    return first == f"{row['passage_id']}.txt", bool(found.remembered)


def _served(title: str, asked: Sequence[Row], known: Sequence[Row], assistant_id: str) -> None:
    """Who would be given an approved answer, and whether it is one to their question."""
    from core import db
    from core.db.tables import ApprovedAnswer
    from core.retrieval import likeness

    passages = {row["qid"]: row["passage_id"] for row in known}
    right = wrong = 0
    with db.session() as session:
        for row in asked:
            for id_ in likeness.same(assistant_id, row["question"])[:1]:
                qid = session.get_one(ApprovedAnswer, id_).answer
                same = passages[qid] == row.get("passage_id")
                right, wrong = right + same, wrong + (not same)
    print(f"served: {title:16} n={len(asked):<5} rightly {right}, wrongly {wrong}", flush=True)


def _times(questions: Sequence[Row], assistant_id: str) -> None:
    from core.retrieval import likeness

    texts = [row["question"] for row in questions]
    approve(assistant_id, [])
    _timed("a look at an empty memory", texts, assistant_id)
    row = questions[0]
    many = [
        row | {"question": f"{texts[n % len(texts)]} {texts[(7 * n + 1) % len(texts)]} {n}"}
        for n in range(MANY)
    ]
    approve(assistant_id, many)
    began = time.perf_counter()
    likeness.like(assistant_id, texts[0])
    print(f"taking up {MANY:,} approved questions {time.perf_counter() - began:.2f} s")
    _timed(f"a look among {MANY:,}", texts, assistant_id)


def _timed(title: str, texts: Sequence[str], assistant_id: str) -> None:
    from core.retrieval import likeness

    took = []
    for text in texts:
        began = time.perf_counter()
        likeness.like(assistant_id, text)
        took.append(1000 * (time.perf_counter() - began))
    slow = statistics.quantiles(took, n=20)[-1]
    print(f"{title} p50 {statistics.median(took):.2f} ms, p95 {slow:.2f} ms", flush=True)


if __name__ == "__main__":
    main()
