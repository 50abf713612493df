"""Texts and calls to make: when they may begin, and when a failed one is tried again.

The outbox and the simulation use the same functions, so both feel the same queue before the carrier.
"""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Literal, NamedTuple

from core.events import Purpose
from core.model import Channel
from core.notice import Notice
from core.record import record

# An offer is tried until it is pointless, other texts for about four hours. But whatever may have gone out
# without a word from the carrier is not repeated without end.
MAX_ATTEMPTS = 500
MAX_DOUBTS = 5
# Exponential backoff with full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter", 2015).
FIRST_RETRY_MS = 2_000
LONGEST_RETRY_MS = 60_000

SendStatus = Literal["waiting", "leased", "sent", "failed", "withdrawn"]


class Owner(NamedTuple):
    """Who holds a lease: a replica, and which of its lives. Each start of a replica raises its `epoch`."""

    replica: str
    epoch: int


def offer_key(shift_id: str, generation: int, round: int, channel: Channel, caregiver_id: str) -> str:
    """The key of an offer: the same offer never gets another."""
    return f"{shift_id}:{generation}:{round}:{channel}:{caregiver_id}"


def answer_key(seq: int) -> str:
    """The key of the text that answers a message; `seq` is the last entry that the message caused."""
    return f"answer/{seq}"


def notice_key(seq: int) -> str:
    """The key of a text that tells a holder what a coordinator did; `seq` is of the entry after it."""
    return f"notice/{seq}"


class Send(NamedTuple):
    """A text or call to make. `attempts` counts leases and is the token under which one is marked.

    It says `text`, or `notices` as long as nobody has made a text of them. It may begin from `due_ms` on;
    once leased by `owner`, it counts as lost at `lease_ms`. `started_ms`: when it last began.
    `generation` and `round` are those of an offer; `confirms`: the `seq` of each claim that it confirms.
    `provider_id`: by which the carrier knows it. `doubts`: how many attempts may have gone out, though the
    carrier did not say so or the process died.
    """

    key: str
    caregiver_id: str
    channel: Channel
    purpose: Purpose
    due_ms: int
    notices: tuple[Notice, ...] = ()
    text: str = ""
    shift_id: str | None = None
    generation: int | None = None
    round: int | None = None
    confirms: tuple[int, ...] = ()
    attempts: int = 0
    status: SendStatus = "waiting"
    lease_ms: int | None = None
    owner: Owner | None = None
    started_ms: int | None = None
    provider_id: str | None = None
    doubts: int = 0

    @property
    def priority(self) -> int:
        """Answers and notices (0) go before offers (1): somebody is waiting for them."""
        return 1 if self.purpose == "offer" else 0

    @property
    def ready_ms(self) -> int:
        """From when it may be begun: when it is due or, if it is under way, when it counts as lost."""
        return self.due_ms if self.lease_ms is None else self.lease_ms

    def leased(self, owner: Owner, now_ms: int, until_ms: int) -> "Send":
        return self._replace(
            status="leased", attempts=self.attempts + 1, lease_ms=until_ms, owner=owner, started_ms=now_ms
        )

    def ended(self, status: SendStatus, provider_id: str | None = None) -> "Send":
        return self._replace(status=status, lease_ms=None, owner=None, provider_id=provider_id)

    def retried(self, due_ms: int, doubts: int = 0) -> "Send":
        """`doubts`: how many more there are."""
        return self._replace(
            status="waiting", due_ms=due_ms, lease_ms=None, owner=None, doubts=self.doubts + doubts
        )


def interval_ms(per_second: float) -> int:
    """The time from one send to the next at this rate; more than a thousand a second is no limit."""
    return 0 if per_second > 1000 else ceil(1000 / per_second)


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

    def resting(self, channel: Channel, now_ms: int) -> tuple[int, int]:
        """A person whose last send on the channel began strictly between these two times must wait.

        A later time comes from a clock that was set back since; nobody waits for it.
        """
        interval_ms = self.of(channel)[1]
        return now_ms - interval_ms, now_ms + interval_ms

    def of(self, channel: Channel) -> tuple[int, int]:
        """The sender's interval and the recipient's on `channel`."""
        if channel == "sms":
            return self.sms_ms, self.sms_per_person_ms
        return self.voice_ms, self.voice_per_person_ms


@record
class Plan:
    """What to begin now, and when each channel's sender is free again (ms); absent: it is free.

    `wake_ms`: when the first of those that must wait may begin.
    """

    start: tuple[Send, ...]
    free_ms: dict[Channel, int]
    wake_ms: int | None


def plan(
    waiting: Sequence[Send], started_ms: Mapping[Channel, int], limits: Limits, now_ms: int, most: int
) -> Plan:
    """Chooses at most `most` of `waiting` (all due, in order of priority, to people who do not rest).

    `started_ms`: when a send on each channel was last begun. A time more than an interval ahead comes from a
    clock that was set back since, and delays nothing.
    """
    free_ms: dict[tuple[Channel, str], int] = {}
    for channel, at_ms in started_ms.items():
        interval_ms = limits.of(channel)[0]
        if now_ms - interval_ms < at_ms < now_ms + interval_ms:
            free_ms[channel, ""] = min(at_ms, now_ms) + interval_ms
    start: list[Send] = []
    wake_ms: int | None = None
    for send in waiting:
        sender, person = (send.channel, ""), (send.channel, send.caregiver_id)
        ready_ms = max(free_ms.get(sender, now_ms), free_ms.get(person, now_ms))
        if ready_ms > now_ms or len(start) == most:
            wake_ms = ready_ms if wake_ms is None else min(wake_ms, ready_ms)
            continue
        for key, interval_ms in zip((sender, person), limits.of(send.channel), strict=True):
            if interval_ms:
                free_ms[key] = now_ms + interval_ms
        start.append(send)
    senders = {channel: at_ms for (channel, person), at_ms in free_ms.items() if not person}
    return Plan(tuple(start), senders, wake_ms)


def retry_delay_ms(attempts: int, jitter: float) -> int:
    """How long to wait after `attempts` failures; `jitter` in [0, 1) spreads it evenly from 0 to the cap."""
    cap_ms = min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS)
    return int(cap_ms * jitter)
