"""Blind votes on two answers, and the ranking that comes of them: ``/votes`` and ``/ranking``."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from core import assistants, comparison
from core.api.errors import answers
from core.api.schemas import Id, Line, List, Named
from core.api.schemas.votes import NewVote, NextVote, Ranking, Vote

router = APIRouter(tags=["votes"])
Of = Annotated[Named | None, Query(description="An assistant, by id or by name.")]
Topic = Annotated[Line, Query(description="Only what is about this.")]
Votes = Annotated[
    Literal["", "run", "hand", "chat"],
    Query(description="Whose votes; empty: blind ones. Those out of chats are not blind."),
]


@router.get("/votes/next", summary="The next two answers to vote on", responses=answers(404))
def next_vote(
    assistant: Of = None,
    topic: Topic = "",
    source: Annotated[Literal["", "run", "hand"], Query(description="Where it is from.")] = "",
    passed: Annotated[
        list[Id], Query(max_length=200, description="Comparisons to leave out now.")
    ] = [],  # noqa: B006
) -> NextVote:
    """Names hidden, sides drawn; those with the fewest votes first."""
    of = assistants.chosen(assistant).id if assistant else ""
    found = comparison.next_vote(of, topic, source, passed=passed)
    return NextVote.of(found, comparison.vote_stream(of, topic, source))


@router.post("/votes", summary="Vote", status_code=201, responses=answers(404, 409, 413, 415))
def vote(body: NewVote) -> Vote:
    """Store what whoever acts thinks; tells whose the answers were."""
    told = body.model_dump(exclude={"comparison_id", "choice", "left"})
    return Vote.of(comparison.vote(body.comparison_id, body.choice, shown_left=body.left, **told))


@router.delete(
    "/votes/{vote_id}", summary="Take a vote back", status_code=204, responses=answers(404)
)
def withdraw(
    vote_id: Annotated[Id, Path(description="The id that came with the vote.")],
) -> Response:
    """One's own; nothing happens where it was taken back already."""
    comparison.withdraw_vote(vote_id)
    return Response(status_code=204)


@router.get("/ranking", summary="Versions by votes", responses=answers(404))
def ranking(assistant: Of = None, topic: Topic = "", source: Votes = "") -> Ranking:
    """By Bradley-Terry with ties and the effect of standing left, with bootstrap intervals."""
    of = assistants.chosen(assistant).id
    return Ranking.of(comparison.ranking(of, topic or None, source))


@router.get("/ranking/topics", summary="Versions by votes, by topic", responses=answers(404))
def by_topic(assistant: Of = None, source: Votes = "") -> List[Ranking]:
    """Topics with the most votes first; the more there are, the likelier one differs by chance."""
    of = assistants.chosen(assistant).id
    told = comparison.rankings_by_topic(of, source)
    return List[Ranking](data=[Ranking.of(one) for one in told])
