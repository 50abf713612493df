"""The service is killed again and again while it works, and nothing that it promised is lost.

What came of it is judged from outside: from the answers that clients heard, from the carrier's own lines,
and from the exported journal. When the kills come differs from run to run; what must be true does not.
"""

import os
import signal
import time
from collections import Counter
from contextlib import AsyncExitStack, ExitStack, closing
from functools import partial
from pathlib import Path
from random import Random

import anyio
import anyio.to_thread
import httpx2
import pytest

from cli.files import export_journal
from core import fanout
from core.events import Cancelled, Claimed, Exhausted, Expired, FanoutStarted, OptedOut, Released
from core.invariants import violations
from core.ports import ReadSet
from core.sender import LEASE_MS
from service.stores.sqlite.store import SqliteStore
from tests.cli.process import PATIENCE_S, UNLIMITED, Serve
from tests.cli.process import fanout as run_fanout
from tests.crash.load import Clients
from tests.crash.witness import Journal, Sends, contradictions, lines, mend, overdue

SEED = 20_360_303
KILLS, KILLS_AT_START = 14, 4
CLIENTS = 24
# After how many answers it dies.
ANSWERS = 5, 200
MOST_S = 240
POLICY = {
    "rounds": [{"after_s": 0, "channel": "sms"}, {"after_s": 1, "channel": "voice"}],
    "answer_window_s": 1,
}
# How long the last process may take to finish everything: less than the lease of a send that was under way
# when the one before died, since it must not wait for that.
SETTLES_S, LOOK_EVERY_S = LEASE_MS / 1000 - 20, 0.1
# Deadlines of rounds; those of shifts' ends may be years away.
NEAR_S = 1.5


class KilledService:
    """One database, the processes that own it in turn, and all that is known of them from outside."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "fanout.db"
        self.witness = folder / "witness.jsonl"
        self.exported = folder / "journal.jsonl"
        self.journal = Journal()
        self.clients = Clients(SEED)
        self.kills: list[int] = []
        self.errors: list[str] = []
        self.missed = 0
        self._witness_fd = os.open(self.witness, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._processes = ExitStack()
        self._http = AsyncExitStack()

    async def __aenter__(self) -> "KilledService":
        return self

    async def __aexit__(self, *error: object) -> None:
        with anyio.CancelScope(shield=True):
            self._processes.close()
            os.close(self._witness_fd)
            await self._http.aclose()

    def spawn(self) -> Serve:
        return self._processes.enter_context(Serve(self.database, env=UNLIMITED, out=self._witness_fd))

    async def start(self) -> Serve:
        """A process that answers."""
        serve = self.spawn()
        url = await anyio.to_thread.run_sync(serve.listening)
        client = httpx2.AsyncClient(base_url=url, timeout=PATIENCE_S)
        self.clients.meet(await self._http.enter_async_context(client))
        return serve

    async def kill(self, serve: Serve) -> None:
        """Kills the process, and looks at what it leaves."""
        self.clients.part()
        await anyio.to_thread.run_sync(serve.end, signal.SIGKILL)
        self.errors += serve.errors()
        mend(self.witness)
        self.look()
        self.kills.append(self.journal.seq)
        assert violations(self.journal.entries) == []
        unknown = self.clients.told() - self.journal.told()
        assert not unknown, f"answered, and not in the journal: {unknown}"

    def look(self) -> None:
        """Reads what the journal says by now."""
        export_journal(self.database, self.exported)
        self.journal.read(self.exported)

    def left(self) -> list[str]:
        """What a service that has had time would have done by now. Nobody is phoned twice within a minute."""
        sends, now_ms = Sends(self.journal.entries), time.time_ns() // 1_000_000
        due = [key for key in sends.due() if not sends.held_back(key, now_ms)]
        late = [f"{key} has not been sent" for key in due]
        return overdue(self.journal, now_ms) + self.unanswered() + late

    def forgotten(self) -> list[str]:
        """What is still due and that the next process would never send. The service must have stopped."""
        due = set(Sends(self.journal.entries).due())
        with closing(SqliteStore(self.database)) as store:
            kept = store.read(ReadSet(sends=due), time.time_ns() // 1_000_000).sends
        return [key for key in due if key not in kept or kept[key].status not in ("waiting", "leased")]

    def unanswered(self) -> list[str]:
        """Texts that clients were promised and that the carrier has not taken."""
        texts = {line.key: (line.phone, line.text) for line in lines(self.witness)}
        gone = {person for _, person, result in self.journal.told() if result == "opted_out"}
        promised = Counter(
            (message.body["from"], message.answer["reply"])
            for message in self.clients.messages.values()
            if message.answer and message.answer["reply"] and message.answer["caregiver_id"] not in gone
        )
        return [f"{phone} never got {text!r}" for phone, text in promised - Counter(texts.values())]

    async def settle(self, serve: Serve) -> Serve:
        """Waits until nothing is left to do and nothing happens any more."""
        left: list[str] = []
        until = time.monotonic() + SETTLES_S
        while time.monotonic() < until:
            seen = self.journal.seq
            self.look()
            left = self.left()
            if not left and self.journal.seq == seen:
                return serve
            await anyio.sleep(LOOK_EVERY_S)
        raise AssertionError(f"forgotten: {left}")

    async def stay_dead(self) -> None:
        """Lets a deadline pass while nobody is there, if one is near."""
        deadlines = [fanout.next_deadline_ms(state) for state in self.journal.states().values()]
        waits_s = [at_ms / 1000 - time.time() for at_ms in deadlines if at_ms is not None]
        near_s = [wait_s for wait_s in waits_s if wait_s < NEAR_S]
        if near_s:
            self.missed += 1
            await anyio.sleep(max(0, *near_s))


@pytest.mark.anyio
async def test_nothing_is_lost_however_often_the_service_is_killed(tmp_path: Path) -> None:
    chance = Random(SEED)
    at_start = [False] * KILLS + [True] * KILLS_AT_START
    chance.shuffle(at_start)
    with anyio.fail_after(MOST_S):
        async with KilledService(tmp_path) as killed:
            began = time.monotonic()
            serve = await killed.start()
            start_s = time.monotonic() - began
            await killed.clients.ask("PUT", "/policies/default", POLICY)
            async with anyio.create_task_group() as clients:
                for _ in range(CLIENTS):
                    clients.start_soon(killed.clients.work)
                for number, in_start in enumerate(at_start):
                    if not in_start:
                        await killed.clients.hear(chance.randint(*ANSWERS))
                        await anyio.sleep(chance.uniform(0, 0.02))
                    await killed.kill(serve)
                    if number % 5 == 4:
                        await killed.stay_dead()
                    if in_start:
                        serve = killed.spawn()
                        await anyio.sleep(chance.uniform(0, start_s))
                        await killed.kill(serve)
                    serve = await killed.start()
                killed.clients.closing = True
            serve = await killed.settle(serve)
            await check_answers(killed)
            assert await anyio.to_thread.run_sync(serve.end, signal.SIGTERM) == 0
            await check_journal(killed, tmp_path)


async def check_answers(killed: KilledService) -> None:
    """What clients heard must be true, and stay so."""
    clients, journal = killed.clients, killed.journal

    # Each message was obeyed once, and always gets the same answer.
    assert clients.told() == journal.told()
    async with anyio.create_task_group() as tasks:
        for message_id in clients.messages:
            tasks.start_soon(clients.say, message_id)
    assert clients.contradictions == []
    killed.look()
    assert clients.told() == journal.told()

    # What coordinators were told has happened, and what they stored is there.
    for kind, status in ((Released, "released"), (Cancelled, "cancelled"), (FanoutStarted, "fanout_started")):
        happened = {entry.shift_id for entry in journal.entries if isinstance(entry.event, kind)}
        told = {shift_id for shift_id, heard in clients.heard if heard == status}
        assert told <= happened, status
    people = {who["id"] for who in (await clients.ask("GET", "/caregivers"))["caregivers"]}
    shifts = {found["shift"]["id"] for found in (await clients.ask("GET", "/shifts?limit=1000"))["shifts"]}
    assert clients.stored == people | shifts


async def check_journal(killed: KilledService, folder: Path) -> None:
    """The journal must agree with itself and with the carrier, now that the service has stopped.

    While it runs, a send may begin after the journal is exported and before the carrier's lines are read.
    """
    clients, journal = killed.clients, killed.journal
    killed.look()
    assert violations(journal.entries) == []
    assert contradictions(journal, killed.witness, killed.kills) == []

    exported = await anyio.to_thread.run_sync(
        partial(run_fanout, "export", "--database", killed.database, cwd=folder)
    )
    assert exported.stdout.encode() == journal.text
    assert killed.forgotten() == []
    assert killed.errors == []

    # The test has tested something.
    assert len(killed.kills) >= KILLS + KILLS_AT_START
    assert clients.lost >= KILLS
    assert killed.missed
    kinds = Counter(type(entry.event) for entry in journal.entries)
    assert all(kinds[kind] for kind in (Claimed, Released, Cancelled, Exhausted, Expired, OptedOut)), kinds
