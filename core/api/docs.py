"""The description of the API, and the page that shows it.

``/openapi.json`` names every path as the outside sees it (with the prefix this app is mounted at).
``/docs`` is Swagger UI from our own files, with no inline script, so it works under script-src
'self' and fetches nothing from elsewhere.
"""

from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse

STATIC = Path(__file__).parent / "static"
FILES = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "docs.js": "text/javascript",
    "docs.css": "text/css",
}
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ciclo API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="stylesheet" href="docs/docs.css">
</head>
<body>
<main id="docs"></main>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/docs.js"></script>
</body>
</html>
"""

router = APIRouter(include_in_schema=False)


@router.get("/openapi.json")
def description(request: Request) -> JSONResponse:
    """The OpenAPI description, with the paths as the outside sees them."""
    return JSONResponse(described(request.app, request.scope.get("root_path", "")))


@router.get("/docs")
def page() -> HTMLResponse:
    """Swagger UI."""
    return HTMLResponse(PAGE)


@router.get("/docs/{name}")
def file(name: str) -> FileResponse:
    """One of the page's own files."""
    from starlette.exceptions import HTTPException

    if name not in FILES:
        raise HTTPException(404)
    cached = {"Cache-Control": "public, max-age=86400"}
    return FileResponse(STATIC / name, media_type=FILES[name], headers=cached)


def described(app: FastAPI, prefix: str = "") -> dict[str, Any]:
    """The OpenAPI description of ``app``, its paths beginning with ``prefix``."""
    plain = app.openapi()
    paths = {prefix.rstrip("/") + path: item for path, item in plain["paths"].items()}
    return {key: value for key, value in plain.items() if key != "servers"} | {"paths": paths}
