"""The store in one SQLite file: WAL, fully synchronous, owned by one process.

One connection writes; the ledger sees to it that only one thread uses it at a time. Readers have their own
connections, opened read-only, so they neither wait nor make anybody wait.
"""

import queue
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from core import fanout
from core.commands import INBOUND_RESULT
from core.dispatch import Send
from core.fanout import State, Status
from core.messages import Entry, entry_from
from core.model import Policy
from core.routing import DAY_MS, Offer
from core.store import Changes, Keys, Member, ShiftView, Snapshot
from service import schema
from service.schema import LISTED, MEMBER, OFFER, SEND, SHIFT, DatabaseUnusable, listed

# A checkpoint every 16 MB of log rather than every 4: hot pages are copied back less often.
_CHECKPOINT_PAGES = 4_000
_CACHE_KIB = 16_384


def open_read_only(path: Path) -> sqlite3.Connection:
    """A connection that can only read, whoever owns the file. Raises `DatabaseUnusable`."""
    try:
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False, isolation_level=None
        )
        if not schema.check_schema(path, connection):
            raise DatabaseUnusable(f"the database {path} is empty: load or serve something first")
    except sqlite3.Error as error:
        raise DatabaseUnusable(f"cannot open the database {path}: {error}") from None
    return connection


class SqliteStore:
    """`core.store.Store` in a file. Raises `DatabaseUnusable` if the file is not to be had."""

    def __init__(self, path: Path) -> None:
        self._path = path
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
        except BaseException:
            self._lock.release()
            raise
        # What the last snapshot saw, to write no more of it than has changed.
        self._read: dict[str, State] = {}
        self._offers_read: dict[tuple[str, str], Offer] = {}
        self._readers: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()

    def _open(self) -> sqlite3.Connection:
        try:
            writer = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
            ours = schema.check_schema(self._path, writer)  # before anything is written to the file
            writer.execute("PRAGMA journal_mode = WAL")
            writer.execute("PRAGMA synchronous = FULL")
            writer.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            writer.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
            if not ours:
                writer.executescript(
                    f"BEGIN; {schema.SCHEMA} PRAGMA user_version = {schema.SCHEMA_VERSION}; COMMIT;"
                )
        except sqlite3.Error as error:
            raise DatabaseUnusable(f"cannot open the database {self._path}: {error}") from None
        return writer

    def close(self) -> None:
        while not self._readers.empty():
            self._readers.get_nowait().close()
        self._writer.close()
        self._lock.release()

    # --- one batch -----------------------------------------------------------------------------

    def snapshot(self, keys: Keys, now_ms: int) -> Snapshot:
        run = self._writer.execute
        found = Snapshot(next_seq=run("SELECT coalesce(max(seq), 0) + 1 FROM events").fetchone()[0])
        if keys.messages:
            rows = run(
                f"SELECT message_id, result FROM inbox WHERE message_id IN {LISTED}", (listed(keys.messages),)
            )
            found.inbox = {message_id: INBOUND_RESULT.validate_json(text) for message_id, text in rows}
        if keys.phones:
            rows = run(f"SELECT {MEMBER} FROM caregivers WHERE phone IN {LISTED}", (listed(keys.phones),))
            found.members = {row[0]: schema.member_of(row) for row in rows}
            found.phones = {member.phone: member.id for member in found.members.values()}
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
        pairs = {(found.phones[phone], shift_id) for phone, shift_id in keys.pairs if phone in found.phones}
        pairs |= {(s.caregiver_id, s.shift_id) for s in (*found.sends.values(), *found.waiting) if s.shift_id}
        pairs |= keys.assigned
        rosters = set(keys.rosters)
        rosters |= {shift_id for phone, shift_id in keys.pairs if phone in keys.roster_phones}
        for phone in keys.conversations & found.phones.keys():
            talked = self._conversation(found, found.phones[phone], now_ms, phone in keys.leavers)
            pairs |= {(found.phones[phone], shift_id) for shift_id in talked}
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
        self._read_members(found, keys, pairs)
        self._read = dict(found.fanouts)
        self._offers_read = {o[:2]: o for offers in found.offers.values() for o in offers.values()}
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
            f"""SELECT {OFFER} FROM offers o WHERE o.caregiver_id = ?1 AND o.made_ms > ?2
            UNION SELECT {OFFER} FROM fanouts f CROSS JOIN offers o USING (shift_id)
            WHERE f.holder = ?1 AND f.end_ms > ?3 AND o.caregiver_id = ?1
            UNION SELECT {OFFER} FROM offers o JOIN fanouts f USING (shift_id)
            WHERE ?4 AND o.caregiver_id = ?1 AND f.status = 'open'""",
            (caregiver_id, now_ms - DAY_MS, now_ms, leaves),
        )
        offers = {row[0]: Offer._make(row) for row in rows}
        found.offers.setdefault(caregiver_id, {}).update(offers)
        return set(offers)

    def _read_shifts(self, found: Snapshot, shift_ids: Iterable[str]) -> None:
        missing = [shift_id for shift_id in shift_ids if shift_id not in found.shifts]
        if not missing:
            return
        for row in self._writer.execute(f"SELECT {SHIFT} WHERE s.id IN {LISTED}", (listed(missing),)):
            shift = found.shifts[row[0]] = schema.shift_of(row[1])
            found.fanouts[row[0]] = schema.state_of(shift, row[2:])

    def _read_rosters(self, found: Snapshot, now_ms: int) -> set[tuple[str, str]]:
        """Reads the rosters of the shifts in `ready` with all that new offers must respect."""
        pairs: set[tuple[str, str]] = set()
        for shift_id in found.ready:
            role = found.shifts[shift_id].role_required
            if role not in found.rosters:
                roster = self._writer.execute(
                    f"SELECT {MEMBER} FROM caregivers WHERE role = ? ORDER BY position", (role,)
                ).fetchall()
                found.members |= {row[0]: schema.member_of(row) for row in roster}
                found.rosters[role] = tuple(row[0] for row in roster)
            pairs |= {(caregiver_id, shift_id) for caregiver_id in found.rosters[role]}
        people = listed({caregiver_id for caregiver_id, _ in pairs})
        rows = self._writer.execute(
            f"""SELECT {OFFER} FROM json_each(?1) j
            JOIN offers o ON o.caregiver_id = j.value AND o.made_ms > ?2
            UNION SELECT {OFFER} FROM json_each(?1) j
            JOIN fanouts f ON f.holder = j.value AND f.end_ms > ?3
            JOIN offers o ON o.shift_id = f.shift_id AND o.caregiver_id = j.value""",
            (people, now_ms - DAY_MS, now_ms),
        )
        for row in rows:
            found.offers.setdefault(row[1], {})[row[0]] = Offer._make(row)
        return pairs

    def _read_pairs(self, found: Snapshot, pairs: set[tuple[str, str]]) -> None:
        """Reads each pair's offer, and the shifts of the caregiver that overlap the pair's shift.

        Overlaps do not matter for a shift that somebody has and that cannot come free in this batch.
        """
        known = [pair for pair in pairs if pair[1] in found.fanouts]
        rows = self._writer.execute(
            f"""SELECT {OFFER} FROM json_each(?) j JOIN offers o
            ON o.shift_id = json_extract(j.value, '$[1]')
            AND o.caregiver_id = json_extract(j.value, '$[0]')""",
            (listed(known),),
        )
        for row in rows:
            found.offers.setdefault(row[1], {})[row[0]] = Offer._make(row)
        free = [
            (caregiver_id, state.start_ms, state.end_ms)
            for caregiver_id, shift_id in known
            if (state := found.fanouts[shift_id]).status is not Status.FILLED or shift_id in found.ready
        ]
        held = self._writer.execute(
            """SELECT f.holder, f.shift_id, f.start_ms, f.end_ms FROM json_each(?) j JOIN fanouts f
            ON f.holder = json_extract(j.value, '$[0]')
            AND f.start_ms < json_extract(j.value, '$[2]') AND f.end_ms > json_extract(j.value, '$[1]')""",
            (listed(free),),
        ).fetchall()
        for holder, shift_id, start_ms, end_ms in held:
            found.holds.setdefault(holder, {})[shift_id] = (start_ms, end_ms)
        self._read_shifts(found, {shift_id for _, shift_id, _, _ in held})

    def _read_members(self, found: Snapshot, keys: Keys, pairs: set[tuple[str, str]]) -> None:
        people = set(keys.members) | {caregiver_id for caregiver_id, _ in pairs}
        people |= {send.caregiver_id for send in (*found.waiting, *found.sends.values())}
        missing = people - found.members.keys()
        if missing:
            rows = self._writer.execute(
                f"SELECT {MEMBER} FROM caregivers WHERE id IN {LISTED}", (listed(missing),)
            )
            found.members |= {row[0]: schema.member_of(row) for row in rows}

    def commit(self, changes: Changes) -> None:
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            self._write(changes)
            self._writer.execute("COMMIT")
        except BaseException:
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
            raise

    def _write(self, changes: Changes) -> None:
        many = self._writer.executemany
        if changes.members:
            # Phones may pass from one to another within the batch: first let go of all of them.
            many("UPDATE caregivers SET phone = '-' || id WHERE id = ?", [(m,) for m in changes.members])
            many(
                schema.UPSERT_MEMBER,
                [(m.id, m.name, m.role, m.phone, m.opted_out) for m in changes.members.values()],
            )
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
                old = self._offers_read.get(key)
                if old is not None and old[schema.STEADY_OFFER] == offer[schema.STEADY_OFFER]:
                    answered.append((offer.sent_ms, offer.answer, *key))
                else:
                    others.append(offer)
            many(schema.UPDATE_OFFER, answered)
            many(schema.UPSERT_OFFER, others)
        if changes.entries:
            many(schema.INSERT_EVENT, [schema.entry_row(e) for e in changes.entries])
        if changes.sends:
            many(
                schema.UPSERT_SEND, [(*send, send.priority, send.ready_ms) for send in changes.sends.values()]
            )
        if changes.withdrawn:
            many(
                """UPDATE outbox SET status = 'withdrawn' WHERE shift_id = ? AND status = 'waiting'
                AND purpose = 'offer' AND generation <= ?""",
                changes.withdrawn.items(),
            )
        if changes.inbox:
            answers = [(key, INBOUND_RESULT.dump_json(r).decode()) for key, r in changes.inbox.items()]
            many("INSERT INTO inbox VALUES (?, ?)", answers)

    def _write_fanouts(self, fanouts: Mapping[str, State]) -> None:
        """Writes whole rows, or just the columns that a claim changes where the others are as they were."""
        whole, claimed = [], []
        for shift_id, new in fanouts.items():
            old = self._read.get(shift_id)
            if old is not None and old.version and old[schema.STEADY] == new[schema.STEADY]:
                deadline_ms = fanout.next_deadline_ms(new)
                row = new.status, new.version, new.last_ms, new.holder, new.since_ms, deadline_ms, shift_id
                claimed.append(row)
            else:
                whole.append(schema.state_row(shift_id, new))
        self._writer.executemany(schema.UPSERT_STATE, whole)
        self._writer.executemany(schema.UPDATE_STATE, claimed)

    # --- readers -------------------------------------------------------------------------------

    @contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        try:
            reader = self._readers.get_nowait()
        except queue.Empty:
            reader = open_read_only(self._path)
        try:
            yield reader
        finally:
            self._readers.put_nowait(reader)

    def due(self, now_ms: int, most: int) -> tuple[list[str], int | None]:
        with self._reader() as reader:
            rows = reader.execute(
                """SELECT shift_id FROM fanouts WHERE next_deadline_ms <= ?
                ORDER BY next_deadline_ms, shift_id LIMIT ?""",
                (now_ms, most),
            ).fetchall()
            (later,) = reader.execute(
                "SELECT min(next_deadline_ms) FROM fanouts WHERE next_deadline_ms > ?", (now_ms,)
            ).fetchone()
        return [shift_id for (shift_id,) in rows], later

    def events(self, after_seq: int, most: int, shift_id: str | None = None) -> Sequence[Entry]:
        with self._reader() as reader:
            return read_events(reader, after_seq, most, shift_id)

    def members(self) -> Sequence[Member]:
        with self._reader() as reader:
            return [
                schema.member_of(row)
                for row in reader.execute(f"SELECT {MEMBER} FROM caregivers ORDER BY position")
            ]

    def member(self, caregiver_id: str) -> Member | None:
        with self._reader() as reader:
            row = reader.execute(f"SELECT {MEMBER} FROM caregivers WHERE id = ?", (caregiver_id,)).fetchone()
        return schema.member_of(row) if row else None

    def shift(self, shift_id: str) -> ShiftView | None:
        with self._reader() as reader:
            row = reader.execute(f"SELECT {SHIFT} WHERE s.id = ?", (shift_id,)).fetchone()
            return _view(reader, row) if row else None

    def shifts(self, after_id: str, most: int, status: Status | None = None) -> Sequence[ShiftView]:
        with self._reader() as reader:
            rows = reader.execute(
                f"""SELECT {SHIFT} WHERE s.id > ?1 AND (?2 IS NULL OR coalesce(f.status, 'planned') = ?2)
                ORDER BY s.id LIMIT ?3""",
                (after_id, status, most),
            ).fetchall()
            return [_view(reader, row) for row in rows]

    def policy(self, organization: str) -> Policy | None:
        with self._reader() as reader:
            row = reader.execute(
                "SELECT data FROM policies WHERE organization = ?", (organization,)
            ).fetchone()
        return schema.policy_of(row[0]) if row else None

    def depth(self) -> tuple[int, int | None]:
        with self._reader() as reader:
            count, oldest = reader.execute(
                "SELECT count(*), min(due_ms) FROM outbox WHERE status IN ('waiting', 'leased')"
            ).fetchone()
        return count, oldest


def _view(reader: sqlite3.Connection, row: Sequence[Any]) -> ShiftView:
    shift = schema.shift_of(row[1])
    offers = reader.execute(f"SELECT {OFFER} FROM offers o WHERE o.shift_id = ?", (shift.id,))
    return ShiftView(shift, schema.state_of(shift, row[2:]), tuple(Offer._make(offer) for offer in offers))


def read_events(
    reader: sqlite3.Connection, after_seq: int, most: int, shift_id: str | None = None
) -> list[Entry]:
    """Journal entries after `after_seq`, in order; those of one shift if `shift_id` is given."""
    columns = "seq, shift_id, version, at_ms, kind, data"
    if shift_id is None:
        rows = reader.execute(
            f"SELECT {columns} FROM journal WHERE seq > ? ORDER BY seq LIMIT ?", (after_seq, most)
        )
    else:
        rows = reader.execute(
            f"SELECT {columns} FROM journal WHERE shift_id = ? AND seq > ? ORDER BY version LIMIT ?",
            (shift_id, after_seq, most),
        )
    return [entry_from(*row) for row in rows]
