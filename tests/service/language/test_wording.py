"""Every text to a person: right times, plain characters, one segment."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.commands import Inbound, InboundResult, Lease, Leased, StartFanout
from core.model import Channel, Shift
from core.notice import Notice, NoticeKind
from core.offers import CODE_LETTERS
from core.reply import Answer, Reply
from service.language.reading.optout import STOP
from service.language.reading.phrases import RESERVED_CODES
from service.language.reading.read import read
from service.language.wording import LONGEST_OFFICE, OFFICE, SEGMENT, Wording, gsm7, subject, times
from tests.core.playbook import LEASE_MS, NO_LIMITS, OWNER, Office, at, make_shift, one_offer

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
codes = st.text(CODE_LETTERS, min_size=1, max_size=2).filter(lambda code: code not in RESERVED_CODES)
starts = st.datetimes(datetime(2001, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC))
shifts = st.builds(
    lambda start, minutes, role, zone, place: Shift(
        id="s", organization_id="org", role_required=role, timezone=zone, location=place,
        start_time=start, end_time=start + timedelta(minutes=minutes),
    ),
    starts, st.integers(1, 7 * 1440), labels, zones, st.none() | labels,
)  # fmt: skip


def say(kind: NoticeKind, shift: Shift | None = PLAIN, channel: Channel = "sms", **more: Any) -> str:
    return Wording("UTC").say(Notice(kind, shift, more.pop("code", "B"), **more), channel)


def texts(shift: Shift, conflict: Shift, code: str, office: str = OFFICE) -> dict[str, str]:
    """Everything that is ever said of a shift, by what it is."""
    wording, some = Wording(BOSTON, office), ((code, shift), ("X", conflict), ("Z", shift))
    said = {
        kind: wording.say(Notice(kind, shift, code, at("1:00"), conflict), "sms")
        for kind in get_args(NoticeKind)
    }
    return said | {
        "call": wording.say(Notice("offer", shift, code), "voice"),
        "which_shift": wording.say(Notice("which_shift", choices=some), "sms"),
        "unclear": wording.say(Notice("unclear", choices=some[:1]), "sms"),
        "unclear, several": wording.say(Notice("unclear", choices=some), "sms"),
        "unclear, none": wording.say(Notice("unclear"), "sms"),
        "unclear, assigned": wording.say(Notice("unclear_but_yours", shift), "sms"),
    }


@given(shifts, shifts, codes, st.text("0123456789 +()-", min_size=1, max_size=LONGEST_OFFICE))
def test_any_text_fits_one_segment_of_plain_characters(shift, conflict, code, office):
    for what, text in texts(shift, conflict, code, office).items():
        assert len(text) <= SEGMENT, f"{what} has {len(text)}: {text}"
        assert set(text) <= GSM, f"{what} has {set(text) - GSM}: {text}"


@given(shifts, codes)
def test_an_offer_says_role_and_times_in_full_and_how_to_answer_whatever_the_location(shift, code):
    text = Wording(BOSTON).say(Notice("offer", shift, code), "sms")
    assert text.startswith(subject(shift, BOSTON))
    assert times(shift, BOSTON) in text
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
    assert times(make_shift("s1", starts, hours), zone) == expected


def test_a_shifts_own_zone_comes_before_the_default_one():
    assert times(make_shift("s1", timezone=BOSTON), "UTC") == "Mon Mar 3 9am-5pm"


def test_times_across_the_change_to_summer_time_are_what_clocks_show():
    night = make_shift("s1", "142h", 8, timezone=BOSTON)  # Sunday March 9, 04:00 UTC
    assert times(night, "UTC") == "Sat Mar 8 11pm-Sun 8am"


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
    assert gsm7(text) == expected


@given(st.text())
def test_folding_is_plain_and_stays_as_it_is(text):
    assert set(gsm7(text)) <= GSM
    assert gsm7(gsm7(text)) == gsm7(text)


def test_an_offer_reads_well():
    shift = make_shift("s1", location="12 Maple St")
    expected = "RN shift Mon Mar 3 2pm-10pm, 12 Maple St. Reply YES B to take it, NO B to pass."
    assert say("offer", shift) == expected


def test_a_long_location_is_shortened_and_nothing_else():
    text = say("offer", make_shift("s1", location="0123456789" * 10))
    assert len(text) == SEGMENT
    assert text.startswith("RN shift Mon Mar 3 2pm-10pm, 0123456789")
    assert text.endswith(".. Reply YES B to take it, NO B to pass.")


def test_the_longest_roles_still_fit_one_segment():
    long = make_shift("s1", starts="390:00", hours=12, role="R" * 100)
    for what, text in texts(long, long, "BBB", "x" * LONGEST_OFFICE).items():
        assert len(text) <= SEGMENT, f"{what} has {len(text)}: {text}"


def test_a_call_asks_for_1_or_2():
    """Rule 10."""
    expected = "Open RN shift Mon Mar 3 2pm-10pm. Press 1 to accept, 2 to decline."
    assert say("offer", channel="voice") == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("confirmed", "Confirmed: RN shift Mon Mar 3 2pm-10pm is yours. Can't make it? Reply NO B."),
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
        ("not_eligible", "Sorry, the RN shift Mon Mar 3 2pm-10pm is for a different role."),
        ("taken_back", "The RN shift Mon Mar 3 2pm-10pm is no longer yours. Questions? Call the office."),
        ("cancelled", "The RN shift Mon Mar 3 2pm-10pm has been called off. You don't need to come in."),
        (
            "other_time",
            "The RN shift Mon Mar 3 2pm-10pm is at this time only. Reply YES B to take it, NO B to pass.",
        ),
        (
            "unclear_but_yours",
            "Sorry, we did not understand. Your shift Mon Mar 3 2pm-10pm stays yours. "
            "Can't make it? Reply NO B or call the office.",
        ),
        (
            "unclear_and_closed",
            "Sorry, we did not understand. The shift Mon Mar 3 2pm-10pm is not open. "
            "Questions? Call the office.",
        ),
    ],
)
def test_an_answer_reads_well(kind, expected):
    assert say(kind, since_ms=at("1:00")) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (
            "which_shift",
            "Which shift? B Mon Mar 3 2pm-10pm; C Mon Mar 3 4pm-Tue 12am. Reply YES or NO and the letter.",
        ),
        (
            "unclear",
            "Sorry, we did not understand. Reply YES or NO and the letter, or call the office: "
            "B Mon Mar 3 2pm-10pm; C Mon Mar 3 4pm-Tue 12am.",
        ),
    ],
)
def test_several_shifts_are_named_by_their_letters_and_times(kind, expected):
    assert say(kind, None, choices=(("B", PLAIN), ("C", OTHER))) == expected


def test_a_double_booking_names_both_shifts():
    said = say("double_booked", conflict=OTHER)
    assert times(PLAIN, "UTC") in said
    assert times(OTHER, "UTC") in said


def test_the_time_at_which_it_was_taken_is_the_shifts_local_time():
    said = say("already_claimed", make_shift("s1", timezone=BOSTON), since_ms=at("8h"))
    assert said.endswith("went to someone else at 9am. Thank you!")


def test_many_choices_are_named_by_their_codes_alone():
    said = say("which_shift", None, choices=tuple((code, PLAIN) for code in CODE_LETTERS))
    assert (
        said == "Which shift? Reply YES or NO and the letter of the offer: " + ", ".join(CODE_LETTERS) + "."
    )


def test_no_text_asks_for_a_word_that_carriers_take_as_an_opt_out():
    """Rule 6. Only the welcome back does: it must name the way out."""
    for what, text in texts(PLAIN, OTHER, "B").items():
        asked = {word.lower() for word in re.findall(r"(?:reply|or|,|Press) (\w+)", text, re.IGNORECASE)}
        assert asked & STOP == ({"stop"} if what == "opted_in" else set()), f"{what}: {text}"


@given(shifts, codes)
def test_what_an_offer_asks_to_reply_is_read_as_meant(shift, code):
    yes, no = re.findall(r"(YES \w+) to take it, (NO \w+) to pass", say("offer", shift, code=code))[-1]
    for said, intent in ((yes, "accept"), (no, "decline")):
        [answer] = read(said).answers
        assert (answer.intent, answer.code) == (intent, code)


# --- between decide and commit -------------------------------------------------------------------


def test_an_answer_is_put_into_words_once_and_its_send_says_the_same():
    office = one_offer("ann")
    first = office.text("1:00", "ann", "yes B", message_id="m1")
    assert (first.reply, first.notices) == (say("confirmed"), ())
    assert office.text("9:00", "ann", "yes B", message_id="m1") == first
    assert [send.text for send in office.deliver("9:00")] == [first.reply]


def test_the_same_message_twice_in_one_batch_gets_one_answer():
    office = one_offer("ann")
    message = office.says("ann", "yes B", message_id="m1")
    one, two = office.do("1:00", message, message)
    assert isinstance(one, InboundResult)
    assert one == two
    assert one.reply == say("confirmed")
    assert len(office.deliver("1:00")) == 1


def test_what_is_made_and_leased_in_one_batch_goes_out_with_its_words():
    office = Office("ann").shift("s1")
    _, leased = office.do("0:00", StartFanout("s1"), Lease(OWNER, NO_LIMITS, LEASE_MS, 9))
    assert isinstance(leased, Leased)
    assert leased.sends == ()  # the lease begins what waited before the batch
    assert [send.text for send in office.lease("0:00").sends] == [say("offer")]


def test_two_answers_that_come_to_the_same_are_said_once():
    office = one_offer("ann")
    office.do("1:00", Inbound(office.phones["ann"], Reply((Answer("help"), Answer("help")))))
    assert [send.text for send in office.deliver("1:00")] == [say("help", None)]
