"""The SimPy engine for an agency: call-outs share caregivers, and sends go out at limited rates.

All decisions are made by the service's own desk, over the store in memory. Only the world is simulated:
call-outs, people, and a carrier that accepts every send at once. Whatever happens within one millisecond
forms one batch; then the sender begins what may begin. SimPy cannot cancel an alarm, so an alarm that is no
longer needed finds nothing to do.

This is how one person behaves:

- Their reply time runs from the first text about the shift; further texts change nothing. The reply names the
  code of the offer.
- A call is picked up `ring_ms` after it began, if the person would answer it and has not replied by then (a
  reply in the same millisecond came first). They say yes or no, and no longer reply to the text.
- Someone who does not pick up may still reply to the text, unless the shift has ended by then.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from math import inf
from operator import itemgetter
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from core.commands import (
    Command,
    Inbound,
    Leased,
    Load,
    MarkCall,
    Outgoing,
    PutPolicy,
    PutShift,
    StartFanout,
    TickShift,
)
from core.desk import decide
from core.events import Entry
from core.fanout import State, Status, next_deadline_ms
from core.gather import gather
from core.memory import MemoryStore
from core.model import EPOCH, Caregiver, LoadFile, Policy, Shift
from core.ports import DEFAULT
from core.reply import Answer, Reply
from core.sender import Sender
from core.working_set import WorkingSet
from sim.draws import NEVER, reply_times, roles_asked_for, stream
from sim.outcomes import Outcomes
from sim.scenario import BEGIN_MS, HOUR_MS, HOURS, Scenario

# The carrier accepts a send at once. That is recorded with the next batch, or after this time: less than a
# lease.
MARKED_WITHIN_MS = 30_000
# How many sends may be under way: no limit in effect.
MOST = 1_000_000
# The purposes of a replication's streams of random numbers.
_CALL_OUTS, _PEOPLE, _NEVER_REPLY = 1, 2, 3
# For how many shifts people's behavior is drawn at a time.
_DRAWN = 64
# What happens, in the order in which it counts within a millisecond (then by place in the roster).
_TIME, _TEXT, _PICK_UP, _NO_ANSWER = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class CallOut:
    """A shift that falls open at `at_ms`, and what each person with its role would do about it.

    `role` is an index of `Scenario.roles`. The other fields are in roster order: how long after their text
    people reply (`NEVER` if they do not), whether that reply is a yes, whether they would answer a call, and
    whether they would then say yes.
    """

    number: int
    at_ms: int
    role: int
    reply_ms: Sequence[int]
    accepts_text: Sequence[bool]
    answers: Sequence[bool]
    accepts_call: Sequence[bool]


@dataclass(frozen=True, slots=True)
class Replication:
    """The outcomes of the shifts, in order of their call-outs, and the journal if it was asked for."""

    outcomes: Outcomes
    entries: tuple[Entry, ...]


def simulate(
    scenario: Scenario, policy: Policy, seed: int, replication: int, days: int, journal: bool = False
) -> Replication:
    """Simulates `days` days of call-outs under `policy`, until all their shifts are filled or have ended.

    Caregivers are shared, whatever `scenario.shared_caregivers` says. The call-outs, and what people would
    do, depend on `seed` and `replication` only. They do not depend on the policy, so policies can be compared
    shift by shift; and a longer run begins exactly like a shorter one.
    """
    return play(scenario, policy, call_outs(scenario, seed, replication, days), journal)


def play(scenario: Scenario, policy: Policy, world: Iterable[CallOut], journal: bool = False) -> Replication:
    """Simulates these call-outs, which must be in order of time."""
    store = MemoryStore(keeps_journal=journal)
    agency = _Agency(scenario, policy, iter(world), store)
    agency.run()
    return Replication(agency.outcomes(), tuple(store.events(0, 2**62)))


# --- the world -----------------------------------------------------------------------------------


def call_outs(scenario: Scenario, seed: int, replication: int, days: int) -> Iterator[CallOut]:
    """The call-outs of `days` days in order of time, and what people would do about each."""
    at_ms, roles = _arrivals(scenario, seed, replication, days)
    people = np.array([role.caregivers for role in scenario.roles])
    sms, voice = scenario.sms, scenario.voice
    some = (len(people), people.max())
    silent = stream(seed, replication, _NEVER_REPLY).random(some) < sms.never_reply_share
    listening = (np.arange(people.max()) < people[:, None]) & ~silent
    sms = sms.model_copy(update={"never_reply_share": 0.0})  # `listening` has left out those who never reply
    for first in range(0, len(at_ms), _DRAWN):
        rng = stream(seed, replication, _PEOPLE, first)
        uniform = rng.random((4, _DRAWN, people.max()))
        latency = rng.standard_normal((_DRAWN, people.max()))
        role = roles[first : first + _DRAWN]
        count = len(role)
        # Lists, because reading single items of an array is slow.
        rows = zip(
            range(first, first + count),
            at_ms[first : first + count].tolist(),
            role.tolist(),
            reply_times(sms, uniform[0, :count], latency[:count], listening[role]).tolist(),
            (uniform[1] < sms.accept_probability).tolist(),
            (uniform[2] < voice.answer_probability).tolist(),
            (uniform[3] < voice.accept_probability).tolist(),
            strict=False,
        )
        for row in rows:
            yield CallOut(*row)


def _arrivals(
    scenario: Scenario, seed: int, replication: int, days: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """When shifts fall open, in order of time, and the index of the role that each asks for."""
    weights = np.array(scenario.call_outs.by_hour)
    times, roles = [], []
    for day in range(days):  # each has its own stream, so that a longer run begins like a shorter one
        rng = stream(seed, replication, _CALL_OUTS, day)
        counts = rng.poisson(scenario.call_outs.per_day * weights / weights.sum())
        hours = day * HOURS + np.repeat(np.arange(HOURS), counts)
        times.append(np.sort(np.floor((hours + rng.random(len(hours))) * HOUR_MS).astype(np.int64)))
        roles.append(roles_asked_for(scenario, rng.random(len(hours))))
    return BEGIN_MS + np.concatenate(times), np.concatenate(roles)


def roster(scenario: Scenario) -> list[list[Caregiver]]:
    """The caregivers of each role: RN-01, RN-02, ... Characters that ids may not contain are replaced."""
    names = [re.sub(r"[^\w.-]+", "-", role.name)[:80] for role in scenario.roles]
    if len(set(names)) < len(names):
        names = [f"{name}-{index}" for index, name in enumerate(names, 1)]
    numbers = iter(range(1, 1 + sum(role.caregivers for role in scenario.roles)))
    return [
        [
            Caregiver(
                id=f"{name}-{n:02}", name=f"{role.name} {n}"[-100:], role=role.name, phone=_phone(numbers)
            )
            for n in range(1, role.caregivers + 1)
        ]
        for name, role in zip(names, scenario.roles, strict=True)
    ]


def _phone(numbers: Iterator[int]) -> str:
    return f"+1555{next(numbers):07}"


# --- the agency ----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Open:
    """A shift while it is open. People are named by their place in the roster.

    `deadline_ms`: for when the next tick is planned. `replies_ms`: when those who have been texted will
    reply. `spoke`: those who have picked up the phone. `disturbed`: those who have been texted or called.
    """

    call_out: CallOut
    end_ms: int
    deadline_ms: int | None = None
    replies_ms: dict[int, int] = field(default_factory=dict)
    spoke: set[int] = field(default_factory=set)
    disturbed: set[int] = field(default_factory=set)
    texts: int = 0
    calls: int = 0


class _Agency:
    """The desk, its store and its sender, and the simulated world around them."""

    def __init__(
        self, scenario: Scenario, policy: Policy, world: Iterator[CallOut], store: MemoryStore
    ) -> None:
        self._store = store
        self._sender = Sender(store.owner, scenario.limits, MOST)
        self._env = simpy.Environment(BEGIN_MS)
        self._now_ms = BEGIN_MS
        self._scenario = scenario
        self._ring_ms, self._timeout_ms = scenario.ring_ms, scenario.ring_timeout_ms
        self._lead = timedelta(milliseconds=round(scenario.call_outs.lead_s * 1000))
        self._roles = roster(scenario)
        self._places = {person.id: place for people in self._roles for place, person in enumerate(people)}
        self._world = world
        self._open: dict[str, _Open] = {}
        self._done: list[tuple[int, int, int, int, int, int]] = []
        # What happens now: its kind, the place in the roster, and the command that it becomes.
        self._happening: list[tuple[int, int, Command]] = []
        # When the sender should begin more, and what the carrier has accepted but is not recorded yet.
        self._send_ms = inf
        self._marks: list[Command] = []
        self._marks_soon = False
        everybody = tuple(person for people in self._roles for person in people)
        self._submit([PutPolicy(DEFAULT, policy), Load(LoadFile(caregivers=everybody))])

    def run(self) -> None:
        """Lets time pass until nothing more can happen."""
        env = self._env
        self._await_call_out()
        while (now_ms := min(env.peek(), self._send_ms)) != inf:
            self._now_ms = int(now_ms)
            while env.peek() == now_ms:
                env.step()
            if self._happening:
                self._happening.sort(key=_IN_ORDER)
                commands = [command for _, _, command in self._happening]
                self._happening.clear()
                self._submit(commands)
                self._look_at_outbox()
            while self._send_ms == now_ms:
                self._send()
        assert not self._open, "shifts that never end"

    def outcomes(self) -> Outcomes:
        done = np.array(sorted(self._done), dtype=np.int64).reshape(-1, 6)
        return Outcomes(*(done[:, column].copy() for column in range(1, 6)))

    def _alarm(self, at_ms: float, then: Callable[[simpy.Event], None]) -> None:
        self._env.timeout(at_ms - self._env.now).callbacks.append(then)

    def _submit(self, commands: Sequence[Command]) -> WorkingSet:
        """Decides and commits one batch, which begins with the waiting marks; then follows its deadlines."""
        batch = [*self._marks, *commands]
        self._marks.clear()
        working = gather(self._store, batch, self._now_ms)
        changes = decide(batch, working)
        self._store.commit(changes)
        self._sender.on_commit(changes)
        for shift_id, state in changes.fanouts.items():
            if shift_id in self._open:
                self._follow(shift_id, state)
        return working

    def _follow(self, shift_id: str, state: State) -> None:
        shift = self._open[shift_id]
        if state.status is Status.OPEN:
            deadline_ms = next_deadline_ms(state)
            if deadline_ms is not None and deadline_ms != shift.deadline_ms:
                shift.deadline_ms = deadline_ms
                self._alarm(deadline_ms, partial(self._time_passes, shift_id, deadline_ms))
            return
        del self._open[shift_id]
        fill_ms, winner = int(NEVER), -1
        if state.holder is not None and state.since_ms is not None:
            fill_ms, winner = state.since_ms - state.opened_ms, self._places[state.holder]
        number, disturbed = shift.call_out.number, len(shift.disturbed)
        self._done.append((number, fill_ms, winner, shift.texts, shift.calls, disturbed))

    # --- the outbox ----------------------------------------------------------------------------

    def _look_at_outbox(self) -> None:
        """Finds out when to begin more sends: never, if everything in the outbox is already under way."""
        wake_ms = self._sender.wake_ms
        if wake_ms is None or self._store.live_sends == len(self._sender.under_way):
            self._send_ms = inf
        else:
            self._send_ms = max(wake_ms, self._now_ms)

    def _send(self) -> None:
        """Begins what may begin."""
        request = self._sender.request()
        assert request is not None  # there is always room
        working = self._submit([request])
        answer = working.changes.results[-1]
        if isinstance(answer, Leased):
            for send in self._sender.leased(answer):
                self._begin(send, working)
            if self._marks and not self._marks_soon:
                self._marks_soon = True
                self._alarm(self._now_ms + MARKED_WITHIN_MS, self._mark)
        else:
            self._sender.reclaimed()
        self._look_at_outbox()

    def _begin(self, send: Outgoing, working: WorkingSet) -> None:
        """The carrier accepts a send; if it is an offer, the person may answer it."""
        self._marks.append(self._sender.mark(send, None, jitter=0))
        if send.purpose != "offer" or send.shift_id is None:
            return
        shift, place = self._open[send.shift_id], self._places[send.caregiver_id]
        shift.disturbed.add(place)
        if send.channel == "voice":
            shift.calls += 1
            if shift.call_out.answers[place]:
                self._alarm(self._now_ms + self._ring_ms, partial(self._rings, shift, place, send))
            else:
                self._alarm(self._now_ms + self._timeout_ms, partial(self._no_answer, place, send))
            return
        shift.texts += 1
        if place not in shift.replies_ms:
            shift.replies_ms[place] = at_ms = self._now_ms + shift.call_out.reply_ms[place]
            if at_ms < shift.end_ms:
                code = working.offers[send.caregiver_id][send.shift_id].code
                reply = _reply(shift.call_out.accepts_text[place], code)
                message = Inbound(send.phone, reply)
                self._alarm(at_ms, partial(self._replies, shift, place, message))

    def _mark(self, _: simpy.Event) -> None:
        self._marks_soon = False
        if self._marks:
            self._submit([])

    # --- what happens --------------------------------------------------------------------------

    def _await_call_out(self) -> None:
        call_out = next(self._world, None)
        if call_out is not None:
            self._alarm(call_out.at_ms, partial(self._calls_out, call_out))

    def _calls_out(self, call_out: CallOut, _: simpy.Event) -> None:
        end_ms = call_out.at_ms + self._scenario.open_ms
        shift = Shift(
            id=f"shift-{call_out.number + 1:06}",
            organization_id="agency",
            role_required=self._scenario.roles[call_out.role].name,
            start_time=EPOCH + timedelta(milliseconds=call_out.at_ms) + self._lead,
            end_time=EPOCH + timedelta(milliseconds=end_ms),
        )
        self._open[shift.id] = _Open(call_out, end_ms)
        self._submit([PutShift(shift)])  # a batch cannot start what it stores
        self._happening.append((_TIME, 0, StartFanout(shift.id)))
        self._await_call_out()

    def _time_passes(self, shift_id: str, deadline_ms: int, _: simpy.Event) -> None:
        shift = self._open.get(shift_id)
        if shift is not None and shift.deadline_ms == deadline_ms:
            self._happening.append((_TIME, 0, TickShift(shift_id)))

    def _replies(self, shift: _Open, place: int, message: Inbound, _: simpy.Event) -> None:
        if place not in shift.spoke:
            self._happening.append((_TEXT, place, message))

    def _rings(self, shift: _Open, place: int, call: Outgoing, _: simpy.Event) -> None:
        if shift.replies_ms.get(place, inf) <= self._now_ms:
            silent = partial(self._no_answer, place, call)
            self._alarm(self._now_ms + self._timeout_ms - self._ring_ms, silent)
            return
        shift.spoke.add(place)
        reply = _reply(shift.call_out.accepts_call[place])
        self._happening += [
            (_PICK_UP, place, MarkCall(call.key, True)),
            (_PICK_UP, place, Inbound(call.phone, reply, shift_id=call.shift_id)),
        ]

    def _no_answer(self, place: int, call: Outgoing, _: simpy.Event) -> None:
        self._happening.append((_NO_ANSWER, place, MarkCall(call.key, False)))


def _reply(accepts: bool, code: str | None = None) -> Reply:
    return Reply((Answer("accept" if accepts else "decline", code),))


_IN_ORDER: Callable[[tuple[Any, ...]], Any] = itemgetter(0, 1)
