"""Who makes the vectors that search by meaning: ``/embedder``."""

from typing import Any

from fastapi import APIRouter

from core import retrieval
from core.api.acting import OF_A_ROLE
from core.api.errors import answers
from core.api.schemas import List
from core.api.schemas.embedder import Embedder, NewEmbedder, Proposal

router = APIRouter(prefix="/embedder", tags=["search"], dependencies=OF_A_ROLE)


@router.get("", summary="The embedder")
def show() -> Embedder:
    """Who makes the vectors now, who is to, and how far that is."""
    return shown(retrieval.embedder())


@router.put(
    "",
    summary="Choose another embedder",
    status_code=202,
    responses=answers(413, 415, 502, 503, 504),
)
def use(body: NewEmbedder) -> Embedder:
    """Embed every passage anew in the background; until that is done the one before serves.

    The embedder is asked for a first vector at once; if it fails, nothing changes.
    """
    chosen = retrieval.use_embedder(body.spec, body.query_prefix, body.document_prefix)
    return shown(chosen)


@router.delete("/coming", summary="Give up the embedder to come")
def cancel() -> Embedder:
    """The one that serves stays; doing it twice is harmless."""
    return shown(retrieval.cancel_embedder())


@router.get("/proposals", summary="Embedders to choose from")
def proposals() -> List[Proposal]:
    """What can be chosen, and what each still needs."""
    return List[Proposal](
        data=[Proposal.model_validate(one) for one in retrieval.propose_embedders()]
    )


def shown(status: retrieval.EmbedderStatus) -> Embedder:
    """The status as it goes out."""
    told = _named(status.embedder) | _how_far(status) | {"since": status.since, "coming": None}
    if (coming := status.coming) is not None:
        more = {"state": coming.state, "seconds_left": coming.seconds_left}
        told["coming"] = _named(coming.embedder) | _how_far(coming) | more
    return Embedder.model_validate(told)


def _named(one: retrieval.Identity) -> dict[str, Any]:
    return {"spec": one.key} | {name: value for name, value in one.facts.items() if name != "id"}


def _how_far(of: retrieval.EmbedderStatus | retrieval.Coming) -> dict[str, Any]:
    error = {"code": of.error_code, "message": of.error, "retry_at": of.retry_at}
    return {"done": of.done, "total": of.total, "error": error if of.error_code else None}
