"""What a carrier took is written down, even if the storage fails for a while, and a stop stays a stop."""

import anyio
import anyio.lowlevel
import trio
from trio.testing import MockClock

from core.commands import AssignShift, Outgoing
from core.events import Sent
from core.memory import MemoryStore
from core.ports import Changes
from core.sends import Limits
from service.clock import SystemClock
from service.runtime import Service
from tests.core.agency import BEGIN_MS, Agency


class FailingStore(MemoryStore):
    """A store whose next `failures` commits find the disk full."""

    failures = 0.0

    def commit(self, changes: Changes) -> None:
        if self.failures > 0 and changes.results:
            self.failures -= 1
            raise OSError("disk full")
        super().commit(changes)


class AgencyClock(SystemClock):
    """The machine's clock, set to when the agency of the tests begins."""

    def __init__(self) -> None:
        self.set_by_ms = BEGIN_MS - super().now_ms()

    def now_ms(self) -> int:
        return super().now_ms() + self.set_by_ms


class Taker:
    """A carrier that takes everything, upon which the disk fills up."""

    def __init__(self, store: FailingStore, failures: float) -> None:
        self.store = store
        self.failures = failures
        self.taken: list[str] = []

    async def send_sms(self, send: Outgoing) -> None:
        self.taken.append(send.key)
        self.store.failures = self.failures

    place_call = send_sms


def taken_then_failing(failures: float) -> tuple[FailingStore, Taker, Service]:
    store, clock = FailingStore(), AgencyClock()
    Agency(store)
    carrier = Taker(store, failures)
    return store, carrier, Service(store, carrier, limits=Limits(), timezone="UTC", clock=clock)


def sent(store: FailingStore) -> list[str]:
    return [entry.event.key for entry in store.events(0, 10_000) if isinstance(entry.event, Sent)]


def test_a_mark_that_fails_is_written_later_and_the_text_goes_out_once() -> None:
    async def main() -> None:
        store, carrier, service = taken_then_failing(2)
        async with service.running():
            await service.ledger.submit(AssignShift("mon", "ann"))
            while not sent(store):
                await anyio.sleep(0.1)  # of a clock that jumps
        assert sent(store) == carrier.taken
        assert len(carrier.taken) == 1

    trio.run(main, clock=MockClock(autojump_threshold=0.05))


def test_a_stop_does_not_wait_for_storage_that_fails_to_come_back() -> None:
    async def main() -> None:
        store, carrier, service = taken_then_failing(float("inf"))
        with anyio.fail_after(20):
            async with service.running():
                await service.ledger.submit(AssignShift("mon", "ann"))
                while not carrier.taken:
                    await anyio.lowlevel.checkpoint()
        assert sent(store) == []

    trio.run(main)
