"""The port between the desk and what keeps its state, and the simplest store behind it.

A store is plain synchronous code. `snapshot` reads all that a batch of commands can touch, the desk decides
on it in memory, and `commit` writes the changes in one transaction or not at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Protocol

from core import fanout
from core.commands import InboundResult, Result
from core.dispatch import Send
from core.fanout import State, Status
from core.messages import Entry
from core.model import DEFAULT_POLICY, Caregiver, Channel, Policy, Shift
from core.record import record
from core.routing import DAY_MS, Offer

DEFAULT = "default"
"""The name of the policy of every organization that has none of its own."""


@record
class Member:
    """A caregiver of the roster and whether they take messages."""

    id: str
    name: str
    role: str
    phone: str
    opted_out: bool = False

    @classmethod
    def of(cls, caregiver: Caregiver, opted_out: bool = False) -> "Member":
        return cls(caregiver.id, caregiver.name, caregiver.role, caregiver.phone, opted_out)


@dataclass(slots=True)
class Keys:
    """What a batch of commands needs to know.

    `shifts` by id; `members` by id and `phones`; `assigned`: pairs of (caregiver, shift) to bring together;
    `pairs` of (phone, shift) for answers that name their shift, `conversations` by phone for those that do
    not: the offers of the last day and of shifts they hold; `leavers` by phone: their offers of all open
    shifts. `rosters`: shifts whose offers may be made now, `roster_phones`: all shifts that the conversation
    with this phone touches. `sends` by key; `most_waiting`: how many due sends of each channel,
    passing over people until the times in `resting`, by (channel, caregiver).
    """

    messages: set[str] = field(default_factory=set)
    shifts: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    assigned: set[tuple[str, str]] = field(default_factory=set)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    conversations: set[str] = field(default_factory=set)
    leavers: set[str] = field(default_factory=set)
    rosters: set[str] = field(default_factory=set)
    roster_phones: set[str] = field(default_factory=set)
    policies: bool = False
    sends: set[str] = field(default_factory=set)
    most_waiting: int = 0
    resting: dict[tuple[Channel, str], int] = field(default_factory=dict)
    leased: bool = False


Held = dict[str, tuple[int, int]]
"""The shifts that a caregiver holds: id to start and end in ms."""


@dataclass(slots=True)
class Snapshot:
    """What the store knows about the keys. The desk owns it and lets it follow its own decisions.

    `holds`: of each caregiver at least the shifts that overlap one that the batch is about. `rosters`: by
    role, ids in load order; `ready`: the shifts for which rosters and overlaps are complete. `waiting`:
    due sends, each channel in order of priority; `next_send_ms`: when another one falls due.
    """

    next_seq: int
    inbox: dict[str, InboundResult] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    shifts: dict[str, Shift] = field(default_factory=dict)
    fanouts: dict[str, State] = field(default_factory=dict)
    offers: dict[str, dict[str, Offer]] = field(default_factory=dict)
    holds: dict[str, Held] = field(default_factory=dict)
    rosters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ready: set[str] = field(default_factory=set)
    policies: dict[str, Policy] = field(default_factory=dict)
    sends: dict[str, Send] = field(default_factory=dict)
    waiting: list[Send] = field(default_factory=list)
    next_send_ms: int | None = None

    def policy(self, organization: str) -> Policy:
        return self.policies.get(organization) or self.policies.get(DEFAULT) or DEFAULT_POLICY


@dataclass(slots=True)
class Changes:
    """What a batch came to: its results in order, and all that must be written.

    `withdrawn`: after the writes, offers of these shifts that wait, up to this generation, are off.
    """

    results: list[Result] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    members: dict[str, Member] = field(default_factory=dict)
    shifts: dict[str, Shift] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    fanouts: dict[str, State] = field(default_factory=dict)
    offers: dict[tuple[str, str], Offer] = field(default_factory=dict)
    sends: dict[str, Send] = field(default_factory=dict)
    withdrawn: dict[str, int] = field(default_factory=dict)
    inbox: dict[str, InboundResult] = field(default_factory=dict)


@record
class ShiftView:
    """A shift with what became of it, for readers."""

    shift: Shift
    fanout: State
    offers: tuple[Offer, ...]


class Store(Protocol):
    """One writer at a time calls `snapshot` and `commit`; the rest may be read at any time."""

    def snapshot(self, keys: Keys, now_ms: int) -> Snapshot:
        """Everything the store knows about `keys`, and about what they lead to."""

    def commit(self, changes: Changes) -> None:
        """Writes all of `changes`, durably, or raises and has written nothing."""

    def due(self, now_ms: int, most: int) -> tuple[list[str], int | None]:
        """The shifts with a deadline up to `now_ms`, and the time of the next one after it."""

    def events(self, after_seq: int, most: int, shift_id: str | None = None) -> Sequence[Entry]:
        """Journal entries after `after_seq`, in order."""

    def members(self) -> Sequence[Member]:
        """The roster in load order."""

    def member(self, caregiver_id: str) -> Member | None: ...

    def shift(self, shift_id: str) -> ShiftView | None: ...

    def shifts(self, after_id: str, most: int, status: Status | None = None) -> Sequence[ShiftView]:
        """Shifts by id, those after `after_id`."""

    def policy(self, organization: str) -> Policy | None: ...

    def depth(self) -> tuple[int, int | None]:
        """How many sends wait or are under way, and since when (ms) the oldest of them has been due."""

    def close(self) -> None: ...


class MemoryStore:
    """A store in dictionaries: for the simulation and for tests. It forgets everything when it goes."""

    def __init__(self) -> None:
        self._members: dict[str, Member] = {}
        self._phones: dict[str, str] = {}
        self._shifts: dict[str, Shift] = {}
        self._fanouts: dict[str, State] = {}
        self._offers: dict[str, dict[str, Offer]] = {}
        self._policies: dict[str, Policy] = {}
        self._sends: dict[str, Send] = {}
        self._inbox: dict[str, InboundResult] = {}
        self._entries: list[Entry] = []

    def snapshot(self, keys: Keys, now_ms: int) -> Snapshot:
        found = Snapshot(next_seq=len(self._entries) + 1)
        found.inbox = {key: self._inbox[key] for key in keys.messages & self._inbox.keys()}
        found.policies = dict(self._policies) if keys.policies else {}
        found.phones = {phone: self._phones[phone] for phone in keys.phones & self._phones.keys()}
        found.sends = {key: self._sends[key] for key in keys.sends & self._sends.keys()}
        if keys.leased:
            found.sends |= {key: s for key, s in self._sends.items() if s.status == "leased"}
        if keys.most_waiting:
            self._find_waiting(found, keys, now_ms)
        pairs = {(found.phones[p], s) for p, s in keys.pairs if p in found.phones and s in self._shifts}
        pairs |= {(s.caregiver_id, s.shift_id) for s in (*found.sends.values(), *found.waiting) if s.shift_id}
        shifts = (keys.shifts & self._shifts.keys()) | {shift_id for _, shift_id in pairs}
        rosters = set(keys.rosters & self._shifts.keys())
        rosters |= {shift_id for phone, shift_id in keys.pairs if phone in keys.roster_phones} & shifts
        for phone in keys.conversations & found.phones.keys():
            caregiver_id = found.phones[phone]
            talked = self._conversation(caregiver_id, now_ms, phone in keys.leavers)
            pairs |= {(caregiver_id, shift_id) for shift_id in talked}
            if phone in keys.roster_phones:
                rosters |= talked
        shifts |= {shift_id for _, shift_id in pairs} | rosters
        for shift_id in shifts:
            deadline = fanout.next_deadline_ms(self._state(shift_id))
            if deadline is not None and deadline <= now_ms:
                rosters.add(shift_id)
        for shift_id in rosters:
            role = self._shifts[shift_id].role_required
            found.rosters[role] = tuple(m.id for m in self._members.values() if m.role == role)
            pairs |= {(caregiver_id, shift_id) for caregiver_id in found.rosters[role]}
            for caregiver_id in found.rosters[role]:
                for other in self._conversation(caregiver_id, now_ms, False):
                    found.offers.setdefault(caregiver_id, {})[other] = self._offers[caregiver_id][other]
        found.ready = rosters
        pairs |= {(m, s) for m, s in keys.assigned if m in self._members and s in self._shifts}
        for caregiver_id, shift_id in pairs:
            if offer := self._offers.get(caregiver_id, {}).get(shift_id):
                found.offers.setdefault(caregiver_id, {})[shift_id] = offer
            for held in self._overlaps(caregiver_id, shift_id):
                state = self._fanouts[held]
                found.holds.setdefault(caregiver_id, {})[held] = (state.start_ms, state.end_ms)
                shifts.add(held)
        people = {caregiver_id for caregiver_id, _ in pairs} | (keys.members & self._members.keys())
        people |= set(found.phones.values()) | {s.caregiver_id for s in found.waiting}
        people |= {s.caregiver_id for s in found.sends.values()}
        found.members = {caregiver_id: self._members[caregiver_id] for caregiver_id in people}
        found.shifts = {shift_id: self._shifts[shift_id] for shift_id in shifts}
        found.fanouts = {shift_id: self._state(shift_id) for shift_id in shifts}
        return found

    def _state(self, shift_id: str) -> State:
        return self._fanouts.get(shift_id) or fanout.planned(self._shifts[shift_id])

    def _conversation(self, caregiver_id: str, now_ms: int, leaves: bool) -> set[str]:
        """The shifts whose offers an answer of theirs may mean."""
        return {
            shift_id
            for shift_id, offer in self._offers.get(caregiver_id, {}).items()
            if now_ms - offer.made_ms < DAY_MS
            or (self._state(shift_id).holder == caregiver_id and self._state(shift_id).end_ms > now_ms)
            or (leaves and self._state(shift_id).status is Status.OPEN)
        }

    def _overlaps(self, caregiver_id: str, shift_id: str) -> Iterable[str]:
        this = self._state(shift_id)
        return [
            other
            for other, state in self._fanouts.items()
            if state.holder == caregiver_id and state.start_ms < this.end_ms and state.end_ms > this.start_ms
        ]

    def _find_waiting(self, found: Snapshot, keys: Keys, now_ms: int) -> None:
        live = [s for s in self._sends.values() if s.status in ("waiting", "leased")]
        live.sort(key=lambda s: (s.priority, s.ready_ms))
        for channel in ("sms", "voice"):
            due = (s for s in live if s.channel == channel and s.ready_ms <= now_ms)
            free = (s for s in due if keys.resting.get((s.channel, s.caregiver_id), 0) <= now_ms)
            found.waiting += islice(free, keys.most_waiting)
        found.next_send_ms = min((s.ready_ms for s in live if s.ready_ms > now_ms), default=None)

    def commit(self, changes: Changes) -> None:
        assert [e.seq for e in changes.entries] == list(
            islice(count(len(self._entries) + 1), len(changes.entries))
        )
        for member in changes.members.values():
            if old := self._members.get(member.id):
                self._phones.pop(old.phone, None)
            self._members[member.id] = member
        self._phones.update((member.phone, member.id) for member in changes.members.values())
        self._shifts.update(changes.shifts)
        self._policies.update(changes.policies)
        self._fanouts.update(changes.fanouts)
        for (shift_id, caregiver_id), offer in changes.offers.items():
            self._offers.setdefault(caregiver_id, {})[shift_id] = offer
        self._sends.update(changes.sends)
        for shift_id, generation in changes.withdrawn.items():
            for send in self._sends.values():
                if (
                    send.shift_id == shift_id
                    and send.purpose == "offer"
                    and send.status == "waiting"
                    and send.generation <= generation
                ):
                    self._sends[send.key] = send.ended("withdrawn")
        self._inbox.update(changes.inbox)
        self._entries += changes.entries

    def due(self, now_ms: int, most: int) -> tuple[list[str], int | None]:
        deadlines = [
            (at_ms, shift_id)
            for shift_id, state in self._fanouts.items()
            if (at_ms := fanout.next_deadline_ms(state)) is not None
        ]
        now_due = sorted(d for d in deadlines if d[0] <= now_ms)[:most]
        later = min((at_ms for at_ms, _ in deadlines if at_ms > now_ms), default=None)
        return [shift_id for _, shift_id in now_due], later

    def events(self, after_seq: int, most: int, shift_id: str | None = None) -> Sequence[Entry]:
        entries = self._entries[max(after_seq, 0) :]
        return [e for e in entries if shift_id in (None, e.shift_id)][:most]

    def members(self) -> Sequence[Member]:
        return list(self._members.values())

    def member(self, caregiver_id: str) -> Member | None:
        return self._members.get(caregiver_id)

    def shift(self, shift_id: str) -> ShiftView | None:
        if shift_id not in self._shifts:
            return None
        offers = [made[shift_id] for made in self._offers.values() if shift_id in made]
        return ShiftView(self._shifts[shift_id], self._state(shift_id), tuple(offers))

    def shifts(self, after_id: str, most: int, status: Status | None = None) -> Sequence[ShiftView]:
        views = (self.shift(shift_id) for shift_id in sorted(self._shifts) if shift_id > after_id)
        return list(islice((v for v in views if v is not None and status in (None, v.fanout.status)), most))

    def policy(self, organization: str) -> Policy | None:
        return self._policies.get(organization)

    def depth(self) -> tuple[int, int | None]:
        live = [s.due_ms for s in self._sends.values() if s.status in ("waiting", "leased")]
        return len(live), min(live, default=None)

    def close(self) -> None:
        """Nothing to let go of."""
