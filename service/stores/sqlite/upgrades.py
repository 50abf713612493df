"""How the tables of earlier versions become those of this one."""

import json
import sqlite3

from core.events import read_old_key

# From version 1 to 2, 2 to 3, and so on. Each step says itself what its tables were like, so that it stays
# true when the schema goes on.
_STEPS = (
    """
    ALTER TABLE inbox ADD COLUMN at_ms INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE inbox_before (
        message_id TEXT NOT NULL UNIQUE, result TEXT NOT NULL, at_ms INTEGER NOT NULL
    ) STRICT;
    """,
    """
    ALTER TABLE caregivers ADD COLUMN told_ms INTEGER;
    ALTER TABLE caregivers ADD COLUMN asked_ms INTEGER;
    ALTER TABLE offers ADD COLUMN helped_ms INTEGER;
    CREATE TABLE messages (
        number INTEGER PRIMARY KEY, shift INTEGER NOT NULL, caregiver_id TEXT NOT NULL,
        at_ms INTEGER NOT NULL, status TEXT NOT NULL, text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX messages_shift ON messages (shift);
    UPDATE fanouts SET answers = (
        SELECT json_group_object(key, iif(value = 'accept', last_ms, -last_ms)) FROM json_each(answers)
    ) WHERE answers != '{}';
    """,
    # Sends of this version say what those before said only in their keys; what has ended need not say it.
    # Whoever had leased one is gone: epoch 0 is before all others.
    """
    ALTER TABLE caregivers RENAME COLUMN told_ms TO last_notice_ms;
    ALTER TABLE caregivers RENAME COLUMN asked_ms TO last_asked_ms;
    DROP INDEX messages_shift;
    ALTER TABLE messages RENAME TO notes;
    CREATE INDEX notes_shift ON notes (shift);
    CREATE TABLE replicas (id TEXT PRIMARY KEY, epoch INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    DROP INDEX outbox_ready;
    DROP INDEX outbox_offers;
    ALTER TABLE outbox RENAME TO outbox_3;
    CREATE TABLE outbox (
        number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, caregiver_id TEXT NOT NULL,
        channel TEXT NOT NULL, purpose TEXT NOT NULL, text TEXT NOT NULL, shift_id TEXT, generation INTEGER,
        round INTEGER, confirms TEXT, due_ms INTEGER NOT NULL, attempts INTEGER NOT NULL,
        status TEXT NOT NULL, lease_ms INTEGER, owner TEXT, epoch INTEGER, started_ms INTEGER,
        provider_id TEXT, priority INTEGER NOT NULL, ready_ms INTEGER NOT NULL
    ) STRICT;
    INSERT INTO outbox SELECT
        rowid, key, caregiver_id, channel, purpose, text, shift_id, iif(purpose = 'offer', generation, NULL),
        iif(status IN ('waiting', 'leased'), old_round(key, shift_id), NULL),
        iif(status IN ('waiting', 'leased'), old_confirms(key, shift_id), NULL),
        due_ms, attempts, status, lease_ms, iif(status = 'leased', 'local', NULL),
        iif(status = 'leased', 0, NULL), NULL, NULL, priority, ready_ms
        FROM outbox_3 ORDER BY rowid;
    DROP TABLE outbox_3;
    CREATE INDEX outbox_ready ON outbox (channel, priority, ready_ms) WHERE status IN ('waiting', 'leased');
    CREATE INDEX outbox_offers ON outbox (shift_id) WHERE status = 'waiting' AND purpose = 'offer';
    CREATE INDEX outbox_started ON outbox (started_ms) WHERE started_ms IS NOT NULL;
    """,
    # A code counts until its shift has ended, and for a day at least. Consent belongs to a phone. Message ids
    # are unique for each phone only: old ones count for the caregiver who was answered.
    """
    ALTER TABLE offers RENAME TO offers_4;
    CREATE TABLE offers (
        shift INTEGER NOT NULL, caregiver INTEGER NOT NULL, code TEXT NOT NULL, generation INTEGER NOT NULL,
        made_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL, sent_ms INTEGER, helped_ms INTEGER,
        PRIMARY KEY (shift, caregiver)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO offers SELECT o.shift, o.caregiver, o.code, o.generation, o.made_ms,
        max(o.made_ms + 86400000, f.end_ms), o.sent_ms, o.helped_ms
        FROM offers_4 o JOIN fanouts f ON f.shift = o.shift;
    DROP TABLE offers_4;
    CREATE INDEX offers_conversation ON offers (caregiver, until_ms);
    ALTER TABLE caregivers ADD COLUMN phone_since_ms INTEGER;
    ALTER TABLE outbox ADD COLUMN doubts INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE attention (
        number INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, reason TEXT NOT NULL,
        text TEXT NOT NULL, shift INTEGER, caregiver_id TEXT, phone TEXT, done_ms INTEGER, done_by TEXT
    ) STRICT;
    INSERT INTO attention (number, at_ms, reason, text, shift, caregiver_id)
        SELECT number, at_ms, status, text, shift, caregiver_id FROM notes ORDER BY number;
    DROP TABLE notes;
    CREATE INDEX attention_shift ON attention (shift);
    CREATE INDEX attention_at ON attention (at_ms);
    CREATE TABLE opt_outs (phone TEXT PRIMARY KEY, opted_out INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    INSERT INTO opt_outs SELECT phone, 1 FROM caregivers WHERE opted_out;
    ALTER TABLE inbox RENAME COLUMN message_id TO key;
    ALTER TABLE inbox ADD COLUMN fingerprint INTEGER NOT NULL DEFAULT 0;
    UPDATE inbox SET key = (
        SELECT phone FROM caregivers WHERE id = json_extract(result, '$.caregiver_id')
    ) || '/' || key;
    ALTER TABLE inbox_before RENAME COLUMN message_id TO key;
    ALTER TABLE inbox_before ADD COLUMN fingerprint INTEGER NOT NULL DEFAULT 0;
    UPDATE inbox_before SET key = (
        SELECT phone FROM caregivers WHERE id = json_extract(result, '$.caregiver_id')
    ) || '/' || key;
    """,
)
NEWEST = len(_STEPS) + 1


def upgrade(connection: sqlite3.Connection) -> None:
    """Makes the tables of an earlier version those of the newest, all or none."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == NEWEST:
        return
    connection.create_function("old_round", 2, _old_round, deterministic=True)
    connection.create_function("old_confirms", 2, _old_confirms, deterministic=True)
    steps = "".join(_STEPS[version - 1 :])
    connection.executescript(f"BEGIN IMMEDIATE; {steps} PRAGMA user_version = {NEWEST}; COMMIT;")


def _old_round(key: str, shift_id: str | None) -> int | None:
    return read_old_key(key, shift_id).get("round")


def _old_confirms(key: str, shift_id: str | None) -> str | None:
    confirms = read_old_key(key, shift_id).get("confirms")
    return json.dumps(confirms) if confirms else None
