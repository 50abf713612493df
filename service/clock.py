"""Time for the shells: what time it is, and every way to wait.

The service runs on the `SystemClock`. The `VirtualClock` jumps to the next alarm as soon as nothing is
busy, so a story that takes twenty minutes is told in a second, and always in the same order.
"""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol, TypeVar, TypeVarTuple, Unpack

import anyio
import anyio.to_thread

Args = TypeVarTuple("Args")
Value = TypeVar("Value")

# A wait that ends a little early would find nothing due and spin; one millisecond late harms nobody.
_ROUNDING_MS = 1
# If the clock is set forward during a wait, the wait notices after this long.
_LONGEST_S = 30


class Alarm(Protocol):
    """One waiting place, for one task."""

    async def wait(self, until_ms: int | None) -> None:
        """Returns at `until_ms` (None: never) or somewhat before, or when `poke` is or was called."""

    def poke(self) -> None:
        """Ends the present wait, or the next one at once."""


class Clock(Protocol):
    """Time, and every way to wait for it."""

    def now_ms(self) -> int:
        """UTC milliseconds since 1970."""

    def alarm(self) -> Alarm: ...

    async def sleep(self, delay_ms: int) -> None: ...

    def timeout(self, delay_ms: int) -> AbstractContextManager[object]:
        """Cancels the block after `delay_ms` and raises `TimeoutError` then."""

    def busy(self) -> AbstractContextManager[None]:
        """Work that a virtual clock must wait for."""

    async def in_worker(self, function: Callable[[Unpack[Args]], Value], *args: *Args) -> Value:
        """Runs a blocking function in a thread, while a virtual clock waits."""


class SystemAlarm:
    def __init__(self, clock: "SystemClock") -> None:
        self._clock = clock
        self._poked = anyio.Event()

    async def wait(self, until_ms: int | None) -> None:
        delay_s = float("inf")
        if until_ms is not None:
            delay_s = min(max(0, until_ms - self._clock.now_ms() + _ROUNDING_MS) / 1000, _LONGEST_S)
        with anyio.move_on_after(delay_s):
            await self._poked.wait()
        self._poked = anyio.Event()

    def poke(self) -> None:
        self._poked.set()


class SystemClock:
    """The machine's clock."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def alarm(self) -> SystemAlarm:
        return SystemAlarm(self)

    async def sleep(self, delay_ms: int) -> None:
        await anyio.sleep(delay_ms / 1000)

    def timeout(self, delay_ms: int) -> AbstractContextManager[object]:
        return anyio.fail_after(delay_ms / 1000)

    def busy(self) -> AbstractContextManager[None]:
        return nullcontext()

    async def in_worker(self, function: Callable[[Unpack[Args]], Value], *args: *Args) -> Value:
        return await anyio.to_thread.run_sync(function, *args)


class VirtualAlarm:
    """Rings once the clock has come to `until_ms`, unless it is poked before."""

    def __init__(self, clock: "VirtualClock") -> None:
        self._clock = clock
        self._event: anyio.Event | None = None
        self._poked = False
        self.until_ms: int | None = None

    @property
    def asleep(self) -> bool:
        return self._event is not None

    async def wait(self, until_ms: int | None) -> None:
        if self._poked:
            self._poked = False
            return
        if until_ms is not None and until_ms <= self._clock.now_ms():
            await anyio.lowlevel.checkpoint()
            return
        self._event, self.until_ms = anyio.Event(), until_ms
        self._clock.join(self)
        try:
            await self._event.wait()
        except BaseException:
            self._clock.leave(self)
            raise
        finally:
            self._event = None
        self._poked = False

    def wake(self) -> None:
        """Ends the wait; from now on the alarm's task counts as awake, though it has not run yet."""
        assert self._event is not None
        self._event.set()
        self._event = None

    def poke(self) -> None:
        if self._event is not None:
            self.wake()
        else:
            self._poked = True


class _VirtualTimer:
    """Calls `ring` once, when the clock has come to `until_ms`."""

    asleep = True

    def __init__(self, until_ms: int, ring: Callable[[], None]) -> None:
        self.until_ms: int | None = until_ms
        self._ring = ring

    def wake(self) -> None:
        self.asleep = False
        self._ring()


class VirtualClock:
    """A clock that stands still while anybody works and then jumps to the next alarm.

    `run` must be running in a task of its own. `pace` is awaited before each jump with the times from
    and to, for whoever wants to show the story at a human speed.
    """

    def __init__(self, start_ms: int, pace: Callable[[int, int], Awaitable[None]] | None = None) -> None:
        self._now_ms = start_ms
        self._pace = pace
        self._alarms: list[VirtualAlarm] = []
        self._timers: list[_VirtualTimer] = []
        self._busy = 0
        self._busy_tasks: Counter[int] = Counter()
        self._idle = anyio.Event()

    def now_ms(self) -> int:
        return self._now_ms

    def alarm(self) -> VirtualAlarm:
        alarm = VirtualAlarm(self)
        self._alarms.append(alarm)
        return alarm

    def join(self, alarm: VirtualAlarm) -> None:
        """The alarm waits, perhaps for the first time since it left."""
        if alarm not in self._alarms:
            self._alarms.append(alarm)
        self.look()

    def leave(self, alarm: VirtualAlarm) -> None:
        """Whoever waited for the alarm was canceled, so nobody waits for them."""
        self._alarms.remove(alarm)
        self.look()

    async def sleep(self, delay_ms: int) -> None:
        """A task that is busy is not so while it sleeps."""
        held = self._busy_tasks[anyio.get_current_task().id]
        done = anyio.Event()

        def ring() -> None:
            self._busy += max(held, 1)  # at once, so that no time passes until the task runs
            done.set()

        with self._timer(delay_ms, ring) as timer:
            self._busy -= held
            self.look()
            try:
                await done.wait()
            finally:
                if timer.asleep:
                    self._busy += held
                elif not held:
                    self._busy -= 1
                    self.look()

    @contextmanager
    def timeout(self, delay_ms: int) -> Iterator[None]:
        scope = anyio.CancelScope()

        def ring() -> None:
            self._busy += 1  # until the task has noticed
            scope.cancel()

        with self._timer(delay_ms, ring) as timer:
            try:
                with scope:
                    yield
            finally:
                if not timer.asleep:
                    self._busy -= 1
                    self.look()
        if scope.cancelled_caught:
            raise TimeoutError

    @contextmanager
    def _timer(self, delay_ms: int, ring: Callable[[], None]) -> Iterator[_VirtualTimer]:
        timer = _VirtualTimer(self._now_ms + delay_ms, ring)
        self._timers.append(timer)
        try:
            yield timer
        finally:
            self._timers.remove(timer)

    @contextmanager
    def busy(self) -> Iterator[None]:
        task = anyio.get_current_task().id
        self._busy += 1
        self._busy_tasks[task] += 1
        try:
            yield
        finally:
            self._busy -= 1
            self._busy_tasks[task] -= 1
            if not self._busy_tasks[task]:
                del self._busy_tasks[task]
            self.look()

    async def in_worker(self, function: Callable[[Unpack[Args]], Value], *args: *Args) -> Value:
        with self.busy():
            return await anyio.to_thread.run_sync(function, *args)

    @property
    def idle(self) -> bool:
        return self._busy == 0 and all(alarm.asleep for alarm in self._alarms)

    def look(self) -> None:
        """Lets `run` see whether everybody sleeps now."""
        if self.idle:
            self._idle.set()

    async def run(self) -> None:
        """Wakes alarms and timers in order of time, one at a time; equal times in order of creation."""
        while True:
            await self._idle.wait()
            self._idle = anyio.Event()
            first = self._first()
            if first is None or first.until_ms is None:
                continue
            to_ms = first.until_ms
            if to_ms > self._now_ms and self._pace is not None:
                await self._pace(self._now_ms, to_ms)
                if self._first() is not first or first.until_ms != to_ms:
                    self.look()
                    continue  # somebody came in meanwhile
            self._now_ms = max(self._now_ms, to_ms)
            first.wake()

    def _first(self) -> VirtualAlarm | _VirtualTimer | None:
        """What rings next, if nobody is busy and something is set."""
        if not self.idle:
            return None
        all_of_them: list[VirtualAlarm | _VirtualTimer] = [*self._alarms, *self._timers]
        waiting = [each for each in all_of_them if each.asleep and each.until_ms is not None]
        return min(waiting, key=lambda each: each.until_ms or 0, default=None)
