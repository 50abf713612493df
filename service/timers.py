"""Deadlines of fanouts. They are a column of the store, so they survive any crash."""

from collections.abc import Sequence

import anyio
import structlog

from core.commands import Command, TickShift
from core.fanout import next_deadline_ms
from core.ports import Changes, StoreError
from service.clock import Clock
from service.ledger import OWN, CommandFailed, Ledger
from service.stores.queries import ServiceStore

log = structlog.get_logger()

MOST_AT_ONCE = 256
# How long to leave a store alone that does not answer.
PAUSE_MS = 1_000


class Timers:
    """Tells the desk when a deadline has come. Ticks too many are harmless, so nothing is leased."""

    def __init__(self, store: ServiceStore, ledger: Ledger, clock: Clock) -> None:
        self._store = store
        self._ledger = ledger
        self._clock = clock
        self._alarm = clock.alarm()
        self._wake_ms: int | None = None

    def on_commit(self, changes: Changes) -> None:
        """Wakes the loop if a committed batch brought a deadline before the one it sleeps for."""
        deadlines = [
            at_ms for state in changes.fanouts.values() if (at_ms := next_deadline_ms(state)) is not None
        ]
        if deadlines and (self._wake_ms is None or min(deadlines) < self._wake_ms):
            self._alarm.poke()

    def on_doubt(self, commands: Sequence[Command]) -> None:
        """Looks at the deadlines, since a batch may have been committed that nobody has seen.

        The service's own commands bring no earlier deadline, and a tick is repeated after a pause anyway.
        """
        if any(not isinstance(command, OWN) for command in commands):
            self._alarm.poke()

    async def run(self) -> None:
        """Fires what is due, for ever."""
        while True:
            self._wake_ms = None
            try:
                with self._clock.busy():
                    self._wake_ms = await self._fire()
            except StoreError as error:
                log.error("timers_wait", error=str(error))
                self._wake_ms = self._clock.now_ms() + PAUSE_MS
            await self._alarm.wait(self._wake_ms)

    async def _fire(self) -> int | None:
        """Fires the deadlines that have come; returns when the next one is. Raises `Unavailable`."""
        while True:
            due, later_ms = await self._clock.in_worker(
                self._store.deadlines, self._clock.now_ms(), MOST_AT_ONCE
            )
            if not due:
                return later_ms
            failed: list[str] = []
            async with anyio.create_task_group() as tasks:
                for shift_id in due:
                    tasks.start_soon(self._tick, shift_id, failed)
            if failed:
                return self._clock.now_ms() + PAUSE_MS

    async def _tick(self, shift_id: str, failed: list[str]) -> None:
        try:
            await self._ledger.submit(TickShift(shift_id))
        except (StoreError, CommandFailed) as error:
            log.error("tick_failed", shift_id=shift_id, error=str(error))
            failed.append(shift_id)
