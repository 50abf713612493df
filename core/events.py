"""The journal: what happened, one event after another.

Records in a tagged union: inside the core they cost a fraction of a pydantic model. Times are UTC
milliseconds; `at_ms` of an event is when it counts as having happened.
"""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter
from pydantic_core import from_json, to_json

from core.model import Channel, Policy
from core.record import record
from core.reply import Intent

By = Literal["caregiver", "coordinator"]
Purpose = Literal["offer", "answer", "notice"]
"""Why it is sent: to offer a shift, to answer a message, or to tell a holder what a coordinator did."""

ResultStatus = Literal[
    "claimed", "already_yours", "already_claimed", "declined", "unknown", "which_shift",
    "no_open_offer", "not_eligible", "double_booked", "closed", "released", "opted_out",
    "opted_in", "help",
]  # fmt: skip
"""What a caregiver's message came to."""


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
    """The `attempt`-th attempt of a send begins. `generation` and `round` are those of an offer.

    `confirms`: the `seq` of each `Claimed` that the text tells its holder of.
    """

    at_ms: int
    key: str
    caregiver_id: str
    channel: Channel
    attempt: int
    purpose: Purpose
    generation: int | None = None
    round: int | None = None
    confirms: tuple[int, ...] = ()
    kind: Literal["send_started"] = "send_started"


@record
class Sent:
    """The carrier took the message (it may still be on its way), and knows it by `provider_id`, if any."""

    at_ms: int
    key: str
    caregiver_id: str
    provider_id: str | None = None
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
    """A caregiver's message came to `result`. Neither it nor what was sent back is kept here."""

    at_ms: int
    caregiver_id: str
    intent: Intent
    result: ResultStatus
    kind: Literal["replied"] = "replied"


@record
class Claimed:
    """The caregiver has the shift. `reason`: why the coordinator gave it to them."""

    at_ms: int
    caregiver_id: str
    by: By = "caregiver"
    reason: str | None = None
    kind: Literal["claimed"] = "claimed"


@record
class Released:
    """The shift is open again. `policy`: that of the new generation, unless it is the one before."""

    at_ms: int
    caregiver_id: str
    by: By
    reason: str | None = None
    policy: Policy | None = None
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


@record
class PhoneChanged:
    """A caregiver has another phone, and with it another wish: whoever had it last wanted messages or not."""

    at_ms: int
    caregiver_id: str
    opted_out: bool
    kind: Literal["phone_changed"] = "phone_changed"


SendEvent = SendStarted | Sent | SendFailed | CallAnswered | CallUnanswered
Event = (
    FanoutStarted | OffersMade | SendEvent | Replied | Claimed | Released | Exhausted | Cancelled | Expired
    | OptedOut | PhoneChanged
)  # fmt: skip

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

    def data(self) -> bytes:
        """What the event says besides its time and kind, as JSON."""
        return _event_json(self.event, exclude=_COLUMNS)

    def line(self) -> str:
        """The entry as one line of JSON, as the export and the event stream carry it."""
        shift_id = to_json(self.shift_id).decode()
        return (
            f'{{"seq":{self.seq},"shift_id":{shift_id},"version":{self.version or "null"},'
            f'"at_ms":{self.event.at_ms},"kind":"{self.event.kind}","data":{self.data().decode()}}}'
        )


def entry_from(
    seq: int, shift_id: str | None, version: int | None, at_ms: int, kind: str, data: str
) -> Entry:
    """The entry of these columns, as `Entry.data` wrote them. Raises `ValidationError` if it is none."""
    if kind == "send_started" and '"purpose"' not in data:
        data = _with_purpose(data, shift_id)
    fields = data.removeprefix("{")
    comma = "" if fields.startswith("}") else ","
    event = EVENT.validate_json(f'{{"kind":"{kind}","at_ms":{at_ms}{comma}{fields}')
    return Entry(seq, shift_id, version, event)


def read_old_key(key: str, shift_id: str | None) -> dict[str, Any]:
    """`purpose`, `generation`, `round` and `confirms`, which version 0.1 kept only in a send's key.

    An offer's key is `shift:generation:round:channel:caregiver` (ids may hold colons), an answer's
    `answer/seq`, a notice's `notice/seq`. An answer counts as confirming the entry that its key names.
    """
    rest = key.removeprefix(f"{shift_id}:").split(":", 3)
    if key.startswith(f"{shift_id}:") and len(rest) == 4:
        if not (rest[0].isdecimal() and rest[1].isdecimal()):
            return {}
        return {"purpose": "offer", "generation": int(rest[0]), "round": int(rest[1])}
    purpose, _, seq = key.partition("/")
    number = seq.partition("/")[0]
    confirms = (int(number),) if purpose == "answer" and number.isdecimal() else ()
    return {"purpose": "notice" if purpose == "notice" else "answer", "confirms": confirms}


def _with_purpose(data: str, shift_id: str | None) -> str:
    fields = from_json(data)
    return to_json(fields | read_old_key(str(fields.get("key", "")), shift_id)).decode()
