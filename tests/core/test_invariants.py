"""Every rule of the journal, broken by hand in a short journal: exactly that is reported."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from core.events import (
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
    Released,
    Replied,
    SendFailed,
    SendStarted,
    Sent,
)
from core.invariants import violations
from core.model import Policy, Round

ROOT = Path(__file__).parents[2]
MINUTE, HOUR = 60_000, 3_600_000
START, END = 8 * HOUR, 16 * HOUR
POLICY = Policy(rounds=(Round(after_s=0, channel="sms"), Round(after_s=600, channel="voice")))
WAVES = Policy(rounds=tuple(Round(after_s=after_s, channel="sms", limit=2) for after_s in (0, 60)))

Row = tuple[str | None, Event]


def journal(*rows: Row) -> list[Entry]:
    """The rows with their `seq` and `version`."""
    versions: dict[str | None, int] = {}
    entries = []
    for seq, (shift_id, event) in enumerate(rows, 1):
        versions[shift_id] = versions.get(shift_id, 0) + 1
        entries.append(Entry(seq, shift_id, versions[shift_id] if shift_id else None, event))
    return entries


def s1(*events: Event) -> list[Row]:
    return [("s1", event) for event in events]


def began(at_ms: int, key: str, attempt: int = 1) -> SendStarted:
    """The first or a further attempt of an offer of s1, or of a text to ann."""
    if ":" not in key:
        return SendStarted(at_ms, key, "ann", "sms", attempt, "answer")
    _, generation, number, channel, caregiver_id = key.split(":")
    place = int(generation), int(number)
    return SendStarted(
        at_ms, key, caregiver_id, "voice" if channel == "voice" else "sms", attempt, "offer", *place
    )


def claims(at_ms: int, caregiver_id: str) -> tuple[Event, Event]:
    return Replied(at_ms, caregiver_id, "accept", "claimed"), Claimed(at_ms, caregiver_id)


def started(at_ms: int = 0, policy: Policy = POLICY, start_ms: int = START) -> FanoutStarted:
    return FanoutStarted(at_ms, "RN", start_ms, start_ms + 8 * HOUR, policy)


SMS, CALL = "s1:1:0:sms:ann", "s1:1:1:voice:ann"
OPEN = s1(started(), OffersMade(0, 0, "sms", ("ann", "ben")))
FILLED = [*OPEN, *s1(*claims(MINUTE, "ann"))]
CALLED = [*OPEN, *s1(OffersMade(10 * MINUTE, 1, "voice", ("ann",)))]
EXHAUSTED = [*CALLED, *s1(Exhausted(20 * MINUTE))]
OUT = (None, Replied(0, "cat", "stop", "opted_out"))
DECLINED = s1(Replied(MINUTE, "ben", "decline", "declined"))
OVERLAPPING: list[Row] = [("s2", started(start_ms=START + HOUR)), ("s2", Claimed(0, "ann", "coordinator"))]

GOOD: list[Row] = [
    *s1(Replied(0, "cat", "decline", "declined")),
    *OPEN,
    OUT,
    *s1(
        began(0, SMS), SendFailed(1, SMS, "ann", "busy", False), began(2, SMS, 2), Sent(3, SMS, "ann"),
        Replied(4, "ben", "unknown", "unknown"), began(5, "s1:1:0:sms:ben"), began(6, "s1:1:0:sms:ben", 2),
        *(event for _, event in DECLINED), OffersMade(10 * MINUTE, 1, "voice", ("ann",)),
        began(10 * MINUTE, CALL), CallAnswered(10 * MINUTE, CALL, "ann"), Sent(10 * MINUTE, CALL, "ann"),
        *claims(11 * MINUTE, "ann"), Replied(11 * MINUTE, "ann", "accept", "already_yours"),
        Replied(12 * MINUTE, "ben", "accept", "already_claimed"), began(12 * MINUTE, "answer/9"),
    ),
    (None, Replied(12 * MINUTE, "cat", "start", "opted_in")),
    ("s2", started(12 * MINUTE, WAVES, END)),
    ("s2", Claimed(12 * MINUTE, "ann", "coordinator")),
    ("s2", Cancelled(13 * MINUTE)),
    ("s2", Replied(13 * MINUTE, "ann", "accept", "closed")),
    *s1(
        Replied(HOUR, "ann", "decline", "released"), Released(HOUR, "ann", "caregiver"),
        OffersMade(HOUR, 0, "sms", ("dee",)), began(HOUR, "s1:2:0:sms:dee"), OptedOut(HOUR + 1, "dee"),
        OffersMade(HOUR + 1, 1, "voice", ()), Exhausted(HOUR + 1), *claims(2 * HOUR, "eve"),
        Released(2 * HOUR, "eve", "coordinator"), OffersMade(2 * HOUR, 0, "sms", ()),
        OffersMade(2 * HOUR, 1, "voice", ()), Exhausted(2 * HOUR), Expired(END),
        Replied(END, "ann", "accept", "closed"),
    ),
]  # fmt: skip


def test_a_good_journal_breaks_no_rule() -> None:
    assert violations(journal(*GOOD)) == []
    assert violations([]) == []


def test_a_missing_entry_is_reported() -> None:
    first, second, third = journal(*s1(started(), OffersMade(0, 0, "sms", ()), OffersMade(0, 1, "voice", ())))
    found = violations([first, second, replace(third, seq=4)])
    assert found == ["seq 4: offers_made: follows seq 2"]
    found = violations([first, second, replace(third, version=4)])
    assert found == ["seq 3: offers_made: version 4 of s1 follows 2"]


BROKEN: list[tuple[str, list[Row], str]] = [
    # Order
    (
        "time runs backwards",
        [*OPEN, *s1(Replied(9, "ben", "unknown", "unknown"), Replied(8, "ben", "unknown", "unknown"))],
        "replied at 8, before the last event at 9",
    ),
    # Life
    ("started twice", [*OPEN, *s1(started(1))], "fanout_started while open"),
    ("two claims", [*FILLED, *s1(*claims(2 * MINUTE, "ben"))], "claimed while filled"),
    ("cancelled twice", [*OPEN, *s1(Cancelled(1), Cancelled(2))], "cancelled while cancelled"),
    ("started after the end", s1(started(END)), "after the end of s1"),
    ("given back after the end", [*FILLED, *s1(Released(END, "ann", "coordinator"))], "after the end of s1"),
    ("a round too early", [*OPEN, *s1(OffersMade(599_999, 1, "voice", ()))], "next deadline at 600000"),
    ("a round too late", [*OPEN, *s1(OffersMade(600_001, 1, "voice", ()))], "next deadline at 600000"),
    ("exhausted too early", [*CALLED, *s1(Exhausted(1_199_999))], "next deadline at 1200000"),
    ("exhausted twice", [*EXHAUSTED, *s1(Exhausted(1_200_000))], f"next deadline at {END}"),
    ("expired too early", [*EXHAUSTED, *s1(Expired(END - 1))], f"next deadline at {END}"),
    ("exhausted instead of a round", [*OPEN, *s1(Exhausted(600_000))], "not what is due"),
    (
        "something while a round is due",
        [*OPEN, *s1(Replied(600_000, "ben", "unknown", "unknown"))],
        "came before what was due for s1 at 600000",
    ),
    (
        "a claim after the end, before expiry",
        [*EXHAUSTED, *s1(Replied(END, "ben", "accept", "closed"))],
        f"came before what was due for s1 at {END}",
    ),
    (
        "everyone declined and no round follows",
        [
            *OPEN,
            *DECLINED,
            *s1(
                Replied(2 * MINUTE, "ann", "decline", "declined"),
                Replied(3 * MINUTE, "ann", "unknown", "unknown"),
            ),
        ],
        f"came before what was due for s1 at {2 * MINUTE}",
    ),
    # Answers
    (
        "told claimed, and somebody else gets it",
        [*OPEN, *s1(Replied(1, "ann", "accept", "claimed"), Claimed(1, "ben", "coordinator"))],
        "ann was told claimed before, and it did not happen to s1",
    ),
    (
        "told claimed at the end",
        [*OPEN, *s1(Replied(1, "ann", "accept", "claimed"))],
        "ann was told claimed, and",
    ),
    (
        "told released, and keeps it",
        [
            *FILLED,
            *s1(
                Replied(2 * MINUTE, "ann", "decline", "released"),
                Replied(2 * MINUTE, "ann", "accept", "already_yours"),
            ),
        ],
        "ann was told released before",
    ),
    ("claims without a word", [*OPEN, *s1(Claimed(1, "ann"))], "ann was not told claimed"),
    (
        "gives back without a word",
        [*FILLED, *s1(Released(2 * MINUTE, "ann", "caregiver"))],
        "ann was not told released",
    ),
    (
        "already_yours, but it is not",
        [*FILLED, *s1(Replied(2 * MINUTE, "ben", "accept", "already_yours"))],
        "told already_yours, but s1 is filled for ann",
    ),
    (
        "already_claimed, but it is open",
        [*OPEN, *s1(Replied(1, "ben", "accept", "already_claimed"))],
        "told already_claimed, but s1 is open",
    ),
    (
        "already_claimed, to the holder",
        [*FILLED, *s1(Replied(2 * MINUTE, "ann", "accept", "already_claimed"))],
        "told already_claimed, but s1 is filled for ann",
    ),
    ("closed, but it is open", [*OPEN, *s1(Replied(1, "ben", "accept", "closed"))], "told closed, but"),
    ("no_open_offer, but it is", [*OPEN, *s1(Replied(1, "ben", "accept", "no_open_offer"))], "told no_open"),
    (
        "declined, but it is theirs",
        [*FILLED, *s1(Replied(MINUTE, "ann", "decline", "declined"))],
        "told decl",
    ),
    (
        "not_eligible, but it is filled",
        [*FILLED, *s1(Replied(MINUTE, "dee", "accept", "not_eligible"))],
        "told not",
    ),
    (
        "double_booked, but it is filled",
        [*FILLED, *s1(Replied(MINUTE, "dee", "accept", "double_booked"))],
        "told dou",
    ),
    # Holders
    (
        "given back by somebody else",
        [*FILLED, *s1(Released(2 * MINUTE, "ben", "coordinator"))],
        "ben released s1, which ann has",
    ),
    (
        "overlapping shifts",
        [*OVERLAPPING, *s1(started(), Claimed(0, "ann", "coordinator"))],
        "ann holds s2, which",
    ),
    # Rounds
    (
        "a round is left out",
        s1(started(), OffersMade(0, 1, "voice", ("ann",))),
        "round 1 of s1 follows 0 of 2",
    ),
    ("the wrong channel", s1(started(), OffersMade(0, 0, "voice", ("ann",))), "by voice, not by sms"),
    (
        "too many in a wave",
        s1(started(policy=WAVES), OffersMade(0, 0, "sms", ("ann", "ben", "dee"))),
        "a wave of 2 of s1 asks more",
    ),
    (
        "a wave asks again",
        s1(started(policy=WAVES), OffersMade(0, 0, "sms", ("ann",)), OffersMade(MINUTE, 1, "sms", ("ann",))),
        "or somebody asked before",
    ),
    ("asked twice", s1(started(), OffersMade(0, 0, "sms", ("ann", "ann"))), "asks somebody twice"),
    (
        "asked after declining",
        [*OPEN, *DECLINED, *s1(OffersMade(10 * MINUTE, 1, "voice", ("ann", "ben")))],
        "offered to ben, who declined",
    ),
    (
        "asked after opting out",
        [OUT, *s1(started(), OffersMade(0, 0, "sms", ("cat",)))],
        "to cat, who has opted out",
    ),
    ("asked while working", [*OVERLAPPING, *OPEN], "s1 is offered to ann, who holds s2"),
    # Sends
    ("an offer after a claim", [*FILLED, *s1(began(2 * MINUTE, SMS))], f"{SMS} begins while s1 is filled"),
    (
        "an offer of an earlier generation",
        [
            *FILLED,
            *s1(
                Released(2 * MINUTE, "ann", "coordinator"),
                OffersMade(2 * MINUTE, 0, "sms", ("ben",)),
                began(2 * MINUTE, "s1:1:0:sms:ben"),
            ),
        ],
        "begins while s1 is open, generation 2",
    ),
    ("an offer nobody made", [*OPEN, *s1(began(1, "s1:1:0:sms:dee"))], "no round made it"),
    (
        "an offer after they declined",
        [*OPEN, *DECLINED, *s1(began(2 * MINUTE, "s1:1:0:sms:ben"))],
        "offered to ben, who declined",
    ),
    (
        "an offer while they work",
        [*OPEN, *OVERLAPPING, *s1(began(2 * MINUTE, SMS))],
        "s1 is offered to ann, who holds s2",
    ),
    (
        "a text after they opted out",
        [(None, Replied(0, "ann", "stop", "opted_out")), (None, began(1, "answer/1"))],
        "answer/1 goes to ann, who has opted out",
    ),
    ("the second attempt first", [*OPEN, *s1(began(1, SMS, 2))], f"attempt 2 of {SMS} follows attempt 0"),
    ("an attempt twice", [*OPEN, *s1(began(1, SMS), began(2, SMS))], f"attempt 1 of {SMS} follows attempt 1"),
    (
        "again after it was sent",
        [*OPEN, *s1(began(1, SMS), Sent(2, SMS, "ann"), began(3, SMS, 2))],
        "begins again, but it has ended",
    ),
    (
        "again after it failed for good",
        [*OPEN, *s1(began(1, SMS), SendFailed(2, SMS, "ann", "landline", True), began(3, SMS, 2))],
        "begins again, but it has ended",
    ),
    (
        "sent twice",
        [
            (None, began(1, "answer/1")),
            (None, Sent(2, "answer/1", "ann")),
            (None, Sent(3, "answer/1", "ann")),
        ],
        "answer/1 ended, but was not under way",
    ),
    ("sent and never begun", [*OPEN, *s1(Sent(1, SMS, "ann"))], f"{SMS} to ann never began"),
    ("sent to another", [*OPEN, *s1(began(1, SMS), Sent(1, SMS, "ben"))], f"{SMS} to ben never began"),
    (
        "a call nobody made",
        [*CALLED, *s1(CallUnanswered(700_000, CALL, "ann"))],
        f"{CALL} to ann never began",
    ),
    ("an answered text", [*OPEN, *s1(began(1, SMS), CallAnswered(2, SMS, "ann"))], f"{SMS} is no call"),
]


@pytest.mark.parametrize(("rows", "said"), [pytest.param(rows, said, id=name) for name, rows, said in BROKEN])
def test_a_broken_rule_is_reported(rows: list[Row], said: str) -> None:
    found = violations(journal(*rows))
    assert len(found) == 1, found
    assert said in found[0]


def test_two_winners_are_seen_even_when_python_leaves_assertions_out():
    script = (
        "from core.invariants import violations\n"
        "from core.events import entry_from\n"
        "import json, sys\n"
        "entries = [entry_from(**{**json.loads(line), 'data': json.dumps(json.loads(line)['data'])})"
        " for line in sys.stdin]\n"
        "print(violations(entries))"
    )
    twice = journal(*s1(started(), *claims(1, "ann"), *claims(2, "bob")))
    lines = "".join(f"{entry.line()}\n" for entry in twice)
    done = subprocess.run(
        [sys.executable, "-O", "-c", script],
        input=lines,
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert "claimed while filled" in done.stdout
