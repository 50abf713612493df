"""The OpenAPI document, built from the table of operations when it is first asked for."""

import json
from collections.abc import Iterable
from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from core.model import DEFAULT_POLICY, Caregiver, Policy, Shift
from service.http.models import (
    AssignRequest,
    CancelRequest,
    InboundAnswer,
    InboundMessage,
    Problem,
    ReleaseRequest,
)
from service.http.operations import OPERATIONS, Operation, Parameter
from service.http.problems import IN_DOUBT, WANTS_KEY

ABOUT = """\
Texts every caregiver with the role that a shift requires, gives the shift to the first who accepts, and
phones the others later if nobody did.

Store caregivers and shifts, start a shift's fanout, and pass on what caregivers answer. Every error is a
problem document (RFC 9457) whose `detail` says what to do. A 503 was certainly not applied: try again.
A 500 of type `in-doubt` may have been applied.
"""

ALICE = {"id": "alice", "name": "Alice Ongwele", "role": "RN", "phone": "+15550001"}
SHIFT = {
    "id": "monday",
    "organization_id": "home-care-east",
    "role_required": "RN",
    "start_time": "2036-03-03T08:00:00-05:00",
    "end_time": "2036-03-03T16:00:00-05:00",
    "timezone": "America/New_York",
    "location": "12 Maple St",
}


def _answer(status: str, reply: str) -> dict[str, str]:
    return {"status": status, "shift_id": SHIFT["id"], "caregiver_id": ALICE["id"], "reply": reply}


# Shown wherever the model is.
EXAMPLES: dict[type[BaseModel], dict[str, Any]] = {
    Caregiver: {"Alice": ALICE},
    Shift: {"a morning": SHIFT},
    Policy: {"text, then phone": DEFAULT_POLICY.model_dump(mode="json")},
    ReleaseRequest: {"with a reason": {"reason": "called in sick"}},
    CancelRequest: {"with a reason": {"reason": "the client is in the hospital"}},
    AssignRequest: {"to Alice": {"caregiver_id": ALICE["id"]}},
    InboundMessage: {
        "yes": {"from": ALICE["phone"], "body": "yes", "message_id": "SM0001"},
        "yes to offer B": {"from": ALICE["phone"], "body": "yes B"},
        "1 pressed in a call": {"from": ALICE["phone"], "body": "1", "shift_id": SHIFT["id"]},
    },
    InboundAnswer: {
        "first to accept": _answer(
            "claimed",
            "Confirmed: RN shift Mon Mar 3 8am-4pm, 12 Maple St is yours. Can't make it? Reply NO B.",
        ),
        "too late": _answer(
            "already_claimed", "Sorry, the RN shift Mon Mar 3 8am-4pm went to someone else at 5am. Thank you!"
        ),
        "declined": _answer(
            "declined", "OK, you pass on the RN shift Mon Mar 3 8am-4pm. Thanks for telling us."
        ),
    },
}


@cache
def document() -> bytes:
    """The OpenAPI document as JSON."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    schemas = models_json_schema(
        [(model, "validation") for model in _models()], ref_template="#/components/schemas/{model}"
    )[1]["$defs"]
    bearer = {
        "type": "http",
        "scheme": "bearer",
        "description": "One of the service's keys. A service without keys asks for none.",
    }
    whole = {
        "openapi": "3.1.1",
        "info": {"title": "Shift fanout", "version": version("shift-fanout"), "description": ABOUT},
        "paths": paths,
        "security": [{"bearer": []}],
        "components": {"schemas": schemas, "securitySchemes": {"bearer": bearer}},
    }
    return json.dumps(whole).encode()


def _models() -> Iterable[type[BaseModel]]:
    """All models of requests and answers, each once."""
    found: list[object] = [Problem]
    for operation in OPERATIONS:
        found += [operation.request, *operation.answers.values()]
    return dict.fromkeys(model for model in found if isinstance(model, type))


def _operation(operation: Operation) -> dict[str, Any]:
    problems = dict(operation.problems)
    if operation.guarded:
        problems[401] = (WANTS_KEY,)
    described: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "parameters": [_parameter(parameter) for parameter in operation.parameters],
        "responses": {
            **{str(status): _response(status, answer) for status, answer in operation.answers.items()},
            **{str(status): _problem(status, problems[status]) for status in sorted(problems)},
        },
    }
    if operation.description:
        described["description"] = operation.description
    if operation.request:
        content = _content(operation.request)
        described["requestBody"] = {"required": operation.request_required, "content": content}
    if not operation.guarded:
        described["security"] = []
    return described


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.place == "path",
        "description": parameter.description,
        "schema": parameter.schema,
    }


def _response(status: int, answer: type[BaseModel] | str) -> dict[str, Any]:
    if isinstance(answer, str):
        schema = {"type": "object" if answer == "application/json" else "string"}
        content: dict[str, Any] = {answer: {"schema": schema}}
    else:
        content = _content(answer)
    return {"description": HTTPStatus(status).phrase, "content": content}


def _problem(status: int, details: Iterable[str]) -> dict[str, Any]:
    title = HTTPStatus(status).phrase
    examples = {
        detail: Problem(
            type="in-doubt" if detail == IN_DOUBT else "about:blank",
            title=title,
            status=status,
            detail=detail,
        ).model_dump()
        for detail in details
    }
    described = {"description": title, "content": _content(Problem, "application/problem+json", examples)}
    header = {401: "WWW-Authenticate", 503: "Retry-After"}.get(status)
    if header:
        described["headers"] = {header: {"schema": {"type": "string"}}}
    return described


def _content(
    model: type[BaseModel], media_type: str = "application/json", examples: dict[str, Any] | None = None
) -> dict[str, Any]:
    media: dict[str, Any] = {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}
    named = examples or EXAMPLES.get(model, {})
    if named:
        media["examples"] = {
            str(number): {"summary": summary, "value": value}
            for number, (summary, value) in enumerate(named.items(), start=1)
        }
    return {media_type: media}
