"""A ranking from votes between two: strengths with ties and position effect, and whether it holds.

In: games, each with who was shown first, who second, and what was said; "both bad" is the caller's to
leave out or to count as a tie. Out: a ``Ranking`` with 95 % bootstrap intervals, always the same for
the same games in whatever order.
"""

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from core.statistics.davidson import PRIOR, design, fit, spread
from core.statistics.shares import Z95

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

Outcome = Literal["first", "second", "tie"]
OUTCOMES: tuple[Outcome, ...] = ("first", "second", "tie")
DRAWS = 1000  # samples of votes; Efron & Tibshirani (1993) advise 1000 and more
SEED = 20_240_607  # any: the same votes must give the same intervals
LEAST = 50  # votes a player needs: so many show a preference of 70 to 30 (see ``bradley_terry``)
LEAST_CLUSTERS = 10  # below, drawing clusters anew tells too little: votes are drawn


class Game(NamedTuple):
    """One vote. ``cluster``: votes that hang together (of one question, or one person), if told."""

    first: Hashable
    second: Hashable
    outcome: Outcome
    cluster: Hashable = None


class Interval(NamedTuple):
    """A figure with the ends of its 95 % interval."""

    value: float
    low: float
    high: float


class Standing(NamedTuple):
    """A player: ``strength`` on the log scale (mean of all 0), ``preferred`` the share of votes
    other than ties that it is to win against one of average strength. ``rank`` is 1 + how many are
    surely stronger (the interval of the difference lies above 0, pair by pair, uncorrected), so
    that ranks may be shared.
    ``enough``: it has LEAST votes."""

    player: Any
    strength: Interval
    preferred: Interval
    rank: int
    n: int
    wins: int
    losses: int
    ties: int
    enough: bool


class Meeting(NamedTuple):
    """Two players, the stronger first: their votes, and the share of votes other than ties that the
    first is to win. ``sure``: its interval lies above a half."""

    one: Any
    other: Any
    n: int
    one_wins: int
    other_wins: int
    ties: int
    difference: Interval
    preferred: Interval
    sure: bool


class Ranking(NamedTuple):
    """Standings, strongest first. ``tie_share``: how often two alike are told a tie. ``position``:
    the share of votes other than ties that the one shown first wins of two alike (0.5: no bias), as
    ``position_log`` on the log scale. ``clear``: the first is surely stronger than the second.
    ``thin``: why it is too thin to rank (THIN); ``enough``: it is not."""

    standings: tuple[Standing, ...]
    meetings: tuple[Meeting, ...]
    tie_share: float
    position: Interval
    position_log: Interval
    biased: bool
    n: int
    clusters: int
    clear: bool
    thin: tuple[str, ...]
    enough: bool


THIN = ("few", "disconnected", "order")  # why a ranking is too thin: see ``bradley_terry``


def bradley_terry(games: Iterable[Game], prior: float = PRIOR) -> Ranking | None:
    """The ranking of all players of the games by Davidson's model; None where there is no game.

    Intervals: percentiles of DRAWS samples of votes, or of clusters of votes where LEAST_CLUSTERS
    are told (B. Efron & R. J. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13). Where
    the samples hardly differ because somebody won everything, the curvature of the model stands in.

    Too thin (``thin``): "few", a player has fewer than LEAST votes: 47 show a true preference of 70
    to 30 in 8 of 10 cases (normal approximation of the binomial test at 5 %; J. L. Fleiss et al.,
    Statistical Methods for Rates and Proportions, 2003, 2.6); "disconnected", the players fall into
    groups that never met, so that nothing orders them (L. R. Ford, American Mathematical Monthly 64
    (1957), 28-33); "order", who stood first was always the same in such a way that strength
    and place cannot be told apart (as parameters of the model, by the rank of its design). Raises ValueError for a game against oneself or an unknown outcome.
    """
    votes = _Votes(games)
    if not votes.n:
        return None
    rows = design(votes.cells, len(votes.players))
    best = fit(rows, votes.counts[None], prior)[0]
    drawn = fit(rows, votes.drawn(), prior, start=best)
    return _Told(votes, best, drawn, spread(rows, votes.counts, best, prior)).ranking()


class _Votes:
    """The games, counted: for each ordered pair (cell) how often first, second, tie."""

    def __init__(self, games: Iterable[Game]) -> None:
        self.games = Counter(Game(*game) for game in games)
        for game in self.games:
            if game.first == game.second or game.outcome not in OUTCOMES:
                raise ValueError(f"{game.first!r} against {game.second!r}: {game.outcome!r}")
        met = {(game.first, game.second) for game in self.games}
        self.players: list[Any] = sorted({each for pair in met for each in pair}, key=_order)
        at = {player: place for place, player in enumerate(self.players)}
        self.cells = sorted((at[one], at[other]) for one, other in met)
        self.n = sum(self.games.values())
        self.clusters = len({game.cluster for game in self.games})
        self.patterns, self.occur = self._patterns(at)
        self.counts = (self.patterns.T @ self.occur).reshape(-1, 3)
        self.wins, self.ties = self._met()

    def _patterns(self, at: dict[Any, int]) -> tuple[Any, "Array"]:
        """What the votes of a cluster say (a sparse matrix: patterns, cells times 3), and how many
        clusters say just this."""
        import numpy as np
        from scipy.sparse import csr_array

        cell = {pair: place for place, pair in enumerate(self.cells)}
        said: dict[Any, list[tuple[int, int, int]]] = {}
        for game, n in self.games.items():
            where = cell[at[game.first], at[game.second]]
            said.setdefault(game.cluster, []).append((where, OUTCOMES.index(game.outcome), n))
        found = sorted(Counter(tuple(sorted(votes)) for votes in said.values()).items())
        rows = [row for row, (votes, _times) in enumerate(found) for _vote in votes]
        places = [3 * where + outcome for votes, _times in found for where, outcome, _n in votes]
        counts = [float(n) for votes, _times in found for _where, _outcome, n in votes]
        shape = (len(found), 3 * len(self.cells))
        patterns = csr_array((counts, (rows, places)), shape=shape)
        return patterns, np.array([times for _votes, times in found])

    def _met(self) -> tuple["Array", "Array"]:
        """How often each player won against each other, and how often both were alike."""
        import numpy as np

        wins, ties = np.zeros((2, len(self.players), len(self.players)), dtype=int)
        for (first, second), (won, lost, tied) in zip(self.cells, self.counts, strict=True):
            wins[first, second] += int(won)
            wins[second, first] += int(lost)
            ties[[first, second], [second, first]] += int(tied)
        return wins, ties

    def drawn(self) -> "Array":
        """DRAWS samples of the counts: of clusters, or of votes where too few clusters are told."""
        import numpy as np

        rng, shape = np.random.default_rng(SEED), (DRAWS, *self.counts.shape)
        if self.clusters >= LEAST_CLUSTERS:
            picked = rng.multinomial(self.clusters, self.occur / self.clusters, size=DRAWS)
            return (self.patterns.T @ picked.T).T.reshape(shape)
        flat = self.counts.ravel()
        return rng.multinomial(self.n, flat / self.n, size=DRAWS).astype(float).reshape(shape)

    def thin(self) -> tuple[str, ...]:
        """Why these votes are too thin to rank."""
        import numpy as np

        told = (self.wins + self.wins.T + self.ties).sum(axis=1)
        groups, size = self._groups(), len(self.players)
        sides = [np.eye(size)[one] - np.eye(size)[other] for one, other in self.cells]
        with_place = np.column_stack([sides, np.ones(len(sides))])
        found = {
            "few": int(told.min()) < LEAST,
            "disconnected": groups > 1,
            "order": int(np.linalg.matrix_rank(with_place)) <= size - groups,
        }
        return tuple(reason for reason in THIN if found[reason])

    def _groups(self) -> int:
        """Into how many groups the players fall that never met."""
        left, groups = set(range(len(self.players))), 0
        while left:
            waiting = [left.pop()]
            groups += 1
            while waiting:
                at = waiting.pop()
                near = {one + other - at for one, other in self.cells if at in (one, other)} & left
                waiting.extend(near)
                left -= near
        return groups


class _Told:
    """The fitted parameters, put into a ranking."""

    def __init__(self, votes: _Votes, best: "Array", drawn: "Array", spread: "Array") -> None:
        self.votes, self.best, self.drawn, self.spread = votes, best, drawn, spread
        self.size = len(votes.players)

    def ranking(self) -> Ranking:
        import numpy as np

        order = sorted(range(self.size), key=lambda player: -self.best[player])
        place = self.interval(self._of(self.size))
        surely = np.array([[self.gap(i, j).low > 0 for j in order] for i in order])
        tie = float(np.exp(self.best[-1]))
        thin = self.votes.thin()
        return Ranking(
            standings=tuple(
                self.standing(player, 1 + int(surely[:, at].sum()))
                for at, player in enumerate(order)
            ),
            meetings=tuple(
                self.meeting(one, other)
                for at, one in enumerate(order)
                for other in order[at + 1 :]
                if any(self.met(one, other))
            ),
            tie_share=tie / (2 + tie),
            position=_share(place),
            position_log=place,
            biased=not place.low <= 0 <= place.high,
            n=self.votes.n,
            clusters=self.votes.clusters,
            clear=bool(surely[0, 1]),
            thin=thin,
            enough=not thin,
        )

    def standing(self, player: int, rank: int) -> Standing:
        votes = self.votes
        wins, losses = int(votes.wins[player].sum()), int(votes.wins[:, player].sum())
        ties = int(votes.ties[player].sum())
        n = wins + losses + ties
        strength = self.interval(self._of(player) - self._mean())
        name = votes.players[player]
        return Standing(name, strength, _share(strength), rank, n, wins, losses, ties, n >= LEAST)

    def met(self, one: int, other: int) -> tuple[int, int, int]:
        """How often ``one`` won, ``other`` won, and both were alike, in either order."""
        wins, ties = self.votes.wins, self.votes.ties
        return int(wins[one, other]), int(wins[other, one]), int(ties[one, other])

    def meeting(self, one: int, other: int) -> Meeting:
        wins, losses, ties = self.met(one, other)
        gap, names = self.gap(one, other), self.votes.players
        n = wins + losses + ties
        return Meeting(
            names[one], names[other], n, wins, losses, ties, gap, _share(gap), gap.low > 0
        )

    def gap(self, one: int, other: int) -> Interval:
        return self.interval(self._of(one) - self._of(other))

    def _of(self, place: int) -> "Array":
        import numpy as np

        return np.eye(len(self.best))[place]

    def _mean(self) -> "Array":
        """What makes the mean of the strengths: it is 0, and no sample may move it."""
        import numpy as np

        return np.append(np.full(self.size, 1 / self.size), [0.0, 0.0])

    def interval(self, weights: "Array") -> Interval:
        """Of a sum of parameters: the percentiles of the samples; by the curvature where they vary
        less than half as much as it says."""
        import numpy as np

        value, error = float(self.best @ weights), float(np.sqrt(weights @ self.spread @ weights))
        sums = self.drawn @ weights
        if sums.std() < error / 2:
            return Interval(value, value - Z95 * error, value + Z95 * error)
        low, high = np.percentile(sums, [2.5, 97.5])
        return Interval(value, min(float(low), value), max(float(high), value))


def _share(logs: Interval) -> Interval:
    """From the log scale to a share of votes."""
    from scipy.special import expit

    return Interval(*(float(expit(each)) for each in logs))


def _order(value: Any) -> tuple[str, Any]:
    """Sorts anything: by type first."""
    return type(value).__name__, value if isinstance(value, int | float | str) else repr(value)
