"""What a store says about the shifts of a run after it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from core.events import Entry
from core.invariants import violations
from core.ports import ShiftView

PAGE = 10_000


class StoreState(NamedTuple):
    """`holders`: who holds each shift, None for nobody. `journals`: the entries of each shift, in order.

    `broken`: the rules that the journal as a whole breaks (`core.invariants.violations`).
    """

    holders: Mapping[str, str | None]
    journals: Mapping[str, Sequence[Entry]]
    broken: Sequence[str] = ()


class StoreUnreadable(Exception):
    """The store cannot be read; the message is one sentence."""


class Readable(Protocol):
    """What the checker asks of a store; any store of the service answers it."""

    def events(self, after_seq: int, most: int) -> Sequence[Entry]:
        """Journal entries after `after_seq`, in order."""

    def shift(self, shift_id: str) -> ShiftView | None: ...


def read_all(store: Readable, shift_ids: Iterable[str]) -> StoreState:
    """Reads the whole journal, and the holders of these shifts as of its end.

    `holders` leaves out shifts that the store does not know.
    """
    journals: dict[str, list[Entry]] = {shift_id: [] for shift_id in shift_ids}
    everything: list[Entry] = []

    def next_page(most: int) -> Sequence[Entry]:
        return store.events(everything[-1].seq if everything else 0, most)

    complete = False
    while not complete:  # again if entries were added while the shifts were read
        while page := next_page(PAGE):
            everything += page
        views = [store.shift(shift_id) for shift_id in journals]
        complete = not next_page(1)
    for entry in everything:
        if entry.shift_id in journals:
            journals[entry.shift_id].append(entry)
    holders = {view.shift.id: view.fanout.holder for view in views if view is not None}
    return StoreState(holders, journals, violations(everything))
