"""What the desk is asked to do, and what it answers."""

from collections.abc import Mapping
from typing import Literal

from core.events import Purpose, ResultStatus
from core.inputs import CoordinatorStatus
from core.model import Caregiver, Channel, LoadFile, Policy, Shift
from core.notice import Notice
from core.record import record
from core.reply import Reply
from core.sends import Limits, Owner


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
    """A message from a phone, and what it means. One with the same `message_id` again gets the first answer.

    `text`: what was written, as coordinators are shown it. `shift_id` says which offer is meant where the
    channel knows it (a call does, a text does not). `fingerprint`: a number that another body hardly has.
    """

    phone: str
    reply: Reply
    text: str = ""
    shift_id: str | None = None
    message_id: str | None = None
    fingerprint: int = 0

    @property
    def inbox_key(self) -> str | None:
        """Under which the answer is kept: message ids are unique for each sender only."""
        return None if self.message_id is None else f"{self.phone}/{self.message_id}"


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
    reason: str | None = None


@record
class TickShift:
    """A deadline of the shift may have come."""

    shift_id: str


@record
class Lease:
    """Begin at most `most` sends, of all channels together, that may begin now.

    Each counts as lost after `lease_ms` and is begun again, unless its key is among those that `owner` knows
    to be `under_way`.
    """

    owner: Owner
    limits: Limits
    lease_ms: int
    most: int
    under_way: frozenset[str] = frozenset()


@record
class Reclaim:
    """`owner` has just started: let the sends that its earlier lives had leased wait again."""

    owner: Owner


@record
class MarkSent:
    """The carrier took the send that was leased as the `attempt`-th, and calls it `provider_id`."""

    key: str
    attempt: int
    provider_id: str | None = None


@record
class MarkFailed:
    """`permanent`: a further attempt is useless. `unknown`: it may have gone out.

    `jitter` in [0, 1) spreads the retries.
    """

    key: str
    attempt: int
    why: str
    permanent: bool
    jitter: float
    unknown: bool = False


@record
class MarkCall:
    """How a call ended that the carrier had taken."""

    key: str
    answered: bool


@record
class SeeTo:
    """`by` has seen to what waited for attention."""

    number: int
    by: str


Coordinator = StartFanout | ReleaseShift | CancelShift | AssignShift | SeeTo


@record
class Once:
    """A coordinator's command that is carried out once, however often it is sent with the same `key`.

    `fingerprint`: a number that another request hardly has.
    """

    command: Coordinator
    key: str
    fingerprint: int


Command = (
    Load | PutCaregiver | PutShift | PutPolicy | StartFanout | Inbound | ReleaseShift | CancelShift
    | AssignShift | TickShift | SeeTo | Once | Lease | Reclaim | MarkSent | MarkFailed | MarkCall
)  # fmt: skip


@record
class Refused:
    """The command cannot be done; `detail` is a sentence for its sender. "reused": another message's id."""

    kind: Literal["not_found", "conflict", "nobody", "reused"]
    detail: str


@record
class Stored:
    created: bool


@record
class FanoutResult:
    """`contacted`: whom this generation has asked so far; `caregiver_id`: who holds (or held) the shift;
    `conflict`: the shift that keeps a caregiver from this one. `takes_no_texts`: whom it was given to must be
    called.
    """

    shift_id: str
    status: ResultStatus | CoordinatorStatus
    contacted: tuple[str, ...] = ()
    exhausted: bool = False
    caregiver_id: str | None = None
    generation: int = 0
    conflict: str | None = None
    takes_no_texts: bool = False


Answered = tuple[Refused | Stored | FanoutResult, int]
"""What a coordinator's command came to, and the fingerprint of its request."""


@record
class InboundResult:
    """What a message came to, and what is sent back: `notices`, and once somebody has made a text of them
    `reply`. Both are empty where the carrier answers itself or they have lately been told the same.
    `fingerprint`: of the message; 0 if it is not known any more.
    """

    status: ResultStatus
    shift_id: str | None
    caregiver_id: str
    reply: str | None = None
    notices: tuple[Notice, ...] = ()
    fingerprint: int = 0


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
    purpose: Purpose


@record
class Leased:
    """`free_ms`: when each channel's sender is free again, if it is not now. `wake_ms`: when to ask again;
    None if nothing waits.
    """

    sends: tuple[Outgoing, ...]
    free_ms: Mapping[Channel, int]
    wake_ms: int | None


@record
class Marked:
    """`applied` is false for a mark that came too late: the lease had passed to another attempt."""

    applied: bool


Result = Refused | Stored | FanoutResult | InboundResult | Leased | Marked
