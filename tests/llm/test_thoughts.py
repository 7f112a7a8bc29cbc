"""Thoughts that a server leaves in the text are cut out of it, however the text is split."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llm.thinking import for_ollama, gemini_levels, level, may_think
from core.llm.thoughts import OPENING, Cutter, without


def cut(*pieces: str) -> tuple[str, str]:
    cutter = Cutter()
    told = [*(cutter.cut(piece) for piece in pieces), cutter.rest()]
    return "".join(text for text, _ in told), "".join(thought for _, thought in told)


@pytest.mark.parametrize("tag", OPENING)
def test_what_stands_between_the_tags_is_thought(tag: str) -> None:
    end = tag.replace("<", "</").replace("[", "[/")
    assert cut(f"\n{tag}Hm. 2 < 3.{end}\n\nSim.") == ("Sim.", "Hm. 2 < 3.")


def test_two_thoughts_one_after_the_other_are_both_thought() -> None:
    assert cut("<think>a</think> <think>b</think>Sim.") == ("Sim.", "ab")


def test_a_tag_in_the_middle_of_an_answer_is_text() -> None:
    said = "Escreva <think>assim</think>."
    assert cut(said) == (said, "")


@pytest.mark.parametrize("said", ["<thin", "<", "<b>Sim</b>", "[1] Sim", "", "  ", "<thinner>"])
def test_what_only_looks_like_a_tag_is_text(said: str) -> None:
    assert cut(said) == (said, "")


def test_a_thought_that_nobody_closed_is_no_answer() -> None:
    assert cut("<think>a < b </thi") == ("", "a < b </thi")


def test_an_answer_without_thoughts_is_not_held_back() -> None:
    cutter = Cutter()
    assert [cutter.cut(piece) for piece in ("Sim", ",", " <think>")] == [
        ("Sim", ""),
        (",", ""),
        (" <think>", ""),
    ]


def test_a_thought_is_told_while_it_is_thought() -> None:
    cutter = Cutter()
    assert [cutter.cut(piece) for piece in ("<think>", "Hm", ".")][1:] == [("", "Hm"), ("", ".")]


answers = st.lists(
    st.sampled_from(["<think>", "</think>", "<thi", "<", "/", "Sim", " ", "\n", "think>", "[1]"]),
    max_size=12,
).map("".join)


@given(answers, st.lists(st.integers(0, 60), max_size=8))
def test_the_answer_does_not_depend_on_how_it_was_split(said: str, places: list[int]) -> None:
    at = sorted({0, len(said), *(place for place in places if place <= len(said))})
    pieces = [said[a:b] for a, b in pairwise(at)]
    assert cut(*pieces) == cut(said)
    assert without(said) == cut(said)[0].lstrip()


@pytest.mark.parametrize(
    ("reasoning", "levels", "asked"),
    [
        (None, ("low", "high"), ""),
        ("high", (), ""),
        (True, ("low", "medium", "high"), "medium"),
        (False, ("none", "low"), "none"),
        (False, ("minimal", "low"), "minimal"),
        (False, ("low", "medium", "high"), "low"),
        ("high", ("low", "medium"), "medium"),
        ("low", ("none", "high"), "none"),
        ("medium", ("low", "medium", "high", "xhigh", "max"), "medium"),
    ],
)
def test_a_family_is_asked_for_the_nearest_of_its_levels(
    reasoning: bool | str | None, levels: tuple[str, ...], asked: str
) -> None:
    assert level(reasoning, levels) == asked


@pytest.mark.parametrize(
    ("reasoning", "model", "thinks", "asked"),
    [
        (True, "llama3.2", False, None),
        ("high", "llama3.2", False, None),
        (True, "qwen3:4b", True, True),
        (False, "qwen3:4b", True, False),
        (False, "llama3.2", None, False),
        (None, "qwen3:4b", True, None),
        (False, "gpt-oss:20b", None, "low"),
        (True, "gpt-oss:20b", True, "medium"),
        ("high", "gpt-oss:20b", True, "high"),
    ],
)
def test_ollama_is_never_asked_for_what_a_model_refuses(
    reasoning: bool | str | None, model: str, thinks: bool | None, asked: bool | str | None
) -> None:
    assert for_ollama(reasoning, model, thinks) == asked


def test_families_that_think_are_told_by_name_where_no_server_tells() -> None:
    thinkers = ["gpt-oss:20b", "Qwen/Qwen3-8B", "deepseek-r1:7b", "qwq", "magistral-small"]
    others = ["llama3.2", "Qwen/Qwen3-4B-Instruct-2507", "gemma3", "mistral"]
    assert [may_think(name) for name in thinkers + others] == [True] * 5 + [False] * 4
    assert gemini_levels("gemini-2.5-flash")[0] == "none"
    assert gemini_levels("gemini-2.0-flash") == ()
