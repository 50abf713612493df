"""The coordinator's side of the desk: storing, starting, assigning, taking back, calling off."""

from dataclasses import replace
from itertools import islice

import pytest

from core.commands import (
    AssignShift,
    CancelShift,
    Command,
    FanoutResult,
    Load,
    Once,
    PutCaregiver,
    PutPolicy,
    PutShift,
    Refused,
    ReleaseShift,
    StartFanout,
    Stored,
    TickShift,
)
from core.model import Caregiver, LoadFile
from service.language.door import inbound
from tests.core.agency import policy
from tests.core.playbook import AgencyScenario, at, heard, make_shift, one_offer, two_offers

NEW, KNOWN = Stored(created=True), Stored(created=False)


def person(id: str, phone: str, role: str = "RN") -> Caregiver:
    return Caregiver(id=id, name=id.title(), role=role, phone=phone)


def refusal(office: AgencyScenario, command: Command) -> str:
    """Why a command is refused; and it has changed nothing."""
    before = (
        office.journal(),
        office.store.roster(),
        office.store.list_shifts("", 99),
        office.store.outbox_depth(),
    )
    [result] = office.do("1:00", command)
    after = (
        office.journal(),
        office.store.roster(),
        office.store.list_shifts("", 99),
        office.store.outbox_depth(),
    )
    assert before == after
    assert isinstance(result, Refused), result
    return f"{result.kind}: {result.detail}"


# --- storing -------------------------------------------------------------------------------------


def test_storing_says_whether_it_is_new():
    ann, shift = PutCaregiver(person("ann", "+10001")), PutShift(make_shift("s1"))
    rounds = PutPolicy("default", policy((0, "sms")))
    assert AgencyScenario().do("0:00", ann, ann, shift, shift, rounds, rounds) == [
        NEW,
        KNOWN,
        NEW,
        KNOWN,
        NEW,
        KNOWN,
    ]


def test_a_file_is_stored_whole():
    office = AgencyScenario("ann")
    file = LoadFile(shifts=(make_shift("s1"),), caregivers=(person("bob", "+10002"), person("cid", "+10003")))
    assert office.do("0:00", Load(file)) == [NEW]
    assert office.do("0:00", Load(file)) == [KNOWN]
    assert [member.id for member in office.store.roster()] == ["ann", "bob", "cid"]
    assert office.status("s1") == "planned"


def test_a_file_with_one_wrong_entry_is_not_stored_at_all():
    office = one_offer("ann")
    phone = office.phones["ann"]
    file = LoadFile(shifts=(make_shift("s9"),), caregivers=(person("bob", "+10002"), person("cid", phone)))
    assert refusal(office, Load(file)) == (
        "conflict: caregivers[1]: caregiver ann already has this phone; give another one"
    )
    moved = LoadFile(shifts=(make_shift("s9"), make_shift("s1", starts="9h")))
    assert refusal(office, Load(moved)).startswith("conflict: shifts[1]: the fanout of shift s1 has started")


def test_a_file_that_is_refused_takes_nothing_from_the_other_commands_of_its_batch():
    office = AgencyScenario("ann").shift("s1")
    taken = LoadFile(shifts=(make_shift("s9"),), caregivers=(person("cid", office.phones["ann"]),))
    started, refused, cancelled = office.do("0:00", StartFanout("s1"), Load(taken), CancelShift("s1"))
    assert isinstance(refused, Refused)
    assert (started.status, cancelled.status) == ("fanout_started", "cancelled")
    assert [entry.event.kind for entry in office.journal()] == ["fanout_started", "offers_made", "cancelled"]
    assert office.store.shift("s9") is None


def test_a_phone_belongs_to_one_caregiver():
    office = AgencyScenario("ann")
    expected = "conflict: caregiver ann already has this phone; give another one"
    assert refusal(office, PutCaregiver(person("bob", office.phones["ann"]))) == expected


@pytest.mark.parametrize("order", [1, -1])
def test_phones_may_pass_from_one_to_another_within_a_file_in_any_order(order):
    office = AgencyScenario("ann", "bob")
    ann, bob = office.phones["ann"], office.phones["bob"]
    swapped = (person("ann", bob), person("bob", ann))[::order]
    office.do("0:00", Load(LoadFile(caregivers=swapped)))
    phones = {member.id: member.phone for member in office.store.roster()}
    assert (phones["ann"], phones["bob"]) == (bob, ann)


def test_a_phone_that_its_owner_has_given_up_may_go_to_someone_else():
    office = AgencyScenario("ann")
    old = office.phones["ann"]
    file = LoadFile(caregivers=(person("ann", "+15555"), person("bob", old)))
    assert office.do("0:00", Load(file)) == [NEW]
    assert {member.id: member.phone for member in office.store.roster()} == {"ann": "+15555", "bob": old}


def test_role_and_times_are_fixed_once_the_fanout_has_started_and_the_rest_is_not():
    office = one_offer("ann")
    for change in (make_shift("s1", starts="9h"), make_shift("s1", role="LPN"), make_shift("s1", hours=9)):
        assert refusal(office, PutShift(change)) == (
            "conflict: the fanout of shift s1 has started or is over, so its role, times and time zone are "
            "fixed; cancel it and store a new shift"
        )
    assert office.do("1:00", PutShift(make_shift("s1", location="Ward 3"))) == [KNOWN]


def test_whoever_has_the_shift_is_told_that_its_place_has_changed():
    """Field report G."""
    office = one_offer("ann", "bob")
    office.text("1:00", "ann", "yes")
    office.deliver("1:00")
    is_yours = "RN shift Mon Mar 3 2pm-10pm"
    for _ in range(2):
        office.do("2:00", PutShift(make_shift("s1", location="12 Oak Ave")))
    office.delivers("2:00", f"sms ann: Changed: {is_yours}, 12 Oak Ave is yours. Note the new place.")
    office.do("3:00", PutShift(make_shift("s1", location="the wrong one")))
    office.do("3:00", PutShift(make_shift("s1")))
    office.delivers("3:00", f"sms ann: Changed: {is_yours} is yours. Its place has changed: call the office.")


@pytest.mark.parametrize("role", ["rn", " RN ", "\uff32\uff2e", "Rn"])
def test_roles_are_the_same_whatever_their_case_width_and_spacing(role):
    """Field report J."""
    office = AgencyScenario("ann").hire("bob", role.strip()).shift("s1").start("s1")
    assert set(office.codes("bob")) == {"s1"}
    assert heard(office.text("1:00", "bob", "yes")) == "claimed s1"
    assert office.assign("2:00", "s1", "ann").status == "already_claimed"


def test_a_shift_that_is_given_back_is_offered_under_the_present_policy():
    """Field report P."""
    office = AgencyScenario("ann", "bob").rule(policy((0, "sms"), (3_600, "voice"))).shift("s1").start("s1")
    office.text("1:00", "ann", "yes")
    office.rule(policy((0, "sms"), (2, "voice")))
    office.text("2:00", "ann", "no B")
    office.pass_time("2:02", "s1")
    office.then(
        "1:00 s1 ann: accept -> claimed", "1:00 s1 claimed for ann by caregiver",
        "2:00 s1 ann: decline -> released", "2:00 s1 released from ann by caregiver",
        "2:00 s1 round 0 sms: bob", "2:02 s1 round 1 voice: bob",
    )  # fmt: skip
    office.assign("3:00", "s1", "ann")
    office.rule(policy((5, "voice")))
    office.release("4:00", "s1")
    office.pass_time("4:05", "s1")
    office.then(
        "3:00 s1 claimed for ann by coordinator", "4:00 s1 released from ann by coordinator",
        "4:05 s1 round 0 voice: bob",
    )  # fmt: skip


@pytest.mark.parametrize("early", ["nothing", "a message before it was offered"])
def test_a_planned_shift_may_still_move(early):
    office = AgencyScenario("ann").shift("s1")
    if early != "nothing":
        assert heard(office.text("0:00", "ann", "yes", shift_id="s1")) == "no_open_offer s1"
    assert office.do("0:00", PutShift(make_shift("s1", starts="20h"))) == [KNOWN]
    office.start("s1")
    view = office.store.shift("s1")
    assert (view.fanout.start_ms, view.fanout.end_ms) == (at("20h"), at("28h"))


# --- once, however often it is sent --------------------------------------------------------------


def test_a_release_that_is_sent_again_does_not_hit_the_next_holder():
    office = one_offer("ann", "bob")
    office.text("1:00", "ann", "yes")
    release = Once(ReleaseShift("s1"), "key-1", 7)
    [first] = office.do("2:00", release)
    assert isinstance(first, FanoutResult)
    assert (first.status, first.caregiver_id) == ("released", "ann")
    office.text("3:00", "bob", "yes B")
    assert office.do("4:00", release, release) == [first, first]
    assert office.holder("s1") == "bob"


def test_a_key_belongs_to_one_request():
    office = one_offer("ann")
    cancel, release = Once(CancelShift("s1"), "k", 1), Once(ReleaseShift("s1"), "k", 2)
    [first, other, again] = office.do("1:00", cancel, release, cancel)
    assert isinstance(other, Refused)
    assert (other.kind, first) == ("reused", again)


def test_a_refusal_is_repeated_too():
    office = AgencyScenario("ann")
    start = Once(StartFanout("s1"), "k", 1)
    [refused] = office.do("0:00", start)
    office.shift("s1")
    assert office.do("0:00", start) == [refused]


# --- starting ------------------------------------------------------------------------------------


def test_a_fanout_names_whom_it_has_contacted_and_starting_again_sends_nothing_twice():
    office = AgencyScenario("ann", "bob").shift("s1")
    first = office.coordinates("0:00", StartFanout("s1"))
    assert (first.status, first.contacted, first.exhausted) == ("fanout_started", ("ann", "bob"), False)
    again = office.coordinates("0:30", StartFanout("s1"))
    assert again == replace(first, status="already_open")
    assert [send.key for send in office.deliver("1:00")] == ["s1:1:0:sms:ann", "s1:1:0:sms:bob"]


def test_two_starts_in_one_batch_send_once():
    office = AgencyScenario("ann").shift("s1")
    first, again = office.do("0:00", StartFanout("s1"), StartFanout("s1"))
    assert (first.status, again.status) == ("fanout_started", "already_open")
    assert [send.key for send in office.deliver("1:00")] == ["s1:1:0:sms:ann"]


def test_starting_a_filled_shift_names_who_holds_it():
    office = one_offer()
    office.text("1:00", "ann", "yes")
    result = office.coordinates("2:00", StartFanout("s1"))
    assert (result.status, result.caregiver_id) == ("already_claimed", "ann")


def test_a_fanout_that_can_ask_nobody_is_exhausted_at_once():
    """Rule 5."""
    office = AgencyScenario("ann").shift("s1")
    office.text("0:00", "ann", "stop")
    result = office.coordinates("0:00", StartFanout("s1"))
    assert (result.status, result.contacted, result.exhausted) == ("fanout_started", (), True)


def test_a_shift_of_a_role_that_nobody_has_is_not_offered_and_may_be_corrected():
    office = AgencyScenario("ann").shift("s1", role="PT")
    assert refusal(office, StartFanout("s1")) == "nobody: nobody has the role PT"
    office.shift("s1", role="RN").start("s1")
    assert office.codes("ann") == {"s1": "B"}


@pytest.mark.parametrize(
    "command",
    [StartFanout("no"), ReleaseShift("no"), CancelShift("no"), AssignShift("no", "ann"), TickShift("no")],
)
def test_an_unknown_shift_is_not_found(command):
    assert refusal(AgencyScenario("ann"), command).startswith("not_found: there is no shift no")


def test_an_organizations_own_policy_comes_before_the_default_one():
    """Rule 4."""
    office = AgencyScenario("ann", "bob").shift("s1").rule(policy((0, "sms", 1)))
    office.rule(policy((0, "voice")), organization="org")
    office.coordinates("0:00", StartFanout("s1"))
    office.then("0:00 s1 started", "0:00 s1 round 0 voice: ann bob")


def test_a_running_fanout_keeps_the_policy_it_was_started_with():
    office = one_offer("ann").rule(policy((0, "sms"), (60, "sms")))
    office.pass_time("10:00", "s1")
    office.then("10:00 s1 round 1 voice: ann")


# --- rule 9: no two overlapping shifts -------------------------------------------------------------


def overlapping(*names: str) -> AgencyScenario:
    """B is s1, Monday 2pm to 10pm; C is s2, the same day from 6pm."""
    return AgencyScenario(*names).shift("s1").shift("s2", starts="12h").start("s1", "s2")


def test_a_claim_that_overlaps_a_held_shift_is_refused_and_names_it():
    """Rule 9."""
    office = overlapping("ann", "bob")
    office.text("1:00", "ann", "yes B")
    refused = office.text("2:00", "ann", "yes C")
    assert heard(refused) == "double_booked s2"
    assert "overlaps your shift Mon Mar 3 2pm-10pm" in refused.reply
    assert office.status("s2") == "open"


def test_two_overlapping_claims_in_one_batch_give_one_shift():
    """Rule 9."""
    office = overlapping("ann")
    results = office.do("1:00", office.says("ann", "yes C"), office.says("ann", "yes B"))
    assert [heard(r) for r in results] == ["claimed s2", "double_booked s1"]


def test_who_holds_a_shift_is_not_offered_one_that_overlaps_it():
    """Rule 9."""
    office = two_offers("ann", "bob").shift("s3", starts="12h")
    office.text("1:00", "ann", "yes B")
    office.start("s3", when="2:00")
    assert ("s3" in office.codes("ann"), "s3" in office.codes("bob")) == (False, True)


def test_an_offer_that_waits_is_not_sent_to_who_has_taken_an_overlapping_shift():
    """Rules 8 and 9."""
    office = AgencyScenario("ann", "bob").shift("s1").start("s1").shift("s2", starts="12h")
    office.do("1:00", StartFanout("s2"), office.says("ann", "yes B"))
    office.delivers("1:00", "sms ann: Confirmed: …", "sms bob: RN shift Mon Mar 3 6pm-Tue 2am…")


def test_shifts_that_only_touch_do_not_overlap():
    office = AgencyScenario("ann").shift("s1").shift("s2", starts="16h").start("s1", "s2")
    assert heard(office.text("1:00", "ann", "yes B, yes C")) == "claimed s1"
    assert (office.holder("s1"), office.holder("s2")) == ("ann", "ann")


def test_a_shift_given_back_or_called_off_conflicts_no_longer():
    office = overlapping("ann", "bob")
    office.text("1:00", "ann", "yes B")
    office.text("2:00", "ann", "no B")
    assert heard(office.text("3:00", "ann", "yes C")) == "claimed s2"
    office.cancel("4:00", "s2")
    assert heard(office.text("5:00", "ann", "yes B")) == "claimed s1"


# --- assign, release, cancel, and all of them twice ---------------------------------------------------


def test_an_assigned_caregiver_is_told_and_can_give_it_back():
    office = AgencyScenario("ann", "bob").shift("s1")
    result = office.assign("0:00", "s1", "ann")
    assert (result.status, result.caregiver_id, result.contacted) == ("claimed", "ann", ())
    office.delivers(
        "0:00", "sms ann: Confirmed: RN shift Mon Mar 3 2pm-10pm is yours. Can't make it? Reply NO B."
    )
    assert heard(office.text("1:00", "ann", "no B")) == "released s1"


def test_why_a_coordinator_assigned_somebody_stands_in_the_journal():
    office = one_offer("ann")
    office.do("1:00", AssignShift("s1", "ann", "knows the client"))
    [claimed] = [entry for entry in office.journal() if entry.event.kind == "claimed"]
    assert (claimed.event.by, claimed.event.reason) == ("coordinator", "knows the client")
    assert '"reason":"knows the client"' in claimed.line()


def test_an_assigned_shift_gets_a_code_that_means_no_other_offer():
    office = AgencyScenario("ann").shift("s1").shift("s2", "20h").start("s1")
    office.assign("0:01", "s2", "ann")
    assert office.codes("ann") == {"s1": "B", "s2": "C"}


def test_assigning_again_changes_nothing_and_names_the_holder():
    office = AgencyScenario("ann", "bob").shift("s1")
    office.assign("0:00", "s1", "ann")
    office.deliver("0:00")
    same_again, other = office.assign("1:00", "s1", "ann"), office.assign("2:00", "s1", "bob")
    assert (same_again.status, same_again.caregiver_id) == ("already_yours", "ann")
    assert (other.status, other.caregiver_id) == ("already_claimed", "ann")
    office.delivers("3:00")


def test_nobody_is_assigned_a_shift_of_another_role_or_that_overlaps_theirs():
    """Rule 9."""
    office = AgencyScenario("ann").hire("lee", role="LPN").shift("s1").shift("s2", starts="12h")
    office.assign("0:00", "s1", "ann")
    assert office.assign("1:00", "s2", "lee").status == "not_eligible"
    assert office.assign("1:00", "s2", "ann").status == "double_booked"
    assert refusal(office, AssignShift("s2", "zoe")) == "not_found: there is no caregiver zoe"
    assert office.status("s2") == "planned"


def test_a_shift_taken_back_is_offered_to_the_others_and_its_holder_is_told():
    """Rule 6."""
    office = one_offer()
    office.text("1:00", "ann", "yes")
    office.deliver("1:00")
    result = office.release("2:00", "s1", "ann")
    assert (result.status, result.caregiver_id, result.generation) == ("released", "ann", 2)
    office.delivers(
        "2:00",
        "sms ann: The RN shift Mon Mar 3 2pm-10pm is no longer yours. Questions? Call the office.",
        "sms bob: RN shift Mon Mar 3 2pm-10pm. Reply YES B to take it, NO B to pass.",
    )


def test_releasing_twice_or_in_the_wrong_name_changes_nothing():
    office = one_offer()
    office.text("1:00", "ann", "yes")
    assert office.release("2:00", "s1", "bob").status == "already_claimed"
    assert office.release("3:00", "s1").status == "released"
    assert office.release("4:00", "s1").status == "already_open"
    assert office.store.shift("s1").fanout.generation == 2


def test_calling_a_shift_off_tells_its_holder_once():
    office = one_offer()
    office.text("1:00", "ann", "yes")
    office.deliver("1:00")
    assert [office.cancel(when, "s1").status for when in ("2:00", "3:00")] == ["cancelled", "cancelled"]
    office.delivers(
        "4:00", "sms ann: The RN shift Mon Mar 3 2pm-10pm was canceled. You do not need to come in."
    )
    assert heard(office.text("5:00", "ann", "yes B")) == "closed s1"


def test_a_cancelled_shift_can_be_neither_started_nor_released_nor_assigned():
    office = one_offer("ann")
    office.cancel("1:00", "s1")
    commands = (StartFanout("s1"), ReleaseShift("s1"), AssignShift("s1", "ann"))
    assert [result.status for result in office.do("2:00", *commands)] == ["cancelled", "cancelled", "closed"]


# --- deadlines (rule 2) ----------------------------------------------------------------------------


def test_due_deadlines_are_applied_before_a_claim():
    """Rule 2."""
    office = one_offer()
    office.text("25:00", "ann", "yes")
    office.then(
        "10:00 s1 round 1 voice: ann bob",
        "20:00 s1 exhausted",
        "25:00 s1 ann: accept -> claimed",
        "25:00 s1 claimed for ann by caregiver",
    )
    office.delivers("25:00", "sms ann: Confirmed: …")


def test_a_shift_is_due_at_each_deadline_and_repeated_ticks_change_nothing():
    """Rule 2."""
    office = one_offer("ann")
    assert office.store.deadlines(at("9:59"), 10) == ([], at("10:00"))
    assert office.store.deadlines(at("10:00"), 10) == (["s1"], None)
    assert {result.status for result in office.do("10:00", TickShift("s1"), TickShift("s1"))} == {"ticked"}
    office.then("10:00 s1 round 1 voice: ann")
    assert office.store.deadlines(at("10:00"), 10) == ([], at("20:00"))


def test_an_offer_keeps_its_code_and_its_answer_through_rounds_that_are_days_apart():
    rounds = policy((0, "sms"), (90_000, "sms"), window_s=3_600)
    office = AgencyScenario("ann", "bob").rule(rounds).shift("s1", starts="80h").shift("s2", starts="100h")
    office.start("s1", "s2")
    assert office.codes("ann") == {"s1": "B", "s2": "C"}
    office.do("25h", TickShift("s2"))
    assert office.codes("ann") == {"s1": "B", "s2": "C"}
    office.do("25h", TickShift("s1"))
    assert office.codes("ann") == {"s1": "B", "s2": "C"}


def test_a_decline_by_the_last_one_asked_phones_the_rest_at_once():
    """Rule 4."""
    office = AgencyScenario("ann", "bob").shift("s1").rule(policy((0, "sms", 1), (600, "voice"))).start("s1")
    office.text("1:00", "ann", "no")
    office.then("1:00 s1 ann: decline -> declined", "1:00 s1 round 1 voice: bob")


def test_versions_count_each_shifts_events_and_seq_counts_all():
    """Rule 11."""
    office = two_offers()
    office.do("1:00", *(inbound(phone, "yes B") for phone in islice(office.phones.values(), 2)))
    entries = office.journal()
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    for shift_id in ("s1", "s2"):
        versions = [entry.version for entry in entries if entry.shift_id == shift_id]
        assert versions == list(range(1, len(versions) + 1))
