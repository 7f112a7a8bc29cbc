"""The routes, one file per subject; each parses, calls one verb and renders."""

from fastapi import APIRouter

from core.api.routes import (
    assistants,
    conversations,
    documents,
    feedback,
    models,
    query,
    search,
    stats,
)

ROUTERS: tuple[APIRouter, ...] = tuple(
    module.router
    for module in (
        query,
        conversations,
        feedback,
        documents,
        search,
        assistants,
        models,
        stats,
    )
)
