"""Failures as OpenAI's clients know them: ``{"error": {message, type, param, code}}`` and a status.

The words are those of the other door. ``x-should-retry: false`` goes with every failure of a
model: the official client would else ask twice more, and each time is a question of its own. Who has
asked too often may come again: the client waits as long as ``Retry-After`` says.
"""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from core.api import errors
from core.errors import CicloError, InvalidInput, NotFound, TooMany

SHOULD_RETRY = "x-should-retry"


def install(app: FastAPI) -> None:
    """Teach ``app`` this translation."""
    app.add_exception_handler(CicloError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _rewritten(errors.http))
    app.add_exception_handler(OperationalError, _rewritten(errors.no_database))
    app.add_exception_handler(Exception, _rewritten(errors.unforeseen))


def body(message: str, kind: str, code: str, param: str | None = None) -> dict[str, Any]:
    """The error object."""
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def of(error: CicloError) -> dict[str, Any]:
    """One of our errors as theirs; the way out stands behind the sentence."""
    kind = "server_error" if _status(error) >= 500 else "invalid_request_error"
    said = f"{error.message} {error.hint}".strip()
    if isinstance(error, TooMany):
        return body(said, "rate_limit_error", "rate_limit_exceeded")
    return body(said, kind, error.code, getattr(error, "field", "") or None)


def _status(error: CicloError) -> int:
    return 400 if isinstance(error, InvalidInput) else errors.status_of(error)


async def _ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, CicloError)
    told = of(error)
    if isinstance(error, NotFound) and error.code == "not_found":
        told["error"]["code"] = "model_not_found"
    beside = errors.told_beside(error)
    again = "true" if isinstance(error, TooMany) else "false"  # nothing of it was begun
    return JSONResponse(told, _status(error), {SHOULD_RETRY: again, **beside})


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    sentences = dict.fromkeys(errors.sentence(one) for one in found[:5])
    param = errors.field_of(found[0]["loc"])
    told = body(" ".join(sentences), "invalid_request_error", "invalid", param)
    return JSONResponse(told, 400)


def _rewritten(handler: Any) -> Any:
    """What the other door answers, in this one's shape."""

    async def handled(request: Request, error: Exception) -> JSONResponse:
        answer = await handler(request, error)
        return reshaped(answer)

    return handled


def reshaped(answer: JSONResponse) -> JSONResponse:
    """The other door's ``{code, message, hint}`` as ``{"error": ...}``, status and headers kept."""
    import json

    told = json.loads(bytes(answer.body))
    kind = "server_error" if answer.status_code >= 500 else "invalid_request_error"
    shaped = body(f"{told['message']} {told['hint']}".strip(), kind, told["code"])
    kept = {key: value for key, value in answer.headers.items() if key == "allow"}
    return JSONResponse(shaped, answer.status_code, kept)
