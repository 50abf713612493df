"""The clocks: waiting until a time or a poke, and time that passes only when nobody works."""

import anyio
import pytest
import trio
from anyio import create_task_group
from trio.testing import MockClock

from service.clock import SystemClock, VirtualClock


@pytest.mark.anyio
async def test_a_virtual_clock_goes_from_alarm_to_alarm_in_order() -> None:
    clock = VirtualClock(1_000)
    woken: list[tuple[str, int]] = []

    async def sleeper(name: str, *until_ms: int) -> None:
        alarm = clock.alarm()
        for at_ms in until_ms:
            await alarm.wait(at_ms)
            woken.append((name, clock.now_ms()))
        await alarm.wait(None)

    async with create_task_group() as tasks:
        tasks.start_soon(sleeper, "a", 2_000, 5_000)
        await anyio.wait_all_tasks_blocked()
        tasks.start_soon(sleeper, "b", 1_500, 2_000, 900)
        await anyio.wait_all_tasks_blocked()
        tasks.start_soon(clock.run)
        await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()
    assert woken == [("b", 1_500), ("a", 2_000), ("b", 2_000), ("b", 2_000), ("a", 5_000)]


@pytest.mark.anyio
async def test_a_virtual_clock_stands_still_while_anybody_works() -> None:
    clock = VirtualClock(0)
    alarm = clock.alarm()
    done = anyio.Event()
    async with create_task_group() as tasks:
        tasks.start_soon(clock.run)

        async def work() -> None:
            with clock.busy():
                await done.wait()
                assert clock.now_ms() == 0

        tasks.start_soon(work)
        await anyio.wait_all_tasks_blocked()
        tasks.start_soon(alarm.wait, 50)
        await anyio.wait_all_tasks_blocked()
        assert (clock.now_ms(), clock.idle) == (0, False)
        done.set()
        await anyio.wait_all_tasks_blocked()
        assert clock.now_ms() == 50
        tasks.cancel_scope.cancel()


@pytest.mark.anyio
async def test_a_poke_ends_a_wait_and_one_before_counts() -> None:
    clock = VirtualClock(0)
    alarm = clock.alarm()
    alarm.poke()
    await alarm.wait(None)
    async with create_task_group() as tasks:
        tasks.start_soon(alarm.wait, None)
        await anyio.wait_all_tasks_blocked()
        assert alarm.asleep
        alarm.poke()
        assert not alarm.asleep
    await alarm.wait(0)  # has come already


@pytest.mark.anyio
async def test_who_comes_in_while_the_story_is_paced_is_not_passed_over() -> None:
    paced: list[int] = []
    waits, goes_on = anyio.Event(), anyio.Event()
    woken: list[int] = []

    async def pace(from_ms: int, to_ms: int) -> None:
        paced.append(to_ms)
        if len(paced) == 1:
            waits.set()
            await goes_on.wait()

    clock = VirtualClock(0, pace)
    early, late = clock.alarm(), clock.alarm()

    async def sleep(alarm: object, until_ms: int) -> None:
        await alarm.wait(until_ms)  # type: ignore[attr-defined]
        woken.append(clock.now_ms())

    async with create_task_group() as tasks:
        tasks.start_soon(clock.run)
        tasks.start_soon(sleep, late, 600_000)
        tasks.start_soon(early.wait, None)
        await waits.wait()
        early.poke()
        await anyio.wait_all_tasks_blocked()
        tasks.start_soon(sleep, early, 1_000)
        await anyio.wait_all_tasks_blocked()
        goes_on.set()
        await anyio.wait_all_tasks_blocked()
        tasks.start_soon(early.wait, None)
        await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()
    assert paced[:2] == [600_000, 1_000]
    assert woken == [1_000, 600_000]


@pytest.mark.anyio
async def test_the_machines_clock_waits_for_a_poke() -> None:
    clock = SystemClock()
    alarm = clock.alarm()
    alarm.poke()
    await alarm.wait(None)
    await alarm.wait(clock.now_ms() - 1)
    async with create_task_group() as tasks:
        tasks.start_soon(alarm.wait, clock.now_ms() + 3_600_000)
        await anyio.wait_all_tasks_blocked()
        alarm.poke()
    with clock.busy():
        assert clock.now_ms() > 1_700_000_000_000


@pytest.mark.parametrize(("wanted_s", "waited_s"), [(20, 20), (3_600, 30)])
def test_the_machines_clock_is_looked_at_again_every_half_minute(wanted_s: int, waited_s: int) -> None:
    """Otherwise a clock that is set forward meanwhile would ring as late as it was set forward."""

    async def main() -> None:
        clock = SystemClock()
        begun = trio.current_time()
        await clock.alarm().wait(clock.now_ms() + wanted_s * 1000)
        assert trio.current_time() - begun == pytest.approx(waited_s, abs=5)

    trio.run(main, clock=MockClock(autojump_threshold=0))
