"""/openapi.json, and /docs: a page that shows it and calls no other host."""

from functools import cache

import anyio.to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Shift fanout: the API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<noscript>This page needs JavaScript; what it shows is <a href="openapi.json">openapi.json</a>.</noscript>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""

START = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  validatorUrl: null,
});
"""

# What the page may load and call is enforced by the browser too: this host and nothing else.
SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

# Swagger UI, as the package offapi carries it. The package itself is never imported: it would read all
# of its files into memory.
ASSETS = {"swagger-ui.css": "swagger_style.css", "swagger-ui.js": "swagger_bundle.js"}


async def openapi(request: Request) -> Response:
    from service.http.document import document  # costs nothing until it is asked for

    # In a thread: building it takes a while, and claims must not wait for it.
    return Response(await anyio.to_thread.run_sync(document), media_type="application/json")


async def page(request: Request) -> Response:
    return Response(PAGE, headers={"Content-Security-Policy": SECURITY}, media_type="text/html")


async def _file(request: Request) -> Response:
    name = request.path_params["file"]
    if name == "start.js":
        return Response(START, media_type="text/javascript")
    if name not in ASSETS:
        raise HTTPException(404)
    return await _assets().get_response(ASSETS[name], request.scope)


@cache
def _assets() -> StaticFiles:
    return StaticFiles(packages=[("offapi", ".")])


FILES = Route("/docs/{file}", _file, include_in_schema=False)
"""What the page loads."""
PATHS = {f"/docs/{name}" for name in ("start.js", *ASSETS)}
"""The paths of these files. They hold nothing of the agency's, and a browser sends no key for them."""
