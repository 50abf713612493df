"""Whether the answers about one shift can all be true: linearizability of a register that is claimed.

A shift is a register: nobody has it, or one caregiver has. Every operation takes effect at one moment between
its invocation and its completion (at any later moment or never, if nobody knows what became of it), and
each answer tells of the register at that moment (Herlihy and Wing, "Linearizability", 1990). Two operations
that touch, one completing in the very nanosecond in which the other is invoked, count as concurrent.

`sticky` decides in one pass where nothing is ever given back: then everything depends on the one moment of
the win. `search` decides everything else, by trying the orders in which the register can have changed.
"""

from collections.abc import Sequence
from enum import StrEnum
from math import inf
from typing import NamedTuple

from msgspec import Struct

# How many orders `search` tries for one shift before it gives up.
BOUND = 100_000


class Effect(StrEnum):
    """What an operation does to the register, and so what it must find there.

    WIN: nobody; then its caregiver. YIELD: its caregiver; then nobody. MINE: its caregiver. THEIRS: another
    caregiver. NOT_MINE: anything but its caregiver. FREE: nobody. MAYBE_WIN and MAYBE_YIELD, whose outcome
    nobody knows: the same as WIN and YIELD if they find what these must find, else nothing; or they never
    happen at all.
    """

    WIN = "win"
    YIELD = "yield"
    MINE = "mine"
    THEIRS = "theirs"
    NOT_MINE = "not mine"
    FREE = "free"
    MAYBE_WIN = "maybe win"
    MAYBE_YIELD = "maybe yield"


class Step(Struct, frozen=True, gc=False):
    """One operation on the register. `who` is None only for FREE, and for a MAYBE_YIELD of whoever has it.

    Times are of any unit; `complete` is infinite if no answer came. `number` names the operation in messages.
    """

    effect: Effect
    who: str | None
    invoke: float
    complete: float
    number: int = 0


class Stuck(NamedTuple):
    """Why no order exists: the sentence, and the operations that it is about."""

    why: str
    steps: tuple[Step, ...]


class Unfinished(Exception):
    """The bound was reached: whether an order exists is not known."""


GIVING_BACK = frozenset({Effect.YIELD, Effect.MAYBE_YIELD})


def sticky(steps: Sequence[Step]) -> Stuck | None:
    """Whether an order exists, if no step gives back; None if one does. Takes one pass.

    There is one moment at which somebody wins. It lies after the invocation of the winner's claim, and of
    every step that found nobody (or, of the winner, found that it was not the winner); and before the
    completion of every step that found somebody.
    """
    holders: dict[str, Step] = {}  # those who had it, by any answer
    won: Step | None = None
    filled: Step | None = None  # the first to complete of those that found somebody
    free: Step | None = None  # the last to be invoked of those that found nobody
    lost: dict[str, Step] = {}
    before: dict[str, Step] = {}  # the last to be invoked of those that found somebody else or nobody
    maybe: dict[str, Step] = {}  # the first claim of each whose outcome nobody knows
    for step in steps:
        effect, who = step.effect, step.who
        if effect is Effect.FREE:
            if free is None or step.invoke > free.invoke:
                free = step
            continue
        assert who is not None
        if effect is Effect.MAYBE_WIN:
            if who not in maybe or step.invoke < maybe[who].invoke:
                maybe[who] = step
            continue
        if effect is Effect.NOT_MINE:
            if who not in before or step.invoke > before[who].invoke:
                before[who] = step
            continue
        if filled is None or step.complete < filled.complete:
            filled = step
        if effect is Effect.THEIRS:
            lost[who] = step
            continue
        holders.setdefault(who, step)
        if effect is Effect.WIN:
            if won is not None:
                return Stuck("two claims won", (won, step))
            won = step
        else:
            assert effect is Effect.MINE, "nothing is given back here"
    if len(holders) > 1:
        return Stuck("two caregivers have it", tuple(holders.values())[:2])
    if filled is None:
        return None  # nobody needs to have won
    if won is not None:
        claims = [won]
    elif holders:
        (holder,) = holders
        if holder not in maybe:
            return Stuck("somebody has it who never claimed it", (holders[holder],))
        claims = [maybe[holder]]
    else:
        claims = sorted(maybe.values(), key=lambda step: step.invoke)
    stuck = Stuck("it is refused, and nobody can have had it", (filled,))
    for claim in claims:
        assert claim.who is not None
        earlier = [step for step in (claim, free, before.get(claim.who)) if step is not None]
        last = max(earlier, key=lambda step: step.invoke)
        if claim.who in lost:
            stuck = Stuck("the winner is refused", (claim, lost[claim.who]))
        elif last.invoke > filled.complete:
            stuck = Stuck("it was taken before, and free or unclaimed after", (filled, last))
        else:
            return None
    return stuck


def search(steps: Sequence[Step], bound: int = BOUND) -> Stuck | None:
    """Whether an order exists; None if one does. Raises `Unfinished` after trying `bound` orders.

    The search of Wing and Gong ("Testing and verifying concurrent objects", 1993), remembering where it has
    been as Lowe does ("Testing for linearizability", 2017). A step that changes nothing is taken as soon as
    it may be: taking it later could only be harder.
    """
    order = sorted(steps, key=lambda step: step.invoke)
    needed = sum(1 for step in order if step.effect not in (Effect.MAYBE_WIN, Effect.MAYBE_YIELD))
    start = _Place(0, 0, None)
    seen = {start}
    trail = [(start, 0)]
    furthest, at = -1, start
    while trail:
        place, taken = trail.pop()
        place, taken, choices = _advance(order, place, taken)
        if taken == needed:
            return None
        if taken > furthest:
            furthest, at = taken, place
        for index, state in choices:
            after = _take(order, place, index, state)
            if after not in seen:
                if len(seen) >= bound:
                    raise Unfinished(f"no answer after {bound:,} orders")
                seen.add(after)
                necessary = order[index].effect in (Effect.WIN, Effect.YIELD)
                trail.append((after, taken + necessary))
    left = [step for index, step in _open(order, at) if step.complete < inf]
    return Stuck("no order of its operations explains the answers", tuple(left[:2]))


class _Place(NamedTuple):
    """How far a search is: the steps before `first` are done, and those from there whose bits are set in
    `beyond`; `state` has the shift.
    """

    first: int
    beyond: int
    state: str | None


def _open(order: Sequence[Step], place: _Place) -> list[tuple[int, Step]]:
    """The steps that may come next: not done, and invoked before every other such step has completed."""
    found: list[tuple[int, Step]] = []
    soonest = inf
    for index in range(place.first, len(order)):
        step = order[index]
        if step.invoke > soonest:
            break
        if not place.beyond >> (index - place.first) & 1:
            found.append((index, step))
            soonest = min(soonest, step.complete)
    return found


def _advance(
    order: Sequence[Step], place: _Place, taken: int
) -> tuple[_Place, int, list[tuple[int, str | None]]]:
    """Takes all that changes nothing; then what may change the register next, and who has it after that."""
    while True:
        choices: list[tuple[int, str | None]] = []
        idle = []
        for index, step in _open(order, place):
            after = _after(step, place.state)
            if after is _IMPOSSIBLE:
                continue
            if step.effect in (Effect.WIN, Effect.YIELD) or after != place.state:
                choices.append((index, after))
            elif step.effect not in (Effect.MAYBE_WIN, Effect.MAYBE_YIELD):
                idle.append(index)
        if not idle:
            return place, taken, choices
        for index in idle:
            place = _take(order, place, index, place.state)
        taken += len(idle)


def _take(order: Sequence[Step], place: _Place, index: int, state: str | None) -> _Place:
    first, beyond = place.first, place.beyond | 1 << (index - place.first)
    while beyond & 1:
        beyond >>= 1
        first += 1
    return _Place(first, beyond, state)


_IMPOSSIBLE = "\0"  # no caregiver's id: ids hold no control characters


def _after(step: Step, state: str | None) -> str | None:
    """Who has the shift after a step that finds that `state` has it, or `_IMPOSSIBLE` if it cannot."""
    mine = state is not None and state == step.who
    match step.effect:
        case Effect.WIN:
            return step.who if state is None else _IMPOSSIBLE
        case Effect.YIELD:
            return None if mine else _IMPOSSIBLE
        case Effect.MINE:
            possible = mine
        case Effect.THEIRS:
            possible = state is not None and not mine
        case Effect.NOT_MINE:
            possible = not mine
        case Effect.FREE:
            possible = state is None
        case Effect.MAYBE_WIN:
            return step.who if state is None else state
        case Effect.MAYBE_YIELD:
            return None if mine or step.who is None else state
    return state if possible else _IMPOSSIBLE
