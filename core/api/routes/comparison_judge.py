"""A run's judge model: ``/evaluation-runs/{id}/judge``, and what it said of a comparison."""

from typing import Annotated

from fastapi import APIRouter, Body, Path

from core import comparison
from core.api.errors import answers
from core.api.schemas import Id, List
from core.api.schemas.comparison_judge import JudgeEstimate, JudgeOpinion, Judging, NewJudge
from core.api.waiting import waited
from core.comparison import judge_saying
from core.db import tables as rows
from core.i18n import _

router = APIRouter(tags=["evaluation"])
RunId = Annotated[Id, Path(description="The run's id.")]
ComparisonId = Annotated[Id, Path(description="The comparison's id.")]
BODY = (404, 413, 415)


@router.post(
    "/evaluation-runs/{run_id}/judge",
    summary="Let a model judge a run",
    status_code=202,
    responses=answers(*BODY),
)
def begin(run_id: RunId, body: Annotated[NewJudge, Body()]) -> Judging:
    """The background asks it once all answers are there, and again for what failed before."""
    comparison.begin_judge(run_id, body.model, body.repetitions)
    return _told(run_id)


@router.post(
    "/evaluation-runs/{run_id}/judge/estimate",
    summary="What judging will take",
    responses=answers(*BODY),
)
def estimate(run_id: RunId, body: Annotated[NewJudge, Body()]) -> JudgeEstimate:
    """Calls, time and cost; nobody is asked."""
    found = comparison.estimate_judge(run_id, body.model, body.repetitions)
    return JudgeEstimate.model_validate(found)


@router.post(
    "/evaluation-runs/{run_id}/judge/stop", summary="Stop its judge", responses=answers(404)
)
def stop(run_id: RunId) -> Judging:
    """Nothing more is asked; what was said stays."""
    comparison.stop_judge(run_id)
    return _told(run_id)


@router.get("/evaluation-runs/{run_id}/judge", summary="Its judge's worth", responses=answers(404))
def judging(run_id: RunId) -> Judging:
    """How far it is, how much the order of showing swayed it, and how far people agree."""
    return _told(run_id)


@router.post(
    "/comparisons/{comparison_id}/opinions",
    summary="Let a model judge a comparison",
    responses=answers(404, 409, 413, 415),
)
async def judge_one(
    comparison_id: ComparisonId, body: Annotated[NewJudge, Body()]
) -> List[JudgeOpinion]:
    """Which is better in both orders, and the rubric of each side: the call takes as long as the model.
    What it said before is not asked again."""

    def asked() -> list[rows.JudgeOpinion]:
        comparison.judge_one(comparison_id, body.model, body.repetitions)
        return comparison.judge_opinions(comparison_id)

    return _listed(await waited(asked))


@router.get(
    "/comparisons/{comparison_id}/opinions",
    summary="What judges said of a comparison",
    responses=answers(404),
)
def opinions(comparison_id: ComparisonId) -> List[JudgeOpinion]:
    """Oldest first, and also each time there came nothing that could be used."""
    return _listed(comparison.judge_opinions(comparison_id))


def _listed(found: list[rows.JudgeOpinion]) -> List[JudgeOpinion]:
    return List[JudgeOpinion](data=[JudgeOpinion.model_validate(row) for row in found])


def _told(run_id: str) -> Judging:
    found = comparison.judging(run_id)
    told = Judging.model_validate(found)
    told.lines = judge_saying.lines(found)
    if told.agreement:
        told.agreement.kappa_words = _(told.agreement.kappa_words)
        told.agreement.rho_words = _(told.agreement.rho_words)
    return told
