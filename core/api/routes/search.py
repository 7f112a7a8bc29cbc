"""Search by hand: ``/search``."""

from fastapi import APIRouter

from core import access, assistants, limits, retrieval
from core.api.errors import answers
from core.api.schemas.answers import Hit, Hits, NewSearch
from core.api.schemas.explained import Explanation, Why

router = APIRouter(prefix="/search", tags=["search"])


@router.post("", summary="Search the documents", responses=answers(404, 413, 415, 429))
def search(body: NewSearch) -> Hits:
    """The passages that fit the query best, best first; with `explain`, why they do."""
    access.demand("ask")
    limits.demand("search")
    chosen = assistants.chosen(body.assistant)
    if body.explain:
        return explained(
            retrieval.explain(body.query, assistant_id=chosen.id, k=body.k, at=body.at)
        )
    found = retrieval.search(body.query, assistant_id=chosen.id, k=body.k, at=body.at)
    hits = [hit(one) for one in found.passages]
    return Hits(data=hits, meaning=found.meaning, explanation=None)


def explained(told: retrieval.Explanation) -> Hits:
    """The passages with why each was found."""
    return Hits(
        data=[hit(one.found, Why.of(one, told)) for one in told.passages],
        meaning=told.meaning,
        explanation=Explanation.model_validate(told),
    )


def hit(one: retrieval.Found, why: Why | None = None) -> Hit:
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
        why=why,
    )
