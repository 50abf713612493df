"""The API's description, built from the models that it reads and writes.

It is built when it is first asked for; until then neither it nor the library behind it costs anything.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel

from core.fanout import Status
from core.model import Caregiver, Policy, Shift
from service.http import examples
from service.http.models import (
    AssignRequest,
    CancelRequest,
    CaregiverList,
    CaregiverView,
    FanoutAnswer,
    Health,
    InboundAnswer,
    InboundMessage,
    JournalPage,
    Problem,
    ReleaseRequest,
    ShiftDetails,
    ShiftList,
)
from service.http.routes import LONGEST_PAGE, MOST_BYTES, PAGE

ABOUT = """\
Texts every caregiver with the role that a shift requires, gives the shift to the first who accepts, and
phones the others after a while if nobody did.

Store caregivers and shifts, start a shift's fanout, and hand over what caregivers answer. Every error is a
problem document (RFC 9457) whose `detail` says what to do. A 503 was certainly not applied: try again.
"""

_Json = dict[str, Any]
# The sentences that a problem's `detail` may be, by status.
_Problems = dict[int, tuple[str, ...]]

_BUG: _Problems = {500: ("Internal error while handling this request; nothing was changed.",)}
_READ: _Problems = _BUG | {503: ("the database cannot be read; nothing was changed, try again",)}
_WRITE: _Problems = _BUG | {503: ("the service is stopping; nothing was changed, try again",)}
_NO_CAREGIVER: _Problems = {404: ("there is no caregiver 00000000",)}
_NO_SHIFT: _Problems = {404: ("there is no shift 00000000; store it with PUT /shifts/{id}",)}


@cache
def document() -> bytes:
    """The OpenAPI document as JSON."""
    from openapi_pydantic import OpenAPI
    from openapi_pydantic.util import construct_open_api_with_schema_class

    described = OpenAPI.model_validate(
        {
            "openapi": "3.1.1",
            "info": {"title": "Shift fanout", "version": version("shift-fanout"), "description": ABOUT},
            "paths": _paths(examples.story()),
            "security": [{"bearer": []}],
            "components": {
                "securitySchemes": {
                    "bearer": {
                        "type": "http",
                        "scheme": "bearer",
                        "description": "One of the service's keys. A service without keys asks for none.",
                    }
                }
            },
        }
    )
    whole = construct_open_api_with_schema_class(described)
    return whole.model_dump_json(by_alias=True, exclude_unset=True).encode()


def _paths(story: dict[str, Any]) -> _Json:
    alice, shift = story["alice"], story["shift"]
    body: _Problems = {
        400: ("this is not JSON: expected value at line 1 column 1",),
        413: (f"the body is larger than {MOST_BYTES} bytes; send less",),
        422: ("reasons: is not known here; leave it out",),
    }
    other_id = ("the path names 1 and the body 2; make them the same",)
    missing = ("caregiver_id: is missing",)
    seq = _whole_number("after", "Only entries with a greater `seq`.", 0, 0)

    return {
        "/messages/inbound": {
            "post": _operation(
                "receive_message", "messages", "Take in a caregiver's text or key press",
                "Any outcome for the caregiver is a 200; `status` says which. The same `message_id` always "
                "gets the first answer. `reply` is what the caregiver is sent as a text, null if nothing is.",
                body=_body(InboundMessage, {
                    "yes": {"from": alice["phone"], "body": "yes", "message_id": "SM0001"},
                    "by offer code": {"from": alice["phone"], "body": "yes " + story["code"]},
                    "pressed 1 in the call": {"from": alice["phone"], "body": "1", "shift_id": shift["id"]},
                }),
                answers={200: _json("What it came to", InboundAnswer, {
                    "first to accept": story["accepted"],
                    "too late": story["late"],
                    "declined": story["declined"],
                    "not understood": story["unknown"],
                })},
                problems=body | _WRITE | {
                    404: (
                        "no caregiver has this phone; store one with PUT /caregivers/{id}",
                        "there is no shift 00000000",
                    ),
                    422: ("from: is missing",),
                },
            )
        },
        "/caregivers": {
            "get": _operation(
                "list_caregivers", "caregivers", "The roster, in the order in which it was stored",
                answers={200: _json("All caregivers", CaregiverList, {"roster": story["roster"]})},
                problems=_READ,
            )
        },
        "/caregivers/{id}": {
            "put": _operation(
                "put_caregiver", "caregivers", "Store a caregiver",
                parameters=[_id("caregiver")],
                body=_body(Caregiver, {"sample data": alice}),
                answers=_stored(Caregiver, alice),
                problems=body | _WRITE | {
                    409: ("caregiver 00000000 already has this phone; give another one",),
                    422: ("phone: must be + and 5 to 15 digits", *other_id),
                },
            ),
            "get": _operation(
                "get_caregiver", "caregivers", "One caregiver",
                parameters=[_id("caregiver")],
                answers={200: _json("The caregiver", CaregiverView, {"sample data": story["member"]})},
                problems=_READ | _NO_CAREGIVER,
            ),
        },
        "/shifts": {
            "get": _operation(
                "list_shifts", "shifts", "Shifts by id, a page at a time",
                parameters=[
                    _query("after", "Only shifts with a greater id: the `next` of the page before.",
                           {"type": "string"}),
                    _whole_number("limit", "How many at most.", PAGE, 1, LONGEST_PAGE),
                    _query("status", "Only shifts of this status.", {"type": "string", "enum": list(Status)}),
                ],
                answers={200: _json("One page", ShiftList, {"last page": story["page"]})},
                problems=_READ | {
                    422: (
                        f"limit must be a whole number from 1 to {LONGEST_PAGE}",
                        f"status must be one of {', '.join(Status)}",
                    )
                },
            )
        },
        "/shifts/{id}": {
            "put": _operation(
                "put_shift", "shifts", "Store a shift",
                "Role and times are fixed once its fanout has started.",
                parameters=[_id("shift")],
                body=_body(Shift, {"sample data": shift}),
                answers=_stored(Shift, shift),
                problems=body | _WRITE | {
                    409: (
                        "the fanout of shift 00000000 has started, so its role and times are fixed; "
                        "cancel it and store a new shift",
                    ),
                    422: ("end_time must be after start_time", *other_id),
                },
            ),
            "get": _operation(
                "get_shift", "shifts", "One shift: who has it, its offers, what caregivers wrote",
                parameters=[_id("shift")],
                answers={200: _json("The shift", ShiftDetails, {"filled": story["filled"]})},
                problems=_READ | {404: ("there is no shift 00000000",)},
            ),
        },
        "/shifts/{id}/fanout": {
            "post": _operation(
                "start_fanout", "shifts", "Start offering the shift",
                "Again while it is open: `already_fanout`, and nobody is asked twice. If there is nobody to "
                "ask, `contacted` is empty and `exhausted` true. A body is ignored.",
                parameters=[_id("shift")],
                answers={200: _json("It is being offered", FanoutAnswer, {
                    "started": story["started"], "again": story["again"],
                })},
                problems=_WRITE | _NO_SHIFT | {409: (
                    "shift 00000000 is held by caregiver 00000000; release it first",
                    "shift 00000000 has been cancelled; store a new shift",
                    "shift 00000000 is over",
                ), 413: body[413]},
            )
        },
        "/shifts/{id}/release": {
            "post": _operation(
                "release_shift", "shifts", "Take the shift back from who holds it and offer it again",
                "`caregiver_id`, if given, must be who holds it. Again while it is open: `already_fanout`.",
                parameters=[_id("shift")],
                body=_body(ReleaseRequest, {"with a reason": {"reason": "called in sick"}}, required=False),
                answers={200: _json("It is being offered again", FanoutAnswer)},
                problems=body | _WRITE | _NO_SHIFT | {409: (
                    "shift 00000000 is held by caregiver 00000000; release it first",
                    "nobody holds shift 00000000: its fanout has not been started",
                    "shift 00000000 has been cancelled; store a new shift",
                    "shift 00000000 is over",
                )},
            )
        },
        "/shifts/{id}/cancel": {
            "post": _operation(
                "cancel_shift", "shifts", "Withdraw the shift for good",
                parameters=[_id("shift")],
                body=_body(CancelRequest, {"with a reason": {"reason": "in hospital"}}, required=False),
                answers={200: _json("It is cancelled", FanoutAnswer)},
                problems=body | _WRITE | _NO_SHIFT | {409: ("shift 00000000 is over",)},
            )
        },
        "/shifts/{id}/assign": {
            "post": _operation(
                "assign_shift", "shifts", "Give the shift to a caregiver",
                "Whether or not it has been offered, and to whom.",
                parameters=[_id("shift")],
                body=_body(AssignRequest, {"to Alice": {"caregiver_id": alice["id"]}}),
                answers={200: _json("The caregiver has it", FanoutAnswer)},
                problems=body | _WRITE | {
                    404: ("there is no shift 00000000", "there is no caregiver 00000000"),
                    409: (
                        "shift 00000000 is held by caregiver 00000000; release it first",
                        "the caregiver does not have the role that shift 00000000 requires",
                        "the caregiver holds shift 11111111, which overlaps shift 00000000; "
                        "release it first",
                        "shift 00000000 is over",
                    ),
                    422: missing,
                },
            )
        },
        "/shifts/{id}/events": {
            "get": _operation(
                "list_shift_events", "journal", "The journal of one shift",
                parameters=[
                    _id("shift"), seq,
                    _whole_number("limit", "How many at most.", LONGEST_PAGE, 1, LONGEST_PAGE),
                ],
                answers={200: _json("Its entries in order", JournalPage, {"filled": story["journal"]})},
                problems=_READ | {
                    404: ("there is no shift 00000000",),
                    422: (f"limit must be a whole number from 1 to {LONGEST_PAGE}",),
                },
            )
        },
        "/events": {
            "get": _operation(
                "stream_events", "journal", "The journal of all shifts, as it grows",
                "Server-sent events, without end: try it with `curl -N` rather than here. The `data` of each "
                "is a JournalLine, its `event` the kind and its `id` the seq, from which a client that was "
                "cut off goes on. Lines that begin with a colon only keep the connection open.",
                parameters=[
                    {
                        "name": "Last-Event-ID", "in": "header", "schema": {"type": "integer", "minimum": 0},
                        "description": "Only entries with a greater `seq`. Wins over `after`.",
                    },
                    seq,
                ],
                answers={200: _text("Entries, from the oldest on", "text/event-stream", story["stream"])},
                problems={422: (
                    "Last-Event-ID must be the seq of an entry",
                    f"after must be a whole number from 0 to {2**62}",
                )},
            )
        },
        "/policies/{id}": {
            "put": _operation(
                "put_policy", "policies", "Store when and how an organization's shifts are offered",
                "Fanouts that have started keep the policy they started with.",
                parameters=[_id("organization", " or `default`, for all that have none of their own")],
                body=_body(Policy, {"text, then phone": story["policy"]}),
                answers=_stored(Policy, story["policy"]),
                problems=body | _WRITE | {422: ("rounds must be in order of after_s",)},
            ),
            "get": _operation(
                "get_policy", "policies", "The policy that a fanout of the organization would use",
                parameters=[_id("organization", " or `default`")],
                answers={200: _json("Its own policy, or else the default", Policy, {
                    "default": story["policy"],
                })},
                problems=_READ,
            ),
        },
        "/health": {
            "get": _operation(
                "health", "operation", "Whether the process runs", "Never asks for a key.",
                answers={200: _json("It does", Health)}, guarded=False,
            )
        },
        "/ready": {
            "get": _operation(
                "ready", "operation", "Whether the store answers",
                answers={200: _json("It does", Health)},
                problems=_READ,
            )
        },
        "/metrics": {
            "get": _operation(
                "metrics", "operation", "What the service counts, for Prometheus",
                answers={200: _text("Metrics", "text/plain", 'fanout_claims_total{result="claimed"} 1.0')},
                problems=_READ,
            )
        },
        "/openapi.json": {
            "get": _operation(
                "openapi", "operation", "This description",
                answers={200: {
                    "description": "An OpenAPI 3.1 document",
                    "content": {"application/json": {"schema": {"type": "object"}}},
                }},
            )
        },
        "/docs": {
            "get": _operation(
                "docs", "operation", "This description, as a page to read and to try it out",
                answers={200: _text("The page", "text/html")},
            )
        },
    }  # fmt: skip


def _operation(
    name: str,
    tag: str,
    summary: str,
    description: str | None = None,
    *,
    answers: Mapping[int, _Json],
    parameters: Iterable[_Json] = (),
    body: _Json | None = None,
    problems: _Problems | None = None,
    guarded: bool = True,
) -> _Json:
    """One method of a path. `guarded`: asks for a key if the service has any."""
    refused = dict(problems or {})
    if guarded:
        refused[401] = ("send a key of this service: Authorization: Bearer KEY",)
    responses = dict(answers) | {status: _problem(status, refused[status]) for status in sorted(refused)}
    return _given(
        operationId=name,
        tags=[tag],
        summary=summary,
        description=description,
        parameters=list(parameters) or None,
        requestBody=body,
        responses={str(status): response for status, response in responses.items()},
        security=None if guarded else [],
    )


def _problem(status: int, details: tuple[str, ...]) -> _Json:
    title = HTTPStatus(status).phrase
    examples = {
        detail: Problem(title=title, status=status, detail=detail).model_dump(mode="json")
        for detail in details
    }
    header = {401: "WWW-Authenticate", 503: "Retry-After"}.get(status)
    return _given(
        description=title,
        headers={header: {"schema": {"type": "string"}}} if header else None,
        content=_content("application/problem+json", Problem, examples),
    )


def _json(description: str, model: type[BaseModel], examples: Mapping[str, Any] | None = None) -> _Json:
    return {"description": description, "content": _content("application/json", model, examples)}


def _stored(model: type[BaseModel], example: Any) -> dict[int, _Json]:
    examples = {"sample data": example}
    return {
        200: _json("It was known and is replaced", model, examples),
        201: _json("It is new", model, examples),
    }


def _body(model: type[BaseModel], examples: Mapping[str, Any], *, required: bool = True) -> _Json:
    return {"required": required, "content": _content("application/json", model, examples)}


def _content(media_type: str, model: type[BaseModel], examples: Mapping[str, Any] | None) -> _Json:
    from openapi_pydantic.util import PydanticSchema

    named = {
        str(number): {"summary": summary, "value": value}
        for number, (summary, value) in enumerate((examples or {}).items(), start=1)
    }
    schema = PydanticSchema[Any].model_validate({"schema_class": model})
    return {media_type: _given(schema=schema, examples=named or None)}


def _text(description: str, media_type: str, example: str | None = None) -> _Json:
    return {
        "description": description,
        "content": {media_type: _given(schema={"type": "string"}, example=example)},
    }


def _given(**fields: object) -> _Json:
    """The fields that are there."""
    return {name: value for name, value in fields.items() if value is not None}


def _id(what: str, more: str = "") -> _Json:
    return {
        "name": "id", "in": "path", "required": True, "schema": {"type": "string"},
        "description": f"The {what}'s id{more}.",
    }  # fmt: skip


def _query(name: str, description: str, schema: _Json) -> _Json:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _whole_number(name: str, description: str, default: int, least: int, most: int = 2**62) -> _Json:
    schema = {"type": "integer", "default": default, "minimum": least, "maximum": most}
    return _query(name, description, schema)
