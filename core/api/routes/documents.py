"""Documents: ``/documents``."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, File, Form, Path, Query, Response, UploadFile
from pydantic import Field

from core import assistants, retrieval
from core.api import paging
from core.api.errors import answers
from core.api.schemas import Error, Id, List, Named, Page
from core.api.schemas.documents import (
    Added,
    Difference,
    Document,
    DocumentChanges,
    DocumentText,
    DocumentVersion,
    Refused,
)
from core.db import tables
from core.errors import InvalidInput, NotFound
from core.i18n import _

router = APIRouter(prefix="/documents", tags=["documents"])
Version = Annotated[int, Field(ge=1, le=1_000_000)] | None
WAITING = ("queued", "reading")
DocumentId = Annotated[Id, Path(description="The document's id.")]


@router.post("", summary="Add documents", status_code=202, responses=answers(404, 413))
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
    taken = [result for result in results if isinstance(result, Document)]
    if not taken:
        raise refusals[0][1]
    return Added(data=taken, refused=_refused(refusals))


def _added(assistant_id: str, file: UploadFile) -> Document | tuple[str, InvalidInput]:
    name = file.filename or ""
    try:
        row = retrieval.add(
            assistant_id, name, file.file.read(), media_type=file.content_type or ""
        )
    except InvalidInput as error:
        return name, error
    return Document.of(row)


def _refused(refusals: Sequence[tuple[str, InvalidInput]]) -> list[Refused]:
    return [Refused(name=name, error=Error.of(error)) for name, error in refusals]


@router.get("", summary="Documents", responses=answers(404))
def listing(
    assistant: Annotated[Named | None, Query()] = None,
    usage: Annotated[bool, Query(description="Tell how often each was used.")] = False,
    limit: paging.Limit = paging.LIMIT,
    cursor: paging.Cursor = None,
) -> Page[Document]:
    """The documents of one assistant, or of all."""
    chosen = assistants.chosen(assistant).id if assistant else None
    try:
        rows = retrieval.documents(chosen, limit=limit + 1, after=paging.only_id(cursor))
    except NotFound:
        raise paging.not_ours() from None
    shown, following = paging.cut(rows, limit, lambda row: (row.id,))
    used = retrieval.usage(chosen) if usage else {}
    left = retrieval.progress() if any(row.state in WAITING for row in shown) else {}
    told = [Document.of(row, left.get(row.id), used.get(row.id)) for row in shown]
    return Page[Document](data=told, next_cursor=following)


@router.get("/{document_id}", summary="A document", responses=answers(404))
def one(document_id: DocumentId) -> Document:
    """The document and its state: `ready` when searchable, `failed` with the reason."""
    row = _living(document_id)
    left = retrieval.progress() if row.state in WAITING else {}
    return Document.of(row, left.get(row.id))


@router.patch("/{document_id}", summary="Change a document", responses=answers(404, 415))
def change(document_id: DocumentId, body: DocumentChanges) -> Document:
    """Say from when to when it holds, or which personal data search never sees in it."""
    id_ = _living(document_id).id
    retrieval.set_validity([id_], **body.validity())
    if body.masks is not None:
        retrieval.set_masks([id_], body.masks)
    return one(id_)


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


def _living(document_id: str) -> tables.Document:
    row = retrieval.document(document_id)
    if row.removed_at is not None:
        raise NotFound(
            _("The document '{name}' was removed.").format(name=row.name),
            hint=_("Within a day it can be restored."),
        )
    return row
