"""The desk: a batch of commands in order, decided in memory between one read and one write.

`keys` says what the batch needs to know, the store reads it into a `Snapshot`, `decide` answers every
command and returns the `Changes` to write. Later commands see what earlier ones decided. Pure: the
snapshot is the desk's own to write on, and nothing else changes.
"""

from collections.abc import Sequence
from dataclasses import replace

from core import conversation, fanout, leases, wording
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
    PassTime,
    PutCaregiver,
    PutPolicy,
    PutShift,
    Reclaim,
    Refused,
    ReleaseShift,
    Result,
    StartFanout,
    Stored,
)
from core.events import (
    Assign,
    Cancel,
    Input,
    Outcome,
    Release,
    Start,
    Tick,
)
from core.fanout import Status
from core.model import Caregiver, Shift
from core.ports import Changes, Keys, Member, Snapshot
from core.record import record
from core.replies import read
from core.working_set import Batch


def keys(commands: Sequence[Command]) -> Keys:
    """What `decide` will need to know about `commands`."""
    wanted = Keys()
    for command in commands:
        match command:
            case Inbound():
                _inbound_keys(command, wanted)
            case StartFanout(shift_id) | ReleaseShift(shift_id) | PassTime(shift_id):
                wanted.shifts.add(shift_id)
                wanted.rosters.add(shift_id)
                wanted.policies = True
            case CancelShift(shift_id):
                wanted.shifts.add(shift_id)
            case AssignShift(shift_id, caregiver_id):
                wanted.shifts.add(shift_id)
                wanted.members.add(caregiver_id)
                wanted.assigned.add((caregiver_id, shift_id))
                wanted.rosters.add(shift_id)
                wanted.policies = True
            case Lease(pace=pace, most=most):
                wanted.most_waiting = max(most, wanted.most_waiting)
                wanted.resting |= pace.resting
            case Reclaim():
                wanted.leased = True
            case MarkSent(key) | MarkFailed(key) | MarkCall(key):
                wanted.sends.add(key)
            case PutCaregiver(caregiver):
                wanted.members.add(caregiver.id)
                wanted.phones.add(caregiver.phone)
            case PutShift(shift):
                wanted.shifts.add(shift.id)
            case PutPolicy():
                wanted.policies = True
            case Load(file):
                wanted.members.update(caregiver.id for caregiver in file.caregivers)
                wanted.phones.update(caregiver.phone for caregiver in file.caregivers)
                wanted.shifts.update(shift.id for shift in file.shifts)
    return wanted


def _inbound_keys(command: Inbound, wanted: Keys) -> None:
    if command.message_id is not None:
        wanted.messages.add(command.message_id)
    wanted.phones.add(command.phone)
    intents = {answer.intent for answer in read(command.body).answers}
    if command.shift_id is not None:
        wanted.shifts.add(command.shift_id)
        wanted.pairs.add((command.phone, command.shift_id))
    if command.shift_id is None or "stop" in intents:
        wanted.conversations.add(command.phone)
    if intents & {"decline", "stop"}:
        wanted.roster_phones.add(command.phone)
    if "stop" in intents:
        wanted.leavers.add(command.phone)


@record
class Desk:
    """The decisions, with what is the same for all of them.

    `timezone`: where texts tell the times of shifts that name none; `office`: whom they say to call.
    """

    timezone: str = "UTC"
    office: str = wording.OFFICE

    def decide(self, commands: Sequence[Command], snapshot: Snapshot, now_ms: int) -> Changes:
        """Answers `commands` in order. `snapshot` must come from `keys(commands)` and this `now_ms`."""
        batch = Batch(self.timezone, self.office, snapshot, now_ms)
        for command in commands:
            result = _handle(batch, command)  # may replace `batch.changes`
            batch.changes.results.append(result)
        return batch.changes


def _handle(batch: Batch, command: Command) -> Result:
    match command:
        case Inbound():
            return conversation.inbound(batch, command)
        case MarkSent() | MarkFailed() | MarkCall():
            return leases.mark(batch, command)
        case Lease():
            return leases.lease(batch, command)
        case PassTime(shift_id):
            return _command(batch, shift_id, Tick())
        case StartFanout(shift_id):
            shift = batch.known.shifts.get(shift_id)
            policy = batch.known.policy(shift.organization_id if shift else "")
            return _command(batch, shift_id, Start(policy))
        case ReleaseShift(shift_id, caregiver_id, reason):
            return _command(batch, shift_id, Release(caregiver_id, reason))
        case CancelShift(shift_id, reason):
            return _command(batch, shift_id, Cancel(reason))
        case AssignShift():
            return _assign(batch, command)
        case Reclaim():
            return leases.reclaim(batch)
        case PutCaregiver(caregiver):
            return _put_caregiver(batch, caregiver)
        case PutShift(shift):
            return _put_shift(batch, shift)
        case PutPolicy(organization, policy):
            created = organization not in batch.known.policies
            batch.known.policies[organization] = batch.changes.policies[organization] = policy
            return Stored(created)
        case Load():
            return _load(batch, command)


def _put_caregiver(batch: Batch, caregiver: Caregiver) -> Result:
    owner = batch.known.phones.get(caregiver.phone, caregiver.id)
    if owner != caregiver.id:
        return Refused("conflict", f"caregiver {owner} already has this phone; give another one")
    old = batch.known.members.get(caregiver.id)
    member = Member.of(caregiver)
    if old is not None:
        member = replace(member, opted_out=old.opted_out, told_ms=old.told_ms, asked_ms=old.asked_ms)
    if old != member:
        if old is not None and batch.known.phones.get(old.phone) == old.id:
            del batch.known.phones[old.phone]
        batch.put_member(member)
        batch.known.phones[member.phone] = member.id
    return Stored(created=old is None)


def _put_shift(batch: Batch, shift: Shift) -> Result:
    old, state = batch.known.shifts.get(shift.id), batch.known.fanouts.get(shift.id)
    started = state is not None and state.status is not Status.PLANNED
    if old is not None and started and _frozen(old) != _frozen(shift):
        return Refused(
            "conflict",
            f"the fanout of shift {shift.id} has started, so its role and times are fixed; "
            "cancel it and store a new shift",
        )
    if old != shift:
        batch.known.shifts[shift.id] = batch.changes.shifts[shift.id] = shift
        if state is not None and not started and state.version:  # answered before it was offered
            fresh = fanout.planned(shift)
            state = state._replace(role=fresh.role, start_ms=fresh.start_ms, end_ms=fresh.end_ms)
            batch.known.fanouts[shift.id] = batch.changes.fanouts[shift.id] = state
    return Stored(created=old is None)


def _frozen(shift: Shift) -> tuple[object, ...]:
    """What may not change once offers are out."""
    return shift.role_required, shift.start_time, shift.end_time


def _load(batch: Batch, command: Load) -> Result:
    created = False
    before = Changes()
    for caregiver in command.file.caregivers:  # phones may pass from one to another, in any order
        old = batch.known.members.get(caregiver.id)
        if old is not None and batch.known.phones.get(old.phone) == old.id:
            del batch.known.phones[old.phone]
    for what, index, stored in (
        *(("caregivers", i, _put_caregiver(batch, c)) for i, c in enumerate(command.file.caregivers)),
        *(("shifts", i, _put_shift(batch, s)) for i, s in enumerate(command.file.shifts)),
    ):
        if isinstance(stored, Refused):
            batch.changes = before
            return Refused("conflict", f"{what}[{index}]: {stored.detail}")
        assert isinstance(stored, Stored)
        created = created or stored.created
    return Stored(created)


def _command(batch: Batch, shift_id: str, given: Input) -> Result:
    """A coordinator's command, or a tick, on one shift."""
    if shift_id not in batch.known.shifts:
        return Refused("not_found", f"there is no shift {shift_id}; store it with PUT /shifts/{{id}}")
    before = batch.known.fanouts[shift_id]
    outcome = batch.apply(shift_id, given)
    if isinstance(given, Release) and outcome.status == "released":
        assert outcome.holder is not None
        _notify(batch, outcome.holder, shift_id, "taken_back")
    if isinstance(given, Cancel) and before.holder is not None and outcome.status == "cancelled":
        _notify(batch, before.holder, shift_id, "cancelled")
    return _result(batch, shift_id, outcome)


def _assign(batch: Batch, command: AssignShift) -> Result:
    shift, member = (
        batch.known.shifts.get(command.shift_id),
        batch.known.members.get(command.caregiver_id),
    )
    if shift is None:
        return Refused("not_found", f"there is no shift {command.shift_id}")
    if member is None:
        return Refused("not_found", f"there is no caregiver {command.caregiver_id}")
    conflict = batch.conflict(member.id, shift.id)
    given = Assign(
        member.id,
        batch.known.policy(shift.organization_id),
        eligible=member.role == shift.role_required,
        conflict=conflict,
    )
    outcome = batch.apply(shift.id, given)
    if outcome.status == "claimed":
        # The confirmation is a text about it, with a code that means nothing else of theirs.
        generation = batch.known.fanouts[shift.id].generation
        offer = batch.make_offer(member.id, shift.id, generation, batch.now_ms)
        batch.put_offer(offer._replace(sent_ms=batch.now_ms))
        _notify(batch, member.id, shift.id, "claimed")
    return _result(batch, shift.id, outcome)


def _result(batch: Batch, shift_id: str, outcome: Outcome) -> FanoutResult:
    state = batch.known.fanouts[shift_id]
    return FanoutResult(
        shift_id,
        outcome.status,
        tuple(sorted(state.contacted)),
        state.exhausted,
        outcome.holder,
        state.generation,
        outcome.conflict,
    )


def _notify(batch: Batch, caregiver_id: str, shift_id: str, what: str) -> None:
    """Tells the holder what the coordinator did."""
    shift = batch.known.shifts[shift_id]
    offer = batch.offer(caregiver_id, shift_id)
    match what:
        case "taken_back":
            text = wording.taken_back(shift, batch.timezone, batch.office)
        case "cancelled":
            text = wording.cancelled(shift, batch.timezone)
        case _:
            text = wording.confirmed(shift, offer.code if offer else None, batch.timezone)
    batch.send(f"notice/{batch.seq}", caregiver_id, "sms", "notice", text, shift_id)
    batch.told(caregiver_id)
