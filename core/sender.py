"""What to begin sending, when to look again, and what a result means: the whole loop without its I/O.

A shell (the service's outbox, the simulation) asks for a `request` when `wake_ms` has come, submits it, gives
the answer to `leased`, hands those sends to a carrier and submits the `mark` of each. It also shows every
committed batch to `on_commit`. The sender reads no clock and submits nothing by itself.

Delivery is at least once. A send begins when its lease is committed, so nothing begins that the desk has
withdrawn. What is under way here is never leased again, however late its lease runs out.
"""

from collections.abc import Mapping

from core.commands import Lease, Leased, MarkFailed, MarkSent, Outgoing, Reclaim
from core.model import Channel
from core.ports import CarrierError, Changes
from core.sends import Limits, Owner

# A lease must outlive the wait for the carrier, which answers within seconds or not at all.
LEASE_MS = 60_000
# How long to wait after the ledger did not take a request.
PAUSE_MS = 1_000
# The journal keeps so many characters of why a send failed.
LONGEST_WHY = 200


class Sender:
    """Keeps at most `most` sends under way.

    `wake_ms`: when to call `request` next, None while there is nothing to wait for.
    """

    def __init__(self, owner: Owner, limits: Limits, most: int) -> None:
        self.wake_ms: int | None = 0
        self.under_way: set[str] = set()
        self._owner = owner
        self._limits = limits
        self._most = most
        self._reclaimed = False
        self._asked = False
        self._full = False
        self._free_ms: Mapping[Channel, int] = {}
        # By channel: when the first send that was queued since the last request is ready.
        self._news: dict[Channel, int] = {}

    def request(self) -> Reclaim | Lease | None:
        """What to submit now: first what an earlier life left behind, then leases. None: no room."""
        self.wake_ms = None
        if not self._reclaimed:
            return Reclaim(self._owner)
        room = self._most - len(self.under_way)
        self._full = room <= 0
        if self._full:
            return None  # whichever ends first wakes the shell
        self._asked, self._news = True, {}
        return Lease(self._owner, self._limits, LEASE_MS, room, frozenset(self.under_way))

    def reclaimed(self) -> None:
        """The answer to a `Reclaim`."""
        self._reclaimed = True
        self.wake_ms = 0

    def leased(self, answer: Leased) -> tuple[Outgoing, ...]:
        """The answer to a `Lease`: what to hand to the carrier now."""
        self._asked = False
        self.under_way.update(send.key for send in answer.sends)
        self._free_ms = answer.free_ms
        if answer.wake_ms is not None:
            self._wake_at(answer.wake_ms)
        for channel, ready_ms in self._news.items():
            self._wake_at(self._start_ms(channel, ready_ms))
        return answer.sends

    def not_taken(self, now_ms: int) -> None:
        """The ledger did not take the request: it is made again after a pause."""
        self._asked = False
        self._wake_at(now_ms + PAUSE_MS)

    def mark(self, send: Outgoing, result: str | CarrierError | None, jitter: float) -> MarkSent | MarkFailed:
        """What to submit for a send that the carrier took (and calls by this id) or did not take.

        `jitter` in [0, 1) spreads the retries.
        """
        if isinstance(result, CarrierError):
            why = _storable(str(result))[:LONGEST_WHY]
            unknown = result.trouble == "unknown"
            return MarkFailed(send.key, send.attempt, why, result.permanent, jitter, unknown)
        return MarkSent(send.key, send.attempt, None if result is None else _storable(result))

    def ended(self, key: str) -> None:
        """The mark of a send was written or could not be. Either way nobody works on the send any more."""
        if key in self.under_way:  # `on_commit` has not seen it end
            self.under_way.discard(key)
            self._full = False
            self._wake_at(0)

    def doubted(self, now_ms: int) -> None:
        """Nobody knows whether a batch was committed, so there may be something to send.

        The pause keeps a store that leaves everything in doubt from being asked without end.
        """
        self._wake_at(now_ms + PAUSE_MS)

    def on_commit(self, changes: Changes) -> None:
        """Sees new sends, and those that are not under way any more."""
        for send in changes.sends.values():
            if send.status != "leased":
                self.under_way.discard(send.key)
            if send.status == "waiting":
                self._news[send.channel] = min(send.ready_ms, self._news.get(send.channel, send.ready_ms))
                if not self._asked:
                    self._wake_at(self._start_ms(send.channel, send.ready_ms))
        if self._full and len(self.under_way) < self._most:
            self._full = False
            self._wake_at(0)

    def _start_ms(self, channel: Channel, ready_ms: int) -> int:
        """When a send may begin: at most one interval after it is ready, even if the clock was set back."""
        return max(ready_ms, min(self._free_ms.get(channel, 0), ready_ms + self._limits.of(channel)[0]))

    def _wake_at(self, at_ms: int) -> None:
        self.wake_ms = at_ms if self.wake_ms is None else min(self.wake_ms, at_ms)


def _storable(words: str) -> str:
    """What a carrier says, without lone surrogates, which no journal can hold."""
    return words.encode(errors="replace").decode()
