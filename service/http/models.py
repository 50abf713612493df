"""What HTTP carries besides the core's own models."""

from datetime import UTC, datetime
from typing import Annotated, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from core.commands import FanoutResult
from core.events import ResultStatus
from core.fanout import State, Status, next_deadline_ms
from core.model import Caregiver, Id, Label, Model, Phone, Shift
from core.offers import Offer
from core.ports import Attention, AttentionReason, RosterEntry, ShiftView
from core.reply import Intent

MessageId = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


class InboundMessage(Model):
    """A text, or the digits pressed in a call. `shift_id` where the channel knows it."""

    phone: Annotated[Phone, Field(alias="from")]
    body: str
    shift_id: Id | None = None
    message_id: MessageId | None = None


class PolicyPath(Model):
    """Whose policy it is: an organization's id, or "default"."""

    id: Id


class ReleaseRequest(Model):
    caregiver_id: Id | None = None
    reason: Annotated[str, Field(max_length=500)] | None = None


class CancelRequest(Model):
    reason: Annotated[str, Field(max_length=500)] | None = None


class AssignRequest(Model):
    caregiver_id: Id
    reason: Annotated[str, Field(max_length=500)] | None = None


class View(BaseModel):
    """What is only ever written."""

    model_config = ConfigDict(frozen=True)


class CaregiverView(Caregiver):
    opted_out: bool

    @classmethod
    def of(cls, m: RosterEntry) -> "CaregiverView":
        return cls(id=m.id, name=m.name, role=m.role, phone=m.phone, opted_out=m.opted_out)


class CaregiverList(View):
    caregivers: list[CaregiverView]


class OfferView(View):
    caregiver_id: str
    code: str
    sent_at: datetime | None
    answered_at: datetime | None
    answer: Intent | None

    @classmethod
    def of(cls, offer: Offer) -> "OfferView":
        return cls(
            caregiver_id=offer.caregiver_id,
            code=offer.code,
            sent_at=_at(offer.sent_ms),
            answered_at=_at(offer.answered_ms),
            answer=offer.answer,
        )


class FanoutView(View):
    """Where the fanout stands. `status` "planned": not started. `exhausted`: nobody is left to ask, so a
    coordinator must look at it. `contacted`: asked since the shift was last opened. `declined`: said no at
    any time, whatever they have said since.
    """

    status: Status
    generation: int
    exhausted: bool
    holder: str | None
    held_since: datetime | None
    contacted: list[str]
    declined: list[str]
    next_deadline: datetime | None

    @classmethod
    def of(cls, state: State) -> "FanoutView":
        return cls(
            status=state.status,
            generation=state.generation,
            exhausted=state.exhausted,
            holder=state.holder,
            held_since=_at(state.since_ms),
            contacted=sorted(state.contacted),
            declined=sorted(state.declined),
            next_deadline=_at(next_deadline_ms(state)),
        )


class MessageView(View):
    """What a caregiver wrote that may be about the shift, or what they could not be told (`text` is empty).

    `status`: what it came to. `text` is one line without control characters, cut off after 320 characters.
    """

    at: datetime
    caregiver_id: str
    status: AttentionReason
    text: str


class AttentionView(View):
    """Something for a coordinator to see to, mostly a message that somebody wrote.

    `reason`: what the message came to; or that nobody has its number ("unknown_number"), that it is news for
    somebody who takes no texts ("takes_no_texts": call them), or that something could not be sent
    ("not_sent"). `text` is one line without control characters, cut off after 320 characters. `shift_id`: the
    shift that it may be about. `phone` only where nobody on the roster has it. `done_by` has seen to it.
    """

    id: int
    at: datetime
    reason: AttentionReason
    text: str
    shift_id: str | None
    caregiver_id: str | None
    phone: str | None
    done_at: datetime | None
    done_by: str | None

    @classmethod
    def of(cls, item: Attention) -> "AttentionView":
        return cls(
            id=item.number,
            at=_time(item.at_ms),
            reason=item.reason,
            text=item.text,
            shift_id=item.shift_id,
            caregiver_id=item.caregiver_id,
            phone=item.phone,
            done_at=_at(item.done_ms),
            done_by=item.done_by,
        )


class AttentionList(View):
    """One page, newest first. Give its `next` as `before` to get the next one; it is null on the last."""

    attention: list[AttentionView]
    next: int | None


class DoneRequest(Model):
    """`by`: who has seen to it."""

    by: Label


class ShiftDetails(View):
    """A shift with its fanout. `messages`: what a coordinator should read (or has read), oldest first: it was
    not understood, gave the shift back (or may have meant to), or concerns somebody who gets no texts.
    """

    shift: Shift
    fanout: FanoutView
    offers: list[OfferView]
    messages: list[MessageView]

    @classmethod
    def of(cls, view: ShiftView) -> "ShiftDetails":
        return cls(
            shift=view.shift,
            fanout=FanoutView.of(view.fanout),
            offers=[OfferView.of(offer) for offer in view.offers],
            messages=[
                MessageView(
                    at=_time(item.at_ms), caregiver_id=item.caregiver_id, status=item.reason, text=item.text
                )
                for item in view.attention
                if item.caregiver_id is not None
            ],
        )


class ShiftList(View):
    """One page. Give its `next` as `after` to get the next page; it is null on the last one."""

    shifts: list[ShiftDetails]
    next: str | None


FanoutStatus = Literal[
    "fanout_started", "already_fanout", "released", "cancelled", "claimed", "already_yours"
]


class FanoutAnswer(View):
    """`contacted`: asked since the shift was last opened. `caregiver_id`: who holds or held the shift.

    `takes_no_texts`: whoever was given the shift is not told, since they have opted out: call them.
    """

    shift_id: str
    status: FanoutStatus
    contacted: list[str]
    exhausted: bool
    generation: int
    caregiver_id: str | None
    takes_no_texts: bool

    @classmethod
    def of(cls, result: FanoutResult) -> "FanoutAnswer":
        """The answer to a command that was carried out."""
        status = "already_fanout" if result.status == "already_open" else result.status
        return cls(
            shift_id=result.shift_id,
            status=cast(FanoutStatus, status),
            contacted=list(result.contacted),
            exhausted=result.exhausted,
            generation=result.generation,
            caregiver_id=result.caregiver_id,
            takes_no_texts=result.takes_no_texts,
        )


class InboundAnswer(View):
    """What the message came to.

    `reply` is the text sent back. It is null if the carrier answers by itself, if the caregiver was told the
    same a short while ago, or if there is nothing to say, as to a mere thank-you.
    """

    # `service.answers` writes this form, straight from `core.commands.InboundResult`.

    status: ResultStatus
    shift_id: str | None
    caregiver_id: str
    reply: str | None


class JournalLine(View):
    """One entry of the journal; `data` depends on `kind`."""

    seq: int
    shift_id: str | None
    version: int | None
    at_ms: int
    kind: str
    data: dict[str, object]


class JournalPage(View):
    events: list[JournalLine]


class Health(View):
    status: Literal["ok"] = "ok"


ProblemType = Literal["about:blank", "in-doubt"]


class Problem(View):
    """RFC 9457. `detail` says what was wrong and what to do."""

    type: ProblemType = "about:blank"
    title: str
    status: int
    detail: str


def _at(at_ms: int | None) -> datetime | None:
    return None if at_ms is None else _time(at_ms)


def _time(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)
