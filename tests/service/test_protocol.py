"""Over a socket every answer comes in one piece, whatever kind of answer it is."""

import asyncio
from typing import Any

import anyio
import pytest

from core.memory import MemoryStore
from service.protocol import OneWrite
from tests.service.service_fixture import served

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("anyio_backend", ["asyncio"])]


class Recorder(asyncio.Transport):
    """Keeps what is written, and whether it has been closed."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.closed = False

    def write(self, data: Any) -> None:
        self.written.append(bytes(data))

    def close(self) -> None:
        self.closed = True


HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"


async def test_a_head_waits_for_its_body() -> None:
    sink = Recorder()
    transport = OneWrite(sink)
    transport.write(HEAD)
    assert sink.written == []
    transport.write(b"ok")
    assert sink.written == [HEAD + b"ok"]


async def test_a_head_without_a_length_does_not_wait_since_its_body_may_take_long() -> None:
    sink = Recorder()
    transport = OneWrite(sink)
    stream = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    transport.write(stream)
    assert sink.written == [stream]


async def test_a_head_goes_out_when_the_connection_closes_before_its_body() -> None:
    sink = Recorder()
    transport = OneWrite(sink)
    transport.write(HEAD)
    transport.close()
    assert (sink.written, sink.closed) == ([HEAD], True)
    transport.flush()
    assert sink.written == [HEAD]


@pytest.mark.parametrize(
    ("request_line", "status", "body"),
    [
        ("GET /health", b"200", b'{"status":"ok"}'),
        ("HEAD /health", b"200", b""),
        ("GET /nothing", b"404", None),
        ("POST /messages/inbound", b"400", None),
    ],
)
async def test_answers_are_whole_and_the_connection_lives_on(
    request_line: str, status: bytes, body: bytes | None
) -> None:
    async with served(MemoryStore()) as port, await anyio.connect_tcp("127.0.0.1", port) as stream:
        for _ in range(2):
            await stream.send(
                f"{request_line} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n".encode()
            )
            with anyio.fail_after(10):
                head, _, sent = (await stream.receive()).partition(b"\r\n\r\n")
            assert head.split()[1] == status
            assert sent == body if body is not None else sent.startswith(b"{")
