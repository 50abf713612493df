"""The HTTP interface: requests become commands for the ledger or questions to the store."""

import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from typing import TypeVar, TypeVarTuple, Unpack

import anyio
import anyio.to_thread
import structlog
from pydantic import BaseModel
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from core.commands import (
    AssignShift,
    CancelShift,
    Command,
    FanoutResult,
    InboundResult,
    PutCaregiver,
    PutPolicy,
    PutShift,
    Refused,
    ReleaseShift,
    StartFanout,
    Stored,
)
from core.fanout import Status
from core.model import DEFAULT_POLICY, Caregiver, Policy, Shift
from core.ports import DEFAULT, Unavailable
from service.answers import answer_json
from service.http import docs
from service.http.models import (
    AssignRequest,
    CancelRequest,
    CaregiverList,
    CaregiverView,
    FanoutAnswer,
    Health,
    InboundMessage,
    PolicyPath,
    ReleaseRequest,
    ShiftDetails,
    ShiftList,
)
from service.http.problems import HANDLERS, problem
from service.language.door import inbound
from service.ledger import Ledger
from service.runtime import Service
from service.stores.queries import ServiceStore

log = structlog.get_logger()
Args = TypeVarTuple("Args")
Told = TypeVar("Told")

MOST_BYTES = 64 * 1024
PAGE, LONGEST_PAGE = 100, 1000
EVENTS_AT_ONCE = 500
# How long a stream may take to end by itself when the service stops.
STREAM_GRACE_S = 1


def build(service: Service, api_keys: Sequence[str] = ()) -> ASGIApp:
    """The application over a service that somebody else runs (`Service.running`).

    With `api_keys`, everything but /health needs one of them as a bearer token.
    """
    api = _Api(service)
    inbound = _Inbound(service.ledger)
    app = _App(
        routes=[
            Route("/messages/inbound", inbound, methods=["POST"]),
            Route("/health", api.health),
            Route("/ready", api.ready),
            Route("/caregivers", api.list_caregivers),
            Route("/caregivers/{id}", api.put_caregiver, methods=["PUT"]),
            Route("/caregivers/{id}", api.get_caregiver),
            Route("/shifts", api.list_shifts),
            Route("/shifts/{id}", api.put_shift, methods=["PUT"]),
            Route("/shifts/{id}", api.get_shift),
            Route("/shifts/{id}/fanout", api.start_fanout, methods=["POST"]),
            Route("/shifts/{id}/release", api.release, methods=["POST"]),
            Route("/shifts/{id}/cancel", api.cancel, methods=["POST"]),
            Route("/shifts/{id}/assign", api.assign, methods=["POST"]),
            Route("/shifts/{id}/events", api.shift_events),
            Route("/events", api.stream),
            Route("/policies/{id}", api.put_policy, methods=["PUT"]),
            Route("/policies/{id}", api.get_policy),
            Route("/metrics", api.metrics),
            *docs.routes(),
        ],
        exception_handlers=HANDLERS,
    )
    app.inbound = inbound
    return _Guard(app, api_keys) if api_keys else app


class _App(Starlette):
    """Hands caregivers' messages to their endpoint directly, past the layers of Starlette."""

    inbound: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/messages/inbound" and scope["method"] == "POST":
            await self.inbound(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


class _Inbound:
    """Caregivers' messages, as a bare ASGI endpoint.

    Messages come in bursts; layers, request and response objects are most of what one costs over HTTP.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            message = InboundMessage.model_validate_json(await _body(receive))
            command = inbound(message.phone, message.body, message.shift_id, message.message_id)
            result = await self._ledger.submit(command)
        except Exception as error:
            handle = next(HANDLERS[kind] for kind in type(error).__mro__ if kind in HANDLERS)
            response = await handle(Request(scope, receive), error)
            await response(scope, receive, send)
            return
        if isinstance(result, InboundResult):
            if result.status == "unknown":
                log.info(
                    "not_understood",
                    shift_id=result.shift_id,
                    caregiver_id=result.caregiver_id,
                    length=len(message.body),
                    why=command.reply.why,
                )
            answer = answer_json(result)
            headers = [(b"content-length", b"%d" % len(answer)), (b"content-type", b"application/json")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": answer})
        else:
            await _refusal(result)(scope, receive, send)


class _Guard:
    """Asks for a bearer key on every path but /health."""

    def __init__(self, app: ASGIApp, keys: Sequence[str]) -> None:
        self._app = app
        self._keys = [key.encode() for key in keys]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] != "/health" and not self._allows(scope):
            refusal = problem(
                401, "send a key of this service: Authorization: Bearer KEY", {"WWW-Authenticate": "Bearer"}
            )
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _allows(self, scope: Scope) -> bool:
        given = dict(scope["headers"]).get(b"authorization", b"")
        scheme, _, token = given.partition(b" ")
        fits = [secrets.compare_digest(token.strip(), key) for key in self._keys]
        return scheme.lower() == b"bearer" and any(fits)


class _Api:
    def __init__(self, service: Service) -> None:
        self._service = service
        self._ledger = service.ledger

    @property
    def _store(self) -> ServiceStore:
        return self._service.store

    async def _read(self, question: Callable[[Unpack[Args]], Told], *args: *Args) -> Told:
        """Asks the store, in a thread. Raises `Unavailable` if it does not answer."""
        try:
            return await anyio.to_thread.run_sync(question, *args)
        except Exception as error:
            log.error("read_failed", exc_info=True)
            raise Unavailable("the database cannot be read") from error

    # --- coordinators --------------------------------------------------------------------------

    async def start_fanout(self, request: Request) -> Response:
        await _body(request.receive)
        return await self._command(StartFanout(_id(request)), ("fanout_started", "already_open"))

    async def release(self, request: Request) -> Response:
        body = ReleaseRequest.model_validate_json(await _body(request.receive) or b"{}")
        command = ReleaseShift(_id(request), body.caregiver_id, body.reason)
        return await self._command(command, ("released", "already_open"))

    async def cancel(self, request: Request) -> Response:
        body = CancelRequest.model_validate_json(await _body(request.receive) or b"{}")
        return await self._command(CancelShift(_id(request), body.reason), ("cancelled",))

    async def assign(self, request: Request) -> Response:
        body = AssignRequest.model_validate_json(await _body(request.receive))
        command = AssignShift(_id(request), body.caregiver_id, body.reason)
        return await self._command(command, ("claimed", "already_yours"))

    async def _command(self, command: Command, fine: Sequence[str]) -> Response:
        result = await self._ledger.submit(command)
        if isinstance(result, FanoutResult):
            if result.status in fine:
                return _json(FanoutAnswer.of(result))
            return problem(409, _why(result))
        return _refusal(result)

    # --- roster, shifts, policies --------------------------------------------------------------

    async def put_caregiver(self, request: Request) -> Response:
        caregiver = Caregiver.model_validate_json(await _body(request.receive))
        _same_id(request, caregiver.id)
        return await self._put(PutCaregiver(caregiver), caregiver)

    async def put_shift(self, request: Request) -> Response:
        shift = Shift.model_validate_json(await _body(request.receive))
        _same_id(request, shift.id)
        return await self._put(PutShift(shift), shift)

    async def put_policy(self, request: Request) -> Response:
        path = PolicyPath(organization=_id(request))
        policy = Policy.model_validate_json(await _body(request.receive))
        return await self._put(PutPolicy(path.organization, policy), policy)

    async def _put(self, command: Command, stored: BaseModel) -> Response:
        result = await self._ledger.submit(command)
        if isinstance(result, Stored):
            return _json(stored, 201 if result.created else 200)
        return _refusal(result)

    async def list_caregivers(self, request: Request) -> Response:
        members = await self._read(self._store.roster)
        return _json(CaregiverList(caregivers=[CaregiverView.of(member) for member in members]))

    async def get_caregiver(self, request: Request) -> Response:
        member = await self._read(self._store.caregiver, _id(request))
        if member is None:
            return problem(404, f"there is no caregiver {_id(request)}")
        return _json(CaregiverView.of(member))

    async def list_shifts(self, request: Request) -> Response:
        limit = _number(request, "limit", PAGE, 1, LONGEST_PAGE)
        status = request.query_params.get("status")
        if status is not None and status not in list(Status):
            raise HTTPException(422, f"status must be one of {', '.join(Status)}")
        wanted = Status(status) if status else None
        after = request.query_params.get("after", "")
        page = await self._read(self._page, after, limit, wanted)
        return Response(page, media_type="application/json")

    def _page(self, after: str, limit: int, wanted: Status | None) -> str:
        """A page of shifts as JSON, made in the reader's thread: with many offers it takes a while."""
        views = self._store.list_shifts(after, limit + 1, wanted)
        following = views[limit - 1].shift.id if len(views) > limit else None
        page = [ShiftDetails.of(view) for view in views[:limit]]
        return ShiftList(shifts=page, next=following).model_dump_json()

    async def get_shift(self, request: Request) -> Response:
        view = await self._read(self._store.shift, _id(request))
        if view is None:
            return problem(404, f"there is no shift {_id(request)}")
        return _json(ShiftDetails.of(view))

    async def get_policy(self, request: Request) -> Response:
        """The organization's own policy, else the default one: what a fanout would use."""
        name = _id(request)
        policy = await self._read(self._store.policy, name)
        if policy is None and name != DEFAULT:
            policy = await self._read(self._store.policy, DEFAULT)
        return _json(policy or DEFAULT_POLICY)

    # --- journal and operation -----------------------------------------------------------------

    async def shift_events(self, request: Request) -> Response:
        after = _number(request, "after", 0, 0, 2**62)
        limit = _number(request, "limit", LONGEST_PAGE, 1, LONGEST_PAGE)
        shift_id = _id(request)
        if await self._read(self._store.shift, shift_id) is None:
            return problem(404, f"there is no shift {shift_id}")
        entries = await self._read(self._store.events, after, limit, shift_id)
        lines = ",".join(entry.line() for entry in entries)
        return Response(f'{{"events":[{lines}]}}', media_type="application/json")

    async def stream(self, request: Request) -> Response:
        """Entries after Last-Event-ID (or ?after=), then each new one as it is committed."""
        resumed = request.headers.get("last-event-id", "")
        if resumed and not (resumed.isascii() and resumed.isdigit()):
            raise HTTPException(422, "Last-Event-ID must be the seq of an entry")
        after = int(resumed) if resumed else _number(request, "after", 0, 0, 2**62)
        stopping = anyio.Event()
        return EventSourceResponse(
            self._entries(min(after, 2**62), stopping),
            shutdown_event=stopping,
            shutdown_grace_period=STREAM_GRACE_S,
        )

    async def _entries(self, after: int, stopping: anyio.Event) -> AsyncIterator[ServerSentEvent]:
        while not stopping.is_set():
            growth = self._service.journal_growth()
            entries = await self._read(self._store.events, after, EVENTS_AT_ONCE)
            for entry in entries:
                after = entry.seq
                yield ServerSentEvent(entry.line(), event=entry.event.kind, id=str(entry.seq))
            if not entries:
                await _either(growth, stopping)

    async def health(self, request: Request) -> Response:
        return _json(Health())

    async def ready(self, request: Request) -> Response:
        await self._read(self._store.caregiver, "")
        return _json(Health())

    async def metrics(self, request: Request) -> Response:
        depth, oldest_ms = await self._read(self._store.outbox_depth)
        text = self._service.metrics.text(depth, oldest_ms, self._service.clock.now_ms())
        return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


async def _either(one: anyio.Event, other: anyio.Event) -> None:
    """Returns when one of the events is set."""
    async with anyio.create_task_group() as tasks:

        async def watch(event: anyio.Event) -> None:
            await event.wait()
            tasks.cancel_scope.cancel()

        tasks.start_soon(watch, one)
        tasks.start_soon(watch, other)


def _json(model: BaseModel, status: int = 200) -> Response:
    return Response(model.model_dump_json(), status, media_type="application/json")


def _id(request: Request) -> str:
    return str(request.path_params["id"])


def _same_id(request: Request, given: str) -> None:
    if _id(request) != given:
        raise HTTPException(422, f"the path names {_id(request)} and the body {given}; make them the same")


def _number(request: Request, name: str, default: int, least: int, most: int) -> int:
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most):
        raise HTTPException(422, f"{name} must be a whole number from {least} to {most}")
    return int(text)


async def _body(receive: Receive) -> bytes:
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


def _refusal(result: object) -> Response:
    assert isinstance(result, Refused), result
    return problem(404 if result.kind == "not_found" else 409, result.detail)


def _why(result: FanoutResult) -> str:
    shift = f"shift {result.shift_id}"
    match result.status:
        case "already_claimed":
            return f"{shift} is held by caregiver {result.caregiver_id}; release it first"
        case "cancelled":
            return f"{shift} has been cancelled; store a new shift"
        case "expired" | "closed":
            return f"{shift} is over"
        case "no_open_offer":
            return f"nobody holds {shift}: its fanout has not been started"
        case "not_eligible":
            return f"the caregiver does not have the role that {shift} requires"
        case "double_booked":
            return f"the caregiver holds shift {result.conflict}, which overlaps {shift}; release it first"
        case _:
            return f"{shift}: {result.status}"
