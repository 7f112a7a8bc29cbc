"""Figures of conversations and answers: ``/metrics``. What narrows them is the same everywhere."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from core import assistants, metrics
from core.api.errors import answers
from core.api.schemas import Id, Line, List, Named
from core.api.schemas.metrics import (
    Against,
    Behind,
    Breakdown,
    By,
    Figure,
    Format,
    Grain,
    Mark,
    Measure,
    MeasureName,
    NewSettings,
    Overview,
    Series,
    Settings,
    Topic,
    Topics,
    Unanswered,
    Word,
)
from core.i18n import _
from core.metrics import exporting, naming, words
from core.metrics.measures import MEASURES

router = APIRouter(prefix="/metrics", tags=["metrics"])
CSV = "text/csv"
TABLE: dict[int | str, dict[str, Any]] = {
    **answers(404),
    200: {"content": {CSV: {"schema": {"type": "string"}}}},
}
MOST = 1000


def wanted(
    period: Annotated[
        Line,
        Query(
            description="24h, 7d, 30d, 90d, 365d, this-month, last-month, all, or two days.",
            examples=["30d", "2026-03-01..2026-03-31"],
        ),
    ] = "30d",
    assistant: Annotated[Named | None, Query()] = None,
    version: Annotated[Id | None, Query(description="Id of the version that answered.")] = None,
    channel: Annotated[Word, Query()] = "",
    mode: Annotated[Word, Query(description="How it was answered.")] = "",
    tier: Annotated[Word, Query(description="Of the asker.")] = "",
    language: Annotated[Word, Query(description="Of the answer.", examples=["pt"])] = "",
    data: Annotated[Word, Query(description="`real` or `sample`; else both.")] = "",
    topic: Annotated[Word, Query(description="Its id.")] = "",
    document: Annotated[Word, Query(description="Id of a cited one.")] = "",
    outcome: Annotated[Word, Query(examples=["answered", "not_found"])] = "",
    weekday: Annotated[Word, Query(description="0 (Monday) to 6.")] = "",
    hour: Annotated[Word, Query(description="0 to 23.")] = "",
) -> metrics.View:
    """What the figures are of. What is left out does not matter."""
    return metrics.View(
        period=period,
        assistant=assistants.chosen(assistant).id if assistant else "",
        version=version or "",
        channel=channel,
        mode=mode,
        tier=tier,
        language=language,
        data=data,
        topic=topic,
        document=document,
        outcome=outcome,
        weekday=weekday,
        hour=hour,
    )


Which = Annotated[metrics.View, Depends(wanted)]
Of = Annotated[MeasureName, Query()]
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
As = Annotated[Format | None, Query(description="csv, or what `Accept` asks for.")]


@router.get("/measures", summary="Measures", responses=answers())
def measures() -> List[Measure]:
    """What can be asked for: its meaning, its unit, which way is better, and its target."""
    targets = metrics.settings().targets
    return List[Measure](data=[_measure(one, targets) for one in MEASURES.values()])


@router.get("/overview", summary="All figures of a view", responses=answers(404))
def overview(
    which: Which,
    measure: Annotated[list[MeasureName] | None, Query(max_length=100)] = None,
) -> Overview:
    """Every measure (or those named) with its interval, its n, the time before and its target."""
    figures = metrics.overview(which, measure or ())
    span = which.span()
    return Overview(
        view=which.said(),
        since=span.since,
        until=span.until,
        data=[Figure(**words.plain(one)) for one in figures],
        against=[_against(one) for one in metrics.against(which)],
    )


def _against(one: metrics.Held) -> Against:
    return Against(
        measure=one.measure,
        now=one.now.value,
        now_n=one.now.n,
        baseline=one.then.value,
        baseline_n=one.then.n,
        change=one.change,
        target=one.target,
        met=one.met,
        thin=one.thin,
    )


@router.get("/series", summary="A measure over time", responses=TABLE, response_model=Series)
def series(
    request: Request, measure: Of, which: Which, grain: Grain = "", format: As = None
) -> Any:
    """By hour, day, week or month (left out: what fits the period); also as CSV."""
    points = metrics.series(measure, which, grain)
    if _csv(request, format):
        return _file(measure, exporting.series_csv(measure, points))
    return _told(measure) | {"data": [{"at": one.at} | _value(one.figure) for one in points]}


@router.get(
    "/breakdown",
    summary="A measure by what answers share",
    responses=TABLE,
    response_model=Breakdown,
)
def breakdown(
    request: Request, measure: Of, by: By, which: Which, limit: Limit = 100, format: As = None
) -> Any:
    """By assistant, version, model, channel, topic, document, weekday, hour, ...; also as CSV."""
    rows = metrics.breakdown(measure, by, which)
    shown = rows[:limit]
    names = naming.names(by, [row.key for row in shown])
    if _csv(request, format):
        return _file(f"{measure}-{by}", exporting.breakdown_csv(measure, by, shown, names))
    data = [{"key": row.key, "name": names[row.key]} | _value(row.figure) for row in shown]
    return _told(measure) | {"by": by, "total": len(rows), "data": data}


@router.get("/topics", summary="What people ask about", responses=answers(404))
def topics(which: Which, limit: Limit = 100) -> Topics:
    """Groups of questions, with how often they were asked and how content people were."""
    rows = metrics.topics(which)[:limit]
    data = [_topic(one) for one in rows]
    return Topics(data=data, why="" if rows else metrics.no_topics(which))


@router.get("/unanswered", summary="Questions without an answer", responses=answers(404))
def unanswered(which: Which, limit: Annotated[int, Query(ge=1, le=500)] = 50) -> List[Unanswered]:
    """In groups of like ones, the most asked first: what the documents lack."""
    rows = metrics.unanswered(which, limit)
    return List[Unanswered](data=[Unanswered.model_validate(asdict(one)) for one in rows])


@router.get("/marks", summary="What happened meanwhile", responses=answers(404))
def marks(which: Which) -> List[Mark]:
    """Changes of documents and versions in the period, oldest first; the last 200."""
    return List[Mark](data=[Mark.model_validate(one) for one in metrics.marks(which)])


@router.get("/behind", summary="Conversations behind a figure", responses=answers(404))
def behind(measure: Of, which: Which, limit: Annotated[int, Query(ge=1, le=500)] = 50) -> Behind:
    """The newest of them: those that make the figure bad where that can be said, else all."""
    told = metrics.behind(measure, which, limit)
    return Behind(n=told.n, data=told.conversations)  # type: ignore[arg-type]


@router.get("/settings", summary="Targets and currency", responses=answers())
def settings() -> Settings:
    """What holds now."""
    return Settings.model_validate(metrics.settings())


@router.put("/settings", summary="Set targets and currency", responses=answers(413, 415))
def set_settings(body: NewSettings) -> Settings:
    """Set what is named; the rest stays."""
    return Settings.model_validate(metrics.set_settings(**body.said()))


def _measure(one: metrics.Measure, targets: dict[str, float]) -> Measure:
    told = {name: getattr(one, name) for name in ("name", "unit", "better", "of", "by")}
    said = {"title": _(one.title), "meaning": _(one.meaning)}
    return Measure.model_validate(told | said | {"target": targets.get(one.name)})


def _topic(one: metrics.TopicRow) -> Topic:
    return Topic.model_validate(vars(one) | {"satisfaction": words.plain(one.satisfaction)})


def _told(name: str) -> dict[str, Any]:
    one = MEASURES[name]
    return {"measure": name, "title": _(one.title), "unit": one.unit}


def _value(one: metrics.Figure) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("value", "low", "high", "n", "thin")}


def _csv(request: Request, format: str | None) -> bool:
    return format == "csv" or (format is None and CSV in request.headers.get("accept", ""))


def _file(name: str, text: str) -> Response:
    named = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(text, media_type=f"{CSV}; charset=utf-8", headers=named)
