"""What a journal tells: how long each text was watched, and what came of each call."""

from pathlib import Path

import pytest

from core.events import (
    CallAnswered,
    CallUnanswered,
    Cancelled,
    Claimed,
    Entry,
    Event,
    Expired,
    FanoutStarted,
    OptedOut,
    Purpose,
    Released,
    Replied,
    SendFailed,
    SendStarted,
)
from core.model import DEFAULT_POLICY
from core.reply import Intent
from core.sends import offer_key
from sim.calibration import journal
from sim.calibration.observations import Call, Observations, Text, observe

END_MS = 36_000_000


def seen(*events: Event) -> Observations:
    """What a journal tells in which one shift for RNs falls open at 0, and then this happens."""
    started = FanoutStarted(0, "RN", END_MS // 2, END_MS, DEFAULT_POLICY)
    return observe(Entry(n, "s", n, event) for n, event in enumerate((started, *events), start=1))


def sms(s: int, who: str, round: int = 0, generation: int = 1, attempt: int = 1) -> SendStarted:
    """The text of an offer goes out."""
    key = offer_key("s", generation, round, "sms", who)
    return SendStarted(s * 1000, key, who, "sms", attempt, "offer", generation, round)


def told(s: int, who: str, purpose: Purpose = "notice") -> SendStarted:
    """Some other text goes out."""
    return SendStarted(s * 1000, f"{purpose}/17", who, "sms", 1, purpose)


def rings(s: int, who: str) -> SendStarted:
    return SendStarted(s * 1000, f"s:1:1:voice:{who}", who, "voice", 1, "offer", 1, 1)


def answered(s: int, who: str) -> CallAnswered:
    return CallAnswered(s * 1000, f"s:1:1:voice:{who}", who)


def unanswered(s: int, who: str) -> CallUnanswered:
    return CallUnanswered(s * 1000, f"s:1:1:voice:{who}", who)


def says(s: int, who: str, intent: Intent) -> Replied:
    return Replied(s * 1000, who, intent, "declined")


def waited(s: float) -> Text:
    return Text("RN", s, False, None)


def replied(s: float, accepts: bool | None) -> Text:
    return Text("RN", s, True, accepts)


def test_a_reply_ends_the_wait_for_it():
    assert seen(sms(10, "anna"), says(70, "anna", "decline")).texts == (replied(60, False),)


def test_a_fill_ends_the_wait_for_all_but_counts_for_the_winner():
    story = seen(sms(0, "anna"), sms(1, "ben"), says(60, "ben", "accept"), Claimed(60_000, "ben"))
    assert story.texts == (waited(60), replied(59, True))


def test_what_losers_say_after_the_fill_does_not_count():
    story = seen(
        sms(0, "anna"),
        sms(0, "ben"),
        says(60, "ben", "accept"),
        Claimed(60_000, "ben"),
        says(70, "anna", "accept"),
    )
    assert story.texts == (waited(60), replied(60, True))


@pytest.mark.parametrize("end", [Cancelled(90_000), Expired(90_000), Claimed(90_000, "eve", "coordinator")])
def test_the_end_of_the_shift_ends_the_wait(end):
    assert seen(sms(0, "anna"), end, told(120, "eve")).texts == (waited(90),)


def test_the_end_of_the_journal_ends_the_wait():
    assert seen(sms(0, "anna"), sms(45, "ben")).texts == (waited(45), waited(0.0005))


def test_nobody_is_waited_for_after_the_end_of_the_shift():
    assert seen(sms(0, "anna"), told(END_MS // 1000 + 60, "anna")).texts == (waited(END_MS / 1000),)


def test_who_answers_a_call_says_it_by_phone():
    story = seen(sms(0, "anna"), rings(600, "anna"), answered(620, "anna"), says(630, "anna", "accept"))
    assert story.texts == (waited(620),)
    assert story.calls == (Call("RN", 20, True, True),)


def test_who_does_not_answer_may_still_reply_to_the_text():
    story = seen(sms(0, "anna"), rings(600, "anna"), unanswered(630, "anna"), says(900, "anna", "accept"))
    assert story.texts == (replied(900, True),)
    assert story.calls == (Call("RN", 30, False),)


def test_a_call_during_which_they_text_tells_nothing():
    story = seen(sms(0, "anna"), rings(600, "anna"), says(610, "anna", "decline"), unanswered(630, "anna"))
    assert (story.texts, story.calls) == ((replied(610, False),), ())


def test_a_call_without_an_outcome_had_rung_at_least_until_the_fill():
    story = seen(
        rings(600, "anna"),
        rings(601, "ben"),
        says(610, "eve", "accept"),
        Claimed(610_000, "eve"),
        sms(700, "eve"),
    )
    assert story.calls == (Call("RN", 9.9995, None), Call("RN", 8.9995, None))


def test_calls_placed_before_the_last_answered_one_would_have_been_answered_by_then():
    story = seen(
        rings(600, "anna"),
        rings(600, "ben"),
        rings(600, "eve"),
        answered(620, "ben"),
        Claimed(620_000, "ben"),
    )
    assert story.calls == (Call("RN", 20, True), Call("RN", 20, None), Call("RN", 19.9995, None))


def test_a_question_is_a_reply_that_decides_nothing_until_they_do():
    question = [sms(0, "anna"), says(60, "anna", "unknown")]
    assert seen(*question).texts == (replied(60, None),)
    assert seen(*question, says(90, "anna", "accept")).texts == (replied(60, True),)


def test_an_opt_out_is_a_no():
    assert seen(sms(0, "anna"), OptedOut(60_000, "anna")).texts == (replied(60, False),)


def test_the_wait_begins_with_the_attempt_that_goes_out():
    failed = [sms(0, "anna"), SendFailed(1_000, "s:1:0:sms:anna", "anna", "busy", final=False)]
    assert seen(*failed).texts == ()
    assert seen(*failed, sms(10, "anna", attempt=2), says(70, "anna", "decline")).texts == (
        replied(60, False),
    )


def test_a_reminder_ends_the_wait_for_an_answer_to_the_first_text():
    story = seen(sms(0, "anna"), sms(300, "anna", round=1), says(310, "anna", "accept"))
    assert story.texts == (waited(300),)


def test_a_next_generation_watches_those_who_were_not_asked_before():
    story = seen(
        sms(0, "anna"),
        sms(0, "ben"),
        says(60, "ben", "accept"),
        Claimed(60_000, "ben"),
        Released(100_000, "ben", "caregiver"),
        sms(100, "anna", generation=2),
        sms(100, "eve", generation=2),
        says(110, "anna", "decline"),
        says(120, "eve", "accept"),
    )
    assert story.texts == (waited(60), replied(60, True), replied(20, True))


def test_answers_and_notices_are_no_offers():
    assert seen(told(0, "anna", "answer"), told(0, "ben", "notice")).texts == ()


def test_a_call_that_failed_was_none():
    failed = SendFailed(601_000, "s:1:1:voice:anna", "anna", "line busy", final=True)
    assert seen(rings(600, "anna"), failed, Expired(END_MS)).calls == ()


def test_replies_that_could_mean_several_shifts_are_counted():
    assert observe([Entry(1, None, None, Replied(0, "anna", "accept", "which_shift"))]).unplaced == 1


def test_a_shift_whose_start_is_not_told_is_left_out():
    assert (
        observe([Entry(7, "s", 4, sms(0, "anna")), Entry(8, "s", 5, says(60, "anna", "accept"))]).texts == ()
    )


OLD_JOURNAL = Path(__file__).parents[2] / "data" / "journal_0.1.jsonl"


def test_a_journal_of_version_0_1_says_what_it_said_then():
    """It was written by the desk of version 0.1, and these are the observations of that version.

    Four shifts with failed texts and calls, reminders, an opt-out, a shift given back and one taken back,
    notices and answers. It tells an offer only by the key of its send.
    """
    found = observe(journal.read(OLD_JOURNAL))
    nurse, aide = replied(69, False), Text("CNA", 179, True, False)
    assert found.texts == (
        nurse, waited(299), waited(290), waited(320), aide, Text("CNA", 299, False, None),
        replied(89, True), *[waited(89)] * 3, *[waited(600)] * 4,
    )  # fmt: skip
    assert found.calls == (
        Call("RN", 12, True, True), Call("RN", 30, False), *[Call("RN", 598.9995, None)] * 3,
    )  # fmt: skip
    assert (found.roster, found.fanouts) == ({"CNA": 2, "RN": 4}, {"CNA": 1, "RN": 3})
    begun_ms = 1_740_981_600_000
    assert [at_ms - begun_ms for at_ms, _, _ in found.starts] == [0, 0, 3_600_000, 3_600_000]
    assert found.unplaced == 1
