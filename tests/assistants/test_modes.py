"""Modes and levels: what they may look like, and which of them hold."""

from pathlib import Path
from typing import Any

import pytest

from core import assistants, chat, registry, retrieval
from core.assistants import modes
from core.errors import InvalidInput
from core.llm import fake

ANALYSIS: dict[str, Any] = {
    "name": "analysis",
    "title": "Análise",
    "prompt": "Analise a obra.",
    "levels": [
        {"name": "basic", "title": "Básico", "prompt": "Explique cada termo."},
        {"name": "advanced", "title": "Avançado", "prompt": "Compare leituras."},
    ],
}


@pytest.mark.parametrize(
    "wrong",
    [
        "analysis",
        [{"name": "Análise", "prompt": "x"}],
        [{"name": "a"}],
        [{"name": "a", "prompt": "x" * 4001}],
        [{"name": "a", "prompt": "x", "tone": "y"}],
        [{"name": "a", "prompt": "x"}, {"name": "a", "prompt": "y"}],
        [{"name": "a", "prompt": "x", "levels": [{"name": "b"}]}],
        [{"name": str(n), "prompt": "x"} for n in range(9)],
        [7],
    ],
)
def test_what_is_no_mode_is_refused(wrong: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        modes.checked(wrong)
    assert caught.value.field == "modes"


def test_a_title_that_is_not_given_is_the_name() -> None:
    assert modes.checked([{"name": "plain", "prompt": "x"}])[0]["title"] == "plain"


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        (("", ""), ("", "")),
        (("analysis", ""), ("analysis", "basic")),
        (("analysis", "advanced"), ("analysis", "advanced")),
    ],
)
def test_the_first_level_holds_where_none_is_chosen(
    asked: tuple[str, str], holds: tuple[str, str]
) -> None:
    assert modes.way([ANALYSIS], *asked) == holds


@pytest.mark.parametrize("asked", [("poetry", ""), ("analysis", "expert"), ("", "basic")])
def test_an_unknown_mode_or_level_names_those_there_are(asked: tuple[str, str]) -> None:
    with pytest.raises(InvalidInput) as caught:
        modes.way([ANALYSIS], *asked)
    assert "analysis" in caught.value.hint or "basic, advanced" in caught.value.hint


def test_the_words_of_mode_and_level_reach_the_model(home: Path) -> None:
    made = assistants.create("Livraria", modes=[ANALYSIS])
    retrieval.add(made.id, "a.md", b"Dom Casmurro foi publicado em 1899.", now=True)
    fake.reset()
    registry.choose_model(made.id, "fake:echo")
    answer = chat.ask("Dom Casmurro?", options=chat.Options(mode="analysis", level="advanced"))
    assert "Analise a obra." in fake.asked[-1].text
    assert "Compare leituras." in fake.asked[-1].text
    assert "Explique cada termo." not in fake.asked[-1].text
    assert (answer.message.mode, answer.message.level) == ("analysis", "advanced")


def test_asking_again_keeps_the_mode(home: Path) -> None:
    made = assistants.create("Livraria", modes=[ANALYSIS])
    retrieval.add(made.id, "a.md", b"Dom Casmurro foi publicado em 1899.", now=True)
    answer = chat.ask("Dom Casmurro?", options=chat.Options(mode="analysis"))
    again = chat.again(answer.message.id)
    *_events, done = chat.follow(again.answer_id)
    assert done.data["answer"].message.mode == "analysis"


def test_asking_again_after_the_mode_has_gone_asks_without_it(home: Path) -> None:
    made = assistants.create("Livraria", modes=[ANALYSIS])
    retrieval.add(made.id, "a.md", b"Dom Casmurro foi publicado em 1899.", now=True)
    answer = chat.ask("Dom Casmurro?", options=chat.Options(mode="analysis"))
    assistants.update(made.id, modes=[])
    *_events, done = chat.follow(chat.again(answer.message.id).answer_id)
    assert done.data["answer"].message.mode == ""


def test_another_mode_makes_another_version(home: Path) -> None:
    made = assistants.create("Livraria")
    before = registry.route(made.id).version.id
    assistants.update(made.id, modes=[ANALYSIS])
    assert registry.route(made.id).version.id != before
    assistants.update(made.id, modes=[])
    assert registry.route(made.id).version.id == before


def test_modes_travel_with_an_assistant(home: Path, tmp_path: Path) -> None:
    made = assistants.create("Livraria", modes=[ANALYSIS])
    assistants.export_folder(made.id, tmp_path / "out")
    back = assistants.import_folder(tmp_path / "out", name="Outra")
    assert back.modes == made.modes == [ANALYSIS]


@pytest.mark.slow
def test_the_bookstore_analyses_at_three_levels(home: Path) -> None:
    loaded = assistants.load_sample("bookstore")
    assert [one["name"] for one in loaded.modes[0]["levels"]] == [
        "basic",
        "intermediate",
        "advanced",
    ]
