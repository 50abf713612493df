"""What every `ServiceStore` must do. Subclass `StoreContract` and say how to make an empty store.

The stories are written by hand, an event at a time, so that only the store can be wrong. At the end anything
may happen to a small agency, and the store must do as the simplest one does.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.commands import (
    Command,
    FanoutResult,
    InboundResult,
    Refused,
    StartFanout,
    Stored,
)
from core.events import (
    Cancelled,
    Claimed,
    Entry,
    Event,
    Exhausted,
    FanoutStarted,
    OffersMade,
    Released,
    Replied,
)
from core.fanout import State, Status, evolve, planned
from core.memory import MemoryStore
from core.model import DEFAULT_POLICY, Channel, Policy, Round, to_ms
from core.offers import DAY_MS, Offer
from core.ports import (
    DEFAULT,
    Attention,
    Changes,
    Conflict,
    DueSends,
    Found,
    Person,
    ReadSet,
    RosterEntry,
    ShiftView,
)
from core.sends import Owner, Send
from service.stores.queries import ServiceStore
from tests.core.agency import (
    BEGIN_MS,
    CLOCK_MS,
    HOUR,
    LEASE_MS,
    MINUTE,
    OWNER,
    POLICIES,
    SHIFT_IDS,
    SHIFTS,
    Agency,
    batches,
    caregiver,
    shift,
)
from tests.core.agency import ROSTER as CAREGIVERS

NewStore = Callable[[], ServiceStore]

NOW = BEGIN_MS
LATER_LIFE = Owner("local", 2)


def entry(id: str, role: str, phone: int) -> RosterEntry:
    return RosterEntry.of(caregiver(id, role, phone))


ROSTER = tuple(map(RosterEntry.of, CAREGIVERS))
RNS = ("dee", "ann", "ben", "cat")
OTHER_POLICY = Policy(rounds=(Round(after_s=0, channel="voice", limit=1),), answer_window_s=60)
PHONE = {person.id: person.phone for person in ROSTER}
ANN = Person("id", "ann")
ANNS_PHONE = Person("phone", PHONE["ann"])


def times(shift_id: str) -> tuple[int, int]:
    [found] = [shift for shift in SHIFTS if shift.id == shift_id]
    return to_ms(found.start_time), to_ms(found.end_time)


def waiting(key: str, channel: Channel = "sms", due_ms: int = NOW, to: str = "ann") -> Send:
    return Send(key, to, channel, "offer", due_ms, text="text", shift_id="mon", generation=1, round=0)


def answer(key: str, due_ms: int = NOW, to: str = "ann") -> Send:
    return Send(key, to, "sms", "answer", due_ms, text="Yours", shift_id="mon", confirms=(3, 5))


def leased(send: Send, at_ms: int = NOW, until_ms: int = NOW + LEASE_MS, owner: Owner = OWNER) -> Send:
    return send.leased(owner, at_ms, until_ms)


def due(
    most: int = 99, under_way: frozenset[str] = frozenset(), rest_ms: int = 0, at_ms: int = NOW
) -> DueSends:
    resting = (at_ms - rest_ms, at_ms + rest_ms)
    return DueSends({"sms": most, "voice": most}, {"sms": resting, "voice": resting}, under_way)


def keys(sends: list[Send]) -> list[str]:
    return [send.key for send in sends]


class StoreDriver:
    """A store with a roster and shifts, and what happens to them."""

    def __init__(self, store: ServiceStore) -> None:
        self.store = store
        self.write(
            people={person.id: person for person in ROSTER},
            shifts={each.id: each for each in SHIFTS},
            policies={DEFAULT: DEFAULT_POLICY},
        )

    def read(self, now_ms: int = NOW, **wanted: Any) -> Found:
        """One read that is a unit of work of its own."""
        found = self.store.read(ReadSet(**wanted), now_ms)
        self.store.abandon()
        return found

    def write(self, **changes: Any) -> None:
        """Commits as the ledger does: after a read."""
        self.store.read(ReadSet(), NOW)
        self.store.commit(Changes(**changes))

    def send(self, *sends: Send) -> None:
        self.write(sends={send.key: send for send in sends})

    def happen(self, shift_id: str | None, *events: Event, **more: Any) -> State | None:
        """Writes events of one shift, or of none, with what else they mean."""
        found = self.store.read(ReadSet(shifts={shift_id} if shift_id else set()), NOW)
        state = found.fanouts[shift_id] if shift_id else None
        entries = []
        for number, event in enumerate(events, found.next_seq):
            if state is not None:
                state = evolve(state, event)
            entries.append(Entry(number, shift_id, state.version if state else None, event))
        fanouts = {shift_id: state} if shift_id and state else {}
        self.store.commit(Changes(entries=entries, fanouts=fanouts, **more))
        return state

    def start(self, shift_id: str, *people: str, at_ms: int = NOW) -> None:
        """Offers the shift to `people`, of whom there may be none."""
        begin_ms, end_ms = times(shift_id)
        role = "CNA" if shift_id == "aide" else "RN"
        self.happen(
            shift_id,
            FanoutStarted(at_ms, role, begin_ms, end_ms, DEFAULT_POLICY),
            OffersMade(at_ms, 0, "sms", people),
            offers={
                (shift_id, person): Offer(shift_id, person, "B", 1, at_ms, at_ms + DAY_MS)
                for person in people
            },
        )

    def give(self, shift_id: str, person: str, at_ms: int = NOW) -> None:
        """Starts the shift's fanout and lets the person accept."""
        self.start(shift_id, person, at_ms=at_ms)
        offer = Offer(shift_id, person, "B", 1, at_ms, at_ms + DAY_MS, answered_ms=at_ms, answer="accept")
        self.happen(shift_id, Claimed(at_ms, person), offers={(shift_id, person): offer})

    def status(self, *sends: str) -> list[str]:
        found = self.read(sends=set(sends)).sends
        return [found[key].status for key in sends]

    def view(self, shift_id: str) -> ShiftView:
        found = self.store.shift(shift_id)
        assert found is not None
        return found


def by_person(found: ShiftView) -> ShiftView:
    """The view with its offers in one order: the port promises none."""
    return replace(found, offers=tuple(sorted(found.offers, key=lambda offer: offer.caregiver_id)))


def everything(store: ServiceStore) -> dict[str, object]:
    """All that can be seen of what was committed."""
    all_shifts = store.list_shifts("", 1000)
    sends = store.read(ReadSet(leased_before=Owner("local", 10**6), due=due(1000)), NOW)
    store.abandon()
    return {
        "roster": store.roster(),
        "shifts": [by_person(found) for found in all_shifts],
        "events": [entry.line() for entry in store.events(0, 10**6)],
        "policies": [store.policy(name) for name in (DEFAULT, "org")],
        "depth": store.outbox_depth(),
        "deadlines": [store.deadlines(NOW + hours * HOUR, 100) for hours in (0, 1, 100)],
        "leased": sorted(sends.sends.values(), key=lambda send: send.key),
        "due": (sends.due, sends.started_ms, sends.next_due_ms),
    }


class StoreContract:
    @pytest.fixture
    def new_store(self) -> NewStore:
        """Makes an empty store at every call."""
        raise NotImplementedError

    @pytest.fixture
    def store(self, new_store: NewStore) -> Iterator[ServiceStore]:
        store = new_store()
        yield store
        store.close()

    @pytest.fixture
    def driver(self, store: ServiceStore) -> StoreDriver:
        return StoreDriver(store)

    # --- reads ---------------------------------------------------------------------------------

    def test_an_empty_store_knows_nothing(self, store: ServiceStore) -> None:
        everybody = {ANN, ANNS_PHONE}
        wanted = ReadSet(
            messages={"m1"}, shifts={"mon"}, people=everybody, offers={(ANN, "mon"), (ANNS_PHONE, "mon")},
            conversations=everybody, holds=everybody, rosters=set(), policies=True,
            sends={"key"}, due=due(), leased_before=LATER_LIFE,
        )  # fmt: skip
        assert store.read(wanted, NOW) == Found(next_seq=1)
        store.abandon()
        assert store.read(ReadSet(rosters={"RN"}), NOW).rosters == {"RN": ()}
        assert (store.roster(), store.list_shifts("", 9), store.events(0, 9)) == ([], [], [])
        assert (store.caregiver("ann"), store.shift("mon"), store.policy(DEFAULT)) == (None, None, None)
        assert (store.deadlines(NOW, 9), store.outbox_depth()) == (([], None), (0, None))

    def test_a_read_numbers_the_next_entry(self, driver: StoreDriver) -> None:
        driver.start("mon")
        assert driver.read().next_seq == driver.store.events(0, 99)[-1].seq + 1 == 3

    def test_shifts_and_people_by_id_and_only_those(self, driver: StoreDriver) -> None:
        found = driver.read(shifts={"mon", "nowhere"}, people={ANN, Person("id", "nobody")})
        assert found == Found(
            1, shifts={"mon": SHIFTS[0]}, fanouts={"mon": planned(SHIFTS[0])}, people={"ann": ROSTER[1]}
        )

    def test_a_phone_leads_to_its_caregiver(self, driver: StoreDriver) -> None:
        found = driver.read(people={ANNS_PHONE, Person("phone", "+100099")})
        assert (found.phones, found.people) == ({PHONE["ann"]: "ann"}, {"ann": ROSTER[1]})

    @pytest.mark.parametrize("person", [ANN, ANNS_PHONE], ids=["by_id", "by_phone"])
    def test_one_persons_offer_of_one_shift(self, driver: StoreDriver, person: Person) -> None:
        driver.start("mon", "ann", "ben")
        driver.start("thu", "ann")
        nobody, nowhere = Person("phone", "+100099"), "nowhere"
        found = driver.read(offers={(person, "mon"), (person, nowhere), (person, "late"), (nobody, "mon")})
        assert found == Found(5, offers={"ann": {"mon": Offer("mon", "ann", "B", 1, NOW, NOW + DAY_MS)}})

    @pytest.mark.parametrize("person", [ANN, ANNS_PHONE], ids=["by_id", "by_phone"])
    def test_what_a_person_holds_that_ends_after_a_time(self, driver: StoreDriver, person: Person) -> None:
        driver.give("mon", "ann")
        driver.give("thu", "ann")
        driver.give("late", "ben")
        end_ms = times("mon")[1]
        before = driver.read(holds={person}, holds_since_ms=end_ms - 1)
        assert before == Found(7 + 3, holds={"ann": {"mon": times("mon"), "thu": times("thu")}})
        after = driver.read(holds={person, Person("id", "cat")}, holds_since_ms=end_ms)
        assert after.holds["ann"] == {"thu": times("thu")}
        assert after.holds.get("cat", {}) == {}

    def test_what_was_given_back_is_not_held(self, driver: StoreDriver) -> None:
        driver.give("mon", "ann")
        driver.happen("mon", Released(NOW, "ann", "coordinator"))
        assert driver.read(holds={ANN}).holds.get("ann", {}) == {}

    @pytest.mark.parametrize(
        ("age_ms", "remembered"), [(-HOUR, True), (0, True), (DAY_MS - 1, True), (DAY_MS, False)]
    )
    def test_a_conversation_is_about_the_offers_whose_codes_still_count(
        self, driver: StoreDriver, age_ms: int, remembered: bool
    ) -> None:
        driver.give("thu", "ann")
        found = driver.read(NOW + age_ms, conversations={ANNS_PHONE})
        assert found.offers.get("ann", {}).keys() == ({"thu"} if remembered else set())
        assert found.shifts.keys() == found.fanouts.keys() == found.offers.get("ann", {}).keys()
        assert (found.people, found.phones) == ({}, {})

    def test_a_roster_is_in_load_order_with_holds_and_conversations(self, driver: StoreDriver) -> None:
        driver.start("thu", *RNS)
        driver.give("late", "cat")
        driver.give("aide", "eve")
        found = driver.read(rosters={"RN", "nobody's"})
        assert found.rosters == {"RN": RNS, "nobody's": ()}
        assert found.people == {person.id: person for person in ROSTER if person.role == "RN"}
        assert {person: offers.keys() for person, offers in found.offers.items()} == {
            "dee": {"thu"}, "ann": {"thu"}, "ben": {"thu"}, "cat": {"thu", "late"},
        }  # fmt: skip
        assert found.holds == {"cat": {"late": times("late")}}
        assert (found.shifts, found.fanouts, found.phones) == ({}, {}, {})
        late = NOW + DAY_MS
        much_later = driver.read(late, rosters={"RN"}, holds_since_ms=late, codes_at_ms=late)
        assert (much_later.offers, much_later.holds) == ({}, {})
        as_they_were = driver.read(late, rosters={"RN"}, holds_since_ms=late, codes_at_ms=late - 1)
        assert (as_they_were.offers.keys(), as_they_were.holds) == (set(RNS), {})

    def test_the_first_answer_is_kept(self, driver: StoreDriver) -> None:
        first = InboundResult("help", None, "ann", "Reply YES or NO")
        driver.write(inbox={"m1": first})
        assert driver.read(messages={"m1", "m2"}).inbox == {"m1": first}

    def test_what_is_done_once_is_kept_with_its_request(self, driver: StoreDriver) -> None:
        done = {
            "k1": (FanoutResult("mon", "released", ("ann",), False, "ann", 2, None, True), 7),
            "k2": (Refused("not_found", "there is no shift x"), 8),
            "k3": (Stored(False), 9),
        }
        driver.write(once=done)
        assert driver.read(once={"k1", "k2", "k3", "k4"}).once == done
        assert driver.read(messages={"k1"}).inbox == {}

    def test_policies_are_read_when_asked_for(self, driver: StoreDriver) -> None:
        driver.write(policies={"org": DEFAULT_POLICY})
        driver.write(policies={"org": OTHER_POLICY})
        assert driver.read().policies == {}
        assert driver.read(policies=True).policies == {DEFAULT: DEFAULT_POLICY, "org": OTHER_POLICY}
        assert (driver.store.policy("org"), driver.store.policy("other")) == (OTHER_POLICY, None)

    def test_what_is_found_may_be_written_on(self, driver: StoreDriver) -> None:
        driver.give("mon", "ann")
        driver.send(waiting("key"))
        wanted: dict[str, Any] = {
            "people": {ANNS_PHONE}, "shifts": {"mon"}, "rosters": {"RN"}, "holds": {ANN}, "policies": True,
            "offers": {(ANN, "mon")}, "sends": {"key"}, "due": due(), "conversations": {ANN},
        }  # fmt: skip
        found, same = driver.read(**wanted), driver.read(**wanted)
        for offers in found.offers.values():
            offers.clear()
        for held in found.holds.values():
            held.clear()
        for part in (
            found.people, found.phones, found.shifts, found.fanouts, found.policies, found.holds,
            found.offers, found.sends, found.due, found.rosters, found.started_ms,
        ):  # fmt: skip
            part.clear()
        assert driver.read(**wanted) == same

    def test_one_unit_of_work_may_read_twice(self, driver: StoreDriver) -> None:
        first = driver.store.read(ReadSet(shifts={"mon"}), NOW)
        second = driver.store.read(ReadSet(rosters={"RN"}), NOW)
        assert (first.next_seq, second.rosters["RN"]) == (second.next_seq, RNS)
        driver.store.commit(Changes(policies={"org": OTHER_POLICY}))
        assert driver.store.policy("org") == OTHER_POLICY

    def test_abandoning_is_harmless_with_and_without_a_read(self, driver: StoreDriver) -> None:
        before = everything(driver.store)
        driver.store.abandon()
        driver.store.read(ReadSet(shifts={"mon"}), NOW)
        driver.store.abandon()
        driver.store.abandon()
        assert everything(driver.store) == before

    # --- what waits to be sent -----------------------------------------------------------------

    def test_a_send_keeps_all_that_it_says(self, driver: StoreDriver) -> None:
        begun = leased(answer("b"))
        sends = (waiting("a"), begun, answer("c").ended("sent", "SM1"), leased(waiting("d")).retried(NOW + 5))
        notice = Send("e", "ann", "sms", "notice", NOW, text="Cancelled")
        driver.send(*sends, notice)
        found = driver.read(sends={"a", "b", "c", "d", "e", "nothing"})
        assert found.sends == {send.key: send for send in (*sends, notice)}
        assert set(found.shifts) == set(found.fanouts) == {"mon"}
        assert (found.people, found.offers) == ({}, {})
        marked = begun.ended("sent", "SM2")
        driver.store.read(ReadSet(sends={"b"}), NOW)
        driver.store.commit(Changes(sends={"b": marked}))
        assert driver.read(sends={"b"}).sends == {"b": marked}

    def test_sends_are_due_in_order_of_channel_priority_and_time(self, driver: StoreDriver) -> None:
        driver.send(
            waiting("d"), waiting("c"), waiting("early", due_ms=NOW - 9), waiting("later", due_ms=NOW + 1),
            answer("answer"), waiting("call", "voice", NOW - 5), waiting("call2", "voice", NOW - 6),
            waiting("sent").ended("sent"), leased(waiting("lost", due_ms=NOW - 99), until_ms=NOW - 3),
            leased(waiting("under way", due_ms=NOW - 99), until_ms=NOW + 5),
        )  # fmt: skip
        found = driver.read(due=due())
        assert keys(found.due) == ["answer", "early", "lost", "d", "c", "call2", "call"]
        assert found.next_due_ms == NOW + 1
        assert set(found.shifts) == set(found.fanouts) == {"mon"}
        assert (found.people, found.sends) == ({}, {})
        few = driver.read(due=DueSends({"sms": 2, "voice": 1}, {}))
        assert keys(few.due) == ["answer", "early", "call2"]
        assert keys(driver.read(due=DueSends({"voice": 9}, {})).due) == ["call2", "call"]
        assert driver.read(NOW + 2, due=due(1)).next_due_ms == NOW + 5
        assert driver.read(NOW + 9, due=due(1)).next_due_ms is None
        assert driver.store.outbox_depth() == (9, NOW - 99)

    def test_a_send_that_is_put_again_keeps_its_place(self, driver: StoreDriver) -> None:
        driver.send(waiting("first"), waiting("second"))
        driver.send(leased(waiting("first")))
        driver.store.read(ReadSet(sends={"first"}), NOW)
        driver.store.commit(Changes(sends={"first": leased(waiting("first")).retried(NOW)}))
        assert keys(driver.read(due=due()).due) == ["first", "second"]

    def test_what_is_under_way_is_not_due_again(self, driver: StoreDriver) -> None:
        driver.send(leased(waiting("a"), until_ms=NOW - 1), leased(waiting("b"), until_ms=NOW - 1))
        assert keys(driver.read(due=due(1, frozenset(("a",)))).due) == ["b"]

    def test_those_who_rest_are_passed_over_on_that_channel(self, driver: StoreDriver) -> None:
        driver.send(
            leased(waiting("1", to="ann"), NOW - 900).ended("sent"),
            leased(waiting("2", to="ben"), NOW - 1_000).ended("sent"),
            leased(waiting("3", "voice", to="dee"), NOW - 10).ended("sent"),
            *(waiting(person, to=person) for person in RNS),
            answer("answer", to="ann"),
        )
        found = driver.read(due=due(rest_ms=1_000))
        assert keys(found.due) == ["dee", "ben", "cat"]
        assert found.resting_ms == {"sms": NOW - 900}
        assert found.started_ms == {"sms": NOW - 1_000, "voice": NOW - 10}
        later = driver.read(NOW + 100, due=due(rest_ms=1_000, at_ms=NOW + 100))
        assert keys(later.due) == ["answer", "dee", "ann", "ben", "cat"]
        assert later.resting_ms == {}

    def test_a_start_ahead_of_a_clock_that_was_set_back_makes_nobody_rest(self, driver: StoreDriver) -> None:
        driver.send(leased(waiting("1"), NOW + HOUR).ended("sent"), waiting("2"))
        assert keys(driver.read(due=due(rest_ms=1_000)).due) == ["2"]
        driver.send(leased(waiting("2"), NOW).ended("sent"), waiting("3"))
        found = driver.read(due=due(rest_ms=1_000))
        assert (found.due, found.started_ms) == ([], {"sms": NOW})

    def test_only_a_new_start_is_the_last_one(self, driver: StoreDriver) -> None:
        first, second = leased(waiting("1"), NOW - 9), leased(waiting("2"), NOW - 5)
        driver.send(first)
        driver.send(second)
        driver.store.read(ReadSet(sends={"1"}), NOW)
        driver.store.commit(Changes(sends={"1": first.ended("sent")}))
        assert driver.read(due=due()).started_ms == {"sms": NOW - 5}

    def test_a_later_life_finds_what_the_earlier_ones_had_leased(self, driver: StoreDriver) -> None:
        mine, lost = leased(waiting("a")), leased(waiting("b"), until_ms=NOW - 9)
        others = leased(waiting("c"), owner=Owner("elsewhere", 1))
        present = leased(waiting("d"), owner=LATER_LIFE)
        driver.send(mine, lost, others, present, waiting("e"), leased(waiting("f")).ended("sent"))
        found = driver.read(leased_before=LATER_LIFE)
        assert found.sends == {"a": mine, "b": lost}
        assert set(found.shifts) == set(found.fanouts) == {"mon"}
        assert driver.read(leased_before=OWNER).sends == {}

    def test_withdrawn_offers_wait_no_more(self, driver: StoreDriver) -> None:
        driver.send(
            waiting("one"), waiting("two")._replace(generation=2), waiting("three")._replace(generation=3),
            leased(waiting("leased")), answer("answer"), waiting("other")._replace(shift_id="thu"),
            waiting("sent").ended("sent"),
        )  # fmt: skip
        driver.write(sends={"fresh": waiting("fresh")}, withdrawn={"mon": 2})
        assert driver.status("one", "two", "fresh") == ["withdrawn"] * 3
        kept = driver.status("three", "leased", "answer", "other", "sent")
        assert kept == ["waiting", "leased", "waiting", "waiting", "sent"]

    # --- commit --------------------------------------------------------------------------------

    def test_a_commit_that_fails_has_written_nothing(self, driver: StoreDriver) -> None:
        driver.start("mon", "ann")
        driver.send(waiting("old"))
        before = everything(driver.store)
        state = driver.view("mon").fanout
        bad = Changes(
            entries=[Entry(1, "mon", 1, Claimed(NOW, "ann")), Entry(2, "new", 1, Cancelled(NOW))],
            people={
                "ann": RosterEntry("ann", "Changed", "RN", "+100055"),
                "new": RosterEntry("new", "N", "RN", "+100066"),
            },
            shifts={"new": shift("new", "RN", 8)},
            policies={"org": OTHER_POLICY},
            fanouts={"mon": state._replace(status=Status.CANCELLED)},
            offers={("mon", "ann"): Offer("mon", "ann", "Z", 1, NOW, NOW + DAY_MS)},
            sends={"new": waiting("new"), "old": leased(waiting("old"))},
            withdrawn={"mon": 9},
            inbox={"m1": InboundResult("help", None, "ann", None)},
            attention=[Attention(NOW, "unknown", "what?", "mon", "ann")],
        )
        driver.store.read(ReadSet(shifts={"mon"}, offers={(ANN, "mon")}, sends={"old"}), NOW)
        with pytest.raises(Conflict):
            driver.store.commit(bad)
        assert everything(driver.store) == before
        found = driver.read(
            messages={"m1"}, shifts={"new"}, offers={(ANN, "mon")}, people={Person("phone", "+100066")}
        )
        assert found == Found(3, offers={"ann": {"mon": Offer("mon", "ann", "B", 1, NOW, NOW + DAY_MS)}})
        driver.happen("mon", Cancelled(NOW))
        assert driver.view("mon").fanout.status is Status.CANCELLED

    def test_a_commit_carries_whatever_belongs_together(self, driver: StoreDriver) -> None:
        """People and shifts with what happens to them at once: none of them need be there before."""
        new, friday = entry("gus", "RN", 7), shift("fri", "RN", 100)
        state = planned(friday)
        entries: list[Entry] = []
        for event in (
            FanoutStarted(NOW, "RN", state.start_ms, state.end_ms, OTHER_POLICY),
            Claimed(NOW, "gus"),
        ):
            state = evolve(state, event)
            entries.append(Entry(len(entries) + 1, "fri", state.version, event))
        offer = Offer("fri", "gus", "C", 1, NOW, NOW + DAY_MS, NOW, None, NOW, "accept")
        item = Attention(NOW, "unknown", "where is it?", "fri", "gus")
        driver.write(
            people={"gus": new}, shifts={"fri": friday}, entries=entries, fanouts={"fri": state},
            offers={("fri", "gus"): offer}, attention=[item],
        )  # fmt: skip
        assert driver.view("fri") == ShiftView(friday, state, (offer,), (replace(item, number=1),))
        found = driver.read(conversations={Person("phone", new.phone)}, holds={Person("id", "gus")})
        assert found.offers == {"gus": {"fri": offer}}
        assert found.holds == {"gus": {"fri": (state.start_ms, state.end_ms)}}

    def test_a_state_is_read_as_it_was_written(self, driver: StoreDriver) -> None:
        driver.start("mon", "ann", "ben")
        for event in (
            Replied(NOW + 1, "ben", "decline", "declined"), Exhausted(NOW + 2), Claimed(NOW + 3, "ann"),
            Replied(NOW + 4, "ben", "accept", "already_claimed"), Released(NOW + 5, "ann", "caregiver"),
            OffersMade(NOW + 6, 0, "voice", ("cat",)), Claimed(NOW + 7, "cat"), Cancelled(NOW + 8),
        ):  # fmt: skip
            state = driver.happen("mon", event)
            assert state == driver.view("mon").fanout == driver.read(shifts={"mon"}).fanouts["mon"]

    def test_an_offer_is_read_as_it_was_written(self, driver: StoreDriver) -> None:
        driver.start("mon", "ann", "ben")
        made = Offer("mon", "ann", "B", 1, NOW, NOW + DAY_MS)
        for offer in (
            made._replace(sent_ms=NOW + 1),
            made._replace(sent_ms=NOW + 1, helped_ms=NOW + 2),
            made._replace(sent_ms=NOW + 1, helped_ms=NOW + 2).answered("decline", NOW + 3),
            made._replace(sent_ms=NOW + 1, helped_ms=NOW + 2).answered("accept", NOW + 4),
            Offer("mon", "ann", "C", 2, NOW + 5, NOW + 2 * DAY_MS, helped_ms=NOW + 2),
        ):
            driver.write(offers={("mon", "ann"): offer})
            assert driver.read(offers={(ANN, "mon")}).offers == {"ann": {"mon": offer}}
            assert {each.caregiver_id: each for each in driver.view("mon").offers}["ann"] == offer
        assert driver.read(NOW + DAY_MS, conversations={ANN}).offers == {"ann": {"mon": offer}}

    def test_an_upsert_keeps_the_place_in_the_roster(self, driver: StoreDriver) -> None:
        changed = RosterEntry("ann", "Ann", "CNA", "+100077", True, NOW, NOW + 1)
        driver.write(people={"ann": changed})
        driver.write(people={"gus": entry("gus", "RN", 7)})
        found = driver.store.roster()
        assert [person.id for person in found] == [*(person.id for person in ROSTER), "gus"]
        assert found[1] == driver.store.caregiver("ann") == changed
        assert driver.read(rosters={"CNA"}).rosters == {"CNA": ("ann", "eve", "fay")}
        opted_in = replace(changed, opted_out=False, last_asked_ms=None)
        driver.write(people={"ann": opted_in})
        assert driver.store.caregiver("ann") == driver.read(people={ANN}).people["ann"] == opted_in

    def test_a_phone_can_move_to_somebody_else(self, driver: StoreDriver) -> None:
        phones = {Person("phone", number) for number in ("+10001", "+10002", "+100077")}
        driver.write(people={"ann": entry("ann", "RN", 2), "ben": entry("ben", "RN", 1)})
        assert driver.read(people=phones).phones == {"+10001": "ben", "+10002": "ann"}
        driver.write(people={"ann": entry("ann", "RN", 77)})
        driver.write(people={"gus": entry("gus", "RN", 2)})
        assert driver.read(people=phones).phones == {"+10001": "ben", "+10002": "gus", "+100077": "ann"}

    def test_a_shift_is_replaced_before_it_is_started(self, driver: StoreDriver) -> None:
        moved = shift("mon", "RN", 14, location="Ward 3")
        assert driver.read(shifts={"mon"}).fanouts["mon"].start_ms == times("mon")[0]
        driver.write(shifts={"mon": moved})
        assert driver.view("mon") == ShiftView(moved, planned(moved), ())
        found = driver.read(shifts={"mon"})
        assert (found.shifts["mon"], found.fanouts["mon"]) == (moved, planned(moved))

    def test_what_waits_for_attention_is_numbered_and_told_newest_first(self, driver: StoreDriver) -> None:
        first = Attention(NOW, "unknown", "where?", "mon", "ann")
        second = Attention(NOW + 1, "unknown_number", "hello", phone="+1999")
        third = Attention(NOW + 2, "released", "sorry", "mon", "ben")
        driver.write(attention=[first, second])
        driver.write(attention=[third])
        one, two, three = (replace(item, number=n) for n, item in enumerate((first, second, third), 1))
        assert driver.store.attention(10**9, 9) == [three, two, one]
        assert driver.store.attention(3, 1) == [two]
        assert driver.view("mon").attention == (one, three)
        assert driver.view("thu").attention == ()
        assert driver.read(attention={2, 7}).attention == {2: two}

    def test_what_has_been_seen_to_waits_no_longer(self, driver: StoreDriver) -> None:
        driver.write(attention=[Attention(NOW, "unknown", f"{n}", "mon", "ann") for n in range(2)])
        [item] = driver.read(attention={1}).attention.values()
        done = replace(item, done_ms=NOW + 5, done_by="Dana")
        driver.write(done={1: done})
        assert [waits.number for waits in driver.store.attention(10**9, 9)] == [2]
        assert driver.store.attention(10**9, 9, done=True) == [done]
        assert driver.view("mon").attention[0] == done

    def test_old_attention_goes_unless_its_shift_ended_later(self, driver: StoreDriver) -> None:
        driver.start("mon", "ann")
        driver.start("thu", "ann")
        about = ("mon", "thu", "aide", None)
        driver.write(
            attention=[Attention(NOW, "unknown", f"{n}", shift_id) for n, shift_id in enumerate(about)]
        )
        end_ms = times("mon")[1]
        driver.write(attention=[Attention(end_ms, "unknown", "new")], forget_ms=NOW)
        assert len(driver.store.attention(10**9, 9)) == 5
        driver.write(attention=[Attention(end_ms + 1, "unknown", "newer")], forget_ms=end_ms + 1)
        assert [item.text for item in driver.store.attention(10**9, 9)] == ["newer", "2", "1"]
        driver.write(attention=[Attention(end_ms + 2, "unknown", "newest")])
        assert driver.store.attention(10**9, 1)[0].number == 7

    def test_consent_stays_with_the_phone(self, driver: StoreDriver) -> None:
        ben = Person("phone", PHONE["ben"])
        ann = replace(ROSTER[1], opted_out=True)
        driver.write(people={"ann": ann}, consents={ann.phone: True, "+1999": True})
        nobodys = Person("phone", "+1999")
        assert driver.read(people={ANNS_PHONE, ben, nobodys}).opted_out == {ann.phone, "+1999"}
        driver.write(people={"ann": replace(ann, phone="+100077", phone_since_ms=NOW, opted_out=False)})
        driver.write(consents={"+1999": False})
        found = driver.read(people={ANN, ANNS_PHONE, nobodys})
        assert found.opted_out == {ann.phone}
        assert (found.people["ann"].opted_out, found.people["ann"].phone_since_ms) == (False, NOW)

    # --- queries -------------------------------------------------------------------------------

    def test_deadlines_come_in_order(self, driver: StoreDriver) -> None:
        store = driver.store
        assert store.deadlines(NOW + 99 * HOUR, 9) == ([], None)
        driver.start("thu", "ann")
        driver.start("mon", "ann")
        driver.start("late", "ann", at_ms=NOW + MINUTE)
        first, second = NOW + 10 * MINUTE, NOW + 11 * MINUTE
        assert store.deadlines(first - 1, 9) == ([], first)
        assert store.deadlines(first, 9) == (["mon", "thu"], second)
        assert store.deadlines(second, 9) == (["mon", "thu", "late"], None)
        assert store.deadlines(second, 1) == (["mon"], None)
        driver.happen("mon", Cancelled(NOW))
        assert store.deadlines(first, 9) == (["thu"], second)

    def test_a_decline_may_bring_the_next_deadline_forward(self, driver: StoreDriver) -> None:
        driver.start("mon", "ann")
        driver.happen("mon", Replied(NOW + 5, "ann", "decline", "declined"))
        assert driver.store.deadlines(NOW + 5, 9) == (["mon"], None)

    def test_events_are_read_in_pages(self, driver: StoreDriver) -> None:
        driver.start("mon")
        driver.happen(None, Replied(NOW, "ann", "help", "help"))
        driver.start("thu")
        driver.happen("mon", Cancelled(NOW))
        store = driver.store
        everyone = store.events(0, 99)
        assert [each.seq for each in everyone] == list(range(1, 7))
        assert (everyone[2].shift_id, everyone[2].version) == (None, None)
        assert everyone[2].event == Replied(NOW, "ann", "help", "help")
        assert [*store.events(0, 4), *store.events(4, 4)] == everyone
        of_mon = [each for each in everyone if each.shift_id == "mon"]
        assert [each.version for each in of_mon] == [1, 2, 3]
        assert store.events(0, 99, "mon") == of_mon
        assert store.events(of_mon[0].seq, 1, "mon") == of_mon[1:2]
        assert store.events(6, 9) == store.events(99, 9) == store.events(0, 9, "nowhere") == []

    def test_shifts_are_read_in_pages_and_by_status(self, driver: StoreDriver) -> None:
        driver.start("mon")
        driver.start("late")
        driver.happen("late", Cancelled(NOW))
        store = driver.store

        def ids(after_id: str, most: int, status: Status | None = None) -> list[str]:
            return [found.shift.id for found in store.list_shifts(after_id, most, status)]

        assert ids("", 9) == ["aide", "late", "mon", "thu"]
        assert [ids("", 2), ids("late", 2), ids("thu", 2)] == [["aide", "late"], ["mon", "thu"], []]
        assert ids("", 9, Status.PLANNED) == ["aide", "thu"]
        assert ids("aide", 9, Status.PLANNED) == ["thu"]
        assert [ids("", 9, status) for status in (Status.OPEN, Status.CANCELLED)] == [["mon"], ["late"]]
        assert store.list_shifts("late", 1) == [store.shift("mon")]

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
