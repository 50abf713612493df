"""The ledger: every change goes through one committer, in batches.

Whoever wants something changed submits a command and waits. The committer takes all that wait, reads what
they concern, lets the desk decide, makes texts of what is to be said, and commits in one transaction, in a
worker thread; then all of them are answered at once. So claims are serial by construction, and one fsync
serves a whole batch.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import anyio
import anyio.lowlevel
import anyio.to_thread
import structlog

from core import desk
from core.commands import (
    Command,
    Lease,
    Load,
    MarkCall,
    MarkFailed,
    MarkSent,
    PutCaregiver,
    PutPolicy,
    PutShift,
    Reclaim,
    Result,
    TickShift,
)
from core.gather import gather
from core.ports import Changes, Conflict, InDoubt, Store, StoreError, Unavailable
from core.working_set import Rules
from service.clock import Clock

log = structlog.get_logger()


# The service's own commands are bounded by who submits them; refusing a mark would send a text twice.
OWN = (TickShift, Lease, Reclaim, MarkSent, MarkFailed, MarkCall)
# These change what other commands are read by (phones, roles, policies), so each is a batch of its own.
_ALONE = (Load, PutCaregiver, PutShift, PutPolicy)

STOPPING = "the service is stopping"


class Overloaded(Unavailable):
    """Too many commands wait already."""


class CommandFailed(Exception):
    """A bug stopped this one command. It was not applied."""


@dataclass(slots=True)
class _Batch:
    """Commands that are decided together; `answers` stand at the same places once `done` is set.

    A batch without commands only writes; if that fails, its answer is the error.
    """

    alone: bool = False
    commands: list[Command] = field(default_factory=list)
    answers: Sequence[Result | Exception] = ()
    done: anyio.Event = field(default_factory=anyio.Event)


class Ledger:
    """Serializes commands over a store.

    `render` makes texts of the notices in the changes, before they are committed. `on_commit` is called on
    the event loop with the changes of every committed batch, and the time at which it was decided;
    `on_doubt` with the commands of a batch of which nobody knows whether it was committed.
    """

    MOST_WAITING = 10_000
    MOST_IN_BATCH = 256
    MOST_TURNS = 16
    QUIET_TURNS = 2

    def __init__(
        self,
        store: Store,
        rules: Rules,
        render: Callable[[Changes], None],
        clock: Clock,
        on_commit: Callable[[Changes, int], None] = lambda changes, now_ms: None,
        on_doubt: Callable[[Sequence[Command]], None] = lambda commands: None,
    ) -> None:
        self._store = store
        self._rules = rules
        self._render = render
        self._clock = clock
        self._on_commit = on_commit
        self._on_doubt = on_doubt
        self._batches: deque[_Batch] = deque()
        self._waiting = 0
        self._probe: _Batch | None = None
        self._wake = anyio.Event()
        self._one_writer = anyio.CapacityLimiter(1)
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether the committer has ended: nothing will be decided any more."""
        return self._closed

    async def submit(self, command: Command) -> Result:
        """The desk's answer, once it is durable.

        Raises `Unavailable` (certainly not applied), `InDoubt` or `CommandFailed`. A caller that is canceled
        while waiting does not know whether its command was applied.
        """
        if self._closed:
            raise Unavailable(STOPPING)
        if self._waiting >= self.MOST_WAITING and not isinstance(command, OWN):
            raise Overloaded("too many commands are waiting")
        batch = self._place(command)
        index = len(batch.commands)
        batch.commands.append(command)
        self._waiting += 1
        self._wake.set()
        await batch.done.wait()
        answer = batch.answers[index]
        if isinstance(answer, Exception):
            raise answer.with_traceback(None)  # others raise the same one
        return answer

    async def probe(self) -> None:
        """Returns once an empty batch is durable: the committer works, and the store can be written to.

        Raises `Unavailable` or `InDoubt`. Those who ask before it has ended share it.
        """
        if self._closed:
            raise Unavailable(STOPPING)
        probe = self._probe
        if probe is None or probe.done.is_set():
            probe = self._probe = _Batch(alone=True)
            self._batches.append(probe)
            self._wake.set()
        await probe.done.wait()
        for answer in probe.answers:
            assert isinstance(answer, Exception)
            raise answer.with_traceback(None)

    def _place(self, command: Command) -> _Batch:
        """The batch to join: the last one, unless it is full or the command changes what batches read."""
        alone = isinstance(command, _ALONE)
        last = self._batches[-1] if self._batches else None
        if last is None or alone or last.alone or len(last.commands) >= self.MOST_IN_BATCH:
            last = _Batch(alone)
            self._batches.append(last)
        return last

    async def run(self) -> None:
        """The committer. When it ends, for whatever reason, whoever waits is told so.

        Raises the error after which the store does nothing more, once those whom it concerns have heard it.
        """
        try:
            while True:
                while not self._batches:
                    self._wake = anyio.Event()
                    await self._wake.wait()
                await self._collect()
                batch = self._batches.popleft()
                try:
                    await self._commit(batch)
                except BaseException:  # perhaps after the commit; harmless if they are answered already
                    self._answer(batch, _all(InDoubt(STOPPING), batch.commands))
                    raise
        finally:
            self._closed = True
            while self._batches:
                batch = self._batches.popleft()
                self._answer(batch, _all(Unavailable(STOPPING), batch.commands))

    async def _collect(self) -> None:
        """Lets what arrives together be decided together, since a commit costs far more than a command.

        Waits as long as turns of the event loop (microseconds each) bring more commands, up to a limit. A
        burst may pause for a turn or two.
        """
        first, seen, quiet = self._batches[0], 0, 0
        for _ in range(self.MOST_TURNS):
            size = len(first.commands)
            quiet = quiet + 1 if size == seen else 0
            if size >= self.MOST_IN_BATCH or first.alone or len(self._batches) > 1:
                return
            if quiet > self.QUIET_TURNS:
                return
            seen = size
            await anyio.lowlevel.checkpoint()

    async def _commit(self, batch: _Batch) -> None:
        # Shielded: once a transaction may have been committed its outcome must be told.
        with anyio.CancelScope(shield=True):
            answers, committed = await anyio.to_thread.run_sync(
                self._decide_all, batch.commands, limiter=self._one_writer
            )
        self._answer(batch, answers)  # before anything else can fail: they are committed
        for changes, now_ms in committed:
            self._on_commit(changes, now_ms)
        if any(isinstance(answer, InDoubt) for answer in answers):
            self._on_doubt(batch.commands)
        for answer in answers:
            if isinstance(answer, StoreError) and answer.final:
                raise answer

    def _answer(self, batch: _Batch, answers: Sequence[Result | Exception]) -> None:
        if not batch.done.is_set():
            batch.answers = answers
            self._waiting -= len(batch.commands)
            batch.done.set()

    def _decide_all(
        self, commands: Sequence[Command]
    ) -> tuple[list[Result | Exception], list[tuple[Changes, int]]]:
        """Decides the batch; if a bug stops it, each command alone, so that only the bad one fails."""
        try:
            changes, now_ms = self._decide_again(commands)
            return list(changes.results), [(changes, now_ms)]
        except StoreError as error:
            event = "store_lost" if error.final else "commit_failed"
            log.error(event, error=str(error), commands=len(commands))
            return _all(error, commands), []
        except Exception as error:
            if len(commands) <= 1:
                names = [type(command).__name__ for command in commands]
                log.error("command_failed", command=", ".join(names), exc_info=True)
                return [CommandFailed(str(error))], []
        answers: list[Result | Exception] = []
        committed: list[tuple[Changes, int]] = []
        for command in commands:
            answer, change = self._decide_all([command])
            answers += answer
            committed += change
        return answers, committed

    def _decide_again(self, commands: Sequence[Command]) -> tuple[Changes, int]:
        """Decides once more if somebody else has written since the read."""
        try:
            return self._decide(commands)
        except Conflict as error:
            log.warning("conflict", error=str(error))
        try:
            return self._decide(commands)
        except Conflict as error:
            raise Unavailable(str(error)) from error

    def _decide(self, commands: Sequence[Command]) -> tuple[Changes, int]:
        """One unit of work."""
        now_ms = self._clock.now_ms()
        try:
            changes = desk.decide(commands, gather(self._store, commands, now_ms, self._rules))
            self._render(changes)
        except BaseException:
            self._store.abandon()
            raise
        self._store.commit(changes)
        return changes, now_ms


def _all(error: Exception, commands: Sequence[Command]) -> list[Result | Exception]:
    """The error as everybody's answer, and as that of an empty batch."""
    return [error] * max(1, len(commands))
