"""One verb for many documents."""

from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import retrieval
from core.errors import NotFound, Unavailable


@pytest.fixture
def five(assistant: str) -> list[str]:
    return [retrieval.add(assistant, f"{n}.md", b"texto %d" % n).id for n in range(5)]


@pytest.mark.slow
@given(wanted=st.lists(st.sampled_from(["0", "1", "2", "3", "4", "x", "y", "z"]), max_size=8))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_what_can_be_done_is_done_and_the_rest_is_told(five: list[str], wanted: list[str]) -> None:
    known = {str(n): id_ for n, id_ in enumerate(five)}
    ids = [known.get(one, one) for one in wanted]
    for verb in (retrieval.remove_many, retrieval.remove_many, retrieval.restore_many):
        done = retrieval.each(verb, ids)
        assert [row.id for row in done.done] == [id_ for id_ in dict.fromkeys(ids) if id_ in five]
        assert done.failed.keys() == {*ids} - {*five}
        assert all(isinstance(error, NotFound) for error in done.failed.values())
    assert retrieval.listed().total == 5


def test_dates_that_cannot_be_are_told_of_the_documents_they_do_not_fit(five: list[str]) -> None:
    day = retrieval.today()
    retrieval.set_validity(five[:2], valid_from=day.replace(year=day.year + 1))
    done = retrieval.each(partial(retrieval.set_validity, valid_to=day), five)
    assert [row.id for row in done.done] == five[2:]
    assert {error.code for error in done.failed.values()} == {"bad_dates"}


def test_a_database_that_does_not_take_it_is_told_at_once(five: list[str]) -> None:
    tried = []

    def locked(ids: object) -> list[object]:
        tried.append(ids)
        raise Unavailable("locked")

    with pytest.raises(Unavailable):
        retrieval.each(locked, five)  # type: ignore[arg-type]
    assert len(tried) == 1


def test_reading_again_is_for_what_was_read_and_what_failed(five: list[str]) -> None:
    retrieval.process_waiting(limit=2)
    rows = retrieval.reread_many(five)
    assert {row.state for row in rows} == {"queued"}
    assert retrieval.process_waiting() == 5
    assert {row.document.state for row in retrieval.listed().rows} == {"ready"}


@pytest.mark.slow
def test_what_is_read_again_serves_on_meanwhile(assistant: str, five: list[str]) -> None:
    retrieval.process_waiting()
    retrieval.reread_many(five)
    found = retrieval.search("texto", assistant_id=assistant).passages
    assert {one.document_id for one in found} == {*five}
