"""Hashed lexical vectors, and the index that keeps them."""

from pathlib import Path

import numpy as np
import pytest

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
    index.add([1], np.stack([vector(TEXTS[1], "pt")]))
    assert len(index) == 3
    assert index.cosines(vector(TEXTS[1], "pt"), [1, 2])[0] == pytest.approx(1.0, abs=0.03)


def test_what_is_removed_is_gone() -> None:
    index = filled(TEXTS)
    index.remove([1, 99])
    assert len(index) == 2
    asked = vector(TEXTS[0], "pt")
    assert 1 not in [number for number, _ in index.search(asked, 3, index.allow([1, 2, 3]))]


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
