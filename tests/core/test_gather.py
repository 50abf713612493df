"""What a batch reads: as little as it can, and never less than it needs."""

import pytest

from core.commands import AssignShift, Command, Lease, MarkSent, StartFanout, TickShift
from core.gather import gather
from core.ports import Found, Person, ReadSet
from service.stores.queries import ServiceStore
from tests.core.agency import LEASE_MS, NO_LIMITS, OWNER
from tests.core.playbook import AgencyScenario, at, one_offer, two_offers


class Reads:
    """A store that remembers what it was asked to read."""

    def __init__(self, store: ServiceStore) -> None:
        self.store = store
        self.wanted: list[ReadSet] = []

    def read(self, wanted: ReadSet, now_ms: int) -> Found:
        self.wanted.append(wanted)
        return self.store.read(wanted, now_ms)


def reads(office: AgencyScenario, when: str, *commands: Command) -> list[ReadSet]:
    """What a batch of these commands reads."""
    store = Reads(office.store)
    gather(store, commands, at(when))  # type: ignore[arg-type]
    return store.wanted


def test_a_claim_is_one_read_by_phone():
    office = two_offers("ann", "bob")
    [read] = reads(office, "1:00", office.says("ann", "yes B"))
    ann = Person("phone", office.phones["ann"])
    assert (read.people, read.conversations, read.holds) == ({ann}, {ann}, {ann})
    assert (read.shifts, read.rosters, read.policies) == (set(), set(), False)


def test_a_key_that_is_pressed_reads_one_shift_and_one_offer():
    office = one_offer()
    [read] = reads(office, "1:00", office.says("ann", "1", shift_id="s1"))
    ann = Person("phone", office.phones["ann"])
    assert (read.shifts, read.offers, read.conversations) == ({"s1"}, {(ann, "s1")}, set())


def test_a_decline_reads_the_roster_only_if_nobody_is_left_who_may_say_yes():
    office = one_offer("ann", "bob")
    assert len(reads(office, "1:00", office.says("ann", "no B"))) == 1
    both = reads(office, "1:00", office.says("ann", "no B"), office.says("bob", "no B"))
    assert [read.rosters for read in both] == [set(), {"RN"}]
    office.text("1:00", "ann", "no B")
    assert reads(office, "1:01", office.says("bob", "no B"))[-1].rosters == {"RN"}


def test_a_decline_after_the_last_round_reads_no_roster():
    office = one_offer("ann")
    office.pass_time("10:00", "s1")
    assert len(reads(office, "10:01", office.says("ann", "no B"))) == 1


def test_a_shift_that_may_be_given_back_reads_the_roster():
    office = one_offer("ann", "bob")
    accept, decline = office.says("ann", "yes B"), office.says("ann", "no B")
    assert reads(office, "1:00", accept, decline)[-1].rosters == {"RN"}
    office.text("1:00", "ann", "yes B")
    assert reads(office, "1:01", decline)[-1].rosters == {"RN"}


def test_who_is_assigned_a_shift_may_give_it_back_in_the_same_batch():
    office = AgencyScenario("ann", "bob").shift("s1")
    assign, decline = AssignShift("s1", "ann"), office.says("ann", "no")
    assert reads(office, "1:00", assign, decline)[-1].rosters == {"RN"}
    assert [result.status for result in office.do("1:00", assign, decline)] == ["claimed", "released"]


def test_a_tick_reads_the_roster_when_a_round_is_due_and_not_before():
    office = one_offer("ann")
    assert len(reads(office, "9:59", TickShift("s1"))) == 1
    assert reads(office, "10:00", TickShift("s1"))[-1].rosters == {"RN"}
    office.pass_time("10:00", "s1")
    assert len(reads(office, "16h", TickShift("s1"))) == 1  # it expires, and nobody is asked


def test_a_start_reads_policies_and_then_the_roster():
    office = AgencyScenario("ann").shift("s1")
    first, second = reads(office, "0:00", StartFanout("s1"))
    assert (first.shifts, first.policies, second.rosters) == ({"s1"}, True, {"RN"})
    assert second.holds_since_ms == at("8h") - 7 * 86_400_000


def test_what_overlaps_is_read_by_person_and_its_shift_only_when_it_does():
    office = two_offers("ann", "bob").shift("s3", starts="9h")
    office.assign("0:10", "s3", "ann")
    assert [read.shifts for read in reads(office, "1:00", office.says("ann", "yes B"))] == [set()]
    office.shift("s4", starts="9h").hire("cid").assign("0:20", "s4", "cid")
    pressed = office.says("cid", "1", shift_id="s1")
    assert [read.shifts for read in reads(office, "1:00", pressed)] == [{"s1"}, {"s4"}]


def test_a_shift_that_has_begun_counts_what_was_held_before_it():
    office = one_offer("ann")
    later = reads(office, "9h", office.says("ann", "1", shift_id="s1"))
    assert [read.holds_since_ms for read in later] == [at("9h") - 7 * 86_400_000, at("8h") - 7 * 86_400_000]


@pytest.mark.parametrize("together", ["start", "lease"])
def test_what_is_held_this_week_counts_beside_a_shift_of_next_month(together):
    office = AgencyScenario("ann").shift("mine", starts="24h").shift("s1", starts="26h")
    office.shift("far mine".replace(" ", "-"), starts="600h").shift("far", starts="620h")
    office.assign("0:01", "mine", "ann")
    office.assign("0:02", "far-mine", "ann")
    office.do("0:03", StartFanout("s1"))
    if together == "lease":
        office.do("0:03", StartFanout("far"))
    other = StartFanout("far") if together == "start" else Lease(OWNER, NO_LIMITS, LEASE_MS, 9)
    _, claim = office.do("0:04", other, office.says("ann", "1", shift_id="s1"))
    assert claim.status == "double_booked"


def test_a_shift_that_began_long_ago_still_conflicts_with_what_was_held_then():
    office = AgencyScenario("ann").shift("old").shift("long", starts="9h", hours=480)
    office.assign("0:01", "old", "ann")
    assert office.assign("9d", "long", "ann").status == "double_booked"
    office.hire("bob").start("long", when="9d")
    assert office.text("10d", "ann", "1", shift_id="long").status == "double_booked"


def test_a_lease_finds_the_sends_and_then_whom_they_go_to():
    office = AgencyScenario("ann", "bob").shift("s1")
    office.do("0:00", StartFanout("s1"))
    first, second = reads(office, "0:00", Lease(OWNER, NO_LIMITS, LEASE_MS, 1))
    assert first.due is not None
    assert second.people == second.holds == {Person("id", "ann")}
    assert second.offers == {(Person("id", "ann"), "s1")}


def test_a_mark_is_one_read():
    office = AgencyScenario("ann").shift("s1")
    office.do("0:00", StartFanout("s1"))
    [send] = office.lease("0:00").sends
    assert [read.sends for read in reads(office, "0:01", MarkSent(send.key, 1))] == [{send.key}]
