"""What coordinators and operators do over HTTP: release, cancel, assign, policies, readiness, metrics."""

import pytest

from service.stores.queries import ServiceStore
from tests.core.agency import SHIFTS, policy, shift
from tests.faulty_store import FaultyStore
from tests.service.service_fixture import ServiceFixture, refused, running_service

pytestmark = pytest.mark.anyio


async def assigned(fixture: ServiceFixture, shift_id: str, who: str) -> None:
    answer = await fixture.post(f"/shifts/{shift_id}/assign", {"caregiver_id": who})
    assert (answer.status_code, answer.json()["status"]) == (200, "claimed")
    await fixture.device(who).expect_sms("Confirmed", "is yours")


# --- release -----------------------------------------------------------------------------------


async def test_a_shift_taken_back_is_offered_again_to_the_others(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await assigned(fixture, "mon", "ann")
        answer = await fixture.post("/shifts/mon/release", {"caregiver_id": "ann", "reason": "sick"})
        assert answer.status_code == 200
        told = answer.json()
        assert (told["status"], told["caregiver_id"], told["generation"]) == ("released", "ann", 2)
        assert told["contacted"] == ["ben", "cat", "dee"]
        await fixture.device("ann").expect_sms("no longer yours")
        for who in ("ben", "cat", "dee"):
            await fixture.device(who).expect_sms("RN shift")
        again = await fixture.post("/shifts/mon/release", {"caregiver_id": "ann", "reason": "sick"})
        assert (again.status_code, again.json()["status"]) == (200, "already_fanout")


async def test_only_a_shift_that_somebody_holds_is_released(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency(shifts=[*SHIFTS, shift("past", "RN", -9)])
        refused(await fixture.post("/shifts/nowhere/release"), 404, "no shift nowhere")
        refused(await fixture.post("/shifts/mon/release"), 409, "nobody holds shift mon")
        refused(await fixture.post("/shifts/past/release"), 409, "shift past is over")
        await assigned(fixture, "mon", "ann")
        other = await fixture.post("/shifts/mon/release", {"caregiver_id": "ben"})
        refused(other, 409, "mon is held by caregiver ann")
        await fixture.post("/shifts/late/cancel")
        refused(await fixture.post("/shifts/late/release"), 409, "late has been canceled")


# --- cancel ------------------------------------------------------------------------------------


async def test_a_canceled_shift_stays_so_and_its_holder_hears_it_once(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await assigned(fixture, "mon", "ann")
        for _ in range(2):
            answer = await fixture.post("/shifts/mon/cancel", {"reason": "in hospital"})
            assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
        await fixture.device("ann").expect_sms("was canceled. You do not need to come in.")
        assert (await fixture.get("/shifts/mon"))["fanout"]["holder"] is None
        assert fixture.kinds("mon").count("cancelled") == 1


async def test_canceling_an_open_shift_withdraws_what_has_not_begun(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await fixture.start("mon")
        for who in ("ann", "ben", "cat", "dee"):
            await fixture.device(who).expect_sms("RN shift")
        await fixture.post("/shifts/mon/cancel")
        await fixture.pass_s(3600)
        assert (await fixture.device("ann").says("yes"))["status"] == "no_open_offer"
        assert (await fixture.device("ann").says("yes B"))["status"] == "closed"
        await fixture.device("ann").expect_sms("no open shift")
        await fixture.device("ann").expect_sms("no longer open")


async def test_what_is_over_is_not_canceled(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        refused(await fixture.post("/shifts/nowhere/cancel"), 404, "no shift nowhere")
        await assigned(fixture, "mon", "ann")
        await fixture.pass_s(24 * 3600)
        refused(await fixture.post("/shifts/mon/cancel"), 409, "mon is over")


# --- assign ------------------------------------------------------------------------------------


async def test_a_coordinator_gives_a_shift_to_somebody(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency(shifts=[*SHIFTS, shift("past", "RN", -9)])
        await assigned(fixture, "mon", "ann")
        again = await fixture.post("/shifts/mon/assign", {"caregiver_id": "ann"})
        assert (again.status_code, again.json()["status"]) == (200, "already_yours")

        async def refuse(shift_id: str, who: str, status: int, *words: str) -> None:
            refused(await fixture.post(f"/shifts/{shift_id}/assign", {"caregiver_id": who}), status, *words)

        before = fixture.kept()
        await refuse("mon", "ben", 409, "mon is held by caregiver ann")
        await refuse("late", "ann", 409, "holds shift mon, which overlaps shift late")
        await refuse("thu", "eve", 409, "role", "thu")
        await refuse("past", "ben", 409, "past is over")
        await refuse("nowhere", "ann", 404, "no shift nowhere")
        await refuse("thu", "nobody", 404, "no caregiver nobody")
        assert fixture.kept() == before


async def test_an_assigned_shift_can_be_given_back_by_text(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await assigned(fixture, "aide", "eve")
        assert (await fixture.device("eve").says("NO B"))["status"] == "released"
        await fixture.device("eve").expect_sms("no longer yours")
        await fixture.device("fay").expect_sms("CNA shift")


# --- policies ----------------------------------------------------------------------------------


async def test_an_organization_without_a_policy_has_the_default_one(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        default = await fixture.get("/policies/org")
        assert [each["after_s"] for each in default["rounds"]] == [0, 600]
        general, own = policy((0, "sms"), (60, "voice")), policy((0, "voice"), window_s=5)
        assert (await fixture.put("/policies/default", general)).status_code == 201
        assert (
            await fixture.get("/policies/org")
            == await fixture.get("/policies/default")
            == general.model_dump(mode="json")
        )
        assert (await fixture.put("/policies/org", own)).status_code == 201
        assert (await fixture.put("/policies/org", own)).status_code == 200
        assert await fixture.get("/policies/org") == own.model_dump(mode="json")
        assert await fixture.get("/policies/another") == general.model_dump(mode="json")


async def test_a_fanout_keeps_the_policy_with_which_it_started(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await fixture.put("/policies/org", policy((0, "sms", 1), (60, "sms", 1), window_s=60))
        assert await fixture.start("mon") == ["dee"]
        await fixture.put("/policies/org", policy((0, "voice")))
        await fixture.device("dee").expect_sms("RN shift")
        await fixture.pass_s(60)
        await fixture.device("ann").expect_sms("RN shift")
        assert await fixture.start("aide") == ["eve", "fay"]
        await fixture.device("eve").expect_call("CNA shift", "Press 1")
        await fixture.device("fay").expect_call("CNA shift", "Press 1")


# --- operation ---------------------------------------------------------------------------------


async def test_ready_asks_the_store_and_health_does_not() -> None:
    store = FaultyStore()
    async with running_service(store) as fixture:
        assert await fixture.get("/health") == await fixture.get("/ready") == {"status": "ok"}
        store.fail = {"caregiver": 1}
        answer = await fixture.client.get("/ready")
        refused(answer, 503, "the database cannot be read", "try again")
        assert answer.headers["retry-after"] == "1"
        assert await fixture.get("/health") == {"status": "ok"}


async def test_metrics_count_what_happened(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await fixture.start("mon")
        await fixture.settle()
        await fixture.pass_s(30)
        await fixture.device("ann").says("yes")
        await fixture.device("ben").says("yes")
        await fixture.device("cat").says("no")
        await fixture.device("dee").says("?")
        await fixture.settle()
        assert await fixture.metric('fanout_claims_total{result="claimed"}') == 1
        assert await fixture.metric('fanout_claims_total{result="already_claimed"}') == 1
        assert await fixture.metric('fanout_replies_total{intent="decline",result="declined"}') == 1
        assert await fixture.metric('fanout_replies_total{intent="unknown",result="unknown"}') == 1
        assert await fixture.metric("fanout_time_to_fill_seconds_count") == 1
        assert await fixture.metric("fanout_time_to_fill_seconds_sum") == 30
        assert await fixture.metric('fanout_sends_total{channel="sms"}') == 8
        assert await fixture.metric("fanout_sends_repeated_total") == 0
        assert await fixture.metric("fanout_outbox_depth") == 0
        assert await fixture.metric("fanout_outbox_age_seconds") == 0
        assert await fixture.metric("fanout_batch_commands_count") > 10
        fixture.hear_all()
        assert (await fixture.client.get("/metrics")).headers["content-type"].startswith("text/plain")


async def test_the_journal_of_a_shift_is_read_page_by_page(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await assigned(fixture, "mon", "ann")
        await assigned(fixture, "aide", "eve")
        await fixture.settle()
        events = (await fixture.get("/shifts/mon/events"))["events"]
        assert [event["kind"] for event in events] == ["fanout_started", "claimed", "send_started", "sent"]
        assert [event["version"] for event in events] == [1, 2, 3, 4]
        assert {event["shift_id"] for event in events} == {"mon"}
        page = (await fixture.get(f"/shifts/mon/events?after={events[1]['seq']}&limit=1"))["events"]
        assert page == [events[2]]
        assert (await fixture.get("/shifts/thu/events"))["events"] == []
        refused(await fixture.client.get("/shifts/nowhere/events"), 404, "no shift nowhere")
        for query in ("after=-1", "after=1e3", f"after={2**63}", "limit=0", "limit=1001"):
            refused(await fixture.client.get(f"/shifts/mon/events?{query}"), 422, "whole number")
