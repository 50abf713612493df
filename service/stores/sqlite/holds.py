"""Who holds which shifts, as far as somebody asked: every claim asks what else the caregiver holds."""

import sqlite3
from collections.abc import Iterable, Iterator

from core.fanout import State
from core.ports import Held
from service.stores.sqlite.roster import Roster
from service.stores.sqlite.rows import listed

# `CROSS JOIN` fixes the order: from the few who are asked about to what they hold.
_FIND_HOLDS = """SELECT f.holder, s.id, f.start_ms, f.end_ms FROM json_each(?) j
    CROSS JOIN fanouts f ON f.holder = j.value AND f.end_ms > ? JOIN shifts s ON s.number = f.shift"""
# What a caregiver and what each of their shifts takes in memory, as measured by tracemalloc.
_HOLDER_BYTES, _HELD_BYTES = 400, 250


class Holds:
    """What caregivers hold that ends after `since_ms`. `bytes`: what it takes in memory."""

    def __init__(self, connection: sqlite3.Connection, roster: Roster) -> None:
        self._connection = connection
        self._roster = roster
        self.forget()

    def forget(self) -> None:
        self._held: dict[str, Held] = {}
        self._since_ms: int | None = None
        self.bytes = 0

    def read(self, holders: Iterable[str], since_ms: int) -> Iterator[tuple[str, Held]]:
        """What each of them holds that ends after `since_ms`, if anything."""
        if self._since_ms is None or since_ms < self._since_ms:
            self.forget()
            self._since_ms = since_ms
        holders = list(holders)
        missing = [holder for holder in holders if holder not in self._held]
        if missing:
            self._learn(missing, self._since_ms)
        for holder in holders:
            held = self._held[holder]
            if held:
                found = {shift_id: times for shift_id, times in held.items() if times[1] > since_ms}
                if found:
                    yield holder, found

    def _learn(self, holders: list[str], since_ms: int) -> None:
        numbers = listed(self._roster.numbers[holder] for holder in holders)
        for holder in holders:
            self._held[holder] = {}
        self.bytes += _HOLDER_BYTES * len(holders)
        for number, shift_id, start_ms, end_ms in self._connection.execute(_FIND_HOLDS, (numbers, since_ms)):
            self._held[self._roster.ids[number]][shift_id] = (start_ms, end_ms)
            self.bytes += _HELD_BYTES

    def saw(self, shift_id: str, old: State, new: State) -> None:
        """A shift has passed from one to another, or to nobody."""
        if old.holder is not None and old.holder in self._held:
            self._held[old.holder].pop(shift_id, None)
        if new.holder is not None and new.holder in self._held:
            self._held[new.holder][shift_id] = (new.start_ms, new.end_ms)
            self.bytes += _HELD_BYTES
