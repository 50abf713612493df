"""The desk: answers a batch of commands in order, in memory.

`gather` has read what the commands are about, `decide` answers each and returns the `Changes` to write.
Later commands see what earlier ones decided. Pure: nothing changes but the working set.
"""

from collections.abc import Sequence
from dataclasses import replace

from core import conversation, fanout, leases
from core.commands import (
    AssignShift,
    CancelShift,
    Command,
    FanoutResult,
    Inbound,
    Lease,
    Load,
    MarkCall,
    MarkFailed,
    MarkSent,
    Once,
    PutCaregiver,
    PutPolicy,
    PutShift,
    Reclaim,
    Refused,
    ReleaseShift,
    Result,
    SeeTo,
    StartFanout,
    Stored,
    TickShift,
)
from core.events import PhoneChanged
from core.fanout import Status
from core.inputs import Assign, Cancel, Input, Outcome, Release, Start, Tick
from core.model import Caregiver, LoadFile, Policy, Shift, role_key, same_role
from core.notice import Notice, NoticeKind
from core.ports import DEFAULT, Changes, RosterEntry
from core.sends import notice_key
from core.working_set import WorkingSet


def decide(commands: Sequence[Command], working: WorkingSet) -> Changes:
    """Answers `commands`, which `working` was gathered for; the results are in the same order."""
    working.changes.results += [_handle(working, command) for command in commands]
    return working.changes


def _handle(working: WorkingSet, command: Command) -> Result:
    match command:
        case Inbound():
            return conversation.inbound(working, command)
        case Once():
            return _once(working, command)
        case MarkSent() | MarkFailed() | MarkCall():
            return leases.mark(working, command)
        case Lease():
            return leases.lease(working, command)
        case TickShift(shift_id):
            return _coordinate(working, shift_id, Tick())
        case StartFanout(shift_id):
            return _nobody(working, shift_id) or _coordinate(
                working, shift_id, Start(_policy(working, shift_id))
            )
        case ReleaseShift(shift_id, caregiver_id, reason):
            return _coordinate(working, shift_id, Release(caregiver_id, reason, _policy(working, shift_id)))
        case CancelShift(shift_id, reason):
            return _coordinate(working, shift_id, Cancel(reason))
        case AssignShift():
            return _assign(working, command)
        case SeeTo():
            return _see_to(working, command)
        case Reclaim():
            return leases.reclaim(working)
        case PutCaregiver(caregiver):
            return _phone_taken(working, caregiver) or _put_caregiver(working, caregiver)
        case PutShift(shift):
            return _already_started(working, shift) or _put_shift(working, shift)
        case PutPolicy(organization, policy):
            created = organization not in working.policies
            working.policies[organization] = working.changes.policies[organization] = policy
            return Stored(created)
        case Load(file):
            return _load(working, file)


def _once(working: WorkingSet, command: Once) -> Result:
    if command.key not in working.once:
        result = _handle(working, command.command)
        assert isinstance(result, Refused | Stored | FanoutResult)
        working.once[command.key] = working.changes.once[command.key] = result, command.fingerprint
    first, fingerprint = working.once[command.key]
    if fingerprint != command.fingerprint:
        return Refused("reused", "this Idempotency-Key came with another request; give each request its own")
    return first


def _policy(working: WorkingSet, shift_id: str) -> Policy:
    shift = working.shifts.get(shift_id)
    return working.policy(shift.organization_id if shift else DEFAULT)


def _nobody(working: WorkingSet, shift_id: str) -> Refused | None:
    """Refuses to offer a shift of a role that nobody has: it is likely to be mistyped."""
    state = working.fanouts.get(shift_id)
    if state is None or state.status is not Status.PLANNED or working.rosters.get(state.role):
        return None
    return Refused("nobody", f"nobody has the role {state.role}")


def _coordinate(working: WorkingSet, shift_id: str, given: Input) -> Result:
    """A coordinator's command, or a tick, on one shift."""
    if shift_id not in working.shifts:
        return Refused("not_found", f"there is no shift {shift_id}; store it with PUT /shifts/{{id}}")
    outcome = working.apply(shift_id, given)
    if outcome.holder is not None and outcome.status in ("released", "cancelled"):
        kind: NoticeKind = "taken_back" if outcome.status == "released" else "cancelled"
        _notify(working, outcome.holder, shift_id, kind)
    return _result(working, shift_id, outcome)


def _assign(working: WorkingSet, command: AssignShift) -> Result:
    shift, person = working.shifts.get(command.shift_id), working.people.get(command.caregiver_id)
    if shift is None:
        return Refused("not_found", f"there is no shift {command.shift_id}")
    if person is None:
        return Refused("not_found", f"there is no caregiver {command.caregiver_id}")
    eligible = same_role(person.role, shift.role_required)
    conflict = working.conflict(person.id, shift.id)
    given = Assign(person.id, _policy(working, shift.id), eligible, conflict, command.reason)
    outcome = working.apply(shift.id, given)
    if outcome.status == "claimed":
        claimed_seq = working.seq - 1
        # The confirmation names a code too, so that they can answer it; no other offer of theirs has it.
        generation = working.fanouts[shift.id].generation
        offer = working.make_offer(person.id, shift.id, generation, working.now_ms)
        if not person.opted_out:
            working.put_offer(offer._replace(sent_ms=working.now_ms))
        _notify(working, person.id, shift.id, "confirmed", (claimed_seq,))
    return replace(_result(working, shift.id, outcome), takes_no_texts=person.opted_out)


def _result(working: WorkingSet, shift_id: str, outcome: Outcome) -> FanoutResult:
    state = working.fanouts[shift_id]
    return FanoutResult(
        shift_id, outcome.status, tuple(sorted(state.contacted)), state.exhausted, outcome.holder,
        state.generation, outcome.conflict,
    )  # fmt: skip


def _notify(
    working: WorkingSet, caregiver_id: str, shift_id: str, kind: NoticeKind, confirms: tuple[int, ...] = ()
) -> None:
    """Tells the holder what the coordinator did; if they take no texts, the coordinator must."""
    if working.people[caregiver_id].opted_out:
        working.show("takes_no_texts", shift_id, caregiver_id=caregiver_id)
        return
    offer = working.offer(caregiver_id, shift_id)
    notice = Notice(kind, working.shifts[shift_id], offer.code if offer else None)
    working.tell(notice_key(working.seq), caregiver_id, "notice", (notice,), shift_id, confirms)
    working.noticed(caregiver_id)


def _see_to(working: WorkingSet, command: SeeTo) -> Result:
    item = working.attention.get(command.number)
    if item is None:
        return Refused("not_found", f"nothing with the id {command.number} waits for attention")
    if item.done_by is None:
        done = replace(item, done_ms=working.now_ms, done_by=command.by)
        working.attention[item.number] = working.changes.done[item.number] = done
    return Stored(created=False)


def _put_caregiver(working: WorkingSet, caregiver: Caregiver) -> Stored:
    old, opted_out = working.people.get(caregiver.id), caregiver.phone in working.opted_out
    person = replace(old or RosterEntry.of(caregiver), name=caregiver.name, role=caregiver.role)
    if old is not None and working.phones.get(old.phone) == old.id:
        del working.phones[old.phone]
    if old is not None and old.phone != caregiver.phone:
        person = replace(person, phone=caregiver.phone, phone_since_ms=working.now_ms)
    if opted_out != person.opted_out:
        person = replace(person, opted_out=opted_out)
        working.note(PhoneChanged(working.now_ms, person.id, opted_out))
    if old != person:
        working.put_person(person)
    working.phones[person.phone] = person.id
    return Stored(created=old is None)


def _phone_taken(
    working: WorkingSet, caregiver: Caregiver, others: frozenset[str] = frozenset()
) -> Refused | None:
    """Refuses a phone that somebody else has, unless they are among `others`, who get another one."""
    owner = working.phones.get(caregiver.phone, caregiver.id)
    if owner == caregiver.id or owner in others:
        return None
    return Refused("conflict", f"caregiver {owner} already has this phone; give another one")


def _put_shift(working: WorkingSet, shift: Shift) -> Stored:
    old, state = working.shifts.get(shift.id), working.fanouts.get(shift.id)
    if old != shift:
        working.shifts[shift.id] = working.changes.shifts[shift.id] = shift
        if old is not None and state is not None and state.holder and old.location != shift.location:
            _notify(working, state.holder, shift.id, "moved")
        # Somebody has answered a shift that was not offered yet, so its state is stored already.
        if state is not None and state.status is Status.PLANNED and state.version:
            fresh = fanout.planned(shift)
            state = state._replace(role=fresh.role, start_ms=fresh.start_ms, end_ms=fresh.end_ms)
            working.fanouts[shift.id] = working.changes.fanouts[shift.id] = state
    return Stored(created=old is None)


def _already_started(working: WorkingSet, shift: Shift) -> Refused | None:
    """Refuses to change what offers say once they are out."""
    old, state = working.shifts.get(shift.id), working.fanouts.get(shift.id)
    if old is None or state is None or state.status is Status.PLANNED:
        return None
    if _fixed(old) == _fixed(shift):
        return None
    return Refused(
        "conflict",
        f"the fanout of shift {shift.id} has started or is over, so its role, times and time zone are fixed; "
        "cancel it and store a new shift",
    )


def _fixed(shift: Shift) -> tuple[object, ...]:
    """What stands in the offers."""
    return role_key(shift.role_required), shift.start_time, shift.end_time, shift.timezone


def _load(working: WorkingSet, file: LoadFile) -> Result:
    """All or nothing: everything is looked at before anything is stored."""
    loaded = frozenset(caregiver.id for caregiver in file.caregivers)  # phones may pass between them
    refusals = [
        *((f"caregivers[{i}]", _phone_taken(working, c, loaded)) for i, c in enumerate(file.caregivers)),
        *((f"shifts[{i}]", _already_started(working, s)) for i, s in enumerate(file.shifts)),
    ]
    for place, refused in refusals:
        if refused is not None:
            return Refused(refused.kind, f"{place}: {refused.detail}")
    for caregiver_id in loaded:
        old = working.people.get(caregiver_id)
        if old is not None:
            working.phones.pop(old.phone, None)
    stored = [_put_caregiver(working, caregiver) for caregiver in file.caregivers]
    stored += [_put_shift(working, shift) for shift in file.shifts]
    return Stored(any(one.created for one in stored))
