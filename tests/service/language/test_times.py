"""Times and days named in a reply must be those of the shift: an accept of another time is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reply import Date, DaysAhead, Never, Point, Span, TimeMark, TimeOfDay, Weekday, Weekend, fits
from service.language.reading.phrases import fold
from service.language.reading.read import read
from service.language.reading.times import marked
from tests.core.playbook import Office, at, heard, make_shift, one_offer, two_offers

# Monday March 3, 2pm to 10pm; it is 6am of that day.
AFTERNOON = make_shift("s1")


def span(start: int, end: int) -> Span:
    """From when to when, without saying whether before or after noon."""
    return Span(TimeOfDay(start, "12h"), TimeOfDay(end, "12h"))


NIGHT = make_shift("s2", starts="14h", hours=10)  # 8pm to 6am


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yes 2-10", "yes span120x600"),
        ("2pm to 10pm", "span840fx1320f"),
        ("2-10pm", "span120x1320f"),
        ("7p-7a", "span1140fx420f"),
        ("from 2:30 until 8", "span150x480"),
        ("de 2 a 10", "span120x600"),
        ("2 hanggang 10", "span120x600"),
        ("at 2", "point120"),
        ("a las 2 en punto", "point120 en punto"),
        ("2pm", "point840f"),
        ("a 2zè", "point120"),
        ("3/3", "date3x3"),
        ("march 3rd", "date3x3"),
        ("3 de marzo", "date3x3"),
        ("the 14th", "date0x14"),
        ("12 Oak St", "12 oak st"),
        ("at 12 Oak St", "at 12 oak st"),
        ("555-1234", "555-1234"),
        ("B 1 C 2", "b 1 c 2"),
        ("24/7", "date24x7"),
        ("$20", "$20"),
    ],
)
def test_times_and_dates_are_marked(text, expected):
    assert " ".join(marked(fold(text)).split()) == expected


@pytest.mark.parametrize(
    ("text", "fitting"),
    [
        ("Yes, Monday 2-10", True),
        ("Yes I can do Monday 2pm to 10pm, thanks!", True),
        ("Sí, el lunes de 2 a 10", True),
        ("Oo, darating ako sa Lunes, 2 hanggang 10", True),
        ("yes, 3/3 from 2 until 10", True),
        ("See you Monday at 2", True),
        ("Yes I'll be there on the 3rd at 2pm", True),
        ("Yes, Tuesday 2-10", False),
        ("Yes, Monday 3-10", False),
        ("Yes I can do Monday 2pm to 8pm", False),
        ("I'll take Tuesday", False),
        ("yes I'll take it tomorrow", False),
        ("yes today", True),
        ("yes tonight", True),
        ("Yes I can do Monday 2am to 10am", False),
        ("Yes, see you at 2am", False),
        ("Sí, el martes de 2 a 10", False),
        ("see you Monday at 3", False),
        ("yes I'll be there at noon", False),
        ("yes I'll take the weekend one", False),
        ("yes I'll take it next week", False),
        ("Yes I'll take it, March 4", False),
    ],
)
def test_a_consent_that_names_a_time_is_one_at_that_time_only(text, fitting):
    reply = read(text)
    assert [answer.intent for answer in reply.answers] == ["accept"]
    assert fits(reply.answers[0].times, AFTERNOON, "UTC", at("0:00")) == fitting
    office = one_offer()
    assert heard(office.text("1:00", "ann", text)) == ("claimed s1" if fitting else "unknown s1")


@pytest.mark.parametrize("text", ["I can do 4 to 8", "I can do Tuesday", "yes for tuesday", "ill take 4-8"])
def test_a_time_without_a_yes_or_the_word_of_this_shift_is_a_counter_offer(text):
    assert read(text).answers[0].intent == "unknown"


@pytest.mark.parametrize(
    ("marks", "fitting"),
    [
        ([Weekday(0)], True),
        ([Weekday(1)], False),
        ([span(480, 360)], True),
        ([DaysAhead(0)], True),
        ([DaysAhead(1)], False),
        ([Point(TimeOfDay(480, "12h")), Date(3, 3)], True),
        ([Date(4, 3)], False),
        ([], True),
    ],
)
def test_a_night_shift_is_on_the_day_on_which_it_begins(marks, fitting):
    assert fits(marks, NIGHT, "UTC", at("0:00")) == fitting


@pytest.mark.parametrize(("text", "fitting"), [("yes 7p-7a", False), ("yes 7a-7p", True), ("yes 7-7", True)])
def test_day_and_night_are_told_apart_where_somebody_does(text, fitting):
    day = make_shift("s1", starts="25h", hours=12)
    assert fits(read(text).answers[0].times, day, "UTC", at("0:00")) == fitting


@pytest.mark.parametrize(
    "text", ["yes today", "I can today", "puedo hoy", "wi jodi a", "yes im free tonight"]
)
def test_today_is_no_shift_of_tomorrow(text):
    office = Office("ann").shift("s1", starts="32h").start("s1")
    assert heard(office.text("1:00", "ann", text)) == "unknown s1"


def test_who_would_come_at_another_time_hears_so_each_time():
    office = one_offer()
    for minute in (1, 2):
        other = office.text(f"{minute}:00", "ann", "yes, Tuesday 2-10")
        assert other.reply == (
            "The RN shift Mon Mar 3 2pm-10pm is at this time only. Reply YES B to take it, NO B to pass."
        )
    view = office.store.shift("s1")
    assert view is not None
    assert [message.status for message in view.notes] == ["unknown", "unknown"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("I can't work Tuesday", "unknown"),
        ("no puedo el martes", "unknown"),
        ("sorry I can't make it Monday", "released"),
        ("can't, I'm in Texas until Friday", "released"),
        ("can't make it", "released"),
    ],
)
def test_a_shift_is_not_given_back_by_a_no_to_another_day(text, status):
    office = one_offer()
    office.text("1:00", "ann", "yes")
    assert office.text("2:00", "ann", text).status == status


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("B yes tuesday, C no", []),
        ("no B, yes C 3-11", []),
        ("no B. yes C, Friday", []),
        ("no B monday, yes C tuesday", ["s2"]),
        ("Yes B Monday 2-10, yes C Tuesday 2-10", ["s1", "s2"]),
        ("yes B monday yes C wednesday", ["s1"]),
        ("B yes monday C yes tuesday", ["s1", "s2"]),
    ],
)
def test_each_of_two_answers_is_one_at_the_time_that_it_names(text, taken):
    office = two_offers()
    office.text("1:00", "ann", text)
    assert [shift_id for shift_id in ("s1", "s2") if office.holder(shift_id) == "ann"] == taken


def test_times_are_the_shifts_local_ones():
    boston = make_shift("s1", timezone="America/New_York")  # 9am to 5pm there
    assert fits([span(540, 300)], boston, "UTC", at("0:00"))
    assert fits([span(120, 600)], AFTERNOON, "UTC", at("0:00"))
    assert fits([span(540, 300)], AFTERNOON, "America/New_York", at("0:00"))


def test_tomorrow_is_tomorrow_where_the_shift_is():
    office = Office("ann").shift("s1", starts="32h").start("s1")
    assert heard(office.text("1:00", "ann", "yes I'll take it tomorrow")) == "claimed s1"


@given(st.text("0123456789:/- toahpmdeg", max_size=40))
def test_whatever_looks_like_a_time_is_read_and_compared(text):
    for answer in read(f"yes i can do it {text}").answers:
        assert fits(answer.times, AFTERNOON, "UTC", at("0:00")) in (True, False)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("yes 2-10", [span(120, 600)]),
        ("yes 2pm to 10pm", [Span(TimeOfDay(840), TimeOfDay(1320))]),
        ("yes, see you monday at 2", [Weekday(0), Point(TimeOfDay(120, "12h"))]),
        ("yes I will take it at noon", [Point(TimeOfDay(720))]),
        ("yes I will take it the 14th", [Date(14)]),
        ("yes I will take it march 3rd", [Date(3, 3)]),
        ("yes I will take it tomorrow", [DaysAhead(1)]),
        ("yes I will take it the weekend one", [Weekend()]),
        ("yes I will take it next week", [Never()]),
        ("yes", []),
    ],
)
def test_an_answer_carries_the_times_that_it_names(text: str, times: list[TimeMark]) -> None:
    assert [mark for answer in read(text).answers for mark in answer.times] == times
