"""The table of HTTP operations: the routes and the OpenAPI document are both made from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel

from core.fanout import Status
from core.model import Caregiver, Policy, Shift
from service.http import models
from service.http.problems import BUG, IN_DOUBT

MOST_BYTES = 64 * 1024
PAGE, LONGEST_PAGE = 100, 1000
LAST_SEQ = 2**62

Tag = Literal["messages", "caregivers", "shifts", "attention", "journal", "policies", "operation"]
Problems = Mapping[int, tuple[str, ...]]
"""Sentences that the `detail` of a problem may be, by status. Ids are 00000000 and 11111111 in them."""


@dataclass(frozen=True)
class Parameter:
    name: str
    place: Literal["path", "query", "header"]
    description: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})


@dataclass(frozen=True)
class Operation:
    """One method of a path. `name` is what its handler is attached to.

    `answers`: by status, a model of JSON or a media type. `guarded`: asks for a key if the service has any.
    """

    method: Literal["GET", "PUT", "POST"]
    path: str
    name: str
    tag: Tag
    summary: str
    answers: Mapping[int, type[BaseModel] | str]
    description: str | None = None
    request: type[BaseModel] | None = None
    request_required: bool = True
    parameters: tuple[Parameter, ...] = ()
    problems: Problems = field(default_factory=dict)
    guarded: bool = True

    @property
    def query_names(self) -> tuple[str, ...]:
        """The parameters that its query may have."""
        return tuple(parameter.name for parameter in self.parameters if parameter.place == "query")


def _number(name: str, description: str, default: int, least: int, most: int) -> Parameter:
    schema = {"type": "integer", "default": default, "minimum": least, "maximum": most}
    return Parameter(name, "query", description, schema)


CAREGIVER_ID = Parameter("id", "path", "The caregiver's id.")
SHIFT_ID = Parameter("id", "path", "The shift's id.")
ORGANIZATION = Parameter("id", "path", "The organization's id, or `default` for all that have no policy.")
AFTER_ID = Parameter("after", "query", "Only shifts with a greater id: the `next` of the page before.")
SHIFTS_LIMIT = _number("limit", "At most this many shifts.", PAGE, 1, LONGEST_PAGE)
STATUS = Parameter("status", "query", "Only these shifts.", {"type": "string", "enum": list(Status)})
BEFORE_ID = _number("before", "Only entries with a smaller `id`.", LAST_SEQ, 1, LAST_SEQ)
DONE = Parameter(
    "done", "query", "What has been seen to, instead of what waits.",
    {"type": "string", "enum": ["true", "false"], "default": "false"},
)  # fmt: skip
ATTENTION_ID = Parameter("id", "path", "The entry's id.", {"type": "integer", "minimum": 1})
AFTER_SEQ = _number("after", "Only entries with a greater `seq`.", 0, 0, LAST_SEQ)
EVENTS_LIMIT = _number("limit", "At most this many entries.", LONGEST_PAGE, 1, LONGEST_PAGE)
LONGEST_KEY = 200
IDEMPOTENCY_KEY = Parameter(
    "Idempotency-Key", "header",
    "A name for this request that no other request has. Sent again with it, the request gets the first "
    "answer, for a week at least, and is not carried out again.",
    {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[\\x20-\\x7e]+$"},
)  # fmt: skip
WRONG_KEY = f"Idempotency-Key must have 1 to {LONGEST_KEY} printable ASCII characters"
LAST_EVENT_ID = Parameter(
    "Last-Event-ID", "header", "As `after`, and wins over it.",
    {"type": "integer", "minimum": 0, "maximum": LAST_SEQ},
)  # fmt: skip

READ: Problems = {500: (BUG,), 503: ("the database cannot be read; nothing was changed, try again",)}
WRITE: Problems = {500: (BUG, IN_DOUBT), 503: ("the service is stopping; nothing was changed, try again",)}
TOO_LARGE: Problems = {413: (f"the body is larger than {MOST_BYTES} bytes; send less",)}
BODY: Problems = {**WRITE, **TOO_LARGE, 400: ("this is not JSON: expected value at line 1 column 1",)}
NO_SHIFT = "there is no shift 00000000"
FIXED = (
    "the fanout of shift 00000000 has started or is over, so its role, times and time zone are fixed; "
    "cancel it and store a new shift"
)
NOBODY = "nobody has the role LPN; there are CNA, RN"
KEY_REUSED = "this Idempotency-Key came with another request; give each request its own"
REUSED = "this phone sent another message with this message_id; give each its own"
NO_CAREGIVER = "there is no caregiver 00000000"
NOT_STORED = f"{NO_SHIFT}; store it with PUT /shifts/{{id}}"
HELD = "shift 00000000 is held by caregiver 00000000; release it first"
CANCELLED = "shift 00000000 has been canceled; store a new shift"
OVER = "shift 00000000 is over"
OTHER_ID = "the path names 00000000 and the body 11111111; make them the same"
WRONG_EVENT_ID = f"Last-Event-ID must be a whole number from 0 to {LAST_SEQ}"
TOO_MANY_STREAMS = "too many streams are open; try again later, or read GET /shifts/{id}/events"
WRONG_LIMIT = f"limit must be a whole number from 1 to {LONGEST_PAGE}"

OPERATIONS = (
    Operation(
        "POST", "/messages/inbound", "receive_message", "messages", "Receive a caregiver's text or key press",
        {200: models.InboundAnswer},
        "Every outcome for the caregiver is a 200, and `status` says which. The same message with the same "
        "`message_id` gets the first answer again; another message with it is refused. Ids are unique for "
        "each sender only. `reply` is the text that the caregiver is sent, or null.",
        request=models.InboundMessage,
        problems={
            **BODY,
            404: ("no caregiver has this phone; store one with PUT /caregivers/{id}", NO_SHIFT),
            422: ("from: is missing", REUSED),
        },
    ),
    Operation(
        "GET", "/caregivers", "list_caregivers", "caregivers", "List all caregivers",
        {200: models.CaregiverList}, "In the order in which they were stored.", problems=READ,
    ),
    Operation(
        "PUT", "/caregivers/{id}", "put_caregiver", "caregivers", "Store a caregiver",
        {200: Caregiver, 201: Caregiver}, request=Caregiver, parameters=(CAREGIVER_ID,),
        problems={
            **BODY,
            409: ("caregiver 00000000 already has this phone; give another one",),
            422: ("phone: must be + and 5 to 15 digits", OTHER_ID),
        },
    ),
    Operation(
        "GET", "/caregivers/{id}", "get_caregiver", "caregivers", "Get one caregiver",
        {200: models.CaregiverView}, parameters=(CAREGIVER_ID,), problems={**READ, 404: (NO_CAREGIVER,)},
    ),
    Operation(
        "GET", "/shifts", "list_shifts", "shifts", "List shifts by id, one page at a time",
        {200: models.ShiftList}, parameters=(AFTER_ID, SHIFTS_LIMIT, STATUS),
        problems={**READ, 422: (WRONG_LIMIT, f"status must be one of {', '.join(Status)}")},
    ),
    Operation(
        "PUT", "/shifts/{id}", "put_shift", "shifts", "Store a shift",
        {200: Shift, 201: Shift}, "Role and times cannot change once its fanout has started.",
        request=Shift, parameters=(SHIFT_ID,),
        problems={
            **BODY,
            409: (FIXED,),
            422: ("end_time must be after start_time", OTHER_ID),
        },
    ),
    Operation(
        "GET", "/shifts/{id}", "get_shift", "shifts",
        "Get one shift, with its holder, its offers, and messages that a person should read",
        {200: models.ShiftDetails}, parameters=(SHIFT_ID,), problems={**READ, 404: (NO_SHIFT,)},
    ),
    Operation(
        "POST", "/shifts/{id}/fanout", "start_fanout", "shifts", "Start offering the shift",
        {200: models.FanoutAnswer},
        "If the shift is open already, the answer is `already_fanout` and nobody is asked twice. If nobody "
        "with the role can be asked, `contacted` is empty and `exhausted` is true. A body is ignored.",
        parameters=(SHIFT_ID, IDEMPOTENCY_KEY),
        problems={
            **WRITE, **TOO_LARGE, 404: (NOT_STORED,), 409: (HELD, CANCELLED, OVER, NOBODY),
            422: (WRONG_KEY, KEY_REUSED),
        },
    ),
    Operation(
        "POST", "/shifts/{id}/release", "release_shift", "shifts",
        "Take the shift back from its holder and offer it again",
        {200: models.FanoutAnswer},
        "`caregiver_id`, if given, must be the holder. If the shift is open already, the answer is "
        "`already_fanout`.",
        request=models.ReleaseRequest, request_required=False, parameters=(SHIFT_ID, IDEMPOTENCY_KEY),
        problems={
            **BODY,
            404: (NOT_STORED,),
            409: (HELD, "nobody holds shift 00000000: its fanout has not been started", CANCELLED, OVER),
            422: ("caregiver_id: must be a string",),
        },
    ),
    Operation(
        "POST", "/shifts/{id}/cancel", "cancel_shift", "shifts", "Cancel the shift for good",
        {200: models.FanoutAnswer},
        request=models.CancelRequest, request_required=False, parameters=(SHIFT_ID, IDEMPOTENCY_KEY),
        problems={**BODY, 404: (NOT_STORED,), 409: (OVER,), 422: ("reason: must be a string", KEY_REUSED)},
    ),
    Operation(
        "POST", "/shifts/{id}/assign", "assign_shift", "shifts", "Give the shift to a caregiver",
        {200: models.FanoutAnswer}, "Works whether or not the shift has been offered, and to whom.",
        request=models.AssignRequest, parameters=(SHIFT_ID, IDEMPOTENCY_KEY),
        problems={
            **BODY,
            404: (NO_SHIFT, NO_CAREGIVER),
            409: (
                HELD, OVER, "the caregiver does not have the role that shift 00000000 requires",
                "the caregiver holds shift 11111111, which overlaps shift 00000000; release it first",
            ),
            422: ("caregiver_id: is missing",),
        },
    ),
    Operation(
        "GET", "/shifts/{id}/events", "list_shift_events", "journal", "List the journal of one shift",
        {200: models.JournalPage}, parameters=(SHIFT_ID, AFTER_SEQ, EVENTS_LIMIT),
        problems={**READ, 404: (NO_SHIFT,), 422: (WRONG_LIMIT,)},
    ),
    Operation(
        "GET", "/events", "stream_events", "journal", "Follow the journal of all shifts",
        {200: "text/event-stream"},
        "Server-sent events without an end: try this with `curl -N` rather than here. Each event's `data` is "
        "a journal entry as JSON, its `event` is the entry's `kind`, and its `id` is the entry's `seq`, from "
        "which a client continues after a lost connection. Lines that begin with a colon only keep the "
        "connection open.",
        parameters=(LAST_EVENT_ID, AFTER_SEQ),
        problems={
            422: (WRONG_EVENT_ID, f"after must be a whole number from 0 to {LAST_SEQ}"), 500: (BUG,),
            503: (TOO_MANY_STREAMS,),
        },
    ),
    Operation(
        "GET", "/attention", "list_attention", "attention", "List what coordinators should see to",
        {200: models.AttentionList},
        "Newest first: messages that were not understood, gave a shift back or came from a number that "
        "nobody has, and whatever could not be told or sent. Kept for 90 days, and until its shift is over.",
        parameters=(BEFORE_ID, SHIFTS_LIMIT, DONE),
        problems={**READ, 422: (WRONG_LIMIT, "done must be true or false")},
    ),
    Operation(
        "POST", "/attention/{id}/done", "finish_attention", "attention", "Say that you have seen to it",
        {200: models.Health}, "The first who says so is remembered.",
        request=models.DoneRequest, parameters=(ATTENTION_ID, IDEMPOTENCY_KEY),
        problems={
            **BODY, 404: ("nothing with the id 0 waits for attention",), 422: ("by: is missing",),
        },
    ),
    Operation(
        "PUT", "/policies/{id}", "put_policy", "policies", "Store when and how an organization offers shifts",
        {200: Policy, 201: Policy}, "A fanout keeps the policy that it started with.",
        request=Policy, parameters=(ORGANIZATION,),
        problems={**BODY, 422: ("rounds must be in order of after_s",)},
    ),
    Operation(
        "GET", "/policies/{id}", "get_policy", "policies", "Get the policy of an organization",
        {200: Policy}, "Its own, or else the default.", parameters=(ORGANIZATION,), problems=READ,
    ),
    Operation(
        "GET", "/health", "health", "operation", "Check that the process runs",
        {200: models.Health}, "Never asks for a key.", guarded=False,
    ),
    Operation(
        "GET", "/ready", "ready", "operation", "Check that the store can be written to",
        {200: models.Health}, "By writing to it, once a second at most.", problems=READ,
    ),
    Operation(
        "GET", "/metrics", "metrics", "operation", "Get metrics for Prometheus",
        {200: "text/plain"}, problems=READ,
    ),
    Operation(
        "GET", "/openapi.json", "openapi", "operation", "Get this description as an OpenAPI document",
        {200: "application/json"}, "Never asks for a key.", guarded=False,
    ),
    Operation(
        "GET", "/docs", "docs", "operation", "Read this description as a page, and try the API",
        {200: "text/html"}, "Never asks for a key; what is tried there does.", guarded=False,
    ),
)  # fmt: skip
