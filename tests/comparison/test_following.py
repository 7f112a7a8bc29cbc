"""Both answers in one stream; nobody waits for a side that never comes."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from core import clock, comparison, db, registry
from core.comparison import asking, following
from core.db.tables import Assistant, Comparison
from core.errors import NotFound
from core.llm import fake
from core.llm.fake import Reply

QUESTION = "Qual é o prazo de troca?"


@pytest.fixture
def spoken(assistant: Assistant) -> Iterator[Assistant]:
    fake.reset()
    registry.choose_model(assistant.id, "fake:one")
    registry.point(
        assistant.id,
        "challenger",
        registry.version_with_model(assistant.id, "fake:two").id,
        "tried",
    )
    yield assistant
    fake.reset()


@pytest.fixture
def unasked(assistant: Assistant) -> Comparison:
    """A comparison whose server was killed before anybody was asked."""
    pair = comparison.pair(assistant.id)
    with db.writing() as session:
        return asking.put(
            session,
            assistant,
            comparison.Question(QUESTION),
            (pair.a, pair.b),
            {"same_passages": True, "in_turn": True},
        )


@pytest.mark.slow
def test_the_events_of_both_sides_come_as_they_happen(spoken: Assistant) -> None:
    fake.queue(Reply("um dois três", pause=0.02), Reply("quatro cinco seis", pause=0.02))
    row = comparison.ask_both(QUESTION)
    told = list(comparison.follow(row.id))
    said = {
        side: "".join(e.text for one, e in told if one == side and e.kind == "text")
        for side in comparison.SIDES
    }
    assert sorted(said.values()) == ["quatro cinco seis", "um dois três"]
    assert [event.kind for _side, event in told].count("done") == 2
    found = comparison.wait(row.id)
    assert found.row.scores


@pytest.mark.slow
def test_one_that_is_stopped_ends_for_its_followers(spoken: Assistant) -> None:
    fake.queue(Reply("um dois", delay=0.05, pause=30))
    row = comparison.ask_both(QUESTION, in_turn=True)
    for side, event in comparison.follow(row.id):
        assert side == "a"
        if event.kind == "text":
            comparison.stop(row.id)
    found = comparison.comparison(row.id)
    assert found.a.answer
    assert found.a.answer.message.finish_reason == "stopped"
    assert found.b.answer is None
    assert not comparison.under_way(found)


def test_a_side_whose_server_is_gone_is_not_waited_for(unasked: Comparison) -> None:
    found = comparison.comparison(unasked.id)
    assert comparison.under_way(found)
    later = clock.now() + following.LOST_AFTER + timedelta(seconds=1)
    with clock.held(later):
        assert comparison.lost(found)
        assert list(comparison.follow(unasked.id)) == []


def test_there_is_nothing_to_follow_of_a_removed_one(unasked: Comparison) -> None:
    comparison.remove(unasked.id)
    with pytest.raises(NotFound):
        comparison.follow(unasked.id)
