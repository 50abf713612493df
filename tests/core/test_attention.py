"""What coordinators should see to: nothing that concerns a shift to come is dropped unseen."""

import pytest

from core.commands import Lease, MarkFailed, Refused, SeeTo, StartFanout, Stored
from service.language.door import inbound
from tests.core.agency import LEASE_MS, NO_LIMITS, OWNER, policy
from tests.core.playbook import AgencyScenario, heard, one_offer

DAY = 24


def waits(office: AgencyScenario) -> list[str]:
    """What waits, newest first: who, what, about which shift, and why."""
    return [
        f"{item.caregiver_id or item.phone}: {item.text!r} {item.shift_id or '-'} {item.reason}"
        for item in office.store.attention(10**9, 100)
    ]


def test_who_calls_out_of_a_shift_that_we_do_not_know_them_to_hold_is_seen():
    office = AgencyScenario("ann")
    said = "I am sick, cannot come to my 8am shift"
    assert office.text("0:00", "ann", said).status == "no_open_offer"
    assert waits(office) == [f"ann: {said!r} - no_open_offer"]


def test_who_passes_on_an_offer_but_may_speak_of_another_shift_is_seen():
    office = one_offer("ann", "bob")
    assert heard(office.text("1:00", "ann", "sorry, can't make it to the 8am")) == "declined s1"
    assert heard(office.text("1:00", "bob", "sorry, I can't make it")) == "declined s1"
    assert waits(office) == ['ann: "sorry, can\'t make it to the 8am" s1 declined']


def test_an_unknown_number_is_kept_and_gets_no_text():
    office = one_offer("ann")
    for shift_id in (None, "s1", "nowhere"):
        [refused] = office.do("1:00", inbound("+199999", "this is Ann, my phone broke", shift_id))
        assert isinstance(refused, Refused)
    said = "+199999: 'this is Ann, my phone broke'"
    assert waits(office) == [
        f"{said} - unknown_number",
        f"{said} s1 unknown_number",
        f"{said} - unknown_number",
    ]
    assert office.deliver("1:00") == []


def test_an_answer_to_an_offer_that_is_long_over_is_seen():
    office = one_offer("ann")
    assert office.text("60h", "ann", "YES B").status == "no_open_offer"
    assert waits(office) == ["ann: 'YES B' - no_open_offer"]


def test_a_yes_from_somebody_who_takes_no_texts_is_seen():
    office = one_offer("ann")
    office.text("1:00", "ann", "STOP")
    assert heard(office.text("2:00", "ann", "YES B")) == "claimed s1"
    assert waits(office) == ["ann: 'YES B' s1 claimed"]


def test_what_a_coordinator_does_is_told_by_them_to_who_takes_no_texts():
    office = one_offer("ann")
    office.text("1:00", "ann", "STOP")
    office.assign("2:00", "s1", "ann")
    office.cancel("3:00", "s1")
    assert waits(office) == ["ann: '' s1 takes_no_texts"] * 2
    assert office.deliver("3:00") == []


def test_what_could_not_be_sent_is_seen():
    office = AgencyScenario("ann").shift("s1").rule(policy((0, "sms")))
    office.do("0:00", StartFanout("s1"))
    [leased] = office.do("0:00", Lease(OWNER, NO_LIMITS, LEASE_MS, 9))
    [send] = leased.sends
    office.do("0:01", MarkFailed(send.key, send.attempt, "there is no such number", True, 0.5))
    assert waits(office) == ["ann: 'there is no such number' s1 not_sent"]


def test_who_has_seen_to_it_is_remembered_and_the_first_one_stays():
    office = one_offer("ann")
    office.text("1:00", "ann", "where is it?")
    assert office.do("2:00", SeeTo(1, "Dana"), SeeTo(1, "Kim")) == [Stored(False), Stored(False)]
    assert waits(office) == []
    [done] = office.store.attention(10**9, 9, done=True)
    assert (done.done_by, done.done_ms) == ("Dana", office.store.shift("s1").attention[0].done_ms)
    [unknown] = office.do("3:00", SeeTo(7, "Dana"))
    assert unknown == Refused("not_found", "nothing with the id 7 waits for attention")


@pytest.mark.parametrize("days", [89, 91])
def test_what_is_older_than_ninety_days_goes_once_its_shift_is_over(days):
    office = AgencyScenario("ann").shift("s1").shift("far", starts="2400h").start("s1", "far")
    office.text("1:00", "ann", "where? B")
    office.text("1:00", "ann", "where? C")
    office.text("1:00", "ann", "thanks, but I moved away")
    office.text(f"{days * DAY}h", "ann", "hello?")
    about = ["far", "far", "far"] if days > 90 else ["far", "s1", "far", "far", "s1"]
    assert [item.shift_id for item in office.store.attention(10**9, 9)] == about
