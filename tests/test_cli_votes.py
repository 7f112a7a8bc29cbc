"""``ciclo comparison vote`` and ``ciclo comparison ranking``."""

import io
from collections.abc import Callable

import pytest

from core import comparison
from tests.comparison.voting import House, cast, compared, house, reviewer
from tests.conftest import Done, Run

Votes = Callable[[str], Done]


@pytest.fixture
def shop(ciclo: Run) -> House:
    return house()


@pytest.fixture
def votes(ciclo: Run, monkeypatch: pytest.MonkeyPatch) -> Votes:
    """Vote with what is typed, a line each."""

    def voting(typed: str) -> Done:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed.replace(" ", "\n")))
        return ciclo("comparison", "vote")

    return voting


def test_names_are_told_after_the_vote_and_not_before(shop: House, votes: Votes) -> None:
    compared(shop, question="Quando abre?")
    done = votes("q")
    assert done.code == 0, done.err
    assert "Quando abre?" in done.out
    assert "version" not in done.out
    done = votes("1")
    assert "1 was version " in done.out
    assert "You voted on 1 question." in done.err
    assert comparison.ranking(shop.assistant.id).n == 1


def test_a_key_that_is_none_asks_again_and_the_end_of_the_input_ends(
    shop: House, votes: Votes
) -> None:
    compared(shop)
    done = votes("x 9 4")
    assert done.code == 0
    told = comparison.ranking(shop.assistant.id)
    assert told.bad
    assert told.bad.share == 1


def test_skipping_and_undo(shop: House, votes: Votes) -> None:
    for _n in range(3):
        compared(shop)
    done = votes("s 1 z 2 q")
    assert "Your last vote is taken back." in done.err
    assert comparison.ranking(shop.assistant.id).n == 1
    assert "1 question waits for your vote." in done.err


def test_the_ranking_is_told_in_words_and_as_json(ciclo: Run, shop: House) -> None:
    assert "Nobody has voted yet" in ciclo("comparison", "ranking").out
    people = [reviewer(f"p{n}") for n in range(3)]
    for n in range(6):
        cast(compared(shop, topic="Trocas"), people[n % 3], "b")
    done = ciclo("comparison", "ranking")
    assert "Too thin to rank: about 44 more votes are needed." in done.out
    assert "version 2" in done.out
    assert "Trocas: " in done.out
    told = ciclo("comparison", "ranking", "--json").data
    assert (told["n"], told["voters"], told["enough"]) == (6, 3, False)
    assert told["places"][0]["version_id"] == shop.versions[1].id
    assert told["topics"][0]["topic"] == "Trocas"


def test_a_source_there_is_not_is_bad_input(ciclo: Run, shop: House) -> None:
    assert ciclo("comparison", "ranking", "--source", "web").code == 2
    assert ciclo("comparison", "vote", "--source", "chat").code == 2
