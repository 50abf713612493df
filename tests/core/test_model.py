"""What files and HTTP may carry, and what they may not."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.model import DEFAULT_POLICY, EPOCH, Caregiver, LoadFile, Policy, Round, Shift, to_ms

SAMPLE = Path(__file__).parents[2] / "sample_data.json"

SHIFT = {
    "id": "s1",
    "organization_id": "org",
    "role_required": "RN",
    "start_time": "2036-03-03T08:00:00-05:00",
    "end_time": "2036-03-03T16:00:00-05:00",
}
CAREGIVER = {"id": "c1", "name": "Ann", "role": "RN", "phone": "+15550001"}


def problem(model: type, value: object) -> str:
    """The first complaint about a JSON value: where, and what."""
    with pytest.raises(ValidationError) as caught:
        model.model_validate_json(json.dumps(value))
    error = caught.value.errors()[0]
    return f"{'.'.join(map(str, error['loc']))}: {error['msg']}"


def test_the_sample_file_is_read_and_its_times_keep_their_offsets():
    loaded = LoadFile.model_validate_json(SAMPLE.read_bytes())
    assert (len(loaded.shifts), len(loaded.caregivers)) == (8, 44)
    assert loaded.shifts[0].start_time == datetime(2036, 3, 3, 13, tzinfo=UTC)


def test_a_shift_may_do_without_timezone_and_location():
    shift = Shift.model_validate_json(json.dumps(SHIFT))
    assert (shift.timezone, shift.location) == (None, None)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"end_time": SHIFT["start_time"]}, ": Value error, end_time must be after start_time"),
        ({"start_time": "2036-03-03T08:00:00"}, "start_time: Input should have timezone info"),
        ({"start_time": "1999-12-31T08:00:00Z"}, "start_time: Value error, the year must lie between"),
        ({"end_time": "2201-01-01T08:00:00Z"}, "end_time: Value error, the year must lie between"),
        ({"start_time": 2_000_000_000}, "start_time: Input should be a valid datetime"),
        ({"timezone": "Mars/Olympus"}, "timezone: Value error, 'Mars/Olympus' is no IANA time zone"),
        ({"timezone": "../etc/passwd"}, "timezone: Value error, '../etc/passwd' is no IANA time zone"),
        ({"role_required": "  "}, "role_required: String should have at least 1 character"),
        ({"id": "a/b"}, "id: String should match pattern"),
        ({"id": "a:b"}, "id: String should match pattern"),
        ({"id": "a b"}, "id: String should match pattern"),
        ({"id": "a\n"}, "id: String should match pattern"),
        ({"id": 7}, "id: Input should be a valid string"),
        ({"urgent": True}, "urgent: Extra inputs are not permitted"),
    ],
)
def test_a_wrong_shift_is_refused_with_the_place_and_the_reason(change, complaint):
    assert problem(Shift, SHIFT | change).startswith(complaint)


@pytest.mark.parametrize("phone", ["+12345", "+123456789012345", "+15550001"])
def test_a_phone_is_a_plus_and_5_to_15_digits(phone):
    assert Caregiver.model_validate_json(json.dumps(CAREGIVER | {"phone": phone})).phone == phone


@pytest.mark.parametrize(
    "phone", ["15550001", "+1234", "+1234567890123456", "+1 555 0001", "+1555\n", "+١٢٣٤٥"]
)
def test_anything_else_is_no_phone(phone):
    assert problem(Caregiver, CAREGIVER | {"phone": phone}).startswith("phone: String should match pattern")


def test_names_are_stripped_and_ids_are_opaque():
    ann = Caregiver.model_validate_json(json.dumps(CAREGIVER | {"name": " Ann ", "id": "c3d4-g7h8"}))
    assert (ann.name, ann.id) == ("Ann", "c3d4-g7h8")


def test_a_model_cannot_be_changed():
    shift = Shift.model_validate_json(json.dumps(SHIFT))
    with pytest.raises(ValidationError, match="frozen"):
        shift.id = "other"


def test_the_default_policy_texts_all_at_once_and_phones_after_ten_minutes():
    """Rule 4."""
    rounds = [(r.after_s, r.channel, r.limit) for r in DEFAULT_POLICY.rounds]
    assert rounds == [(0, "sms", None), (600, "voice", None)]
    assert DEFAULT_POLICY.answer_window_s == 600


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ({"rounds": []}, "rounds: Tuple should have at least 1 item"),
        ({"rounds": [{"after_s": 0, "channel": "sms"}] * 21}, "rounds: Tuple should have at most 20 items"),
        ({"rounds": [{"after_s": -1, "channel": "sms"}]}, "rounds.0.after_s: Input should be greater"),
        ({"rounds": [{"after_s": 604_801, "channel": "sms"}]}, "rounds.0.after_s: Input should be less"),
        ({"rounds": [{"after_s": 0.5, "channel": "sms"}]}, "rounds.0.after_s: Input should be a valid int"),
        ({"rounds": [{"after_s": 0, "channel": "fax"}]}, "rounds.0.channel: Input should be 'sms' or"),
        ({"rounds": [{"after_s": 0, "channel": "sms", "limit": 0}]}, "rounds.0.limit: Input should be"),
        ({"rounds": [{"after_s": 0, "channel": "sms"}], "answer_window_s": 0}, "answer_window_s: Input"),
    ],
)
def test_a_wrong_policy_is_refused_with_the_place_and_the_reason(value, complaint):
    assert problem(Policy, value).startswith(complaint)


rounds = st.builds(
    Round,
    after_s=st.integers(0, 7 * 86_400),
    channel=st.sampled_from(["sms", "voice"]),
    limit=st.none() | st.integers(1, 1000),
)


@given(st.lists(rounds, min_size=1, max_size=20), st.integers(1, 7 * 86_400))
def test_a_policy_holds_exactly_when_its_rounds_are_in_order(listed, window_s):
    delays = [r.after_s for r in listed]
    if delays == sorted(delays):
        made = Policy(rounds=tuple(listed), answer_window_s=window_s)
        assert Policy.model_validate_json(made.model_dump_json()) == made
    else:
        with pytest.raises(ValidationError, match="rounds must be in order of after_s"):
            Policy(rounds=tuple(listed), answer_window_s=window_s)


@pytest.mark.parametrize(
    ("file", "complaint"),
    [
        ({"shifts": [SHIFT, SHIFT]}, ": Value error, shifts[1] has the same id as shifts[0]: s1"),
        (
            {"caregivers": [CAREGIVER, CAREGIVER | {"phone": "+15550002"}]},
            ": Value error, caregivers[1] has the same id as caregivers[0]: c1",
        ),
        (
            {"caregivers": [CAREGIVER, CAREGIVER | {"id": "c2"}]},
            ": Value error, caregivers[1] has the same phone as caregivers[0]: +15550001",
        ),
        ({"shift": []}, "shift: Extra inputs are not permitted"),
    ],
)
def test_a_file_names_what_it_holds_twice(file, complaint):
    assert problem(LoadFile, file) == complaint


@given(st.integers(0, 7_000_000_000_000), st.integers(-14 * 60, 14 * 60))
def test_milliseconds_are_exact_whatever_the_offset(ms, offset_minutes):
    when = (EPOCH + timedelta(milliseconds=ms)).astimezone(timezone(timedelta(minutes=offset_minutes)))
    assert to_ms(when) == ms
    assert to_ms(when + timedelta(microseconds=999)) == ms
