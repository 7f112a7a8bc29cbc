"""A comparison as a file: what others wrote stays what they wrote; and in lists."""

import json
from collections.abc import Iterator

import pytest

from core import comparison, registry
from core.comparison import exporting
from core.db.tables import Assistant
from core.llm import fake

QUESTION = "Qual é o prazo?\n# Não sou um título"
HOSTILE = "# Título\n\n| a | b |\n|---|---|\n<script>alert(1)</script> 30 dias [1]."


@pytest.fixture
def found(assistant: Assistant) -> Iterator[comparison.Compared]:
    fake.reset()
    registry.choose_model(assistant.id, "fake:one")
    rival = registry.version_with_model(assistant.id, "fake:two")
    fake.queue("Em 30 dias [1].", HOSTILE)
    row = comparison.ask_both(QUESTION, b=rival.id, a="champion", in_turn=True)
    yield comparison.wait(row.id)
    fake.reset()


@pytest.mark.slow
def test_the_json_holds_both_answers_with_figures_sources_and_scores(
    found: comparison.Compared,
) -> None:
    told = json.loads(json.dumps(exporting.told(found)))
    assert [told["sides"][side]["text"] for side in ("a", "b")] == ["Em 30 dias [1].", HOSTILE]
    one = told["sides"]["a"]
    assert one["citations"][0]["document"] == "horarios.md"
    assert one["model"] == "fake:one"
    assert one["total_seconds"] > 0
    assert "groundedness" in one["scores"]


@pytest.mark.slow
def test_in_markdown_what_was_said_begins_no_part_of_the_file(found: comparison.Compared) -> None:
    told = exporting.markdown(found)
    headings = [line for line in told.splitlines() if line.startswith("#")]
    assert [line.split(" ")[0] for line in headings] == ["#", "##", "##"]
    assert "> # Título" in told
    assert "> # Não sou um título" in told
    assert "> [1] horarios.md: “" in told


@pytest.mark.slow
def test_a_list_tells_how_each_side_ended_and_what_was_voted(
    found: comparison.Compared, assistant: Assistant
) -> None:
    comparison.vote(found.row.id, "left", shown_left=found.row.a_answer_id)
    (line,) = comparison.lines(assistant.id)
    assert (line.a.outcome, line.side("b").failed, line.votes) == ("answered", False, ("a",))
    assert comparison.of_answer(found.row.b_answer_id) == found.row.id
    assert comparison.lines(assistant.id, source="run") == []
