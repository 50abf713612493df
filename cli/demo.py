"""`fanout demo`: the whole service in one process, a virtual clock, and simulated caregivers."""

import tempfile
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from random import Random
from socket import socket

import anyio
from anyio.abc import TaskGroup
from rich.console import Console

from cli.caregivers import Caregivers
from cli.errors import UserError
from cli.files import export_journal, load, open_store, read_file
from cli.serve import listen
from cli.timeline import Timeline
from core.fanout import Status
from core.model import LoadFile, to_ms
from core.sends import Limits
from service import logs
from service.clock import VirtualClock
from service.http.routes import build
from service.runtime import Service
from service.server import Server, config
from service.stores.sqlite.store import SqliteStore

SAMPLE = Path(__file__).resolve().parent.parent / "sample_data.json"
# The day starts two hours before the first shift of the sample; the call-outs come in one by one.
BEFORE_FIRST_SHIFT_MS = 2 * 3_600_000
CALL_OUT_EVERY_MS = 30_000
# The story ends when every shift is filled or nobody is left to ask, but not before the late answers.
AT_LEAST_MS, AT_MOST_MS = 15 * 60_000, 45 * 60_000
TIMEZONE = "America/New_York"


def run(*, speed: float, seed: int, journal: Path | None, port: int | None) -> None:
    """Tells one story to the end. Raises `UserError` if it cannot write the journal or listen."""
    if journal is not None:
        try:
            journal.touch()
        except OSError as error:
            raise UserError(f"cannot write {journal}: {error.strerror}") from None
    logs.configure("error")
    sample = read_file(SAMPLE)
    with ExitStack() as stack:
        sock = stack.enter_context(closing(listen("127.0.0.1", port))) if port is not None else None
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="fanout-demo-"))
        database = Path(folder) / "demo.db"
        with closing(open_store(database)) as store:
            load(store, SAMPLE, sample)
            tell = partial(_tell, store, sample, speed, seed, sock)
            try:
                anyio.run(tell, backend_options={"use_uvloop": True})
            except BaseExceptionGroup as group:
                unwritten = _leaf(group)
                if isinstance(unwritten, BrokenPipeError):
                    raise unwritten from None  # nobody reads the output any more
                if isinstance(unwritten, OSError):
                    raise UserError(f"cannot write the output: {unwritten.strerror}") from None
                raise
        if journal is not None:
            export_journal(database, journal)


def _leaf(error: BaseException) -> BaseException:
    """The error inside nested groups of one."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


class _Stdout(Console):
    """Leaves a broken pipe to `run`; rich would exit from within the event loop."""

    def on_broken_pipe(self) -> None:
        raise


async def _tell(store: SqliteStore, sample: LoadFile, speed: float, seed: int, sock: socket | None) -> None:
    start_ms = min(to_ms(shift.start_time) for shift in sample.shifts) - BEFORE_FIRST_SHIFT_MS
    timeline = Timeline(_Stdout(highlight=False), sample, TIMEZONE)
    over = anyio.Event()

    async def pace(from_ms: int, to_ms: int) -> None:
        """Shows what has happened so far, and waits until the next event."""
        timeline.show(store.events(timeline.seq, 10_000))
        if _is_over(store, to_ms - start_ms):
            over.set()
            await anyio.sleep_forever()
        await anyio.sleep((to_ms - from_ms) / 1000 / speed if speed else 0)

    clock = VirtualClock(start_ms, pace)
    caregivers = Caregivers(clock, seed, timeline.said)
    jitter = Random(seed).random
    service = Service(store, caregivers, limits=Limits(), timezone=TIMEZONE, clock=clock, jitter=jitter)
    for number, shift in enumerate(sample.shifts):
        caregivers.call_out(number * CALL_OUT_EVERY_MS, shift.id)
    async with service.running(), anyio.create_task_group() as tasks:
        if sock is not None:
            _listen(service, sock, tasks)
        tasks.start_soon(clock.run)
        await over.wait()
        tasks.cancel_scope.cancel()
    timeline.table(store.list_shifts("", 1000))


def _is_over(store: SqliteStore, passed_ms: int) -> bool:
    """Whether the story has ended: no answer is still expected."""
    if passed_ms < AT_LEAST_MS:
        return False
    fanouts = [view.fanout for view in store.list_shifts("", 1000)]
    decided = all(state.status is Status.FILLED or state.exhausted for state in fanouts)
    return passed_ms > AT_MOST_MS or (decided and store.outbox_depth()[0] == 0)


def _listen(service: Service, sock: socket, tasks: TaskGroup) -> None:
    tasks.start_soon(Server(config(build(service))).serve, [sock])
    print(f"listening on http://127.0.0.1:{sock.getsockname()[1]} until the demo ends", flush=True)
