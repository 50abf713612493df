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
from service.http import models
from service.http.operations import OPERATIONS, Operation, Parameter
from service.http.problems import ELSEWHERE, FOREIGN, IN_DOUBT, ONE_HOST, WANTS_JSON, WANTS_KEY

ABOUT = """\
Texts every caregiver with the role that a shift requires, gives the shift to the first who accepts, and
phones the others later if nobody did.

Store caregivers and shifts, start a shift's fanout, and pass on what caregivers answer. A PUT answers 201 if
what it stores is new, and 200 if it replaces something. Every error is a problem document (RFC 9457) whose
`detail` says what to do. A 503 was certainly not applied: try again. A 500 of type `in-doubt` may have been.
What is too long, too large or too slow to be read is answered with 414, 431 or 408 and the connection closed.
"""

Json = dict[str, Any]
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
CLAIMED = "Confirmed: RN shift Mon Mar 3 8am-4pm, 12 Maple St is yours. Can't make it? Reply NO B."
TOO_LATE = "Sorry, the RN shift Mon Mar 3 8am-4pm went to someone else at 5am. Thank you!"
DECLINED = "OK, you pass on the RN shift Mon Mar 3 8am-4pm. Thanks for telling us."
ABOUT_SHIFT = {"shift_id": "monday", "caregiver_id": "alice"}
# Shown wherever the model is.
EXAMPLES: dict[type[BaseModel], Json] = {
    Caregiver: {"Alice": ALICE},
    Shift: {"a morning": SHIFT},
    Policy: {"text, then phone": DEFAULT_POLICY.model_dump(mode="json")},
    models.ReleaseRequest: {"with a reason": {"reason": "called in sick"}},
    models.CancelRequest: {"with a reason": {"reason": "the client is in the hospital"}},
    models.DoneRequest: {"by Dana": {"by": "Dana"}},
    models.AssignRequest: {"to Alice": {"caregiver_id": "alice"}},
    models.InboundMessage: {
        "yes": {"from": "+15550001", "body": "yes", "message_id": "SM0001"},
        "yes to offer B": {"from": "+15550001", "body": "yes B"},
        "1 pressed in a call": {"from": "+15550001", "body": "1", "shift_id": "monday"},
    },
    models.InboundAnswer: {
        "first to accept": {"status": "claimed", **ABOUT_SHIFT, "reply": CLAIMED},
        "too late": {"status": "already_claimed", **ABOUT_SHIFT, "reply": TOO_LATE},
        "declined": {"status": "declined", **ABOUT_SHIFT, "reply": DECLINED},
    },
}


@cache
def document() -> bytes:
    """The OpenAPI document as JSON."""
    paths: dict[str, Json] = {}
    used: set[type[BaseModel]] = {models.Problem}
    for row in OPERATIONS:
        paths.setdefault(row.path, {})[row.method.lower()] = _operation(row)
        used |= {model for model in (row.request, *row.answers.values()) if isinstance(model, type)}
    by_name = sorted(used, key=lambda model: model.__name__)
    _, schemas = models_json_schema(
        [(model, "validation") for model in by_name], ref_template="#/components/schemas/{model}"
    )
    about_keys = "One of the service's keys. A service without keys asks for none."
    whole = {
        "openapi": "3.1.1",
        "info": {"title": "Shift fanout", "version": version("shift-fanout"), "description": ABOUT},
        "paths": paths,
        "security": [{"bearer": []}],
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "description": about_keys}},
        },
    }
    return json.dumps(whole).encode()


def _operation(row: Operation) -> Json:
    known = ", ".join(row.query_names)
    unknown = "'x' is no query parameter: " + (
        f"the parameters here are {known}" if known else "there are none here"
    )
    problems = {
        **row.problems,
        **({401: (WANTS_KEY,)} if row.guarded else {}),
        400: (*row.problems.get(400, ()), ONE_HOST),
        403: (FOREIGN,),
        415: (WANTS_JSON,),
        421: (ELSEWHERE,),
        422: (*row.problems.get(422, ()), unknown),
    }
    answers = {str(status): _answer(status, row.answers[status]) for status in row.answers}
    described: Json = {
        "operationId": row.name,
        "tags": [row.tag],
        "summary": row.summary,
        "parameters": [_parameter(parameter) for parameter in row.parameters],
        "responses": answers
        | {str(status): _problem(status, problems[status]) for status in sorted(problems)},
    }
    if row.description:
        described["description"] = row.description
    if row.request:
        content = {"application/json": _json(row.request, EXAMPLES.get(row.request, {}))}
        described["requestBody"] = {"required": row.request_required, "content": content}
    if not row.guarded:
        described["security"] = []
    return described


def _parameter(parameter: Parameter) -> Json:
    return {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.place == "path",
        "description": parameter.description,
        "schema": parameter.schema,
    }


def _answer(status: int, answer: type[BaseModel] | str) -> Json:
    if isinstance(answer, str):
        content: Json = {answer: {"schema": {"type": "object" if answer == "application/json" else "string"}}}
    else:
        content = {"application/json": _json(answer, EXAMPLES.get(answer, {}))}
    return {"description": HTTPStatus(status).phrase, "content": content}


def _problem(status: int, details: Iterable[str]) -> Json:
    title = HTTPStatus(status).phrase
    examples = {}
    for detail in details:
        kind: models.ProblemType = "in-doubt" if detail == IN_DOUBT else "about:blank"
        problem = models.Problem(type=kind, title=title, status=status, detail=detail)
        examples[detail] = problem.model_dump()
    header = {401: "WWW-Authenticate", 503: "Retry-After"}.get(status)
    return {
        "description": title,
        "headers": {header: {"schema": {"type": "string"}}} if header else {},
        "content": {"application/problem+json": _json(models.Problem, examples)},
    }


def _json(model: type[BaseModel], examples: Json) -> Json:
    """A model and its examples, by what they show."""
    named = {
        str(number): {"summary": summary, "value": value}
        for number, (summary, value) in enumerate(examples.items(), start=1)
    }
    return {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}, "examples": named}
