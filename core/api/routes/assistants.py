"""Assistants: ``/assistants``. In a path, an assistant is named by id or by name."""

from typing import Annotated

from fastapi import APIRouter, File, Form, Path, Response, UploadFile

from core import assistants, registry
from core.api.acting import OF_A_ROLE
from core.api.errors import answers
from core.api.schemas import Id, List, Named
from core.api.schemas.knowledge import (
    Assistant,
    AssistantName,
    Challenger,
    Changes,
    NewAssistant,
    NewChallenger,
)
from core.db import tables

router = APIRouter(prefix="/assistants", tags=["assistants"], dependencies=OF_A_ROLE)
Which = Annotated[Named, Path()]


def shown(row: tables.Assistant) -> Assistant:
    """An assistant as it goes out, with the model of its champion."""
    return Assistant.of(row, registry.route(row.id).name)


@router.get("", summary="Assistants")
def listing() -> List[Assistant]:
    """Every assistant, oldest first."""
    return List[Assistant](data=[shown(row) for row in assistants.all()])


@router.post("", summary="Create an assistant", status_code=201, responses=answers(409, 413, 415))
def create(body: NewAssistant) -> Assistant:
    """Make an empty assistant, answered for by the embedded engine."""
    return shown(assistants.create(body.name, body.language))


@router.post("/import", summary="Import an assistant", status_code=201, responses=answers(409, 413))
def bring(
    file: Annotated[UploadFile, File(description="A zip as `export` gives it.")],
    name: Annotated[AssistantName | None, Form(description="Instead of its own name.")] = None,
) -> Assistant:
    """Make an assistant from its folder, packed as a zip; its documents are read in the
    background.
    """
    return shown(assistants.import_zip(file.file.read(), name=name or ""))


@router.get("/{assistant}", summary="An assistant", responses=answers(404))
def one(assistant: Which) -> Assistant:
    """The assistant."""
    return shown(assistants.by_name_or_id(assistant))


@router.patch("/{assistant}", summary="Change an assistant", responses=answers(404, 409, 413, 415))
def change(assistant: Which, body: Changes) -> Assistant:
    """Change what is given. Another persona, rules, language or model makes another version the
    champion; answers given before keep theirs.
    """
    row = assistants.by_name_or_id(assistant)
    fields = body.fields()
    if fields:
        row = assistants.update(row.id, **fields)
    if body.model:
        registry.choose_model(row.id, body.model)
    elif body.follows_ollama:
        registry.follow_again(row.id)
    if body.parameters:
        registry.set_parameters(row.id, **body.parameters)
    return shown(assistants.get(row.id))


@router.delete(
    "/{assistant}", summary="Remove an assistant", status_code=204, responses=answers(404)
)
def remove(assistant: Which) -> Response:
    """Take it away; `restore` brings it back by its id."""
    assistants.remove(assistants.by_name_or_id(assistant).id)
    return Response(status_code=204)


@router.post("/{assistant_id}/restore", summary="Undo a removal", responses=answers(404, 409))
def restore(assistant_id: Annotated[Id, Path()]) -> Assistant:
    """Bring a removed assistant back, by its id."""
    return shown(assistants.restore(assistant_id))


@router.post("/{assistant}/default", summary="Make it the default", responses=answers(404))
def make_default(assistant: Which) -> Assistant:
    """Let it answer where no assistant is named."""
    return shown(assistants.set_default(assistants.by_name_or_id(assistant).id))


@router.get(
    "/{assistant}/challenger", summary="Who challenges its champion", responses=answers(404)
)
def challenger(assistant: Which) -> Challenger:
    """The version on trial, and the share of the askers that is given it."""
    return _challenger(assistants.by_name_or_id(assistant))


@router.put("/{assistant}/challenger", summary="Set a challenger", responses=answers(404, 413, 415))
def challenge(assistant: Which, body: NewChallenger) -> Challenger:
    """Try the champion against a model, or the version of a number; the share stays where it is left
    out."""
    row = assistants.by_name_or_id(assistant)
    registry.challenge(row.id, body.use)
    if body.share is not None:
        row = assistants.update(row.id, routing={**row.routing, "challenger_share": body.share})
    return _challenger(row)


@router.delete(
    "/{assistant}/challenger",
    summary="Take the challenger away",
    status_code=204,
    responses=answers(404),
)
def withdraw_challenger(assistant: Which) -> Response:
    """Nobody is on trial any more."""
    registry.withdraw_challenger(assistants.by_name_or_id(assistant).id)
    return Response(status_code=204)


def _challenger(row: tables.Assistant) -> Challenger:
    rival = registry.challenger(row.id)
    name = registry.route(row.id, pinned_version_id=rival.id).name if rival else None
    share = float(row.routing.get("challenger_share") or 0.0)
    return Challenger(
        version_id=rival.id if rival else None,
        number=rival.number if rival else None,
        model=name,
        share=share,
        warning=registry.silent(name) if name else "",
    )


@router.get(
    "/{assistant}/export",
    summary="An assistant as a file",
    response_class=Response,
    responses={
        **answers(404),
        200: {
            "description": "A zip with `assistant.toml` and `documents/`.",
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        },
    },
)
def export(assistant: Which) -> Response:
    """The assistant with its documents, as a zip that can be imported elsewhere."""
    row = assistants.by_name_or_id(assistant)
    return Response(
        assistants.export_zip(row.id),
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{row.id}.zip"'},
    )
