"""What is always true of a journal, whatever happened at once.

`violations` reads entries in order of `seq` and returns a sentence for each rule that they break. It is
asserted after every step of the tests, in the simulation, and on the journals of races and crashes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from core import fanout
from core.fanout import State, Status
from core.messages import (
    Cancelled,
    Claimed,
    Entry,
    Exhausted,
    FanoutStarted,
    OffersMade,
    Released,
    Replied,
    SendFailed,
    SendStarted,
    Sent,
)


@dataclass(slots=True)
class _Shift:
    state: State
    promised: str | None = None  # told "claimed", and not yet seen to hold the shift
    attempts: dict[str, int] = field(default_factory=dict)
    under_way: dict[str, str] = field(default_factory=dict)


def violations(entries: Iterable[Entry]) -> list[str]:
    """The broken rules, each with its `seq`; an empty list is what everybody hopes for.

    Rules: `seq` and each shift's `version` count without gaps; time never runs backwards within a shift;
    every event is allowed by the shift's status (so nobody claims a shift that somebody has); whoever is
    told "claimed" has the shift; only the holder's shift is released; nobody holds two overlapping shifts;
    no offer begins when its shift is not open, in an earlier generation, or to somebody who declined or
    opted out; attempts of a send count up from 1 and end once; a round asks nobody twice and nobody who
    declined; a generation is exhausted at most once.
    """
    found: list[str] = []
    shifts: dict[str, _Shift] = {}
    opted_out: set[str] = set()
    seq: int | None = None
    for entry in entries:
        event = entry.event
        where = f"seq {entry.seq}: {event.kind}"
        if seq is not None and entry.seq != seq + 1:
            found.append(f"{where}: follows seq {seq}")
        seq = entry.seq
        if isinstance(event, Replied) and event.result in ("opted_out", "opted_in"):
            (opted_out.add if event.result == "opted_out" else opted_out.discard)(event.caregiver_id)
        if isinstance(event, SendStarted) and event.caregiver_id in opted_out:
            found.append(f"{where}: {event.key} to {event.caregiver_id}, who has opted out")
        if entry.shift_id is None:
            continue
        if entry.shift_id not in shifts:
            role = event.role if isinstance(event, FanoutStarted) else ""
            start_ms, end_ms = (event.start_ms, event.end_ms) if isinstance(event, FanoutStarted) else (0, 0)
            shifts[entry.shift_id] = _Shift(State(role, start_ms, end_ms))
        shift = shifts[entry.shift_id]
        if entry.version != shift.state.version + 1:
            found.append(
                f"{where}: version {entry.version} of {entry.shift_id} follows {shift.state.version}"
            )
        found += [f"{where}: {problem}" for problem in _check(entry.shift_id, shift, entry, shifts)]
        try:
            shift.state = fanout.evolve(shift.state, event)
        except AssertionError as illegal:
            found.append(f"{where}: {illegal} (shift {entry.shift_id})")
    found += [
        f"shift {shift_id}: {shift.promised} was told claimed and does not have it"
        for shift_id, shift in shifts.items()
        if shift.promised is not None
    ]
    return found


def _check(shift_id: str, shift: _Shift, entry: Entry, shifts: dict[str, _Shift]) -> list[str]:
    event, state = entry.event, shift.state
    if shift.promised is not None and not (
        isinstance(event, Claimed) and event.caregiver_id == shift.promised
    ):
        promised, shift.promised = shift.promised, None
        return [f"{promised} was told claimed and does not have {shift_id}"]
    match event:
        case Replied(caregiver_id=caregiver_id, result="claimed"):
            shift.promised = caregiver_id
        case Replied(caregiver_id=caregiver_id, result="already_yours") if state.holder != caregiver_id:
            return [f"{caregiver_id} was told already_yours, but {state.holder} has {shift_id}"]
        case Replied(result="already_claimed") if state.status is not Status.FILLED:
            return [f"told already_claimed while {shift_id} is {state.status}"]
        case Claimed(caregiver_id=caregiver_id):
            shift.promised = None
            return [
                f"{caregiver_id} holds {other}, which overlaps {shift_id}"
                for other, it in shifts.items()
                if it.state.holder == caregiver_id
                and it.state.start_ms < state.end_ms
                and it.state.end_ms > state.start_ms
            ]
        case Released(caregiver_id=caregiver_id) if caregiver_id != state.holder:
            return [f"{caregiver_id} released {shift_id}, which {state.holder} has"]
        case OffersMade(caregiver_ids=asked):
            twice = len(set(asked)) != len(asked)
            return (
                [f"{shift_id} asks somebody twice or who declined"]
                if (twice or state.declined.intersection(asked))
                else []
            )
        case Exhausted() if state.exhausted:
            return [f"{shift_id} is exhausted already"]
        case SendStarted():
            return _check_start(shift_id, shift, event)
        case Sent(key=key) | SendFailed(key=key):
            if shift.under_way.pop(key, None) is None:
                return [f"{key} ended, but was not under way"]
        case Cancelled():
            pass
        case _:
            pass
    return []


def _check_start(shift_id: str, shift: _Shift, event: SendStarted) -> list[str]:
    found = []
    if event.attempt != shift.attempts.get(event.key, 0) + 1:
        found.append(f"attempt {event.attempt} of {event.key} follows {shift.attempts.get(event.key, 0)}")
    shift.attempts[event.key] = event.attempt
    shift.under_way[event.key] = event.caregiver_id
    if not event.key.startswith(f"{shift_id}:"):
        return found  # an answer or a notice may go out whatever became of the shift
    generation = int(event.key.removeprefix(f"{shift_id}:").split(":")[0])
    state = shift.state
    if state.status is not Status.OPEN or generation != state.generation:
        found.append(
            f"offer {event.key} began while {shift_id} is {state.status}, generation {state.generation}"
        )
    if event.caregiver_id in state.declined:
        found.append(f"offer {event.key} began although {event.caregiver_id} declined")
    return found
