"""The outbox: hands leased sends to the carrier and writes down what became of them.

Delivery is at least once. A send is leased in the ledger before it begins, so nothing begins that the desk
has withdrawn; a lease whose process died is taken again, which is the only way to a duplicate.
"""

from collections.abc import Callable

import anyio
import structlog
from anyio.abc import TaskStatus

from core.commands import Lease, Leased, MarkFailed, MarkSent, Outgoing, Reclaim
from core.model import Channel
from core.ports import Changes
from core.sends import Limits, Pace
from service.carriers.console import Carrier, CarrierError
from service.clock import Clock
from service.ledger import CommandFailed, Ledger, Unavailable
from service.logs import masked

log = structlog.get_logger()

MOST_AT_ONCE = 64
# A carrier's API answers within seconds or not at all; a lease must outlive the wait for it.
CARRIER_TIMEOUT_S = 30
LEASE_MS = 60_000
# How long to leave a store alone that does not answer.
PAUSE_MS = 1_000
LONGEST_WHY = 200


class Outbox:
    """Keeps at most `MOST_AT_ONCE` sends under way. `jitter` gives numbers in [0, 1) that spread retries."""

    def __init__(
        self, ledger: Ledger, carrier: Carrier, clock: Clock, limits: Limits, jitter: Callable[[], float]
    ) -> None:
        self._ledger = ledger
        self._carrier = carrier
        self._clock = clock
        self._limits = limits
        self._jitter = jitter
        self._alarm = clock.alarm()
        self._pace = Pace()
        self._wake_ms: int | None = None
        self._leasing = False
        # From when on each channel the sends are ready that were made since the last lease was asked for.
        self._news: dict[Channel, int] = {}
        self._under_way = 0

    def saw(self, changes: Changes) -> None:
        """Wakes the loop if a committed batch brought a send that may start before it would look again."""
        for send in changes.sends.values():
            if send.status == "waiting":
                self._news[send.channel] = min(send.ready_ms, self._news.get(send.channel, send.ready_ms))
        if self._leasing:
            return  # whoever asks looks at the news next
        start_ms = self._news_start_ms()
        if start_ms is not None and (self._wake_ms is None or start_ms < self._wake_ms):
            self._alarm.poke()

    def _news_start_ms(self) -> int | None:
        """When the first of the new sends may start."""
        free_ms = self._pace.free_ms
        starts = (max(ready_ms, free_ms.get((channel, ""), 0)) for channel, ready_ms in self._news.items())
        return min(starts, default=None)

    async def run(self) -> None:
        """Sends what waits, for ever."""
        await self._reclaim()
        async with anyio.create_task_group() as tasks:
            while True:
                # Shielded like the sends themselves: what has begun is finished and marked, also at a stop.
                with self._clock.busy(), anyio.CancelScope(shield=True):
                    for send in await self._lease():
                        self._under_way += 1
                        # Not `start_soon`: a virtual clock might pass on before the task has begun.
                        await tasks.start(self._perform, send)
                await self._alarm.wait(self._wake_ms)

    async def _reclaim(self) -> None:
        """Takes the sends again that were under way when the last process died."""
        while True:
            try:
                await self._ledger.submit(Reclaim())
                return
            except Unavailable as error:
                log.error("outbox_waits", error=str(error))
                await self._alarm.wait(self._clock.now_ms() + PAUSE_MS)

    async def _lease(self) -> tuple[Outgoing, ...]:
        room = MOST_AT_ONCE - self._under_way
        self._wake_ms = None
        if room == 0:
            return ()  # whichever ends first wakes the loop
        self._leasing, self._news = True, {}
        try:
            leased = await self._ledger.submit(Lease(self._pace, self._limits, LEASE_MS, room))
        except (Unavailable, CommandFailed) as error:
            log.error("outbox_waits", error=str(error))
            self._wake_ms = self._clock.now_ms() + PAUSE_MS
            return ()
        finally:
            self._leasing = False
        assert isinstance(leased, Leased)
        self._pace = leased.pace
        wakes = (leased.wake_ms, self._news_start_ms())
        self._wake_ms = min((wake_ms for wake_ms in wakes if wake_ms is not None), default=None)
        return leased.sends

    async def _perform(self, send: Outgoing, *, task_status: TaskStatus[None]) -> None:
        with self._clock.busy():
            with anyio.CancelScope(shield=True):
                task_status.started()
                mark = await self._send(send)
            await self._write(mark)
        self._under_way -= 1
        if self._under_way == MOST_AT_ONCE - 1:
            self._alarm.poke()

    async def _write(self, mark: MarkSent | MarkFailed) -> None:
        """Writes the mark however long that takes: without it the text would go out again.

        A stop waits for the attempt that is being made, but not for storage that fails to come back.
        """
        while True:
            try:
                with anyio.CancelScope(shield=True):
                    await self._ledger.submit(mark)
                return
            except (Unavailable, CommandFailed) as error:
                log.error("send_not_marked", key=mark.key, error=str(error))
                if self._ledger.closed or isinstance(error, CommandFailed):
                    return
            await anyio.sleep(PAUSE_MS / 1000)

    async def _send(self, send: Outgoing) -> MarkSent | MarkFailed:
        perform = self._carrier.send_sms if send.channel == "sms" else self._carrier.place_call
        permanent = False
        try:
            with anyio.fail_after(CARRIER_TIMEOUT_S):
                await perform(send)
            return MarkSent(send.key, send.attempt)
        except TimeoutError:
            why = f"the carrier did not answer within {CARRIER_TIMEOUT_S} s"
        except CarrierError as error:
            why, permanent = str(error), error.permanent
        except Exception as error:
            why = f"the carrier's code failed: {error!r}"
        log.warning("send_failed", key=send.key, to=masked(send.phone), why=why, permanent=permanent)
        # Carriers name the number in their errors, and the journal holds no phone numbers.
        why = masked(why)[:LONGEST_WHY]
        return MarkFailed(send.key, send.attempt, why, permanent, self._jitter())
