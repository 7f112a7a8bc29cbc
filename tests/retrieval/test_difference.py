"""Differences are true, complete and bounded, whatever the texts are."""

from collections.abc import Sequence
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.retrieval.difference import AROUND, LONGEST, MOST_LINES, Difference, between

few = st.lists(st.sampled_from("abcdefgh"), max_size=30)


def rebuilt(old: Sequence[str], found: Difference) -> list[str]:
    """``old`` with the lines of the difference applied."""
    gone = {line.a for line in found.lines if line.mark == "-"}
    came = {line.b: line.text for line in found.lines if line.mark == "+"}
    kept = iter([text for number, text in enumerate(old, 1) if number not in gone])
    total = len(old) - len(gone) + len(came)
    return [came[number] if number in came else next(kept) for number in range(1, total + 1)]


@given(few, few)
def test_applied_to_the_one_it_gives_the_other(old: list[str], new: list[str]) -> None:
    found = between("\n".join(old), "\n".join(new))
    assert rebuilt(old, found) == new
    assert found.added == sum(line.mark == "+" for line in found.lines)
    assert found.removed == sum(line.mark == "-" for line in found.lines)


@given(few, few)
def test_every_line_stands_where_it_says_and_only_once(old: list[str], new: list[str]) -> None:
    lines = between("\n".join(old), "\n".join(new)).lines
    for numbers, text in (([x.a for x in lines], old), ([x.b for x in lines], new)):
        told = [number for number in numbers if number]
        assert told == sorted(set(told))
        assert set(told) <= set(range(1, len(text) + 1))
    assert all(old[line.a - 1] == line.text for line in lines if line.a)
    assert all(new[line.b - 1] == line.text for line in lines if line.b)


def test_equal_texts_differ_in_nothing() -> None:
    assert between("a\nb", "a\nb").lines == []


def test_a_change_comes_with_a_few_lines_around_it() -> None:
    old = [f"linha {n}" for n in range(1, 101)]
    new = [*old[:49], "outra", *old[50:]]
    lines = between("\n".join(old), "\n".join(new)).lines
    assert [line.mark for line in lines] == [" "] * AROUND + ["-", "+"] + [" "] * AROUND
    assert lines[0].a == 50 - AROUND


def test_what_is_longer_than_anybody_reads_is_cut_and_says_so() -> None:
    long = between("", "\n".join(f"linha {n}" for n in range(MOST_LINES + 1)))
    assert (len(long.lines), long.added, long.cut) == (MOST_LINES, MOST_LINES + 1, True)
    wide = between("x" * (LONGEST + 1), "y")
    assert wide.cut
    assert len(wide.lines[0].text) == LONGEST
    assert not between("a", "b").cut


@pytest.mark.slow
def test_the_worst_texts_take_seconds_not_hours() -> None:
    began = process_time()
    between("x\n" * 2_000, "x\ny\n" * 1_000)
    between(
        "\n".join("ab"[n % 2] for n in range(50_000)),
        "\n".join("aab"[n % 3] for n in range(50_000)),
    )
    rows = [f"linha {n}" for n in range(200_000)]
    found = between("\n".join(rows), "\n".join(rows[:100] + rows[101:]))
    assert (found.added, found.removed) == (0, 1)
    assert process_time() - began < 20
