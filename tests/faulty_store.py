"""A store that fails when it is told to, or lets commits wait."""

import threading
from collections.abc import Callable
from typing import Any

import anyio
import anyio.from_thread

from core.memory import MemoryStore
from core.ports import Changes, Found, InDoubt, ReadSet, Unavailable


class FaultyStore(MemoryStore):
    """`fail` names how many of the next calls of a method raise `error`, such as {"commit": 2}; with "answer"
    a commit is written and then in doubt.

    Reads fail only where `fails_read` says so, and commits only of changes that answer somebody; others are
    probes. `batches`: how many commands each commit held.
    """

    def __init__(self) -> None:
        super().__init__()
        self.fail: dict[str, float] = {}
        self.error: BaseException = Unavailable("the disk is full")
        self.fails_read: Callable[[ReadSet], bool] = lambda wanted: True
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

    def _call(self, method: str) -> None:
        if self.fail.get(method, 0) > 0:
            self.fail[method] -= 1
            raise self.error

    def read(self, wanted: ReadSet, now_ms: int) -> Found:
        if self.fails_read(wanted):
            self._call("read")
        return super().read(wanted, now_ms)

    def commit(self, changes: Changes) -> None:
        if not self._open.is_set():
            anyio.from_thread.run_sync(self.somebody_waits.set)
            assert self._open.wait(timeout=30)
        self._call("commit" if changes.results else "probe")
        super().commit(changes)
        self.batches.append(len(changes.results))
        if changes.results and self.fail.get("answer", 0) > 0:
            self.fail["answer"] -= 1
            raise InDoubt("written, but nobody was told")

    def deadlines(self, now_ms: int, most: int) -> tuple[list[str], int | None]:
        self._call("deadlines")
        return super().deadlines(now_ms, most)

    def caregiver(self, caregiver_id: str) -> Any:
        self._call("caregiver")
        return super().caregiver(caregiver_id)
