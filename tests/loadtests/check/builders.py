"""Builds histories and journals by hand, in a few words for each request."""

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
from loadtests.check.history import Action, History, Request, outcome_of
from loadtests.check.store import StoreState

SHIFT = "shift"
_numbers = iter(range(10**9))


def request(
    action: Action,
    caregiver: str | None,
    invoke: int,
    complete: int | None,
    status: str | int,
    *,
    holder: str | None = None,
    message: str | None = None,
    shift: str = SHIFT,
) -> Request:
    """A request from `invoke` to `complete`; `status`: the answer's word, an HTTP status, or 0 for none."""
    code, word = (200, status) if isinstance(status, str) else (status, None)
    outcome, known = outcome_of(action, code, word)
    if message is None and action in ("claim", "decline", "say"):
        message = f"message-{next(_numbers)}"
    return Request(action, 0, shift, caregiver, message, invoke, invoke, complete, outcome, known, holder)


def claim(caregiver: str, invoke: int, complete: int | None, status: str | int, **more: str) -> Request:
    return request("claim", caregiver, invoke, complete, status, **more)


def read(invoke: int, complete: int, holder: str | None) -> Request:
    return request("read", None, invoke, complete, "filled" if holder else "open", holder=holder)


def history(*requests: Request, asked: int = 1, started: int = 1, finished: bool = True) -> History:
    return History("run", "race", asked, started, finished, list(requests))


def store(*events: Event, holder: str | None = None, versions: Sequence[int] = ()) -> StoreState:
    """A store with these events as its journal, in which `holder` has the shift."""
    entries = [
        Entry(seq, SHIFT, versions[seq - 1] if versions else seq, event)
        for seq, event in enumerate(events, 1)
    ]
    return StoreState({SHIFT: holder}, {SHIFT: entries})


def answer_text(caregiver: str, key: str, *confirms: int) -> list[Event]:
    """A text that answers a message, sent at the first attempt."""
    started = SendStarted(1, key, caregiver, "sms", 1, "answer", confirms=confirms)
    return [started, Sent(1, key, caregiver)]


def won(caregiver: str, seq: int, confirmed: Sequence[str] | None = None) -> list[Event]:
    """A claim with this `seq`, and its confirmation to the caregiver (or to others)."""
    events: list[Event] = [Replied(1, caregiver, "accept", "claimed"), Claimed(1, caregiver)]
    for each in (caregiver,) if confirmed is None else confirmed:
        events += answer_text(each, f"answer/{seq}", seq)
    return events


def lost(caregiver: str) -> list[Event]:
    """A claim that came too late."""
    return [Replied(1, caregiver, "accept", "already_claimed")]


def fanout_started() -> list[Event]:
    return [
        FanoutStarted(0, "RN", 10**6, 2 * 10**6, DEFAULT_POLICY),
        OffersMade(0, 0, "sms", ("ann", "bob")),
    ]


def released(caregiver: str) -> list[Event]:
    return [Released(1, caregiver, "coordinator")]
