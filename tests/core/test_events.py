"""The journal's lines: every event to JSON and back, and nothing else (rule 11)."""

import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.events import (
    EVENT,
    CallAnswered,
    CallUnanswered,
    Cancelled,
    Claimed,
    Entry,
    Event,
    Exhausted,
    Expired,
    FanoutStarted,
    OffersMade,
    OptedOut,
    PhoneChanged,
    Released,
    Replied,
    ResultStatus,
    SendFailed,
    SendStarted,
    Sent,
    entry_from,
)
from core.model import DEFAULT_POLICY

ONE_OF_EACH: list[Event] = [
    FanoutStarted(1, "RN", 2, 3, DEFAULT_POLICY),
    OffersMade(1, 0, "sms", ("ann", "bob")),
    SendStarted(1, "s1:1:0:sms:ann", "ann", "sms", 1, "offer", 1, 0),
    Sent(1, "s1:1:0:sms:ann", "ann"),
    SendFailed(1, "s1:1:0:sms:ann", "ann", "unknown number", True),
    CallAnswered(1, "s1:1:1:voice:ann", "ann"),
    CallUnanswered(1, "s1:1:1:voice:ann", "ann"),
    Replied(1, "ann", "accept", "already_claimed"),
    Claimed(1, "ann"),
    Released(1, "ann", "coordinator", "sick"),
    Exhausted(1),
    Cancelled(1, "client away"),
    Expired(1),
    OptedOut(1, "ann"),
    PhoneChanged(1, "ann", True),
]
each = pytest.mark.parametrize("event", ONE_OF_EACH, ids=lambda event: event.kind)


def line_of(event: Event) -> dict[str, object]:
    return json.loads(Entry(7, "s1", 3, event).line())


def test_there_is_one_of_each_kind():
    assert {type(event) for event in ONE_OF_EACH} == set(get_args(Event))
    assert len({event.kind for event in ONE_OF_EACH}) == len(ONE_OF_EACH)


@each
def test_an_event_comes_back_from_json_as_it_was(event):
    assert EVENT.validate_json(EVENT.dump_json(event)) == event


@each
def test_an_exported_line_holds_the_whole_event(event):
    line = line_of(event)
    assert tuple(line) == ("seq", "shift_id", "version", "at_ms", "kind", "data")
    again = {"at_ms": line["at_ms"], "kind": line["kind"], **line["data"]}
    assert EVENT.validate_json(json.dumps(again)) == event


@each
def test_an_entry_comes_back_from_its_columns(event):
    entry = Entry(7, "s1", 3, event)
    data = entry.data().decode()
    assert entry_from(7, "s1", 3, event.at_ms, event.kind, data) == entry


@each
def test_an_unknown_field_is_refused(event):
    with pytest.raises(ValidationError, match="phone"):
        EVENT.validate_json(json.dumps(json.loads(EVENT.dump_json(event)) | {"phone": "+15550001"}))


@each
def test_a_missing_time_is_refused(event):
    line = json.loads(EVENT.dump_json(event))
    del line["at_ms"]
    with pytest.raises(ValidationError, match="at_ms"):
        EVENT.validate_json(json.dumps(line))


@pytest.mark.parametrize(
    ("key", "facts"),
    [
        ("s1:2:1:voice:ann", ("offer", 2, 1, ())),
        ("answer/17", ("answer", None, None, (17,))),
        ("answer/17/1", ("answer", None, None, (17,))),
        ("notice/17", ("notice", None, None, ())),
    ],
)
def test_an_old_line_that_keeps_facts_only_in_its_key_is_read(key, facts):
    data = json.dumps({"key": key, "caregiver_id": "ann", "channel": "sms", "attempt": 1})
    event = entry_from(7, "s1", 3, 1, "send_started", data).event
    assert isinstance(event, SendStarted)
    assert (event.purpose, event.generation, event.round, event.confirms) == facts


@pytest.mark.parametrize("line", [{"kind": "paid", "at_ms": 1}, {"at_ms": 1}, [], "claimed", None])
def test_what_is_no_event_is_refused(line):
    with pytest.raises(ValidationError):
        EVENT.validate_json(json.dumps(line))


def test_a_message_about_no_shift_has_neither_shift_nor_version():
    line = Entry(7, None, None, Replied(1, "ann", "help", "help")).line()
    assert line == (
        '{"seq":7,"shift_id":null,"version":null,"at_ms":1,"kind":"replied",'
        '"data":{"caregiver_id":"ann","intent":"help","result":"help"}}'
    )


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_id_and_any_reason_survive_as_one_line_of_json(shift_id, reason):
    line = Entry(7, shift_id, 1, Cancelled(1, reason)).line()
    assert "\n" not in line
    read = json.loads(line)
    assert (read["shift_id"], read["data"]["reason"]) == (shift_id, reason)


def test_there_is_one_vocabulary_for_what_a_message_comes_to():
    """Rule 3."""
    assert get_args(ResultStatus) == (
        "claimed", "already_yours", "already_claimed", "declined", "unknown", "which_shift",
        "no_open_offer", "not_eligible", "double_booked", "closed", "released", "opted_out",
        "opted_in", "help",
    )  # fmt: skip
