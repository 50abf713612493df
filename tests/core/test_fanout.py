"""One shift's life: rounds, claims, releases, deadlines. The tables and diagram have tests of their own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import fanout
from core.events import Expired
from core.fanout import Status
from core.inputs import Assign, Cancel, Claim, Decline, OptOut, Release, Start, Tick
from core.model import DEFAULT_POLICY
from tests.core.agency import policy
from tests.core.playbook import ShiftScenario, at, make_shift

START = Start(DEFAULT_POLICY)
WAVES = policy((0, "sms", 2), (60, "sms", 1), (120, "sms"), (600, "voice"))


def test_a_stored_shift_is_planned_and_waits_for_nothing():
    state = fanout.planned(make_shift("s1"))
    assert (state.status, state.start_ms, state.end_ms) == (Status.PLANNED, at("8h"), at("16h"))
    assert fanout.next_deadline_ms(state) is None


# --- rule 1: time is an argument ---------------------------------------------------------------


def test_a_clock_that_goes_backwards_stands_still_at_the_last_event():
    play = ShiftScenario("ann", "bob").when("5:00", Decline("bob"))
    play.when("3:00", Claim("ann"))
    play.then("5:00 ann: accept -> claimed", "5:00 claimed for ann by caregiver")


def test_a_clock_that_goes_backwards_starts_no_round_again():
    play = ShiftScenario("ann").when("10:00", Tick()).then("10:00 round 1 voice: ann")
    play.when("0:00", Tick())
    play.then().waits_until("20:00")


# --- rule 2: deadlines come before the input -----------------------------------------------------


def test_every_missed_deadline_happens_at_its_own_time_before_the_input():
    play = ShiftScenario("ann")
    play.when("45:00", Claim("ann"))
    play.then(
        "10:00 round 1 voice: ann",
        "20:00 exhausted",
        "45:00 ann: accept -> claimed",
        "45:00 claimed for ann by caregiver",
    )


def test_a_claim_after_the_shift_expired_loses_even_if_no_tick_came_between():
    play = ShiftScenario("ann").when("20:00", Tick())
    play.when("16h", Claim("ann"))
    play.then("16h expired", "16h ann: accept -> closed").told("closed")


def test_a_claim_a_millisecond_before_the_end_wins():
    play = ShiftScenario("ann").when("20:00", Tick())
    play.when("959:59.999", Claim("ann"))
    play.then("959:59.999 ann: accept -> claimed", "959:59.999 claimed for ann by caregiver")


def test_late_and_repeated_ticks_change_nothing():
    play = ShiftScenario("ann").when("25:00", Tick()).then("10:00 round 1 voice: ann", "20:00 exhausted")
    settled = play.state
    play.when("25:00", Tick()).then().when("26:00", Tick()).then()
    assert play.state is settled


@pytest.mark.parametrize("last", [Claim("ann"), Cancel()])
def test_a_shift_that_is_not_open_waits_for_nothing(last):
    play = ShiftScenario("ann").when("1:00", last).waits_until(None)
    play.when("3d", Tick()).then()


# --- rule 3: a refusal is a value that knows the winner --------------------------------------------


def test_the_first_claim_wins_and_the_second_hears_who_and_when():
    play = ShiftScenario("ann", "bob").when("1:00", Claim("ann")).told("claimed", "ann", since="1:00")
    play.when("1:01", Claim("bob"))
    play.then("1:01 bob: accept -> already_claimed").told("already_claimed", "ann", since="1:00")


def test_a_winner_who_repeats_yes_hears_that_it_is_theirs():
    play = ShiftScenario("ann", "bob").when("1:00", Claim("ann"))
    play.when("2:00", Claim("ann"))
    play.then("2:00 ann: accept -> already_yours").told("already_yours", "ann", since="1:00")


@pytest.mark.parametrize(
    ("claim", "status", "conflict"),
    [
        (Claim("ann", eligible=False), "not_eligible", None),
        (Claim("ann", conflict="other"), "double_booked", "other"),
    ],
)
def test_who_may_not_have_it_is_refused_and_it_stays_open(claim, status, conflict):
    play = (
        ShiftScenario("ann", "bob")
        .also_has("ann", "other")
        .when("1:00", claim)
        .then(f"1:00 ann: accept -> {status}")
    )
    assert (play.outcome.conflict, play.state.status) == (conflict, Status.OPEN)
    play.when("2:00", Claim("bob")).told("claimed", "bob", since="2:00")


def test_a_yes_before_any_fanout_finds_no_open_offer():
    ShiftScenario("ann", started=False).when("1:00", Claim("ann")).told("no_open_offer")


def test_nobody_gets_a_cancelled_shift():
    play = ShiftScenario("ann").when("1:00", Cancel("client away")).then("1:00 cancelled (client away)")
    play.when("2:00", Claim("ann")).told("closed")
    play.when("3:00", Decline("ann")).told("closed")


@pytest.mark.parametrize(
    ("before", "command", "status"),
    [
        ([], START, "already_open"),
        ([Claim("ann")], START, "already_claimed"),
        ([Cancel()], START, "cancelled"),
        ([], Release(), "already_open"),
        ([Claim("ann")], Release("bob"), "already_claimed"),
        ([Cancel()], Release(), "cancelled"),
        ([Cancel()], Cancel(), "cancelled"),
        ([Claim("ann")], Assign("bob", DEFAULT_POLICY), "already_claimed"),
        ([Claim("ann")], Assign("ann", DEFAULT_POLICY), "already_yours"),
        ([], Assign("bob", DEFAULT_POLICY, eligible=False), "not_eligible"),
        ([], Assign("bob", DEFAULT_POLICY, conflict="other"), "double_booked"),
    ],
)
def test_a_coordinators_command_that_changes_nothing_says_how_things_are(before, command, status):
    play = ShiftScenario("ann", "bob")
    for given_before in before:
        play.when("1:00", given_before)
    play.when("2:00", command).then()
    assert play.outcome.status == status


def test_a_fanout_that_would_start_after_the_shift_ended_does_not():
    ShiftScenario("ann", started=False).when("16h", START).then().told("expired")


# --- rule 4: policy is data -----------------------------------------------------------------------


def test_by_default_everyone_is_texted_at_once_and_phoned_after_ten_minutes():
    play = ShiftScenario("ann", "bob").then("0:00 started", "0:00 round 0 sms: ann bob").waits_until("10:00")
    play.when("10:00", Tick()).then("10:00 round 1 voice: ann bob")


def test_waves_ask_the_next_few_in_load_order_and_the_unlimited_round_everyone():
    play = ShiftScenario("ann", "bob", "cid", "dee", policy=WAVES).then(
        "0:00 started", "0:00 round 0 sms: ann bob"
    )
    play.when("1:00", Tick()).then("1:00 round 1 sms: cid")
    play.when("2:00", Tick()).then("2:00 round 2 sms: ann bob cid dee")


def test_a_wave_counts_as_contacted_whom_any_channel_has_reached():
    mixed = policy((0, "voice", 1), (60, "sms", 1))
    ShiftScenario("ann", "bob", policy=mixed).when("1:00", Tick()).then("1:00 round 1 sms: bob")


@pytest.mark.parametrize("no", [Decline("ann"), OptOut("ann")])
def test_who_declined_or_opted_out_is_not_phoned(no):
    play = ShiftScenario("ann", "bob").when("1:00", no)
    play.when("10:00", Tick()).then("10:00 round 1 voice: bob")


def test_who_has_declined_may_still_claim_while_it_is_open():
    play = ShiftScenario("ann", "bob").when("1:00", Decline("ann"))
    play.when("2:00", Claim("ann")).told("claimed", "ann", since="2:00")


def test_when_everyone_contacted_has_declined_the_next_round_starts_at_once():
    play = (
        ShiftScenario("ann", "bob", "cid", policy=WAVES)
        .when("0:10", Decline("ann"))
        .then("0:10 ann: decline -> declined")
    )
    play.when("0:20", Decline("bob"))
    play.then("0:20 bob: decline -> declined", "0:20 round 1 sms: cid").waits_until("2:00")


def test_rounds_at_the_same_time_go_out_together():
    both = policy((0, "sms"), (0, "voice"))
    ShiftScenario("ann", policy=both).then("0:00 started", "0:00 round 0 sms: ann", "0:00 round 1 voice: ann")


def test_a_caregiver_who_becomes_available_is_asked_in_the_next_round():
    play = ShiftScenario("ann")
    play.available = ("ann", "bob")
    play.when("10:00", Tick()).then("10:00 round 1 voice: ann bob")


# --- rule 5: exhausted ----------------------------------------------------------------------------


def test_it_is_exhausted_when_the_last_answer_window_has_passed_and_stays_claimable():
    play = ShiftScenario("ann").when("10:00", Tick()).waits_until("20:00")
    play.when("20:00", Tick()).then("20:00 exhausted").waits_until("16h")
    play.when("30:00", Claim("ann")).told("claimed", "ann", since="30:00")


def test_it_is_exhausted_at_once_when_everyone_has_declined():
    play = ShiftScenario("ann").when("1:00", Decline("ann"))
    play.then("1:00 ann: decline -> declined", "1:00 round 1 voice: nobody", "1:00 exhausted")


def test_it_is_exhausted_at_once_when_nobody_matches():
    play = ShiftScenario().then(
        "0:00 started", "0:00 round 0 sms: nobody", "0:00 round 1 voice: nobody", "0:00 exhausted"
    )
    play.waits_until("16h")


def test_an_exhausted_shift_expires_at_its_end():
    play = ShiftScenario("ann").when("20:00", Tick())
    play.when("17h", Tick()).then("16h expired").waits_until(None)


def test_rounds_that_would_come_after_the_end_of_the_shift_never_do():
    late = policy((0, "sms"), (20 * 3600, "voice"))
    play = ShiftScenario("ann", policy=late).waits_until("16h")
    play.when("2d", Tick()).then("16h expired")


# --- rule 6: give-backs ---------------------------------------------------------------------------


def test_a_no_by_the_holder_gives_it_back_and_rounds_restart_without_them():
    play = ShiftScenario("ann", "bob").when("1:00", Claim("ann"))
    play.when("30:00", Decline("ann")).told("released", "ann", since="1:00")
    play.then(
        "30:00 ann: decline -> released", "30:00 released from ann by caregiver", "30:00 round 0 sms: bob"
    )
    play.waits_until("40:00")
    assert play.state.generation == 2


def test_a_coordinator_takes_it_back_and_the_decliners_are_left_in_peace():
    play = ShiftScenario("ann", "bob", "cid").when("1:00", Decline("bob")).when("2:00", Claim("ann"))
    play.when("30:00", Release("ann", "sick")).told("released", "ann", since="2:00")
    play.then("30:00 released from ann by coordinator (sick)", "30:00 round 0 sms: cid")


def test_the_releaser_may_take_it_again_while_it_is_open():
    play = ShiftScenario("ann", "bob").when("1:00", Claim("ann")).when("2:00", Decline("ann"))
    play.when("3:00", Claim("ann")).told("claimed", "ann", since="3:00")


def test_waves_count_anew_in_a_new_generation():
    play = ShiftScenario("ann", "bob", "cid", policy=WAVES).when("0:30", Claim("ann"))
    play.when("5:00", Release())
    play.then("5:00 released from ann by coordinator", "5:00 round 0 sms: bob cid").waits_until("6:00")


def test_a_new_generation_can_be_exhausted_again():
    play = ShiftScenario("ann").when("21:00", Claim("ann"))
    assert play.state.exhausted
    play.when("30:00", Release()).then(
        "30:00 released from ann by coordinator",
        "30:00 round 0 sms: nobody",
        "30:00 round 1 voice: nobody",
        "30:00 exhausted",
    )


def test_a_shift_that_is_over_cannot_be_given_back():
    play = ShiftScenario("ann", "bob").when("1:00", Claim("ann"))
    play.when("16h", Decline("ann")).then("16h ann: decline -> closed").told("closed", "ann", since="1:00")
    play.when("17h", Release()).then().told("closed", "ann", since="1:00")


def test_a_no_to_a_shift_that_someone_else_has_keeps_them_out_of_its_next_generation():
    play = (
        ShiftScenario("ann", "bob", "cid")
        .when("1:00", Claim("ann"))
        .when("2:00", Decline("bob"))
        .told("declined")
    )
    play.when("3:00", Release()).then("3:00 released from ann by coordinator", "3:00 round 0 sms: cid")


def test_a_coordinator_assigns_a_planned_shift_without_asking_anybody():
    play = ShiftScenario("ann", "bob", started=False)
    play.when("1:00", Assign("bob", WAVES)).told("claimed", "bob", since="1:00")
    play.then("1:00 started", "1:00 claimed for bob by coordinator")
    play.when("2:00", Release()).then("2:00 released from bob by coordinator", "2:00 round 0 sms: ann")


def test_a_refused_assignment_starts_nothing():
    play = ShiftScenario("ann", started=False).when("1:00", Assign("ann", WAVES, eligible=False)).then()
    assert play.state.status is Status.PLANNED


def test_a_planned_and_a_filled_shift_can_be_called_off():
    ShiftScenario("ann", started=False).when("1:00", Cancel()).then("1:00 cancelled").told("cancelled")
    filled = ShiftScenario("ann").when("1:00", Claim("ann")).when("2:00", Cancel())
    filled.then("2:00 cancelled").told("cancelled", "ann", since="1:00")
    assert filled.state.holder is None


# --- decide and evolve ------------------------------------------------------------------------------


def test_an_event_from_before_the_last_one_is_a_bug():
    state = ShiftScenario("ann").state
    with pytest.raises(fanout.IllegalEvent, match="before the last event"):
        fanout.evolve(state, Expired(at("0:00") - 1))


def test_an_event_that_the_status_forbids_is_a_bug_and_changes_nothing():
    filled = ShiftScenario("ann").when("1:00", Claim("ann")).state
    kept = filled._replace()
    with pytest.raises(fanout.IllegalEvent, match="expired while filled"):
        fanout.evolve(filled, Expired(at("16h")))
    assert filled == kept


@given(
    st.permutations(["ann", "bob", "cid", "dee", "eve"]),
    st.lists(st.integers(0, 2_000), min_size=5, max_size=5),
)
def test_however_the_claims_arrive_the_first_has_it_and_all_others_hear_so(order, gaps_s):
    play, now_s = ShiftScenario(*sorted(order)), 0
    for who, gap_s in zip(order, gaps_s, strict=True):
        now_s += gap_s
        play.when(f"0:{now_s}", Claim(who))
        expected = ("claimed" if who == order[0] else "already_claimed", order[0])
        assert (play.outcome.status, play.outcome.holder) == expected
