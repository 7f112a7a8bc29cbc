"""Documents: ``/documents``."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Path, Query, Response, UploadFile
from fastapi.responses import FileResponse
from pydantic import Field

from core import assistants, retrieval
from core.api import paging
from core.api.acting import OF_A_ROLE
from core.api.errors import answers
from core.api.schemas import Error, Id, List, Named, Text
from core.api.schemas.documents import (
    Added,
    Bulk,
    BulkFailure,
    Changes,
    Difference,
    Document,
    DocumentChanges,
    Documents,
    DocumentText,
    DocumentVersion,
    NewBulk,
    Only,
    Refused,
    Sort,
    State,
    TakenDocument,
)
from core.db import tables
from core.errors import InvalidInput, NotFound, TooMany
from core.i18n import _

router = APIRouter(prefix="/documents", tags=["documents"], dependencies=OF_A_ROLE)
Version = Annotated[int, Field(ge=1, le=1_000_000)] | None
WAITING = ("queued", "reading")
FILE: dict[str, Any] = {"type": "string", "format": "binary"}
ONLY = (
    "`never_used`: in no answer, though there for the last ten; `wrong`: cited in answers called "
    "wrong; `expired`, `upcoming`: not valid today; `personal`: holds personal data; `waiting`: to "
    "be read, or being read; `failed`; `old_version`: the newest file is not read (yet)."
)
DocumentId = Annotated[Id, Path(description="The document's id.")]


@router.post("", summary="Add documents", status_code=202, responses=answers(404, 413, 429))
def add(
    file: Annotated[
        list[UploadFile],
        File(description="PDF, DOCX, XLSX, CSV, HTML, Markdown or text; repeatable."),
    ],
    assistant: Annotated[Named | None, Form()] = None,
) -> Added:
    """Keep the files and read them in the background; follow each until it is `ready` or `failed`.

    The same file again is the same document; a changed one of the same name is its next version,
    and the one before serves until that is read.
    """
    chosen = assistants.chosen(assistant)
    results = [_added(chosen.id, one) for one in file]
    refusals = [result for result in results if isinstance(result, tuple)]
    taken = [result for result in results if isinstance(result, TakenDocument)]
    if not taken:
        raise refusals[0][1]
    return Added(data=taken, refused=_refused(refusals))


def _added(
    assistant_id: str, file: UploadFile
) -> TakenDocument | tuple[str, InvalidInput | TooMany]:
    name = file.filename or ""
    try:
        data, media_type = file.file.read(), file.content_type or ""
        return TakenDocument.taken(retrieval.take(assistant_id, name, data, media_type=media_type))
    except (InvalidInput, TooMany) as error:
        return name, error


def _refused(refusals: Sequence[tuple[str, InvalidInput | TooMany]]) -> list[Refused]:
    return [Refused(name=name, error=Error.of(error)) for name, error in refusals]


@router.get("", summary="Documents", responses=answers(404))
def listing(
    assistant: Annotated[Named | None, Query()] = None,
    search: Annotated[
        Text, Query(max_length=300, description="Words of the name, in any case, without accents.")
    ] = "",
    state: Annotated[State | None, Query()] = None,
    only: Annotated[Only | None, Query(description=ONLY)] = None,
    sort: Annotated[Sort, Query()] = "added",
    descending: Annotated[
        bool | None, Query(description="Left out: names from A to Z, the most of the rest first.")
    ] = None,
    usage: Annotated[bool, Query(description="Tell in how many answers each was.")] = False,
    limit: paging.Limit = paging.LIMIT,
    cursor: paging.Cursor = None,
) -> Documents:
    """The documents of one assistant, or of all."""
    found = retrieval.listed(
        assistants.chosen(assistant).id if assistant else None,
        search=search,
        state=state,
        only=only,
        sort=sort,
        descending=sort != "name" if descending is None else descending,
        limit=limit + 1,
        after=_known(paging.only_id(cursor)),
    )
    shown, following = paging.cut(found.rows, limit, lambda row: (row.document.id,))
    left = retrieval.progress() if any(row.document.state in WAITING for row in shown) else {}
    told = [
        Document.of(row.document, left.get(row.document.id), row.usage if usage else None)
        for row in shown
    ]
    return Documents(data=told, next_cursor=following, total=found.total, counts=found.counts)


@router.post("/bulk", summary="Change many documents", responses=answers(415))
def bulk(body: NewBulk) -> Bulk:
    """Do one thing for many documents; one that fails keeps none of the others from it.

    Doing it twice is harmless. `remove` is undone by `restore` with the same ids for a day.
    """
    done = retrieval.each(_verb(body), body.ids)
    return Bulk(
        done=[Document.of(row) for row in done.done],
        failed=[BulkFailure(id=id_, error=Error.of(why)) for id_, why in done.failed.items()],
    )


def _verb(body: NewBulk) -> retrieval.Verb:
    if body.action == "change":
        return partial(_changed, body)
    return {
        "remove": retrieval.remove_many,
        "restore": retrieval.restore_many,
        "reread": retrieval.reread_many,
    }[body.action]


def _changed(body: Changes, ids: Sequence[str]) -> Sequence[tables.Document]:
    rows = retrieval.set_validity(ids, **body.validity())
    return rows if body.masks is None else retrieval.set_masks(ids, body.masks)


@router.get("/{document_id}", summary="A document", responses=answers(404))
def one(document_id: DocumentId) -> Document:
    """The document and its state: `ready` when searchable, `failed` with the reason."""
    row = _living(document_id)
    left = retrieval.progress() if row.state in WAITING else {}
    return Document.of(row, left.get(row.id))


@router.patch("/{document_id}", summary="Change a document", responses=answers(404, 415))
def change(document_id: DocumentId, body: DocumentChanges) -> Document:
    """Say from when to when it holds, or which personal data search never sees in it."""
    return one(_changed(body, [_living(document_id).id])[0].id)


@router.get("/{document_id}/versions", summary="Its versions", responses=answers(404))
def versions(document_id: DocumentId) -> List[DocumentVersion]:
    """What the document has been, newest first; `version` of the document says which one serves."""
    rows = retrieval.versions(_living(document_id).id)
    return List[DocumentVersion](data=[DocumentVersion.model_validate(row) for row in rows])


@router.get("/{document_id}/diff", summary="What changed", responses=answers(404))
def diff(
    document_id: DocumentId,
    a: Annotated[Version, Query(description="The one before `b` if left out.")] = None,
    b: Annotated[Version, Query(description="The one that serves if left out.")] = None,
) -> Difference:
    """The lines that differ between two versions, with a few unchanged ones around them."""
    return Difference.model_validate(retrieval.diff(_living(document_id).id, a, b))


@router.get("/{document_id}/text", summary="Its text", responses=answers(404))
def text(
    document_id: DocumentId,
    version: Annotated[Version, Query(description="The one that serves if left out.")] = None,
) -> DocumentText:
    """The text in which passages and citations count their offsets; empty until it is read."""
    return DocumentText(id=_living(document_id).id, text=retrieval.text(document_id, version))


@router.get(
    "/{document_id}/file",
    summary="Its file",
    response_class=FileResponse,
    responses={
        **answers(404),
        200: {
            "description": "The newest file as it was added, personal data included.",
            "content": {"application/octet-stream": {"schema": FILE}},
        },
    },
)
def original(document_id: DocumentId) -> FileResponse:
    """The newest file as it was added, to be saved: no browser shows it as a page of ours."""
    found = retrieval.original(document_id)
    headers = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
    return FileResponse(
        found.path, media_type="application/octet-stream", filename=found.name, headers=headers
    )


@router.delete(
    "/{document_id}", summary="Remove a document", status_code=204, responses=answers(404)
)
def remove(document_id: DocumentId) -> Response:
    """Take it out of search and lists; `restore` brings it back for a day."""
    retrieval.remove(_living(document_id).id)
    return Response(status_code=204)


@router.post("/{document_id}/restore", summary="Undo a removal", responses=answers(404, 409))
def restore(document_id: DocumentId) -> Document:
    """Bring a removed document back."""
    return Document.of(retrieval.restore(document_id))


def _known(cursor: str | None) -> str | None:
    """The document a page ended with; a cursor that names none is not ours."""
    try:
        return retrieval.document(cursor).id if cursor else None
    except NotFound:
        raise paging.not_ours() from None


def _living(document_id: str) -> tables.Document:
    row = retrieval.document(document_id)
    if row.removed_at is not None:
        raise NotFound(
            _("The document '{name}' was removed.").format(name=row.name),
            hint=_("Within a day it can be restored."),
        )
    return row
