"""Keys of providers: ``/secrets``."""

from typing import Annotated

from fastapi import APIRouter, Path

from core import secrets
from core.api.errors import answers
from core.api.schemas import Page
from core.api.schemas.secrets import Name, NewSecret, Secret

router = APIRouter(prefix="/secrets", tags=["secrets"])
Called = Annotated[Name, Path()]


@router.get("", summary="Keys that are kept")
def listing() -> Page[Secret]:
    """By name; what they are, nobody is told."""
    return Page[Secret](data=[Secret.of(row) for row in secrets.names()], next_cursor=None)


@router.put("/{name}", summary="Keep a key", responses=answers(413, 415, 503))
def put(name: Called, body: NewSecret) -> Secret:
    """In place of the one of that name; sealed with the machine's own key."""
    return Secret.of(secrets.put(name, body.value.get_secret_value()))


@router.delete("/{name}", status_code=204, summary="Delete a key", responses=answers(404))
def forget(name: Called) -> None:
    """From here on nobody is called with it."""
    secrets.forget(name)
