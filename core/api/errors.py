"""One translation for the whole door: every failure becomes ``{code, message, hint}`` and a status.

Our own errors keep their words; what FastAPI finds wrong with a request becomes a 422 whose
message names the field. What the client sent is never echoed back whole, so that no broken
character of it can break the answer.
"""

import logging
from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.routing import compile_path
from starlette.types import Scope

from core.api.schemas import Error
from core.errors import (
    CicloError,
    Conflict,
    InvalidInput,
    ModelFailed,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooMany,
    Unavailable,
)
from core.i18n import N_, _

log = logging.getLogger("ciclo.api")

STATUS: tuple[tuple[type[CicloError], int], ...] = (
    (InvalidInput, 422),
    (NotFound, 404),
    (Conflict, 409),
    (NotSignedIn, 401),
    (NotAllowed, 403),
    (TooMany, 429),
    (ModelFailed, 503),
    (Unavailable, 503),
)
CODES = {  # codes that have a status of their own
    "too_large": 413,
    "timed_out": 504,
    "cut_off": 502,
    "bad_answer": 502,
    "refused": 502,
}

HTTP = {
    404: ("not_found", N_("There is nothing at {path}.")),
    405: ("method_not_allowed", N_("{path} does not take {method}.")),
    413: ("too_large", N_("The request is larger than {detail}.")),
    415: ("unsupported_media_type", N_("The body must be JSON (content type application/json).")),
}
DOCS = N_("The documentation at /api/docs lists the fields and their limits.")
HINTS = {
    404: N_("The documentation at /api/docs lists every address."),
    405: N_("The documentation at /api/docs lists every address."),
    413: N_("Send it in several smaller requests."),
}

REASONS = {
    "missing": N_("{field}: it is missing."),
    "extra_forbidden": N_("{field}: there is no such field."),
    "json_invalid": N_("{field}: this is not valid JSON."),
    "string_type": N_("{field}: a text is needed."),
    "string_too_short": N_("{field}: at least {min_length} characters are needed."),
    "string_too_long": N_("{field}: at most {max_length} characters fit."),
    "string_unicode": N_("{field}: it holds characters that are no text."),
    "nul_character": N_("{field}: it holds characters that are no text."),
    "moment_range": N_("{field}: it must lie between 1970 and now."),
    "too_short": N_("{field}: at least {min_length} are needed."),
    "too_long": N_("{field}: at most {max_length} fit."),
    "greater_than_equal": N_("{field}: {ge} is the least."),
    "less_than_equal": N_("{field}: {le} is the most."),
    "finite_number": N_("{field}: a finite number is needed."),
    "literal_error": N_("{field}: it must be {expected}."),
    "list_type": N_("{field}: a list is needed."),
    "model_attributes_type": N_("{field}: a JSON object is needed."),
    "dict_type": N_("{field}: a JSON object is needed."),
}
KINDS = {
    "int": N_("{field}: a whole number is needed."),
    "float": N_("{field}: a number is needed."),
    "bool": N_("{field}: true or false is needed."),
    "date": N_("{field}: a day such as 2026-03-01 is needed."),
    "datetime": N_("{field}: a time such as 2026-11-20T14:30:00Z is needed."),
}
OTHER = N_("{field}: this value cannot be taken.")
TAGS = {"one", "many"}  # names of a body's alternatives, which are no fields


def install(app: FastAPI) -> None:
    """Teach ``app`` this translation."""
    app.add_exception_handler(CicloError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(OperationalError, no_database)
    app.add_exception_handler(Exception, unforeseen)


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error answers of a route, for its documentation; 422 belongs to every route."""
    return {status: {"model": Error} for status in sorted({422, *statuses})}


def status_of(error: CicloError) -> int:
    """The HTTP status of one of our errors."""
    if error.code in CODES:
        return CODES[error.code]
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def respond(
    status: int, code: str, message: str, hint: str = "", headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """The error as a response."""
    body = Error(code=code, message=message, hint=hint)
    return JSONResponse(body.model_dump(), status, headers=headers)


async def _ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, CicloError)
    field = getattr(error, "field", "")
    message = error.message if not field else f"{field}: {error.message}"
    return respond(status_of(error), error.code, message, error.hint, told_beside(error))


def told_beside(error: CicloError) -> dict[str, str]:
    """The header that HTTP wants: with a 401 what to prove it with, with a 429 when to come back."""
    if isinstance(error, TooMany):
        return {"Retry-After": str(max(1, ceil(error.retry_after)))}
    return {"www-authenticate": "Bearer"} if isinstance(error, NotSignedIn) else {}


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if _not_json(request, found):
        return respond(415, HTTP[415][0], _(HTTP[415][1]))
    code = "malformed_json" if found[0]["type"] == "json_invalid" else "invalid"
    sentences = dict.fromkeys(sentence(one) for one in found[:5])
    return respond(422, code, " ".join(sentences), _(DOCS))


async def http(request: Request, error: Exception) -> JSONResponse:
    """What the framework refused, with the methods that the path does take."""
    assert isinstance(error, HTTPException)
    if error.status_code == 405:  # the framework tells the methods of one route of the path only
        error.headers = {"Allow": ", ".join(allowed(request)) or "GET"}
    return http_error(error, request.scope)


def allowed(request: Request) -> list[str]:
    """The methods that the path of a request takes, by the description of the API."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    known: dict[str, dict[str, Any]] = request.app.openapi()["paths"]
    fitting = [known[path]] if path in known else _fitting(path, known)
    return sorted({method.upper() for item in fitting for method in item})


def _fitting(path: str, known: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [item for template, item in known.items() if compile_path(template)[0].match(path)]


def http_error(error: HTTPException, scope: Scope) -> JSONResponse:
    """What the framework refused, in our words."""
    if error.status_code == 400:  # a body that cannot be parsed is bad input like any other
        return respond(422, "malformed", _("body: it cannot be read."), _(DOCS))
    code, template = HTTP.get(error.status_code, ("error", "{detail}"))
    message = _(template).format(path=scope["path"], method=scope["method"], detail=error.detail)
    hint = _(HINTS.get(error.status_code, ""))
    return respond(error.status_code, code, message, hint, error.headers)


async def no_database(request: Request, error: Exception) -> JSONResponse:
    """The disk is full, the database is locked for too long, or its server is gone."""
    log.error("the database failed", exc_info=error)
    return respond(
        503,
        "database_failed",
        _("The database cannot be used at the moment."),
        _("Try again; `ciclo doctor` checks the machine."),
    )


async def unforeseen(request: Request, error: Exception) -> JSONResponse:
    """A fault of ours. The server logs it with its traceback, because it is raised on after this."""
    return respond(
        500,
        "internal",
        _("Ciclo failed at this: {kind}.").format(kind=type(error).__name__),
        _("The log holds the details under this request's X-Request-Id."),
    )


def sentence(error: Mapping[str, Any]) -> str:
    """One pydantic error as a sentence that begins with the field's name."""
    kind = str(error["type"])
    if kind in ("too_short", "too_long") and isinstance(error["input"], str):
        kind = f"string_{kind}"  # counted in characters
    template = REASONS.get(kind) or KINDS.get(kind.split("_")[0]) or OTHER
    facts = {name: _plain(value) for name, value in (error.get("ctx") or {}).items()}
    return _(template).format_map({**facts, "field": field_of(error["loc"])})


def field_of(location: Sequence[int | str]) -> str:
    """("body", "messages", 0, "role") -> "messages.0.role"; the body itself is "body"."""
    parts = [str(part) for part in location[1:] if part not in TAGS]
    if location[0] == "body" and (not parts or isinstance(location[1], int)):
        return "body"
    return ".".join(parts)


def _plain(value: Any) -> str:
    return str(value).replace(" or ", ", ")


def _not_json(request: Request, found: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the body as a whole was refused because it was sent as something else than JSON."""
    sent_as = request.headers.get("content-type", "").split(";")[0].strip().lower()
    whole = tuple(found[0]["loc"]) == ("body",) and found[0]["type"] != "missing"
    return whole and not (sent_as == "application/json" or sent_as.endswith("+json"))
