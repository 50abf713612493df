"""The journal as server-sent events."""

from collections.abc import AsyncIterator

import anyio
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from service.http.handling import ask, number
from service.http.operations import AFTER_SEQ, LAST_EVENT_ID, LAST_SEQ, WRONG_EVENT_ID
from service.runtime import Service

EVENTS_AT_ONCE = 500
# How long a stream may take to end by itself when the service stops.
STREAM_GRACE_S = 1


def stream(service: Service, request: Request) -> Response:
    """Entries after Last-Event-ID (or ?after=), then each new one as it is committed."""
    resumed = request.headers.get(LAST_EVENT_ID.name, "")
    if resumed and not (resumed.isascii() and resumed.isdigit() and len(resumed) < 20):
        raise HTTPException(422, WRONG_EVENT_ID)
    after = int(resumed) if resumed else number(request, AFTER_SEQ)
    stopping = anyio.Event()
    return EventSourceResponse(
        _entries(service, min(after, LAST_SEQ), stopping),
        shutdown_event=stopping,
        shutdown_grace_period=STREAM_GRACE_S,
    )


async def _entries(service: Service, after: int, stopping: anyio.Event) -> AsyncIterator[ServerSentEvent]:
    while not stopping.is_set():
        growth = service.journal_growth()
        entries = await ask(service.store.events, after, EVENTS_AT_ONCE)
        for entry in entries:
            after = entry.seq
            yield ServerSentEvent(entry.line(), event=entry.event.kind, id=str(entry.seq))
        if not entries:
            await _either(growth, stopping)


async def _either(one: anyio.Event, other: anyio.Event) -> None:
    """Returns when one of the events is set."""
    async with anyio.create_task_group() as tasks:

        async def watch(event: anyio.Event) -> None:
            await event.wait()
            tasks.cancel_scope.cancel()

        tasks.start_soon(watch, one)
        tasks.start_soon(watch, other)
