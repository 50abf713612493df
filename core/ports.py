"""The port between the desk and what keeps its state.

A store is plain synchronous code. `snapshot` reads all that a batch of commands can touch, the desk decides
on it in memory, and `commit` writes the changes in one transaction or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from core.commands import InboundResult, Result
from core.events import Entry, ResultStatus
from core.fanout import State, Status
from core.model import DEFAULT_POLICY, Caregiver, Channel, Policy, Shift
from core.offers import Offer
from core.record import record
from core.sends import Send

DEFAULT = "default"
"""The name of the policy of every organization that has none of its own."""


@record
class Member:
    """A caregiver of the roster and whether they take messages.

    `told_ms`: when they were last sent a text that concerned no offer, or a coordinator's notice;
    `asked_ms`: when they were last asked which offer they mean.
    """

    id: str
    name: str
    role: str
    phone: str
    opted_out: bool = False
    told_ms: int | None = None
    asked_ms: int | None = None

    @classmethod
    def of(cls, caregiver: Caregiver) -> "Member":
        return cls(caregiver.id, caregiver.name, caregiver.role, caregiver.phone)


@record
class Message:
    """What a caregiver wrote about a shift and a person should read, since it was not understood, gave the
    shift back, or came from somebody who takes no texts. `status`: what it came to.

    It is not in the journal, which is exported: it may tell of illness, or name a phone number.
    """

    shift_id: str
    caregiver_id: str
    at_ms: int
    status: ResultStatus
    text: str


MOST_MESSAGES = 20
"""So many of a shift are kept: the latest."""


@dataclass(slots=True)
class Keys:
    """What a batch of commands needs to know.

    `shifts` by id; `members` by id and `phones`; `assigned`: pairs of (caregiver, shift) to bring together;
    `pairs` of (phone, shift) for answers that name their shift, `conversations` by phone for those that do
    not: the offers of the last day and of shifts they hold; `leavers` by phone: their offers of all open
    shifts. `rosters`: shifts whose offers may be made now, `roster_phones`: and all that an answer from this
    phone may lead to offers of. `sends` by key; `most_waiting`: how many due sends of each channel,
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
    messages: list[Message] = field(default_factory=list)


@record
class ShiftView:
    """A shift with what became of it, for readers. `messages`: the latest, in order."""

    shift: Shift
    fanout: State
    offers: tuple[Offer, ...]
    messages: tuple[Message, ...] = ()


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
