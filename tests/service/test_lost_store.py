"""A store that can do nothing more: who hears what, that the service ends, and what the next one reads."""

from contextlib import closing
from pathlib import Path

import anyio
import httpx2
import pytest
from structlog.typing import EventDict

from core.ports import InDoubt, Unavailable
from service.stores.sqlite.store import SqliteStore
from tests.failing_commits import FailingCommits
from tests.service.service_fixture import ServiceFixture, refused, running_service

pytestmark = pytest.mark.anyio

CLAIM = {"from": "+10001", "body": "yes B", "message_id": "m1"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "fanout.db"


async def open_shift(fixture: ServiceFixture) -> None:
    """The shift `mon` has been offered, and nothing is under way."""
    await fixture.store_agency()
    await fixture.start("mon")
    await fixture.settle()
    fixture.hear_all()


async def until_the_end() -> None:
    with anyio.fail_after(30):
        await anyio.sleep_forever()  # ends as the service does


async def test_a_claim_in_doubt_ends_the_service_and_is_found_by_the_next(
    path: Path, log: list[EventDict]
) -> None:
    answers: dict[str, httpx2.Response] = {}
    with closing(SqliteStore(path)) as store, pytest.RaisesGroup(InDoubt, flatten_subgroups=True):
        async with running_service(store) as fixture:
            await open_shift(fixture)
            FailingCommits(store, "SQLITE_IOERR_FSYNC")
            with anyio.CancelScope(shield=True):
                answers["claim"] = await fixture.post("/messages/inbound", CLAIM)
                answers["late"] = await fixture.post("/messages/inbound", {**CLAIM, "message_id": "m2"})
                answers["ready"] = await fixture.client.get("/ready")
                answers["shift"] = await fixture.client.get("/shifts/mon")
            await until_the_end()
    refused(answers["claim"], 500, "unknown whether this was stored")
    assert answers["claim"].json()["type"] == "in-doubt"
    refused(answers["late"], 503, "is stopping", "nothing was changed")
    refused(answers["ready"], 503, "is stopping")
    refused(answers["shift"], 503)
    [lost] = [entry for entry in log if entry["event"] == "store_lost"]
    assert "check the disk, and start again" in lost["error"]
    with closing(SqliteStore(path)) as store:
        async with running_service(store) as fixture:
            assert (await fixture.get("/shifts/mon"))["fanout"]["holder"] == "ann"
            first = (await fixture.post("/messages/inbound", CLAIM)).json()
            assert first["status"] == "claimed"
            assert (await fixture.post("/messages/inbound", CLAIM)).json() == first
            assert fixture.kinds("mon").count("claimed") == 1
            await fixture.settle()
            fixture.hear_all()


async def test_what_waits_behind_a_batch_in_doubt_was_not_applied(path: Path) -> None:
    statuses: dict[str, int] = {}
    with closing(SqliteStore(path)) as store, pytest.RaisesGroup(InDoubt, flatten_subgroups=True):
        async with running_service(store) as fixture:
            await open_shift(fixture)
            FailingCommits(store, "SQLITE_IOERR_FSYNC")

            async def put(number: int) -> None:
                policy = {"rounds": [{"after_s": 0, "channel": "sms"}]}
                with anyio.CancelScope(shield=True):
                    answer = await fixture.put(f"/policies/org{number}", policy)
                statuses[f"org{number}"] = answer.status_code

            async with anyio.create_task_group() as tasks:
                for number in range(3):
                    tasks.start_soon(put, number)
            await until_the_end()
    assert sorted(statuses.values()) == [500, 503, 503]
    with closing(SqliteStore(path)) as store:
        stored = {name for name in statuses if store.policy(name)}
    assert stored == {name for name, status in statuses.items() if status == 500}


async def test_a_full_disk_is_waited_for(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        async with running_service(store) as fixture:
            await open_shift(fixture)
            disk = FailingCommits(store, "SQLITE_FULL", writes=False)
            refused(await fixture.post("/messages/inbound", CLAIM), 503, "FULL", "nothing was changed")
            refused(await fixture.client.get("/ready"), 503, "FULL")
            assert (await fixture.get("/shifts/mon"))["fanout"]["status"] == "open"
            disk.heal()
            assert (await fixture.post("/messages/inbound", CLAIM)).json()["status"] == "claimed"
            await fixture.pass_s(2)
            assert (await fixture.client.get("/ready")).status_code == 200
            fixture.hear_all()


async def test_a_database_that_was_deleted_takes_no_claim_and_ends_the_service(path: Path) -> None:
    answers: list[httpx2.Response] = []
    with closing(SqliteStore(path)) as store, pytest.RaisesGroup(Unavailable, flatten_subgroups=True):
        async with running_service(store) as fixture:
            await open_shift(fixture)
            path.unlink()
            with anyio.CancelScope(shield=True):
                answers.append(await fixture.post("/messages/inbound", CLAIM))
            await until_the_end()
    refused(answers[0], 503, "fanout.db was deleted or replaced")


async def test_asking_whether_it_is_ready_finds_that_the_database_was_replaced(path: Path) -> None:
    answers: list[httpx2.Response] = []
    with closing(SqliteStore(path)) as store, pytest.RaisesGroup(Unavailable, flatten_subgroups=True):
        async with running_service(store) as fixture:
            await open_shift(fixture)
            path.with_name("copy").write_bytes(path.read_bytes())
            path.with_name("copy").replace(path)
            with anyio.CancelScope(shield=True):
                answers.append(await fixture.client.get("/ready"))
            await until_the_end()
    refused(answers[0], 503, "fanout.db was deleted or replaced")
