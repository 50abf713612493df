"""The simplest store: dictionaries."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, takewhile
from operator import itemgetter
from typing import Any

from core import fanout
from core.commands import Answered, InboundResult
from core.events import Entry
from core.fanout import State, Status
from core.model import Channel, Policy, Shift, role_key
from core.offers import Offer
from core.ports import (
    Attention,
    Changes,
    Conflict,
    DueSends,
    Found,
    Person,
    ReadSet,
    RosterEntry,
    ShiftView,
)
from core.sends import Owner, Send, SendStatus

_LIVE: frozenset[SendStatus] = frozenset(("waiting", "leased"))
_LINES: tuple[tuple[Channel, int], ...] = (("sms", 0), ("sms", 1), ("voice", 0), ("voice", 1))
_NOTHING: dict[str, Offer] = {}
_time: Callable[[tuple[Any, ...]], int] = itemgetter(0)
_end: Callable[[tuple[Any, ...]], int] = itemgetter(1)


def _leased_before(send: Send, owner: Owner) -> bool:
    return (
        send.status == "leased"
        and send.owner is not None
        and send.owner.replica == owner.replica
        and send.owner.epoch < owner.epoch
    )


class MemoryStore:
    """A store in dictionaries: for the simulation and for tests. It forgets everything when it goes.

    A few indexes keep the reads of usual batches cheap, however long the history is. They depend only on
    what has been committed, so equal histories make equal stores.
    """

    def __init__(self, keeps_journal: bool = True) -> None:
        """Without its journal a store knows no events, but all that came of them."""
        self._keeps_journal = keeps_journal
        self._last_seq = 0
        self._people: dict[str, RosterEntry] = {}
        self._phones: dict[str, str] = {}
        self._opted_out: set[str] = set()
        self._shifts: dict[str, Shift] = {}
        self._fanouts: dict[str, State] = {}
        self._offers: dict[str, dict[str, Offer]] = {}
        self._policies: dict[str, Policy] = {}
        self._sends: dict[str, Send] = {}
        self._inbox: dict[str, InboundResult] = {}
        self._once: dict[str, Answered] = {}
        # By number, in order; and the numbers by shift.
        self._attention: dict[int, Attention] = {}
        self._attention_of: dict[str | None, list[int]] = {}
        self._last_number = 0
        self._entries: list[Entry] = []
        # Ids by role, in load order.
        self._rosters: dict[str, list[str]] = {}
        # The shifts that are open: only they have deadlines.
        self._open_shifts: set[str] = set()
        # By caregiver, in order of time: start, end and id of the shifts they hold, and of the shifts that
        # they were offered until when the code means them.
        self._held: dict[str, list[tuple[int, int, str]]] = {}
        self._lasting: dict[str, list[tuple[int, str]]] = {}
        # Sends that wait or are under way, by channel and priority: when ready, in which order first written.
        self._lines: dict[tuple[Channel, int], list[tuple[int, int, Send]]] = {line: [] for line in _LINES}
        self._numbers: dict[str, int] = {}
        # When a send was last begun, on each channel and to each person on it.
        self._last_start: dict[Channel, int] = {}
        self._starts: dict[tuple[Channel, str], int] = {}
        # The keys of offers that wait, by shift.
        self._waiting_offers: dict[str, set[str]] = {}

    @property
    def owner(self) -> Owner:
        return Owner("local", 1)

    # --- one batch -----------------------------------------------------------------------------

    def read(self, wanted: ReadSet, now_ms: int) -> Found:
        found = Found(next_seq=self._last_seq + 1)
        if wanted.messages:
            found.inbox = {key: self._inbox[key] for key in wanted.messages & self._inbox.keys()}
        found.once = {key: self._once[key] for key in wanted.once & self._once.keys()}
        if wanted.policies:
            found.policies = dict(self._policies)
        if wanted.sends:
            found.sends = {key: self._sends[key] for key in wanted.sends & self._sends.keys()}
        if wanted.leased_before is not None:
            found.sends |= {s.key: s for s in self._live() if _leased_before(s, wanted.leased_before)}
        found.attention = {n: self._attention[n] for n in wanted.attention & self._attention.keys()}
        if wanted.due is not None:
            self._find_due(found, wanted.due, now_ms)
        shift_ids = wanted.shifts & self._shifts.keys()
        shift_ids.update(s.shift_id for s in (*found.sends.values(), *found.due) if s.shift_id)
        for person in wanted.people:
            if person.by == "phone" and person.key in self._phones:
                found.phones[person.key] = self._phones[person.key]
            if person.key in self._opted_out:
                found.opted_out.add(person.key)
            if (caregiver_id := self._id_of(person)) is not None:
                found.people[caregiver_id] = self._people[caregiver_id]
        for person, shift_id in wanted.offers:
            caregiver_id = self._id_of(person)
            if offer := self._offers.get(caregiver_id or "", _NOTHING).get(shift_id):
                found.offers.setdefault(offer.caregiver_id, {})[shift_id] = offer
        for person in wanted.conversations:
            if (caregiver_id := self._id_of(person)) is not None:
                talked = self._conversation(caregiver_id, now_ms)
                if talked:
                    found.offers[caregiver_id] = talked | found.offers.get(caregiver_id, _NOTHING)
                    shift_ids |= talked.keys()
        for person in wanted.holds:
            if (caregiver_id := self._id_of(person)) is not None:
                self._find_holds(found, caregiver_id, wanted.holds_since_ms)
        for role in wanted.rosters:
            self._find_roster(found, role, wanted.holds_since_ms, min(now_ms, wanted.codes_at_ms))
        found.shifts = {shift_id: self._shifts[shift_id] for shift_id in shift_ids}
        found.fanouts = {shift_id: self._state(shift_id) for shift_id in shift_ids}
        return found

    def _id_of(self, person: Person) -> str | None:
        if person.by == "phone":
            return self._phones.get(person.key)
        return person.key if person.key in self._people else None

    def _state(self, shift_id: str) -> State:
        return self._fanouts.get(shift_id) or fanout.planned(self._shifts[shift_id])

    def _conversation(self, caregiver_id: str, now_ms: int) -> dict[str, Offer]:
        """The offers that an answer of theirs may mean, by shift."""
        lasting = self._lasting.get(caregiver_id, [])
        live = lasting[bisect_left(lasting, (now_ms + 1, "")) :]
        return {shift_id: self._offers[caregiver_id][shift_id] for _, shift_id in live}

    def _find_holds(self, found: Found, caregiver_id: str, since_ms: int) -> None:
        held = self._held.get(caregiver_id)
        if held and held[-1][1] > since_ms:
            # Shifts that one person holds do not overlap, so they end in the order in which they start.
            first = bisect_right(held, since_ms, key=_end)
            found.holds[caregiver_id] = {s: (start_ms, end_ms) for start_ms, end_ms, s in held[first:]}

    def _find_roster(self, found: Found, role: str, since_ms: int, codes_at_ms: int) -> None:
        found.rosters[role] = tuple(self._rosters.get(role_key(role), ()))
        for caregiver_id in found.rosters[role]:
            found.people[caregiver_id] = self._people[caregiver_id]
            self._find_holds(found, caregiver_id, since_ms)
            if talked := self._conversation(caregiver_id, codes_at_ms):
                found.offers[caregiver_id] = talked | found.offers.get(caregiver_id, _NOTHING)

    def _find_due(self, found: Found, wanted: DueSends, now_ms: int) -> None:
        later: list[int] = []
        for channel in ("sms", "voice"):
            if channel in self._last_start:
                found.started_ms[channel] = self._last_start[channel]
            after_ms, before_ms = wanted.resting.get(channel, (0, 0))
            room = wanted.most.get(channel, 0)
            for priority in (0, 1):
                line = self._lines[channel, priority]
                due = bisect_right(line, now_ms, key=_time)
                later += [ready_ms for ready_ms, _, _ in line[due : due + 1]]
                for _, _, send in islice(line, due):
                    if not room:
                        break
                    started_ms = self._starts.get((channel, send.caregiver_id), after_ms)
                    if send.key in wanted.under_way:
                        continue
                    if after_ms < started_ms < before_ms:
                        resting_ms = found.resting_ms.get(channel, started_ms)
                        found.resting_ms[channel] = min(resting_ms, started_ms)
                    else:
                        found.due.append(send)
                        room -= 1
        found.next_due_ms = min(later, default=None)

    def abandon(self) -> None:
        """There is nothing to undo: a commit writes everything at once."""

    def commit(self, changes: Changes) -> None:
        last = self._last_seq + len(changes.entries)
        if [entry.seq for entry in changes.entries] != list(range(self._last_seq + 1, last + 1)):
            raise Conflict("the entries do not follow the last one")
        if changes.people:
            self._put_people(changes.people)
        for phone, opted_out in changes.consents.items():
            (self._opted_out.add if opted_out else self._opted_out.discard)(phone)
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
                if (self._sends[key].generation or 0) <= generation:
                    self._put_send(self._sends[key].ended("withdrawn"))
        self._inbox.update(changes.inbox)
        self._once.update(changes.once)
        if changes.attention:
            self._put_attention(changes.attention, changes.forget_ms)
        self._attention |= changes.done
        self._last_seq = last
        if self._keeps_journal:
            self._entries += changes.entries

    def _put_attention(self, new: Sequence[Attention], forget_ms: int) -> None:
        for item in new:
            self._last_number += 1
            self._attention[self._last_number] = replace(item, number=self._last_number)
            self._attention_of.setdefault(item.shift_id, []).append(self._last_number)
        for item in list(takewhile(lambda item: item.at_ms < forget_ms, self._attention.values())):
            state = self._fanouts.get(item.shift_id or "")
            if item.shift_id is None or (state is not None and state.end_ms < forget_ms):
                del self._attention[item.number]
                self._attention_of[item.shift_id].remove(item.number)

    def _put_people(self, people: dict[str, RosterEntry]) -> None:
        for person in people.values():
            old = self._people.get(person.id)
            self._people[person.id] = person
            if old is None:
                self._rosters.setdefault(role_key(person.role), []).append(person.id)
                continue
            self._phones.pop(old.phone, None)
            if old.role != person.role:  # which is rare; everybody keeps their place
                for role in (role_key(old.role), role_key(person.role)):
                    self._rosters[role] = [p.id for p in self._people.values() if role_key(p.role) == role]
        self._phones.update((person.phone, person.id) for person in people.values())

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
        if old is None or old.until_ms != offer.until_ms:
            lasting = self._lasting.setdefault(caregiver_id, [])
            if old is not None:
                del lasting[bisect_left(lasting, (old.until_ms, shift_id))]
            insort(lasting, (offer.until_ms, shift_id))

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
        if send.started_ms is not None and (old is None or old.started_ms != send.started_ms):
            self._last_start[send.channel] = send.started_ms
            self._starts[send.channel, send.caregiver_id] = send.started_ms
        if send.status in _LIVE:
            self._numbers[key] = number
            insort(self._lines[send.channel, send.priority], (send.ready_ms, number, send))
            if send.status == "waiting" and send.purpose == "offer" and send.shift_id is not None:
                self._waiting_offers.setdefault(send.shift_id, set()).add(key)

    # --- queries -------------------------------------------------------------------------------

    def deadlines(self, now_ms: int, most: int) -> tuple[list[str], int | None]:
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

    def roster(self) -> Sequence[RosterEntry]:
        return list(self._people.values())

    def caregiver(self, caregiver_id: str) -> RosterEntry | None:
        return self._people.get(caregiver_id)

    def shift(self, shift_id: str) -> ShiftView | None:
        if shift_id not in self._shifts:
            return None
        offers = [made[shift_id] for made in self._offers.values() if shift_id in made]
        attention = tuple(self._attention[number] for number in self._attention_of.get(shift_id, ()))
        return ShiftView(self._shifts[shift_id], self._state(shift_id), tuple(offers), attention)

    def list_shifts(self, after_id: str, most: int, status: Status | None = None) -> Sequence[ShiftView]:
        views = (self.shift(shift_id) for shift_id in sorted(self._shifts) if shift_id > after_id)
        return list(islice((v for v in views if v is not None and status in (None, v.fanout.status)), most))

    def attention(self, before: int, most: int, done: bool = False) -> Sequence[Attention]:
        items = (item for item in reversed(self._attention.values()) if item.number < before)
        return list(islice((item for item in items if (item.done_by is not None) == done), most))

    def policy(self, organization: str) -> Policy | None:
        return self._policies.get(organization)

    def _live(self) -> Iterator[Send]:
        return (send for line in self._lines.values() for _, _, send in line)

    @property
    def live_sends(self) -> int:
        """How many sends wait or are under way."""
        return len(self._numbers)

    def outbox_depth(self) -> tuple[int, int | None]:
        return self.live_sends, min((send.due_ms for send in self._live()), default=None)

    def close(self) -> None:
        """Nothing to let go of."""
