"""Several documents are removed, and brought back, all together or not at all."""

from datetime import timedelta

import pytest

from core import clock, retrieval
from core.errors import Conflict, NotFound

NOTE = "O prazo de entrega é de 5 dias.".encode()


@pytest.fixture
def three(assistant: str) -> list[str]:
    return [retrieval.add(assistant, f"{n}.md", NOTE, now=True).id for n in range(3)]


def live(assistant_id: str) -> set[str]:
    return {row.id for row in retrieval.documents(assistant_id)}


def test_many_are_removed_at_once_from_lists_counts_and_search(
    assistant: str, three: list[str]
) -> None:
    retrieval.remove_many(three[:2])
    assert live(assistant) == {three[2]}
    assert retrieval.chunk_count(assistant) == 1
    found = retrieval.search("prazo", assistant_id=assistant).passages
    assert {one.document_id for one in found} == {three[2]}
    assert retrieval.usage(assistant).keys() == {three[2]}


def test_many_are_brought_back_at_once(assistant: str, three: list[str]) -> None:
    retrieval.remove_many([*three, *three])
    retrieval.restore_many(three)
    assert live(assistant) == set(three)
    assert len(retrieval.search("prazo", assistant_id=assistant).passages) == 3


def test_one_that_is_not_there_keeps_the_others_as_they_are(
    assistant: str, three: list[str]
) -> None:
    with pytest.raises(NotFound):
        retrieval.remove_many([*three, "nothing"])
    assert live(assistant) == set(three)


def test_one_whose_name_is_taken_keeps_the_others_away(assistant: str, three: list[str]) -> None:
    retrieval.remove_many(three)
    retrieval.add(assistant, "2.md", NOTE)
    with pytest.raises(Conflict):
        retrieval.restore_many(three)
    assert len(live(assistant)) == 1


def test_two_of_one_name_do_not_come_back_together(assistant: str) -> None:
    ids = []
    for _time in range(2):
        ids.append(retrieval.add(assistant, "a.md", NOTE).id)
        retrieval.remove(ids[-1])
    with pytest.raises(Conflict):
        retrieval.restore_many(ids)
    assert live(assistant) == set()


def test_a_day_later_it_is_gone_with_its_versions_and_files(
    assistant: str, three: list[str]
) -> None:
    retrieval.remove_many(three)
    with clock.held(clock.now() + timedelta(hours=23)):
        assert retrieval.purge() == 0
    with clock.held(clock.now() + timedelta(hours=25)):
        assert retrieval.purge() == 3
        with pytest.raises(NotFound):
            retrieval.restore(three[0])
