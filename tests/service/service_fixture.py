"""A running service in a test: its HTTP, the phones of its caregivers, and its clock.

Time stands still unless the test lets it pass, and a text that no test expected fails it.
"""

import json
from collections import deque
from collections.abc import AsyncIterator, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from typing import Any

import anyio
import httpx2
from pydantic import BaseModel

from core.commands import Outgoing
from core.events import Entry
from core.invariants import violations
from core.memory import MemoryStore
from core.model import Caregiver, Shift
from core.ports import Carrier, CarrierError, Submit
from core.sends import Limits
from service.clock import VirtualClock
from service.http.routes import build
from service.runtime import Service
from service.server import Server, config, listen
from service.stores.queries import ServiceStore
from tests.core.agency import BEGIN_MS, NO_LIMITS, ROSTER, SHIFTS

PROBLEM = "application/problem+json"
PHONES = {person.id: person.phone for person in ROSTER}
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Heard:
    """What arrived at a phone, and when."""

    at_ms: int
    send: Outgoing


class Nobody:
    """A carrier that takes everything and sends nothing."""

    async def send(self, outgoing: Outgoing) -> None: ...

    async def listen(self, submit: Submit) -> None: ...


class Phones:
    """A carrier that keeps what arrives, in order.

    `fail` names what becomes of the next sends to a phone: an error is raised, an event is waited for, and so
    many milliseconds pass.
    """

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.heard: list[Heard] = []
        self.unexpected: dict[str, deque[Heard]] = {}
        self.fail: dict[str, list[CarrierError | anyio.Event | int]] = {}
        self.attempts: list[tuple[int, str, int]] = []

    async def listen(self, submit: Submit) -> None:
        """The tests post what people answer."""

    async def send(self, send: Outgoing) -> None:
        self.attempts.append((self.clock.now_ms(), send.key, send.attempt))
        if self.fail.get(send.phone):
            trouble = self.fail[send.phone].pop(0)
            if isinstance(trouble, CarrierError):
                raise trouble
            if isinstance(trouble, int):
                await self.clock.sleep(trouble)
            else:
                await trouble.wait()
        heard = Heard(self.clock.now_ms(), send)
        self.heard.append(heard)
        self.unexpected.setdefault(send.phone, deque()).append(heard)


class Expected:
    """A message that must have come to a device: awaited, it gives its text."""

    def __init__(self, device: "Device", channel: str, words: Sequence[str]) -> None:
        self._device = device
        self._channel = channel
        self._words = words

    def __await__(self) -> Generator[Any, Any, str]:
        return self._text().__await__()

    async def _text(self) -> str:
        fixture, phone = self._device.fixture, self._device.phone
        await fixture.settle()
        waiting = fixture.phones.unexpected.get(phone)
        assert waiting, f"{phone} has heard nothing, and not {self._words}"
        send = waiting.popleft().send
        wrong = [word for word in self._words if word not in send.text]
        assert (send.channel, wrong) == (self._channel, []), f"expected {self._words}, and came {send}"
        self._device.last = send
        return send.text

    async def then_reply(self, body: str, **more: str) -> Json:
        """Answers; a call says which shift it is about."""
        await self
        last = self._device.last
        if last is not None and last.channel == "voice" and last.shift_id:
            more["shift_id"] = last.shift_id
        return await self._device.says(body, **more)


class Device:
    """A caregiver's phone."""

    def __init__(self, fixture: "ServiceFixture", phone: str) -> None:
        self.fixture = fixture
        self.phone = phone
        self.last: Outgoing | None = None

    def expect_sms(self, *words: str) -> Expected:
        return Expected(self, "sms", words)

    def expect_call(self, *words: str) -> Expected:
        return Expected(self, "voice", words)

    async def says(self, body: str, **more: str) -> Json:
        answer = await self.fixture.post("/messages/inbound", {"from": self.phone, "body": body, **more})
        assert answer.status_code == 200, answer.text
        told: Json = answer.json()
        return told


@dataclass
class ServiceFixture:
    """`gate` is awake unless time may pass, and a virtual clock waits for whoever is awake."""

    service: Service
    client: httpx2.AsyncClient
    clock: VirtualClock
    phones: Phones

    def __post_init__(self) -> None:
        self._gate = self.clock.alarm()
        self._settling = False
        self.left = False

    @property
    def store(self) -> ServiceStore:
        return self.service.store

    # --- time ----------------------------------------------------------------------------------

    async def pace(self, from_ms: int, to_ms: int) -> None:
        if self._settling:
            self._settling = False
            self._gate.poke()

    async def settle(self) -> None:
        """Returns when everybody has done what there is to do now."""
        self._settling = True
        await self._gate.wait(self.clock.now_ms() + 1)

    async def pass_s(self, seconds: float) -> None:
        """Lets time pass, with all that happens meanwhile."""
        await self.settle()
        await self._gate.wait(self.clock.now_ms() + round(seconds * 1000))
        await self.settle()

    def leave(self) -> None:
        """The test ends as things are: nobody waits for what is under way."""
        self.left = True

    # --- HTTP ----------------------------------------------------------------------------------

    async def post(self, path: str, body: object = None) -> httpx2.Response:
        return await self.client.post(path, content=None if body is None else json.dumps(body))

    async def put(self, path: str, body: BaseModel | object) -> httpx2.Response:
        text = body.model_dump_json() if isinstance(body, BaseModel) else json.dumps(body)
        return await self.client.put(path, content=text)

    async def get(self, path: str) -> Json:
        answer = await self.client.get(path)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    async def store_agency(
        self, roster: Sequence[Caregiver] = ROSTER, shifts: Sequence[Shift] = SHIFTS
    ) -> None:
        """Stores the agency."""
        for person in roster:
            assert (await self.put(f"/caregivers/{person.id}", person)).status_code == 201
        for shift in shifts:
            assert (await self.put(f"/shifts/{shift.id}", shift)).status_code == 201

    async def start(self, shift_id: str) -> list[str]:
        answer = await self.post(f"/shifts/{shift_id}/fanout")
        assert answer.status_code == 200, answer.text
        contacted: list[str] = answer.json()["contacted"]
        return contacted

    def device(self, who: str) -> Device:
        return Device(self, PHONES.get(who, who))

    # --- what has come of it -------------------------------------------------------------------

    def journal(self) -> list[Entry]:
        return list(self.store.events(0, 10**9))

    def kinds(self, shift_id: str) -> list[str]:
        return [entry.event.kind for entry in self.store.events(0, 10**9, shift_id)]

    def kept(self) -> tuple[object, ...]:
        """All that the store shows of itself."""
        return (
            self.journal(),
            list(self.store.roster()),
            list(self.store.list_shifts("", 1000)),
            self.store.outbox_depth(),
        )

    async def metric(self, name: str) -> float:
        """One sample of /metrics, by its name with its labels."""
        text = (await self.client.get("/metrics")).text
        found = [float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(f"{name} ")]
        assert len(found) == 1, f"{name} in {text}"
        return found[0]

    def hear_all(self) -> list[Heard]:
        """Everything that nobody has expected so far; it counts as expected now."""
        heard = sorted(
            (h for device in self.phones.unexpected.values() for h in device), key=lambda h: h.at_ms
        )
        self.phones.unexpected.clear()
        return heard


def refused(answer: httpx2.Response, status: int, *words: str) -> str:
    """Checks that the answer is a problem document which says `words`."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    problem: Mapping[str, Any] = answer.json()
    assert problem["status"] == status
    detail = str(problem["detail"])
    assert all(word in detail for word in words), detail
    return detail


@asynccontextmanager
async def running_service(
    store: ServiceStore | None = None,
    *,
    limits: Limits = NO_LIMITS,
    start_ms: int = BEGIN_MS,
    jitter: float = 0.5,
    keys: Sequence[str] = (),
    carrier: Carrier | None = None,
) -> AsyncIterator[ServiceFixture]:
    """A service that runs; at the end no phone may have heard anything unexpected."""
    fixture: ServiceFixture

    async def pace(from_ms: int, to_ms: int) -> None:
        await fixture.pace(from_ms, to_ms)

    clock = VirtualClock(start_ms, pace)
    phones = Phones(clock)
    service = Service(
        store or MemoryStore(),
        carrier or phones,
        limits=limits,
        timezone="UTC",
        clock=clock,
        jitter=lambda: jitter,
    )
    # A bug must come out as the 500 that clients see.
    transport = httpx2.ASGITransport(app=build(service, keys), raise_app_exceptions=False)
    async with service.running(), anyio.create_task_group() as tasks:
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
            fixture = ServiceFixture(service, client, clock, phones)
            tasks.start_soon(clock.run)
            yield fixture
            if not fixture.left:
                await fixture.settle()
                unexpected = fixture.hear_all()
                assert not unexpected, unexpected
            assert violations(fixture.journal()) == []
        tasks.cancel_scope.cancel()


@asynccontextmanager
async def served(
    store: ServiceStore, *, most_connections: int = 1_000, most_streams: int = 100
) -> AsyncIterator[int]:
    """The service behind uvicorn on a port of this machine, in this process and in real time."""
    service = Service(store, Nobody(), limits=NO_LIMITS, timezone="UTC")
    server = Server(config(build(service, most_streams=most_streams), most_connections))
    with closing(listen("127.0.0.1", 0)) as sock:
        async with service.running(), anyio.create_task_group() as tasks:
            tasks.start_soon(server.serve, [sock])
            yield sock.getsockname()[1]
            server.should_exit = True
