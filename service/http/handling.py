"""What handlers share: reading requests, asking the store, and writing answers."""

from collections.abc import Callable
from hashlib import blake2b
from typing import TypeVar, TypeVarTuple, Unpack
from urllib.parse import parse_qsl

import anyio.to_thread
import structlog
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive

from core.commands import Coordinator, Once, Refused
from core.ports import StoreError, Unavailable
from service.http.auth import announces_body
from service.http.operations import (
    IDEMPOTENCY_KEY,
    LONGEST_KEY,
    MOST_BYTES,
    WRONG_KEY,
    Operation,
    Parameter,
)
from service.http.problems import problem

log = structlog.get_logger()
Args = TypeVarTuple("Args")
Told = TypeVar("Told")
_LONGEST_NAME = 50


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


async def read_optional_body(request: Request) -> bytes:
    """As `read_body`, but no body counts as {}. One that was announced and is empty does not."""
    body = await read_body(request.receive)
    return body if body or announces_body(dict(request.headers.raw)) else b"{}"


def check_query(query: bytes, row: Operation) -> None:
    """Raises a 422 if a parameter is given that the operation does not know, or one twice."""
    known = row.query_names
    seen: set[str] = set()
    for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        if name not in known:
            takes = f"the parameters here are {', '.join(known)}" if known else "there are none here"
            raise HTTPException(422, f"{name[:_LONGEST_NAME]!r} is no query parameter: {takes}")
        if name in seen:
            raise HTTPException(422, f"{name} is given twice; give it once")
        seen.add(name)


def once(request: Request, command: Coordinator) -> Coordinator | Once:
    """The command, carried out once if the request has an Idempotency-Key (as the IETF's draft 07 has it)."""
    given = request.headers.get(IDEMPOTENCY_KEY.name)
    if given is None:
        return command
    key = given[1:-1] if len(given) > 1 and given[0] == given[-1] == '"' else given
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise HTTPException(422, WRONG_KEY)
    return Once(command, key, int.from_bytes(blake2b(repr(command).encode(), digest_size=6).digest()))


def path_id(request: Request) -> str:
    return str(request.path_params["id"])


def check_id(request: Request, given: str) -> None:
    """Raises a 422 unless the path names the id that the body gives."""
    if path_id(request) != given:
        raise HTTPException(
            422, f"the path names {path_id(request)} and the body {given}; make them the same"
        )


def number(request: Request, parameter: Parameter) -> int:
    """The value of a whole number. Raises a 422 unless it lies between its limits."""
    name = parameter.name
    least, most = int(parameter.schema["minimum"]), int(parameter.schema["maximum"])
    source = request.headers if parameter.place == "header" else request.query_params
    text = source.get(name, str(parameter.schema.get("default")))
    if not (text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most):
        raise HTTPException(422, f"{name} must be a whole number from {least} to {most}")
    return int(text)


def as_json(model: BaseModel, status: int = 200) -> Response:
    return Response(model.model_dump_json(), status, media_type="application/json")


def refusal(result: object) -> Response:
    assert isinstance(result, Refused), result
    return problem({"not_found": 404, "reused": 422}.get(result.kind, 409), result.detail)
