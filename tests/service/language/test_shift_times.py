"""How texts tell when a shift is: local times that can be meant in one way only."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Shift
from core.notice import Notice
from service.language import wording
from service.language.wording import Wording
from tests.service.language.story import make_shift

BOSTON = "America/New_York"
PLAIN = make_shift("s1")


def between(start: str, end: str, zone: str = BOSTON) -> Shift:
    """A shift between two ISO times."""
    times = {"start_time": datetime.fromisoformat(start), "end_time": datetime.fromisoformat(end)}
    return PLAIN.model_copy(update={**times, "timezone": zone})


@pytest.mark.parametrize(
    ("starts_h", "hours", "zone", "expected"),
    [
        (8, 8, "UTC", "Mon Mar 3 2pm-10pm"),
        (8, 8, BOSTON, "Mon Mar 3 9am-5pm"),
        (15, 10, "UTC", "Mon Mar 3 9pm-Tue 7am"),
        (6, 12, "UTC", "Mon Mar 3 12pm-Tue 12am"),
        (18, 8, BOSTON, "Mon Mar 3 7pm-Tue 3am"),
        (6.5, 1, "UTC", "Mon Mar 3 12:30pm-1:30pm"),
        (8, 8, "Asia/Kathmandu", "Mon Mar 3 7:45pm-Tue 3:45am"),
    ],
)
def test_times_are_local_and_name_the_day_of_the_end_when_it_is_another(starts_h, hours, zone, expected):
    assert wording.times(make_shift("s1", starts_h, hours), zone) == expected


def test_a_shifts_own_zone_comes_before_the_default_one():
    assert wording.times(make_shift("s1", timezone=BOSTON), "UTC") == "Mon Mar 3 9am-5pm"


def test_times_across_the_change_to_summer_time_are_what_clocks_show():
    night = make_shift("s1", 142, 8, timezone=BOSTON)  # Sunday March 9, 04:00 UTC
    assert wording.times(night, "UTC") == "Sat Mar 8 11pm-Sun 8am"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2025-03-03T08:00-05:00", "2025-03-08T08:00-05:00", "Mon Mar 3 8am-Sat 8am"),
        ("2025-03-03T08:00-05:00", "2025-03-08T23:00-05:00", "Mon Mar 3 8am-Sat 11pm"),
        ("2025-03-03T23:00-05:00", "2025-03-09T07:00-04:00", "Mon Mar 3 11pm-Sun Mar 9 7am"),
        ("2025-03-03T08:00-05:00", "2025-03-10T08:00-04:00", "Mon Mar 3 8am-Mon Mar 10 8am"),
        ("2025-03-03T08:00-05:00", "2025-03-11T08:00-04:00", "Mon Mar 3 8am-Tue Mar 11 8am"),
        ("2025-12-29T20:00-05:00", "2026-01-05T08:00-05:00", "Mon Dec 29 8pm-Mon Jan 5 8am"),
        ("2025-03-03T08:00-05:00", "2026-03-03T08:00-05:00", "Mon Mar 3 8am-Tue Mar 3 2026 8am"),
    ],
)
def test_a_shift_of_many_days_is_told_with_the_date_of_its_end(start, end, expected):
    assert wording.times(between(start, end), "UTC") == expected


@pytest.mark.parametrize(
    ("zone", "start", "end", "expected"),
    [
        (BOSTON, "2025-11-02T01:30-04:00", "2025-11-02T01:30-05:00", "Sun Nov 2 1:30am EDT-1:30am EST"),
        (BOSTON, "2025-11-02T01:45-04:00", "2025-11-02T01:15-05:00", "Sun Nov 2 1:45am EDT-1:15am EST"),
        (BOSTON, "2025-11-01T20:00-04:00", "2025-11-02T01:00-05:00", "Sat Nov 1 8pm-Sun 1am EST"),
        (BOSTON, "2025-11-02T01:59-04:00", "2025-11-02T08:00-05:00", "Sun Nov 2 1:59am EDT-8am"),
        (BOSTON, "2025-11-02T00:59-04:00", "2025-11-02T02:00-05:00", "Sun Nov 2 12:59am-2am"),
        (BOSTON, "2025-03-09T01:30-05:00", "2025-03-09T03:00-04:00", "Sun Mar 9 1:30am-3am"),
        (
            "Europe/Dublin", "2025-10-26T01:30+01:00", "2025-10-26T01:30+00:00",
            "Sun Oct 26 1:30am IST-1:30am GMT",
        ),
        (
            "Australia/Lord_Howe", "2025-04-06T01:45+11:00", "2025-04-06T01:45+10:30",
            "Sun Apr 6 1:45am (UTC+11)-1:45am (UTC+10:30)",
        ),
        (
            "Atlantic/Azores", "2025-10-26T00:30+00:00", "2025-10-26T00:30-01:00",
            "Sun Oct 26 12:30am (UTC)-12:30am (UTC-01)",
        ),
        (  # both hours are called MSK
            "Europe/Moscow", "2014-10-26T01:30+04:00", "2014-10-26T01:30+03:00",
            "Sun Oct 26 1:30am (UTC+04)-1:30am (UTC+03)",
        ),
        (  # the clock goes back into the day before
            "America/Goose_Bay", "2009-11-01T00:00-03:00", "2009-10-31T23:45-04:00",
            "Sun Nov 1 12am ADT-Sat 11:45pm AST",
        ),
    ],
)  # fmt: skip
def test_in_an_hour_that_clocks_show_twice_the_zone_is_told(zone, start, end, expected):
    assert wording.times(between(start, end, zone), "UTC") == expected


def test_the_time_at_which_a_shift_was_taken_is_told_with_the_zone_in_such_an_hour():
    taken = datetime.fromisoformat("2025-11-02T01:30-05:00").timestamp() * 1000
    said = Wording(BOSTON).say(Notice("already_claimed", PLAIN, since_ms=int(taken)), "sms")
    assert said.endswith("went to someone else at 1:30am EST. Thank you!")


zones = st.sampled_from(
    [BOSTON, "Australia/Lord_Howe", "America/Havana", "Atlantic/Azores", "Asia/Kathmandu"]
)
minutes = st.integers(0, 30 * 366 * 1440)
starts = minutes.map(lambda n: datetime(2000, 1, 2, tzinfo=UTC) + timedelta(minutes=n))
in_autumn = st.integers(0, 2880).map(lambda n: datetime(2025, 11, 1, tzinfo=UTC) + timedelta(minutes=n))


@given(starts | in_autumn, st.integers(1, 20 * 1440), st.integers(1, 300), zones)
def test_times_of_shifts_that_end_at_different_times_are_told_differently(start, length, later, zone):
    shift = PLAIN.model_copy(update={"start_time": start, "end_time": start + timedelta(minutes=length)})
    longer = shift.model_copy(update={"end_time": shift.end_time + timedelta(minutes=later)})
    moved = longer.model_copy(update={"start_time": start + timedelta(minutes=later)})
    assert len({wording.times(each, zone) for each in (shift, longer, moved)}) == 3


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2025, 3, 3, 6, tzinfo=UTC), "RN shift Tue Mar 3 2026 2pm-10pm"),
        (datetime(2025, 4, 3, tzinfo=UTC), "RN shift Tue Mar 3 2pm-10pm"),
        (datetime(2026, 3, 3, tzinfo=UTC), "RN shift Tue Mar 3 2pm-10pm"),
        (None, "RN shift Tue Mar 3 2pm-10pm"),
    ],
)
def test_a_shift_more_than_eleven_months_away_is_told_with_its_year(now, expected):
    year_later = PLAIN.model_copy(
        update={day: getattr(PLAIN, day) + timedelta(days=365) for day in ("start_time", "end_time")}
    )
    words = Wording("UTC", now=now)
    assert words.say(Notice("offer", year_later, "B"), "sms").startswith(f"{expected}. Reply")
    which = words.say(Notice("which_shift", choices=(("B", year_later),)), "sms")
    assert expected.removeprefix("RN shift ") in which
