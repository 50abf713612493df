"""The ledger: batches, and what becomes of everybody who waits when something goes wrong."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from math import inf

import anyio
import pytest
from anyio import create_task_group

from core.commands import (
    CancelShift,
    Command,
    FanoutResult,
    Inbound,
    PutShift,
    Refused,
    StartFanout,
    TickShift,
)
from core.memory import MemoryStore
from core.ports import Changes, Conflict, InDoubt, Unavailable
from core.working_set import Rules
from service.clock import VirtualClock
from service.language.wording import Wording
from service.ledger import CommandFailed, Ledger, Overloaded
from tests.core.agency import BEGIN_MS, PHONES, SHIFTS, Agency, shift
from tests.faulty_store import FaultyStore
from tests.service.service_fixture import refused, running_service

pytestmark = pytest.mark.anyio

# A message without a reply: the door would never let it pass, and the desk fails over it.
POISON = Inbound(PHONES[0], None)  # type: ignore[arg-type]


WORDING = Wording("UTC", "the office")


class PowerCut(BaseException):
    """Nothing that anybody could catch and carry on."""


class Queue:
    """Submits commands one after another without waiting for their answers."""

    def __init__(self, ledger: Ledger, tasks: anyio.abc.TaskGroup) -> None:
        self._ledger = ledger
        self._tasks = tasks
        self.answers: list[object] = []

    async def add(self, *commands: Command) -> None:
        """Returns when all of them wait."""
        for command in commands:
            self.answers.append(None)
            await self._tasks.start(self._submit, len(self.answers) - 1, command)

    async def _submit(self, place: int, command: Command, *, task_status: anyio.abc.TaskStatus[None]) -> None:
        task_status.started()
        try:
            self.answers[place] = await self._ledger.submit(command)
        except (Unavailable, CommandFailed) as error:
            self.answers[place] = error


@asynccontextmanager
async def at_work(store: MemoryStore) -> AsyncIterator[tuple[Ledger, Queue]]:
    """A ledger whose committer runs; all that was submitted is answered at the end."""
    ledger = Ledger(store, Rules(), WORDING.render, VirtualClock(BEGIN_MS))
    async with create_task_group() as committer:
        committer.start_soon(ledger.run)
        async with create_task_group() as tasks:
            yield ledger, Queue(ledger, tasks)
        committer.cancel_scope.cancel()


def statuses(answers: Sequence[object]) -> list[str]:
    return [a.status if isinstance(a, FanoutResult) else type(a).__name__ for a in answers]


async def hold(store: FaultyStore, queue: Queue) -> None:
    """Lets the committer wait at the door with a batch of one."""
    store.hold()
    await queue.add(TickShift("nowhere"))
    await store.somebody_waits.wait()


# --- batches -----------------------------------------------------------------------------------


async def test_all_that_wait_are_committed_at_once_and_answered_in_order() -> None:
    store = FaultyStore()
    async with at_work(store) as (_, queue):
        await hold(store, queue)
        await queue.add(*(CancelShift(f"s{number}") for number in range(300)))
        store.release()
    assert store.batches == [1, 256, 44]
    for number, answer in enumerate(queue.answers[1:]):
        assert isinstance(answer, Refused)
        assert f"shift s{number};" in answer.detail


async def test_what_comes_turn_by_turn_is_gathered_but_not_for_ever() -> None:
    store = FaultyStore()
    async with at_work(store) as (ledger, _), create_task_group() as crowd:
        for _ in range(100):
            crowd.start_soon(ledger.submit, CancelShift("nowhere"))
            await anyio.lowlevel.checkpoint()
    assert sum(store.batches) == 100
    assert len(store.batches) < 100
    assert store.batches[0] <= 2 * ledger.MOST_TURNS


async def test_later_commands_of_a_batch_see_what_earlier_ones_decided() -> None:
    store = FaultyStore()
    Agency(store)
    store.batches.clear()
    async with at_work(store) as (_, queue):
        await hold(store, queue)
        await queue.add(StartFanout("mon"), StartFanout("mon"), CancelShift("mon"), StartFanout("mon"))
        store.release()
    assert store.batches == [1, 4]
    assert statuses(queue.answers[1:]) == ["fanout_started", "already_open", "cancelled", "cancelled"]


async def test_what_changes_what_batches_read_is_alone_in_its_batch() -> None:
    store = FaultyStore()
    async with at_work(store) as (_, queue):
        await hold(store, queue)
        ticks = [TickShift(f"s{number}") for number in range(5)]
        await queue.add(*ticks[:3], PutShift(SHIFTS[0]), PutShift(SHIFTS[1]), *ticks[3:], StartFanout("mon"))
        store.release()
    assert store.batches == [1, 3, 1, 1, 3]
    assert queue.answers[-1] is not None


# --- what goes wrong ---------------------------------------------------------------------------


@pytest.mark.parametrize("place", [0, 2, 4])
async def test_poison_fails_alone(place: int) -> None:
    store = FaultyStore()
    Agency(store)
    async with at_work(store) as (_, queue):
        await hold(store, queue)
        commands: list[Command] = [StartFanout(each.id) for each in SHIFTS]
        commands.insert(place, POISON)
        await queue.add(*commands)
        store.release()
    answers = queue.answers[1:]
    assert isinstance(answers.pop(place), CommandFailed)
    assert statuses(answers) == ["fanout_started"] * 4
    assert all(view.fanout.version == 2 for view in store.list_shifts("", 10))


async def test_a_command_whose_changes_cannot_be_committed_fails_alone() -> None:
    class Picky(FaultyStore):
        def commit(self, changes: Changes) -> None:
            if "late" in changes.fanouts:
                raise ValueError("no such thing can be stored")
            super().commit(changes)

    store = Picky()
    Agency(store)
    async with at_work(store) as (_, queue):
        await hold(store, queue)
        await queue.add(StartFanout("mon"), StartFanout("late"), StartFanout("thu"))
        store.release()
    first, failed, last = queue.answers[1:]
    assert statuses([first, last]) == ["fanout_started", "fanout_started"]
    assert isinstance(failed, CommandFailed)
    assert "no such thing" in str(failed)


async def test_what_somebody_else_has_written_meanwhile_is_read_and_decided_again_once() -> None:
    store = FaultyStore()
    Agency(store)
    async with at_work(store) as (ledger, _):
        store.fail, store.error = {"commit": 1}, Conflict("seq 3 is taken")
        assert statuses([await ledger.submit(StartFanout("mon"))]) == ["fanout_started"]
        store.fail = {"commit": 2}
        with pytest.raises(Unavailable, match="seq 3"):
            await ledger.submit(StartFanout("late"))


async def test_a_commit_in_doubt_says_so_and_is_not_tried_again() -> None:
    store = FaultyStore()
    Agency(store)
    async with at_work(store) as (ledger, _):
        store.fail, store.error = {"commit": 1}, InDoubt("disk I/O error")
        with pytest.raises(InDoubt):
            await ledger.submit(StartFanout("mon"))


@pytest.mark.parametrize("reads", [True, False])
async def test_a_storage_error_fails_the_batch_and_nothing_is_applied(reads: bool) -> None:
    store = FaultyStore()
    agency = Agency(store)
    before = agency.journal()
    async with at_work(store) as (ledger, queue):
        await hold(store, queue)
        await queue.add(StartFanout("mon"), POISON, StartFanout("late"))
        if reads:
            store.fail = {"read": inf}
        else:
            store.fail = {"commit": inf}
        store.release()
        with anyio.fail_after(20):
            while not all(queue.answers):
                await anyio.lowlevel.checkpoint()
        good = [queue.answers[1], queue.answers[3]]
        assert all(isinstance(answer, Unavailable) for answer in good), good
        assert "the disk is full" in str(good[0])
        assert agency.journal() == before
        store.fail = {}
        assert statuses([await ledger.submit(StartFanout("mon"))]) == ["fanout_started"]


async def test_a_queue_that_is_full_takes_no_more_and_says_when_to_come_back() -> None:
    store = FaultyStore()
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await fixture.settle()
        fixture.service.ledger.MOST_WAITING = 2
        store.hold()
        done: list[int] = []

        async def start(shift_id: str) -> None:
            done.append((await fixture.post(f"/shifts/{shift_id}/fanout")).status_code)

        async with create_task_group() as tasks:
            tasks.start_soon(start, "mon")
            await store.somebody_waits.wait()
            tasks.start_soon(start, "nowhere")
            await anyio.wait_all_tasks_blocked()
            full = await fixture.post("/shifts/late/fanout")
            refused(full, 503, "too many commands", "nothing was changed, try again")
            assert full.headers["retry-after"] == "1"
            with pytest.raises(Overloaded):
                await fixture.service.ledger.submit(StartFanout("late"))
            store.release()
        assert sorted(done) == [200, 404]
        fixture.service.ledger.MOST_WAITING = 1000
        assert (await fixture.get("/shifts/late"))["fanout"]["status"] == "planned"
        await fixture.post("/shifts/late/fanout")
        await fixture.pass_s(5)
        fixture.hear_all()


async def test_a_waiter_that_goes_away_disturbs_nobody() -> None:
    store = FaultyStore()
    Agency(store)
    async with at_work(store) as (ledger, queue):
        await hold(store, queue)
        async with create_task_group() as impatient:
            impatient.start_soon(ledger.submit, StartFanout("mon"))
            await anyio.wait_all_tasks_blocked()
            await queue.add(StartFanout("late"), StartFanout("mon"))
            impatient.cancel_scope.cancel()
        store.release()
    assert statuses(queue.answers[1:]) == ["fanout_started", "already_open"]
    ledger.MOST_WAITING = 1
    async with create_task_group() as tasks:
        with pytest.raises(Unavailable, match="stopping"):
            await ledger.submit(StartFanout("thu"))
        tasks.cancel_scope.cancel()


# --- the end -----------------------------------------------------------------------------------


async def test_a_committer_that_dies_answers_everybody_and_stops_the_service() -> None:
    store = FaultyStore()
    answers: list[int] = []
    with pytest.RaisesGroup(PowerCut, flatten_subgroups=True):
        async with running_service(store) as fixture:
            await fixture.store_agency()
            await fixture.settle()
            store.hold()

            async def start(shift_id: str) -> None:
                with anyio.CancelScope(shield=True):
                    answer = await fixture.post(f"/shifts/{shift_id}/fanout")
                in_doubt = answer.status_code == 500
                refused(answer, 500 if in_doubt else 503, "unknown" if in_doubt else "is stopping")
                answers.append(answer.status_code)

            async with create_task_group() as tasks:
                tasks.start_soon(start, "mon")
                await store.somebody_waits.wait()
                for _ in range(3):
                    tasks.start_soon(start, "late")
                tasks.start_soon(fixture.put, "/shifts/x", shift("x", "RN", 8))
                await anyio.wait_all_tasks_blocked()
                store.fail, store.error = {"commit": inf}, PowerCut()
                store.release()
            with anyio.fail_after(30):
                await anyio.sleep_forever()  # ends as the service does
    # What was being committed is in doubt; what still waited was not applied.
    assert sorted(answers) == [500, 503, 503, 503]
    assert store.shift("x") is None


async def test_what_is_committed_is_answered_even_if_the_committer_dies_of_it() -> None:
    def fail(changes: Changes, now_ms: int) -> None:
        raise PowerCut

    store = MemoryStore()
    Agency(store)
    ledger = Ledger(store, Rules(), WORDING.render, VirtualClock(BEGIN_MS), fail)
    with pytest.RaisesGroup(PowerCut):
        async with create_task_group() as tasks:
            tasks.start_soon(ledger.run)
            with anyio.CancelScope(shield=True):
                answer = await ledger.submit(StartFanout("mon"))
    assert statuses([answer]) == ["fanout_started"]
    with pytest.raises(Unavailable, match="stopping"):
        await ledger.submit(StartFanout("mon"))


async def test_a_service_that_is_stopped_commits_what_it_has_begun() -> None:
    store = FaultyStore()
    Agency(store)
    async with running_service(store) as fixture:
        store.hold()
        async with create_task_group() as tasks:
            tasks.start_soon(fixture.post, "/shifts/mon/fanout")
            await store.somebody_waits.wait()
            tasks.cancel_scope.cancel()
        store.release()
        await fixture.service.ledger.submit(CancelShift("mon"))
        await fixture.settle()
        fixture.hear_all()
    assert [entry.event.kind for entry in store.events(0, 2)] == ["fanout_started", "offers_made"]
