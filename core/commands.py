"""What the desk is asked to do, and what it answers."""

from typing import Literal

from pydantic import TypeAdapter

from core.events import CoordinatorStatus, ResultStatus
from core.model import Caregiver, Channel, LoadFile, Policy, Shift
from core.record import record
from core.sends import Limits, Pace

# --- commands ----------------------------------------------------------------------------------


@record
class Load:
    """Store shifts and caregivers, all or nothing; entries with a known id are replaced."""

    file: LoadFile


@record
class PutCaregiver:
    caregiver: Caregiver


@record
class PutShift:
    shift: Shift


@record
class PutPolicy:
    """`organization` is an organization's id or "default"."""

    organization: str
    policy: Policy


@record
class StartFanout:
    shift_id: str


@record
class Inbound:
    """A message from a phone. The same `message_id` gets the first answer, for a week at least.

    `shift_id` says which offer is meant where the channel knows it (a call does, a text does not).
    """

    phone: str
    body: str
    shift_id: str | None = None
    message_id: str | None = None


@record
class ReleaseShift:
    shift_id: str
    caregiver_id: str | None = None
    reason: str | None = None


@record
class CancelShift:
    shift_id: str
    reason: str | None = None


@record
class AssignShift:
    shift_id: str
    caregiver_id: str


@record
class PassTime:
    """A deadline of the shift may have come."""

    shift_id: str


@record
class Lease:
    """Begin the sends that may start now; each is lost, and tried again, after `lease_ms`."""

    pace: Pace
    limits: Limits
    lease_ms: int
    most: int


@record
class Reclaim:
    """Nobody works on any leased send (the process has just started): let all of them wait again."""


@record
class MarkSent:
    """The carrier took the send that was leased as the `attempt`-th."""

    key: str
    attempt: int


@record
class MarkFailed:
    """`permanent`: a further attempt is useless. `jitter` in [0, 1) spreads the retries."""

    key: str
    attempt: int
    why: str
    permanent: bool
    jitter: float


@record
class MarkCall:
    """How a call ended that the carrier had taken."""

    key: str
    answered: bool


Command = (
    Load
    | PutCaregiver
    | PutShift
    | PutPolicy
    | StartFanout
    | Inbound
    | ReleaseShift
    | CancelShift
    | AssignShift
    | PassTime
    | Lease
    | Reclaim
    | MarkSent
    | MarkFailed
    | MarkCall
)


# --- results -----------------------------------------------------------------------------------


@record
class Refused:
    """The command cannot be done; `detail` is a sentence for its sender."""

    kind: Literal["not_found", "conflict"]
    detail: str


@record
class Stored:
    created: bool


@record
class FanoutResult:
    """`contacted`: whom this generation has asked so far; `caregiver_id`: who holds (or held) the shift;
    `conflict`: the shift that keeps a caregiver from this one.
    """

    shift_id: str
    status: ResultStatus | CoordinatorStatus
    contacted: tuple[str, ...] = ()
    exhausted: bool = False
    caregiver_id: str | None = None
    generation: int = 0
    conflict: str | None = None


@record
class InboundResult:
    """What a message came to; `reply` is the text sent back, None where the carrier answers itself or
    there is nothing to say that they have not heard in the last half hour.
    """

    status: ResultStatus
    shift_id: str | None
    caregiver_id: str
    reply: str | None


INBOUND_RESULT: TypeAdapter[InboundResult] = TypeAdapter(InboundResult)
inbound_json = INBOUND_RESULT.serializer.to_json  # `dump_json` without the arguments that nobody gives


@record
class Outgoing:
    """A send that has begun: hand it to the carrier, then mark it with `key` and `attempt`."""

    key: str
    attempt: int
    channel: Channel
    phone: str
    text: str
    caregiver_id: str
    shift_id: str | None


@record
class Leased:
    """`wake_ms`: when to ask again; None if nothing waits."""

    sends: tuple[Outgoing, ...]
    pace: Pace
    wake_ms: int | None


@record
class Marked:
    """`applied` is false for a mark that came too late: the lease had passed to another attempt."""

    applied: bool


Result = Refused | Stored | FanoutResult | InboundResult | Leased | Marked
