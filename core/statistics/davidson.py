"""Davidson's model of votes: who is preferred, when both are alike, and what standing first is worth.

With strengths s (on the log scale), first and second shown: the first wins in proportion to
exp(s_first + position / 2), the second to exp(s_second - position / 2), and a tie to
ties * exp((s_first + s_second) / 2). R. R. Davidson, "On extending the Bradley-Terry model to
accommodate ties in paired comparison experiments", Journal of the American Statistical Association
65 (1970), 317-328; the effect of the order by R. R. Davidson and R. J. Beaver, Biometrics 33 (1977),
693-702, written so that both orders are treated alike. In: counts of outcomes for each ordered pair.
Out: the parameters (strengths, position, log of ties), for many samples of counts at once.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

PRIOR = (
    3.0  # the deviation of the normal prior of each parameter: weak, one to twenty is within reach
)
STEPS = 500  # of Newton at most; a dozen is usual
HALVINGS = 20  # of a step at most


def design(cells: list[tuple[int, int]], players: int) -> "Array":
    """For each ordered pair and outcome (first, second, tie) what each parameter counts: a cube."""
    import numpy as np

    rows = np.zeros((len(cells), 3, players + 2))
    for row, (first, second) in zip(rows, cells, strict=True):
        row[0, first] = row[1, second] = 1.0
        row[2, first] = row[2, second] = 0.5
        row[0, players], row[1, players] = 0.5, -0.5
        row[2, players + 1] = 1.0
    return rows


def fit(
    rows: "Array", counts: "Array", prior: float = PRIOR, start: "Array | None" = None
) -> "Array":
    """The parameters that fit each sample of counts (samples, pairs, 3) best, a row each.

    The prior (normal, mean 0, deviation ``prior``) keeps them finite where a player won everything,
    and sets the mean of the strengths to 0. The sum to be made largest is concave: Newton finds it,
    sooner from a good ``start``.
    """
    import numpy as np

    found = np.zeros((len(counts), rows.shape[2])) + (0 if start is None else start)
    for _step in range(STEPS):
        slope, curve = _derivatives(rows, counts, found, prior)
        move = np.linalg.solve(curve, slope[:, :, None])[:, :, 0]
        largest = np.abs(move).max(axis=1, keepdims=True)
        found = _uphill(
            rows, counts, found, move * np.minimum(1, 2 / np.maximum(largest, 1)), prior
        )
        if largest.max() < 1e-6:
            break
    return found


def spread(rows: "Array", counts: "Array", found: "Array", prior: float = PRIOR) -> "Array":
    """The covariances of the parameters of one sample, from the curvature at the best fit."""
    import numpy as np

    _slope, curve = _derivatives(rows, counts[None], found[None], prior)
    return np.linalg.inv(curve[0])


def chances(rows: "Array", found: "Array") -> "Array":
    """The probability of each outcome (samples, pairs, 3)."""
    import numpy as np

    return np.exp(_logs(rows, found))


def _logs(rows: "Array", found: "Array") -> "Array":
    """The logs of the probabilities."""
    import numpy as np

    samples, (pairs, outcomes, params) = len(found), rows.shape
    logs = (found @ rows.reshape(-1, params).T).reshape(samples, pairs, outcomes)
    logs -= logs.max(axis=2, keepdims=True)
    return logs - np.log(np.exp(logs).sum(axis=2, keepdims=True))


def _uphill(rows: "Array", counts: "Array", found: "Array", move: "Array", prior: float) -> "Array":
    """The parameters after the move, which is halved where it would lead down."""
    import numpy as np

    before = _height(rows, counts, found, prior)
    slack = 1e-9 * (1 + np.abs(before))
    for _half in range(HALVINGS):
        down = _height(rows, counts, found + move, prior) < before - slack
        if not down.any():
            break
        move = np.where(down[:, None], move / 2, move)
    return found + move


def _height(rows: "Array", counts: "Array", found: "Array", prior: float) -> "Array":
    """The log of likelihood and prior, for each sample."""
    return (counts * _logs(rows, found)).sum(axis=(1, 2)) - (found**2).sum(axis=1) / (2 * prior**2)


def _derivatives(
    rows: "Array", counts: "Array", found: "Array", prior: float
) -> tuple["Array", "Array"]:
    """Of the log of likelihood and prior: the slope, and the curvature with its sign turned."""
    import numpy as np
    from scipy.sparse import csr_array

    samples, params = found.shape
    votes = counts.sum(axis=2)
    expected = chances(rows, found) * votes[:, :, None]
    flat = rows.reshape(-1, params)
    slope = (counts - expected).reshape(samples, -1) @ flat - found / prior**2
    squares = csr_array((flat[:, :, None] * flat[:, None, :]).reshape(-1, params**2))  # few not 0
    second = (squares.T @ expected.reshape(samples, -1).T).T.reshape(samples, params, params)
    means = expected.transpose(1, 0, 2) @ rows / np.sqrt(np.maximum(votes, 1e-300)).T[..., None]
    curve = second - means.transpose(1, 2, 0) @ means.transpose(1, 0, 2) + np.eye(params) / prior**2
    return slope, curve
