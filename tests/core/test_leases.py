"""Sends on their way out: leased, marked, tried again, reclaimed, withdrawn (rules 7 and 8)."""

import pytest

from core import sends
from core.commands import Lease, MarkCall, Marked, MarkFailed, MarkSent, Reclaim, StartFanout
from core.events import SendStarted
from core.sends import MAX_DOUBTS, Limits, Owner
from tests.core.agency import LEASE_MS, NO_LIMITS, OWNER, policy
from tests.core.playbook import AgencyScenario, at, say

KEY = "s1:1:0:sms:ann"
LEASE = Lease(OWNER, NO_LIMITS, LEASE_MS, 99)
APPLIED, TOO_LATE = Marked(applied=True), Marked(applied=False)


def waiting(*names: str) -> AgencyScenario:
    """The first texts of s1 wait to be sent."""
    office = AgencyScenario(*names).shift("s1")
    office.do("0:00", StartFanout("s1"))
    office.read = len(office.journal())
    return office


def begun(office: AgencyScenario, when: str) -> list[str]:
    """What a lease begins: key and attempt."""
    return [f"{send.key} #{send.attempt}" for send in office.lease(when).sends]


def failed(attempt: int, permanent: bool = False, jitter: float = 0.5, unknown: bool = False) -> MarkFailed:
    return MarkFailed(KEY, attempt, "busy", permanent, jitter, unknown)


def log(office: AgencyScenario) -> list[str]:
    return [say(entry.event) for entry in office.journal()[office.read :]]


def test_a_round_becomes_one_send_for_each_caregiver_under_a_key_that_says_what_it_is():
    """Rule 7: shift:generation:round:channel:caregiver."""
    office = waiting("ann", "bob")
    office.pass_time("10:00", "s1")
    keys = {send.key for send in office.lease("10:00").sends}
    assert keys == {f"s1:1:{number}:{who}" for number in ("0:sms", "1:voice") for who in ("ann", "bob")}


def test_a_send_is_begun_once_and_handed_out_with_everything_a_carrier_needs():
    office = waiting("ann")
    [send] = office.lease("0:00").sends
    assert (send.key, send.attempt, send.channel, send.phone) == (KEY, 1, "sms", office.phones["ann"])
    assert (send.caregiver_id, send.shift_id) == ("ann", "s1")
    assert begun(office, "0:01") == []


def test_a_sent_one_is_never_begun_again():
    office = waiting("ann")
    office.lease("0:00")
    assert office.do("0:01", MarkSent(KEY, 1)) == [APPLIED]
    assert begun(office, "1d") == []
    assert log(office) == [f"begins {KEY} #1", f"sent {KEY}"]


def test_answers_and_notices_go_before_offers():
    office = waiting("ann", "bob").shift("s2", starts="32h")
    office.do("0:01", StartFanout("s2"), office.says("ann", "help"))
    assert [send.text[:12] for send in office.lease("0:02").sends] == ["Shift offers"] + [
        "RN shift Mon"
    ] * 2 + ["RN shift Tue"] * 2


def test_limits_hold_sends_back_and_the_answer_says_when_to_ask_again():
    office = waiting("ann", "bob")
    first = office.lease("0:00", Limits())
    assert ([send.key for send in first.sends], first.wake_ms) == ([KEY], at("0:01"))
    assert office.lease("0:00.5", Limits()).sends == ()
    assert [send.caregiver_id for send in office.lease("0:01", Limits()).sends] == ["bob"]


def test_a_person_rests_between_two_texts_and_others_are_texted_meanwhile():
    office = waiting("ann", "bob").shift("s2", starts="32h")
    office.do("0:00", StartFanout("s2"))
    one_person_at_a_time = Limits(0, 0, 10_000, 0)
    assert [send.caregiver_id for send in office.lease("0:00", one_person_at_a_time).sends] == ["ann", "bob"]
    resting = office.lease("0:01", one_person_at_a_time)
    assert (resting.sends, resting.wake_ms) == ((), at("0:10"))
    assert len(office.lease("0:10", one_person_at_a_time).sends) == 2


def test_a_start_from_a_clock_that_was_set_back_by_hours_holds_nobody_up():
    office = waiting("ann", "bob")
    assert begun(office, "2h") == [f"{KEY} #1", "s1:1:0:sms:bob #1"]
    office.text("0:01", "ann", "help")
    assert len(office.lease("0:01", Limits()).sends) == 1


def test_what_is_under_way_here_is_never_leased_again():
    office = waiting("ann", "bob")
    office.lease("0:00")
    again = office.lease("1h", under_way=[KEY])
    assert [send.caregiver_id for send in again.sends] == ["bob"]


def test_at_most_so_many_sends_are_read_and_the_rest_is_asked_for_at_once():
    office = waiting("ann", "bob", "cid")
    leased = office.lease("0:00", most=2)
    assert ([send.caregiver_id for send in leased.sends], leased.wake_ms) == (["ann", "bob"], at("0:00"))
    assert begun(office, "0:00") == ["s1:1:0:sms:cid #1"]


def test_texts_and_calls_together_are_no_more_than_asked_for():
    office = waiting("ann", "bob")
    office.pass_time("10:00", "s1")
    first = office.lease("10:00", most=3)
    assert (len(first.sends), first.wake_ms) == (3, at("10:00"))
    assert len(office.lease("10:00", most=3).sends) == 1


def test_nothing_waits_and_nothing_wakes():
    office = waiting("ann")
    office.deliver("0:00")
    assert office.lease("0:01").wake_ms is None


# --- failures, retries, lost leases ---------------------------------------------------------------


def test_a_temporary_failure_is_tried_again_after_a_jittered_wait():
    office = waiting("ann")
    office.lease("0:00")
    assert office.do("0:00", failed(1)) == [APPLIED]
    assert office.lease("0:00.999").wake_ms == at("0:01")
    assert begun(office, "0:01") == [f"{KEY} #2"]
    assert log(office) == [f"begins {KEY} #1", f"failed {KEY} (busy)", f"begins {KEY} #2"]


def test_a_permanent_failure_is_final():
    office = waiting("ann")
    office.lease("0:00")
    office.do("0:00", failed(1, permanent=True))
    assert begun(office, "1h") == []
    assert log(office)[-1] == f"failed {KEY} (busy, for good)"


def test_an_offer_is_tried_until_it_is_pointless():
    office = AgencyScenario("ann").shift("s1").rule(policy((0, "sms")))
    office.do("0:00", StartFanout("s1"))
    for attempt in range(1, 60):
        assert begun(office, f"{attempt}:00") == [f"{KEY} #{attempt}"]
        office.do(f"{attempt}:00", failed(attempt))
    office.cancel("60:00", "s1")
    assert begun(office, "61:00") == []


def test_other_texts_are_tried_for_hours_but_not_without_end(monkeypatch):
    monkeypatch.setattr(sends, "MAX_ATTEMPTS", 3)
    office = AgencyScenario("ann").shift("s1")
    office.assign("0:00", "s1", "ann")
    for attempt in (1, 2, 3):
        [send] = office.lease(f"{attempt}:00").sends
        office.do(f"{attempt}:00", MarkFailed(send.key, attempt, "busy", False, 0.5))
    assert begun(office, "9:00") == []
    assert log(office)[-1] == f"failed {send.key} (busy, for good)"


def test_what_may_have_gone_out_is_not_repeated_without_end():
    office = waiting("ann")
    for attempt in range(1, 2 * MAX_DOUBTS + 1):
        assert begun(office, f"0:{5 * attempt:02}") == [f"{KEY} #{attempt}"]
        office.do(f"0:{5 * attempt:02}", failed(attempt, jitter=0.0, unknown=attempt % 2 == 0))
    assert begun(office, "9:00") == []
    assert log(office)[-1] == f"failed {KEY} (busy, for good)"


def test_a_lease_that_runs_out_passes_to_the_next_attempt():
    office = waiting("ann")
    office.lease("0:00")
    assert begun(office, "0:29.999") == []
    assert begun(office, "0:30") == [f"{KEY} #2"]


def test_a_send_whose_leases_run_out_again_and_again_has_failed_for_good():
    office = waiting("ann")
    for attempt in range(MAX_DOUBTS):
        office.lease(f"{attempt}:00")
    assert begun(office, "9:00") == []
    assert log(office)[-1] == f"failed {KEY} (nobody knows whether it was sent, for good)"


@pytest.mark.parametrize("mark", [MarkSent(KEY, 1), failed(1)])
def test_a_mark_under_a_lease_that_has_passed_on_changes_nothing(mark):
    office = waiting("ann")
    office.lease("0:00")
    office.lease("0:30")
    assert office.do("0:31", mark) == [TOO_LATE]
    assert log(office) == [f"begins {KEY} #1", f"begins {KEY} #2"]


def test_a_late_mark_still_counts_while_nobody_else_has_begun():
    office = waiting("ann")
    office.lease("0:00")
    assert office.do("5:00", MarkSent(KEY, 1)) == [APPLIED]


def test_a_mark_for_what_was_never_begun_changes_nothing():
    assert waiting("ann").do("0:00", MarkSent(KEY, 1), MarkSent("nothing", 1)) == [TOO_LATE, TOO_LATE]


def test_a_mark_twice_counts_once():
    office = waiting("ann")
    office.lease("0:00")
    assert office.do("0:01", MarkSent(KEY, 1), MarkSent(KEY, 1)) == [APPLIED, TOO_LATE]


def test_a_restart_reclaims_every_lease_at_once():
    office = waiting("ann", "bob")
    office.lease("0:00")
    assert office.do("0:01", Reclaim(Owner("local", 2))) == [APPLIED]
    assert begun(office, "0:01") == [f"{KEY} #2", "s1:1:0:sms:bob #2"]


@pytest.mark.parametrize("owner", [OWNER, Owner("other", 2)])
def test_a_restart_reclaims_only_what_its_own_earlier_lives_had_leased(owner):
    office = waiting("ann")
    office.lease("0:00")
    office.do("0:01", Reclaim(owner))
    assert begun(office, "0:01") == []


def test_a_lease_sees_what_the_same_batch_has_marked():
    office = waiting("ann")
    office.lease("0:00")
    _, leased = office.do("0:31", MarkSent(KEY, 1), LEASE)
    assert leased.sends == ()


def test_two_leases_in_one_batch_begin_each_send_once():
    office = waiting("ann")
    one, two = office.do("0:00", LEASE, LEASE)
    assert ([send.key for send in one.sends], two.sends) == ([KEY], ())


@pytest.mark.parametrize(("answered", "word"), [(True, "answered"), (False, "unanswered")])
def test_how_a_call_ended_is_journaled(answered, word):
    """Rule 11."""
    office = waiting("ann")
    office.pass_time("10:00", "s1")
    office.deliver("10:00")
    assert office.do("10:30", MarkCall("s1:1:1:voice:ann", answered)) == [APPLIED]
    assert log(office)[-1] == f"{word} s1:1:1:voice:ann"


# --- withdrawals (rule 8) -----------------------------------------------------------------------------


def test_no_offer_begins_after_a_claim_has_committed():
    """Rule 8."""
    office = waiting("ann", "bob", "cid")
    first = office.lease("0:00", Limits())
    office.text("0:01", "ann", "yes")
    office.delivers("0:02", "sms ann: Confirmed: …")
    assert len(first.sends) == 1
    assert sum(isinstance(entry.event, SendStarted) for entry in office.journal()) == 2


def test_a_claim_withdraws_the_offers_that_have_not_begun():
    """Rule 8: only the confirmation still waits."""
    office = waiting("ann", "bob", "cid")
    assert office.store.outbox_depth() == (3, at("0:00"))
    office.text("0:01", "ann", "yes", shift_id="s1")
    assert office.store.outbox_depth() == (1, at("0:01"))


def test_a_lease_after_a_claim_in_the_same_batch_begins_no_offer():
    """Rule 8."""
    office = waiting("ann", "bob")
    _, leased = office.do("0:01", office.says("ann", "yes", shift_id="s1"), LEASE)
    assert leased.sends == ()


@pytest.mark.parametrize("end", ["cancel", "claim", "release", "expiry"])
def test_a_failed_offer_is_not_tried_again_when_its_shift_is_no_longer_open_to_it(end):
    """Rule 8."""
    office = waiting("ann", "bob")
    office.lease("0:00")
    if end == "cancel":
        office.cancel("0:01", "s1")
    elif end != "expiry":
        office.text("0:01", "bob", "yes", shift_id="s1")
        office.deliver("0:01")
    if end == "release":
        office.text("0:02", "ann", "no", shift_id="s1")
        office.release("0:02", "s1")
        office.deliver("0:02")
    office.do("0:03", failed(1))
    assert begun(office, "16h" if end == "expiry" else "1:00") == []


def test_an_offer_to_who_has_declined_is_not_begun():
    """Rule 4."""
    office = waiting("ann", "bob")
    office.text("0:00", "ann", "no", shift_id="s1")
    office.delivers("0:01", "sms ann: OK, you pass on …", "sms bob: …")


def test_an_offer_to_who_has_lost_the_role_is_not_begun():
    office = waiting("ann", "bob")
    office.hire("ann", role="CNA")
    office.delivers("0:01", "sms bob: …")


def test_the_next_generation_has_sends_of_its_own_and_the_old_ones_stay_withdrawn():
    """Rules 6 and 8."""
    office = waiting("ann", "bob")
    office.do("0:01", office.says("bob", "yes", shift_id="s1"))
    office.release("0:02", "s1")
    assert [key for key in begun(office, "0:03") if key.startswith("s1:")] == ["s1:2:0:sms:ann #1"]


def test_a_claim_and_a_release_in_one_batch_leave_only_the_new_offers():
    office = waiting("ann", "bob")
    office.do("0:01", office.says("bob", "yes", shift_id="s1"), office.says("bob", "no", shift_id="s1"))
    assert [key for key in begun(office, "0:03") if key.startswith("s1:")] == ["s1:2:0:sms:ann #1"]
