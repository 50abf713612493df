"""uvicorn's HTTP protocol, with each answer in one write.

uvicorn writes an answer's head and body separately, which are two system calls and two packets. While many
caregivers answer at once, the second is the single largest cost of an answer.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_HEAD_ENDS = b"\r\n\r\n"
_BODY_FOLLOWS = b"\r\ncontent-length: "


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
    """`HttpToolsProtocol` over a `OneWrite`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(OneWrite(transport))

    def on_response_complete(self) -> None:
        assert isinstance(self.transport, OneWrite)
        self.transport.flush()  # the answer to a HEAD has no body
        super().on_response_complete()
