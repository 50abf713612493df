"""Every route of the HTTP table: what it does, what it refuses and how it says so."""

import pytest
from anyio import create_task_group

from core.model import Caregiver
from service.stores.queries import ServiceStore
from tests.core.agency import PHONES, ROSTER, SHIFTS, caregiver, policy, shift
from tests.service.house import Json, at_home, refused

pytestmark = pytest.mark.anyio
RN = ["ann", "ben", "cat", "dee"]


# --- roster ------------------------------------------------------------------------------------


async def test_a_caregiver_is_stored_changed_and_read(store: ServiceStore) -> None:
    ann = caregiver("ann", "RN", 1)
    async with at_home(store) as house:
        assert await house.get("/caregivers") == {"caregivers": []}
        refused(await house.client.get("/caregivers/ann"), 404, "no caregiver ann")
        made = await house.put("/caregivers/ann", ann)
        assert (made.status_code, made.json()) == (201, ann.model_dump())
        assert (await house.put("/caregivers/ann", ann)).status_code == 200
        moved = ann.model_copy(update={"phone": "+100042", "name": "Ann B."})
        assert (await house.put("/caregivers/ann", moved)).status_code == 200
        assert await house.get("/caregivers/ann") == {**moved.model_dump(), "opted_out": False}
        assert len((await house.get("/caregivers"))["caregivers"]) == 1


async def test_the_roster_is_listed_in_load_order(store: ServiceStore) -> None:
    async with at_home(store) as house:
        await house.move_in()
        await house.put("/caregivers/dee", caregiver("dee", "RN", 44))
        listed = (await house.get("/caregivers"))["caregivers"]
        assert [person["id"] for person in listed] == [person.id for person in ROSTER]


async def test_a_phone_belongs_to_one_caregiver(store: ServiceStore) -> None:
    async with at_home(store) as house:
        await house.move_in(shifts=())
        before = house.kept()
        taken = Caregiver(id="gus", name="Gus", role="RN", phone=PHONES[1])
        refused(await house.put("/caregivers/gus", taken), 409, "caregiver ann", "phone")
        refused(await house.put("/caregivers/ben", taken.model_copy(update={"id": "ben"})), 409, "ann")
        assert house.kept() == before
        freed = caregiver("ann", "RN", 77)
        assert (await house.put("/caregivers/ann", freed)).status_code == 200
        assert (await house.put("/caregivers/gus", taken)).status_code == 201


# --- shifts ------------------------------------------------------------------------------------


async def test_a_shift_is_stored_changed_and_read(store: ServiceStore) -> None:
    mon = shift("mon", "RN", 8)
    async with at_home(store) as house:
        refused(await house.client.get("/shifts/mon"), 404, "no shift mon")
        assert (await house.put("/shifts/mon", mon)).status_code == 201
        later = shift("mon", "CNA", 9, location="Ward 3")
        assert (await house.put("/shifts/mon", later)).status_code == 200
        found = await house.get("/shifts/mon")
        assert found["shift"]["role_required"] == "CNA"
        assert found["fanout"]["status"] == "planned"
        assert found["offers"] == []


async def test_role_and_times_are_frozen_once_a_fanout_has_started(store: ServiceStore) -> None:
    async with at_home(store) as house:
        await house.move_in()
        await house.start("mon")
        for changed in (shift("mon", "CNA", 8), shift("mon", "RN", 9), shift("mon", "RN", 8, hours=9)):
            refused(await house.put("/shifts/mon", changed), 409, "shift mon", "fixed", "cancel")
        moved = await house.put("/shifts/mon", shift("mon", "RN", 8, location="Ward 3"))
        assert (moved.status_code, moved.json()["location"]) == (200, "Ward 3")
        await house.settle()
        assert len(house.hear_all()) == 4


async def test_shifts_are_listed_page_by_page_and_by_status(store: ServiceStore) -> None:
    async with at_home(store) as house:
        await house.move_in(shifts=[shift(f"s{number}", "nobody", 8) for number in range(5)])
        await house.start("s3")
        seen: list[str] = []
        after = ""
        for _ in range(3):
            page = await house.get(f"/shifts?limit=2&after={after}")
            seen += [each["shift"]["id"] for each in page["shifts"]]
            after = page["next"]
        assert seen == ["s0", "s1", "s2", "s3", "s4"]
        assert after is None
        assert (await house.get("/shifts?limit=5"))["next"] is None
        found = await house.get("/shifts?status=open")
        assert [each["shift"]["id"] for each in found["shifts"]] == ["s3"]
        planned = await house.get("/shifts?status=planned&limit=3")
        assert ([each["shift"]["id"] for each in planned["shifts"]], planned["next"]) == (
            ["s0", "s1", "s2"],
            "s2",
        )
        assert (await house.get("/shifts?status=filled"))["shifts"] == []
        assert (await house.get("/shifts?after=zzz"))["shifts"] == []
        for query in (
            "limit=0",
            "limit=1001",
            "limit=x",
            "limit=",
            "limit=-1",
            "limit=%D9%A1",
            "status=lost",
        ):
            refused(await house.client.get(f"/shifts?{query}"), 422, query.partition("=")[0], "must be")


# --- fanout ------------------------------------------------------------------------------------


async def test_a_fanout_texts_everyone_with_the_role_and_only_once(store: ServiceStore) -> None:
    async with at_home(store) as house:
        await house.move_in()
        first = await house.post("/shifts/mon/fanout")
        assert first.status_code == 200
        assert first.json() == {
            "shift_id": "mon", "status": "fanout_started", "contacted": RN, "exhausted": False,
            "generation": 1, "caregiver_id": None,
        }  # fmt: skip
        again = await house.post("/shifts/mon/fanout")
        assert again.json() == {**first.json(), "status": "already_fanout"}
        for who in RN:
            await house.device(who).expect_sms("RN shift Mon Mar 3 2pm-10pm", "YES B", "NO B")
        shown = (await house.get("/shifts/mon"))["fanout"]
        assert (shown["status"], shown["contacted"]) == ("open", RN)
        assert shown["next_deadline"] == "2025-03-03T06:10:00Z"


async def test_a_fanout_that_matches_nobody_is_exhausted_at_once(store: ServiceStore) -> None:
    async with at_home(store) as house:
        await house.move_in(shifts=[shift("odd", "Surgeon", 8)])
        answer = await house.post("/shifts/odd/fanout")
        assert answer.status_code == 200
        assert (answer.json()["contacted"], answer.json()["exhausted"]) == ([], True)
        assert await house.metric("fanout_exhausted_total") == 1


async def test_a_fanout_is_refused_where_there_is_nothing_to_fill(store: ServiceStore) -> None:
    async with at_home(store) as house:
        await house.move_in(shifts=[*SHIFTS, shift("past", "RN", -9)])
        refused(await house.post("/shifts/nowhere/fanout"), 404, "no shift nowhere")
        refused(await house.post("/shifts/past/fanout"), 409, "shift past is over")
        await house.post("/shifts/mon/assign", {"caregiver_id": "ann"})
        refused(await house.post("/shifts/mon/fanout"), 409, "mon is held by caregiver ann")
        await house.post("/shifts/late/cancel")
        refused(await house.post("/shifts/late/fanout"), 409, "late has been cancelled")
        await house.device("ann").expect_sms("Confirmed")


# --- messages ----------------------------------------------------------------------------------


async def test_the_first_to_accept_gets_it_and_the_rest_hear_so(store: ServiceStore) -> None:
    async with at_home(store) as house:
        await house.move_in()
        await house.start("mon")
        won = await house.device("cat").expect_sms("RN shift").then_reply("yes")
        assert {key: won[key] for key in ("status", "shift_id", "caregiver_id")} == {
            "status": "claimed", "shift_id": "mon", "caregiver_id": "cat",
        }  # fmt: skip
        assert won["reply"] == await house.device("cat").expect_sms("Confirmed", "NO B")
        lost = await house.device("ann").expect_sms("RN shift").then_reply("Yes please!")
        assert lost["status"] == "already_claimed"
        await house.device("ann").expect_sms("went to someone else at 6am")
        again = await house.device("cat").says("yes")
        assert again["status"] == "already_yours"
        await house.device("cat").expect_sms("Confirmed")
        for who in ("ben", "dee"):
            await house.device(who).expect_sms("RN shift")
        fanout = (await house.get("/shifts/mon"))["fanout"]
        assert (fanout["status"], fanout["holder"]) == ("filled", "cat")
        answers = {
            offer["caregiver_id"]: offer["answer"] for offer in (await house.get("/shifts/mon"))["offers"]
        }
        assert answers == {"ann": "accept", "ben": None, "cat": "accept", "dee": None}


async def test_every_status_that_a_message_can_come_to(store: ServiceStore) -> None:
    async with at_home(store) as house:
        await house.move_in()
        await house.put("/policies/default", policy((0, "sms")))
        await house.start("mon")
        await house.settle()
        ann, ben, eve = (house.device(who) for who in ("ann", "ben", "eve"))

        async def told(device: object, body: str, **more: str) -> str:
            return str((await device.says(body, **more))["status"])  # type: ignore[attr-defined]

        assert await told(ben, "what's the address?") == "unknown"
        assert await told(ben, "no") == "declined"
        assert await told(ann, "yes") == "claimed"
        assert await told(ann, "sorry, I can't make it") == "released"
        assert await told(ann, "YES B") == "claimed"
        await house.start("late")
        assert await told(ann, "yes", shift_id="late") == "double_booked"
        assert await told(eve, "1", shift_id="late") == "not_eligible"
        assert await told(eve, "yes") == "no_open_offer"
        assert await told(ben, "yes", shift_id="thu") == "no_open_offer"
        await house.start("thu")
        await house.settle()
        assert await told(house.device("cat"), "yes") == "which_shift"
        await house.post("/shifts/thu/cancel")
        assert await told(ben, "yes", shift_id="thu") == "closed"
        assert await told(ben, "help") == "help"
        assert await told(ben, "STOP") == "opted_out"
        assert (await house.get("/caregivers/ben"))["opted_out"] is True
        assert await told(ben, "start") == "opted_in"
        await house.settle()
        house.hear_all()


async def test_a_message_that_is_nobodys_is_refused(store: ServiceStore) -> None:
    async with at_home(store) as house:
        await house.move_in()
        before = house.kept()
        message = {"from": "+199999", "body": "yes"}
        refused(await house.post("/messages/inbound", message), 404, "no caregiver has this phone")
        message = {"from": PHONES[1], "body": "1", "shift_id": "nowhere"}
        refused(await house.post("/messages/inbound", message), 404, "no shift nowhere")
        assert house.kept() == before


async def test_the_same_message_always_gets_the_first_answer(store: ServiceStore) -> None:
    async with at_home(store) as house:
        await house.move_in()
        await house.start("mon")
        await house.settle()
        house.hear_all()
        body = {"from": PHONES[1], "body": "yes", "message_id": "SM1"}
        answers: list[Json] = []

        async def deliver() -> None:
            answers.append((await house.post("/messages/inbound", body)).json())

        async with create_task_group() as tasks:
            for _ in range(5):
                tasks.start_soon(deliver)
        await house.device("ann").says("no")  # gives it back
        await deliver()
        assert [answer["status"] for answer in answers] == ["claimed"] * 6
        assert len({str(answer) for answer in answers}) == 1
        assert house.kinds("mon").count("claimed") == 1
        other = await house.post("/messages/inbound", {**body, "body": "no"})
        assert other.json() == answers[0]
        await house.settle()
        house.hear_all()
