"""The SimPy engine for shifts that do not touch each other: `core.fanout.step`, a clock, and people.

People are the draws of a block (see `sim.draws`). Each shift waits for one thing at a time, the earliest of
what people will do and of the core's own deadline, so nothing that SimPy has scheduled ever needs cancelling.
What one person does about a shift:

- Their first text starts their reply time; further texts change nothing.
- A call is picked up `ring_ms` after it was placed by who would answer it and has not replied by then (a
  reply in the same millisecond came first). They say yes or no and never reply to the text any more.
- Who does not pick up may still reply to the text.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import simpy

from core import fanout
from core.events import (
    CallAnswered,
    CallUnanswered,
    Claimed,
    Entry,
    Event,
    OffersMade,
    SendEvent,
    SendStarted,
    Sent,
)
from core.fanout import State, Status, next_deadline_ms
from core.inputs import Claim, Decline, Input, Start, Tick
from core.model import Channel, Policy
from core.sends import offer_key
from sim.draws import BLOCK, NEVER, Block
from sim.outcomes import Outcomes
from sim.scenario import BEGIN_MS, Scenario

# What people do, in the order in which it happens within a millisecond.
_TEXT, _CALL, _NO_ANSWER = 0, 1, 2
_Deed = tuple[int, int, int]
"""When, what, and who (by place in the roster)."""
_TICK = Tick()


def person(role: str, place: int) -> str:
    """The id of a simulated caregiver."""
    return f"{role}-{place:02}"


def shift_name(block: int, shift: int) -> str:
    """The id of a simulated shift, by which it can be simulated again alone."""
    return f"{block}-{shift}"


def simulate(
    scenario: Scenario, policy: Policy, block: Block, shifts: Sequence[int] | range = range(BLOCK)
) -> Outcomes:
    """What becomes of these shifts of the block, each on its own, under `policy`."""
    engine = _Engine(scenario, policy, block, shifts)
    return engine.run()


def story(scenario: Scenario, policy: Policy, block: Block, shift: int, begin_ms: int = 0) -> list[Entry]:
    """The journal of one shift that falls open at `begin_ms`, as the service would write it.

    It ends when the shift is filled: what others would have answered then is not told.
    """
    engine = _Engine(scenario, policy, block, [shift], begin_ms)
    engine.run()
    return engine.entries


def journal(scenario: Scenario, policy: Policy, block: Block, shifts: Iterable[int]) -> Iterator[Entry]:
    """The stories of several shifts as one journal: each falls open when the one before is over."""
    seq = 0
    for place, shift in enumerate(shifts):
        for entry in story(scenario, policy, block, shift, BEGIN_MS + place * scenario.open_ms):
            seq += 1
            yield replace(entry, seq=seq)


class _Engine:
    """Takes one shift after the other. With `begin_ms` it writes a journal, whose times count from then."""

    def __init__(
        self,
        scenario: Scenario,
        policy: Policy,
        block: Block,
        shifts: Sequence[int] | range,
        begin_ms: int | None = None,
    ) -> None:
        self._env = simpy.Environment()
        self._start = Start(policy)
        self._number = block.number
        self._ring_ms, self._timeout_ms = scenario.ring_ms, scenario.ring_timeout_ms
        self._rosters = [
            tuple(person(role.name, place) for place in range(role.caregivers)) for role in scenario.roles
        ]
        self._places = {who: place for roster in self._rosters for place, who in enumerate(roster)}
        begins = begin_ms or 0
        start_ms = begins + round(scenario.call_outs.lead_s * 1000)
        self._planned = [State(role.name, start_ms, begins + scenario.open_ms) for role in scenario.roles]
        self._begins, self._telling = begins, begin_ms is not None
        self.entries: list[Entry] = []
        rows = np.asarray(shifts)
        # Lists, since single items of arrays are slow to get.
        self._shifts = rows.tolist()
        self._role = block.role[rows].tolist()
        replies = block.reply_ms.T[rows]
        at, who = np.nonzero(replies < NEVER)
        self._who_replies, self._reply_ms = who.tolist(), replies[at, who].tolist()
        self._first_reply = np.searchsorted(at, np.arange(len(rows) + 1)).tolist()
        self._accepts_text = block.accepts_text.T[rows].tolist()
        self._answers = block.answers.T[rows].tolist()
        self._accepts_call = block.accepts_call.T[rows].tolist()
        self._never = int(NEVER)
        self._done: list[tuple[int, int, int, int, int]] = []
        self._at = -1

    def run(self) -> Outcomes:
        self._next_shift()
        self._env.run()
        done = np.array(self._done, dtype=np.int64).reshape(-1, 5)
        return Outcomes(*(done[:, column].copy() for column in range(5)))

    def _next_shift(self) -> None:
        self._at += 1
        if self._at == len(self._shifts):
            return
        self._began = int(self._env.now) - self._begins
        self._state = self._planned[self._role[self._at]]
        self._roster = self._rosters[self._role[self._at]]
        some = slice(*self._first_reply[self._at : self._at + 2])
        self._replies = dict(zip(self._who_replies[some], self._reply_ms[some], strict=True))
        self._to_come: list[_Deed] = []  # latest first
        self._texted: dict[int, int] = {}
        self._picks_up_ms: dict[int, int] = {}
        self._texts = self._calls = 0
        self._filled_ms, self._winner = self._never, -1
        self._apply(self._start, self._begins)
        self._wait()

    def _wait(self) -> None:
        """Sleeps until the earliest of what is to come, or goes on to the next shift."""
        due_ms = next_deadline_ms(self._state)
        if due_ms is None:
            contacted = len(self._state.contacted)
            self._done.append((self._filled_ms, self._winner, self._texts, self._calls, contacted))
            self._next_shift()
            return
        if self._to_come and self._to_come[-1][0] < due_ms:
            due_ms = self._to_come[-1][0]
        timeout = simpy.Timeout(self._env, due_ms + self._began - self._env.now)
        timeout.callbacks.append(self._wake)

    def _wake(self, timeout: simpy.Event) -> None:
        now_ms = int(self._env.now) - self._began
        if self._to_come and self._to_come[-1][0] <= now_ms:
            _, what, who = self._to_come.pop()
            self._do(what, who, now_ms)
        else:
            self._apply(_TICK, now_ms)
        self._wait()

    def _do(self, what: int, who: int, now_ms: int) -> None:
        caregiver_id = self._roster[who]
        if what == _NO_ANSWER:
            self._tell_call(CallUnanswered, caregiver_id, now_ms)
            return
        if what == _CALL and self._telling:
            self._tell_call(CallAnswered, caregiver_id, now_ms)
        accepts = (self._accepts_text if what == _TEXT else self._accepts_call)[self._at][who]
        self._apply(Claim(caregiver_id) if accepts else Decline(caregiver_id), now_ms)

    def _apply(self, given: Input, now_ms: int) -> None:
        taken = fanout.step(self._state, given, now_ms, self._roster)
        if self._telling:
            self._tell(taken.events, taken.state)
        self._state = taken.state
        for event in taken.events:
            if type(event) is OffersMade:
                everybody = len(event.caregiver_ids) == len(self._roster)
                asked: Sequence[int] = (
                    range(len(self._roster))
                    if everybody
                    else [self._places[caregiver_id] for caregiver_id in event.caregiver_ids]
                )
                if event.channel == "sms":
                    self._text(asked, event.at_ms)
                else:
                    self._call(asked, event.at_ms)
                if self._telling:
                    self._tell_sends(event)
            elif type(event) is Claimed:
                self._filled_ms = event.at_ms - self._begins
                self._winner = self._places[event.caregiver_id]

    def _text(self, asked: Sequence[int], at_ms: int) -> None:
        self._texts += len(asked)
        replies, never, texted = self._replies, self._never, self._texted
        if not texted and len(asked) == len(self._roster):
            deeds = [(at_ms + ms, _TEXT, who) for who, ms in replies.items()]
            texted.update(dict.fromkeys(asked, at_ms))
        else:
            fresh = {who for who in asked if who not in texted}
            deeds = [(at_ms + ms, _TEXT, who) for who, ms in replies.items() if who in fresh]
            texted.update(dict.fromkeys(fresh, at_ms))
        if self._picks_up_ms:  # phoned before they were texted: what comes first is all that comes
            sooner = {who for ms, _, who in deeds if ms <= self._picks_up_ms.get(who, never)}
            deeds = [deed for deed in deeds if deed[2] in sooner]
            self._to_come = [deed for deed in self._to_come if deed[1] != _CALL or deed[2] not in sooner]
        self._to_come += deeds
        self._to_come.sort(reverse=True)

    def _call(self, asked: Sequence[int], at_ms: int) -> None:
        self._calls += len(asked)
        picked_up_ms = at_ms + self._ring_ms
        replies, answers, texted, never = self._replies, self._answers[self._at], self._texted, self._never
        up = {
            who
            for who in asked
            if answers[who] and (who not in texted or texted[who] + replies.get(who, never) > picked_up_ms)
        }
        self._picks_up_ms.update(dict.fromkeys(up, picked_up_ms))
        self._to_come = [deed for deed in self._to_come if deed[2] not in up]
        self._to_come += [(picked_up_ms, _CALL, who) for who in up]
        if self._telling:
            lost_ms = at_ms + self._timeout_ms
            self._to_come += [(lost_ms, _NO_ANSWER, who) for who in asked if who not in up]
        self._to_come.sort(reverse=True)

    # --- the journal ---------------------------------------------------------------------------

    def _tell(self, events: Sequence[Event], state: State) -> None:
        name = shift_name(self._number, self._shifts[self._at])
        for version, event in enumerate(events, state.version - len(events) + 1):
            self.entries.append(Entry(len(self.entries) + 1, name, version, event))

    def _tell_send(self, event: SendEvent) -> None:
        self._state = fanout.evolve(self._state, event)
        self._tell([event], self._state)

    def _key(self, number: int, channel: Channel, caregiver_id: str) -> str:
        return offer_key(shift_name(self._number, self._shifts[self._at]), 1, number, channel, caregiver_id)

    def _tell_sends(self, made: OffersMade) -> None:
        """Without pace all offers of a round go out at once, if the shift is still open then."""
        if self._state.status is not Status.OPEN:
            return
        for caregiver_id in made.caregiver_ids:
            key = self._key(made.round, made.channel, caregiver_id)
            self._tell_send(
                SendStarted(made.at_ms, key, caregiver_id, made.channel, 1, "offer", 1, made.round)
            )
            self._tell_send(Sent(made.at_ms, key, caregiver_id))

    def _tell_call(
        self, kind: type[CallAnswered] | type[CallUnanswered], caregiver_id: str, now_ms: int
    ) -> None:
        number = self._state.rounds_done - 1
        self._tell_send(kind(now_ms, self._key(number, "voice", caregiver_id), caregiver_id))
