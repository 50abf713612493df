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
    PutCaregiver,
    PutPolicy,
    PutShift,
    Reclaim,
    Refused,
    ReleaseShift,
    Result,
    StartFanout,
    Stored,
    TickShift,
)
from core.fanout import Status
from core.inputs import Assign, Cancel, Input, Outcome, Release, Start, Tick
from core.model import Caregiver, LoadFile, Shift
from core.notice import Notice, NoticeKind
from core.ports import Changes, RosterEntry
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
        case MarkSent() | MarkFailed() | MarkCall():
            return leases.mark(working, command)
        case Lease():
            return leases.lease(working, command)
        case TickShift(shift_id):
            return _coordinate(working, shift_id, Tick())
        case StartFanout(shift_id):
            shift = working.shifts.get(shift_id)
            policy = working.policy(shift.organization_id if shift else "")
            return _coordinate(working, shift_id, Start(policy))
        case ReleaseShift(shift_id, caregiver_id, reason):
            return _coordinate(working, shift_id, Release(caregiver_id, reason))
        case CancelShift(shift_id, reason):
            return _coordinate(working, shift_id, Cancel(reason))
        case AssignShift():
            return _assign(working, command)
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
    eligible, conflict = person.role == shift.role_required, working.conflict(person.id, shift.id)
    policy = working.policy(shift.organization_id)
    given = Assign(person.id, policy, eligible, conflict, command.reason)
    outcome = working.apply(shift.id, given)
    if outcome.status == "claimed":
        claimed_seq = working.seq - 1
        # The confirmation names a code too, so that they can answer it; no other offer of theirs has it.
        generation = working.fanouts[shift.id].generation
        offer = working.make_offer(person.id, shift.id, generation, working.now_ms)
        working.put_offer(offer._replace(sent_ms=working.now_ms))
        _notify(working, person.id, shift.id, "confirmed", (claimed_seq,))
    return _result(working, shift.id, outcome)


def _result(working: WorkingSet, shift_id: str, outcome: Outcome) -> FanoutResult:
    state = working.fanouts[shift_id]
    return FanoutResult(
        shift_id, outcome.status, tuple(sorted(state.contacted)), state.exhausted, outcome.holder,
        state.generation, outcome.conflict,
    )  # fmt: skip


def _notify(
    working: WorkingSet, caregiver_id: str, shift_id: str, kind: NoticeKind, confirms: tuple[int, ...] = ()
) -> None:
    """Tells the holder what the coordinator did."""
    offer = working.offer(caregiver_id, shift_id)
    notice = Notice(kind, working.shifts[shift_id], offer.code if offer else None)
    working.tell(notice_key(working.seq), caregiver_id, "notice", (notice,), shift_id, confirms)
    working.noticed(caregiver_id)


def _put_caregiver(working: WorkingSet, caregiver: Caregiver) -> Stored:
    old = working.people.get(caregiver.id)
    person = RosterEntry.of(caregiver)
    if old is not None:
        person = replace(old, name=person.name, role=person.role, phone=person.phone)
        if working.phones.get(old.phone) == old.id:
            del working.phones[old.phone]
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
        # Somebody has answered a shift that was not offered yet, so its state is stored already.
        if state is not None and state.status is Status.PLANNED and state.version:
            fresh = fanout.planned(shift)
            state = state._replace(role=fresh.role, start_ms=fresh.start_ms, end_ms=fresh.end_ms)
            working.fanouts[shift.id] = working.changes.fanouts[shift.id] = state
    return Stored(created=old is None)


def _already_started(working: WorkingSet, shift: Shift) -> Refused | None:
    """Refuses to change role and times once offers are out."""
    old, state = working.shifts.get(shift.id), working.fanouts.get(shift.id)
    if old is None or state is None or state.status is Status.PLANNED:
        return None
    if (old.role_required, old.start_time, old.end_time) == (
        shift.role_required, shift.start_time, shift.end_time,
    ):  # fmt: skip
        return None
    return Refused(
        "conflict",
        f"the fanout of shift {shift.id} has started, so its role and times are fixed; "
        "cancel it and store a new shift",
    )


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
