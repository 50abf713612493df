"""Every error as application/problem+json, with a sentence that says what to do."""

from http import HTTPStatus

import structlog
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from core.ports import InDoubt, Unavailable
from service.http.models import Problem, ProblemType
from service.ledger import CommandFailed
from service.mistakes import explain

log = structlog.get_logger()

BUG = "Internal error while handling this request; nothing was changed."
IN_DOUBT = "it is unknown whether this was stored; send it again (a message: with the same message_id)"
WANTS_KEY = "send a key of this service: Authorization: Bearer KEY"
WANTS_JSON = "send the body as application/json"
ONE_HOST = "send one Host header"
ELSEWHERE = (
    "without a key the service answers as localhost or 127.0.0.1 only: use that name, or set FANOUT_API_KEYS"
)
FOREIGN = "a web page of another site may not ask this service; use /docs or a program"

_ADVICE = {
    404: "there is no such path; the API is described at /docs",
    405: "this path does not take this method; the API is described at /docs",
}


def problem(
    status: int, detail: str, headers: dict[str, str] | None = None, kind: ProblemType = "about:blank"
) -> Response:
    """A problem document; `detail` is for the sender of the request."""
    body = Problem(type=kind, title=HTTPStatus(status).phrase, status=status, detail=detail)
    return Response(body.model_dump_json(), status, headers, media_type="application/problem+json")


async def on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, ValidationError)
    malformed = error.errors(include_url=False)[0]["type"] == "json_invalid"
    return problem(400 if malformed else 422, explain(error))


async def on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    detail = error.detail
    if detail == HTTPStatus(error.status_code).phrase:  # Starlette's own
        detail = _ADVICE.get(error.status_code, detail)
    if error.status_code == 405:
        headers["Allow"] = ", ".join(_methods(request))
    return problem(error.status_code, detail, headers)


def _methods(request: Request) -> list[str]:
    """What the path takes; Starlette itself tells those of one route, and a path has several."""
    routes = [route for route in request.app.routes if isinstance(route, Route)]
    fitting = [route for route in routes if route.matches(request.scope)[0] is not Match.NONE]
    return sorted({method for route in fitting for method in route.methods or ()})


async def on_unavailable(request: Request, error: Exception) -> Response:
    return problem(503, f"{error}; nothing was changed, try again", {"Retry-After": "1"})


async def on_bug(request: Request, error: Exception) -> Response:
    if not isinstance(error, CommandFailed):
        log.error("request_failed", path=request.url.path, exc_info=error)
    return problem(500, BUG)


async def on_doubt(request: Request, error: Exception) -> Response:
    return problem(500, IN_DOUBT, kind="in-doubt")


HANDLERS = {
    ValidationError: on_invalid,
    HTTPException: on_http,
    Unavailable: on_unavailable,
    InDoubt: on_doubt,
    CommandFailed: on_bug,
    Exception: on_bug,
}
