"""What handlers share: reading requests, asking the store, and writing answers."""

from collections.abc import Callable
from typing import TypeVar, TypeVarTuple, Unpack

import anyio.to_thread
import structlog
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive

from core.commands import Refused
from core.ports import StoreError, Unavailable
from service.http.operations import MOST_BYTES, Parameter
from service.http.problems import problem

log = structlog.get_logger()
Args = TypeVarTuple("Args")
Told = TypeVar("Told")


async def ask(question: Callable[[Unpack[Args]], Told], *args: *Args) -> Told:
    """Asks the store, in a thread. Raises `Unavailable` if it does not answer."""
    try:
        return await anyio.to_thread.run_sync(question, *args)
    except StoreError as error:
        log.error("read_failed", exc_info=True)
        raise Unavailable("the database cannot be read") from error
    except ValidationError as error:  # not of what was sent, which would be the sender's mistake
        raise RuntimeError("the store told what cannot be") from error


async def read_body(receive: Receive) -> bytes:
    """The body, unless it is larger than `MOST_BYTES`, which is seen before it is read."""
    body = b""
    while True:
        # Not `request.stream()`: a generator that is left early stays open until it is collected.
        message = await receive()
        if message["type"] == "http.disconnect":
            raise HTTPException(400, "the request ended before its body did")
        part: bytes = message.get("body", b"")
        body += part
        if len(body) > MOST_BYTES:
            raise HTTPException(413, f"the body is larger than {MOST_BYTES} bytes; send less")
        if not message.get("more_body", False):
            return body


def path_id(request: Request) -> str:
    return str(request.path_params["id"])


def check_id(request: Request, given: str) -> None:
    """Raises a 422 unless the path names the id that the body gives."""
    if path_id(request) != given:
        raise HTTPException(
            422, f"the path names {path_id(request)} and the body {given}; make them the same"
        )


def number(request: Request, parameter: Parameter) -> int:
    """The value of a whole number in the query. Raises a 422 unless it lies between its limits."""
    name = parameter.name
    default, least, most = (int(parameter.schema[key]) for key in ("default", "minimum", "maximum"))
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most):
        raise HTTPException(422, f"{name} must be a whole number from {least} to {most}")
    return int(text)


def as_json(model: BaseModel, status: int = 200) -> Response:
    return Response(model.model_dump_json(), status, media_type="application/json")


def refusal(result: object) -> Response:
    assert isinstance(result, Refused), result
    return problem(404 if result.kind == "not_found" else 409, result.detail)
