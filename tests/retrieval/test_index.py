"""The index is a cache of the database: whatever happens to it, a search is right."""

import json
import os
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core import db, retrieval
from core.db.tables import Document, IndexChange
from core.retrieval import index, preparing, vectors
from tests.retrieval.conftest import embedded

WORDS = "casa loja prazo troca entrega sábado livro nota fiscal cliente pedido frete".split()


def text_of(seed: int) -> bytes:
    """Eight sentences of made-up length, and a word that no other seed has."""
    dice = random.Random(seed)
    lines = (" ".join(dice.choices(WORDS, k=9)).capitalize() + "." for _ in range(8))
    return f"# Texto {seed}\n\n{' '.join(lines)}\n\nA senha única é codigo{seed}x.\n".encode()


def answers(assistant_id: str) -> list[list[tuple[str, float]]]:
    """What some questions find, scores included."""
    questions = ["prazo de entrega no sábado", "nota fiscal", "codigo3x", "codgio2x", "livro"]
    results = (retrieval.search(q, assistant_id=assistant_id, k=50) for q in questions)
    return [sorted((one.chunk_id, one.score) for one in found.passages) for found in results]


@contextmanager
def a_fresh_build(home: Path) -> Iterator[None]:
    """Within the block the index is one built from the database alone."""
    retrieval.close()
    shutil.rmtree(home / "index")
    yield
    retrieval.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_changes_is_the_same_as_a_fresh_build(
    assistant: str, home: Path, embedder: str, seed: int
) -> None:
    dice, made = random.Random(seed), dict[str, str]()
    for step in range(30):
        what = dice.choice(
            ["add", "add", "change", "remove", "restore", "reopen", "search", "save", "embed"]
        )
        known = list(made)
        if what == "add" or not known:
            made[f"{step}.md"] = retrieval.add(assistant, f"{step}.md", text_of(step), now=True).id
        elif what == "change":
            retrieval.add(assistant, dice.choice(known), text_of(100 + step), now=True)
            made = {row.name: row.id for row in retrieval.documents(assistant)} | made
        elif what in ("remove", "restore"):
            chosen = retrieval.document(made[dice.choice(known)])
            if what == "remove" or chosen.removed_at is None:
                retrieval.remove(chosen.id)
                del made[chosen.name]
        elif what == "reopen":
            retrieval.close()
        elif what == "save":
            index.current().save(now=True)
        elif what == "embed":
            retrieval.embed_waiting(1)
        else:
            retrieval.search("prazo", assistant_id=assistant)
    embedded()
    kept = answers(assistant)
    with a_fresh_build(home):
        assert index.current().embedder.key == embedder
        assert answers(assistant) == kept


@pytest.mark.slow
def test_a_closed_index_is_opened_and_not_built_again(
    assistant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        retrieval.add(assistant, f"{n}.md", text_of(n), now=True)
    before = answers(assistant)
    retrieval.close()
    monkeypatch.setattr(preparing, "_rows", lambda ids: pytest.fail(f"built {ids} again"))
    assert answers(assistant) == before


@pytest.mark.parametrize("harm", ["garbage", "truncated", "gone", "no_json", "wrong_json", "other"])
def test_a_damaged_index_is_built_again(assistant: str, home: Path, harm: str) -> None:
    for n in range(3):
        retrieval.add(assistant, f"{n}.md", text_of(n), now=True)
    before = answers(assistant)
    retrieval.close()
    current = home / "index" / "current.json"
    snapshot = home / "index" / json.loads(current.read_text())["folder"]
    victim = random.Random(harm).choice(sorted(snapshot.rglob("*.*")))
    if harm == "garbage":
        victim.write_bytes(os.urandom(victim.stat().st_size))
    elif harm == "truncated":
        victim.write_bytes(victim.read_bytes()[:-1])
    elif harm == "gone":
        shutil.rmtree(snapshot)
    elif harm == "other":
        facts = json.loads(current.read_text())
        facts["facts"]["embedder"] = "another"
        current.write_text(json.dumps(facts))
    else:
        current.write_text("{" if harm == "no_json" else '{"folder": 3}')
    assert answers(assistant) == before


def test_an_index_of_another_database_is_not_believed(assistant: str, home: Path) -> None:
    retrieval.add(assistant, "a.md", text_of(1), now=True)
    assert answers(assistant)[1]
    retrieval.close()
    with db.writing() as session:  # as if the database had been put back from a backup
        session.query(Document).delete()
        session.query(IndexChange).delete()
    assert retrieval.search("nota fiscal", assistant_id=assistant).passages == []


@pytest.mark.slow
def test_nothing_is_left_behind_by_closing(assistant: str, home: Path) -> None:
    for n in range(3):
        retrieval.add(assistant, f"{n}.md", text_of(n), now=True)
        retrieval.search("prazo", assistant_id=assistant)
        retrieval.close()
    names = sorted(path.name.split("-")[0] for path in (home / "index").iterdir())
    assert names == ["current.json", "lock", "snapshot"]


def test_a_change_that_fails_half_way_is_made_good(
    assistant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    retrieval.add(assistant, "a.md", text_of(1), now=True)
    before = answers(assistant)
    opened = index.current()
    added = retrieval.add(assistant, "b.md", text_of(2), now=True)
    with monkeypatch.context() as broken:
        broken.setattr(opened.words, "change", lambda gone, entries: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            retrieval.search("nota", assistant_id=assistant)
    retrieval.remove(added.id)
    assert answers(assistant) == before


def test_nothing_is_pickled(assistant: str, home: Path) -> None:
    retrieval.add(assistant, "a.md", text_of(1), now=True)
    retrieval.search("prazo", assistant_id=assistant)
    retrieval.close()
    for path in (home / "index").rglob("*"):
        assert path.suffix not in (".pkl", ".pickle")
        assert not path.is_file() or not path.read_bytes().startswith(b"\x80\x04")


@pytest.mark.slow
def test_too_many_vectors_are_put_into_lists_and_answer_as_before(
    assistant: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(12):
        retrieval.add(assistant, f"{n}.md", text_of(n), now=True)
    before = answers(assistant)
    assert index.current().vectors.is_exact
    monkeypatch.setattr(vectors, "EXACT", 11)
    index.current().settle()
    assert not index.current().vectors.is_exact
    monkeypatch.setattr(vectors, "EXACT", 100_000)
    assert answers(assistant) == before  # so few look at all lists
    retrieval.add(assistant, "12.md", text_of(12), now=True)
    retrieval.close()
    assert not index.current().vectors.is_exact
    kept = answers(assistant)
    with a_fresh_build(home):
        assert answers(assistant) == kept
