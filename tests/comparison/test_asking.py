"""Two versions, one question: both answer by themselves, and both answers stay."""

import pytest

from core import chat, comparison, db, registry
from core.comparison import asking
from core.db.tables import Assistant, Comparison, Conversation, Message, Version
from core.errors import InvalidInput, NotFound
from core.llm import fake

QUESTION = "Qual é o prazo de troca?"


def ended(row: Comparison) -> comparison.Compared:
    for side in comparison.SIDES:
        asking.answer_side(row, side)
    asking.finish(row)
    return comparison.comparison(row.id)


def spoken(assistant: Assistant, name: str = "fake:echo") -> Version:
    return registry.version_with_model(assistant.id, name)


def test_the_usual_pair_is_the_engine_without_and_with_its_memory(assistant: Assistant) -> None:
    pair = comparison.pair(assistant.id)
    assert pair.why == "memory"
    assert [comparison.pairing.remembers(one) for one in (pair.a, pair.b)] == [False, True]


def test_a_challenger_is_compared_with_the_champion(assistant: Assistant) -> None:
    rival = spoken(assistant)
    registry.point(assistant.id, "challenger", rival.id, "tried")
    pair = comparison.pair(assistant.id)
    assert (pair.why, pair.b.id) == ("challenger", rival.id)


def test_both_sides_answer_from_the_documents(assistant: Assistant) -> None:
    found = ended(comparison.ask_both(QUESTION))
    for side in (found.a, found.b):
        assert side.state == "done"
        assert side.answer
        assert "30 dias" in side.answer.message.text
        assert side.answer.citations
    assert set(found.row.scores) == {"a", "b"}


def test_a_side_that_fails_says_why_and_the_other_answers(assistant: Assistant) -> None:
    registry.model("ollama", "absent")
    rival = registry.version_with_model(assistant.id, "ollama:absent")
    found = ended(comparison.ask_both(QUESTION, a="champion", b=rival.id))
    assert not found.a.failed
    assert found.b.failed
    assert found.b.answer
    assert found.b.answer.message.error_code == "not_reachable"
    assert found.b.answer.message.provider == "ollama"  # nobody took over


def test_what_is_compared_shows_in_no_list(assistant: Assistant) -> None:
    ended(comparison.ask_both(QUESTION))
    assert chat.conversations() == []
    assert chat.traces() == []


def test_with_the_same_passages_the_other_search_has_no_say(assistant: Assistant) -> None:
    pair = comparison.pair(assistant.id)
    few = registry.variant(pair.b.id, retrieval={"k": 1})
    own = ended(comparison.ask_both(QUESTION, a=pair.a.id, b=few.id, same_passages=False))
    same = ended(comparison.ask_both(QUESTION, a=pair.a.id, b=few.id, same_passages=True))
    assert own.b.answer
    assert same.a.answer
    assert same.b.answer
    assert len(own.b.answer.passages) == 1
    assert [p.chunk_id for p in same.b.answer.passages] == [
        p.chunk_id for p in same.a.answer.passages
    ]


def test_asking_for_a_side_again_asks_no_model_again(assistant: Assistant) -> None:
    fake.reset()
    rival = spoken(assistant)
    row = comparison.ask_both(QUESTION, a="champion", b=rival.id)
    first = ended(row).b.answer
    again = asking.answer_side(row, "b")
    assert first
    assert again.created_at == first.message.created_at
    fake.reset()


def test_an_answer_whose_writer_died_is_asked_for_anew(assistant: Assistant) -> None:
    row = comparison.ask_both(QUESTION)
    ended(row)
    with db.writing() as session:
        message = session.get_one(Message, row.a_answer_id)
        message.finish_reason, message.text, message.outcome = "abandoned", "", "cut_off"
    assert "30 dias" in asking.answer_side(row, "a").text


def test_each_side_may_have_its_own_parameters(assistant: Assistant) -> None:
    way = {"b": {"temperature": 0.7, "max_tokens": 50}}
    row = comparison.ask_both(QUESTION, settings=way)
    assert row.settings["b"] == {"temperature": 0.7, "max_tokens": 50}
    assert "a" not in row.settings
    ended(row)


@pytest.mark.parametrize("said", ["v99", "nobody", "99"])
def test_a_version_there_is_not_is_named_with_the_way_out(assistant: Assistant, said: str) -> None:
    with pytest.raises(InvalidInput, match=said) as refused:
        comparison.ask_both(QUESTION, a=said)
    assert refused.value.hint


def test_an_empty_question_leaves_nothing_behind(assistant: Assistant) -> None:
    with pytest.raises(InvalidInput):
        comparison.ask_both("  ")
    with db.session() as session:
        assert session.query(Conversation).count() == 0


def test_a_removed_comparison_is_not_found(assistant: Assistant) -> None:
    row = comparison.ask_both(QUESTION)
    ended(row)
    comparison.remove(row.id)
    with pytest.raises(NotFound):
        comparison.comparison(row.id)
    assert comparison.lines() == []
