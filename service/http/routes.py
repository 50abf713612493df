"""The HTTP interface: requests become commands for the ledger or questions to the store."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import structlog
from pydantic import BaseModel
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
    Coordinator,
    FanoutResult,
    InboundResult,
    PutCaregiver,
    PutPolicy,
    PutShift,
    Refused,
    ReleaseShift,
    Result,
    SeeTo,
    StartFanout,
    Stored,
)
from core.fanout import Status
from core.model import DEFAULT_POLICY, Caregiver, Policy, Shift
from core.ports import DEFAULT
from service.answers import answer_json
from service.http import docs
from service.http.auth import Guard
from service.http.handling import (
    as_json,
    ask,
    check_id,
    check_query,
    number,
    once,
    path_id,
    read_body,
    read_optional_body,
    refusal,
)
from service.http.models import (
    AssignRequest,
    AttentionList,
    AttentionView,
    CancelRequest,
    CaregiverList,
    CaregiverView,
    DoneRequest,
    FanoutAnswer,
    Health,
    InboundMessage,
    PolicyPath,
    ReleaseRequest,
    ShiftDetails,
    ShiftList,
)
from service.http.operations import AFTER_SEQ, BEFORE_ID, EVENTS_LIMIT, OPERATIONS, SHIFTS_LIMIT, Operation
from service.http.problems import HANDLERS, problem
from service.http.streams import Streams
from service.language.door import inbound
from service.ledger import Ledger
from service.runtime import Service
from service.settings import MOST_STREAMS
from service.stores.queries import ServiceStore

log = structlog.get_logger()


def build(service: Service, api_keys: Sequence[str] = (), most_streams: int = MOST_STREAMS) -> ASGIApp:
    """The application over a service that somebody else runs (`Service.running`).

    With `api_keys`, everything but /health and the API's description needs one of them as a bearer token.
    Without, only this machine is served.
    """
    api = _Api(service, most_streams)
    inbound = _Inbound(service.ledger)
    handlers: dict[str, Callable[..., Any]] = {
        "receive_message": inbound,
        "list_caregivers": api.list_caregivers,
        "put_caregiver": api.put_caregiver,
        "get_caregiver": api.get_caregiver,
        "list_shifts": api.list_shifts,
        "put_shift": api.put_shift,
        "get_shift": api.get_shift,
        "start_fanout": api.start_fanout,
        "release_shift": api.release,
        "cancel_shift": api.cancel,
        "assign_shift": api.assign,
        "list_shift_events": api.shift_events,
        "stream_events": api.stream_events,
        "list_attention": api.list_attention,
        "finish_attention": api.finish_attention,
        "put_policy": api.put_policy,
        "get_policy": api.get_policy,
        "health": api.health,
        "ready": api.ready,
        "metrics": api.metrics,
        "openapi": docs.openapi,
        "docs": docs.page,
    }
    routes = [Route(row.path, _checked(row, handlers[row.name]), methods=[row.method]) for row in OPERATIONS]
    app = _App(routes=[*routes, docs.FILES], exception_handlers=HANDLERS)
    app.inbound = inbound
    app.guard = Guard(api_keys, open={row.path for row in OPERATIONS if not row.guarded} | docs.PATHS)
    return app


def _checked(row: Operation, handler: Callable[..., Any]) -> Callable[..., Any]:
    """The handler of an operation, for queries that the operation knows."""
    if isinstance(handler, _Inbound):
        return handler  # which looks itself

    async def handle(request: Request) -> Response:
        check_query(request.scope["query_string"], row)
        response: Response = await handler(request)
        return response

    return handle


class _App(Starlette):
    """Hands caregivers' messages to their endpoint directly, past the layers of Starlette."""

    inbound: ASGIApp
    guard: Guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self.guard.refusal(scope) if scope["type"] == "http" else None
        if refusal is not None:
            await refusal(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == "/messages/inbound" and scope["method"] == "POST":
            await self.inbound(scope, receive, send)
        else:
            with suppress(Exception):  # `on_bug` has logged and answered it, and Starlette raises it again
                await super().__call__(scope, receive, send)


class _Inbound:
    """Caregivers' messages, as a bare ASGI endpoint.

    Messages come in bursts; layers, request and response objects are most of what one costs over HTTP.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if scope["query_string"]:
                check_query(scope["query_string"], OPERATIONS[0])
            message = InboundMessage.model_validate_json(await read_body(receive))
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
            await refusal(result)(scope, receive, send)


class _Api:
    def __init__(self, service: Service, most_streams: int) -> None:
        self._service = service
        self._streams = Streams(service.store, most_streams)
        self._ledger = service.ledger

    @property
    def _store(self) -> ServiceStore:
        return self._service.store

    # --- coordinators --------------------------------------------------------------------------

    async def start_fanout(self, request: Request) -> Response:
        await read_body(request.receive)
        result = await self._ledger.submit(once(request, StartFanout(path_id(request))))
        if isinstance(result, Refused) and result.kind == "nobody":
            roles = sorted({member.role for member in await ask(self._store.roster)})
            known = f"there are {', '.join(roles)}" if roles else "store caregivers first"
            return problem(409, f"{result.detail}; {known}")
        return _answer(result, ("fanout_started", "already_open"))

    async def release(self, request: Request) -> Response:
        body = ReleaseRequest.model_validate_json(await read_optional_body(request))
        command = ReleaseShift(path_id(request), body.caregiver_id, body.reason)
        return await self._command(request, command, ("released", "already_open"))

    async def cancel(self, request: Request) -> Response:
        body = CancelRequest.model_validate_json(await read_optional_body(request))
        return await self._command(request, CancelShift(path_id(request), body.reason), ("cancelled",))

    async def assign(self, request: Request) -> Response:
        body = AssignRequest.model_validate_json(await read_body(request.receive))
        command = AssignShift(path_id(request), body.caregiver_id, body.reason)
        return await self._command(request, command, ("claimed", "already_yours"))

    async def _command(self, request: Request, command: Coordinator, fine: Sequence[str]) -> Response:
        return _answer(await self._ledger.submit(once(request, command)), fine)

    # --- roster, shifts, policies --------------------------------------------------------------

    async def put_caregiver(self, request: Request) -> Response:
        caregiver = Caregiver.model_validate_json(await read_body(request.receive))
        check_id(request, caregiver.id)
        return await self._put(PutCaregiver(caregiver), caregiver)

    async def put_shift(self, request: Request) -> Response:
        shift = Shift.model_validate_json(await read_body(request.receive))
        check_id(request, shift.id)
        return await self._put(PutShift(shift), shift)

    async def put_policy(self, request: Request) -> Response:
        path = PolicyPath(id=path_id(request))
        policy = Policy.model_validate_json(await read_body(request.receive))
        return await self._put(PutPolicy(path.id, policy), policy)

    async def _put(self, command: Command, stored: BaseModel) -> Response:
        result = await self._ledger.submit(command)
        if isinstance(result, Stored):
            return as_json(stored, 201 if result.created else 200)
        return refusal(result)

    async def list_caregivers(self, request: Request) -> Response:
        members = await ask(self._store.roster)
        return as_json(CaregiverList(caregivers=[CaregiverView.of(member) for member in members]))

    async def get_caregiver(self, request: Request) -> Response:
        member = await ask(self._store.caregiver, path_id(request))
        if member is None:
            return problem(404, f"there is no caregiver {path_id(request)}")
        return as_json(CaregiverView.of(member))

    async def list_shifts(self, request: Request) -> Response:
        limit = number(request, SHIFTS_LIMIT)
        status = request.query_params.get("status")
        if status is not None and status not in list(Status):
            raise HTTPException(422, f"status must be one of {', '.join(Status)}")
        wanted = Status(status) if status else None
        after = request.query_params.get("after", "")
        page = await ask(self._page, after, limit, wanted)
        return Response(page, media_type="application/json")

    def _page(self, after: str, limit: int, wanted: Status | None) -> str:
        """A page of shifts as JSON, made in the reader's thread: with many offers it takes a while."""
        views = self._store.list_shifts(after, limit + 1, wanted)
        following = views[limit - 1].shift.id if len(views) > limit else None
        page = [ShiftDetails.of(view) for view in views[:limit]]
        return ShiftList(shifts=page, next=following).model_dump_json()

    async def get_shift(self, request: Request) -> Response:
        view = await ask(self._store.shift, path_id(request))
        if view is None:
            return problem(404, f"there is no shift {path_id(request)}")
        return as_json(ShiftDetails.of(view))

    async def get_policy(self, request: Request) -> Response:
        """The organization's own policy, else the default one: what a fanout would use."""
        name = path_id(request)
        policy = await ask(self._store.policy, name)
        if policy is None and name != DEFAULT:
            policy = await ask(self._store.policy, DEFAULT)
        return as_json(policy or DEFAULT_POLICY)

    # --- attention -----------------------------------------------------------------------------

    async def list_attention(self, request: Request) -> Response:
        before, limit = number(request, BEFORE_ID), number(request, SHIFTS_LIMIT)
        done = request.query_params.get("done", "false")
        if done not in ("true", "false"):
            raise HTTPException(422, "done must be true or false")
        items = await ask(self._store.attention, before, limit + 1, done == "true")
        following = items[limit - 1].number if len(items) > limit else None
        page = [AttentionView.of(item) for item in items[:limit]]
        return as_json(AttentionList(attention=page, next=following))

    async def finish_attention(self, request: Request) -> Response:
        body = DoneRequest.model_validate_json(await read_body(request.receive))
        text = path_id(request)
        known = text.isascii() and text.isdigit() and len(text) < 19
        result = await self._ledger.submit(once(request, SeeTo(int(text) if known else 0, body.by)))
        return as_json(Health()) if isinstance(result, Stored) else refusal(result)

    # --- journal and operation -----------------------------------------------------------------

    async def shift_events(self, request: Request) -> Response:
        after = number(request, AFTER_SEQ)
        limit = number(request, EVENTS_LIMIT)
        shift_id = path_id(request)
        entries = await ask(self._store.events, after, limit, shift_id)
        if not entries and await ask(self._store.shift, shift_id) is None:
            return problem(404, f"there is no shift {shift_id}")
        lines = ",".join(entry.line() for entry in entries)
        return Response(f'{{"events":[{lines}]}}', media_type="application/json")

    async def stream_events(self, request: Request) -> Response:
        return self._streams.stream(request)

    async def health(self, request: Request) -> Response:
        return as_json(Health())

    async def ready(self, request: Request) -> Response:
        await self._service.readiness.check()
        await ask(self._store.caregiver, "")
        return as_json(Health())

    async def metrics(self, request: Request) -> Response:
        depth, oldest_ms = await ask(self._store.outbox_depth)
        text = self._service.metrics.text(depth, oldest_ms, self._service.clock.now_ms())
        return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


def _answer(result: Result, fine: Sequence[str]) -> Response:
    """The answer to a coordinator's command; `fine`: the statuses that are no problem."""
    if not isinstance(result, FanoutResult):
        return refusal(result)
    if result.status not in fine:
        return problem(409, _why(result))
    return as_json(FanoutAnswer.of(result))


def _why(result: FanoutResult) -> str:
    shift = f"shift {result.shift_id}"
    match result.status:
        case "already_claimed":
            return f"{shift} is held by caregiver {result.caregiver_id}; release it first"
        case "cancelled":
            return f"{shift} has been canceled; store a new shift"
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
