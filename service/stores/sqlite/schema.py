"""The tables of the SQLite store, and whose the file is."""

import sqlite3
from pathlib import Path

from service.stores.sqlite import upgrades

APPLICATION_ID = 0x46414E4F  # "FANO"
SCHEMA_VERSION = upgrades.NEWEST
# A commit costs as much as the pages that it writes, so what a claim rewrites is one small row, in the order
# in which shifts were fanned out: `fanouts`, without what only rounds change, and with the answers of those
# asked (by caregiver number: when they accepted, or less than 0 when they declined). Numbers stand for ids,
# which are random. The journal is only appended to: `fanouts.last_seq` names a shift's last event and
# `events.previous` the one before, so that no index must grow in the middle. Answers are found by random
# ids, and an index of them would make every claim dearer for ever. So there are two tables, `inbox` and
# `inbox_before`, of which one is written: once its first row is old the other is emptied, and they change
# places.
INBOX = """CREATE TABLE inbox (
    key TEXT NOT NULL UNIQUE, result TEXT NOT NULL, at_ms INTEGER NOT NULL, fingerprint INTEGER NOT NULL
) STRICT"""
OUTBOX = """
CREATE TABLE outbox (
    number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, caregiver_id TEXT NOT NULL, channel TEXT NOT NULL,
    purpose TEXT NOT NULL, text TEXT NOT NULL, shift_id TEXT, generation INTEGER, round INTEGER,
    confirms TEXT, due_ms INTEGER NOT NULL, attempts INTEGER NOT NULL, status TEXT NOT NULL,
    lease_ms INTEGER, owner TEXT, epoch INTEGER, started_ms INTEGER, provider_id TEXT,
    priority INTEGER NOT NULL, ready_ms INTEGER NOT NULL, doubts INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_ready ON outbox (channel, priority, ready_ms) WHERE status IN ('waiting', 'leased');
CREATE INDEX outbox_offers ON outbox (shift_id) WHERE status = 'waiting' AND purpose = 'offer';
CREATE INDEX outbox_started ON outbox (started_ms) WHERE started_ms IS NOT NULL;
"""
ATTENTION = """
CREATE TABLE attention (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, reason TEXT NOT NULL,
    text TEXT NOT NULL, shift INTEGER, caregiver_id TEXT, phone TEXT, done_ms INTEGER, done_by TEXT
) STRICT;
CREATE INDEX attention_shift ON attention (shift);
CREATE INDEX attention_at ON attention (at_ms);
"""
REPLICAS = "CREATE TABLE replicas (id TEXT PRIMARY KEY, epoch INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
SCHEMA = f"""
CREATE TABLE caregivers (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL,
    phone TEXT NOT NULL UNIQUE, opted_out INTEGER NOT NULL, last_notice_ms INTEGER, last_asked_ms INTEGER,
    phone_since_ms INTEGER
) STRICT;
CREATE TABLE opt_outs (phone TEXT PRIMARY KEY, opted_out INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE shifts (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, data TEXT NOT NULL) STRICT;
CREATE TABLE policies (organization TEXT PRIMARY KEY, data TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE fanouts (
    shift INTEGER PRIMARY KEY, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, status TEXT NOT NULL,
    version INTEGER NOT NULL, last_ms INTEGER NOT NULL, last_seq INTEGER NOT NULL, holder INTEGER,
    since_ms INTEGER, next_deadline_ms INTEGER, answers TEXT NOT NULL DEFAULT '{{}}'
) STRICT;
CREATE INDEX fanouts_due ON fanouts (next_deadline_ms) WHERE next_deadline_ms IS NOT NULL;
CREATE INDEX fanouts_holder ON fanouts (holder, end_ms, start_ms) WHERE holder IS NOT NULL;
CREATE TABLE rounds (
    shift INTEGER PRIMARY KEY, policy TEXT NOT NULL, generation INTEGER NOT NULL,
    opened_ms INTEGER NOT NULL, rounds_done INTEGER NOT NULL, round_ms INTEGER NOT NULL,
    exhausted INTEGER NOT NULL, contacted TEXT NOT NULL, declined TEXT NOT NULL
) STRICT;
CREATE VIEW assignments AS
    SELECT s.id AS shift_id, c.id AS caregiver_id, f.start_ms, f.end_ms, f.since_ms
    FROM fanouts f JOIN shifts s ON s.number = f.shift JOIN caregivers c ON c.number = f.holder;
CREATE TABLE offers (
    shift INTEGER NOT NULL, caregiver INTEGER NOT NULL, code TEXT NOT NULL, generation INTEGER NOT NULL,
    made_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL, sent_ms INTEGER, helped_ms INTEGER,
    PRIMARY KEY (shift, caregiver)
) STRICT, WITHOUT ROWID;
CREATE INDEX offers_conversation ON offers (caregiver, until_ms);
CREATE TABLE events (
    seq INTEGER PRIMARY KEY, shift INTEGER, version INTEGER, previous INTEGER, at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL, data TEXT NOT NULL
) STRICT;
CREATE VIEW journal AS
    SELECT e.seq, s.id AS shift_id, e.version, e.at_ms, e.kind, e.data
    FROM events e LEFT JOIN shifts s ON s.number = e.shift;
{OUTBOX} {ATTENTION} {INBOX}; {INBOX.replace("inbox", "inbox_before")}; {REPLICAS}
"""
# Writes the first page as it is.
REWRITE = f"PRAGMA user_version = {SCHEMA_VERSION}"
RAISE_EPOCH = """INSERT INTO replicas VALUES (?, 1)
    ON CONFLICT (id) DO UPDATE SET epoch = epoch + 1 RETURNING epoch"""


class DatabaseUnusable(Exception):
    """The file cannot be opened as a database of this product; the message is one sentence for a person."""


def check_schema(path: Path, connection: sqlite3.Connection) -> bool:
    """Whether the tables are there already. Raises `DatabaseUnusable` if they are not ours to use."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'table'").fetchone()
    if application != APPLICATION_ID and (application or version or tables):
        raise DatabaseUnusable(
            f"{path} is a database of another program, or of an unreleased version of this one: give another"
        )
    if version > SCHEMA_VERSION:
        raise DatabaseUnusable(
            f"the database {path} has schema version {version} and this program knows {SCHEMA_VERSION}: "
            "use a newer program"
        )
    return bool(version)


def prepare(connection: sqlite3.Connection, is_ours: bool) -> None:
    """Makes the tables of this version in an empty file, or of those of an earlier one: all or none."""
    if is_ours:
        upgrades.upgrade(connection)
    else:
        connection.executescript(
            f"BEGIN; {SCHEMA} PRAGMA application_id = {APPLICATION_ID};"
            f"PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
        )
