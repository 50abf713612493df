"""The store in one SQLite file: WAL, fully synchronous, owned by one process.

One connection writes; the ledger sees to it that only one thread uses it at a time. Since nobody else
writes, the store keeps the roster in memory, and what it has lately read or committed of shifts and offers.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from core import fanout
from core.commands import INBOUND_RESULT, InboundResult, inbound_json
from core.events import Entry
from core.fanout import State, Status
from core.model import Shift
from core.offers import DAY_MS, Offer
from core.ports import MOST_MESSAGES, Changes, Keys, Member, Message, Snapshot
from core.sends import Send
from service.stores.sqlite import schema
from service.stores.sqlite.readers import Readers
from service.stores.sqlite.roster import Roster
from service.stores.sqlite.schema import (
    LISTED,
    MEMBER,
    OFFER,
    OFFER_OF,
    SEND,
    SHIFT,
    SHIFT_OF,
    DatabaseUnusable,
    listed,
)

# A checkpoint every 16 MB of log rather than every 4: hot pages are copied back less often.
_CHECKPOINT_PAGES = 4_000
_CACHE_KIB = 2_048
# For how long an answer is remembered at least. Carriers try a webhook again within minutes, not days.
REMEMBERED_MS = 7 * DAY_MS
# What is remembered of shifts and offers, in bytes, and what a shift, each person contacted for it and an
# offer take, as measured by tracemalloc.
_MOST_REMEMBERED = 32_000_000
_SHIFT_BYTES, _CONTACT_BYTES, _OFFER_BYTES = 2_000, 60, 300

Pair = tuple[str, str]
"""A caregiver and a shift."""


class _Known(NamedTuple):
    """A shift as it is remembered. `number`: of its rows; `last_seq`: of its last event."""

    number: int
    shift: Shift
    state: State
    last_seq: int | None


def _identity(member: Member) -> tuple[str, str, str]:
    return member.name, member.role, member.phone


def _weight(state: State) -> int:
    return _SHIFT_BYTES + _CONTACT_BYTES * len(state.contacted)


class SqliteStore(Readers):
    """`core.ports.Store` in a file. Raises `DatabaseUnusable` if the file is not to be had."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        if not path.resolve().parent.is_dir():
            raise DatabaseUnusable(f"cannot open the database {path}: there is no such folder")
        self._lock = FileLock(f"{path.resolve()}.lock")
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise DatabaseUnusable(
                f"the database {path} is in use by another process: stop it, or give another file"
            ) from None
        except OSError as error:
            raise DatabaseUnusable(f"cannot open the database {path}: {error.strerror}") from None
        try:
            self._writer = self._open()
            self._recall()
        except sqlite3.Error as error:
            self._lock.release()
            raise DatabaseUnusable(f"cannot open the database {path}: {error}") from None
        except BaseException:
            self._lock.release()
            raise

    def _open(self) -> sqlite3.Connection:
        writer = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
        ours = schema.check_schema(self._path, writer)  # before anything is written to the file
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("PRAGMA synchronous = FULL")
        writer.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        writer.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        if ours:
            schema.upgrade(writer)
        else:
            schema.create(writer)
        return writer

    def _recall(self) -> None:
        """Reads what is kept in memory; shifts come as they are asked for."""
        run = self._writer.execute
        people = run(f"SELECT number, {MEMBER} FROM caregivers ORDER BY number")
        self._roster = Roster((row[0], schema.member_of(row[1:])) for row in people)
        (self._next_seq,) = run("SELECT coalesce(max(seq), 0) + 1 FROM events").fetchone()
        self._shifts: dict[str, _Known] = {}
        self._offers: dict[tuple[str, str], Offer] = {}
        self._remembered = 0
        self._now_ms = 0
        self._oldest_answer()

    def _oldest_answer(self) -> None:
        found = self._writer.execute(schema.OLDEST_ANSWER).fetchone()
        self._inbox_since_ms: int | None = found[0] if found else None

    def close(self) -> None:
        super().close()
        self._writer.close()
        self._lock.release()

    # --- one batch -----------------------------------------------------------------------------

    def snapshot(self, keys: Keys, now_ms: int) -> Snapshot:
        if self._remembered > _MOST_REMEMBERED:
            self._forget()
        self._now_ms = now_ms
        run, phones = self._writer.execute, self._roster.phones
        found = Snapshot(next_seq=self._next_seq)
        if keys.messages:
            ids = listed(keys.messages)
            rows = run(schema.FIND_ANSWERS, (ids, ids))
            found.inbox = {message_id: INBOUND_RESULT.validate_json(text) for message_id, text in rows}
        if keys.policies:
            found.policies = {
                name: schema.policy_of(data) for name, data in run("SELECT organization, data FROM policies")
            }
        if keys.sends:
            rows = run(f"SELECT {SEND} FROM outbox WHERE key IN {LISTED}", (listed(keys.sends),))
            found.sends = {row[0]: Send._make(row) for row in rows}
        if keys.leased:
            rows = run(
                f"SELECT {SEND} FROM outbox WHERE status IN ('waiting', 'leased') AND status = 'leased'"
            )
            found.sends |= {row[0]: Send._make(row) for row in rows}
        if keys.most_waiting:
            self._find_waiting(found, keys, now_ms)
        found.phones = {phone: phones[phone] for phone in keys.phones if phone in phones}
        pairs = {(phones[phone], shift_id) for phone, shift_id in keys.pairs if phone in phones}
        pairs |= {(s.caregiver_id, s.shift_id) for s in (*found.sends.values(), *found.waiting) if s.shift_id}
        pairs |= keys.assigned
        rosters = set(keys.rosters)
        rosters |= {shift_id for phone, shift_id in keys.pairs if phone in keys.roster_phones}
        for phone in keys.conversations & found.phones.keys():
            talked = self._conversation(found, phones[phone], now_ms, phone in keys.leavers)
            pairs |= {(phones[phone], shift_id) for shift_id in talked}
            if phone in keys.roster_phones:
                rosters |= talked
        self._read_shifts(found, keys.shifts | rosters | {shift_id for _, shift_id in pairs})
        for shift_id, state in found.fanouts.items():
            deadline_ms = fanout.next_deadline_ms(state)
            if deadline_ms is not None and deadline_ms <= now_ms:
                rosters.add(shift_id)
        found.ready = rosters & found.shifts.keys()
        if found.ready:
            pairs |= self._read_rosters(found, now_ms)
        if pairs:
            self._read_pairs(found, pairs)
        people = {*keys.members, *found.phones.values(), *(caregiver_id for caregiver_id, _ in pairs)}
        people.update(send.caregiver_id for send in (*found.waiting, *found.sends.values()))
        holders = (found.fanouts[shift_id].holder for shift_id in keys.shifts & found.fanouts.keys())
        people.update(holder for holder in holders if holder is not None)
        members = self._roster.members
        found.members = {person: members[person] for person in people if person in members}
        return found

    def _find_waiting(self, found: Snapshot, keys: Keys, now_ms: int) -> None:
        ready = "FROM outbox WHERE status IN ('waiting', 'leased') AND channel = ? AND priority = ?"
        for channel in ("sms", "voice"):
            room = keys.most_waiting
            resting = listed(
                person for (on, person), free_ms in keys.resting.items() if on == channel and free_ms > now_ms
            )
            for priority in (0, 1):
                rows = self._writer.execute(
                    f"""SELECT {SEND} {ready} AND ready_ms <= ? AND caregiver_id NOT IN {LISTED}
                    ORDER BY ready_ms, rowid LIMIT ?""",
                    (channel, priority, now_ms, resting, room),
                ).fetchall()
                found.waiting += [Send._make(row) for row in rows]
                room -= len(rows)
                (later,) = self._writer.execute(
                    f"SELECT min(ready_ms) {ready} AND ready_ms > ?", (channel, priority, now_ms)
                ).fetchone()
                if later is not None:
                    found.next_send_ms = min(later, found.next_send_ms or later)

    def _conversation(self, found: Snapshot, caregiver_id: str, now_ms: int, leaves: bool) -> set[str]:
        """Reads the offers that an answer of theirs may mean; returns their shifts."""
        rows = self._writer.execute(
            f"""SELECT {OFFER} FROM offers o {OFFER_OF} WHERE o.caregiver = ?1 AND o.made_ms > ?2
            UNION SELECT {OFFER} FROM fanouts f CROSS JOIN offers o USING (shift) {OFFER_OF}
            WHERE f.holder = ?1 AND f.end_ms > ?3 AND o.caregiver = ?1
            UNION SELECT {OFFER} FROM offers o JOIN fanouts f USING (shift) {OFFER_OF}
            WHERE ?4 AND o.caregiver = ?1 AND f.status = 'open'""",
            (self._roster.numbers[caregiver_id], now_ms - DAY_MS, now_ms, leaves),
        )
        offers = [schema.offer_of(row) for row in rows]
        self._found_offers(found, offers)
        return {offer.shift_id for offer in offers}

    def _found_offers(self, found: Snapshot, offers: Iterable[Offer]) -> None:
        for offer in offers:
            found.offers.setdefault(offer.caregiver_id, {})[offer.shift_id] = offer
            self._remember_offer(offer)

    def _read_shifts(self, found: Snapshot, shift_ids: Iterable[str]) -> None:
        missing = []
        for shift_id in shift_ids:
            if shift_id in found.shifts:
                continue
            if shift_id in self._shifts:
                _, found.shifts[shift_id], found.fanouts[shift_id], _ = self._shifts[shift_id]
            else:
                missing.append(shift_id)
        if missing:
            for number, last_seq, *row in self._writer.execute(
                f"SELECT s.number, f.last_seq, {SHIFT} FROM {SHIFT_OF} WHERE s.id IN {LISTED}",
                (listed(missing),),
            ):
                shift, state = schema.shift_of(row)
                found.shifts[shift.id], found.fanouts[shift.id] = shift, state
                self._remembered += _weight(state)
                self._shifts[shift.id] = _Known(number, shift, state, last_seq)

    def _remember_offer(self, offer: Offer) -> None:
        if offer[:2] not in self._offers:
            self._remembered += _OFFER_BYTES
        self._offers[offer[:2]] = offer

    def _forget(self) -> None:
        """Lets go of the older half of what is remembered."""
        self._shifts = dict(islice(self._shifts.items(), (len(self._shifts) + 1) // 2, None))
        self._offers = dict(islice(self._offers.items(), (len(self._offers) + 1) // 2, None))
        self._remembered = _OFFER_BYTES * len(self._offers)
        self._remembered += sum(_weight(known.state) for known in self._shifts.values())

    def _read_rosters(self, found: Snapshot, now_ms: int) -> set[Pair]:
        """Reads the rosters of the shifts in `ready` with all that new offers must respect."""
        pairs: set[Pair] = set()
        for shift_id in found.ready:
            role = found.shifts[shift_id].role_required
            if role not in found.rosters:
                found.rosters[role] = tuple(self._roster.team(role))
            pairs |= {(caregiver_id, shift_id) for caregiver_id in found.rosters[role]}
        numbers = {self._roster.numbers[caregiver_id] for caregiver_id, _ in pairs}
        rows = self._writer.execute(
            f"""SELECT {OFFER} FROM json_each(?1) j
            JOIN offers o ON o.caregiver = j.value AND o.made_ms > ?2 {OFFER_OF}
            UNION SELECT {OFFER} FROM json_each(?1) j
            JOIN fanouts f ON f.holder = j.value AND f.end_ms > ?3
            JOIN offers o ON o.shift = f.shift AND o.caregiver = j.value {OFFER_OF}""",
            (listed(numbers), now_ms - DAY_MS, now_ms),
        )
        for row in rows:  # not remembered: they are many, and few of them are about to be answered
            found.offers.setdefault(row[1], {})[row[0]] = schema.offer_of(row)
        return pairs

    def _read_pairs(self, found: Snapshot, pairs: set[Pair]) -> None:
        """Reads each pair's offer, and the shifts of the caregiver that overlap the pair's shift.

        Overlaps do not matter for a shift that somebody has and that cannot come free in this batch.
        """
        people, shifts = self._roster.numbers, self._shifts
        known = [pair for pair in pairs if pair[1] in found.fanouts and pair[0] in people]
        unseen = []
        for caregiver_id, shift_id in known:
            offer = self._offers.get((shift_id, caregiver_id))
            if offer is None:
                unseen.append((caregiver_id, shift_id))
            else:
                found.offers.setdefault(caregiver_id, {})[shift_id] = offer
        if unseen:
            rows = self._writer.execute(
                f"""SELECT {OFFER} FROM json_each(?) j JOIN offers o
                ON o.shift = json_extract(j.value, '$[1]') AND o.caregiver = json_extract(j.value, '$[0]')
                {OFFER_OF}""",
                (listed((people[person], shifts[shift_id].number) for person, shift_id in unseen),),
            )
            self._found_offers(found, map(schema.offer_of, rows))
        free = [
            (people[caregiver_id], state.start_ms, state.end_ms)
            for caregiver_id, shift_id in known
            if (state := found.fanouts[shift_id]).status is not Status.FILLED or shift_id in found.ready
        ]
        if free:
            self._read_holds(found, free)

    def _read_holds(self, found: Snapshot, times: list[tuple[int, int, int]]) -> None:
        """Reads what each caregiver (by number) holds that overlaps the time from start to end."""
        held = self._writer.execute(
            """SELECT c.id, s.id, f.start_ms, f.end_ms FROM json_each(?) j JOIN fanouts f
            ON f.holder = json_extract(j.value, '$[0]')
            AND f.start_ms < json_extract(j.value, '$[2]') AND f.end_ms > json_extract(j.value, '$[1]')
            JOIN shifts s ON s.number = f.shift JOIN caregivers c ON c.number = f.holder""",
            (listed(times),),
        ).fetchall()
        for holder, shift_id, start_ms, end_ms in held:
            found.holds.setdefault(holder, {})[shift_id] = (start_ms, end_ms)
        self._read_shifts(found, {shift_id for _, shift_id, _, _ in held})

    def commit(self, changes: Changes) -> None:
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            newcomers, last = self._write(changes)
            self._writer.execute("COMMIT")
        except BaseException:
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
            with suppress(sqlite3.Error):
                self._oldest_answer()
            raise
        self._next_seq += len(changes.entries)
        if changes.members:
            self._roster.update(changes.members, newcomers)
        for shift_id in (changes.shifts.keys() | changes.fanouts.keys()) & self._shifts.keys():
            number, shift, old, last_seq = self._shifts[shift_id]
            if shift_id in changes.shifts:
                shift = changes.shifts[shift_id]
            state = changes.fanouts.get(shift_id) or (old if old.version else fanout.planned(shift))
            self._remembered += _CONTACT_BYTES * (len(state.contacted) - len(old.contacted))
            self._shifts[shift_id] = _Known(number, shift, state, last.get(shift_id, last_seq))
        for offer in changes.offers.values():
            self._remember_offer(offer)

    def _write(self, changes: Changes) -> tuple[dict[str, int], dict[str, int]]:
        """Returns the numbers of new caregivers, and the last event of each shift in the batch."""
        many = self._writer.executemany
        newcomers: dict[str, int] = {}
        if changes.members:
            newcomers = self._write_members(changes.members)
        if changes.shifts:
            shifts = [(shift.id, shift.model_dump_json()) for shift in changes.shifts.values()]
            many(schema.UPSERT_SHIFT, shifts)
        if changes.policies:
            policies = [(name, policy.model_dump_json()) for name, policy in changes.policies.items()]
            many(schema.UPSERT_POLICY, policies)
        last: dict[str, int] = {}
        if changes.entries:
            many(schema.INSERT_EVENT, [self._entry_row(entry, last) for entry in changes.entries])
        if changes.fanouts:
            self._write_fanouts(changes.fanouts, last)
        if changes.offers:
            self._write_offers(changes.offers)
        if changes.sends:
            many(
                schema.UPSERT_SEND, [(*send, send.priority, send.ready_ms) for send in changes.sends.values()]
            )
        if changes.withdrawn:
            self._writer.execute(schema.WITHDRAW, (json.dumps(changes.withdrawn),))
        if changes.inbox:
            self._write_answers(changes.inbox)
        if changes.messages:
            self._write_messages(changes.messages)
        return newcomers, last

    def _write_messages(self, messages: Sequence[Message]) -> None:
        """Those for coordinators; of each shift the latest stay."""
        rows = [(self._known(m.shift_id).number, m.caregiver_id, m.at_ms, m.status, m.text) for m in messages]
        many = self._writer.executemany
        many(schema.INSERT_MESSAGE, rows)
        many(schema.DELETE_MESSAGES, [(number, MOST_MESSAGES) for number in {row[0] for row in rows}])

    def _write_answers(self, inbox: Mapping[str, InboundResult]) -> None:
        """The answers given to messages; those of long ago are forgotten, a whole table at once."""
        since_ms = self._inbox_since_ms
        if since_ms is None:
            self._inbox_since_ms = self._now_ms
        elif self._now_ms - since_ms > REMEMBERED_MS:
            for statement in schema.CHANGE_INBOXES:
                self._writer.execute(statement)
            self._inbox_since_ms = self._now_ms
        rows = [(key, inbound_json(result).decode(), self._now_ms) for key, result in inbox.items()]
        self._writer.executemany(schema.INSERT_ANSWER, rows)

    def _write_members(self, members: Mapping[str, Member]) -> dict[str, int]:
        many = self._writer.executemany
        old = self._roster.members
        same = [m for m in members.values() if m.id in old and _identity(m) == _identity(old[m.id])]
        many(schema.UPDATE_MEMBER, [(m.opted_out, m.told_ms, m.asked_ms, m.id) for m in same])
        changed = members.keys() - {m.id for m in same}
        if not changed:
            return {}
        # Phones may pass from one to another within the batch: first let go of all of them.
        many("UPDATE caregivers SET phone = '-' || id WHERE id = ?", [(m,) for m in changed])
        many(schema.UPSERT_MEMBER, [schema.member_row(m) for m in members.values() if m.id in changed])
        new = changed - old.keys()
        found = self._writer.execute(
            f"SELECT id, number FROM caregivers WHERE id IN {LISTED}", (listed(new),)
        )
        return dict(found.fetchall())

    def _known(self, shift_id: str) -> _Known:
        if shift_id not in self._shifts:
            self._read_shifts(Snapshot(self._next_seq), [shift_id])
        return self._shifts[shift_id]

    def _entry_row(self, entry: Entry, last: dict[str, int]) -> tuple[object, ...]:
        """The row of an event; `last` follows."""
        event, shift_id = entry.event, entry.shift_id
        if shift_id is None:
            return entry.seq, None, None, None, event.at_ms, event.kind, entry.data().decode()
        known = self._known(shift_id)
        previous = last.get(shift_id, known.last_seq)
        last[shift_id] = entry.seq
        data = entry.data().decode()
        return entry.seq, known.number, entry.version, previous, event.at_ms, event.kind, data

    def _write_fanouts(self, fanouts: Mapping[str, State], last: Mapping[str, int]) -> None:
        """Writes of each state the columns that differ from what was read."""
        fresh, whole, rounds, lives, versions = [], [], [], [], []
        for shift_id, new in fanouts.items():
            number, _, old, old_seq = self._known(shift_id)
            seq = last.get(shift_id, old_seq)
            deadline_ms = fanout.next_deadline_ms(new)
            same = old.version and old[schema.LIFE] == new[schema.LIFE]
            if same and (deadline_ms is None or deadline_ms == fanout.next_deadline_ms(old)):
                versions.append((new.version, new.last_ms, seq, number, old_seq))
                continue
            holder = None if new.holder is None else self._roster.numbers[new.holder]
            life = new.version, new.last_ms, seq, new.status, holder, new.since_ms, deadline_ms
            if old[schema.STEADY] == new[schema.STEADY] and old.version:
                lives.append((*life, number, old_seq))
                continue
            rounds.append(schema.rounds_row(number, new))
            if old.version:
                whole.append((*life, new.start_ms, new.end_ms, number, old_seq))
            else:
                fresh.append((*life, new.start_ms, new.end_ms, number))
        many = self._writer.executemany
        if fresh:
            many(schema.INSERT_FANOUT, fresh)
        if rounds:
            many(schema.UPSERT_ROUNDS, rounds)
        for statement, rows in (
            (schema.UPDATE_FANOUT, whole), (schema.UPDATE_LIFE, lives), (schema.UPDATE_VERSION, versions),
        ):  # fmt: skip
            if rows and many(statement, rows).rowcount != len(rows):
                raise sqlite3.IntegrityError("somebody else has written to the database")

    def _write_offers(self, offers: Mapping[tuple[str, str], Offer]) -> None:
        """Writes of each offer what differs from what was read; answers stand with the fanout."""
        whole, sent = [], []
        answers: dict[int, dict[int, int | None]] = {}
        for key, offer in offers.items():
            number, person = self._known(key[0]).number, self._roster.numbers[key[1]]
            old = self._offers.get(key)
            if old is None or old[schema.ANSWER] != offer[schema.ANSWER]:
                answers.setdefault(number, {})[person] = schema.answered(offer)
            if old is None or old[schema.STEADY_OFFER] != offer[schema.STEADY_OFFER]:
                whole.append((number, person, *offer[2 : schema.ANSWER.start]))
            elif (old.sent_ms, old.helped_ms) != (offer.sent_ms, offer.helped_ms):
                sent.append((offer.sent_ms, offer.helped_ms, number, person))
        many = self._writer.executemany
        if whole:
            many(schema.REPLACE_OFFER, whole)
        if sent:
            many(schema.UPDATE_OFFER, sent)
        if answers:
            many(schema.UPDATE_ANSWERS, [(json.dumps(given), number) for number, given in answers.items()])
