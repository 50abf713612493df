"""The ports: what the decisions need from the world, and the errors that the world may answer with.

A store is plain synchronous code. A batch is one unit of work: one or two reads, then `commit` or `abandon`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from core.commands import Command, InboundResult, Outgoing, Result
from core.events import Entry, ResultStatus
from core.fanout import State
from core.model import Caregiver, Channel, Policy, Shift
from core.offers import Offer
from core.record import record
from core.sends import Owner, Send

DEFAULT = "default"
"""The name of the policy of every organization that has none of its own."""


class StoreError(Exception):
    """The store did not do what it was asked; the message is for a log."""


class Unavailable(StoreError):
    """The changes were certainly not applied."""


class Conflict(StoreError):
    """Somebody else has written since the read, so nothing was applied: read and decide again."""


class InDoubt(StoreError):
    """Nobody knows whether the changes were applied."""


@record
class RosterEntry:
    """A caregiver and whether they take messages.

    `last_notice_ms`: when they were last sent a text that concerned no offer, or a coordinator's notice;
    `last_asked_ms`: when they were last asked which offer they mean.
    """

    id: str
    name: str
    role: str
    phone: str
    opted_out: bool = False
    last_notice_ms: int | None = None
    last_asked_ms: int | None = None

    @classmethod
    def of(cls, caregiver: Caregiver) -> "RosterEntry":
        return cls(caregiver.id, caregiver.name, caregiver.role, caregiver.phone)


@record
class CoordinatorNote:
    """What a caregiver wrote about a shift and a coordinator should read. `status`: what it came to.

    It is not in the journal, which is exported: it may tell of illness, or name a phone number.
    """

    shift_id: str
    caregiver_id: str
    at_ms: int
    status: ResultStatus
    text: str


MOST_NOTES = 20
"""So many of a shift are kept: the latest."""

Held = dict[str, tuple[int, int]]
"""The shifts that a caregiver holds: id to start and end in ms."""


class Person(NamedTuple):
    """Somebody on the roster, by `id` or by `phone`. A store may join by either in one round trip."""

    by: Literal["id", "phone"]
    key: str


@record
class DueSends:
    """Sends that are ready now: of each channel the first `most`, by priority, then by when they were ready,
    then in the order in which they were first written.

    Left out are sends under way, and sends to people who rest: those whose last send on the channel began
    strictly between the two times in `resting`.
    """

    most: dict[Channel, int]
    resting: dict[Channel, tuple[int, int]]
    under_way: frozenset[str] = frozenset()


@dataclass(slots=True)
class ReadSet:
    """What to read, in primitive reads. The store joins nothing but what is said here.

    `message_ids`: the answers given to them. `shifts`: each with its fanout. `people`: their roster entries.
    `offers`: one person's offer of one shift; `shift_offers`: all offers of a shift. `conversations`: the
    offers that a person's message may be about, with their shifts: those made in the last day, and those of
    shifts that the person holds and that have not ended. For the `leavers` among them, also the offers of
    every open shift. `holds`: what a person holds that ends after `holds_since_ms`. `rosters`: by role,
    everybody in load order, with entries, holds and conversations (without the shifts). `policies`: all.
    `sends` by key, and `due`, each with its shift. `leased_before`: sends leased by the same replica in an
    earlier epoch, with their shifts.
    """

    message_ids: set[str] = field(default_factory=set)
    shifts: set[str] = field(default_factory=set)
    people: set[Person] = field(default_factory=set)
    offers: set[tuple[Person, str]] = field(default_factory=set)
    shift_offers: set[str] = field(default_factory=set)
    conversations: set[Person] = field(default_factory=set)
    leavers: set[Person] = field(default_factory=set)
    holds: set[Person] = field(default_factory=set)
    holds_since_ms: int = 0
    rosters: set[str] = field(default_factory=set)
    policies: bool = False
    sends: set[str] = field(default_factory=set)
    due: DueSends | None = None
    leased_before: Owner | None = None


@dataclass(slots=True)
class Found:
    """What the store knows of a `ReadSet`. Whoever reads owns it, and may write on it.

    `phones`: ids by phone. `offers` and `holds` by caregiver. `due`: in order, the texts first. With `due`
    come `started_ms`: when a send on each channel was last begun; `next_due_ms`: when another send will be
    ready; `resting_ms`: on each channel, the earliest last start among the people who rest.
    """

    next_seq: int
    inbox: dict[str, InboundResult] = field(default_factory=dict)
    people: dict[str, RosterEntry] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    shifts: dict[str, Shift] = field(default_factory=dict)
    fanouts: dict[str, State] = field(default_factory=dict)
    offers: dict[str, dict[str, Offer]] = field(default_factory=dict)
    holds: dict[str, Held] = field(default_factory=dict)
    rosters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    sends: dict[str, Send] = field(default_factory=dict)
    due: list[Send] = field(default_factory=list)
    started_ms: dict[Channel, int] = field(default_factory=dict)
    next_due_ms: int | None = None
    resting_ms: dict[Channel, int] = field(default_factory=dict)


@dataclass(slots=True)
class Changes:
    """What a batch came to: its results in order, and all that must be written.

    `withdrawn`: by shift a generation. After the writes, offers of the shift up to that generation that still
    wait to be sent are withdrawn.
    """

    results: list[Result] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    people: dict[str, RosterEntry] = field(default_factory=dict)
    shifts: dict[str, Shift] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    fanouts: dict[str, State] = field(default_factory=dict)
    offers: dict[tuple[str, str], Offer] = field(default_factory=dict)
    sends: dict[str, Send] = field(default_factory=dict)
    withdrawn: dict[str, int] = field(default_factory=dict)
    inbox: dict[str, InboundResult] = field(default_factory=dict)
    notes: list[CoordinatorNote] = field(default_factory=list)


@record
class ShiftView:
    """A shift with what became of it, for readers. `notes`: the latest, in order."""

    shift: Shift
    fanout: State
    offers: tuple[Offer, ...]
    notes: tuple[CoordinatorNote, ...] = ()


class Store(Protocol):
    """One thread at a time. Every method raises `Unavailable` if the store cannot be reached."""

    @property
    def owner(self) -> Owner:
        """The name under which this process leases sends."""

    def read(self, wanted: ReadSet, now_ms: int) -> Found:
        """What the store knows of `wanted`: one round trip. The first one begins the unit of work."""

    def commit(self, changes: Changes) -> None:
        """Writes all of `changes` durably, or nothing. Raises `Conflict`, `Unavailable` or `InDoubt`."""

    def abandon(self) -> None:
        """Ends the unit of work without writing anything. Harmless if there is none."""

    def close(self) -> None: ...


Trouble = Literal["temporary", "permanent", "opted_out", "bad_number", "unknown"]
"""Why a carrier did not take a send: it may later ("temporary"), it never will, the person opted out there,
there is no such number, or nobody knows whether it did ("unknown")."""


class CarrierError(Exception):
    """The carrier did not take a send, or did not say that it did."""

    def __init__(self, why: str, trouble: Trouble = "temporary") -> None:
        super().__init__(why)
        self.trouble = trouble

    @property
    def permanent(self) -> bool:
        """Whether a further attempt is useless."""
        return self.trouble in ("permanent", "opted_out", "bad_number")


Submit = Callable[[Command], Awaitable[Result]]


class Carrier(Protocol):
    """What takes a text or a call to a phone."""

    async def send(self, outgoing: Outgoing) -> str | None:
        """Returns once the carrier has taken it: the carrier's id of it, if there is one.

        Raises `CarrierError`.
        """

    async def listen(self, submit: Submit) -> None:
        """Submits what comes back (messages, keys pressed, how calls ended), until it is cancelled.

        Returns at once where nothing can come back this way.
        """
