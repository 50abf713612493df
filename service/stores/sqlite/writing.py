"""One commit's statements: of everything that changed, what differs from what is in the file.

One statement for each table and kind of change, for all rows of the batch together: a batch may hold hundreds
of sends.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence

from core import fanout
from core.events import Entry
from core.fanout import State
from core.offers import DAY_MS, Offer
from core.ports import Attention, Changes, Conflict, RosterEntry
from core.sends import Send
from service.answers import answer_json, once_json
from service.stores.sqlite import rows, statements
from service.stores.sqlite.memory import Memory, OfferKey
from service.stores.sqlite.rows import LISTED, listed

# For how long an answer is remembered at least. Carriers try a webhook again within minutes, not days.
REMEMBERED_MS = 7 * DAY_MS


class Writing:
    """The writing of one batch within a transaction.

    `newcomers`: the numbers of new caregivers; `last`: the `seq` of each shift's last event.
    """

    def __init__(self, connection: sqlite3.Connection, memory: Memory) -> None:
        self._run = connection.execute
        self._many = connection.executemany
        self._memory = memory
        self.newcomers: dict[str, int] = {}
        self.last: dict[str, int] = {}

    def write(self, changes: Changes) -> None:
        """Raises `Conflict` if a fanout is not as it was read."""
        if changes.people:
            self._write_people(changes.people)
        if changes.consents:
            self._many(statements.UPSERT_CONSENT, list(changes.consents.items()))
        if changes.shifts:
            shifts = [(shift.id, shift.model_dump_json()) for shift in changes.shifts.values()]
            self._many(statements.UPSERT_SHIFT, shifts)
        if changes.policies:
            policies = [(name, policy.model_dump_json()) for name, policy in changes.policies.items()]
            self._many(statements.UPSERT_POLICY, policies)
        self._memory.learn_shifts(_shifts_in(changes))
        if changes.entries:
            self._many(statements.INSERT_EVENT, [self._event_row(entry) for entry in changes.entries])
        answers = self._write_offers(changes.offers) if changes.offers else {}
        if changes.fanouts:
            self._write_fanouts(changes.fanouts, answers)
        if answers:
            self._many(statements.UPDATE_ANSWERS, [(patch, number) for number, patch in answers.items()])
        if changes.sends:
            self._write_sends(changes.sends.values())
        if changes.withdrawn:
            self._run(statements.WITHDRAW, (json.dumps(changes.withdrawn),))
        if changes.inbox or changes.once:
            self._write_answers(changes)
        if changes.attention:
            self._write_attention(changes.attention)
            self._run(statements.DELETE_ATTENTION, (changes.forget_ms,))
        if changes.done:
            done = [(item.done_ms, item.done_by, number) for number, item in changes.done.items()]
            self._many(statements.UPDATE_ATTENTION, done)

    def _caregiver(self, caregiver_id: str) -> int:
        """The number of their row."""
        return self.newcomers.get(caregiver_id) or self._memory.roster.numbers[caregiver_id]

    def _write_people(self, people: Mapping[str, RosterEntry]) -> None:
        old = self._memory.roster.entries
        same = [e for e in people.values() if e.id in old and rows.WHO(e) == rows.WHO(old[e.id])]
        self._many(
            statements.UPDATE_ENTRY,
            [(e.opted_out, e.last_notice_ms, e.last_asked_ms, e.id) for e in same],
        )
        changed = people.keys() - {entry.id for entry in same}
        if not changed:
            return
        # Phones may pass from one to another within the batch: first let go of all of them.
        self._many(statements.FREE_PHONE, [(caregiver_id,) for caregiver_id in changed])
        self._many(statements.UPSERT_ENTRY, [rows.entry_row(e) for e in people.values() if e.id in changed])
        new = changed - old.keys()
        found = self._run(f"SELECT id, number FROM caregivers WHERE id IN {LISTED}", (listed(new),))
        self.newcomers = dict(found.fetchall())

    def _event_row(self, entry: Entry) -> tuple[object, ...]:
        """The row of an event; `last` follows."""
        event, shift_id, data = entry.event, entry.shift_id, entry.data().decode()
        if shift_id is None:
            return entry.seq, None, None, None, event.at_ms, event.kind, data
        known = self._memory.shifts[shift_id]
        previous = self.last.get(shift_id, known.last_seq)
        self.last[shift_id] = entry.seq
        return entry.seq, known.number, entry.version, previous, event.at_ms, event.kind, data

    def _write_fanouts(self, fanouts: Mapping[str, State], answers: dict[int, str]) -> None:
        """Writes of each state the columns that differ from what was read, with its `answers`, which it
        takes away.
        """
        fresh: list[tuple[object, ...]] = []
        rounds: list[tuple[object, ...]] = []
        changed: dict[str, list[tuple[object, ...]]] = {}
        for shift_id, new in fanouts.items():
            number, _, old, old_seq = self._memory.shifts[shift_id]
            deadline_ms = fanout.next_deadline_ms(new)
            holder = None if new.holder is None else self._caregiver(new.holder)
            version = new.version, new.last_ms, self.last.get(shift_id, old_seq)
            life = *version, new.status, holder, new.since_ms, deadline_ms
            if not old.version:
                fresh.append((*life, new.start_ms, new.end_ms, number))
                rounds.append(rows.rounds_row(number, new))
                continue
            if rows.ROUNDS(old) != rows.ROUNDS(new):
                rounds.append(rows.rounds_row(number, new))
            row: tuple[object, ...] = version
            update = statements.UPDATE_VERSION
            if rows.TIMES(old) != rows.TIMES(new):
                update, row = statements.UPDATE_TIMES, (*life, new.start_ms, new.end_ms)
            elif rows.LIFE(old) != rows.LIFE(new) or deadline_ms != fanout.next_deadline_ms(old):
                update, row = statements.UPDATE_LIFE, life
            if number in answers:
                changed.setdefault(update.with_answers, []).append(
                    (*row, answers.pop(number), number, old_seq)
                )
            else:
                changed.setdefault(update.alone, []).append((*row, number, old_seq))
        if fresh:
            self._many(statements.INSERT_FANOUT, fresh)
        if rounds:
            self._many(statements.UPSERT_ROUNDS, rounds)
        for statement, updated in changed.items():
            if self._many(statement, updated).rowcount != len(updated):
                raise Conflict("somebody else has written to the database")

    def _write_offers(self, offers: Mapping[OfferKey, Offer]) -> dict[int, str]:
        """Writes of each offer what differs from what was read; returns the answers, by shift as a patch
        of those that stand with the fanout.
        """
        made, told = [], []
        answers: dict[int, list[str]] = {}
        self._memory.learn_offers(offers)
        for key, offer in offers.items():
            number, person = self._memory.shifts[key[0]].number, self._caregiver(key[1])
            old = self._memory.offer(key)
            if rows.ANSWERED(offer) != ((None, None) if old is None else rows.ANSWERED(old)):
                answers.setdefault(number, []).append(rows.answer_patch(person, offer))
            if old is None or rows.MADE(old) != rows.MADE(offer):
                made.append((number, person, *rows.MADE(offer), *rows.TOLD(offer)))
            elif rows.TOLD(old) != rows.TOLD(offer):
                told.append((*rows.TOLD(offer), number, person))
        if made:
            self._many(statements.REPLACE_OFFER, made)
        if told:
            self._many(statements.UPDATE_OFFER, told)
        return {number: f"{{{','.join(given)}}}" for number, given in answers.items()}

    def _write_sends(self, sends: Iterable[Send]) -> None:
        """Writes whole those that were not read, of the others only what becomes of them."""
        whole, begun, ended = [], [], []
        for send in sends:
            number, old = self._memory.send(send.key)
            if old is None or rows.WHAT(old) != rows.WHAT(send):
                whole.append(rows.send_row(send))
            elif old.started_ms != send.started_ms:
                begun.append(rows.begun_row(number, send))
            else:
                ended.append(rows.ended_row(number, send))
        for statement, changed in (
            (statements.UPSERT_SEND, whole),
            (statements.UPDATE_SEND_BEGUN, begun),
            (statements.UPDATE_SEND, ended),
        ):
            if changed:
                self._many(statement, changed)

    def _write_answers(self, changes: Changes) -> None:
        """The answers given to messages and coordinators; old ones are forgotten, a whole table at once."""
        now_ms, since_ms = self._memory.now_ms, self._memory.inbox_since_ms
        assert now_ms is not None
        if since_ms is None:
            self._memory.inbox_since_ms = now_ms
        elif now_ms - since_ms > REMEMBERED_MS:
            for statement in statements.CHANGE_INBOXES:
                self._run(statement)
            self._memory.inbox_since_ms = now_ms
        given = [
            (key, answer_json(result).decode(), now_ms, result.fingerprint)
            for key, result in changes.inbox.items()
        ]
        given += [
            (f"once/{key}", once_json(answered), now_ms, answered[1])
            for key, answered in changes.once.items()
        ]
        self._many(statements.INSERT_ANSWER, given)

    def _write_attention(self, items: Sequence[Attention]) -> None:
        shifts = self._memory.shifts
        rows = [
            (
                item.at_ms, item.reason, item.text, shifts[item.shift_id].number if item.shift_id else None,
                item.caregiver_id, item.phone,
            )
            for item in items
        ]  # fmt: skip
        self._many(statements.INSERT_ATTENTION, rows)


def _shifts_in(changes: Changes) -> Iterator[str]:
    """The shifts whose rows must be known."""
    yield from changes.fanouts
    for entry in changes.entries:
        if entry.shift_id is not None:
            yield entry.shift_id
    for shift_id, _ in changes.offers:
        yield shift_id
    for item in changes.attention:
        if item.shift_id is not None:
            yield item.shift_id
