"""Hashed lexical vectors, and the index that keeps them."""

from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.retrieval import lists, vectors
from core.retrieval.embedding import DIMENSION, embeddings, vector
from core.retrieval.vectors import Vectors

TEXTS = ["prazo de entrega do pedido", "reembolso em sete dias", "horário da loja aos sábados"]


def filled(texts: list[str]) -> Vectors:
    made = Vectors(DIMENSION)
    made.add(range(1, len(texts) + 1), np.stack([vector(text, "pt") for text in texts]))
    return made


def test_a_vector_has_unit_length_and_says_the_same_for_ever() -> None:
    one = vector(TEXTS[0], "pt")
    assert np.linalg.norm(one) == pytest.approx(1.0, abs=1e-5)
    assert (one == vector(TEXTS[0], "pt")).all()
    assert not vector("?!", "pt").any()


def test_typing_errors_and_endings_stay_near() -> None:
    asked = vector("rembolso do pedidos", "pt")
    assert asked @ vector("reembolso do pedido", "pt") > 0.5 > asked @ vector(TEXTS[2], "pt")


def test_the_nearest_comes_first_with_its_cosine() -> None:
    index = filled(TEXTS)
    found = index.search(vector("prazo da entrega", "pt"), 3, index.allow([1, 2, 3]))
    assert found[0][0] == 1
    exact = float(vector("prazo da entrega", "pt") @ vector(TEXTS[0], "pt"))
    assert found[0][1] == pytest.approx(exact, abs=0.02)


def test_only_what_is_allowed_is_looked_at() -> None:
    index = filled(TEXTS)
    asked = vector(TEXTS[0], "pt")
    assert [number for number, _ in index.search(asked, 3, index.allow([2]))] == [2]
    assert index.search(asked, 3, index.allow([])) == []


def test_a_number_stands_for_one_vector() -> None:
    index = filled(TEXTS)
    index.add([1, 1], np.stack([vector(TEXTS[2], "pt"), vector(TEXTS[1], "pt")]))
    assert len(index) == 3
    asked = vector(TEXTS[1], "pt")
    found = index.search(asked, 5, index.allow([1, 2, 3]))
    assert sorted(number for number, _ in found) == [1, 2, 3]
    assert index.cosines(asked, [1, 2]) == pytest.approx([1.0, 1.0], abs=0.03)
    before = vector(TEXTS[0], "pt")
    assert index.cosines(before, [1])[0] == pytest.approx(float(before @ asked), abs=0.03)


def test_what_is_removed_is_gone() -> None:
    index = filled(TEXTS)
    index.remove([1, 99])
    assert len(index) == 2
    asked = vector(TEXTS[0], "pt")
    found = index.search(asked, 3, index.allow([1, 2, 3]))
    assert sorted(number for number, _ in found) == [2, 3]


def test_saving_leaves_the_earlier_file_alone(tmp_path: Path) -> None:
    index, path, kept = filled(TEXTS), tmp_path / "v.faiss", tmp_path / "kept.faiss"
    index.save(path)
    kept.hardlink_to(path)
    before = kept.read_bytes()
    index.remove([1])
    index.save(path)
    assert kept.read_bytes() == before
    assert (len(Vectors(DIMENSION, path)), len(Vectors(DIMENSION, kept))) == (2, 3)


def test_langchain_sees_the_same_vectors() -> None:
    ours = embeddings()
    assert ours.embed_query(TEXTS[0]) == ours.embed_documents(TEXTS)[0]
    assert len(ours.embed_query(TEXTS[0])) == DIMENSION


def test_a_file_of_other_dimensions_is_refused(tmp_path: Path) -> None:
    filled(TEXTS).save(tmp_path / "v.faiss")
    with pytest.raises(ValueError, match="512 dimensions, not 384"):
        Vectors(384, tmp_path / "v.faiss")


def dense(count: int, dimension: int = 64, topics: int = 40, seed: int = 0) -> Any:
    """Unit vectors about topics, with a large first component, as real embedders give them."""
    rng = np.random.default_rng(seed)
    middles = rng.normal(size=(topics, dimension))
    made = middles[rng.integers(topics, size=count)] + 0.7 * rng.normal(size=(count, dimension))
    made[:, 0] += dimension**0.5 / 2
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


def recall(index: Vectors, stored: Any, asked: Any, allowed: Iterable[int]) -> float:
    """The share of the ten nearest by float32 among the allowed rows that a search finds."""
    rows = np.array(sorted(allowed))
    may = index.allow(rows.tolist())
    shares = []
    for one in asked:
        exact = set(rows[np.argsort(-(stored[rows] @ one))[:10]].tolist())
        shares.append(len(exact & {number for number, _ in index.search(one, 10, may)}) / 10)
    return float(np.mean(shares))


@pytest.mark.slow
@pytest.mark.parametrize("dimension", [64, 384, pytest.param(1024, marks=pytest.mark.slow)])
def test_one_byte_keeps_what_an_embedder_says_in_spite_of_large_components(dimension: int) -> None:
    stored = dense(2000, dimension)
    index = Vectors(dimension)
    index.add(range(2000), stored)
    assert recall(index, stored, dense(60, dimension, seed=0), range(2000)) > 0.95
    assert np.abs(index.rows(range(50)) - stored[:50]).max() < 0.02
    cosines = index.cosines(stored[7], range(50))
    assert cosines == pytest.approx((stored[:50] @ stored[7]).tolist(), abs=0.005)


@pytest.fixture
def grown(monkeypatch: pytest.MonkeyPatch) -> tuple[Vectors, Any]:
    """Lists of 3,000 vectors, and those; more than 1,000 are too many to look at."""
    monkeypatch.setattr(vectors, "EXACT", 1000)
    stored = dense(3000)
    index = Vectors(64)
    index.add(range(3000), stored)
    assert index.is_outgrown
    return index.grown(nullcontext), stored


@pytest.mark.slow
def test_lists_find_what_looking_at_all_would(grown: tuple[Vectors, Any]) -> None:
    index, stored = grown
    assert (len(index), index.is_exact, index.is_outgrown) == (3000, False, False)
    assert index._index.nprobe < index._index.nlist  # else this would be exact as well
    assert recall(index, stored, dense(100, seed=0), range(3000)) > 0.93


@pytest.mark.slow
def test_a_search_among_few_is_exact_in_any_index(grown: tuple[Vectors, Any]) -> None:
    index, stored = grown
    index._index.nprobe = 1
    flat = Vectors(64)
    flat.add(range(3000), stored)
    few = range(500, 1500)
    for one in dense(40, seed=3):
        found = index.search(one, 10, index.allow(few))
        assert dict(found) == pytest.approx(dict(flat.search(one, 10, flat.allow(few))))


@pytest.mark.slow
def test_lists_are_made_anew_once_half_more_have_come(grown: tuple[Vectors, Any]) -> None:
    index, _ = grown
    index.add(range(3000, 4400), dense(1400, seed=5))
    assert not index.is_outgrown
    index.add(range(4400, 4700), dense(300, seed=6))
    assert index.is_outgrown
    assert not index.grown(nullcontext).is_outgrown


@pytest.mark.slow
def test_lists_are_saved_with_what_was_measured(grown: tuple[Vectors, Any], tmp_path: Path) -> None:
    index, stored = grown
    index.save(tmp_path / "v.faiss")
    again = Vectors(64, tmp_path / "v.faiss")
    assert (len(again), again.is_exact, again.is_outgrown) == (3000, False, False)
    may = index.allow(range(3000))
    assert again.search(stored[5], 10, may) == index.search(stored[5], 10, may)
    again.remove([5])
    assert 5 not in [number for number, _ in again.search(stored[5], 10, may)]


def test_recall_is_measured_on_vectors_that_did_not_shape_the_lists() -> None:
    numbers = np.arange(3000) * 7
    held = set(lists.held_out(numbers).tolist())
    assert held
    assert not held & set(lists.sample(numbers).tolist())


def test_what_changes_while_lists_are_made_is_in_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "COPIED", 300)
    stored, other = dense(2000), dense(50, seed=9)
    index = Vectors(64)
    index.add(range(2000), stored)

    class Busy:
        """Between any two looks somebody replaces, adds and removes."""

        looks = 0
        lock = Lock()

        def __enter__(self) -> None:
            self.lock.acquire()

        def __exit__(self, *_: object) -> None:
            at = self.looks
            Busy.looks += 1
            index.add([at * 100, 3000 + at], other[2 * at : 2 * at + 2])
            index.remove([at * 100 + 1])
            self.lock.release()

    made = index.grown(Busy)
    assert 10 < Busy.looks < 20  # all that is replaced and removed was there
    made.follow(index)
    assert len(made) == len(index)
    may = index.allow(range(4000))
    for one in [*other[: 2 * Busy.looks], *stored[::97]]:
        every = made._faiss.SearchParametersIVF(nprobe=made._index.nlist, sel=may.selector)
        _, ids = made._index.search(made._turned(one[None]), 5, params=every)
        assert set(ids[0].tolist()) == {number for number, _ in index.search(one, 5, may)}


@pytest.mark.slow
def test_making_lists_ends_when_it_is_told_to() -> None:
    index, looks = Vectors(64), [0]
    index.add(range(2000), dense(2000))

    def look() -> None:
        looks[0] += 1

    index.grown(nullcontext, look)
    assert looks[0] > 20

    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        index.grown(nullcontext, stop)
    assert len(index.grown(nullcontext)) == 2000


CHANGES = st.lists(
    st.tuples(st.sampled_from(["add", "remove", "save", "grow"]), st.integers(0, 30)), max_size=30
)


@pytest.mark.slow
@settings(deadline=None, max_examples=40)
@given(changes=CHANGES)
def test_any_order_of_changes_equals_a_fresh_index(
    changes: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("any") / "v.faiss"
    pool = dense(100, 16)
    index = Vectors(16)
    kept: dict[int, Any] = {}
    for at, (change, number) in enumerate(changes):
        if change == "add":
            kept[number] = pool[at]
            index.add([number], pool[at][None])
        elif change == "remove":
            kept.pop(number, None)
            index.remove([number])
        elif change == "grow" and len(kept) > 1:
            index = index.grown(nullcontext)
        elif change == "save":
            index.save(path)
            index = Vectors(16, path)
    fresh = Vectors(16)
    fresh.add(list(kept), np.stack(list(kept.values())) if kept else np.zeros((0, 16)))
    assert len(index) == len(kept)
    for one in pool[50:53]:
        found, expected = (
            dict(each.search(one, 40, each.allow(range(31)))) for each in (index, fresh)
        )
        assert found == pytest.approx(expected)
