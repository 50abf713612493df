"""What a carrier took is written down, even if the storage fails for a while, and a stop stays a stop."""

from math import inf

import anyio
import anyio.lowlevel
import pytest

from core.commands import AssignShift, Outgoing
from core.events import Sent
from core.ports import CarrierError, Submit
from core.sender import PAUSE_MS
from core.sends import Limits
from service.clock import VirtualClock
from service.runtime import Service
from tests.core.agency import BEGIN_MS, Agency
from tests.faulty_store import FaultyStore

pytestmark = pytest.mark.anyio


class Taker:
    """A carrier that takes everything, upon which the disk fills up."""

    def __init__(self, store: FaultyStore, failures: float) -> None:
        self.store = store
        self.failures = failures
        self.taken: list[str] = []

    async def send(self, outgoing: Outgoing) -> None:
        self.taken.append(outgoing.key)
        self.store.fail = {"commit": self.failures}

    async def listen(self, submit: Submit) -> None: ...


def taken_then_failing(failures: float) -> tuple[FaultyStore, Taker, VirtualClock, Service]:
    store, clock = FaultyStore(), VirtualClock(BEGIN_MS)
    Agency(store)
    carrier = Taker(store, failures)
    return store, carrier, clock, Service(store, carrier, limits=Limits(), timezone="UTC", clock=clock)


def sent(store: FaultyStore) -> list[str]:
    return [entry.event.key for entry in store.events(0, 10_000) if isinstance(entry.event, Sent)]


async def run_until_sent(store: FaultyStore, clock: VirtualClock) -> None:
    """Lets time pass until a send has been marked."""
    with anyio.fail_after(20):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(clock.run)
            while not sent(store):
                await anyio.lowlevel.checkpoint()
            tasks.cancel_scope.cancel()


async def test_a_mark_that_fails_is_written_later_and_the_text_goes_out_once() -> None:
    store, carrier, clock, service = taken_then_failing(2)
    async with service.running():
        await service.ledger.submit(AssignShift("mon", "ann"))
        await run_until_sent(store, clock)
    assert sent(store) == carrier.taken
    assert len(carrier.taken) == 1
    assert clock.now_ms() - BEGIN_MS >= PAUSE_MS


async def test_a_stop_does_not_wait_for_storage_that_fails_to_come_back() -> None:
    store, carrier, _, service = taken_then_failing(inf)
    with anyio.fail_after(20):
        async with service.running():
            await service.ledger.submit(AssignShift("mon", "ann"))
            while not carrier.taken:
                await anyio.lowlevel.checkpoint()
    assert sent(store) == []


class Refuser(Taker):
    """A carrier that refuses the first send, upon which the store leaves its mark in doubt."""

    async def send(self, outgoing: Outgoing) -> None:
        self.taken.append(outgoing.key)
        if len(self.taken) == 1:
            self.store.fail = {"answer": 1}
            raise CarrierError("busy")


async def test_a_send_whose_doubted_mark_was_written_is_tried_again() -> None:
    store, clock = FaultyStore(), VirtualClock(BEGIN_MS)
    Agency(store)
    carrier = Refuser(store, 0)
    service = Service(store, carrier, limits=Limits(), timezone="UTC", clock=clock)
    async with service.running():
        await service.ledger.submit(AssignShift("mon", "ann"))
        await run_until_sent(store, clock)
    assert len(carrier.taken) == 2
    assert clock.now_ms() - BEGIN_MS < 10_000
