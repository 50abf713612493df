"""The model of one shift, and two ways to check a history of it for linearizability.

A shift is a register: it holds one caregiver or nobody. Every operation takes effect at one moment between
its invocation and its completion, and its answer describes the register at that moment (Herlihy and Wing,
"Linearizability", 1990). If the outcome of an operation is unknown, it may take effect at any later moment,
or never. Two operations count as concurrent if one completes in the nanosecond in which the other is invoked.

`write_once` checks, in one pass, a history in which the shift is never given back: everything then depends on
the moment of the win. `search` checks every other history, by trying the orders in which the register can
have changed.
"""

from collections.abc import Sequence
from enum import StrEnum
from math import inf
from typing import NamedTuple

from msgspec import Struct

# How many configurations `search` visits for one shift before it gives up.
BOUND = 100_000


class Effect(StrEnum):
    """What an operation requires of the register, and how it changes it.

    WIN: requires nobody; then its caregiver holds the shift. YIELD: requires its caregiver; then nobody holds
    it. MINE: requires its caregiver. THEIRS: requires another caregiver. NOT_MINE: requires anything but its
    caregiver. FREE: requires nobody. The last four change nothing.

    MAYBE_WIN and MAYBE_YIELD have an unknown outcome: like WIN and YIELD if the register is as these require,
    otherwise without effect; or they never happen at all.
    """

    WIN = "win"
    YIELD = "yield"
    MINE = "mine"
    THEIRS = "theirs"
    NOT_MINE = "not mine"
    FREE = "free"
    MAYBE_WIN = "maybe win"
    MAYBE_YIELD = "maybe yield"


class Operation(Struct, frozen=True, gc=False):
    """One operation on the register.

    `caregiver` is None only for FREE, and for a MAYBE_YIELD that concerns whoever holds the shift. Times are
    in any unit; `complete` is infinite if no answer came. `number` identifies the operation to the caller.
    """

    effect: Effect
    caregiver: str | None
    invoke: float
    complete: float
    number: int = 0


class Counterexample(NamedTuple):
    """Why no order of the operations exists: a sentence, and the operations that contradict each other."""

    reason: str
    operations: tuple[Operation, ...]


class Unfinished(Exception):
    """The bound was reached, so it is unknown whether the history is linearizable."""


GIVING_BACK = frozenset({Effect.YIELD, Effect.MAYBE_YIELD})


def write_once(operations: Sequence[Operation]) -> Counterexample | None:
    """Checks a history in which no operation gives the shift back; None if it is linearizable.

    There is one moment at which somebody wins. It comes after the invocation of the winner's claim and of
    every operation that found nobody (or, of the winner, found that it was not the winner), and before the
    completion of every operation that found somebody.
    """
    holders: dict[str, Operation] = {}  # everybody who held it according to some answer
    won: Operation | None = None
    filled: Operation | None = None  # the first to complete of those that found somebody
    free: Operation | None = None  # the last to be invoked of those that found nobody
    lost: dict[str, Operation] = {}
    before: dict[str, Operation] = {}  # the last to be invoked of those that found somebody else or nobody
    maybe: dict[str, Operation] = {}  # each caregiver's first claim with an unknown outcome
    for operation in operations:
        effect, caregiver = operation.effect, operation.caregiver
        if effect is Effect.FREE:
            if free is None or operation.invoke > free.invoke:
                free = operation
            continue
        assert caregiver is not None
        if effect is Effect.MAYBE_WIN:
            if caregiver not in maybe or operation.invoke < maybe[caregiver].invoke:
                maybe[caregiver] = operation
            continue
        if effect is Effect.NOT_MINE:
            if caregiver not in before or operation.invoke > before[caregiver].invoke:
                before[caregiver] = operation
            continue
        if filled is None or operation.complete < filled.complete:
            filled = operation
        if effect is Effect.THEIRS:
            lost[caregiver] = operation
            continue
        holders.setdefault(caregiver, operation)
        if effect is Effect.WIN:
            if won is not None:
                return Counterexample("two claims won", (won, operation))
            won = operation
        else:
            assert effect is Effect.MINE, "nothing is given back here"
    if len(holders) > 1:
        return Counterexample("two caregivers hold it", tuple(holders.values())[:2])
    if filled is None:
        return None  # nobody needs to have won
    if won is not None:
        claims = [won]
    elif holders:
        (holder,) = holders
        if holder not in maybe:
            return Counterexample("somebody holds it who never claimed it", (holders[holder],))
        claims = [maybe[holder]]
    else:
        claims = sorted(maybe.values(), key=lambda operation: operation.invoke)
    counterexample = Counterexample("a claim was refused although nobody can have held it", (filled,))
    for claim in claims:
        assert claim.caregiver is not None
        earlier = [each for each in (claim, free, before.get(claim.caregiver)) if each is not None]
        last = max(earlier, key=lambda operation: operation.invoke)
        if claim.caregiver in lost:
            counterexample = Counterexample("the winner was refused", (claim, lost[claim.caregiver]))
        elif last.invoke > filled.complete:
            counterexample = Counterexample("it was taken first, and free or unclaimed later", (filled, last))
        else:
            return None
    return counterexample


def search(operations: Sequence[Operation], bound: int = BOUND) -> Counterexample | None:
    """Checks any history; None if it is linearizable. Raises `Unfinished` after `bound` configurations.

    The search of Wing and Gong ("Testing and verifying concurrent objects", 1993), with a memory of visited
    configurations as in Lowe ("Testing for linearizability", 2017). An operation that changes nothing is
    taken as soon as possible: taking it later could only be harder.
    """
    order = sorted(operations, key=lambda operation: operation.invoke)
    needed = sum(1 for each in order if each.effect not in (Effect.MAYBE_WIN, Effect.MAYBE_YIELD))
    start = _Configuration(0, 0, None)
    seen = {start}
    trail = [(start, 0)]
    furthest, at = -1, start
    while trail:
        configuration, taken = trail.pop()
        configuration, taken, choices = _advance(order, configuration, taken)
        if taken == needed:
            return None
        if taken > furthest:
            furthest, at = taken, configuration
        for index, holder in choices:
            after = _take(configuration, index, holder)
            if after not in seen:
                if len(seen) >= bound:
                    raise Unfinished(f"no result after {bound:,} configurations")
                seen.add(after)
                necessary = order[index].effect in (Effect.WIN, Effect.YIELD)
                trail.append((after, taken + necessary))
    left = [operation for _, operation in _open(order, at) if operation.complete < inf]
    return Counterexample("no order of its operations explains the answers", tuple(left[:2]))


class _Configuration(NamedTuple):
    """How far a search has come, and who holds the shift there.

    Done are the operations before `first`, and those from `first` on whose bits are set in `beyond`.
    """

    first: int
    beyond: int
    holder: str | None


def _open(order: Sequence[Operation], at: _Configuration) -> list[tuple[int, Operation]]:
    """The operations that may come next: not done, and invoked before any other of these has completed."""
    found: list[tuple[int, Operation]] = []
    soonest = inf
    for index in range(at.first, len(order)):
        operation = order[index]
        if operation.invoke > soonest:
            break
        if not at.beyond >> (index - at.first) & 1:
            found.append((index, operation))
            soonest = min(soonest, operation.complete)
    return found


def _advance(
    order: Sequence[Operation], at: _Configuration, taken: int
) -> tuple[_Configuration, int, list[tuple[int, str | None]]]:
    """Takes everything that changes nothing. Returns also what may change the register next, and to whom."""
    while True:
        choices: list[tuple[int, str | None]] = []
        idle = []
        for index, operation in _open(order, at):
            after = _after(operation, at.holder)
            if after is _IMPOSSIBLE:
                continue
            if operation.effect in (Effect.WIN, Effect.YIELD) or after != at.holder:
                choices.append((index, after))
            elif operation.effect not in (Effect.MAYBE_WIN, Effect.MAYBE_YIELD):
                idle.append(index)
        if not idle:
            return at, taken, choices
        for index in idle:
            at = _take(at, index, at.holder)
        taken += len(idle)


def _take(at: _Configuration, index: int, holder: str | None) -> _Configuration:
    first, beyond = at.first, at.beyond | 1 << (index - at.first)
    while beyond & 1:
        beyond >>= 1
        first += 1
    return _Configuration(first, beyond, holder)


_IMPOSSIBLE = "\0"  # never a caregiver's id: ids contain no control characters


def _after(operation: Operation, holder: str | None) -> str | None:
    """Who holds the shift after an operation that finds `holder`; `_IMPOSSIBLE` if it cannot find that."""
    mine = holder is not None and holder == operation.caregiver
    match operation.effect:
        case Effect.WIN:
            return operation.caregiver if holder is None else _IMPOSSIBLE
        case Effect.YIELD:
            return None if mine else _IMPOSSIBLE
        case Effect.MINE:
            possible = mine
        case Effect.THEIRS:
            possible = holder is not None and not mine
        case Effect.NOT_MINE:
            possible = not mine
        case Effect.FREE:
            possible = holder is None
        case Effect.MAYBE_WIN:
            return operation.caregiver if holder is None else holder
        case Effect.MAYBE_YIELD:
            return None if mine or operation.caregiver is None else holder
    return holder if possible else _IMPOSSIBLE
