"""What the service counts, for Prometheus. All of it is read off committed changes."""

from collections import Counter as Tally

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from core.events import (
    Claimed,
    Exhausted,
    Expired,
    OffersMade,
    Released,
    Replied,
    SendFailed,
    SendStarted,
)
from core.ports import Changes


class Metrics:
    """A registry of its own, so that two services in one process do not mix."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.replies = Counter(
            "fanout_replies",
            "Replies by what they meant and came to",
            ["intent", "result"],
            registry=registry,
        )
        self.claims = Counter("fanout_claims", "Claims by result", ["result"], registry=registry)
        self.fill = Histogram(
            "fanout_time_to_fill_seconds",
            "From the opening of a shift to its claim",
            registry=registry,
            buckets=(15, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 14400, 28800),
        )
        self.exhausted = Counter("fanout_exhausted", "Fanouts with nobody left to ask", registry=registry)
        self.released = Counter(
            "fanout_released", "Shifts given back or taken back", ["by"], registry=registry
        )
        self.messages = Counter(
            "fanout_messages", "Messages that a coordinator should read", ["status"], registry=registry
        )
        self.sends = Counter("fanout_sends", "Sends begun", ["channel"], registry=registry)
        self.repeated = Counter(
            "fanout_sends_repeated", "Sends begun again, possible duplicates", registry=registry
        )
        self.failed = Counter("fanout_sends_failed", "Failed attempts", ["final"], registry=registry)
        self.depth = Gauge("fanout_outbox_depth", "Sends waiting or under way", registry=registry)
        self.age = Gauge(
            "fanout_outbox_age_seconds", "How long the oldest of them has been due", registry=registry
        )
        self.batch = Histogram(
            "fanout_batch_commands",
            "Commands per transaction",
            registry=registry,
            buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
        )
        self.lateness = Histogram(
            "fanout_timer_lateness_seconds",
            "From a deadline to its effect",
            registry=registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300),
        )

    def on_commit(self, changes: Changes, now_ms: int) -> None:
        """Counts a committed batch."""
        self.batch.observe(len(changes.results))
        replies: Tally[tuple[str, str]] = Tally()
        for entry in changes.entries:
            match entry.event:
                case Replied(intent=intent, result=result):
                    replies[intent, result] += 1
                case Claimed():
                    state = changes.fanouts[entry.shift_id or ""]
                    if state.since_ms == entry.event.at_ms:  # and not given back in the same batch
                        self.fill.observe((state.since_ms - state.opened_ms) / 1000)
                case OffersMade(at_ms=at_ms) | Expired(at_ms=at_ms):
                    self.lateness.observe(max(0, now_ms - at_ms) / 1000)
                case Released(by=by):
                    self.released.labels(by).inc()
                case Exhausted(at_ms=at_ms):
                    self.exhausted.inc()
                    self.lateness.observe(max(0, now_ms - at_ms) / 1000)
                case SendStarted(channel=channel, attempt=attempt):
                    self.sends.labels(channel).inc()
                    if attempt > 1:
                        self.repeated.inc()
                case SendFailed(final=final):
                    self.failed.labels(str(final).lower()).inc()
                case _:
                    pass
        for item in changes.attention:
            self.messages.labels(item.reason).inc()
        for (meant, told), number in replies.items():
            self.replies.labels(meant, told).inc(number)
            if meant == "accept":
                self.claims.labels(told).inc(number)

    def text(self, depth: int, oldest_ms: int | None, now_ms: int) -> bytes:
        """The exposition text; the outbox is looked at when asked."""
        self.depth.set(depth)
        self.age.set(max(0, now_ms - oldest_ms) / 1000 if oldest_ms is not None else 0)
        return generate_latest(self.registry)
