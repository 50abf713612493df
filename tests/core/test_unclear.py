"""What is no answer or hardly one: explained once, seen by the coordinator, never taken for a yes."""

import pytest

from core.commands import PutShift
from core.events import Claimed
from service.language.wording import Wording
from tests.core.playbook import AgencyScenario, heard, make_shift, one_offer, two_offers

MONDAY, TUESDAY = "Mon Mar 3 2pm-10pm", "Tue Mar 4 2pm-10pm"
HOW_B = "Sorry, we did not understand. Reply YES B to take the shift, NO B to pass, or call the office."


def shown(office: AgencyScenario, shift_id: str = "s1") -> list[str]:
    """The messages that the coordinator sees on a shift."""
    view = office.store.shift(shift_id)
    assert view is not None
    return [f"{item.caregiver_id}: {item.text} -> {item.reason}" for item in view.attention]


# --- what was not understood ---------------------------------------------------------------------


def test_how_to_answer_is_told_once_in_half_an_hour_and_offer():
    office = one_offer()
    assert office.text("1:00", "ann", "is it far?").reply == HOW_B
    assert office.text("2:00", "ann", "hello??").reply is None
    assert office.text("30:59", "ann", "hm").reply is None
    assert office.text("31:00", "ann", "hm").reply == HOW_B
    office.delivers("31:00", f"sms ann: {HOW_B}", f"sms ann: {HOW_B}", "voice ann: …", "voice bob: …")


def test_another_offer_is_explained_as_well():
    office = one_offer().shift("s2", starts="32h")
    office.text("1:00", "ann", "where?")
    office.text("1:30", "ann", "no B")
    office.start("s2", when="2:00")
    again = office.text("3:00", "ann", "where?")
    assert again.reply == HOW_B.replace(" B", " C")


@pytest.mark.parametrize(
    "away",
    [
        "I'm driving with Focus turned on",
        "I am away until Monday",
        "Sorry, I can't",
        "busy",
        "I can't talk now",
    ],
)
@pytest.mark.parametrize("offers", [0, 1, 2])
def test_a_machine_that_answers_every_text_is_answered_once(away, offers):
    office = [AgencyScenario("ann"), one_offer("ann"), two_offers("ann")][offers]
    replies = [office.text(f"1:{s:02}", "ann", away).reply for s in range(0, 60, 5)]
    assert [reply is None for reply in replies] == [False] + [True] * 11


def test_who_was_told_that_nothing_is_open_is_still_asked_which_of_two_new_offers_they_mean():
    office = AgencyScenario("ann", "bob").shift("s1").shift("s2", starts="32h")
    assert heard(office.text("0:00", "ann", "no")) == "no_open_offer None"
    office.start("s1", when="1:00").start("s2", when="1:00")
    asked = office.text("2:00", "ann", "no")
    assert asked.reply == f"Which shift? B {MONDAY}; C {TUESDAY}. Reply YES or NO and the letter."


@pytest.mark.parametrize("body", ["blah B", "blah"])
def test_what_was_not_told_to_somebody_who_had_opted_out_is_told_when_they_are_back(body):
    office = one_offer()
    for when, text in (("1:00", "STOP"), ("2:00", body), ("3:00", "START")):
        office.text(when, "ann", text)
    assert office.text("4:00", "ann", body).reply == HOW_B


def test_a_clock_that_was_set_back_explains_nothing_anew():
    office = one_offer()
    assert office.text("20:00", "ann", "hm").reply == HOW_B
    assert office.text("1:00", "ann", "hm").reply is None


def test_an_unclear_message_to_two_offers_names_both_and_then_neither():
    office = two_offers()
    asked = office.text("1:00", "ann", "which house is it?")
    assert heard(asked) == "unknown None"
    assert asked.reply == (
        "Sorry, we did not understand. Reply YES or NO and the letter, or call the office: "
        f"B {MONDAY}; C {TUESDAY}."
    )
    assert office.text("2:00", "ann", "well?").reply is None
    assert heard(office.text("3:00", "ann", "yes C")) == "claimed s2"


def test_of_two_offers_only_the_one_is_explained_that_has_not_been():
    office = one_offer().shift("s2", starts="32h")
    office.text("1:00", "ann", "where?")
    office.start("s2", when="2:00")
    assert office.text("3:00", "ann", "where?").reply == HOW_B.replace(" B", " C")
    assert office.text("4:00", "ann", "where?").reply is None


def test_who_has_the_shift_hears_that_it_stays_theirs():
    office = one_offer()
    office.text("1:00", "ann", "yes")
    asked = office.text("2:00", "ann", "where do I park?")
    assert heard(asked) == "unknown s1"
    assert asked.reply == (
        f"Sorry, we did not understand. Your shift {MONDAY} stays yours. "
        "Can't make it? Reply NO B or call the office."
    )
    assert office.holder("s1") == "ann"


def test_who_asks_about_a_shift_that_has_gone_hears_so():
    office = one_offer()
    office.text("1:00", "bob", "yes")
    asked = office.text("2:00", "ann", "is it still open?")
    assert asked.reply == (
        f"Sorry, we did not understand. The shift {MONDAY} is not open. Questions? Call the office."
    )


def test_in_a_call_about_an_open_shift_that_was_never_texted_there_is_no_letter():
    office = one_offer("ann").hire("late")
    unclear = office.text("1:00", "late", "5", shift_id="s1")
    assert unclear.reply == HOW_B.replace(" B", "")


def test_texts_name_the_office_as_the_agency_wants_it():
    office = one_offer()
    office.wording = Wording("UTC", "+1 555 0100")
    assert office.text("1:00", "ann", "hm").reply == HOW_B.replace("the office", "+1 555 0100")


# --- what the coordinator sees -------------------------------------------------------------------


def test_the_coordinator_sees_on_the_shift_what_was_not_understood_each_time():
    office = one_offer()
    office.text("1:00", "ann", "yes but only until 2")
    office.text("2:00", "ann", "can I come at 3?")
    office.text("3:00", "bob", "no")
    assert shown(office) == ["ann: yes but only until 2 -> unknown", "ann: can I come at 3? -> unknown"]


def test_what_may_be_about_two_shifts_is_seen_on_both():
    office = two_offers()
    office.text("1:00", "ann", "which one is closer?")
    assert shown(office, "s1") == shown(office, "s2") == ["ann: which one is closer? -> unknown"]


def test_why_a_shift_was_given_back_is_seen():
    office = one_offer()
    office.text("1:00", "ann", "yes")
    assert heard(office.text("2:00", "ann", "actually I can't, my son is sick")) == "released s1"
    assert shown(office) == ["ann: actually I can't, my son is sick -> released"]


def test_the_text_is_not_in_the_journal():
    office = one_offer()
    office.text("1:00", "ann", "call me at 555 0147 I have the flu")
    assert not any("0147" in entry.line() or "flu" in entry.line() for entry in office.journal())


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ("  hm\n\n hm ", "hm hm"),
        ("h\x00\x1bm\u202e\u200b", "hm"),
        ("Нет, спасибо", "Нет, спасибо"),
        ("x" * 10_000, "x" * 318 + ".."),
        ("\x00" * 10_000, None),
        ("", None),
    ],
)
def test_a_message_is_shown_in_one_line_that_can_be_read(body, seen):
    office = one_offer()
    assert heard(office.text("1:00", "ann", body)) == "unknown s1"
    assert shown(office) == ([f"ann: {seen} -> unknown"] if seen else [])


def test_every_message_is_seen_however_many_there_are():
    office = one_offer()
    for number in range(45):
        office.text("1:00", "ann", f"why {number}?")
    assert [line.split(" ->")[0] for line in shown(office)] == [f"ann: why {n}?" for n in range(45)]


def test_who_takes_no_texts_and_accepts_is_shown_since_they_hear_nothing():
    office = one_offer()
    office.text("1:00", "ann", "STOP")
    assert heard(office.text("2:00", "ann", "YES B")) == "claimed s1"
    assert shown(office) == ["ann: YES B -> claimed"]
    assert office.deliver("2:00") == []


# --- a mere ok -----------------------------------------------------------------------------------


@pytest.mark.parametrize("ok", ["ok", "Ok thanks", "👍🏽", "sounds good", "Sige po", "dako", "vale gracias"])
def test_an_ok_to_an_offer_accepts_it(ok):
    office = one_offer()
    assert heard(office.text("1:00", "ann", ok)) == "claimed s1"


def test_an_ok_to_we_are_told_that_it_has_gone_does_not_accept_another():
    office = two_offers()
    office.text("1:00", "bob", "yes B")
    assert heard(office.text("2:00", "ann", "yes B")) == "already_claimed s1"
    thanks = office.text("2:30", "ann", "ok thank you")
    assert thanks.reply == f"Which shift? C {TUESDAY}. Reply YES or NO and the letter."
    assert office.holder("s2") is None
    assert heard(office.text("3:00", "ann", "yes C")) == "claimed s2"


@pytest.mark.parametrize(
    ("said", "status"), [("no", "declined"), ("yes", "claimed"), ("sorry, I can't", "declined")]
)
def test_an_ok_after_an_answer_says_nothing(said, status):
    office = one_offer()
    assert office.text("1:00", "ann", said).status == status
    thanks = office.text("2:00", "ann", "ok thank you")
    assert (heard(thanks), thanks.reply) == ("unknown None", None)
    assert office.holder("s1") == ("ann" if said == "yes" else None)
    assert shown(office) == []


def test_an_ok_after_giving_back_takes_nothing():
    office = one_offer("ann").shift("s2", starts="32h")
    office.text("1:00", "ann", "yes")
    office.start("s2", when="2:00")
    assert heard(office.text("3:00", "ann", "can't make it B")) == "released s1"
    assert heard(office.text("4:00", "ann", "ok thanks")) == "which_shift None"
    assert (office.holder("s1"), office.holder("s2")) == (None, None)


def test_an_ok_to_how_to_answer_is_asked_back():
    office = one_offer()
    office.text("1:00", "ann", "what time?")
    assert heard(office.text("2:00", "ann", "ok")) == "which_shift None"


@pytest.mark.parametrize("asked", ["help", "START"])
def test_an_ok_to_a_text_about_no_offer_is_asked_back(asked):
    office = one_offer()
    office.text("1:00", "ann", asked)
    assert heard(office.text("2:00", "ann", "ok")) == "which_shift None"


def test_an_ok_to_a_shift_that_was_called_off_takes_no_other():
    office = AgencyScenario("ann").shift("s1", starts="40h").shift("s2", starts="80h").start("s1")
    office.text("1:00", "ann", "yes")
    office.start("s2", when="30h")
    office.cancel("1801:00", "s1")
    assert heard(office.text("1802:00", "ann", "ok thanks")) == "which_shift None"
    assert office.holder("s2") is None


def test_an_ok_to_an_offer_that_came_after_an_answer_accepts_it():
    office = one_offer().shift("s2", starts="32h")
    office.text("1:00", "ann", "no")
    office.start("s2", when="2:00")
    assert heard(office.text("3:00", "ann", "ok")) == "claimed s2"


def test_an_ok_out_of_the_blue_is_left_alone():
    office = AgencyScenario("ann")
    thanks = office.text("1:00", "ann", "ok")
    assert (heard(thanks), thanks.reply) == ("unknown None", None)


def test_an_ok_to_the_carriers_goodbye_does_not_opt_in_again():
    office = one_offer()
    office.text("1:00", "ann", "STOP")
    assert heard(office.text("2:00", "ann", "ok thank you")) == "unknown None"
    assert heard(office.text("3:00", "ann", "Yes ")) == "opted_in None"


# --- who has a shift already ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("NO", f"Which shift? B {MONDAY}; C {TUESDAY}. Reply YES or NO and the letter."),
        (
            "my kid is sick, I can't come in",
            f"Which shift? B {MONDAY}; C {TUESDAY}. Reply YES or NO and the letter.",
        ),
        ("yes", f"Which shift? B {MONDAY}; C {TUESDAY}. Reply YES or NO and the letter."),
        (
            "yes I'll be there, thanks",
            f"Which shift? B {MONDAY}; C {TUESDAY}. Reply YES or NO and the letter.",
        ),
    ],
)
def test_after_taking_one_of_two_a_bare_answer_is_asked_which(said, reply):
    office = two_offers()
    office.text("1:00", "ann", "yes B")
    asked = office.text("2:00", "ann", said)
    assert (asked.status, asked.reply) == ("which_shift", reply)
    assert (office.holder("s1"), office.holder("s2")) == ("ann", None)
    assert shown(office) == ([] if said.startswith("yes") else [f"ann: {said} -> which_shift"])


def test_a_question_of_who_took_one_of_two_is_seen_on_both():
    office = two_offers()
    office.text("1:00", "ann", "yes B")
    office.text("2:00", "ann", "where do I park?")
    assert shown(office, "s1") == shown(office, "s2") == ["ann: where do I park? -> unknown"]


def test_a_question_that_names_an_offer_is_about_that_one():
    office = two_offers()
    office.text("1:00", "ann", "no C")
    asked = office.text("2:00", "ann", "is C still open?")
    assert heard(asked) == "unknown s2"
    assert asked.reply == HOW_B.replace(" B", " C")


@pytest.mark.parametrize(
    "said", ["I'm sick", "can't make it", "sorry I can't make it, I'm sick", "calling out"]
)
def test_who_holds_a_shift_and_cannot_come_is_asked_which_though_another_offer_is_newer(said):
    office = one_offer("ann").shift("s2", starts="32h")
    office.text("1:00", "ann", "yes")
    office.start("s2", when="70:00")
    asked = office.text("71:00", "ann", said)
    assert asked.reply == f"Which shift? B {MONDAY}; C {TUESDAY}. Reply YES or NO and the letter."
    assert shown(office) == [f"ann: {said} -> which_shift"]
    assert heard(office.text("72:00", "ann", "no B")) == "released s1"


def test_a_mere_no_to_a_new_offer_passes_on_that_one():
    office = one_offer("ann").shift("s2", starts="32h")
    office.text("1:00", "ann", "yes")
    office.start("s2", when="70:00")
    assert heard(office.text("71:00", "ann", "no thanks")) == "declined s2"


@pytest.mark.parametrize(
    "said",
    [
        "busy", "in class", "away from phone", "not available right now", "flat tire, be late",
        "no thank you I have a ride", "I will not be late", "no key at the door", "my client is sick",
        "not sick anymore", "can't stay past 6", "no I'm still coming",
    ],
)  # fmt: skip
def test_a_held_shift_is_given_back_only_by_who_says_so(said):
    office = one_offer()
    office.text("1:00", "ann", "yes")
    assert heard(office.text("2:00", "ann", said)) == "unknown s1"
    assert office.holder("s1") == "ann"
    assert shown(office) == [f"ann: {said} -> unknown"]


@pytest.mark.parametrize("said", ["on my way", "ok I'm here", "ok"])
def test_who_is_on_the_way_to_a_shift_takes_no_other(said):
    office = one_offer("ann").shift("s2", starts="32h")
    office.text("1:00", "ann", "yes")
    office.start("s2", when="70:00")
    office.text("71:00", "ann", said)
    assert office.holder("s2") is None


def test_a_holder_who_cannot_come_is_asked_which_after_any_other_text():
    office = AgencyScenario("ann").shift("s1").shift("s2", starts="32h")
    office.assign("1:00", "s1", "ann")
    office.assign("1:00", "s2", "ann")
    asked = office.text("2:00", "ann", "sorry I can't make it")
    assert asked.reply == f"Which shift? B {MONDAY}; C {TUESDAY}. Reply YES or NO and the letter."
    again = office.text("3:00", "ann", "I really can't")
    assert (again.status, again.reply) == ("which_shift", None)
    assert len(shown(office)) == 2


def test_who_repeats_a_yes_after_an_hour_hears_that_it_is_theirs():
    office = one_offer("ann")
    office.text("1:00", "ann", "yes")
    assert heard(office.text("80:00", "ann", "yes")) == "already_yours s1"


@pytest.mark.parametrize("stop", ["STOP", "cancel", "please stop texting me"])
def test_the_coordinator_sees_that_a_holder_takes_no_more_texts(stop):
    office = one_offer()
    office.text("1:00", "ann", "yes")
    office.text("2:00", "ann", stop)
    assert shown(office) == [f"ann: {stop} -> opted_out"]


@pytest.mark.parametrize("text", ["remove me from the shift", "Quítenme del turno", "take me off that shift"])
def test_leaving_a_shift_is_not_leaving_the_texts(text):
    office = one_offer()
    office.text("1:00", "ann", "yes")
    assert heard(office.text("2:00", "ann", text)) == "released s1"


# --- a mere thank-you ----------------------------------------------------------------------------


def test_a_thank_you_after_an_answer_says_nothing_and_to_an_offer_is_asked_back():
    office = one_offer()
    assert office.text("1:00", "bob", "thank you!!").reply == HOW_B
    office.text("1:00", "ann", "yes")
    thanks = office.text("2:00", "ann", "Thank you so much!!")
    assert (heard(thanks), thanks.reply) == ("unknown None", None)
    assert shown(office) == ["bob: thank you!! -> unknown"]


def test_an_ok_after_giving_back_an_old_shift_takes_no_new_one():
    office = AgencyScenario("ann").shift("s1", starts="40h").shift("s2", starts="80h").start("s1")
    office.text("1:00", "ann", "yes")
    office.start("s2", when="30h")
    assert heard(office.text("1801:00", "ann", "no B")) == "released s1"
    assert heard(office.text("1802:00", "ann", "ok thank you")) == "which_shift None"


def test_an_ok_before_the_new_offer_has_been_sent_takes_nothing():
    office = one_offer()
    office.text("1:00", "bob", "yes")
    office.text("2:00", "ann", "yes")
    office.release("3:00", "s1")
    assert heard(office.text("3:01", "ann", "ok thank you")) == "which_shift None"
    assert office.holder("s1") is None


def test_an_ok_to_a_wrong_day_is_told_the_right_one():
    office = one_offer()
    other = office.text("1:00", "ann", "ok tuesday works for me")
    assert heard(other) == "unknown s1"
    assert other.reply is not None
    assert shown(office) == ["ann: ok tuesday works for me -> unknown"]


def test_two_answers_are_told_in_one_text_however_long_and_it_confirms_what_was_won():
    office = AgencyScenario("ann", "bob").shift("s1").shift("s2", starts="32h")
    for shift_id, starts in (("s1", "8h"), ("s2", "32h")):
        office.do("0:00", PutShift(make_shift(shift_id, starts, location="0123456789" * 6)))
    office.start("s1", "s2")
    both = office.text("1:00", "ann", "B yes, C no")
    assert both.reply is not None
    assert len(both.reply) > 160
    [sent] = office.deliver("1:00")
    assert sent.text == both.reply
    claims = [entry.seq for entry in office.journal() if isinstance(entry.event, Claimed)]
    assert [e.event.confirms for e in office.journal() if e.event.kind == "send_started"][-1] == (*claims,)
