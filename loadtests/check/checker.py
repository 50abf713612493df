"""Whether a recorded history, and the store after it, could come from a correct service.

Shift by shift: the requests become operations on the shift's register (`loadtests.check.register`). A message
that was posted several times is one operation, and the store's holder is the last one. Then the shift's
journal is read: it must agree with the answers, without gaps, and every winner must have been sent one
confirmation.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Literal, NamedTuple

from core.events import Cancelled, Claimed, Entry, Expired, Released, Replied
from loadtests.check.confirmations import Confirmations
from loadtests.check.history import MISDIRECTED, UNAVAILABLE, Action, History, Request
from loadtests.check.register import (
    BOUND,
    GIVING_BACK,
    Counterexample,
    Effect,
    Operation,
    Unfinished,
    search,
    write_once,
)
from loadtests.check.store import StoreState

MOST_SHOWN = 20  # sentences of one kind; the rest are only counted
STORE = -1  # the number of the operation that stands for the store's holder

KNOWN: Mapping[tuple[Action, str], Effect] = {
    ("claim", "claimed"): Effect.WIN,
    ("claim", "already_yours"): Effect.MINE,
    ("claim", "already_claimed"): Effect.THEIRS,
    ("claim", "no_open_offer"): Effect.FREE,
    ("decline", "released"): Effect.YIELD,
    ("decline", "declined"): Effect.NOT_MINE,
    ("release", "released"): Effect.YIELD,
    ("release", "already_fanout"): Effect.FREE,
    ("read", "filled"): Effect.MINE,
    ("read", "open"): Effect.FREE,
    ("read", "planned"): Effect.FREE,
    ("fanout", "fanout_started"): Effect.FREE,
    ("fanout", "already_fanout"): Effect.FREE,
}
UNKNOWN: Mapping[Action, Effect] = {
    "claim": Effect.MAYBE_WIN,
    "decline": Effect.MAYBE_YIELD,
    "release": Effect.MAYBE_YIELD,
}
# Never true in a load test: every caregiver has the right role, and no two shifts overlap.
UNFOUNDED = frozenset({"not_eligible", "double_booked"})
# The answer to a coordinator's command that came too late. Any other 4xx is the client's mistake.
CONFLICT = "409"


@dataclass
class Verdict:
    """`violations`: what no correct service can have done. `doubts`: why nothing can be concluded."""

    violations: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def word(self) -> Literal["sound", "violation", "inconclusive"]:
        if self.violations:
            return "violation"
        return "inconclusive" if self.doubts else "sound"

    @property
    def exit_code(self) -> int:
        return {"sound": 0, "violation": 1, "inconclusive": 2}[self.word]

    def as_dict(self) -> dict[str, object]:
        """The verdict as it is written to JSON."""
        return {
            "verdict": self.word,
            "violations": self.violations,
            "doubts": self.doubts,
            "counts": dict(sorted(self.counts.items())),
        }


def check(history: History, store: StoreState | None = None, bound: int = BOUND) -> Verdict:
    """Judges a history. Without a store, only the answers are compared with each other.

    `bound` limits the search for a shift that was given back (see `register.search`).
    """
    verdict = Verdict()
    shifts: dict[str, list[Request]] = {}
    for request in history.requests:
        shifts.setdefault(request.shift, []).append(request)
    times = [each.complete_ns or each.invoke_ns for each in history.requests] or [0]
    first_ns = min((each.invoke_ns for each in history.requests), default=0)
    period = _Period(first_ns, max(times) + 1)
    confirmations = Confirmations(store.journals if store else {})
    violations, doubts = [], []
    for shift_id, requests in shifts.items():
        shift = _Shift(shift_id, requests, period, offered=history.scenario == "race")
        shift.judge(store, confirmations, bound)
        violations += shift.violations
        doubts += shift.doubts
        verdict.counts += shift.counts
    verdict.counts["requests"] = len(history.requests)
    verdict.counts["shifts"] = len(shifts)
    verdict.violations = _shortened([*violations, *(store.broken if store else ())])
    verdict.doubts = _shortened([*_doubts(history, verdict.counts, store is not None), *doubts])
    return verdict


def _doubts(history: History, counts: Counter[str], compared: bool) -> Iterator[str]:
    if history.started != history.asked:
        yield f"{history.started} of {history.asked} users started, or a file of the history is missing"
    if not history.finished:
        yield "the run was stopped before its end"
    if not counts["claims answered"]:
        yield "no claim was answered: was the server running?"
    if counts["never answered"] and not compared:
        yield f"{counts['never answered']} messages were never answered, not even when they were sent again"
    if counts["closed"]:
        yield f"{counts['closed']} claims were refused because the shift is closed: did somebody cancel it?"
    if counts["changed by others"]:
        yield f"{counts['changed by others']} shifts were changed by somebody who is not in the history"
    if counts["confirmations failed"]:
        yield f"{counts['confirmations failed']} confirmations could not be sent"
    if counts["unconfirmed"]:
        yield (
            f"{counts['unconfirmed']} confirmations have not gone out yet: wait, then run fanout check; for "
            "a race start the service with FANOUT_SMS_PER_SECOND=1000000"
        )
    for status, number in sorted((kind, n) for kind, n in counts.items() if kind.startswith("answered 4")):
        yield f"{number} requests were {status}: the server rejected them as invalid"


def _shortened(sentences: Sequence[str]) -> list[str]:
    if len(sentences) <= MOST_SHOWN:
        return list(sentences)
    return [*sentences[:MOST_SHOWN], f"... and {len(sentences) - MOST_SHOWN:,} more like these"]


class _Period(NamedTuple):
    """The first moment of a history, and a moment after its last."""

    first_ns: int
    after_ns: int

    def ms(self, at_ns: float) -> str:
        return f"{(at_ns - self.first_ns) / 1e6:,.3f} ms"


class _Shift:
    """The requests about one shift, and the verdict on them.

    `offered`: its fanout was started before all of them.
    """

    def __init__(self, shift_id: str, requests: Sequence[Request], period: _Period, offered: bool) -> None:
        self.offered = offered
        self.id = shift_id
        self.requests = requests
        self.period = period
        self.violations: list[str] = []
        self.doubts: list[str] = []
        self.counts: Counter[str] = Counter()
        # How many messages of each caregiver were answered (True), or may have been processed (False).
        self.messages: Counter[tuple[str | None, bool]] = Counter()

    def judge(self, store: StoreState | None, confirmations: Confirmations, bound: int) -> None:
        operations = self.operations()
        if store is not None and self.changed_by_others(store.journals.get(self.id, ())):
            self.counts["changed by others"] += 1
            store = None
        if store is not None:
            if self.id not in store.holders:
                self.doubts.append(f"the store does not know the shift {self.id}: is it a different store?")
                store = None
            else:
                holder, after_ns = store.holders[self.id], self.period.after_ns
                effect = Effect.FREE if holder is None else Effect.MINE
                operations.append(Operation(effect, holder, after_ns, after_ns, STORE))
        try:
            if any(operation.effect in GIVING_BACK for operation in operations):
                self.counts["given back"] += 1
                counterexample = search(operations, bound)
            else:
                counterexample = write_once(operations)
        except Unfinished as error:
            self.doubts.append(f"{self.id}: {error}; nothing is known about this shift")
        else:
            if counterexample is not None:
                self.violations.append(self.explained(counterexample))
            elif self.claimed_in_vain(operations):
                self.violations.append(f"{self.id}: it was claimed, but nobody got it")
        if store is not None:
            holder, journal = store.holders[self.id], store.journals.get(self.id, ())
            self.violations += self.against_journal(journal, holder, operations)
            self.violations += [f"{self.id}: {sentence}" for sentence in confirmations.violations(self.id)]
            self.count_confirmations(journal, confirmations)

    def claimed_in_vain(self, operations: Sequence[Operation]) -> bool:
        if not self.offered or self.counts["claims answered"] <= self.counts["closed"]:
            return False
        return all(operation.effect in (Effect.FREE, Effect.NOT_MINE) for operation in operations)

    def explained(self, counterexample: Counterexample) -> str:
        details = "; ".join(self.described(operation) for operation in counterexample.operations)
        return f"{self.id}: {counterexample.reason}: {details}"

    def described(self, operation: Operation) -> str:
        if operation.number == STORE:
            return f"the store says that {operation.caregiver or 'nobody'} holds it"
        request = self.requests[operation.number]
        complete = operation.complete
        answer = f"{request.status} at {self.period.ms(complete)}" if complete < inf else "no answer"
        sender = request.caregiver or "a coordinator"
        holder = f" (held by {request.holder})" if request.action == "read" and request.holder else ""
        return f"{request.action} by {sender} at {self.period.ms(operation.invoke)}, {answer}{holder}"

    # --- from requests to operations -------------------------------------------------------------

    def operations(self) -> list[Operation]:
        """The requests as operations; those that reveal nothing about the holder are only counted."""
        operations: list[Operation] = []
        messages: dict[str, list[int]] = {}
        for index, request in enumerate(self.requests):
            if request.message is not None:
                messages.setdefault(request.message, []).append(index)
                continue
            operations += self.operation([index])
        for indexes in messages.values():
            self.counts["repeats"] += len(indexes) - 1
            operations += self.operation(indexes)
        self.counts["messages"] += len(messages)
        return operations

    def operation(self, indexes: Sequence[int]) -> Sequence[Operation]:
        """The operation, if any, of all requests with one message, or of one request without a message."""
        first = self.requests[indexes[0]]
        invoke, complete, known = first.invoke_ns, inf, None
        maybe, number = False, indexes[0]
        for index in indexes:
            request = self.requests[index]
            status = request.status
            if request.outcome == "unknown":
                maybe = True
            elif request.outcome == "refused" and status.isdigit():
                self.counts[_refusal(request)] += 1
                continue  # certainly not applied
            else:
                assert request.complete_ns is not None
                if known is not None and status != known.status:
                    self.violations.append(
                        f"{self.id}: message {request.message} from {request.caregiver} was answered "
                        f"{known.status!r}, and when it was posted again {status!r}"
                    )
                if known is None or request.complete_ns < complete:
                    complete, known, number = request.complete_ns, request, index
            if request.invoke_ns < invoke:
                invoke = request.invoke_ns
        action = first.action
        if first.message is not None and (known is not None or maybe):
            self.messages[first.caregiver, known is not None] += 1
        if known is None:
            if not maybe:
                return ()
            self.counts["unknown"] += 1
            if first.message is not None:
                self.counts["never answered"] += 1
            effect = UNKNOWN.get(action)
            return (Operation(effect, first.caregiver, invoke, inf, number),) if effect else ()
        if action == "claim":
            self.counts["claims answered"] += 1
            self.counts[known.outcome] += 1
        if (mistake := self.mistake_in(known)) is not None:
            self.violations.append(f"{self.id}: {mistake}")
            return ()
        effect = KNOWN.get((action, known.status))
        if effect is None:
            return ()
        caregiver = known.holder if action in ("read", "release") else known.caregiver
        return (Operation(effect, None if effect is Effect.FREE else caregiver, invoke, complete, number),)

    def mistake_in(self, request: Request) -> str | None:
        """What is wrong with an answer regardless of all others."""
        status, caregiver = request.status, request.caregiver
        if status == MISDIRECTED:
            return f"the answer to {request.message} from {caregiver} names another caregiver or shift"
        if request.action == "read" and (status == "filled") != (request.holder is not None):
            return f"a read says that it is {status}, and that {request.holder or 'nobody'} holds it"
        if request.action == "claim" and status in UNFOUNDED:
            return f"{caregiver} was refused as {status}, which is not true"
        if request.action == "claim" and status == "no_open_offer" and self.offered:
            return f"{caregiver} was told that there is no offer, but there is one"
        if request.action == "claim" and status == "closed":
            self.counts["closed"] += 1
        return None

    # --- the journal ---------------------------------------------------------------------------

    def changed_by_others(self, journal: Sequence[Entry]) -> bool:
        """Whether a coordinator who is not in the history, or the shift's end, changed the shift."""
        releases = sum(request.action == "release" for request in self.requests)
        for entry in journal:
            event = entry.event
            if isinstance(event, Cancelled | Expired):
                return True
            if isinstance(event, Claimed) and event.by == "coordinator":
                return True
            releases -= isinstance(event, Released) and event.by == "coordinator"
        return releases < 0

    def against_journal(
        self, journal: Sequence[Entry], holder: str | None, operations: Sequence[Operation]
    ) -> Iterator[str]:
        """Where the journal contradicts the answers, the store or itself."""
        for number, entry in enumerate(journal, 1):
            if entry.version != number:
                yield f"{self.id}: the journal has version {entry.version} where {number} should be"
                break
        yield from self.holders(journal, holder)
        won = Counter(each.caregiver for each in operations if each.effect is Effect.WIN)
        maybe = Counter(each.caregiver for each in operations if each.effect is Effect.MAYBE_WIN)
        events = [entry.event for entry in journal]
        written = Counter(event.caregiver_id for event in events if isinstance(event, Claimed))
        for caregiver in sorted({str(each) for each in (*won, *written)}):
            if written[caregiver] < won[caregiver]:
                yield f"{self.id}: {caregiver} was told that it is theirs, but the journal has no such claim"
            if written[caregiver] > won[caregiver] + maybe[caregiver]:
                yield f"{self.id}: the journal has a claim by {caregiver}, who was not told that it won"
        replies = Counter(event.caregiver_id for event in events if isinstance(event, Replied))
        for caregiver in sorted({*replies, *(str(each) for each, _ in self.messages)}):
            answered, found = self.messages[caregiver, True], replies[caregiver]
            if not answered <= found <= answered + self.messages[caregiver, False]:
                yield f"{self.id}: the journal has {found} messages from {caregiver} instead of {answered}"

    def holders(self, journal: Sequence[Entry], holder: str | None) -> Iterator[str]:
        now: str | None = None
        for entry in journal:
            if isinstance(entry.event, Claimed):
                if now is not None:
                    yield f"{self.id}: in the journal {entry.event.caregiver_id} gets it while {now} holds it"
                now = entry.event.caregiver_id
            elif isinstance(entry.event, Released):
                now = None
        if now != holder:
            yield f"{self.id}: the journal says {now or 'nobody'} holds it, the store {holder or 'nobody'}"

    def count_confirmations(self, journal: Sequence[Entry], confirmations: Confirmations) -> None:
        deliveries = Counter(confirmations.of(entry) for entry in journal if isinstance(entry.event, Claimed))
        self.counts["confirmations failed"] += deliveries["failed"]
        self.counts["unconfirmed"] += deliveries["pending"]


def _refusal(request: Request) -> str:
    """How a refusal by HTTP status is counted. A coordinator who came too late made no mistake."""
    if request.status == str(UNAVAILABLE):
        return "unavailable"
    late = request.status == CONFLICT and request.action in ("release", "fanout")
    return "too late" if late else f"answered {request.status}"
