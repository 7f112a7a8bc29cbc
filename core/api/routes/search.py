"""Search by hand: ``/search``."""

from fastapi import APIRouter

from core import assistants, retrieval
from core.api.errors import answers
from core.api.schemas.answers import Hit, Hits, NewSearch

router = APIRouter(prefix="/search", tags=["search"])


@router.post("", summary="Search the documents", responses=answers(404, 413, 415))
def search(body: NewSearch) -> Hits:
    """The passages that fit the query best, best first."""
    chosen = assistants.chosen(body.assistant)
    found = retrieval.search(body.query, assistant_id=chosen.id, k=body.k, at=body.at)
    return Hits(data=[hit(one) for one in found.passages], meaning=found.meaning)


def hit(one: retrieval.Found) -> Hit:
    """A found passage as it goes out."""
    return Hit(
        document=one.document_name,
        document_id=one.document_id,
        version=one.version,
        heading=one.heading,
        text=one.text,
        page=one.page,
        start=one.start,
        end=one.end,
        score=one.score,
    )
