"""Connections to the service, byte by byte."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
from anyio.abc import SocketStream

from tests.service.service_fixture import Json

PATIENCE_S = 30


class Client:
    """One connection, byte by byte."""

    def __init__(self, stream: SocketStream) -> None:
        self._stream = stream
        self._seen = b""

    async def send(self, *packets: bytes) -> None:
        """Sends packets that the server reads one by one."""
        for packet in packets:
            await self._stream.send(packet)
            for _ in range(20):  # so that the server has read it
                await anyio.lowlevel.checkpoint()

    async def answer(self) -> tuple[int, Json]:
        """The status and body of the next answer."""
        with anyio.fail_after(PATIENCE_S):
            while b"\r\n\r\n" not in self._seen:
                self._seen += await self._stream.receive()
            head, _, self._seen = self._seen.partition(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].split()[0])
            while len(self._seen) < length:
                self._seen += await self._stream.receive()
        body, self._seen = self._seen[:length], self._seen[length:]
        return int(head.split()[1]), json.loads(body)

    async def ended(self) -> bool:
        """Whether the server closes the connection without another word."""
        try:
            with anyio.fail_after(PATIENCE_S):
                rest = self._seen + await self._stream.receive()
        except (anyio.EndOfStream, anyio.BrokenResourceError):
            return True
        raise AssertionError(f"more came: {rest!r}")


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Client]:
    async with await anyio.connect_tcp("127.0.0.1", port) as stream:
        yield Client(stream)


async def flood(stream: SocketStream, packet: bytes, pause_s: float = 0) -> None:
    """Sends until the connection breaks."""
    with anyio.fail_after(PATIENCE_S):
        while True:
            await stream.send(packet)
            await anyio.sleep(pause_s)
