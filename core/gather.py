"""What a batch needs to know, found in two reads at most.

The first read follows from the commands alone (`prefetch`). The second follows from what the first has found
(`led_to`): rosters where a round of offers is due or may become due, the shifts in the way of a claim, and
the people to whom sends and holders lead. Most batches need only the first.
"""

from collections.abc import Mapping, Sequence

from core import fanout
from core.commands import (
    AssignShift,
    CancelShift,
    Command,
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
    ReleaseShift,
    SeeTo,
    StartFanout,
    TickShift,
)
from core.fanout import State, Status
from core.model import Channel
from core.offers import DAY_MS
from core.ports import DueSends, Person, ReadSet, Store
from core.working_set import Rules, WorkingSet

# What people hold is read if it ended less than this before the shift that they may take.
WEEK_MS = 7 * DAY_MS
CHANNELS: tuple[Channel, ...] = ("sms", "voice")


def gather(store: Store, commands: Sequence[Command], now_ms: int, rules: Rules | None = None) -> WorkingSet:
    """Reads from the store what `desk.decide` works on."""
    once = {command.key for command in commands if isinstance(command, Once)}
    commands = [command.command if isinstance(command, Once) else command for command in commands]
    first = prefetch(commands, now_ms)
    first.once = once
    working = WorkingSet(rules or Rules(), now_ms, store.read(first, now_ms), first.due)
    second, working.rostered = led_to(commands, working)
    if second.people or second.shifts or second.holds or second.rosters:
        working.add(store.read(second, now_ms))
    return working


def prefetch(commands: Sequence[Command], now_ms: int) -> ReadSet:
    """What is known to be needed before anything has been read."""
    wanted = ReadSet()
    for command in commands:
        match command:
            case Inbound():
                _message(command, wanted)
            case StartFanout(shift_id):
                wanted.shifts.add(shift_id)
                wanted.policies = True
            case TickShift(shift_id) | CancelShift(shift_id):
                wanted.shifts.add(shift_id)
            case ReleaseShift(shift_id):
                wanted.shifts.add(shift_id)
                wanted.policies = True
            case AssignShift(shift_id, caregiver_id):
                person = Person("id", caregiver_id)
                wanted.shifts.add(shift_id)
                wanted.people.add(person)
                wanted.holds.add(person)
                wanted.offers.add((person, shift_id))
                wanted.conversations.add(person)  # their codes, so that the new one means nothing else
                wanted.policies = True
            case Lease():
                wanted.due = _due(command, now_ms)
            case Reclaim(owner):
                wanted.leased_before = owner
            case MarkSent(key) | MarkFailed(key) | MarkCall(key):
                wanted.sends.add(key)
            case SeeTo(number):
                wanted.attention.add(number)
            case PutCaregiver(caregiver):
                wanted.people |= {Person("id", caregiver.id), Person("phone", caregiver.phone)}
            case PutShift(shift):
                wanted.shifts.add(shift.id)
            case PutPolicy():
                wanted.policies = True
            case Load(file):
                wanted.people.update(Person("id", caregiver.id) for caregiver in file.caregivers)
                wanted.people.update(Person("phone", caregiver.phone) for caregiver in file.caregivers)
                wanted.shifts.update(shift.id for shift in file.shifts)
    if wanted.holds:
        wanted.holds_since_ms = now_ms - WEEK_MS
    return wanted


def _message(command: Inbound, wanted: ReadSet) -> None:
    person = Person("phone", command.phone)
    if command.inbox_key is not None:
        wanted.messages.add(command.inbox_key)
    wanted.people.add(person)
    if command.shift_id is not None:
        wanted.shifts.add(command.shift_id)
        wanted.offers.add((person, command.shift_id))
    intents = command.reply.intents
    if command.shift_id is None or "stop" in intents:
        wanted.conversations.add(person)
    if "accept" in intents:
        wanted.holds.add(person)
    if "decline" in intents:
        wanted.policies = True  # under which a shift that is given back is offered


def _due(command: Lease, now_ms: int) -> DueSends:
    """With an interval between sends only one of a channel can begin."""
    limits = command.limits
    return DueSends(
        {channel: min(command.most, 1) if limits.of(channel)[0] else command.most for channel in CHANNELS},
        {channel: limits.resting(channel, now_ms) for channel in CHANNELS},
        command.under_way,
    )


def led_to(commands: Sequence[Command], working: WorkingSet) -> tuple[ReadSet, set[str]]:
    """What to read second, and the shifts whose rosters that includes."""
    second = ReadSet()
    fanouts = working.fanouts
    rostered = {shift_id for shift_id, state in fanouts.items() if _round_is_due(state, working.now_ms)}
    takers: dict[str, set[str]] = {}  # who may take shifts, and which they are assigned
    decliners: list[tuple[str, str | None]] = []
    looked_at = list(working.due)  # sends that may have become pointless
    earliest: set[str] = set()  # the shifts before which what people hold must be known
    for command in commands:
        match command:
            case Inbound(phone, reply, _, shift_id) if phone in working.phones:
                caregiver_id = working.phones[phone]
                if "accept" in reply.intents:
                    takers.setdefault(caregiver_id, set())
                    _before_claim(working, second, caregiver_id, shift_id, earliest)
                if "decline" in reply.intents or "stop" in reply.intents:
                    decliners.append((caregiver_id, shift_id))
            case AssignShift(shift_id, caregiver_id):
                takers.setdefault(caregiver_id, set()).add(shift_id)
                _before_claim(working, second, caregiver_id, shift_id, earliest)
            case StartFanout(shift_id) if shift_id in fanouts:
                rostered.add(shift_id)
            case ReleaseShift(shift_id) | CancelShift(shift_id) if shift_id in fanouts:
                if isinstance(command, ReleaseShift):
                    rostered.add(shift_id)
                _holder(fanouts[shift_id], shift_id, second)
            case PutShift(shift) if shift.id in fanouts:
                _holder(fanouts[shift.id], shift.id, second)
            case Load(file):
                for shift in file.shifts:
                    if shift.id in fanouts:
                        _holder(fanouts[shift.id], shift.id, second)
            case MarkFailed(key) if key in working.sends:
                looked_at.append(working.sends[key])
            case Reclaim():
                looked_at += working.sends.values()
            case _:
                pass
    if decliners:
        rostered |= _emptied(working, decliners, takers)
    second.rosters = {fanouts[shift_id].role for shift_id in rostered}
    deadlines = [fanout.next_deadline_ms(fanouts[shift_id]) for shift_id in rostered]
    second.codes_at_ms = min((at_ms for at_ms in deadlines if at_ms is not None), default=working.now_ms)
    for send in looked_at:
        person = Person("id", send.caregiver_id)
        second.people.add(person)
        if send.shift_id is not None:
            second.holds.add(person)
            second.offers.add((person, send.shift_id))
            earliest.add(send.shift_id)
    if earliest := earliest | rostered:
        second.holds_since_ms = min([fanouts[shift_id].start_ms for shift_id in earliest]) - WEEK_MS
    return second, rostered


def _holder(state: State, shift_id: str, second: ReadSet) -> None:
    """Asks for who holds the shift, and for the offer whose code they know it by: they may be told."""
    if state.holder is not None:
        second.people.add(Person("id", state.holder))
        second.offers.add((Person("id", state.holder), shift_id))


def _before_claim(
    working: WorkingSet, second: ReadSet, caregiver_id: str, shift_id: str | None, begun: set[str]
) -> None:
    """Asks for the shifts that stand in the way of what a caregiver may be claiming.

    Adds the claimed shifts that have begun to `begun`: the first read did not go back far enough for them.
    """
    for meant in working.offers.get(caregiver_id, ()) if shift_id is None else (shift_id,):
        if meant in working.fanouts:
            state = working.fanouts[meant]
            if state.start_ms < working.now_ms and state.status in (Status.OPEN, Status.PLANNED):
                second.holds.add(Person("id", caregiver_id))
                begun.add(meant)
            held = working.overlapping(caregiver_id, state.start_ms, state.end_ms)
            second.shifts.update([other for other in held if other not in working.shifts])


def _emptied(
    working: WorkingSet, decliners: Sequence[tuple[str, str | None]], takers: Mapping[str, set[str]]
) -> set[str]:
    """The shifts that those who decline or leave may give back, or be the last to decline."""
    found: set[str] = set()
    leaving = {caregiver_id for caregiver_id, _ in decliners}
    for caregiver_id, shift_id in decliners:
        meant = {*working.offers.get(caregiver_id, ()), *takers.get(caregiver_id, ()), shift_id}
        for meant_id in meant & working.fanouts.keys():
            state = working.fanouts[meant_id]
            gives_back = state.holder == caregiver_id or caregiver_id in takers
            if gives_back or (_has_rounds(state) and state.contacted <= state.declined | leaving):
                found.add(meant_id)
    return found


def _round_is_due(state: State, now_ms: int) -> bool:
    due_ms = fanout.next_deadline_ms(state)
    return due_ms is not None and due_ms <= now_ms and _has_rounds(state)


def _has_rounds(state: State) -> bool:
    """Whether a round of this generation is still to come."""
    return state.status is Status.OPEN and state.rounds_done < len(state.policy.rounds)
