"""Rankings from votes: published examples, and what always holds of them."""

from collections.abc import Callable
from math import exp, log
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import optimize

from core.statistics import Game, Ranking, bradley_terry
from core.statistics.davidson import chances, design, fit

# a prior that says next to nothing: the published estimates are those of the greatest likelihood
FLAT = 100.0
# A. Agresti, Categorical Data Analysis (2002), table 10.10: games of 1987, won by the home team (tens)
# and by its guest (ones); Milwaukee, Detroit, Toronto, New York, Boston, Cleveland, Baltimore
BASEBALL = {
    "MIL": {"DET": 43, "TOR": 42, "NY": 43, "BOS": 61, "CLE": 42, "BAL": 60},
    "DET": {"MIL": 33, "TOR": 42, "NY": 43, "BOS": 60, "CLE": 61, "BAL": 43},
    "TOR": {"MIL": 25, "DET": 43, "NY": 24, "BOS": 43, "CLE": 42, "BAL": 60},
    "NY": {"MIL": 33, "DET": 51, "TOR": 25, "BOS": 43, "CLE": 42, "BAL": 61},
    "BOS": {"MIL": 51, "DET": 25, "TOR": 33, "NY": 42, "CLE": 52, "BAL": 60},
    "CLE": {"MIL": 25, "DET": 33, "TOR": 34, "NY": 43, "BOS": 42, "BAL": 24},
    "BAL": {"MIL": 25, "DET": 15, "TOR": 16, "NY": 24, "BOS": 16, "CLE": 34},
}
# R. R. Davidson, Journal of the American Statistical Association 65 (1970), 317-328: brands of
# chocolate pudding; how often the one, the other, none was preferred
PUDDING = """1 2 19 22 16, 1 3 16 19 12, 2 3 19 19 10, 1 4 18 23 13, 2 4 23 19 9, 3 4 19 20 15,
1 5 13 19 18, 2 5 16 20 12, 3 5 16 15 17, 4 5 17 14 16, 1 6 18 21 12, 2 6 22 20 12, 3 6 13 18 10,
4 6 14 19 18, 5 6 11 21 12"""
Played = some.lists(
    some.tuples(
        some.sampled_from(["ab", "ba", "ac", "ca", "bc", "cb"]),
        some.sampled_from(["first", "second", "tie"]),
    ),
    min_size=1,
    max_size=40,
)


def ranked(games: list[Game], prior: float = 3.0) -> Ranking:
    found = bradley_terry(games, prior)
    assert found
    return found


def baseball() -> list[Game]:
    games = []
    for home, guests in BASEBALL.items():
        for guest, (won, lost) in ((guest, divmod(both, 10)) for guest, both in guests.items()):
            games += [Game(home, guest, "first")] * won
            games += [Game(home, guest, "second")] * lost
    return games


def pudding() -> list[Game]:
    """In both orders, since the paper tells none: so the order is worth nothing."""
    games = []
    for row in PUDDING.split(","):
        one, other, won, lost, tied = map(int, row.split())
        games += [Game(one, other, "first"), Game(other, one, "second")] * won
        games += [Game(one, other, "second"), Game(other, one, "first")] * lost
        games += [Game(one, other, "tie"), Game(other, one, "tie")] * tied
    return games


def duel(won: int, lost: int, tied: int = 0) -> list[Game]:
    """Between "a" and "b", as often in either order."""
    outcomes = [("first", "second")] * won + [("second", "first")] * lost + [("tie", "tie")] * tied
    return [
        Game("a", "b", one) if place % 2 else Game("b", "a", other)  # type: ignore[arg-type]
        for place, (one, other) in enumerate(outcomes)
    ]


@pytest.mark.slow
def test_agresti_2002_baseball_with_the_home_team_s_advantage() -> None:
    found = ranked(baseball(), FLAT)
    worth = {each.player: exp(each.strength.value) for each in found.standings}
    total = sum(worth.values())
    assert [round(each / total, 3) for each in worth.values()] == [
        0.220, 0.190, 0.164, 0.157, 0.137, 0.088, 0.044,
    ]  # fmt: skip
    assert [*worth] == ["MIL", "DET", "TOR", "NY", "BOS", "CLE", "BAL"]
    assert round(found.position_log.value, 3) == 0.302
    assert found.biased  # his 95 % interval, by likelihood: about 0.05 to 0.56


@pytest.mark.slow
def test_davidson_1970_six_brands_of_pudding_with_ties() -> None:
    found = ranked(pudding(), FLAT)
    worth = {each.player: exp(each.strength.value) for each in found.standings}
    shares = [round(worth[brand] / sum(worth.values()), 4) for brand in range(1, 7)]
    assert shares == [0.1388, 0.1730, 0.1617, 0.1654, 0.1587, 0.2024]
    assert found.tie_share == pytest.approx(0.7468 / 2.7468, abs=1e-4)
    assert abs(found.position_log.value) < 1e-6


def test_between_two_the_strengths_are_the_log_of_won_to_lost() -> None:
    found = ranked(duel(60, 30, 10), FLAT)
    first, second = found.standings
    assert first.player == "a"
    assert first.strength.value - second.strength.value == pytest.approx(log(2), abs=0.01)
    assert (first.wins, first.losses, first.ties, first.n) == (60, 30, 10, 100)
    (met,) = found.meetings
    assert met.preferred.value == pytest.approx(2 / 3, abs=0.005)
    assert (met.one, met.one_wins, met.other_wins, met.ties) == ("a", 60, 30, 10)


def test_the_fit_is_the_top_of_the_likelihood_and_prior() -> None:
    rng = np.random.default_rng(4)
    cells = [(0, 1), (1, 0), (1, 2), (2, 0), (3, 1), (2, 3)]
    rows, counts = design(cells, 4), rng.integers(0, 9, (1, 6, 3)).astype(float)

    def loss(found: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
        likely = (counts[0] * np.log(chances(rows, found[None])[0])).sum()
        return float((found**2).sum() / (2 * 9) - likely)

    told = optimize.minimize(loss, np.zeros(6), tol=1e-12)
    assert fit(rows, counts)[0] == pytest.approx(told.x, abs=1e-4)


def test_a_weak_prior_hardly_moves_what_votes_say() -> None:
    strong, flat = ranked(duel(70, 30)), ranked(duel(70, 30), FLAT)
    moved = strong.standings[0].strength.value - flat.standings[0].strength.value
    assert abs(moved) < 0.01


@pytest.mark.parametrize("n", [4, 40, 4000])
def test_who_won_everything_has_a_finite_strength_and_an_interval_with_room(n: int) -> None:
    found = ranked(duel(n, 0))
    first = found.standings[0]
    assert (first.player, first.wins) == ("a", n)
    assert first.strength.low < first.strength.value < first.strength.high < 12
    assert first.preferred.low < 1
    assert (found.meetings[0].sure, found.clear) == (n > 4, n > 4)


def test_two_alike_are_not_ranked_apart() -> None:
    found = ranked(duel(50, 50, 20))
    assert [each.rank for each in found.standings] == [1, 1]
    assert not found.clear
    assert not found.meetings[0].sure
    assert found.standings[0].preferred.value == pytest.approx(0.5, abs=0.01)


def test_one_surely_stronger_has_the_first_rank_alone() -> None:
    found = ranked(duel(80, 20))
    assert [each.rank for each in found.standings] == [1, 2]
    assert found.clear


def test_who_stands_first_and_wins_thereby_is_not_stronger_for_it() -> None:
    """Both win nine of ten when shown first: that is the place, not the player."""
    games = [Game("a", "b", "first")] * 90 + [Game("a", "b", "second")] * 10
    games += [Game("b", "a", "first")] * 45 + [Game("b", "a", "second")] * 5
    found = ranked(games, FLAT)
    assert found.standings[0].strength.value == pytest.approx(0, abs=0.01)
    assert found.position.value == pytest.approx(0.9, abs=0.01)
    assert found.biased
    assert not found.clear


def test_ties_alone_say_that_both_are_alike() -> None:
    found = ranked([Game("a", "b", "tie"), Game("b", "a", "tie")] * 30)
    assert found.tie_share > 0.9
    assert found.standings[0].strength.value == pytest.approx(0, abs=1e-6)
    assert not found.clear


def test_votes_of_one_cluster_count_as_hanging_together() -> None:
    """Thirty questions with ten votes each that always agree: as sure as thirty votes, not 300."""
    apart = [game for game in duel(20, 10) for _ in range(10)]
    together = [
        game._replace(cluster=place) for place, game in enumerate(duel(20, 10)) for _ in range(10)
    ]
    one, other = ranked(apart).standings[0].strength, ranked(together).standings[0].strength
    assert one.value == pytest.approx(other.value)
    assert other.high - other.low > 2 * (one.high - one.low)
    assert ranked(together).clusters == 30


@pytest.mark.parametrize(
    ("games", "thin"),
    [
        (duel(30, 25), ()),
        (duel(30, 19), ("few",)),
        ([*duel(40, 30), *[Game("c", "d", "tie"), Game("d", "c", "tie")] * 30], ("disconnected",)),
        ([Game("a", "b", "first"), Game("a", "b", "second")] * 30, ("order",)),
        ([Game("a", "b", "first")], ("few", "order")),
        ([Game("a", "b", "tie"), Game("b", "c", "tie"), Game("c", "a", "tie")] * 30, ()),
        ([Game("a", "b", "tie"), Game("b", "c", "tie")] * 50, ("order",)),
    ],
)
def test_a_ranking_says_why_it_is_too_thin(games: list[Game], thin: tuple[str, ...]) -> None:
    found = ranked(games)
    assert (found.thin, found.enough) == (thin, not thin)


@pytest.mark.slow
@settings(max_examples=30)
@given(Played, some.randoms())
def test_neither_the_order_of_votes_nor_the_names_change_anything(
    played: list[tuple[str, str]], chance: Random
) -> None:
    games = [Game(pair[0], pair[1], outcome) for pair, outcome in played]  # type: ignore[arg-type]
    one = ranked(games)
    chance.shuffle(games)
    assert ranked(games) == one
    other = ranked([Game(ord(a), ord(b), outcome) for a, b, outcome, _ in games])  # type: ignore[arg-type]
    assert [each.strength for each in other.standings] == [each.strength for each in one.standings]


@pytest.mark.slow
@settings(max_examples=30)
@given(Played)
def test_strengths_have_mean_nought_and_lie_in_their_intervals(
    played: list[tuple[str, str]],
) -> None:
    found = ranked([Game(pair[0], pair[1], outcome) for pair, outcome in played])  # type: ignore[arg-type]
    assert sum(each.strength.value for each in found.standings) == pytest.approx(0, abs=1e-6)
    for each in found.standings:
        assert each.strength.low <= each.strength.value <= each.strength.high
        assert 0 <= each.preferred.low <= each.preferred.value <= each.preferred.high <= 1
        assert each.wins + each.losses + each.ties == each.n
    assert sum(each.n for each in found.standings) == 2 * found.n == 2 * len(played)


def test_labels_may_be_anything_that_can_be_a_key() -> None:
    found = ranked([Game(("m", 1), None, "first"), Game(None, 7, "tie"), Game(7, ("m", 1), "tie")])
    assert {each.player for each in found.standings} == {("m", 1), None, 7}


@pytest.mark.parametrize(
    ("game", "words"),
    [(Game("a", "a", "first"), "'a' against 'a'"), (Game("a", "b", "bad"), "bad")],  # type: ignore[arg-type]
)
def test_what_is_no_vote_is_refused(game: Game, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        bradley_terry([game])


def test_of_no_votes_nothing_is_told() -> None:
    assert bradley_terry([]) is None


@pytest.mark.slow
def test_twenty_players_are_ranked() -> None:
    rng = np.random.default_rng(6)
    strength = np.linspace(2, -2, 20)
    drawn: Callable[[], Game] = lambda: _vote(rng, strength)  # noqa: E731
    found = ranked([drawn() for _ in range(4000)])
    told = {each.player: each.strength.value for each in found.standings}
    assert np.corrcoef([told[place] for place in range(20)], strength)[0, 1] > 0.98
    assert found.standings[0].rank == 1
    assert len(found.standings) == 20


def _vote(
    rng: np.random.Generator, strength: "np.ndarray[tuple[int], np.dtype[np.float64]]"
) -> Game:
    one, other = rng.choice(len(strength), 2, replace=False)
    weights = np.exp([strength[one], strength[other], (strength[one] + strength[other]) / 2])
    outcome = rng.choice(["first", "second", "tie"], p=weights / weights.sum())
    return Game(int(one), int(other), str(outcome))  # type: ignore[arg-type]
