"""The simplest store: dictionaries."""

from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any

from core import fanout
from core.commands import InboundResult
from core.events import Entry
from core.fanout import State, Status
from core.model import Channel, Policy, Shift
from core.offers import DAY_MS, Offer
from core.ports import MOST_MESSAGES, Changes, Keys, Member, Message, ShiftView, Snapshot
from core.sends import Send, SendStatus

_LIVE: frozenset[SendStatus] = frozenset(("waiting", "leased"))
_LINES: tuple[tuple[Channel, int], ...] = (("sms", 0), ("sms", 1), ("voice", 0), ("voice", 1))
_NOTHING: dict[str, Offer] = {}
_time: Callable[[tuple[Any, ...]], int] = itemgetter(0)
_end: Callable[[tuple[Any, ...]], int] = itemgetter(1)


class MemoryStore:
    """A store in dictionaries: for the simulation and for tests. It forgets everything when it goes.

    A few indexes make every call cost what it finds, however long the history is. They depend only on what
    has been committed, so equal histories make equal stores.
    """

    def __init__(self, keeps_journal: bool = True) -> None:
        """Without its journal a store knows no events, but all that came of them."""
        self._keeps_journal = keeps_journal
        self._last_seq = 0
        self._members: dict[str, Member] = {}
        self._phones: dict[str, str] = {}
        self._shifts: dict[str, Shift] = {}
        self._fanouts: dict[str, State] = {}
        self._offers: dict[str, dict[str, Offer]] = {}
        self._policies: dict[str, Policy] = {}
        self._sends: dict[str, Send] = {}
        self._inbox: dict[str, InboundResult] = {}
        self._messages: dict[str, deque[Message]] = {}
        self._entries: list[Entry] = []
        # Ids by role, in load order.
        self._rosters: dict[str, list[str]] = {}
        # The shifts that are open: only they have deadlines.
        self._open_shifts: set[str] = set()
        # By caregiver, in order of time: start, end and id of the shifts they hold, and when and for which
        # shift an offer of theirs was made.
        self._held: dict[str, list[tuple[int, int, str]]] = {}
        self._made: dict[str, list[tuple[int, str]]] = {}
        # Sends that wait or are under way, by channel and priority: when ready, in which order first written.
        self._lines: dict[tuple[Channel, int], list[tuple[int, int, Send]]] = {line: [] for line in _LINES}
        self._numbers: dict[str, int] = {}
        # The keys of offers that wait, by shift.
        self._waiting_offers: dict[str, set[str]] = {}

    def snapshot(self, keys: Keys, now_ms: int) -> Snapshot:
        found = Snapshot(next_seq=self._last_seq + 1)
        if keys.messages:
            found.inbox = {key: self._inbox[key] for key in keys.messages & self._inbox.keys()}
        if keys.policies:
            found.policies = dict(self._policies)
        if keys.sends:
            found.sends = {key: self._sends[key] for key in keys.sends & self._sends.keys()}
        if keys.leased:
            found.sends |= {send.key: send for send in self._live() if send.status == "leased"}
        if keys.most_waiting:
            self._find_waiting(found, keys, now_ms)
        # Everybody whom the batch brings together with a shift.
        about: dict[str, set[str]] = {shift_id: set() for shift_id in keys.shifts & self._shifts.keys()}
        people = keys.members & self._members.keys()
        for send in (*found.sends.values(), *found.waiting):
            people.add(send.caregiver_id)
            if send.shift_id is not None:
                about.setdefault(send.shift_id, set()).add(send.caregiver_id)
        found.ready = keys.rosters & self._shifts.keys()
        if keys.phones:
            found.phones = {phone: self._phones[phone] for phone in keys.phones & self._phones.keys()}
            people.update(found.phones.values())
            self._find_answers(found, about, keys, now_ms)
        found.ready |= {
            shift_id for shift_id in about.keys() & self._open_shifts if self._is_due(shift_id, now_ms)
        }
        for shift_id in found.ready:
            role = self._shifts[shift_id].role_required
            if role not in found.rosters:
                self._find_roster(found, role, now_ms)
                people.update(found.rosters[role])
            about.setdefault(shift_id, set()).update(found.rosters[role])
        people.update(
            holder
            for shift_id in keys.shifts & self._shifts.keys()
            if (holder := self._state(shift_id).holder)
        )
        for caregiver_id, shift_id in keys.assigned:
            if caregiver_id in self._members and shift_id in self._shifts:
                about.setdefault(shift_id, set()).add(caregiver_id)
                people.add(caregiver_id)
        held = self._bring_together(found, about)
        found.members = {caregiver_id: self._members[caregiver_id] for caregiver_id in people}
        found.shifts = {shift_id: self._shifts[shift_id] for shift_id in (*about, *held)}
        found.fanouts = {shift_id: self._state(shift_id) for shift_id in found.shifts}
        return found

    def _find_answers(self, found: Snapshot, about: dict[str, set[str]], keys: Keys, now_ms: int) -> None:
        """Which shifts messages may be about, and to which of them they may lead to offers of."""
        for phone, shift_id in keys.pairs:
            if phone in found.phones and shift_id in self._shifts:
                about.setdefault(shift_id, set()).add(found.phones[phone])
                if phone in keys.roster_phones:
                    found.ready.add(shift_id)
        for phone in keys.conversations & found.phones.keys():
            caregiver_id = found.phones[phone]
            for shift_id in self._conversation(caregiver_id, now_ms, phone in keys.leavers):
                about.setdefault(shift_id, set()).add(caregiver_id)
                # A decline of who holds a shift gives it back.
                opens = shift_id in self._open_shifts or self._state(shift_id).holder == caregiver_id
                if opens and phone in keys.roster_phones:
                    found.ready.add(shift_id)

    def _bring_together(self, found: Snapshot, about: dict[str, set[str]]) -> set[str]:
        """The offers of these people for these shifts, and the shifts that they hold and that overlap."""
        overlapping: set[str] = set()
        for shift_id, people in about.items():
            this = self._state(shift_id)
            for caregiver_id in people:
                if offer := self._offers.get(caregiver_id, _NOTHING).get(shift_id):
                    found.offers.setdefault(caregiver_id, {})[shift_id] = offer
                held = self._held.get(caregiver_id)
                if held and held[-1][1] > this.start_ms:
                    # What one holds does not overlap, so it ends in the order in which it starts.
                    first, end = bisect_right(held, this.start_ms, key=_end), (this.end_ms, 0, "")
                    for start_ms, end_ms, other in held[first : bisect_left(held, end)]:
                        found.holds.setdefault(caregiver_id, {})[other] = (start_ms, end_ms)
                        overlapping.add(other)
        return overlapping

    def _state(self, shift_id: str) -> State:
        return self._fanouts.get(shift_id) or fanout.planned(self._shifts[shift_id])

    def _is_due(self, shift_id: str, now_ms: int) -> bool:
        deadline_ms = fanout.next_deadline_ms(self._fanouts[shift_id])
        return deadline_ms is not None and deadline_ms <= now_ms

    def _find_roster(self, found: Snapshot, role: str, now_ms: int) -> None:
        """Everybody who can be offered a shift of the role, and which codes mean something to them."""
        found.rosters[role] = tuple(self._rosters.get(role, ()))
        for caregiver_id in found.rosters[role]:
            if talked := self._conversation(caregiver_id, now_ms):
                found.offers[caregiver_id] = talked

    def _conversation(self, caregiver_id: str, now_ms: int, leaves: bool = False) -> dict[str, Offer]:
        """The offers that an answer of theirs may mean, by shift."""
        made = self._made.get(caregiver_id)
        if not made:
            return {}
        offers, recent = self._offers[caregiver_id], bisect_left(made, (now_ms - DAY_MS + 1, ""))
        talked = {shift_id: offers[shift_id] for _, shift_id in made[recent:]}
        for _, end_ms, shift_id in reversed(self._held.get(caregiver_id, ())):
            if end_ms <= now_ms:
                break
            if shift_id in offers:
                talked[shift_id] = offers[shift_id]
        if leaves:
            talked |= {shift_id: offers[shift_id] for shift_id in offers.keys() & self._open_shifts}
        return talked

    def _find_waiting(self, found: Snapshot, keys: Keys, now_ms: int) -> None:
        later: list[int] = []
        waiting: dict[Channel, list[Send]] = {"sms": [], "voice": []}
        for (channel, _), line in self._lines.items():
            if not line:
                continue
            due = bisect_right(line, now_ms, key=_time)
            later += [ready_ms for ready_ms, _, _ in line[due : due + 1]]
            for _, _, send in islice(line, due):
                if len(waiting[channel]) == keys.most_waiting:
                    break
                if keys.resting.get((channel, send.caregiver_id), 0) <= now_ms:
                    waiting[channel].append(send)
        found.waiting = waiting["sms"] + waiting["voice"]
        found.next_send_ms = min(later, default=None)

    def commit(self, changes: Changes) -> None:
        last = self._last_seq + len(changes.entries)
        assert [entry.seq for entry in changes.entries] == list(range(self._last_seq + 1, last + 1))
        if changes.members:
            self._put_members(changes.members)
        self._shifts.update(changes.shifts)
        self._policies.update(changes.policies)
        for shift_id, state in changes.fanouts.items():
            self._put_fanout(shift_id, state)
        for (shift_id, caregiver_id), offer in changes.offers.items():
            self._put_offer(shift_id, caregiver_id, offer)
        for send in changes.sends.values():
            self._put_send(send)
        for shift_id, generation in changes.withdrawn.items():
            for key in tuple(self._waiting_offers.get(shift_id, ())):
                if self._sends[key].generation <= generation:
                    self._put_send(self._sends[key].ended("withdrawn"))
        self._inbox.update(changes.inbox)
        for message in changes.messages:
            self._messages.setdefault(message.shift_id, deque(maxlen=MOST_MESSAGES)).append(message)
        self._last_seq = last
        if self._keeps_journal:
            self._entries += changes.entries

    def _put_members(self, members: dict[str, Member]) -> None:
        for member in members.values():
            old = self._members.get(member.id)
            self._members[member.id] = member
            if old is None:
                self._rosters.setdefault(member.role, []).append(member.id)
                continue
            self._phones.pop(old.phone, None)
            if old.role != member.role:  # which is rare; everybody keeps their place
                for role in (old.role, member.role):
                    self._rosters[role] = [m.id for m in self._members.values() if m.role == role]
        self._phones.update((member.phone, member.id) for member in members.values())

    def _put_fanout(self, shift_id: str, state: State) -> None:
        old = self._fanouts.get(shift_id)
        self._fanouts[shift_id] = state
        if old is not None and (old.status, old.holder) == (state.status, state.holder):
            return
        if state.status is Status.OPEN:
            self._open_shifts.add(shift_id)
        else:
            self._open_shifts.discard(shift_id)
        if old is not None and old.holder is not None:
            held = self._held[old.holder]
            del held[bisect_left(held, (old.start_ms, old.end_ms, shift_id))]
            if not held:
                del self._held[old.holder]
        if state.holder is not None:
            insort(self._held.setdefault(state.holder, []), (state.start_ms, state.end_ms, shift_id))

    def _put_offer(self, shift_id: str, caregiver_id: str, offer: Offer) -> None:
        offers = self._offers.setdefault(caregiver_id, {})
        old = offers.get(shift_id)
        offers[shift_id] = offer
        if old is None or old.made_ms != offer.made_ms:
            made = self._made.setdefault(caregiver_id, [])
            if old is not None:
                del made[bisect_left(made, (old.made_ms, shift_id))]
            insort(made, (offer.made_ms, shift_id))

    def _put_send(self, send: Send) -> None:
        key, old, number = send.key, self._sends.get(send.key), len(self._sends)
        if old is not None and old.status in _LIVE:
            number = self._numbers.pop(key)
            line = self._lines[old.channel, old.priority]
            del line[bisect_left(line, (old.ready_ms, number, old))]
            if old.status == "waiting" and old.purpose == "offer" and old.shift_id is not None:
                offers = self._waiting_offers[old.shift_id]
                offers.remove(key)
                if not offers:
                    del self._waiting_offers[old.shift_id]
        self._sends[key] = send
        if send.status in _LIVE:
            self._numbers[key] = number
            insort(self._lines[send.channel, send.priority], (send.ready_ms, number, send))
            if send.status == "waiting" and send.purpose == "offer" and send.shift_id is not None:
                self._waiting_offers.setdefault(send.shift_id, set()).add(key)

    def due(self, now_ms: int, most: int) -> tuple[list[str], int | None]:
        deadlines = [
            (at_ms, shift_id)
            for shift_id in self._open_shifts
            if (at_ms := fanout.next_deadline_ms(self._fanouts[shift_id])) is not None
        ]
        now_due = sorted(d for d in deadlines if d[0] <= now_ms)[:most]
        later = min((at_ms for at_ms, _ in deadlines if at_ms > now_ms), default=None)
        return [shift_id for _, shift_id in now_due], later

    def events(self, after_seq: int, most: int, shift_id: str | None = None) -> Sequence[Entry]:
        first = max(after_seq, 0)
        if shift_id is None:
            return self._entries[first : first + most]
        return list(islice((e for e in self._entries[first:] if e.shift_id == shift_id), most))

    def members(self) -> Sequence[Member]:
        return list(self._members.values())

    def member(self, caregiver_id: str) -> Member | None:
        return self._members.get(caregiver_id)

    def shift(self, shift_id: str) -> ShiftView | None:
        if shift_id not in self._shifts:
            return None
        offers = [made[shift_id] for made in self._offers.values() if shift_id in made]
        messages = tuple(self._messages.get(shift_id, ()))
        return ShiftView(self._shifts[shift_id], self._state(shift_id), tuple(offers), messages)

    def shifts(self, after_id: str, most: int, status: Status | None = None) -> Sequence[ShiftView]:
        views = (self.shift(shift_id) for shift_id in sorted(self._shifts) if shift_id > after_id)
        return list(islice((v for v in views if v is not None and status in (None, v.fanout.status)), most))

    def policy(self, organization: str) -> Policy | None:
        return self._policies.get(organization)

    def _live(self) -> Iterator[Send]:
        return (send for line in self._lines.values() for _, _, send in line)

    def depth(self) -> tuple[int, int | None]:
        return len(self._numbers), min((send.due_ms for send in self._live()), default=None)

    def close(self) -> None:
        """Nothing to let go of."""
