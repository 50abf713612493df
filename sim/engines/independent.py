"""The SimPy engine for independent shifts: `core.fanout.step`, a clock, and people.

What people do comes from the draws of a block (see `sim.draws`). A shift waits for one thing at a time: the
next thing that somebody does, or the core's own deadline if that is earlier. So nothing that SimPy has
scheduled ever needs to be canceled. This is how one person behaves:

- Their reply time runs from the first text about the shift; further texts change nothing.
- A call is picked up `ring_ms` after it was placed, if the person would answer it and has not replied by then
  (a reply in the same millisecond came first). They say yes or no, and no longer reply to the text.
- Someone who does not pick up may still reply to the text.
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

# What people do, in the order in which it counts within a millisecond.
_TEXT, _CALL, _NO_ANSWER = 0, 1, 2
_Action = tuple[int, int, int]
"""When, what, and who (by place in the roster)."""
_TICK = Tick()


def person(role: str, place: int) -> str:
    """The id of a simulated caregiver."""
    return f"{role}-{place:02}"


def shift_name(block: int, shift: int) -> str:
    """The id of a simulated shift. It tells how to simulate that shift again."""
    return f"{block}-{shift}"


def simulate(
    scenario: Scenario, policy: Policy, block: Block, shifts: Sequence[int] | range = range(BLOCK)
) -> Outcomes:
    """Simulates these shifts of the block under `policy`, each on its own."""
    engine = _Engine(scenario, policy, block, shifts)
    return engine.run()


def story(scenario: Scenario, policy: Policy, block: Block, shift: int, begin_ms: int = 0) -> list[Entry]:
    """The journal of one shift that falls open at `begin_ms`, as the service would write it.

    It ends when the shift is filled; later answers are not simulated.
    """
    engine = _Engine(scenario, policy, block, [shift], begin_ms)
    engine.run()
    return engine.entries


def journal(scenario: Scenario, policy: Policy, block: Block, shifts: Iterable[int]) -> Iterator[Entry]:
    """The journal of several shifts, each of which falls open when the one before has ended."""
    seq = 0
    for place, shift in enumerate(shifts):
        for entry in story(scenario, policy, block, shift, BEGIN_MS + place * scenario.open_ms):
            seq += 1
            yield replace(entry, seq=seq)


class _Engine:
    """Simulates one shift after the other. With `begin_ms` it writes a journal, in which time begins then."""

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
        self._begins, self._keeps_journal = begins, begin_ms is not None
        self.entries: list[Entry] = []
        rows = np.asarray(shifts)
        # Lists, because reading single items of an array is slow.
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
        roster = self._rosters[self._role[self._at]]
        self._roster, self._available = roster, lambda: roster
        some = slice(*self._first_reply[self._at : self._at + 2])
        self._replies = dict(zip(self._who_replies[some], self._reply_ms[some], strict=True))
        self._upcoming: list[_Action] = []  # the next one last
        self._texted: dict[int, int] = {}
        self._picks_up_ms: dict[int, int] = {}
        self._texts = self._calls = 0
        self._filled_ms, self._winner = self._never, -1
        self._apply(self._start, self._begins)
        self._wait()

    def _wait(self) -> None:
        """Sleeps until the next thing happens, or goes on to the next shift."""
        due_ms = next_deadline_ms(self._state)
        if due_ms is None:
            contacted = len(self._state.contacted)
            self._done.append((self._filled_ms, self._winner, self._texts, self._calls, contacted))
            self._next_shift()
            return
        if self._upcoming and self._upcoming[-1][0] < due_ms:
            due_ms = self._upcoming[-1][0]
        timeout = simpy.Timeout(self._env, due_ms + self._began - self._env.now)
        timeout.callbacks.append(self._wake)

    def _wake(self, timeout: simpy.Event) -> None:
        now_ms = int(self._env.now) - self._began
        if self._upcoming and self._upcoming[-1][0] <= now_ms:
            _, what, who = self._upcoming.pop()
            self._do(what, who, now_ms)
        else:
            self._apply(_TICK, now_ms)
        self._wait()

    def _do(self, what: int, who: int, now_ms: int) -> None:
        caregiver_id = self._roster[who]
        if what == _NO_ANSWER:
            self._write_call(CallUnanswered, caregiver_id, now_ms)
            return
        if what == _CALL and self._keeps_journal:
            self._write_call(CallAnswered, caregiver_id, now_ms)
        accepts = (self._accepts_text if what == _TEXT else self._accepts_call)[self._at][who]
        self._apply(Claim(caregiver_id) if accepts else Decline(caregiver_id), now_ms)

    def _apply(self, given: Input, now_ms: int) -> None:
        taken = fanout.step(self._state, given, now_ms, self._available)
        if self._keeps_journal:
            self._write(taken.events, taken.state)
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
                if self._keeps_journal:
                    self._write_sends(event)
            elif type(event) is Claimed:
                self._filled_ms = event.at_ms - self._begins
                self._winner = self._places[event.caregiver_id]

    def _text(self, asked: Sequence[int], at_ms: int) -> None:
        self._texts += len(asked)
        replies, never, texted = self._replies, self._never, self._texted
        if not texted and len(asked) == len(self._roster):
            actions = [(at_ms + ms, _TEXT, who) for who, ms in replies.items()]
            texted.update(dict.fromkeys(asked, at_ms))
        else:
            fresh = {who for who in asked if who not in texted}
            actions = [(at_ms + ms, _TEXT, who) for who, ms in replies.items() if who in fresh]
            texted.update(dict.fromkeys(fresh, at_ms))
        if self._picks_up_ms:  # of a call that came before this text and a reply to it, only the first counts
            sooner = {who for ms, _, who in actions if ms <= self._picks_up_ms.get(who, never)}
            actions = [action for action in actions if action[2] in sooner]
            self._upcoming = [a for a in self._upcoming if a[1] != _CALL or a[2] not in sooner]
        self._upcoming += actions
        self._upcoming.sort(reverse=True)

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
        self._upcoming = [action for action in self._upcoming if action[2] not in up]
        self._upcoming += [(picked_up_ms, _CALL, who) for who in up]
        if self._keeps_journal:
            lost_ms = at_ms + self._timeout_ms
            self._upcoming += [(lost_ms, _NO_ANSWER, who) for who in asked if who not in up]
        self._upcoming.sort(reverse=True)

    # --- the journal ---------------------------------------------------------------------------

    def _write(self, events: Sequence[Event], state: State) -> None:
        name = shift_name(self._number, self._shifts[self._at])
        for version, event in enumerate(events, state.version - len(events) + 1):
            self.entries.append(Entry(len(self.entries) + 1, name, version, event))

    def _write_send(self, event: SendEvent) -> None:
        self._state = fanout.evolve(self._state, event)
        self._write([event], self._state)

    def _key(self, number: int, channel: Channel, caregiver_id: str) -> str:
        return offer_key(shift_name(self._number, self._shifts[self._at]), 1, number, channel, caregiver_id)

    def _write_sends(self, made: OffersMade) -> None:
        """Without send rates all offers of a round go out at once, if the shift is still open then."""
        if self._state.status is not Status.OPEN:
            return
        for caregiver_id in made.caregiver_ids:
            key = self._key(made.round, made.channel, caregiver_id)
            self._write_send(
                SendStarted(made.at_ms, key, caregiver_id, made.channel, 1, "offer", 1, made.round)
            )
            self._write_send(Sent(made.at_ms, key, caregiver_id))

    def _write_call(
        self, kind: type[CallAnswered] | type[CallUnanswered], caregiver_id: str, now_ms: int
    ) -> None:
        number = self._state.rounds_done - 1
        self._write_send(kind(now_ms, self._key(number, "voice", caregiver_id), caregiver_id))
