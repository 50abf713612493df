"""The outbox: a thin shell around `core.sender`, which hands sends to the carrier.

What has begun is finished and marked, also when the service stops.
"""

from collections.abc import Callable

import anyio
import anyio.lowlevel
import structlog

from core.commands import Leased, MarkFailed, MarkSent, Outgoing
from core.ports import Carrier, CarrierError, Changes, StoreError
from core.sender import PAUSE_MS, Sender
from service.clock import Clock
from service.ledger import CommandFailed, Ledger
from service.logs import masked

log = structlog.get_logger()

# A carrier's API answers within seconds or not at all.
CARRIER_TIMEOUT_MS = 30_000
# Whoever waits longer than this looks again all the same: the clock may have been set back.
LOOK_AGAIN_MS = 30_000


class Outbox:
    """`jitter` gives numbers in [0, 1) that spread retries."""

    def __init__(
        self, ledger: Ledger, carrier: Carrier, clock: Clock, sender: Sender, jitter: Callable[[], float]
    ) -> None:
        self._ledger = ledger
        self._carrier = carrier
        self._clock = clock
        self._sender = sender
        self._jitter = jitter
        self._alarm = clock.alarm()
        self._sleeps_until_ms: int | None = None

    def on_commit(self, changes: Changes) -> None:
        """Wakes the loop if a committed batch gives it something to do before it would look again."""
        self._sender.on_commit(changes)
        self._poke()

    def on_doubt(self) -> None:
        """Looks at what there is to do, since a batch may have been committed that nobody has seen."""
        self._sender.doubted(self._clock.now_ms())
        self._poke()

    def _poke(self) -> None:
        wake_ms, until_ms = self._sender.wake_ms, self._sleeps_until_ms
        if wake_ms is not None and (until_ms is None or wake_ms < until_ms):
            self._alarm.poke()

    async def run(self) -> None:
        """Sends what waits, for ever."""
        async with anyio.create_task_group() as tasks:
            while True:
                with self._clock.busy(), anyio.CancelScope(shield=True):
                    for send in await self._lease():
                        tasks.start_soon(self._perform, send)
                    # They begin now, before a virtual clock may pass on.
                    await anyio.lowlevel.checkpoint()
                self._sleeps_until_ms = self._sender.wake_ms
                await self._alarm.wait(self._sleeps_until_ms)

    async def _lease(self) -> tuple[Outgoing, ...]:
        wake_ms, now_ms = self._sender.wake_ms, self._clock.now_ms()
        if wake_ms is not None and now_ms < wake_ms < now_ms + LOOK_AGAIN_MS:
            return ()
        request = self._sender.request()
        if request is None:
            return ()
        try:
            answer = await self._ledger.submit(request)
        except (StoreError, CommandFailed) as error:
            log.error("outbox_waits", error=str(error))
            self._sender.not_taken(self._clock.now_ms())
            return ()
        if isinstance(answer, Leased):
            return self._sender.leased(answer)
        self._sender.reclaimed()
        return ()

    async def _perform(self, send: Outgoing) -> None:
        with self._clock.busy():
            with anyio.CancelScope(shield=True):
                result = await self._send(send)
            await self._write(self._sender.mark(send, result, self._jitter()))
            self._sender.ended(send.key)
            self._poke()

    async def _write(self, mark: MarkSent | MarkFailed) -> None:
        """Writes the mark however long that takes: without it the text would go out again.

        A stop waits for the attempt that is being made, but not for storage that fails to come back.
        """
        while True:
            try:
                with anyio.CancelScope(shield=True):
                    await self._ledger.submit(mark)
                return
            except (StoreError, CommandFailed) as error:
                log.error("send_not_marked", key=mark.key, error=str(error))
                if self._ledger.closed or isinstance(error, CommandFailed):
                    return
            await self._clock.sleep(PAUSE_MS)

    async def _send(self, send: Outgoing) -> str | CarrierError | None:
        """The carrier's id of the send, or why it did not take it."""
        try:
            with self._clock.timeout(CARRIER_TIMEOUT_MS):
                return await self._carrier.send(send)
        except TimeoutError:
            error = CarrierError(
                f"the carrier did not answer within {CARRIER_TIMEOUT_MS // 1000} s", "unknown"
            )
        except CarrierError as refused:
            error = refused
        except Exception as bug:
            error = CarrierError(f"the carrier's code failed: {bug!r}", "unknown")
        # Carriers name the number in their errors, and the journal holds no phone numbers.
        error = CarrierError(masked(str(error)), error.trouble)
        log.warning(
            "send_failed", key=send.key, to=masked(send.phone), why=str(error), permanent=error.permanent
        )
        return error
