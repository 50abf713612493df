"""The journal as server-sent events.

Pages are read and encoded one at a time, so that claims come between them, and readers at the same place
share them. A reader who takes nothing holds one page, and is cut off by `service.protocol`.
"""

from collections.abc import AsyncGenerator
from typing import NamedTuple

import anyio
from sse_starlette import EventSourceResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from service.http.handling import ask, number
from service.http.operations import AFTER_SEQ, LAST_EVENT_ID, TOO_MANY_STREAMS
from service.stores.queries import ServiceStore

# Entries. To read them holds up claims for two milliseconds, and a page is one write.
PAGE = 500
# Some megabytes: readers who catch up together are never far apart.
MOST_PAGES = 64
# After each page, for whoever claims: all readers together take about a sixth of the processor.
PAUSE_S = 0.001
# New entries are looked for this often, for all readers together: each commit would wake all of them.
LOOK_S = 0.2
# How long a stream may take to end by itself when the service stops.
STREAM_GRACE_S = 1


class _Page(NamedTuple):
    """Entries as they are sent; `end` is the seq of the last one."""

    text: bytes
    end: int


class Streams:
    """The open streams, at most `most`, and the pages that they share."""

    def __init__(self, store: ServiceStore, most: int) -> None:
        self._store = store
        self._most = most
        self._open = 0
        self._turn = anyio.Lock()
        self._pages: dict[int, _Page] = {}
        self._end = 0
        self._look_at = 0.0

    def stream(self, request: Request) -> Response:
        """Entries after Last-Event-ID (or ?after=), then each new one soon after it is committed."""
        resumed = request.headers.get(LAST_EVENT_ID.name)
        after = number(request, LAST_EVENT_ID if resumed else AFTER_SEQ)
        if self._open >= self._most:
            raise HTTPException(503, TOO_MANY_STREAMS, {"Retry-After": "30"})
        stopping = anyio.Event()
        return _Stream(self, self.pages(after, stopping), stopping)

    def opened(self, more: int) -> None:
        """One stream more or less."""
        self._open += more

    async def pages(self, after: int, stopping: anyio.Event) -> AsyncGenerator[bytes]:
        """What is sent, until the service stops."""
        while not stopping.is_set():
            page = await self._page(after) if self._may_have_more(after) else None
            if page is not None:
                after = page.end
                yield page.text
            else:
                with anyio.move_on_after(LOOK_S):
                    await stopping.wait()

    def _may_have_more(self, after: int) -> bool:
        return after < self._end or anyio.current_time() >= self._look_at

    async def _page(self, after: int) -> _Page | None:
        """What follows `after`, up to the next multiple of `PAGE`, where all readers meet."""
        async with self._turn:
            page = self._pages.get(after)
            if page is None and self._may_have_more(after):  # others may have looked meanwhile
                page = await ask(self._read, after)
                if page is None or page.end % PAGE:
                    self._look_at = anyio.current_time() + LOOK_S
                if page is not None:
                    self._end = max(self._end, page.end)
                    self._pages[after] = page
                    if len(self._pages) > MOST_PAGES:
                        del self._pages[next(iter(self._pages))]
            if page is not None:
                await anyio.sleep(PAUSE_S)
            return page

    def _read(self, after: int) -> _Page | None:
        entries = self._store.events(after, PAGE - after % PAGE)
        if not entries:
            return None
        text = "".join([f"id: {e.seq}\r\nevent: {e.event.kind}\r\ndata: {e.line()}\r\n\r\n" for e in entries])
        return _Page(text.encode(), entries[-1].seq)


class _Stream(EventSourceResponse):
    """A response that counts as an open stream while it is sent."""

    def __init__(self, streams: Streams, content: AsyncGenerator[bytes], stopping: anyio.Event) -> None:
        super().__init__(content, shutdown_event=stopping, shutdown_grace_period=STREAM_GRACE_S)
        self._streams = streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._streams.opened(1)
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._streams.opened(-1)
