"""What every `core.ports.Store` must do. Subclass `StoreContract` and say how to make an empty store."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.commands import (
    AssignShift,
    CancelShift,
    Command,
    Inbound,
    InboundResult,
    Lease,
    Load,
    PutCaregiver,
    PutPolicy,
    PutShift,
    ReleaseShift,
    StartFanout,
    TickShift,
)
from core.desk import keys
from core.events import Claimed, Entry, Replied
from core.fanout import Status, planned
from core.memory import MemoryStore
from core.model import Channel, LoadFile
from core.offers import DAY_MS, Offer
from core.ports import DEFAULT, Changes, Keys, Member, ShiftView, Snapshot, Store
from core.sends import Limits, Pace, Send
from tests.core.agency import (
    BEGIN_MS,
    CLOCK_MS,
    HOUR,
    LEASE_MS,
    MINUTE,
    POLICIES,
    ROSTER,
    SECOND,
    SHIFT_IDS,
    SHIFTS,
    Agency,
    batches,
    caregiver,
    shift,
)

NewStore = Callable[[], Store]
RNS = ("dee", "ann", "ben", "cat")
PHONE = {person.id: person.phone for person in ROSTER}
NOW = BEGIN_MS


def write(store: Store, changes: Changes) -> None:
    """Commits as the ledger does: after a snapshot."""
    store.snapshot(Keys(), NOW)
    store.commit(changes)


def waiting(key: str, channel: Channel = "sms", due_ms: int = NOW, answer: bool = False) -> Send:
    purpose, generation = ("answer", 0) if answer else ("offer", 1)
    return Send(key, "ann", channel, purpose, "text", due_ms, "mon", generation)  # type: ignore[arg-type]


def status_of(store: Store, *sends: str) -> list[str]:
    found = store.snapshot(Keys(sends=set(sends)), NOW).sends
    return [found[key].status for key in sends]


def view(store: Store, shift_id: str) -> ShiftView:
    found = store.shift(shift_id)
    assert found is not None
    return found


def by_person(found: ShiftView) -> ShiftView:
    """The view with its offers in one order: the port promises none."""
    return replace(found, offers=tuple(sorted(found.offers, key=lambda offer: offer.caregiver_id)))


def everything(store: Store) -> dict[str, object]:
    """All that readers can see."""
    shifts = store.list_shifts("", 1000)
    sends = store.snapshot(Keys(leased=True, most_waiting=1000), NOW)
    return {
        "members": store.roster(),
        "shifts": [by_person(found) for found in shifts],
        "events": [entry.line() for entry in store.events(0, 10**6)],
        "policies": [store.policy(name) for name in (DEFAULT, "org")],
        "depth": store.outbox_depth(),
        "due": [store.due(NOW + hours * HOUR, 100) for hours in (0, 1, 100)],
        "leased": sorted(sends.sends.values()),
        "waiting": sends.waiting,
    }


class StoreContract:
    refuses: type[Exception]
    """What a commit raises that would number an entry twice."""

    @pytest.fixture
    def new_store(self) -> NewStore:
        """Makes an empty store at every call."""
        raise NotImplementedError

    @pytest.fixture
    def store(self, new_store: NewStore) -> Iterator[Store]:
        store = new_store()
        yield store
        store.close()

    @pytest.fixture
    def agency(self, store: Store) -> Agency:
        return Agency(store)

    # --- snapshots -----------------------------------------------------------------------------

    def test_an_empty_store_knows_nothing(self, store: Store) -> None:
        everybody = Keys(
            messages={"m1"}, shifts={"mon"}, members={"ann"}, phones={"+10001"}, assigned={("ann", "mon")},
            pairs={("+10001", "mon")}, conversations={"+10001"}, leavers={"+10001"}, rosters={"mon"},
            roster_phones={"+10001"}, policies=True, sends={"key"}, most_waiting=9, leased=True,
        )  # fmt: skip
        assert store.snapshot(everybody, NOW) == Snapshot(next_seq=1)
        assert (store.roster(), store.list_shifts("", 9), store.events(0, 9)) == ([], [], [])
        assert (store.caregiver("ann"), store.shift("mon"), store.policy(DEFAULT)) == (None, None, None)
        assert (store.due(NOW, 9), store.outbox_depth()) == (([], None), (0, None))

    def test_a_snapshot_numbers_the_next_entry(self, agency: Agency) -> None:
        agency.do(StartFanout("mon"))
        last = agency.store.events(0, 99)[-1].seq
        assert agency.store.snapshot(Keys(), NOW).next_seq == last + 1

    def test_shifts_and_members_by_id_and_only_those(self, agency: Agency) -> None:
        found = agency.store.snapshot(Keys(shifts={"mon", "nowhere"}, members={"ann", "nobody"}), NOW)
        assert found.shifts == {"mon": SHIFTS[0]}
        assert found.fanouts == {"mon": planned(SHIFTS[0])}
        assert found.members == {"ann": Member.of(ROSTER[1])}
        assert (found.rosters, found.ready, found.policies, found.waiting) == ({}, set(), {}, [])

    def test_a_phone_leads_to_its_caregiver(self, agency: Agency) -> None:
        found = agency.store.snapshot(Keys(phones={PHONE["ann"], "+100099"}), NOW)
        assert found.phones == {PHONE["ann"]: "ann"}
        assert found.members == {"ann": Member.of(ROSTER[1])}

    def test_a_pair_leads_to_its_offer_and_what_overlaps(self, agency: Agency) -> None:
        agency.do(
            StartFanout("mon"), StartFanout("thu"), AssignShift("late", "ann"), AssignShift("aide", "eve")
        )
        phone = PHONE["ann"]
        found = agency.store.snapshot(Keys(phones={phone}, pairs={(phone, "mon"), (phone, "nowhere")}), NOW)
        assert found.offers["ann"].keys() == {"mon"}
        assert found.holds["ann"] == {"late": (NOW + 12 * HOUR, NOW + 20 * HOUR)}
        assert {"mon", "late"} <= found.shifts.keys() == found.fanouts.keys()

    def test_shifts_that_touch_do_not_overlap(self, agency: Agency) -> None:
        agency.do(PutShift(shift("next", "RN", 16)))
        agency.do(AssignShift("mon", "ann"))
        found = agency.store.snapshot(Keys(members={"ann"}, shifts={"next"}, assigned={("ann", "next")}), NOW)
        assert found.holds.get("ann", {}) == {}
        unknown = {("nobody", "late"), ("ann", "nowhere")}
        found = agency.store.snapshot(Keys(assigned={("ann", "late"), *unknown}, shifts={"late"}), NOW)
        assert found.holds["ann"].keys() == {"mon"}

    @pytest.mark.parametrize(
        ("age_ms", "remembered"), [(-HOUR, True), (0, True), (DAY_MS - 1, True), (DAY_MS, False)]
    )
    def test_a_conversation_is_about_the_offers_of_a_day(
        self, agency: Agency, age_ms: int, remembered: bool
    ) -> None:
        agency.do(StartFanout("thu"))
        phone = PHONE["ann"]
        talk = Keys(phones={phone}, conversations={phone})
        found = agency.store.snapshot(talk, NOW + age_ms)
        assert found.offers.get("ann", {}).keys() == ({"thu"} if remembered else set())
        assert found.shifts.keys() == found.offers.get("ann", {}).keys()

    def test_a_conversation_is_about_shifts_held_until_they_end(self, agency: Agency) -> None:
        agency.do(AssignShift("thu", "ann"), AssignShift("mon", "dee"))
        phone = PHONE["ann"]
        talk = Keys(phones={phone}, conversations={phone})
        assert agency.store.snapshot(talk, NOW + 88 * HOUR - 1).offers["ann"].keys() == {"thu"}
        assert agency.store.snapshot(talk, NOW + 88 * HOUR).offers.get("ann", {}) == {}

    def test_who_leaves_leaves_all_open_shifts(self, agency: Agency) -> None:
        agency.do(StartFanout("thu"), StartFanout("mon"), CancelShift("mon"))
        phone, later = PHONE["ann"], NOW + 30 * HOUR
        leave = Keys(phones={phone}, conversations={phone}, leavers={phone}, roster_phones={phone})
        found = agency.store.snapshot(leave, later)
        assert (set(found.offers["ann"]), found.ready) == ({"thu"}, {"thu"})

    def test_a_roster_is_in_load_order_with_all_its_recent_offers(self, agency: Agency) -> None:
        agency.do(StartFanout("thu"), AssignShift("late", "cat"))
        found = agency.store.snapshot(Keys(rosters={"mon", "nowhere"}), NOW)
        assert (found.ready, found.rosters) == ({"mon"}, {"RN": RNS})
        assert found.members.keys() >= set(RNS)
        assert {person: offers.keys() for person, offers in found.offers.items()} == {
            "dee": {"thu"}, "ann": {"thu"}, "ben": {"thu"}, "cat": {"thu", "late"},
        }  # fmt: skip
        assert found.holds == {"cat": {"late": (NOW + 12 * HOUR, NOW + 20 * HOUR)}}

    def test_a_shift_that_is_due_brings_its_roster(self, agency: Agency) -> None:
        agency.do(StartFanout("mon"))
        just_before = agency.store.snapshot(Keys(shifts={"mon"}), NOW + 600 * SECOND - 1)
        assert (just_before.ready, just_before.rosters) == (set(), {})
        due = agency.store.snapshot(Keys(shifts={"mon", "thu"}), NOW + 600 * SECOND)
        assert (due.ready, due.rosters) == ({"mon"}, {"RN": RNS})

    def test_roster_phones_ask_for_the_rosters_of_what_they_touch(self, agency: Agency) -> None:
        agency.do(StartFanout("mon"))
        phone = PHONE["ann"]
        named = Keys(phones={phone}, pairs={(phone, "thu")}, roster_phones={phone})
        assert agency.store.snapshot(named, NOW).ready == {"thu"}
        talk = Keys(phones={phone}, conversations={phone}, roster_phones={phone})
        assert agency.store.snapshot(talk, NOW).ready == {"mon"}
        assert agency.store.snapshot(replace(talk, roster_phones=set()), NOW).ready == set()

    def test_a_send_brings_its_shift_and_its_caregiver(self, agency: Agency) -> None:
        agency.do(StartFanout("mon"))
        key = "mon:1:0:sms:ann"
        found = agency.store.snapshot(Keys(sends={key, "nothing"}), NOW)
        assert found.sends.keys() == {key}
        assert (set(found.members), set(found.shifts)) == ({"ann"}, {"mon"})
        assert found.offers["ann"]["mon"].code == "B"

    def test_the_first_answer_is_kept(self, agency: Agency) -> None:
        [first] = agency.do(Inbound(PHONE["ann"], "hello?", message_id="m1"))
        assert isinstance(first, InboundResult)
        assert agency.store.snapshot(Keys(messages={"m1", "m2"}), NOW).inbox == {"m1": first}

    def test_policies_are_read_when_asked_for(self, agency: Agency) -> None:
        agency.do(PutPolicy("org", POLICIES[1]))
        assert agency.store.snapshot(Keys(policies=True), NOW).policies == {
            DEFAULT: POLICIES[0], "org": POLICIES[1],
        }  # fmt: skip
        agency.do(PutPolicy("org", POLICIES[2]))
        assert agency.store.policy("org") == POLICIES[2]
        assert agency.store.policy("other") is None

    def test_a_snapshot_may_be_written_on(self, agency: Agency) -> None:
        agency.do(StartFanout("mon"))
        before = everything(agency.store)
        found = agency.store.snapshot(keys([StartFanout("mon"), Inbound(PHONE["ann"], "yes")]), NOW)
        found.offers.clear()
        for part in (found.members, found.phones, found.shifts, found.fanouts, found.policies, found.holds):
            part.clear()
        assert everything(agency.store) == before

    # --- what waits to be sent -----------------------------------------------------------------

    def test_sends_wait_in_order_of_priority_and_time_by_channel(self, agency: Agency) -> None:
        sends = [
            waiting("d"), waiting("c"), waiting("early", due_ms=NOW - 9), waiting("later", due_ms=NOW + 1),
            waiting("answer", answer=True), waiting("call", "voice", NOW - 5),
            waiting("call2", "voice", NOW - 6), waiting("sent").ended("sent"),
            waiting("lost", due_ms=NOW - 99).leased(NOW - 3),
            waiting("under way", due_ms=NOW - 99).leased(NOW + 5),
        ]  # fmt: skip
        write(agency.store, Changes(sends={send.key: send for send in sends}))
        found = agency.store.snapshot(Keys(most_waiting=9), NOW)
        order = [send.key for send in found.waiting]
        assert order == ["answer", "early", "lost", "d", "c", "call2", "call"]
        assert found.next_send_ms == NOW + 1
        assert (set(found.members), set(found.shifts)) == ({"ann"}, {"mon"})
        few = agency.store.snapshot(Keys(most_waiting=2), NOW)
        assert [send.key for send in few.waiting] == ["answer", "early", "call2", "call"]
        assert agency.store.snapshot(Keys(most_waiting=1), NOW + 2).next_send_ms == NOW + 5
        assert agency.store.snapshot(Keys(most_waiting=1), NOW + 9).next_send_ms is None
        assert agency.store.outbox_depth() == (9, NOW - 99)

    def test_leased_sends_are_found_whatever_their_lease(self, agency: Agency) -> None:
        leased, lost = waiting("a").leased(NOW + 9), waiting("b").leased(NOW - 9)
        write(agency.store, Changes(sends={"a": leased, "b": lost, "c": waiting("c")}))
        assert agency.store.snapshot(Keys(leased=True), NOW).sends == {"a": leased, "b": lost}

    def test_withdrawn_offers_wait_no_more(self, agency: Agency) -> None:
        sends = [
            waiting("one"), waiting("two")._replace(generation=2), waiting("three")._replace(generation=3),
            waiting("leased").leased(NOW + 9), waiting("answer", answer=True),
            waiting("other")._replace(shift_id="thu"), waiting("sent").ended("sent"),
        ]  # fmt: skip
        write(agency.store, Changes(sends={send.key: send for send in sends}))
        fresh = waiting("fresh")
        write(agency.store, Changes(sends={"fresh": fresh}, withdrawn={"mon": 2}))
        withdrawn = status_of(agency.store, "one", "two", "fresh")
        assert withdrawn == ["withdrawn"] * 3
        kept = status_of(agency.store, "three", "leased", "answer", "other", "sent")
        assert kept == ["waiting", "leased", "waiting", "waiting", "sent"]

    # --- commit --------------------------------------------------------------------------------

    def test_a_commit_that_fails_has_written_nothing(self, agency: Agency) -> None:
        agency.do(StartFanout("mon"))
        before = everything(agency.store)
        state = view(agency.store, "mon").fanout
        taken = Entry(1, "mon", 1, Claimed(NOW, "ann"))
        bad = Changes(
            entries=[taken],
            members={
                "ann": Member("ann", "Changed", "RN", "+100055"),
                "new": Member("new", "N", "RN", "+100066"),
            },
            shifts={"new": shift("new", "RN", 8)},
            policies={"org": POLICIES[2]},
            fanouts={"mon": state._replace(status=Status.CANCELLED)},
            offers={("mon", "ann"): Offer("mon", "ann", "Z", 1, NOW)},
            sends={"new": waiting("new")},
            withdrawn={"mon": 9},
            inbox={"m1": InboundResult("help", None, "ann", None)},
        )
        agency.store.snapshot(Keys(shifts={"mon"}), NOW)
        with pytest.raises(self.refuses):
            agency.store.commit(bad)
        assert everything(agency.store) == before
        assert agency.store.snapshot(Keys(messages={"m1"}), NOW).inbox == {}
        agency.do(CancelShift("mon"))
        assert view(agency.store, "mon").fanout.status is Status.CANCELLED

    def test_an_upsert_keeps_the_place_in_the_roster(self, agency: Agency) -> None:
        agency.do(Inbound(PHONE["ann"], "stop"))
        agency.do(PutCaregiver(caregiver("ann", "CNA", 77)))
        agency.do(PutCaregiver(caregiver("gus", "RN", 7)))
        members = agency.store.roster()
        assert [member.id for member in members] == [*(person.id for person in ROSTER), "gus"]
        changed = Member("ann", "Ann", "CNA", "+100077", opted_out=True)
        assert members[1] == agency.store.caregiver("ann") == changed
        assert agency.store.snapshot(Keys(rosters={"aide"}), NOW).rosters == {"CNA": ("ann", "eve", "fay")}

    def test_a_phone_can_move_to_somebody_else(self, agency: Agency) -> None:
        ann, ben = caregiver("ann", "RN", 2), caregiver("ben", "RN", 1)
        agency.do(PutCaregiver(caregiver("ann", "RN", 77)))
        agency.do(PutCaregiver(ben))
        found = agency.store.snapshot(Keys(phones={"+10001", "+10002", "+100077"}), NOW)
        assert found.phones == {"+10001": "ben", "+100077": "ann"}
        agency.do(PutCaregiver(caregiver("ben", "RN", 2)))
        swapped = {"ann": Member.of(ann), "ben": Member.of(ben)}
        write(agency.store, Changes(members=swapped))
        found = agency.store.snapshot(Keys(phones={"+10001", "+10002", "+100077"}), NOW)
        assert found.phones == {"+10001": "ben", "+10002": "ann"}

    def test_a_file_can_hand_a_phone_on(self, agency: Agency) -> None:
        file = LoadFile(caregivers=(caregiver("ann", "RN", 77), caregiver("gus", "RN", 1)))
        agency.do(Load(file))
        assert agency.store.snapshot(Keys(phones={"+10001", "+100077"}), NOW).phones == {
            "+10001": "gus", "+100077": "ann",
        }  # fmt: skip

    def test_a_shift_is_replaced_before_it_is_started(self, agency: Agency) -> None:
        moved = shift("mon", "RN", 14, location="Ward 3")
        agency.do(PutShift(moved))
        assert view(agency.store, "mon") == ShiftView(moved, planned(moved), ())

    # --- readers -------------------------------------------------------------------------------

    def test_deadlines_come_due_in_order(self, agency: Agency) -> None:
        store = agency.store
        assert store.due(NOW + 99 * HOUR, 9) == ([], None)
        agency.do(StartFanout("thu"), StartFanout("mon"))
        agency.now_ms += MINUTE
        agency.do(StartFanout("late"))
        first, second = NOW + 10 * MINUTE, NOW + 11 * MINUTE
        assert store.due(first - 1, 9) == ([], first)
        assert store.due(first, 9) == (["mon", "thu"], second)
        assert store.due(second, 9) == (["mon", "thu", "late"], None)
        assert store.due(second, 1) == (["mon"], None)
        agency.do(CancelShift("mon"))
        assert store.due(first, 9) == (["thu"], second)

    def test_the_end_of_a_shift_is_its_last_deadline(self, agency: Agency) -> None:
        agency.do(StartFanout("mon"))
        for later, deadline in ((10 * MINUTE, 20 * MINUTE), (20 * MINUTE, 16 * HOUR), (16 * HOUR, None)):
            agency.now_ms = NOW + later
            agency.do(TickShift("mon"))
            assert agency.store.due(agency.now_ms, 9) == ([], None if deadline is None else NOW + deadline)

    def test_events_are_read_in_pages(self, agency: Agency) -> None:
        agency.do(StartFanout("mon"), Inbound(PHONE["ann"], "help"), StartFanout("thu"), CancelShift("mon"))
        store = agency.store
        everyone = store.events(0, 99)
        assert [entry.seq for entry in everyone] == list(range(1, 7))
        assert everyone[2].shift_id is None
        assert everyone[2].event == Replied(NOW, "ann", "help", "help")
        assert [*store.events(0, 4), *store.events(4, 4)] == everyone
        of_mon = [entry for entry in everyone if entry.shift_id == "mon"]
        assert [entry.version for entry in of_mon] == [1, 2, 3]
        assert store.events(0, 99, "mon") == of_mon
        assert store.events(of_mon[0].seq, 1, "mon") == of_mon[1:2]
        assert store.events(6, 9) == store.events(99, 9) == store.events(0, 9, "nowhere") == []

    def test_shifts_are_read_in_pages_and_by_status(self, agency: Agency) -> None:
        agency.do(StartFanout("mon"), CancelShift("late"))
        store = agency.store

        def ids(after_id: str, most: int, status: Status | None = None) -> list[str]:
            return [found.shift.id for found in store.list_shifts(after_id, most, status)]

        assert ids("", 9) == ["aide", "late", "mon", "thu"]
        assert [ids("", 2), ids("late", 2), ids("thu", 2)] == [["aide", "late"], ["mon", "thu"], []]
        assert ids("", 9, Status.PLANNED) == ["aide", "thu"]
        assert ids("aide", 9, Status.PLANNED) == ["thu"]
        assert [ids("", 9, status) for status in (Status.OPEN, Status.CANCELLED)] == [["mon"], ["late"]]
        assert store.list_shifts("late", 1) == [store.shift("mon")]

    def test_a_view_has_the_offers_with_the_fanout(self, agency: Agency) -> None:
        agency.do(StartFanout("mon"))
        agency.do(Lease(Pace(), Limits(0, 0, 0, 0), LEASE_MS, 1))
        agency.do(Inbound(PHONE["ben"], "yes B"))
        found = view(agency.store, "mon")
        assert (found.fanout.holder, found.fanout.since_ms) == ("ben", NOW)
        assert set(found.offers) == {
            Offer("mon", "dee", "B", 1, NOW, sent_ms=NOW), Offer("mon", "ann", "B", 1, NOW),
            Offer("mon", "ben", "B", 1, NOW, answered_ms=NOW, answer="accept"),
            Offer("mon", "cat", "B", 1, NOW),
        }  # fmt: skip
        agency.do(ReleaseShift("mon"))
        assert view(agency.store, "mon").fanout.generation == 2

    # --- against the simplest store ------------------------------------------------------------

    @settings(max_examples=25, deadline=None, suppress_health_check=[*HealthCheck])
    @given(data=st.data())
    def test_it_cannot_be_told_from_the_simplest_store(
        self, new_store: NewStore, data: st.DataObject
    ) -> None:
        policy = data.draw(st.sampled_from(POLICIES), "policy")
        plain, other = Agency(MemoryStore(), policy), Agency(new_store(), policy)
        batch: list[Command] = [StartFanout(shift_id) for shift_id in SHIFT_IDS]
        try:
            for _ in range(data.draw(st.integers(1, 15), "length")):
                seen = len(plain.journal())
                assert other.do(*batch) == plain.do(*batch)
                assert other.store.events(seen, 10**6) == plain.store.events(seen, 10**6)
                assert everything(other.store) == everything(plain.store)
                plain.now_ms = other.now_ms = plain.now_ms + data.draw(CLOCK_MS, "clock")
                batch = data.draw(batches(plain), "batch")
        finally:
            other.store.close()
