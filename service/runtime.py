"""The running service without its HTTP: store, ledger, timers and outbox, started and stopped together."""

import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import anyio
import structlog

from core.commands import Command
from core.events import Exhausted, Released
from core.ports import Carrier, Changes
from core.sender import Sender
from core.sends import Limits
from core.working_set import Rules
from service.clock import Clock, SystemClock
from service.language.reading.phrases import RESERVED_CODES
from service.language.wording import OFFICE, Wording
from service.ledger import Ledger
from service.metrics import Metrics
from service.outbox import Outbox
from service.readiness import Readiness
from service.stores.queries import ServiceStore
from service.timers import Timers

log = structlog.get_logger()
# Sends that the carrier is given at once. With fewer, calls fall behind when thousands are due in one second.
MOST_UNDER_WAY = 384
# Why coordinators should look where somebody has or had the shift and cannot be told anything.
_UNHEARD = ("claimed", "already_yours", "opted_out", "takes_no_texts")


class Service:
    """The parts, wired. Nothing runs before `running` is entered.

    `jitter` gives numbers in [0, 1) that spread retries.
    """

    def __init__(
        self,
        store: ServiceStore,
        carrier: Carrier,
        *,
        limits: Limits,
        timezone: str,
        office: str = OFFICE,
        clock: Clock | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.store = store
        self.clock = clock or SystemClock()
        self.metrics = Metrics()
        rules, wording = Rules(timezone, RESERVED_CODES), Wording(timezone, office)
        self.ledger = Ledger(store, rules, wording.render, self.clock, self._on_commit, self._on_doubt)
        self.timers = Timers(store, self.ledger, self.clock)
        sender = Sender(store.owner, limits, MOST_UNDER_WAY)
        self.outbox = Outbox(self.ledger, carrier, self.clock, sender, jitter)
        self.readiness = Readiness(self.ledger, self.clock)
        self._carrier = carrier

    def _on_commit(self, changes: Changes, now_ms: int) -> None:
        self.metrics.on_commit(changes, now_ms)
        self.timers.on_commit(changes)
        self.outbox.on_commit(changes)
        for entry in changes.entries:
            match entry.event:
                case Exhausted():
                    advice = "nobody is left to ask: look at it"
                    log.warning("exhausted", shift_id=entry.shift_id, advice=advice)
                case Released(caregiver_id=caregiver_id, by="caregiver"):
                    advice = "given back, others are asked anew: look at it"
                    log.warning("released", shift_id=entry.shift_id, caregiver_id=caregiver_id, advice=advice)
                case _:
                    pass
        for item in changes.attention:
            if item.reason in _UNHEARD:
                log.warning(
                    "unheard",
                    shift_id=item.shift_id,
                    caregiver_id=item.caregiver_id,
                    reason=item.reason,
                    advice="it is about their shift, and they take no texts: call them",
                )

    def _on_doubt(self, commands: Sequence[Command]) -> None:
        self.timers.on_doubt(commands)
        self.outbox.on_doubt()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Runs the parts. If one of them dies, the block is canceled and its error raised."""
        async with anyio.create_task_group() as committer:
            committer.start_soon(self.ledger.run)
            async with anyio.create_task_group() as users:
                users.start_soon(self.timers.run)
                users.start_soon(self.outbox.run)
                users.start_soon(self._carrier.listen, self.ledger.submit)
                yield
                users.cancel_scope.cancel()  # sends under way are still marked, so none goes out twice
            committer.cancel_scope.cancel()
