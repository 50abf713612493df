"""A second opinion on `loadtests.check.register`: tries every order, one after another."""

from collections.abc import Callable, Sequence
from math import inf
from random import Random

from msgspec.structs import replace

from loadtests.check.register import Effect, Operation

Holder = str | None

# For each effect: whether it can have found this holder, and who holds the shift after it.
RULES: dict[Effect, tuple[Callable[[Holder, Holder], bool], Callable[[Holder, Holder], Holder]]] = {
    Effect.WIN: (lambda holder, who: holder is None, lambda holder, who: who),
    Effect.YIELD: (lambda holder, who: holder is not None and holder == who, lambda holder, who: None),
    Effect.MINE: (lambda holder, who: holder == who, lambda holder, who: holder),
    Effect.THEIRS: (lambda holder, who: holder not in (None, who), lambda holder, who: holder),
    Effect.NOT_MINE: (lambda holder, who: holder != who, lambda holder, who: holder),
    Effect.FREE: (lambda holder, who: holder is None, lambda holder, who: holder),
    Effect.MAYBE_WIN: (lambda holder, who: True, lambda holder, who: who if holder is None else holder),
    Effect.MAYBE_YIELD: (
        lambda holder, who: True, lambda holder, who: None if who in (None, holder) else holder,
    ),
}  # fmt: skip


def linearizable(operations: Sequence[Operation], holder: Holder = None) -> bool:
    """Whether some order of the operations respects their times and explains every one of them."""
    if all(each.effect in (Effect.MAYBE_WIN, Effect.MAYBE_YIELD) for each in operations):
        return True  # none of them needs to have happened
    for number, operation in enumerate(operations):
        rest = [*operations[:number], *operations[number + 1 :]]
        possible, after = RULES[operation.effect]
        if any(other.complete < operation.invoke for other in rest):
            continue
        if possible(holder, operation.caregiver) and linearizable(rest, after(holder, operation.caregiver)):
            return True
    return False


def random_operations(random: Random, most: int, effects: Sequence[Effect]) -> list[Operation]:
    """A history of up to `most` operations: half of them true except for at most one, half pure chance."""
    people = [f"c{number}" for number in range(random.randint(1, 3))]
    operations, holder = [], None
    honest = random.random() < 0.5
    for moment in range(0, 2 * random.randint(1, most), 2):
        effect, who = random.choice(effects), random.choice(people)
        while honest and not RULES[effect][0](holder, who):
            effect, who = random.choice(effects), random.choice(people)
        # A coordinator takes it back from whoever holds it.
        coordinator = effect is Effect.MAYBE_YIELD and random.random() < 0.3
        caregiver = None if effect is Effect.FREE or coordinator else who
        holder = RULES[effect][1](holder, caregiver) if honest else None
        invoke = moment - random.choice((0, 0, 1, 2, 5))
        maybe = effect in (Effect.MAYBE_WIN, Effect.MAYBE_YIELD)
        complete = inf if maybe else moment + random.choice((0, 0, 1, 2, 5))
        operations.append(Operation(effect, caregiver, invoke, complete, len(operations)))
    if honest and operations and random.random() < 0.5:
        at, other = random.randrange(len(operations)), random.choice(people)
        changed = operations[at]
        if changed.caregiver is not None:
            operations[at] = replace(changed, caregiver=other)
        else:
            operations[at] = Operation(Effect.MINE, other, changed.invoke, changed.complete, at)
    return random.sample(operations, len(operations))
