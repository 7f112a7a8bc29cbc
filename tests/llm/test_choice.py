"""Which installed model answers when nobody has chosen one."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from core.llm.choice import InstalledModel, best_chat_model, is_chat_model

GB = 10**9
CHAT = ("completion",)


def model(name: str, billions: float = 3.0, **facts: object) -> InstalledModel:
    given_facts: dict[str, object] = {"size": int(billions * 0.6 * GB), "capabilities": CHAT}
    return InstalledModel(name, parameters=billions, **(given_facts | facts))  # type: ignore[arg-type]


def best(*models: InstalledModel, memory: int | None = None) -> str:
    chosen = best_chat_model(models, memory)
    return chosen.name if chosen else ""


def test_with_nothing_installed_there_is_no_best() -> None:
    assert best() == ""


def test_an_embedding_model_is_never_chosen() -> None:
    assert best(model("bge-m3", 0.6, capabilities=("embedding",))) == ""


def test_on_an_old_server_embedding_models_are_told_by_family_and_name() -> None:
    old = [
        model("nomic-embed-text", capabilities=(), family="nomic-bert"),
        model("mxbai-embed-large", capabilities=(), family="unknown"),
        model("llama3.2", capabilities=(), family="llama"),
    ]
    assert [is_chat_model(m) for m in old] == [False, False, True]


def test_the_most_parameters_win() -> None:
    assert best(model("llama3.2:1b", 1.2), model("llama3.1:8b", 8.0)) == "llama3.1:8b"


def test_a_model_that_does_not_fit_into_memory_gives_way() -> None:
    assert best(model("big", 70), model("small", 3), memory=16 * GB) == "small"


def test_when_none_fits_the_smallest_is_tried() -> None:
    assert best(model("huge", 400), model("big", 70), memory=8 * GB) == "big"


def test_a_general_model_wins_over_a_larger_specialist() -> None:
    assert best(model("qwen2.5-coder:14b", 14), model("qwen3:4b", 4)) == "qwen3:4b"


def test_a_specialist_is_better_than_nothing() -> None:
    assert best(model("codellama:7b", 7)) == "codellama:7b"


def test_a_model_that_runs_elsewhere_is_never_chosen_by_the_rule() -> None:
    assert best(model("gpt-oss:120b-cloud", 120), model("llama3.2", 3)) == "llama3.2"
    assert best(model("glm-5:cloud", 300)) == ""


def test_of_equals_the_newest_wins() -> None:
    older, newer = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
    assert best(model("b", modified_at=older), model("a", modified_at=newer)) == "a"


@given(st.permutations([model("a", 1), model("b", 8), model("c-code", 30), model("d", 8)]))
def test_the_order_of_the_list_does_not_matter(models: list[InstalledModel]) -> None:
    assert best(*models, memory=16 * GB) == "d"
