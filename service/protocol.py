"""uvicorn's HTTP protocol with limits, and with each answer in one write.

The parser has no limits of its own, and whoever has no key must not be able to stop the others.

uvicorn writes an answer's head and body separately, which are two system calls and two packets. While many
caregivers answer at once, the second is the single largest cost of an answer.
"""

import asyncio
from typing import Any, Literal

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from service.http.operations import MOST_BYTES
from service.http.problems import problem

# As nginx limits them (large_client_header_buffers): a request line in one buffer of 8 KB, all in four.
MOST_URL_BYTES, MOST_HEADER_BYTES = 8 * 1024, 32 * 1024
# As Apache does (LimitRequestFields).
MOST_FIELDS = 100
# With its framing. Whoever reads a body stops at `MOST_BYTES`; chunk extensions and trailers nobody reads.
MOST_SENT_BYTES = 16 * MOST_BYTES
# Apache's mod_reqtimeout gives both 20 s. Heads are small; carriers send them in one packet.
HEAD_S, BODY_S = 10, 20
# Whoever takes nothing of an answer for this long has gone. nginx waits 60 s (send_timeout).
TAKE_S = 30
# The parser is fed at most so much at once. What fits into one piece is within all limits of size.
PIECE = 8 * 1024

_HEAD_ENDS = b"\r\n\r\n"
_BODY_FOLLOWS = b"\r\ncontent-length: "


class Refused(Exception):
    """What was sent is not read any further."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


LONG_URL = Refused(414, f"the URL is longer than {MOST_URL_BYTES} bytes; send a shorter one")
LARGE_HEADERS = Refused(
    431, f"the headers are more than {MOST_FIELDS} or larger than {MOST_HEADER_BYTES} bytes; send less"
)
LARGE_BODY = Refused(413, f"the body is larger than {MOST_BYTES} bytes; send less")
NOT_HTTP = Refused(400, "this is not an HTTP/1.1 request; the connection is closed")
NO_PROXY = Refused(400, "this service is no proxy: it takes no CONNECT; the connection is closed")
SLOW_HEAD = Refused(408, f"the request's headers did not end within {HEAD_S} s; send it again")
SLOW_BODY = Refused(408, f"the request's body did not end within {BODY_S} s; send it again")
FULL = Refused(503, "too many connections are open; try again")


class OneWrite(asyncio.Transport):
    """A transport that keeps back a head with a content length until more is written or `flush` is called."""

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__()
        self._transport = transport
        self._head = b""
        # What is only passed on, without a frame of ours between.
        self.get_extra_info = transport.get_extra_info  # type: ignore[method-assign]
        self.is_closing = transport.is_closing  # type: ignore[method-assign]
        self.pause_reading = transport.pause_reading  # type: ignore[method-assign]
        self.resume_reading = transport.resume_reading  # type: ignore[method-assign]
        self.set_protocol = transport.set_protocol  # type: ignore[method-assign]
        self.abort = transport.abort  # type: ignore[method-assign]

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self._head:
            self._transport.write(self._head + data)
            self._head = b""
        elif isinstance(data, bytes) and data.endswith(_HEAD_ENDS) and _BODY_FOLLOWS in data:
            self._head = data
        else:
            self._transport.write(data)

    def flush(self) -> None:
        if self._head:
            self._transport.write(self._head)
            self._head = b""

    def close(self) -> None:
        self.flush()
        self._transport.close()


class Protocol(HttpToolsProtocol):
    """`HttpToolsProtocol` over a `OneWrite`, with limits on what one client may send and how slowly.

    An upgrade is never served, so the request counts as one without it (RFC 9110, 7.8).
    """

    def __init__(self, *args: Any, most_connections: int, **more: Any) -> None:
        super().__init__(*args, **more)
        self._most_connections = most_connections
        self._reading: Literal["head", "body"] | None = None
        self._bytes = 0
        self._begun = False
        self._receiving: asyncio.TimerHandle | None = None
        self._taking: asyncio.TimerHandle | None = None

    # --- the connection ------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        if len(self.connections) >= self._most_connections:
            transport.write(_answer(FULL))
            transport.close()
            return
        super().connection_made(OneWrite(transport))
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_receiving()
        self._stop_taking()
        if self.transport is not None:  # it was not refused at once
            self._unset_keepalive_if_required()
            super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._taking = self.loop.call_later(TAKE_S, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop_taking()

    def _await_request(self) -> None:
        """A connection that is idle from here on is closed after a while."""
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def _stop_receiving(self) -> None:
        if self._receiving is not None:
            self._receiving.cancel()
            self._receiving = None

    def _stop_taking(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    # --- what comes in -------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        if self.transport is None or self.transport.is_closing():
            return
        self._unset_keepalive_if_required()
        try:
            if len(data) <= PIECE:
                self._feed(data)
            else:
                for start in range(0, len(data), PIECE):
                    self._feed(data[start : start + PIECE])
        except Refused as refusal:
            self._refuse(refusal)
        else:
            if self._reading is not None:
                if self._receiving is None:
                    head = self._reading == "head"
                    self._receiving = self.loop.call_later(
                        HEAD_S if head else BODY_S, self._refuse, SLOW_HEAD if head else SLOW_BODY
                    )
            elif self.cycle is None or self.cycle.response_complete:
                self._await_request()

    def _feed(self, piece: bytes) -> None:
        self._begun = False
        while True:
            try:
                self.parser.feed_data(piece)
                break
            except httptools.HttpParserUpgrade as upgrade:
                piece = self._without_upgrade() + piece[upgrade.args[0] :]
            except httptools.HttpParserError as error:
                known = isinstance(error.__context__, Refused)
                raise error.__context__ if known else NOT_HTTP from None  # type: ignore[misc]
        if self._begun or self._reading is None:
            return
        self._bytes += len(piece)
        if self._reading == "head":
            if len(self.url) > MOST_URL_BYTES:
                raise LONG_URL
            if self._bytes > MOST_URL_BYTES + MOST_HEADER_BYTES:
                raise LARGE_HEADERS
        elif self._bytes > MOST_SENT_BYTES:
            raise LARGE_BODY

    def _without_upgrade(self) -> bytes:
        """The head that has just been read, without its upgrade, for a new parser.

        The old one has dropped the body, or takes it for another protocol.
        """
        method, version = self.parser.get_method(), self.parser.get_http_version().encode()
        if method == b"CONNECT":
            raise NO_PROXY
        kept = (b"%b: %b\r\n" % header for header in self.scope["headers"] if header[0] != b"upgrade")
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn's own
        return b"%b %b HTTP/%b\r\n%b\r\n" % (method, self.url, version, b"".join(kept))

    def _should_upgrade(self) -> bool:
        return True  # so that nothing is done about the request until it has been read without the upgrade

    def on_message_begin(self) -> None:
        if self._receiving is not None:
            self._stop_receiving()
        self._reading, self._bytes, self._begun = "head", 0, True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        if self._receiving is not None:
            self._stop_receiving()
        if len(self.headers) > MOST_FIELDS:
            raise LARGE_HEADERS
        if not self._begun:
            if len(self.url) > MOST_URL_BYTES:
                raise LONG_URL
            if sum(len(name) + len(value) for name, value in self.headers) > MOST_HEADER_BYTES:
                raise LARGE_HEADERS
        self._reading = "body"
        super().on_headers_complete()
        self.headers = []  # trailers are no headers

    def on_message_complete(self) -> None:
        if self._receiving is not None:
            self._stop_receiving()
        self._reading = None
        super().on_message_complete()

    def on_response_complete(self) -> None:
        assert isinstance(self.transport, OneWrite)
        self.transport.flush()  # the answer to a HEAD has no body
        super().on_response_complete()

    def _refuse(self, refusal: Refused) -> None:
        """Closes the connection, with an answer unless it would come amid that to an earlier request."""
        if self.transport.is_closing():
            return
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            in_turn = self._reading == "body" and not self.pipeline and not cycle.response_started
            cycle.disconnected = True
        else:
            in_turn = self._reading != "body" or cycle is None
        if in_turn:
            self.transport.write(_answer(refusal))
        self.transport.close()


def _answer(refusal: Refused) -> bytes:
    """The whole answer, for who is refused before there is a request."""
    headers = {"Connection": "close"} | ({"Retry-After": "1"} if refusal.status == 503 else {})
    response = problem(refusal.status, str(refusal), headers)
    head = b"".join(b"%b: %b\r\n" % header for header in response.raw_headers)
    return STATUS_LINE[refusal.status] + head + b"\r\n" + bytes(response.body)
