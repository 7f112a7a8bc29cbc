"""Evaluation runs, their verdicts and gates: ``/evaluation-runs``, ``/gates``."""

from typing import Annotated, Literal

from fastapi import APIRouter, Body, File, Form, Path, Query, Response, UploadFile

from core import assistants, comparison
from core.api.errors import answers
from core.api.schemas import Id, List, Named, Text
from core.api.schemas import evaluation as shapes
from core.api.schemas.evaluation import EstimateShown, Run, RunLine, Uploaded
from core.api.schemas.evaluation_found import ChangesShown, SlicesShown, VerdictShown
from core.api.schemas.evaluation_gate import (
    GateShown,
    NewRules,
    OwnInputs,
    ReturnsShown,
    RulesShown,
)
from core.comparison.changes import STEP, changes
from core.comparison.gate import check_gate, gate, results, set_gate
from core.comparison.report import card, page
from core.comparison.returns import gain, returns
from core.db.tables import EvaluationRun

router = APIRouter(tags=["evaluation"])
RunId = Annotated[Id, Path(description="The run's id.")]
OfAssistant = Annotated[Named, Path(description="An assistant, by id or by name.")]
BODY = (404, 413, 415)
ATTACHED = {"Content-Disposition": "attachment"}  # never shown under our own address
TEXTS = {
    "text/html": {"schema": {"type": "string"}},
    "text/markdown": {"schema": {"type": "string"}},
}


@router.post("/evaluation-runs", summary="Begin a run", status_code=201, responses=answers(*BODY))
def begin(body: Annotated[shapes.NewRun, Body()]) -> Run:
    """Both versions answer every question in the background; follow it under its id."""
    asked, source, is_sample = shapes.chosen(body, assistants.chosen(body.assistant))
    return _run(comparison.start(asked, **body.told(), source=source, is_sample=is_sample))


@router.post(
    "/evaluation-runs/upload",
    summary="Begin a run with a file",
    status_code=201,
    responses=answers(404, 413),
)
def upload(
    file: Annotated[UploadFile, File(description="JSON Lines or CSV with a field `question`.")],
    assistant: Annotated[Named | None, Form()] = None,
    a: Annotated[Text, Form(max_length=200)] = "",
    b: Annotated[Text, Form(max_length=200)] = "",
    name: Annotated[Text, Form(max_length=120)] = "",
) -> Uploaded:
    """The same with the questions of a file; lines that are wrong are named, and nothing begins."""
    asked, unused = comparison.read_and_unused(file.filename or "", file.file.read())
    row = comparison.start(
        asked, assistant=assistant, a=a.strip(), b=b.strip(), name=name, source=file.filename or ""
    )
    return Uploaded(**_run(row).model_dump(), unused=list(unused))


@router.post("/evaluation-runs/estimate", summary="What a run will take", responses=answers(*BODY))
def estimate(body: Annotated[shapes.NewEstimate, Body()]) -> EstimateShown:
    """Time and cost before it begins, and on how many measured answers that rests."""
    found = comparison.estimate(**body.model_dump())
    return EstimateShown.model_validate(found)


@router.get("/evaluation-runs", summary="Runs, newest first", responses=answers(404))
def listing(
    assistant: Annotated[Named | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> List[RunLine]:
    """Those of one assistant, or of all."""
    of = assistants.chosen(assistant).id if assistant else ""
    rows = comparison.runs(of, limit=limit)
    return List[RunLine](data=[RunLine.model_validate(row) for row in rows])


@router.get("/evaluation-runs/{run_id}", summary="One run", responses=answers(404))
def one(run_id: RunId) -> Run:
    """As it stands, with its progress."""
    return _run(comparison.run(run_id))


@router.get("/evaluation-runs/{run_id}/verdict", summary="Its verdict", responses=answers(404))
def verdict(
    run_id: RunId,
    scorer: Annotated[list[Text], Query(max_length=60)] = [],  # noqa: B006
) -> VerdictShown:
    """May be looked at while the run is at work: claims then hold however often one looks."""
    return VerdictShown.of(comparison.verdict(run_id, scorer))


@router.get("/evaluation-runs/{run_id}/slices", summary="Its slices", responses=answers(404))
def slices(run_id: RunId) -> SlicesShown:
    """The differences by topic, language, length, and what a question is, with their warning."""
    return SlicesShown.of(comparison.slices(run_id))


@router.get("/evaluation-runs/{run_id}/changes", summary="Single questions", responses=answers(404))
def changed(
    run_id: RunId, step: Annotated[float, Query(gt=0, le=1, allow_inf_nan=False)] = STEP
) -> ChangesShown:
    """What b lost and won: pass or fail turned, or another metric moved by `step` at least."""
    return ChangesShown.model_validate(changes(run_id, step))


@router.get("/evaluation-runs/{run_id}/gate", summary="At the gate", responses=answers(404))
def gate_results(run_id: RunId) -> List[GateShown]:
    """What came of it so far, the newest first."""
    return List[GateShown](data=[GateShown.of(row) for row in results(run_id)])


@router.post("/evaluation-runs/{run_id}/gate", summary="Hold it against", responses=answers(404))
def hold(run_id: RunId) -> GateShown:
    """The rules that hold now, and store what comes of it; the same again stores nothing."""
    return GateShown.of(check_gate(run_id))


@router.get(
    "/evaluation-runs/{run_id}/returns", summary="Return on investment", responses=answers(404)
)
def returned(run_id: RunId, own: Annotated[OwnInputs, Query()]) -> ReturnsShown:
    """What going from a to b costs and saves; every input may be changed, each has its source."""
    row, told = comparison.run(run_id), own.model_dump(exclude_none=True)
    return ReturnsShown.of(returns(row, gain(comparison.verdict(run_id)), told))


@router.get("/gates/{assistant}", summary="The rules of a gate", responses=answers(404))
def rules(assistant: OfAssistant) -> RulesShown:
    """Those that hold, or the usual ones where nobody has set any."""
    return RulesShown.of(gate(assistants.chosen(assistant).id))


@router.put("/gates/{assistant}", summary="Other rules", responses=answers(*BODY))
def change_rules(assistant: OfAssistant, body: Annotated[NewRules, Body()]) -> RulesShown:
    """From now on; those before stay with what was held against them."""
    return RulesShown.of(set_gate(assistants.chosen(assistant).id, body.model_dump()))


@router.get(
    "/evaluation-runs/{run_id}/report",
    summary="A report to hand on",
    responses={**answers(404), 200: {"content": TEXTS}},
)
def report(run_id: RunId, format: Literal["html", "md"] = "html") -> Response:
    """One HTML file that needs no server, or the evaluation part of a model card in Markdown."""
    text, kind = (page.html, "html") if format == "html" else (card.markdown, "markdown")
    return Response(text(run_id), media_type=f"text/{kind}", headers=ATTACHED)


@router.post("/evaluation-runs/{run_id}/cancel", summary="Cancel it", responses=answers(404))
def cancel(run_id: RunId) -> Run:
    """Nothing more is asked; what was answered stays."""
    return _run(comparison.cancel(run_id))


@router.post("/evaluation-runs/{run_id}/resume", summary="Go on", responses=answers(404, 409))
def resume(run_id: RunId) -> Run:
    """With a run that was cancelled or failed; what was answered is not asked again."""
    return _run(comparison.resume(run_id))


@router.delete(
    "/evaluation-runs/{run_id}",
    summary="Remove a run",
    status_code=204,
    responses=answers(404, 409),
)
def remove(run_id: RunId) -> Response:
    """With its comparisons, answers, votes, opinions and results."""
    comparison.remove_run(run_id)
    return Response(status_code=204)


def _run(row: EvaluationRun) -> Run:
    return Run.told(row, comparison.progress(row.id))
