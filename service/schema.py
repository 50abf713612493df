"""The tables of the SQLite store, and the rows in them."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from core import fanout
from core.dispatch import Send
from core.fanout import State, Status
from core.messages import Entry
from core.model import Policy, Shift
from core.routing import Offer
from core.store import Member

SCHEMA_VERSION = 1
# Rows that change live in rowid tables: those of shifts that are open at the same time were made at the
# same time, so a batch of claims touches few pages although ids are random. For the same reason events
# point to the number of their fanout.
SCHEMA = """
CREATE TABLE caregivers (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL,
    phone TEXT NOT NULL UNIQUE, opted_out INTEGER NOT NULL
) STRICT;
CREATE INDEX caregivers_role ON caregivers (role, position);
CREATE TABLE shifts (id TEXT NOT NULL UNIQUE, data TEXT NOT NULL) STRICT;
CREATE TABLE policies (organization TEXT PRIMARY KEY, data TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE fanouts (
    number INTEGER PRIMARY KEY, shift_id TEXT NOT NULL UNIQUE, role TEXT NOT NULL,
    start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL,
    status TEXT NOT NULL, version INTEGER NOT NULL, last_ms INTEGER NOT NULL, policy TEXT NOT NULL,
    generation INTEGER NOT NULL, opened_ms INTEGER NOT NULL, rounds_done INTEGER NOT NULL,
    round_ms INTEGER NOT NULL, exhausted INTEGER NOT NULL, contacted TEXT NOT NULL,
    declined TEXT NOT NULL, holder TEXT, since_ms INTEGER, next_deadline_ms INTEGER
) STRICT;
CREATE INDEX fanouts_due ON fanouts (next_deadline_ms) WHERE next_deadline_ms IS NOT NULL;
CREATE INDEX fanouts_holder ON fanouts (holder, start_ms, end_ms) WHERE holder IS NOT NULL;
CREATE VIEW assignments AS
    SELECT shift_id, holder AS caregiver_id, start_ms, end_ms, since_ms
    FROM fanouts WHERE holder IS NOT NULL;
CREATE TABLE offers (
    shift_id TEXT NOT NULL, caregiver_id TEXT NOT NULL, code TEXT NOT NULL, generation INTEGER NOT NULL,
    made_ms INTEGER NOT NULL, sent_ms INTEGER, answer TEXT,
    UNIQUE (shift_id, caregiver_id)
) STRICT;
CREATE INDEX offers_conversation ON offers (caregiver_id, made_ms);
CREATE TABLE events (
    seq INTEGER PRIMARY KEY, fanout INTEGER, version INTEGER, at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL, data TEXT NOT NULL, UNIQUE (fanout, version)
) STRICT;
CREATE VIEW journal AS
    SELECT e.seq, f.shift_id, e.version, e.at_ms, e.kind, e.data
    FROM events e LEFT JOIN fanouts f ON f.number = e.fanout;
CREATE TABLE outbox (
    key TEXT NOT NULL UNIQUE, caregiver_id TEXT NOT NULL, channel TEXT NOT NULL, purpose TEXT NOT NULL,
    text TEXT NOT NULL, due_ms INTEGER NOT NULL, shift_id TEXT, generation INTEGER NOT NULL,
    attempts INTEGER NOT NULL, status TEXT NOT NULL, lease_ms INTEGER,
    priority INTEGER NOT NULL, ready_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_ready ON outbox (channel, priority, ready_ms) WHERE status IN ('waiting', 'leased');
CREATE INDEX outbox_offers ON outbox (shift_id) WHERE status = 'waiting' AND purpose = 'offer';
CREATE TABLE inbox (message_id TEXT PRIMARY KEY, result TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""


MEMBER = "id, name, role, phone, opted_out"
OFFER = ", ".join(f"o.{field}" for field in Offer._fields)
SEND = ", ".join(Send._fields)
STATE = ", ".join(f"f.{field}" for field in State._fields)
SHIFT = f"s.id, s.data, {STATE} FROM shifts s LEFT JOIN fanouts f ON f.shift_id = s.id"
LISTED = "(SELECT value FROM json_each(?))"

# The fields of a state that a claim or a send leaves alone: all before the status.
STEADY = slice(0, State._fields.index("status"))
# Those of an offer that a send or an answer leaves alone.
STEADY_OFFER = slice(0, Offer._fields.index("sent_ms"))


class DatabaseUnusable(Exception):
    """The file cannot be opened as a database of this product; the message is one sentence for a person."""


def check_schema(path: Path, connection: sqlite3.Connection) -> bool:
    """Whether the tables are there already. Raises `DatabaseUnusable` if they are not ours to use."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'table'").fetchone()
    if version > SCHEMA_VERSION:
        raise DatabaseUnusable(
            f"the database {path} has schema version {version} and this program knows {SCHEMA_VERSION}: "
            "use a newer program"
        )
    if version == 0 and tables:
        raise DatabaseUnusable(f"{path} is a database of another program: give another file")
    return bool(version)


def upsert(table: str, key: str, columns: str) -> str:
    """An INSERT of `columns`, or the UPDATE of the row with this `key`, which keeps its place."""
    names = columns.split(", ")
    settings = ", ".join(f"{name} = excluded.{name}" for name in names if name not in key.split(", "))
    places = ", ".join("?" * len(names))
    return f"INSERT INTO {table} ({columns}) VALUES ({places}) ON CONFLICT ({key}) DO UPDATE SET {settings}"


UPSERT_MEMBER = upsert("caregivers", "id", MEMBER)
UPSERT_SHIFT = upsert("shifts", "id", "id, data")
UPSERT_POLICY = upsert("policies", "organization", "organization, data")
UPSERT_OFFER = upsert("offers", "shift_id, caregiver_id", OFFER.replace("o.", ""))
UPSERT_SEND = upsert("outbox", "key", f"{SEND}, priority, ready_ms")
UPDATE_OFFER = "UPDATE offers SET sent_ms = ?, answer = ? WHERE shift_id = ? AND caregiver_id = ?"
UPSERT_STATE = upsert("fanouts", "shift_id", ", ".join((*State._fields, "next_deadline_ms", "shift_id")))
INSERT_EVENT = "INSERT INTO events VALUES (?, (SELECT number FROM fanouts WHERE shift_id = ?), ?, ?, ?, ?)"
UPDATE_STATE = """UPDATE fanouts SET status = ?, version = ?, last_ms = ?, holder = ?, since_ms = ?,
    next_deadline_ms = ? WHERE shift_id = ?"""


def listed(values: Iterable[object]) -> str:
    """The argument of `LISTED`."""
    return json.dumps(list(values))


@lru_cache(maxsize=4096)
def policy_of(text: str) -> Policy:
    return Policy.model_validate_json(text)


@lru_cache(maxsize=4096)
def shift_of(text: str) -> Shift:
    return Shift.model_validate_json(text)


# Shifts of one role are offered to the same people, so most lists have been read before.
@lru_cache(maxsize=512)
def _people(text: str) -> frozenset[str]:
    return frozenset(json.loads(text))


@lru_cache(maxsize=512)
def _people_text(people: frozenset[str]) -> str:
    return json.dumps(sorted(people), separators=(",", ":"))


_STATUS = {status.value: status for status in Status}


def state_of(shift: Shift, row: Sequence[Any]) -> State:
    """The state in the columns `STATE`; of a shift without a row, that it is planned."""
    if row[0] is None:
        return fanout.planned(shift)
    role, start_ms, end_ms, policy, generation, opened_ms, rounds_done, round_ms, exhausted = row[:9]
    contacted, declined, status, version, last_ms, holder, since_ms = row[9:]
    return State(
        role, start_ms, end_ms, policy_of(policy), generation, opened_ms, rounds_done, round_ms,
        exhausted == 1, _people(contacted), _people(declined), _STATUS[status], version, last_ms,
        holder, since_ms,
    )  # fmt: skip


def state_row(shift_id: str, s: State) -> tuple[object, ...]:
    """The arguments of `UPSERT_STATE`."""
    texts = s.policy.model_dump_json(), _people_text(s.contacted), _people_text(s.declined)
    row = s._replace(policy=texts[0], contacted=texts[1], declined=texts[2])  # type: ignore[arg-type]
    return (*row, fanout.next_deadline_ms(s), shift_id)


def member_of(row: Sequence[Any]) -> Member:
    caregiver_id, name, role, phone, opted_out = row
    return Member(caregiver_id, name, role, phone, opted_out == 1)


def entry_row(entry: Entry) -> tuple[object, ...]:
    """The arguments of `INSERT_EVENT`; the row of the fanout must be there already."""
    event = entry.event
    return entry.seq, entry.shift_id, entry.version, event.at_ms, event.kind, entry.data().decode()
