"""Questions about a day: what held then answers, and the answer says so."""

from datetime import date

import pytest

from core import chat, retrieval
from core.db.tables import Assistant


@pytest.fixture
def prices(assistant: Assistant) -> Assistant:
    """Two price lists: one until the end of March, one from April on."""
    old, new = ("velha.md", "R$ 48,90"), ("nova.md", "R$ 54,90")
    dates = ((old, None, date(2026, 3, 31)), (new, date(2026, 4, 1), None))
    for (name, price), since, until in dates:
        text = f"# Preços\n\nO pão de queijo custa {price} o quilo."
        row = retrieval.add(assistant.id, name, text.encode(), now=True)
        retrieval.set_validity([row.id], valid_from=since, valid_to=until)
    return assistant


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "price", "as_of"),
    [
        ("Quanto custava o pão de queijo em março de 2026?", "48,90", date(2026, 3, 15)),
        ("Quanto custava o pão de queijo em 10/04/2026?", "54,90", date(2026, 4, 10)),
        ("Quanto custa o pão de queijo?", "54,90", None),
    ],
)
def test_what_held_on_the_day_answers(
    prices: Assistant, question: str, price: str, as_of: date | None
) -> None:
    answer = chat.ask(question, assistant=prices.id)
    assert price in answer.message.text
    assert answer.message.as_of == as_of


def test_a_day_means_nothing_where_no_document_has_dates(assistant: Assistant) -> None:
    answer = chat.ask("A loja abria aos sábados em março de 2026?", assistant=assistant.id)
    assert answer.message.as_of is None


def test_another_validity_makes_another_answer(prices: Assistant) -> None:
    before = retrieval.state(prices.id)
    old = next(one for one in retrieval.documents(prices.id) if one.name == "velha.md")
    retrieval.set_validity([old.id], valid_to=date(2026, 2, 28))
    assert retrieval.state(prices.id) != before
