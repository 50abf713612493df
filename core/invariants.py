"""What is always true of a journal, whatever happened at once.

`violations` reads entries in order of `seq` and returns a sentence for each rule that they break. It is
asserted after every step of the tests, in the simulation, and on the journals of races and crashes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from core import fanout
from core.events import (
    CallAnswered,
    CallUnanswered,
    Claimed,
    Entry,
    Event,
    Exhausted,
    Expired,
    FanoutStarted,
    OffersMade,
    PhoneChanged,
    Released,
    Replied,
    SendFailed,
    SendStarted,
    Sent,
)
from core.fanout import IllegalEvent, State, Status
from core.model import Channel


def violations(entries: Iterable[Entry], whole: bool = True) -> list[str]:
    """The broken rules, each with its `seq`; an empty list is what everybody hopes for.

    With `whole` false they are the entries of some shifts only, so that `seq` may have gaps.

    Order: `seq` and each shift's `version` count without gaps, and time never runs backwards within a shift.
    Life: every event is allowed by the shift's status (so nobody claims a shift that somebody has); nothing
    is started, claimed or given back after the shift's end; rounds, exhaustion and expiry come exactly when
    they are due, and nothing comes between.
    Answers: whoever is told "claimed" or "released" gets or gives back the shift with the very next event,
    nobody claims or gives back without that, and every other answer is true when it is given.
    Holders: only who has a shift gives it back, and nobody holds two that overlap.
    Rounds: they follow the policy in number, channel and limit; nobody is asked twice by one, or after they
    declined or opted out, or while they hold a shift that overlaps.
    Sends: an offer begins only if a round of the present generation made it and it could be made still;
    nothing is sent to who has opted out; attempts count up from 1 and end once; only a call that began is
    answered or not.
    """
    reader = _Reader(whole)
    found: list[str] = []
    for entry in entries:
        found += [f"seq {entry.seq}: {entry.event.kind}: {problem}" for problem in reader.read(entry)]
    return found + list(reader.end())


@dataclass(slots=True)
class _Shift:
    """`told`: an answer that the next event must make true. `asked`: by this generation, with the round."""

    id: str
    state: State
    version: int = 0
    told: Replied | None = None
    asked: set[tuple[int | None, str]] = field(default_factory=set)


@dataclass(slots=True)
class _Send:
    caregiver_id: str
    channel: Channel
    attempts: int = 0
    under_way: bool = False
    over: bool = False


class _Reader:
    """What the journal has told so far."""

    def __init__(self, whole: bool) -> None:
        self.whole = whole
        self.seq: int | None = None
        self.shifts: dict[str, _Shift] = {}
        self.held: dict[str, set[str]] = {}
        self.sends: dict[str, _Send] = {}
        self.opted_out: set[str] = set()

    def read(self, entry: Entry) -> Iterator[str]:
        event = entry.event
        if self.seq is not None and (entry.seq != self.seq + 1 if self.whole else entry.seq <= self.seq):
            yield f"follows seq {self.seq}"
        self.seq = entry.seq
        match event:
            case Replied(result="opted_out") | PhoneChanged(opted_out=True):
                self.opted_out.add(event.caregiver_id)
            case Replied(result="opted_in") | PhoneChanged():
                self.opted_out.discard(event.caregiver_id)
            case _:
                pass
        yield from self.send(event)
        if entry.shift_id is None:
            return
        shift = self.shifts.setdefault(entry.shift_id, _Shift(entry.shift_id, State("", 0, 0)))
        if entry.version != shift.version + 1:
            yield f"version {entry.version} of {shift.id} follows {shift.version}"
        shift.version = entry.version or 0
        if isinstance(event, FanoutStarted) and shift.state.status is Status.PLANNED:
            shift.state = shift.state._replace(role=event.role, start_ms=event.start_ms, end_ms=event.end_ms)
        yield from self.life(shift, event)
        yield from self.answer(shift, event)
        yield from self.holder(shift, event)
        if isinstance(event, OffersMade):
            yield from self.round(shift, event)
        if isinstance(event, SendStarted):
            yield from self.offer(shift, event)
        try:
            shift.state = fanout.evolve(shift.state, event)
        except IllegalEvent as illegal:
            yield f"{illegal} (shift {shift.id})"

    def end(self) -> Iterator[str]:
        for shift in self.shifts.values():
            if shift.told is not None:
                yield f"{shift.id}: {shift.told.caregiver_id} was told {shift.told.result}, and no more"

    def life(self, shift: _Shift, event: Event) -> Iterator[str]:
        state = shift.state
        if isinstance(event, FanoutStarted | Claimed | Released) and event.at_ms >= state.end_ms:
            yield f"after the end of {shift.id}"
        due_ms = fanout.next_deadline_ms(state)
        if isinstance(event, OffersMade | Exhausted | Expired):
            if due_ms is None or event.at_ms != max(due_ms, state.last_ms):
                yield f"{shift.id} has its next deadline at {due_ms}, and this is at {event.at_ms}"
            elif not isinstance(event, _expected(state, event.at_ms)):
                yield f"not what is due for {shift.id}"
        elif due_ms is not None and due_ms <= event.at_ms:
            assigned_at_once = isinstance(event, Claimed) and event.by == "coordinator"
            if not (assigned_at_once and state.rounds_done == 0 and due_ms == event.at_ms):
                yield f"came before what was due for {shift.id} at {due_ms}"

    def answer(self, shift: _Shift, event: Event) -> Iterator[str]:
        told, shift.told = shift.told, None
        if isinstance(event, Claimed | Released) and event.by == "caregiver":
            if told is None or (told.caregiver_id, told.result) != (event.caregiver_id, event.kind):
                yield f"{event.caregiver_id} was not told {event.kind} for {shift.id}"
        elif told is not None:
            yield f"{told.caregiver_id} was told {told.result} before, and it did not happen to {shift.id}"
        if isinstance(event, Replied):
            if event.result in ("claimed", "released"):
                shift.told = event
            elif not _is_true(shift.state, event):
                yield f"told {event.result}, but {shift.id} is {shift.state.status} for {shift.state.holder}"

    def holder(self, shift: _Shift, event: Event) -> Iterator[str]:
        if isinstance(event, Claimed):
            for other in self.overlaps(event.caregiver_id, shift):
                yield f"{event.caregiver_id} holds {other}, which overlaps {shift.id}"
            if shift.state.status is Status.OPEN:
                self.held.setdefault(event.caregiver_id, set()).add(shift.id)
        elif isinstance(event, Released) and event.caregiver_id != shift.state.holder:
            yield f"{event.caregiver_id} released {shift.id}, which {shift.state.holder} has"
        elif event.kind in ("released", "cancelled") and shift.state.holder is not None:
            self.held[shift.state.holder].discard(shift.id)
        if isinstance(event, Released):
            shift.asked.clear()

    def overlaps(self, caregiver_id: str, shift: _Shift) -> list[str]:
        held = sorted(self.held.get(caregiver_id, set()) - {shift.id})
        states = [(other, self.shifts[other].state) for other in held]
        start_ms, end_ms = shift.state.start_ms, shift.state.end_ms
        return [other for other, state in states if state.start_ms < end_ms and state.end_ms > start_ms]

    def round(self, shift: _Shift, event: OffersMade) -> Iterator[str]:
        state, rounds, asked = shift.state, shift.state.policy.rounds, set(event.caregiver_ids)
        if event.round != state.rounds_done or event.round >= len(rounds):
            yield f"round {event.round} of {shift.id} follows {state.rounds_done} of {len(rounds)}"
        else:
            rule = rounds[event.round]
            if event.channel != rule.channel:
                yield f"round {event.round} of {shift.id} is by {event.channel}, not by {rule.channel}"
            if rule.limit is not None and (len(asked) > rule.limit or asked & state.contacted):
                yield f"a wave of {rule.limit} of {shift.id} asks more, or somebody asked before"
        if len(asked) != len(event.caregiver_ids):
            yield f"{shift.id} asks somebody twice"
        for caregiver_id in sorted(asked):
            yield from self.may_ask(shift, caregiver_id)
            if caregiver_id in self.opted_out:
                yield f"{shift.id} is offered to {caregiver_id}, who has opted out"
        shift.asked |= {(event.round, caregiver_id) for caregiver_id in asked}

    def may_ask(self, shift: _Shift, caregiver_id: str) -> Iterator[str]:
        if caregiver_id in shift.state.declined:
            yield f"{shift.id} is offered to {caregiver_id}, who declined"
        for other in self.overlaps(caregiver_id, shift):
            yield f"{shift.id} is offered to {caregiver_id}, who holds {other}"

    def offer(self, shift: _Shift, event: SendStarted) -> Iterator[str]:
        state = shift.state
        if event.purpose != "offer":
            return  # an answer or a notice may go out whatever became of the shift
        if state.status is not Status.OPEN or event.generation != state.generation:
            yield f"{event.key} begins while {shift.id} is {state.status}, generation {state.generation}"
        elif (event.round, event.caregiver_id) not in shift.asked:
            yield f"{event.key} begins, and no round made it"
        yield from self.may_ask(shift, event.caregiver_id)

    def send(self, event: Event) -> Iterator[str]:
        if isinstance(event, SendStarted):
            send = self.sends.setdefault(event.key, _Send(event.caregiver_id, event.channel))
            if event.attempt != send.attempts + 1:
                yield f"attempt {event.attempt} of {event.key} follows attempt {send.attempts}"
            if send.over:
                yield f"{event.key} begins again, but it has ended"
            if event.caregiver_id in self.opted_out:
                yield f"{event.key} goes to {event.caregiver_id}, who has opted out"
            send.attempts, send.under_way = event.attempt, True
        elif isinstance(event, Sent | SendFailed | CallAnswered | CallUnanswered):
            begun = self.sends.get(event.key)
            if begun is None or begun.caregiver_id != event.caregiver_id:
                yield f"{event.key} to {event.caregiver_id} never began"
            elif isinstance(event, Sent | SendFailed):
                if not begun.under_way:
                    yield f"{event.key} ended, but was not under way"
                begun.under_way, begun.over = False, isinstance(event, Sent) or event.final
            elif begun.channel != "voice":
                yield f"{event.key} is no call"


def _is_true(state: State, told: Replied) -> bool:
    """Whether an answer that changes nothing is right."""
    mine = state.holder == told.caregiver_id
    match told.result:
        case "already_yours":
            return mine
        case "already_claimed":
            return state.status is Status.FILLED and not mine
        case "closed":
            return state.status in (Status.CANCELLED, Status.EXPIRED) or told.at_ms >= state.end_ms
        case "no_open_offer":
            return state.status is Status.PLANNED
        case "declined":
            return state.status not in (Status.CANCELLED, Status.EXPIRED) and not mine
        case "not_eligible" | "double_booked":
            return state.status is Status.OPEN
        case _:
            return True


def _expected(state: State, at_ms: int) -> type[Event]:
    """The event that a deadline at `at_ms` means."""
    if at_ms >= state.end_ms:
        return Expired
    return OffersMade if state.rounds_done < len(state.policy.rounds) else Exhausted
