"""Which sends may start now, and when a failed one is tried again.

The outbox and the simulation use the same functions, so both feel the same queue before the carrier.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Literal, NamedTuple

from core.model import Channel
from core.record import record

MAX_ATTEMPTS = 5
# Exponential backoff with full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter", 2015).
FIRST_RETRY_MS = 2_000
LONGEST_RETRY_MS = 60_000

Purpose = Literal["offer", "answer", "notice"]
SendStatus = Literal["waiting", "leased", "sent", "failed", "withdrawn"]


class Send(NamedTuple):
    """A text or call to make. `attempts` counts leases and is the token under which one is marked.

    `key` is deterministic: for an offer `shift:generation:round:channel:caregiver`. A send may start from
    `due_ms` on; once leased, it is taken to be lost at `lease_ms`.
    """

    key: str
    caregiver_id: str
    channel: Channel
    purpose: Purpose
    text: str
    due_ms: int
    shift_id: str | None = None
    generation: int = 0
    attempts: int = 0
    status: SendStatus = "waiting"
    lease_ms: int | None = None

    @property
    def priority(self) -> int:
        """Answers and notices (0) go before offers (1): somebody is waiting for them."""
        return 1 if self.purpose == "offer" else 0

    @property
    def ready_ms(self) -> int:
        """From when it may be begun: when it is due or, if it is under way, when it counts as lost."""
        return self.due_ms if self.lease_ms is None else self.lease_ms

    def leased(self, until_ms: int) -> "Send":
        return self._replace(status="leased", attempts=self.attempts + 1, lease_ms=until_ms)

    def ended(self, status: SendStatus) -> "Send":
        return self._replace(status=status, lease_ms=None)

    def retried(self, due_ms: int) -> "Send":
        return self._replace(status="waiting", due_ms=due_ms, lease_ms=None)


@record
class Limits:
    """The least time in ms from one send to the next; 0 is no limit.

    Twilio sends one segment a second per long code and starts one call a second per account. Nobody gets
    two texts within a second, or is phoned about a second shift while the first call may still be going on.
    """

    sms_ms: int = 1_000
    voice_ms: int = 1_000
    sms_per_person_ms: int = 1_000
    voice_per_person_ms: int = 60_000

    def of(self, channel: Channel) -> tuple[int, int]:
        """The sender's interval and the recipient's on `channel`."""
        if channel == "sms":
            return self.sms_ms, self.sms_per_person_ms
        return self.voice_ms, self.voice_per_person_ms


@record
class Pace:
    """When the sender and each recipient are free again, by (channel, caregiver; "" is the sender)."""

    free_ms: Mapping[tuple[Channel, str], int] = field(default_factory=dict)

    @property
    def resting(self) -> dict[tuple[Channel, str], int]:
        """The people whom another send may have to wait for, and until when."""
        return {key: free_ms for key, free_ms in self.free_ms.items() if key[1]}


@record
class Plan:
    """What to start now, the pace after that, and when the next of the rest may start."""

    start: tuple[Send, ...]
    pace: Pace
    wake_ms: int | None


def plan(waiting: Sequence[Send], pace: Pace, limits: Limits, now_ms: int) -> Plan:
    """Chooses among `waiting` (all due, in order of priority) what may start at `now_ms`."""
    # Nobody rests longer than an interval, even if the clock was set back meanwhile.
    free_ms = {
        (channel, person): min(at_ms, now_ms + limits.of(channel)[1 if person else 0])
        for (channel, person), at_ms in pace.free_ms.items()
        if at_ms > now_ms
    }
    start: list[Send] = []
    wake_ms: int | None = None
    for send in waiting:
        sender, person = (send.channel, ""), (send.channel, send.caregiver_id)
        ready_ms = max(free_ms.get(sender, now_ms), free_ms.get(person, now_ms))
        if ready_ms > now_ms:
            wake_ms = ready_ms if wake_ms is None else min(wake_ms, ready_ms)
            continue
        for key, interval_ms in zip((sender, person), limits.of(send.channel), strict=True):
            if interval_ms:
                free_ms[key] = now_ms + interval_ms
        start.append(send)
    return Plan(tuple(start), Pace(free_ms), wake_ms)


def retry_delay_ms(attempts: int, jitter: float) -> int:
    """How long to wait after `attempts` failures; `jitter` in [0, 1) spreads it evenly from 0 to the cap."""
    cap_ms = min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS)
    return int(cap_ms * jitter)
