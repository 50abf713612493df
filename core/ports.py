"""The ports: what the decisions need from the world, and the errors that the world may answer with.

A store is plain synchronous code. A batch is one unit of work: one or two reads, then `commit` or `abandon`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from core.commands import Answered, Command, InboundResult, Outgoing, Result
from core.events import Entry, ResultStatus
from core.fanout import State
from core.model import Caregiver, Channel, Policy, Shift
from core.offers import Offer
from core.record import record
from core.sends import Owner, Send

DEFAULT = "default"
"""The name of the policy of every organization that has none of its own."""


class StoreError(Exception):
    """The store did not do what it was asked; the message is for a log.

    `final`: it will do nothing more in this process, which must end. The next one reads what is stored.
    """

    def __init__(self, why: str = "", *, final: bool = False) -> None:
        super().__init__(why)
        self.final = final


class Unavailable(StoreError):
    """The changes were certainly not applied."""


class Conflict(StoreError):
    """Somebody else has written since the read, so nothing was applied: read and decide again."""


class InDoubt(StoreError):
    """Nobody knows whether the changes were applied."""


@record
class RosterEntry:
    """A caregiver and whether they take messages, which is what was last said from their phone.

    `phone_since_ms`: when they got another phone. `last_notice_ms`: when they were last sent a text that
    concerned no offer, or a coordinator's notice; `last_asked_ms`: when they were last asked which offer they
    mean.
    """

    id: str
    name: str
    role: str
    phone: str
    opted_out: bool = False
    last_notice_ms: int | None = None
    last_asked_ms: int | None = None
    phone_since_ms: int | None = None

    @classmethod
    def of(cls, caregiver: Caregiver) -> "RosterEntry":
        return cls(caregiver.id, caregiver.name, caregiver.role, caregiver.phone)


AttentionReason = ResultStatus | Literal["unknown_number", "takes_no_texts", "not_sent"]
"""Why a coordinator should look: what a message came to, a message from a number that nobody has, news for
somebody who takes no texts, or something that could not be sent."""


@record
class Attention:
    """Something for a coordinator to see to, mostly a message that a caregiver wrote (`text`).

    `shift_id`: the shift that it may be about; `caregiver_id`: who it is from or for, else `phone`. `number`
    is given by the store. `done_by` has seen to it at `done_ms`. It is not in the journal, which is exported:
    it may tell of illness, or name a phone number.
    """

    at_ms: int
    reason: AttentionReason
    text: str = ""
    shift_id: str | None = None
    caregiver_id: str | None = None
    phone: str | None = None
    number: int = 0
    done_ms: int | None = None
    done_by: str | None = None


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

    `messages`: the answers given to them, by inbox key. `once`: those to coordinators, by the key of `Once`.
    `shifts`: each with its fanout. `people`: their roster entries. `offers`: one person's offer of one shift.
    `conversations`: the offers that a person's message may be about, those whose code still means them, with
    their shifts. `holds`: what a person holds that ends after `holds_since_ms`. `rosters`: by role, everybody
    of the same `role_key` in load order, with entries, holds and conversations (without the shifts, as they
    are now or were at `codes_at_ms`, whichever is earlier). `policies`: all. `sends` by key, and `due`, each
    with its shift. `leased_before`: sends leased by the same replica in an earlier epoch, with their shifts.
    """

    messages: set[str] = field(default_factory=set)
    once: set[str] = field(default_factory=set)
    shifts: set[str] = field(default_factory=set)
    people: set[Person] = field(default_factory=set)
    offers: set[tuple[Person, str]] = field(default_factory=set)
    conversations: set[Person] = field(default_factory=set)
    holds: set[Person] = field(default_factory=set)
    holds_since_ms: int = 0
    rosters: set[str] = field(default_factory=set)
    codes_at_ms: int = 0
    policies: bool = False
    sends: set[str] = field(default_factory=set)
    due: DueSends | None = None
    attention: set[int] = field(default_factory=set)
    leased_before: Owner | None = None


@dataclass(slots=True)
class Found:
    """What the store knows of a `ReadSet`. Whoever reads owns it, and may write on it.

    `phones`: ids by phone. `opted_out`: of the phones asked about, those that want no messages. `offers` and
    `holds` by caregiver. `due`: in order, the texts first. With `due` come `started_ms`: when a send on each
    channel was last begun; `next_due_ms`: when another send will be ready; `resting_ms`: on each channel, the
    earliest last start among the people who rest.
    """

    next_seq: int
    inbox: dict[str, InboundResult] = field(default_factory=dict)
    once: dict[str, Answered] = field(default_factory=dict)
    people: dict[str, RosterEntry] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    opted_out: set[str] = field(default_factory=set)
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
    attention: dict[int, Attention] = field(default_factory=dict)


@dataclass(slots=True)
class Changes:
    """What a batch came to: its results in order, and all that must be written.

    `attention` is new, and `done` by number what has been seen to; what is older than `forget_ms` goes,
    unless its shift ended later. `consents`: by phone whether it has opted out. `withdrawn`: by shift a
    generation. After the writes, offers of the shift up to that generation that still wait to be sent are
    withdrawn.
    """

    results: list[Result] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    people: dict[str, RosterEntry] = field(default_factory=dict)
    consents: dict[str, bool] = field(default_factory=dict)
    shifts: dict[str, Shift] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    fanouts: dict[str, State] = field(default_factory=dict)
    offers: dict[tuple[str, str], Offer] = field(default_factory=dict)
    sends: dict[str, Send] = field(default_factory=dict)
    withdrawn: dict[str, int] = field(default_factory=dict)
    inbox: dict[str, InboundResult] = field(default_factory=dict)
    once: dict[str, Answered] = field(default_factory=dict)
    attention: list[Attention] = field(default_factory=list)
    done: dict[int, Attention] = field(default_factory=dict)
    forget_ms: int = 0


@record
class ShiftView:
    """A shift with what became of it, for readers. `attention`: in order."""

    shift: Shift
    fanout: State
    offers: tuple[Offer, ...]
    attention: tuple[Attention, ...] = ()


class Store(Protocol):
    """One thread at a time. Every method raises `Unavailable` if the store cannot be reached."""

    @property
    def owner(self) -> Owner:
        """The name under which this process leases sends."""

    def read(self, wanted: ReadSet, now_ms: int) -> Found:
        """What the store knows of `wanted`: one round trip. The first one begins the unit of work."""

    def commit(self, changes: Changes) -> None:
        """Writes all of `changes` durably, or nothing. Raises `Conflict`, `Unavailable` or `InDoubt`.
        For an empty batch it writes what changes nothing, which shows that a write is possible."""

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
