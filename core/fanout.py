"""One shift's life.

A shift is `planned` until somebody starts its fanout. While it is `open`, rounds of offers go out when
they are due, and the first claim fills it. A filled shift that is given or taken back is open again: a new
*generation*, whose rounds start anew, without those in `declined`. `cancelled` and `expired` are final.

`decide` says which events an input causes and changes nothing; `evolve` applies one event and decides
nothing; `step` does both, with the deadlines that are due before and after. Time is always an argument.
`TRANSITIONS` is the whole life at a glance, and the diagram in ARCHITECTURE.md is drawn from it.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import NamedTuple

from core.events import (
    By,
    CallAnswered,
    CallUnanswered,
    Cancelled,
    Claimed,
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
from core.inputs import Assign, Cancel, Claim, Decline, Input, OptOut, Outcome, Release, Start, Tick
from core.model import DEFAULT_POLICY, Policy, Shift, to_ms
from core.record import record


class Status(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    FILLED = "filled"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


TRANSITIONS: dict[tuple[Status, type[Event]], Status] = {
    (Status.PLANNED, FanoutStarted): Status.OPEN,
    (Status.PLANNED, Cancelled): Status.CANCELLED,
    (Status.OPEN, OffersMade): Status.OPEN,
    (Status.OPEN, Exhausted): Status.OPEN,
    (Status.OPEN, Claimed): Status.FILLED,
    (Status.OPEN, Cancelled): Status.CANCELLED,
    (Status.OPEN, Expired): Status.EXPIRED,
    (Status.FILLED, Released): Status.OPEN,
    (Status.FILLED, Cancelled): Status.CANCELLED,
}
"""The status after each event. Events that are not listed are allowed in any status and do not change it."""


class IllegalEvent(Exception):
    """The shift's status does not allow the event, or the event is older than the last one."""


_LIFE = frozenset(event for _, event in TRANSITIONS)


class State(NamedTuple):
    """Everything a fanout's decisions depend on.

    `start_ms`, `end_ms`: the shift's. `version` counts the events so far, the last one at `last_ms`.
    `opened_ms`: from when this generation counts its rounds; `rounds_done` of them have begun, the last at
    `round_ms`. `contacted`: an offer was made to them in this generation. `declined`: nothing is offered to
    them again, since in any generation they declined, opted out, or had the shift and lost it by a release; a
    claim of theirs may still win. `holder` has had the shift since `since_ms`.
    """

    role: str
    start_ms: int
    end_ms: int
    policy: Policy = DEFAULT_POLICY
    generation: int = 0
    opened_ms: int = 0
    rounds_done: int = 0
    round_ms: int = 0
    exhausted: bool = False
    contacted: frozenset[str] = frozenset()
    declined: frozenset[str] = frozenset()
    status: Status = Status.PLANNED
    holder: str | None = None
    since_ms: int | None = None
    version: int = 0
    last_ms: int = 0


@record
class Step:
    """What came of an input: the new state, the events that led there in order, and the answer."""

    state: State
    events: tuple[Event, ...]
    outcome: Outcome


def planned(shift: Shift) -> State:
    """The state of a shift whose fanout has not been started."""
    return State(shift.role_required, to_ms(shift.start_time), to_ms(shift.end_time))


def next_deadline_ms(state: State) -> int | None:
    """When `step` must be called again at the latest; None unless the shift is open.

    While rounds remain: the next round. After the last: the end of its answer window (`Exhausted`). After
    that: the end of the shift (`Expired`). When everyone contacted has declined, the next round or
    `Exhausted` is due at once.
    """
    if state.status is not Status.OPEN:
        return None
    done, policy = state.rounds_done, state.policy
    if done < len(policy.rounds):
        due_ms = state.opened_ms + policy.rounds[done].after_s * 1000
    elif not state.exhausted:
        due_ms = state.round_ms + policy.answer_window_s * 1000
    else:
        return state.end_ms
    # Everyone contacted so far has declined (or there was nobody to contact), so nothing is waited for.
    if done > 0 and state.contacted <= state.declined:
        due_ms = state.last_ms
    return min(due_ms, state.end_ms)


def step(state: State, input: Input, now_ms: int, available: Callable[[], Sequence[str]]) -> Step:
    """Applies the deadlines that are due by `now_ms`, then `input`, then those that it made due.

    So a claim that arrives after the shift expired loses even if no tick came between, and a decline that
    leaves nobody starts the next round at once. A clock that went backwards counts as standing still.

    `available` is asked if a round is due: who may be offered the shift now, in load order. They have the
    role, take messages, and hold no overlapping shift.
    """
    state, before = _pass_deadlines(state, now_ms, available)
    events, outcome = decide(state, input, max(now_ms, state.last_ms))
    for event in events:
        state = evolve(state, event)
    state, after = _pass_deadlines(state, now_ms, available)
    return Step(state, (*before, *events, *after), outcome)


def _pass_deadlines(
    state: State, now_ms: int, available: Callable[[], Sequence[str]]
) -> tuple[State, tuple[Event, ...]]:
    events: tuple[Event, ...] = ()
    while (due_ms := next_deadline_ms(state)) is not None and due_ms <= max(now_ms, state.last_ms):
        event = _on_deadline(state, max(due_ms, state.last_ms), available)
        state = evolve(state, event)
        events = (*events, event)
    return state, events


def _on_deadline(state: State, at_ms: int, available: Callable[[], Sequence[str]]) -> Event:
    if at_ms >= state.end_ms:
        return Expired(at_ms)
    if state.rounds_done == len(state.policy.rounds):
        return Exhausted(at_ms)
    due = state.policy.rounds[state.rounds_done]
    asked = [person for person in available() if person not in state.declined]
    if due.limit is not None:
        asked = [person for person in asked if person not in state.contacted][: due.limit]
    return OffersMade(at_ms, state.rounds_done, due.channel, tuple(asked))


def decide(state: State, input: Input, now_ms: int) -> tuple[tuple[Event, ...], Outcome]:
    """The events that `input` causes at `now_ms`, no deadline being due, and what to answer."""
    match input:
        case Claim():  # nothing is captured, since this is the most frequent one
            who = input.caregiver_id
            events, outcome = _claim(state, who, "caregiver", input.eligible, input.conflict, now_ms)
            return (Replied(now_ms, who, "accept", outcome.result), *events), outcome
        case Decline(caregiver_id, policy):
            events, outcome = _decline(state, caregiver_id, policy, now_ms)
            return (Replied(now_ms, caregiver_id, "decline", outcome.result), *events), outcome
        case Tick():
            return (), Outcome("ticked")
        case Start(policy):
            if state.status is Status.PLANNED and now_ms < state.end_ms:
                return (_started(state, policy, now_ms),), Outcome("fanout_started")
            return (), _as_it_is(state, now_ms)
        case Assign():
            return _assign(state, input, now_ms)
        case Release(caregiver_id, reason, policy):
            if state.holder is not None and caregiver_id in (None, state.holder):
                return _give_back(state, state.holder, "coordinator", reason, policy, now_ms)
            return (), _as_it_is(state, now_ms)
        case Cancel(reason):
            if state.status is Status.FILLED and now_ms >= state.end_ms:
                return (), Outcome("expired")
            if state.status in (Status.PLANNED, Status.OPEN, Status.FILLED):
                return (Cancelled(now_ms, reason),), Outcome("cancelled", state.holder, state.since_ms)
            return (), _as_it_is(state, now_ms)
        case OptOut(caregiver_id):
            return (OptedOut(now_ms, caregiver_id),), Outcome("opted_out")


def _assign(state: State, input: Assign, now_ms: int) -> tuple[tuple[Event, ...], Outcome]:
    who, started = input.caregiver_id, _started(state, input.policy, now_ms)
    unopened = state.status is Status.PLANNED
    before = evolve(state, started) if unopened else state
    events, outcome = _claim(before, who, "coordinator", input.eligible, input.conflict, now_ms, input.reason)
    return ((started, *events) if unopened and events else events), outcome


def _started(state: State, policy: Policy, now_ms: int) -> FanoutStarted:
    return FanoutStarted(now_ms, state.role, state.start_ms, state.end_ms, policy)


def _as_it_is(state: State, now_ms: int) -> Outcome:
    """The answer to a coordinator whose command does not change anything."""
    if state.status is Status.FILLED:
        return Outcome("already_claimed", state.holder, state.since_ms)
    if state.status is Status.CANCELLED:
        return Outcome("cancelled")
    if state.status is Status.EXPIRED or now_ms >= state.end_ms:
        return Outcome("expired")
    return Outcome("already_open" if state.status is Status.OPEN else "no_open_offer")


def _claim(
    state: State,
    caregiver_id: str,
    by: By,
    eligible: bool,
    conflict: str | None,
    now_ms: int,
    reason: str | None = None,
) -> tuple[tuple[Event, ...], Outcome]:
    if state.status is Status.FILLED:
        mine = state.holder == caregiver_id
        return (), Outcome("already_yours" if mine else "already_claimed", state.holder, state.since_ms)
    if state.status is Status.PLANNED:
        return (), Outcome("no_open_offer")
    if state.status is not Status.OPEN or now_ms >= state.end_ms:
        return (), Outcome("closed")
    if not eligible:
        return (), Outcome("not_eligible")
    if conflict is not None:
        return (), Outcome("double_booked", conflict=conflict)
    return (Claimed(now_ms, caregiver_id, by, reason),), Outcome("claimed", caregiver_id, now_ms)


def _decline(
    state: State, caregiver_id: str, policy: Policy | None, now_ms: int
) -> tuple[tuple[Event, ...], Outcome]:
    if state.holder == caregiver_id:
        return _give_back(state, caregiver_id, "caregiver", None, policy, now_ms)
    if state.status in (Status.CANCELLED, Status.EXPIRED):
        return (), Outcome("closed")
    return (), Outcome("declined")


def _give_back(
    state: State, holder: str, by: By, reason: str | None, policy: Policy | None, now_ms: int
) -> tuple[tuple[Event, ...], Outcome]:
    if now_ms >= state.end_ms:
        return (), Outcome("closed", holder, state.since_ms)
    released = Released(now_ms, holder, by, reason, None if policy == state.policy else policy)
    return (released,), Outcome("released", holder, state.since_ms)


def evolve(state: State, event: Event) -> State:
    """The state after `event`. Raises `IllegalEvent` if it cannot come now."""
    status, at_ms = state.status, event.at_ms
    if type(event) in _LIFE:
        after = TRANSITIONS.get((status, type(event)))
        if after is None:
            raise IllegalEvent(f"{event.kind} while {status}")
        status = after
    if at_ms < state.last_ms:
        raise IllegalEvent(f"{event.kind} at {at_ms}, before the last event at {state.last_ms}")
    # Taking the state apart and making it once anew is several times as fast as `_replace`.
    (
        role, start_ms, end_ms, policy, generation, opened_ms, rounds_done, round_ms, exhausted, contacted,
        declined, _, holder, since_ms, version, _,
    ) = state  # fmt: skip
    match event:  # the most frequent ones first
        case Claimed():
            holder, since_ms = event.caregiver_id, at_ms
        case OptedOut() | Replied(intent="decline", result="declined"):
            declined |= {event.caregiver_id}
        case Replied() | SendStarted() | Sent() | SendFailed() | CallAnswered() | CallUnanswered():
            pass
        case FanoutStarted():
            policy, generation, opened_ms = event.policy, 1, at_ms
        case OffersMade():
            rounds_done, round_ms = event.round + 1, at_ms
            contacted = contacted.union(event.caregiver_ids)
        case Released():
            holder = since_ms = None
            generation, opened_ms, rounds_done, round_ms = generation + 1, at_ms, 0, 0
            exhausted, contacted = False, frozenset()
            declined |= {event.caregiver_id}
            policy = event.policy or policy
        case Cancelled() | Expired():
            holder = since_ms = None
        case Exhausted():
            exhausted = True
    return State(
        role, start_ms, end_ms, policy, generation, opened_ms, rounds_done, round_ms, exhausted, contacted,
        declined, status, holder, since_ms, version + 1, at_ms,
    )  # fmt: skip
