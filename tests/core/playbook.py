"""How the tests of the core read: given a story so far, when something happens, then this comes of it.

`ShiftScenario` is one shift's life (`fanout.step`), `AgencyScenario` a whole agency (the desk over a store).
Times are written "1:30" (minutes:seconds), "16h" or "2d" after the start of every story, Monday March 3 2025,
06:00 UTC. What happened is compared as lines of text, so a failing test prints which lines differ.
"""

import difflib
from collections.abc import Iterable, Sequence
from datetime import timedelta

from core import fanout, invariants
from core.commands import (
    AssignShift,
    CancelShift,
    Command,
    FanoutResult,
    Inbound,
    InboundResult,
    Lease,
    Leased,
    MarkSent,
    Outgoing,
    PutCaregiver,
    PutPolicy,
    PutShift,
    ReleaseShift,
    Result,
    StartFanout,
    TickShift,
)
from core.desk import decide
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
    PhoneChanged,
    Released,
    Replied,
    SendFailed,
    SendStarted,
    Sent,
)
from core.fanout import State
from core.gather import gather
from core.inputs import Assign, Input, Outcome, Start
from core.memory import MemoryStore
from core.model import DEFAULT_POLICY, Caregiver, Policy, Shift
from core.sends import Limits
from core.working_set import Rules
from service.language.door import inbound
from service.language.reading.phrases import RESERVED_CODES
from service.language.wording import Wording
from service.stores.queries import ServiceStore
from tests.core.agency import BEGIN, BEGIN_MS, LEASE_MS, NO_LIMITS, OWNER


def at(when: str) -> int:
    """UTC ms of a story's time: "1:30", "16h", "2d"."""
    if when.endswith(("h", "d")):
        return BEGIN_MS + int(when[:-1]) * {"h": 3_600_000, "d": 86_400_000}[when[-1]]
    minutes, seconds = when.split(":")
    return BEGIN_MS + int(minutes) * 60_000 + round(float(seconds) * 1000)


def clock(at_ms: int) -> str:
    """The shortest way to write a story's time."""
    since_ms = at_ms - BEGIN_MS
    for unit, unit_ms in (("d", 86_400_000), ("h", 3_600_000)):
        if since_ms >= unit_ms and since_ms % unit_ms == 0:
            return f"{since_ms // unit_ms}{unit}"
    minutes, ms = divmod(since_ms, 60_000)
    fraction = f".{ms % 1000:03}" if ms % 1000 else ""
    return f"{minutes}:{ms // 1000:02}{fraction}"


def say(event: Event) -> str:
    """An event in a few words."""
    match event:
        case FanoutStarted():
            return "started"
        case OffersMade(_, number, channel, asked):
            return f"round {number} {channel}: {' '.join(asked) or 'nobody'}"
        case SendStarted(_, key, _, _, attempt):
            return f"begins {key} #{attempt}"
        case Sent(_, key):
            return f"sent {key}"
        case SendFailed(_, key, _, why, final):
            return f"failed {key} ({why}{', for good' if final else ''})"
        case CallAnswered(_, key):
            return f"answered {key}"
        case CallUnanswered(_, key):
            return f"unanswered {key}"
        case Replied(_, who, intent, result):
            return f"{who}: {intent} -> {result}"
        case Claimed(_, who, by):
            return f"claimed for {who} by {by}"
        case Released(_, who, by, reason):
            return f"released from {who} by {by}{f' ({reason})' if reason else ''}"
        case Exhausted() | Expired():
            return event.kind
        case Cancelled(_, reason):
            return f"cancelled{f' ({reason})' if reason else ''}"
        case OptedOut(_, who):
            return f"opted out {who}"
        case PhoneChanged(_, who, opted_out):
            return f"{who} has another phone: takes {'no texts' if opted_out else 'texts'}"


def same(what: str, actual: Iterable[str], expected: Iterable[str]) -> None:
    """Fails with the differing lines. An expected line that ends in "…" only gives the beginning."""
    got, wanted = list(actual), list(expected)
    for index, (mine, line) in enumerate(zip(got, wanted, strict=False)):
        if line.endswith("…") and mine.startswith(line[:-1]):
            wanted[index] = mine
    if got != wanted:
        diff = "\n".join(line.rstrip() for line in difflib.ndiff(wanted, got))
        raise AssertionError(f"{what} (- expected, + happened):\n{diff}")


class ShiftScenario:
    """One shift's life. It is 8 h to its start and 16 h to its end."""

    def __init__(self, *available: str, policy: Policy = DEFAULT_POLICY, started: bool = True) -> None:
        self.available: Sequence[str] = available
        self.state = State("RN", at("8h"), at("16h"))
        self.journal: list[Entry] = []
        self.happened: Sequence[Event] = ()
        self.outcome: Outcome
        self.policy = policy
        if started:
            self.when("0:00", Start(policy))

    def also_has(self, caregiver_id: str, shift_id: str) -> "ShiftScenario":
        """The caregiver already holds another shift of the same hours."""
        other = State("RN", self.state.start_ms, self.state.end_ms)
        given = fanout.step(other, Assign(caregiver_id, self.policy), BEGIN_MS, lambda: ())
        for version, event in enumerate(given.events, 1):
            self.journal.append(Entry(len(self.journal) + 1, shift_id, version, event))
        return self

    def when(self, when: str, given: Input) -> "ShiftScenario":
        """The shift receives an input; whatever it causes must keep the journal's rules."""
        before = self.state
        taken = fanout.step(before, given, at(when), lambda: self.available)
        self.state, self.happened, self.outcome = taken.state, taken.events, taken.outcome
        for version, event in enumerate(taken.events, before.version + 1):
            self.journal.append(Entry(len(self.journal) + 1, "shift", version, event))
        same("broken rules", invariants.violations(self.journal), [])
        return self

    def then(self, *lines: str) -> "ShiftScenario":
        """Exactly this came of the last input, in this order."""
        same("events", (f"{clock(event.at_ms)} {say(event)}" for event in self.happened), lines)
        return self

    def told(self, status: str, holder: str | None = None, since: str | None = None) -> "ShiftScenario":
        """The last input was answered so."""
        outcome = self.outcome
        since_now = clock(outcome.since_ms) if outcome.since_ms is not None else None
        same("answer", [f"{outcome.status} {outcome.holder} {since_now}"], [f"{status} {holder} {since}"])
        return self

    def waits_until(self, when: str | None) -> "ShiftScenario":
        """The next deadline."""
        due_ms = fanout.next_deadline_ms(self.state)
        same("deadline", [clock(due_ms) if due_ms is not None else "None"], [str(when)])
        return self


class AgencyScenario:
    """An agency: caregivers (all RN unless said otherwise), shifts, and what they hear.

    Everything that is done goes through one `decide` and one `commit`; after each, the journal's rules
    are checked. Phones are +100001, +100002, ... in order of hiring.
    """

    def __init__(self, *rns: str, store: ServiceStore | None = None) -> None:
        self.store = store or MemoryStore()
        self.rules = Rules("UTC", RESERVED_CODES)
        self.wording = Wording("UTC", "the office")
        self.phones: dict[str, str] = {}
        self.read = 0
        for name in rns:
            self.hire(name)

    def do(self, when: str, *commands: Command) -> list[Result]:
        """A batch of commands at one time, committed; their results."""
        changes = decide(commands, gather(self.store, commands, at(when), self.rules))
        self.wording.render(changes)
        self.store.commit(changes)
        same("broken rules", invariants.violations(self.store.events(0, 10_000)), [])
        return changes.results

    def hire(self, name: str, role: str = "RN") -> "AgencyScenario":
        return self.moves("0:00", name, f"+{100_001 + len(self.phones)}", role)

    def moves(self, when: str, name: str, phone: str, role: str = "RN") -> "AgencyScenario":
        """The caregiver has this phone from now on."""
        self.phones[name] = phone
        self.do(when, PutCaregiver(Caregiver(id=name, name=name, role=role, phone=phone)))
        return self

    def shift(self, id: str, starts: str = "8h", hours: int = 8, role: str = "RN") -> "AgencyScenario":
        """Stores a shift of 8 hours, from Monday 2pm unless said otherwise."""
        self.do("0:00", PutShift(make_shift(id, starts, hours, role)))
        return self

    def rule(self, policy: Policy, organization: str = "default") -> "AgencyScenario":
        self.do("0:00", PutPolicy(organization, policy))
        return self

    def start(self, *shift_ids: str, when: str = "0:00") -> "AgencyScenario":
        """Starts fanouts and delivers the first round."""
        self.do(when, *(StartFanout(shift_id) for shift_id in shift_ids))
        self.deliver(when)
        self.read = len(self.journal())
        return self

    def text(
        self, when: str, name: str, body: str, shift_id: str | None = None, message_id: str | None = None
    ) -> InboundResult:
        [result] = self.do(when, self.says(name, body, shift_id, message_id))
        assert isinstance(result, InboundResult), result
        return result

    def says(
        self, name: str, body: str, shift_id: str | None = None, message_id: str | None = None
    ) -> Inbound:
        return inbound(self.phones[name], body, shift_id, message_id)

    def assign(self, when: str, shift_id: str, name: str) -> FanoutResult:
        return self.coordinates(when, AssignShift(shift_id, name))

    def release(self, when: str, shift_id: str, name: str | None = None) -> FanoutResult:
        return self.coordinates(when, ReleaseShift(shift_id, name))

    def cancel(self, when: str, shift_id: str) -> FanoutResult:
        return self.coordinates(when, CancelShift(shift_id))

    def pass_time(self, when: str, shift_id: str) -> FanoutResult:
        return self.coordinates(when, TickShift(shift_id))

    def coordinates(self, when: str, command: Command) -> FanoutResult:
        [result] = self.do(when, command)
        assert isinstance(result, FanoutResult), result
        return result

    def lease(
        self, when: str, limits: Limits = NO_LIMITS, most: int = 99, under_way: Iterable[str] = ()
    ) -> Leased:
        [result] = self.do(when, Lease(OWNER, limits, LEASE_MS, most, frozenset(under_way)))
        assert isinstance(result, Leased), result
        return result

    def deliver(self, when: str) -> list[Outgoing]:
        """Sends everything that waits, without limits; what was sent."""
        sent = self.lease(when).sends
        self.do(when, *(MarkSent(send.key, send.attempt) for send in sent))
        return list(sent)

    def delivers(self, when: str, *lines: str) -> "AgencyScenario":
        """Exactly these texts and calls go out, in order of sending."""
        same("sends", (f"{s.channel} {s.caregiver_id}: {s.text}" for s in self.deliver(when)), lines)
        return self

    def then(self, *lines: str) -> "AgencyScenario":
        """Exactly this was journaled since the last look; what happened to sends is left out."""
        new, self.read = self.journal()[self.read :], len(self.journal())
        kept = [entry for entry in new if not isinstance(entry.event, SendStarted | Sent)]
        same("journal", (f"{clock(e.event.at_ms)} {e.shift_id or '-'} {say(e.event)}" for e in kept), lines)
        return self

    def journal(self) -> list[Entry]:
        return list(self.store.events(0, 10_000))

    def holder(self, shift_id: str) -> str | None:
        view = self.store.shift(shift_id)
        assert view is not None
        return view.fanout.holder

    def status(self, shift_id: str) -> str:
        view = self.store.shift(shift_id)
        assert view is not None
        return view.fanout.status.value

    def codes(self, name: str) -> dict[str, str]:
        """The codes of a caregiver's offers, by shift."""
        views = self.store.list_shifts("", 99)
        return {o.shift_id: o.code for view in views for o in view.offers if o.caregiver_id == name}


def make_shift(id: str, starts: str = "8h", hours: int = 8, role: str = "RN", **more: str) -> Shift:
    start = BEGIN + timedelta(milliseconds=at(starts) - BEGIN_MS)
    return Shift(
        id=id, organization_id="org", role_required=role,
        start_time=start, end_time=start + timedelta(hours=hours), **more,
    )  # fmt: skip


def one_offer(*names: str) -> AgencyScenario:
    """Ann and Bob (or others) have been texted the offer B of s1, Monday 2pm to 10pm."""
    return AgencyScenario(*(names or ("ann", "bob"))).shift("s1").start("s1")


def two_offers(*names: str) -> AgencyScenario:
    """Two shifts that do not overlap, offered at once: B is s1 on Monday, C is s2 on Tuesday."""
    office = AgencyScenario(*(names or ("ann", "bob"))).shift("s1").shift("s2", starts="32h")
    return office.start("s1", "s2")


def heard(result: InboundResult) -> str:
    """What a message came to, and for which shift."""
    return f"{result.status} {result.shift_id}"
