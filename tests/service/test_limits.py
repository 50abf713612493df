"""What one client may send over a socket, how slowly, and that nothing of it is taken for another request."""

import asyncio
import resource
from typing import Any

import anyio
import pytest
from uvicorn.server import ServerState

from core.commands import AssignShift, PutShift
from core.memory import MemoryStore
from service import protocol
from service.http.operations import MOST_BYTES
from service.protocol import MOST_FIELDS, MOST_HEADER_BYTES, MOST_URL_BYTES, PIECE
from service.server import allow_connections, config
from tests.core.agency import Agency, shift
from tests.service.service_fixture import served
from tests.service.sockets import PATIENCE_S, Client, connected, flood

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("anyio_backend", ["asyncio"])]

HOST = b"Host: localhost\r\n"
HEALTH = b"GET /health HTTP/1.1\r\n" + HOST + b"\r\n"


def held_by_ann() -> MemoryStore:
    store = MemoryStore()
    agency = Agency(store)
    agency.do(PutShift(shift("far", "RN", 20 * 365 * 24)))  # these tests run in real time
    agency.do(AssignShift("far", "ann"))
    return store


def holder(store: MemoryStore) -> str | None:
    view = store.shift("far")
    assert view is not None
    return view.fanout.holder


# --- one request is one request ----------------------------------------------------------------


UPGRADES = [
    b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAA\r\n",
    b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n",
    b"Upgrade: TLS/1.3, h2c\r\nConnection: keep-alive, upgrade\r\n",
]
WRONG_HOLDER = b'{"caregiver_id": "ben"}'
SMUGGLED = b"POST /shifts/far/cancel HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\n\r\n"


def release(headers: bytes, body: bytes, chunked: bool) -> tuple[bytes, bytes]:
    """The head and the body of a request to take the shift back."""
    if chunked:
        length, body = b"Transfer-Encoding: chunked\r\n", b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    else:
        length = b"Content-Length: %d\r\n" % len(body)
    return b"POST /shifts/far/release HTTP/1.1\r\n" + HOST + headers + length + b"\r\n", body


@pytest.mark.parametrize("upgrade", UPGRADES, ids=["h2c", "websocket", "tls"])
@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("packets", ["one", "two", "many"])
async def test_a_request_that_offers_an_upgrade_is_read_whole(
    upgrade: bytes, chunked: bool, packets: str
) -> None:
    store = held_by_ann()
    for body, status in ((WRONG_HOLDER, 409), (SMUGGLED, 400)):
        async with served(store) as port, connected(port) as client:
            head, sent = release(upgrade, body, chunked)
            whole = head + sent
            pieces = {"one": [whole], "two": [head, sent], "many": [whole[:60], whole[60:-5], whole[-5:]]}
            await client.send(*pieces[packets], HEALTH)
            assert (await client.answer())[0] == status
            assert await client.answer() == (200, {"status": "ok"})
            assert holder(store) == "ann"


async def test_upgrades_in_a_row_are_answered_in_order() -> None:
    offer = HEALTH[:-2] + UPGRADES[0] + b"\r\n"
    async with served(MemoryStore()) as port, connected(port) as client:
        await client.send(offer * 50 + SMUGGLED)
        for _ in range(50):
            assert await client.answer() == (200, {"status": "ok"})
        assert (await client.answer())[0] == 404


async def test_this_is_no_proxy() -> None:
    async with served(MemoryStore()) as port, connected(port) as client:
        await client.send(b"CONNECT localhost:80 HTTP/1.1\r\n" + HOST + b"\r\n" + HEALTH)
        status, problem = await client.answer()
        assert (status, problem["detail"].partition(":")[0]) == (400, "this service is no proxy")
        assert await client.ended()


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", b"Content-Length: 2\r\nContent-Length: 3\r\n",
        b"Content-Length: +2\r\n", b"Content-Length: -2\r\n", b"Content-Length: 1_0\r\n",
        b"Content-Length: 0x2\r\n", b"Content-Length: 2, 2\r\n", b"Content-Length: " + b"9" * 4_301 + b"\r\n",
        b"Content-Length: \xd9\xa3\r\n", b"Transfer-Encoding: chunked, gzip\r\n", b"X: a\r\n b\r\n",
        b"X: \0\r\n",
    ],
)  # fmt: skip
async def test_a_request_without_a_certain_end_is_refused_and_nothing_after_it_is_read(
    headers: bytes,
) -> None:
    store = held_by_ann()
    async with served(store) as port, connected(port) as client:
        await client.send(b"POST /shifts/far/release HTTP/1.1\r\n" + HOST + headers + b"\r\n{}" + SMUGGLED)
        status, problem = await client.answer()
        assert (status, problem["title"]) == (400, "Bad Request")
        assert await client.ended()
    assert holder(store) == "ann"


async def test_a_body_that_was_announced_and_is_empty_is_not_a_missing_one() -> None:
    store = held_by_ann()
    async with served(store) as port, connected(port) as client:
        await client.send(b"".join(release(b"", b"", chunked=True)).replace(b"0\r\n\r\n0\r\n", b"0\r\n"))
        status, problem = await client.answer()
        assert (status, problem["detail"]) == (400, "the body is empty; give a JSON object")
        assert holder(store) == "ann"
        await client.send(b"".join(release(b"", b"", chunked=False)))
        assert (await client.answer())[1]["status"] == "released"


async def test_trailers_are_no_headers() -> None:
    """A proxy in front may have looked at the headers only."""
    store = held_by_ann()
    trailers = (
        b"Content-Type: text/plain\r\nOrigin: http://evil.example\r\nHost: evil.example\r\nUpgrade: h2c\r\n"
    )
    head, body = release(b"", b"{}", chunked=True)
    async with served(store) as port, connected(port) as client:
        await client.send(head + body[:-2] + trailers + b"\r\n", HEALTH)
        assert (await client.answer())[1]["status"] == "released"
        assert await client.answer() == (200, {"status": "ok"})


# --- how much ----------------------------------------------------------------------------------


async def test_a_url_and_headers_up_to_the_limits_are_fine() -> None:
    url = b"/shifts/" + b"x" * (MOST_URL_BYTES - 8)
    fields = b"".join(
        b"X%02d: %b\r\n" % (n, b"y" * (MOST_HEADER_BYTES // 100 - 4)) for n in range(MOST_FIELDS - 1)
    )
    async with served(MemoryStore()) as port, connected(port) as client:
        for request in (b"GET %b HTTP/1.1\r\n%b\r\n" % (url, HOST), HEALTH[:-2] + fields + b"\r\n"):
            await client.send(request)
            assert (await client.answer())[0] in (200, 404)


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /" + b"x" * MOST_URL_BYTES + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
        (b"GET /" + b"x" * (MOST_URL_BYTES + 3 * PIECE), 414),
        (HEALTH[:-2] + b"X: y\r\n" * MOST_FIELDS + b"\r\n", 431),
        (HEALTH[:-2] + b"X: " + b"y" * MOST_HEADER_BYTES + b"\r\n\r\n", 431),
        (HEALTH[:-2] + b"X: " + b"y" * (MOST_URL_BYTES + MOST_HEADER_BYTES + PIECE), 431),
        (HEALTH[:-2] + b"X" * (MOST_URL_BYTES + MOST_HEADER_BYTES + PIECE), 431),
    ],
)  # fmt: skip
async def test_a_head_beyond_the_limits_is_refused_before_anybody_asks_for_a_key(
    head: bytes, status: int
) -> None:
    async with served(MemoryStore()) as port:
        for before in (b"", HEALTH):  # also on a connection that has been used
            async with connected(port) as client:
                await client.send(before)
                if before:
                    assert (await client.answer())[0] == 200
                await client.send(head)
                assert (await client.answer())[0] == status
                assert await client.ended()


async def test_a_head_without_an_end_takes_no_memory() -> None:
    """Far more than the limits is sent, and far less is taken before the connection is closed."""
    async with served(MemoryStore()) as port:
        for start in (b"GET /", HEALTH[:-2] + b"X: "):
            async with await anyio.connect_tcp("127.0.0.1", port) as stream:
                await stream.send(start)
                with pytest.raises(anyio.BrokenResourceError):
                    await flood(stream, b"x" * 65_536)


@pytest.mark.parametrize("start", [b"", b"2;x=", b"0\r\nX: "], ids=["body", "extension", "trailer"])
async def test_a_body_without_an_end_is_cut_off(start: bytes) -> None:
    head, _ = release(b"", b"", chunked=True)
    if not start:
        head = head.replace(b"Transfer-Encoding: chunked", b"Content-Length: 99999999999")
    async with served(held_by_ann()) as port, await anyio.connect_tcp("127.0.0.1", port) as stream:
        await stream.send(head + start)
        with pytest.raises(anyio.BrokenResourceError):
            await flood(stream, b"x" * 65_536)


# --- how slowly --------------------------------------------------------------------------------


async def test_a_head_that_does_not_end_in_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEAD_S", 0.1)
    async with served(MemoryStore()) as port, connected(port) as client:
        await client.send(HEALTH)
        assert (await client.answer())[0] == 200
        await client.send(HEALTH[:5], HEALTH[5:20])
        assert (await client.answer())[0] == 408
        assert await client.ended()


async def test_a_body_that_trickles_is_refused_however_steadily(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "BODY_S", 0.1)
    head, _ = release(b"", b"x" * MOST_BYTES, chunked=False)
    async with served(held_by_ann()) as port, await anyio.connect_tcp("127.0.0.1", port) as stream:
        await stream.send(head)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(flood, stream, b" ", 0.01)
            assert (await Client(stream).answer())[0] == 408
            tasks.cancel_scope.cancel()


async def test_a_connection_that_says_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.server.KEEP_ALIVE_S", 0.1)
    async with served(MemoryStore()) as port:
        for said in (b"", b"\r\n"):
            async with connected(port) as client:
                await client.send(said)
                assert await client.ended()


class Pipe(asyncio.Transport):
    """A transport to nobody, which knows whether it has been cut off."""

    aborted = False

    def abort(self) -> None:
        self.aborted = True

    def is_closing(self) -> bool:
        return self.aborted

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None: ...


async def test_who_takes_nothing_of_an_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the transport tells it: its buffer is full, and does not empty."""
    monkeypatch.setattr(protocol, "TAKE_S", 0)
    taking, refusing = Pipe(), Pipe()
    for pipe in (taking, refusing):
        made = _protocol()
        made.connection_made(pipe)
        made.pause_writing()
        if pipe is taking:
            made.resume_writing()
    with anyio.fail_after(PATIENCE_S):
        while not refusing.aborted:
            await anyio.lowlevel.checkpoint()
    assert not taking.aborted


def _protocol() -> Any:
    async def app(scope: object, receive: object, send: object) -> None: ...

    made = config(app)
    made.load()
    return made.http_protocol_class(config=made, server_state=ServerState(), app_state={})  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("soft", "hard", "most", "raised_to"),
    [
        (1_024, 20_000, 1_000, 1_128), (400, 500, 372, 500), (20_000, 20_000, 1_000, None),
        (1_024, resource.RLIM_INFINITY, 1_000, 1_128), (10, 10, 1, None),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, 1_000, None),
    ],
)  # fmt: skip
async def test_open_files_are_allowed_for_connections_as_far_as_the_system_lets(
    soft: int, hard: int, most: int, raised_to: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda kind, limits: raised.append(limits))
    assert allow_connections(1_000) == most
    assert raised == ([] if raised_to is None else [(raised_to, hard)])


# --- how many ----------------------------------------------------------------------------------


async def test_connections_beyond_the_limit_are_told_to_try_again() -> None:
    async with served(MemoryStore(), most_connections=2) as port:
        async with connected(port) as first, connected(port) as second:
            for client in (first, second):
                await client.send(HEALTH)
                assert (await client.answer())[0] == 200
            async with connected(port) as third:
                status, problem = await third.answer()
                assert (status, problem["detail"]) == (503, "too many connections are open; try again")
                assert await third.ended()
            await first.send(HEALTH)
            assert (await first.answer())[0] == 200
        with anyio.fail_after(PATIENCE_S):
            while True:  # the server hears a moment later that they have gone
                async with connected(port) as again:
                    await again.send(HEALTH)
                    if (await again.answer())[0] == 200:
                        return
