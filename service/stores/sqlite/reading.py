"""One read: what the file and the memory know of a `ReadSet`."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing

from core.model import Channel
from core.offers import Offer
from core.ports import DueSends, Found, Person, ReadSet
from core.sends import Send
from service.answers import answer_from, once_from
from service.stores.sqlite import rows
from service.stores.sqlite.memory import Memory
from service.stores.sqlite.rows import ANSWER, ATTENTION, ATTENTION_OF, LISTED, OFFER, SEND, listed

_CHANNELS: tuple[Channel, ...] = ("sms", "voice")
_PRIORITIES = (0, 1)
_LIVE = "FROM outbox WHERE status IN ('waiting', 'leased')"  # as the index of those that are ready says it
_FIND_ANSWERS = f"""SELECT key, result, fingerprint FROM inbox WHERE key IN {LISTED}
    UNION ALL SELECT key, result, fingerprint FROM inbox_before WHERE key IN {LISTED}"""
_FIND_SENDS = f"SELECT {SEND} FROM outbox WHERE key IN {LISTED}"
_FIND_LEASED = f"SELECT {SEND} {_LIVE} AND status = 'leased' AND owner = ? AND epoch < ?"
_FIND_READY = f"""SELECT {SEND} {_LIVE} AND channel = ? AND priority = ? AND ready_ms <= ?
    ORDER BY ready_ms, number"""
_NEXT_READY = f"SELECT min(ready_ms) {_LIVE} AND channel = ? AND priority = ? AND ready_ms > ?"
# `CROSS JOIN` fixes the order: from the few who are asked about to what there is of them.
_FIND_CONVERSATIONS = f"""SELECT s.id, o.caregiver, {ANSWER}, {OFFER} FROM json_each(?) j
    CROSS JOIN offers o ON o.caregiver = j.value AND o.until_ms > ?
    JOIN shifts s ON s.number = o.shift LEFT JOIN fanouts a ON a.shift = o.shift"""


class Reading:
    """The making of one `Found`. What is found on the way is remembered."""

    def __init__(self, connection: sqlite3.Connection, memory: Memory, now_ms: int) -> None:
        self._run = connection.execute
        self._memory = memory
        self._roster = memory.roster
        self._now_ms = now_ms
        self.found = Found(next_seq=memory.next_seq)

    def read(self, wanted: ReadSet) -> Found:
        found, roster = self.found, self._roster
        if wanted.messages:
            keys = listed(wanted.messages)
            answers = self._run(_FIND_ANSWERS, (keys, keys))
            found.inbox = {key: answer_from(text, fingerprint) for key, text, fingerprint in answers}
        if wanted.once:
            keys = listed(f"once/{key}" for key in wanted.once)
            answers = self._run(_FIND_ANSWERS, (keys, keys))
            found.once = {key[len("once/") :]: once_from(text, number) for key, text, number in answers}
        if wanted.policies:
            policies = self._run("SELECT organization, data FROM policies")
            found.policies = {name: rows.policy_of(data) for name, data in policies}
        if wanted.attention:
            items = self._run(
                f"SELECT {ATTENTION} FROM {ATTENTION_OF} WHERE a.number IN {LISTED}",
                (listed(wanted.attention),),
            )
            found.attention = {item.number: item for item in map(rows.attention_of, items)}
        if wanted.people:
            self._read_people(wanted.people)
        shift_ids = set(wanted.shifts)
        if wanted.sends:
            shift_ids |= self._read_sends(wanted.sends)
        if wanted.leased_before is not None:
            shift_ids |= self._sends(self._run(_FIND_LEASED, wanted.leased_before))
        if wanted.due is not None:
            shift_ids |= self._read_due(wanted.due)
        holders = roster.find_all(wanted.holds)
        if wanted.rosters:
            everybody: list[str] = []
            for role in wanted.rosters:
                everybody += self._read_roster(role)
            holders.update(everybody)
            # Of their offers, only those of the shifts in question are about to be answered.
            about = self._memory.shifts_read
            for offer in self._read_conversations(everybody, min(self._now_ms, wanted.codes_at_ms)):
                if offer.shift_id in about:
                    self._memory.keep_offer(offer)
        if wanted.conversations:
            offers = self._read_conversations(roster.find_all(wanted.conversations), self._now_ms)
            for offer in offers:
                self._memory.keep_offer(offer)
            shift_ids |= {offer.shift_id for offer in offers}
        if holders:
            self._read_holds(holders, wanted.holds_since_ms)
        if shift_ids:
            self._read_shifts(shift_ids)
        if wanted.offers:
            self._read_offers(wanted.offers)
        return found

    # --- people --------------------------------------------------------------------------------

    def _read_people(self, people: Iterable[Person]) -> None:
        for person in people:
            caregiver_id = self._roster.find(person)
            if caregiver_id is not None:
                self.found.people[caregiver_id] = self._roster.entries[caregiver_id]
                if person.by == "phone":
                    self.found.phones[person.key] = caregiver_id
            if person.key in self._roster.opted_out:
                self.found.opted_out.add(person.key)

    def _read_roster(self, role: str) -> tuple[str, ...]:
        ids, entries = self._roster.of_role(role), self._roster.entries
        self.found.rosters[role] = ids
        self.found.people.update((caregiver_id, entries[caregiver_id]) for caregiver_id in ids)
        return ids

    def _numbers(self, caregiver_ids: Iterable[str]) -> str:
        numbers = self._roster.numbers
        return listed(numbers[caregiver_id] for caregiver_id in caregiver_ids)

    def _read_holds(self, holders: Iterable[str], since_ms: int) -> None:
        for holder, held in self._memory.holds.read(holders, since_ms):
            self.found.holds[holder] = held

    # --- shifts and offers ---------------------------------------------------------------------

    def _read_shifts(self, shift_ids: set[str]) -> None:
        known = self._memory.shifts
        self._memory.learn_shifts(shift_ids)
        self._memory.shifts_read |= shift_ids
        for shift_id in shift_ids:
            if shift_id in known:
                _, self.found.shifts[shift_id], self.found.fanouts[shift_id], _ = known[shift_id]

    def _read_offers(self, pairs: Iterable[tuple[Person, str]]) -> None:
        keys = [
            (shift_id, caregiver_id)
            for person, shift_id in pairs
            if (caregiver_id := self._roster.find(person)) is not None
        ]
        self._memory.learn_offers(keys)
        for key in keys:
            offer = self._memory.offer(key)
            if offer is not None:
                self.found.offers.setdefault(offer.caregiver_id, {})[offer.shift_id] = offer

    def _read_conversations(self, caregiver_ids: Collection[str], at_ms: int) -> list[Offer]:
        """Reads the offers that an answer at that time may mean."""
        if not caregiver_ids:
            return []
        ids = self._roster.ids
        found = self._run(_FIND_CONVERSATIONS, (self._numbers(caregiver_ids), at_ms))
        offers = [
            rows.offer_of(shift_id, ids[number], columns, answered_ms)
            for shift_id, number, answered_ms, *columns in found
        ]
        for offer in offers:
            self.found.offers.setdefault(offer.caregiver_id, {})[offer.shift_id] = offer
            self._memory.offers_read[offer.shift_id, offer.caregiver_id] = offer
        return offers

    # --- sends ---------------------------------------------------------------------------------

    def _read_sends(self, keys: Iterable[str]) -> set[str]:
        """Reads sends by key; returns their shifts. Mostly they are marked, and were leased a moment ago."""
        leased, shift_ids, missing = self._memory.leased, set(), []
        for key in keys:
            if key not in leased:
                missing.append(key)
                continue
            self._memory.sends_read[key] = leased[key]
            _, send = leased[key]
            self.found.sends[key] = send
            if send.shift_id is not None:
                shift_ids.add(send.shift_id)
        if missing:
            shift_ids |= self._sends(self._run(_FIND_SENDS, (listed(missing),)))
        return shift_ids

    def _sends(self, cursor: sqlite3.Cursor) -> set[str]:
        """Takes over sends that were asked for; returns their shifts."""
        shift_ids = set()
        for row in cursor:
            number, send = rows.send_of(row)
            self._memory.sends_read[send.key] = number, send
            self.found.sends[send.key] = send
            if send.shift_id is not None:
                shift_ids.add(send.shift_id)
        return shift_ids

    def _read_due(self, due: DueSends) -> set[str]:
        """Reads the first that may begin, and when to look again; returns their shifts."""
        for channel in _CHANNELS:
            self.found.due += self._ready(due, channel)
            for priority in _PRIORITIES:
                (later_ms,) = self._run(_NEXT_READY, (channel, priority, self._now_ms)).fetchone()
                if later_ms is not None:
                    self.found.next_due_ms = min(later_ms, self.found.next_due_ms or later_ms)
        self.found.started_ms = dict(self._memory.starts.channels)
        return {send.shift_id for send in self.found.due if send.shift_id is not None}

    def _ready(self, due: DueSends, channel: Channel) -> Iterator[Send]:
        room = due.most.get(channel, 0)
        after_ms, before_ms = due.resting.get(channel, (0, 0))
        for priority in _PRIORITIES:
            if not room:
                return
            with closing(self._run(_FIND_READY, (channel, priority, self._now_ms))) as cursor:
                for row in cursor:
                    number, send = rows.send_of(row)
                    if send.key in due.under_way:
                        continue
                    started_ms = self._memory.starts.of(channel, send.caregiver_id)
                    if started_ms is not None and after_ms < started_ms < before_ms:
                        first_ms = self.found.resting_ms.get(channel, started_ms)
                        self.found.resting_ms[channel] = min(started_ms, first_ms)
                        continue
                    self._memory.sends_read[send.key] = number, send
                    yield send
                    room -= 1
                    if not room:
                        break
