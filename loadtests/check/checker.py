"""Whether a recorded history, and what the store says after it, can be those of a correct service.

Shift by shift: each answer becomes a step on the shift's register (`loadtests.check.register`), a message
that was posted several times is one step, and the store's word is the last one. Then the shift's journal is
read: it must tell the same story, without gaps, and every winner must have been sent one confirmation.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Literal, NamedTuple

from core.events import Cancelled, Claimed, Entry, Expired, Released, Replied, SendFailed, Sent
from loadtests.check.history import MISDIRECTED, UNAVAILABLE, Action, History, Operation
from loadtests.check.register import BOUND, GIVING_BACK, Effect, Step, Stuck, Unfinished, search, sticky

MOST_TOLD = 20  # sentences of one kind; the rest is counted
STORE = -1  # the number of the step that is the store's word

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
# Every caregiver of a cast has the role, and its shifts do not overlap.
UNFOUNDED = frozenset({"not_eligible", "double_booked"})
# A coordinator's command that came too late is answered so; any other 4xx is the client's mistake.
CONFLICT = "409"


class StoreState(NamedTuple):
    """What the store says when everything is over.

    `holders`: who has each shift, None for nobody. `journals`: each shift's entries in order. `broken`: what
    is wrong with the journal as a whole, where all of it could be read (`core.invariants.violations`).
    """

    holders: Mapping[str, str | None]
    journals: Mapping[str, Sequence[Entry]]
    broken: Sequence[str] = ()


@dataclass
class Verdict:
    """`violations`: what no correct service can have answered. `doubts`: why nothing can be concluded."""

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
        """The verdict as JSON carries it."""
        return {
            "verdict": self.word,
            "violations": self.violations,
            "doubts": self.doubts,
            "counts": dict(sorted(self.counts.items())),
        }


def check(history: History, store: StoreState | None = None, bound: int = BOUND) -> Verdict:
    """The verdict. Without a store only the answers are compared with each other.

    `bound`: how many orders are tried for a shift that was given back (see `register.search`).
    """
    verdict = Verdict()
    shifts: dict[str, list[Operation]] = {}
    for operation in history.operations:
        shifts.setdefault(operation.shift, []).append(operation)
    times = [o.complete_ns or o.invoke_ns for o in history.operations] or [0]
    scale = _Scale(min((o.invoke_ns for o in history.operations), default=0), max(times) + 1)
    violations, doubts = [], []
    for shift_id, operations in shifts.items():
        shift = _Shift(shift_id, operations, scale, history.scenario == "race")
        shift.judge(store, bound)
        violations += shift.violations
        doubts += shift.doubts
        verdict.counts += shift.counts
    verdict.counts["operations"] = len(history.operations)
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
        yield "no claim was answered: was the server there?"
    if counts["never answered"] and not compared:
        yield f"{counts['never answered']} messages were never answered, not even when they were sent again"
    if counts["closed"]:
        yield f"{counts['closed']} claims were told that the shift is closed: has somebody called it off?"
    if counts["changed by others"]:
        yield f"{counts['changed by others']} shifts were changed by somebody who is not in the history"
    if counts["confirmations failed"]:
        yield f"{counts['confirmations failed']} confirmations could not be sent"
    if counts["unconfirmed"]:
        yield (
            f"{counts['unconfirmed']} confirmations have not gone out yet: wait, and use fanout check; for a "
            "race start the service with FANOUT_SMS_PER_SECOND=1000000"
        )
    for status, number in sorted((kind, n) for kind, n in counts.items() if kind.startswith("answered 4")):
        yield f"{number} requests were {status}: the server refused them as mistakes"


def _shortened(sentences: Sequence[str]) -> list[str]:
    if len(sentences) <= MOST_TOLD:
        return list(sentences)
    return [*sentences[:MOST_TOLD], f"... and {len(sentences) - MOST_TOLD:,} more like these"]


class _Scale(NamedTuple):
    """The first and the last moment of a history."""

    first_ns: int
    after_ns: int

    def ms(self, at_ns: float) -> str:
        return f"{(at_ns - self.first_ns) / 1e6:,.3f} ms"


class _Shift:
    """One shift's operations, and what they come to. `offered`: its fanout was started before all of them."""

    def __init__(self, shift_id: str, operations: Sequence[Operation], scale: _Scale, offered: bool) -> None:
        self.offered = offered
        self.id = shift_id
        self.operations = operations
        self.scale = scale
        self.violations: list[str] = []
        self.doubts: list[str] = []
        self.counts: Counter[str] = Counter()
        # How many messages of each caregiver were answered (True), or may have been heard (False).
        self.answered: Counter[tuple[str | None, bool]] = Counter()

    def judge(self, store: StoreState | None, bound: int) -> None:
        steps = self.steps()
        if store is not None and self.changed_by_others(store.journals.get(self.id, ())):
            self.counts["changed by others"] += 1
            store = None
        if store is not None:
            if self.id not in store.holders:
                self.doubts.append(f"the store does not know the shift {self.id}: is it another one's?")
                store = None
            else:
                holder, after_ns = store.holders[self.id], self.scale.after_ns
                effect = Effect.FREE if holder is None else Effect.MINE
                steps.append(Step(effect, holder, after_ns, after_ns, STORE))
        try:
            if any(step.effect in GIVING_BACK for step in steps):
                self.counts["given back"] += 1
                stuck = search(steps, bound)
            else:
                stuck = sticky(steps)
        except Unfinished as error:
            self.doubts.append(f"{self.id}: {error}; nothing is known of this shift")
        else:
            if stuck is not None:
                self.violations.append(self.explained(stuck))
            elif self.offered and self.counts["claims answered"] > self.counts["closed"] and not _had(steps):
                self.violations.append(f"{self.id}: it was claimed, and nobody got it")
        if store is not None:
            self.violations += self.against(store.journals.get(self.id, ()), store.holders[self.id], steps)

    def explained(self, stuck: Stuck) -> str:
        return f"{self.id}: {stuck.why}: {'; '.join(self.told(step) for step in stuck.steps)}"

    def told(self, step: Step) -> str:
        if step.number == STORE:
            return f"the store says that {step.who or 'nobody'} has it"
        operation = self.operations[step.number]
        answer = (
            f"{operation.status} at {self.scale.ms(step.complete)}" if step.complete < inf else "no answer"
        )
        who = operation.caregiver or "a coordinator"
        has = f" ({operation.holder} has it)" if operation.action == "read" and operation.holder else ""
        return f"{operation.action} by {who} at {self.scale.ms(step.invoke)}, {answer}{has}"

    def steps(self) -> list[Step]:
        """The operations as steps; what tells nothing of who has the shift is only counted."""
        steps: list[Step] = []
        messages: dict[str, list[int]] = {}
        counts = self.counts
        for index, operation in enumerate(self.operations):
            if operation.message is not None:
                messages.setdefault(operation.message, []).append(index)
                continue
            steps += self.step([index])
        repeats = 0
        for same in messages.values():
            repeats += len(same) - 1
            steps += self.step(same)
        counts["repeats"] += repeats
        counts["messages"] += len(messages)
        return steps

    def step(self, same: Sequence[int]) -> Sequence[Step]:
        """The step that one message, or one request without a message, is."""
        first = self.operations[same[0]]
        invoke, complete, known = first.invoke_ns, inf, None
        maybe, number = False, same[0]
        for index in same:
            operation = self.operations[index]
            status = operation.status
            if operation.outcome == "unknown":
                maybe = True
            elif operation.outcome == "refused" and status.isdigit():
                self.counts[_kind(operation)] += 1
                continue  # certainly not applied
            else:
                assert operation.complete_ns is not None
                if known is not None and status != known.status:
                    self.violations.append(
                        f"{self.id}: message {operation.message} of {operation.caregiver} was answered "
                        f"{known.status!r}, and when it came again {status!r}"
                    )
                if known is None or operation.complete_ns < complete:
                    complete, known, number = operation.complete_ns, operation, index
            if operation.invoke_ns < invoke:
                invoke = operation.invoke_ns
        action = first.action
        if first.message is not None and (known is not None or maybe):
            self.answered[first.caregiver, known is not None] += 1
        if known is None:
            if not maybe:
                return ()
            self.counts["unknown"] += 1
            if first.message is not None:
                self.counts["never answered"] += 1
            effect = UNKNOWN.get(action)
            return (Step(effect, first.caregiver, invoke, inf, number),) if effect else ()
        if action == "claim":
            self.counts["claims answered"] += 1
            self.counts[known.outcome] += 1
        if (wrong := self.wrong(known)) is not None:
            self.violations.append(f"{self.id}: {wrong}")
            return ()
        effect = KNOWN.get((action, known.status))
        if effect is None:
            return ()
        who = known.holder if action in ("read", "release") else known.caregiver
        return (Step(effect, None if effect is Effect.FREE else who, invoke, complete, number),)

    def wrong(self, operation: Operation) -> str | None:
        """What is wrong with an answer whatever the others say."""
        status, who = operation.status, operation.caregiver
        if status == MISDIRECTED:
            return f"the answer to {operation.message} of {who} is about another caregiver or shift"
        if operation.action == "read" and (status == "filled") != (operation.holder is not None):
            return f"a read says that it is {status}, and that {operation.holder or 'nobody'} has it"
        if operation.action == "claim" and status in UNFOUNDED:
            return f"{who} is refused as {status}, which they are not"
        if operation.action == "claim" and status == "no_open_offer" and self.offered:
            return f"{who} hears that nothing is offered to them"
        if operation.action == "claim" and status == "closed":
            self.counts["closed"] += 1
        return None

    # --- the journal ---------------------------------------------------------------------------

    def changed_by_others(self, journal: Sequence[Entry]) -> bool:
        """Whether a coordinator, or its end, changed the shift apart from what the history tells."""
        orders = sum(operation.action == "release" for operation in self.operations)
        for entry in journal:
            event = entry.event
            if isinstance(event, Cancelled | Expired):
                return True
            if isinstance(event, Claimed) and event.by == "coordinator":
                return True
            orders -= isinstance(event, Released) and event.by == "coordinator"
        return orders < 0

    def against(self, journal: Sequence[Entry], holder: str | None, steps: Sequence[Step]) -> Iterator[str]:
        """Where the journal contradicts the answers, the store or itself."""
        for number, entry in enumerate(journal, 1):
            if entry.version != number:
                yield f"{self.id}: the journal's version {entry.version} comes where {number} should be"
                break
        claims = [entry for entry in journal if isinstance(entry.event, Claimed)]
        yield from self.lives(journal, holder)
        told = Counter(step.who for step in steps if step.effect is Effect.WIN)
        maybe = Counter(step.who for step in steps if step.effect is Effect.MAYBE_WIN)
        written = Counter(claimer(entry) for entry in claims)
        for who in sorted({str(who) for who in (*told, *written)}):
            if written[who] < told[who]:
                yield f"{self.id}: {who} was told that it is theirs, and the journal does not know it"
            if written[who] > told[who] + maybe[who]:
                yield f"{self.id}: the journal has a claim of {who}, who was not told that it won"
        heard = Counter(entry.event.caregiver_id for entry in journal if isinstance(entry.event, Replied))
        for who in sorted({*heard, *(str(who) for who, _ in self.answered)}):
            least = self.answered[who, True]
            if not least <= heard[who] <= least + self.answered[who, False]:
                yield f"{self.id}: the journal has {heard[who]} messages of {who}, who had {least} answered"
        yield from self.texts(journal)

    def lives(self, journal: Sequence[Entry], holder: str | None) -> Iterator[str]:
        has: str | None = None
        for entry in journal:
            if isinstance(entry.event, Claimed):
                if has is not None:
                    yield f"{self.id}: the journal gives it to {entry.event.caregiver_id} while {has} has it"
                has = entry.event.caregiver_id
            elif isinstance(entry.event, Released):
                has = None
        if has != holder:
            yield f"{self.id}: by the journal {has or 'nobody'} has it, and by the store {holder or 'nobody'}"

    def texts(self, journal: Sequence[Entry]) -> Iterator[str]:
        """Each text that answers somebody has the key `answer/` and the `seq` of the entry it tells of."""
        entries = {entry.seq: entry for entry in journal}
        sent: set[str] = set()
        failed: set[str] = set()
        for entry in journal:
            event = entry.event
            if not isinstance(event, Sent | SendFailed) or not event.key.startswith("answer/"):
                continue
            if isinstance(event, SendFailed):
                failed |= {event.key} if event.final else set()
                continue
            told = entries.get(int(event.key.removeprefix("answer/")))
            if getattr(told and told.event, "caregiver_id", None) != event.caregiver_id:
                yield f"{self.id}: {event.caregiver_id} was sent {event.key}, which answers nothing of theirs"
            elif event.key in sent:
                yield f"{self.id}: {event.caregiver_id} was sent {event.key} twice"
            sent.add(event.key)
        for entry in journal:
            if isinstance(entry.event, Claimed):
                key = f"answer/{entry.seq}"
                if key in failed:
                    self.counts["confirmations failed"] += 1
                elif key not in sent:
                    self.counts["unconfirmed"] += 1


def _had(steps: Sequence[Step]) -> bool:
    """Whether somebody had the shift, or may have had it."""
    return any(step.effect not in (Effect.FREE, Effect.NOT_MINE) for step in steps)


def claimer(entry: Entry) -> str:
    assert isinstance(entry.event, Claimed)
    return entry.event.caregiver_id


def _kind(operation: Operation) -> str:
    """How a refusal by HTTP status is counted; a coordinator who comes too late has made no mistake."""
    if operation.status == str(UNAVAILABLE):
        return "unavailable"
    late = operation.status == CONFLICT and operation.action in ("release", "fanout")
    return "too late" if late else f"answered {operation.status}"
