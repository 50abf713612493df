"""Every error as application/problem+json, with a sentence that says what to do."""

from http import HTTPStatus
from typing import get_args

import structlog
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from core.model import Id, Phone
from core.ports import InDoubt, Unavailable
from service.http.models import MessageId, Problem, ProblemType
from service.ledger import CommandFailed

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
# pydantic speaks to programmers; whoever fills in a form or a file should not need to know Python.
_WHEN = "must be a date and time with an offset, such as 2036-03-03T08:00:00-05:00"
_SAID = {
    "datetime_from_date_parsing": _WHEN,
    "datetime_parsing": _WHEN,
    "datetime_type": _WHEN,
    "extra_forbidden": "is not known here; leave it out",
    "greater_than_equal": "must be at least {ge}",
    "int_type": "must be a whole number",
    "json_invalid": "this is not JSON: {error}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be {expected}",
    "missing": "is missing",
    "model_type": "must be an object",
    "string_too_long": "must have at most {max_length} characters",
    "string_too_short": "must not be empty",
    "string_type": "must be a string",
    "timezone_aware": _WHEN,
    "too_long": "must have at most {max_length} entries",
    "too_short": "must have at least {min_length} entry",
    "tuple_type": "must be a list",
    "value_error": "{error}",
}
_PATTERNS = {
    get_args(Id)[1].pattern: "must have no spaces, slashes, colons or control characters",
    get_args(Phone)[1].pattern: "must be + and 5 to 15 digits",
    get_args(MessageId)[1].pattern: "must have no control characters",
}
# A field's name may be as long as a body.
_LONGEST_PLACE = 200
_NOTHING = "EOF while parsing a value at line 1 column 0"


def problem(
    status: int, detail: str, headers: dict[str, str] | None = None, kind: ProblemType = "about:blank"
) -> Response:
    """A problem document; `detail` is for the sender of the request."""
    body = Problem(type=kind, title=HTTPStatus(status).phrase, status=status, detail=detail)
    return Response(body.model_dump_json(), status, headers, media_type="application/problem+json")


def explain(error: ValidationError) -> str:
    """The first mistake in a sentence: where it is and what is wrong with it."""
    first, *others = error.errors(include_url=False, include_input=False)
    # A list with a wrong entry is reported once more, as too short.
    others = [other for other in others if other["loc"] != first["loc"][: len(other["loc"])]]
    place = ""
    for part in first["loc"]:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else part
    place = place if len(place) <= _LONGEST_PLACE else f"{place[:_LONGEST_PLACE]}..."
    more = f" (and {len(others)} more)" if others else ""
    return f"{place}: {_said(first)}{more}" if place else f"{_said(first)}{more}"


def _said(mistake: ErrorDetails) -> str:
    context = mistake.get("ctx", {})
    if context.get("error") == _NOTHING:
        return "the body is empty; give a JSON object"
    if context.get("pattern") in _PATTERNS:
        return _PATTERNS[context["pattern"]]
    if mistake["type"] in _SAID:
        return _SAID[mistake["type"]].format(**context)
    return mistake["msg"]


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
