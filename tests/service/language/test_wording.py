"""Every text to a person: plain words, plain characters, one segment."""

import re
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Shift
from core.notice import Notice, NoticeKind
from core.offers import CODE_LETTERS
from service.language import wording
from service.language.gsm7 import SEGMENT, septets
from service.language.reading.optout import STOP
from service.language.reading.phrases import RESERVED_CODES
from service.language.reading.read import read
from service.language.wording import LONGEST_OFFICE, Wording
from tests.service.language.story import after, make_shift
from tests.service.language.test_gsm7 import GSM

BOSTON = "America/New_York"
PLAIN = make_shift("s1")
OTHER = make_shift("s2", starts_h=10, role="LPN")
IN_UTC = Wording("UTC")
IN_BOSTON = Wording(BOSTON)

wide = st.text("€[]{}|~^½⅝Ⅻ①Œ㍤ﷺ", min_size=1, max_size=100)
labels = (st.text(min_size=1, max_size=100) | st.text(min_size=40, max_size=100) | wide).map(str.strip)
labels = labels.filter(bool)
offices = st.text("0123456789 +()-", min_size=1, max_size=LONGEST_OFFICE) | labels
zones = st.none() | st.sampled_from([BOSTON, "UTC", "Asia/Kathmandu", "Pacific/Chatham", "Europe/London"])
codes = st.text(CODE_LETTERS, min_size=1, max_size=2).filter(lambda code: code not in RESERVED_CODES)
starts = st.datetimes(datetime(2001, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC))
shifts = st.builds(
    lambda start, minutes, role, zone, place: Shift(
        id="s", organization_id="org", role_required=role, timezone=zone, location=place,
        start_time=start, end_time=start + timedelta(minutes=minutes),
    ),
    starts, st.integers(1, 7 * 1440) | st.integers(1, 800 * 1440), labels, zones, st.none() | labels,
)  # fmt: skip


def notices(shift: Shift, conflict: Shift, code: str) -> dict[str, Notice]:
    """Everything that is ever said of a shift, by what it is."""
    several = ((code, shift), ("X", conflict), ("Z", shift))
    full = {
        kind: Notice(kind, shift, code, after(minutes=1), conflict, several) for kind in get_args(NoticeKind)
    }
    variants = {
        "unclear, two": Notice("unclear", choices=several[:2]),
        "unclear, one": Notice("unclear", choices=several[:1]),
        "unclear, one without a code": Notice("unclear", choices=(("", shift),)),
        "unclear, none": Notice("unclear"),
        "unclear, assigned": Notice("unclear_but_yours", shift),
        "confirmed, assigned": Notice("confirmed", shift),
    }
    return full | variants


def texts(
    shift: Shift, conflict: Shift, code: str, office: str = wording.OFFICE, now: datetime | None = None
) -> dict[str, str]:
    words = Wording(BOSTON, office, now)
    said = {what: words.say(notice, "sms") for what, notice in notices(shift, conflict, code).items()}
    return said | {"call": words.say(Notice("offer", shift, code), "voice")}


def offer(shift: Shift, code: str, words: Wording = IN_BOSTON) -> str:
    return words.say(Notice("offer", shift, code), "sms")


def say(kind: NoticeKind, shift: Shift | None = PLAIN, **more: Any) -> str:
    return IN_UTC.say(Notice(kind, shift, **more), "sms")


@given(shifts, shifts, codes, offices, st.none() | starts)
def test_any_text_fits_one_segment_of_plain_characters(shift, conflict, code, office, now):
    for what, text in texts(shift, conflict, code, office, now).items():
        assert septets(text) <= SEGMENT, f"{what} has {septets(text)}: {text}"
        assert set(text) <= GSM, f"{what} has {set(text) - GSM}: {text}"
        assert not re.search("  |^ | $", text), f"{what} has a space too many: {text}"


@given(shifts, codes)
def test_an_offer_says_role_and_times_in_full_and_how_to_answer_whatever_the_location(shift, code):
    text = offer(shift, code)
    assert text.startswith(wording.subject(shift, BOSTON))
    assert wording.times(shift, BOSTON) in text
    assert text.endswith(f". Reply YES {code} to take it, NO {code} to pass.")


def test_an_offer_reads_well():
    shift = make_shift("s1", location="12 Maple St")
    expected = "RN shift Mon Mar 3 2pm-10pm, 12 Maple St. Reply YES B to take it, NO B to pass."
    assert offer(shift, "B", IN_UTC) == expected


def test_a_long_location_is_shortened_and_nothing_else():
    text = offer(make_shift(location="0123456789" * 10), "B", IN_UTC)
    assert len(text) == SEGMENT
    assert text.startswith("RN shift Mon Mar 3 2pm-10pm, 0123456789")
    assert text.endswith(".. Reply YES B to take it, NO B to pass.")


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("221½ Elm St", "221 1/2 Elm St"),
        ("3² Sq, Łódź", "3 2 Sq, Lodz"),
        ("[gate] A|B", "[gate] A|B"),
        ("Ward " * 16 + "221½ Elmwood St", "Ward " * 16 + "221 1/2 El.."),
        ("Ward " * 16 + "West 221½ Elm St", "Ward " * 16 + "West.."),
        ("Ward " * 16 + "Main Rd 10-12345", "Ward " * 16 + "Main Rd.."),
        ("[" * 60, "[" * 45 + ".."),
    ],
)
def test_no_offer_tells_a_wrong_house_number(location, told):
    text = offer(make_shift(location=location), "B", IN_UTC)
    assert text == f"RN shift Mon Mar 3 2pm-10pm, {told}. Reply YES B to take it, NO B to pass."


def test_a_shift_whose_role_and_location_cannot_be_told_is_offered_by_its_times():
    text = offer(make_shift(role="\u200b", location="\u200b"), "B", IN_UTC)
    assert text == "shift Mon Mar 3 2pm-10pm. Reply YES B to take it, NO B to pass."


# It starts and ends in hours that clocks show twice.
IN_CHATHAM = PLAIN.model_copy(
    update={
        "start_time": datetime(2026, 4, 4, 13, 59, tzinfo=UTC),
        "end_time": datetime(2027, 4, 3, 14, 59, tzinfo=UTC),
        "timezone": "Pacific/Chatham",
        "role_required": "R" * 100,
    }
)
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("long", [make_shift(starts_h=6.5, hours=12, role="R" * 100), IN_CHATHAM])
def test_the_longest_roles_and_times_still_fit_one_segment(long):
    for what, text in texts(
        long, long, "BBB", "x" * LONGEST_OFFICE, datetime(2000, 1, 1, tzinfo=UTC)
    ).items():
        assert septets(text) <= SEGMENT, f"{what} has {septets(text)}: {text}"


def test_an_overlap_of_two_long_times_is_told_without_the_second():
    long = make_shift(starts_h=6.5, hours=240, role="R" * 30)
    text = say("double_booked", long, conflict=long)
    about = f"The {'R' * 30} shift Mon Mar 3 12:30pm-Thu Mar 13 12:30pm"
    assert text == f"{about} overlaps one of yours. It stays open for others."


def test_a_call_asks_for_1_or_2():
    """Rule 10."""
    expected = "Open RN shift Mon Mar 3 2pm-10pm. Press 1 to accept, 2 to decline."
    assert IN_UTC.say(Notice("offer", PLAIN, "B"), "voice") == expected


CONFIRMED = "Confirmed: RN shift Mon Mar 3 2pm-10pm is yours. Can't make it? Reply NO B."
SORRY = "Sorry, we did not understand."


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("offer", "RN shift Mon Mar 3 2pm-10pm. Reply YES B to take it, NO B to pass."),
        ("confirmed", CONFIRMED),
        ("already_yours", CONFIRMED),
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
        (
            "double_booked",
            "The RN shift Mon Mar 3 2pm-10pm overlaps your shift Mon Mar 3 4pm-Tue 12am. "
            "It stays open for others.",
        ),
        (
            "which_shift",
            "Which shift? B Mon Mar 3 2pm-10pm; C Mon Mar 3 4pm-Tue 12am. Reply YES or NO and the letter.",
        ),
        ("no_open_offer", "We have no open shift for you right now. We will text you when there is one."),
        (
            "help",
            "Shift offers: reply YES or NO with the offer's letter, like YES B. STOP ends all texts.",
        ),
        ("opted_in", "Welcome back: you will get our shift offers again. Reply STOP to end them."),
        (
            "unclear",
            f"{SORRY} Reply YES or NO and the letter, or call the office: "
            "B Mon Mar 3 2pm-10pm; C Mon Mar 3 4pm-Tue 12am.",
        ),
        (
            "unclear_but_yours",
            f"{SORRY} Your shift Mon Mar 3 2pm-10pm stays yours. "
            "Can't make it? Reply NO B or call the office.",
        ),
        (
            "unclear_and_closed",
            f"{SORRY} The shift Mon Mar 3 2pm-10pm is not open. Questions? Call the office.",
        ),
        (
            "other_time",
            "The RN shift Mon Mar 3 2pm-10pm is at this time only. Reply YES B to take it, NO B to pass.",
        ),
        (
            "taken_back",
            "The RN shift Mon Mar 3 2pm-10pm is no longer yours. Questions? Call the office.",
        ),
        (
            "moved",
            "Changed: RN shift Mon Mar 3 2pm-10pm is yours. Its place has changed: call the office.",
        ),
        (
            "cancelled",
            "The RN shift Mon Mar 3 2pm-10pm was canceled. You do not need to come in.",
        ),
    ],
)
def test_every_notice_reads_well(kind, expected):
    choices = (("B", PLAIN), ("C", OTHER))
    assert say(kind, code="B", since_ms=after(minutes=1), conflict=OTHER, choices=choices) == expected


def test_there_are_words_for_every_kind_of_notice():
    assert set(texts(PLAIN, OTHER, "B")) >= set(get_args(NoticeKind))


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ((), "We have no open shift for you right now. Questions? Call the office."),
        ((("B", PLAIN),), "Reply YES B to take the shift, NO B to pass, or call the office."),
        ((("", PLAIN),), "Reply YES to take the shift, NO to pass, or call the office."),
    ],
)
def test_who_was_not_understood_hears_how_to_answer(choices, expected):
    assert say("unclear", None, choices=choices) == f"{SORRY} {expected}"


def test_who_holds_a_shift_without_an_offer_is_not_told_a_code():
    assert say("confirmed") == "Confirmed: RN shift Mon Mar 3 2pm-10pm is yours."
    assert say("unclear_but_yours").endswith("stays yours. Questions? Call the office.")


def test_only_an_offer_is_worded_differently_in_a_call():
    for what, notice in notices(PLAIN, OTHER, "B").items():
        same = IN_UTC.say(notice, "sms") == IN_UTC.say(notice, "voice")
        assert same == (notice.kind != "offer"), what


@pytest.mark.parametrize(
    ("notice", "what"),
    [
        (Notice("offer"), "a notice of kind 'offer' is about a shift"),
        (Notice("closed"), "a notice of kind 'closed' is about a shift"),
    ],
)
def test_a_notice_without_what_it_is_about_is_an_error(notice, what):
    with pytest.raises(ValueError, match=what):
        IN_UTC.say(notice, "sms")


def test_the_time_at_which_it_was_taken_is_the_shifts_local_time():
    said = say("already_claimed", make_shift(timezone=BOSTON), since_ms=after(hours=8))
    assert said.endswith("went to someone else at 9am. Thank you!")


MANY = tuple((code, PLAIN) for code in [*CODE_LETTERS, *map("".join, product(CODE_LETTERS, repeat=2))])


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (
            "which_shift",
            "Which shift? Reply YES or NO and the letter of the offer: B, C, D, F, G, H, J, L, M, P, Q, T, "
            "V, W, X, Z, BB, BC, BD, BF, BG, BH, BJ, BL, BM, BP and 34 more.",
        ),
        (
            "unclear",
            f"{SORRY} Reply YES or NO and the letter, or call the office: B, C, D, F, G, H, J, L, M, P, Q, "
            "T, V, W, X, Z, BB, BC, BD, BF and 40 more.",
        ),
    ],
)
def test_of_very_many_choices_as_many_are_named_as_fit(kind, expected):
    assert say(kind, None, choices=MANY[:60]) == expected


@given(st.integers(2, len(MANY)), st.sampled_from(["which_shift", "unclear"]), offices, st.data())
def test_no_choice_is_named_in_part_or_passed_over_silently(number, kind, office, data):
    choices = MANY[:number] if data.draw(st.booleans()) else MANY[-number:]
    text = Wording(BOSTON, office).say(Notice(kind, choices=choices), "sms")
    listed = re.search(r": (?=[B-Z]+[, ])([B-Z, ]+)(?: and (\d+) more)?\.$", text)
    if listed is None:
        assert all(f"{code} {wording.times(shift, BOSTON)}" in text for code, shift in choices)
    else:
        named, more = listed[1].split(", "), int(listed[2] or 0)
        assert named == [code for code, _ in choices[: len(named)]]
        assert len(named) + more == number
        assert named


def test_many_choices_are_named_by_their_codes_alone():
    said = say("which_shift", None, choices=tuple((code, PLAIN) for code in CODE_LETTERS))
    assert (
        said == "Which shift? Reply YES or NO and the letter of the offer: " + ", ".join(CODE_LETTERS) + "."
    )


def test_a_shift_that_has_been_changed_is_told_as_it_is_now():
    assert "2pm-10pm" in offer(make_shift("s1"), "B", IN_UTC)
    assert "3pm-11pm" in offer(make_shift("s1", starts_h=9), "B", IN_UTC)


def test_no_text_asks_for_a_word_that_carriers_take_as_an_opt_out():
    """Rule 6. Only the welcome back does: it must name the way out."""
    for what, text in texts(PLAIN, OTHER, "B").items():
        asked = {word.lower() for word in re.findall(r"(?:reply|or|,|Press) (\w+)", text, re.IGNORECASE)}
        assert asked & STOP == ({"stop"} if what == "opted_in" else set()), f"{what}: {text}"


@given(shifts, codes)
def test_what_an_offer_asks_to_reply_is_read_as_meant(shift, code):
    yes, no = re.findall(r"(YES \w+) to take it, (NO \w+) to pass", offer(shift, code, IN_UTC))[-1]
    for said, intent in ((yes, "accept"), (no, "decline")):
        [answer] = read(said).answers
        assert (answer.intent, answer.code) == (intent, code)


def test_an_overlap_with_a_shift_that_is_not_known_any_more_is_told_without_its_times():
    said = Wording("UTC").say(Notice("double_booked", PLAIN), "sms")
    assert "overlaps one of yours. It stays open for others." in said
