"""The API reference at /docs, served from here alone: Swagger UI as the package fastapi-offline ships it, no CDN."""

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse, Response

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>qa_bot API reference</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" href="data:,">
</head>
<body>
<main id="reference"></main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
_START = """SwaggerUIBundle({
  url: "/openapi.json", dom_id: "#reference", deepLinking: true, docExpansion: "list", validatorUrl: null
});
"""
_DAY = {"Cache-Control": "public, max-age=86400"}

router = APIRouter(prefix="/docs", include_in_schema=False)


@router.get("")
async def get_reference() -> HTMLResponse:
    """The page."""
    return HTMLResponse(_PAGE)


@router.get("/start.js")
async def get_start() -> Response:
    """The script that fills the page; a file of its own, so that the page needs no inline code."""
    return Response(_START, media_type="text/javascript", headers=_DAY)


@router.get("/swagger-ui-bundle.js")
async def get_script() -> FileResponse:
    """Swagger UI."""
    return FileResponse(_asset("swagger-ui-bundle.js"), media_type="text/javascript", headers=_DAY)


@router.get("/swagger-ui.css")
async def get_style() -> FileResponse:
    """The style of Swagger UI."""
    return FileResponse(_asset("swagger-ui.css"), media_type="text/css", headers=_DAY)


def _asset(name: str) -> Path:
    return Path(str(files("fastapi_offline") / "static" / name))
