"""A store that fails when it is told to, or lets commits wait."""

import threading
from typing import Any

import anyio
import anyio.from_thread

from core.memory import MemoryStore
from core.ports import Changes, Found, ReadSet, Unavailable


class FaultyStore(MemoryStore):
    """The next `reads`, `commits` and `queries` (of each so many; infinity for all) raise `Unavailable`.

    `error` is what commits raise instead. `batches`: how many commands each commit held.
    """

    def __init__(self) -> None:
        super().__init__()
        self.reads = self.commits = self.queries = 0.0
        self.error: BaseException = Unavailable("the disk is full")
        self.batches: list[int] = []
        self._open = threading.Event()
        self._open.set()
        self.somebody_waits = anyio.Event()

    def hold(self) -> None:
        """Lets commits wait until `release`; `somebody_waits` is set when one does."""
        self._open.clear()
        self.somebody_waits = anyio.Event()

    def release(self) -> None:
        self._open.set()

    def read(self, wanted: ReadSet, now_ms: int) -> Found:
        if self.reads > 0:
            self.reads -= 1
            raise Unavailable("the database is locked")
        return super().read(wanted, now_ms)

    def commit(self, changes: Changes) -> None:
        if not self._open.is_set():
            anyio.from_thread.run_sync(self.somebody_waits.set)
            assert self._open.wait(timeout=30)
        if self.commits > 0 and changes.results:
            self.commits -= 1
            raise self.error
        super().commit(changes)
        self.batches.append(len(changes.results))

    def __getattribute__(self, name: str) -> Any:
        if name in _QUERIES and self.queries > 0:
            self.queries -= 1
            raise Unavailable("the database is locked")
        return super().__getattribute__(name)


_QUERIES = frozenset(
    ["deadlines", "events", "roster", "caregiver", "shift", "list_shifts", "policy", "outbox_depth"]
)
