"""The store in one SQLite file: WAL, fully synchronous, owned by one process.

One connection writes; the ledger sees to it that only one thread uses it at a time. Readers have their own
connections, opened read-only, so they neither wait nor make anybody wait.
"""

import json
import queue
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from core import fanout
from core.commands import INBOUND_RESULT
from core.dispatch import Send
from core.fanout import State, Status
from core.messages import Entry, entry_from
from core.model import Policy, Shift
from core.routing import DAY_MS, Offer
from core.store import Changes, Keys, Member, ShiftView, Snapshot

SCHEMA_VERSION = 1
SCHEMA = """
CREATE TABLE caregivers (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL,
    phone TEXT NOT NULL UNIQUE, opted_out INTEGER NOT NULL
) STRICT;
CREATE INDEX caregivers_role ON caregivers (role, position);
CREATE TABLE shifts (id TEXT PRIMARY KEY, data TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE policies (organization TEXT PRIMARY KEY, data TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE fanouts (
    shift_id TEXT PRIMARY KEY, role TEXT NOT NULL, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL,
    status TEXT NOT NULL, version INTEGER NOT NULL, last_ms INTEGER NOT NULL, policy TEXT NOT NULL,
    generation INTEGER NOT NULL, opened_ms INTEGER NOT NULL, rounds_done INTEGER NOT NULL,
    round_ms INTEGER NOT NULL, exhausted INTEGER NOT NULL, contacted TEXT NOT NULL,
    declined TEXT NOT NULL, holder TEXT, since_ms INTEGER, next_deadline_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX fanouts_due ON fanouts (next_deadline_ms) WHERE next_deadline_ms IS NOT NULL;
CREATE INDEX fanouts_holder ON fanouts (holder, start_ms, end_ms) WHERE holder IS NOT NULL;
CREATE VIEW assignments AS
    SELECT shift_id, holder AS caregiver_id, start_ms, end_ms, since_ms
    FROM fanouts WHERE holder IS NOT NULL;
CREATE TABLE offers (
    shift_id TEXT NOT NULL, caregiver_id TEXT NOT NULL, code TEXT NOT NULL, generation INTEGER NOT NULL,
    made_ms INTEGER NOT NULL, sent_ms INTEGER, answer TEXT, told_closed INTEGER NOT NULL,
    PRIMARY KEY (shift_id, caregiver_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX offers_conversation ON offers (caregiver_id, made_ms);
CREATE TABLE events (
    seq INTEGER PRIMARY KEY, shift_id TEXT, version INTEGER, at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL, data TEXT NOT NULL, UNIQUE (shift_id, version)
) STRICT;
CREATE TABLE outbox (
    key TEXT PRIMARY KEY, caregiver_id TEXT NOT NULL, channel TEXT NOT NULL, purpose TEXT NOT NULL,
    text TEXT NOT NULL, due_ms INTEGER NOT NULL, shift_id TEXT, generation INTEGER NOT NULL,
    attempts INTEGER NOT NULL, status TEXT NOT NULL, lease_ms INTEGER,
    priority INTEGER NOT NULL, ready_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_ready ON outbox (channel, priority, ready_ms) WHERE status IN ('waiting', 'leased');
CREATE INDEX outbox_offers ON outbox (shift_id) WHERE status = 'waiting' AND purpose = 'offer';
CREATE TABLE inbox (message_id TEXT PRIMARY KEY, result TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""

_MEMBER = "id, name, role, phone, opted_out"
_OFFER = "o.shift_id, o.caregiver_id, o.code, o.generation, o.made_ms, o.sent_ms, o.answer, o.told_closed"
_SEND = "key, caregiver_id, channel, purpose, text, due_ms, shift_id, generation, attempts, status, lease_ms"
_STATE = (
    "f.role, f.start_ms, f.end_ms, f.status, f.version, f.last_ms, f.policy, f.generation, f.opened_ms, "
    "f.rounds_done, f.round_ms, f.exhausted, f.contacted, f.declined, f.holder, f.since_ms"
)
_SHIFT = f"s.id, s.data, {_STATE} FROM shifts s LEFT JOIN fanouts f ON f.shift_id = s.id"
_LISTED = "(SELECT value FROM json_each(?))"
# A checkpoint every 16 MB of log rather than every 4: hot pages are copied back less often.
_CHECKPOINT_PAGES = 4_000


class DatabaseUnusable(Exception):
    """The file cannot be opened as a database of this product; the message is one sentence for a person."""


def _list(values: Iterable[object]) -> str:
    return json.dumps(list(values))


@lru_cache(maxsize=4096)
def _policy(text: str) -> Policy:
    return Policy.model_validate_json(text)


@lru_cache(maxsize=4096)
def _policy_text(policy: Policy) -> str:
    return policy.model_dump_json()


# Shifts of one role are offered to the same people, and most rows come back as they were read.
@lru_cache(maxsize=512)
def _people(text: str) -> frozenset[str]:
    return frozenset(json.loads(text))


@lru_cache(maxsize=512)
def _people_text(people: frozenset[str]) -> str:
    return json.dumps(sorted(people), separators=(",", ":"))


@lru_cache(maxsize=4096)
def _shift(text: str) -> Shift:
    return Shift.model_validate_json(text)


_STATUS = {status.value: status for status in Status}


def _state(shift: Shift, row: Sequence[Any]) -> State:
    if row[0] is None:
        return fanout.planned(shift)
    (role, start_ms, end_ms, status, version, last_ms, policy, generation, opened_ms,
     rounds_done, round_ms, exhausted, contacted, declined, holder, since_ms) = row  # fmt: skip
    return State(
        role, start_ms, end_ms, _STATUS[status], version, last_ms, _policy(policy), generation, opened_ms,
        rounds_done, round_ms, exhausted == 1, _people(contacted), _people(declined), holder, since_ms,
    )  # fmt: skip


def _member(row: Sequence[Any]) -> Member:
    caregiver_id, name, role, phone, opted_out = row
    return Member(caregiver_id, name, role, phone, opted_out == 1)


def _offer(row: Sequence[Any]) -> Offer:
    shift_id, caregiver_id, code, generation, made_ms, sent_ms, answer, told_closed = row
    return Offer(shift_id, caregiver_id, code, generation, made_ms, sent_ms, answer, told_closed == 1)


def open_read_only(path: Path) -> sqlite3.Connection:
    """A connection that can only read, whoever owns the file. Raises `DatabaseUnusable`."""
    try:
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False, isolation_level=None
        )
        _check_schema(path, connection)
    except sqlite3.Error as error:
        raise DatabaseUnusable(f"cannot open the database {path}: {error}") from None
    return connection


def _check_schema(path: Path, connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'table'").fetchone()
    if version > SCHEMA_VERSION:
        raise DatabaseUnusable(
            f"the database {path} has schema version {version} and this program knows {SCHEMA_VERSION}: "
            "use a newer program"
        )
    if version == 0 and tables:
        raise DatabaseUnusable(f"{path} is a database of another program: give another file")
    return int(version)


class SqliteStore:
    """`core.store.Store` in a file. Raises `DatabaseUnusable` if the file is not to be had."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = FileLock(f"{path}.lock")
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
        self._readers: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()

    def _open(self) -> sqlite3.Connection:
        try:
            writer = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
            writer.execute("PRAGMA journal_mode = WAL")
            writer.execute("PRAGMA synchronous = FULL")
            writer.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
            if _check_schema(self._path, writer) == 0:
                writer.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
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
                f"SELECT message_id, result FROM inbox WHERE message_id IN {_LISTED}", (_list(keys.messages),)
            )
            found.inbox = {message_id: INBOUND_RESULT.validate_json(text) for message_id, text in rows}
        if keys.phones:
            rows = run(f"SELECT {_MEMBER} FROM caregivers WHERE phone IN {_LISTED}", (_list(keys.phones),))
            found.members = {row[0]: _member(row) for row in rows}
            found.phones = {member.phone: member.id for member in found.members.values()}
        if keys.policies:
            found.policies = {
                name: _policy(data) for name, data in run("SELECT organization, data FROM policies")
            }
        if keys.sends:
            rows = run(f"SELECT {_SEND} FROM outbox WHERE key IN {_LISTED}", (_list(keys.sends),))
            found.sends = {row[0]: Send(*row) for row in rows}
        if keys.leased:
            rows = run(
                f"SELECT {_SEND} FROM outbox WHERE status IN ('waiting', 'leased') AND status = 'leased'"
            )
            found.sends |= {row[0]: Send(*row) for row in rows}
        if keys.most_waiting:
            self._find_waiting(found, keys.most_waiting, now_ms)
        pairs = {(found.phones[phone], shift_id) for phone, shift_id in keys.pairs if phone in found.phones}
        pairs |= {(s.caregiver_id, s.shift_id) for s in (*found.sends.values(), *found.waiting) if s.shift_id}
        pairs |= {(caregiver_id, shift_id) for caregiver_id in keys.members for shift_id in keys.shifts}
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
        self._read_pairs(found, pairs)
        self._read_members(found, keys, pairs)
        return found

    def _find_waiting(self, found: Snapshot, most: int, now_ms: int) -> None:
        ready = "FROM outbox WHERE status IN ('waiting', 'leased') AND channel = ? AND priority = ?"
        for channel in ("sms", "voice"):
            room = most
            for priority in (0, 1):
                rows = self._writer.execute(
                    f"SELECT {_SEND} {ready} AND ready_ms <= ? ORDER BY ready_ms LIMIT ?",
                    (channel, priority, now_ms, room),
                ).fetchall()
                found.waiting += [Send(*row) for row in rows]
                room -= len(rows)
                (later,) = self._writer.execute(
                    f"SELECT min(ready_ms) {ready} AND ready_ms > ?", (channel, priority, now_ms)
                ).fetchone()
                if later is not None:
                    found.next_send_ms = min(later, found.next_send_ms or later)

    def _conversation(self, found: Snapshot, caregiver_id: str, now_ms: int, leaves: bool) -> set[str]:
        """Reads the offers that an answer of theirs may mean; returns their shifts."""
        rows = self._writer.execute(
            f"""SELECT {_OFFER} FROM offers o WHERE o.caregiver_id = ?1 AND o.made_ms > ?2
            UNION SELECT {_OFFER} FROM fanouts f JOIN offers o USING (shift_id)
            WHERE f.holder = ?1 AND f.end_ms > ?3 AND o.caregiver_id = ?1
            UNION SELECT {_OFFER} FROM offers o JOIN fanouts f USING (shift_id)
            WHERE ?4 AND o.caregiver_id = ?1 AND f.status = 'open'""",
            (caregiver_id, now_ms - DAY_MS, now_ms, leaves),
        )
        offers = {row[0]: _offer(row) for row in rows}
        found.offers.setdefault(caregiver_id, {}).update(offers)
        return set(offers)

    def _read_shifts(self, found: Snapshot, shift_ids: Iterable[str]) -> None:
        missing = [shift_id for shift_id in shift_ids if shift_id not in found.shifts]
        if not missing:
            return
        for row in self._writer.execute(f"SELECT {_SHIFT} WHERE s.id IN {_LISTED}", (_list(missing),)):
            shift = found.shifts[row[0]] = _shift(row[1])
            found.fanouts[row[0]] = _state(shift, row[2:])

    def _read_rosters(self, found: Snapshot, now_ms: int) -> set[tuple[str, str]]:
        """Reads the rosters of the shifts in `ready` with all that new offers must respect."""
        pairs: set[tuple[str, str]] = set()
        for shift_id in found.ready:
            role = found.shifts[shift_id].role_required
            if role not in found.rosters:
                people = self._writer.execute(
                    f"SELECT {_MEMBER} FROM caregivers WHERE role = ? ORDER BY position", (role,)
                ).fetchall()
                found.members |= {row[0]: _member(row) for row in people}
                found.rosters[role] = tuple(row[0] for row in people)
            pairs |= {(caregiver_id, shift_id) for caregiver_id in found.rosters[role]}
        listed = _list({caregiver_id for caregiver_id, _ in pairs})
        rows = self._writer.execute(
            f"""SELECT {_OFFER} FROM json_each(?1) j
            JOIN offers o ON o.caregiver_id = j.value AND o.made_ms > ?2
            UNION SELECT {_OFFER} FROM json_each(?1) j
            JOIN fanouts f ON f.holder = j.value AND f.end_ms > ?3
            JOIN offers o ON o.shift_id = f.shift_id AND o.caregiver_id = j.value""",
            (listed, now_ms - DAY_MS, now_ms),
        )
        for row in rows:
            found.offers.setdefault(row[1], {})[row[0]] = _offer(row)
        return pairs

    def _read_pairs(self, found: Snapshot, pairs: set[tuple[str, str]]) -> None:
        """Reads each pair's offer, and the shifts of the caregiver that overlap the pair's shift."""
        wanted = [
            (c, s, found.fanouts[s].start_ms, found.fanouts[s].end_ms) for c, s in pairs if s in found.fanouts
        ]
        if not wanted:
            return
        listed = (_list(wanted),)
        rows = self._writer.execute(
            f"""SELECT {_OFFER} FROM json_each(?) j JOIN offers o
            ON o.shift_id = json_extract(j.value, '$[1]')
            AND o.caregiver_id = json_extract(j.value, '$[0]')""",
            listed,
        )
        for row in rows:
            found.offers.setdefault(row[1], {})[row[0]] = _offer(row)
        held = self._writer.execute(
            """SELECT f.holder, f.shift_id, f.start_ms, f.end_ms FROM json_each(?) j JOIN fanouts f
            ON f.holder = json_extract(j.value, '$[0]')
            AND f.start_ms < json_extract(j.value, '$[3]') AND f.end_ms > json_extract(j.value, '$[2]')""",
            listed,
        ).fetchall()
        for holder, shift_id, start_ms, end_ms in held:
            found.holds.setdefault(holder, {})[shift_id] = (start_ms, end_ms)
        self._read_shifts(found, {shift_id for _, shift_id, _, _ in held})

    def _read_members(self, found: Snapshot, keys: Keys, pairs: set[tuple[str, str]]) -> None:
        people = set(keys.members) | {caregiver_id for caregiver_id, _ in pairs}
        people |= {send.caregiver_id for send in (*found.waiting, *found.sends.values())}
        people |= {state.holder for state in found.fanouts.values() if state.holder}
        missing = people - found.members.keys()
        if missing:
            rows = self._writer.execute(
                f"SELECT {_MEMBER} FROM caregivers WHERE id IN {_LISTED}", (_list(missing),)
            )
            found.members |= {row[0]: _member(row) for row in rows}

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
                f"""INSERT INTO caregivers ({_MEMBER}) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
                name = excluded.name, role = excluded.role, phone = excluded.phone,
                opted_out = excluded.opted_out""",
                [(m.id, m.name, m.role, m.phone, m.opted_out) for m in changes.members.values()],
            )
        if changes.shifts:
            rows = ((shift.id, shift.model_dump_json()) for shift in changes.shifts.values())
            many("INSERT OR REPLACE INTO shifts VALUES (?, ?)", rows)
        if changes.policies:
            policies = [(name, _policy_text(policy)) for name, policy in changes.policies.items()]
            many("INSERT OR REPLACE INTO policies VALUES (?, ?)", policies)
        if changes.fanouts:
            fanouts = [_fanout_row(shift_id, state) for shift_id, state in changes.fanouts.items()]
            many(f"INSERT OR REPLACE INTO fanouts VALUES ({','.join('?' * 18)})", fanouts)
        if changes.offers:
            offers = [
                (
                    o.shift_id,
                    o.caregiver_id,
                    o.code,
                    o.generation,
                    o.made_ms,
                    o.sent_ms,
                    o.answer,
                    o.told_closed,
                )
                for o in changes.offers.values()
            ]
            many("INSERT OR REPLACE INTO offers VALUES (?, ?, ?, ?, ?, ?, ?, ?)", offers)
        if changes.entries:
            many("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", [_entry_row(e) for e in changes.entries])
        if changes.sends:
            sends = [_send_row(send) for send in changes.sends.values()]
            many(f"INSERT OR REPLACE INTO outbox VALUES ({','.join('?' * 13)})", sends)
        if changes.withdrawn:
            many(
                """UPDATE outbox SET status = 'withdrawn' WHERE shift_id = ? AND status = 'waiting'
                AND purpose = 'offer' AND generation <= ?""",
                changes.withdrawn.items(),
            )
        if changes.inbox:
            answers = [(key, INBOUND_RESULT.dump_json(r).decode()) for key, r in changes.inbox.items()]
            many("INSERT INTO inbox VALUES (?, ?)", answers)

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
                _member(row) for row in reader.execute(f"SELECT {_MEMBER} FROM caregivers ORDER BY position")
            ]

    def member(self, caregiver_id: str) -> Member | None:
        with self._reader() as reader:
            row = reader.execute(f"SELECT {_MEMBER} FROM caregivers WHERE id = ?", (caregiver_id,)).fetchone()
        return _member(row) if row else None

    def shift(self, shift_id: str) -> ShiftView | None:
        with self._reader() as reader:
            row = reader.execute(f"SELECT {_SHIFT} WHERE s.id = ?", (shift_id,)).fetchone()
            return _view(reader, row) if row else None

    def shifts(self, after_id: str, most: int, status: Status | None = None) -> Sequence[ShiftView]:
        with self._reader() as reader:
            rows = reader.execute(
                f"""SELECT {_SHIFT} WHERE s.id > ?1 AND (?2 IS NULL OR coalesce(f.status, 'planned') = ?2)
                ORDER BY s.id LIMIT ?3""",
                (after_id, status, most),
            ).fetchall()
            return [_view(reader, row) for row in rows]

    def policy(self, organization: str) -> Policy | None:
        with self._reader() as reader:
            row = reader.execute(
                "SELECT data FROM policies WHERE organization = ?", (organization,)
            ).fetchone()
        return _policy(row[0]) if row else None

    def depth(self) -> tuple[int, int | None]:
        with self._reader() as reader:
            count, oldest = reader.execute(
                "SELECT count(*), min(due_ms) FROM outbox WHERE status IN ('waiting', 'leased')"
            ).fetchone()
        return count, oldest


def _view(reader: sqlite3.Connection, row: Sequence[Any]) -> ShiftView:
    shift = _shift(row[1])
    offers = reader.execute(f"SELECT {_OFFER} FROM offers o WHERE o.shift_id = ?", (shift.id,))
    return ShiftView(shift, _state(shift, row[2:]), tuple(_offer(offer) for offer in offers))


def read_events(
    reader: sqlite3.Connection, after_seq: int, most: int, shift_id: str | None = None
) -> list[Entry]:
    """Journal entries after `after_seq`, in order; those of one shift if `shift_id` is given."""
    columns = "seq, shift_id, version, at_ms, kind, data"
    if shift_id is None:
        rows = reader.execute(
            f"SELECT {columns} FROM events WHERE seq > ? ORDER BY seq LIMIT ?", (after_seq, most)
        )
    else:
        rows = reader.execute(
            f"SELECT {columns} FROM events WHERE shift_id = ? AND seq > ? ORDER BY version LIMIT ?",
            (shift_id, after_seq, most),
        )
    return [entry_from(*row) for row in rows]


def _fanout_row(shift_id: str, s: State) -> tuple[object, ...]:
    return (
        shift_id, s.role, s.start_ms, s.end_ms, s.status, s.version, s.last_ms, _policy_text(s.policy),
        s.generation, s.opened_ms, s.rounds_done, s.round_ms, s.exhausted, _people_text(s.contacted),
        _people_text(s.declined), s.holder, s.since_ms, fanout.next_deadline_ms(s),
    )  # fmt: skip


def _entry_row(entry: Entry) -> tuple[object, ...]:
    event = entry.event
    return entry.seq, entry.shift_id, entry.version, event.at_ms, event.kind, entry.data().decode()


def _send_row(s: Send) -> tuple[object, ...]:
    return (
        s.key, s.caregiver_id, s.channel, s.purpose, s.text, s.due_ms, s.shift_id, s.generation,
        s.attempts, s.status, s.lease_ms, s.priority, s.ready_ms,
    )  # fmt: skip
