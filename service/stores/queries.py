"""What a service asks its store besides units of work."""

from collections.abc import Sequence
from typing import Protocol

from core.events import Entry
from core.fanout import Status
from core.model import Policy
from core.ports import Attention, RosterEntry, ShiftView, Store


class Queries(Protocol):
    """What may be asked at any time, from any thread; what is answered has been committed."""

    def deadlines(self, now_ms: int, most: int) -> tuple[list[str], int | None]:
        """The shifts with a deadline up to `now_ms`, and the time of the next one after it."""

    def events(self, after_seq: int, most: int, shift_id: str | None = None) -> Sequence[Entry]:
        """Journal entries after `after_seq`, in order."""

    def roster(self) -> Sequence[RosterEntry]:
        """Everybody, in load order."""

    def caregiver(self, caregiver_id: str) -> RosterEntry | None: ...

    def shift(self, shift_id: str) -> ShiftView | None: ...

    def list_shifts(self, after_id: str, most: int, status: Status | None = None) -> Sequence[ShiftView]:
        """Shifts by id, those after `after_id`."""

    def attention(self, before: int, most: int, done: bool = False) -> Sequence[Attention]:
        """What coordinators should see to (or have), newest first: those with a number before `before`."""

    def policy(self, organization: str) -> Policy | None: ...

    def outbox_depth(self) -> tuple[int, int | None]:
        """How many sends wait or are under way, and since when (ms) the oldest of them has been due."""


class ServiceStore(Store, Queries, Protocol):
    """A store that can be asked while it is written to."""
