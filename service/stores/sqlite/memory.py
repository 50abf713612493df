"""What the store that owns the file knows without looking: nobody else writes it."""

import sqlite3
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import NamedTuple

from core import fanout
from core.fanout import State
from core.model import Shift
from core.offers import Offer
from core.ports import Changes
from core.sends import Send
from service.stores.sqlite import rows
from service.stores.sqlite.holds import Holds
from service.stores.sqlite.roster import Roster
from service.stores.sqlite.rows import ANSWER, ENTRY, LISTED, OFFER, SHIFT, SHIFT_OF, listed
from service.stores.sqlite.starts import Starts
from service.stores.sqlite.statements import OLDEST_ANSWER

# What is remembered of shifts and offers, in bytes, and what a shift, each person contacted for it and an
# offer take, as measured by tracemalloc.
_MOST_REMEMBERED = 32_000_000
_SHIFT_BYTES, _CONTACT_BYTES, _OFFER_BYTES = 2_000, 60, 300

# `CROSS JOIN`: from the few that are asked for to the offers.
_FIND_OFFERS = f"""SELECT o.shift, o.caregiver, {ANSWER}, {OFFER} FROM json_each(?) j
    CROSS JOIN offers o ON o.shift = json_extract(j.value, '$[0]')
    AND o.caregiver = json_extract(j.value, '$[1]') LEFT JOIN fanouts a ON a.shift = o.shift"""
# The sends that are under way are as many at most, unless the process does not mark them.
_MOST_LEASED = 4_096

OfferKey = tuple[str, str]
"""A shift and a caregiver, as in `Changes.offers`."""


class KnownShift(NamedTuple):
    """A shift as it is remembered. `number`: of its rows; `last_seq`: of its last event."""

    number: int
    shift: Shift
    state: State
    last_seq: int | None


class Memory:
    """The roster, the last starts, and what has lately been read or committed of shifts, offers, who holds
    what, and sends that are under way.

    Of the present unit of work also the shifts, offers and sends as they were read: a commit writes only what
    differs from them. An offer that was looked for and is not there is None.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        run = connection.execute
        people = run(f"SELECT number, {ENTRY} FROM caregivers ORDER BY number")
        opted_out = run("SELECT phone FROM opt_outs WHERE opted_out")
        self.roster = Roster(
            ((row[0], rows.entry_of(row[1:])) for row in people), (phone for (phone,) in opted_out)
        )
        self.starts = Starts(connection)
        (self.next_seq,) = run("SELECT coalesce(max(seq), 0) + 1 FROM events").fetchone()
        oldest = run(OLDEST_ANSWER).fetchone()
        self.inbox_since_ms: int | None = oldest[0] if oldest else None
        self.shifts: dict[str, KnownShift] = {}
        self.offers: dict[OfferKey, Offer] = {}
        self.holds = Holds(connection, self.roster)
        self.leased: dict[str, tuple[int, Send]] = {}
        self._bytes = 0
        self.now_ms: int | None = None
        self.offers_read: dict[OfferKey, Offer | None] = {}
        self.sends_read: dict[str, tuple[int, Send]] = {}
        self.shifts_read: set[str] = set()

    def begin(self, now_ms: int) -> None:
        """Begins a unit of work, if there is none."""
        if self.now_ms is None and self._bytes + self.holds.bytes > _MOST_REMEMBERED:
            self._forget()
        self.now_ms = now_ms

    def end(self) -> None:
        """Ends the unit of work."""
        self.now_ms = None
        self.offers_read, self.sends_read, self.shifts_read = {}, {}, set()

    def learn_shifts(self, shift_ids: Iterable[str]) -> None:
        """Reads those of the shifts that are not remembered."""
        missing = [shift_id for shift_id in shift_ids if shift_id not in self.shifts]
        if not missing:
            return
        found = self._connection.execute(
            f"SELECT s.number, f.last_seq, {SHIFT} FROM {SHIFT_OF} WHERE s.id IN {LISTED}", (listed(missing),)
        )
        for number, last_seq, *row in found:
            shift, state = rows.shift_of(row)
            self._bytes += _weight(state)
            self.shifts[shift.id] = KnownShift(number, shift, state, last_seq)

    def offer(self, key: OfferKey) -> Offer | None:
        """The offer as it was committed, if it is known."""
        return self.offers.get(key) or self.offers_read.get(key)

    def learn_offers(self, keys: Iterable[OfferKey]) -> None:
        """Reads those of the offers that are not known, so that `offer` tells what there is."""
        missing = [key for key in keys if key not in self.offers and key not in self.offers_read]
        if not missing:
            return
        self.learn_shifts({shift_id for shift_id, _ in missing})
        numbers, shift_ids, pairs = self.roster.numbers, {}, []
        for shift_id, caregiver_id in missing:
            known = self.shifts.get(shift_id)
            # Nothing was offered before anything happened.
            if known is not None and known.last_seq is not None and caregiver_id in numbers:
                shift_ids[known.number] = shift_id
                pairs.append((known.number, numbers[caregiver_id]))
        self.offers_read.update(dict.fromkeys(missing))
        if not pairs:
            return
        for shift, caregiver, answered_ms, *columns in self._connection.execute(
            _FIND_OFFERS, (listed(pairs),)
        ):
            self.keep_offer(rows.offer_of(shift_ids[shift], self.roster.ids[caregiver], columns, answered_ms))

    def keep_offer(self, offer: Offer) -> None:
        key = offer.shift_id, offer.caregiver_id
        if key not in self.offers:
            self._bytes += _OFFER_BYTES
        self.offers[key] = offer

    def send(self, key: str) -> tuple[int, Send | None]:
        """The number and the send as it was read in this unit of work; 0 and None if it was not."""
        return self.sends_read.get(key, (0, None))

    def saw(self, changes: Changes, newcomers: Mapping[str, int], last: Mapping[str, int]) -> None:
        """Takes over what has been committed: with it the numbers of new caregivers, and the `seq` of each
        shift's last event.
        """
        self.next_seq += len(changes.entries)
        if changes.people:
            self.roster.update(changes.people, newcomers)
        self.roster.saw_consents(changes.consents)
        for shift_id, shift in changes.shifts.items():
            if known := self.shifts.get(shift_id):
                state = known.state if known.state.version else fanout.planned(shift)
                self.shifts[shift_id] = KnownShift(known.number, shift, state, known.last_seq)
        for shift_id, state in changes.fanouts.items():
            number, shift, old, last_seq = self.shifts[shift_id]
            if state.holder != old.holder:
                self.holds.saw(shift_id, old, state)
            self._bytes += _CONTACT_BYTES * (len(state.contacted) - len(old.contacted))
            self.shifts[shift_id] = KnownShift(number, shift, state, last.get(shift_id, last_seq))
        for offer in changes.offers.values():
            self.keep_offer(offer)
        if changes.sends:
            self._saw_sends(changes.sends)

    def _saw_sends(self, sends: Mapping[str, Send]) -> None:
        if len(self.leased) > _MOST_LEASED:
            self.leased.clear()
        for key, send in sends.items():
            if send.started_ms is None:
                continue
            number, before = self.send(key)
            self.starts.saw(send, before)
            if send.status == "leased" and number:
                self.leased[key] = number, send
            else:
                self.leased.pop(key, None)

    def _forget(self) -> None:
        """Lets go of the older half of what is remembered, and of who holds what."""
        self.holds.forget()
        self.shifts = dict(islice(self.shifts.items(), (len(self.shifts) + 1) // 2, None))
        self.offers = dict(islice(self.offers.items(), (len(self.offers) + 1) // 2, None))
        self._bytes = _OFFER_BYTES * len(self.offers)
        self._bytes += sum(_weight(known.state) for known in self.shifts.values())


def _weight(state: State) -> int:
    return _SHIFT_BYTES + _CONTACT_BYTES * len(state.contacted)
