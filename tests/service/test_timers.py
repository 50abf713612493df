"""Deadlines: they fire when due, survive a restart, and outlast a store that does not answer."""

import pytest
from structlog.typing import EventDict

from core.commands import StartFanout
from service.stores.queries import ServiceStore
from service.timers import PAUSE_MS
from tests.core.agency import BEGIN_MS, Agency, policy, shift
from tests.faulty_store import FaultyStore
from tests.service.service_fixture import ServiceFixture, running_service

pytestmark = pytest.mark.anyio
RN = ("ann", "ben", "cat", "dee")


def at_s(fixture: ServiceFixture, kind: str) -> list[float]:
    return [(e.event.at_ms - BEGIN_MS) / 1000 for e in fixture.journal() if e.event.kind == kind]


async def test_those_who_have_not_declined_are_phoned_after_ten_minutes(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await fixture.start("mon")
        await fixture.device("ann").expect_sms("RN shift").then_reply("no")
        await fixture.device("ann").expect_sms("pass")
        for who in RN[1:]:
            await fixture.device(who).expect_sms("RN shift")
        await fixture.pass_s(599)
        assert at_s(fixture, "offers_made") == [0]
        await fixture.pass_s(1)
        assert at_s(fixture, "offers_made") == [0, 600]
        told = await fixture.device("ben").expect_call("Open RN shift", "Press 1").then_reply("1")
        assert told["status"] == "claimed"
        await fixture.device("ben").expect_sms("Confirmed")
        for who in RN[2:]:
            await fixture.device(who).expect_call("Open RN shift")
        await fixture.pass_s(7200)
        assert at_s(fixture, "exhausted") == []


async def test_nobody_left_is_seen_counted_and_logged(store: ServiceStore, log: list[EventDict]) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await fixture.start("mon")
        await fixture.pass_s(1199)
        assert await fixture.metric("fanout_exhausted_total") == 0
        await fixture.pass_s(1)
        assert await fixture.metric("fanout_exhausted_total") == 1
        (warning,) = [entry for entry in log if entry["event"] == "exhausted"]
        assert (warning["log_level"], warning["shift_id"]) == ("warning", "mon")
        assert (await fixture.get("/shifts/mon"))["fanout"]["exhausted"] is True
        assert len(fixture.hear_all()) == 8
        assert (await fixture.device("cat").says("yes"))["status"] == "claimed"
        await fixture.device("cat").expect_sms("Confirmed")


async def test_when_all_have_declined_the_next_round_comes_at_once() -> None:
    async with running_service() as fixture:
        await fixture.store_agency()
        await fixture.put("/policies/default", policy((0, "sms", 2), (600, "voice")))
        await fixture.start("mon")
        for who in ("dee", "ann"):
            await fixture.device(who).expect_sms("RN shift").then_reply("no")
            await fixture.device(who).expect_sms("pass")
        for who in ("ben", "cat"):
            await fixture.device(who).expect_call("Open RN shift")
        assert fixture.clock.now_ms() == BEGIN_MS


async def test_an_open_shift_expires_at_its_end(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await fixture.start("mon")
        await fixture.pass_s(24 * 3600)
        fixture.hear_all()
        assert at_s(fixture, "expired") == [16 * 3600]
        assert (await fixture.get("/shifts/mon"))["fanout"]["status"] == "expired"


async def test_deadlines_that_passed_while_down_fire_at_the_start(store: ServiceStore) -> None:
    Agency(store).do(StartFanout("mon"), StartFanout("aide"))
    async with running_service(store, start_ms=BEGIN_MS + 700_000) as fixture:
        await fixture.settle()
        assert at_s(fixture, "offers_made") == [0, 0, 600, 600]
        heard = fixture.hear_all()
        assert len([h for h in heard if h.send.channel == "voice"]) == 6
        assert await fixture.metric("fanout_timer_lateness_seconds_sum") == 200
        await fixture.pass_s(500)
        assert at_s(fixture, "exhausted") == [1200, 1200]


async def test_a_deadline_that_comes_earlier_than_the_one_waited_for_is_heard_of(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        quick = shift("quick", "RN", 8).model_copy(update={"organization_id": "hasty"})
        await fixture.store_agency(shifts=[shift("slow", "CNA", 8), quick])
        await fixture.put("/policies/hasty", policy((0, "sms"), (30, "voice")))
        await fixture.start("slow")
        await fixture.pass_s(60)
        await fixture.start("quick")
        await fixture.pass_s(30)
        assert at_s(fixture, "offers_made") == [0, 60, 90]
        fixture.hear_all()


@pytest.mark.parametrize("what", ["deadlines", "read"])
async def test_timers_back_off_when_a_tick_fails(what: str, log: list[EventDict]) -> None:
    store = FaultyStore()
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await fixture.start("mon")
        await fixture.settle()
        fixture.hear_all()
        store.fail = {what: 3}
        store.fails_read = lambda wanted: bool(wanted.rosters)  # what a tick reads
        await fixture.pass_s(600)
        assert at_s(fixture, "offers_made") == [0]
        await fixture.pass_s(3 * PAUSE_MS / 1000)
        fixture.hear_all()
        assert at_s(fixture, "offers_made") == [0, 600]
        said = {"deadlines": "timers_wait", "read": "tick_failed"}[what]
        assert [entry["event"] for entry in log].count(said) == 3
        assert len(fixture.phones.heard) == 8


async def test_deadlines_at_the_same_time_all_fire(store: ServiceStore) -> None:
    agency = Agency(store, policy((0, "sms", 1), (60, "voice", 1)))
    agency.do(*(StartFanout(each) for each in ("mon", "late", "thu", "aide")))
    async with running_service(store) as fixture:
        await fixture.pass_s(60)
        assert at_s(fixture, "offers_made") == [0] * 4 + [60] * 4
        fixture.hear_all()


async def test_a_restart_tells_nobody_anything_twice(store: ServiceStore) -> None:
    Agency(store).do(StartFanout("mon"))
    async with running_service(store) as fixture:
        await fixture.settle()
        assert len(fixture.hear_all()) == 4
    async with running_service(store):
        """Nothing is heard."""
