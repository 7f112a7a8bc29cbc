"""What a judge model and people said of an answer: read from what is stored, nobody is asked here.

In: an example. Out: 0 to 1; None where nobody said anything.
"""

from core.comparison import human, judge_scores
from core.comparison.scorers.kinds import Scorer
from core.comparison.types import Example
from core.i18n import N_


def judge_rubric(example: Example) -> float | None:
    """The mean of a judge's rubric scores."""
    return judge_scores.of_answer(example.message_id, judge_scores.RUBRIC)


def judge_pairwise(example: Example) -> float | None:
    """The share of a judge's choices that the answer won."""
    return judge_scores.of_answer(example.message_id, judge_scores.PAIRWISE)


def human_score(example: Example) -> float | None:
    """What people said of the answer."""
    return human.of_answer(example.message_id)


SCORERS = (
    Scorer(
        human.SCORER,
        N_("People"),
        N_("What people said: blind votes, else reviewers' judgements and thumbs."),
        human_score,
        primary=True,
    ),
    Scorer(
        judge_scores.SCORERS[judge_scores.PAIRWISE],
        N_("Judge's choice"),
        N_("Share of a judge model's choices won in both orders of showing; ties count half."),
        judge_pairwise,
        primary=True,
    ),
    Scorer(
        judge_scores.SCORERS[judge_scores.RUBRIC],
        N_("Judge's rubric"),
        N_("Mean of the scores that a judge model gave by the rubric."),
        judge_rubric,
    ),
)
