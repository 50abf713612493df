"""What goes in and out of one shift's life: inputs, outcomes, and the events of its journal.

Records in tagged unions: inside the core they cost a fraction of a pydantic model.
Times are UTC milliseconds; `at_ms` of an event is when it counts as having happened.
"""

from typing import Annotated, ClassVar, Literal, cast, get_args

from pydantic import ConfigDict, Field, TypeAdapter

from core.model import Channel, Policy
from core.record import record
from core.replies import Intent

By = Literal["caregiver", "coordinator"]

ResultStatus = Literal[
    "claimed", "already_yours", "already_claimed", "declined", "unknown", "which_shift",
    "no_open_offer", "not_eligible", "double_booked", "closed", "released", "opted_out",
    "opted_in", "help",
]  # fmt: skip
"""What a caregiver's message came to."""

CoordinatorStatus = Literal["fanout_started", "already_fanout", "cancelled", "expired", "ticked"]
"""What else a coordinator's command or a tick can come to."""


_RESULTS = frozenset(get_args(ResultStatus))


# --- inputs of a fanout ------------------------------------------------------------------------


@record
class Start:
    """Offer the shift under `policy`."""

    policy: Policy


@record
class Tick:
    """Time has passed. Late and repeated ticks are harmless."""


@record
class Claim:
    """A caregiver accepts. The desk fills in what other shifts and the roster say.

    `eligible`: has the role. `conflict`: a shift they hold that overlaps this one.
    """

    caregiver_id: str
    eligible: bool = True
    conflict: str | None = None


@record
class Assign:
    """The coordinator gives the shift to a caregiver; `policy` serves if it comes back."""

    caregiver_id: str
    policy: Policy
    eligible: bool = True
    conflict: str | None = None


@record
class Decline:
    """A caregiver says no. From the holder it gives the shift back."""

    caregiver_id: str


@record
class Release:
    """The coordinator takes the shift back; `caregiver_id`, if given, must be who holds it."""

    caregiver_id: str | None = None
    reason: str | None = None


@record
class Cancel:
    """The shift is no longer needed."""

    reason: str | None = None


@record
class OptOut:
    """A caregiver wants no more messages: counts as a decline wherever they were asked."""

    caregiver_id: str


Input = Start | Tick | Claim | Assign | Decline | Release | Cancel | OptOut


# --- what comes back ---------------------------------------------------------------------------


@record
class Outcome:
    """The answer to an input; a refusal is an answer too and knows who won and when.

    `holder` has had the shift since `since_ms`; `conflict` is the shift that overlaps.
    """

    status: ResultStatus | CoordinatorStatus
    holder: str | None = None
    since_ms: int | None = None
    conflict: str | None = None

    @property
    def told(self) -> ResultStatus:
        """The status as a caregiver's message comes to it."""
        assert self.status in _RESULTS, self.status
        return cast(ResultStatus, self.status)


# --- events: the journal -----------------------------------------------------------------------


@record
class FanoutStarted:
    at_ms: int
    role: str
    start_ms: int
    end_ms: int
    policy: Policy
    kind: Literal["fanout_started"] = "fanout_started"


@record
class OffersMade:
    """Round `round` (counted from 0) is due for these caregivers; nobody is left if it is empty."""

    at_ms: int
    round: int
    channel: Channel
    caregiver_ids: tuple[str, ...]
    kind: Literal["offers_made"] = "offers_made"


@record
class SendStarted:
    at_ms: int
    key: str
    caregiver_id: str
    channel: Channel
    attempt: int
    kind: Literal["send_started"] = "send_started"


@record
class Sent:
    """The carrier took the message (it may still be on its way)."""

    at_ms: int
    key: str
    caregiver_id: str
    kind: Literal["sent"] = "sent"


@record
class SendFailed:
    """`final`: there will be no further attempt."""

    at_ms: int
    key: str
    caregiver_id: str
    why: str
    final: bool
    kind: Literal["send_failed"] = "send_failed"


@record
class CallAnswered:
    at_ms: int
    key: str
    caregiver_id: str
    kind: Literal["call_answered"] = "call_answered"


@record
class CallUnanswered:
    at_ms: int
    key: str
    caregiver_id: str
    kind: Literal["call_unanswered"] = "call_unanswered"


@record
class Replied:
    """A caregiver answered and was told `result`. The text itself is not kept here."""

    at_ms: int
    caregiver_id: str
    intent: Intent
    result: ResultStatus
    kind: Literal["replied"] = "replied"


@record
class Claimed:
    at_ms: int
    caregiver_id: str
    by: By = "caregiver"
    kind: Literal["claimed"] = "claimed"


@record
class Released:
    at_ms: int
    caregiver_id: str
    by: By
    reason: str | None = None
    kind: Literal["released"] = "released"


@record
class Exhausted:
    """Nobody is left to ask or to wait for: a coordinator must look."""

    at_ms: int
    kind: Literal["exhausted"] = "exhausted"


@record
class Cancelled:
    at_ms: int
    reason: str | None = None
    kind: Literal["cancelled"] = "cancelled"


@record
class Expired:
    at_ms: int
    kind: Literal["expired"] = "expired"


@record
class OptedOut:
    at_ms: int
    caregiver_id: str
    kind: Literal["opted_out"] = "opted_out"


SendEvent = SendStarted | Sent | SendFailed | CallAnswered | CallUnanswered
Event = (
    FanoutStarted
    | OffersMade
    | SendEvent
    | Replied
    | Claimed
    | Released
    | Exhausted
    | Cancelled
    | Expired
    | OptedOut
)

EVENT: TypeAdapter[Event] = TypeAdapter(
    Annotated[Event, Field(discriminator="kind")], config=ConfigDict(extra="forbid")
)
_event_json = EVENT.serializer.to_json  # `dump_json` without the arguments that nobody gives
_COLUMNS = {"at_ms", "kind"}


@record
class Entry:
    """One line of the journal.

    `seq` counts all entries, `version` those of one shift; a message that concerns no shift has
    neither `shift_id` nor `version`.
    """

    seq: int
    shift_id: str | None
    version: int | None
    event: Event

    FIELDS: ClassVar = ("seq", "shift_id", "version", "at_ms", "kind", "data")

    def data(self) -> bytes:
        """What the event says besides its time and kind, as JSON."""
        return _event_json(self.event, exclude=_COLUMNS)

    def line(self) -> str:
        """The entry as one line of JSON, as the export and the event stream carry it."""
        return entry_line(
            self.seq,
            self.shift_id,
            self.version,
            self.event.at_ms,
            self.event.kind,
            self.data().decode(),
        )


def entry_from(
    seq: int, shift_id: str | None, version: int | None, at_ms: int, kind: str, data: str
) -> Entry:
    """The entry of these columns, as `Entry.data` wrote them. Raises `ValidationError` if it is none."""
    fields = data.removeprefix("{")
    comma = "" if fields.startswith("}") else ","
    event = EVENT.validate_json(f'{{"kind":"{kind}","at_ms":{at_ms}{comma}{fields}')
    return Entry(seq, shift_id, version, event)


_TEXT: TypeAdapter[str | None] = TypeAdapter(str | None)


def entry_line(seq: int, shift_id: str | None, version: int | None, at_ms: int, kind: str, data: str) -> str:
    """A journal line from its columns; `data` is JSON already."""
    return (
        f'{{"seq":{seq},"shift_id":{_TEXT.dump_json(shift_id).decode()},"version":{version or "null"},'
        f'"at_ms":{at_ms},"kind":"{kind}","data":{data}}}'
    )
