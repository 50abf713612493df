"""Every error as application/problem+json, with a sentence that says what to do."""

from http import HTTPStatus

import structlog
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from service.ledger import CommandFailed, Unavailable
from service.views import Problem

log = structlog.get_logger()

_ADVICE = {
    404: "there is no such path; the API is described at /docs",
    405: "this path does not take this method; the API is described at /docs",
}


def problem(status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    """A problem document; `detail` is for the sender of the request."""
    body = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail)
    return Response(body.model_dump_json(), status, headers, media_type="application/problem+json")


def explain(error: ValidationError) -> str:
    """The first mistake in a sentence: where it is and what is wrong with it."""
    first, *others = error.errors(include_url=False, include_context=False, include_input=False)
    place = ""
    for part in first["loc"]:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else part
    message = first["msg"].removeprefix("Value error, ")
    more = f" (and {len(others)} more)" if others else ""
    return f"{place}: {message}{more}" if place else f"{message}{more}"


async def on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, ValidationError)
    malformed = error.errors(include_url=False)[0]["type"] == "json_invalid"
    return problem(400 if malformed else 422, explain(error))


async def on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = _ADVICE.get(error.status_code, error.detail) if error.detail else error.detail
    if error.detail != HTTPStatus(error.status_code).phrase:
        detail = error.detail
    return problem(error.status_code, detail, dict(error.headers or {}))


async def on_unavailable(request: Request, error: Exception) -> Response:
    return problem(503, f"{error}; nothing was changed, try again", {"Retry-After": "1"})


async def on_bug(request: Request, error: Exception) -> Response:
    if not isinstance(error, CommandFailed):
        log.error("request_failed", path=request.url.path, exc_info=error)
    return problem(500, "the service failed over this request; nothing was changed")


HANDLERS = {
    ValidationError: on_invalid,
    HTTPException: on_http,
    Unavailable: on_unavailable,
    CommandFailed: on_bug,
    Exception: on_bug,
}
