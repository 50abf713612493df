"""The store in one SQLite file: WAL, fully synchronous, owned by one process.

One connection writes; the ledger sees to it that only one thread uses it at a time. Since nobody else
writes, the store keeps the roster in memory, and what it has lately read or committed of shifts and offers.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path

from filelock import FileLock, Timeout

from core import fanout
from core.commands import INBOUND_RESULT, inbound_json
from core.dispatch import Send
from core.fanout import State, Status
from core.messages import Entry
from core.model import Shift
from core.routing import DAY_MS, Offer
from core.store import Changes, Keys, Snapshot
from service import schema
from service.readers import Readers
from service.roster import Roster
from service.schema import LISTED, MEMBER, OFFER, OFFER_OF, SEND, SHIFT, SHIFT_OF, DatabaseUnusable, listed

# A checkpoint every 16 MB of log rather than every 4: hot pages are copied back less often.
_CHECKPOINT_PAGES = 4_000
_CACHE_KIB = 4_096
# What is remembered of shifts and offers, in bytes, and what a shift, each person contacted for it and an
# offer take, as measured by tracemalloc.
_MOST_REMEMBERED = 32_000_000
_SHIFT_BYTES, _CONTACT_BYTES, _OFFER_BYTES = 2_000, 60, 300

Pair = tuple[str, str]
"""A caregiver and a shift."""


def _weight(state: State) -> int:
    return _SHIFT_BYTES + _CONTACT_BYTES * len(state.contacted)


class SqliteStore(Readers):
    """`core.store.Store` in a file. Raises `DatabaseUnusable` if the file is not to be had."""

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
        if not ours:
            schema.create(writer)
        return writer

    def _recall(self) -> None:
        """Reads what is kept in memory; shifts come as they are asked for."""
        run = self._writer.execute
        people = run(f"SELECT number, {MEMBER} FROM caregivers ORDER BY number")
        self._roster = Roster((row[0], schema.member_of(row[1:])) for row in people)
        (self._next_seq,) = run("SELECT coalesce(max(seq), 0) + 1 FROM events").fetchone()
        self._shifts: dict[str, tuple[int, Shift, State]] = {}
        self._offers: dict[tuple[str, str], Offer] = {}
        self._remembered = 0

    def close(self) -> None:
        super().close()
        self._writer.close()
        self._lock.release()

    # --- one batch -----------------------------------------------------------------------------

    def snapshot(self, keys: Keys, now_ms: int) -> Snapshot:
        if self._remembered > _MOST_REMEMBERED:
            self._forget()
        run, phones = self._writer.execute, self._roster.phones
        found = Snapshot(next_seq=self._next_seq)
        if keys.messages:
            rows = run(
                f"SELECT message_id, result FROM inbox WHERE message_id IN {LISTED}", (listed(keys.messages),)
            )
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
        offers = [Offer._make(row) for row in rows]
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
                _, found.shifts[shift_id], found.fanouts[shift_id] = self._shifts[shift_id]
            else:
                missing.append(shift_id)
        if missing:
            for number, *row in self._writer.execute(
                f"SELECT s.number, {SHIFT} FROM {SHIFT_OF} WHERE s.id IN {LISTED}", (listed(missing),)
            ):
                shift, state = schema.shift_of(row)
                found.shifts[shift.id], found.fanouts[shift.id] = shift, state
                self._remember(number, shift, state)

    def _remember(self, number: int, shift: Shift, state: State) -> None:
        known = self._shifts.get(shift.id)
        self._remembered += _weight(state) if known is None else _weight(state) - _weight(known[2])
        self._shifts[shift.id] = number, shift, state

    def _remember_offer(self, offer: Offer) -> None:
        if offer[:2] not in self._offers:
            self._remembered += _OFFER_BYTES
        self._offers[offer[:2]] = offer

    def _forget(self) -> None:
        """Lets go of the older half of what is remembered."""
        self._shifts = dict(islice(self._shifts.items(), (len(self._shifts) + 1) // 2, None))
        self._offers = dict(islice(self._offers.items(), (len(self._offers) + 1) // 2, None))
        self._remembered = _OFFER_BYTES * len(self._offers)
        self._remembered += sum(_weight(state) for _, _, state in self._shifts.values())

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
            found.offers.setdefault(row[1], {})[row[0]] = Offer._make(row)
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
                (listed((people[caregiver_id], shifts[shift_id][0]) for caregiver_id, shift_id in unseen),),
            )
            self._found_offers(found, map(Offer._make, rows))
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
            newcomers = self._write(changes)
            self._writer.execute("COMMIT")
        except BaseException:
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
            raise
        self._next_seq += len(changes.entries)
        if changes.members:
            self._roster.update(changes.members, newcomers)
        for shift_id in (changes.shifts.keys() | changes.fanouts.keys()) & self._shifts.keys():
            number, shift, state = self._shifts[shift_id]
            if shift_id in changes.shifts:
                shift = changes.shifts[shift_id]
                state = state if state.version else fanout.planned(shift)
            self._remember(number, shift, changes.fanouts.get(shift_id, state))
        for offer in changes.offers.values():
            self._remember_offer(offer)

    def _write(self, changes: Changes) -> dict[str, int]:
        """Returns the numbers of the caregivers that are new."""
        many, people = self._writer.executemany, self._roster.numbers
        newcomers: dict[str, int] = {}
        if changes.members:
            # Phones may pass from one to another within the batch: first let go of all of them.
            many("UPDATE caregivers SET phone = '-' || id WHERE id = ?", [(m,) for m in changes.members])
            many(
                schema.UPSERT_MEMBER,
                [(m.id, m.name, m.role, m.phone, m.opted_out) for m in changes.members.values()],
            )
            new = changes.members.keys() - people.keys()
            rows = self._writer.execute(
                f"SELECT id, number FROM caregivers WHERE id IN {LISTED}", (listed(new),)
            )
            newcomers = dict(rows.fetchall())
        if changes.shifts:
            shifts = [(shift.id, shift.model_dump_json()) for shift in changes.shifts.values()]
            many(schema.UPSERT_SHIFT, shifts)
        if changes.policies:
            policies = [(name, policy.model_dump_json()) for name, policy in changes.policies.items()]
            many(schema.UPSERT_POLICY, policies)
        if changes.fanouts:
            self._write_fanouts(changes.fanouts)
        if changes.offers:
            answered, others = [], []
            for key, offer in changes.offers.items():
                numbers = self._number(key[0]), people[key[1]]
                old = self._offers.get(key)
                if old is not None and old[schema.STEADY_OFFER] == offer[schema.STEADY_OFFER]:
                    answered.append((offer.sent_ms, offer.answer, *numbers))
                else:
                    others.append((*numbers, *offer[2:]))
            many(schema.UPDATE_OFFER, answered)
            many(schema.REPLACE_OFFER, others)
        if changes.entries:
            many(schema.INSERT_EVENT, [self._entry_row(entry) for entry in changes.entries])
        if changes.sends:
            many(
                schema.UPSERT_SEND, [(*send, send.priority, send.ready_ms) for send in changes.sends.values()]
            )
        if changes.withdrawn:
            self._writer.execute(schema.WITHDRAW, (json.dumps(changes.withdrawn),))
        if changes.inbox:
            answers = [(key, inbound_json(r).decode()) for key, r in changes.inbox.items()]
            many(schema.INSERT_ANSWER, answers)
        return newcomers

    def _number(self, shift_id: str) -> int:
        if shift_id in self._shifts:
            return self._shifts[shift_id][0]
        row = self._writer.execute("SELECT number FROM shifts WHERE id = ?", (shift_id,)).fetchone()
        number: int = row[0]
        return number

    def _entry_row(self, entry: Entry) -> tuple[object, ...]:
        event = entry.event
        number = None if entry.shift_id is None else self._number(entry.shift_id)
        return entry.seq, number, entry.version, event.at_ms, event.kind, entry.data().decode()

    def _write_fanouts(self, fanouts: Mapping[str, State]) -> None:
        """Writes of each state the columns that differ from what was read."""
        whole, rounds, lives, versions = [], [], [], []
        for shift_id, new in fanouts.items():
            number = self._number(shift_id)
            old = self._shifts[shift_id][2] if shift_id in self._shifts else None
            deadline_ms = fanout.next_deadline_ms(new)
            holder = None if new.holder is None else self._roster.numbers[new.holder]
            life = new.status, holder, new.since_ms, new.version, new.last_ms, deadline_ms
            if old is None or not old.version or old[schema.STEADY] != new[schema.STEADY]:
                whole.append((*life, number, new.start_ms, new.end_ms))
                rounds.append(schema.rounds_row(number, new))
            elif old[schema.LIFE] != new[schema.LIFE] or fanout.next_deadline_ms(old) != deadline_ms:
                lives.append((*life, number))
            else:
                versions.append((new.version, new.last_ms, number))
        many = self._writer.executemany
        many(schema.UPSERT_FANOUT, whole)
        many(schema.UPSERT_ROUNDS, rounds)
        many(schema.UPDATE_LIFE, lives)
        many(schema.UPDATE_VERSION, versions)
