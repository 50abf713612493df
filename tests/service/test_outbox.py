"""Sends on their way out: pace, retries, timeouts, withdrawal, and what a dead process left behind."""

from math import inf

import anyio
import pytest
from structlog.typing import EventDict

from core.commands import Command, Lease, Leased, Result, StartFanout
from core.ports import CarrierError
from core.sender import LEASE_MS, PAUSE_MS
from core.sends import MAX_DOUBTS, Limits, Owner
from service.outbox import CARRIER_TIMEOUT_MS
from service.stores.queries import ServiceStore
from tests.core.agency import BEGIN_MS, NO_LIMITS, Agency, policy
from tests.faulty_store import FaultyStore
from tests.service.service_fixture import PHONES, ServiceFixture, running_service

SECOND = 1_000


def after(fixture: ServiceFixture) -> list[tuple[float, str]]:
    """When everything was heard, in seconds since the beginning, and by whom."""
    return [((heard.at_ms - BEGIN_MS) / 1000, heard.send.caregiver_id) for heard in fixture.hear_all()]


def failures(fixture: ServiceFixture, shift_id: str) -> list[tuple[str, bool]]:
    return [
        (entry.event.why, entry.event.final)
        for entry in fixture.store.events(0, 10**9, shift_id)
        if entry.event.kind == "send_failed"
    ]


# --- pace --------------------------------------------------------------------------------------


@pytest.mark.anyio
async def test_texts_go_out_at_the_pace_of_the_sender(store: ServiceStore) -> None:
    async with running_service(store, limits=Limits()) as fixture:
        await fixture.store_agency()
        await fixture.start("mon")
        await fixture.pass_s(10)
        assert sorted(at for at, _ in after(fixture)) == [0, 1, 2, 3]


@pytest.mark.anyio
async def test_nobody_gets_two_texts_within_a_second(store: ServiceStore) -> None:
    async with running_service(store, limits=Limits(sms_ms=0, sms_per_person_ms=1_000)) as fixture:
        await fixture.store_agency()
        for shift_id in ("mon", "late", "thu"):
            await fixture.start(shift_id)
        await fixture.pass_s(10)
        heard = after(fixture)
        assert sorted(at for at, _ in heard) == [0] * 4 + [1] * 4 + [2] * 4
        assert len(set(heard)) == 12


@pytest.mark.anyio
async def test_answers_go_before_offers() -> None:
    async with running_service(limits=Limits(sms_ms=10_000, sms_per_person_ms=0)) as fixture:
        await fixture.store_agency()
        await fixture.start("mon")
        await fixture.settle()
        assert (await fixture.device("cat").says("help"))["status"] == "help"
        await fixture.pass_s(60)
        texts = [heard.send.key.partition("/")[0] for heard in fixture.hear_all()]
        assert texts[1] == "answer"
        assert len(texts) == 5


@pytest.mark.anyio
async def test_the_outbox_does_not_look_again_at_every_message_while_the_sender_rests() -> None:
    async with running_service(limits=Limits(sms_ms=60_000)) as fixture:
        await fixture.store_agency()
        leases = 0
        submit = fixture.service.ledger.submit

        async def counted(command: Command) -> Result:
            nonlocal leases
            leases += isinstance(command, Lease)
            return await submit(command)

        fixture.service.ledger.submit = counted  # type: ignore[method-assign]
        for _ in range(20):
            await fixture.device("cat").says("help")
        await fixture.settle()
        assert leases <= 3
        await fixture.pass_s(20 * 60)
        assert len(after(fixture)) == 20


@pytest.mark.anyio
async def test_what_comes_while_a_lease_is_being_asked_for_goes_out_at_once() -> None:
    async with running_service() as fixture:
        await fixture.store_agency()
        ledger = fixture.service.ledger
        submit = ledger.submit

        async def meanwhile(command: Command) -> Result:
            answer = await submit(command)
            if isinstance(command, Lease) and ledger.submit is not submit:
                ledger.submit = submit  # type: ignore[method-assign]
                await submit(StartFanout("mon"))
            return answer

        ledger.submit = meanwhile  # type: ignore[method-assign]
        await fixture.device("ann").says("help")
        await fixture.pass_s(1)
        assert sorted(after(fixture)) == [(0, "ann"), (0, "ann"), (0, "ben"), (0, "cat"), (0, "dee")]


# --- failures ----------------------------------------------------------------------------------


@pytest.mark.anyio
async def test_a_temporary_failure_is_tried_again_after_growing_pauses(
    store: ServiceStore, log: list[EventDict]
) -> None:
    async with running_service(store, jitter=0.5) as fixture:
        await fixture.store_agency()
        fixture.phones.fail[PHONES["ann"]] = [CarrierError("busy") for _ in range(3)]
        await fixture.start("mon")
        await fixture.pass_s(60)
        tried = [(at_ms - BEGIN_MS, n) for at_ms, key, n in fixture.phones.attempts if key.endswith("ann")]
        assert tried == [(0, 1), (1 * SECOND, 2), (3 * SECOND, 3), (7 * SECOND, 4)]
        assert failures(fixture, "mon") == [("busy", False)] * 3
        assert await fixture.metric('fanout_sends_failed_total{final="false"}') == 3
        assert await fixture.metric("fanout_sends_repeated_total") == 3
        assert sorted(after(fixture)) == [(0, "ben"), (0, "cat"), (0, "dee"), (7, "ann")]
        assert [entry["to"] for entry in log if entry["event"] == "send_failed"] == ["**0001"] * 3


@pytest.mark.anyio
async def test_a_carriers_outage_loses_no_offer_and_no_confirmation(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        for phone in PHONES.values():
            fixture.phones.fail[phone] = [CarrierError("out of order") for _ in range(12)]
        await fixture.start("mon")
        await fixture.post("/shifts/aide/assign", {"caregiver_id": "eve"})
        await fixture.pass_s(590)
        heard = fixture.hear_all()
        assert sorted(each.send.caregiver_id for each in heard) == ["ann", "ben", "cat", "dee", "eve"]
        assert min(each.at_ms for each in heard) - BEGIN_MS > 60 * SECOND
        fixture.leave()


@pytest.mark.anyio
async def test_a_carrier_that_never_says_what_became_of_a_text_is_not_given_it_for_ever(
    store: ServiceStore,
) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        fixture.phones.fail[PHONES["ann"]] = [CarrierError("no answer", "unknown") for _ in range(9)]
        await fixture.start("mon")
        await fixture.pass_s(500)
        assert failures(fixture, "mon") == [("no answer", False)] * (MAX_DOUBTS - 1) + [("no answer", True)]
        assert fixture.store.outbox_depth() == (0, None)
        assert len(after(fixture)) == 3
        [item] = (await fixture.get("/attention"))["attention"]
        assert (item["reason"], item["caregiver_id"], item["shift_id"]) == ("not_sent", "ann", "mon")


@pytest.mark.anyio
async def test_a_permanent_failure_ends_at_once(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        fixture.phones.fail[PHONES["ann"]] = [CarrierError("no such number", "permanent")]
        await fixture.start("mon")
        await fixture.pass_s(500)
        assert failures(fixture, "mon") == [("no such number", True)]
        assert await fixture.metric('fanout_sends_failed_total{final="true"}') == 1
        assert len(after(fixture)) == 3


@pytest.mark.anyio
async def test_the_journal_keeps_no_number_that_a_carrier_named() -> None:
    async with running_service() as fixture:
        await fixture.store_agency()
        fixture.phones.fail[PHONES["ann"]] = [CarrierError("21211: '+15551234567' is no number", "permanent")]
        await fixture.start("mon")
        await fixture.pass_s(1)
        [(why, _)] = failures(fixture, "mon")
        assert "21211" in why
        assert "555123" not in why
        assert len(after(fixture)) == 3


@pytest.mark.anyio
async def test_a_carrier_that_does_not_answer_is_given_up_and_tried_again() -> None:
    async with running_service() as fixture:
        await fixture.store_agency()
        fixture.phones.fail[PHONES["ann"]] = [2 * CARRIER_TIMEOUT_MS]
        await fixture.start("mon")
        await fixture.pass_s(CARRIER_TIMEOUT_MS / 1000 - 1)
        assert failures(fixture, "mon") == []
        await fixture.pass_s(6)
        assert failures(fixture, "mon") == [("the carrier did not answer within 30 s", False)]
        assert sorted(after(fixture))[-1] == (31, "ann")


@pytest.mark.anyio
async def test_a_bug_in_a_carrier_is_a_failed_attempt() -> None:
    class Broken:
        async def send(self, outgoing: object) -> None:
            raise ZeroDivisionError

        async def listen(self, submit: object) -> None: ...

    async with running_service(carrier=Broken()) as fixture:
        await fixture.store_agency()
        await fixture.post("/shifts/mon/assign", {"caregiver_id": "ann"})
        await fixture.pass_s(1)
        assert failures(fixture, "mon")[0] == ("the carrier's code failed: ZeroDivisionError()", False)


# --- commits in doubt -----------------------------------------------------------------------------


@pytest.mark.anyio
async def test_what_a_doubted_commit_has_written_goes_out_all_the_same() -> None:
    store = FaultyStore()
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await fixture.settle()
        store.fail = {"answer": 1}
        answer = await fixture.post("/shifts/mon/fanout")
        assert (answer.status_code, answer.json()["type"]) == (500, "in-doubt")
        await fixture.pass_s(1)
        assert {who for _, who in after(fixture)} == {"ann", "ben", "cat", "dee"}
        await fixture.pass_s(600)
        assert len(after(fixture)) == 4  # and the round after it comes when it is due


@pytest.mark.anyio
async def test_an_escalation_whose_doubted_tick_was_written_goes_out_all_the_same() -> None:
    store = FaultyStore()
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await fixture.start("mon")
        await fixture.pass_s(599)
        fixture.hear_all()
        store.fail = {"answer": 1}
        await fixture.pass_s(10)
        assert store.fail == {"answer": 0}
        assert [heard.send.channel for heard in fixture.hear_all()] == ["voice"] * 4


@pytest.mark.anyio
async def test_a_send_whose_doubted_lease_was_written_goes_out_when_the_lease_has_run_out() -> None:
    store = FaultyStore()
    async with running_service(store) as fixture:
        await fixture.store_agency()
        await fixture.settle()
        ledger = fixture.service.ledger
        submit = ledger.submit

        async def doubting(command: Command) -> Result:
            if isinstance(command, Lease) and ledger.submit is not submit:
                ledger.submit = submit  # type: ignore[method-assign]
                store.fail = {"answer": 1}
            return await submit(command)

        ledger.submit = doubting  # type: ignore[method-assign]
        await fixture.post("/shifts/mon/assign", {"caregiver_id": "ann"})
        await fixture.pass_s(LEASE_MS / 1000 + 1)
        [(at_s, who)] = after(fixture)
        assert who == "ann"
        assert at_s >= LEASE_MS / 1000
        assert store.fail == {"answer": 0}


@pytest.mark.anyio
async def test_a_store_that_leaves_everything_in_doubt_is_not_asked_without_a_pause() -> None:
    store = FaultyStore()
    with anyio.fail_after(20):
        async with running_service(store) as fixture:
            await fixture.store_agency()
            await fixture.settle()
            store.fail = {"answer": inf}
            await fixture.post("/shifts/mon/fanout")
            before = len(store.batches)
            await fixture.pass_s(10)
            assert len(store.batches) - before < 30
            store.fail = {}
            await fixture.pass_s(2 * LEASE_MS / 1000)
            assert {who for _, who in after(fixture)} == {"ann", "ben", "cat", "dee"}


# --- claims and stops --------------------------------------------------------------------------


@pytest.mark.anyio
async def test_a_claim_withdraws_what_has_not_begun(store: ServiceStore) -> None:
    async with running_service(store, limits=Limits()) as fixture:
        await fixture.store_agency()
        await fixture.start("mon")
        await fixture.pass_s(1)
        assert (await fixture.device("dee").says("yes", shift_id="mon"))["status"] == "claimed"
        await fixture.pass_s(60)
        heard = fixture.hear_all()
        assert len([h for h in heard if h.send.key.startswith("mon:")]) == 2
        assert len([h for h in heard if h.send.key.startswith("answer/")]) == 1
        assert fixture.store.outbox_depth() == (0, None)


@pytest.mark.anyio
async def test_a_failed_send_is_not_tried_again_after_a_claim(store: ServiceStore) -> None:
    async with running_service(store) as fixture:
        await fixture.store_agency()
        fixture.phones.fail[PHONES["ann"]] = [CarrierError("busy")]
        await fixture.start("mon")
        await fixture.settle()
        await fixture.device("dee").says("yes")
        await fixture.pass_s(60)
        assert sorted({who for _, who in after(fixture)}) == ["ben", "cat", "dee"]
        assert [key for _, key, _ in fixture.phones.attempts if key.endswith("ann")] == ["mon:1:0:sms:ann"]


@pytest.mark.anyio
async def test_what_is_under_way_at_a_stop_is_still_marked(store: ServiceStore) -> None:
    answered = anyio.Event()
    async with running_service(store) as fixture:
        await fixture.store_agency()
        fixture.phones.fail[PHONES["ann"]] = [answered]
        await fixture.start("mon")
        await anyio.wait_all_tasks_blocked()
        with anyio.fail_after(20):
            while len(fixture.phones.heard) < 3:
                await anyio.lowlevel.checkpoint()
        fixture.leave()
        answered.set()
    kinds = [entry.event.kind for entry in store.events(0, 100)]
    assert kinds.count("send_started") == kinds.count("sent") == 4


# --- a process that died -----------------------------------------------------------------------


@pytest.mark.anyio
async def test_sends_of_a_dead_process_are_taken_again_at_once_and_counted(store: ServiceStore) -> None:
    agency = Agency(store)
    agency.do(StartFanout("mon"))
    (leased,) = agency.do(Lease(Owner("local", 0), NO_LIMITS, LEASE_MS, 2))
    assert isinstance(leased, Leased)
    begun = {send.caregiver_id for send in leased.sends}
    async with running_service(store) as fixture:
        await fixture.settle()
        heard = fixture.hear_all()
        assert {h.send.caregiver_id for h in heard if h.send.attempt == 2} == begun
        assert {h.send.caregiver_id for h in heard if h.send.attempt == 1} == {
            "ann",
            "ben",
            "cat",
            "dee",
        } - begun
        assert await fixture.metric("fanout_sends_repeated_total") == 2
        assert fixture.clock.now_ms() == BEGIN_MS


@pytest.mark.anyio
@pytest.mark.parametrize("times", [1, 3])
async def test_the_outbox_outlasts_a_store_that_does_not_answer(times: int, log: list[EventDict]) -> None:
    store = FaultyStore()
    Agency(store, policy((0, "sms"))).do(StartFanout("mon"))
    store.fail = {"read": times}
    async with running_service(store) as fixture:
        await fixture.pass_s(10)
        assert {at for at, _ in after(fixture)} == {times * PAUSE_MS / SECOND}
        assert [entry["event"] for entry in log].count("outbox_waits") == times
