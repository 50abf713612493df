"""Times and days named in a reply must be those of the shift: an accept of another time is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Shift
from core.reply import (
    Date,
    DaysAhead,
    Never,
    Point,
    Span,
    TimeMark,
    TimeOfDay,
    Weekday,
    Weekend,
    fits,
)
from service.language.reading.phrases import fold
from service.language.reading.read import read
from service.language.reading.times import marked
from tests.service.language.story import NOW_MS, make_shift

AFTERNOON = make_shift("s1")  # Monday March 3, 2pm to 10pm; it is 6am of that day
TUESDAY = make_shift("s2", starts_h=32)


def fit(times: tuple[TimeMark, ...], shift: Shift, zone: str = "UTC") -> bool:
    return fits(times, shift, zone, NOW_MS)


def half_day(hours: int, minutes: int = 0) -> TimeOfDay:
    """A time of which nobody said whether it is before or after noon."""
    return TimeOfDay(hours * 60 + minutes, "12h")


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
def test_a_time_or_date_becomes_one_word_in_the_text(text, expected):
    assert " ".join(marked(fold(text)).split()) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yes, 2 to 10", (Span(half_day(2), half_day(10)),)),
        ("yes 2:30-10pm", (Span(half_day(2, 30), TimeOfDay(22 * 60)),)),
        ("yes 7p-7a", (Span(TimeOfDay(19 * 60), TimeOfDay(7 * 60)),)),
        ("yes I'll be there at 2", (Point(half_day(2)),)),
        ("yes I'll be there at noon", (Point(TimeOfDay(12 * 60)),)),
        ("yes I'll be there at midnight", (Point(TimeOfDay(0)),)),
        ("Yes I'll take it, March 4", (Date(4, 3),)),
        ("yes I'll be there on the 3rd", (Date(3),)),
        ("Sí, el martes de 2 a 10", (Weekday(1), Span(half_day(2), half_day(10)))),
        ("yes I'll take the weekend one", (Weekend(),)),
        ("yes I'll take it tonight", (DaysAhead(0),)),
        ("yes I'll take it tomorrow", (DaysAhead(1),)),
        ("yes I'll take it next week", (Never(),)),
        ("I can't do Monday", (Weekday(0),)),
        ("can't, I'm in Texas until Friday", ()),
        ("yes", ()),
    ],
)
def test_an_answer_carries_the_times_and_days_that_it_names(text, expected):
    [answer] = read(text).answers
    assert answer.times == expected


def test_each_of_several_answers_carries_its_own():
    answers = read("yes B Monday 2-10, no C Tuesday").answers
    assert [(a.code, a.times) for a in answers] == [
        ("B", (Weekday(0), Span(half_day(2), half_day(10)))),
        ("C", (Weekday(1),)),
    ]


@pytest.mark.parametrize(
    ("text", "fits"),
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
def test_a_consent_that_names_a_time_is_one_at_that_time_only(text, fits):
    [answer] = read(text).answers
    assert answer.intent == "accept"
    assert fit(answer.times, AFTERNOON) == fits


@pytest.mark.parametrize("text", ["I can do 4 to 8", "I can do Tuesday", "yes for tuesday", "ill take 4-8"])
def test_a_time_without_a_yes_or_the_word_of_this_shift_is_a_counter_offer(text):
    assert read(text).answers[0].intent == "unknown"


@pytest.mark.parametrize(
    ("times", "fits"),
    [
        ((Weekday(0),), True),
        ((Weekday(1),), False),
        ((Span(half_day(8), half_day(6)),), True),
        ((DaysAhead(0),), True),
        ((DaysAhead(1),), False),
        ((Point(half_day(8)), Date(3, 3)), True),
        ((Date(4, 3),), False),
        ((), True),
    ],
)
def test_a_night_shift_is_on_the_day_on_which_it_begins(times, fits):
    night = make_shift(starts_h=14, hours=10)  # 8pm to 6am
    assert fit(times, night) == fits


@pytest.mark.parametrize(("text", "fits"), [("yes 7p-7a", False), ("yes 7a-7p", True), ("yes 7-7", True)])
def test_day_and_night_are_told_apart_where_somebody_does(text, fits):
    day = make_shift(starts_h=25, hours=12)
    assert fit(read(text).answers[0].times, day) == fits


@pytest.mark.parametrize(
    "text", ["yes today", "I can today", "puedo hoy", "wi jodi a", "yes im free tonight"]
)
def test_today_is_no_shift_of_tomorrow(text):
    assert not fit(read(text).answers[0].times, TUESDAY)


def test_tomorrow_is_tomorrow_where_the_shift_is():
    assert fit(read("yes I'll take it tomorrow").answers[0].times, TUESDAY)


@pytest.mark.parametrize(
    ("text", "of_monday"),
    [
        ("I can't work Tuesday", False),
        ("no puedo el martes", False),
        ("sorry I can't make it Monday", True),
        ("can't, I'm in Texas until Friday", True),
        ("can't make it", True),
    ],
)
def test_a_no_to_another_day_names_that_day(text, of_monday):
    reply = read(text)
    assert reply.gives_back
    assert fit(reply.answers[0].times, AFTERNOON) == of_monday


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("B yes tuesday, C no", []),
        ("no B, yes C 3-11", []),
        ("no B. yes C, Friday", []),
        ("no B monday, yes C tuesday", ["C"]),
        ("Yes B Monday 2-10, yes C Tuesday 2-10", ["B", "C"]),
        ("yes B monday yes C wednesday", ["B"]),
        ("B yes monday C yes tuesday", ["B", "C"]),
    ],
)
def test_each_of_two_answers_is_one_at_the_time_that_it_names(text, taken):
    shifts = {"B": AFTERNOON, "C": TUESDAY}
    accepts = [a for a in read(text).answers if a.intent == "accept" and a.code is not None]
    assert [a.code for a in accepts if fit(a.times, shifts[a.code or ""])] == taken


def test_times_are_the_shifts_local_ones():
    boston = make_shift(timezone="America/New_York")  # 9am to 5pm there
    nine_to_five = (Span(half_day(9), half_day(5)),)
    assert fit(nine_to_five, boston)
    assert not fit(nine_to_five, AFTERNOON)
    assert fit(nine_to_five, AFTERNOON, "America/New_York")


@given(st.text("0123456789:/- toahpmdeg", max_size=40))
def test_whatever_looks_like_a_time_is_read_and_compared(text):
    for answer in read(f"yes i can do it {text}").answers:
        assert fit(answer.times, AFTERNOON) in (True, False)


@pytest.mark.parametrize("word", ["date5fx3", "span5", "span99999x1", "point", "weekday9", "never0"])
def test_a_made_up_word_that_somebody_types_does_no_harm(word):
    [answer] = read(f"yes i can do it {word}").answers
    assert fit(answer.times, AFTERNOON) in (True, False)
