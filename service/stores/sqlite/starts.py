"""When a send was last begun, on each channel and to each person on it: what rate limits go by.

It is kept in memory and stands in the outbox (`started_ms`), so it outlives the process.
"""

import sqlite3

from core.model import Channel
from core.sends import Send

# No limit is as long as an hour, so what began before the last one delays nothing.
_LONGEST_LIMIT_MS = 3_600_000
_LAST_STARTS = """SELECT channel, caregiver_id, max(started_ms) FROM outbox
    WHERE started_ms > (SELECT max(started_ms) FROM outbox) - ? GROUP BY channel, caregiver_id"""


class Starts:
    """The last starts of the sends in the outbox. One number for each person and channel at most."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.channels: dict[Channel, int] = {}
        self._people: dict[tuple[Channel, str], int] = {}
        for channel, caregiver_id, started_ms in connection.execute(_LAST_STARTS, (_LONGEST_LIMIT_MS,)):
            self._people[channel, caregiver_id] = started_ms
            self.channels[channel] = max(started_ms, self.channels.get(channel, started_ms))

    def saw(self, send: Send, before: Send | None) -> None:
        """Takes over a committed send, which was `before` until then.

        The latest start counts, not the latest time, since the clock may have been set back.
        """
        if send.started_ms is not None and (before is None or before.started_ms != send.started_ms):
            self.channels[send.channel] = send.started_ms
            self._people[send.channel, send.caregiver_id] = send.started_ms

    def of(self, channel: Channel, caregiver_id: str) -> int | None:
        """When a send to this person was last begun; None if that was long ago."""
        return self._people.get((channel, caregiver_id))
