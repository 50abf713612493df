"""Questions to the file, over connections that can only read: they neither wait nor make anybody wait."""

import json
import os
import queue
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.events import Entry, entry_from
from core.fanout import Status
from core.model import Policy
from core.ports import Attention, RosterEntry, ShiftView, StoreError, Unavailable
from service.stores.sqlite import faults, rows, schema
from service.stores.sqlite.ownership import may
from service.stores.sqlite.rows import ATTENTION, ATTENTION_OF, ENTRY, OFFER, SHIFT, SHIFT_OF
from service.stores.sqlite.schema import DatabaseUnusable

_WANTS_TO_WRITE = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)


def open_read_only(path: Path) -> sqlite3.Connection:
    """A connection that can only read, whoever owns the file. Raises `DatabaseUnusable`."""
    if path.is_dir():
        raise DatabaseUnusable(f"cannot open the database {path}: it is a folder; name a file")
    if path.exists() and not may(path, os.R_OK):
        raise DatabaseUnusable(f"cannot open the database {path}: this user may not read it")
    try:
        return _open(path, "mode=ro")
    except sqlite3.Error as error:
        if not path.exists() or error.sqlite_errorcode & faults.PRIMARY_CODE not in _WANTS_TO_WRITE:
            raise DatabaseUnusable(f"cannot open the database {path}: {error}") from None
    # SQLite makes files beside it, even to read. Where it may not, nobody can be writing to the database, and
    # it is read as it is, unless there is a log to be read with it.
    log = Path(f"{path.resolve()}-wal")
    try:
        if log.exists() and log.stat().st_size:
            raise DatabaseUnusable(
                f"cannot read the database {path} where it is: its log ({log.name}) must be merged into it, "
                "and this folder cannot be written; copy both files to a folder of yours"
            )
        return _open(path, "immutable=1")
    except (sqlite3.Error, OSError) as error:
        raise DatabaseUnusable(f"cannot open the database {path}: {error}") from None


def _open(path: Path, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?{how}", uri=True, check_same_thread=False, isolation_level=None
    )
    try:
        if not schema.check_schema(path, connection):
            raise DatabaseUnusable(f"the database {path} is empty: load or serve something first")
    except BaseException:
        connection.close()
        raise
    return connection


class Readers:
    """`Queries` over a file, from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lost: StoreError | None = None  # why nothing more can be said of the file
        self._idle: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()

    def _check_lost(self) -> None:
        if self._lost is not None:
            raise Unavailable(str(self._lost), final=True)

    @contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        """A connection for one thread. Raises `Unavailable` for whatever goes wrong with the file."""
        self._check_lost()
        try:
            reader = self._idle.get_nowait()
        except queue.Empty:
            try:
                reader = open_read_only(self._path)
            except DatabaseUnusable as error:
                raise Unavailable(str(error)) from error
        try:
            with faults.reading():
                yield reader
        finally:
            self._idle.put_nowait(reader)

    def close(self) -> None:
        while not self._idle.empty():
            self._idle.get_nowait().close()

    def deadlines(self, now_ms: int, most: int) -> tuple[list[str], int | None]:
        with self._reader() as reader:
            due = reader.execute(
                """SELECT s.id FROM fanouts f JOIN shifts s ON s.number = f.shift
                WHERE f.next_deadline_ms <= ? ORDER BY f.next_deadline_ms, s.id LIMIT ?""",
                (now_ms, most),
            ).fetchall()
            (later,) = reader.execute(
                "SELECT min(next_deadline_ms) FROM fanouts WHERE next_deadline_ms > ?", (now_ms,)
            ).fetchone()
        return [shift_id for (shift_id,) in due], later

    def events(self, after_seq: int, most: int, shift_id: str | None = None) -> Sequence[Entry]:
        with self._reader() as reader:
            return read_events(reader, after_seq, most, shift_id)

    def roster(self) -> Sequence[RosterEntry]:
        with self._reader() as reader:
            found = reader.execute(f"SELECT {ENTRY} FROM caregivers ORDER BY number")
            return [rows.entry_of(row) for row in found]

    def caregiver(self, caregiver_id: str) -> RosterEntry | None:
        with self._reader() as reader:
            row = reader.execute(f"SELECT {ENTRY} FROM caregivers WHERE id = ?", (caregiver_id,)).fetchone()
        return rows.entry_of(row) if row else None

    def shift(self, shift_id: str) -> ShiftView | None:
        with self._reader() as reader:
            row = reader.execute(f"SELECT {SHIFT} FROM {SHIFT_OF} WHERE s.id = ?", (shift_id,)).fetchone()
            return _view(reader, row) if row else None

    def list_shifts(self, after_id: str, most: int, status: Status | None = None) -> Sequence[ShiftView]:
        with self._reader() as reader:
            found = reader.execute(
                f"""SELECT {SHIFT} FROM {SHIFT_OF}
                WHERE s.id > ?1 AND (?2 IS NULL OR coalesce(f.status, 'planned') = ?2)
                ORDER BY s.id LIMIT ?3""",
                (after_id, status, most),
            ).fetchall()
            return [_view(reader, row) for row in found]

    def attention(self, before: int, most: int, done: bool = False) -> Sequence[Attention]:
        with self._reader() as reader:
            found = reader.execute(
                f"""SELECT {ATTENTION} FROM {ATTENTION_OF}
                WHERE a.number < ? AND (a.done_by IS NOT NULL) = ? ORDER BY a.number DESC LIMIT ?""",
                (before, done, most),
            )
            return list(map(rows.attention_of, found))

    def policy(self, organization: str) -> Policy | None:
        with self._reader() as reader:
            row = reader.execute(
                "SELECT data FROM policies WHERE organization = ?", (organization,)
            ).fetchone()
        return rows.policy_of(row[0]) if row else None

    def outbox_depth(self) -> tuple[int, int | None]:
        with self._reader() as reader:
            count, oldest = reader.execute(
                "SELECT count(*), min(due_ms) FROM outbox WHERE status IN ('waiting', 'leased')"
            ).fetchone()
        return count, oldest


def _view(reader: sqlite3.Connection, row: Sequence[Any]) -> ShiftView:
    shift, state = rows.shift_of(row)
    # Not `ANSWER`, which looks through all answers for each offer of a shift.
    found = reader.execute(
        "SELECT answers FROM fanouts f JOIN shifts s ON s.number = f.shift WHERE s.id = ?", (shift.id,)
    ).fetchone()
    answers = json.loads(found[0]) if found else {}
    offers = reader.execute(
        f"""SELECT c.number, c.id, {OFFER} FROM shifts s JOIN offers o ON o.shift = s.number
        JOIN caregivers c ON c.number = o.caregiver WHERE s.id = ?""",
        (shift.id,),
    )
    attention = reader.execute(
        f"SELECT {ATTENTION} FROM {ATTENTION_OF} WHERE s.id = ? ORDER BY a.number", (shift.id,)
    )
    return ShiftView(
        shift,
        state,
        tuple(
            rows.offer_of(shift.id, caregiver_id, columns, answers.get(str(number)))
            for number, caregiver_id, *columns in offers
        ),
        tuple(map(rows.attention_of, attention)),
    )


def read_events(
    reader: sqlite3.Connection, after_seq: int, most: int, shift_id: str | None = None
) -> list[Entry]:
    """Journal entries after `after_seq`, in order; those of one shift if `shift_id` is given."""
    columns = "seq, shift_id, version, at_ms, kind, data"
    if shift_id is None:
        found = reader.execute(
            f"SELECT {columns} FROM journal WHERE seq > ? ORDER BY seq LIMIT ?", (after_seq, most)
        )
    else:
        found = reader.execute(
            f"""WITH RECURSIVE chain (seq) AS (
                SELECT f.last_seq FROM fanouts f JOIN shifts s ON s.number = f.shift WHERE s.id = ?1
                UNION ALL SELECT e.previous FROM chain JOIN events e USING (seq) WHERE e.previous > ?2)
            SELECT {columns} FROM chain JOIN journal USING (seq) WHERE seq > ?2 ORDER BY seq LIMIT ?3""",
            (shift_id, after_seq, most),
        )
    return [entry_from(*row) for row in found]
