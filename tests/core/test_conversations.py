"""What caregivers text, what that does, and what they hear: the desk over a store."""

from core.commands import Refused, StartFanout
from core.events import Replied
from service.language.door import inbound
from tests.core.agency import policy
from tests.core.playbook import AgencyScenario, heard, one_offer, two_offers

WORDS = {
    "s1": "RN shift Mon Mar 3 2pm-10pm",
    "s2": "RN shift Tue Mar 4 2pm-10pm",
}


# --- one offer -----------------------------------------------------------------------------------


def test_an_offer_is_texted_to_everyone_with_the_role():
    office = AgencyScenario("ann", "bob").hire("lee", role="LPN").shift("s1")
    office.do("0:00", StartFanout("s1"))
    office.then("0:00 s1 started", "0:00 s1 round 0 sms: ann bob")
    offer = f"{WORDS['s1']}. Reply YES B to take it, NO B to pass."
    office.delivers("0:00", f"sms ann: {offer}", f"sms bob: {offer}")


def test_the_first_yes_wins_and_the_second_hears_when_it_went():
    """Rule 3."""
    office = one_offer()
    assert heard(office.text("1:00", "ann", "yes")) == "claimed s1"
    assert heard(office.text("1:01", "bob", "yes")) == "already_claimed s1"
    office.then(
        "1:00 s1 ann: accept -> claimed",
        "1:00 s1 claimed for ann by caregiver",
        "1:01 s1 bob: accept -> already_claimed",
    )
    office.delivers(
        "2:00",
        f"sms ann: Confirmed: {WORDS['s1']} is yours. Can't make it? Reply NO B.",
        f"sms bob: Sorry, the {WORDS['s1']} went to someone else at 6:01am. Thank you!",
    )


def test_two_yeses_in_one_batch_are_decided_in_their_order():
    """Rule 3: later commands see what earlier ones decided."""
    office = one_offer()
    results = office.do("1:00", office.says("bob", "yes"), office.says("ann", "yes"))
    assert [heard(r) for r in results] == ["claimed s1", "already_claimed s1"]
    assert office.holder("s1") == "bob"


def test_the_reply_and_the_text_that_is_sent_are_the_same():
    """Rule 7."""
    office = one_offer()
    result = office.text("1:00", "ann", "yes")
    office.delivers("1:00", f"sms ann: {result.reply}")


def test_a_winner_who_repeats_yes_hears_that_it_is_theirs():
    office = one_offer()
    office.text("1:00", "ann", "yes")
    again = office.text("2:00", "ann", "YES")
    assert heard(again) == "already_yours s1"
    assert again.reply == f"Confirmed: {WORDS['s1']} is yours. Can't make it? Reply NO B."


def test_a_word_that_is_no_answer_is_asked_back_and_excludes_nobody():
    """Rule 4: `unknown` does not exclude."""
    office = one_offer("ann")
    unclear = office.text("1:00", "ann", "maybe?")
    assert unclear.reply == (
        "Sorry, we did not understand. Reply YES B to take the shift, NO B to pass, or call the office."
    )
    office.pass_time("10:00", "s1")
    office.then("1:00 s1 ann: unknown -> unknown", "10:00 s1 round 1 voice: ann")


def test_a_change_of_mind_finds_its_shift():
    office = one_offer()
    assert heard(office.text("1:00", "ann", "no")) == "declined s1"
    assert heard(office.text("2:00", "ann", "yes")) == "claimed s1"


def test_someone_without_any_offer_hears_that_there_is_none():
    office = AgencyScenario("ann")
    result = office.text("1:00", "ann", "yes")
    assert heard(result) == "no_open_offer None"
    office.delivers(
        "1:00", "sms ann: We have no open shift for you right now. We will text you when there is one."
    )


def test_an_offer_that_expired_is_closed_even_before_any_tick():
    """Rule 2."""
    office = one_offer("ann")
    late = office.text("16h", "ann", "yes B")
    assert late.reply == f"Sorry, the {WORDS['s1']} is no longer open. Thank you!"
    assert office.status("s1") == "expired"


def test_a_call_names_its_shift_and_answers_with_a_key():
    """Rule 10: voice, 1 accepts and 2 declines."""
    office = two_offers()
    assert heard(office.text("10:00", "ann", "2", shift_id="s1")) == "declined s1"
    assert heard(office.text("10:00", "ann", "1", shift_id="s2")) == "claimed s2"


def test_who_was_never_asked_may_take_an_open_shift_of_their_role_but_of_no_other():
    office = one_offer("ann").hire("late").hire("lee", role="LPN")
    assert heard(office.text("1:00", "lee", "yes", shift_id="s1")) == "not_eligible s1"
    assert heard(office.text("2:00", "late", "yes", shift_id="s1")) == "claimed s1"


def test_a_message_from_an_unknown_phone_or_about_an_unknown_shift_is_refused_and_not_stored():
    office = one_offer("ann")
    office.phones["stranger"] = "+19999999"
    [unknown_phone] = office.do("1:00", office.says("stranger", "yes", message_id="m1"))
    [unknown_shift] = office.do("1:00", office.says("ann", "yes", shift_id="nope", message_id="m1"))
    assert isinstance(unknown_phone, Refused)
    assert isinstance(unknown_shift, Refused)
    office.then()
    assert heard(office.text("2:00", "ann", "yes", message_id="m1")) == "claimed s1"


# --- messages that come twice --------------------------------------------------------------------


def test_a_message_id_is_its_senders_alone():
    """Field report E."""
    office = two_offers("ann", "bob")
    assert heard(office.text("1:00", "ann", "yes B", message_id="17")) == "claimed s1"
    assert heard(office.text("1:00", "bob", "yes C", message_id="17")) == "claimed s2"
    stranger = inbound("+199999", "yes B", None, "17")
    assert [type(result) for result in office.do("1:00", stranger)] == [Refused]


def test_a_message_id_of_another_message_is_refused_and_nothing_happens():
    office = one_offer("ann")
    assert heard(office.text("1:00", "ann", "yes B", message_id="17")) == "claimed s1"
    for other in (office.says("ann", "STOP", None, "17"), office.says("ann", "yes B", "s1", "17")):
        [refused] = office.do("2:00", other)
        assert isinstance(refused, Refused)
        assert (refused.kind, refused.detail) == (
            "reused", "this phone sent another message with this message_id; give each its own",
        )  # fmt: skip
    assert heard(office.text("3:00", "ann", "NO B", message_id="18")) == "released s1"


def test_the_same_message_id_always_gets_the_first_answer():
    office = one_offer()
    first = office.text("1:00", "ann", "yes", message_id="m1")
    office.release("2:00", "s1")
    assert office.text("3:00", "ann", "yes", message_id="m1") == first
    assert office.status("s1") == "open"


def test_a_message_that_comes_twice_in_one_batch_is_answered_once():
    office = one_offer()
    twice = [office.says("ann", "yes", message_id="m1")] * 2
    first, second = office.do("1:00", *twice)
    assert first == second
    office.then("1:00 s1 ann: accept -> claimed", "1:00 s1 claimed for ann by caregiver")
    office.delivers("1:00", f"sms ann: {first.reply}")


# --- several offers at once ----------------------------------------------------------------------


def test_a_bare_yes_to_two_offers_is_asked_which_and_a_code_settles_it():
    """Rule 10."""
    office = two_offers()
    asked = office.text("1:00", "ann", "yes")
    assert heard(asked) == "which_shift None"
    assert asked.reply == (
        "Which shift? B Mon Mar 3 2pm-10pm; C Tue Mar 4 2pm-10pm. Reply YES or NO and the letter."
    )
    assert heard(office.text("2:00", "ann", "yes C")) == "claimed s2"
    assert office.holder("s1") is None


def test_a_bare_yes_after_one_of_two_is_answered_means_the_other():
    office = two_offers()
    office.text("1:00", "ann", "no B")
    assert heard(office.text("2:00", "ann", "yes")) == "claimed s2"


def test_an_offer_that_filled_silently_may_still_be_meant_until_they_are_told():
    """Rule 10."""
    office = two_offers()
    office.text("1:00", "bob", "yes B")
    asked = office.text("2:00", "ann", "yes")
    assert asked.reply == "Which shift? C Tue Mar 4 2pm-10pm. Reply YES or NO and the letter."
    assert heard(office.text("3:00", "ann", "yes B")) == "already_claimed s1"
    assert heard(office.text("4:00", "ann", "yes")) == "claimed s2"


def test_one_message_can_answer_two_offers():
    office = two_offers()
    result = office.text("1:00", "ann", "C no, B yes")
    assert heard(result) == "claimed s1"
    assert result.reply == (
        f"OK, you pass on the {WORDS['s2']}. Thanks for telling us. "
        f"Confirmed: {WORDS['s1']} is yours. Can't make it? Reply NO B."
    )
    office.then(
        "1:00 s2 ann: decline -> declined",
        "1:00 s1 ann: accept -> claimed",
        "1:00 s1 claimed for ann by caregiver",
    )


def test_one_message_can_take_two_shifts_that_do_not_overlap():
    office = two_offers()
    assert heard(office.text("1:00", "ann", "yes B yes C")) == "claimed s1"
    assert (office.holder("s1"), office.holder("s2")) == ("ann", "ann")


def test_codes_never_repeat_among_a_caregivers_offers_of_shifts_that_have_not_ended():
    """Rule 10."""
    office = AgencyScenario("ann").shift("s1").shift("s2", starts="32h").shift("s3", starts="56h")
    office.start("s1").start("s2", when="30:00").start("s3", when="23h")
    assert office.codes("ann") == {"s1": "B", "s2": "C", "s3": "D"}


def test_a_code_is_free_again_once_its_shift_has_ended_and_a_day_has_passed():
    office = (
        AgencyScenario("ann").shift("s1", starts="8h").shift("s2", starts="80h").shift("s3", starts="81h")
    )
    office.rule(policy((0, "sms"))).start("s1").start("s2", when="23h").start("s3", when="24h")
    assert office.codes("ann") == {"s1": "B", "s2": "C", "s3": "B"}
    assert heard(office.text("25h", "ann", "yes b")) == "claimed s3"


def test_an_open_shift_is_claimed_by_its_code_days_after_the_last_round():
    """Field report A."""
    office = AgencyScenario("ann").shift("s1", starts="72h").start("s1")
    assert heard(office.text("24h", "ann", "is it far?")) == "unknown None"
    asked = office.text("30h", "ann", "yes")
    assert asked.reply == "Which shift? B Thu Mar 6 6am-2pm. Reply YES or NO and the letter."
    assert heard(office.text("71h", "ann", "YES B")) == "claimed s1"


def test_who_answers_days_later_is_told_what_became_of_the_shift():
    office = AgencyScenario("ann", "bob").shift("s1", starts="72h").start("s1")
    office.text("1:00", "bob", "yes")
    assert heard(office.text("48h", "ann", "yes B")) == "already_claimed s1"
    office.cancel("49h", "s1")
    assert heard(office.text("50h", "ann", "yes B")) == "closed s1"


def test_a_late_code_hits_its_own_shift_and_no_other():
    """Rule 10."""
    office = two_offers()
    office.text("1:00", "bob", "yes B")
    assert heard(office.text("10h", "ann", "yes B")) == "already_claimed s1"
    assert heard(office.text("11h", "ann", "yes X")) == "which_shift None"


def test_a_bare_yes_after_the_hour_is_asked_back_with_the_code():
    office = AgencyScenario("ann").shift("s1").rule(policy((0, "sms"))).start("s1")
    asked = office.text("1h", "ann", "yes")
    assert asked.reply == "Which shift? B Mon Mar 3 2pm-10pm. Reply YES or NO and the letter."


def test_a_call_begins_the_hour_anew():
    office = one_offer("ann")
    office.pass_time("10:00", "s1")
    office.deliver("10:00")
    assert heard(office.text("65:00", "ann", "yes")) == "claimed s1"


def test_every_message_is_in_the_journal_with_its_intent_and_result_losers_too_and_without_phones():
    """Rule 11."""
    office = one_offer("ann", "bob", "cid")
    for second, (name, body) in enumerate(
        [("ann", "yes"), ("bob", "yes"), ("cid", "hm"), ("bob", "help"), ("cid", "stop"), ("ann", "yes")]
    ):
        office.text(f"1:0{second}", name, body)
    replied = [e.event for e in office.journal() if isinstance(e.event, Replied)]
    assert [(r.caregiver_id, r.intent, r.result) for r in replied] == [
        ("ann", "accept", "claimed"),
        ("bob", "accept", "already_claimed"),
        ("cid", "unknown", "unknown"),
        ("bob", "help", "help"),
        ("cid", "stop", "opted_out"),
        ("ann", "accept", "already_yours"),
    ]
    lines = " ".join(entry.line() for entry in office.journal())
    assert [phone for phone in office.phones.values() if phone in lines] == []
