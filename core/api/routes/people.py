"""People, their roles, and how they get in: ``/people``, ``/sign-ins``."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from core import access, sign_in
from core.api.errors import answers
from core.api.schemas import Id, List
from core.api.schemas.people import (
    Ended,
    Name,
    NewInvitation,
    NewRoles,
    OneTime,
    SignedInAt,
    Somebody,
)
from core.db.tables import Person

router = APIRouter(tags=["people"])
Which = Annotated[Id, Path(description="The person's id.")]
MOST = 1000


@router.get("/people", summary="People")
def listing(
    search: Annotated[Name | None, Query(description="A part of the name.")] = None,
) -> List[Somebody]:
    """Everybody by name (the first 1,000), with their roles and how they may sign in."""
    standing = sign_in.standing()
    found = access.people(search or "", limit=MOST)
    return List[Somebody](data=[Somebody.of(one, standing.get(one.id)) for one in found])


@router.post(
    "/people/invitations",
    summary="Invite somebody",
    status_code=201,
    responses=answers(409, 413, 415),
)
def invite(body: NewInvitation) -> OneTime:
    """A link by which they choose a password; in the mode with accounts."""
    return OneTime.of(sign_in.invite(body.name, body.roles, body.login))


@router.put(
    "/people/{person_id}/roles", summary="Change roles", responses=answers(404, 409, 413, 415)
)
def roles(person_id: Which, body: NewRoles) -> Somebody:
    """Exactly these; other roles end every sign-in of theirs."""
    return _told(access.set_roles(person_id, body.roles))


@router.post(
    "/people/{person_id}/reset",
    summary="A link for a new password",
    status_code=201,
    responses=answers(404, 409),
)
def reset(person_id: Which) -> OneTime:
    """The present password holds until the link is used."""
    return OneTime.of(sign_in.reset(person_id))


@router.post(
    "/people/{person_id}/disable", summary="Disable an account", responses=answers(404, 409)
)
def disable(person_id: Which) -> Somebody:
    """Nobody signs in with it any more; who is signed in with it is out at once."""
    sign_in.disable(person_id)
    return _told(access.known(person_id))


@router.post("/people/{person_id}/enable", summary="Enable an account", responses=answers(404))
def enable(person_id: Which) -> Somebody:
    """It may be used again."""
    sign_in.enable(person_id)
    return _told(access.known(person_id))


@router.get("/people/{person_id}/sign-ins", summary="Where somebody is signed in")
def sign_ins(person_id: Which) -> List[SignedInAt]:
    """One's own, or anybody's for who may change people; the last used first."""
    return List[SignedInAt](data=[SignedInAt.of(row) for row in sign_in.sign_ins(person_id)])


@router.delete("/people/{person_id}/sign-ins", summary="Sign somebody out everywhere")
def end_all(person_id: Which) -> Ended:
    """At once, this browser included."""
    return Ended(ended=sign_in.end_all(person_id))


@router.delete(
    "/sign-ins/{sign_in_id}", summary="End a sign-in", status_code=204, responses=answers(404)
)
def end(sign_in_id: Annotated[Id, Path(description="The sign-in's id.")]) -> None:
    """At once; one's own, or anybody's for who may change people."""
    sign_in.end(sign_in_id)


def _told(person: Person) -> Somebody:
    return Somebody.of(person, sign_in.standing().get(person.id))
