"""What fits into a window, what goes first, and what a server's own count gives away."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from core.llm import budget, prompt_limit

RULES, QUESTION = "Answer from the passages alone.", "When does the shop open?"


def build(turns: Any, passages: Any) -> list[BaseMessage]:
    said: list[BaseMessage] = [AIMessage(turn) for turn in turns]
    return [SystemMessage(RULES), *said, HumanMessage("\n".join([*passages, QUESTION]))]


texts = st.lists(st.text(min_size=1, max_size=400), max_size=8)


@given(texts, texts, st.integers(0, 2000))
def test_what_is_sent_fits_or_is_rules_and_question_alone(
    turns: list[str], passages: list[str], limit: int
) -> None:
    fitted = budget.fit(build, turns, passages, limit)
    assert fitted.tokens == budget.count_tokens(fitted.messages)
    assert fitted.fits or (not fitted.passages and len(fitted.dropped_turns) == len(turns))
    assert RULES in str(fitted.messages[0].content)
    assert QUESTION in str(fitted.messages[-1].content)


@given(texts, texts, st.integers(0, 2000))
def test_the_oldest_turns_go_first_then_the_lowest_passages(
    turns: list[str], passages: list[str], limit: int
) -> None:
    fitted = budget.fit(build, turns, passages, limit)
    gone = len(fitted.dropped_turns)
    assert list(fitted.dropped_turns) == turns[:gone]
    assert [*fitted.passages, *fitted.dropped_passages] == passages
    assert not fitted.dropped_passages or gone == len(turns)


@given(texts, texts, st.integers(0, 2000))
def test_nothing_goes_that_would_have_fitted(
    turns: list[str], passages: list[str], limit: int
) -> None:
    fitted = budget.fit(build, turns, passages, limit)
    if fitted.dropped_passages:
        one_more = passages[: len(fitted.passages) + 1]
        assert budget.count_tokens(build([], one_more)) > limit
    elif fitted.dropped_turns:
        kept = turns[len(fitted.dropped_turns) - 1 :]
        assert budget.count_tokens(build(kept, passages)) > limit


def test_what_was_left_out_is_on_record_and_nothing_where_nothing_was() -> None:
    assert budget.fit(build, ["old"], ["a"], 10_000).dropped == {}
    record = budget.fit(build, ["old " * 50, "new"], ["a " * 50, "b " * 50], 120).dropped
    assert record == {"turns": 2, "passages": 1}


@given(st.text(max_size=300))
def test_the_lower_estimate_is_never_above_the_upper(text: str) -> None:
    messages = [HumanMessage(text)]
    assert budget.least_tokens(messages) <= budget.count_tokens(messages)


@pytest.mark.parametrize(
    ("text", "tokens"),  # as tokenizers of some 100,000 entries count them
    [
        ("O suporte atende de segunda a sexta, das 9h às 18h.", 19),
        ("Reembolsos acima de R$ 5.000,00 são aprovados por Otávio Lima.", 23),
        ("The support desk answers Monday to Friday, from 9 to 18.", 15),
        ("abcDEF123-xyZ_99", 10),
        ("東京は日本の首都です", 9),
    ],
)
def test_the_upper_estimate_is_above_what_models_count_and_not_wildly(
    text: str, tokens: int
) -> None:
    counted = budget.count_text(text)
    assert tokens <= counted <= 3.5 * tokens


def test_a_long_text_is_counted_in_no_time_per_character() -> None:
    assert budget.count_text("palavra " * 100_000) == 300_000


@pytest.mark.parametrize(
    ("told", "verdict"), [(None, ""), (0, ""), (50, "cut"), (100, ""), (180, ""), (181, "more")]
)
def test_a_count_outside_the_estimates_is_told(told: int | None, verdict: str) -> None:
    assert budget.read_as_sent(told, counted=180, least=100) == verdict


@pytest.mark.parametrize(
    ("name", "parameters", "context", "limit"),
    [
        ("ollama:budget-a", {}, None, 8192 - 1024),
        ("ollama:budget-b", {"max_tokens": 300}, None, 8192 - 300),
        ("ollama:budget-c", {"reasoning": True}, None, 8192 - 2048),
        ("ollama:budget-d", {}, 2048, 2048 - 512),
        ("ollama:budget-e", {"num_ctx": 16384}, 131_072, 16384 - 1024),
        ("ollama:budget-f", {"max_tokens": 100_000}, None, 128),
        ("openai:gpt-4o-mini", {}, None, 128_000 - 1024),
        ("openai-compatible:lab/x", {}, 32_768, 32_768 - 1024),
        ("openai-compatible:lab/x", {}, None, 8192 - 1024),
        ("fake:echo", {"num_ctx": 4096}, None, 4096 - 1024),
    ],
)
def test_a_prompt_may_take_the_window_but_for_the_answers_part(
    home: Any, name: str, parameters: dict[str, Any], context: int | None, limit: int
) -> None:
    assert prompt_limit(name, parameters, context) == limit
