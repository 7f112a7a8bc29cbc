"""Two versions, one question: ``/comparisons``."""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any, Literal, cast

from fastapi import APIRouter, Body, Path, Query, Response
from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse

from core import assistants, chat, comparison
from core.api import paging
from core.api.errors import answers
from core.api.schemas import Error, Id, Named, Page
from core.api.schemas.answers import Answer
from core.api.schemas.comparison import Comparison, ComparisonLine, NewComparison, Source
from core.api.streaming import HEADERS, described
from core.api.waiting import beating, event, plain, waited
from core.comparison import exporting
from core.comparison.report import one as one_page
from core.errors import CicloError

router = APIRouter(prefix="/comparisons", tags=["comparisons"])
Step = tuple[comparison.Side, chat.Event]
ATTACHED = {"Content-Disposition": "attachment"}  # never shown under our own address
ComparisonId = Annotated[Id, Path(description="The comparison's id.")]


@router.post(
    "", summary="Ask two versions", status_code=201, responses=answers(404, 409, 413, 415, 429)
)
async def ask(body: Annotated[NewComparison, Body()]) -> Comparison:
    """Begin to answer a question with two versions. Follow them under `/events`, or `wait`."""

    def begin() -> comparison.Compared:
        row = comparison.ask_both(
            body.asked(),
            assistant=body.assistant,
            a=body.a,
            b=body.b,
            same_passages=body.same_passages,
            in_turn=body.in_turn,
            settings=body.settings(),
        )
        return comparison.wait(row.id) if body.wait else comparison.comparison(row.id)

    return Comparison.of(await waited(begin))


@router.get("", summary="Comparisons, newest first", responses=answers(404))
def listing(
    assistant: Annotated[Named | None, Query()] = None,
    run: Annotated[Id | None, Query(description="Of this evaluation run, in its order.")] = None,
    source: Annotated[Source | None, Query(description="By hand, from a run, or a chat.")] = None,
    limit: paging.Limit = paging.LIMIT,
    cursor: paging.Cursor = None,
) -> Page[ComparisonLine]:
    """The comparisons that fit, with how each side ended."""
    rows = comparison.lines(
        assistants.chosen(assistant).id if assistant else "",
        run_id=run or "",
        source=source or "",
        limit=limit + 1,
        before=paging.only_id(cursor) or "",
    )
    shown, following = paging.cut(rows, limit, lambda line: (line.row.id,))
    data = [ComparisonLine.of(line) for line in shown]
    return Page[ComparisonLine](data=data, next_cursor=following)


@router.get("/{comparison_id}", summary="A comparison", responses=answers(404))
def one(comparison_id: ComparisonId) -> Comparison:
    """Both sides as they stand."""
    return Comparison.of(comparison.comparison(comparison_id))


@router.get(
    "/{comparison_id}/events",
    summary="Both answers as they arrive",
    responses={
        **answers(404),
        **described("status", "reasoning", "text", "answer", "error", "done"),
    },
)
async def events(comparison_id: ComparisonId) -> StreamingResponse:
    """Both answers as they are written, each event with its `side`; `answer` is a whole answer, at its
    side's end, `done` the whole comparison."""

    def told() -> Iterator[Step]:
        found = comparison.comparison(comparison_id)
        hides = not chat.shows_thoughts(found.row.conversation_id)
        steps = comparison.follow(comparison_id)
        return (one for one in steps if not (hides and one[1].kind == "reasoning"))

    steps = await waited(told)
    return StreamingResponse(
        _lines(steps, comparison_id), media_type="text/event-stream", headers=HEADERS
    )


@router.post(
    "/{comparison_id}/stop", summary="Stop both answers", status_code=204, responses=answers(404)
)
def stop(comparison_id: ComparisonId) -> Response:
    """End both answers; the parts that came are kept."""
    comparison.stop(comparison_id)
    return Response(status_code=204)


@router.delete(
    "/{comparison_id}", summary="Remove a comparison", status_code=204, responses=answers(404)
)
def remove(comparison_id: ComparisonId) -> Response:
    """Take it out of every list; `restore` brings it back."""
    comparison.remove(comparison_id)
    return Response(status_code=204)


@router.post("/{comparison_id}/restore", summary="Undo a removal", responses=answers(404))
def restore(comparison_id: ComparisonId) -> Comparison:
    """Bring a removed comparison back."""
    comparison.restore(comparison_id)
    return Comparison.of(comparison.comparison(comparison_id))


@router.get(
    "/{comparison_id}/export",
    summary="A comparison as a file",
    responses={
        **answers(404),
        200: {
            "content": {
                kind: {"schema": {"type": "string"}} for kind in ("text/markdown", "text/html")
            }
        },
    },
)
def export(
    comparison_id: ComparisonId, format: Literal["json", "markdown", "html"] = "json"
) -> Response:
    """The question and both answers with their sources and figures, as JSON, Markdown, or one HTML file
    that needs no server."""
    found = comparison.comparison(comparison_id)
    if format == "html":
        told = one_page.html(found)
        return Response(told, media_type="text/html", headers=ATTACHED)
    if format == "markdown":
        return PlainTextResponse(exporting.markdown(found), media_type="text/markdown")
    return JSONResponse(exporting.told(found))


async def _lines(steps: Iterator[Step], comparison_id: str) -> AsyncIterator[str]:
    try:
        async for one in beating(cast(Any, steps)):
            step: Any = one
            yield step if isinstance(step, str) else _event(step)
        yield event("done", await waited(lambda: _ended(comparison_id)))
    except CicloError as error:  # it was removed meanwhile
        yield event("error", Error.of(error).model_dump())


def _event(step: Step) -> str:
    side, one = step
    if one.kind == "done":
        answer = Answer.of(one.data["answer"])
        return event("answer", {"side": side, **answer.model_dump(mode="json")})
    if one.kind == "status":
        return event("status", {"side": side, "status": one.text, **plain(one.data)})
    return event(one.kind, {"side": side, "text": one.text})


def _ended(comparison_id: str) -> dict[str, Any]:
    return Comparison.of(comparison.wait(comparison_id)).model_dump(mode="json")
