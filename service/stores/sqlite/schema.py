"""The tables of the SQLite store, and the rows in them."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from core import fanout
from core.fanout import State, Status
from core.model import Policy, Shift
from core.offers import Offer
from core.ports import Member
from core.sends import Send

APPLICATION_ID = 0x46414E4F  # "FANO"
SCHEMA_VERSION = 3
# A commit costs as much as the pages that it writes, so what a claim rewrites is one small row, in the order
# in which shifts were fanned out: `fanouts`, without what only rounds change, and with the answers of those
# asked (by caregiver number: when they accepted, or less than 0 when they declined). Numbers stand for ids,
# which are random. The journal is only appended to: `fanouts.last_seq` names a shift's last event and
# `events.previous` the one before, so that no index must grow in the middle.
SCHEMA = """
CREATE TABLE caregivers (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL,
    phone TEXT NOT NULL UNIQUE, opted_out INTEGER NOT NULL, told_ms INTEGER, asked_ms INTEGER
) STRICT;
CREATE TABLE shifts (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, data TEXT NOT NULL) STRICT;
CREATE TABLE policies (organization TEXT PRIMARY KEY, data TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE fanouts (
    shift INTEGER PRIMARY KEY, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, status TEXT NOT NULL,
    version INTEGER NOT NULL, last_ms INTEGER NOT NULL, last_seq INTEGER NOT NULL, holder INTEGER,
    since_ms INTEGER, next_deadline_ms INTEGER, answers TEXT NOT NULL DEFAULT '{}'
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
    made_ms INTEGER NOT NULL, sent_ms INTEGER, helped_ms INTEGER,
    PRIMARY KEY (shift, caregiver)
) STRICT, WITHOUT ROWID;
CREATE INDEX offers_conversation ON offers (caregiver, made_ms);
CREATE TABLE events (
    seq INTEGER PRIMARY KEY, shift INTEGER, version INTEGER, previous INTEGER, at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL, data TEXT NOT NULL
) STRICT;
CREATE VIEW journal AS
    SELECT e.seq, s.id AS shift_id, e.version, e.at_ms, e.kind, e.data
    FROM events e LEFT JOIN shifts s ON s.number = e.shift;
CREATE TABLE outbox (
    key TEXT NOT NULL UNIQUE, caregiver_id TEXT NOT NULL, channel TEXT NOT NULL, purpose TEXT NOT NULL,
    text TEXT NOT NULL, due_ms INTEGER NOT NULL, shift_id TEXT, generation INTEGER NOT NULL,
    attempts INTEGER NOT NULL, status TEXT NOT NULL, lease_ms INTEGER,
    priority INTEGER NOT NULL, ready_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_ready ON outbox (channel, priority, ready_ms) WHERE status IN ('waiting', 'leased');
CREATE INDEX outbox_offers ON outbox (shift_id) WHERE status = 'waiting' AND purpose = 'offer';
"""
MESSAGES = """CREATE TABLE messages (
    number INTEGER PRIMARY KEY, shift INTEGER NOT NULL, caregiver_id TEXT NOT NULL, at_ms INTEGER NOT NULL,
    status TEXT NOT NULL, text TEXT NOT NULL
) STRICT; CREATE INDEX messages_shift ON messages (shift)"""
# Answers are found by random ids, and an index of them would make every claim dearer for ever. So there are
# two tables, of which one is written: once its first row is old the other is emptied, and they change places.
INBOX = """CREATE TABLE inbox (
    message_id TEXT NOT NULL UNIQUE, result TEXT NOT NULL, at_ms INTEGER NOT NULL
) STRICT"""
SCHEMA += f"{MESSAGES}; {INBOX}; {INBOX.replace('inbox', 'inbox_before')};"

MEMBER = "id, name, role, phone, opted_out, told_ms, asked_ms"
UNANSWERED = "s.id, c.id, o.code, o.generation, o.made_ms, o.sent_ms, o.helped_ms"
OFFER = f"""{UNANSWERED}, json_extract(a.answers, '$."' || o.caregiver || '"')"""
OFFER_OF = """JOIN shifts s ON s.number = o.shift JOIN caregivers c ON c.number = o.caregiver
    LEFT JOIN fanouts a ON a.shift = o.shift"""
SEND = ", ".join(Send._fields)
SHIFT = """s.id, s.data, f.start_ms, f.end_ms, r.policy, r.generation, r.opened_ms, r.rounds_done,
    r.round_ms, r.exhausted, r.contacted, r.declined, f.status, f.version, f.last_ms, c.id, f.since_ms"""
SHIFT_OF = """shifts s LEFT JOIN fanouts f ON f.shift = s.number LEFT JOIN rounds r ON r.shift = s.number
    LEFT JOIN caregivers c ON c.number = f.holder"""
LISTED = "(SELECT value FROM json_each(?))"

# The fields of a state that a claim and a send leave alone, and those that a send or a lost claim leaves
# alone; the rest, how many events there were and the time of the last one, every event writes.
STEADY = slice(0, State._fields.index("status"))
LIFE = slice(0, State._fields.index("version"))
# Those of an offer that a send, a help or an answer leaves alone.
STEADY_OFFER = slice(0, Offer._fields.index("sent_ms"))
ANSWER = slice(Offer._fields.index("answered_ms"), len(Offer._fields))


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


def create(connection: sqlite3.Connection) -> None:
    """Makes the tables in an empty file, all or none."""
    connection.executescript(
        f"BEGIN; {SCHEMA} PRAGMA application_id = {APPLICATION_ID};"
        f"PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
    )


def upgrade(connection: sqlite3.Connection) -> None:
    """Makes the tables of earlier versions those of this one, all or none."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    steps = UPGRADES[version - 1 :]
    if steps:
        connection.executescript(f"BEGIN; {' '.join(steps)} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")


# From version 1 to 2, from 2 to 3.
UPGRADES = (
    f"""ALTER TABLE inbox ADD COLUMN at_ms INTEGER NOT NULL DEFAULT 0;
    {INBOX.replace("inbox", "inbox_before")};""",
    f"""ALTER TABLE caregivers ADD COLUMN told_ms INTEGER;
    ALTER TABLE caregivers ADD COLUMN asked_ms INTEGER; ALTER TABLE offers ADD COLUMN helped_ms INTEGER;
    {MESSAGES}; UPDATE fanouts SET answers = (
        SELECT json_group_object(key, iif(value = 'accept', last_ms, -last_ms)) FROM json_each(answers)
    ) WHERE answers != '{{}}';""",
)


def upsert(table: str, key: str, columns: str) -> str:
    """An INSERT of `columns`, or the UPDATE of the row with this `key`, which keeps its place."""
    names = columns.split(", ")
    settings = ", ".join(f"{name} = excluded.{name}" for name in names if name != key)
    places = ", ".join("?" * len(names))
    return f"INSERT INTO {table} ({columns}) VALUES ({places}) ON CONFLICT ({key}) DO UPDATE SET {settings}"


UPDATE_MEMBER = "UPDATE caregivers SET opted_out = ?, told_ms = ?, asked_ms = ? WHERE id = ?"
UPSERT_MEMBER = upsert("caregivers", "id", MEMBER)
UPSERT_SHIFT = upsert("shifts", "id", "id, data")
UPSERT_POLICY = upsert("policies", "organization", "organization, data")
INSERT_FANOUT = """INSERT INTO fanouts (version, last_ms, last_seq, status, holder, since_ms,
    next_deadline_ms, start_ms, end_ms, shift) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
UPSERT_ROUNDS = upsert(
    "rounds", "shift",
    "shift, policy, generation, opened_ms, rounds_done, round_ms, exhausted, contacted, declined",
)  # fmt: skip
# Each finds its row only as it was read: whoever else had written it would make the commit fail.
UPDATE_FANOUT = """UPDATE fanouts SET version = ?, last_ms = ?, last_seq = ?, status = ?, holder = ?,
    since_ms = ?, next_deadline_ms = ?, start_ms = ?, end_ms = ? WHERE shift = ? AND last_seq = ?"""
UPDATE_LIFE = """UPDATE fanouts SET version = ?, last_ms = ?, last_seq = ?, status = ?, holder = ?,
    since_ms = ?, next_deadline_ms = ? WHERE shift = ? AND last_seq = ?"""
UPDATE_VERSION = "UPDATE fanouts SET version = ?, last_ms = ?, last_seq = ? WHERE shift = ? AND last_seq = ?"
UPDATE_ANSWERS = "UPDATE fanouts SET answers = json_patch(answers, ?) WHERE shift = ?"
REPLACE_OFFER = "REPLACE INTO offers VALUES (?, ?, ?, ?, ?, ?, ?)"
UPDATE_OFFER = "UPDATE offers SET sent_ms = ?, helped_ms = ? WHERE shift = ? AND caregiver = ?"
DELETE_MESSAGES = """DELETE FROM messages WHERE shift = ?1 AND number NOT IN (
    SELECT number FROM messages WHERE shift = ?1 ORDER BY number DESC LIMIT ?2)"""
INSERT_MESSAGE = "INSERT INTO messages (shift, caregiver_id, at_ms, status, text) VALUES (?, ?, ?, ?, ?)"
INSERT_EVENT = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)"
UPSERT_SEND = upsert("outbox", "key", f"{SEND}, priority, ready_ms")
WITHDRAW = """UPDATE outbox SET status = 'withdrawn' FROM json_each(?) j WHERE shift_id = j.key
    AND generation <= j.value AND status = 'waiting' AND purpose = 'offer'"""
INSERT_ANSWER = "INSERT INTO inbox VALUES (?, ?, ?)"
FIND_ANSWERS = f"""SELECT message_id, result FROM inbox WHERE message_id IN {LISTED}
    UNION ALL SELECT message_id, result FROM inbox_before WHERE message_id IN {LISTED}"""
OLDEST_ANSWER = "SELECT at_ms FROM inbox ORDER BY rowid LIMIT 1"
CHANGE_INBOXES = ("DROP TABLE inbox_before", "ALTER TABLE inbox RENAME TO inbox_before", INBOX)


def listed(values: Iterable[object]) -> str:
    """The argument of `LISTED`."""
    return json.dumps(list(values))


@lru_cache(maxsize=4096)
def policy_of(text: str) -> Policy:
    return Policy.model_validate_json(text)


# Shifts of one role are offered to the same people, so most lists have been read before.
@lru_cache(maxsize=512)
def _people(text: str) -> frozenset[str]:
    return frozenset(json.loads(text))


@lru_cache(maxsize=512)
def _people_text(people: frozenset[str]) -> str:
    return json.dumps(sorted(people), separators=(",", ":"))


def shift_of(row: Sequence[Any]) -> tuple[Shift, State]:
    """A shift and its state from the columns `SHIFT`; without a fanout, that it is planned."""
    shift = Shift.model_validate_json(row[1])
    if row[2] is None:
        return shift, fanout.planned(shift)
    start_ms, end_ms, policy, generation, opened_ms, rounds_done, round_ms, exhausted = row[2:10]
    contacted, declined, status, version, last_ms, holder, since_ms = row[10:]
    return shift, State(
        shift.role_required, start_ms, end_ms, policy_of(policy), generation, opened_ms, rounds_done,
        round_ms, exhausted == 1, _people(contacted), _people(declined), Status(status), holder, since_ms,
        version, last_ms,
    )  # fmt: skip


def rounds_row(number: int, s: State) -> tuple[object, ...]:
    """The arguments of `UPSERT_ROUNDS`."""
    return (
        number, s.policy.model_dump_json(), s.generation, s.opened_ms, s.rounds_done, s.round_ms,
        s.exhausted, _people_text(s.contacted), _people_text(s.declined),
    )  # fmt: skip


def member_of(row: Sequence[Any]) -> Member:
    """The member in the columns `MEMBER`."""
    caregiver_id, name, role, phone, opted_out, told_ms, asked_ms = row
    return Member(caregiver_id, name, role, phone, opted_out == 1, told_ms, asked_ms)


def member_row(m: Member) -> tuple[object, ...]:
    """The columns `MEMBER`."""
    return m.id, m.name, m.role, m.phone, m.opted_out, m.told_ms, m.asked_ms


def offer_of(row: Sequence[Any]) -> Offer:
    """The offer in the columns `OFFER`."""
    answered_ms: int | None = row[-1]
    if answered_ms is None:
        return tuple.__new__(Offer, (*row, None))
    return tuple.__new__(Offer, (*row[:-1], abs(answered_ms), "accept" if answered_ms > 0 else "decline"))


def answered(offer: Offer) -> int | None:
    """An offer's answer as `fanouts.answers` holds it."""
    if offer.answer is None or offer.answered_ms is None:
        return None
    return offer.answered_ms if offer.answer == "accept" else -offer.answered_ms
