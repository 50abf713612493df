"""Sends on their way out: which begin, and how they end. Who performs them is not the core's business."""

from core import sends
from core.commands import Lease, Leased, MarkCall, Marked, MarkFailed, MarkSent, Outgoing
from core.events import CallAnswered, CallUnanswered, SendEvent, SendFailed, SendStarted, Sent
from core.fanout import Status
from core.model import same_role
from core.sends import Send, SendStatus
from core.working_set import WorkingSet


def lease(working: WorkingSet, command: Lease) -> Leased:
    """Begins what may begin. Every send is looked at again: no offer begins after a claim."""
    now_ms, ready = working.now_ms, []
    for found in working.due:
        send = working.sends.get(found.key, found)
        if send.status not in ("waiting", "leased") or send.ready_ms > now_ms:
            continue  # an earlier command of the batch has seen to it
        if send.status == "leased":
            send = send.retried(working.now_ms, doubts=1)
        if _is_pointless(working, send):
            working.put_send(send.ended("withdrawn"))
        elif send.doubts >= sends.MAX_DOUBTS:
            _end(working, send, "failed", "nobody knows whether it was sent")
        else:
            ready.append(send)
    plan = sends.plan(ready, working.started_ms, command.limits, now_ms, command.most)
    started = tuple(_begin(working, send, command) for send in plan.start)
    return Leased(started, plan.free_ms, _wake_ms(working, command, plan, bool(started)))


def _begin(working: WorkingSet, send: Send, command: Lease) -> Outgoing:
    leased = send.leased(command.owner, working.now_ms, working.now_ms + command.lease_ms)
    working.put_send(leased)
    working.started_ms[send.channel] = working.now_ms
    _record(
        working,
        send,
        SendStarted(
            _at(working, send), send.key, send.caregiver_id, send.channel, leased.attempts, send.purpose,
            send.generation, send.round, send.confirms,
        ),
    )  # fmt: skip
    if send.purpose == "offer" and send.shift_id is not None:
        offer = working.offers[send.caregiver_id][send.shift_id]
        working.put_offer(offer._replace(sent_ms=working.now_ms))
    return Outgoing(
        send.key, leased.attempts, send.channel, working.people[send.caregiver_id].phone, send.text,
        send.caregiver_id, send.shift_id, send.purpose,
    )  # fmt: skip


def _wake_ms(working: WorkingSet, command: Lease, plan: sends.Plan, started: bool) -> int | None:
    """When another lease may begin something."""
    wakes = [working.next_due_ms, plan.wake_ms]
    for channel, at_ms in working.resting_ms.items():
        wakes.append(min(at_ms, working.now_ms) + command.limits.of(channel)[1])
    if started:
        wakes.append(working.now_ms + command.lease_ms)
    for channel, most in (working.due_asked.most if working.due_asked else {}).items():
        if most and sum(send.channel == channel for send in working.due) >= most:  # there may be more
            wakes.append(plan.free_ms.get(channel, working.now_ms))
    return min((at_ms for at_ms in wakes if at_ms is not None), default=None)


def _is_pointless(working: WorkingSet, send: Send) -> bool:
    """Whether a send that waited would tell something that does not hold any more."""
    person = working.people[send.caregiver_id]
    if person.opted_out:
        return True
    if send.purpose != "offer" or send.shift_id is None:
        return False
    state = working.fanouts[send.shift_id]
    return (
        not same_role(person.role, state.role)
        or state.status is not Status.OPEN
        or state.generation != send.generation
        or send.caregiver_id in state.declined
        or working.now_ms >= state.end_ms
        or working.conflict(send.caregiver_id, send.shift_id) is not None
    )


def mark(working: WorkingSet, command: MarkSent | MarkFailed | MarkCall) -> Marked:
    """Writes how a send ended, unless its lease has passed to another attempt."""
    send = working.sends.get(command.key)
    if send is None:
        return Marked(False)
    at_ms = _at(working, send)
    if isinstance(command, MarkCall):
        if send.channel != "voice" or not send.attempts:
            return Marked(False)
        kind = CallAnswered if command.answered else CallUnanswered
        _record(working, send, kind(at_ms, send.key, send.caregiver_id))
        return Marked(True)
    if send.status != "leased" or send.attempts != command.attempt:
        return Marked(False)
    if isinstance(command, MarkSent):
        working.put_send(send.ended("sent", command.provider_id))
        _record(working, send, Sent(at_ms, send.key, send.caregiver_id, command.provider_id))
    elif command.permanent or _is_over(send, command.unknown):
        _end(working, send, "failed", command.why)
    elif _is_pointless(working, send):
        _end(working, send, "withdrawn", command.why)
    else:
        delay_ms = sends.retry_delay_ms(send.attempts, command.jitter)
        working.put_send(send.retried(working.now_ms + delay_ms, int(command.unknown)))
        _record(working, send, SendFailed(at_ms, send.key, send.caregiver_id, command.why, final=False))
    return Marked(True)


def _is_over(send: Send, unknown: bool) -> bool:
    """Whether an attempt that failed was the last one."""
    if unknown:
        return send.doubts + 1 >= sends.MAX_DOUBTS
    return send.purpose != "offer" and send.attempts >= sends.MAX_ATTEMPTS


def reclaim(working: WorkingSet) -> Marked:
    """Lets the sends wait again that were under way when the process died."""
    for send in list(working.sends.values()):
        if send.status == "leased":
            pointless = _is_pointless(working, send)
            working.put_send(send.ended("withdrawn") if pointless else send.retried(working.now_ms, doubts=1))
    return Marked(True)


def _end(working: WorkingSet, send: Send, status: SendStatus, why: str) -> None:
    working.put_send(send.ended(status))
    if status == "failed":
        working.show("not_sent", send.shift_id, caregiver_id=send.caregiver_id, text=why)
    _record(working, send, SendFailed(_at(working, send), send.key, send.caregiver_id, why, final=True))


def _at(working: WorkingSet, send: Send) -> int:
    return working.at(send.shift_id) if send.shift_id else working.now_ms


def _record(working: WorkingSet, send: Send, event: SendEvent) -> None:
    if send.shift_id is None:
        working.note(event)
    else:
        working.record(send.shift_id, event)
