"""Whether the service can write, which only a write shows."""

import anyio

from core.ports import StoreError, Unavailable
from service.clock import Clock
from service.ledger import Ledger

FRESH_MS = 1_000
PATIENCE_S = 5  # of real time: a disk knows no other


class Readiness:
    """Lets the ledger write nothing, once a second at most: however often it is asked, claims go on."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._asked_ms: int | None = None
        self._trouble: str | None = None

    async def check(self) -> None:
        """Raises `Unavailable` unless a write has ended well, now or in the last second."""
        now_ms = self._clock.now_ms()
        if self._asked_ms is None or not 0 <= now_ms - self._asked_ms < FRESH_MS or self._ledger.closed:
            self._trouble = await self._find_trouble()
            self._asked_ms = now_ms
        if self._trouble is not None:
            raise Unavailable(self._trouble)

    async def _find_trouble(self) -> str | None:
        try:
            with anyio.fail_after(PATIENCE_S):
                await self._ledger.probe()
        except TimeoutError:
            return f"nothing could be written for {PATIENCE_S} s"
        except StoreError as error:
            return str(error)
        return None
