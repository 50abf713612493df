"""Sends on their way out: which begin, how they end. Who performs them is not the core's business."""

from core import sends
from core.commands import (
    Lease,
    Leased,
    MarkCall,
    Marked,
    MarkFailed,
    MarkSent,
    Outgoing,
)
from core.events import (
    CallAnswered,
    CallUnanswered,
    SendEvent,
    SendFailed,
    SendStarted,
    Sent,
)
from core.fanout import Status
from core.sends import Send, SendStatus
from core.working_set import Batch


def lease(batch: Batch, command: Lease) -> Leased:
    """Begins what may begin. Every send is checked again: no offer starts after a claim."""
    ready: list[Send] = []
    for waiting in batch.known.waiting:
        send = batch.known.sends.get(waiting.key, waiting)
        if send.status not in ("waiting", "leased") or send.ready_ms > batch.now_ms:
            continue  # an earlier command of the batch has seen to it
        if _stale(batch, send):
            batch.put_send(send.ended("withdrawn"))
        elif send.attempts >= sends.MAX_ATTEMPTS:
            _end(batch, send, "failed", "the last attempt never came back")
        else:
            ready.append(send)
    plan = sends.plan(ready, command.pace, command.limits, batch.now_ms)
    started = []
    for send in plan.start:
        leased = send.leased(batch.now_ms + command.lease_ms)
        batch.put_send(leased)
        at_ms = _send_time(batch, send)
        _record_send(
            batch, send, SendStarted(at_ms, send.key, send.caregiver_id, send.channel, leased.attempts)
        )
        if send.purpose == "offer" and send.shift_id is not None:
            offer = batch.offer(send.caregiver_id, send.shift_id)
            assert offer is not None, f"{send.key} has no offer"
            batch.put_offer(offer._replace(sent_ms=batch.now_ms))
        phone = batch.known.members[send.caregiver_id].phone
        started.append(
            Outgoing(
                send.key,
                leased.attempts,
                send.channel,
                phone,
                send.text,
                send.caregiver_id,
                send.shift_id,
            )
        )
    wakes = [batch.known.next_send_ms, plan.wake_ms]
    # Sends to those who rest were passed over, whether there are any or not.
    wakes += plan.pace.resting.values()
    wakes += [batch.now_ms + command.lease_ms] if started else []
    progress = bool(started) or len(ready) < len(batch.known.waiting)
    wakes += [batch.now_ms] if progress and len(batch.known.waiting) >= command.most else []
    return Leased(tuple(started), plan.pace, min((w for w in wakes if w is not None), default=None))


def _stale(batch: Batch, send: Send) -> bool:
    """Whether there is no point any more in a send that waited."""
    if batch.known.members[send.caregiver_id].opted_out:
        return True
    if send.purpose != "offer" or send.shift_id is None:
        return False
    state = batch.known.fanouts[send.shift_id]
    return (
        batch.known.members[send.caregiver_id].role != state.role
        or state.status is not Status.OPEN
        or state.generation != send.generation
        or send.caregiver_id in state.declined
        or batch.now_ms >= state.end_ms
        or batch.conflict(send.caregiver_id, send.shift_id) is not None
    )


def mark(batch: Batch, command: MarkSent | MarkFailed | MarkCall) -> Marked:
    """Writes how a send ended, unless its lease has passed to another attempt."""
    send = batch.known.sends.get(command.key)
    if send is None:
        return Marked(False)
    at_ms = _send_time(batch, send)
    if isinstance(command, MarkCall):
        if send.channel != "voice" or not send.attempts:
            return Marked(False)
        kind = CallAnswered if command.answered else CallUnanswered
        _record_send(batch, send, kind(at_ms, send.key, send.caregiver_id))
        return Marked(True)
    if send.status != "leased" or send.attempts != command.attempt:
        return Marked(False)
    if isinstance(command, MarkSent):
        batch.put_send(send.ended("sent"))
        _record_send(batch, send, Sent(at_ms, send.key, send.caregiver_id))
    elif command.permanent or send.attempts >= sends.MAX_ATTEMPTS:
        _end(batch, send, "failed", command.why)
    elif _stale(batch, send):
        _end(batch, send, "withdrawn", command.why)
    else:
        delay_ms = sends.retry_delay_ms(send.attempts, command.jitter)
        batch.put_send(send.retried(batch.now_ms + delay_ms))
        failed = SendFailed(at_ms, send.key, send.caregiver_id, command.why, final=False)
        _record_send(batch, send, failed)
    return Marked(True)


def reclaim(batch: Batch) -> Marked:
    """Lets the sends wait again that were under way when the process died."""
    for send in list(batch.known.sends.values()):
        if send.status == "leased":
            stale = _stale(batch, send)
            batch.put_send(send.ended("withdrawn") if stale else send.retried(batch.now_ms))
    return Marked(True)


def _end(batch: Batch, send: Send, status: SendStatus, why: str) -> None:
    batch.put_send(send.ended(status))
    failed = SendFailed(_send_time(batch, send), send.key, send.caregiver_id, why, final=True)
    _record_send(batch, send, failed)


def _send_time(batch: Batch, send: Send) -> int:
    return batch.at(batch.known.fanouts[send.shift_id]) if send.shift_id else batch.now_ms


def _record_send(batch: Batch, send: Send, event: SendEvent) -> None:
    if send.shift_id is None:
        batch.note(event)
    else:
        batch.record(send.shift_id, event)
