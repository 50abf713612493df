"""The stream of the journal: what was, what comes, and where one left off."""

import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any

import anyio
import httpx2
import pytest
from anyio import create_task_group

from core.commands import CancelShift, StartFanout
from core.events import Entry
from service.http import streams
from service.stores.queries import ServiceStore
from tests.core.agency import PHONES, Agency
from tests.service.service_fixture import refused, running_service, served

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("anyio_backend", ["asyncio"])]
ON_DISK = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


@asynccontextmanager
async def watched(store: ServiceStore) -> AsyncIterator[httpx2.AsyncClient]:
    async with (
        served(store) as port,
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
    ):
        yield client


async def watch(
    client: httpx2.AsyncClient, most: int, *, after: str = "", headers: dict[str, str] | None = None
) -> list[dict[str, Any]]:
    """The next entries of the stream, as (id, event, data); then it is left."""
    seen: list[dict[str, Any]] = []
    entry: dict[str, Any] = {}
    async with client.stream("GET", f"/events{after}", headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        async with aclosing(answer.aiter_lines()) as lines:
            async for line in lines:
                name, _, value = line.partition(": ")
                if line:
                    entry[name] = value
                    continue
                entry["data"] = json.loads(entry["data"])
                seen.append(entry)
                entry = {}
                if len(seen) == most:
                    break
    return seen


@ON_DISK
async def test_the_backlog_comes_first_and_then_what_happens(store: ServiceStore) -> None:
    Agency(store).do(StartFanout("thu"))
    async with watched(store) as client:
        got: list[dict[str, Any]] = []

        async def follow() -> None:
            got.extend(await watch(client, 30))

        async with create_task_group() as tasks:
            tasks.start_soon(follow)
            old = await watch(client, 2)
            assert [entry["event"] for entry in old] == ["fanout_started", "offers_made"]
            for phone in PHONES * 3:
                await client.post("/messages/inbound", json={"from": phone, "body": "help"})
        journal = store.events(0, 30)
        assert [entry["id"] for entry in got] == [str(seq) for seq in range(1, 31)]
        assert [entry["data"] for entry in got] == [json.loads(entry.line()) for entry in journal]
        assert [entry["event"] for entry in got] == [entry.event.kind for entry in journal]


@ON_DISK
async def test_a_watcher_goes_on_where_it_left_off(store: ServiceStore) -> None:
    agency = Agency(store)
    agency.do(*(StartFanout(each) for each in ("mon", "late", "thu", "aide")))
    async with watched(store) as client:
        first = await watch(client, 3)
        rest = await watch(client, 2, headers={"Last-Event-ID": first[-1]["id"]})
        assert [int(entry["id"]) for entry in first + rest] == [1, 2, 3, 4, 5]
        assert (await watch(client, 1, after="?after=4"))[0]["id"] == "5"
        both = await watch(client, 1, after="?after=1", headers={"Last-Event-ID": "6"})
        assert both[0]["id"] == "7"


@ON_DISK
async def test_who_leaves_disturbs_nobody(store: ServiceStore) -> None:
    Agency(store).do(StartFanout("thu"))
    async with watched(store) as client:
        async with create_task_group() as leavers:
            for _ in range(5):
                leavers.start_soon(watch, client, 10**9)
            await watch(client, 1)
            leavers.cancel_scope.cancel()
        answer = await client.post("/messages/inbound", json={"from": PHONES[0], "body": "help"})
        assert answer.json()["status"] == "help"
        assert len(await watch(client, 3)) == 3


async def test_a_place_that_is_none_is_refused() -> None:
    async with running_service() as fixture:
        for given in (
            "x", "-1", "+5", "1.5", "1e3", "1_000", "²", "٣", "1, 2",
            "9" * 19, "1" * 4_301, "-" + "1" * 4_301,
        ):  # fmt: skip
            answer = await fixture.client.get("/events", headers={"Last-Event-ID": given.encode()})
            refused(answer, 422, "Last-Event-ID must be a whole number")
        refused(await fixture.client.get("/events?after=-1"), 422, "after must be a whole number")


async def test_readers_at_the_same_place_share_pages_and_get_whole_ones(
    store: ServiceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page is read once however many follow, also for who begins between two pages."""
    monkeypatch.setattr(streams, "PAGE", 4)
    agency = Agency(store)
    agency.do(*(StartFanout(each) for each in ("mon", "late", "thu", "aide")))
    agency.do(*(CancelShift(each) for each in ("mon", "late", "thu", "aide")))
    read: list[int] = []
    events = store.events

    def counted(after: int, most: int, shift_id: str | None = None) -> Sequence[Entry]:
        read.append(after)
        return events(after, most, shift_id)

    monkeypatch.setattr(store, "events", counted)
    open_streams = streams.Streams(store, 100)
    for after in (0, 0, 4, 2):
        pages = open_streams.pages(after, anyio.Event())
        async with aclosing(pages):
            first, second = await anext(pages), await anext(pages)
        ids = [int(seq) for seq in re.findall(rb"^id: (\d+)\r$", first + second, re.MULTILINE)]
        assert ids[0] == after + 1
        assert ids == list(range(after + 1, 4 * (after // 4 + 2) + 1))
    assert read == [0, 4, 8, 2]


async def test_streams_beyond_the_limit_are_refused_until_one_ends(store: ServiceStore) -> None:
    Agency(store).do(StartFanout("thu"))
    async with served(store, most_streams=2) as port, httpx2.AsyncClient(timeout=60) as client:
        url = f"http://127.0.0.1:{port}/events"
        async with client.stream("GET", url) as one, client.stream("GET", url) as other:
            assert (one.status_code, other.status_code) == (200, 200)
            full = await client.get(url)
            refused(full, 503, "too many streams")
            assert full.headers["retry-after"] == "30"
            assert (await client.get(f"http://127.0.0.1:{port}/health")).status_code == 200
        with anyio.fail_after(60):
            while True:  # the service hears a moment later that they have gone
                async with client.stream("GET", url) as again:
                    if again.status_code == 200:
                        return
