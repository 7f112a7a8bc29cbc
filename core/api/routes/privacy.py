"""Personal data: ``/privacy`` (what is held, erasure), and an assistant's retention and consent."""

from collections.abc import Iterator
from typing import IO, Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse

from core import access, assistants, personal
from core.api.acting import OF_A_ROLE
from core.api.errors import answers
from core.api.schemas import Line, List, Named, OutsideId
from core.api.schemas.privacy import (
    Consent,
    ConsentText,
    Erasure,
    NewAgreement,
    NewRetention,
    Plan,
    Retention,
    Whom,
)
from core.db import tables

PIECE = 64 * 1024  # bytes
router = APIRouter(tags=["privacy"])
Which = Annotated[Named, Path(description="An assistant, by id or by name.")]
Person = Annotated[
    Line | None, Query(description="By id or name; neither: who acts.", min_length=1)
]
User = Annotated[OutsideId | None, Query(description="An outside system's user.")]


@router.get(
    "/privacy/held",
    summary="All that is held about somebody",
    response_class=StreamingResponse,
    responses={**answers(404), 200: {"content": {"application/zip": {}}}},
)
def held(person: Person = None, user_id: User = None) -> StreamingResponse:
    """A zip: a page to read, and JSON. One's own for everybody, others' for who operates."""
    named = person or (access.present().id if user_id is None else "")
    who = personal.subject(named, user_id or "")
    file = personal.packed(who)
    name = {"Content-Disposition": f'attachment; filename="{personal.file_name(who)}"'}
    return StreamingResponse(_poured(file), media_type="application/zip", headers=name)


@router.post("/privacy/plan", summary="What an erasure would do", responses=answers(404, 413, 415))
def plan(body: Whom) -> Plan:
    """The counts of this moment; nothing is changed."""
    return Plan.model_validate(personal.plan(body.subject()))


@router.post(
    "/privacy/erasures",
    summary="Erase somebody",
    status_code=201,
    responses=answers(404, 409, 413, 415),
)
def erase(body: Whom) -> Erasure:
    """For good. `unreached` tells what it could not reach."""
    return Erasure.of(personal.erase(body.subject()))


@router.get("/privacy/erasures", summary="Erasures")
def erasures() -> List[Erasure]:
    """The last fifty, the newest first."""
    return List[Erasure](data=[Erasure.of(row) for row in personal.erasures()])


@router.get(
    "/assistants/{assistant}/retention",
    summary="Retention",
    responses=answers(404),
    dependencies=OF_A_ROLE,
)
def retention(assistant: Which) -> Retention:
    """How long conversations are kept, and what is due."""
    return _retention(assistants.by_name_or_id(assistant))


@router.put(
    "/assistants/{assistant}/retention",
    summary="Set the retention",
    responses=answers(404, 413, 415),
)
def keep(assistant: Which, body: NewRetention) -> Retention:
    """What is older goes within the hour. What reviewers approved stays, by itself."""
    found = assistants.by_name_or_id(assistant)
    return _retention(personal.set_retention(found.id, body.days))


@router.get("/assistants/{assistant}/consent", summary="Consent", responses=answers(404))
def consent(assistant: Which, user_id: User = None) -> Consent:
    """What who acts (or an outside system's user) is to agree to, and whether they have."""
    found = assistants.by_name_or_id(assistant)
    return Consent.model_validate(personal.consent(found.id, user_id or ""))


@router.put(
    "/assistants/{assistant}/consent", summary="Set the text", responses=answers(404, 413, 415)
)
def ask_for(assistant: Which, body: ConsentText) -> Consent:
    """Another text asks everybody anew; questions are refused with `consent_needed` until then."""
    found = assistants.by_name_or_id(assistant)
    personal.set_consent(found.id, body.text)
    return Consent.model_validate(personal.consent(found.id))


@router.post(
    "/assistants/{assistant}/consent", summary="Agree", responses=answers(404, 409, 413, 415)
)
def agree(assistant: Which, body: NewAgreement) -> Consent:
    """Whoever agrees has been shown the text of this digest."""
    found = assistants.by_name_or_id(assistant)
    told = personal.agree(found.id, body.digest, body.user_id or "")
    return Consent.model_validate(told)


@router.delete(
    "/assistants/{assistant}/consent", summary="Take an agreement back", responses=answers(404)
)
def withdraw(assistant: Which, user_id: User = None) -> Consent:
    """The assistant asks again before the next question; what was asked before stays."""
    found = assistants.by_name_or_id(assistant)
    return Consent.model_validate(personal.withdraw(found.id, user_id or ""))


def _poured(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        yield from iter(lambda: file.read(PIECE), b"")


def _retention(row: tables.Assistant) -> Retention:
    days = row.retention_days
    return Retention(days=days, due=personal.due(row.id, days) if days else {})
