"""What /ready shows: that a write is possible, and how little that costs."""

import anyio
import pytest

from core.ports import Unavailable
from service import readiness
from service.stores.queries import ServiceStore
from tests.faulty_store import FaultyStore
from tests.service.service_fixture import refused, running_service

pytestmark = pytest.mark.anyio


async def test_a_service_that_can_write_is_ready(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        assert await fixture.get("/ready") == {"status": "ok"}
        assert fixture.journal() == []


async def test_a_service_that_can_read_and_not_write_is_not_ready_until_it_can() -> None:
    store = FaultyStore()
    async with running_service(store) as fixture:
        assert await fixture.get("/ready") == {"status": "ok"}
        store.fail, store.error = {"probe": 1}, Unavailable("the database is full")
        await fixture.pass_s(1)
        refused(await fixture.client.get("/ready"), 503, "the database is full")
        await fixture.pass_s(1)
        assert await fixture.get("/ready") == {"status": "ok"}


async def test_a_flood_of_questions_writes_once_a_second() -> None:
    store = FaultyStore()
    async with running_service(store) as fixture:
        await fixture.settle()
        store.batches.clear()
        for second in (1, 2):
            async with anyio.create_task_group() as flood:
                for _ in range(50):
                    flood.start_soon(fixture.get, "/ready")
            for _ in range(50):
                await fixture.get("/ready")
            assert store.batches == [0] * second
            await fixture.pass_s(1)


async def test_a_clock_that_is_set_back_does_not_make_an_old_answer_fresh() -> None:
    store = FaultyStore()
    async with running_service(store) as fixture:
        await fixture.get("/ready")
        store.fail = {"probe": 1}
        fixture.service.readiness._asked_ms = fixture.clock.now_ms() + 60_000
        refused(await fixture.client.get("/ready"), 503, "the disk is full")


async def test_a_write_that_does_not_end_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    store = FaultyStore()
    async with running_service(store) as fixture:
        await fixture.settle()
        store.batches.clear()
        store.hold()
        with monkeypatch.context() as impatient:
            impatient.setattr(readiness, "PATIENCE_S", 0)
            for _ in range(3):
                refused(await fixture.client.get("/ready"), 503, "nothing could be written for 0 s")
                await fixture.pass_s(1)
        store.release()
        assert await fixture.get("/ready") == {"status": "ok"}
        assert store.batches == [0]  # all asked for the same write
