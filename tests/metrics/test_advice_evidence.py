"""What advice rests on, counted from rows: a month worked out by hand, and what reviewers judged."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core import access, annotation, db, i18n
from core.annotation import Judged
from core.db.tables import Assistant, Item, Judgement, Model
from core.metrics.advice import payback
from core.metrics.advice import words as advice_words
from core.metrics.advice.advising import advise
from core.metrics.advice.conditions import YES
from core.metrics.advice.evidence import MONTH, evidence
from core.metrics.advice.failures import REVIEWERS, Failures
from core.metrics.targets import set_settings
from core.metrics.views import View
from tests.annotation import talks
from tests.annotation.judging import judge
from tests.conftest import ENGINES
from tests.metrics.made import NOON, assistant, document, talk

PRICED = {"provider": "openai", "model_name": "gpt", "total_seconds": 1.0}


def used(tokens_in: int, tokens_out: int, cost: float) -> dict[str, Any]:
    return PRICED | {"tokens_in": tokens_in, "tokens_out": tokens_out, "cost": cost}


@pytest.fixture
def desk(now: None) -> str:
    """Ten days with seven answers in six conversations; half of what was asked went wrong."""
    with db.writing() as session:
        session.add(Model(provider="openai", name="gpt", price_in=2.0, price_out=8.0))
    of = assistant()
    talk(of, used(1000, 100, 0.0028) | {"up": 1}, at=NOON - timedelta(days=9))
    wrong = used(1000, 100, 0.0028) | {"down": 1, "reasons": ["wrong_fact", "slow"]}
    talk(of, used(2000, 200, 0.0056) | {"outcome": "not_found", "down": 1}, wrong)
    talk(of, {"groundedness": 0.2, "flag": "wrong_source"})
    talk(of, {"outcome": "error"})
    talk(of, {"flag": "outdated"})
    talk(of, used(500, 50, 0.0) | {"cached": True})
    return of


def test_a_month_is_reckoned_from_the_days_there_were(desk: str) -> None:
    known = evidence(View())
    assert (known.days, known.conversations, known.answers) == (10.0, 6, 7)
    assert known.conversations_a_month == pytest.approx(6 / 10 * MONTH)
    assert known.cost_a_month == pytest.approx(0.0112 / 10 * MONTH)
    assert known.cost_known == 4


def test_tokens_and_prices_are_those_of_the_answers_a_model_gave(desk: str) -> None:
    known = evidence(View())
    assert known.tokens_in == (2000.0, 2)  # 4,000 in two conversations
    assert known.tokens_out == (200.0, 2)
    assert known.price_in == (2.0, 3)
    assert known.price_out == (8.0, 3)
    assert known.engine == ""


@pytest.mark.parametrize("engine", ENGINES)
def test_each_failed_answer_counts_once_by_its_plainest_sign(desk: str) -> None:
    assert evidence(View()).signs == Failures(documents=1, either=1, generation=2, other=1)


def test_a_view_narrows_what_is_known(desk: str) -> None:
    other = assistant("Outra")
    talk(other, {"outcome": "not_found"})
    assert evidence(View(assistant=other)).signs == Failures(either=1)
    assert evidence(View(assistant=desk)).answers == 7
    assert evidence(View(period="2026-03-01..2026-03-05")).answers == 1


@pytest.mark.parametrize(("name", "engine"), [("embedded", "embedded"), ("ollama", "free")])
def test_what_has_no_price_costs_nothing(now: None, name: str, engine: str) -> None:
    with db.writing() as session:
        session.add(Model(provider=name, name="small"))
    talk(assistant(), {"provider": name, "model_name": "small", "cost": 0.0})
    told = advise(View())
    assert told.evidence.engine == engine
    assert YES not in {one.standing for one in told.options if one.name == "fine_tuning"}


def test_sample_data_is_said_to_be_in_it(now: None) -> None:
    of = assistant()
    talk(of, {}, is_sample=True)
    talk(of, {})
    with i18n.speaking("en"):
        assert "1 of the 2 conversations is sample data." in advice_words.basis(advise(View()))
        assert "sample" not in advice_words.basis(advise(View(data="real")))


def test_targets_and_currency_are_those_that_are_set(desk: str) -> None:
    assert evidence(View()).local(1) == ""
    set_settings(rate=5.0, targets={"satisfaction": 0.5, "accuracy": 0.9})
    known = evidence(View())
    assert known.satisfaction_target == 0.5
    assert known.failing_target == pytest.approx(0.1)
    assert known.local(1) == "R$ 5,00"


def test_nothing_at_all_and_one_conversation_are_told_as_such(now: None) -> None:
    with i18n.speaking("en"):
        assert "Nothing can be said yet" in advise(View()).headline
        talk(assistant(), {"outcome": "not_found"}, at=NOON + timedelta(hours=23))
        told = advise(View())
    assert "Nothing can be said firmly yet" in told.headline
    assert YES not in {one.standing for one in told.options}
    assert told.evidence.conversations == 1


@pytest.fixture
def judged(home: object) -> Assistant:
    """Four answers of a queue: approved, corrected, and two rejected for what was not found."""
    from core import assistants

    made = assistants.create("Loja")
    queue = annotation.create_queue(made.id, "Fila")
    annotation.add(queue.id, talks.many(made.id, 4))
    price = document(made.id)
    judge(queue, "Ana", ["approved"], seconds=30)
    judge(queue, "Ana", ["corrected"], failure_type="generation", seconds=60)
    judge(queue, "Ana", ["rejected"], failure_type="retrieval", seconds=90)
    judge(queue, "Ana", ["rejected"], failure_type="retrieval", missing=[price], seconds=600)
    return made


@pytest.mark.parametrize("engine", ENGINES)
def test_reviewers_tell_a_document_not_found_by_naming_it(judged: Assistant) -> None:
    known = evidence(View())
    assert known.judged == Failures(REVIEWERS, retriever=1, either=1, generation=1)
    assert known.failures.source == REVIEWERS  # nothing else shows a failure
    assert known.examples == 2
    assert known.review == (75.0, 4)


def test_examples_count_whatever_the_period_and_failures_do_not(judged: Assistant) -> None:
    known = evidence(View(period="2020-01-01..2020-01-31"))
    assert (known.examples, known.judged.n) == (2, 0)


def test_what_the_lead_decides_holds(judged: Assistant) -> None:
    with db.session() as session:
        wanted = select(Item.id).join(Judgement, Judgement.item_number == Item.number)
        item = session.scalars(wanted.where(Judgement.verdict == "approved")).one()
    decision = Judged("rejected", failure_type="generation")
    annotation.adjudicate(item, decision, access.local_person().id)
    known = evidence(View())
    assert known.examples == 1
    assert known.judged == Failures(REVIEWERS, retriever=1, either=1, generation=2)


def test_hours_of_review_follow_from_the_pace_so_far(judged: Assistant) -> None:
    held = {one.input.name: one for one in advise(View()).inputs}
    assert held["review_hours"].value == round(198 * 75 / 3600, 1)
    assert held["review_hours"].n == 4
    assert set(held) == set(payback.INPUTS)
