"""Every route of the HTTP table: what it does, what it refuses and how it says so."""

import pytest
from anyio import create_task_group
from structlog.typing import EventDict

from core.model import Caregiver
from service.stores.queries import ServiceStore
from tests.core.agency import PHONES, ROSTER, SHIFTS, caregiver, policy, shift
from tests.service.service_fixture import Json, refused, running_service

pytestmark = pytest.mark.anyio
RN = ["ann", "ben", "cat", "dee"]


# --- roster ------------------------------------------------------------------------------------


async def test_a_caregiver_is_stored_changed_and_read(store: ServiceStore) -> None:
    ann = caregiver("ann", "RN", 1)
    async with running_service(store) as fixture:
        assert await fixture.get("/caregivers") == {"caregivers": []}
        refused(await fixture.client.get("/caregivers/ann"), 404, "no caregiver ann")
        made = await fixture.put("/caregivers/ann", ann)
        assert (made.status_code, made.json()) == (201, ann.model_dump())
        assert (await fixture.put("/caregivers/ann", ann)).status_code == 200
        moved = ann.model_copy(update={"phone": "+100042", "name": "Ann B."})
        assert (await fixture.put("/caregivers/ann", moved)).status_code == 200
        assert await fixture.get("/caregivers/ann") == {**moved.model_dump(), "opted_out": False}
        assert len((await fixture.get("/caregivers"))["caregivers"]) == 1


async def test_the_roster_is_listed_in_load_order(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await fixture.put("/caregivers/dee", caregiver("dee", "RN", 44))
        listed = (await fixture.get("/caregivers"))["caregivers"]
        assert [person["id"] for person in listed] == [person.id for person in ROSTER]


async def test_a_phone_belongs_to_one_caregiver(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency(shifts=())
        before = fixture.kept()
        taken = Caregiver(id="gus", name="Gus", role="RN", phone=PHONES[1])
        refused(await fixture.put("/caregivers/gus", taken), 409, "caregiver ann", "phone")
        refused(await fixture.put("/caregivers/ben", taken.model_copy(update={"id": "ben"})), 409, "ann")
        assert fixture.kept() == before
        freed = caregiver("ann", "RN", 77)
        assert (await fixture.put("/caregivers/ann", freed)).status_code == 200
        assert (await fixture.put("/caregivers/gus", taken)).status_code == 201


# --- shifts ------------------------------------------------------------------------------------


async def test_a_shift_is_stored_changed_and_read(store: ServiceStore) -> None:
    mon = shift("mon", "RN", 8)
    async with running_service(store) as fixture:
        refused(await fixture.client.get("/shifts/mon"), 404, "no shift mon")
        assert (await fixture.put("/shifts/mon", mon)).status_code == 201
        later = shift("mon", "CNA", 9, location="Ward 3")
        assert (await fixture.put("/shifts/mon", later)).status_code == 200
        found = await fixture.get("/shifts/mon")
        assert found["shift"]["role_required"] == "CNA"
        assert found["fanout"]["status"] == "planned"
        assert found["offers"] == []


async def test_role_and_times_are_frozen_once_a_fanout_has_started(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await fixture.start("mon")
        for changed in (shift("mon", "CNA", 8), shift("mon", "RN", 9), shift("mon", "RN", 8, hours=9)):
            refused(await fixture.put("/shifts/mon", changed), 409, "shift mon", "fixed", "cancel")
        moved = await fixture.put("/shifts/mon", shift("mon", "RN", 8, location="Ward 3"))
        assert (moved.status_code, moved.json()["location"]) == (200, "Ward 3")
        await fixture.settle()
        assert len(fixture.hear_all()) == 4


async def test_shifts_are_listed_page_by_page_and_by_status(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency(shifts=[shift(f"s{number}", "RN", 8) for number in range(5)])
        await fixture.start("s3")
        seen: list[str] = []
        after = ""
        for _ in range(3):
            page = await fixture.get(f"/shifts?limit=2&after={after}")
            seen += [each["shift"]["id"] for each in page["shifts"]]
            after = page["next"]
        assert seen == ["s0", "s1", "s2", "s3", "s4"]
        assert after is None
        assert (await fixture.get("/shifts?limit=5"))["next"] is None
        found = await fixture.get("/shifts?status=open")
        assert [each["shift"]["id"] for each in found["shifts"]] == ["s3"]
        planned = await fixture.get("/shifts?status=planned&limit=3")
        assert ([each["shift"]["id"] for each in planned["shifts"]], planned["next"]) == (
            ["s0", "s1", "s2"],
            "s2",
        )
        assert (await fixture.get("/shifts?status=filled"))["shifts"] == []
        assert (await fixture.get("/shifts?after=zzz"))["shifts"] == []
        for query in (
            "limit=0",
            "limit=1001",
            "limit=x",
            "limit=",
            "limit=-1",
            "limit=%D9%A1",
            "status=lost",
        ):
            refused(await fixture.client.get(f"/shifts?{query}"), 422, query.partition("=")[0], "must be")

        # --- fanout ------------------------------------------------------------------------------------
        fixture.leave()


async def test_a_fanout_texts_everyone_with_the_role_and_only_once(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        first = await fixture.post("/shifts/mon/fanout")
        assert first.status_code == 200
        assert first.json() == {
            "shift_id": "mon", "status": "fanout_started", "contacted": RN, "exhausted": False,
            "generation": 1, "caregiver_id": None, "takes_no_texts": False,
        }  # fmt: skip
        again = await fixture.post("/shifts/mon/fanout")
        assert again.json() == {**first.json(), "status": "already_fanout"}
        for who in RN:
            await fixture.device(who).expect_sms("RN shift Mon Mar 3 2pm-10pm", "YES B", "NO B")
        shown = (await fixture.get("/shifts/mon"))["fanout"]
        assert (shown["status"], shown["contacted"]) == ("open", RN)
        assert shown["next_deadline"] == "2025-03-03T06:10:00Z"


async def test_a_fanout_that_can_ask_nobody_is_exhausted_at_once(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        for who in ("eve", "fay"):
            await fixture.device(who).says("STOP")
        answer = await fixture.post("/shifts/aide/fanout")
        assert answer.status_code == 200
        assert (answer.json()["contacted"], answer.json()["exhausted"]) == ([], True)
        assert await fixture.metric("fanout_exhausted_total") == 1


async def test_a_role_that_nobody_has_is_answered_with_the_roles_there_are(store: ServiceStore) -> None:
    """Field report J."""
    async with running_service(store) as fixture:
        await fixture.store_agency(shifts=[shift("odd", "Surgeon", 8)])
        refused(
            await fixture.post("/shifts/odd/fanout"), 409, "nobody has the role Surgeon; there are CNA, RN"
        )
        assert (await fixture.put("/shifts/odd", shift("odd", "rn", 8))).status_code == 200
        assert (await fixture.post("/shifts/odd/fanout")).json()["contacted"] == RN
        fixture.leave()


async def test_who_is_given_a_shift_and_takes_no_texts_must_be_called(
    store: ServiceStore, log: list[EventDict]
) -> None:
    """Field report H."""
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await fixture.device("ann").says("STOP")
        answer = (await fixture.post("/shifts/mon/assign", {"caregiver_id": "ann"})).json()
        assert (answer["status"], answer["takes_no_texts"]) == ("claimed", True)
        assert [line["advice"] for line in log if line["event"] == "unheard"] == [
            "it is about their shift, and they take no texts: call them"
        ]
        await fixture.settle()
        assert fixture.hear_all() == []
        [offer] = (await fixture.get("/shifts/mon"))["offers"]
        assert (offer["caregiver_id"], offer["sent_at"]) == ("ann", None)


async def test_a_fanout_is_refused_where_there_is_nothing_to_fill(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency(shifts=[*SHIFTS, shift("past", "RN", -9)])
        refused(await fixture.post("/shifts/nowhere/fanout"), 404, "no shift nowhere")
        refused(await fixture.post("/shifts/past/fanout"), 409, "shift past is over")
        await fixture.post("/shifts/mon/assign", {"caregiver_id": "ann"})
        refused(await fixture.post("/shifts/mon/fanout"), 409, "mon is held by caregiver ann")
        await fixture.post("/shifts/late/cancel")
        refused(await fixture.post("/shifts/late/fanout"), 409, "late has been canceled")
        await fixture.device("ann").expect_sms("Confirmed")


# --- messages ----------------------------------------------------------------------------------


async def test_the_first_to_accept_gets_it_and_the_rest_hear_so(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await fixture.start("mon")
        won = await fixture.device("cat").expect_sms("RN shift").then_reply("yes")
        assert {key: won[key] for key in ("status", "shift_id", "caregiver_id")} == {
            "status": "claimed", "shift_id": "mon", "caregiver_id": "cat",
        }  # fmt: skip
        assert won["reply"] == await fixture.device("cat").expect_sms("Confirmed", "NO B")
        lost = await fixture.device("ann").expect_sms("RN shift").then_reply("Yes please!")
        assert lost["status"] == "already_claimed"
        await fixture.device("ann").expect_sms("went to someone else at 6am")
        again = await fixture.device("cat").says("yes")
        assert again["status"] == "already_yours"
        await fixture.device("cat").expect_sms("Confirmed")
        for who in ("ben", "dee"):
            await fixture.device(who).expect_sms("RN shift")
        fanout = (await fixture.get("/shifts/mon"))["fanout"]
        assert (fanout["status"], fanout["holder"]) == ("filled", "cat")
        answers = {
            offer["caregiver_id"]: offer["answer"] for offer in (await fixture.get("/shifts/mon"))["offers"]
        }
        assert answers == {"ann": "accept", "ben": None, "cat": "accept", "dee": None}


async def test_every_status_that_a_message_can_come_to(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await fixture.put("/policies/default", policy((0, "sms")))
        await fixture.start("mon")
        await fixture.settle()
        ann, ben, eve = (fixture.device(who) for who in ("ann", "ben", "eve"))

        async def told(device: object, body: str, **more: str) -> str:
            return str((await device.says(body, **more))["status"])  # type: ignore[attr-defined]

        assert await told(ben, "what's the address?") == "unknown"
        assert await told(ben, "no") == "declined"
        assert await told(ann, "yes") == "claimed"
        assert await told(ann, "sorry, I can't make it") == "released"
        assert await told(ann, "YES B") == "claimed"
        await fixture.start("late")
        assert await told(ann, "yes", shift_id="late") == "double_booked"
        assert await told(eve, "1", shift_id="late") == "not_eligible"
        assert await told(eve, "yes") == "no_open_offer"
        assert await told(ben, "yes", shift_id="thu") == "no_open_offer"
        await fixture.start("thu")
        await fixture.settle()
        assert await told(fixture.device("cat"), "yes") == "which_shift"
        await fixture.post("/shifts/thu/cancel")
        assert await told(ben, "yes", shift_id="thu") == "closed"
        assert await told(ben, "help") == "help"
        assert await told(ben, "STOP") == "opted_out"
        assert (await fixture.get("/caregivers/ben"))["opted_out"] is True
        assert await told(ben, "start") == "opted_in"
        await fixture.settle()
        fixture.hear_all()


async def test_a_message_that_is_nobodys_is_refused(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        before = fixture.kept()
        message = {"from": "+199999", "body": "yes"}
        refused(await fixture.post("/messages/inbound", message), 404, "no caregiver has this phone")
        message = {"from": PHONES[1], "body": "1", "shift_id": "nowhere"}
        refused(await fixture.post("/messages/inbound", message), 404, "no shift nowhere")
        assert fixture.kept() == before


async def test_the_same_message_always_gets_the_first_answer(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await fixture.start("mon")
        await fixture.settle()
        fixture.hear_all()
        body = {"from": PHONES[1], "body": "yes", "message_id": "SM1"}
        answers: list[Json] = []

        async def deliver() -> None:
            answers.append((await fixture.post("/messages/inbound", body)).json())

        async with create_task_group() as tasks:
            for _ in range(5):
                tasks.start_soon(deliver)
        await fixture.device("ann").says("no")  # gives it back
        await deliver()
        assert [answer["status"] for answer in answers] == ["claimed"] * 6
        assert len({str(answer) for answer in answers}) == 1
        assert fixture.kinds("mon").count("claimed") == 1
        other = await fixture.post("/messages/inbound", {**body, "body": "no"})
        refused(other, 422, "another message with this message_id")
        await fixture.settle()
        fixture.hear_all()


async def test_a_page_of_events_does_not_read_the_shift_with_all_its_offers(
    store: ServiceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await fixture.start("mon")
        await fixture.settle()
        fixture.hear_all()
        assert (await fixture.get("/shifts/mon/events?after=999"))["events"] == []
        monkeypatch.setattr(store, "shift", None)
        assert len((await fixture.get("/shifts/mon/events?limit=2"))["events"]) == 2
