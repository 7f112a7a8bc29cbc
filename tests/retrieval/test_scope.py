"""A search sees only what it may: an assistant's documents, those asked for, those that hold."""

from datetime import date, timedelta

import pytest

from core import clock, retrieval
from core.errors import InvalidInput, NotFound

OLD = "# Preços\n\nO plano custa R$ 90 por mês.\n"
NEW = "# Preços novos\n\nO plano custa R$ 95 por mês.\n"
JUNE = date(2026, 6, 1)


@pytest.fixture
def prices(assistant: str) -> tuple[str, str]:
    """The ids of last year's price list and of this year's."""
    old = retrieval.add(assistant, "2025.md", OLD.encode(), now=True)
    new = retrieval.add(assistant, "2026.md", NEW.encode(), now=True)
    retrieval.set_validity([old.id], valid_to=date(2025, 12, 31))
    retrieval.set_validity([new.id], valid_from=date(2026, 1, 1))
    return old.id, new.id


def names(assistant_id: str, question: str = "quanto custa o plano", **how: object) -> list[str]:
    found = retrieval.search(question, assistant_id=assistant_id, **how)  # type: ignore[arg-type]
    return [one.document_name for one in found.passages]


@pytest.mark.parametrize(
    ("at", "found"),
    [
        (date(2025, 3, 1), "2025.md"),
        (date(2025, 12, 31), "2025.md"),
        (date(2026, 1, 1), "2026.md"),
        (date(2030, 1, 1), "2026.md"),
    ],
)
def test_a_search_at_a_day_sees_what_held_then(
    assistant: str, prices: tuple[str, str], at: date, found: str
) -> None:
    assert names(assistant, at=at) == [found]


def test_a_search_without_a_day_sees_what_holds_today(
    assistant: str, prices: tuple[str, str]
) -> None:
    assert names(assistant) == ["2026.md"]
    with clock.held(clock.now().replace(year=2025, month=5, day=4)):
        assert names(assistant) == ["2025.md"]


def test_a_document_without_dates_always_holds(assistant: str) -> None:
    retrieval.add(assistant, "sempre.md", OLD.encode(), now=True)
    assert names(assistant, at=date(1, 1, 1)) == names(assistant, at=date(9999, 12, 31)) != []


def test_an_open_side_is_taken_back_with_none(assistant: str, prices: tuple[str, str]) -> None:
    (row,) = retrieval.set_validity([prices[0]], valid_to=None)
    assert (row.valid_from, row.valid_to) == (None, None)
    assert sorted(names(assistant, at=JUNE)) == ["2025.md", "2026.md"]


def test_a_side_that_is_not_named_stays(prices: tuple[str, str]) -> None:
    (row,) = retrieval.set_validity([prices[0]], valid_from=date(2025, 1, 1))
    assert (row.valid_from, row.valid_to) == (date(2025, 1, 1), date(2025, 12, 31))


def test_an_end_before_the_beginning_is_refused_for_all(prices: tuple[str, str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        retrieval.set_validity(prices, valid_from=date(2026, 2, 1))
    assert refused.value.field == "valid_to"
    assert retrieval.document(prices[1]).valid_from == date(2026, 1, 1)
    with pytest.raises(NotFound):
        retrieval.set_validity([prices[0], "nothing"], valid_from=None)


def test_a_search_may_be_limited_to_some_documents(
    assistant: str, other_assistant: str, prices: tuple[str, str]
) -> None:
    other = retrieval.add(other_assistant, "alheio.md", OLD.encode(), now=True)
    assert names(assistant, documents=[prices[1], other.id]) == ["2026.md"]
    assert names(assistant, documents=[prices[0]]) == []  # it holds no longer
    assert names(assistant, documents=[]) == []


@pytest.mark.slow
def test_what_is_out_of_sight_does_not_take_the_place_of_what_is_in_sight(assistant: str) -> None:
    """Filtered before the search: the best hundred out of sight leave the one in sight."""
    gone = []
    for n in range(100):
        text = f"O prazo de entrega do plano é de {n} dias. Prazo de entrega: {n} dias.".encode()
        gone.append(retrieval.add(assistant, f"{n}.md", text).id)
    kept = retrieval.add(assistant, "agora.md", b"Falamos aqui de muitas coisas, e da entrega.")
    retrieval.process_waiting()
    retrieval.set_validity(gone, valid_to=retrieval.today() - timedelta(days=1))
    assert names(assistant, "prazo de entrega", k=1) == ["agora.md"]
    assert names(assistant, "prazo de entrega", k=1, documents=[kept.id]) == ["agora.md"]


def test_a_word_known_only_out_of_sight_is_unknown(assistant: str) -> None:
    hidden = retrieval.add(assistant, "a.md", "O reenbolso é aceito.".encode(), now=True)
    retrieval.add(assistant, "b.md", b"O reembolso cai em 7 dias.", now=True)
    retrieval.set_validity([hidden.id], valid_to=date(2020, 1, 1))
    assert names(assistant, "reenbolso") == ["b.md"]


def test_with_a_half_life_what_is_newer_comes_first(assistant: str) -> None:
    for name, age in (("velho.md", 400), ("novo.md", 0)):
        with clock.held(clock.now() - timedelta(days=age)):
            retrieval.add(assistant, name, OLD.encode(), now=True)
    plain = retrieval.search("quanto custa o plano", assistant_id=assistant).passages
    aged = retrieval.search(
        "quanto custa o plano", assistant_id=assistant, settings={"half_life_days": 200}
    ).passages
    assert [one.score for one in plain] == [plain[0].score] * 2  # of age nothing is known
    assert [one.document_name for one in aged] == ["novo.md", "velho.md"]
    assert aged[0].score == plain[0].score  # how sure one can be is another matter
    assert aged[1].score == pytest.approx(aged[0].score / 4, abs=0.001)


def test_age_counts_from_the_day_from_which_a_document_holds(assistant: str) -> None:
    first = retrieval.add(assistant, "a.md", OLD.encode(), now=True)
    retrieval.add(assistant, "b.md", OLD.encode(), now=True)
    retrieval.set_validity([first.id], valid_from=date(2020, 1, 1))
    found = names(assistant, settings={"half_life_days": 30})
    assert found == ["b.md", "a.md"]


@pytest.mark.parametrize("days", [0, -3])
def test_a_half_life_must_be_one(assistant: str, days: float) -> None:
    with pytest.raises(InvalidInput):
        retrieval.search("x", assistant_id=assistant, settings={"half_life_days": days})
