"""Every text to a person: right times, plain characters, one segment."""

import re
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import wording
from core.events import ResultStatus
from core.model import Shift
from core.optout import STOP
from core.phrases import CODE_LETTERS, NO_CODES
from core.replies import read
from tests.core.playbook import at, make_shift

# 3GPP TS 23.038, default alphabet, which counts one septet a character.
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
BOSTON = "America/New_York"
PLAIN = make_shift("s1")
OTHER = make_shift("s2", starts="10h", role="LPN")

labels = (st.text(min_size=1, max_size=100) | st.text(min_size=40, max_size=100)).map(str.strip).filter(bool)
zones = st.none() | st.sampled_from([BOSTON, "UTC", "Asia/Kathmandu", "Pacific/Apia", "Europe/London"])
codes = st.text(CODE_LETTERS, min_size=1, max_size=2).filter(lambda code: code not in NO_CODES)
starts = st.datetimes(datetime(2001, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC))
shifts = st.builds(
    lambda start, minutes, role, zone, place: Shift(
        id="s", organization_id="org", role_required=role, timezone=zone, location=place,
        start_time=start, end_time=start + timedelta(minutes=minutes),
    ),
    starts, st.integers(1, 7 * 1440), labels, zones, st.none() | labels,
)  # fmt: skip


def texts(shift: Shift, conflict: Shift, code: str, office: str = "the office") -> dict[str, str]:
    """Everything that is ever said of a shift, by what it is."""
    said: dict[str, str | None] = {
        "offer": wording.offer(shift, code, BOSTON),
        "call": wording.call(shift, BOSTON),
        "cancelled": wording.cancelled(shift, BOSTON),
        "taken_back": wording.taken_back(shift, BOSTON, office),
        "unclear": wording.unclear([(code, shift)], BOSTON, office),
        "unclear, several": wording.unclear([(code, shift), ("X", conflict)], BOSTON, office),
        "unclear, none": wording.unclear([], BOSTON, office),
        "unclear, theirs": wording.unclear_but_theirs(shift, code, BOSTON, office),
        "unclear, assigned": wording.unclear_but_theirs(shift, None, BOSTON, office),
        "unclear, gone": wording.unclear_and_gone(shift, BOSTON, office),
    }
    choices = [(code, shift), ("X", conflict), ("Z", shift)]
    for status in get_args(ResultStatus):
        said[status] = wording.answer(
            status, shift, BOSTON, code=code, since_ms=at("1:00"), conflict=conflict, choices=choices,
            office=office,
        )  # fmt: skip
    return {what: text for what, text in said.items() if text is not None}


@given(shifts, shifts, codes, st.text("0123456789 +()-", min_size=1, max_size=wording.LONGEST_OFFICE))
def test_any_text_fits_one_segment_of_plain_characters(shift, conflict, code, office):
    for what, text in texts(shift, conflict, code, office).items():
        assert len(text) <= wording.SEGMENT, f"{what} has {len(text)}: {text}"
        assert set(text) <= GSM, f"{what} has {set(text) - GSM}: {text}"


@given(shifts, codes)
def test_an_offer_says_role_and_times_in_full_and_how_to_answer_whatever_the_location(shift, code):
    text = wording.offer(shift, code, BOSTON)
    assert text.startswith(wording.subject(shift, BOSTON))
    assert wording.times(shift, BOSTON) in text
    assert text.endswith(f". Reply YES {code} to take it, NO {code} to pass.")


@pytest.mark.parametrize(
    ("starts", "hours", "zone", "expected"),
    [
        ("8h", 8, "UTC", "Mon Mar 3 2pm-10pm"),
        ("8h", 8, BOSTON, "Mon Mar 3 9am-5pm"),
        ("15h", 10, "UTC", "Mon Mar 3 9pm-Tue 7am"),
        ("6h", 12, "UTC", "Mon Mar 3 12pm-Tue 12am"),
        ("18h", 8, BOSTON, "Mon Mar 3 7pm-Tue 3am"),
        ("390:00", 1, "UTC", "Mon Mar 3 12:30pm-1:30pm"),
        ("8h", 8, "Asia/Kathmandu", "Mon Mar 3 7:45pm-Tue 3:45am"),
    ],
)
def test_times_are_local_and_name_the_day_of_the_end_when_it_is_another(starts, hours, zone, expected):
    assert wording.times(make_shift("s1", starts, hours), zone) == expected


def test_a_shifts_own_zone_comes_before_the_default_one():
    assert wording.times(make_shift("s1", timezone=BOSTON), "UTC") == "Mon Mar 3 9am-5pm"


def test_times_across_the_change_to_summer_time_are_what_clocks_show():
    night = make_shift("s1", "142h", 8, timezone=BOSTON)  # Sunday March 9, 04:00 UTC
    assert wording.times(night, "UTC") == "Sat Mar 8 11pm-Sun 8am"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 Maple St", "12 Maple St"),
        ("Zürich, Universitätsstraße", "Zürich, Universitätsstraße"),
        ("Gdańsk", "Gdansk"),
        ("Café — Ward 3", "Café - Ward 3"),
        ("St Mary’s “West”", 'St Mary\'s "West"'),
        ("tab\tand\u00a0space", "tab and space"),
        ("two\nlines", "two lines"),
        ("ﬁfth", "fifth"),
        ("🏥", "?"),
    ],
)
def test_other_characters_are_folded_to_their_nearest(text, expected):
    assert wording.gsm7(text) == expected


@given(st.text())
def test_folding_is_plain_and_stays_as_it_is(text):
    assert set(wording.gsm7(text)) <= GSM
    assert wording.gsm7(wording.gsm7(text)) == wording.gsm7(text)


def test_an_offer_reads_well():
    shift = make_shift("s1", location="12 Maple St")
    expected = "RN shift Mon Mar 3 2pm-10pm, 12 Maple St. Reply YES B to take it, NO B to pass."
    assert wording.offer(shift, "B", "UTC") == expected


def test_a_long_location_is_shortened_and_nothing_else():
    text = wording.offer(make_shift("s1", location="0123456789" * 10), "B", "UTC")
    assert len(text) == wording.SEGMENT
    assert text.startswith("RN shift Mon Mar 3 2pm-10pm, 0123456789")
    assert text.endswith(".. Reply YES B to take it, NO B to pass.")


def test_the_longest_roles_still_fit_one_segment():
    long = make_shift("s1", starts="390:00", hours=12, role="R" * 100)
    for what, text in texts(long, long, "BBB", "x" * wording.LONGEST_OFFICE).items():
        assert len(text) <= wording.SEGMENT, f"{what} has {len(text)}: {text}"


def test_a_call_asks_for_1_or_2():
    """Rule 10."""
    expected = "Open RN shift Mon Mar 3 2pm-10pm. Press 1 to accept, 2 to decline."
    assert wording.call(PLAIN, "UTC") == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("claimed", "Confirmed: RN shift Mon Mar 3 2pm-10pm is yours. Can't make it? Reply NO B."),
        ("already_yours", "Confirmed: RN shift Mon Mar 3 2pm-10pm is yours. Can't make it? Reply NO B."),
        (
            "already_claimed",
            "Sorry, the RN shift Mon Mar 3 2pm-10pm went to someone else at 6:01am. Thank you!",
        ),
        ("declined", "OK, you pass on the RN shift Mon Mar 3 2pm-10pm. Thanks for telling us."),
        (
            "released",
            "OK, the RN shift Mon Mar 3 2pm-10pm is no longer yours. We are looking for someone else.",
        ),
        ("closed", "Sorry, the RN shift Mon Mar 3 2pm-10pm is no longer open. Thank you!"),
        ("not_eligible", "Sorry, the RN shift Mon Mar 3 2pm-10pm needs another role than yours."),
        (
            "which_shift",
            "Which shift? B Mon Mar 3 2pm-10pm; C Mon Mar 3 4pm-Tue 12am. Reply YES or NO and the letter.",
        ),
        (
            "unknown",
            "Sorry, we did not understand. Reply YES or NO and the letter, or call the office: "
            "B Mon Mar 3 2pm-10pm; C Mon Mar 3 4pm-Tue 12am.",
        ),
    ],
)
def test_an_answer_reads_well(status, expected):
    choices = [("B", PLAIN), ("C", OTHER)]
    said = wording.answer(status, PLAIN, "UTC", code="B", since_ms=at("1:00"), choices=choices)
    assert said == expected


def test_a_double_booking_names_both_shifts():
    said = wording.answer("double_booked", PLAIN, "UTC", conflict=OTHER)
    assert wording.times(PLAIN, "UTC") in said
    assert wording.times(OTHER, "UTC") in said


def test_the_time_at_which_it_was_taken_is_the_shifts_local_time():
    said = wording.answer("already_claimed", make_shift("s1", timezone=BOSTON), "UTC", since_ms=at("8h"))
    assert said.endswith("went to someone else at 9am. Thank you!")


def test_many_choices_are_named_by_their_codes_alone():
    said = wording.answer("which_shift", None, "UTC", choices=[(code, PLAIN) for code in CODE_LETTERS])
    assert (
        said == "Which shift? Reply YES or NO and the letter of the offer: " + ", ".join(CODE_LETTERS) + "."
    )


def test_who_opts_out_hears_nothing_from_us_since_the_carrier_answers():
    assert wording.answer("opted_out", None, "UTC") is None


def test_no_text_asks_for_a_word_that_carriers_take_as_an_opt_out():
    """Rule 6. Only the welcome back does: it must name the way out."""
    for what, text in texts(PLAIN, OTHER, "B").items():
        asked = {word.lower() for word in re.findall(r"(?:reply|or|,|Press) (\w+)", text, re.IGNORECASE)}
        assert asked & STOP == ({"stop"} if what == "opted_in" else set()), f"{what}: {text}"


@given(shifts, codes)
def test_what_an_offer_asks_to_reply_is_read_as_meant(shift, code):
    yes, no = re.findall(r"(YES \w+) to take it, (NO \w+) to pass", wording.offer(shift, code, "UTC"))[-1]
    for said, intent in ((yes, "accept"), (no, "decline")):
        [answer] = read(said).answers
        assert (answer.intent, answer.code) == (intent, code)
