"""Histories written by hand, in a few words a request."""

from collections.abc import Sequence

from core.events import (
    Claimed,
    Entry,
    Event,
    FanoutStarted,
    OffersMade,
    Released,
    Replied,
    SendStarted,
    Sent,
)
from core.model import DEFAULT_POLICY
from loadtests.check.checker import StoreState
from loadtests.check.history import Action, History, Operation, outcome_of

SHIFT = "shift"
_numbers = iter(range(10**9))


def asked(
    action: Action,
    who: str | None,
    invoke: int,
    complete: int | None,
    status: str | int,
    *,
    has: str | None = None,
    message: str | None = None,
) -> Operation:
    """A request from `invoke` to `complete`; `status`: the answer's word, an HTTP status, 0 for no answer."""
    code, word = (200, status) if isinstance(status, str) else (status, None)
    outcome, told = outcome_of(action, code, word)
    if message is None and action in ("claim", "decline", "say"):
        message = f"message-{next(_numbers)}"
    return Operation(action, 0, SHIFT, who, message, invoke, invoke, complete, outcome, told, has)


def claim(who: str, invoke: int, complete: int | None, status: str | int, **more: str) -> Operation:
    return asked("claim", who, invoke, complete, status, **more)


def read(invoke: int, complete: int, has: str | None) -> Operation:
    return asked("read", None, invoke, complete, "filled" if has else "open", has=has)


def history(*operations: Operation, asked: int = 1, started: int = 1, finished: bool = True) -> History:
    return History("run", "race", asked, started, finished, list(operations))


def store(*events: Event, has: str | None = None, versions: Sequence[int] = ()) -> StoreState:
    """What a store says whose journal is these events, and in which somebody `has` the shift."""
    entries = [
        Entry(seq, SHIFT, versions[seq - 1] if versions else seq, event)
        for seq, event in enumerate(events, 1)
    ]
    return StoreState({SHIFT: has}, {SHIFT: entries})


def won(who: str, seq: int, confirmed: Sequence[str] | None = None) -> list[Event]:
    """The events of a claim whose own `seq` is given, with the confirmation to `who` (or to others)."""
    key = f"answer/{seq}"
    events: list[Event] = [Replied(1, who, "accept", "claimed"), Claimed(1, who)]
    for person in (who,) if confirmed is None else confirmed:
        events += [SendStarted(1, key, person, "sms", 1), Sent(1, key, person)]
    return events


def lost(who: str) -> list[Event]:
    """The event of a claim that came too late."""
    return [Replied(1, who, "accept", "already_claimed")]


def started() -> list[Event]:
    return [
        FanoutStarted(0, "RN", 10**6, 2 * 10**6, DEFAULT_POLICY),
        OffersMade(0, 0, "sms", ("ann", "bob")),
    ]


def released(who: str) -> list[Event]:
    return [Released(1, who, "coordinator")]
