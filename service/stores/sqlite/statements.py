"""The statements by which a commit writes."""

from typing import NamedTuple

from service.stores.sqlite.rows import ENTRY, SEND
from service.stores.sqlite.schema import INBOX


def _upsert(table: str, key: str, columns: str) -> str:
    """An INSERT of `columns`, or the UPDATE of the row with this `key`, which keeps its place."""
    names = [name.strip() for name in columns.split(",")]
    settings = ", ".join(f"{name} = excluded.{name}" for name in names if name != key)
    places = ", ".join("?" * len(names))
    return (
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places}) "
        f"ON CONFLICT ({key}) DO UPDATE SET {settings}"
    )


UPDATE_ENTRY = "UPDATE caregivers SET opted_out = ?, last_notice_ms = ?, last_asked_ms = ? WHERE id = ?"
UPSERT_CONSENT = "REPLACE INTO opt_outs VALUES (?, ?)"
FREE_PHONE = "UPDATE caregivers SET phone = '-' || id WHERE id = ?"
UPSERT_ENTRY = _upsert("caregivers", "id", ENTRY)
UPSERT_SHIFT = _upsert("shifts", "id", "id, data")
UPSERT_POLICY = _upsert("policies", "organization", "organization, data")
INSERT_FANOUT = """INSERT INTO fanouts (version, last_ms, last_seq, status, holder, since_ms,
    next_deadline_ms, start_ms, end_ms, shift) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
UPSERT_ROUNDS = _upsert(
    "rounds", "shift",
    "shift, policy, generation, opened_ms, rounds_done, round_ms, exhausted, contacted, declined",
)  # fmt: skip


class FanoutUpdate(NamedTuple):
    """The UPDATE of some columns of a fanout, `alone` or `with_answers`: a patch of them, after the columns.

    It finds its row only as it was read: whoever else had written it would make the commit fail.
    """

    alone: str
    with_answers: str

    @classmethod
    def of(cls, columns: str) -> "FanoutUpdate":
        settings = ", ".join(f"{name.strip()} = ?" for name in columns.split(","))
        answered = f"{settings}, answers = json_patch(answers, ?)"
        as_read = "WHERE shift = ? AND last_seq = ?"
        return cls(f"UPDATE fanouts SET {settings} {as_read}", f"UPDATE fanouts SET {answered} {as_read}")


_VERSION = "version, last_ms, last_seq"
_LIFE = f"{_VERSION}, status, holder, since_ms, next_deadline_ms"
UPDATE_VERSION = FanoutUpdate.of(_VERSION)
UPDATE_LIFE = FanoutUpdate.of(_LIFE)
UPDATE_TIMES = FanoutUpdate.of(f"{_LIFE}, start_ms, end_ms")
UPDATE_ANSWERS = "UPDATE fanouts SET answers = json_patch(answers, ?) WHERE shift = ?"
REPLACE_OFFER = """REPLACE INTO offers
    (shift, caregiver, code, generation, made_ms, until_ms, sent_ms, helped_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
UPDATE_OFFER = "UPDATE offers SET sent_ms = ?, helped_ms = ? WHERE shift = ? AND caregiver = ?"
INSERT_EVENT = """INSERT INTO events (seq, shift, version, previous, at_ms, kind, data)
    VALUES (?, ?, ?, ?, ?, ?, ?)"""
UPSERT_SEND = _upsert("outbox", "key", f"{SEND.partition(',')[2]}, priority, ready_ms")
# Two, since whatever sets `started_ms` must write its index.
UPDATE_SEND_BEGUN = """UPDATE outbox SET due_ms = ?, attempts = ?, status = ?, lease_ms = ?, owner = ?,
    epoch = ?, provider_id = ?, doubts = ?, ready_ms = ?, started_ms = ? WHERE number = ?"""
UPDATE_SEND = """UPDATE outbox SET due_ms = ?, attempts = ?, status = ?, lease_ms = ?, owner = ?,
    epoch = ?, provider_id = ?, doubts = ?, ready_ms = ? WHERE number = ?"""
WITHDRAW = """UPDATE outbox SET status = 'withdrawn' FROM json_each(?) j WHERE shift_id = j.key
    AND generation <= j.value AND status = 'waiting' AND purpose = 'offer'"""
INSERT_ATTENTION = """INSERT INTO attention (at_ms, reason, text, shift, caregiver_id, phone)
    VALUES (?, ?, ?, ?, ?, ?)"""
DELETE_ATTENTION = """DELETE FROM attention WHERE at_ms < ?1 AND (shift IS NULL OR EXISTS (
    SELECT 1 FROM fanouts f WHERE f.shift = attention.shift AND f.end_ms < ?1))"""
UPDATE_ATTENTION = "UPDATE attention SET done_ms = ?, done_by = ? WHERE number = ?"
INSERT_ANSWER = "INSERT INTO inbox (key, result, at_ms, fingerprint) VALUES (?, ?, ?, ?)"
OLDEST_ANSWER = "SELECT at_ms FROM inbox ORDER BY rowid LIMIT 1"
CHANGE_INBOXES = ("DROP TABLE inbox_before", "ALTER TABLE inbox RENAME TO inbox_before", INBOX)
