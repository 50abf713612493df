"""Giving a shift back, opting out and in again: what may be undone by a text, and what may not."""

import pytest

from core.commands import StartFanout
from tests.core.agency import policy
from tests.core.playbook import AgencyScenario, heard, one_offer, two_offers

WORDS = "RN shift Mon Mar 3 2pm-10pm"


@pytest.mark.parametrize("no", ["no", "NO B", "can't make it", "I'm sick"])
def test_the_holder_who_says_no_gives_it_back_and_the_others_are_asked_again(no):
    """Rule 6."""
    office = one_offer()
    office.text("1:00", "ann", "yes")
    given_back = office.text("30:00", "ann", no)
    assert heard(given_back) == "released s1"
    office.delivers(
        "30:00",
        "sms ann: Confirmed: …",
        f"sms ann: OK, the {WORDS} is no longer yours. We are looking for someone else.",
        f"sms bob: {WORDS}. Reply YES B to take it, NO B to pass.",
    )


def test_a_shift_held_for_days_is_given_back_by_its_code():
    """Rule 10: a code of a held shift does not age."""
    office = AgencyScenario("ann", "bob").shift("s1", starts="80h").start("s1")
    office.text("1:00", "ann", "yes")
    assert heard(office.text("3d", "ann", "no B")) == "released s1"
    office.deliver("3d")
    assert heard(office.text("73h", "bob", "yes B")) == "claimed s1"


def test_a_bare_no_days_later_is_asked_back_and_names_the_held_shift():
    office = AgencyScenario("ann").shift("s1", starts="80h").start("s1")
    office.text("1:00", "ann", "yes")
    asked = office.text("3d", "ann", "no")
    assert asked.reply == "Which shift? B Thu Mar 6 2pm-10pm. Reply YES or NO and the letter."
    assert office.holder("s1") == "ann"


def test_someone_else_who_got_the_first_offer_may_take_the_released_shift():
    office = one_offer()
    office.text("1:00", "ann", "yes")
    office.text("2:00", "bob", "yes")
    office.text("30:00", "ann", "no")
    office.deliver("30:00")
    assert heard(office.text("31:00", "bob", "yes")) == "claimed s1"


@pytest.mark.parametrize("word", ["STOP", "cancel", "End", "QUIT"])
def test_an_opt_out_by_the_holder_gives_nothing_back(word):
    """Rule 6: carriers' opt-out words are never a release."""
    office = one_offer()
    office.text("1:00", "ann", "yes")
    assert heard(office.text("2:00", "ann", word)) == "opted_out None"
    assert office.holder("s1") == "ann"


def test_who_opts_out_is_answered_by_the_carrier_and_never_asked_again():
    """Rule 4."""
    office = one_offer()
    stopped = office.text("1:00", "ann", "STOP")
    assert (stopped.status, stopped.reply) == ("opted_out", None)
    office.pass_time("10:00", "s1")
    office.then("1:00 s1 opted out ann", "1:00 - ann: stop -> opted_out", "10:00 s1 round 1 voice: bob")
    office.delivers("10:00", "voice bob: Open …")


def test_a_text_that_waits_is_not_sent_to_who_has_opted_out():
    office = AgencyScenario("ann", "bob").shift("s1")
    office.do("0:00", StartFanout("s1"))
    office.text("0:01", "ann", "stop")
    office.delivers("0:02", "sms bob: …")


def test_when_the_last_one_asked_opts_out_the_shift_is_exhausted():
    office = one_offer("ann")
    office.text("1:00", "ann", "STOP")
    office.then(
        "1:00 s1 opted out ann",
        "1:00 s1 round 1 voice: nobody",
        "1:00 s1 exhausted",
        "1:00 - ann: stop -> opted_out",
    )


def test_an_opt_out_counts_for_open_offers_older_than_a_day():
    office = AgencyScenario("ann", "bob").shift("s1", starts="80h").rule(policy((0, "sms"))).start("s1")
    office.text("2d", "ann", "stop")
    office.then("10:00 s1 exhausted", "2d s1 opted out ann", "2d - ann: stop -> opted_out")


@pytest.mark.parametrize("word", ["START", "unstop", "yes"])
def test_start_or_a_bare_yes_opts_in_again_and_claims_nothing(word):
    office = one_offer()
    office.text("1:00", "ann", "stop")
    back = office.text("2:00", "ann", word)
    assert back.status == "opted_in"
    office.delivers("2:00", f"sms ann: {back.reply}")
    assert office.status("s1") == "open"
    office.shift("s2", starts="32h").start("s2", when="3:00")
    assert "s2" in office.codes("ann")


def test_consent_belongs_to_the_number():
    """Field report F."""
    office = one_offer("ann")
    old = office.phones["ann"]
    office.text("1:00", "ann", "stop")
    office.moves("2:00", "ann", "+177777")
    office.moves("3:00", "cat", old)
    office.then(
        "1:00 s1 opted out ann",
        "1:00 s1 round 1 voice: nobody",
        "1:00 s1 exhausted",
        "1:00 - ann: stop -> opted_out",
        "2:00 - ann has another phone: takes texts",
        "3:00 - cat has another phone: takes no texts",
    )
    office.shift("s2", starts="32h").start("s2", when="4:00")
    assert office.codes("ann") == {"s1": "B", "s2": "C"}
    assert office.codes("cat") == {}
    assert office.text("5:00", "cat", "start").status == "opted_in"


def test_somebody_new_at_a_number_that_said_stop_gets_no_texts():
    office = one_offer("ann")
    old = office.phones["ann"]
    office.text("1:00", "ann", "stop")
    office.moves("2:00", "ann", "+177777")
    office.phones["dan"] = old
    office.moves("3:00", "dan", old)
    office.shift("s2", starts="32h").start("s2", when="4:00")
    assert office.codes("dan") == {}


def test_yes_from_a_number_that_has_passed_on_takes_nothing_of_which_it_has_not_heard():
    """They may answer a text to the person who had the number before."""
    office = two_offers("ann").hire("bob").shift("s3", starts="56h").start("s3", when="0:30")
    old = office.phones["bob"]
    office.moves("1:00", "bob", "+177777")
    office.moves("2:00", "ann", old)
    asked = office.text("3:00", "ann", "yes D")
    assert (asked.status, asked.reply) == (
        "which_shift", "Which shift? D Wed Mar 5 2pm-10pm. Reply YES or NO and the letter.",
    )  # fmt: skip
    assert heard(office.text("4:00", "ann", "yes D")) == "claimed s3"


def test_help_explains_itself():
    office = one_offer()
    result = office.text("1:00", "ann", "HELP")
    expected = "Shift offers: reply YES or NO with the offer's letter, like YES B. STOP ends all texts."
    assert (result.status, result.reply) == ("help", expected)
